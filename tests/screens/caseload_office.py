"""Random offices for the Fallbestand, what its pages show, and the same figures counted in another way."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone
from hypothesis import strategies as st

from agreements.models import Agreement
from casework.enums import FollowUpKind, RoleName
from casework.models import Absence, Case, Draft, FollowUp, Substitution, User
from jobcenter.platform.workdays import is_working_day
from jobcenter.screens.caseload_figures import FIGURES, INBOX
from tests import factories
from tests.conftest import signed_in
from tests.factories_presence import WorkPatternFactory

PAGE = "/fallbestand/"
LIST = "/fallbestand/liste/"


# --- offices ---------------------------------------------------------------------------------------------------------

# Days from today to which steps are set: what lies near the borders of every figure, and beyond all of them.
DAYS = st.one_of(st.integers(-20, 8), st.integers(-40, 70))
STEPS = st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=3)


@dataclass(frozen=True)
class CasePlan:
    steps: list[tuple[int, bool]]  # days from today, an appointment
    agreed: int  # 0: without an agreement; 1: with one; 2: with one whose review has passed
    drafted: bool
    ended: bool
    restricted: bool
    handed_over: bool  # planned, to another one of the team


@dataclass(frozen=True)
class PersonPlan:
    cases: list[CasePlan]
    absent: bool
    endless: bool
    substitute: int | None  # the place of another one
    loose_drafts: int
    weekdays: int | None


SELDOM = st.sampled_from([False] * 5 + [True])
CASES = st.builds(CasePlan, STEPS, st.sampled_from([0, 0, 1, 2]), st.booleans(), SELDOM, SELDOM, SELDOM)
PEOPLE = st.builds(
    PersonPlan,
    st.lists(CASES, max_size=5),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, 0, 1, 2]),
    st.integers(0, 2),
    st.sampled_from([None, None, 7, 30]),
)
OFFICES = st.lists(PEOPLE, min_size=1, max_size=3)


@dataclass
class Office:
    lead: User
    people: list[User] = field(default_factory=list)

    @property
    def client(self) -> Client:
        return signed_in(self.lead)


def build(plan: list[PersonPlan]) -> Office:
    team = factories.TeamFactory()
    lead = factories.UserFactory(team=team)
    factories.RoleGrantFactory(user=lead, role=RoleName.TEAM_LEAD, team=team)
    office = Office(lead, [factories.CounsellorFactory(user__team=team).user for _ in plan])
    for user, person in zip(office.people, plan, strict=True):
        for case in person.cases:
            _build_case(office, user, case)
        for _ in range(person.loose_drafts):
            factories.DraftFactory(author=user, case=None)
    for user, person in zip(office.people, plan, strict=True):
        _build_absence(office, user, person)
    return office


def _build_case(office: Office, user: User, plan: CasePlan) -> None:
    created = factories.ago(days=100)
    first, *others = plan.steps
    case = factories.CaseFactory(
        counsellor=user, opened_at=created, **{f"step__{name}": value for name, value in _step(first).items()}
    )
    for step in others:
        factories.FollowUpFactory(case=case, created_at=created, **_step(step))
    if plan.agreed:
        review = {"overdue": True} if plan.agreed == 2 else {}
        agree(case, **review)
    if plan.drafted:
        factories.DraftFactory(case=case, author=user)
    if plan.restricted:
        Case.objects.filter(pk=case.pk).update(is_restricted=True)
    others_there = [other for other in office.people if other != user]
    if plan.handed_over and others_there and not plan.ended:
        factories.CaseHandoverFactory(case=case, to_counsellor=others_there[0])
    if plan.ended:
        factories.CaseClosureFactory(case=case)


def agree(case: Case, *, overdue: bool = False) -> Agreement:
    """An agreement whose review lies ahead, or has passed by without anybody looking."""
    recorded = factories.ago(days=30)
    when = {"contact__at": recorded, "contact__recorded_at": recorded, "contact__follow_up__due_on": factories.back(2)}
    agreement: Agreement = factories.AgreementFactory(case=case, **(when if overdue else {}))
    return agreement


def _step(plan: tuple[int, bool]) -> dict[str, Any]:
    days, appointment = plan
    return {"due_on": factories.ahead(days) if days > 0 else weekday(days), "appointment": appointment}


def weekday(days: int) -> dt.date:
    """The last Monday to Friday that lies at least so many days back, holidays among them."""
    day = timezone.localdate() + dt.timedelta(days=days)
    while day.weekday() > 4:
        day -= dt.timedelta(days=1)
    return day


def _build_absence(office: Office, user: User, plan: PersonPlan) -> None:
    if plan.weekdays is not None:
        WorkPatternFactory(user=user, weekdays=plan.weekdays)
    if not plan.absent:
        return
    today = timezone.localdate()
    during = DateRange(today, None if plan.endless else today + dt.timedelta(days=3))
    absence = factories.AbsenceFactory(user=user, during=during)
    others = [other for other in office.people if other != user]
    if plan.substitute is None or not others:
        return
    substitute = others[plan.substitute % len(others)]
    # A substitute has no substitute (substitution_has_no_chain).
    taken = Substitution.objects.filter(absent_user=substitute) | Substitution.objects.filter(substitute=user)
    if not taken.exists():
        factories.SubstitutionFactory(absence=absence, absent_user=user, substitute=substitute)


# --- what the pages show ---------------------------------------------------------------------------------------------

LINK = re.compile(r'href="liste/\?([^"]+)">(?:Posteingang des Teams: )?(\d+)</a>')


def shown_figures(client: Client) -> dict[str, int]:
    """Query of the list → the number that the page shows for it."""
    response = client.get(PAGE)
    assert response.status_code == 200
    found = [(query.replace("&amp;", "&"), int(count)) for query, count in LINK.findall(response.content.decode())]
    assert len(dict(found)) == len(found)
    return dict(found)


def shown_list(client: Client, query: str) -> tuple[int, int]:
    """The number in the heading of a list, and how many rows all of its pages hold."""
    rows, page, total = 0, 1, None
    while True:
        response = client.get(f"{LIST}?{query}&seite={page}")
        assert response.status_code == 200
        content = response.content.decode()
        number = int(re.search(r"<h1>(\d+) ", content)[1])
        assert total in (None, number)
        total = number
        rows += content.count("data-row")
        if 'rel="next"' not in content:
            return number, rows
        page += 1


# --- the same in another way -----------------------------------------------------------------------------------------


def working_days_between(first: dt.date, last: dt.date) -> int:
    """How many working days lie after the first day, up to and with the last one."""
    days = (first + dt.timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(1 for day in days if is_working_day(day))


def counted_in_python(office: Office, *, by_lead: bool = True) -> dict[str, int]:
    """Every figure of a team from the rows themselves, as a person with paper would count.

    Protected cases are in no figure of the lead, to whom they are closed (§ 35 SGB I); each IFK counts the own ones.
    """
    today, now = timezone.localdate(), timezone.now()
    monday = today - dt.timedelta(days=today.weekday())
    absent = set(Absence.objects.filter(during__contains=today).values_list("user", flat=True))
    stand_ins = dict(Substitution.objects.in_force(today).values_list("absent_user", "substitute"))
    found: dict[str, int] = {}
    inbox = 0
    for user in office.people:
        figures = dict.fromkeys((name for name in FIGURES if name != INBOX), 0)
        hidden = Case.objects.filter(is_restricted=True) if by_lead else Case.objects.none()
        figures["entwuerfe"] = Draft.objects.filter(author=user).exclude(case__in=hidden).count()
        for case in Case.objects.led_by(user.pk).exclude(pk__in=hidden):
            steps = list(FollowUp.objects.open().filter(case=case))
            agreement = Agreement.objects.filter(case=case, superseded_at=None, withdrawn_at=None).first()
            figures["faelle"] += 1
            figures["ohne-vereinbarung"] += agreement is None
            figures["ohne-termin"] += all(step.due_on < today for step in steps)
            for step in steps:
                _count_step(figures, step, today, now, monday)
                figures["rueckblick"] += (
                    agreement is not None and step.pk == agreement.review_follow_up_id and step.due_on < today
                )
                inbox += step.due_on <= today and user.pk in absent and stand_ins.get(user.pk, user.pk) in absent
        found |= {_query(user, name): count for name, count in figures.items()}
    team = urlencode({"team": office.lead.team_id, "was": INBOX})
    return found | {team: inbox}


def _count_step(figures: dict[str, int], step: FollowUp, today: dt.date, now: dt.datetime, monday: dt.date) -> None:
    figures["ohne-eintrag"] += step.kind == FollowUpKind.APPOINTMENT and step.starts_at < now
    if step.due_on < today:
        # How many working days have gone by since its day; one that fell on a holiday counts as of that day.
        age = max(1, working_days_between(step.due_on, today))
        name = "ueberfaellig-5" if age <= 5 else "ueberfaellig-10" if age <= 10 else "ueberfaellig-lang"
        figures[name] += 1
    elif (week := (step.due_on - monday).days // 7) < 8:
        figures[f"woche{week}"] += 1


def _query(user: User, name: str) -> str:
    if name.startswith("woche"):
        return urlencode({"wer": user.pk, "was": "woche", "woche": name.removeprefix("woche")})
    return urlencode({"wer": user.pk, "was": name})

"""A second look at who is there and who stands in: somebody wants more than is theirs (design.md 4, domain.md 8)."""

import datetime as dt
import time
import uuid
from collections import Counter

import pytest
import time_machine
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework import actions
from casework.actions import NotAllowed, RuleBroken
from casework.actions.absences import name_substitute, standing_substitute_of
from casework.actions.presence import set_standing_substitute
from casework.enums import RoleName
from casework.models import Absence, Case, Contact, Draft, RoleGrant, StandingSubstitute, Substitution, User
from casework.models.reminders import count_own
from casework.permissions import led_teams
from jobcenter.platform.workdays import working_day_before
from tests.casework.reminding import at, during
from tests.conftest import signed_in
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    CounsellorFactory,
    DraftFactory,
    FollowUpFactory,
    LocalDayFactory,
    RoleGrantFactory,
    SubstitutionFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories_presence import StandingSubstituteFactory, WorkPatternFactory
from tests.rules import refused
from tests.screens.forms import conversation

URL = "/vertretungen/"
SECOND = dt.timedelta(seconds=1)
ONE_DAY = dt.timedelta(days=1)


def day(number: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=number)


def text(number: int) -> str:
    return f"{day(number):%d.%m.%Y}"


@pytest.fixture(params=["UTC", "America/Los_Angeles"])
def server_zone(request, monkeypatch):
    """The zone of the machine: Django sets its own, and this takes even that away."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


def began_before(first: dt.date) -> dt.datetime:
    """Two months before the day, and never in the future."""
    return min(at(first), timezone.now()) - dt.timedelta(days=60)


def stand_in(absent: User, substitute: User, first: dt.date, last: dt.date) -> Substitution:
    absence = AbsenceFactory(user=absent, during=during(first, last))
    return SubstitutionFactory(absence=absence, absent_user=absent, substitute=substitute)


# --- exactly the absence ---------------------------------------------------------------------------------------------

NIGHTS = {
    "29.03., the first day is the short one": (dt.date(2026, 3, 29), dt.date(2026, 3, 31)),
    "29.03., the last day is the short one": (dt.date(2026, 3, 27), dt.date(2026, 3, 29)),
    "25.10., the first day is the long one": (dt.date(2026, 10, 25), dt.date(2026, 10, 27)),
    "25.10., the last day is the long one": (dt.date(2026, 10, 23), dt.date(2026, 10, 25)),
    "29.02.2028": (dt.date(2028, 2, 29), dt.date(2028, 2, 29)),
    "across the year": (dt.date(2026, 12, 31), dt.date(2027, 1, 1)),
}


@pytest.mark.parametrize(("first", "last"), NIGHTS.values(), ids=NIGHTS.keys())
def test_rights_list_counter_and_mail_are_the_substitutes_from_midnight_to_midnight(
    db, kim, eva, tom, server_zone, first, last
):
    """A lead who counsels is absent: cases, team and reminders move together, and come back together."""
    CounsellorFactory(user=tom)
    opened, due_on = began_before(first), working_day_before(first, 25)
    case = CaseFactory(counsellor=tom, opened_at=opened, step__due_on=due_on, step__created_at=opened)
    stand_in(tom, eva, first, last)

    def everything(moment: dt.datetime) -> set[bool]:
        with time_machine.travel(moment.astimezone(dt.UTC), tick=False):
            user = User.objects.get(pk=eva.pk)
            client = signed_in(user)
            heute = client.get("/")
            mine = count_own(recipient_id=eva.pk, day=timezone.localdate()).overdue
            return {
                case in Case.objects.acted_on_by(eva),
                case in Case.objects.visible_to(eva),
                led_teams(user) == [tom.team_id],
                user.has_role(RoleName.TEAM_LEAD),
                len(heute.context["overdue"]) == 1,
                bool(heute.context["nav"].items[0]["count"]),
                client.get(f"/faelle/{case.number}/").status_code == 200,
                client.get(f"/fallbestand/liste/?wer={kim.pk}&was=faelle").status_code == 200,
                mine == 1,
            }

    assert everything(at(first, 0) - SECOND) == {False}
    assert everything(at(first, 0)) == {True}
    assert everything(at(last + ONE_DAY, 0) - SECOND) == {True}
    assert everything(at(last + ONE_DAY, 0)) == {False}


PERIODS = {
    "Good Friday and the night of 29.03.": (dt.date(2026, 3, 26), dt.date(2026, 4, 8)),
    "the night of 25.10. and Reformationstag": (dt.date(2026, 10, 22), dt.date(2026, 11, 2)),
    "24.12.": (dt.date(2026, 12, 22), dt.date(2026, 12, 29)),
    "29.02.2028": (dt.date(2028, 2, 24), dt.date(2028, 3, 2)),
}


@pytest.mark.parametrize(("first", "last"), PERIODS.values(), ids=PERIODS.keys())
def test_each_due_item_is_on_exactly_one_list_of_one_person_who_is_there(db, kim, eva, tom, server_zone, first, last):
    """Kim is away from the third day on for three days; for the first of them nobody stands in: the team's inbox."""
    opened = began_before(first)
    items = {}
    LocalDayFactory(date=dt.date(2026, 12, 24), text="Heiligabend")
    for number in range((last - first).days + 1):
        due_on = first + dt.timedelta(days=number)
        if due_on.weekday() < 5:
            counsellor = (kim, eva)[number % 2]
            step = {"step__due_on": due_on, "step__created_at": opened, "step__subject": f"{due_on}"}
            items[CaseFactory(counsellor=counsellor, opened_at=opened, **step).number] = due_on
    away = during(first + dt.timedelta(days=2), first + dt.timedelta(days=4))
    absence = AbsenceFactory(user=kim, during=away)
    SubstitutionFactory(
        absence=absence, absent_user=kim, substitute=eva, during=DateRange(away.lower + ONE_DAY, away.upper)
    )
    inbox = f"/fallbestand/liste/?team={tom.team_id}&was=posteingang"

    for number in range((last - first).days + 1):
        today = first + dt.timedelta(days=number)
        for moment in (at(today, 0), at(today + ONE_DAY, 0) - SECOND):
            with time_machine.travel(moment.astimezone(dt.UTC), tick=False):
                found: Counter[str] = Counter()
                for user in (kim, eva):
                    if user == kim and today in away:
                        continue
                    heute = signed_in(user).get("/").context
                    for name, fits in (("overdue", today.__gt__), ("due_today", today.__eq__)):
                        assert all(fits(row["due_on"]) for row in heute[name])
                        found.update(row["case_number"] for row in heute[name])
                    assert all(row["due_on"] > today for row in heute["upcoming"])
                found.update(row["number"] for row in signed_in(tom).get(inbox).context["rows"])
            assert found == {number: 1 for number, due_on in items.items() if due_on <= today}, today


# --- what nobody gives or takes --------------------------------------------------------------------------------------


def test_an_absence_entered_late_gives_no_right_of_the_past(tom, kim, eva):
    absence = actions.enter_absence(user=kim, first_day=day(-5), last_day=day(3), substitute=eva, by=tom)
    assert absence.during == DateRange(day(-5), day(4))
    assert Substitution.objects.get().during == DateRange(day(0), day(4))

    over = actions.enter_absence(user=eva, first_day=day(-9), last_day=day(-2), substitute=kim, by=tom)
    assert not Substitution.objects.filter(absence=over).exists()


def test_a_first_day_of_another_year_is_asked_back(tom_client, kim, eva):
    entry = {"user": kim.pk, "first_day": text(-370), "last_day": text(1), "substitute": eva.pk}
    response = tom_client.post(f"{URL}neu/", entry)

    assert response.status_code == 422
    assert "mehr als ein Jahr zurück. Stimmt das Jahr?" in response.content.decode()
    assert not Absence.objects.exists()


def test_who_stood_in_until_yesterday_did_so(tom, kim, eva):
    """What Eva read and wrote in these days stays explained, whatever is entered today."""
    substitution = stand_in(kim, eva, day(-10), day(4))
    with pytest.raises(RuleBroken, match=f"Bis {text(-1)} ist Eva Brandt als Vertretung eingetragen"):
        actions.end_absence(absence=substitution.absence, last_day=day(-2), by=kim)
    actions.end_absence(absence=substitution.absence, last_day=day(-1), by=kim)
    assert Substitution.objects.get().during == DateRange(day(-10), day(0))

    absence = Absence.objects.get()
    with pytest.raises(RuleBroken, match=f"Bis {text(-1)}"):
        actions.end_absence(absence=absence, last_day=day(-5), by=tom)
    alone = AbsenceFactory(user=eva, during=during(day(-10), day(4)))
    actions.end_absence(absence=alone, last_day=day(-8), by=eva)


@pytest.mark.parametrize("who", ["nora", "paula", "off"])
@pytest.mark.parametrize("way", ["absence", "named", "standing"])
def test_who_may_not_work_on_the_cases_of_this_house_stands_in_for_nobody(request, osterode, kim, tom, who, way):
    off = CounsellorFactory(user__team=osterode, user__is_active=False).user
    stranger = off if who == "off" else request.getfixturevalue(who)
    with pytest.raises(RuleBroken, match="kann hier nicht vertreten"):
        if way == "absence":
            actions.enter_absence(user=kim, first_day=day(0), last_day=day(1), substitute=stranger, by=tom)
        elif way == "named":
            name_substitute(absence=AbsenceFactory(user=kim), substitute=stranger, by=tom)
        else:
            set_standing_substitute(user=kim, substitute=stranger, by=kim)
    assert not Substitution.objects.exists() and not StandingSubstitute.objects.exists()


def test_a_standing_substitute_who_has_left_for_the_other_house_stands_in_no_more(tom_client, kim, eva, stadt):
    StandingSubstituteFactory(user=kim, substitute=eva)
    User.objects.filter(pk=eva.pk).update(organisation=stadt, team=TeamFactory(organisation=stadt))
    assert standing_substitute_of(kim) is None
    tom_client.post(f"{URL}neu/", {"user": kim.pk, "first_day": "heute", "last_day": text(3), "substitute": ""})

    assert Absence.objects.exists() and not Substitution.objects.exists()


def test_a_lead_enters_nothing_for_another_team_or_house(tom_client, tom, nora, stadt, landkreis, eva):
    other = CounsellorFactory(user__team=TeamFactory(organisation=landkreis, name="Duderstadt")).user
    for person in (nora, other):
        absence = AbsenceFactory(user=person)
        entry = {"user": person.pk, "first_day": text(20), "last_day": text(22), "substitute": eva.pk}
        assert tom_client.post(f"{URL}neu/", entry, headers={"HX-Request": "true"}).status_code == 422
        for way, data in (("ende", {"last_day": text(1)}), ("vertretung", {"substitute": eva.pk}), ("termine", {})):
            url = f"{URL}{absence.pk}/{way}/"
            assert tom_client.post(url, data, headers={"HX-Request": "true"}).status_code == 404
        assert tom_client.post(f"{URL}team/{person.pk}/", {"form": "substitute"}).status_code == 404
        with pytest.raises(NotAllowed):
            set_standing_substitute(user=person, substitute=eva, by=tom)
    assert Absence.objects.count() == 2 and not Substitution.objects.exists()


def test_absences_do_not_overlap_whoever_writes_them(kim, eva):
    AbsenceFactory(user=kim, during=DateRange(day(0), None))
    with refused("one_absence_at_a_time"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_absence (user_id, during, entered_by_id) VALUES (%s, daterange(%s, %s), %s)",
            [kim.pk, day(300), day(301), eva.pk],
        )


# --- a lead is stood in for ------------------------------------------------------------------------------------------


def test_who_stands_in_for_a_lead_does_not_prolong_it_themselves(tom, kim, eva, kim_client):
    """Kim leads until Friday. Further days need somebody else's hand: the lead's own, or another name."""
    stand_in(tom, kim, day(0), day(3))
    entry = {"user": tom.pk, "first_day": text(4), "last_day": text(60), "substitute": kim.pk}
    response = kim_client.post(f"{URL}neu/", entry)

    assert response.status_code == 422
    assert "trägt sich nicht selbst als Vertretung ein" in response.content.decode()
    with pytest.raises(RuleBroken, match="nicht selbst"):
        set_standing_substitute(user=tom, substitute=kim, by=kim)
    # For others of the team she decides as a lead does, and somebody else may follow her.
    assert kim_client.post(f"{URL}neu/", entry | {"user": eva.pk}).status_code == 302
    assert kim_client.post(f"{URL}neu/", entry | {"substitute": eva.pk}).status_code == 422  # Eva is stood in for then
    other = CounsellorFactory(user__team=tom.team).user
    assert kim_client.post(f"{URL}neu/", entry | {"substitute": other.pk}).status_code == 302


def test_of_two_leads_each_stands_in_for_the_other(tom, osterode):
    second = UserFactory(team=osterode)
    RoleGrantFactory(user=second, role=RoleName.TEAM_LEAD, team=osterode)

    actions.enter_absence(user=tom, first_day=day(0), last_day=day(3), substitute=second, by=second)

    assert Substitution.objects.get().substitute == second


def test_a_lead_whose_role_is_taken_away_is_led_by_nobody_in_their_name(tom, kim, eva, kim_client):
    case = CaseFactory(counsellor=eva)
    stand_in(tom, kim, day(0), day(3))
    assert case in Case.objects.visible_to(kim)
    assert kim_client.get(f"{URL}team/").status_code == 200

    RoleGrant.objects.filter(user=tom).delete()

    assert case not in Case.objects.visible_to(kim)
    assert led_teams(kim) == []
    assert kim_client.get(f"{URL}team/").status_code == 403
    assert kim_client.get(f"/fallbestand/liste/?wer={eva.pk}&was=faelle").status_code == 404


def test_who_stands_in_for_a_lead_leads_that_team_and_no_other(tom, kim, landkreis, kim_client):
    other = CounsellorFactory(user__team=TeamFactory(organisation=landkreis, name="Duderstadt")).user
    stand_in(tom, kim, day(0), day(3))

    assert led_teams(kim) == [tom.team_id]
    assert kim_client.post(f"{URL}team/{other.pk}/", {"form": "substitute"}).status_code == 404
    assert not Case.objects.visible_to(kim).filter(pk=CaseFactory(counsellor=other).pk).exists()


def test_nobody_reaches_further_than_one_substitution(db, kim, eva, osterode):
    """Eva stands in for Kim, Ida for Eva on other days: no day gives Ida anything of Kim's."""
    ida = CounsellorFactory(user__team=osterode).user
    case = CaseFactory(counsellor=kim)
    stand_in(kim, eva, day(-3), day(3))
    with pytest.raises(RuleBroken, match="Eine Vertretung hat keine Vertretung.*zuerst eine andere"):
        actions.enter_absence(user=eva, first_day=day(3), last_day=day(9), substitute=ida, by=eva)
    actions.enter_absence(user=eva, first_day=day(4), last_day=day(9), substitute=ida, by=eva)

    for number in range(-4, 12):
        moment = timezone.make_aware(dt.datetime.combine(day(number), dt.time(12)))
        with time_machine.travel(moment, tick=False):
            assert case not in Case.objects.visible_to(ida)
            assert (case in Case.objects.acted_on_by(eva)) == (-3 <= number <= 3)


# --- while somebody writes -------------------------------------------------------------------------------------------


def test_a_text_begun_as_a_substitute_is_kept_when_the_absence_ends_earlier(kim, eva, eva_client, owner_events):
    case = CaseFactory(counsellor=kim)
    absence = stand_in(kim, eva, day(-3), day(3)).absence
    data = conversation(case)
    base = f"/faelle/{case.number}/gespraech/"
    assert eva_client.post(f"{base}entwurf/", data).status_code == 204
    actions.end_absence(absence=absence, last_day=day(-1), by=kim)

    assert eva_client.get(base).status_code == 404
    assert eva_client.post(f"{base}entwurf/", data | {"revision": "1", "text": "Noch ein Satz."}).status_code == 204
    sent = eva_client.post(base, data)

    assert sent.status_code == 404
    assert not Contact.objects.filter(case=case).exists()
    draft = Draft.objects.get(author=eva)
    assert draft.case is None
    heute = eva_client.get("/").content.decode()
    assert "Angefangener Text ohne Akte" in heute and case.number not in heute


def test_what_a_substitute_writes_carries_their_own_name_and_is_on_time_only(kim, eva, eva_client):
    case = CaseFactory(counsellor=kim)
    data = conversation(case)
    assert eva_client.post(f"/faelle/{case.number}/gespraech/", data).status_code == 404
    stand_in(kim, eva, day(-3), day(3))

    assert eva_client.post(f"/faelle/{case.number}/gespraech/", data).status_code == 302
    contact = Contact.objects.get(case=case)
    assert contact.author == eva
    assert "Eva Brandt" in signed_in(kim).get(f"/faelle/{case.number}/").content.decode()


def test_a_draft_is_read_by_who_stands_in_that_day_and_by_nobody_who_did(kim, eva, tom, osterode):
    """Two substitutes one after the other; a lead who is stood in for; and a form that is no conversation."""
    ida = CounsellorFactory(user__team=osterode).user
    draft = DraftFactory(case=CaseFactory(counsellor=kim), author=kim, payload={"text": ["Geheim"]})
    absence = stand_in(kim, eva, day(-3), day(3)).absence
    name_substitute(absence=absence, substitute=ida, by=tom)
    url = f"/entwuerfe/{draft.pk}/lesen/"

    assert signed_in(eva).get(url).status_code == 404
    assert signed_in(ida).get(url).status_code == 200
    later = timezone.make_aware(dt.datetime.combine(day(4), dt.time(0)))
    client = signed_in(ida)
    assert client.post(url, {"reason": "Anruf der Person"}).status_code == 302
    assert "Geheim" in client.get(url).content.decode()
    with time_machine.travel(later, tick=False):
        for user in (ida, tom, eva):
            assert signed_in(user).get(url).status_code == 404
            assert signed_in(user).post(url, {"reason": "x"}).status_code == 404


def test_a_substitute_of_the_lead_reads_the_drafts_of_the_absent_for_that_time(kim, eva, tom, eva_client):
    draft = DraftFactory(case=CaseFactory(counsellor=kim), author=kim, payload={"text": ["Geheim"]})
    AbsenceFactory(user=kim)
    url = f"/entwuerfe/{draft.pk}/lesen/"
    assert eva_client.get(url).status_code == 404
    absence = stand_in(tom, eva, day(0), day(0)).absence
    assert signed_in(eva).get(url).status_code == 200
    assert absence.during.upper == day(1)
    with time_machine.travel(timezone.make_aware(dt.datetime.combine(day(1), dt.time(0))), tick=False):
        assert signed_in(eva).get(url).status_code == 404


# --- order and Heute -------------------------------------------------------------------------------------------------


def test_people_stand_by_the_alphabet_wherever_one_is_chosen(tom_client, osterode, kim):
    names = ["van Dyk", "Özcan", "Zander", "Groß", "Grosse", "Äcker", "Albers-Ott"]
    for name in names:
        CounsellorFactory(user__team=osterode, user__last_name=name, user__first_name="Mika")
    page = tom_client.get(f"{URL}team/").content.decode()
    expected = ["Äcker", "Albers-Ott", "Groß", "Grosse", "Özcan", "van Dyk", "Zander"]
    assert sorted(names, key=lambda name: page.index(f"{name}, Mika")) == expected
    form = tom_client.get(f"{URL}neu/").content.decode()
    assert sorted(names, key=lambda name: form.index(f"{name}, Mika")) == expected


def test_however_much_is_overdue_what_is_due_today_is_on_heute(kim, eva, tom, eva_client):
    """Monday with the lists of three: 150 old rows do not hide today's, and each number is true."""
    today = dt.date(2026, 11, 16)
    with time_machine.travel(at(today, 9), tick=False):
        old = {"due_on": today - dt.timedelta(days=4), "created_at": at(today - dt.timedelta(days=40))}
        opened = at(today - dt.timedelta(days=60))
        case = CaseFactory(counsellor=eva, opened_at=opened, step__due_on=today, step__created_at=opened)
        kims = CaseFactory(counsellor=kim, opened_at=opened, step__due_on=today, step__created_at=opened)
        FollowUpFactory.create_batch(130, case=case, **old)
        FollowUpFactory.create_batch(20, case=kims, **old)
        stand_in(kim, eva, today, today)
        page = signed_in(eva).get("/")

    assert len(page.context["due_today"]) == 2
    assert len(page.context["overdue"]) <= 101
    assert page.context["overdue_count"] == 150
    assert [row["count"] for row in page.context["standing_in"]] == [21]
    assert 'Überfällig <span class="num" data-count>150</span>' in page.content.decode()
    assert page.context["nav"].items[0]["count"] == 152


def test_drafts_keys_are_not_taken_for_a_case(eva_client):
    """A save for a case that never was keeps the text, and says nothing."""
    data = {"key": str(uuid.uuid4()), "revision": "0", "window": "w", "text": "x"}
    assert eva_client.post("/faelle/F-26-99999/gespraech/entwurf/", data).status_code == 204
    assert Draft.objects.get().case is None


def test_working_days_are_no_absence(kim, tom, tom_client):
    """On a free weekday nobody is told to stand in; the Fallbestand says that the person does not work today."""
    with time_machine.travel(at(dt.date(2026, 11, 16), 9), tick=False):
        WorkPatternFactory(user=kim, since=dt.date(2026, 1, 1), weekdays=30)
        page = signed_in(tom).get("/fallbestand/").content.decode()
        assert "heute kein Arbeitstag" in page and "abwesend bis" not in page

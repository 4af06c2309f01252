"""Who is responsible, who stands in and who is told, beside a journal in plain Python (design.md 4, domain.md 8).

People hand cases over, one or many, within the house and to the other organisation; they are away, with or without
somebody who stands in; somebody new is assigned; cases end. The journal knows nothing of the tables: it says whether a
handover must be refused and what it moves, and afterwards who may write where, what the Fallbestand counts, and whose
mail tells of what is overdue.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from casework import actions
from casework.actions import NewClient, NewStep, Refused, handovers
from casework.actions.intakes import assign_intake, enter_intake, last_first_step
from casework.enums import ClosingReason, FollowUpKind, GrantKind, RoleName
from casework.models import AccessGrant, Case, CaseAssignment, CaseHandover, Intake, User
from casework.models.invariants import find_violations
from casework.models.reminders import count_own
from jobcenter.screens.caseload_figures import days, read_caseload
from tests import factories
from tests.casework.test_handover_races import GAPS, OVERLAPS, number_of

ANY = st.integers(0, 1000)  # the place in a list, taken modulo its length
MANY = st.lists(ANY, min_size=1, max_size=4, unique=True)
OFTEN = st.sampled_from([True, True, True, False])
SELDOM = st.sampled_from([False, False, False, True])
DAYS = st.sampled_from([0, 0, 0, 1, 7, 30, -1])
SPANS = st.tuples(st.integers(-3, 3), st.sampled_from([None, -1, 0, 1, 9]))

outcomes: Counter[str] = Counter()  # over all runs of a test


@dataclass
class Planned:
    batch: uuid.UUID
    giver: int
    to: int
    day: dt.date
    accepted: bool


class Caseload(RuleBasedStateMachine):
    """Two teams with their leads, and the other organisation; all of it is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()

    def teardown(self) -> None:
        try:
            connection.check_constraints()
            assert (number_of(GAPS), number_of(OVERLAPS)) == (0, 0)
            assert find_violations() == []
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    @initialize()
    def house(self) -> None:
        osterode = factories.TeamFactory()
        northeim = factories.TeamFactory(organisation=osterode.organisation)
        elsewhere = factories.TeamFactory()
        counsellors = [(team, factories.CounsellorFactory(user__team=team).user) for team in (osterode,) * 3]
        counsellors += [(team, factories.CounsellorFactory(user__team=team).user) for team in (northeim, elsewhere)]
        self.leads: dict[int, int] = {}  # team -> lead; the second one counsels as well
        leads = [(osterode, factories.UserFactory(team=osterode)), counsellors[3]]
        leads.append((elsewhere, factories.UserFactory(team=elsewhere)))
        for team, lead in leads:
            factories.RoleGrantFactory(user=lead, role=RoleName.TEAM_LEAD, team=team)
            self.leads[team.pk] = lead.pk
        self.counsellors: list[User] = [user for _, user in counsellors]
        self.people: list[User] = [*self.counsellors, leads[0][1], leads[2][1]]
        self.account = {user.pk: user for user in self.people}
        self.today = timezone.localdate()
        self.cases: list[int] = []
        self.overdue: Counter[int] = Counter()  # case -> its overdue steps
        self.responsible: dict[int, int] = {}  # of open cases
        self.plans: dict[int, Planned] = {}
        self.former: set[tuple[int, int]] = set()
        self.away: list[tuple[int, dt.date, dt.date | None]] = []  # the last day is included; None: no end
        self.substitutions: list[tuple[int, int, dt.date, dt.date | None]] = []
        for number in range(6):
            late = number % 2 == 0
            step = {"step__due_on": factories.back(10)} if late else {}
            counsellor = self.counsellors[number % 3]
            case = factories.CaseFactory(counsellor=counsellor, opened_at=factories.ago(days=60), **step)
            self.began(case.pk, counsellor.pk)
            self.overdue[case.pk] = int(late)

    # --- the journal

    def began(self, case: int, counsellor: int) -> None:
        self.cases.append(case)
        self.responsible[case] = counsellor

    def holds(self, first: dt.date, last: dt.date | None) -> bool:
        return first <= self.today and (last is None or self.today <= last)

    def is_away(self, user: int) -> bool:
        return any(who == user and self.holds(first, last) for who, first, last in self.away)

    def deputy(self, user: int) -> int | None:
        standing = (sub for who, sub, first, last in self.substitutions if who == user and self.holds(first, last))
        return next(standing, None)

    def led(self, user: int) -> set[int]:
        return {team for team, lead in self.leads.items() if user in (lead, self.deputy(lead))}

    def team(self, user: int) -> int:
        return self.account[user].team_id

    def may_assign(self, by: int, giver: int) -> bool:
        return by == giver or self.team(giver) in self.led(by)

    def crosses(self, giver: int, to: int) -> bool:
        return self.account[giver].organisation_id != self.account[to].organisation_id

    def passed(self, case: int, giver: int, to: int) -> None:
        self.responsible[case] = to
        self.plans.pop(case, None)
        self.former.add((giver, case))

    def told(self) -> Counter[int]:
        """Who is told of how many overdue items today: whoever is responsible, stands in, or leads."""
        counts: Counter[int] = Counter()
        for case, user in self.responsible.items():
            there: int | None = user
            if self.is_away(user):
                deputy = self.deputy(user)
                there = deputy if deputy is not None and not self.is_away(deputy) else self.lead_there(self.team(user))
            if there is not None:
                counts[there] += self.overdue[case]
        return +counts

    def lead_there(self, team: int) -> int | None:
        lead: int | None = self.leads[team]
        if lead is not None and self.is_away(lead):
            lead = self.deputy(lead)
        return None if lead is None or self.is_away(lead) else lead

    # --- what the rules below share

    @contextmanager
    def tried(self, what: str, allowed: bool | None = None) -> Iterator[None]:
        """An attempt: carried out whole, or refused in a sentence. `allowed`: what the journal says beforehand."""
        try:
            with transaction.atomic():
                yield
                connection.check_constraints()
        except Refused as refusal:
            outcomes[f"no {what}"] += 1
            assert allowed is not True, f"{what} refused: {refusal.message}"
            assert refusal.message
            self.refused = True
        else:
            outcomes[what] += 1
            assert allowed is not False, f"{what} was carried out"
            self.refused = False

    def pick(self, people: list[User], index: int) -> User:
        return User.objects.get(pk=people[index % len(people)].pk)

    # --- handovers

    @rule(giver=ANY, to=ANY, day=DAYS)
    def pass_all(self, giver: int, to: int, day: int) -> None:
        """What is done most: all cases of one IFK, by the lead."""
        self.plan(giver % 3, to, 0, True, list(range(20)), True, day, False)

    @rule(giver=ANY, to=ANY, by=ANY, by_who_may=OFTEN, cases=MANY, own=OFTEN, days=DAYS, twice=st.booleans())
    def plan_some(
        self, giver: int, to: int, by: int, by_who_may: bool, cases: list[int], own: bool, days: int, twice: bool
    ) -> None:
        self.plan(giver, to, by, by_who_may, cases, own, days, twice)

    def plan(
        self,
        giver: int,
        to: int,
        by: int,
        by_who_may: bool,
        cases: list[int],
        own: bool,
        days: int,
        twice: bool,
    ) -> None:
        hers, his = self.pick(self.counsellors, giver), self.pick(self.counsellors, to)
        actor = hers if by_who_may and by % 2 else self.pick(self.people, by)
        if by_who_may and actor != hers:
            actor = User.objects.get(pk=self.leads[hers.team_id])
        day = self.today if not days else factories.ahead(days) if days > 0 else factories.back(1)
        pool = [case for case, who in self.responsible.items() if who == hers.pk] if own else self.cases
        chosen = sorted({pool[index % len(pool)] for index in cases}) if pool else self.cases[:1]
        good = [case for case in chosen if self.responsible.get(case) == hers.pk and case not in self.plans]
        allowed = bool(good) and days >= 0 and hers != his and self.may_assign(actor.pk, hers.pk)
        batch = uuid.uuid4()
        handed: list[handovers.Handed] = []
        for _ in range(1 + twice):
            with self.tried("plan", allowed):
                handed.append(
                    handovers.plan_handovers(
                        cases=list(Case.objects.filter(pk__in=chosen)),
                        giver=hers.counsellor,
                        to=his.counsellor,
                        effective_on=day,
                        by=actor,
                        batch=batch,
                        notes=dict.fromkeys(chosen, "Mag Anrufe am Vormittag."),
                    )
                )
            if self.refused:
                return
        across = self.crosses(hers.pk, his.pk)
        accepted = across and his.team_id in self.led(actor.pk)
        goes = day == self.today and (accepted or not across)
        for answer in handed:
            assert sorted(answer.planned) == good
            assert sorted(answer.carried_out) == (good if goes else [])
        assert len(handed[0].left_out) == len(chosen) - len(good)
        for case in good:
            if goes:
                self.passed(case, hers.pk, his.pk)
                outcomes["passed"] += 1
            else:
                self.plans[case] = Planned(batch, hers.pk, his.pk, day, accepted)

    def some_plans(self, which: list[int]) -> list[int]:
        """Cases with a plan, mostly of one batch, as the page shows them."""
        planned = sorted(self.plans)
        return sorted({planned[index % len(planned)] for index in which}) if planned else []

    @rule(which=MANY, by=ANY, by_who_may=OFTEN)
    def accept(self, which: list[int], by: int, by_who_may: bool) -> None:
        if not (cases := self.some_plans(which)):
            return
        plans = {case: self.plans[case] for case in cases}
        lead = self.leads[self.team(plans[cases[0]].to)]
        actor = User.objects.get(pk=lead) if by_who_may else self.pick(self.people, by)
        allowed = all(self.team(plan.to) in self.led(actor.pk) for plan in plans.values())
        with self.tried("acceptance", allowed):
            handovers.accept_handovers(handovers=list(CaseHandover.objects.planned().filter(case__in=cases)), by=actor)
        if self.refused:
            return
        for case, plan in plans.items():
            plan.accepted = True
            if plan.day <= self.today:
                self.passed(case, plan.giver, plan.to)
                outcomes["passed across"] += self.crosses(plan.giver, plan.to)

    @rule(which=MANY, by=ANY)
    def take_back(self, which: list[int], by: int) -> None:
        if not (cases := self.some_plans(which)):
            return
        actor = self.pick(self.people, by)

        def may(plan: Planned) -> bool:
            return actor.pk == plan.giver or bool({self.team(plan.giver), self.team(plan.to)} & self.led(actor.pk))

        with self.tried("taking back", all(may(self.plans[case]) for case in cases)):
            handovers.withdraw_handovers(
                handovers=list(CaseHandover.objects.planned().filter(case__in=cases)), by=actor
            )
        if not self.refused:
            for case in cases:
                del self.plans[case]

    @rule(case=ANY, to=ANY)
    def from_the_file(self, case: int, to: int) -> None:
        pk, his = self.cases[case % len(self.cases)], self.pick(self.counsellors, to)
        giver = self.responsible.get(pk)
        allowed = giver is not None and giver != his.pk and not self.crosses(giver, his.pk) and pk not in self.plans
        actor = User.objects.get(pk=giver or self.people[0].pk)
        with self.tried("reassigning", allowed):
            actions.reassign_case(case=Case.objects.get(pk=pk), counsellor=his.counsellor, by=actor, note="Gern früh.")
        if not self.refused and giver is not None:
            self.passed(pk, giver, his.pk)

    @rule()
    def worker(self) -> None:
        """What is due has passed already, and what is not accepted waits: nothing is left for the worker."""
        assert handovers.carry_out_due(self.today) == 0

    # --- who comes and who goes

    @rule(case=ANY, by=ANY, really=SELDOM)
    def end(self, case: int, by: int, really: bool) -> None:
        if not really:
            return
        pk = self.cases[case % len(self.cases)]
        actor = self.pick(self.people, by)
        if by % 3:
            actor = User.objects.get(pk=self.responsible.get(pk, self.people[0].pk))
        with self.tried("end of case", None if by % 3 == 0 else pk in self.responsible):
            actions.end_case(case=Case.objects.get(pk=pk), reason=ClosingReason.MOVED, by=actor)
        if not self.refused:
            del self.responsible[pk]
            self.plans.pop(pk, None)

    @rule(by=ANY, by_lead=OFTEN, to=ANY, days=st.integers(0, 12))
    def newcomer(self, by: int, by_lead: bool, to: int, days: int) -> None:
        actor, his = self.pick(self.people, by), self.pick(self.counsellors, to)
        if by_lead:
            actor = User.objects.get(pk=self.leads[his.team_id])
        day = factories.ahead(days)
        name = NewClient(f"Neu{len(self.cases)}", "Ada", dt.date(1990, 1, 1))
        with self.tried("assigning"):
            intake: Intake = enter_intake(client=name, arrived_on=self.today, by=actor)
            step = NewStep(FollowUpKind.REMINDER, day, "Erstgespräch vereinbaren")
            case = assign_intake(intake=intake, counsellor=his.counsellor, first_step=step, by=actor)
        may = bool(self.led(actor.pk)) and actor.organisation_id == his.organisation_id
        assert self.refused is not (may and day <= last_first_step(self.today))
        if not self.refused:
            self.began(case.pk, his.pk)

    # --- who is there

    @rule(user=ANY, substitute=st.one_of(st.none(), ANY), span=SPANS, by_lead=st.booleans())
    def leave(self, user: int, substitute: int | None, span: tuple[int, int | None], by_lead: bool) -> None:
        who = self.pick(self.people, user)
        sub = None if substitute is None else self.pick(self.people, substitute)
        first = self.today + dt.timedelta(days=span[0])
        last = None if span[1] is None else first + dt.timedelta(days=span[1])
        with self.tried("absence"):
            actions.enter_absence(
                user=who,
                first_day=first,
                last_day=last,
                substitute=sub,
                nobody=sub is None,
                by=User.objects.get(pk=self.leads[who.team_id]) if by_lead else who,
            )
        if not self.refused:
            self.away.append((who.pk, first, last))
            if sub is not None:
                self.substitutions.append((who.pk, sub.pk, first, last))

    @rule(index=ANY, days=st.integers(-4, 4))
    def come_back(self, index: int, days: int) -> None:
        if not self.away:
            return
        who, first, last = self.away[index % len(self.away)]
        new_last = self.today + dt.timedelta(days=days)
        absence = self.account[who].absences.get(during__startswith=first)
        with self.tried("coming back"):
            actions.end_absence(absence=absence, last_day=new_last, by=User.objects.get(pk=who))
        if not self.refused:
            self.away[self.away.index((who, first, last))] = (who, first, new_last)
            self.substitutions = [
                (user, sub, since, new_last if (user, since) == (who, first) else until)
                for user, sub, since, until in self.substitutions
            ]

    # --- what always holds

    @invariant()
    def responsibility_is_what_the_journal_says(self) -> None:
        connection.check_constraints()
        running = CaseAssignment.objects.filter(case__in=self.cases, during__upper_inf=True)
        assert dict(running.values_list("case", "counsellor")) == self.responsible
        plans = CaseHandover.objects.planned().values_list("case", "batch", "from_counsellor", "to_counsellor")
        assert set(plans) == {(case, plan.batch, plan.giver, plan.to) for case, plan in self.plans.items()}
        assert set(CaseHandover.objects.planned().filter(accepted_at__isnull=False).values_list("case", flat=True)) == {
            case for case, plan in self.plans.items() if plan.accepted
        }
        reading = AccessGrant.objects.filter(kind=GrantKind.FORMER).values_list("user", "case")
        assert set(reading) == self.former

    @invariant()
    def who_may_write(self) -> None:
        """Whoever is responsible or stands in today, and nobody else."""
        everything = Case.objects.filter(pk__in=self.responsible)
        for user in self.people:
            mine = {case for case, who in self.responsible.items() if who == user.pk or self.deputy(who) == user.pk}
            assert set(everything.acted_on_by(user).values_list("pk", flat=True)) == mine

    @invariant()
    def the_fallbestand_counts_it(self) -> None:
        params = days(timezone.now())
        for lead in self.leads.values():
            own = self.account[lead]
            shown = {
                person.pk: (person.figures["faelle"], person.absent)
                for team in read_caseload(lead, params)
                for person in team.people
            }
            counts = Counter(self.responsible.values())
            expected = {
                user.pk: (counts[user.pk], self.is_away(user.pk))
                for user in self.counsellors
                if user.team_id in self.led(lead) or user == own
            }
            assert {pk: row for pk, row in shown.items() if pk in expected} == expected
            assert all(pk in expected or row[0] == 0 for pk, row in shown.items())

    @invariant()
    def everything_overdue_is_told_to_one_person(self) -> None:
        found: Counter[int] = Counter()
        for user in self.people:
            told = count_own(recipient_id=user.pk, day=self.today)
            found[user.pk] = told.overdue + told.uncovered
        assert +found == self.told()


def run(examples: int, steps: int, *, same_each_time: bool) -> None:
    outcomes.clear()
    run_state_machine_as_test(
        Caseload, settings=settings(max_examples=examples, stateful_step_count=steps, derandomize=same_each_time)
    )


def test_whoever_comes_or_goes_the_journal_says_who_is_responsible(db):
    run(examples=10, steps=15, same_each_time=True)
    for what in ("plan", "no plan", "passed", "absence", "assigning"):
        assert outcomes[what], (what, outcomes)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_whoever_comes_or_goes_for_a_long_time_the_journal_says_who_is_responsible(db, record_property):
    run(examples=100, steps=40, same_each_time=False)
    record_property("deeds", dict(outcomes))
    for what in ("plan", "passed", "passed across", "acceptance", "taking back", "reassigning", "coming back"):
        assert outcomes[what], (what, outcomes)

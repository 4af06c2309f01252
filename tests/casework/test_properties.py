"""Whatever people do, in whatever order, valid or not: no rule is ever broken, and a refusal leaves nothing behind."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from casework import actions
from casework.actions import EndOfCase, NewClient, NewStep, Refused, StandingStep, StepDecision
from casework.enums import ClosingReason, FollowUpKind, MissedHow, ParticipantRole
from casework.models import Case, CaseParticipation, Contact, FollowUp, User
from casework.models.invariants import find_violations
from tests import factories

ANY = st.integers(0, 1000)  # the place in a list, taken modulo its length
TEXTS = st.sampled_from(["Wir haben gesprochen.", "Ü" * 200, "Zeile\n\nZeile", "Kurz.", "  ", ""])
# Sundays, holidays, the past and the far future among them.
DAYS = st.one_of(st.integers(0, 40), st.integers(-30, 900))
KINDS = st.sampled_from(list(FollowUpKind))
HOURS = st.sampled_from([None, 0, 9, 23])
REASONS = st.sampled_from(list(ClosingReason))
VERSIONS = st.sampled_from([0, 0, 0, 0, 1, -1])  # mostly the right one


@st.composite
def good_steps(draw: Any) -> NewStep:
    day, kind = factories.ahead(draw(st.integers(1, 200))), draw(KINDS)
    starts_at = factories.at_ten(day) if kind == FollowUpKind.APPOINTMENT else None
    return NewStep(kind, day, "Anrufen", starts_at)


@st.composite
def wild_steps(draw: Any) -> NewStep:
    day = timezone.localdate() + dt.timedelta(days=draw(DAYS))
    hour = draw(HOURS)
    starts_at = None if hour is None else timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))
    return NewStep(draw(KINDS), day, draw(TEXTS), starts_at, "Zimmer 4", draw(st.booleans()))


def new_steps() -> st.SearchStrategy[NewStep]:
    return st.one_of(good_steps(), good_steps(), good_steps(), wild_steps())


outcomes: Counter[str] = Counter()  # over all runs of a test

NEXT = st.one_of(new_steps(), new_steps(), ANY, st.builds(EndOfCase, REASONS, TEXTS))


class Office(RuleBasedStateMachine):
    """Three IFK and a lead at work; everything happens in a transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    @initialize()
    def staff(self) -> None:
        team = factories.TeamFactory()
        self.people: list[User] = [factories.CounsellorFactory(user__team=team).user for _ in range(3)]
        lead = factories.UserFactory(team=team)
        factories.RoleGrantFactory(user=lead, role="team_lead", team=team)
        self.people.append(lead)
        self.counsellors = [person.counsellor for person in self.people[:3]]
        stranger = factories.CounsellorFactory()
        self.counsellors.append(stranger)
        self.cases: list[Case] = [factories.CaseFactory(counsellor=self.people[0]) for _ in range(2)]
        self.channel = factories.channel()

    # --- what the rules below share

    @contextmanager
    def tried(self) -> Iterator[None]:
        """An attempt: carried out whole, or refused in a sentence with nothing written."""
        before = written()
        try:
            with transaction.atomic():
                yield
        except Refused as refusal:
            outcomes["refused"] += 1
            assert refusal.message
            assert written() == before
        else:
            outcomes["done"] += 1

    def person(self, index: int) -> User:
        return self.people[index % len(self.people)]

    def case(self, index: int) -> Case:
        return Case.objects.get(pk=self.cases[index % len(self.cases)].pk)

    def step(self, index: int) -> FollowUp:
        """Any step of any case, open or ended."""
        steps = FollowUp.objects.select_related("case").order_by("-id")[:30]
        return list(steps)[index % len(steps)]

    def next_of(self, choice: Any) -> Any:
        return StandingStep(self.step(choice).pk) if isinstance(choice, int) else choice

    # --- cases

    @rule(by=ANY, counsellor=ANY, step=new_steps(), name=st.sampled_from(["Beispiel", " "]))
    def open_case(self, by: int, counsellor: int, step: NewStep, name: str) -> None:
        with self.tried():
            self.cases.append(
                actions.open_case(
                    client=NewClient(name or "Beispiel", "Deniz", dt.date(1991, 3, 4)),
                    counsellor=self.counsellors[counsellor % 4],
                    first_step=step,
                    by=self.person(by),
                )
                if name.strip()
                else self.cases[0]
            )

    @rule(case=ANY, by=ANY, reason=REASONS)
    def end_case(self, case: int, by: int, reason: ClosingReason) -> None:
        with self.tried():
            actions.end_case(case=self.case(case), reason=reason, by=self.person(by))

    @rule(case=ANY, by=ANY, counsellor=ANY, step=new_steps())
    def take_up_again(self, case: int, by: int, counsellor: int, step: NewStep) -> None:
        with self.tried():
            self.cases.append(
                actions.take_up_again(
                    case=self.case(case),
                    counsellor=self.counsellors[counsellor % 4],
                    first_step=step,
                    by=self.person(by),
                )
            )

    @rule(case=ANY, by=ANY, counsellor=ANY)
    def reassign(self, case: int, by: int, counsellor: int) -> None:
        with self.tried():
            actions.reassign_case(
                case=self.case(case), counsellor=self.counsellors[counsellor % 4], by=self.person(by), note="Übergabe"
            )

    @rule(case=ANY, by=ANY, counsellor=ANY)
    def take_part(self, case: int, by: int, counsellor: int) -> None:
        with self.tried():
            actions.add_participation(
                case=self.case(case), counsellor=self.counsellors[counsellor % 4], by=self.person(by)
            )

    @rule(index=ANY, by=ANY)
    def leave(self, index: int, by: int) -> None:
        if participations := list(CaseParticipation.objects.order_by("id")):
            with self.tried():
                actions.end_participation(participation=participations[index % len(participations)], by=self.person(by))

    # --- conversations

    @rule(
        case=ANY,
        by=ANY,
        text=TEXTS,
        minutes_ago=st.one_of(st.integers(0, 10_000), st.integers(-60, 10_000)),
        next_step=NEXT,
        decisions=st.lists(st.tuples(ANY, VERSIONS, st.sampled_from(["keep", "done", "move"]), DAYS), max_size=3),
        own=st.booleans(),
    )
    def conclude(
        self,
        case: int,
        by: int,
        text: str,
        minutes_ago: int,
        next_step: Any,
        decisions: list[tuple[int, int, str, int]],
        own: bool,
    ) -> None:
        chosen = self.case(case)
        steps = list(FollowUp.objects.open().filter(case=chosen).order_by("id")) if own else []
        decided: dict[int, StepDecision] = {}
        for index, version, decision, days in decisions:
            step = steps[index % len(steps)] if steps else self.step(index)
            day = timezone.localdate() + dt.timedelta(days=days)
            starts_at = factories.at_ten(day) if step.kind == FollowUpKind.APPOINTMENT else None
            decided[step.pk] = StepDecision(step.pk, step.version + version, decision, day, starts_at, "", True)
        with self.tried():
            actions.conclude_conversation(
                case=chosen,
                by=self.person(by),
                at=timezone.now() - dt.timedelta(minutes=minutes_ago),
                channel=self.channel,
                text=text,
                next_step=self.next_of(next_step),
                participants=[actions.Participant(ParticipantRole.CLIENT)],
                steps=list(decided.values()),
                key=uuid.uuid4(),
            )

    @rule(step=ANY, version=VERSIONS, by=ANY, how=st.sampled_from(list(MissedHow)), next_step=NEXT)
    def miss(self, step: int, version: int, by: int, how: MissedHow, next_step: Any) -> None:
        missed = self.step(step)
        with self.tried():
            actions.record_missed_appointment(
                follow_up=missed,
                version=missed.version + version,
                how=how,
                next_step=self.next_of(next_step),
                by=self.person(by),
                key=uuid.uuid4(),
            )

    @rule(index=ANY, by=ANY, reason=TEXTS)
    def withdraw(self, index: int, by: int, reason: str) -> None:
        if contacts := list(Contact.objects.select_related("case").order_by("id")):
            contact = contacts[index % len(contacts)]
            with self.tried():
                actions.withdraw_contact(contact=contact, reason=reason, by=self.person(by))

    @rule(index=ANY, by=ANY, text=TEXTS, reason=TEXTS)
    def add_addendum(self, index: int, by: int, text: str, reason: str) -> None:
        if contacts := list(Contact.objects.order_by("id")):
            with self.tried():
                actions.add_addendum(
                    contact=contacts[index % len(contacts)], text=text, reason=reason, by=self.person(by)
                )

    @rule(case=ANY, by=ANY, text=TEXTS)
    def add_note(self, case: int, by: int, text: str) -> None:
        with self.tried():
            actions.add_file_note(case=self.case(case), text=text, by=self.person(by))

    # --- steps

    @rule(case=ANY, by=ANY, step=new_steps())
    def create_step(self, case: int, by: int, step: NewStep) -> None:
        with self.tried():
            actions.create_follow_up(case=self.case(case), step=step, by=self.person(by))

    @rule(step=ANY, version=VERSIONS, by=ANY, next_step=st.one_of(new_steps(), ANY))
    def complete(self, step: int, version: int, by: int, next_step: Any) -> None:
        done = self.step(step)
        with self.tried():
            actions.complete_follow_up(
                follow_up=done,
                version=done.version + version,
                outcome="Erledigt.",
                next_step=self.next_of(next_step),
                by=self.person(by),
            )

    @rule(step=ANY, version=VERSIONS, by=ANY, moved=new_steps())
    def change(self, step: int, version: int, by: int, moved: NewStep) -> None:
        changed = self.step(step)
        with self.tried():
            actions.change_follow_up(
                follow_up=changed,
                version=changed.version + version,
                due_on=moved.due_on,
                starts_at=factories.at_ten(moved.due_on) if changed.kind == FollowUpKind.APPOINTMENT else None,
                subject=moved.subject,
                place=moved.place,
                by=self.person(by),
                reason="Anruf",
                saturday_confirmed=moved.saturday_confirmed,
            )

    # --- staff

    @rule(user=ANY, substitute=ANY, first=st.integers(-5, 20), length=st.integers(-1, 10))
    def enter_absence(self, user: int, substitute: int, first: int, length: int) -> None:
        start = timezone.localdate() + dt.timedelta(days=first)
        with self.tried():
            actions.enter_absence(
                user=self.person(user),
                first_day=start,
                last_day=start + dt.timedelta(days=length),
                substitute=self.person(substitute),
                by=self.people[3],
            )

    @rule(user=ANY)
    def switch_off(self, user: int) -> None:
        """What the administration does; only the database speaks against it."""
        person = self.people[user % 3]
        try:
            with transaction.atomic():
                User.objects.filter(pk=person.pk).update(is_active=False)
        except IntegrityError as error:
            assert error.__cause__.diag.constraint_name in {
                "user_with_cases_stays_active",
                "user_with_participations_stays_active",
            }
        person.refresh_from_db()

    # --- what always holds

    @invariant()
    def no_rule_is_broken(self) -> None:
        connection.check_constraints()
        assert find_violations() == []


def written() -> tuple[Any, ...]:
    """A fingerprint of what is on record."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM casework_case), (SELECT count(closed_at) FROM casework_case),"
            " (SELECT count(*) FROM casework_contact), (SELECT count(withdrawn_at) FROM casework_contact),"
            " (SELECT count(*) + sum(version) FROM casework_followup), (SELECT count(*) FROM casework_client),"
            " (SELECT count(*) FROM casework_caseassignment), (SELECT count(*) FROM casework_followupchange),"
            " (SELECT count(*) FROM casework_caseparticipation), (SELECT count(*) FROM casework_contactparticipant),"
            " (SELECT count(*) FROM casework_filenote), (SELECT count(*) FROM casework_noteaddendum),"
            " (SELECT count(*) FROM casework_absence), (SELECT count(*) FROM casework_draft)"
        )
        return tuple(cursor.fetchone())


def run(examples: int, steps: int, *, same_each_time: bool) -> None:
    outcomes.clear()
    run_state_machine_as_test(
        Office,
        settings=settings(max_examples=examples, stateful_step_count=steps, derandomize=same_each_time),
    )
    # A machine that carries out or refuses next to nothing would show nothing.
    assert outcomes["done"] > examples, outcomes
    assert outcomes["refused"] > examples, outcomes


def test_whatever_people_do_no_rule_is_broken(db):
    run(examples=25, steps=20, same_each_time=True)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_whatever_people_do_for_a_long_time_no_rule_is_broken(db):
    run(examples=300, steps=50, same_each_time=False)

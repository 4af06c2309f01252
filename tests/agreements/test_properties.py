"""Will, resources, agreements, steps and next steps in any order, valid or not: no rule is ever broken."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from agreements.actions.talks import Agreed, NewAgreement, NewAgreementStep, NewOutcome, NewResource, NewWill
from agreements.enums import Outcome, StepOwner
from agreements.models import Agreement, AgreementStep, Resource, SocialSpace
from agreements.models.state import read_state
from casework import actions
from casework.actions import StandingStep
from casework.models import Case
from tests.casework.test_properties import ANY, Office, good_steps, new_steps, outcomes

WORDS = st.sampled_from(["Eine Stelle finden.", "Я хочу працювати.", "أريد العمل", "Ü" * 400, "Kurz.", "Gut.", " ", ""])
GOOD_WORDS = st.one_of(st.just("Eine Stelle finden."), st.just("Я хочу працювати."), WORDS)
RHYTHMS = st.sampled_from(["alle 3 Wochen", "nach dem Praktikum", "", "am 11.12. und 15.01."])
DAYS = st.one_of(st.none(), st.integers(-20, 400))


@st.composite
def steps_of_agreement(draw: Any) -> tuple[NewAgreementStep, ...]:
    def one(row: int) -> NewAgreementStep:
        days = draw(DAYS)
        due_on = None if days is None else timezone.localdate() + dt.timedelta(days=days)
        owner = draw(st.sampled_from(list(StepOwner)))
        name = draw(st.sampled_from(["der Onkel", ""])) if owner == StepOwner.OTHER else ""
        return NewAgreementStep(owner, draw(WORDS), name, due_on, draw(st.booleans()), f"as{row}")

    return tuple(one(row) for row in range(draw(st.integers(0, 4))))


GOOD_STEPS = st.just((NewAgreementStep(StepOwner.CLIENT, "ruft an"), NewAgreementStep(StepOwner.JOBCENTER, "klärt")))


AGREE = dict(  # noqa: C408  (arguments, as `rule` takes them)
    case=ANY,
    by=ANY,
    next_step=good_steps(),
    goal=GOOD_WORDS,
    rhythm=RHYTHMS,
    steps=st.one_of(GOOD_STEPS, GOOD_STEPS, GOOD_STEPS, steps_of_agreement()),
    review=st.one_of(st.none(), st.none(), st.none(), good_steps(), ANY, new_steps()),
    base=st.sampled_from(["current"] * 5 + ["other"]),
    used=st.lists(ANY, max_size=2),
    will=st.one_of(st.none(), GOOD_WORDS),
    times=st.integers(1, 3),
)


class AgreedOffice(Office):
    """The office of all other rules, and what it agrees with people."""

    def agree(
        self,
        case: int,
        by: int,
        next_step: Any,
        goal: str,
        rhythm: str,
        steps: Any,
        review: Any,
        base: str,
        used: list[int],
        will: str | None,
        times: int,
    ) -> None:
        chosen = self.case(case)
        for _ in range(times):
            self.agree_once(chosen, by, next_step, goal, rhythm, steps, review, base, used, will)

    # Among two dozen rules one alone would come up once in a run, and no agreement would get a second version.
    agree_first = rule(**AGREE)(agree)
    agree_again = rule(**AGREE)(agree)
    agree_anew = rule(**AGREE)(agree)
    agree_still = rule(**AGREE)(agree)

    def agree_once(
        self,
        chosen: Case,
        by: int,
        next_step: Any,
        goal: str,
        rhythm: str,
        steps: Any,
        review: Any,
        base: str,
        used: list[int],
        will: str | None,
    ) -> None:
        state = read_state(chosen.pk)
        own = [row["id"] for row in state.resources]
        resources = own or list(Resource.objects.order_by("id").values_list("pk", flat=True)[:1])
        new = NewAgreement(
            goal=goal,
            employment_link="Arbeit in der Nähe.",
            steps=steps,
            rhythm=rhythm,
            review=StandingStep(self.step(review).pk) if isinstance(review, int) else review,
            resource_ids=tuple({resources[i % len(resources)] for i in used}) if resources else (),
            base=(state.agreement["id"] if state.agreement else None) if base == "current" else 999_999,
        )
        self.talk(chosen, by, next_step, Agreed(will=None if will is None else NewWill(will), agreement=new))

    @rule(
        case=ANY,
        by=ANY,
        next_step=good_steps(),
        named=st.lists(st.tuples(WORDS, st.sampled_from(["", "Repair-Café", "Chor"]), st.booleans()), max_size=3),
        ended=st.lists(ANY, max_size=2),
        told=st.lists(st.tuples(ANY, st.sampled_from(list(Outcome)), WORDS), max_size=3),
        reminded=st.lists(ANY, max_size=2),
    )
    def look_back(self, case: int, by: int, next_step: Any, named: Any, ended: Any, told: Any, reminded: Any) -> None:
        chosen = self.case(case)
        space = SocialSpace.objects.values_list("pk", flat=True).first()
        resources = [row["id"] for row in read_state(chosen.pk).resources]
        steps = [step["id"] for step in read_state(chosen.pk).steps]
        steps = steps or list(AgreementStep.objects.order_by("-id").values_list("pk", flat=True)[:1])
        part = Agreed(
            resources=tuple(
                NewResource(text[:300], place=place, space_id=space if new else None, row=f"res{n}")
                for n, (text, place, new) in enumerate(named)
                if text.strip()
            ),
            ended_resources=tuple({resources[i % len(resources)] for i in ended}) if resources else (),
            outcomes=tuple(
                {
                    steps[i % len(steps)]: NewOutcome(steps[i % len(steps)], kind, text) for i, kind, text in told
                }.values()
            )
            if steps
            else (),
            reminders=tuple({steps[i % len(steps)] for i in reminded}) if steps else (),
        )
        self.talk(chosen, by, next_step, part)

    def talk(self, chosen: Case, by: int, next_step: Any, part: Agreed) -> None:
        with self.tried():
            actions.conclude_conversation(
                case=chosen,
                by=self.person(by),
                at=timezone.now(),
                channel=self.channel,
                text="Gesprochen.",
                next_step=next_step,
                key=uuid.uuid4(),
                parts=[part],
            )

    @invariant()
    def one_agreement_is_current_and_will_be_looked_at(self) -> None:
        connection.check_constraints()
        for case in Case.objects.filter(pk__in=[c.pk for c in self.cases]):
            standing = Agreement.objects.filter(case=case, withdrawn_at=None).order_by("-number").first()
            state = read_state(case.pk)
            assert (state.agreement or {}).get("id") == (standing.pk if standing else None)
            outcomes["later versions"] += int(standing is not None and standing.number > 1)
            if standing and case.is_open:
                assert state.review_id is not None


def run(examples: int, steps: int, *, same_each_time: bool) -> None:
    outcomes.clear()
    run_state_machine_as_test(
        AgreedOffice,
        settings=settings(max_examples=examples, stateful_step_count=steps, derandomize=same_each_time),
    )
    assert outcomes["done"] > examples, outcomes
    assert outcomes["refused"] > examples, outcomes
    assert outcomes["later versions"] > examples // 2, outcomes


def test_whatever_is_agreed_no_rule_is_broken(db):
    run(examples=20, steps=25, same_each_time=True)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_whatever_is_agreed_for_a_long_time_no_rule_is_broken(db):
    run(examples=300, steps=50, same_each_time=False)

"""Two people at once at what the law demands, past the actions and their locks: the rows alone keep the rules."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework import actions
from casework.enums import ClosingReason, DutyFactKind
from casework.models import DutyFact, DutyToCooperate, LegalBasis
from tests import factories
from tests.casework.test_races import at_once, held, kinds

ROUNDS = 8


@pytest.fixture
def duty(committed_db, kim):
    return factories.DutyToCooperateFactory(case=factories.CaseFactory(counsellor=kim))


def demand(case, basis):
    return lambda: DutyToCooperate.objects.create(
        case=case, legal_basis=basis, demand="Sich melden.", recorded_by=case.opened_by
    )


def test_law_does_not_end_beneath_a_demand(duty):
    for _ in range(ROUNDS):
        basis = factories.LegalBasisFactory()
        rows = LegalBasis.objects.filter(pk=basis.pk)
        past = DateRange(dt.date(2020, 1, 1), timezone.localdate())

        answers = at_once(held(demand(duty.case, basis)), held(lambda rows=rows, past=past: rows.update(during=past)))

        assert kinds(answers) == ["IntegrityError", "done"]


def test_a_case_does_not_end_beneath_a_demand(duty, kim):
    for _ in range(ROUNDS):
        case = factories.CaseFactory(counsellor=kim)

        answers = at_once(
            held(demand(case, duty.legal_basis)),
            lambda case=case: actions.end_case(case=case, reason=ClosingReason.MOVED, by=kim),
        )

        assert kinds(answers) in (["IntegrityError", "done"], ["done", "done"])
        case.refresh_from_db()
        assert not case.is_open


def test_nothing_is_told_of_a_demand_that_is_just_being_withdrawn(duty):
    for day in range(ROUNDS):
        duty = factories.DutyToCooperateFactory(case=duty.case)
        rows = DutyToCooperate.objects.filter(pk=duty.pk)
        facts = {
            "case": duty.case,
            "duty": duty,
            "kind": DutyFactKind.POSTED,
            "happened_on": timezone.localdate() - dt.timedelta(days=day),
            "recorded_by": duty.recorded_by,
        }

        answers = at_once(
            held(lambda facts=facts: DutyFact.objects.create(**facts)),
            held(
                lambda rows=rows: rows.update(
                    withdrawn_at=timezone.now(), withdrawn_by=rows[0].recorded_by, withdrawn_reason="Irrtum"
                )
            ),
        )

        assert kinds(answers) in (["IntegrityError", "done"], ["done", "done"])


def test_two_press_the_same_button(duty, kim):
    answers = at_once(
        *[lambda: actions.add_duty_fact(duty=duty, kind=DutyFactKind.POSTED, happened_on=timezone.localdate(), by=kim)]
        * 2
    )

    assert kinds(answers) == ["RuleBroken", "done"]
    assert DutyFact.objects.count() == 1


def test_two_withdraw_at_once(duty, kim):
    answers = at_once(*[lambda: actions.withdraw_duty(duty=duty, reason="Irrtum", by=kim)] * 2)

    assert kinds(answers) == ["StaleVersion", "done"]

"""Two batches of the same cases at the same moment: exactly one wins per case, no gap, no overlap, no deadlock."""

import time
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from casework import actions
from casework.actions import handovers
from casework.actions.handovers import ClashDecision
from casework.models import CaseAssignment, CaseHandover, FollowUp, User
from casework.models.invariants import find_violations
from tests import factories
from tests.casework.test_races import at_once, held, kinds

ROUNDS = [
    pytest.param(12, 3, id="12 cases"),
    pytest.param(95, 10, id="95 cases", marks=[pytest.mark.long, pytest.mark.timeout(900)]),
]
# Over the whole history: every moment since the opening has exactly one responsible IFK.
GAPS = """
SELECT count(*) FROM casework_case AS k
 WHERE (SELECT range_agg(a.during) FROM casework_caseassignment AS a WHERE a.case_id = k.id)
       IS DISTINCT FROM tstzmultirange(tstzrange(k.opened_at, k.closed_at))
"""
OVERLAPS = """
SELECT count(*) FROM casework_caseassignment AS a JOIN casework_caseassignment AS b
    ON a.case_id = b.case_id AND a.id < b.id AND a.during && b.during
"""


def number_of(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


@pytest.fixture
def people(committed_db, osterode):
    return [factories.CounsellorFactory(user__team=osterode).user for _ in range(3)]


def call(cases, giver, to, **more):
    fields = {"effective_on": timezone.localdate(), "batch": uuid.uuid4(), **more}
    return held(
        lambda: handovers.plan_handovers(cases=cases, giver=giver.counsellor, to=to.counsellor, by=giver, **fields)
    )


@pytest.mark.parametrize(("count", "rounds"), ROUNDS)
def test_the_same_cases_to_two_people_at_once(people, count, rounds):
    kim, eva, ida = people
    for _ in range(rounds):
        cases = [factories.CaseFactory(counsellor=kim) for _ in range(count)]
        ids = [case.pk for case in cases]

        answers = at_once(call(cases, kim, eva), call(cases[::-1], kim, ida))

        assert kinds(answers) == ["Conflict", "done"]
        winners = CaseHandover.objects.filter(case__in=ids, carried_out_at__isnull=False)
        assert winners.count() == count
        assert winners.values("to_counsellor").distinct().count() == 1
        assert FollowUp.objects.open().filter(case__in=ids).count() == count
    assert (number_of(GAPS), number_of(OVERLAPS)) == (0, 0)
    assert find_violations() == []


@pytest.mark.parametrize(("count", "rounds"), ROUNDS)
def test_overlapping_halves_at_once(people, count, rounds):
    """Each case has one winner also where the two batches share only a part."""
    kim, eva, ida = people
    for _ in range(rounds):
        cases = [factories.CaseFactory(counsellor=kim) for _ in range(count)]
        third = count // 3

        answers = at_once(call(cases[third:], kim, eva), call(cases[:-third][::-1], kim, ida))

        assert kinds(answers) == ["done", "done"]
        done = CaseHandover.objects.filter(case__in=cases, carried_out_at__isnull=False)
        assert done.count() == count == done.values("case").distinct().count()
    assert (number_of(GAPS), number_of(OVERLAPS)) == (0, 0)
    assert find_violations() == []


def test_a_batch_against_one_case_from_its_file_and_an_end(people):
    kim, eva, ida = people
    for _ in range(5):
        cases = [factories.CaseFactory(counsellor=kim) for _ in range(6)]

        answers = at_once(
            call(cases, kim, eva),
            held(lambda cases=cases: actions.reassign_case(case=cases[3], counsellor=ida.counsellor, by=kim)),
            held(lambda cases=cases: actions.end_case(case=cases[4], reason="independent", by=kim)),
        )

        kinds(answers)
        assert not CaseHandover.objects.planned().exists()
    assert (number_of(GAPS), number_of(OVERLAPS)) == (0, 0)
    assert find_violations() == []


def test_two_workers_carry_the_same_plans_out_once(people):
    kim, eva, _ = people
    batch = uuid.uuid4()
    for _ in range(10):
        factories.CaseHandoverFactory(
            case=factories.CaseFactory(counsellor=kim),
            to_counsellor=eva,
            batch=batch,
            effective_on=timezone.localdate(),
        )

    answers = at_once(*[lambda: handovers.carry_out_due(timezone.localdate())] * 3)

    assert sorted(answers) == [0, 0, 10]
    assert find_violations() == []


def test_an_account_switched_off_while_cases_are_planned_for_it(people, osterode):
    kim, *_ = people
    for _ in range(5):
        newcomer = factories.CounsellorFactory(user__team=osterode).user
        case = factories.CaseFactory(counsellor=kim)

        answers = at_once(
            held(lambda newcomer=newcomer: User.objects.filter(pk=newcomer.pk).update(is_active=False)),
            call([case], kim, newcomer, effective_on=factories.ahead()),
        )

        assert kinds(answers) in (["IntegrityError", "done"], ["RuleBroken", "done"])
    assert find_violations() == []


def history_of(case, people):
    """Who had the case before, what is still open beside the main step, and a conversation."""
    factories.CaseAssignmentFactory(case=case, counsellor=people[0])
    factories.FollowUpFactory(case=case, appointment=True, due_on=factories.ahead(3 + case.pk % 40))
    factories.ContactFactory(case=case, author=people[0])


@pytest.mark.long
@pytest.mark.timeout(900)
def test_ninety_five_cases_with_a_history_to_two_people_ten_times(people, osterode):
    """The cases wander on from whoever has won: the history grows, and never has a hole (issue 6, must show 2)."""
    giver, *others = people
    before = factories.CounsellorFactory(user__team=osterode)
    cases = [factories.CaseFactory(counsellor=before) for _ in range(95)]
    for case in cases:
        history_of(case, [giver])
    ids = [case.pk for case in cases]
    # In a real office appointments clash; here it is decided that all of them stay.
    kept = [ClashDecision(step.pk, step.version, stays=True) for step in FollowUp.objects.open()]
    steps = set(FollowUp.objects.open().filter(case__in=ids).values_list("pk", flat=True))
    seconds = []
    for _ in range(10):
        began = time.monotonic()
        answers = at_once(
            *[call(order, giver, to, decisions=kept) for order, to in zip((cases, cases[::-1]), others, strict=True)]
        )
        seconds.append(time.monotonic() - began)

        assert kinds(answers) == ["Conflict", "done"], answers
        winner = CaseAssignment.objects.filter(case__in=ids, during__upper_inf=True)
        assert winner.count() == 95
        assert winner.values("counsellor").distinct().count() == 1
        new = User.objects.get(pk=winner.first().counsellor_id)
        assert set(FollowUp.objects.open().filter(case__in=ids).values_list("pk", flat=True)) == steps
        assert (number_of(GAPS), number_of(OVERLAPS)) == (0, 0)
        giver, others = new, [person for person in people if person.pk != new.pk]
    assert CaseAssignment.objects.filter(case__in=ids).count() == 95 * 12
    assert find_violations() == []
    print(f"95 cases × 2 at once: {min(seconds):.2f} to {max(seconds):.2f} s")  # noqa: T201
    assert max(seconds) < 5

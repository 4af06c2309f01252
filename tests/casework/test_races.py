"""Two people do something at the same moment, with real threads and real commits: one of them wins, no rule breaks."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from casework import actions
from casework.actions import EndOfCase, NewClient, NewStep, StandingStep, StepDecision
from casework.enums import ClosingReason, FollowUpKind
from casework.models import Case, CaseAssignment, Contact, FollowUp, Substitution, User
from casework.models.invariants import find_violations
from tests import factories

PAIRS = [
    pytest.param(20, id="20 pairs"),
    pytest.param(300, id="300 pairs", marks=[pytest.mark.long, pytest.mark.timeout(900)]),
]
FEWER_PAIRS = [
    pytest.param(5, id="5 pairs"),
    pytest.param(100, id="100 pairs", marks=[pytest.mark.long, pytest.mark.timeout(900)]),
]


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads that start together; each answers with its result or its exception."""
    barrier = threading.Barrier(len(calls))
    answers: list[object] = [None] * len(calls)

    def run(index: int, call: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            answers[index] = call()
        except Exception as error:
            answers[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def kinds(answers: list[object]) -> list[str]:
    """`done` or the name of what was raised; a deadlock or a lost connection is never an expected answer."""
    names = [type(answer).__name__ if isinstance(answer, Exception) else "done" for answer in answers]
    assert not any(isinstance(answer, OperationalError) for answer in answers), answers
    return sorted(names)


def held(call: Callable[[], object]) -> Callable[[], object]:
    """The call in a transaction that stays open for a moment, so that the other one meets it."""

    def run() -> object:
        with transaction.atomic():
            answer = call()
            time.sleep(0.005)
            return answer

    return run


def new_step() -> NewStep:
    return NewStep(FollowUpKind.REMINDER, factories.ahead(), "Anrufen")


def two_steps(person: User) -> tuple[Case, FollowUp, FollowUp, Contact]:
    """A case with two open steps, and an earlier contact by which a step can be ended."""
    case = factories.CaseFactory(counsellor=person)
    first = case.follow_ups.get()
    second = factories.FollowUpFactory(case=case)
    done = factories.FollowUpFactory(case=case, done=True, successor=first)
    return case, first, second, factories.ContactFactory(case=case, follow_up=done)


def by_raw_sql(step: FollowUp, contact: Contact) -> Callable[[], object]:
    def end() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE casework_followup SET ended_at = clock_timestamp(), ended_by_id = created_by_id,"
                " version = version + 1, ended_by_contact_id = %s WHERE id = %s AND ended_at IS NULL",
                [contact.pk, step.pk],
            )
            time.sleep(0.002)  # both have written before either commits

    return end


def by_orm(step: FollowUp, contact: Contact) -> Callable[[], object]:
    def end() -> None:
        with transaction.atomic():
            FollowUp.objects.filter(pk=step.pk, version=step.version).update(
                ended_at=timezone.now(), ended_by=step.created_by, ended_by_contact=contact, version=step.version + 1
            )
            time.sleep(0.002)

    return end


@pytest.fixture
def people(committed_db, kim, eva):
    return kim, eva


# --- the last two steps ------------------------------------------------------------------------------------


@pytest.mark.parametrize("pairs", PAIRS)
@pytest.mark.parametrize("way", [by_raw_sql, by_orm])
def test_the_last_two_steps_do_not_end_at_once(people, way, pairs):
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        _, first, second, contact = two_steps(people[0])

        outcomes.update(kinds(at_once(way(first, contact), way(second, contact))))

    assert outcomes == {"done": pairs, "IntegrityError": pairs}
    assert find_violations() == []


@pytest.mark.parametrize("pairs", PAIRS)
def test_two_people_who_each_name_the_other_s_step_as_the_next_one(people, pairs):
    kim, eva = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        _, first, second, _ = two_steps(kim)

        def complete(step, successor, by):
            return lambda: actions.complete_follow_up(
                follow_up=step,
                version=step.version,
                outcome="Erledigt.",
                next_step=StandingStep(successor.pk),
                by=by,
            )

        outcomes.update(kinds(at_once(complete(first, second, kim), complete(second, first, eva))))

    assert outcomes == {"done": pairs, "RuleBroken": pairs}
    assert find_violations() == []


@pytest.mark.parametrize("pairs", PAIRS)
def test_two_people_who_each_set_a_new_step_do_not_wait_for_each_other_for_ever(people, pairs):
    """A new step makes a foreign key check on the case: a stronger lock of the rule would end in a deadlock."""
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        case, *steps, _ = two_steps(people[0])

        def complete(step, case=case):
            def run() -> None:
                successor = factories.FollowUpFactory(case=case)
                FollowUp.objects.filter(pk=step.pk).update(
                    ended_at=timezone.now(), ended_by=step.created_by, successor=successor, version=step.version + 1
                )

            return held(run)

        outcomes.update(kinds(at_once(*(complete(step) for step in steps))))

    assert outcomes == {"done": 2 * pairs}
    assert find_violations() == []


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_two_people_who_complete_the_same_step(people, pairs):
    kim, eva = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        step = factories.CaseFactory(counsellor=kim).follow_ups.get()

        def complete(by, step=step):
            return lambda: actions.complete_follow_up(
                follow_up=step, version=step.version, outcome="", next_step=new_step(), by=by
            )

        outcomes.update(kinds(at_once(complete(kim), complete(eva))))

    assert outcomes == {"done": pairs, "StaleVersion": pairs}
    assert find_violations() == []


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_two_people_who_postpone_the_same_step(people, pairs):
    kim, eva = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        step = factories.CaseFactory(counsellor=kim).follow_ups.get()

        def postpone(by, days, step=step):
            return lambda: actions.postpone_follow_up(
                follow_up=step, version=step.version, due_on=factories.ahead(days), by=by
            )

        outcomes.update(kinds(at_once(postpone(kim, 20), postpone(eva, 30))))

    assert outcomes == {"done": pairs, "StaleVersion": pairs}


# --- the end of a case -------------------------------------------------------------------------------------


def conclude(case: Case, by: User, key: uuid.UUID | None = None, text: str = "Ein Gespräch") -> Callable[[], Contact]:
    at, channel, step = timezone.now(), factories.channel(), new_step()
    key = key or uuid.uuid4()
    return lambda: actions.conclude_conversation(
        case=case, by=by, at=at, channel=channel, text=text, next_step=step, key=key
    )


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_a_case_that_ends_while_a_conversation_is_concluded(people, pairs):
    kim, eva = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=kim)

        answers = at_once(
            conclude(case, kim), lambda case=case: actions.end_case(case=case, reason=ClosingReason.MOVED, by=eva)
        )

        # Whoever comes second finds the case ended, or ends it with the new step.
        assert kinds(answers) in (["done", "done"], ["CaseClosed", "done"])
        assert not Case.objects.get(pk=case.pk).is_open
        outcomes.update(kinds(answers))

    assert outcomes["done"] >= pairs
    assert find_violations() == []


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_a_case_that_two_people_end(people, pairs):
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=people[0])

        def end(by, case=case):
            return lambda: actions.end_case(case=case, reason=ClosingReason.MOVED, by=by)

        outcomes.update(kinds(at_once(*(end(person) for person in people))))

    assert outcomes == {"done": pairs, "CaseClosed": pairs}
    assert find_violations() == []


def test_a_case_that_ends_by_a_conversation_and_otherwise(people):
    kim, eva = people
    case = factories.CaseFactory(counsellor=kim)
    at, channel = timezone.now(), factories.channel()

    answers = at_once(
        lambda: actions.conclude_conversation(
            case=case,
            by=kim,
            at=at,
            channel=channel,
            text="Abschied",
            next_step=EndOfCase(ClosingReason.INDEPENDENT),
            key=uuid.uuid4(),
        ),
        lambda: actions.end_case(case=case, reason=ClosingReason.MOVED, by=eva),
    )

    assert kinds(answers) == ["CaseClosed", "done"]
    assert find_violations() == []


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_a_case_is_taken_up_again_once(people, pairs):
    kim, eva = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        closed = factories.ClosedCaseFactory(counsellor=kim)

        def resume(by, closed=closed):
            return lambda: actions.take_up_again(case=closed, counsellor=by.counsellor, first_step=new_step(), by=by)

        outcomes.update(kinds(at_once(resume(kim), resume(eva))))

    assert outcomes == {"done": pairs, "RuleBroken": pairs}
    assert find_violations() == []


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_one_person_has_one_open_case(people, pairs):
    kim, eva = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        client = factories.ClientFactory(created_by=kim)

        def open_case(by, client=client):
            return lambda: factories.CaseFactory(client=client, counsellor=by)

        outcomes.update(kinds(at_once(open_case(kim), open_case(eva))))

    assert outcomes == {"done": pairs, "IntegrityError": pairs}


def test_two_new_cases_have_two_numbers(people):
    kim, eva = people
    born = timezone.localdate().replace(year=1990, month=2, day=3)

    answers = at_once(
        *(
            lambda by=by: actions.open_case(
                client=NewClient("Beispiel", by.first_name, born),
                counsellor=by.counsellor,
                first_step=new_step(),
                by=by,
            )
            for by in (kim, eva)
        )
    )

    assert kinds(answers) == ["done", "done"]
    assert len({case.number for case in Case.objects.all()}) == 2


# --- one submit --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_one_submit_sent_twice_makes_one_contact(people, pairs):
    kim, _ = people
    for _ in range(pairs):
        case, key = factories.CaseFactory(counsellor=kim), uuid.uuid4()
        submit = conclude(case, kim, key)

        answers = at_once(submit, submit, submit)

        assert kinds(answers) == ["done"] * 3
        assert len({contact.pk for contact in answers}) == 1
        assert Contact.objects.filter(case=case).count() == 1


def test_one_key_with_two_texts_makes_one_contact(people):
    kim, _ = people
    case, key = factories.CaseFactory(counsellor=kim), uuid.uuid4()

    answers = at_once(conclude(case, kim, key, "Ein Text"), conclude(case, kim, key, "Ein anderer"))

    assert kinds(answers) == ["AlreadySubmitted", "done"]


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_two_conversations_that_both_settle_the_same_step(people, pairs):
    kim, eva = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=kim)
        step, at, channel = case.follow_ups.get(), timezone.now(), factories.channel()

        def talk(by, case=case, step=step, at=at, channel=channel):
            return lambda: actions.conclude_conversation(
                case=case,
                by=by,
                at=at,
                channel=channel,
                text=f"Gespräch mit {by.first_name}",
                next_step=new_step(),
                steps=[StepDecision(step.pk, step.version, "done")],
                key=uuid.uuid4(),
            )

        outcomes.update(kinds(at_once(talk(kim), talk(eva))))

    assert outcomes == {"done": pairs, "StaleVersion": pairs}
    assert find_violations() == []


# --- accounts, handovers, substitutes ----------------------------------------------------------------------


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_an_account_switched_off_while_it_becomes_responsible(people, osterode, pairs):
    kim, _ = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=kim)
        newcomer = factories.CounsellorFactory(user__team=osterode)

        answers = at_once(
            held(lambda newcomer=newcomer: User.objects.filter(pk=newcomer.pk).update(is_active=False)),
            held(lambda newcomer=newcomer, case=case: factories.CaseAssignmentFactory(case=case, counsellor=newcomer)),
        )
        outcomes.update(kinds(answers))

    assert outcomes == {"done": pairs, "IntegrityError": pairs}
    assert find_violations() == []


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_a_case_handed_over_to_two_at_once(people, osterode, pairs):
    kim, eva = people
    third = factories.CounsellorFactory(user__team=osterode)
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=kim)

        answers = at_once(
            lambda case=case: actions.reassign_case(case=case, counsellor=eva.counsellor, by=kim),
            lambda case=case: actions.reassign_case(case=case, counsellor=third, by=kim),
        )

        assert kinds(answers) == ["done", "done"]  # one after the other, without gap or overlap
        assert CaseAssignment.objects.filter(case=case, during__upper_inf=True).count() == 1
    assert find_violations() == []


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_a_chain_of_substitutes_does_not_come_about_at_once(people, tom, pairs):
    kim, eva = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        kim_away, eva_away = (factories.AbsenceFactory(user=factories.UserFactory()) for _ in range(2))

        def enter(absence, substitute):
            return lambda: factories.SubstitutionFactory(
                absence=absence, absent_user=absence.user, substitute=substitute
            )

        outcomes.update(kinds(at_once(enter(kim_away, eva_away.user), enter(eva_away, tom))))

    assert outcomes == {"done": pairs, "IntegrityError": pairs}
    assert Substitution.objects.count() == pairs
    assert find_violations() == []


def test_bulk_updates_that_lock_their_cases_first_do_not_deadlock(people):
    kim, _ = people
    cases = [factories.CaseFactory(counsellor=kim) for _ in range(10)]
    ids = [case.pk for case in cases]

    def touch(order):
        def run() -> None:
            with transaction.atomic():
                list(Case.objects.filter(pk__in=ids).locked())
                for pk in order:
                    factories.FollowUpFactory(case_id=pk, case=Case(pk=pk), created_by=kim)

        return run

    answers = at_once(touch(ids), touch(ids[::-1]), touch(ids))

    assert kinds(answers) == ["done"] * 3


def test_an_error_of_the_database_is_never_taken_for_a_result():
    """Guards `kinds`: an IntegrityError counts as a refusal, an OperationalError (deadlock) fails the test."""
    assert kinds([IntegrityError(), None]) == ["IntegrityError", "done"]
    with pytest.raises(AssertionError):
        kinds([OperationalError("deadlock detected")])
    assert issubclass(OperationalError, DatabaseError)

"""Each person whose case has passed is told by one letter: never before, never twice, whoever is killed in between."""

import io

import pypdf
import pytest

from casework import actions, tasks
from casework.actions import handover_letters, handovers
from casework.actions.letters import mark_letters_sent, withdraw_letters, write_new_counsellor_letter
from casework.enums import LetterKind
from casework.models import CaseHandover, Letter
from casework.models.invariants import find_violations
from tests import factories
from tests.casework.test_handovers import cases_of, plan, planned_for_today
from tests.casework.test_races import at_once
from tests.rules import refused

write = handover_letters.write_handover_letters


def read(letter):
    pages = pypdf.PdfReader(io.BytesIO(bytes(letter.pdf))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_each_person_is_told_once_in_the_name_of_the_successor(kim, eva):
    cases = cases_of(kim, 3)
    plan(cases, kim, eva)
    assert not Letter.objects.exists()

    assert write() == 3
    assert write() == 0

    letters = Letter.objects.filter(kind=LetterKind.NEW_COUNSELLOR, created_by=eva, sent_at=None, withdrawn_at=None)
    assert {letter.case_id for letter in letters} == {case.pk for case in cases}
    assert set(CaseHandover.objects.values_list("letter", flat=True)) == {letter.pk for letter in letters}
    assert "ab jetzt ist Eva Brandt für Sie da" in read(letters[0])
    assert find_violations() == []


def test_the_task_of_the_day_carries_out_and_writes(kim, eva, case):
    planned_for_today([case], kim, eva)

    tasks.carry_out_handovers()
    tasks.carry_out_handovers()
    tasks.write_handover_letters()

    assert Letter.objects.get().created_by == eva


def test_nobody_is_told_of_a_plan(kim, eva, case):
    factories.CaseHandoverFactory(case=case, to_counsellor=eva)

    assert write() == 0


def test_one_case_from_its_file_is_told_too(kim, eva, case):
    actions.reassign_case(case=case, counsellor=eva.counsellor, by=kim)

    assert write() == 1


def test_a_bell_is_rung_after_the_commit_and_only_then(kim, eva, case, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(handover_letters.current_app, "send_task", lambda name, **_: rung.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        plan([case], kim, eva, day=factories.ahead(7))
    assert rung == []
    later = factories.CaseFactory(counsellor=kim)
    with django_capture_on_commit_callbacks(execute=True):
        plan([later], kim, eva)
        assert rung == []

    assert rung == ["casework.tasks.write_handover_letters"]


# --- announced before its day ------------------------------------------------------------------------------


@pytest.fixture
def announced(kim, eva, case):
    """Kim has written that Eva will be there from today; the case has not passed yet."""
    planned_for_today([case], kim, eva)
    return write_new_counsellor_letter(case=case, counsellor=eva.counsellor, by=kim)


@pytest.mark.parametrize("sent", [True, False], ids=["sent", "waiting"])
def test_who_was_told_before_is_not_told_again(kim, eva, case, announced, sent):
    if sent:
        mark_letters_sent(letters=[announced], by=kim)
    tasks.carry_out_handovers()

    assert Letter.objects.get() == announced
    assert CaseHandover.objects.get().letter == announced


def test_an_announcement_that_was_not_sent_is_made_up_for(kim, eva, case, announced):
    withdraw_letters(letters=[announced], by=kim)
    tasks.carry_out_handovers()

    assert Letter.objects.get(withdrawn_at=None).created_by == eva


def test_an_announcement_goes_with_its_plan(kim, eva, case, announced):
    handovers.withdraw_handovers(handovers=[CaseHandover.objects.get()], by=kim)

    announced.refresh_from_db()
    assert announced.withdrawn_by == kim
    assert write() == 0


def test_an_announcement_goes_with_a_plan_that_nobody_can_carry_out(kim, eva, case, announced):
    eva.role_grants.all().delete()
    tasks.carry_out_handovers()

    announced.refresh_from_db()
    assert announced.withdrawn_at is not None


# --- what happened meanwhile -------------------------------------------------------------------------------


def test_a_case_that_went_on_is_told_by_who_has_it(kim, eva, case):
    ida = factories.CounsellorFactory(user__team=kim.team).user
    plan([case], kim, eva)
    plan([case], eva, ida)

    assert write() == 1
    assert Letter.objects.get().created_by == ida


def test_a_case_that_has_ended_is_not_told(kim, eva, case):
    plan([case], kim, eva)
    actions.end_case(case=case, reason="independent", by=eva)

    assert write() == 0


def test_a_letter_that_cannot_be_written_keeps_none_of_the_others(kim, eva, monkeypatch):
    first, second = cases_of(kim, 2)
    plan([first, second], kim, eva)
    real = handover_letters.write_new_counsellor_letter

    def fails(*, case, **more):
        if case.pk == first.pk:
            raise ValueError
        return real(case=case, **more)

    monkeypatch.setattr(handover_letters, "write_new_counsellor_letter", fails)
    assert write() == 1
    monkeypatch.undo()

    assert write() == 1
    assert Letter.objects.get(case=first).created_by == eva


# --- killed, and side by side ------------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing catches it: the worker is gone."""


def test_a_killed_worker_loses_and_doubles_none(kim, eva, monkeypatch):
    cases = cases_of(kim, 5)
    plan(cases, kim, eva)
    real, seen = handover_letters.write_new_counsellor_letter, []

    def dies(**fields):
        letter = real(**fields)
        seen.append(letter)
        if len(seen) == 3:
            raise Killed  # written, and not committed
        return letter

    monkeypatch.setattr(handover_letters, "write_new_counsellor_letter", dies)
    with pytest.raises(Killed):
        write()
    assert Letter.objects.count() == 2
    monkeypatch.undo()

    assert write() == 3
    assert sorted(Letter.objects.values_list("case", flat=True)) == sorted(case.pk for case in cases)


def test_two_workers_write_each_letter_once(committed_db, osterode):
    kim, eva = (factories.CounsellorFactory(user__team=osterode).user for _ in range(2))
    cases = cases_of(kim, 8)
    plan(cases, kim, eva)

    answers = at_once(*[write] * 3)

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Letter.objects.count() == 8
    assert CaseHandover.objects.filter(letter=None).count() == 0
    assert find_violations() == []


def test_the_successor_prints_them_all_at_once(eva_client, kim, eva):
    plan(cases_of(kim, 3), kim, eva)
    write()

    page = eva_client.get("/briefe/").content.decode()
    assert page.count('name="brief"') == 3
    chosen = {"brief": [letter.pk for letter in Letter.objects.all()]}
    printed = eva_client.post("/briefe/drucken/", chosen)
    assert len(pypdf.PdfReader(io.BytesIO(printed.content)).pages) >= 3


# --- rules -------------------------------------------------------------------------------------------------


def test_what_told_the_person_stays(kim, eva, case):
    plan([case], kim, eva)
    write()
    other = factories.LetterFactory(case=case, created_by=eva)

    with refused("handover_stays"):
        CaseHandover.objects.update(letter=other)


def test_the_letter_is_one_of_the_same_case(kim, eva, case):
    foreign = factories.LetterFactory()
    factories.CaseHandoverFactory(case=case, to_counsellor=eva)

    with refused("casehandover_letter_of_same_case"):
        CaseHandover.objects.update(letter=foreign)


def test_a_plan_begins_without_a_letter(kim, eva, case):
    letter = factories.LetterFactory(case=case, created_by=kim)

    with refused("handover_begins_as_a_plan"):
        factories.CaseHandoverFactory(case=case, to_counsellor=eva, letter=letter)

"""The day of a handover comes: at midnight in Berlin, or late, once; and what was agreed with somebody meanwhile."""

import datetime as dt
import time
import uuid
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from casework import tasks
from casework.actions import handovers
from casework.models import AccessGrant, Case, CaseAssignment, CaseHandover, FollowUp, Letter
from casework.models.invariants import find_violations
from tests import factories
from tests.casework.test_handover_races import GAPS, OVERLAPS, number_of
from tests.casework.test_handovers import cases_of, responsible
from tests.casework.test_races import at_once
from tests.conftest import signed_in

BERLIN = ZoneInfo("Europe/Berlin")
SECOND = dt.timedelta(seconds=1)


def midnight(day):
    """The first moment of a day in Berlin, whatever clock the server has."""
    return dt.datetime.combine(day, dt.time(), tzinfo=BERLIN)


def planned(cases, to, day):
    batch = uuid.uuid4()
    for case in cases:
        factories.CaseHandoverFactory(case=case, to_counsellor=to, effective_on=day, batch=batch)


def no_gap_and_no_overlap():
    assert (number_of(GAPS), number_of(OVERLAPS)) == (0, 0)
    assert find_violations() == []


@pytest.fixture(params=["UTC", "America/Los_Angeles"])
def server_clock(request, monkeypatch):
    """The zone in which the server itself lives."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("server_clock")
def test_the_case_passes_at_midnight_in_berlin_and_not_a_second_before(kim, eva):
    (case,) = cases_of(kim, 1)
    day = factories.back(5)
    planned([case], eva, day)

    with time_machine.travel(midnight(day) - SECOND, tick=False):
        tasks.carry_out_handovers()
        assert responsible(case) == kim.pk
        assert not Case.objects.readable_by(eva).filter(pk=case.pk).exists()
    with time_machine.travel(midnight(day) + SECOND, tick=False):
        tasks.carry_out_handovers()
        assert responsible(case) == eva.pk
        assert Case.objects.acted_on_by(eva).filter(pk=case.pk).exists()
        assert not Case.objects.acted_on_by(kim).filter(pk=case.pk).exists()

    assert CaseHandover.objects.get().carried_out_at == midnight(day) + SECOND
    no_gap_and_no_overlap()


def test_a_worker_that_is_two_days_late_leaves_no_gap(kim, eva):
    cases = cases_of(kim, 3)
    day = timezone.localdate() - dt.timedelta(days=2)
    planned(cases, eva, day)
    with time_machine.travel(midnight(day) - SECOND, tick=False):
        tasks.carry_out_handovers()
    with time_machine.travel(midnight(day) + dt.timedelta(days=1), tick=False):
        assert responsible(cases[0]) == kim.pk  # nobody came
        assert Case.objects.acted_on_by(kim).filter(pk=cases[0].pk).exists()

    tasks.carry_out_handovers()

    assert {responsible(case) for case in cases} == {eva.pk}
    for handover in CaseHandover.objects.select_related("assignment"):
        assert handover.assignment.during.lower == handover.carried_out_at
        assert timezone.localdate(handover.carried_out_at) == timezone.localdate()
    assert FollowUp.objects.open().filter(case__in=cases).count() == 3
    no_gap_and_no_overlap()


def test_two_workers_that_are_late_carry_it_out_once_and_write_one_letter_each(committed_db, osterode):
    kim, eva = (factories.CounsellorFactory(user__team=osterode).user for _ in range(2))
    cases = cases_of(kim, 6)
    planned(cases, eva, timezone.localdate() - dt.timedelta(days=2))

    answers = at_once(*[tasks.carry_out_handovers] * 3)

    assert answers == [None, None, None]
    assert CaseAssignment.objects.filter(case__in=cases).count() == 12
    assert {responsible(case) for case in cases} == {eva.pk}
    assert Letter.objects.count() == 6
    no_gap_and_no_overlap()


# --- reading on --------------------------------------------------------------------------------------------


def test_the_former_ifk_reads_until_the_last_day_is_over_and_each_look_is_noted(kim, eva, settings, owner_events):
    settings.FORMER_READING_DAYS = 10
    (case,) = cases_of(kim, 1)
    handovers.plan_handovers(
        cases=[case],
        giver=kim.counsellor,
        to=eva.counsellor,
        effective_on=timezone.localdate(),
        by=kim,
        batch=uuid.uuid4(),
    )
    number = Case.objects.values_list("number", flat=True).get(pk=case.pk)
    end = AccessGrant.objects.get(user=kim).during.upper
    assert end == midnight(timezone.localdate() + dt.timedelta(days=11))

    looks = owner_events()["file.opened"]
    for moment, status in ((timezone.now(), 200), (end - SECOND, 200), (end + SECOND, 404)):
        with time_machine.travel(moment, tick=False):
            assert signed_in(kim).get(f"/faelle/{number}/").status_code == status
    assert owner_events()["file.opened"] == looks + 2


# --- an appointment that was made after the plan -----------------------------------------------------------


@pytest.fixture
def made_in_between(kim, eva):
    """Kim's case is to pass today; since it was planned, Eva has agreed on the same hour with somebody else."""
    case = factories.CaseFactory(counsellor=kim, client__family_name="Adler")
    step = factories.FollowUpFactory(case=case, appointment=True)
    planned([case], eva, timezone.localdate())
    factories.FollowUpFactory(case=factories.CaseFactory(counsellor=eva), appointment=True, due_on=step.due_on)
    return step


def test_responsibility_passes_all_the_same_and_heute_says_what_is_to_be_solved(eva_client, eva, made_in_between):
    tasks.carry_out_handovers()
    assert responsible(made_in_between.case) == eva.pk
    page = eva_client.get("/").content.decode()

    assert "10:00: um diese Zeit haben Sie noch einen Termin" in page
    number = Case.objects.values_list("number", flat=True).get(pk=made_in_between.case_id)
    url = f"/faelle/{number}/schritte/{made_in_between.pk}/aendern/"
    assert f'href="{url}"' in page
    assert eva_client.get(url).status_code == 200


def test_an_absence_that_was_entered_in_between(eva_client, eva, kim):
    step = factories.FollowUpFactory(case=factories.CaseFactory(counsellor=kim), appointment=True)
    planned([step.case], eva, timezone.localdate())
    day = factories.DateRange(step.due_on, step.due_on + dt.timedelta(days=1))
    factories.AbsenceFactory(user=eva, during=day)
    tasks.carry_out_handovers()

    assert "an diesem Tag sind Sie abwesend" in eva_client.get("/").content.decode()


def test_once_it_is_solved_heute_says_no_more_of_it(eva_client, eva, made_in_between):
    tasks.carry_out_handovers()
    later = made_in_between.starts_at + dt.timedelta(hours=1)
    FollowUp.objects.filter(pk=made_in_between.pk).update(starts_at=later, version=2)

    page = eva_client.get("/").content.decode()
    assert "Neu übernommen" in page
    assert "um diese Zeit haben Sie noch einen Termin" not in page


def test_an_appointment_alone_does_not_clash_with_itself(eva_client, kim, eva):
    step = factories.FollowUpFactory(case=factories.CaseFactory(counsellor=kim), appointment=True)
    planned([step.case], eva, timezone.localdate())
    tasks.carry_out_handovers()

    assert "um diese Zeit" not in eva_client.get("/").content.decode()

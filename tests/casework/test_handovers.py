"""Handover as an action: one case or many, now or on a day, across organisations; who reads on, who is left out."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone

from casework import actions, tasks
from casework.actions import handovers
from casework.actions.handovers import ClashDecision
from casework.enums import ClosingReason, GrantKind, RoleName
from casework.models import AccessGrant, Case, CaseAssignment, CaseHandover, FollowUp
from casework.models.invariants import find_violations
from tests import factories
from tests.factories import ahead, at_ten

TODAY = timezone.localdate


def plan(cases, giver, to, by=None, day=None, **more):
    return handovers.plan_handovers(
        cases=cases,
        giver=giver.counsellor,
        to=to.counsellor,
        effective_on=day or TODAY(),
        by=by or giver,
        batch=more.pop("batch", None) or uuid.uuid4(),
        **more,
    )


def responsible(case):
    return CaseAssignment.objects.get(case=case, during__upper_inf=True).counsellor_id


def cases_of(user, count):
    return [factories.CaseFactory(counsellor=user) for _ in range(count)]


@pytest.fixture
def lena(nora):
    """Leads the team of the other organisation."""
    user = factories.UserFactory(team=nora.team, username="lena", first_name="Lena", last_name="Kurz")
    factories.RoleGrantFactory(user=user, role=RoleName.TEAM_LEAD, team=nora.team)
    return user


# --- now ---------------------------------------------------------------------------------------------------


def test_a_case_passes_at_one_moment_with_its_note_and_its_next_step(kim, eva, case):
    step = case.follow_ups.get()

    handed = plan([case], kim, eva, notes={case.pk: "  Mag Anrufe am Vormittag "})

    ended, begun = case.assignments.order_by("during")
    assert handed.carried_out == (case.pk,)
    assert (ended.counsellor_id, begun.counsellor_id) == (kim.pk, eva.pk)
    assert ended.during.upper == begun.during.lower
    assert begun.note == "Mag Anrufe am Vormittag"
    assert FollowUp.objects.open().get(case=case) == step
    assert CaseHandover.objects.get().assignment == begun


def test_the_same_submit_twice_hands_over_once(kim, eva, case):
    batch = uuid.uuid4()
    plan([case], kim, eva, batch=batch)

    assert plan([case], kim, eva, batch=batch).carried_out == (case.pk,)
    assert CaseHandover.objects.count() == 1


def test_the_id_of_somebody_elses_submit_is_a_conflict(kim, eva, tom, case):
    batch = uuid.uuid4()
    plan([case], kim, eva, batch=batch)
    other = factories.CaseFactory(counsellor=kim)

    with pytest.raises(actions.Conflict, match="schon etwas anderes"):
        plan([other], kim, eva, by=tom, batch=batch)


def test_the_lead_of_the_giving_side_hands_over_and_nobody_else(kim, eva, tom, nora, case):
    with pytest.raises(actions.NotAllowed):
        plan([case], kim, eva, by=eva)
    with pytest.raises(actions.NotAllowed):
        plan([case], kim, nora, by=nora)

    plan([case], kim, eva, by=tom)

    assert responsible(case) == eva.pk


def test_the_successor_takes_part_no_longer(kim, eva, case):
    part = factories.CaseParticipationFactory(case=case, counsellor=eva)
    plan([case], kim, eva)

    part.refresh_from_db()
    assert part.during.upper == CaseHandover.objects.get().carried_out_at


def test_who_is_left_out_is_named_and_the_rest_goes_on(kim, eva, tom, case):
    gone, ended, planned = cases_of(kim, 3)
    factories.CaseAssignmentFactory(case=gone, counsellor=tom_as_counsellor(kim))
    factories.CaseClosureFactory(case=ended)
    factories.CaseHandoverFactory(case=planned, to_counsellor=eva)

    handed = plan([case, gone, ended, planned], kim, eva)

    assert handed.carried_out == (case.pk,)
    assert dict(handed.left_out) == {
        number(gone): handovers.CHANGED,
        number(ended): handovers.CLOSED,
        number(planned): handovers.PLANNED,
    }


def tom_as_counsellor(kim):
    return factories.CounsellorFactory(user__team=kim.team)


def number(case):
    return Case.objects.get(pk=case.pk).number


def test_nothing_left_is_a_conflict(kim, eva, case):
    factories.CaseClosureFactory(case=case)

    with pytest.raises(actions.Conflict, match="nichts übergeben"):
        plan([case], kim, eva)


@pytest.mark.parametrize(
    ("days", "message"), [(-1, "Vergangenheit"), (800, "zwei Jahre"), ("sunday", "kein Arbeitstag")]
)
def test_a_day_that_does_not_hold_is_refused(kim, eva, case, days, message):
    today = TODAY()
    day = today + dt.timedelta(days=(6 - today.weekday()) + 7) if days == "sunday" else today + dt.timedelta(days=days)

    with pytest.raises(actions.RuleBroken, match=message) as caught:
        plan([case], kim, eva, day=day)
    assert caught.value.field == "effective_on"


def test_one_case_from_its_file_is_a_handover_too(kim, eva, case):
    actions.reassign_case(case=case, counsellor=eva.counsellor, note="Neu bei dir", by=kim)

    handover = CaseHandover.objects.get()
    assert (handover.from_counsellor_id, handover.to_counsellor_id, handover.note) == (kim.pk, eva.pk, "Neu bei dir")
    assert handover.carried_out_at is not None


def test_one_case_from_its_file_waits_for_its_plan(kim, eva, case):
    factories.CaseHandoverFactory(case=case)

    with pytest.raises(actions.RuleBroken, match="schon eine Übergabe geplant"):
        actions.reassign_case(case=case, counsellor=eva.counsellor, by=kim)


# --- reading on --------------------------------------------------------------------------------------------


def test_the_former_ifk_reads_for_thirty_days_and_does_not_write(kim, eva, case):
    plan([case], kim, eva)

    grant = AccessGrant.objects.get(user=kim, case=case)
    assert grant.kind == GrantKind.FORMER
    assert timezone.localtime(grant.during.upper).date() == TODAY() + dt.timedelta(days=31)
    assert Case.objects.readable_by(kim).filter(pk=case.pk).exists()
    assert not Case.objects.acted_on_by(kim).filter(pk=case.pk).exists()
    assert not Case.objects.readable_by(kim, grant.during.upper).filter(pk=case.pk).exists()


def test_the_days_of_reading_are_a_setting(kim, eva, case, settings):
    settings.FORMER_READING_DAYS = 0
    plan([case], kim, eva)

    assert not AccessGrant.objects.exists()
    assert not Case.objects.readable_by(kim).filter(pk=case.pk).exists()


def test_back_and_forth_only_the_missing_rest_of_the_time_is_added(kim, eva, case, settings):
    settings.FORMER_READING_DAYS = 10
    plan([case], kim, eva)
    plan([case], eva, kim)
    settings.FORMER_READING_DAYS = 30
    plan([case], kim, eva)
    plan([case], eva, kim)
    plan([case], kim, eva)

    first, rest = AccessGrant.objects.filter(user=kim).order_by("during")
    assert first.during.upper == rest.during.lower
    assert timezone.localtime(rest.during.upper).date() == TODAY() + dt.timedelta(days=31)
    assert find_violations() == []


# --- later -------------------------------------------------------------------------------------------------


def test_a_plan_changes_nothing_before_its_day_and_everything_on_it(kim, eva):
    first, second = cases_of(kim, 2)
    past = timezone.now() - dt.timedelta(days=7)
    day = TODAY()
    if day.weekday() > 4:
        pytest.skip("a plan is made for a working day")
    with time_machine.travel(past, tick=False):
        handed = plan([first, second], kim, eva, day=day)
        tasks.carry_out_handovers()
        assert handed.carried_out == ()
        assert responsible(first) == kim.pk

    tasks.carry_out_handovers()
    tasks.carry_out_handovers()

    assert [responsible(first), responsible(second)] == [eva.pk, eva.pk]
    assert CaseAssignment.objects.filter(case=first).count() == 2


def planned_for_today(cases, giver, to, **more):
    """A plan that was made a week ago for today."""
    batch = uuid.uuid4()
    return [
        factories.CaseHandoverFactory(case=case, to_counsellor=to, effective_on=TODAY(), batch=batch, **more)
        for case in cases
    ]


def test_a_plan_of_what_has_changed_is_withdrawn_and_the_rest_goes_on(kim, eva):
    stays, gone = cases_of(kim, 2)
    _, lost = planned_for_today([stays, gone], kim, eva)
    factories.CaseAssignmentFactory(case=gone, counsellor=factories.CounsellorFactory(user__team=kim.team))

    assert handovers.carry_out_due(TODAY()) == 1

    lost.refresh_from_db()
    assert (lost.withdrawn_by, lost.carried_out_at) == (kim, None)
    assert responsible(stays) == eva.pk


def test_a_plan_for_who_is_no_ifk_any_more_is_withdrawn(kim, eva, case):
    (lost,) = planned_for_today([case], kim, eva)
    eva.role_grants.all().delete()

    assert handovers.carry_out_due(TODAY()) == 0
    lost.refresh_from_db()
    assert lost.withdrawn_at is not None


def test_one_plan_alone_is_carried_out_once(kim, eva, case):
    (handover,) = planned_for_today([case], kim, eva)

    assert handovers.carry_out(handover=handover).carried_out == (case.pk,)
    assert handovers.carry_out(handover=handover).carried_out == ()


def test_the_end_of_a_case_takes_its_plan_back(kim, eva, case):
    handover = factories.CaseHandoverFactory(case=case, to_counsellor=eva)
    actions.end_case(case=case, reason=ClosingReason.INDEPENDENT, by=kim)

    handover.refresh_from_db()
    assert handover.withdrawn_by == kim


def test_a_plan_is_taken_back_by_who_gives_and_both_leads(kim, eva, tom, nora, case):
    handover = factories.CaseHandoverFactory(case=case, to_counsellor=eva)
    for stranger in (eva, nora):
        with pytest.raises(actions.NotAllowed):
            handovers.withdraw_handovers(handovers=[handover], by=stranger)

    assert handovers.withdraw_handovers(handovers=[handover], by=tom) == 1
    with pytest.raises(actions.StaleVersion):
        handovers.withdraw_handovers(handovers=[handover], by=kim)


def test_read_once_by_who_took_it_over(kim, eva, case):
    plan([case], kim, eva)
    handover = CaseHandover.objects.get()

    assert handovers.mark_seen(handovers=[handover], by=kim) == 0
    assert handovers.mark_seen(handovers=[handover], by=eva) == 1
    assert handovers.mark_seen(handovers=[handover], by=eva) == 0


# --- across organisations ----------------------------------------------------------------------------------


def test_across_organisations_the_receiving_lead_accepts_first(kim, nora, lena, tom, case):
    handed = plan([case], kim, nora)
    handover = CaseHandover.objects.get()
    assert handed.carried_out == ()
    assert handovers.carry_out_due(TODAY()) == 0
    for stranger in (kim, tom, nora):
        with pytest.raises(actions.NotAllowed):
            handovers.accept_handovers(handovers=[handover], by=stranger)

    handovers.accept_handovers(handovers=[handover], by=lena)

    case = Case.objects.select_related("client").get(pk=case.pk)
    assert responsible(case) == nora.pk
    assert case.organisation_id == nora.organisation_id == case.client.organisation_id
    assert find_violations() == []


def test_a_number_of_the_leading_system_that_is_taken_there_stays_here(kim, nora, lena, case):
    factories.ClientFactory(created_by=nora, external_ref="A-1")
    type(case.client).objects.filter(pk=case.client_id).update(external_ref="A-1")
    plan([case], kim, nora)
    handovers.accept_handovers(handovers=list(CaseHandover.objects.all()), by=lena)

    case = Case.objects.select_related("client").get(pk=case.pk)
    assert case.organisation_id == nora.organisation_id
    assert case.client.organisation_id == kim.organisation_id


# --- clashes -----------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(kim, case):
    """Kim's appointment at ten in a week."""
    return factories.FollowUpFactory(case=case, appointment=True, due_on=ahead(7))


def test_an_appointment_at_the_same_hour_is_solved_first(kim, eva, case, meeting):
    factories.FollowUpFactory(case=cases_of(eva, 1)[0], appointment=True, due_on=meeting.due_on)

    with pytest.raises(actions.RuleBroken, match="schon einen Termin") as caught:
        plan([case], kim, eva)
    assert caught.value.field == f"step{meeting.pk}"
    assert responsible(case) == kim.pk

    later = meeting.starts_at + dt.timedelta(hours=2)
    plan([case], kim, eva, decisions=[ClashDecision(meeting.pk, meeting.version, starts_at=later)])
    meeting.refresh_from_db()
    assert (meeting.starts_at, responsible(case)) == (later, eva.pk)


def test_an_appointment_that_is_moved_onto_the_next_one_still_clashes(kim, eva, case, meeting):
    other = cases_of(eva, 1)[0]
    for day in (ahead(7), ahead(14)):
        factories.FollowUpFactory(case=other, appointment=True, due_on=day)

    with pytest.raises(actions.RuleBroken):
        plan([case], kim, eva, decisions=[ClashDecision(meeting.pk, meeting.version, starts_at=at_ten(ahead(14)))])
    meeting.refresh_from_db()
    assert meeting.due_on == ahead(7)


def test_an_appointment_in_an_absence_stays_on_purpose(kim, eva, case, meeting):
    factories.AbsenceFactory(user=eva)

    with pytest.raises(actions.RuleBroken, match="abwesend"):
        plan([case], kim, eva)
    plan([case], kim, eva, decisions=[ClashDecision(meeting.pk, meeting.version, stays=True)])

    assert responsible(case) == eva.pk


def test_an_appointment_before_the_day_is_the_givers(kim, eva, case, meeting):
    factories.AbsenceFactory(user=eva)

    assert plan([case], kim, eva, day=ahead(12)).planned == (case.pk,)


# --- many --------------------------------------------------------------------------------------------------


def statements(queries):
    return [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]


def test_the_number_of_statements_does_not_grow_with_the_cases(kim, eva, count_queries):
    few, many = cases_of(kim, 2), cases_of(kim, 20)
    with count_queries() as small:
        plan(few, kim, eva)
    with count_queries() as large:
        plan(many, kim, eva)

    assert len(statements(large)) == len(statements(small))
    assert len(statements(large)) <= 22


def test_five_hundred_cases_pass_at_once(kim, eva):
    cases = cases_of(kim, 500)

    handed = plan(cases, kim, eva, by=kim)

    assert len(handed.carried_out) == 500
    assert Case.objects.led_by(kim.pk).count() == 0
    assert Case.objects.led_by(eva.pk).count() == 500
    assert find_violations() == []

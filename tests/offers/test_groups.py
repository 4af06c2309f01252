"""Groups of the Jobakademie: made with their dates, joined from day one, left at any time (R3.3-3)."""

import datetime as dt

import pytest
from django.utils import timezone

from casework.actions import CaseClosed, NewStep, NotAllowed, RuleBroken, StandingStep, complete_follow_up
from casework.enums import FollowUpKind
from casework.models import CaseParticipation, FollowUp, FollowUpChange
from jobcenter.platform.workdays import is_working_day
from offers.actions.group_dates import cancel_date
from offers.actions.groups import (
    NewDate,
    Pattern,
    add_dates,
    add_trainer,
    create_group,
    join_group,
    leave_group,
)
from offers.models import GroupDate, GroupMember, GroupTrainer
from tests.factories import CaseFactory, FollowUpFactory, LocalDayFactory, ahead, at_ten, published_offer
from tests.offers.grouping import as_trainer, choice_of, group_of, join, join_people, later_date

pytestmark = pytest.mark.django_db


def made(by, **changed):
    today = timezone.localdate()
    values = {
        "offer": published_offer(immediate=True),
        "name": "Jobakademie Winter",
        "place": "Raum 2",
        "starts_on": today,
        "ends_on": today + dt.timedelta(days=60),
        "pattern": Pattern(frozenset({0, 2, 4}), dt.time(9)),
    }
    if "trainers" not in changed:
        values["trainers"] = [by.counsellor]
    return create_group(by=by, **values | changed)


# --- made ---


def test_three_dates_a_week_without_holidays_and_closed_days(tom, kim):
    as_trainer(kim)
    days = (timezone.localdate() + dt.timedelta(days=number) for number in range(20, 40))
    closed = next(day for day in days if is_working_day(day) and day.weekday() == 2)
    LocalDayFactory(date=closed)

    group = made(kim)

    days = [timezone.localdate(date.starts_at) for date in group.dates.all()]
    assert {day.weekday() for day in days} <= {0, 2, 4}
    assert 20 <= len(days) <= 27
    assert all(is_working_day(day) for day in days)
    assert closed not in days
    assert {timezone.localtime(date.starts_at).time() for date in group.dates.all()} == {dt.time(9)}
    assert {date.place for date in group.dates.all()} == {"Raum 2"}


def test_no_colleague_of_another_area_makes_or_leads_a_group(kim, eva):
    with pytest.raises(NotAllowed):
        made(kim)
    with pytest.raises(RuleBroken, match="Spezial-IFK der Jobakademie"):
        made(as_trainer(kim), trainers=[eva.counsellor])


def test_a_team_lead_makes_one_for_a_trainer(tom, kim):
    group = made(tom, trainers=[as_trainer(kim).counsellor])

    assert group.trainers.get().counsellor_id == kim.pk


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"trainers": []}, "trainers"),
        ({"ends_on": dt.date(2020, 1, 1)}, "ends_on"),
        ({"ends_on": timezone.localdate() + dt.timedelta(days=900)}, "ends_on"),
        ({"offer": "other"}, "offer"),
    ],
)
def test_what_is_missing_is_named(kim, changed, field):
    if changed.get("offer"):
        changed = {"offer": published_offer()}

    with pytest.raises(RuleBroken) as caught:
        made(as_trainer(kim), **changed)

    assert caught.value.field == field


def test_single_dates_are_added_once(kim):
    group = group_of(kim)
    date = NewDate(at_ten(ahead(3)), "", "Messe")

    (added,) = add_dates(group=group, dates=[date], by=kim)

    assert (added.place, added.subject) == (group.place, "Messe")
    with pytest.raises(RuleBroken, match="trifft sich die Gruppe schon"):
        add_dates(group=group, dates=[date], by=kim)


def test_no_date_on_a_sunday_and_none_by_strangers(kim, eva):
    group = group_of(kim)
    sunday = timezone.localdate() + dt.timedelta(days=7 + (6 - timezone.localdate().weekday()))

    with pytest.raises(RuleBroken, match="Sonntag|Feiertag"):
        add_dates(group=group, dates=[NewDate(at_ten(sunday))], by=kim)
    with pytest.raises(NotAllowed):
        add_dates(group=group, dates=[NewDate(at_ten(ahead(3)))], by=eva)


# --- joined ---


def test_joining_brings_trainers_and_the_next_date(kim, eva, nora):
    group = group_of(eva)
    date = later_date(group)
    case = CaseFactory(counsellor=kim)

    member = join(group, case)

    assert member.case_id == case.pk
    assert CaseParticipation.objects.get(case=case).counsellor_id == eva.pk
    step = FollowUp.objects.get(case=case, kind=FollowUpKind.APPOINTMENT)
    assert (step.starts_at, step.subject) == (date.starts_at, f"Jobakademie Herbst: {date.subject}")


def test_a_trainer_who_is_responsible_takes_no_further_part(eva):
    group = group_of(eva)

    join(group, CaseFactory(counsellor=eva))

    assert not CaseParticipation.objects.exists()


def test_an_appointment_at_that_time_is_not_set_twice(kim, eva):
    group = group_of(eva)
    date = later_date(group)
    case = CaseFactory(counsellor=kim)
    FollowUpFactory(case=case, appointment=True, due_on=timezone.localdate(date.starts_at), starts_at=date.starts_at)

    join(group, case)

    assert FollowUp.objects.filter(case=case, kind=FollowUpKind.APPOINTMENT).count() == 1


def test_the_seventeenth_is_told_that_the_group_is_full(kim, eva):
    group = group_of(eva)
    join_people(group, kim, 16)

    with pytest.raises(RuleBroken, match="Die Gruppe ist voll.") as caught:
        join(group, CaseFactory(counsellor=kim))

    assert caught.value.field == "group"
    assert GroupMember.objects.count() == 16


def test_nobody_joins_a_group_of_another_offer_or_one_that_is_over(kim, eva):
    case = CaseFactory(counsellor=kim)
    group = group_of(eva)
    other = group_of(eva)
    past = group_of(eva, offer=group.offer, starts_on=dt.date(2026, 1, 5), ends_on=dt.date(2026, 3, 5))
    choice = choice_of(case, group)

    for wrong in (other, past):
        with pytest.raises(RuleBroken):
            join_group(choice=choice, group=wrong, by=kim)


def test_nobody_joins_twice(kim, eva):
    group = group_of(eva)
    member = join(group, CaseFactory(counsellor=kim))

    with pytest.raises(RuleBroken, match="schon in dieser Gruppe"):
        join_group(choice=member.choice, group=group, by=kim)


def test_nobody_joins_by_an_ended_case(kim, eva):
    from casework.actions import end_case
    from casework.enums import ClosingReason

    case = CaseFactory(counsellor=kim)
    group = group_of(eva)
    choice = choice_of(case, group)
    end_case(case=case, reason=ClosingReason.MOVED, by=kim)

    with pytest.raises(CaseClosed):
        join_group(choice=choice, group=group, by=kim)


def test_a_further_trainer_takes_part_in_every_case(kim, eva, tom):
    group = group_of(eva)
    members = join_people(group, kim, 3)

    add_trainer(group=group, trainer=as_trainer(kim).counsellor, by=eva)

    assert GroupTrainer.objects.filter(group=group).count() == 2
    # Kim is responsible in all of them already.
    assert CaseParticipation.objects.filter(case__in=[m.case for m in members]).count() == 3


# --- left ---


def test_leaving_needs_another_next_step(kim, eva):
    group = group_of(eva)
    later_date(group)
    member = join(group, CaseFactory(counsellor=kim))

    with pytest.raises(RuleBroken) as caught:
        leave_group(member=member, by=kim)

    assert caught.value.field == "next"
    step = NewStep(FollowUpKind.REMINDER, ahead(5), "Wie geht es weiter?")
    leave_group(member=member, by=kim, next_step=step)
    member.refresh_from_db()
    assert member.left_by_id == kim.pk
    assert not CaseParticipation.objects.filter(case=member.case, during__upper_inf=True).exists()
    assert "Wie geht es weiter?" in FollowUp.objects.open().filter(case=member.case).values_list("subject", flat=True)
    assert not FollowUp.objects.open().filter(case=member.case, kind=FollowUpKind.APPOINTMENT).exists()


def test_a_step_that_stands_may_follow_but_no_date_of_the_group(kim, eva):
    group = group_of(eva)
    later_date(group)
    case = CaseFactory(counsellor=kim)
    reminder = case.follow_ups.get()
    member = join(group, case)
    appointment = FollowUp.objects.get(case=case, kind=FollowUpKind.APPOINTMENT)

    with pytest.raises(RuleBroken):
        leave_group(member=member, by=kim, next_step=StandingStep(appointment.pk))
    leave_group(member=member, by=kim, next_step=StandingStep(reminder.pk))

    appointment.refresh_from_db()
    assert appointment.successor_id == reminder.pk


def test_a_trainer_who_worked_in_the_case_before_goes_on(kim, eva):
    from casework.actions import add_participation

    group = group_of(eva)
    case = CaseFactory(counsellor=kim)
    add_participation(case=case, counsellor=eva.counsellor, by=kim)
    member = join(group, case)

    leave_group(member=member, by=kim)

    assert CaseParticipation.objects.filter(case=case, during__upper_inf=True).count() == 1


def test_who_left_may_join_again(kim, eva):
    group = group_of(eva)
    member = join(group, CaseFactory(counsellor=kim))
    leave_group(member=member, by=kim)

    join_group(choice=member.choice, group=group, by=kim)

    assert GroupMember.objects.filter(left_at=None).count() == 1


# --- cancelled ---


def test_a_cancelled_date_moves_everybody_to_the_next(kim, eva):
    group = group_of(eva)
    first, second = later_date(group, 3), later_date(group, 10)
    members = join_people(group, kim, 3)

    cancel_date(group_date=first, by=eva)

    for member in members:
        step = FollowUp.objects.open().get(case=member.case, kind=FollowUpKind.APPOINTMENT)
        assert step.starts_at == second.starts_at
    assert FollowUpChange.objects.filter(reason="Gruppentermin abgesagt").count() == 3
    assert GroupDate.objects.get(pk=first.pk).cancelled_by_id == eva.pk


def test_the_last_date_is_not_cancelled_over_somebody_without_another_step(kim, eva):
    group = group_of(eva)
    only = later_date(group, 3)
    case = CaseFactory(counsellor=kim)
    join(group, case)
    appointment = FollowUp.objects.get(case=case, starts_at=only.starts_at)
    for other in FollowUp.objects.open().filter(case=case).exclude(pk=appointment.pk):
        complete_follow_up(
            follow_up=other, version=other.version, outcome="", next_step=StandingStep(appointment.pk), by=kim
        )

    with pytest.raises(RuleBroken, match="keinen anderen nächsten"):
        cancel_date(group_date=only, by=eva)

    assert GroupDate.objects.get(pk=only.pk).cancelled_at is None


def test_only_trainers_cancel(kim, eva):
    group = group_of(eva)

    with pytest.raises(NotAllowed):
        cancel_date(group_date=later_date(group), by=kim)

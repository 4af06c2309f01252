"""A group of the Jobakademie: sixteen people at most, led by its Spezial-IFK, each date recorded once (R3.3-3)."""

import datetime as dt

import pytest
from django.utils import timezone

from casework.enums import SpecialistArea
from offers.models import MOST_MEMBERS, Attendance, Group, GroupDate, GroupMember, OfferChoice
from tests import factories
from tests.factories import GroupDateFactory, GroupFactory, GroupMemberFactory, GroupTrainerFactory, ahead, back
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def group():
    return GroupFactory()


def rows(row):
    return type(row).objects.filter(pk=row.pk)


def end(name, by):
    return {f"{name}_at": timezone.now(), f"{name}_by": by}


# --- the group and its trainers ----------------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["", "  ", "\n\t"])
def test_a_group_has_a_name(blank):
    with refused("group_named"):
        GroupFactory(name=blank)


def test_a_group_does_not_end_before_it_begins(group):
    with refused("group_period_real"):
        rows(group).update(starts_on=ahead(9), ends_on=ahead(2))
    with refused("group_end_paired"):
        rows(group).update(ended_at=timezone.now())


def test_a_group_is_of_an_offer_of_the_house_that_is_open_from_day_one(group, offer):
    with refused("group_is_of_an_immediate_offer"):
        GroupFactory(offer=offer)
    with denied():
        Group.objects.update(offer=offer)


def test_trainers_are_specialists_of_the_jobakademie(group):
    with refused("trainer_is_of_the_jobakademie"):
        GroupTrainerFactory(group=group, counsellor=factories.CounsellorFactory())
    with refused("trainer_is_of_the_jobakademie"):
        GroupTrainerFactory(group=group, counsellor__area=SpecialistArea.REHAB)
    trainer = GroupTrainerFactory(group=group)
    with refused("trainer_once_in_group"):
        GroupTrainerFactory(group=group, counsellor=trainer.counsellor)


# --- who takes part ----------------------------------------------------------------------------------------


def test_sixteen_join_and_no_seventeenth(group):
    members = [GroupMemberFactory(group=group) for _ in range(MOST_MEMBERS)]

    with refused("group_has_sixteen_places"):
        GroupMemberFactory(group=group)
    choice = factories.chosen_offer(offer=group.offer)
    row = GroupMember(case=choice.case, group=group, choice=choice, joined_at=timezone.now(), joined_by=choice.by)
    with refused("group_has_sixteen_places"):
        GroupMember.objects.bulk_create([row])
    with refused("group_has_sixteen_places"):
        sql(
            "INSERT INTO offers_groupmember (case_id, group_id, choice_id, joined_by_id) VALUES (%s, %s, %s, %s)",
            [choice.case_id, group.pk, choice.pk, choice.by_id],
        )
    rows(members[0]).update(**end("left", members[0].joined_by))
    with accepted():
        GroupMemberFactory(group=group)


def test_a_member_chose_the_offer_of_the_group(group):
    choice = factories.chosen_offer()

    with refused("member_chose_the_group"):
        GroupMemberFactory(group=group, choice=choice)
    taken_back = factories.chosen_offer(offer=group.offer)
    OfferChoice.objects.filter(pk=taken_back.pk).update(withdrawn_at=timezone.now(), withdrawn_by=taken_back.by)
    with refused("member_chose_the_group"):
        GroupMemberFactory(group=group, choice=taken_back, joined_at=timezone.now() + dt.timedelta(seconds=5))


def test_a_member_is_once_in_a_group_at_a_time(group):
    member = GroupMemberFactory(group=group)

    with refused("member_once_in_group_at_a_time"):
        GroupMemberFactory(group=group, choice=member.choice)
    rows(member).update(**end("left", member.joined_by))
    with accepted():
        GroupMemberFactory(group=group, choice=member.choice, joined_at=timezone.now())


def test_a_member_leaves_once_after_joining(group):
    member = GroupMemberFactory(group=group)

    with refused("member_leaving_paired"):
        rows(member).update(left_at=timezone.now())
    with refused("member_leaves_after_joining"):
        rows(member).update(left_at=member.joined_at - HOUR, left_by=member.joined_by)
    with refused("member_leaves_once"):
        rows(member).update(left_at=timezone.now() + HOUR, left_by=member.joined_by)
    rows(member).update(**end("left", member.joined_by))
    for changed in ({"left_at": None, "left_by": None}, {"left_at": timezone.now()}):
        with refused("member_leaves_once"):
            rows(member).update(**changed)


# --- its dates ---------------------------------------------------------------------------------------------


def test_a_group_meets_once_at_a_time(group):
    date = GroupDateFactory(group=group)

    with refused("group_meets_once_at_a_time"):
        GroupDateFactory(group=group, starts_at=date.starts_at)
    rows(date).update(**end("cancelled", date.created_by))
    with accepted():
        GroupDateFactory(group=group, starts_at=date.starts_at)


def test_what_happened_to_a_date_has_a_moment_and_a_person(group):
    date = GroupDateFactory(group=group)

    with refused("group_date_cancellation_paired"):
        rows(date).update(cancelled_at=timezone.now())
    past = GroupDateFactory(group=group, starts_at=factories.ago(hours=3))
    with refused("group_date_record_paired"):
        rows(past).update(recorded_at=timezone.now(), text="Lebensläufe gelesen.")


@pytest.mark.parametrize("blank", ["", "  ", "\n\t"])
def test_a_date_is_recorded_with_its_common_text(group, blank):
    past = GroupDateFactory(group=group, starts_at=factories.ago(hours=3))

    with refused("group_date_recorded_with_text"):
        rows(past).update(text=blank, **end("recorded", past.created_by))


def test_a_date_is_recorded_once(group):
    recorded = GroupDateFactory(group=group, recorded=True)

    for changed in (
        {"text": "Anders"},
        {"text": "", "recorded_at": None, "recorded_by": None},
        end("cancelled", recorded.created_by),
        end("recorded", recorded.created_by),
    ):
        with refused("group_date_is_recorded_once"):
            rows(recorded).update(**changed)
    with refused("cancelled_group_date_is_not_recorded"):
        GroupDateFactory(group=group, recorded=True, **end("cancelled", recorded.created_by))


def test_a_date_has_no_text_before_it_was_recorded_and_is_not_recorded_ahead(group):
    date = GroupDateFactory(group=group)

    with refused("group_date_is_recorded_once"):
        rows(date).update(text="Schon geschrieben")
    with refused("group_date_is_recorded_once"):
        rows(date).update(text="Lebensläufe gelesen.", **end("recorded", date.created_by))
    with refused("group_date_is_recorded_once"):
        GroupDateFactory(group=group, text="Schon geschrieben")


def test_a_date_is_not_moved_and_not_deleted(group):
    GroupDateFactory(group=group)

    with denied():
        GroupDate.objects.update(starts_at=timezone.now())
    for table in ("group", "groupmember", "groupdate", "attendance"):
        with denied():
            sql(f"DELETE FROM offers_{table}")


# --- who was there -----------------------------------------------------------------------------------------


def test_attendance_belongs_to_a_recorded_date_of_the_group_of_the_member(group):
    member = GroupMemberFactory(group=group)

    with refused("attendance_at_a_date_of_the_group"):
        factories.AttendanceFactory(member=member)  # a date of another group
    ahead_of_us = GroupDateFactory(group=group)
    with refused("attendance_at_a_date_of_the_group"):
        factories.AttendanceFactory(member=member, group_date=ahead_of_us)


def test_each_member_attends_a_date_once_with_a_contact_of_its_own(group):
    member = GroupMemberFactory(group=group)
    date = GroupDateFactory(group=group, recorded=True)
    attended = factories.AttendanceFactory(member=member, group_date=date)

    with refused("attendance_once_per_date"):
        factories.AttendanceFactory(member=member, group_date=date)
    other = GroupDateFactory(group=group, recorded=True, starts_at=factories.ago(days=1))
    with refused("one_attendance_per_contact"):
        factories.AttendanceFactory(member=member, group_date=other, contact=attended.contact)
    with denied():
        Attendance.objects.update(attended=False)


def test_the_group_of_the_factories_has_begun(group):
    assert group.starts_on <= back(0) <= group.ends_on

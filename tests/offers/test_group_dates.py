"""A date of the group is recorded once: sixteen contacts with sixteen next steps, or none (R3.3-3, R4.3-4)."""

import dataclasses
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.actions import AlreadySubmitted, NotAllowed, RuleBroken, StaleVersion
from casework.enums import ContactKind, MissedHow
from casework.models import Contact, FollowUp
from offers.actions.group_dates import DateCancelled, DateRecorded, cancel_date
from offers.models import Attendance, GroupDate
from tests.factories import CaseFactory
from tests.offers.grouping import TEXT, group_of, join, join_people, later_date, record, rows_of, step_at, todays_date

pytestmark = pytest.mark.django_db


def test_sixteen_people_one_submit(kim, eva):
    group = group_of(eva)
    join_people(group, kim, 16)
    date, following = todays_date(group), later_date(group)
    rows = rows_of(date, step_at(following.starts_at))
    rows[4] = dataclasses.replace(rows[4], kind=ContactKind.MISSED, missed_how=MissedHow.CANCELLED, text="Kind krank.")

    record(date, rows, eva)

    contacts = Contact.objects.filter(channel__code="group")
    assert contacts.count() == 16
    assert {contact.follow_up.starts_at for contact in contacts} == {following.starts_at}
    assert len({contact.follow_up_id for contact in contacts}) == 16
    assert not FollowUp.objects.open().filter(starts_at=date.starts_at).exists()
    assert Attendance.objects.filter(attended=True).count() == 15
    date.refresh_from_db()
    assert (date.text, date.recorded_by_id) == (TEXT, eva.pk)
    assert contacts.exclude(text=TEXT).get().text == "Kind krank."


def test_one_broken_row_and_nobody_has_a_contact(kim, eva):
    group = group_of(eva)
    members = join_people(group, kim, 16)
    date, following = todays_date(group), later_date(group)
    rows = rows_of(date, step_at(following.starts_at))
    rows[7] = dataclasses.replace(rows[7], next_step=step_at(following.starts_at, subject=""))

    with pytest.raises(RuleBroken) as caught:
        record(date, rows, eva)

    assert caught.value.field == f"row{members[7].case.number}_next_subject"
    assert not Contact.objects.filter(channel__code="group").exists()
    assert GroupDate.objects.get(pk=date.pk).recorded_at is None


def test_the_number_of_statements_does_not_grow(kim, eva):
    counted = []
    for count in (2, 16):
        group = group_of(eva)
        join_people(group, kim, count)
        date, following = todays_date(group), later_date(group)
        rows = rows_of(date, step_at(following.starts_at))
        with CaptureQueriesContext(connection) as queries:
            record(date, rows, eva)
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_the_same_submit_twice_is_one(kim, eva):
    group = group_of(eva)
    join_people(group, kim, 3)
    date, following = todays_date(group), later_date(group)
    rows, key = rows_of(date, step_at(following.starts_at)), uuid.uuid4()
    first = record(date, rows, eva, key=key)

    again = record(date, rows, eva, key=key)

    assert [contact.pk for contact in again] == [contact.pk for contact in first]
    assert Attendance.objects.count() == 3
    with pytest.raises(AlreadySubmitted):
        record(date, rows, eva, key=key, text="Ein anderer Text.")


def test_a_second_trainer_is_told(kim, eva, tom):
    group = group_of(eva, kim)
    join_people(group, kim, 2)
    date, following = todays_date(group), later_date(group)
    rows = rows_of(date, step_at(following.starts_at))
    record(date, rows, eva)

    with pytest.raises(DateRecorded):
        record(date, rows, kim)

    assert Contact.objects.filter(channel__code="group").count() == 2


def test_a_name_in_the_common_text_is_refused(kim, eva):
    group = group_of(eva)
    join_people(group, kim, 2)
    date, following = todays_date(group), later_date(group)

    with pytest.raises(RuleBroken, match="nennt den Namen von Robin Arslan") as caught:
        record(date, rows_of(date, step_at(following.starts_at)), eva, text="Arslan hat vorgelesen.")

    assert caught.value.field == "text"


def test_everybody_has_a_row(kim, eva):
    group = group_of(eva)
    join_people(group, kim, 3)
    date, following = todays_date(group), later_date(group)

    with pytest.raises(StaleVersion):
        record(date, rows_of(date, step_at(following.starts_at))[:2], eva)


def test_a_member_whose_case_has_ended_has_no_row(kim, eva):
    from casework.actions import end_case
    from casework.enums import ClosingReason

    group = group_of(eva)
    members = join_people(group, kim, 3)
    date, following = todays_date(group), later_date(group)
    end_case(case=members[0].case, reason=ClosingReason.MOVED, by=kim)
    rows = [row for row in rows_of(date, step_at(following.starts_at)) if row.case.pk != members[0].case_id]

    assert len(record(date, rows, eva)) == 2


def test_only_trainers_record_and_only_what_has_begun(kim, eva):
    group = group_of(eva)
    join(group, CaseFactory(counsellor=kim))
    date, following = todays_date(group), later_date(group)

    with pytest.raises(NotAllowed):
        record(date, rows_of(date, step_at(following.starts_at)), kim)
    with pytest.raises(RuleBroken, match="noch nicht begonnen"):
        record(following, rows_of(following, step_at(later_date(group, 14).starts_at)), eva)
    with pytest.raises(RuleBroken, match="was in der Gruppe besprochen"):
        record(date, rows_of(date, step_at(following.starts_at)), eva, text=" ")


def test_a_cancelled_date_is_not_recorded_and_a_recorded_one_not_cancelled(kim, eva):
    group = group_of(eva)
    join(group, CaseFactory(counsellor=kim))
    date, following = todays_date(group), later_date(group)
    gone = later_date(group, 12)
    cancel_date(group_date=gone, by=eva)
    record(date, rows_of(date, step_at(following.starts_at)), eva)

    with pytest.raises(DateCancelled):
        record(gone, rows_of(gone, step_at(following.starts_at)), eva)
    with pytest.raises(DateCancelled):
        cancel_date(group_date=gone, by=eva)
    with pytest.raises(DateRecorded):
        cancel_date(group_date=date, by=eva)

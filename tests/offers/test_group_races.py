"""Two people do something with a group at the same moment: one of them wins, and every rule holds."""

import uuid

import pytest

from casework.models import Contact
from casework.models.invariants import find_violations
from offers.actions.groups import join_group
from offers.models import Attendance, GroupMember
from tests.casework.test_races import at_once, kinds
from tests.factories import CaseFactory
from tests.offers.grouping import (
    choice_of,
    group_of,
    join_people,
    later_date,
    record,
    rows_of,
    step_at,
    todays_date,
)

pytestmark = pytest.mark.usefixtures("committed_db")


def test_two_trainers_record_one_date(kim, eva):
    group = group_of(eva, kim)
    join_people(group, kim, 4)
    date, following = todays_date(group), later_date(group)
    rows = rows_of(date, step_at(following.starts_at))

    answers = at_once(lambda: record(date, rows, eva), lambda: record(date, rows, kim))

    assert kinds(answers) == ["DateRecorded", "done"]
    assert Contact.objects.filter(channel__code="group").count() == Attendance.objects.count() == 4
    assert find_violations() == []


def test_one_submit_sent_twice_at_once(kim, eva):
    group = group_of(eva)
    join_people(group, kim, 4)
    date, following = todays_date(group), later_date(group)
    rows, key = rows_of(date, step_at(following.starts_at)), uuid.uuid4()

    answers = at_once(*[lambda: record(date, rows, eva, key=key)] * 2)

    assert kinds(answers) == ["done", "done"]
    assert Contact.objects.filter(channel__code="group").count() == 4


def test_two_join_for_the_last_place(kim, eva):
    group = group_of(eva)
    join_people(group, kim, 15)
    later_date(group)
    choices = [choice_of(CaseFactory(counsellor=kim), group) for _ in range(2)]

    answers = at_once(*[lambda choice=choice: join_group(choice=choice, group=group, by=kim) for choice in choices])

    assert kinds(answers) == ["RuleBroken", "done"]
    assert GroupMember.objects.filter(left_at=None).count() == 16
    assert find_violations() == []

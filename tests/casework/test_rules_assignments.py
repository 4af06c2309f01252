"""Exactly one responsible IFK at any moment of an open case, and never one whose account is switched off."""

import datetime as dt

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from casework.models import Case, CaseAssignment, CaseParticipation, User
from tests import factories
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.django_db

INSERT = """
INSERT INTO casework_caseassignment (case_id, counsellor_id, during, by_id, note)
VALUES (%s, %s, %s::tstzrange, %s, '')
"""


@pytest.fixture
def case(kim):
    return factories.CaseFactory(counsellor=kim)


def insert_assignment(case, counsellor, during):
    return sql(INSERT, [case.pk, counsellor.pk, during, case.opened_by_id])


def end_current(case, at):
    current = CaseAssignment.objects.get(case=case, during__upper_inf=True)
    return CaseAssignment.objects.filter(pk=current.pk).update(during=DateTimeTZRange(current.during.lower, at))


# --- no overlap, no gap ------------------------------------------------------------------------------------


def test_a_second_responsible_counsellor_is_refused(case, eva):
    with refused("one_responsible_counsellor_at_a_time"):
        factories.CaseAssignmentFactory(case=case, counsellor=eva, during=DateTimeTZRange(timezone.now(), None))


def test_the_same_counsellor_twice_is_refused(case, kim):
    with refused("one_responsible_counsellor_at_a_time"):
        insert_assignment(case, kim, DateTimeTZRange(case.opened_at, None))


def test_overlapping_assignments_are_refused_in_bulk(case, eva, kim):
    now = timezone.now()

    with refused("one_responsible_counsellor_at_a_time"):
        end_current(case, now)
        CaseAssignment.objects.bulk_create(
            CaseAssignment(
                case=case, counsellor=person.counsellor, during=DateTimeTZRange(start, None), by=case.opened_by
            )
            for person, start in ((eva, now), (kim, now - dt.timedelta(hours=1)))
        )


def test_a_handover_in_the_same_moment_is_accepted_in_either_order(case, eva, kim):
    first, second = timezone.now() - dt.timedelta(minutes=2), timezone.now() - dt.timedelta(minutes=1)

    with accepted():
        end_current(case, first)
        insert_assignment(case, eva, DateTimeTZRange(first, None))
    with accepted():
        eva_since = CaseAssignment.objects.get(case=case, during__upper_inf=True)
        insert_assignment(case, kim, DateTimeTZRange(second, None))
        CaseAssignment.objects.filter(pk=eva_since.pk).update(during=DateTimeTZRange(first, second))


def test_a_gap_in_responsibility_is_refused(case, eva):
    now = timezone.now()

    with refused("case_has_responsible_counsellor_throughout"):
        end_current(case, now - dt.timedelta(hours=2))
        insert_assignment(case, eva, DateTimeTZRange(now - dt.timedelta(hours=1), None))


def test_a_gap_of_one_instant_is_refused(case, eva):
    now = timezone.now()

    with refused("case_has_responsible_counsellor_throughout"):
        end_current(case, now)
        insert_assignment(case, eva, DateTimeTZRange(now, None, "()"))


def test_an_end_without_a_successor_is_refused(case):
    with refused("case_has_responsible_counsellor_throughout"):
        end_current(case, timezone.now())
    with refused("case_has_responsible_counsellor_throughout"):
        sql("UPDATE casework_caseassignment SET during = tstzrange(lower(during), now()) WHERE case_id = %s", [case.pk])


def test_a_case_without_any_responsible_counsellor_is_refused(kim):
    client = factories.ClientFactory(created_by=kim)

    with refused("case_has_responsible_counsellor_throughout"):
        case = Case.objects.create(client=client, organisation=client.organisation, opened_by=kim)
        factories.FollowUpFactory(case=case)


@pytest.mark.parametrize("hours", [-1, 1])
def test_responsibility_begins_with_the_case(kim, hours):
    opened = timezone.now() - dt.timedelta(hours=5)
    client = factories.ClientFactory(created_by=kim)

    with refused("case_has_responsible_counsellor_throughout"):
        case = Case.objects.create(client=client, organisation=client.organisation, opened_by=kim, opened_at=opened)
        factories.FollowUpFactory(case=case)
        insert_assignment(case, kim, DateTimeTZRange(opened + dt.timedelta(hours=hours), None))


@pytest.mark.parametrize("during", ["empty", "(,2020-01-01)", "(,)"])
def test_an_empty_or_endless_past_is_no_period(case, eva, during):
    with refused("assignment_period_real"):
        insert_assignment(case, eva, during)
    with refused("participation_period_real"):
        sql(
            "INSERT INTO casework_caseparticipation (case_id, counsellor_id, during, by_id)"
            " VALUES (%s, %s, %s::tstzrange, %s)",
            [case.pk, eva.pk, during, case.opened_by_id],
        )


@pytest.mark.parametrize("ends", ["2099-01-01", "infinity"])
def test_responsibility_does_not_end_in_the_future(case, eva, ends):
    with refused("period_ends_now"):
        sql(
            "UPDATE casework_caseassignment SET during = tstzrange(lower(during), %s) WHERE case_id = %s",
            [ends, case.pk],
        )
        insert_assignment(case, eva, f"[{ends},)")


# --- history stays -----------------------------------------------------------------------------------------


def test_an_ended_responsibility_stays_as_it_was(case, eva):
    factories.CaseAssignmentFactory(case=case, counsellor=eva)
    ended = CaseAssignment.objects.get(case=case, during__upper_inf=False)

    with refused("period_only_ends"):
        CaseAssignment.objects.filter(pk=ended.pk).update(during=DateTimeTZRange(ended.during.lower, timezone.now()))
    with refused("period_only_ends"):
        ended.during = DateTimeTZRange(ended.during.lower, None)
        ended.save(update_fields=["during"])


def test_the_beginning_of_a_responsibility_does_not_move(case):
    with refused("period_only_ends"):
        sql(
            "UPDATE casework_caseassignment SET during = tstzrange(lower(during) - interval '1 day', NULL)"
            " WHERE case_id = %s",
            [case.pk],
        )


def test_nobody_else_is_written_into_a_responsibility(case, eva):
    with denied():
        sql("UPDATE casework_caseassignment SET counsellor_id = %s WHERE case_id = %s", [eva.pk, case.pk])
    with denied():
        sql("DELETE FROM casework_caseassignment WHERE case_id = %s", [case.pk])


# --- accounts that are switched off ------------------------------------------------------------------------


@pytest.fixture
def gone(osterode):
    """An IFK whose account is switched off."""
    user = factories.CounsellorFactory(user__team=osterode).user
    User.objects.filter(pk=user.pk).update(is_active=False)
    return user


def test_an_inactive_account_does_not_become_responsible(case, gone):
    with refused("responsible_counsellor_is_active"):
        factories.CaseAssignmentFactory(case=case, counsellor=gone)
    with refused("responsible_counsellor_is_active"):
        factories.CaseFactory(counsellor=gone)
    with refused("responsible_counsellor_is_active"):
        insert_assignment(case, gone, DateTimeTZRange(timezone.now(), None))


def test_an_inactive_account_does_not_become_responsible_for_a_time(case, gone):
    with refused("responsible_counsellor_is_active"):
        insert_assignment(case, gone, DateTimeTZRange(case.opened_at, timezone.now() + dt.timedelta(days=900)))


def test_an_account_that_is_responsible_is_not_switched_off(case, kim):
    with refused("user_with_cases_stays_active"):
        sql("UPDATE casework_user SET is_active = false WHERE id = %s", [kim.pk])
    with refused("user_with_cases_stays_active"):
        User.objects.filter(pk__in=[kim.pk]).update(is_active=False)
    with refused("user_with_cases_stays_active"):
        kim.is_active = False
        kim.save()


def test_after_the_handover_an_account_is_switched_off(case, kim, eva):
    now = timezone.now() - dt.timedelta(seconds=90)
    end_current(case, now)
    insert_assignment(case, eva, DateTimeTZRange(now, None))

    with accepted():
        User.objects.filter(pk=kim.pk).update(is_active=False)


def test_an_inactive_account_does_not_begin_to_take_part(case, gone):
    with refused("responsible_counsellor_is_active"):
        factories.CaseParticipationFactory(case=case, counsellor=gone)


def test_only_a_counsellor_is_responsible(case, tom):
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'casework_caseassignment'::regclass"
            " AND confrelid = 'casework_counsellor'::regclass"
        )
        (key,) = cursor.fetchone()

    with refused(key):
        end_current(case, now)
        insert_assignment(case, tom, DateTimeTZRange(now, None))


# --- taking part -------------------------------------------------------------------------------------------


def test_a_counsellor_takes_part_once_at_a_time(case, eva):
    participation = factories.CaseParticipationFactory(case=case, counsellor=eva)

    with refused("one_participation_at_a_time"):
        factories.CaseParticipationFactory(case=case, counsellor=eva)
    CaseParticipation.objects.filter(pk=participation.pk).update(
        during=DateTimeTZRange(participation.during.lower, timezone.now())
    )
    with accepted():
        factories.CaseParticipationFactory(case=case, counsellor=eva, during=DateTimeTZRange(timezone.now(), None))


def test_a_participation_ends_and_changes_in_no_other_way(case, eva):
    participation = factories.CaseParticipationFactory(case=case, counsellor=eva)

    with refused("period_only_ends"):
        CaseParticipation.objects.filter(pk=participation.pk).update(
            during=DateTimeTZRange(participation.during.lower - dt.timedelta(days=1), None)
        )
    with denied():
        sql("DELETE FROM casework_caseparticipation WHERE id = %s", [participation.pk])

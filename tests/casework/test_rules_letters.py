"""What the database holds of letters, calendar addresses and the keys between them."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.actions.letters import mark_letters_sent, withdraw_letters
from casework.models import CalendarFeed, CaseAssignment, Letter
from tests.factories import CalendarFeedFactory, CaseFactory, FollowUpFactory, LastVisitFactory, LetterFactory
from tests.rules import accepted, denied, refused, settle, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(kim):
    return CaseFactory(counsellor=kim.counsellor)


@pytest.fixture
def letter(case):
    return LetterFactory(case=case, kind="new_counsellor", follow_up=None)


@pytest.fixture
def feed(kim):
    return CalendarFeedFactory(user=kim)


# --- letters ---


def test_a_letter_is_of_a_kind_that_we_know(case):
    with refused("letter_kind_known"):
        LetterFactory(case=case, kind="sanction", follow_up=None)


def test_a_letter_about_an_appointment_names_it_and_no_other_does(case):
    with refused("letter_of_an_appointment_names_it"):
        LetterFactory(case=case, kind="appointment", follow_up=None)
    step = FollowUpFactory(case=case, appointment=True)
    with refused("letter_of_an_appointment_names_it"):
        LetterFactory(case=case, kind="new_counsellor", follow_up=step)


def test_the_appointment_is_one_of_the_same_case(case):
    elsewhere = FollowUpFactory(case=CaseFactory(), appointment=True)
    with refused("letter_follow_up_of_same_case"):
        LetterFactory(case=case, kind="appointment", follow_up=elsewhere)


@pytest.mark.parametrize(
    ("column", "rule"), [("sent_at", "letter_sending_paired"), ("withdrawn_at", "letter_withdrawal_paired")]
)
def test_whoever_says_when_says_who(letter, column, rule):
    with refused(rule):
        Letter.objects.filter(pk=letter.pk).update(**{column: timezone.now()})


def test_a_letter_is_sent_or_it_is_not(letter, kim):
    now = timezone.now()
    with refused("letter_ends_in_one_way"):
        Letter.objects.filter(pk=letter.pk).update(sent_at=now, sent_by=kim, withdrawn_at=now, withdrawn_by=kim)


def test_what_was_sent_stays(letter, kim):
    with accepted():
        Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), sent_by=kim)
    with refused("letter_stays"):
        Letter.objects.filter(pk=letter.pk).update(sent_at=None, sent_by=None)


def test_what_was_sent_is_not_taken_back(letter):
    assert mark_letters_sent(letters=[letter], by=letter.created_by) == 1
    assert withdraw_letters(letters=[letter], by=letter.created_by) == 0


def test_nobody_changes_or_deletes_what_was_printed(letter):
    with denied():
        sql("UPDATE casework_letter SET pdf = 'x' WHERE id = %s", [letter.pk])
    with denied():
        sql("DELETE FROM casework_letter WHERE id = %s", [letter.pk])


# --- calendar addresses ---


def test_one_address_at_a_time(feed, kim):
    with refused("one_calendar_feed_in_force"):
        CalendarFeedFactory(user=kim)


def test_what_is_kept_is_a_hash(kim):
    with refused("feed_keeps_a_hash"):
        CalendarFeedFactory(user=kim, token_hash="the token itself")


def test_a_token_leads_to_one_calendar(feed):
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeedFactory(token_hash=feed.token_hash)


def test_nobody_changes_a_token(feed):
    with denied():
        sql("UPDATE casework_calendarfeed SET token_hash = %s WHERE id = %s", ["0" * 64, feed.pk])


def test_whoever_revokes_is_named(feed):
    with refused("feed_revocation_paired"):
        CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=timezone.now())


def test_nothing_is_revoked_before_it_began(feed, kim):
    with refused("feed_revoked_after_it_began"):
        sql(
            "UPDATE casework_calendarfeed SET revoked_at = created_at - interval '1 day', revoked_by_id = %s"
            " WHERE id = %s",
            [kim.pk, feed.pk],
        )


def test_what_is_revoked_stays_revoked(feed, kim):
    with accepted():
        CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=timezone.now(), revoked_by=kim)
    with refused("feed_stays"):
        CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=None, revoked_by=None)
    with denied():
        sql("DELETE FROM casework_calendarfeed WHERE id = %s", [feed.pk])


def test_a_look_is_one_row_for_each(kim):
    LastVisitFactory(user=kim)
    with refused("casework_lastvisit_pkey"):
        LastVisitFactory(user=kim)
    with denied():
        sql("DELETE FROM casework_lastvisit")


# --- the key that a handover names ---


def test_a_period_of_responsibility_is_named_with_its_case(case):
    """`case_assignment_key` is what the composite key of a handover points to."""
    settle()
    assignment = CaseAssignment.objects.get(case=case)
    assert any(
        constraint.name == "case_assignment_key" and tuple(constraint.fields) == ("case", "id")
        for constraint in assignment._meta.constraints
    )

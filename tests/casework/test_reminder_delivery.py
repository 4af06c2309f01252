"""Planning and sending reminder mails: each step may be done twice, or be cut off (design.md 5)."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from casework import actions, tasks
from casework.enums import DigestKind, DigestState
from casework.models import DigestMail, DigestRun, User
from tests.casework.reminding import MONDAY, at, during, overdue_case, told
from tests.factories import AbsenceFactory, CounsellorFactory, DigestMailFactory
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.usefixtures("bells")


# --- planning and sending ----------------------------------------------------------------------------------


def test_planning_takes_a_constant_number_of_statements(db, kim, count_queries):
    overdue_case(kim, dt.date(2026, 11, 12))
    with count_queries() as few:
        assert actions.plan_reminders(day=MONDAY) == 1
    for _ in range(8):
        overdue_case(CounsellorFactory().user, dt.date(2026, 11, 12))

    with count_queries() as many:
        assert actions.plan_reminders(day=dt.date(2026, 11, 17)) == 9

    assert many.count == few.count <= 6, many.explain()


def test_the_workers_are_rung_when_there_is_something_to_deliver(db, kim, bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.plan_reminders(day=MONDAY)
    assert bells == []
    overdue_case(kim, dt.date(2026, 11, 12))

    with django_capture_on_commit_callbacks(execute=True):
        actions.plan_reminders(day=dt.date(2026, 11, 17))

    assert set(bells) == {"casework.tasks.remind"}


def test_what_was_done_before_the_mail_left_is_not_told(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
        AbsenceFactory(user=kim, during=during(MONDAY, MONDAY))
        actions.deliver_waiting()

    assert mail.outbox == []
    assert DigestMail.objects.get().state == DigestState.DROPPED


def test_an_account_switched_off_since_the_planning_is_not_written_to(db, tom, kim):
    overdue_case(kim, dt.date(2026, 11, 2))
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
        User.objects.filter(pk=tom.pk).update(is_active=False)
        actions.deliver_waiting()

    assert set(told()) == {"kim"}


def test_the_mail_of_yesterday_is_not_sent_today(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))
    actions.plan_reminders(day=MONDAY, now=at(MONDAY))

    with time_machine.travel(at(dt.date(2026, 11, 17), 1), tick=False):
        actions.deliver_waiting()

    assert mail.outbox == []
    assert DigestMail.objects.get().state == DigestState.FAILED


def test_an_expired_claim_is_unclear_and_never_sent_again(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
        claim = DigestMail.objects.get()
        DigestMail.objects.update(state=DigestState.CLAIMED, lease_until=at(MONDAY) - dt.timedelta(seconds=1))
        actions.deliver_waiting()
        actions.deliver_waiting()

    claim.refresh_from_db()
    assert (claim.state, claim.answer) == (DigestState.UNCLEAR, "lease")
    assert mail.outbox == []


def test_a_claim_that_is_held_is_left_alone(db):
    DigestMailFactory(claimed=True)

    assert actions.deliver_waiting() == 0
    assert DigestMail.objects.get().state == DigestState.CLAIMED


def test_what_is_older_than_a_fortnight_is_removed(db):
    # The fortnight is counted by the database's clock, so that no clock set forward makes a mail go out again.
    old = DigestMailFactory(ended=True, local_date=timezone.localdate() - dt.timedelta(days=15))
    young = DigestMailFactory(ended=True, local_date=timezone.localdate() - dt.timedelta(days=13))
    DigestRun.objects.create(local_date=old.local_date)
    DigestRun.objects.create(local_date=young.local_date)

    tasks.remove_old_digests()

    assert list(DigestMail.objects.all()) == [young]
    assert list(DigestRun.objects.values_list("local_date", flat=True)) == [young.local_date]


# --- rules -------------------------------------------------------------------------------------------------


def test_there_is_one_mail_for_recipient_day_and_kind(db):
    first = DigestMailFactory()

    with refused("digest_once"):
        DigestMailFactory(recipient=first.recipient, local_date=first.local_date)
    with accepted():
        DigestMailFactory(recipient=first.recipient, local_date=first.local_date, kind=DigestKind.TEAM)


@pytest.mark.parametrize("state", ["sent", "failed", "unclear", "dropped"])
def test_what_has_ended_stays_ended(db, state):
    digest = DigestMailFactory(ended=True, state=state)

    with refused("digest_ends_once"):
        DigestMail.objects.filter(pk=digest.pk).update(state=DigestState.PLANNED, ended_at=None)
    with refused("digest_ends_once"):
        DigestMail.objects.filter(pk=digest.pk).update(answer="250")


@pytest.mark.parametrize("column", ["recipient_id = recipient_id", "local_date = local_date + 1", "kind = 'team'"])
def test_whom_and_what_day_a_mail_is_for_is_not_rewritten(db, column):
    DigestMailFactory()

    with denied():
        sql(f"UPDATE casework_digestmail SET {column}")


def test_a_mail_of_the_last_fortnight_is_not_removed(db):
    digest = DigestMailFactory(ended=True)

    with refused("digest_stays_a_fortnight"):
        DigestMail.objects.filter(pk=digest.pk).delete()


def test_a_claim_has_a_lease_and_an_end_has_a_moment(db):
    digest = DigestMailFactory()
    waiting = DigestMail.objects.filter(pk=digest.pk)

    with refused("digest_lease_if_and_only_if_claimed"):
        waiting.update(state=DigestState.CLAIMED)
    with refused("digest_lease_if_and_only_if_claimed"):
        waiting.update(lease_until=timezone.now())
    with refused("digest_end_if_and_only_if_ended"):
        waiting.update(state=DigestState.SENT)
    with refused("digest_end_if_and_only_if_ended"):
        waiting.update(ended_at=timezone.now())


def test_kinds_and_states_are_closed_lists(db):
    with refused("digest_kind_known"):
        DigestMailFactory(kind="daily")
    with refused("digest_state_known"):
        DigestMailFactory(state="lost")

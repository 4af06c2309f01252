"""Planning and sending reminder mails: each step may be done twice, or be cut off (design.md 5)."""

import datetime as dt
import socket

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from casework import actions, tasks
from casework.actions.reminders import claim_next, deliver
from casework.enums import DigestKind, DigestState
from casework.models import DigestMail, DigestRun, FollowUp, User
from jobcenter.platform.mail import Fate, Outcome, Postman
from tests.casework.reminding import MONDAY, at, during, overdue_case, told
from tests.factories import AbsenceFactory, CounsellorFactory, DigestMailFactory, ahead
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

    assert many.count == few.count <= 7, many.explain()  # two of them ask for the ladder


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
        for step in FollowUp.objects.open():
            actions.postpone_follow_up(follow_up=step, due_on=ahead(), version=step.version, reason="", by=kim)
        actions.deliver_waiting()

    assert mail.outbox == []
    dropped = DigestMail.objects.get()
    assert (dropped.state, dropped.answer) == (DigestState.DROPPED, "done")


def test_whoever_became_absent_before_the_mail_left_is_not_written_to(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
        AbsenceFactory(user=kim, during=during(MONDAY, MONDAY))
        actions.deliver_waiting()

    assert mail.outbox == []
    dropped = DigestMail.objects.get()
    assert (dropped.state, dropped.answer) == (DigestState.DROPPED, "away")


def test_a_fault_of_our_own_loses_no_mail_and_stops_the_run(db, kim, eva, monkeypatch):
    for counsellor in (kim, eva):
        overdue_case(counsellor, dt.date(2026, 11, 12))

    def broken(*_: object) -> None:
        raise KeyError("kim@example.org")

    with time_machine.travel(at(MONDAY), tick=False) as clock, monkeypatch.context() as context:
        actions.plan_reminders(day=MONDAY)
        context.setattr("casework.actions.reminders.render_to_string", broken)
        actions.deliver_waiting()
        assert set(DigestMail.objects.values_list("state", "answer")) == {("planned", "KeyError"), ("planned", "")}
        context.undo()
        clock.shift(dt.timedelta(minutes=1))
        actions.deliver_waiting()

    assert set(told()) == {"kim", "eva"}


def test_while_the_server_is_away_no_mail_loses_its_turn(db, kim, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as once:
        settings.EMAIL_HOST, settings.EMAIL_PORT = once.getsockname()
    overdue_case(kim, dt.date(2026, 11, 12))

    with time_machine.travel(at(MONDAY), tick=False) as clock:
        actions.plan_reminders(day=MONDAY)
        for _ in range(20):
            actions.deliver_waiting()
            clock.shift(dt.timedelta(seconds=31))

    waiting = DigestMail.objects.get()
    assert (waiting.state, waiting.attempts, waiting.answer) == (DigestState.PLANNED, 0, "connection")


def test_a_result_is_written_down_when_the_database_comes_back(committed_db, kim, superuser_sql):
    overdue_case(kim, dt.date(2026, 11, 12))

    class Losing(Postman):
        def hand_over(self, message: mail.EmailMessage, **_: object) -> Outcome:
            ours = connection.connection.info.backend_pid
            superuser_sql("SELECT pg_terminate_backend(%s)", [ours])
            return Outcome(Fate.ACCEPTED, "250")

    with time_machine.travel(at(MONDAY), tick=True):
        actions.plan_reminders(day=MONDAY)
        deliver(claim_next(), Losing())

    assert DigestMail.objects.get().state == DigestState.SENT


def test_an_account_switched_off_since_the_planning_is_not_written_to(db, tom, kim):
    overdue_case(kim, dt.date(2026, 11, 2))
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
        User.objects.filter(pk=tom.pk).update(is_active=False)
        actions.deliver_waiting()

    assert set(told()) == {"kim"}


@pytest.mark.parametrize(
    "moment", [at(MONDAY, 18), at(MONDAY + dt.timedelta(days=1), 1), at(MONDAY + dt.timedelta(days=1), 7)]
)
def test_what_did_not_go_out_in_its_day_does_not_go_out_later(db, kim, moment):
    overdue_case(kim, dt.date(2026, 11, 12))
    actions.plan_reminders(day=MONDAY, now=at(MONDAY))

    with time_machine.travel(moment, tick=False):
        actions.deliver_waiting()

    assert mail.outbox == []
    ended = DigestMail.objects.get()
    assert (ended.state, ended.answer) == (DigestState.FAILED, "too-late")


FRIDAY = dt.date(2026, 12, 11)


@pytest.mark.parametrize(
    ("planned", "moment", "is_sent"),
    [
        (FRIDAY, at(FRIDAY, 17, 59), True),
        (FRIDAY, at(FRIDAY, 18), False),
        (FRIDAY, at(FRIDAY + dt.timedelta(days=1), 9), False),
        (dt.date(2026, 12, 23), at(dt.date(2026, 12, 24), 9), True),
        (dt.date(2026, 12, 24), at(dt.date(2026, 12, 25), 9), False),
    ],
)
def test_a_lead_s_mail_that_waits_is_sent_in_its_week_and_on_no_day_off(db, kim, tom, planned, moment, is_sent):
    overdue_case(kim, dt.date(2026, 11, 2))
    actions.plan_reminders(day=planned, now=at(planned))

    with time_machine.travel(moment, tick=False):
        actions.deliver_waiting()

    assert ("tom" in told()) is is_sent


def test_a_lead_s_week_waits_for_the_day_of_return(db, kim, tom):
    overdue_case(kim, dt.date(2026, 11, 2))
    actions.plan_reminders(day=MONDAY, now=at(MONDAY))
    tuesday, wednesday = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=2)
    AbsenceFactory(user=tom, during=during(tuesday, tuesday))

    with time_machine.travel(at(tuesday), tick=False):
        actions.deliver_waiting()
    assert "tom" not in told()
    with time_machine.travel(at(wednesday), tick=False):
        actions.deliver_waiting()

    assert "tom" in told()


def test_tomorrow_is_told_tomorrow(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))

    with pytest.raises(actions.RuleBroken):
        actions.plan_reminders(day=MONDAY + dt.timedelta(days=1), now=at(MONDAY))

    assert not DigestRun.objects.exists()


def test_a_day_that_lies_ahead_is_not_delivered_today(db):
    DigestMailFactory(local_date=MONDAY + dt.timedelta(days=1), not_before=at(MONDAY, 6))

    with time_machine.travel(at(MONDAY), tick=False):
        assert claim_next() is None


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
    monday = first.local_date - dt.timedelta(days=first.local_date.weekday())
    with accepted():
        DigestMailFactory(
            recipient=first.recipient, local_date=monday, planned_on=first.local_date, kind=DigestKind.TEAM
        )


@pytest.mark.parametrize(
    ("kind", "local_date", "planned_on"),
    [
        ("own", MONDAY, MONDAY + dt.timedelta(days=1)),
        ("team", MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=1)),
        ("team", MONDAY, MONDAY + dt.timedelta(days=7)),
        ("team", MONDAY, MONDAY - dt.timedelta(days=1)),
    ],
)
def test_a_mail_is_of_its_day_or_of_the_week_of_that_day(db, kind, local_date, planned_on):
    with refused("digest_day_fits_kind"):
        DigestMailFactory(kind=kind, local_date=local_date, planned_on=planned_on)


@pytest.mark.parametrize("state", ["claimed", "sent", "unclear"])
def test_a_life_begins_with_waiting(db, kim, state):
    with refused("digest_begins_with_waiting"):
        sql(
            "INSERT INTO casework_digestmail (recipient_id, local_date, planned_on, kind, state, attempts, not_before,"
            " answer, lease_until, ended_at) VALUES (%s, %s, %s, 'own', %s, 0, now(), '', now(), now())",
            [kim.pk, MONDAY, MONDAY, state],
        )


def test_nothing_waits_from_eternity(db, kim):
    with refused("digest_moments_finite"):
        sql(
            "INSERT INTO casework_digestmail (recipient_id, local_date, planned_on, kind, state, attempts, not_before,"
            " answer) VALUES (%s, 'infinity', 'infinity', 'own', 'planned', 0, now(), '')",
            [kim.pk],
        )
    DigestMailFactory()
    with refused("digest_moments_finite"):
        sql("UPDATE casework_digestmail SET not_before = '-infinity'")


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

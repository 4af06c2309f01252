"""Reminder mails: planned once a day, sent once, and never sent again when nobody knows (design.md 5).

The database is the memory and Celery the doorbell: every step may be rung twice, by two beats, or be cut off anywhere.
What is told is counted when it is sent, so that a mail never tells of something that is done.
"""

import datetime as dt
import logging
import time
from collections.abc import Iterable
from email.utils import parseaddr

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now, TruncDate
from django.template.loader import render_to_string
from django.utils import timezone

from casework.actions.errors import RuleBroken
from casework.actions.steps import local_days
from casework.enums import WEEKLY_DIGESTS, DigestKind, DigestState
from casework.models import DigestMail, DigestRun
from casework.models.ladder import LOOK_BACK, days_label, ladders_of_teams, read_rungs, teams_by_grace
from casework.models.presence import read_presence
from casework.models.reminders import Told, count_own, count_team, count_weekly, plan_own, plan_team, plan_weekly
from casework.permissions import can_enter_absences, led_teams
from jobcenter.platform.mail import Fate, Outcome, Postman, own_fault
from jobcenter.platform.workdays import is_working_day, next_working_day, working_day_before

logger = logging.getLogger(__name__)

FROM = dt.time(6, 30)
UNTIL = dt.time(18, 0)  # after a day without the system a mail in the evening would help nobody
KEPT = dt.timedelta(days=14)
BELLS = 3


def is_time_to_remind(now: dt.datetime) -> bool:
    """A working day of Niedersachsen, from 06:30 to 18:00 in Europe/Berlin; the server's own clock zone is no matter.

    Whoever was not there at 06:30 catches up: what counts is that the day has not been planned yet.
    """
    local = timezone.localtime(now)
    day = local.date()
    return FROM <= local.time() < UNTIL and is_working_day(day, local_days(day, day))


def plan_reminders(*, day: dt.date, now: dt.datetime | None = None) -> int:
    """Plan the mails of a local day, once; answer how many. A constant number of statements, safe in parallel.

    The day's row is the lock: a second planner waits for the first and then finds it. Should both be lost, the key of
    the mails (recipient, local date, kind) still refuses a second mail. Only in the demonstration a day ahead is
    planned (REMINDER_ANY_TIME): it would be told too early, and not on its own morning.
    """
    now = now or timezone.now()
    if day > timezone.localdate(now) and not settings.REMINDER_ANY_TIME:
        raise RuleBroken("An einen künftigen Tag wird an seinem Morgen erinnert.", field="day")
    with transaction.atomic():
        _, is_first = DigestRun.objects.get_or_create(local_date=day)
        if not is_first:
            return 0
        rungs = read_rungs(day)
        count = plan_own(day=day, now=now, rungs=rungs)
        count += plan_team(day=day, week=monday_of(day), now=now, rungs=rungs)
        count += plan_weekly(day=day, week=monday_of(day), now=now)
        if count:
            transaction.on_commit(ring, robust=True)
    return count


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def long_overdue_before(day: dt.date, graces: Iterable[int]) -> dict[int, dt.date]:
    """Working days -> the day: whatever was due before it is overdue for more than so many. One statement for all."""
    closed = local_days(day - LOOK_BACK, day)
    return {after: working_day_before(day, after, closed) for after in graces}


def ring(times: int = BELLS) -> None:
    """Ask workers to deliver. Nothing depends on it: beat rings too, and a lost bell loses no mail."""
    for _ in range(times):
        current_app.send_task("casework.tasks.remind", expires=settings.REMINDER_BELL, ignore_result=True)


def deliver_waiting(*, seconds: float = 20) -> int:
    """Deliver what waits, one mail after the other, for at most so many seconds; answer how many were sent.

    Slices are short, so that a worker that is asked to end has ended soon; the next one is rung for at once.

    Each mail is claimed and the claim committed before the mail server is spoken to. Whoever dies in between leaves a
    claim that expires: the mail is flagged as unclear and not sent again. Nobody is written to outside the hours and
    days of `is_time_to_remind`.
    """
    flag_expired_claims()
    end_late_ones()
    sent = 0
    end = time.monotonic() + seconds
    with Postman() as postman:
        while time.monotonic() < end and may_deliver(timezone.now()) and (digest := claim_next()):
            outcome = deliver(digest, postman)
            sent += outcome is not None and outcome.fate is Fate.ACCEPTED
            if outcome is not None and outcome.unreachable:
                break  # the next one would fare no better; the next bell tries again
        else:
            if time.monotonic() >= end:
                transaction.on_commit(lambda: ring(1), robust=True)  # there may be more
    return sent


def may_deliver(now: dt.datetime) -> bool:
    return bool(settings.REMINDER_ANY_TIME) or is_time_to_remind(now)


def flag_expired_claims() -> int:
    now = timezone.now()
    count = DigestMail.objects.expired_claims(now).update(
        state=DigestState.UNCLEAR, lease_until=None, ended_at=now, answer="lease"
    )
    if count:
        logger.warning("reminder mails flagged as unclear: %d", count)
    return count


def end_late_ones() -> int:
    """What could not be delivered in its day, or in its week, is not delivered any more: the next mail tells it all."""
    now = timezone.now()
    today = timezone.localdate(now)
    is_over = timezone.localtime(now).time() >= UNTIL and not settings.REMINDER_ANY_TIME
    last_day = today if is_over else today - dt.timedelta(days=1)
    late = Q(kind=DigestKind.OWN, local_date__lte=last_day) | Q(
        kind__in=WEEKLY_DIGESTS, local_date__lt=monday_of(today)
    )
    return DigestMail.objects.filter(late, state=DigestState.PLANNED).update(
        state=DigestState.FAILED, ended_at=now, answer="too-late"
    )


def claim_next() -> DigestMail | None:
    """Claim the next mail that waits, for the time of the lease; None when there is none."""
    now = timezone.now()
    waiting = DigestMail.objects.waiting(now)
    if not settings.REMINDER_ANY_TIME:
        waiting = waiting.filter(local_date__lte=timezone.localdate(now))
    with transaction.atomic():
        digest = (
            waiting.select_related("recipient")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("not_before", "pk")
            .first()
        )
        if digest is None:
            return None
        digest.lease_until = now + dt.timedelta(seconds=settings.REMINDER_LEASE)
        digest.state = DigestState.CLAIMED
        digest.attempts += 1
        digest.save(update_fields=["lease_until", "state", "attempts"])
    return digest


def deliver(digest: DigestMail, postman: Postman) -> Outcome | None:
    """Count, write, hand over and mark one claimed mail; None when there was nothing to tell."""
    end = time.monotonic() + settings.REMINDER_LEASE / 2  # what remains is for the server's last word
    day = max(digest.planned_on, timezone.localdate())
    try:
        told = what_to_tell(digest, day)
        if not worth_telling(told, digest):
            leave_out(digest, day)
            return None
        message = compose(digest, told)
    except DatabaseError:
        raise
    except Exception as error:  # a template, an address: nothing has gone out, and nothing may stop the others
        outcome = own_fault(error)
    else:
        outcome = postman.hand_over(message, before=end)
    if outcome.fate is Fate.ACCEPTED:
        mark(digest, DigestState.SENT, outcome.answer)
    elif outcome.fate is Fate.REFUSED:
        mark(digest, DigestState.FAILED, outcome.answer)
    elif outcome.fate is Fate.UNCLEAR:
        mark(digest, DigestState.UNCLEAR, outcome.answer)
    else:
        put_back(digest, outcome)
    return outcome


def what_to_tell(digest: DigestMail, day: dt.date) -> Told:
    """The counts of this moment: whoever has become absent since the morning is told nothing any more."""
    if digest.kind == DigestKind.TEAM:
        return count_team(recipient_id=digest.recipient_id, day=day)
    if digest.kind in WEEKLY_DIGESTS:
        return count_weekly(recipient_id=digest.recipient_id, kind=DigestKind(digest.kind), day=day)
    return count_own(recipient_id=digest.recipient_id, day=day)


def worth_telling(told: Told, digest: DigestMail) -> bool:
    if not digest.recipient.is_active:
        return False
    wants_today = told.today and digest.recipient.remind_of_today
    return bool(told.overdue or told.uncovered or told.team or told.others or wants_today)


def _is_there(user_id: int, day: dt.date) -> bool:
    """Neither away nor on a free weekday; whether the house works that day is asked before anything is sent."""
    presence = read_presence(user_id, day, day)
    return not presence.is_away(day) and presence.works_on_weekday_of(day)


def leave_out(digest: DigestMail, day: dt.date) -> None:
    """Nothing to tell any more: done meanwhile, or the recipient is away. A week may still bring something.

    It brings it to a lead, whose list grows each day, and to whoever comes back before it is over.
    """
    is_active = digest.recipient.is_active
    is_here = is_active and _is_there(digest.recipient_id, day)
    if is_active and (digest.kind == DigestKind.TEAM or (digest.kind in WEEKLY_DIGESTS and not is_here)):
        following = next_working_day(day + dt.timedelta(days=1), local_days(day, day + dt.timedelta(days=14)))
        if monday_of(following) == digest.local_date:
            morning = timezone.make_aware(dt.datetime.combine(following, FROM))
            _leave_claim(digest, state=DigestState.PLANNED, not_before=morning, attempts=digest.attempts - 1)
            return
    mark(digest, DigestState.DROPPED, "done" if is_here else "away")


def _long_label(digest: DigestMail) -> str:
    """For how long is overdue what a mail about teams counts, in the teams that its reader leads or stands in for."""
    if digest.kind != DigestKind.TEAM:
        return ""
    return days_label(*teams_by_grace(ladders_of_teams(led_teams(digest.recipient))))


def compose(digest: DigestMail, told: Told) -> EmailMessage:
    """A count and a link; no name, no number, no text, not even the name of the recipient (domain.md 6)."""
    sender = settings.DEFAULT_FROM_EMAIL
    context = {
        "told": told,
        "with_today": digest.recipient.remind_of_today,
        "can_substitute": can_enter_absences(digest.recipient),
        "long_label": _long_label(digest),
        "url": settings.PUBLIC_URL.rstrip("/"),
    }
    template = f"mail/reminder_{digest.kind}.txt"
    subject, _, body = render_to_string(template, context).partition("\n")
    return EmailMessage(
        subject=subject,
        body=body.lstrip("\n"),
        from_email=sender,
        to=[digest.recipient.email],
        headers={
            # The same mail has the same id, whoever writes it down; the host's name stays out of it.
            "Message-ID": f"<erinnerung-{digest.pk}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>",
            "Auto-Submitted": "auto-generated",  # no notes of absence in return (RFC 3834)
        },
    )


def mark(digest: DigestMail, state: DigestState, answer: str) -> None:
    """End the claim. If it has expired meanwhile, the mail is unclear already and stays so."""
    _leave_claim(digest, state=state, ended_at=timezone.now(), answer=answer[:20])


def put_back(digest: DigestMail, outcome: Outcome) -> None:
    """Not handed over: try again later, each time a little later. For the server's own absence no mail waits longer."""
    if outcome.unreachable:
        pause, attempts = settings.REMINDER_BELL, digest.attempts - 1
    else:
        pauses = settings.REMINDER_RETRY_AFTER
        pause, attempts = pauses[min(digest.attempts, len(pauses)) - 1], digest.attempts
    later = timezone.now() + dt.timedelta(seconds=pause)
    _leave_claim(digest, state=DigestState.PLANNED, not_before=later, answer=outcome.answer[:20], attempts=attempts)


def _leave_claim(digest: DigestMail, **values: object) -> None:
    """Write down what is known. While the database is away it is tried until the claim expires: the result is ours."""
    end = time.monotonic() + settings.REMINDER_LEASE
    while True:
        try:
            held = DigestMail.objects.filter(pk=digest.pk, state=DigestState.CLAIMED, lease_until=digest.lease_until)
            if not held.update(lease_until=None, **values):
                logger.warning("the claim of reminder mail %d had expired", digest.pk)
            return
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > end:
                raise
            connection.close()
            time.sleep(1)


def remove_old_digests() -> int:
    """Remove what is older than a fortnight: the list serves delivery and is no history of anybody's work."""
    # By the database's clock, like the rule that keeps younger ones.
    before = TruncDate(Now()) - KEPT
    DigestRun.objects.filter(local_date__lt=before).delete()
    count, _ = DigestMail.objects.filter(local_date__lt=before).delete()
    return count

"""Reminder mails: planned once a day, sent once, and never sent again when nobody knows (design.md 5).

The database is the memory and Celery the doorbell: every step may be rung twice, by two beats, or be cut off anywhere.
What is told is counted when it is sent, so that a mail never tells of something that is done.
"""

import datetime as dt
import logging
import time
from email.utils import parseaddr

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from casework.actions.steps import local_days
from casework.enums import DigestKind, DigestState
from casework.models import DigestMail, DigestRun
from casework.models.reminders import Told, count_own, count_team, plan_own, plan_team
from jobcenter.platform.mail import Fate, Outcome, Postman
from jobcenter.platform.workdays import is_working_day, working_day_before

logger = logging.getLogger(__name__)

FROM = dt.time(6, 30)
UNTIL = dt.time(18, 0)  # after a day without the system a mail in the evening would help nobody
LONG_OVERDUE = 5  # working days, after which the team lead is told
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
    the mails (recipient, local date, kind) still refuses a second mail.
    """
    now = now or timezone.now()
    with transaction.atomic():
        _, is_first = DigestRun.objects.get_or_create(local_date=day)
        if not is_first:
            return 0
        count = plan_own(day=day, now=now)
        count += plan_team(day=day, week=monday_of(day), before=long_overdue_before(day), now=now)
        if count:
            transaction.on_commit(ring, robust=True)
    return count


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def long_overdue_before(day: dt.date) -> dt.date:
    """Whatever was due before this day is overdue for more than five working days."""
    return working_day_before(day, LONG_OVERDUE, local_days(day - dt.timedelta(days=30), day))


def ring() -> None:
    """Ask workers to deliver. Nothing depends on it: beat rings too, and a lost bell loses no mail."""
    for _ in range(BELLS):
        current_app.send_task("casework.tasks.remind", expires=settings.REMINDER_BELL, ignore_result=True)


def deliver_waiting(*, seconds: float = 50) -> int:
    """Deliver what waits, one mail after the other, for at most so many seconds; answer how many were sent.

    Each mail is claimed and the claim committed before the mail server is spoken to. Whoever dies in between leaves a
    claim that expires: the mail is flagged as unclear and not sent again.
    """
    flag_expired_claims()
    sent = 0
    end = time.monotonic() + seconds
    with Postman() as postman:
        while time.monotonic() < end and (digest := claim_next()):
            outcome = deliver(digest, postman)
            sent += outcome.fate is Fate.ACCEPTED
            if outcome.unreachable:
                break  # the next one would fare no better; the next bell tries again
    return sent


def flag_expired_claims() -> int:
    now = timezone.now()
    count = DigestMail.objects.expired_claims(now).update(
        state=DigestState.UNCLEAR, lease_until=None, ended_at=now, answer="lease"
    )
    if count:
        logger.warning("reminder mails flagged as unclear: %d", count)
    return count


def claim_next() -> DigestMail | None:
    """Claim the next mail that waits, for the time of the lease; None when there is none."""
    now = timezone.now()
    with transaction.atomic():
        digest = (
            DigestMail.objects.waiting(now)
            .select_related("recipient")
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


def deliver(digest: DigestMail, postman: Postman) -> Outcome:
    """Count, write, hand over and mark one claimed mail."""
    today = timezone.localdate()
    day = max(digest.local_date, today)
    if digest.local_date < (today if digest.kind == DigestKind.OWN else monday_of(today)):
        mark(digest, DigestState.FAILED, "too-late")
        return Outcome(Fate.REFUSED, "too-late")
    told = what_to_tell(digest, day)
    if not worth_telling(told, digest):
        mark(digest, DigestState.DROPPED, "done")
        return Outcome(Fate.REFUSED, "done")
    outcome = postman.hand_over(compose(digest, told))
    if outcome.fate is Fate.ACCEPTED:
        mark(digest, DigestState.SENT, outcome.answer)
    elif outcome.fate is Fate.REFUSED:
        mark(digest, DigestState.FAILED, outcome.answer)
    elif outcome.fate is Fate.UNCLEAR:
        mark(digest, DigestState.UNCLEAR, outcome.answer)
    else:
        put_back(digest, outcome.answer)
    return outcome


def what_to_tell(digest: DigestMail, day: dt.date) -> Told:
    """The counts of this moment: whoever has become absent since the morning is told nothing any more."""
    if digest.kind == DigestKind.TEAM:
        return count_team(recipient_id=digest.recipient_id, day=day, before=long_overdue_before(day))
    return count_own(recipient_id=digest.recipient_id, day=day)


def worth_telling(told: Told, digest: DigestMail) -> bool:
    if not digest.recipient.is_active:
        return False
    return bool(told.overdue or told.uncovered or told.team or (told.today and digest.recipient.remind_of_today))


def compose(digest: DigestMail, told: Told) -> EmailMessage:
    """A count and a link; no name, no number, no text, not even the name of the recipient (domain.md 6)."""
    sender = settings.DEFAULT_FROM_EMAIL
    context = {"told": told, "with_today": digest.recipient.remind_of_today, "url": settings.PUBLIC_URL.rstrip("/")}
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


def put_back(digest: DigestMail, answer: str) -> None:
    """Not handed over: try again later, each time a little later."""
    pauses = settings.REMINDER_RETRY_AFTER
    pause = pauses[min(digest.attempts, len(pauses)) - 1]
    later = timezone.now() + dt.timedelta(seconds=pause)
    _leave_claim(digest, state=DigestState.PLANNED, not_before=later, answer=answer[:20])


def _leave_claim(digest: DigestMail, **values: object) -> None:
    held = DigestMail.objects.filter(pk=digest.pk, state=DigestState.CLAIMED, lease_until=digest.lease_until)
    if not held.update(lease_until=None, **values):
        logger.warning("the claim of reminder mail %d had expired", digest.pk)


def remove_old_digests() -> int:
    """Remove what is older than a fortnight: the list serves delivery and is no history of anybody's work."""
    before = timezone.localdate() - KEPT
    DigestRun.objects.filter(local_date__lt=before).delete()
    # Mails of a week stand at its Monday, which may lie a few days before the day of their planning.
    count, _ = DigestMail.objects.filter(local_date__lt=before).delete()
    return count

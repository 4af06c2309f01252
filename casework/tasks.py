"""Doors to actions (house style 19): ids only, safe to run twice."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from casework import actions


@shared_task(ignore_result=True)
def remove_expired_sessions() -> None:
    """Remove login sessions that have run out; nightly. Running it twice removes nothing more."""
    call_command("clearsessions")


@shared_task(ignore_result=True)
def remind() -> None:
    """Plan today's reminder mails when it is time and nobody has, then deliver what waits. Rung every half minute."""
    now = timezone.now()
    if actions.is_time_to_remind(now):
        actions.plan_reminders(day=timezone.localdate(now), now=now)
    actions.deliver_waiting()


@shared_task(ignore_result=True)
def remove_old_digests() -> None:
    """Remove reminder mails older than a fortnight; nightly."""
    actions.remove_old_digests()

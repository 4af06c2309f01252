"""Doors to actions (house style 19): ids only, safe to run twice."""

import logging

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from casework import actions
from casework.actions import (
    account_notices,
    evidence,
    guessing,
    handover_letters,
    handovers,
    imports,
    sessions,
)
from jobcenter.platform.context import Purpose, serving

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def remove_expired_sessions() -> None:
    """Remove login sessions that have run out and forgotten guesses; nightly. Twice removes nothing more."""
    sessions.remove_ended_sessions()
    call_command("clearsessions")
    guessing.forget_old_guesses()
    account_notices.remove_old_account_notices()


@shared_task(ignore_result=True)
def send_account_notices() -> None:
    """Tell people that their sign-in was changed; rung for at the change, and by beat."""
    account_notices.send_account_notices()


@shared_task(ignore_result=True)
@serving(Purpose.REMIND)
def remind() -> None:
    """Plan today's reminder mails when it is time and nobody has, then deliver what waits. Rung every half minute."""
    now = timezone.now()
    if actions.is_time_to_remind(now):
        actions.plan_reminders(day=timezone.localdate(now), now=now)
    actions.deliver_waiting()


@shared_task(ignore_result=True)
@serving(Purpose.REMIND)
def remove_old_digests() -> None:
    """Remove reminder mails older than a fortnight; nightly."""
    actions.remove_old_digests()


@shared_task(ignore_result=True)
@serving(Purpose.IMPORT)
def work_on_import(run_id: int) -> None:
    """Judge or apply a take-over. A run that is done, or that another worker has in hand, is left alone."""
    imports.work_on_import(run_id)


@shared_task(ignore_result=True)
@serving(Purpose.IMPORT)
def work_on_imports() -> None:
    """Whatever was rung for in vain, and whatever a dead worker left; every minute."""
    for run_id in imports.waiting_imports():
        imports.work_on_import(run_id)


@shared_task(ignore_result=True)
@serving(Purpose.IMPORT)
def give_up_old_imports() -> None:
    """Files of take-overs that nobody has applied go; nightly."""
    imports.give_up_old_imports()


@shared_task(ignore_result=True)
@serving(Purpose.ASSIGN)
def carry_out_handovers() -> None:
    """Let the cases pass whose handover is due today, from midnight on, and what was missed; then write the letters."""
    handovers.carry_out_due(timezone.localdate())
    handover_letters.write_handover_letters()


@shared_task(ignore_result=True)
@serving(Purpose.LETTER)
def write_handover_letters() -> None:
    """Tell each person whose case has passed; rung for when cases pass, and safe to run twice and side by side."""
    handover_letters.write_handover_letters()


@shared_task(ignore_result=True)
@serving(Purpose.EVIDENCE)
def seal_evidence() -> None:
    """Seal the evidence that has come to rest, and write the head down outside; every minute."""
    evidence.seal_evidence()


@shared_task(ignore_result=True)
@serving(Purpose.EVIDENCE)
def look_after_evidence() -> None:
    """Room for the evidence of the coming months, and the proof that nothing of it was touched; nightly."""
    evidence.keep_months()
    if (found := evidence.verify_evidence()) is not None:
        logger.critical("evidence was tampered with: block %s, %s", found.number, found.reason)

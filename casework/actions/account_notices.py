"""The mail that tells somebody that their sign-in was changed: a sentence and a link, no name, no kind of device."""

import datetime as dt
from email.utils import parseaddr

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from casework.models import AccountNotice, User
from jobcenter.platform.mail import Fate, Postman

TRIED_FOR = dt.timedelta(days=2)
KEPT_FOR = dt.timedelta(days=14)


def plan_account_notice(user: User) -> None:
    """Note that somebody is to be told, in the transaction of the change; several changes until then are one mail."""
    waiting = AccountNotice.objects.filter(user=user, claimed_at=None)
    if not waiting.exists():
        AccountNotice.objects.create(user=user)

    def ask() -> None:  # a lost bell loses nothing: beat rings too
        current_app.send_task("casework.tasks.send_account_notices", ignore_result=True)

    transaction.on_commit(ask, robust=True)


def send_account_notices(*, now: dt.datetime | None = None) -> int:
    """Hand over what waits; the number of mails that the mail server took.

    Claimed and committed before the mail server is spoken to: whoever is killed meanwhile loses one courtesy mail and
    sends none twice. What the server does not take for now waits for the next bell, for two days.
    """
    now = now or timezone.now()
    sent = 0
    with Postman() as postman:
        while (notice := _claim(now)) is not None:
            outcome = postman.hand_over(_message(notice))
            sent += outcome.fate is Fate.ACCEPTED
            if outcome.fate is Fate.LATER:
                AccountNotice.objects.filter(pk=notice.pk).update(claimed_at=None)
                break
    return sent


def _claim(now: dt.datetime) -> AccountNotice | None:
    with transaction.atomic():
        notice = (
            AccountNotice.objects.filter(claimed_at=None, made_at__gt=now - TRIED_FOR, user__is_active=True)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("user")
            .order_by("pk")
            .first()
        )
        if notice is not None:
            AccountNotice.objects.filter(pk=notice.pk).update(claimed_at=timezone.now())
    return notice


def _message(notice: AccountNotice) -> EmailMessage:
    sender = settings.DEFAULT_FROM_EMAIL
    text = render_to_string("mail/account_notice.txt", {"url": settings.PUBLIC_URL.rstrip("/")})
    subject, _, body = text.partition("\n")
    return EmailMessage(
        subject=subject,
        body=body.lstrip("\n"),
        from_email=sender,
        to=[notice.user.email],
        headers={
            "Message-ID": f"<konto-{notice.pk}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def remove_old_account_notices(now: dt.datetime | None = None) -> None:
    """Told or given up; nightly."""
    AccountNotice.objects.filter(made_at__lt=(now or timezone.now()) - KEPT_FOR).delete()

"""The address of the own calendar: made, shown once, revoked. Only the hash of its token is kept."""

import hashlib
import secrets
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Func

from casework.actions.errors import NotAllowed, rules
from casework.models import CalendarFeed, User
from casework.permissions import can_work_on_cases

TOKEN_BYTES = 32


@dataclass(frozen=True)
class NewAddress:
    feed: CalendarFeed
    token: str  # known to nobody but who has just asked for it


class ClockTimestamp(Func):
    """The moment by the clock of the database, also behind whoever was first in a lock."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


@transaction.atomic
def create_calendar_address(*, by: User) -> NewAddress:
    """A new address; the one before is revoked in the same moment."""
    if not can_work_on_cases(by):
        raise NotAllowed
    _lock(by)
    _revoke(by)
    token = new_token()
    with rules():
        feed = CalendarFeed.objects.create(user=by, token_hash=hash_of(token))
    return NewAddress(feed, token)


@transaction.atomic
def revoke_calendar_address(*, by: User) -> bool:
    """No address of this person answers any more; whether there was one."""
    _lock(by)
    return _revoke(by) > 0


def new_token() -> str:
    """32 random bytes as an address writes them.

    One in 1500 holds no digit; such a one is thrown again, because log lines leave out the parts of a path that hold
    one (`jobcenter.platform.logs`).
    """
    while True:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        if any(sign.isdigit() for sign in token):
            return token


def hash_of(token: str) -> str:
    """SHA-256: a token of 256 random bits needs no salt and no slow hash."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _lock(user: User) -> None:
    """One at a time per account, so that two windows do not make two addresses."""
    User.objects.filter(pk=user.pk).select_for_update(no_key=True).get()


def _revoke(user: User) -> int:
    return CalendarFeed.objects.filter(user=user, revoked_at=None).update(revoked_at=ClockTimestamp(), revoked_by=user)

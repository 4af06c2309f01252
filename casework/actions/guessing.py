"""Guessing is slowed, and nobody is locked out by who guesses at their account.

Wrong passwords count for the pair of account and network and for the network. A device on which somebody has signed in
before brings a token; there wrong passwords count for that device alone, whatever others do to the account or from the
same network. Nothing counts for the account as such: that would be a switch with which anybody locks anybody out.

A wrong second factor can only be given by who knows the password. It counts for the account, on a known device for the
device; a security key cannot be guessed and is never slowed.

Each count is a slot of a keyed hash, so the table stays bounded whatever names are tried (`SLOTS`).
"""

import datetime as dt
import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from casework.enums import GuessKind
from casework.models import GuessCount
from casework.models.sign_in import SLOTS


@dataclass(frozen=True)
class Rule:
    """How many failures cost nothing, what the next one costs, by what it grows, and what is the most."""

    free: int
    first: dt.timedelta
    most: dt.timedelta
    each: int = 1  # failures until the wait doubles

    def wait_after(self, failures: int) -> dt.timedelta:
        if failures < self.free:
            return dt.timedelta(0)
        doublings = min((failures - self.free) // self.each, 20)
        return min(self.first * (1 << doublings), self.most)


RULES = {
    GuessKind.PAIR: Rule(free=5, first=dt.timedelta(seconds=30), most=dt.timedelta(minutes=15)),
    GuessKind.DEVICE: Rule(free=5, first=dt.timedelta(seconds=30), most=dt.timedelta(minutes=15)),
    GuessKind.FACTOR: Rule(free=5, first=dt.timedelta(seconds=30), most=dt.timedelta(minutes=15)),
    # A network may be a whole house on a Monday morning.
    GuessKind.NETWORK: Rule(free=40, first=dt.timedelta(seconds=5), most=dt.timedelta(minutes=5), each=5),
}
# So long after the last failure a count begins anew.
FORGOTTEN_AFTER = dt.timedelta(hours=1)
BUSY = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Counted:
    """One thing that failures are counted for."""

    kind: GuessKind
    slot: int


def counted(kind: GuessKind, *parts: str) -> Counted:
    """The slot of these words. Its key is secret: nobody can look for names that share a slot with a colleague's."""
    text = "\0".join((kind.value, *parts)).encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"guessing\0" + text, hashlib.sha256)
    return Counted(kind, int.from_bytes(digest[:8], "big") % SLOTS)


def folded(username: str) -> str:
    """One spelling for all that might be meant as the same name."""
    return unicodedata.normalize("NFKC", username).casefold().strip()[:200]


def of_password(username: str, network: str, device: str) -> list[Counted]:
    """What a password given for this name counts for; `device` is the token of a known one, or nothing."""
    if device:
        return [counted(GuessKind.DEVICE, device)]
    return [counted(GuessKind.PAIR, folded(username), network), counted(GuessKind.NETWORK, network)]


def of_factor(user_id: int, device: str) -> list[Counted]:
    return [counted(GuessKind.FACTOR, str(user_id), device)]


def seconds_to_wait(things: Sequence[Counted], now: dt.datetime | None = None) -> int:
    """How long whoever wants to try has to wait; 0 when they may. Until the transaction ends, nobody else may.

    Of two tries at once the second is told to wait a second, so that they do not pass the count side by side.
    """
    now = now or timezone.now()
    first = things[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", [f"guessing.{first.kind.value}", first.slot]
        )
        (alone,) = cursor.fetchone()
    if not alone:
        return int(BUSY.total_seconds())
    rows = GuessCount.objects.filter(failed_at__gt=now - FORGOTTEN_AFTER, slot__in=[thing.slot for thing in things])
    stand = {(row.kind, row.slot): row for row in rows}
    wait = dt.timedelta(0)
    for thing in things:
        if (row := stand.get((thing.kind.value, thing.slot))) is not None:
            wait = max(wait, row.failed_at + RULES[thing.kind].wait_after(row.failures) - now)
    return -int(-wait.total_seconds() // 1) if wait > dt.timedelta(0) else 0


def note_wrong(things: Sequence[Counted], now: dt.datetime | None = None) -> None:
    """Count one failure; a count whose last failure is long ago begins anew."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        for thing in things:
            cursor.execute(
                "INSERT INTO casework_guesscount AS g (kind, slot, failures, failed_at) VALUES (%s, %s, 1, %s)"
                " ON CONFLICT (kind, slot) DO UPDATE SET failed_at = GREATEST(g.failed_at, EXCLUDED.failed_at),"
                " failures = CASE WHEN g.failed_at < %s THEN 1 ELSE LEAST(g.failures + 1, 1000000) END",
                [thing.kind.value, thing.slot, now, now - FORGOTTEN_AFTER],
            )


def note_right(things: Sequence[Counted]) -> None:
    """Whoever knows it begins anew. The network's count stays: an attacker's own account gains them nothing."""
    for thing in things:
        if thing.kind != GuessKind.NETWORK:
            GuessCount.objects.filter(kind=thing.kind, slot=thing.slot).delete()


def forget_old_guesses(now: dt.datetime | None = None) -> int:
    """Counts that mean nothing any more go; nightly."""
    done, _ = GuessCount.objects.filter(failed_at__lt=(now or timezone.now()) - FORGOTTEN_AFTER).delete()
    return done


def wait_in_words(seconds: int) -> str:
    """`30 Sekunden`, `2 Minuten`."""
    if seconds < 2:
        return "einen Augenblick"
    return f"{seconds} Sekunden" if seconds < 90 else f"{-(-seconds // 60)} Minuten"

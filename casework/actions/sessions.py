"""Sessions of people: kept beside Django's own, listed and ended by who they belong to."""

import datetime as dt
import uuid

from django.db import connection
from django.utils import timezone

from casework.actions.account_events import record_account_event
from casework.enums import AccountEventKind
from casework.models import OpenSession
from jobcenter.platform.sessions import absolute_limit, hash_of, idle_limit


def keep_session(
    *, user_id: int, session_key: str, signed_in_at: dt.datetime, now: dt.datetime, network: str, program: str
) -> None:
    """Write down that this session is open. Two first requests at once write it once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_opensession (user_id, session_hash, signed_in_at, last_seen_at, network, program)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (session_hash) DO NOTHING",
            [user_id, hash_of(session_key), min(signed_in_at, now), now, network, program],
        )


def note_use(session_key: str, now: dt.datetime) -> None:
    """The person has done something in this session."""
    OpenSession.objects.filter(session_hash=hash_of(session_key), last_seen_at__lt=now).update(last_seen_at=now)


def end_sessions(
    *,
    user_id: int,
    by_id: int,
    except_key: str | None = None,
    only: int | None = None,
    request_id: uuid.UUID | None = None,
) -> int:
    """End sessions of an account: all, all but that of `except_key`, or only the one of this id.

    Whoever works in one of them is out with the next request. Answers how many were ended.
    """
    rows = OpenSession.objects.filter(user_id=user_id)
    if except_key is not None:
        rows = rows.exclude(session_hash=hash_of(except_key))
    if only is not None:
        rows = rows.filter(pk=only)
    hashes = list(rows.values_list("session_hash", flat=True))
    if not hashes:
        return 0
    OpenSession.objects.filter(session_hash__in=hashes).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_session WHERE encode(sha256(convert_to(session_key, 'UTF8')), 'hex') = ANY(%s)",
            [hashes],
        )
    record_account_event(AccountEventKind.SESSIONS_ENDED, user_id=user_id, by_id=by_id, request_id=request_id)
    return len(hashes)


def forget_session(session_key: str | None) -> None:
    """Whoever signs out, or whose session gets another key, leaves no row behind."""
    if session_key:
        OpenSession.objects.filter(session_hash=hash_of(session_key)).delete()


def open_sessions_of(user_id: int, now: dt.datetime) -> list[OpenSession]:
    """Those that still hold, the latest use first."""
    return list(
        OpenSession.objects.filter(
            user_id=user_id, last_seen_at__gt=now - idle_limit(), signed_in_at__gt=now - absolute_limit()
        ).order_by("-last_seen_at", "-pk")
    )


def remove_ended_sessions(now: dt.datetime | None = None) -> None:
    """Rows of sessions that have run out, and Django's rows with them; nightly. Twice removes nothing more."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH over AS (DELETE FROM casework_opensession WHERE last_seen_at <= %s OR signed_in_at <= %s"
            " RETURNING session_hash)"
            " DELETE FROM django_session USING over"
            " WHERE encode(sha256(convert_to(session_key, 'UTF8')), 'hex') = over.session_hash",
            [now - idle_limit(), now - absolute_limit()],
        )

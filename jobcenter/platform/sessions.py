"""Django's sessions in the database, read by a prepared statement: each request asks for one first.

Beside each session of somebody signed in stands a row that tells when it began and when it was last used. The same
statement reads both, so that a session that ended by time or by hand is none for whoever asks next.
"""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

from jobcenter.platform.statements import read

LOAD = """
SELECT s.session_data, o.signed_in_at, o.last_seen_at
  FROM "django_session" AS s LEFT JOIN casework_opensession AS o ON o.session_hash = %(hash)s
 WHERE s.session_key = %(key)s AND s.expire_date > %(now)s
   AND (o.id IS NULL OR (o.last_seen_at > %(idle_since)s AND o.signed_in_at > %(began_after)s))
"""


def hash_of(session_key: str) -> str:
    """What is kept of a session's key beside the session itself: whoever reads a list of sessions enters none."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def idle_limit() -> dt.timedelta:
    return dt.timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def absolute_limit() -> dt.timedelta:
    return dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)


class SessionStore(DatabaseSessions):
    # When the session began and was last used; nothing while no request of somebody signed in has come with it.
    opened: tuple[dt.datetime, dt.datetime] | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        from django.contrib.sessions.models import Session

        return Session

    def load(self) -> dict[str, Any]:
        """The data of the session, or nothing when there is none or it has run out."""
        now = timezone.now()
        rows = (
            read(
                LOAD,
                {
                    "key": self.session_key,
                    "hash": hash_of(self.session_key),
                    "now": now,
                    "idle_since": now - idle_limit(),
                    "began_after": now - absolute_limit(),
                },
            )
            if self.session_key
            else []
        )
        if not rows:
            self._session_key = None
            return {}
        text, signed_in_at, last_seen_at = rows[0]
        self.opened = (signed_in_at, last_seen_at) if signed_in_at else None
        data: dict[str, Any] = self.decode(text)
        return data

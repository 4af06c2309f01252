"""Django's sessions in the database, read by a prepared statement: each request asks for one first."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

from jobcenter.platform.statements import read

LOAD = 'SELECT session_data FROM "django_session" WHERE session_key = %(key)s AND expire_date > %(now)s'


class SessionStore(DatabaseSessions):
    @classmethod
    def get_model_class(cls) -> Any:
        from django.contrib.sessions.models import Session

        return Session

    def load(self) -> dict[str, Any]:
        """The data of the session, or nothing when there is none or it has run out."""
        rows = read(LOAD, {"key": self.session_key, "now": timezone.now()}) if self.session_key else []
        if not rows:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(rows[0][0])
        return data

"""Hand-written reads of the hot pages, planned once a connection.

Planning the long statements of Heute and the Fallakte takes PostgreSQL longer than running them. Values are therefore
bound by the server here and the statement is prepared on the connection that each thread keeps. Everything else goes
Django's way, where the client puts the values in.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


class PreparedCursor(psycopg.Cursor[Any]):
    """Prepares what it executes; `prepare_threshold` in the settings says that it may."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{**options, "prepare": True})

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        # psycopg forgets the text of a statement that was prepared before; Django's record of queries asks for it.
        self._query = super()._convert_query(query, params)
        return self._query


def read(sql: str, params: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a prepared statement, in the request's transaction and seen by whoever counts statements."""
    connection.ensure_connection()
    with connection._prepare_cursor(PreparedCursor(connection.connection)) as cursor:  # type: ignore[attr-defined]
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

"""Hand-written statements of the hot pages: reads that are planned once a connection, and one insert for many tables.

Planning the long statements of Heute and the Fallakte takes PostgreSQL longer than running them. Values are therefore
bound by the server here and the statement is prepared on the connection that each thread keeps. Everything else goes
Django's way, where the client puts the values in.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


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


def insert_together(rows: Sequence[models.Model]) -> None:
    """Insert rows of several tables in one statement; ids are reserved before where other rows name them.

    One question instead of one a table: what a conversation brings lies in ten tables. The keys between the rows are
    deferred, so their order does not matter; triggers that look at a row's siblings must be deferred too.
    """
    tables: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row)
    if not tables:
        return
    inserts: list[str] = []
    params: list[Any] = []
    for number, (model, members) in enumerate(tables.items()):
        fields = [
            field
            for field in model._meta.concrete_fields
            if not isinstance(getattr(members[0], field.attname), DatabaseDefault)
            and not (field.primary_key and members[0].pk is None)
        ]
        names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        values = ", ".join(["({})".format(", ".join(["%s"] * len(fields)))] * len(members))
        inserts.append(
            f"inserted_{number} AS (INSERT INTO {model._meta.db_table} ({names}) VALUES {values})"  # noqa: S608
        )
        params += [
            field.get_db_prep_save(getattr(member, field.attname), connection) for member in members for field in fields
        ]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(inserts)} SELECT 1", params)

"""Rows on their way into the database: collected per chunk of cases, written by COPY, checked at once.

All rules are on. Deferred ones are called after each chunk, so that neither memory nor time grows with the office.
"""

import random
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, models

from casework.models import (
    Case,
    CaseAssignment,
    CaseClosure,
    CaseParticipation,
    Client,
    ClientDetail,
    Contact,
    ContactParticipant,
    EmploymentStart,
    FileNote,
    FollowUp,
    FollowUpChange,
    NoteAddendum,
)

# In the order of writing: triggers of a later table look at rows of an earlier one.
TABLES: tuple[type[models.Model], ...] = (
    Client,
    ClientDetail,
    Case,
    CaseClosure,
    CaseAssignment,
    CaseParticipation,
    EmploymentStart,
    Contact,
    ContactParticipant,
    NoteAddendum,
    FileNote,
    FollowUp,
    FollowUpChange,
)
NAMED = (Client, Case, CaseClosure, Contact, FollowUp)  # their ids are named by other rows
BLOCK = 1_000


def columns_of(model: type[models.Model]) -> list[str]:
    """What COPY fills: generated columns are the database's own, and ids where no other row names them."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not field.generated and (not field.primary_key or model in NAMED)
    ]


class Rows:
    """A row is added by field names; what is not named stays empty."""

    def __init__(self) -> None:
        self.columns = {model: columns_of(model) for model in TABLES}
        self.rows: dict[type[models.Model], list[tuple[Any, ...]]] = {model: [] for model in TABLES}
        self.counts = dict.fromkeys(TABLES, 0)
        self.ids: dict[type[models.Model], Iterator[int]] = {model: _ids(model) for model in NAMED}

    def new_id(self, model: type[models.Model]) -> int:
        return next(self.ids[model])

    def add(self, model: type[models.Model], **values: Any) -> None:
        self.rows[model].append(tuple(map(values.get, self.columns[model])))

    def write(self) -> None:
        """Write what was collected and have every deferred rule look at it."""
        with connection.cursor() as cursor:
            for model, rows in self.rows.items():
                if not rows:
                    continue
                names = ", ".join(f'"{name}"' for name in self.columns[model])
                with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
                self.counts[model] += len(rows)
                rows.clear()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _ids(model: type[models.Model]) -> Iterator[int]:
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, BLOCK],
            )
            block = [row[0] for row in cursor.fetchall()]
        yield from block


def next_case_numbers(count: int) -> list[int]:
    """Running numbers from the sequence of the application, so that later cases do not collide."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('casework_case_number') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def chance(*parts: object) -> random.Random:
    """A source of chance that gives the same for the same parts, whatever else was drawn before."""
    return random.Random(":".join(map(str, parts)))  # noqa: S311  # invented data, no secret


def key(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)

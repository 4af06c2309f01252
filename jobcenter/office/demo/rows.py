"""Rows on their way into the database: collected per chunk of cases, written by COPY, checked at once.

All rules are on. Deferred ones are called after each chunk, so that neither memory nor time grows with the office.
While the database takes in one chunk and asks its rules, the next one is invented: that is two thirds of the time.
"""

import random
import uuid
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

from django.db import connection, models
from psycopg import Connection

from agreements.models import (
    Agreement,
    AgreementHandout,
    AgreementResource,
    AgreementStep,
    Resource,
    ResourceReview,
    StepOutcome,
    StepReminder,
    WillStatement,
)
from casework.models import (
    Case,
    CaseAssignment,
    CaseClosure,
    CaseParticipation,
    Client,
    ClientDetail,
    Contact,
    ContactParticipant,
    DutyFact,
    DutyToCooperate,
    EmploymentStart,
    FileNote,
    FollowUp,
    FollowUpChange,
    NoteAddendum,
)
from offers.models import Consent, GroupMember, IntentVersion, OfferChoice, Participation, ParticipationOutcome

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
    DutyToCooperate,
    DutyFact,
    WillStatement,
    Resource,
    ResourceReview,
    Agreement,
    AgreementStep,
    AgreementResource,
    StepReminder,
    StepOutcome,
    AgreementHandout,
    OfferChoice,
    IntentVersion,
    Participation,
    ParticipationOutcome,
    Consent,
    GroupMember,
)
NAMED = (
    Client,
    Case,
    CaseClosure,
    Contact,
    FollowUp,
    DutyToCooperate,
    Resource,
    ResourceReview,
    Agreement,
    AgreementStep,
    OfferChoice,
)  # their ids are named by other rows
BLOCK = 1_000

Batch = dict[type[models.Model], list[tuple[Any, ...]]]
T = TypeVar("T")


def columns_of(model: type[models.Model]) -> list[str]:
    """What COPY fills: generated columns are the database's own, and ids where no other row names them."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not field.generated and (not field.primary_key or model in NAMED)
    ]


class Rows:
    """A row is added by field names; what is not named stays empty.

    One connection, used by turns: between `settle` and `write` by the caller, after `write` by the writer.
    """

    def __init__(self) -> None:
        self.columns = {model: columns_of(model) for model in TABLES}
        self.rows: Batch = {model: [] for model in TABLES}
        self.counts = dict.fromkeys(TABLES, 0)
        self.stock: dict[type[models.Model], deque[int]] = {model: deque() for model in NAMED}
        self.used: dict[type[models.Model], int] = dict.fromkeys(NAMED, 0)
        self.writer = ThreadPoolExecutor(1)
        self.pending: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # Whoever rolls back needs the connection: the writer has let go of it afterwards, whatever happened.
        self.writer.shutdown(wait=True)

    def new_id(self, model: type[models.Model]) -> int:
        stock = self.stock[model]
        if not stock:
            self.settle()
            self._fetch_ids(model, BLOCK)
        self.used[model] += 1
        return stock.popleft()

    def add(self, model: type[models.Model], **values: Any) -> None:
        self.rows[model].append(tuple(map(values.get, self.columns[model])))

    def settle(self) -> None:
        """Wait until the writer has finished; from now on the connection is free. Its failure is raised here."""
        pending, self.pending = self.pending, None
        if pending is not None:
            with connection.wrap_database_errors:
                pending.result()

    def provide_ids(self) -> None:
        """As many as the last chunk needed and some more, while the connection is free."""
        for model, used in self.used.items():
            self._fetch_ids(model, used * 5 // 4 - len(self.stock[model]))
        self.used = dict.fromkeys(NAMED, 0)

    def write(self) -> None:
        """Let the writer take what was collected, and have every deferred rule look at it."""
        batch, self.rows = self.rows, {model: [] for model in TABLES}
        connection.ensure_connection()
        self.pending = self.writer.submit(self._copy, connection.connection, batch)

    def _copy(self, raw: Connection[Any], batch: Batch) -> None:
        with raw.cursor() as cursor:
            for model, rows in batch.items():
                if not rows:
                    continue
                names = ", ".join(f'"{name}"' for name in self.columns[model])
                with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
                self.counts[model] += len(rows)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def _fetch_ids(self, model: type[models.Model], count: int) -> None:
        if count > 0:
            self.stock[model].extend(_next_values(f"pg_get_serial_sequence('{model._meta.db_table}', 'id')", count))


def next_case_numbers(count: int) -> list[int]:
    """Running numbers from the sequence of the application, so that later cases do not collide."""
    return _next_values("'casework_case_number'", count)


def _next_values(sequence: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [count])  # noqa: S608  # our names
        return [row[0] for row in cursor.fetchall()]


class Chance(random.Random):
    """Millions of draws: a multiplication is three times as fast as the exact way, and nobody sees the difference."""

    def choice(self, seq: Sequence[T]) -> T:  # type: ignore[override]
        return seq[int(self.random() * len(seq))]

    def randint(self, a: int, b: int) -> int:
        return a + int(self.random() * (b - a + 1))


def chance(*parts: object) -> random.Random:
    """A source of chance that gives the same for the same parts, whatever else was drawn before."""
    return Chance(":".join(map(str, parts)))


def key(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)

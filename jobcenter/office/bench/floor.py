"""The data floor: the statements of a real request again, by plain psycopg, and a bare template around them.

What a request asks the database is recorded once, session, user, context and access event included. The floor
sends the same statements with the same values over a connection that stays open, in one transaction (so without
savepoints), and renders the largest result with Jinja into about as many bytes as the real page has.
"""

import datetime as dt
import pickle
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
import psycopg

from jobcenter.platform.statements import PreparedCursor

# Statements that only Django's frame needs: one transaction has no savepoints.
FRAMING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
CELLS = """<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Boden</title></head><body><ul>
{%% for row in rows %%}<li>%s{%% for cell in row %%}<span>{{ cell }}</span>{%% endfor %%}</li>
{%% endfor %%}</ul>%s</body></html>"""


@dataclass(frozen=True)
class Statement:
    sql: str
    params: Any
    many: bool = False
    prepared: bool = False

    @property
    def is_framing(self) -> bool:
        return self.sql.lstrip().upper().startswith(FRAMING)


@dataclass
class Plan:
    """What one real request asked and answered."""

    statements: list[Statement]
    status: int
    size: int
    recorded_at: dt.datetime
    # Values of the recorded request that are new in each repetition: name -> value.
    fresh: dict[str, Any] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        draft = path.with_suffix(".new")
        draft.write_bytes(pickle.dumps(self))
        draft.replace(path)

    @staticmethod
    def load(path: Path) -> "Plan":
        plan: Plan = pickle.loads(path.read_bytes())  # noqa: S301  (this very bench wrote it)
        return plan

    @cached_property
    def asked(self) -> list[Statement]:
        return [statement for statement in self.statements if not statement.is_framing]


class Recorder:
    """An execute wrapper of Django that remembers what was sent."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        prepared = isinstance(context["cursor"].cursor, PreparedCursor)
        self.statements.append(Statement(sql, list(params) if many else params, many, prepared))
        return execute(sql, params, many, context)


def replaced(value: Any, values: Mapping[Any, Any], since: dt.datetime, now: dt.datetime) -> Any:
    """A parameter with what is new this time: ids, keys, and the moment of the request."""
    if isinstance(value, list | tuple):
        return type(value)(replaced(part, values, since, now) for part in value)
    if isinstance(value, dict):
        return {name: replaced(part, values, since, now) for name, part in value.items()}
    if isinstance(value, dt.datetime) and value.tzinfo and value >= since:
        return now
    if isinstance(value, int | str | uuid.UUID) and not isinstance(value, bool):
        return values.get(value, value)
    return value


def numbered(rows: Iterable[tuple[Any, Any]]) -> dict[str, int]:
    """Reserved ids by name; further ones of the same name are `name-2`, `name-3` …"""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    for what, pk in rows:
        counts[what] = counts.get(what, 0) + 1
        found[f"{what}-{counts[what]}" if counts[what] > 1 else str(what)] = int(pk)
    return found


def page_source(rows: Iterable[Any], size: int) -> str:
    """A template around the rows that gives about `size` bytes: four fifths of the markup in the rows."""
    rows = list(rows)
    bare = len(jinja2.Environment(autoescape=True).from_string(CELLS % ("", "")).render(rows=rows).encode())
    missing = max(0, size - bare)
    each = missing * 4 // 5 // len(rows) if rows else 0
    return CELLS % (_markup(each), _markup(missing - each * len(rows)))


def _markup(size: int) -> str:
    line = '<p class="muted"><small>Wiedervorlage</small></p>\n'
    return (line * (size // len(line) + 1))[:size] if size > 0 else ""


class Floor:
    """The plans of one bench folder, played on one open connection a thread."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        options: str = "",
        connect: Callable[[str], Any] | None = None,
        prepared: Callable[[Any], Any] = PreparedCursor,
    ) -> None:
        self.folder = folder
        self.database_url = database_url
        self.options = options
        self.connect = connect or self._open
        self.prepared = prepared
        self.plans: dict[str, Plan] = {}
        self.templates: dict[str, jinja2.Template] = {}
        self.local = threading.local()

    def _open(self, url: str) -> psycopg.Connection[Any]:
        # Values are put in by the client, as Django does it, but for the statements that the page prepares.
        connection = psycopg.connect(url, options=self.options or None, cursor_factory=psycopg.ClientCursor)
        connection.prepare_threshold = 0
        return connection

    def plan(self, name: str) -> Plan:
        if name not in self.plans:
            self.plans[name] = Plan.load(self.folder / f"{name}.plan")
        return self.plans[name]

    def answer(self, name: str, given: Mapping[str, int | str]) -> tuple[int, bytes, dict[str, int]]:
        """Status, body, and the ids that the next repetition has to name."""
        plan = self.plan(name)
        results, new = self.play(plan, given)
        if not plan.size:
            return plan.status, b"", new
        rows = max(results, key=len, default=[])
        if name not in self.templates:
            source = page_source(rows, plan.size)
            self.templates[name] = jinja2.Environment(autoescape=True).from_string(source)
        return plan.status, self.templates[name].render(rows=rows).encode(), new

    def play(self, plan: Plan, given: Mapping[str, int | str]) -> tuple[list[list[Any]], dict[str, int]]:
        connection = getattr(self.local, "connection", None)
        if connection is None or connection.closed:
            connection = self.local.connection = self.connect(self.database_url)
        values: dict[Any, Any] = {plan.fresh[name]: value for name, value in given.items() if name in plan.fresh}
        if "key" in plan.fresh:
            values[plan.fresh["key"]] = uuid.uuid4()
        now = dt.datetime.now(dt.UTC)
        results, new = [], {}
        try:
            with connection.cursor() as plain, self.prepared(connection) as prepared:
                for statement in plan.asked:
                    cursor = prepared if statement.prepared else plain
                    params = statement.params
                    if plan.fresh and params is not None:
                        params = replaced(params, values, plan.recorded_at, now)
                    rows = run(cursor, statement, params)
                    if rows is None:
                        continue
                    results.append(rows)
                    if plan.fresh and "nextval(" in statement.sql:
                        new = numbered(rows)
                        # A reserved id may stay unused: a place that the directory knows already.
                        values |= {plan.fresh[what]: pk for what, pk in new.items() if what in plan.fresh}
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        return results, new


def run(cursor: Any, statement: Statement, params: Any) -> list[Any] | None:
    """The rows of a statement; None where it gives none. What wrote a row has to write one again."""
    if statement.many:
        cursor.executemany(statement.sql, params)
        return None
    cursor.execute(statement.sql, params)
    if cursor.description is not None:
        rows: list[Any] = cursor.fetchall()
        return rows
    if not cursor.rowcount and statement.sql.startswith(("UPDATE", "INSERT")):
        raise LookupError("the floor writes nothing where the page writes a row")
    return None

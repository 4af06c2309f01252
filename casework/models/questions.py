# ruff: noqa: S608
# Every statement here is put together from names in the code alone; nothing comes from outside.
"""How a rule becomes a question to the stored rows, and what an answer looks like."""

from dataclasses import dataclass

SHOWN_IDS = 20


@dataclass(frozen=True)
class Invariant:
    """A rule: its name, its sentence, what the ids are ids of, and the SQL that finds what breaks it: ids, or names."""

    name: str
    sentence: str
    subject: str
    sql: str


@dataclass(frozen=True)
class Violation:
    """A broken rule with the ids of the rows that break it, or the names of what is missing."""

    name: str
    sentence: str
    subject: str
    ids: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.ids[:SHOWN_IDS])
        more = f" und {len(self.ids) - SHOWN_IDS} weitere" if len(self.ids) > SHOWN_IDS else ""
        return f"{self.name}: {self.sentence} ({self.subject} {shown}{more})"


def foreign_keys(table: str, *keys: tuple[str, str]) -> str:
    """Rows of a table whose keys name no row of the same case."""
    return " UNION ".join(
        f"SELECT r.id FROM {table} AS r LEFT JOIN {target} AS t ON t.id = r.{column} AND t.case_id = r.case_id"
        f" WHERE r.{column} IS NOT NULL AND t.id IS NULL"
        for column, target in keys
    )


def unreal_periods(table: str, *, open_ended: bool) -> str:
    end = "" if open_ended else " OR upper(during) IS NULL"
    return f"SELECT id FROM {table} WHERE isempty(during) OR lower(during) IS NULL{end}"


def overlapping(table: str, *same: str) -> str:
    equal = " AND ".join(f"a.{column} = b.{column}" for column in same)
    return f"SELECT a.id FROM {table} AS a JOIN {table} AS b ON a.id <> b.id AND {equal} AND a.during && b.during"


def twice(table: str, *same: str) -> str:
    """Rows that share what only one may have; nothing is shared with a row that has nothing."""
    columns = ", ".join(same)
    present = " AND ".join(f"{column} IS NOT NULL" for column in same)
    return (
        f"SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY {columns}) AS rows FROM {table} WHERE {present})"
        " AS r WHERE r.rows > 1"
    )


def without_case(*tables: str) -> str:
    return " UNION ALL ".join(
        f"SELECT r.id FROM {table} AS r LEFT JOIN casework_case AS c ON c.id = r.case_id"
        " WHERE r.case_id IS NOT NULL AND c.id IS NULL"
        for table in tables
    )


def unknown(table: str, column: str, values: list[str], key: str = "id") -> str:
    known = ", ".join(f"'{value}'" for value in values)
    return f"SELECT {key} FROM {table} WHERE {column} NOT IN ({known})"

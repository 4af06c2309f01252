"""What all models of this app share."""

from typing import Any

from django.db import connection, models
from django.utils import timezone


class Record(models.Model):
    """A row whose name shows no personal data: names of rows end up in logs (house style 7)."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


def reserve_id(model: type[models.Model]) -> int:
    """Take the next id of a table, for rows that name each other by composite keys (design.md 8)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        row: tuple[Any, ...] = cursor.fetchone()
    return int(row[0])


def reserve_ids(**counts: tuple[type[models.Model], int]) -> dict[str, list[int]]:
    """Take ids of several tables in one statement: name -> (model, how many)."""
    wanted = {name: (model._meta.db_table, count) for name, (model, count) in counts.items() if count}
    if not wanted:
        return {name: [] for name in counts}
    selects = " UNION ALL ".join(
        "SELECT %s, nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)" for _ in wanted
    )
    params = [value for name, (table, count) in wanted.items() for value in (name, table, count)]
    ids: dict[str, list[int]] = {name: [] for name in counts}
    with connection.cursor() as cursor:
        cursor.execute(selects, params)
        for name, value in cursor.fetchall():
            ids[name].append(int(value))
    return ids


def local_today() -> Any:
    """The day in Göttingen; due dates are dates of Europe/Berlin (domain.md 12.22)."""
    return timezone.localdate()

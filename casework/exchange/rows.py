"""Many rows of one table at once, in the transaction of the caller."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import connection, models

T = TypeVar("T")
TOGETHER = 500


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows; columns that are not named take what the database gives.

    By INSERT, many at a time: COPY does not go with row security.
    """
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    row = "({})".format(", ".join(["%s"] * len(columns)))
    with connection.cursor() as cursor:
        for chunk in in_chunks(list(rows), TOGETHER):
            values = ", ".join([row] * len(chunk))
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES {values}",  # noqa: S608  (names of our own models)
                [value for values_of_row in chunk for value in values_of_row],
            )


def in_chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]

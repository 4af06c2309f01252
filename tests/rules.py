"""How a test says that the database refuses: by the name of the rule, or for want of a right."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

INSUFFICIENT_PRIVILEGE = "42501"


def sql(statement: str, params: Sequence[Any] = ()) -> int:
    """Run a statement as the web role; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def settle() -> None:
    """Ask now what is still to be asked about the rows made so far.

    Else the question that is pending since a case was made would answer for the rule that the test is about.
    """
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The block, with everything deferred forced at its end, breaks exactly this rule."""
    settle()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert caught.value.__cause__.diag.constraint_name == rule


@contextmanager
def denied() -> Iterator[None]:
    """The web role has no right to do what the block does."""
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.sqlstate == INSUFFICIENT_PRIVILEGE


@contextmanager
def accepted() -> Iterator[None]:
    """The block and everything deferred in it pass: the counterpart that shows the rule is not too wide."""
    settle()
    with transaction.atomic():
        yield
        settle()

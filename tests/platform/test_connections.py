"""Connections that stay: what a restart of the database must not show, and statements that are planned once."""

from urllib.request import urlopen

import pytest
from django.db import connection

from jobcenter.platform.statements import read
from tests.database import run_sql


def terminate_connections() -> int:
    """End every connection to the test's database but our own, as a restart of PostgreSQL would."""
    name = connection.settings_dict["NAME"]
    mine = connection.connection.info.backend_pid
    rows = run_sql(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
        [name, mine],
    )
    return len(rows)


def test_a_lost_connection_is_replaced_without_a_failed_answer(committed_db, live_office):
    def ask() -> int:
        with urlopen(f"{live_office.url}/anmelden/", timeout=10) as answer:  # noqa: S310
            return answer.status

    connection.ensure_connection()
    for _ in range(8):
        ask()

    assert terminate_connections() >= 1
    assert {ask() for _ in range(16)} == {200}


@pytest.mark.django_db
def test_a_prepared_statement_is_planned_once_and_counted(count_queries):
    sql = "SELECT %(number)s::int + 1"

    with count_queries() as queries:
        first, second = read(sql, {"number": 1}), read(sql, {"number": 2})
    names = read(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %(sql)s", {"sql": "SELECT $1::int + 1"}
    )

    assert (first, second) == ([(2,)], [(3,)])
    assert queries.count == 2
    assert names == [(1,)]

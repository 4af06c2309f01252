"""The chain of sealed blocks: whoever may do everything in the database is still found out."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from casework.actions.evidence import Finding, seal_evidence, verify_evidence, write_heads
from jobcenter.platform.context import Purpose, serving
from tests import database as databases
from tests.conftest import database_name

SECONDS = 30
INSERT = "INSERT INTO casework_accessevent (user_id, kind, case_id, ids) VALUES (%s, 'file.opened', %s, '{}')"


@pytest.fixture
def heads(committed_db, tmp_path: Path, settings) -> Path:
    path = tmp_path / "heads.jsonl"
    settings.AUDIT_HEAD_FILE = str(path)
    return path


def seal() -> int | None:
    with serving(Purpose.EVIDENCE):
        return seal_evidence()


def verify() -> Finding | None:
    with serving(Purpose.EVIDENCE):
        return verify_evidence()


def sealed(sql: Callable[..., databases.Rows], *users: int) -> int:
    """A block with one event for each of these; other databases of the server may hold it up for a moment."""
    for user in users:
        sql(INSERT, [user, user])
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        number = seal()
        ((waiting,),) = sql("SELECT waiting_since FROM guard.last_block()")
        if waiting is None:
            ((last,),) = sql("SELECT number FROM guard.last_block()")
            return number or last
        time.sleep(0.1)
    pytest.fail("the evidence does not come to rest")


def tamper(*statements: str) -> None:
    with psycopg.connect(databases.admin_url(), dbname=database_name()) as raw:
        raw.execute("SET session_replication_role = replica")
        for statement in statements:
            raw.execute(statement)


COPY = "INSERT INTO casework_accessevent (at, user_id, kind, case_id, ids, epoch, xid)"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (["UPDATE casework_accessevent SET case_id = 99 WHERE user_id = 2"], "events"),
        (["DELETE FROM casework_accessevent WHERE user_id = 2"], "events"),
        (
            [f"{COPY} SELECT at, 77, kind, case_id, ids, epoch, xid FROM casework_accessevent WHERE user_id = 2"],
            "events",
        ),
        (
            ["UPDATE casework_accessevent SET user_id = CASE user_id WHEN 2 THEN 3 ELSE 2 END WHERE user_id IN (2, 3)"],
            "events",
        ),
        (
            [
                "DELETE FROM casework_accessevent WHERE user_id IN (4, 5)",
                "DELETE FROM guard.block_part WHERE number = (SELECT max(number) FROM guard.block)",
                "DELETE FROM guard.block WHERE number = (SELECT max(number) FROM guard.block)",
            ],
            "not_outside",
        ),
    ],
    ids=["changed", "deleted", "inserted", "swapped", "tail cut"],
)
def test_each_tampering_is_named_with_its_block(heads, superuser_sql, what, reason):
    sealed(superuser_sql, 1)
    second = sealed(superuser_sql, 2, 3)
    last = sealed(superuser_sql, 4, 5)
    assert verify() is None

    tamper(*what)

    assert verify() == Finding(last if reason == "not_outside" else second, reason)


def test_what_is_still_open_is_sealed_later(heads, superuser_sql):
    with psycopg.connect(databases.admin_url(), dbname=database_name()) as slow:
        slow.execute(INSERT, [6, 6])
        superuser_sql(INSERT, [7, 7])
        seal()
        time.sleep(2)
        seal()
        assert superuser_sql("SELECT coalesce(sum(events), 0) FROM guard.block_part")[0][0] == 0
        slow.commit()
    sealed(superuser_sql)

    assert superuser_sql("SELECT sum(events) FROM guard.block_part WHERE relation = 'access'")[0][0] == 2
    assert verify() is None


def test_two_sealers_at_once_make_one_block(heads, superuser_sql):
    sealed(superuser_sql, 1)
    superuser_sql(INSERT, [2, 2])

    def one(_: int) -> int | None:
        try:
            return seal()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(2)))
    sealed(superuser_sql)

    assert superuser_sql("SELECT count(*) FROM guard.block") == [(2,)]
    assert len(heads.read_text().splitlines()) == 2
    assert verify() is None


def test_a_sealer_that_dies_leaves_nothing_half(heads, superuser_sql):
    sealed(superuser_sql, 1)
    superuser_sql(INSERT, [2, 2])
    with psycopg.connect(databases.admin_url(), dbname=database_name()) as dying:
        dying.execute("SELECT * FROM guard.seal()")
        superuser_sql("SELECT pg_terminate_backend(%s)", [dying.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            dying.execute("SELECT 1")

    assert superuser_sql("SELECT count(*) FROM guard.block") == [(1,)]
    assert sealed(superuser_sql) == 2
    assert verify() is None


def test_a_head_that_was_cut_while_it_was_written_is_written_anew(heads, superuser_sql):
    sealed(superuser_sql, 1)
    whole = heads.read_text()
    heads.write_text(whole[: len(whole) // 2])

    assert verify() is None
    with serving(Purpose.EVIDENCE):
        write_heads()
    assert verify() is None
    sealed(superuser_sql, 2)
    assert verify() is None


def test_a_restore_begins_a_new_count(heads, superuser_sql):
    sealed(superuser_sql, 1)
    superuser_sql(INSERT, [2, 2])
    superuser_sql("SELECT guard.begin_epoch()")
    sealed(superuser_sql, 3)

    assert superuser_sql("SELECT count(DISTINCT epoch) FROM guard.block") == [(2,)]
    assert verify() is None

"""The database is not waited for without end: who is refused is told so, and may send the same text again."""

import contextlib
import socket
import time
import urllib.parse
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from casework.models import Case, FileNote, User
from jobcenter.platform import patience
from tests import database as databases
from tests.conftest import LiveOffice, database_name
from tests.factories import CaseFactory
from tests.faults.visitor import TOKEN, Visitor

QUICK = patience.Limits(statement=1, lock=1, idle_in_transaction=1, transaction=2)


@pytest.mark.parametrize(
    ("arguments", "env", "kind"),
    [
        (["/x/gunicorn/__main__.py"], {"FALLARBEIT_PROCESS": "web"}, "web"),
        (["manage.py", "runserver"], {}, "web"),
        (["/usr/bin/celery", "-A", "x", "worker"], {}, "worker"),
        (["/x/celery/__main__.py", "-A", "x", "beat"], {}, "worker"),
        (["manage.py", "migrate"], {}, "operator"),
        (["manage.py", "check_invariants"], {"FALLARBEIT_PROCESS": "unfug"}, "operator"),
        ([], {}, "operator"),
    ],
)
def test_who_asks_is_known_by_the_command_line(arguments: list[str], env: dict[str, str], kind: str):
    assert patience.process_kind(arguments, env) == kind


def test_limits_come_from_the_environment():
    assert patience.limits("web", {}) == patience.BY_PROCESS["web"]
    assert patience.limits("worker", {"DB_LOCK_SECONDS": " 7 "}).lock == 7
    assert patience.limits("web", {"DB_STATEMENT_SECONDS": "0"}).statement == 0


@pytest.mark.parametrize("value", ["viel", "-1", "1.5", "1s", "²", "9999999"])
def test_a_limit_that_is_none_stops_the_start(value: str):
    with pytest.raises(ValueError, match="DB_LOCK_SECONDS"):
        patience.limits("web", {"DB_LOCK_SECONDS": value})


def test_people_wait_less_than_workers_and_workers_less_than_for_ever():
    web, worker = patience.BY_PROCESS["web"], patience.BY_PROCESS["worker"]

    assert 0 < web.lock < web.statement < web.transaction < worker.transaction
    assert 0 < worker.lock < worker.statement < worker.transaction
    assert patience.BY_PROCESS["operator"].statement == 0


@contextlib.contextmanager
def limited(limits: patience.Limits) -> Iterator[psycopg.Connection]:
    options = patience.connection_options(limits)
    with psycopg.connect(databases.admin_url(), dbname=database_name(), options=options) as raw:
        yield raw


@pytest.mark.parametrize(
    ("limits", "code", "sql", "pause"),
    [
        (patience.Limits(1, 0, 0, 0), "57014", "SELECT pg_sleep(5)", 0),
        (patience.Limits(0, 0, 1, 0), "25P03", "SELECT 1", 1.6),
        (patience.Limits(0, 0, 0, 1), "25P04", "SELECT 1", 1.6),
    ],
    ids=["statement", "idle", "transaction"],
)
def test_postgresql_keeps_each_limit(committed_db: None, limits: patience.Limits, code: str, sql: str, pause: float):
    with pytest.raises(psycopg.Error) as told, limited(limits) as raw:
        raw.execute(sql)
        time.sleep(pause)
        raw.execute(sql)

    assert told.value.sqlstate == code
    assert patience.ran_out(told.value)


def test_a_lock_is_not_waited_for_without_end(committed_db: None):
    name = f"{uuid.uuid4()}"
    with limited(patience.Limits(0, 0, 0, 0)) as first, limited(patience.Limits(0, 1, 0, 0)) as second:
        first.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        with pytest.raises(psycopg.errors.LockNotAvailable) as told:
            second.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        second.rollback()

    assert patience.ran_out(told.value)


def test_this_process_told_postgresql_its_limits(db: None):
    with connection.cursor() as cursor:
        for name in patience.NAMES:
            cursor.execute("SELECT setting::int FROM pg_settings WHERE name = %s", [name])
            (milliseconds,) = cursor.fetchone()
            expected = getattr(settings.DATABASE_LIMITS, name.removesuffix("_timeout").removesuffix("_session"))
            assert milliseconds == expected * 1000, name


def test_only_the_limits_mean_busy():
    gone = OperationalError("server closed the connection")
    wrapped = OperationalError("canceling statement")
    wrapped.__cause__ = psycopg.errors.QueryCanceled("canceling statement")

    assert not patience.ran_out(gone) and not patience.ran_out(None)
    assert patience.ran_out(wrapped)
    page = patience.took_too_long(RequestFactory().get("/"))
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "10", "no-store")
    assert "nichts gespeichert" in page.content.decode()


# --- the office itself -------------------------------------------------------------------------------------


@pytest.fixture
def hasty_office(live_office: LiveOffice) -> Iterator[LiveOffice]:
    """The office with limits of a second: what takes minutes in production is over soon."""
    live_office.kill()
    live_office.start(DB_STATEMENT_SECONDS="1", DB_LOCK_SECONDS="1", DB_IDLE_SECONDS="3", DB_TRANSACTION_SECONDS="20")
    yield live_office
    # The next test gets one with the usual limits.
    live_office.stop()


@contextlib.contextmanager
def held(table: str) -> Iterator[None]:
    """Somebody holds a table, as a maintenance that went wrong."""
    with psycopg.connect(databases.admin_url(), dbname=database_name()) as raw:
        raw.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        raw.rollback()


def test_whoever_meets_a_lock_is_told_and_sends_again(hasty_office: LiveOffice, kim: User):
    case: Case = CaseFactory(counsellor=kim)
    visitor = Visitor(hasty_office, kim)
    note = {"text": "Die Person hat angerufen.", "key": str(uuid.uuid4())}
    url = f"/faelle/{case.number}/notizen/neu/"

    with held("casework_filenote"):
        started = time.monotonic()
        refused = visitor.ask(url, note)
        seconds = time.monotonic() - started
    assert (refused, FileNote.objects.count()) == (503, 0)
    assert seconds < 8

    assert visitor.ask(url, note) in (200, 302, 303)  # what "reload" does
    assert [text for (text,) in FileNote.objects.values_list("text")] == [note["text"]]
    assert '"exception": "OperationalError"' in hasty_office.log or "LockNotAvailable" in hasty_office.log
    assert note["text"] not in hasty_office.log


def test_a_slow_sender_does_not_hold_the_transaction(hasty_office: LiveOffice, kim: User):
    """A text that arrives byte by byte: the transaction ends, the others go on, and nothing is stored."""
    case: Case = CaseFactory(counsellor=kim)
    client = Client()
    client.force_login(kim)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    body = urllib.parse.urlencode({"text": "langsam", "key": str(uuid.uuid4()), "csrfmiddlewaretoken": TOKEN}).encode()
    head = (
        f"POST /faelle/{case.number}/notizen/neu/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", hasty_office.port), timeout=20) as line:
        line.sendall(head + body[:5])
        time.sleep(4.5)
        line.sendall(body[5:])
        answer = b""
        while piece := line.recv(65536):
            answer += piece

    assert answer.startswith(b"HTTP/1.1 503"), answer[:300]
    assert b"Das hat zu lange gedauert" in answer
    assert FileNote.objects.count() == 0
    assert Visitor(hasty_office, kim).ask("/") == 200, hasty_office.log[-3000:]

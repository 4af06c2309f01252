"""What may be said in a log line is listed: rows, values and local variables are not, whoever writes and however."""

import json
import logging
import os
import subprocess
import sys
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction

from casework.models import Client
from jobcenter.platform import environment, logs
from tests import database as databases
from tests.conftest import LiveOffice, database_name
from tests.factories import CaseFactory, ClientFactory

MARK = "Quirrenbach"


def line(message: Any, *arguments: Any, name: str = "casework.actions", **extra: Any) -> dict[str, Any]:
    record = logging.LogRecord(name, logging.ERROR, __file__, 7, message, arguments, extra.pop("exc_info", None))
    vars(record).update(extra)
    text = logs.JsonFormatter().format(record)
    assert "\n" not in text
    return dict(json.loads(text))


@pytest.mark.parametrize(
    ("message", "arguments", "name", "expected"),
    [
        ("Invalid HTTP_HOST header: 'quirrenbach.example.org'.", (), "django.security.DisallowedHost", "…"),
        ("error connecting in %r: %s", ("pool-1", MARK), "psycopg.pool", "error connecting in '…': …"),
        ("%s: %s", ("Not Found", f"/faelle/{MARK}-17/"), "django.request", "Not Found: /faelle/*/"),
        ("%s: %s", ("Forbidden", f"/faelle/?q={MARK}"), "django.request", "Forbidden: /faelle/"),
        ("row %(row)s of %(name)s", ({"row": MARK, "name": "casework.tasks.remind"},), "celery.app.trace",
         "row … of casework.tasks.remind"),
        ("mingle: all alone", (), "celery.worker.consumer.mingle", "mingle: all alone"),
        (f"Received '{MARK}'", (), "celery.worker", "…"),
        ("Booting worker with pid: %s", (12,), "gunicorn.error", "Booting worker with pid: 12"),
        ("Worker (pid:%s) was sent %s!", (12, "SIGKILL"), "gunicorn.error", "Worker (pid:12) was sent …!"),
        ("%d planned for %s", (3, "2026-11-23"), "casework.actions.reminders", "3 planned for 2026-11-23"),
        ("x\ny\u2028{\"level\": \"critical\"}\x1b[2J", (), "casework", 'x y {"level": "critical"} [2J'),
        (ValueError(MARK), (), "casework", "ValueError"),
        (["list", MARK], (), "casework", "…"),
        ("%s", ({"name": MARK},), "urllib3", "{'name': '…'}"),
        ("%s", ([MARK],), "casework", "…"),
        ("%s", (b"Quirrenbach",), "casework", "…"),
        ("%s %s %s", (True, None, 1.5), "kombu", "True None 1.5"),
        ("%s", (uuid.UUID(int=1),), "casework", "00000000-0000-0000-0000-000000000001"),
    ],
)  # fmt: skip
def test_only_what_is_listed_is_said(message: Any, arguments: tuple[Any, ...], name: str, expected: str):
    told = line(message, *arguments, name=name)

    assert told["message"] == expected
    assert MARK.lower() not in json.dumps(told).lower()
    assert ("source" in told) == ("…" in expected)


def test_further_fields_are_numbers_or_nothing():
    told = line("x", duration_ms=12, status=200, user=MARK, request=MARK, body=MARK)

    assert {"duration_ms": 12, "status": 200}.items() <= told.items()
    assert set(told) == {"at", "level", "logger", "message", "duration_ms", "status"}
    assert "duration_ms" not in line("x", duration_ms=MARK)


def test_local_variables_and_chained_words_stay_inside():
    def inner(secret: str) -> None:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise RuntimeError(f"because of {secret}") from error

    try:
        inner(MARK)
    except RuntimeError:
        told = line("failed", exc_info=sys.exc_info())

    assert (told["exception"], told["because"]) == ("RuntimeError", "KeyError")
    assert any("test_logs_allowed.py" in place and place.endswith("inner") for place in told["where"])
    assert MARK not in json.dumps(told)


def test_the_database_is_told_by_code_and_rule(db: None):
    """PostgreSQL's own words hold the whole row; what is left is enough to find the fault."""
    client = ClientFactory(family_name=MARK, external_ref="R-1")
    with pytest.raises(DatabaseError) as met, transaction.atomic():
        Client.objects.create(
            organisation=client.organisation, family_name=MARK, given_name=MARK, birth_date=client.birth_date,
            external_ref="R-1", created_by=client.created_by,
        )  # fmt: skip
    assert "DETAIL" in str(met.value), "the trap is real"

    told = line("refused", exc_info=(met.type, met.value, met.tb))

    assert told["exception"] == "IntegrityError"
    assert told["sqlstate"] == "23505"
    assert told["constraint"]
    assert MARK not in json.dumps(told) and "R-1" not in json.dumps(told)
    assert logs.in_short(met.value) == f"IntegrityError 23505 {told['constraint']}"


def test_a_name_in_place_of_a_rule_is_not_taken(db: None):
    """A trigger may raise with anything as its constraint."""
    sql = "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '23514', CONSTRAINT = 'Frau Quirrenbach'; END $$"
    with pytest.raises(DatabaseError) as met, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert logs.database_codes(met.value) == {"sqlstate": "23514"}


@pytest.mark.parametrize("error", [ImproperlyConfigured("SECRET_KEY fehlt."), CommandError("Bitte --size nennen.")])
def test_what_an_operator_has_to_set_is_said(error: Exception):
    assert logs.told(error)["said"] == str(error)
    assert "said" not in logs.told(ValueError(MARK))


def test_only_our_own_lines_and_the_last_of_a_library_are_told():
    try:
        json.loads("{")
    except ValueError as error:
        where = logs.told(error)["where"]

    assert len(where) == 2
    assert where[0].startswith("tests/platform/test_logs_allowed.py:")
    assert where[1].startswith("decoder.py:")
    assert not any(place.startswith("/") for place in where)


# --- processes ---------------------------------------------------------------------------------------------


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A command of an operator on the test's database; its database raises with a whole row."""
    return subprocess.run(
        [sys.executable, *command],
        env=dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | env,
        cwd=environment.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )


FALLS = """
import sys
sys.argv[0] = "manage.py"
import django
django.setup()
from django.db import connection
who = "Quirrenbach"
def ask():
    mark = who
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [mark])
{how}
"""


@pytest.mark.parametrize(
    "how",
    ["ask()", "import threading; t = threading.Thread(target=ask); t.start(); t.join()", "raise ValueError(who)"],
    ids=["process", "thread", "own"],
)
def test_what_nobody_caught_is_told_without_words(db: None, how: str):
    done = run("-c", FALLS.replace("{how}", how))

    assert MARK not in done.stderr + done.stdout
    told = json.loads(done.stderr.strip().splitlines()[-1])
    assert told["logger"] == "uncaught"
    assert told["exception"] in ("DataError", "ValueError")
    assert (told["exception"] == "ValueError") or told["sqlstate"] == "22P02"


def test_a_command_that_meets_a_broken_row_does_not_quote_it(committed_db: None, superuser_sql: Any):
    """`manage.py` and a trigger that quotes the row that it refuses, in message, detail and hint."""
    CaseFactory(client__family_name=MARK)
    superuser_sql(
        "CREATE FUNCTION tests_talk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no: %', OLD "
        "USING DETAIL = OLD::text, HINT = OLD::text; END $$;"
        "CREATE TRIGGER tests_talk BEFORE UPDATE ON casework_client FOR EACH ROW EXECUTE FUNCTION tests_talk()"
    )
    try:
        code = "from casework.models import Client; Client.objects.update(given_name='x')"
        url = databases.admin_url().replace("/postgres?", f"/{database_name()}?")
        done = run("manage.py", "shell", "-c", code, DATABASE_URL=url)
    finally:
        superuser_sql("DROP FUNCTION tests_talk() CASCADE")

    assert done.returncode != 0
    assert MARK not in done.stderr + done.stdout, done.stderr[-2000:]
    assert json.loads(done.stderr.strip().splitlines()[-1])["sqlstate"] == "P0001"


def test_no_mail_is_written_about_errors():
    assert settings.ADMINS == [] == settings.MANAGERS
    for name in ("django", "django.request", "django.security", ""):
        handlers = logging.getLogger(name).handlers
        assert not [handler for handler in handlers if "mail" in type(handler).__name__.lower()], name


def test_gunicorn_speaks_the_same_language(live_office: LiveOffice):
    lines = [text for text in live_office.log.splitlines() if text.strip()]

    assert lines
    for text in lines:
        assert json.loads(text)["at"].endswith("+00:00"), text

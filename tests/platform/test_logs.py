"""Log lines carry no personal data."""

import datetime as dt
import json
import logging
import sys
from types import SimpleNamespace

import pytest

from jobcenter.platform.logs import JsonFormatter, without_identifiers
from jobcenter.platform.webserver import Log


def line(message, *arguments, exc_info=None, name="test"):
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, exc_info)
    return json.loads(JsonFormatter().format(record))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/faelle/2026-00017/gespraech/", "/faelle/*/gespraech/"),
        ("/faelle/?q=Meyer", "/faelle/"),
        ("/faelle/17", "/faelle/*"),
        ("/healthz", "/healthz"),
        ("/static/css/app.3f2a.css", "/static/css/app.3f2a.css"),
    ],
)
def test_paths_lose_what_identifies(path, expected):
    assert without_identifiers(path) == expected


def test_an_exception_is_told_by_type_and_place_alone():
    try:
        raise ValueError("Erika Mustermann")
    except ValueError as error:
        result = line("Fehler bei %s: %s", "/faelle/2026-1/", error, exc_info=sys.exc_info())

    assert "Mustermann" not in json.dumps(result)
    assert result["exception"] == "ValueError"
    assert result["message"] == "Fehler bei /faelle/*/: ValueError"
    assert result["where"]


def test_a_failed_task_does_not_quote_arguments_or_errors():
    context = {"name": "tasks.x", "id": "1", "exc": "Mustermann", "args": "(1,)", "traceback": "Mustermann"}

    result = line("Task %(name)s[%(id)s] raised: %(exc)s %(traceback)s", context)

    assert result["message"] == "Task tasks.x[1] raised: … …"


def test_a_line_that_does_not_fit_its_arguments_is_still_written():
    assert line("100 % von %s und %s", 1)["message"] == "100 % von %s und %s"


@pytest.mark.parametrize(("status", "path"), [("404 Not Found", "/*"), ("301 Moved", "/*"), ("200 OK", "/faelle/*/")])
def test_an_address_that_is_none_is_not_written_down(status, path):
    lines: list[str] = []
    log = Log.__new__(Log)
    log.access_log = SimpleNamespace(info=lambda _, line: lines.append(line))
    typed = "/faelle/meyer/" if path == "/*" else "/faelle/F-26-00017/"
    answer = SimpleNamespace(status=status, sent=10)

    log.access(answer, None, {"PATH_INFO": typed, "REQUEST_METHOD": "GET"}, dt.timedelta(milliseconds=3))

    assert json.loads(lines[0])["path"] == path

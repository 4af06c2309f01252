"""The application as it is, with the two floors beside it in the same processes, so that both carry the same HTTP.

`/bench/boden/<name>` is the data floor, `/bench/seite/` the framework floor; a request with the header
X-Bench-Record is answered as ever, and what it asked the database is written down under that name.
"""

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter.settings")
django.setup()
settings.ROOT_URLCONF = "jobcenter.office.bench.urls"

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402

from jobcenter.office.bench.floor import Floor, Plan, Recorder  # noqa: E402

FOLDER = Path(os.environ["BENCH_FOLDER"])
PREFIX = "/bench/boden/"
REASONS = {200: "200 OK", 204: "204 No Content", 302: "302 Found"}

office = WSGIHandler()
# The same settings of the database as the application has: both are to be planned alike.
floor = Floor(FOLDER, os.environ["DATABASE_URL"], settings.DATABASES["default"]["OPTIONS"].get("options", ""))


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path.startswith(PREFIX):
        return on_the_floor(path.removeprefix(PREFIX), environ, start_response)
    if name := environ.get("HTTP_X_BENCH_RECORD"):
        return recorded(name, environ, start_response)
    return office(environ, start_response)


def on_the_floor(name: str, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    asked = parse_qsl(environ.get("QUERY_STRING", ""))
    given = {key: int(value) if value.isdecimal() else value for key, value in asked}
    status, body, new = floor.answer(name, given)
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    headers += [(f"X-Bench-{what}", str(value)) for what, value in new.items()]
    start_response(REASONS[status], headers)
    return [body]


def recorded(name: str, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    recorder = Recorder()
    began = dt.datetime.now(dt.UTC)
    with connection.execute_wrapper(recorder):
        response = office(environ, start_response)
        body = b"".join(response)
    close = getattr(response, "close", None)
    if close is not None:
        close()
    Plan(recorder.statements, response.status_code, len(body), began).save(FOLDER / f"{name}.plan")
    return [body]

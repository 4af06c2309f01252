"""A take-over by real HTTP, Redis and worker: judged, shown, applied; and what a killed worker leaves (R4.3-5)."""

import contextlib
import http.client
import os
import re
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from casework.enums import ImportState
from casework.exchange.columns import guess_mapping
from casework.exchange.files import read_table
from casework.models import Case, FollowUp, ImportLine, ImportRun, User
from casework.models.invariants import find_violations
from tests import database as databases
from tests.casework.test_import_whole import figures, ifks, whole_office
from tests.conftest import LiveOffice, database_name
from tests.faults.conftest import Figure, MakeOffice
from tests.faults.marks import readable
from tests.faults.processes import Child, Office
from tests.faults.test_marks import QUARREL
from tests.faults.visitor import TOKEN

long = pytest.mark.long
MakeWeb = Callable[[Office], LiveOffice]
# What stands in the lines of the file, and in no program.
PERSONAL = ("grüß", "andré", "241d0", "wie läuft es", "müller-beispiel", "şule")
EVERYBODY = {"duplicates": 50, "broken": 20, "formulas": 30, "empty": 7}
REFUSED = 70
NUMBER_OF_THE_LOCK = 20261123
TABLES = {ImportState.CHECKING: "casework_importline", ImportState.APPLYING: "casework_client"}  # what is written


class Lead:
    """A team lead at the pages of the take-over, over real HTTP."""

    def __init__(self, web: LiveOffice, user: User) -> None:
        self.web = web
        self.address = urlsplit(web.url)
        client = Browser()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.CSRF_COOKIE_NAME}={TOKEN}; {settings.SESSION_COOKIE_NAME}={session}"
        self.headers = {"Cookie": cookies, "X-CSRFToken": TOKEN}

    def post(self, path: str, fields: dict[str, Any], file: bytes | None = None) -> tuple[int, str]:
        """Status and where it leads to."""
        border = uuid.uuid4().hex
        part = f'--{border}\r\nContent-Disposition: form-data; name="{{}}"{{}}\r\n\r\n'
        body = b"".join(f"{part.format(name, '')}{value}\r\n".encode() for name, value in fields.items())
        if file is not None:
            body += part.format("file", '; filename="export.csv"').encode() + file + b"\r\n"
        body += f"--{border}--\r\n".encode()
        talk = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=60)
        headers = self.headers | {"Content-Type": f"multipart/form-data; boundary={border}"}
        talk.request("POST", path, body, headers)
        answer = talk.getresponse()
        answer.read()
        talk.close()
        return answer.status, answer.headers.get("Location", "")

    def progress(self, here: str) -> int | None:
        """What the bar shows to who waits; None when the page is to be called anew."""
        found = re.search(r"(\d+) von \d+ Zeilen", self.get(f"{here}stand/", **{"HX-Request": "true"}))
        return int(found[1]) if found else None

    def get(self, path: str, **headers: str) -> str:
        talk = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=60)
        talk.request("GET", path, headers=self.headers | headers)
        text = talk.getresponse().read().decode()
        talk.close()
        return text


@pytest.fixture
def team(committed_db: None, osterode: Any, tom: User, kim: User) -> Callable[[int], list[str]]:
    return lambda number: ifks(osterode, number)


def a_file(number: int, names: list[str]) -> bytes:
    """Windows-1252, semicolons, quotes, line breaks in them, empty lines, duplicates, dates that are none, formulas."""
    return whole_office(number, names, **EVERYBODY)


def state(run: ImportRun) -> str:
    return ImportRun.objects.get(pk=run.pk).state


def page_of(run: ImportRun) -> str:
    return reverse("casework:import_detail", args=[run.pk])


def uploaded(lead: Lead, data: bytes) -> ImportRun:
    """Up to the dry run, which a worker is rung for."""
    status, where = lead.post("/uebernahme/", {"kind": "people"}, data)
    assert status == 302
    run = ImportRun.objects.latest("pk")
    assert where == page_of(run)
    columns_chosen(lead, run, guess_mapping(run.kind, read_table(data).headers))
    return run


def columns_chosen(lead: Lead, run: ImportRun, mapping: dict[str, int]) -> None:
    fields = {f"column_{name}": place for name, place in mapping.items()}
    status, _ = lead.post(page_of(run), fields | {"first": 1, "last": 8})
    assert status == 302, (status, lead.web.log[-3000:])


def wait_for(office: Office, run: ImportRun, wanted: ImportState, seconds: float = 120) -> float:
    return office.wait(lambda: state(run) == wanted, seconds, f"the run is {wanted}")


def applied_by(office: Office, lead: Lead, run: ImportRun) -> None:
    assert lead.post(f"{page_of(run)}uebernehmen/", {"take": "possible"})[0] == 302
    wait_for(office, run, ImportState.APPLIED)


def ring(office: Office) -> None:
    """What beat does each minute, without waiting for the minute."""
    bell = office.command(
        f"bell{len(office.children)}", "shell", "-c", "from casework.tasks import work_on_imports as w; w.delay()"
    )
    office.wait(lambda: not bell.is_running, 60, "the bell has rung")


def everything_there(new: int) -> None:
    assert figures() == (new, new, new, new)
    assert FollowUp.objects.open().values("case").distinct().count() == Case.objects.open().count() == new
    assert find_violations() == []


def nobody_is_told(office: Office, *texts: str) -> None:
    """No log, task message, address of a request or mail holds a word of the file."""
    told = [*texts, office.redis.dump(), *(child.log for child in (*office.children, office.redis))]
    for text in told:
        seen = readable(text).lower()
        assert [word for word in PERSONAL if word in seen] == []
    assert office.sink.mails() == []


@pytest.mark.parametrize(
    ("number", "of_ifk"),
    [
        pytest.param(400, 6, id="400 lines"),
        pytest.param(15_000, 150, id="15000 lines", marks=[long, pytest.mark.timeout(1800)]),
    ],
)
def test_a_file_from_the_upload_to_the_end(
    make_office: MakeOffice,
    make_web: MakeWeb,
    figure: Figure,
    team: Callable[[int], list[str]],
    tom: User,
    number: int,
    of_ifk: int,
):
    """The dry run names every fault, the bar moves, the second time changes nothing, and nobody is told a name."""
    office = make_office()
    data = a_file(number, team(of_ifk))
    web, worker = make_web(office), office.worker("prefork")
    monitor = office.redis.monitor()
    office.wait_for_line(worker, "ready.")
    lead = Lead(web, tom)
    new = number - REFUSED

    started = time.monotonic()
    run = uploaded(lead, data)
    figure("upload and columns, seconds", round(time.monotonic() - started, 1))
    figure("judged, seconds", round(wait_for(office, run, ImportState.CHECKED, 600), 1))
    assert figures() == (0, 0, 0, 0)
    codes = list(ImportLine.objects.filter(run=run).values_list("outcome", "code"))
    expected = {("refused", "duplicate"): 50, ("refused", "no_date"): 20, ("new", "formula"): 30}
    assert {code: codes.count(code) for code in expected} == expected
    report = lead.get(page_of(run))
    assert "Diese Nummer steht schon weiter oben" in report and "Das ist kein Datum." in report
    seen: list[int] = []

    def done() -> bool:
        if (lines := lead.progress(page_of(run))) is not None:
            seen.append(lines)
        return state(run) == ImportState.APPLIED

    assert lead.post(f"{page_of(run)}uebernehmen/", {"take": "possible"})[0] == 302
    figure("applied, seconds", round(office.wait(done, 900, "the file is applied", step=0.05), 1))
    figure("steps of the progress bar that were seen", len(set(seen)))
    assert seen == sorted(seen) and len(set(seen)) > (5 if number > 1_000 else 0)
    everything_there(new)
    assert ImportRun.objects.get(pk=run.pk).content is None  # no copy of the file stays

    steps = list(FollowUp.objects.order_by("pk").values_list("pk", "due_on", "subject", "version"))
    again = uploaded(lead, data)
    figure("judged once more, seconds", round(wait_for(office, again, ImportState.CHECKED, 600), 1))
    applied_by(office, lead, again)
    assert set(ImportLine.objects.filter(run=again).values_list("outcome", flat=True)) == {"same", "refused"}
    everything_there(new)
    assert list(FollowUp.objects.order_by("pk").values_list("pk", "due_on", "subject", "version")) == steps
    heard = monitor.close()
    assert "work_on_import" in heard and "/uebernahme/" in web.log
    nobody_is_told(office, heard, web.log)


# --- killed ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def held_up(superuser_sql: Callable[..., Any], table: str) -> Iterator[Callable[[], bool]]:
    """Whoever writes the 200th row of this table waits until the block ends; tells whether somebody waits."""
    superuser_sql(f"""
        CREATE SEQUENCE tests_rows; GRANT USAGE ON tests_rows TO PUBLIC;
        CREATE FUNCTION tests_hold_up() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('tests_rows') = 200 THEN PERFORM pg_advisory_xact_lock({NUMBER_OF_THE_LOCK}); END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER tests_hold_up BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION tests_hold_up()
    """)
    waiting = f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = {NUMBER_OF_THE_LOCK} AND NOT granted"
    try:
        with psycopg.connect(databases.admin_url(), dbname=database_name(), autocommit=True) as holder:
            holder.execute("SELECT pg_advisory_lock(%s)", [NUMBER_OF_THE_LOCK])
            yield lambda: holder.execute(waiting).fetchone() is not None
    finally:
        superuser_sql(f"DROP TRIGGER tests_hold_up ON {table}")
        superuser_sql("DROP FUNCTION tests_hold_up(); DROP SEQUENCE tests_rows")


def strike(office: Office, worker: Child, whom: str) -> None:
    """SIGKILL: to the process that works, whose message comes back at once; or to the whole worker."""
    if whom == "whole":
        worker.kill()
        return
    for pid in worker.children():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("when", "whom"),
    [
        (ImportState.APPLYING, "process"),
        (ImportState.APPLYING, "whole"),
        (ImportState.CHECKING, "process"),
        pytest.param(ImportState.CHECKING, "whole", marks=long),
    ],
)
def test_a_killed_worker_leaves_the_office_as_it_was(
    make_office: MakeOffice,
    make_web: MakeWeb,
    superuser_sql: Callable[..., Any],
    figure: Figure,
    team: Callable[[int], list[str]],
    tom: User,
    when: ImportState,
    whom: str,
):
    """Killed in the middle of the rows: the run says so, the file is still there and can then be taken over, once."""
    office = make_office()
    data = a_file(400, team(6))
    web, worker = make_web(office), office.worker("prefork")
    monitor = office.redis.monitor()
    office.wait_for_line(worker, "ready.")
    lead = Lead(web, tom)
    if when == ImportState.APPLYING:
        run = uploaded(lead, data)
        wait_for(office, run, ImportState.CHECKED)
    with held_up(superuser_sql, TABLES[when]) as somebody_waits:
        if when == ImportState.APPLYING:
            assert lead.post(f"{page_of(run)}uebernehmen/", {"take": "possible"})[0] == 302
        else:
            run = uploaded(lead, data)
        office.wait(somebody_waits, 60, "the worker is in the middle", step=0.02)
        page = lead.get(page_of(run))
        assert ("wird übernommen" if when == ImportState.APPLYING else "wird geprüft") in page
        assert lead.progress(page_of(run)) == (0 if when == ImportState.APPLYING else 200)
        strike(office, worker, whom)
        assert (state(run), figures()) == (when, (0, 0, 0, 0))

    started = time.monotonic()
    if whom == "whole":
        office.wait_for_line(office.worker("prefork", "second"), "ready.")
        ring(office)
    for _ in range(5):  # a bell that finds the transaction of the dead still there leaves the run to the next one
        with contextlib.suppress(AssertionError):
            wait_for(office, run, ImportState.FAILED, 8)
            break
        ring(office)
    figure("until the page says that it was broken off, seconds", round(time.monotonic() - started, 1))
    assert (state(run), figures()) == (ImportState.FAILED, (0, 0, 0, 0))
    assert "Es ist nichts übernommen, alles ist wie vorher." in lead.get(page_of(run))
    assert find_violations() == []

    assert lead.post(f"{page_of(run)}pruefen/", {})[0] == 302
    columns_chosen(lead, run, ImportRun.objects.get(pk=run.pk).options["before"])
    wait_for(office, run, ImportState.CHECKED)
    applied_by(office, lead, run)
    everything_there(400 - REFUSED)
    nobody_is_told(office, monitor.close(), web.log)


# --- Redis, database, size ---------------------------------------------------------------------------------


def test_without_redis_a_file_waits_and_goes_on(
    make_office: MakeOffice, make_web: MakeWeb, figure: Figure, team: Callable[[int], list[str]], tom: User
):
    """The page answers soon, and the next bell finds what waits."""
    office = make_office()
    data = a_file(400, team(6))
    web = make_web(office)
    lead = Lead(web, tom)
    office.redis.stop()
    started = time.monotonic()
    run = uploaded(lead, data)
    seconds = time.monotonic() - started
    figure("upload and columns without Redis, seconds", round(seconds, 1))
    assert seconds < 8
    assert "Die Datei wird geprüft" in lead.get(page_of(run))
    office.redis.start()
    office.wait_for_line(office.worker("prefork"), "ready.")
    ring(office)
    wait_for(office, run, ImportState.CHECKED)
    assert lead.progress(page_of(run)) is None
    nobody_is_told(office, web.log)


def test_a_database_that_quotes_rows_is_not_repeated_in_logs(
    make_office: MakeOffice,
    make_web: MakeWeb,
    superuser_sql: Callable[..., Any],
    team: Callable[[int], list[str]],
    tom: User,
):
    """What the database says of the row that it refuses stays out of logs; the run says that it was broken off."""
    office = make_office()
    data = a_file(400, team(6))
    web, worker = make_web(office), office.worker("prefork")
    monitor = office.redis.monitor()
    office.wait_for_line(worker, "ready.")
    lead = Lead(web, tom)
    run = uploaded(lead, data)
    wait_for(office, run, ImportState.CHECKED)
    superuser_sql(QUARREL)
    superuser_sql(
        "CREATE TRIGGER tests_quarrel BEFORE INSERT ON casework_client"
        " FOR EACH ROW EXECUTE FUNCTION tests_quarrel('23505')"
    )
    try:
        assert lead.post(f"{page_of(run)}uebernehmen/", {"take": "possible"})[0] == 302
        wait_for(office, run, ImportState.FAILED)
    finally:
        superuser_sql("DROP FUNCTION tests_quarrel() CASCADE")

    assert figures() == (0, 0, 0, 0)
    assert "broken off, nothing taken over" in worker.log
    assert "Es ist nichts übernommen" in lead.get(page_of(run))
    nobody_is_told(office, monitor.close(), web.log)


@pytest.mark.parametrize("megabytes", [pytest.param(12, id="12 MB"), pytest.param(200, id="200 MB", marks=long)])
def test_a_file_that_is_too_large_is_refused_in_words(
    make_office: MakeOffice, make_web: MakeWeb, figure: Figure, tom: User, megabytes: int
):
    web = make_web(make_office())
    line = b"241D000001;Gr\xfc\xdf;Andr\xe9;01.02.1990;kim;;\r\n"
    started = time.monotonic()
    status, _ = Lead(web, tom).post("/uebernahme/", {"kind": "people"}, line * (megabytes * 2**20 // len(line)))
    figure("refused after seconds", round(time.monotonic() - started, 1))
    assert status == 422
    assert not ImportRun.objects.exists()
    assert web.is_running

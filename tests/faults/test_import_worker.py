"""A take-over by real HTTP, Redis and worker: judged, shown, applied; and what a killed worker leaves (R4.3-5)."""

import http.client
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from casework.enums import ImportState
from casework.exchange.columns import guess_mapping
from casework.exchange.files import read_table
from casework.models import Case, Client, FollowUp, ImportLine, ImportRun, User
from casework.models.invariants import find_violations
from tests import factories
from tests.casework.test_import_whole import figures, ifks, whole_office
from tests.conftest import LiveOffice
from tests.faults.conftest import Figure, MakeOffice
from tests.faults.processes import Child, Office
from tests.faults.visitor import TOKEN

NAME = "Grüß"  # in every line of the file
long = pytest.mark.long
SIZES = [
    pytest.param(400, id="400 lines"),
    pytest.param(15_000, id="15000 lines", marks=[long, pytest.mark.timeout(1800)]),
]


class Lead:
    """A team lead at the pages of the take-over, over real HTTP."""

    def __init__(self, web: LiveOffice, user: User) -> None:
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

    def get(self, path: str) -> str:
        talk = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=60)
        talk.request("GET", path, headers=self.headers)
        text = talk.getresponse().read().decode()
        talk.close()
        return text


@pytest.fixture
def team(committed_db: None, osterode: Any, tom: User) -> list[str]:
    names = ifks(osterode, 6)
    factories.CounsellorFactory(user__team=osterode, user__username="kim")
    return names


def state(run: ImportRun) -> str:
    return ImportRun.objects.get(pk=run.pk).state


def uploaded(lead: Lead, data: bytes) -> ImportRun:
    """Up to the dry run, which a worker is rung for."""
    status, where = lead.post("/uebernahme/", {"kind": "people"}, data)
    assert status == 302
    run = ImportRun.objects.get()
    assert where == reverse("casework:import_detail", args=[run.pk])
    mapping = guess_mapping(run.kind, read_table(data).headers)
    fields = {f"column_{name}": place for name, place in mapping.items()}
    status, _ = lead.post(where, fields | {"first": 1, "last": 8})
    assert status == 302, status
    return run


def everything_there(new: int) -> None:
    assert figures() == (new, new, new, new)
    assert FollowUp.objects.open().values("case").distinct().count() == Case.objects.open().count() == new
    assert find_violations() == []


@pytest.mark.parametrize("number", SIZES)
def test_a_file_from_the_upload_to_the_end(
    make_office: MakeOffice,
    make_web: Callable[[Office], LiveOffice],
    figure: Figure,
    team: list[str],
    tom: User,
    number: int,
):
    office = make_office()
    web, worker = make_web(office), office.worker("prefork")
    monitor = office.redis.monitor()
    office.wait_for_line(worker, "ready.")
    lead = Lead(web, tom)
    data = whole_office(number, team, duplicates=50, broken=20, formulas=5, empty=7)
    new = number - 70

    run = uploaded(lead, data)
    seconds = office.wait(lambda: state(run) == ImportState.CHECKED, 600, "the file is judged")
    figure("judged, seconds", round(seconds, 1))
    assert figures() == (0, 0, 0, 0)
    here = reverse("casework:import_detail", args=[run.pk])
    assert "abgewiesen" in lead.get(here)
    assert ImportLine.objects.filter(run=run, outcome="refused").count() == 70
    seen: set[int] = set()

    def done() -> bool:
        row = ImportRun.objects.get(pk=run.pk)
        seen.add(row.done)
        return row.state == ImportState.APPLIED

    assert lead.post(f"{here}uebernehmen/", {"take": "possible"})[0] == 302
    figure("applied, seconds", round(office.wait(done, 900, "the file is applied", step=0.05), 1))
    figure("steps of the progress bar that were seen", len(seen))

    everything_there(new)
    assert ImportRun.objects.get(pk=run.pk).content is None  # no copy of the file stays
    # Neither the bell nor a log line names anybody.
    heard = monitor.close()
    assert "work_on_import" in heard
    for told in (heard, worker.log, web.log):
        assert NAME not in told
        assert "241D0" not in told


def killed_when(office: Office, worker: Child, run: ImportRun, wanted: str) -> None:
    """SIGKILL to the worker and its children once it has begun with the run in this state."""

    def has_begun() -> bool:
        row = ImportRun.objects.get(pk=run.pk)
        return row.state != wanted or bool(row.options.get("begun"))

    office.wait(has_begun, 60, "a worker has begun", step=0.005)
    worker.kill()


@long  # a minute until beat rings for what a dead worker left
@pytest.mark.timeout(900)
def test_a_worker_killed_while_it_applies_leaves_the_office_as_it_was(
    make_office: MakeOffice, make_web: Callable[[Office], LiveOffice], figure: Figure, team: list[str], tom: User
):
    office = make_office()
    web, worker = make_web(office), office.worker("prefork", "first")
    office.wait_for_line(worker, "ready.")
    lead = Lead(web, tom)
    run = uploaded(lead, whole_office(2_000, team, duplicates=50, broken=20, formulas=5, empty=7))
    office.wait(lambda: state(run) == ImportState.CHECKED, 120, "the file is judged")
    here = reverse("casework:import_detail", args=[run.pk])

    assert lead.post(f"{here}uebernehmen/", {"take": "possible"})[0] == 302
    killed_when(office, worker, run, ImportState.APPLYING)

    assert state(run) == ImportState.APPLYING, "it was faster than the kill: take more lines"
    assert figures() == (0, 0, 0, 0)
    office.worker("prefork", "second")
    office.beat()
    seconds = office.wait(lambda: state(run) == ImportState.FAILED, 150, "the run is told as broken off")
    figure("until the page says that it was broken off, seconds", round(seconds))
    assert figures() == (0, 0, 0, 0)
    page = lead.get(here)
    assert "Es ist nichts übernommen, alles ist wie vorher." in page

    assert lead.post(f"{here}pruefen/", {})[0] == 302
    mapping = {f"column_{name}": place for name, place in ImportRun.objects.get(pk=run.pk).options["before"].items()}
    assert lead.post(here, mapping | {"first": 1, "last": 8})[0] == 302
    office.wait(lambda: state(run) == ImportState.CHECKED, 120, "the file is judged again")
    assert lead.post(f"{here}uebernehmen/", {"take": "possible"})[0] == 302
    office.wait(lambda: state(run) == ImportState.APPLIED, 120, "the file is applied")
    everything_there(1_930)
    assert Client.objects.count() == 1_930
    assert NAME not in worker.log

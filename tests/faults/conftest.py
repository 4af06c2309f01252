"""What the fault tests share: an office of real processes, people who are to be reminded, and figures."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from casework.enums import DigestState
from casework.models import DigestMail, User
from casework.models.invariants import find_violations
from jobcenter.platform.workdays import next_working_day
from tests import factories
from tests.conftest import LiveOffice
from tests.faults.processes import Office, Redis, Sink

Figure = Callable[[str, object], None]
MakeOffice = Callable[..., Office]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Put what was counted beside the test's result; `make test-long` prints it."""

    def put(name: str, value: object) -> None:
        print(f"{name}: {value}")
        request.node.user_properties.append((name, value))

    return put


@pytest.fixture
def make_office(committed_db: None, tmp_path: Path) -> Iterator[MakeOffice]:
    """`make_office(delay=0.2, REMINDER_BELL="5")`: Redis and mail server run, worker and beat are up to the test."""
    made: list[Office] = []

    def make(delay: float = 0.0, **environment: str) -> Office:
        folder = tmp_path / f"office{len(made)}"
        folder.mkdir()
        office = Office(folder, Redis(folder), Sink(folder, delay), environment)
        made.append(office)
        office.redis.start()
        office.sink.start()
        return office

    yield make
    for office in made:
        office.end()


@pytest.fixture
def make_web(committed_db: None, tmp_path: Path) -> Iterator[Callable[[Office], LiveOffice]]:
    """The web server as a part of the office: it rings at the office's own Redis."""
    made: list[LiveOffice] = []

    def make(office: Office) -> LiveOffice:
        web = LiveOffice(office.folder)
        made.append(web)
        web.start(REDIS_URL=office.redis.url)
        return web

    yield make
    for web in made:
        web.stop()


# --- who is reminded, and what became of it ----------------------------------------------------------------


def day_to_plan() -> dt.date:
    """Today where it is a working day, else the next one; shortly before midnight tomorrow counts as today."""
    return next_working_day(timezone.localdate(timezone.now() + dt.timedelta(minutes=30)))


def somebody_overdue(local_part: str, **fields: Any) -> User:
    """An IFK with one overdue step, who is to be told of it at this address."""
    user = factories.CounsellorFactory(user__email=f"{local_part}@example.org", **fields).user
    factories.CaseFactory(counsellor=user, opened_at=factories.ago(days=60), step__due_on=factories.back(10))
    return user


def waiting_mail(user: User) -> DigestMail:
    """As the planner leaves it."""
    return factories.DigestMailFactory(recipient=user, local_date=day_to_plan())


def states() -> dict[str, str]:
    """What became of each recipient's mail."""
    return dict(DigestMail.objects.values_list("recipient__email", "state"))


def under_way() -> int:
    return DigestMail.objects.filter(state__in=[DigestState.PLANNED, DigestState.CLAIMED]).count()


def seconds_to_health(office: Office, limit: float = 60) -> float:
    """How long a mail that is planned now takes, by beat and worker alone; every rule still holds afterwards."""
    number = DigestMail.objects.count()
    with transaction.atomic():  # in the hours of reminders the bell plans whoever is seen without a mail
        user = somebody_overdue(f"fresh{number}")
        digest = waiting_mail(user)
    seconds = office.wait(
        lambda: DigestMail.objects.filter(pk=digest.pk, state=DigestState.SENT).exists(), limit, "healthy again"
    )
    assert office.sink.deliveries()[user.email] == 1
    assert find_violations() == []
    return round(seconds, 1)

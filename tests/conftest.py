"""What all tests share: databases in the roles of production, a fixed cast, a real server for real browsers."""

import contextlib
import functools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from casework.enums import RoleName
from casework.models import Organisation, Team, User
from jobcenter.platform import processes
from tests import database as databases
from tests import factories

# Playwright keeps an event loop in the thread of the test, where Django would refuse to ask its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

hypothesis_settings.register_profile(
    "fallarbeit", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, database=None
)
hypothesis_settings.load_profile("fallarbeit")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


# --- what a test may ask for ------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    if names & COMMITTING or (marker and (marker.args or marker.kwargs.get("transaction"))):
        pytest.fail(
            "transaction=True empties tables by TRUNCATE, which the web role may not do; "
            "a test that commits uses the fixture committed_db instead.",
            pytrace=False,
        )
    if "committed_db" in names and (marker or "db" in names):
        pytest.fail("committed_db and django_db exclude each other: one commits, the other rolls back.", pytrace=False)
    if "page" in names or "browser" in names:
        item.add_marker("browser")
        if browser_path() is None:
            pytest.skip("kein Chromium gefunden; bitte einrichten oder mit CHROMIUM=… den Pfad nennen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"page", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


# --- databases ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Instead of Django's test database: a copy of one migrated template, owned by the owner, used by the web role."""
    worker_input = getattr(request.config, "workerinput", {})
    run = worker_input.get("testrunuid", uuid.uuid4().hex)[:12]
    with django_db_blocker.unblock():
        databases.sign_in_past_rows()
        stack = contextlib.ExitStack()
        stack.enter_context(databases.worker_database(run, worker_input.get("workerid", "main")))
    with stack:
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(scope="session")
def reference_rows(django_db_setup: None) -> dict[str, Any]:
    return databases.reference_rows(database_name())


def database_name() -> str:
    return str(settings.DATABASES["default"]["NAME"])


@pytest.fixture
def committed_db(django_db_setup: None, reference_rows: dict[str, Any], django_db_blocker: Any) -> Iterator[None]:
    """A database in which the test commits. Afterwards every rule must still hold; then it is emptied."""
    from casework.models.invariants import find_violations

    with django_db_blocker.unblock():
        try:
            yield
            connection.close()
            violations = find_violations()
        finally:
            connections.close_all()
            databases.empty(database_name(), reference_rows)
    if violations:
        pytest.fail("\n".join(str(violation) for violation in violations), pytrace=False)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> None:
    """The database in the way the test asked for: committed, or rolled back at its end."""
    request.getfixturevalue("committed_db" if "committed_db" in request.fixturenames else "db")


@pytest.fixture
def superuser_sql(django_db_setup: None) -> Callable[..., databases.Rows]:
    """Statements of the superuser, committed at once on a connection of their own."""
    return functools.partial(databases.run_sql, database_name())


@pytest.fixture
def owner_sql(django_db_setup: None) -> Callable[..., databases.Rows]:
    """Statements of the owner, committed at once on a connection of their own; on rows past row security, as guard."""
    return functools.partial(
        databases.run_sql, database_name(), role=databases.owner_role(), rows_as=databases.role_names().guard
    )


@pytest.fixture
def scratch_database(django_db_setup: None) -> Iterator[str]:
    """A further migrated database, for breaking rules that the test database must keep."""
    with databases.scratch_copy(database_name()) as name:
        yield name


# --- counting queries --------------------------------------------------------------------------------------

# Paid by every request whatever it does; budgets are about the rest.
OVERHEAD = {
    "session": re.compile(r'"django_session"|casework_opensession'),
    "user": re.compile(r'^SELECT .* FROM "casework_user" WHERE "casework_user"\."id" = '),
    "event": re.compile(r"\bcasework_accessevent\b"),
    "context": re.compile(r"\bset_config\(|\bpg_current_xact_id\(\)"),
}
COUNTED = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)


class CountedQueries(CaptureQueriesContext):
    """The statements of a block by category; `len()` and `count` give those beside the overhead."""

    def by_category(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {name: [] for name in ("counted", "other", *OVERHEAD)}
        for query in self.captured_queries:
            sql = query["sql"]
            category = next((name for name, pattern in OVERHEAD.items() if pattern.search(sql)), None)
            found[category or ("counted" if COUNTED.match(sql) else "other")].append(sql)
        return found

    @property
    def count(self) -> int:
        return len(self.by_category()["counted"])

    def __len__(self) -> int:
        return self.count

    def explain(self) -> str:
        """What to print when a budget is exceeded: each shape of statement once, with its number."""
        shapes = Counter(re.sub(r"\d+|'[^']*'", "?", sql)[:200] for sql in self.by_category()["counted"])
        return "\n".join(f"{number:3d} × {shape}" for shape, number in shapes.most_common())


@pytest.fixture
def count_queries() -> Callable[[], CountedQueries]:
    """`with count_queries() as queries: …`, then `queries.count` and `queries.explain()`."""
    return lambda: CountedQueries(connection)


# --- the cast ----------------------------------------------------------------------------------------------


@pytest.fixture
def landkreis(database: None) -> Organisation:
    return factories.OrganisationFactory(name="Landkreis Göttingen")


@pytest.fixture
def stadt(database: None) -> Organisation:
    return factories.OrganisationFactory(name="Stadt Göttingen")


@pytest.fixture
def osterode(landkreis: Organisation) -> Team:
    return factories.TeamFactory(organisation=landkreis, name="Osterode")


@pytest.fixture
def kim(osterode: Team) -> User:
    """IFK in the team Osterode: most tests are about her cases."""
    return factories.CounsellorFactory(
        user__team=osterode, user__username="kim", user__first_name="Kim", user__last_name="Sander"
    ).user


@pytest.fixture
def eva(osterode: Team) -> User:
    """IFK in the same team: stands in for Kim where a test says so."""
    return factories.CounsellorFactory(
        user__team=osterode, user__username="eva", user__first_name="Eva", user__last_name="Brandt"
    ).user


@pytest.fixture
def tom(osterode: Team) -> User:
    """Leads the team Osterode; no IFK."""
    user = factories.UserFactory(team=osterode, username="tom", first_name="Tom", last_name="Albers")
    factories.RoleGrantFactory(user=user, role=RoleName.TEAM_LEAD, team=osterode)
    return user


@pytest.fixture
def nora(stadt: Organisation) -> User:
    """IFK of the other organisation: a stranger."""
    return factories.CounsellorFactory(
        user__team__organisation=stadt, user__username="nora", user__first_name="Nora", user__last_name="Yılmaz"
    ).user


@pytest.fixture
def paula(osterode: Team) -> User:
    """Projektmanagement: looks after offers, sees no case."""
    user = factories.UserFactory(team=osterode, username="paula", first_name="Paula", last_name="Voss")
    factories.RoleGrantFactory(user=user, role=RoleName.OFFER_MANAGER)
    return user


@pytest.fixture
def admin(osterode: Team) -> User:
    """Fachadministration: settings and accounts, no case."""
    user = factories.UserFactory(team=osterode, username="fach", first_name="Jo", last_name="Kern")
    factories.RoleGrantFactory(user=user, role=RoleName.CONFIG_ADMIN)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def kim_client(kim: User) -> Client:
    return signed_in(kim)


@pytest.fixture
def eva_client(eva: User) -> Client:
    return signed_in(eva)


@pytest.fixture
def tom_client(tom: User) -> Client:
    return signed_in(tom)


@pytest.fixture
def nora_client(nora: User) -> Client:
    return signed_in(nora)


@pytest.fixture
def paula_client(paula: User) -> Client:
    return signed_in(paula)


@pytest.fixture
def admin_client(admin: User) -> Client:
    return signed_in(admin)


# --- a real server -----------------------------------------------------------------------------------------


class LiveOffice:
    """Gunicorn as in production, on the worker's test database. `str()` and `url` give its address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __str__(self) -> str:
        return self.url

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> str:
        path = self.folder / "gunicorn.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self, **environment: str) -> None:
        """Start and wait for the first answer; further environment variables by keyword."""
        if self.is_running:
            return
        with open(self.folder / "gunicorn.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "python:jobcenter.platform.webserver", "jobcenter.wsgi"],
                cwd=settings.BASE_DIR,
                env=self._environment() | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=processes.dies_with_parent(signal.SIGKILL),  # noqa: PLW1509
            )
        end = time.monotonic() + 60
        while time.monotonic() < end and self.is_running:
            with contextlib.suppress(OSError), urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
            time.sleep(0.05)
        pytest.fail(f"the live office does not start:\n{self.log[-3000:]}", pytrace=False)

    def kill(self) -> None:
        """SIGKILL to the server and its workers: what was in memory is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, sign: signal.Signals) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, sign)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def _environment(self) -> dict[str, str]:
        return dict(os.environ) | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",  # it must understand the quick password hashes
            "DATABASE_URL": _with_database(os.environ["DATABASE_URL"]),
            "OWNER_DATABASE_URL": _with_database(os.environ["OWNER_DATABASE_URL"]),
            "WORKER_DATABASE_URL": _with_database(os.environ["WORKER_DATABASE_URL"]),
            "BACKUP_DATABASE_URL": _with_database(os.environ["BACKUP_DATABASE_URL"]),
            "EMAIL_URL": "consolemail://",
            "LETTERBOX": str(self.folder / "post"),
            "STATIC_ROOT": str(self.folder / "static"),
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WEB_WORKERS": "1",
            "WEB_THREADS": "8",
        }


def _with_database(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database_name()}"))


@pytest.fixture(scope="session")
def office_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveOffice]:
    """One server for each worker's session; started by `live_office` at its first use."""
    folder = tmp_path_factory.mktemp("office")
    office = LiveOffice(folder)
    # In a process of its own: the storage of this one may have made up its mind about the folder long ago.
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env=office._environment(),
        stdin=subprocess.DEVNULL,
        check=True,
    )
    yield office
    office.stop()


@pytest.fixture
def live_office(office_server: LiveOffice, committed_db: None) -> LiveOffice:
    """The running office on committed data; a test may `kill()` and `start()` it."""
    office_server.start()
    return office_server


# --- a real browser ----------------------------------------------------------------------------------------


@functools.lru_cache
def browser_path() -> str | None:
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def base_url() -> None:
    """The plugin's own would ask every test for an address; pages get theirs from the live office below."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": browser_path(), "args": BROWSER_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], office_server: LiveOffice) -> dict[str, Any]:
    """Pages speak German, live in Göttingen, and take addresses relative to the live office."""
    return browser_context_args | {
        "base_url": office_server.url,
        "locale": "de-DE",
        "timezone_id": "Europe/Berlin",
    }


@pytest.fixture
def web_connection(committed_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A raw connection with the web role's rights, past row security, for what two people do at once."""
    with psycopg.connect(databases.admin_url(), dbname=database_name()) as raw:
        raw.execute(f"SET SESSION AUTHORIZATION {databases.TESTS_ROLE}")
        raw.commit()
        yield raw
        raw.rollback()


# --- signing in --------------------------------------------------------------------------------------------


@pytest.fixture
def factor_required(settings: Any) -> None:
    """As in production: nobody works without a second factor."""
    settings.SECOND_FACTOR_OPTIONAL = False

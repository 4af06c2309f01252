"""The embedded servers: where they are, what their roles may, and that nothing of them is left behind."""

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from jobcenter.platform import embedded, environment, processes, roles

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

URLS = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_URL", "STATIC_ROOT")


@contextlib.contextmanager
def data_folder() -> Iterator[Path]:
    """A data folder of its own; as root the servers' account has to come through to it."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory(prefix="fallarbeit-embedded-", ignore_cleanup_errors=True) as folder,
    ):
        for name in (*URLS, "FALLARBEIT_ENV"):
            patch.delenv(name, raising=False)
        if os.geteuid() == 0:
            os.chmod(folder, 0o755)  # noqa: S103  (nothing private lies in it)
        patch.setenv("FALLARBEIT_DATA", folder)
        yield Path(folder)
        shutil.rmtree(embedded.socket_folder(), ignore_errors=True)


@pytest.fixture
def data():
    with data_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_servers():
    """Started once, for the tests that leave them running."""
    with data_folder() as folder:
        servers = embedded.Servers(throwaway=True)
        servers.ensure()
        yield servers, folder
        servers.stop()


@pytest.fixture
def servers(shared_servers, monkeypatch):
    servers, folder = shared_servers
    for name in (*URLS, "FALLARBEIT_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FALLARBEIT_DATA", str(folder))
    return servers


def alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(") ")[1][:1]
    return False


def eventually(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


# --- without a server -----------------------------------------------------------------------------


def test_the_environment_names_everything_and_starts_nothing(data):
    values = embedded.environment()

    assert set(values) == set(URLS)
    assert values["DATABASE_URL"].startswith("postgresql://fallarbeit_web@/fallarbeit?host=")
    assert values["OWNER_DATABASE_URL"].startswith("postgresql://fallarbeit_owner@")
    assert not embedded.socket_folder().exists()
    assert embedded.environment() == values


def test_what_the_environment_gives_is_left_alone(data, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")

    assert "REDIS_URL" not in embedded.environment()
    assert embedded.needed(os.environ) == {embedded.POSTGRES}


def test_one_database_url_without_the_other_is_refused():
    with pytest.raises(processes.Problem, match="gehören zusammen"):
        embedded.needed({"DATABASE_URL": "postgresql://a@b/c"})


def test_production_embeds_nothing():
    assert embedded.needed({"FALLARBEIT_ENV": "production"}) == set()


def test_the_key_is_strong_private_and_stays(data):
    key = embedded.environment()["SECRET_KEY"]

    assert environment._secret_key_problems(key) == []
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600
    assert embedded.environment()["SECRET_KEY"] == key


def test_a_socket_has_a_short_path_however_deep_the_data_lie(monkeypatch, tmp_path):
    monkeypatch.setenv("FALLARBEIT_DATA", str(tmp_path / ("tief/" * 40)))

    assert len(str(embedded.socket_folder() / embedded.POSTGRES_SOCKET)) < embedded.SOCKET_PATH_LIMIT


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "kein Platz mehr"),
        (errno.EACCES, "nicht beschreibbar"),
        (errno.EROFS, "nicht beschreibbar"),
    ],
)
def test_errors_of_the_system_become_one_sentence(number, words):
    text = processes.sentence(OSError(number, "x"), Path("/daten"))

    assert words in text
    assert "/daten" in text


def test_a_file_in_place_of_the_data_folder_is_one_sentence(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FALLARBEIT_DATA", str(tmp_path / "file" / "data"))

    with pytest.raises(processes.Problem, match="file"):
        embedded.environment()


def test_a_socket_folder_of_somebody_else_is_not_used(data, monkeypatch):
    monkeypatch.setattr(embedded, "socket_folder", lambda: data / "sockets")
    (data / "sockets").mkdir(mode=0o700)
    os.chmod(data / "sockets", 0o777)  # noqa: S103  (that is the point)

    with pytest.raises(processes.Problem, match="gehört jemand anderem"):
        embedded.Servers().ensure()


def test_the_statements_can_be_read():
    text = roles.as_text("postgresql://o:secret@h/db", "postgresql://w:secret@h/db")

    assert 'CREATE ROLE "w"' in text
    assert 'CREATE DATABASE "db" OWNER "o"' in text
    assert text.index("CREATE DATABASE") < text.index("\\connect db") < text.index("ALTER DATABASE")
    assert "secret" not in text


# --- with servers ---------------------------------------------------------------------------------


def test_both_answer_and_end_without_a_trace(data):
    servers = embedded.Servers(throwaway=True)
    servers.ensure()
    pids = [process.pid for process in servers.processes.values()]

    assert servers.answer()
    assert len(pids) == 2

    servers.stop()

    assert not servers.answer()
    assert not any(alive(pid) for pid in pids)
    assert not servers.sockets.exists()


def test_the_database_sorts_and_folds_german(servers):
    with psycopg.connect(embedded.admin_url(embedded.NAME)) as connection:
        row = connection.execute(
            "SELECT lower('ÄÖÜ'), upper('straße'), current_setting('TimeZone'), "
            "current_setting('listen_addresses'), current_setting('server_encoding')"
        ).fetchone()

    assert row == ("äöü", "STRASSE", "UTC", "", "UTF8")


def test_the_web_role_owns_nothing_and_reaches_rows_only(servers):
    urls = embedded.environment()
    with psycopg.connect(urls["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE probe (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text)")
        owner.execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION btree_gist")
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as web:
        web.execute("INSERT INTO probe (text) VALUES ('x')")
        web.execute("UPDATE probe SET text = 'y'")
        assert web.execute("SELECT text FROM probe").fetchall() == [("y",)]
        for statement in (
            "TRUNCATE probe",
            "ALTER TABLE probe DISABLE TRIGGER ALL",
            "CREATE TRIGGER t BEFORE INSERT ON probe EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "CREATE TABLE other (id int)",
            "CREATE TABLE other (id bigint REFERENCES probe)",
            "CREATE TEMP TABLE other (id int)",
            "CREATE SCHEMA other",
            "SET ROLE fallarbeit_owner",
            "SET session_replication_role = replica",
            "DROP TABLE probe",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement)
        attributes = web.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname IN (%s, %s)",
            [embedded.WEB, embedded.OWNER],
        ).fetchall()
    assert attributes == [(False,) * 4] * 2


def test_setting_the_roles_up_again_changes_nothing(servers):
    urls = embedded.environment()

    roles.apply(embedded.admin_url(), urls["OWNER_DATABASE_URL"], urls["DATABASE_URL"])


def test_an_interrupted_initialisation_is_done_again(data):
    (data / "postgres.new").mkdir()
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    servers = embedded.Servers(throwaway=True)

    try:
        servers.ensure()
        assert servers.answer()
    finally:
        servers.stop()
    assert not (data / "postgres.new").exists()


def test_data_of_another_version_are_not_touched(data):
    (data / "postgres").mkdir()
    (data / "postgres" / "PG_VERSION").write_text("17\n")

    with pytest.raises(processes.Problem, match="PostgreSQL 17"):
        embedded.Servers().ensure()


def test_a_killed_database_is_started_again_with_its_rows(data, request):
    servers = embedded.Servers()  # a throwaway one gives durability away for speed
    request.addfinalizer(servers.stop)
    servers.ensure()
    url = embedded.environment()["OWNER_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE probe AS SELECT generate_series(1, 1000) AS n")
    process = servers.processes[embedded.POSTGRES]
    process.send_signal(signal.SIGQUIT)
    process.wait(timeout=10)

    servers.ensure()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM probe").fetchone() == (1000,)


def test_a_second_user_takes_the_running_servers(servers):
    other = embedded.Servers(throwaway=True)

    other.ensure()
    other.stop()

    assert other.processes == {}
    assert servers.answer()


CHILD = """
import os, sys, time
from jobcenter.platform import embedded
with embedded.running() as servers:
    print(*[process.pid for process in servers.processes.values()], flush=True)
    time.sleep(60)
"""


def test_servers_do_not_outlive_a_killed_command(data):
    child = subprocess.Popen([sys.executable, "-c", CHILD], cwd=environment.BASE_DIR, stdout=subprocess.PIPE, text=True)
    pids = [int(word) for word in child.stdout.readline().split()]
    assert len(pids) == 2

    child.kill()
    child.wait()
    child.stdout.close()

    if sys.platform == "linux":
        eventually(lambda: not any(alive(pid) for pid in pids))
    else:
        for pid in pids:
            os.kill(pid, signal.SIGTERM)


def test_sockets_follow_from_the_url(servers):
    url = embedded.environment()["REDIS_URL"]

    assert Path(url.removeprefix("redis+socket://").split("?")[0]).is_socket()
    assert str(servers.sockets) in unquote(embedded.admin_url())

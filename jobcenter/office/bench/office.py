# ruff: noqa: S603
# Every command here is put together from our own parts.
"""The office that is measured: own servers, a demonstration office that is kept, a fresh copy of it for each run."""

import contextlib
import fcntl
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from jobcenter.office.bench.client import HOST, fetch
from jobcenter.platform import embedded, environment, processes, roles
from jobcenter.platform.processes import Problem
from jobcenter.platform.testrun import FOREIGN

KEPT = embedded.NAME
COPY = "bench"
SOURCE = environment.BASE_DIR / "jobcenter" / "office" / "demo"
WORKERS, THREADS = 2, 4
WEB_SETTINGS = "python:jobcenter.platform.webserver"
START_SECONDS = 60


def say(text: str = "") -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def last_words(text: str) -> str:
    """What a command said last, without the marks that point into the line before."""
    lines = [line.strip() for line in text.splitlines() if line.strip(" ^~")]
    return lines[-1] if lines else "ohne Meldung"


class Office:
    """Servers and database of one size. The kept office is never written to: each run has a copy."""

    def __init__(self, size: str) -> None:
        self.size = size
        self.data = embedded.data_folder() / "bench" / size
        self.mark = self.data / "seeded.json"
        self.servers = embedded.Servers(set())
        self.children: list[subprocess.Popen[bytes]] = []

    @contextlib.contextmanager
    def running(self, *, fresh: bool = False) -> Iterator[None]:
        """Everything up to the database of this run; whatever was started ends here."""
        for name in (*FOREIGN, "FALLARBEIT_ADMIN_URL", "WEB_WORKERS", "WEB_THREADS", "PORT", "HOST"):
            os.environ.pop(name, None)
        os.environ |= {"FALLARBEIT_DATA": str(self.data), "DEBUG": "False"}
        processes.make_folder(self.data.parent)
        processes.make_folder(self.data)
        with self._alone():
            servers = self.servers = embedded.Servers()
            try:
                servers.ensure()
                if fresh or not self.is_current:
                    self._seed()
                self._copy()
                os.environ.update(self.addresses(COPY))
                os.environ.update(embedded.environment())
                self._run("-m", "jobcenter.platform.prepare")
                yield
            finally:
                for child in self.children:
                    end(child)
                servers.stop()

    @property
    def is_current(self) -> bool:
        """Filled once to the end, and by what would fill it today."""
        try:
            return bool(json.loads(self.mark.read_text())["source"] == fingerprint())
        except (OSError, ValueError, KeyError):
            return False

    @contextlib.contextmanager
    def _alone(self) -> Iterator[IO[str]]:
        with open(self.data / "bench.lock", "a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Problem(f"Mit der Größe {self.size} misst schon jemand.") from error
            yield lock

    def addresses(self, database: str) -> dict[str, str]:
        """The two roles' addresses of a database of this cluster."""
        address = embedded.admin_url(database)
        return {
            name: address.replace(f"//{embedded.POSTGRES}@", f"//{role}@", 1)
            for name, role in (("DATABASE_URL", embedded.WEB), ("OWNER_DATABASE_URL", embedded.OWNER))
        }

    def _seed(self) -> None:
        """Fill an empty database once, with the rules switched on; takes minutes at size M."""
        started, source = time.monotonic(), fingerprint()
        self.mark.unlink(missing_ok=True)
        self._admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(KEPT)))
        addresses = self.addresses(KEPT)
        roles.apply(embedded.admin_url(), addresses["OWNER_DATABASE_URL"], addresses["DATABASE_URL"])
        say(f"Die Stelle der Größe {self.size} wird angelegt; erst wieder, wenn sich ändert, was sie füllt.")
        self._run("manage.py", "migrate", "--database", "owner", "--verbosity", "0")
        self._run("manage.py", "seed_demo", "--size", self.size, "--seed", "1")
        # What autovacuum would have done over night.
        self._admin(sql.SQL("VACUUM (ANALYZE)"), KEPT)
        figures = {"size": self.size, "seconds": round(time.monotonic() - started), "source": source}
        self.mark.write_text(json.dumps(figures))

    def _copy(self) -> None:
        """The same state for every run, whatever the one before has written."""
        addresses = self.addresses(COPY)
        self._admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(COPY)))
        self._admin(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY OWNER {}").format(
                sql.Identifier(COPY), sql.Identifier(KEPT), sql.Identifier(embedded.OWNER)
            )
        )
        # Rights of the database itself are not copied from a template.
        roles.apply(embedded.admin_url(), addresses["OWNER_DATABASE_URL"], addresses["DATABASE_URL"])

    @staticmethod
    def _admin(statement: sql.SQL | sql.Composed, database: str = embedded.POSTGRES) -> None:
        with psycopg.connect(embedded.admin_url(database), autocommit=True) as connection:
            connection.execute(statement)

    def settle(self) -> None:
        """Statistics of what the migrations of this run have added, and everything on disk before it counts."""
        self._admin(sql.SQL("ANALYZE"), COPY)
        self._admin(sql.SQL("CHECKPOINT"), COPY)

    def cpu(self, web: "Web") -> float:
        """Seconds of processor that web server and database have used so far; 0 where the system does not tell."""
        database = self.servers.processes.get(embedded.POSTGRES)
        roots = [web.child.pid, *([database.pid] if database else [])]
        return sum(used(pid) for root in roots for pid in family(root))

    # --- processes ----------------------------------------------------------------------------------------

    def _run(self, *arguments: str) -> None:
        if self.start([sys.executable, *arguments]).wait():
            raise Problem(f"„{' '.join(arguments)}“ ist nicht fertig geworden.")

    def start(self, command: list[str], env: dict[str, str] | None = None, log: str = "") -> subprocess.Popen[bytes]:
        with open(self.data / "logs" / f"{log}.log" if log else os.devnull, "ab") as output:
            child = subprocess.Popen(
                command,
                cwd=environment.BASE_DIR,
                env=dict(os.environ, **(env or {})),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output if log else None,
                start_new_session=True,
                preexec_fn=processes.dies_with_parent(signal.SIGTERM),
            )
        self.children.append(child)
        return child

    def serve(self, application: str, env: dict[str, str] | None = None) -> "Web":
        """A web server as in production: two workers with four threads each."""
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        surroundings = {
            "PORT": str(port),
            "HOST": HOST,
            "WEB_WORKERS": str(WORKERS),
            "WEB_THREADS": str(THREADS),
            **(env or {}),
        }
        log = self.data / "logs" / "web.log"
        embedded.rotate(log)
        child = self.start(
            [sys.executable, "-m", "gunicorn", "-c", WEB_SETTINGS, application], surroundings, log=log.stem
        )
        end_of_patience = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError):
                if fetch(port, "/healthz")[0] == 200:
                    return Web(port, child)
            if child.poll() is not None or time.monotonic() > end_of_patience:
                raise Problem(f"Der Webserver startet nicht: {embedded.last_line(log)} (mehr in {log})")
            time.sleep(0.05)


class Web:
    """A running web server."""

    def __init__(self, port: int, child: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.child = child

    def pss(self) -> int | None:
        """Bytes of memory of the server and its workers, shared pages counted once (PSS); None where unknown."""
        total = 0
        try:
            for pid in family(self.child.pid):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
        except OSError:
            return None
        return total

    def stop(self) -> None:
        end(self.child)


def fingerprint() -> str:
    """Of everything that fills the demonstration office: with other rows, figures do not compare."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def family(pid: int) -> list[int]:
    """A process and its children, as far as the system tells (Linux)."""
    with contextlib.suppress(OSError):
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    return [pid]


def used(pid: int) -> float:
    """Seconds of processor of one process, its threads included."""
    with contextlib.suppress(OSError):
        # The name in parentheses may hold spaces; user and system time are fields 14 and 15.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def end(child: subprocess.Popen[bytes]) -> None:
    for sign, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        if child.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=seconds)


def query(statement: str, params: Any = None) -> list[tuple[Any, ...]]:
    """Ask the database of this run as its superuser; never while something is timed."""
    with psycopg.connect(embedded.admin_url(COPY), autocommit=True) as connection:
        cursor = connection.execute(statement, params)
        return cursor.fetchall() if cursor.description else []

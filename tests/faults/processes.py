"""The parts of the office as processes that may be killed: mail server, Redis, worker, beat, one-off commands.

Nothing here restarts by itself: `Office.look_after` does what `make run` and Docker do, a second after a death, and is
called by whoever waits. So a test knows what runs at every moment, and everything ends with the test.
"""

import base64
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import redis
from django.conf import settings

from jobcenter.platform import embedded, processes, supervisor
from tests.conftest import database_name
from tests.faults.sink import MUTE

PAUSE_BEFORE_RESTART = 1.0
COMPOSE = settings.BASE_DIR / "docker-compose.yml"
PRODUCTION_WORKER = re.compile(r"command: \[celery, ([^\]]*\bworker\b[^\]]*)\]")


def own_database(url: str) -> str:
    """The address of the test's database in the role of the given one."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database_name()}"))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


def wait_until(condition: Callable[[], Any], seconds: float, what: str, *, step: float = 0.05) -> float:
    """Wait for a condition; the seconds that it took."""
    started = time.monotonic()
    while not condition():
        waited = time.monotonic() - started
        assert waited < seconds, f"{what}: waited {waited:.0f} s in vain"
        time.sleep(step)
    return time.monotonic() - started


# --- one process -------------------------------------------------------------------------------------------


class Child:
    """A process with a log, in a group of its own, that does not outlive the test."""

    def __init__(self, name: str, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.path = folder / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.died_at: float | None = None
        self.wanted = False
        self.starts = 0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def log(self) -> str:
        return self.path.read_text(errors="replace") if self.path.exists() else ""

    def start(self) -> "Child":
        self.wanted = True
        self.starts += 1
        with open(self.path, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=processes.dies_with_parent(signal.SIGKILL),  # noqa: PLW1509
            )
        return self

    def children(self) -> list[int]:
        """The processes that this one has started, read from the system's own list."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                # The name in brackets may hold spaces; the parent is the second field after it.
                if int(path.read_text().rpartition(")")[2].split()[1]) == self.pid:
                    found.append(int(path.parent.name))
        return sorted(found)

    def signal(self, sign: signal.Signals) -> None:
        os.kill(self.pid, sign)

    def kill(self) -> None:
        """SIGKILL to the process and everything that it started; it stays down."""
        self.wanted = False
        self.end_group()

    def stop(self, seconds: float = 20) -> int:
        """SIGTERM, as `docker stop` sends it; the exit code."""
        self.wanted = False
        if self.process is None:
            return 0
        if self.is_running:
            self.signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=seconds)
        code = self.process.poll()
        self.end_group()
        return -9 if code is None else code

    def end_group(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def look_after(self) -> None:
        """Start it again a second after its death, its group ended first, as the supervisor and Docker do."""
        if self.process is None or not self.wanted or self.process.poll() is None:
            return
        now = time.monotonic()
        if self.died_at is None:
            self.end_group()
            self.died_at = now
        elif now - self.died_at > PAUSE_BEFORE_RESTART:
            self.died_at = None
            self.start()


# --- the mail server ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mail:
    """A mail as the server kept it."""

    at: float
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(self.raw)

    @property
    def decoded(self) -> str:
        """Everything that a reader could get to see, besides the address it went to."""
        message = self.message
        headers = [f"{name}: {value}" for name, value in message.items() if name.lower() != "to"]
        bodies = [str(part.get_content()) for part in message.walk() if not part.is_multipart()]
        return "\n".join([*headers, *bodies])


class Sink(Child):
    """The mail server of `tests.faults.sink`; its port and its mails stay when it is started again."""

    def __init__(self, folder: Path, delay: float = 0.0) -> None:
        self.folder = folder / "sink"
        self.folder.mkdir()
        self.port = free_port()
        command = [sys.executable, "-m", "tests.faults.sink", "--folder", str(self.folder)]
        command += ["--port", str(self.port), "--delay", str(delay)]
        super().__init__("sink", command, folder, dict(os.environ))

    def start(self) -> "Sink":
        super().start()
        wait_until(lambda: listens(self.port), 60, f"the mail server\n{self.log}")
        return self

    def be_mute(self, mute: bool = True) -> None:
        """From now on whoever connects is left without a word for a minute."""
        if mute:
            (self.folder / MUTE).touch()
        else:
            (self.folder / MUTE).unlink(missing_ok=True)

    def mails(self) -> list[Mail]:
        kept = []
        for path in sorted((self.folder / "mails").glob("*.json")):
            mail = json.loads(path.read_text())
            kept.append(Mail(mail["at"], mail["sender"], tuple(mail["recipients"]), base64.b64decode(mail["raw"])))
        return kept

    def deliveries(self) -> Counter[str]:
        """How many mails each recipient got."""
        return Counter(recipient for mail in self.mails() for recipient in mail.recipients)

    def talk(self) -> list[dict[str, Any]]:
        path = self.folder / "talk.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def steps(self, recipient: str) -> list[str]:
        return [line["step"] for line in self.talk() if line["recipient"] == recipient]

    def under_way(self) -> set[str]:
        """Whose mails are being handed over at this moment."""
        open_now: set[str] = set()
        for line in self.talk():
            if line["step"] == "address":
                open_now.add(line["recipient"])
            elif line["step"] in ("250", "lost", "421", "451", "550"):
                open_now.discard(line["recipient"])
        return open_now


# --- Redis -------------------------------------------------------------------------------------------------


class Redis(Child):
    """An own Valkey on loopback, kept as in docker-compose.yml; apart from the one of the test run."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.monitors: list[Monitor] = []
        data = folder / "redis"
        data.mkdir()
        command = [
            # As root it runs as root: it belongs to this test, listens on loopback and holds doorbells.
            *(str(embedded.Programs(embedded.data_folder()).valkey), "--bind", "127.0.0.1", "--port", str(self.port)),
            *("--dir", str(data), "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"),
        ]
        super().__init__("redis", command, folder, {"PATH": "/usr/bin:/bin", "LC_ALL": "C"})

    def start(self) -> "Redis":
        super().start()
        wait_until(self.answers, 60, f"Redis\n{self.log}")
        return self

    def answers(self) -> bool:
        with contextlib.suppress(redis.RedisError), self.client() as client:
            return bool(client.ping())
        return False

    @contextlib.contextmanager
    def client(self) -> Iterator["redis.Redis[bytes]"]:
        with contextlib.closing(redis.Redis(port=self.port, socket_timeout=5)) as client:
            yield client

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()

    def dump(self) -> str:
        """Every key with its value, whatever its type."""
        readers: dict[bytes, Callable[[Any, bytes], object]] = {
            b"string": lambda client, key: client.get(key),
            b"list": lambda client, key: client.lrange(key, 0, -1),
            b"set": lambda client, key: client.smembers(key),
            b"hash": lambda client, key: client.hgetall(key),
            b"zset": lambda client, key: client.zrange(key, 0, -1, withscores=True),
        }
        lines = []
        with self.client() as client:
            for key in client.keys("*"):
                lines.append(f"{key!r} {readers[client.type(key)](client, key)!r}")
        return "\n".join(lines)

    def monitor(self) -> "Monitor":
        """Write down every command from now on."""
        monitor = Monitor(self.port)
        monitor.start()
        return monitor


class Monitor(threading.Thread):
    """What MONITOR tells until the connection ends."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.socket.sendall(b"MONITOR\r\n")
        assert self.socket.recv(5) == b"+OK\r\n"
        self.socket.settimeout(None)
        self.heard = bytearray()

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while piece := self.socket.recv(65536):
                self.heard += piece

    def close(self) -> str:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.join(timeout=10)
        self.socket.close()
        return self.heard.decode(errors="replace")


# --- the office --------------------------------------------------------------------------------------------


def worker_command(pool: str) -> list[str]:
    """The very commands: prefork from docker-compose.yml, threads from `make run`."""
    if pool == "prefork":
        found = PRODUCTION_WORKER.search(COMPOSE.read_text())
        assert found, "docker-compose.yml names no worker"
        return [sys.executable, "-m", "celery", *(part.strip().strip('"') for part in found[1].split(","))]
    return next(service.command for service in _demonstration() if service.name == "Worker")


def _demonstration() -> list[supervisor.Service]:
    return supervisor.services_of(embedded.data_folder(), 0)


@dataclass
class Office:
    """What the processes of the office share: database, Redis, mail server, and one who looks after them."""

    folder: Path
    redis: Redis
    sink: Sink
    environment: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)

    def surroundings(self) -> dict[str, str]:
        """The environment of worker, beat and commands: the application's own settings on the test's database."""
        return (
            dict(os.environ)
            | {
                "DJANGO_SETTINGS_MODULE": "jobcenter.settings",
                "DATABASE_URL": own_database(os.environ["DATABASE_URL"]),
                "OWNER_DATABASE_URL": own_database(os.environ["OWNER_DATABASE_URL"]),
                "REDIS_URL": self.redis.url,
                "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
                "PUBLIC_URL": "https://fallarbeit.example.org",
                "REMINDER_ANY_TIME": "True",  # tests run at night and on Sundays too
                "PYTHONUNBUFFERED": "1",
            }
            | self.environment
        )

    def start(self, name: str, command: list[str]) -> Child:
        child = Child(name, command, self.folder, self.surroundings())
        self.children.append(child)
        child.start()
        return child

    def worker(self, pool: str, name: str = "worker") -> Child:
        return self.start(name, [*worker_command(pool), "--hostname", f"{name}@fault-test"])

    def beat(self, name: str = "beat") -> Child:
        celery = [sys.executable, "-m", "celery", "-A", "jobcenter.celery:app"]
        schedule = self.folder / f"{name}-schedule"
        return self.start(name, [*celery, "beat", "--loglevel", "INFO", "--schedule", str(schedule), "--pidfile="])

    def command(self, name: str, *arguments: str) -> Child:
        """A `manage.py` command that runs beside the test and is not started again."""
        child = self.start(name, [sys.executable, "manage.py", *arguments])
        child.wanted = False
        return child

    def wait(self, condition: Callable[[], Any], seconds: float, what: str, *, step: float = 0.1) -> float:
        """Wait for a condition while somebody looks after the processes; the seconds that it took."""

        def looked_after() -> bool:
            self.look_after()
            return bool(condition())

        try:
            return wait_until(looked_after, seconds, what, step=step)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.last_words()}") from None

    def wait_for_line(self, child: Child, text: str, seconds: float = 90) -> float:
        return self.wait(lambda: text in child.log, seconds, f"{child.name} does not say “{text}”")

    def look_after(self) -> None:
        for child in self.children:
            child.look_after()

    def last_words(self) -> str:
        return "\n".join(f"--- {child.name}\n{child.log[-2500:]}" for child in (*self.children, self.redis, self.sink))

    def end(self) -> None:
        for child in (*self.children, self.sink, self.redis):
            child.kill()

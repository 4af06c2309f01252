# ruff: noqa: S603
# Every command here is put together from our own parts.
"""`make run`: embedded servers, web, mail server, Celery worker and beat under one process that ends them all."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from jobcenter.platform import embedded, environment, processes
from jobcenter.platform.processes import Problem

HOST = "127.0.0.1"
WEB_SETTINGS = "python:jobcenter.platform.webserver"
TICK = 0.2
CHECK_SERVERS_EVERY = 2.0
FIRST_ANSWER_SECONDS = 60
HEALTHY_AFTER = 30
LONGEST_PAUSE = 30
# Ctrl-C is to be over within ten seconds: the services have these, the database what remains.
STOP_SECONDS = 5


class Ended(Exception):
    """A signal asked for the end."""


def say(text: str = "") -> None:
    with contextlib.suppress(OSError):  # nobody may be reading any more
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


@dataclass
class Service:
    """One child that has to live as long as the supervisor."""

    name: str
    command: list[str]
    log: Path
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = field(default=0)

    def start(self) -> None:
        embedded.rotate(self.log)
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=environment.BASE_DIR,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A group of its own: Ctrl-C reaches the supervisor alone, which ends the services in order.
                start_new_session=True,
                preexec_fn=processes.dies_with_parent(signal.SIGTERM),
            )
        self.started_at = time.monotonic()

    def look_after(self) -> None:
        """Restart the child when it has died, later each time that it dies young."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.end_group(signal.SIGKILL)  # its own children, if it could not take them along
        self.failures = 1 if now - self.started_at > HEALTHY_AFTER else self.failures + 1
        pause = min(2 ** (self.failures - 1), LONGEST_PAUSE)
        reason = f"Signal {-code}" if code < 0 else f"Code {code}"
        say(f"{self.name} ist beendet ({reason}), Neustart in {pause} s; mehr in {self.log}")
        self.process, self.start_at = None, now + pause

    def end_group(self, sign: int) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, sign)

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)


def stop_all(services: list[Service]) -> None:
    """Ask all, wait together, then insist, children of children included."""
    for service in services:
        service.ask_to_end()
    end = time.monotonic() + STOP_SECONDS
    for service in services:
        if service.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                service.process.wait(timeout=max(0.05, end - time.monotonic()))
    for service in services:
        service.end_group(signal.SIGKILL)
        if service.process is not None:
            service.process.wait()


def chosen_port() -> int:
    given = os.environ.get("PORT", "8000")
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Problem(f"PORT muss eine Zahl von 1 bis 65535 sein, nicht „{given}“.")
    return int(given)


def check_port(port: int) -> None:
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            probe.listen(1)
    except PermissionError as error:
        raise Problem(f"Der Port {port} ist dem System vorbehalten; bitte einen anderen: make run PORT=8000") from error
    except OSError as error:
        other = port + 1 if port < 65535 else 8000
        raise Problem(
            f"Der Port {port} ist belegt; bitte das andere Programm beenden oder einen anderen Port nehmen: "
            f"make run PORT={other}"
        ) from error


def claim(data: Path, port: int) -> IO[str]:
    """Only one `make run` works on one data folder."""
    processes.make_folder(data)
    try:
        file = open(data / "run.lock", "a+")  # noqa: SIM115  (held until the process ends)
    except OSError as error:
        raise Problem(processes.sentence(error, data)) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        other = file.read().strip() or "noch beim Einrichten"
        raise Problem(f"Die Anwendung läuft mit diesen Daten schon ({other}).") from error
    file.truncate(0)
    file.write(f"http://{HOST}:{port}/, Prozess {os.getpid()}")
    file.flush()
    return file


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def services_of(data: Path, port: int) -> list[Service]:
    """The services in the order of their start; the mail server only where the environment names no other."""
    env = dict(os.environ, PYTHONUNBUFFERED="1", PORT=str(port), HOST=HOST)
    post: dict[str, list[str]] = {}
    if not env.get("EMAIL_URL"):
        folder, mail_port = data / "post", free_port()
        env |= {"EMAIL_URL": f"smtp://{HOST}:{mail_port}", "LETTERBOX": str(folder)}
        post["Post"] = [sys.executable, "-m", "jobcenter.platform.letterbox", str(folder), str(mail_port)]
    celery = [sys.executable, "-m", "celery", "-A", "jobcenter.celery:app"]
    beat = data / "beat"
    beat.mkdir(exist_ok=True)
    commands = {
        "Web": [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            WEB_SETTINGS,
            "jobcenter.wsgi",
        ],
        **post,
        # Threads: the tasks wait for the database anyway, and one process takes half the memory of three.
        "Worker": [
            *celery,
            *("worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        "Beat": [*celery, "beat", "--loglevel", "INFO", "--schedule", str(beat / "schedule"), "--pidfile="],
    }
    # The doorbell is rung and answered in the worker's role.
    own = {"Worker": embedded.worker_environment(), "Beat": embedded.worker_environment()}
    return [
        Service(name, command, data / "logs" / f"{name.lower()}.log", env | own.get(name, {}))
        for name, command in commands.items()
    ]


def prepared(servers: embedded.Servers) -> str:
    """Migrations, static files, demonstration data; answers with the logins to print."""
    command = [sys.executable, "-m", "jobcenter.platform.prepare"]
    if embedded.POSTGRES in servers.services:
        command.append("--embedded")
    process = subprocess.Popen(
        command,
        cwd=environment.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=processes.dies_with_parent(signal.SIGKILL),
        text=True,
    )
    try:
        output, _ = process.communicate()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode:
        raise Problem("Die Einrichtung ist nicht fertig geworden; nach der Abhilfe einfach noch einmal: make run")
    return output.rstrip()


def answers(port: int) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through somebody's proxy
    try:
        with opener.open(f"http://{HOST}:{port}/healthz", timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait_for_web(web: Service, port: int) -> None:
    end = time.monotonic() + FIRST_ANSWER_SECONDS
    while not answers(port):
        web.look_after()
        if web.failures >= 3 or time.monotonic() > end:
            hint = embedded.last_line(web.log)
            raise Problem(f"Die Anwendung antwortet nicht auf Port {port}; mehr in {web.log}: {hint}")
        time.sleep(0.05)


def look_after_all(services: list[Service], servers: embedded.Servers) -> None:
    """Until a signal comes."""
    next_check = 0.0
    while True:
        for service in services:
            service.look_after()
        if time.monotonic() > next_check:
            if not servers.answer():
                say("Datenbank oder Redis antwortet nicht mehr und wird neu gestartet.")
                servers.ensure()
            next_check = time.monotonic() + CHECK_SERVERS_EVERY
        time.sleep(TICK)


def work() -> None:
    started = time.monotonic()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter.settings")
    environment.read_dotenv()
    if environment.is_production(os.environ):
        raise Problem("make run ist die Demonstration; der Produktivbetrieb steht in docs/operations.md.")
    port = chosen_port()
    data = embedded.data_folder()
    with claim(data, port) as lock:
        check_port(port)
        servers = embedded.Servers(embedded.needed(os.environ))
        services: list[Service] = []
        # Other commands may use these servers; they are not waited for when this process ends.
        with processes.locked(data / "users.lock", shared=True):
            try:
                servers.ensure()
                (data / "logs").mkdir(exist_ok=True)
                logins = prepared(servers)
                services = services_of(data, port)
                # The web server first and alone: somebody is waiting for it.
                web, *others = services
                web.start()
                wait_for_web(web, port)
                for service in others:
                    service.start()
                say()
                say(f"Fallarbeit läuft: http://{HOST}:{port}/   ({time.monotonic() - started:.1f} s)")
                if logins:
                    say(logins)
                    if any(service.name == "Post" for service in services):
                        say(f"Verschickte E-Mails: http://{HOST}:{port}/entwicklung/post/ (nach der Anmeldung)")
                say(f"Daten und Protokolle: {data}   Beenden: Strg-C")
                look_after_all(services, servers)
            finally:
                for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(sign, signal.SIG_IGN)  # a second Ctrl-C must not leave anything running
                stop_all(services)
                servers.stop()
        lock.truncate(0)


def on_signal(number: int, _: FrameType | None) -> None:
    raise Ended(signal.Signals(number).name)


def main() -> int:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, on_signal)
    if "MAKELEVEL" in os.environ:
        processes.end_with_caller()  # a make that is killed outright cannot pass anything on
    try:
        work()
    except Ended:
        say("Beendet.")
        return 0
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

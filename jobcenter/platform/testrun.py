# ruff: noqa: S603
# Every command here is put together from our own parts and the arguments of whoever called make.
"""`make test`: everything that CI runs, on an own temporary PostgreSQL and Redis.

The servers, their data and every child end with this process, however it ends.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from xml.etree import ElementTree

from jobcenter.platform import embedded, environment, processes

WORKERS = "2"
# Seconds for one long test that says nothing else; the longest takes about eight minutes here.
LONG_TIMEOUT = 3600
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
TEMPLATE_FOLDERS = ("templates",)
# What somebody's shell or .env says must not decide whether a test passes.
FOREIGN = (
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "ADMIN_DATABASE_URL",
    "WORKER_DATABASE_URL",
    "BACKUP_DATABASE_URL",
    "WEB_DATABASE_ROLE",
    "AUDIT_HEAD_FILE",
    "SECRET_KEY_FALLBACKS",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "PUBLIC_URL",
    "LETTERBOX",
    "EMAIL_URL",
    "EMAIL_TIMEOUT",
    "REMINDER_BELL",
    "REMINDER_LEASE",
    "REMINDER_RETRY_AFTER",
    "DB_POOL",
    "DB_STATEMENT_SECONDS",
    "DB_LOCK_SECONDS",
    "DB_IDLE_SECONDS",
    "DB_TRANSACTION_SECONDS",
    "FALLARBEIT_PROCESS",
    "SECOND_FACTOR_OPTIONAL",
    "SESSION_IDLE_MINUTES",
    "PROXIES",
    "OIDC_PROVIDERS",
    "HOST",
    "FALLARBEIT_ENV",
    "STATIC_ROOT",
    "STATICFILES_BACKEND",
    "SECURE_SSL_REDIRECT",
    "PYTHONWARNINGS",
    "DJANGO_SETTINGS_MODULE",
)


class Ended(Exception):
    """A signal asked for the end."""


def say(text: str = "") -> None:
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def run(command: list[str], env: dict[str, str], *, quiet: bool = False) -> int:
    """Run a child that does not outlive this process; its exit code."""
    process = subprocess.Popen(
        command,
        cwd=environment.BASE_DIR,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        # Its own session: a Ctrl-C comes here first, and is passed on once.
        start_new_session=True,
        preexec_fn=processes.dies_with_parent(signal.SIGTERM),
        text=True,
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        # pytest answers to SIGINT with its summary and takes its workers and browsers along.
        _end(process)
        raise
    if quiet and process.returncode:
        say(output.rstrip())
    return process.returncode


def _end(process: subprocess.Popen[str]) -> None:
    for sign, seconds in ((signal.SIGINT, 15), (signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=seconds)
            return


# --- the checks of the source ---------------------------------------------------------------------


def tool(name: str, *arguments: str) -> list[str]:
    """A tool of the environment, called as a module: its scripts hold the path they were installed under."""
    return [sys.executable, "-m", name, *arguments]


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def source_checks() -> list[tuple[str, list[str]]]:
    imports = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as c; sys.path.insert(0, '.'); c()",
    ]
    return [
        ("ruff format", tool("ruff", "format", "--check", "--quiet", ".")),
        ("ruff check", tool("ruff", "check", "--quiet", "--output-format", "concise", ".")),
        ("Vorlagen (djlint)", tool("djlint", "--check", "--lint", "--quiet", *TEMPLATE_FOLDERS)),
        ("Importregeln", imports),
        ("mypy", tool("mypy", "--no-error-summary")),
        ("Migrationen", manage("makemigrations", "--check", "--dry-run")),
    ]


DEPLOY_CHECK = ("check --deploy", manage("check", "--deploy", "--fail-level", "WARNING"))


def production_like(env: dict[str, str]) -> dict[str, str]:
    return env | {
        "FALLARBEIT_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DEBUG": "False",
        "DEMO": "False",
        "ALLOWED_HOSTS": "fallarbeit.example.org",
        "CSRF_TRUSTED_ORIGINS": "https://fallarbeit.example.org",
        "EMAIL_URL": "smtp+tls://mail.example.org:587",
        "PUBLIC_URL": "https://fallarbeit.example.org",
    }


def quality(env: dict[str, str]) -> list[str]:
    """Run every check, also after one has failed; the names of those that did."""
    failed = []
    checks = [(name, command, env) for name, command in source_checks()]
    for name, command, surroundings in [*checks, (*DEPLOY_CHECK, production_like(env))]:
        started = time.monotonic()
        code = run(command, surroundings, quiet=True)
        say(f"{'ok    ' if code == 0 else 'FEHLER'} {name} ({time.monotonic() - started:.1f} s)")
        if code:
            failed.append(name)
    return failed


def reformat(env: dict[str, str]) -> list[str]:
    commands = {
        "ruff check --fix": tool("ruff", "check", "--fix", "--quiet", "."),
        "ruff format": tool("ruff", "format", "--quiet", "."),
        # djlint answers 1 when it has changed something.
        "djlint": tool("djlint", "--reformat", "--quiet", *TEMPLATE_FOLDERS),
    }
    return [name for name, command in commands.items() if run(command, env) and name != "djlint"]


# --- the browser ----------------------------------------------------------------------------------


def find_browser() -> str | None:
    """The first browser that really starts: some distributions ship an empty shell under its name."""
    for name in (os.environ.get("CHROMIUM"), *BROWSERS):
        path = shutil.which(name) if name else None
        if path is None:
            continue
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
            if done.returncode == 0:
                return path
    return None


def install_browser() -> None:
    """Only root on a Debian may, and only there it is one package."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    say("Kein Chromium gefunden; es wird mit apt-get eingerichtet …")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        if run(command, env, quiet=True):
            say("  Das ging nicht; die Browser-Tests laufen diesmal nicht.")
            return


def count_browser_tests(kind: str, arguments: list[str], env: dict[str, str]) -> int:
    command = [*tool("pytest", "--collect-only", "-q", "-o", "addopts="), "-p", "no:valkey"]
    command += ["-m", "browser and long" if kind == "long" else "browser and not long", *arguments]
    done = subprocess.run(command, cwd=environment.BASE_DIR, env=env, capture_output=True, text=True, check=False)
    return sum("::" in line for line in done.stdout.splitlines())


def report_missing_browser(kind: str, arguments: list[str], env: dict[str, str]) -> None:
    count = count_browser_tests(kind, arguments, env)
    if count:
        say(
            f"Nicht gelaufene Browser-Tests: {count}, weil kein Chromium gefunden wurde; "
            "bitte Chromium oder Chrome einrichten (Debian: apt install chromium) "
            "oder mit CHROMIUM=… den Pfad nennen."
        )


# --- the servers ----------------------------------------------------------------------------------


@contextlib.contextmanager
def temporary_servers() -> Iterator[dict[str, str]]:
    """A fresh PostgreSQL and Redis in a folder of their own, and the environment that names them."""
    folder = Path(tempfile.mkdtemp(prefix="fallarbeit-test-"))
    if os.geteuid() == 0:
        folder.chmod(0o755)  # the servers' account has to pass through
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ["FALLARBEIT_DATA"] = str(folder)
    servers = embedded.Servers(throwaway=True)
    try:
        servers.ensure()
        env = dict(os.environ) | embedded.environment()
        env |= {
            "ADMIN_DATABASE_URL": embedded.admin_url(),
            "DEBUG": "False",
            "DEMO": "True",
        }
        yield env
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def pytest_command(kind: str, arguments: list[str], results: Path) -> list[str]:
    command = tool("pytest")
    if kind == "long":
        # One at a time: they measure how soon an office is well again, and each one has the machine busy.
        command += ["-m", "long", "-o", f"timeout={LONG_TIMEOUT}", f"--junitxml={results}", "-o", "junit_logging=no"]
    elif not any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments):
        command += ["-n", WORKERS]
    return command + arguments


def report_long(results: Path) -> None:
    """What ran, how long it took and what it counted: a long test that proves little looks like any other."""
    if not results.exists():
        return
    say("\nGelaufen sind (Sekunden, Ergebnis, Test):")
    for case in ElementTree.parse(results).iter("testcase"):  # noqa: S314  (pytest's own file)
        outcome = next((name for name in ("failure", "error", "skipped") if case.find(name) is not None), "ok")
        where = str(case.get("classname", "")).removeprefix("tests.")
        say(f"{float(case.get('time', 0)):7.0f}  {outcome:7}  {where}: {case.get('name')}")
        for figure in case.iter("property"):
            say(f"{'':18}{figure.get('name')}: {figure.get('value')}")


def work(kind: str, arguments: list[str]) -> int:
    started = time.monotonic()
    if kind == "format":
        return 1 if reformat(dict(os.environ)) else 0
    with temporary_servers() as env:
        failed = quality(env) if kind == "quality" or (kind == "all" and not arguments) else []
        browser = None
        if kind != "quality":
            browser = find_browser()
            if browser is None:
                install_browser()
                browser = find_browser()
            env.pop("CHROMIUM", None)
            if browser:
                env["CHROMIUM"] = browser
            results = Path(env["FALLARBEIT_DATA"]) / "results.xml"
            if run(pytest_command(kind, arguments, results), env):
                failed.append("pytest")
            report_long(results)
        seconds = f"{time.monotonic() - started:.0f} s"
        if failed:
            say(f"Nicht bestanden: {', '.join(failed)} ({seconds})")
        else:
            say(f"Alles bestanden ({seconds})")
        if kind != "quality" and browser is None:
            report_missing_browser(kind, arguments, env)
    return 1 if failed else 0


def on_signal(number: int, _: FrameType | None) -> None:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    raise Ended(signal.Signals(number).name)


def main() -> int:
    kind, arguments = sys.argv[1], sys.argv[2:]
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, on_signal)
    if "MAKELEVEL" in os.environ:
        processes.end_with_caller()
    try:
        return work(kind, arguments)
    except Ended:
        say("Abgebrochen.")
        return 130
    except processes.Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())

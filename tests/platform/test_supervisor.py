"""`make run`: one clear sentence for what stands in the way, children that come back, and none left behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from jobcenter.platform import environment, processes, supervisor
from tests.platform.test_embedded import alive, eventually

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
FAMILY = (
    "import subprocess, sys, time; "
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print(p.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def service(tmp_path):
    made = []

    def make(code, name="Probe"):
        made.append(supervisor.Service(name, [sys.executable, "-c", code], tmp_path / f"{name}.log", dict(os.environ)))
        return made[-1]

    yield make
    for one in made:
        one.end_group(signal.SIGKILL)
        if one.process:
            one.process.wait()


def test_a_busy_port_is_named_with_a_way_out():
    with socket.socket() as other:
        other.bind((supervisor.HOST, 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(processes.Problem, match=f"Der Port {port} ist belegt"):
            supervisor.check_port(port)


@pytest.mark.parametrize("value", ["", "abc", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch, value):
    monkeypatch.setenv("PORT", value)

    with pytest.raises(processes.Problem, match="PORT muss eine Zahl"):
        supervisor.chosen_port()


def test_a_second_run_on_the_same_data_is_told_where_the_first_is(tmp_path):
    with (
        supervisor.claim(tmp_path, 8000),
        pytest.raises(processes.Problem, match=f"http://127.0.0.1:8000/, Prozess {os.getpid()}"),
    ):
        supervisor.claim(tmp_path, 8001)


def test_a_run_that_was_killed_does_not_block_the_next(tmp_path):
    supervisor.claim(tmp_path, 8000).close()

    supervisor.claim(tmp_path, 8000).close()


def test_a_child_that_dies_comes_back_later_each_time(service, capsys):
    probe = service("raise SystemExit(3)")
    probe.start()
    pauses = []
    for _ in range(3):
        probe.process.wait()
        probe.look_after()
        pauses.append(round(probe.start_at - time.monotonic()))
        probe.start()

    assert pauses == [1, 2, 4]
    assert "Probe ist beendet (Code 3), Neustart in 1 s" in capsys.readouterr().out


def test_a_dead_child_leaves_no_children_of_its_own(service):
    probe = service(FAMILY)
    probe.start()
    eventually(lambda: probe.log.read_text().strip())
    grandchild = int(probe.log.read_text())

    probe.process.kill()
    probe.process.wait()
    probe.look_after()

    eventually(lambda: not alive(grandchild))


def test_the_end_reaches_the_stubborn_within_the_time(service, monkeypatch):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 1)
    services = [service(SLEEP, "A"), service(STUBBORN, "B"), service(FAMILY, "C")]
    for one in services:
        one.start()
    eventually(lambda: services[1].log.read_text() and services[2].log.read_text().strip())
    pids = [one.process.pid for one in services] + [int(services[2].log.read_text())]
    started = time.monotonic()

    supervisor.stop_all(services)

    assert time.monotonic() - started < 4
    eventually(lambda: not any(alive(pid) for pid in pids))


# --- the whole of it, in a fresh clone ------------------------------------------------------------


def processes_with(text: str) -> list[str]:
    listing = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True).stdout
    return [line for line in listing.splitlines() if text in line and " ps -eo" not in line]


@pytest.fixture
def clone(monkeypatch):
    """The tracked and the new files in an empty folder, with data of its own."""
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_URL", "STATIC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    with tempfile.TemporaryDirectory(prefix="fallarbeit-clone-") as name:
        folder = Path(name)
        os.chmod(folder, 0o755)  # noqa: S103  (the servers' account has to come through)
        listing = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=environment.BASE_DIR,
            capture_output=True,
            check=True,
        )
        for path in filter(None, listing.stdout.decode().split("\0")):
            if (environment.BASE_DIR / path).is_file():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(environment.BASE_DIR / path, folder / path)
        monkeypatch.setenv("FALLARBEIT_DATA", str(folder / "daten"))
        for variable in ("MAKELEVEL", "MAKEFLAGS", "MFLAGS"):
            monkeypatch.delenv(variable, raising=False)
        yield folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((supervisor.HOST, 0))
        return probe.getsockname()[1]


def start(folder: Path, port: int) -> tuple[subprocess.Popen, str]:
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = ""
    for line in process.stdout:
        said += line
        if "Beenden: Strg-C" in line:
            break
    return process, said


@pytest.mark.long
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_fresh_clone_runs_and_ends_without_a_trace(clone, sign):
    port = free_port()
    process, said = start(clone, port)
    assert f"http://127.0.0.1:{port}/" in said, said
    assert f"http://127.0.0.1:{port}/entwicklung/post/" in said
    eventually((clone / "daten" / "post" / "new").is_dir)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.status == 200
    second = subprocess.run(["make", "run", f"PORT={port}"], cwd=clone, capture_output=True, text=True)
    assert "läuft mit diesen Daten schon" in second.stderr
    assert "Traceback" not in second.stderr
    started = time.monotonic()

    # A terminal sends to the whole group; TERM and KILL may hit make alone.
    if sign in (signal.SIGINT, signal.SIGHUP):
        os.killpg(process.pid, sign)
    else:
        process.send_signal(sign)
    process.wait(timeout=15)

    eventually(lambda: not processes_with(str(clone)), seconds=max(1, 10 - (time.monotonic() - started)))
    process.stdout.close()
    again, said = start(clone, port)
    assert "Demonstrationsdaten anlegen" not in said
    os.killpg(again.pid, signal.SIGINT)
    again.stdout.read()
    again.stdout.close()
    again.wait(timeout=15)
    eventually(lambda: not processes_with(str(clone)))

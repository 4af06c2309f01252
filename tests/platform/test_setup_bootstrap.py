"""The set-up says in one sentence what is wrong, and finishes what was interrupted."""

import ast
import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jobcenter.platform import bootstrap, environment

BASE = environment.BASE_DIR
SOURCES = ("jobcenter/__init__.py", "jobcenter/platform/__init__.py", "jobcenter/platform/bootstrap.py")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with locks and nothing else, whose installation is only written down."""
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-bootstrap.txt"):
        shutil.copy(BASE / name, tmp_path)
    venv = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "BASE", str(tmp_path))
    monkeypatch.setattr(bootstrap, "VENV", str(venv))
    monkeypatch.setattr(bootstrap, "PYTHON", str(venv / "bin" / "python"))
    monkeypatch.setattr(bootstrap, "STAMP", str(venv / "fallarbeit.json"))
    made = []

    def make_environment():
        shutil.rmtree(venv, ignore_errors=True)
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").symlink_to(sys.executable)
        made.append("environment")

    monkeypatch.setattr(bootstrap, "make_environment", make_environment)
    monkeypatch.setattr(bootstrap, "install", made.append)
    return tmp_path, made


@pytest.mark.parametrize("name", SOURCES)
def test_the_first_file_parses_on_an_old_python(name):
    ast.parse((BASE / name).read_text(), feature_version=(3, 6))


def test_an_old_python_is_told_so(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))

    assert bootstrap.main(["runtime"]) == 1
    assert "Gebraucht wird Python 3.11 oder neuer; gefunden wurde nur 3.9" in capsys.readouterr().err


def test_a_python_without_venv_is_told_which_package_helps(checkout, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    assert bootstrap.main(["runtime"]) == 1
    assert "-venv" in capsys.readouterr().err


def test_it_is_made_once_and_then_left_alone(checkout):
    _, made = checkout

    assert bootstrap.main(["runtime"]) == 0
    assert bootstrap.main(["runtime"]) == 0

    assert made == ["environment", "requirements.txt"]


def test_a_changed_lock_is_installed_into_what_is_there(checkout):
    folder, made = checkout
    bootstrap.main(["runtime"])
    (folder / "requirements.txt").write_text("# anders\n")

    bootstrap.main(["runtime"])

    assert made == ["environment", "requirements.txt", "requirements.txt"]


def test_the_tests_packages_contain_the_applications(checkout):
    _, made = checkout

    bootstrap.main(["dev"])
    bootstrap.main(["runtime"])

    assert made == ["environment", "requirements-dev.txt"]


def test_a_half_finished_environment_is_made_anew(checkout, capsys):
    folder, made = checkout
    (folder / ".venv" / "bin").mkdir(parents=True)

    assert bootstrap.main(["runtime"]) == 0
    assert made == ["environment", "requirements.txt"]
    assert "nicht fertig" in capsys.readouterr().err


def test_an_interrupted_update_does_not_count_as_ready(checkout, monkeypatch):
    folder, _ = checkout
    bootstrap.main(["runtime"])
    (folder / "requirements.txt").write_text("# anders\n")

    def interrupted(lock):
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "install", interrupted)

    assert bootstrap.main(["runtime"]) == 130
    assert not bootstrap.is_ready("runtime")


def test_an_environment_whose_python_is_gone_is_made_anew(checkout):
    folder, made = checkout
    bootstrap.main(["runtime"])
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(folder / "removed")

    bootstrap.main(["runtime"])

    assert made == ["environment", "requirements.txt"] * 2


def test_a_folder_that_cannot_be_written_is_named(checkout, monkeypatch, capsys):
    def refused(*_):
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(bootstrap, "build", refused)

    assert bootstrap.main(["runtime"]) == 1
    assert "nicht beschreibbar" in capsys.readouterr().err


def test_a_full_disk_is_told_so(checkout, monkeypatch, capsys):
    def refused(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bootstrap, "build", refused)

    assert bootstrap.main(["runtime"]) == 1
    assert "kein Platz mehr" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-bootstrap.txt"])
def test_every_pin_has_a_hash_and_no_address(name):
    text = (BASE / name).read_text()
    pins = [line for line in text.splitlines() if "==" in line and not line.startswith("#")]

    assert "://" not in text
    assert pins
    assert all(line.rstrip().endswith("\\") for line in pins)
    assert text.count("--hash=sha256:") >= len(pins)


def test_the_lock_of_the_tests_holds_the_pins_of_the_application():
    def pins(name):
        lines = (BASE / name).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line and line[0].isalnum()}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def run_make(folder: Path, path: str, *arguments: str) -> subprocess.CompletedProcess:
    shutil.copy(BASE / "Makefile", folder)
    return subprocess.run(
        [shutil.which("make"), *arguments],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def tools(tmp_path):
    """A PATH with a shell and nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "sh").symlink_to(shutil.which("sh"))
    return folder


def test_make_without_any_python_says_so(tmp_path, tools):
    done = run_make(tmp_path, str(tools), "run")

    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == "Gebraucht wird Python 3.11 oder neuer; gefunden wurde keines."


def test_make_passes_over_a_python_that_is_too_old(tmp_path, tools):
    old, good = tools / "python3.12", tools / "python3"
    old.write_text(f'#!{shutil.which("sh")}\n[ "$2" = "" ]\n')
    good.write_text(f'#!{shutil.which("sh")}\n[ "$1" = -c ] || echo "good: $*"\n')
    for program in (old, good):
        program.chmod(0o755)

    done = run_make(tmp_path, str(tools), "setup")

    assert done.stdout.splitlines()[-1] == "good: -m jobcenter.platform.bootstrap runtime"


def test_the_stamp_says_what_is_installed(checkout):
    folder, _ = checkout

    bootstrap.main(["dev"])

    stamp = json.loads((folder / ".venv" / "fallarbeit.json").read_text())
    assert stamp == {"dev": bootstrap.digest("dev"), "runtime": bootstrap.digest("runtime")}
    assert os.path.exists(folder / ".venv.lock")

"""The audit of the packages calls nothing clean that was not asked about."""

import datetime as dt
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from jobcenter.platform import audit

ROW = {"name": "django", "version": "5.2.1", "vulns": []}
FAULT = {"id": "PYSEC-2026-1", "fix_versions": ["5.2.9"], "description": "x"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"dependencies": [ROW]}, audit.CLEAN),
        ({"dependencies": [ROW, {**ROW, "vulns": [FAULT]}]}, audit.KNOWN),
        ({"dependencies": [ROW, {"name": "vine", "skip_reason": "not found"}]}, audit.UNASKED),
        ({"dependencies": [ROW, {"name": "vine"}]}, audit.UNASKED),
        ({"dependencies": []}, audit.UNASKED),
        ({}, audit.UNASKED),
        ([], audit.UNASKED),
    ],
)
def test_what_an_answer_means(answer: object, code: int):
    assert audit.read_answer("requirements.txt", json.dumps(answer)).code == code


@pytest.mark.parametrize("text", ["", "Traceback (most recent call last)", "null"])
def test_no_answer_is_not_a_clean_one(text: str):
    finding = audit.read_answer("requirements.txt", text)

    assert finding.code == audit.UNASKED
    assert "nicht geprüft" in str(finding)


def test_a_fault_is_told_with_the_version_that_mends_it():
    told = str(audit.read_answer("requirements.txt", json.dumps({"dependencies": [{**ROW, "vulns": [FAULT]}]})))

    assert "django 5.2.1: PYSEC-2026-1, behoben in 5.2.9" in told


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that answers as pip-audit does where its service cannot be reached."""
    path = tmp_path / "pip-audit"
    path.write_text(f"#!{sys.executable}\nimport sys\nsys.stderr.write('ConnectionError')\nsys.exit(1)\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_command_ends_with_two_when_nobody_answered(program: Path):
    done = subprocess.run(
        [sys.executable, "-m", "jobcenter.platform.audit"],
        env=dict(os.environ, PIP_AUDIT=str(program)),
        cwd=audit.BASE_DIR,
        capture_output=True,
        text=True,
    )

    assert done.returncode == audit.UNASKED
    assert done.stdout.count("nicht geprüft") == len(audit.LOCKS)


def test_without_the_program_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("PIP_AUDIT", "/nirgends/pip-audit")

    assert audit.main([]) == audit.UNASKED
    assert "pip-audit fehlt" in capsys.readouterr().err


def test_a_record_carries_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit, "FOLDER", tmp_path / "audits")

    path = audit.record([audit.Finding("requirements.txt", asked=3)], dt.date(2026, 11, 23))

    assert path.name == "2026-11-23-dependencies.md"
    assert "3 Pakete gefragt, 0 mit bekannten Lücken" in path.read_text()

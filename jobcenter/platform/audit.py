"""`make audit`: are the locked packages known to be vulnerable? Asked of a service, where one can be reached.

Needs pip-audit, which is no part of the locks: on the PATH, or named by PIP_AUDIT. It sends names and versions and no
more. With `--record` the answer is written to docs/audits/ under the day. Ends with 0 when every package was asked
about and nothing is known, 1 when something is known, 2 when not everything could be asked: silence is no clean bill.
"""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-bootstrap.txt")
FOLDER = BASE_DIR / "docs" / "audits"
SERVICE = "osv"
SECONDS = 300
CLEAN, KNOWN, UNASKED = 0, 1, 2


@dataclass
class Finding:
    """What is known of one lock."""

    lock: str
    asked: int = 0
    known: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    trouble: str = ""

    @property
    def code(self) -> int:
        if self.known:
            return KNOWN
        return UNASKED if self.trouble or self.unasked or not self.asked else CLEAN

    def __str__(self) -> str:
        if self.trouble:
            return f"{self.lock}: nicht geprüft ({self.trouble})"
        told = f"{self.lock}: {self.asked} Pakete gefragt, {len(self.known)} mit bekannten Lücken"
        told += f", {len(self.unasked)} ohne Auskunft" if self.unasked else ""
        return "\n".join([told, *(f"  {line}" for line in self.known)])


def read_answer(lock: str, text: str) -> Finding:
    """What pip-audit said, as JSON. Whatever is not an answer for each package leaves it unasked."""
    finding = Finding(lock)
    try:
        rows: list[dict[str, Any]] = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        finding.trouble = "der Dienst ist nicht erreichbar oder antwortet nicht"
        return finding
    for row in rows:
        if "vulns" not in row or row.get("skip_reason"):
            finding.unasked.append(str(row.get("name")))
            continue
        finding.asked += 1
        for fault in row["vulns"]:
            versions = ", ".join(fault.get("fix_versions") or []) or "noch keiner"
            finding.known.append(f"{row['name']} {row['version']}: {fault['id']}, behoben in {versions}")
    return finding


def ask(program: str, lock: str) -> Finding:
    command = [program, "--vulnerability-service", SERVICE, "--disable-pip", "--require-hashes", "--format", "json"]
    command += ["--progress-spinner", "off", "--requirement", str(BASE_DIR / lock)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return Finding(lock, trouble="keine Antwort in fünf Minuten")
    return read_answer(lock, done.stdout)


def record(findings: list[Finding], day: dt.date) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{day:%Y-%m-%d}-dependencies.md"
    lines = [f"# Bekannte Lücken in den Paketen, gefragt am {day:%d.%m.%Y}", "", f"Dienst: {SERVICE}.", ""]
    path.write_text("\n".join([*lines, *(f"- {finding}" for finding in findings)]) + "\n")
    return path


def main(arguments: list[str]) -> int:
    program = os.environ.get("PIP_AUDIT") or shutil.which("pip-audit")
    if not program or not shutil.which(program):
        sys.stderr.write("pip-audit fehlt: bitte in einer eigenen Umgebung einrichten und mit PIP_AUDIT=… nennen.\n")
        return UNASKED
    findings = [ask(program, lock) for lock in LOCKS]
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    if "--record" in arguments:
        sys.stdout.write(f"{record(findings, dt.date.today()).relative_to(BASE_DIR)}\n")
    codes = {finding.code for finding in findings}
    return KNOWN if KNOWN in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

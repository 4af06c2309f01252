# ruff: noqa: S603
# The command is put together from our own parts.
"""The planner of reminder mails: from the start of its process to the end, and how many statements it sends."""

import datetime as dt
import re
import statistics
import subprocess
import sys
import time
from typing import Any

from jobcenter.office.bench.office import last_words, query
from jobcenter.platform import environment
from jobcenter.platform.workdays import next_working_day

COMMAND = "remind"
TIMES = 3


def plan_reminders() -> dict[str, Any] | None:
    """None while the application has no such command."""
    command_file = environment.BASE_DIR / "casework" / "management" / "commands" / f"{COMMAND}.py"
    if not command_file.is_file():
        return None
    closed = frozenset(day for (day,) in query("SELECT date FROM casework_localday"))
    day = next_working_day(dt.date.today(), closed)
    seconds, counts, mails = [], [], 0
    for _ in range(TIMES):
        command = [sys.executable, "-m", "jobcenter.office.bench.counted", COMMAND]
        command += ["--day", day.isoformat(), "--plan-only"]
        started = time.perf_counter()
        done = subprocess.run(command, cwd=environment.BASE_DIR, capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - started)
        if done.returncode:
            return {"problem": last_words(done.stderr)}
        found = re.search(r"statements: (\d+)", done.stdout)
        counts.append(int(found[1]) if found else 0)
        mails = query("SELECT count(*) FROM casework_digestmail WHERE local_date = %s", [day])[0][0]
        day = next_working_day(day + dt.timedelta(days=1), closed)
    return {"p50_s": statistics.median(seconds), "all_s": seconds, "statements": max(counts), "mails": mails}

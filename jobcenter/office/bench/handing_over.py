# ruff: noqa: S603
# The command is put together from our own parts.
"""The handover of a whole caseload: 95 cases from one IFK to another, in one transaction that is rolled back.

Run as a module it is the process that hands over; `hand_over` of this module starts it and reads what it says.
"""

import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from typing import Any

from jobcenter.office.bench.office import last_words
from jobcenter.platform import environment

CASES, TIMES = 95, 5

# Whoever has the most cases gives them to whoever of the same organisation has the fewest.
PEOPLE = """
SELECT c.user_id, u.organisation_id, count(a.id)
  FROM casework_counsellor AS c
  JOIN casework_user AS u ON u.id = c.user_id AND u.is_active
  JOIN casework_rolegrant AS r ON r.user_id = u.id AND r.role = 'counsellor'
  LEFT JOIN casework_caseassignment AS a ON a.counsellor_id = c.user_id AND upper_inf(a.during)
 GROUP BY c.user_id, u.organisation_id ORDER BY count(a.id) DESC, c.user_id
"""


def hand_over() -> dict[str, Any]:
    """Seconds from the call to the moment at which it could be committed, deferred rules checked."""
    command = [sys.executable, "-m", "jobcenter.office.bench.handing_over"]
    done = subprocess.run(command, cwd=environment.BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"problem": last_words(done.stderr)}
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def measured() -> dict[str, Any]:
    """In this process: the same cases again and again, each time rolled back."""
    from django.db import connection, transaction
    from django.utils import timezone

    from casework.actions import handovers
    from casework.models import Case, Counsellor, FollowUp
    from jobcenter.office.bench.floor import Recorder
    from jobcenter.platform.statements import read

    people = read(PEOPLE, {})
    giver, organisation, _ = people[0]
    successor = next(user for user, other, _ in reversed(people) if other == organisation)
    cases = list(Case.objects.led_by(giver).filter(closed_at=None).order_by("pk")[:CASES])
    steps = FollowUp.objects.open().filter(case__in=cases).values_list("pk", "version")
    by = Counsellor.objects.select_related("user__organisation")
    seconds: list[float] = []
    counts: list[int] = []
    for _ in range(TIMES):
        recorder = Recorder()
        with connection.execute_wrapper(recorder), transaction.atomic():
            started = time.perf_counter()
            handed = handovers.plan_handovers(
                cases=cases,
                giver=by.get(pk=giver),
                to=by.get(pk=successor),
                effective_on=timezone.localdate(),
                by=by.get(pk=giver).user,
                batch=uuid.uuid4(),
                decisions=[handovers.ClashDecision(pk, version, stays=True) for pk, version in steps],
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            seconds.append(time.perf_counter() - started)
            transaction.set_rollback(True)
        counts.append(len([statement for statement in recorder.statements if not statement.is_framing]))
        if len(handed.carried_out) != len(cases):
            raise RuntimeError(f"{len(handed.carried_out)} of {len(cases)} cases were handed over")
    return {
        "cases": len(cases),
        "p50_s": statistics.median(seconds),
        "all_s": seconds,
        "statements": max(counts),
        "office": sum(count for *_, count in people),
    }


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(measured()) + "\n")


if __name__ == "__main__":
    main()

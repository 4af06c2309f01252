"""A whole office at once: all lines named, twice the same as once, and an abort leaves everything as it was."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection, connections

from casework.actions import Conflict, import_people, imports
from casework.enums import ImportKind, ImportState, LineOutcome
from casework.models import Case, CaseAssignment, Client, FollowUp, ImportLine, ImportRun
from tests import factories
from tests.casework.importing import HEADERS, applied, checked, person, table, worked_on

NEW, CHANGED, SAME, REFUSED, MISSING = (one.value for one in LineOutcome)


@pytest.fixture(autouse=True)
def nobody_hears_the_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests are the worker: nobody waits for a Redis that is not there."""
    monkeypatch.setattr("casework.actions.imports.current_app.send_task", lambda *_, **__: None)


def whole_office(number: int, ifks: list[str], *, duplicates: int, broken: int, formulas: int, empty: int) -> bytes:
    """A file in Windows-1252 with semicolons, quotes, line breaks in them, and everything that can be wrong."""
    source = random.Random(number)  # noqa: S311
    rows = [
        person(
            place,
            Nachname=f"Grüß {place}",
            Vorname="André",
            IFK=ifks[place % len(ifks)],
            Betreff='Frage: "Wie läuft es?";\r\nAntwort abwarten' if place % 7 == 0 else "",
        )
        for place in range(number - duplicates - broken - formulas)
    ]
    rows += [person(number + place, Vorname="Jo", Geburtsdatum=f"{place + 40}.13.1980") for place in range(broken)]
    rows += [person(2 * number + place, Vorname="=1+1") for place in range(formulas)]
    rows += [row[:] for row in source.sample(rows[: number // 2], duplicates)]
    lines = table(rows).split("\r\n")
    # Empty lines at the end, so that none of them lands within quotation marks.
    return "\r\n".join([*lines, *[""] * (empty - 1)]).encode("cp1252")


def figures() -> tuple[int, int, int, int]:
    return tuple(model.objects.count() for model in (Client, Case, CaseAssignment, FollowUp))


def ifks(osterode, number: int) -> list[str]:
    return [
        factories.CounsellorFactory(user__team=osterode, user__username=f"ifk{n}").user.username for n in range(number)
    ]


def take_over(data: bytes, tom, osterode, *, new: int, duplicates: int, broken: int, formulas: int) -> float:
    started = time.monotonic()
    run = checked(data, tom)
    print(f"judged: {time.monotonic() - started:.1f} s")
    codes = Counter(ImportLine.objects.filter(run=run).values_list("outcome", "code"))
    assert sum(number for (outcome, _), number in codes.items() if outcome == NEW) == new
    assert codes[REFUSED, "duplicate"] == duplicates
    assert codes[REFUSED, "no_date"] == broken
    assert codes[NEW, "formula"] == formulas
    assert run.options["empty"] > 0
    assert figures() == (0, 0, 0, 0)
    applied(run, tom)
    seconds = time.monotonic() - started
    print(f"judged and applied: {seconds:.1f} s")
    assert figures() == (new, new, new, new)

    before = FollowUp.objects.order_by("pk").values_list("pk", "due_on", "subject", "version")
    kept = list(before)
    again = checked(data, tom)
    assert not ImportLine.objects.filter(run=again, outcome__in=[NEW, CHANGED, MISSING]).exists()
    applied(again, tom)
    assert figures() == (new, new, new, new)
    assert list(before) == kept
    assert not Client.objects.exclude(version=1).exists()
    return seconds


def test_six_hundred_lines(committed_db, osterode, tom, landkreis):
    """Every imported open case has an IFK and a next step: committed_db asks every rule at the end."""
    names = ifks(osterode, 6)
    factories.CounsellorFactory(user__team=osterode, user__username="kim")
    data = whole_office(600, names, duplicates=50, broken=20, formulas=5, empty=7)
    take_over(data, tom, osterode, new=530, duplicates=50, broken=20, formulas=5)

    loads = Counter(FollowUp.objects.values_list("case__assignments__counsellor", "due_on"))
    assert max(loads.values()) <= 4


@pytest.mark.long
@pytest.mark.timeout(900)
def test_fifteen_thousand_lines(committed_db, osterode, tom, record_property):
    names = ifks(osterode, 150)
    factories.CounsellorFactory(user__team=osterode, user__username="kim")
    data = whole_office(15_000, names, duplicates=50, broken=20, formulas=30, empty=7)
    seconds = take_over(data, tom, osterode, new=14_930, duplicates=50, broken=20, formulas=30)
    print(f"15000 lines judged and applied: {seconds:.1f} s")
    record_property("15000 lines judged and applied, seconds", round(seconds, 1))


# --- broken off --------------------------------------------------------------------------------------------


def test_an_error_half_way_leaves_the_office_as_it_was(committed_db, kim, tom, monkeypatch):
    run = checked(table([person(number) for number in range(30)]), tom)
    monkeypatch.setattr(import_people, "CHUNK", 10)
    write = import_people._open
    calls = []

    def fail(*args):
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("half-way")
        write(*args)

    with monkeypatch.context() as broken:
        broken.setattr(import_people, "_open", fail)
        run = applied(run, tom)
    assert (run.state, figures()) == (ImportState.FAILED, (0, 0, 0, 0))
    assert len(calls) == 3 and run.content is not None

    imports.check_again(run=run, by=tom)
    imports.choose_columns(run=run, mapping=ImportRun.objects.get().options["before"], by=tom)
    assert applied(worked_on(run), tom).state == ImportState.APPLIED
    assert figures() == (30, 30, 30, 30)


WORKER = """
import sys
import django
django.setup()
from casework.actions import import_people, imports
import_people.CHUNK = 20
write = import_people._open
def slowly(*args):
    write(*args)
    print("chunk", flush=True)
    import time
    time.sleep(0.5)
import_people._open = slowly
from jobcenter.platform.context import Purpose, serving
with serving(Purpose.IMPORT):
    imports.work_on_import(int(sys.argv[1]))
print("done", flush=True)
"""


def environment() -> dict[str, str]:
    from tests.conftest import _with_database

    return dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": _with_database(os.environ["DATABASE_URL"]),
        "OWNER_DATABASE_URL": _with_database(os.environ["OWNER_DATABASE_URL"]),
    }


def test_a_killed_worker_leaves_the_office_as_it_was(committed_db, kim, tom):
    run = checked(table([person(number) for number in range(200)]), tom)
    imports.apply_import(run=run, only_if_faultless=True, by=tom)
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(run.pk)],
        cwd=settings.BASE_DIR,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    for _ in range(3):
        assert worker.stdout.readline() == "chunk\n"
    run.refresh_from_db()
    assert 0 < run.done < 200  # the page sees how far it is, the office sees nothing of it
    assert figures() == (0, 0, 0, 0)
    imports.work_on_import(run.pk)  # a second worker finds it in hand
    run.refresh_from_db()
    assert run.state == ImportState.APPLYING
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    worker.stdout.close()

    end = time.monotonic() + 15
    while time.monotonic() < end and run.state == ImportState.APPLYING:
        assert imports.waiting_imports() == [run.pk]
        worked_on(run)
        time.sleep(0.1)
    assert (run.state, figures()) == (ImportState.FAILED, (0, 0, 0, 0))
    assert imports.waiting_imports() == []


def test_of_two_clicks_at_once_one_wins_and_of_two_workers_one_works(committed_db, kim, tom):
    run = checked(table([person(number) for number in range(40)]), tom)
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def click() -> None:
        start.wait(10)
        try:
            imports.apply_import(run=run, only_if_faultless=True, by=tom)
            outcomes.append("won")
        except Conflict:
            outcomes.append("lost")
        imports.work_on_import(run.pk)
        connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    run.refresh_from_db()

    assert sorted(outcomes) == ["lost"] * 3 + ["won"]
    assert run.state == ImportState.APPLIED
    assert figures() == (40, 40, 40, 40)
    assert connection.connection is None or not connection.in_atomic_block


def test_who_gives_it_up_while_it_is_checked_is_heard(committed_db, kim, tom, monkeypatch):
    run = imports.start_import(kind=ImportKind.PEOPLE, content=table([person(1)]).encode(), by=tom)
    imports.choose_columns(run=run, mapping={h: n for n, h in enumerate(NAMES)}, by=tom)
    plan = imports._plan

    def give_up_meanwhile(current):
        lines = plan(current)
        thread = threading.Thread(target=lambda: (imports.give_up_import(run=run, by=tom), connections.close_all()))
        thread.start()
        thread.join(20)
        return lines

    monkeypatch.setattr(imports, "_plan", give_up_meanwhile)
    run = worked_on(run)

    assert (run.state, run.content) == (ImportState.GIVEN_UP, None)
    assert not ImportLine.objects.exists() and len(HEADERS) == 7


NAMES = ("external_ref", "family_name", "given_name", "birth_date", "counsellor", "next_date", "next_subject")

"""`make bench ARGS="--size M --quick"`: one run, one table, one JSON file; docs/testing.md says what they mean."""

import argparse
import datetime as dt
import json
import os
import platform
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from jobcenter.office.bench import catalogue, report
from jobcenter.office.bench.client import Session, Unexpected, sign_in
from jobcenter.office.bench.floor import Plan
from jobcenter.office.bench.full_talk import concluding_all, of_users
from jobcenter.office.bench.handing_over import hand_over
from jobcenter.office.bench.measure import Sample, alone, together
from jobcenter.office.bench.office import Office, Web, query, say
from jobcenter.office.bench.pages import (
    HTMX,
    Page,
    Recording,
    Visitor,
    answers,
    concluding,
    next_day,
    reading,
    saving,
)
from jobcenter.office.bench.planner import plan_reminders
from jobcenter.office.bench.subjects import Subjects, choose
from jobcenter.office.bench.visit import first_visit
from jobcenter.platform import environment, processes

USERS = 8
PASSWORD = "fallarbeit-demo"  # noqa: S105  # printed and written in the README: the demonstration is open
RESULTS = environment.BASE_DIR / "bench-results"  # the browser tests empty "test-results"
ROUNDS, EACH = 20, 10
CROWD_ROUNDS, CROWD_SECONDS = 4, 1.0
AGREEMENTS, CASELOAD, MOST_STATEMENTS = "/vereinbarungen/", "/fallbestand/", 8


class Ended(Exception):
    """A signal asked for the end."""


def pages_of(port: int, subjects: Subjects, folder: Path) -> list[Page]:
    """Every page with its visitors: signed in, recorded, ready to be asked for."""
    recording = Recording(port, folder)
    sessions: dict[str, Session] = {}

    def signed_in(username: str) -> Session:
        if username not in sessions:
            sessions[username] = sign_in(port, username, PASSWORD)
        return sessions[username]

    def read(key: str, who: list[tuple[Session, Callable[[Session], bytes]]]) -> list[Visitor]:
        return [
            reading(recording, f"{key}-{number}", session, make(session)) for number, (session, make) in enumerate(who)
        ]

    def case_file(number: str) -> Callable[[Session], bytes]:
        return lambda session: session.get(f"/faelle/{number}/")

    def search(term: str, headers: dict[str, str]) -> Callable[[Session], bytes]:
        return lambda session: session.post("/faelle/suche/", {"q": term}, headers)

    today = [(signed_in(name), lambda session: session.get("/")) for name in subjects.days]
    ordinary = [(signed_in(name), case_file(number)) for name, number in subjects.ordinary]

    def own_session(who: list[tuple[str, str]]) -> list[tuple[Session, Callable[[Session], bytes]]]:
        return [(sign_in(port, name, PASSWORD), case_file(number)) for name, number in who]

    typed = [(signed_in(name), search(term, HTMX)) for name, term in subjects.searches]
    whole = [(signed_in(name), search(term, {})) for name, term in subjects.searches]
    full = of_users(subjects.cases)
    taken = {case.number for mine in full.values() for case in (*mine.real, *mine.floor)}
    cases = {name: deque(case for case in found if case[0] not in taken) for name, found in subjects.cases.items()}

    def draft(number: int, name: str) -> Visitor:
        mine, other = cases[name].popleft()[0], cases[name].popleft()[0]
        return saving(recording, f"draft-{number}", signed_in(name), mine, other)

    day = next_day()
    drafts = [draft(number, name) for number, name in enumerate(subjects.workers)]
    talks = [
        concluding(recording, f"conclude-{number}", signed_in(name), cases[name], day)
        for number, name in enumerate(subjects.workers)
    ]
    pages = [
        Page("today", f"Heute ({subjects.figures['rows_today']} Zeilen)", 4.5, 200, True, read("today", today)),
        Page(
            "file",
            f"Fallakte ({subjects.figures['contacts_ordinary']} Kontakte)",
            4.5,
            200,
            True,
            read("file", ordinary),
        ),
        Page(
            "long_file",
            f"Fallakte ({subjects.figures['contacts_longest']} Kontakte)",
            4.5,
            200,
            True,
            read("long_file", own_session(subjects.longest)),
        ),
        Page("search", "Suche beim Tippen", 4.5, 200, True, read("search", typed)),
        Page("search_page", "Suche, ganze Seite", 4.5, 200, True, read("search_page", whole)),
        Page("draft", "Entwurf sichern", None, 204, False, drafts),
        Page("conclude", "Gespräch abschließen", 6.0, 302, False, talks),
        Page(
            "usual_file",
            "Fallakte, 1 Fassung, 3 Ressourcen",
            4.5,
            200,
            True,
            read("usual_file", own_session(subjects.usual)),
        ),
        Page(
            "changeable_file",
            f"Fallakte, {subjects.figures['versions_changeable']} Fassungen,"
            f" {subjects.figures['resources_changeable']} Ressourcen",
            4.5,
            200,
            True,
            read("changeable_file", own_session(subjects.changeable)),
        ),
    ]
    if full:
        everything = [
            concluding_all(recording, f"conclude-all-{number}", signed_in(name), mine, day)
            for number, (name, mine) in enumerate(full.items())
        ]
        pages.append(Page("conclude_all", "Gespräch abschließen, alles ausgefüllt", 6.0, 302, False, everything))
    else:
        say("  nicht gemessen: Gespräch mit allen Abschnitten (zu wenige Fälle)")
    pages += [
        Page(key, title, 6.0, 200, True, read(key, who), most_statements=catalogue.MOST_STATEMENTS)
        for key, title, term in (
            ("catalogue", f"Angebote suchen ({subjects.figures['offers']} Angebote)", catalogue.TYPED),
            ("catalogue_alike", "Angebote suchen, verschrieben", catalogue.MISSPELT),
        )
        for who in [[(signed_in(name), catalogue.searching(term)) for name in subjects.days]]
    ]
    mine_agreed = [(signed_in(name), lambda session: session.get(AGREEMENTS)) for name in subjects.caseloads]
    if answers(recording, mine_agreed[0][0], AGREEMENTS):
        title = f"Meine Vereinbarungen ({subjects.figures['open_cases_largest']} Fälle)"
        found = read("agreements", mine_agreed)
        pages.append(Page("agreements", title, 4.5, 200, True, found, most_statements=MOST_STATEMENTS))
    else:
        say(f"  nicht gemessen: {AGREEMENTS} (antwortet nicht mit 200)")
    team = f"{subjects.figures['team_ifk']} IFK, {subjects.figures['team_cases']} Fälle"
    found = read("caseload", [(sign_in(port, subjects.lead, PASSWORD), open_caseload) for _ in range(USERS)])
    pages.append(Page("caseload", f"Fallbestand ({team})", 6.0, 200, True, found, most_statements=MOST_STATEMENTS))
    return pages


def open_caseload(session: Session) -> bytes:
    """The page of a lead: every figure of the team."""
    return session.get(CASELOAD)


def static_page(port: int) -> Page:
    """The framework floor as a page of its own, asked for by nobody in particular, without a floor below it."""
    request = Session(port, "", "nobody=1", "").get("/bench/seite/")
    plan = Plan([], 200, 0, dt.datetime.now(dt.UTC))
    visitor = Visitor(lambda: request, lambda: request, plan)
    title = "Boden des Rahmens (32 kB)"
    return Page("framework", title, None, 200, False, [visitor] * USERS, has_floor=False)


def row(page: Page, users: int, real: Sample, below: Sample | None) -> dict[str, Any]:
    plan = page.users[0].plan
    figures: dict[str, Any] = {
        "key": page.key,
        "title": page.title,
        "users": users,
        "is_read": page.is_read,
        "requests": len(real.durations),
        "p50_ms": real.p50,
        "p95_ms": real.p95,
        "per_second": real.per_second,
        "cpu_ms": real.cpu_each,
        "bytes": real.size,
    }
    if below is not None:
        figures |= {
            "statements": len(plan.asked),
            "savepoints": len(plan.statements) - len(plan.asked),
            "floor_p50_ms": below.p50,
            "floor_p95_ms": below.p95,
            "floor_per_second": below.per_second,
            "floor_bytes": below.size,
            "floor_cpu_ms": below.cpu_each,
            "ratio": real.p50 / below.p50,
        }
    if page.most_statements:
        figures["most_statements"] = page.most_statements
    if users == 1 and page.target:
        figures |= {"target": page.target, "target_text": f"≤ {report.number(page.target)}"}
    elif users > 1 and page.is_read and not page.most_statements:
        figures["target_text"] = f"≥ {report.READS_PER_SECOND} je s"
    return figures


def measure(web: Web, pages: list[Page], meter: Callable[[], float], quick: bool) -> list[dict[str, Any]]:
    rounds, crowd_rounds = (5, 1) if quick else (ROUNDS, CROWD_ROUNDS)
    say("  eine Person")
    single = alone(web.port, pages, meter, rounds=rounds, each=EACH)
    say(f"  {USERS} Personen zugleich")
    many = together(web.port, pages, meter, rounds=crowd_rounds, seconds=CROWD_SECONDS)
    rows = []
    for page in pages:
        for users, found in ((1, single), (USERS, many)):
            real, below = found[page.key]
            rows.append(row(page, users, real, below if page.has_floor else None))
    return rows


def memory_of(office: Office, subjects: Subjects) -> int | None:
    """PSS of a web server without the bench's own parts, after each kind of page was asked for often enough."""
    web = office.serve("jobcenter.wsgi")
    try:
        recording = Recording(web.port, office.data)
        (reader, number), worker = subjects.ordinary[0], subjects.workers[0]
        for _ in range(8):
            for name, path in ((reader, f"/faelle/{number}/"), (worker, "/"), (worker, "/faelle/")):
                session = sign_in(web.port, name, PASSWORD)
                recording.connection.close()  # another connection may reach the other worker
                for _ in range(20):
                    recording.ask(session.get(path))
        return web.pss()
    finally:
        web.stop()


def run(office: Office, quick: bool) -> dict[str, Any]:
    started = time.monotonic()
    plans = office.data / "plans"
    processes.make_folder(plans)
    for plan in plans.iterdir():
        plan.unlink()
    offers = catalogue.fill_catalogue()
    office.settle()
    subjects = choose(USERS)
    subjects.figures["offers"] = offers
    planner = plan_reminders()
    handover = hand_over()
    web = office.serve("jobcenter.office.bench.server:application", {"BENCH_FOLDER": str(plans)})
    try:
        pages = pages_of(web.port, subjects, plans)
        session = sign_in(web.port, subjects.days[0], PASSWORD)
        rows = measure(web, [*pages, static_page(web.port)], lambda: office.cpu(web), quick)
        visit = first_visit(web.port, session)
    finally:
        web.stop()
    return {
        "size": office.size,
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}",
        "database": query("SHOW server_version")[0][0],
        "office": subjects.figures,
        "pages": rows,
        "planner": planner,
        "handover": handover,
        "first_visit": visit,
        "memory_bytes": memory_of(office, subjects),
        "seconds": round(time.monotonic() - started),
    }


def result_path(size: str) -> Path:
    return RESULTS / f"bench-{size}.json"


def read_result(size: str) -> dict[str, Any] | None:
    path = result_path(size)
    return json.loads(path.read_text()) if path.is_file() else None


def print_result(result: dict[str, Any]) -> None:
    figures = ", ".join(f"{name} {count}" for name, count in result["office"].items())
    lines = [f"Größe {result['size']}: {figures}", f"{result['machine']}, PostgreSQL {result['database']}", ""]
    lines += [*report.table(result["pages"]), "", *report.below(result), ""]
    medium = read_result("M") if result["size"] == "L" else None
    sentences = report.missed(result, medium)
    lines += ["Nicht erreicht:", *(f"  {sentence}" for sentence in sentences)] if sentences else ["Alles erreicht."]
    sys.stdout.write("\n".join(lines) + "\n")


def work() -> None:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description="Misst die Seiten an einer großen Stelle.")
    parser.add_argument("--size", choices=["S", "M", "L"], default="M", help="Größe der Stelle (M)")
    parser.add_argument("--quick", action="store_true", help="wenige Runden, für einen ersten Blick")
    parser.add_argument("--fresh", action="store_true", help="die Stelle neu anlegen, auch wenn sie schon da ist")
    options = parser.parse_args()
    office = Office(options.size)
    with office.running(fresh=options.fresh):
        say("Gemessen wird …")
        result = run(office, options.quick)
    RESULTS.mkdir(exist_ok=True)
    result_path(options.size).write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    print_result(result)


def on_signal(number: int, _: FrameType | None) -> None:
    raise Ended(signal.Signals(number).name)


def main() -> int:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, on_signal)
    if "MAKELEVEL" in os.environ:
        processes.end_with_caller()
    try:
        work()
    except Ended:
        say("Abgebrochen.")
        return 130
    except (processes.Problem, Unexpected) as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What is measured: how a request of each page is made, for the application and for the floor beneath it."""

import datetime as dt
import itertools
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jobcenter.office.bench.client import Answer, Connection, Session, Unexpected
from jobcenter.office.bench.floor import Plan
from jobcenter.office.bench.office import query
from jobcenter.platform.workdays import add_working_days

HTMX = {"HX-Request": "true"}
RECORD = "X-Bench-Record"
TEXT = (
    "Die Unterlagen sind jetzt vollständig. Besprochen: welche Stellen in Reichweite des Busses liegen, was mit der "
    "Betreuung am Nachmittag ist und wer beim Ausfüllen hilft. Die Person möchte zuerst selbst anrufen und sagt "
    "Bescheid, wie es lief. Ich frage bis dahin beim Träger nach, ob ein Platz frei ist. "
) * 2
# A revision that no other value of the statement equals, so that the floor can count it up.
FIRST_REVISION = 700_001


@dataclass
class Page:
    """One kind of request. `make` gives an endless row of (request, status expected) for a signed-in user."""

    key: str
    title: str
    target: float | None  # × the data floor, 1 user; None where the issue names none
    status: int
    is_read: bool
    users: list["Visitor"] = field(default_factory=list)
    has_floor: bool = True
    most_statements: int | None = None  # of a long overview: it has this ceiling instead of requests a second


@dataclass
class Visitor:
    """A user at one page: the next request to the application, and the next one to the floor."""

    real: Callable[[], bytes]
    floor: Callable[[], bytes]
    plan: Plan
    seen: Callable[[Answer], None] = lambda answer: None
    seen_below: Callable[[Answer], None] = lambda answer: None
    left: Callable[[], int] = lambda: 10**9  # requests that can still be made


class Recording:
    """Sends one real request and keeps what it asked of the database."""

    def __init__(self, port: int, folder: Path) -> None:
        self.connection = Connection(port)
        self.folder = folder

    def ask(self, request: bytes) -> Answer:
        return self.connection.ask(request)

    def plan(self, name: str, request: bytes, status: int) -> Plan:
        head, _, rest = request.partition(b"\r\n")
        answer = self.ask(head + f"\r\n{RECORD}: {name}\r\n".encode() + rest)
        if answer.status != status:
            raise Unexpected(f"{name} answers {answer.status} instead of {status}")
        return Plan.load(self.folder / f"{name}.plan")

    def keep(self, name: str, plan: Plan) -> None:
        """Write a plan down again, before the floor is asked for it the first time."""
        plan.save(self.folder / f"{name}.plan")


def reading(recording: Recording, name: str, session: Session, request: bytes) -> Visitor:
    """A page that changes nothing: the same request again and again."""
    recording.ask(request)  # the first one of a process fills caches
    plan = recording.plan(name, request, 200)
    below = session.get(f"/bench/boden/{name}")
    return Visitor(lambda: request, lambda: below, plan)


def saving(recording: Recording, name: str, session: Session, number: str, other: str) -> Visitor:
    """A draft saved over and over; application and floor each have a case of their own."""

    def form(revision: int) -> dict[str, str]:
        return {"key": key, "revision": str(revision), "text": TEXT, "channel": "in_person", "window": "bench"}

    key = str(uuid.uuid4())
    path = f"/faelle/{other}/gespraech/entwurf/"
    recording.ask(session.post(path, form(0), HTMX))
    set_revision = (
        "UPDATE casework_draft SET revision = %s WHERE case_id = (SELECT id FROM casework_case WHERE number = %s)"
    )
    query(set_revision, [FIRST_REVISION, other])
    plan = recording.plan(name, session.post(path, form(FIRST_REVISION), HTMX), 204)
    plan.fresh = {"old": FIRST_REVISION, "new": FIRST_REVISION + 1}
    recording.keep(name, plan)
    counter = itertools.count(FIRST_REVISION + 1)

    def below() -> bytes:
        revision = next(counter)
        return session.get(f"/bench/boden/{name}?old={revision}&new={revision + 1}")

    key = str(uuid.uuid4())
    real_path = f"/faelle/{number}/gespraech/entwurf/"
    revisions = itertools.count(0)
    return Visitor(lambda: session.post(real_path, form(next(revisions)), HTMX), below, plan)


def talk(step: int, day: dt.date) -> dict[str, str]:
    """The form of a conversation that ends the open step and sets the next one."""
    return {
        "key": str(uuid.uuid4()),
        "revision": "0",
        "window": "bench",
        "with_client": "on",
        "channel": "in_person",
        "at_date": f"{dt.date.today() - dt.timedelta(days=1):%d.%m.%Y}",
        "at_time": "10:00",
        "text": TEXT,
        f"step_{step}": "done",
        f"step_{step}_version": "1",
        "next": "reminder",
        "next_date": f"{day:%d.%m.%Y}",
        "next_subject": "Ist der Rückruf gekommen?",
    }


def concluding(
    recording: Recording, name: str, session: Session, cases: deque[tuple[str, int]], day: dt.date
) -> Visitor:
    """Conversations with a next step: the application takes a new case each time, the floor stays with one."""

    def request(number: str, form: Mapping[str, str]) -> bytes:
        return session.post(f"/faelle/{number}/gespraech/", form)

    recording.ask(request(*_filled(cases.popleft(), day)))
    number, step = cases.popleft()
    form = talk(step, day)
    plan = recording.plan(name, request(number, form), 302)
    find = "SELECT id, follow_up_id FROM casework_contact WHERE submission_key = %s"
    [(contact, following)] = query(find, [form["key"]])
    plan.fresh = {"contact": contact, "step": following, "ended": step, "key": uuid.UUID(form["key"])}
    recording.keep(name, plan)
    state = {"ended": following}

    def below() -> bytes:
        return session.get(f"/bench/boden/{name}?ended={state['ended']}")

    def seen_below(answer: Answer) -> None:
        state["ended"] = int(answer.header("X-Bench-step"))

    # Four requests warm up.
    return Visitor(
        lambda: request(*_filled(cases.popleft(), day)), below, plan, seen_below=seen_below, left=lambda: len(cases) - 4
    )


def _filled(case: tuple[str, int], day: dt.date) -> tuple[str, dict[str, str]]:
    number, step = case
    return number, talk(step, day)


def answers(recording: Recording, session: Session, path: str) -> bool:
    """Whether the application has such a page already."""
    return recording.ask(session.get(path)).status == 200


def next_day() -> dt.date:
    """Ten working days on; a day that only this office keeps free does not matter to a Wiedervorlage in the demo."""
    closed = frozenset(day for (day,) in query("SELECT date FROM casework_localday"))
    return add_working_days(dt.date.today(), 10, closed)

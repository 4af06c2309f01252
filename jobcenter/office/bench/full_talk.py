"""A conversation with every section filled: will, resources, outcomes, a new version with steps of three sides.

Here the floor too has a fresh case each time: on one and the same case, versions and open steps would heap up.
Field names: agreements.forms.talk.
"""

import datetime as dt
import uuid
from collections import deque
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from jobcenter.office.bench.client import Session, Unexpected
from jobcenter.office.bench.office import query
from jobcenter.office.bench.pages import Recording, Visitor, talk

SHARE = 1 / 2  # of the cases, for the floor
# Cases of each of application and floor without which nothing is measured: of the single user, of each other.
FEWEST_ALONE, FEWEST = 24, 12
WORDS = "Ich will bis zum Sommer in einem Betrieb arbeiten, in dem ich morgens schon weiß, was zu tun ist. "

# What is agreed in a case: id and number of its version, steps of which nothing is known yet, resources that stand.
AGREED = """
SELECT k.number, k.id, a.id, a.number,
       (SELECT min(s.id) FROM agreements_agreementstep AS s WHERE s.agreement_id = a.id
           AND NOT EXISTS (SELECT FROM agreements_stepoutcome AS o WHERE o.step_id = s.id)),
       ARRAY(SELECT r.id FROM agreements_resource AS r WHERE r.case_id = k.id AND r.ended_at IS NULL ORDER BY r.id)
  FROM casework_case AS k
  JOIN agreements_agreement AS a ON a.case_id = k.id AND a.superseded_at IS NULL AND a.withdrawn_at IS NULL
 WHERE k.number = ANY(%s)
"""
PLACE = "SELECT name, space_id FROM agreements_socialplace WHERE ended_at IS NULL ORDER BY id LIMIT 1"
FIELD = "SELECT id FROM agreements_resourcefield WHERE active ORDER BY position LIMIT 1"
# The ids that a conversation reserved, in the order in which they were given.
WRITTEN = {
    "step": "SELECT id FROM casework_followup WHERE contact_id = %s ORDER BY id",
    "resource": "SELECT id FROM agreements_resource WHERE contact_id = %s ORDER BY id",
    "review": "SELECT id FROM agreements_resourcereview WHERE contact_id = %s",
    "agreement": "SELECT id FROM agreements_agreement WHERE contact_id = %s",
    "agreement_step": (
        "SELECT s.id FROM agreements_agreementstep AS s JOIN agreements_agreement AS a ON a.id = s.agreement_id"
        " WHERE a.contact_id = %s ORDER BY s.id"
    ),
}


@dataclass(frozen=True)
class AgreedCase:
    """An open case with one open step, a current version, a step to tell of, and two resources."""

    number: str
    case: int
    ended: int
    base: int
    version: int
    out: int
    gone: int
    used: int

    def values(self) -> dict[str, int | str]:
        """What the floor has to name in place of what was recorded."""
        return {name: value for name, value in vars(self).items() if name != "version"}


def agreed_cases(cases: list[tuple[str, int]]) -> list[AgreedCase]:
    steps = dict(cases)
    rows = query(AGREED, [list(steps)])
    return [
        AgreedCase(number, case, steps[number], base, version, out, resources[0], resources[1])
        for number, case, base, version, out, resources in rows
        if out is not None and len(resources) >= 2
    ]


@dataclass
class Pools:
    """Cases of one user: those of the floor all have the same number of versions, which no statement names twice."""

    real: deque[AgreedCase]
    floor: deque[AgreedCase]

    def __len__(self) -> int:
        return min(len(self.real), len(self.floor))


def pools(cases: list[tuple[str, int]]) -> Pools:
    found = sorted(agreed_cases(cases), key=lambda case: (case.version, case.number))
    if not found:
        return Pools(deque(), deque())
    alike = max((list(group) for _, group in groupby(found, key=lambda case: case.version)), key=len)
    below = alike[: round(len(found) * SHARE)]
    return Pools(deque(case for case in found if case not in below), deque(below))


def of_users(cases: dict[str, list[tuple[str, int]]]) -> dict[str, Pools]:
    """The pools of all users, the largest first, for the single user; nothing where one of them has too few cases."""
    found = sorted(((name, pools(mine)) for name, mine in cases.items()), key=lambda pair: -len(pair[1]))
    sizes = [len(mine) for _, mine in found]
    return dict(found) if sizes[0] >= FEWEST_ALONE and sizes[-1] >= FEWEST else {}


def full_talk(case: AgreedCase, day: dt.date) -> dict[str, str]:
    """The form of talk(), and everything that may stand in the sections."""
    [(place, space)], [(field_id,)] = query(PLACE), query(FIELD)
    due = f"{day:%d.%m.%Y}"
    return {
        **talk(case.ended, day),
        "will_life": "Eine Wohnung, von der aus ich zu Fuß zur Arbeit komme.",
        "will_text": WORDS * 2,
        "will_activity": WORDS,
        "res1_text": "Eine Nachbarin nimmt mich morgens mit.",
        "res1_field": str(field_id),
        "res1_used": "on",
        "res2_text": "Dort kenne ich Leute, die mir beim Schreiben helfen.",
        "res2_place": place,
        "res2_space": str(space),
        "resource_end": str(case.gone),
        "resources_seen": "on",
        f"out_{case.out}": "different",
        f"out_{case.out}_text": "Statt anzurufen gleich hingegangen.",
        "agreement": "new",
        "ag_base": str(case.base),
        "ag_goal": WORDS * 2,
        "ag_link": WORDS,
        "as1_text": "Ruft bei drei Betrieben an.",
        "as1_owner": "client",
        "as1_due": due,
        "as1_remind": "on",
        "as2_text": "Fragt nach, ob die Fahrkarte übernommen wird.",
        "as2_owner": "jobcenter",
        "as2_due": due,
        "as3_text": "Zeigt an einem Vormittag den Betrieb.",
        "as3_owner": "other",
        "as3_name": "Tischlerei Weber",
        "as3_due": due,
        "ag_rhythm": "alle 3 Wochen",
        "ag_resource": str(case.used),
        "ag_review": "date",
        "ag_review_date": due,
    }


def concluding_all(recording: Recording, name: str, session: Session, mine: Pools, day: dt.date) -> Visitor:
    """Application and floor each take a new case every time."""

    def request(case: AgreedCase, form: dict[str, str]) -> bytes:
        return session.post(f"/faelle/{case.number}/gespraech/", form)

    first = mine.real.popleft()
    recording.ask(request(first, full_talk(first, day)))
    while True:
        case = mine.floor.popleft()
        form = full_talk(case, day)
        plan = recording.plan(name, request(case, form), 302)
        plan.fresh = {**case.values(), **written(form["key"])}
        # Statements are told apart by their values: ids of two tables that happen to be equal would be confused.
        if len(set(map(str, plan.fresh.values()))) == len(plan.fresh):
            break
    recording.keep(name, plan)
    # Prepared: putting the forms together takes questions of its own.
    forms = {ready.number: full_talk(ready, day) for ready in mine.real}

    def real() -> bytes:
        ready = mine.real.popleft()
        return request(ready, forms[ready.number])

    def below() -> bytes:
        return session.get(f"/bench/boden/{name}?{urlencode(mine.floor.popleft().values())}")

    return Visitor(real, below, plan, left=lambda: min(len(mine.real), len(mine.floor)) - 4)


def written(key: str) -> dict[str, Any]:
    """The ids that the conversation of this key has written, under the names under which they were reserved."""
    found = query("SELECT id FROM casework_contact WHERE submission_key = %s", [key])
    if not found:
        raise Unexpected("the conversation with every section was not written")
    [(contact,)] = found
    fresh: dict[str, Any] = {"contact": contact, "key": uuid.UUID(key)}
    for name, statement in WRITTEN.items():
        for number, (pk,) in enumerate(query(statement, [contact]), 1):
            fresh[f"{name}-{number}" if number > 1 else name] = pk
    if "agreement" not in fresh:
        raise Unexpected("the conversation with every section brought no agreement")
    return fresh

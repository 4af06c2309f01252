"""People of the leading system: what each line would do to the office (issue 6, take-over and import).

Names and birth dates come from the leading system. Next steps, notes and responsibility of a case that stands are never
touched; whoever is no longer in the file is listed and not closed.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.enums import LineOutcome
from casework.exchange.cells import fold, is_unstorable, number_key, plain_number, read_day
from casework.exchange.columns import PEOPLE
from casework.exchange.files import Table
from casework.exchange.plan import Judged, note_formulas, read_lines
from casework.exchange.spread import first_days
from jobcenter.platform.statements import read

DEFAULT_SUBJECT = "Erstgespräch vereinbaren"
FURTHEST_AHEAD = dt.timedelta(days=730)  # as for every other step (casework.actions.steps)
MOST_REF = next(column.most for column in PEOPLE if column.key == "external_ref")
MASTER_DATA = ("family_name", "given_name", "birth_date")

# Everybody whom the leading system knows, with the open case where there is one.
PERSONS = """
SELECT c.id, c.external_ref, c.version, c.family_name, c.given_name, c.birth_date, a.counsellor_id,
       o.id IS NOT NULL,
       EXISTS (SELECT 1 FROM casework_intake AS i
                WHERE i.client_id = c.id AND i.assigned_at IS NULL AND i.withdrawn_at IS NULL)
  FROM casework_client AS c
  LEFT JOIN casework_case AS o ON o.client_id = c.id AND o.closed_at IS NULL
  LEFT JOIN casework_caseassignment AS a ON a.case_id = o.id AND upper_inf(a.during)
 WHERE c.organisation_id = %(organisation)s AND c.external_ref IS NOT NULL
"""
# With an account and a role that lets them work on cases: anybody else would have cases that they cannot open.
COUNSELLORS = """
SELECT u.id, u.username, u.email, u.last_name, u.first_name
  FROM casework_counsellor AS k JOIN casework_user AS u ON u.id = k.user_id
 WHERE u.organisation_id = %(organisation)s AND u.is_active
   AND EXISTS (SELECT 1 FROM casework_rolegrant AS r
                WHERE r.user_id = u.id AND r.role IN ('counsellor', 'team_lead'))
"""
# Known without the number, or with another one because a spreadsheet has taken its zeros away: a second file of the
# same person would be the worst outcome of a take-over.
# Protected cases are found by no lookup (§ 35 SGB I), so not by this one either.
NAMESAKES = """
SELECT n.number, bool_or(c.external_ref IS NULL)
  FROM unnest(%(numbers)s::int[], %(families)s::text[], %(given)s::text[], %(births)s::date[])
       AS n(number, family, given, birth)
  JOIN casework_client AS c
    ON c.birth_date = n.birth AND c.search_family = casework_fold(n.family) AND c.search_given = casework_fold(n.given)
 WHERE c.organisation_id = %(organisation)s
   AND NOT EXISTS (SELECT 1 FROM casework_case AS p WHERE p.client_id = c.id AND p.is_restricted)
 GROUP BY n.number
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the leading system as the office knows them."""

    pk: int
    ref: str
    version: int
    family_name: str
    given_name: str
    birth_date: dt.date
    counsellor_id: int | None
    has_open_case: bool
    is_waiting: bool


@dataclass
class Office:
    """What lines are compared with, read once."""

    organisation_id: int
    persons: dict[str, Person]
    counsellors: dict[str, set[int]] = field(default_factory=dict)
    spellings: dict[str, list[Person]] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation_id: int) -> "Office":
        known = {"organisation": organisation_id}
        persons = {row[1]: Person(*row) for row in read(PERSONS, known)}
        office = cls(organisation_id, persons)
        for pk, username, email, last, first in read(COUNSELLORS, known):
            for name in (username, email, f"{last}, {first}"):
                office.counsellors.setdefault(fold(name), set()).add(pk)
        for person in persons.values():
            office.spellings.setdefault(number_key(person.ref), []).append(person)
        return office

    def numbered(self, ref: str) -> list[Person]:
        """Who has this number: as it is written, or else whoever has it in another spelling."""
        exact = self.persons.get(ref)
        return [exact] if exact else self.spellings.get(number_key(ref), [])


@dataclass(frozen=True)
class Weeks:
    """Over which days missing dates are spread."""

    first: dt.date
    last: dt.date


def check_people(
    table: Table, mapping: Mapping[str, int], *, organisation_id: int, weeks: Weeks, today: dt.date
) -> list[Judged]:
    """All lines judged, and after them whoever is missing. New people come with the day of their first step."""
    office = Office.of(organisation_id)
    numbers = Numbers(office)
    lines = []
    for line in read_lines(table, mapping, PEOPLE):
        numbers.settle(line)
        if not line.is_refused:
            _judge(line, office, today)
        lines.append(line)
    _refuse_namesakes(lines, office)
    _give_days(lines, weeks, today)
    return lines + _missing(office, numbers.named, table)


@dataclass
class Numbers:
    """The numbers of a file: each person has one line, in whatever spelling; `named`: whom the office knows."""

    office: Office
    named: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    spelled: dict[str, str] = field(default_factory=dict)

    def settle(self, line: Judged) -> None:
        """Give the line its number as the office, or the file at first, writes it; a second line is refused."""
        text = plain_number(line.values["external_ref"])
        if not text or len(text) > MOST_REF or is_unstorable(text):
            return
        persons = self.office.numbered(text)
        # Also where the line is refused: whoever stands in the file is not missing from it.
        self.named.update(person.ref for person in persons)
        if len(persons) > 1:
            line.external_ref = text
            line.refuse("ref_ambiguous", "external_ref")
            return
        line.external_ref = persons[0].ref if persons else self.spelled.setdefault(number_key(text), text)
        if line.external_ref in self.taken:
            line.refuse("duplicate", "external_ref")
        self.taken.add(line.external_ref)


def _judge(line: Judged, office: Office, today: dt.date) -> None:
    birth_date = read_day(line.values["birth_date"])
    if birth_date is None:
        line.refuse("no_date", "birth_date")
    elif birth_date > today:
        line.refuse("birth_ahead", "birth_date")
    line.values["birth_date"] = birth_date
    line.standing = office.persons.get(line.external_ref)
    if line.standing is not None:
        _compare(line, line.standing, office)
    else:
        _begin(line, office, today)


def _compare(line: Judged, person: Person, office: Office) -> None:
    """Somebody whom the office knows: names and birth date alone may differ."""
    if line.is_refused:
        return
    line.changes = tuple(name for name in MASTER_DATA if line.values[name] != getattr(person, name))
    line.outcome = LineOutcome.CHANGED if line.changes else LineOutcome.SAME
    if not person.has_open_case:
        line.note("waiting" if person.is_waiting else "back")
        return
    named = office.counsellors.get(fold(line.values.get("counsellor") or ""), set())
    if len(named) == 1 and person.counsellor_id not in named:
        line.note("other_counsellor", "counsellor")
    if line.changes:
        note_formulas(line, ("family_name", "given_name"))


def _begin(line: Judged, office: Office, today: dt.date) -> None:
    """Somebody new: the case needs an IFK and a first step (Work-First)."""
    name = line.values.get("counsellor") or ""
    found = office.counsellors.get(fold(name), set())
    if not name:
        line.refuse("counsellor_missing", "counsellor")
    elif not found:
        line.refuse("counsellor_unknown", "counsellor")
    elif len(found) > 1:
        line.refuse("counsellor_ambiguous", "counsellor")
    day = _next_day(line, today)
    if line.is_refused:
        return
    line.outcome = LineOutcome.NEW
    note_formulas(line, ("family_name", "given_name", "next_subject"))
    line.values |= {
        "counsellor_id": next(iter(found)),
        "next_date": day,
        "next_subject": line.values.get("next_subject") or DEFAULT_SUBJECT,
    }


def _next_day(line: Judged, today: dt.date) -> dt.date | None:
    """The day that the file names; one that has passed is no plan, and a new one is chosen."""
    text = line.values.get("next_date") or ""
    if not text:
        return None
    day = read_day(text)
    if day is None:
        line.refuse("no_date", "next_date")
    elif day - today > FURTHEST_AHEAD:
        line.refuse("date_far", "next_date")
    elif day < today:
        line.note("date_past", "next_date")
        return None
    return day


def _refuse_namesakes(lines: list[Judged], office: Office) -> None:
    new = {line.number: line for line in lines if line.outcome == LineOutcome.NEW}
    if not new:
        return
    found = read(
        NAMESAKES,
        {
            "numbers": list(new),
            "families": [line.values["family_name"] for line in new.values()],
            "given": [line.values["given_name"] for line in new.values()],
            "births": [line.values["birth_date"] for line in new.values()],
            "organisation": office.organisation_id,
        },
    )
    for number, without in found:
        new[number].refuse("known_without_number" if without else "known_other_number", "external_ref")


def _give_days(lines: list[Judged], weeks: Weeks, today: dt.date) -> None:
    new = [line for line in lines if line.outcome == LineOutcome.NEW]
    wanted = [(line.values["counsellor_id"], line.values["next_date"]) for line in new]
    days = first_days(wanted, today=today, first=weeks.first, last=weeks.last)
    for line, (day, moved) in zip(new, days, strict=True):
        if moved:
            line.note("date_moved" if line.values["next_date"] else "date_chosen", "next_date")
        line.values["next_date"] = day


def _missing(office: Office, named: set[str], table: Table) -> list[Judged]:
    """Whoever came by an earlier file, has an open case and is not in this one."""
    last = max(number for number, _ in table.rows)
    gone = sorted(ref for ref, person in office.persons.items() if person.has_open_case and ref not in named)
    return [Judged(last + place, LineOutcome.MISSING, "missing", external_ref=ref) for place, ref in enumerate(gone, 1)]

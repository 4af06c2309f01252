"""Fallbestand: what is counted for each IFK, and the lists behind the numbers (R4.3-3, R4.4-6, domain.md 12.6).

A figure is one condition on one source. The page counts the rows that meet it, the list shows the same rows: they
cannot differ. Each page is one statement, so that all of its numbers are of one moment. Nothing is ranked, nothing is
summed up for a person, nothing is kept.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from agreements.models.reviews import REVIEW
from casework.actions import local_days
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import is_working_day, working_day_before

WEEKS = 8
PER_PAGE = 50
INBOX = "posteingang"


@dataclass(frozen=True)
class Figure:
    """Rows of a source under a condition. `one` and `many` say what was counted, behind the number."""

    source: str
    condition: str
    one: str
    many: str
    note: str = ""

    def heading(self, count: int, week: str = "") -> str:
        """The number again, and what it counts."""
        return (f"1 {self.one}" if count == 1 else f"{count} {self.many}").format(week=week)


def _steps(condition: str, which: str) -> Figure:
    return Figure("steps", condition, f"Termin oder Wiedervorlage, {which}", f"Termine und Wiedervorlagen, {which}")


def _week(number: int) -> Figure:
    """Steps of a week, Monday to Sunday; of the running one what is still to come, from today on."""
    condition = (
        f"due_on >= greatest(%(day)s::date, %(monday)s::date + {7 * number})"
        f" AND due_on < %(monday)s::date + {7 * number + 7}"
    )
    return _steps(condition, "{week}")


# What each source holds: `who` it is counted for, and at least id, case_id, kind, due_on, starts_at.
FIGURES: dict[str, Figure] = {
    "faelle": Figure("cases", "true", "offener Fall", "offene Fälle"),
    **{f"woche{number}": _week(number) for number in range(WEEKS)},
    "ueberfaellig-5": _steps("due_on < %(day)s AND due_on >= %(late)s", "überfällig seit 1 bis 5 Arbeitstagen"),
    "ueberfaellig-10": _steps("due_on < %(late)s AND due_on >= %(very_late)s", "überfällig seit 6 bis 10 Arbeitstagen"),
    "ueberfaellig-lang": _steps("due_on < %(very_late)s", "überfällig seit mehr als 10 Arbeitstagen"),
    "entwuerfe": Figure("drafts", "true", "angefangener Eintrag", "angefangene Einträge"),
    "ohne-vereinbarung": Figure(
        "cases",
        "agreement_id IS NULL",
        "Fall ohne Vereinbarung",
        "Fälle ohne Vereinbarung",
        "Keine Vereinbarung ist kein Fehler, wenn der Wille noch erkundet wird.",
    ),
    "rueckblick": Figure(
        "reviews",
        "due_on < %(day)s",
        "Vereinbarung, auf die noch gemeinsam zu schauen ist",
        "Vereinbarungen, auf die noch gemeinsam zu schauen ist",
        "Der Tag, der dafür vorgesehen war, ist vorbei.",
    ),
    # The same meaning as "Termine noch ohne Eintrag" on Heute.
    "ohne-eintrag": Figure(
        "steps",
        "kind = 'appointment' AND starts_at < %(now)s",
        "Termin noch ohne Eintrag",
        "Termine noch ohne Eintrag",
    ),
    # What is overdue is no plan: only an open step from today on counts as one.
    "ohne-termin": Figure(
        "cases",
        "last_on IS NULL OR last_on < %(day)s",
        "Fall ohne künftigen Termin oder Wiedervorlage",
        "Fälle ohne künftigen Termin oder Wiedervorlage",
        "Was überfällig ist, ist kein Plan: Hier fehlt ein nächster Schritt.",
    ),
    INBOX: Figure(
        "steps",
        "uncovered AND due_on <= %(day)s",
        "fälliger Termin oder Wiedervorlage im Posteingang des Teams",
        "fällige Termine und Wiedervorlagen im Posteingang des Teams",
        "Die zuständige IFK ist heute abwesend, und niemand, der da ist, vertritt sie.",
    ),
}

# Every source as a part of one WITH; what a statement does not name is not run. All is looked for case by
# case (OFFSET 0): a plan made for all values alike would rather read whatever is open in the whole house.
SOURCES = """
led AS MATERIALIZED (
    SELECT casework_led_teams(%(viewer)s, %(now)s) AS team_id
), people AS MATERIALIZED (
    SELECT u.id, u.last_name, u.first_name, u.team_id, away.id IS NOT NULL AS absent,
           -- An absence that lasts longer than it was entered for is entered anew: one after the other is one absence.
           (SELECT upper(whole) FROM unnest((SELECT range_agg(a.during) FROM casework_absence AS a
                                              WHERE a.user_id = u.id AND NOT a.during << away.during)) AS whole
             WHERE whole @> %(day)s::date) AS back_on,
           %(open)s::boolean AND casework_works_on(u.id, %(day)s::date) AS works, deputy.is_active AS deputy_active,
           %(open)s::boolean AND casework_works_on(deputy.id, %(day)s::date) AS deputy_works,
           deputy.first_name || ' ' || deputy.last_name AS deputy, deputy_away.id IS NOT NULL AS deputy_absent,
           away.id IS NOT NULL AND (deputy.id IS NULL OR NOT deputy.is_active OR deputy_away.id IS NOT NULL)
           AS uncovered
      FROM casework_counsellor AS c
      JOIN casework_user AS u ON u.id = c.user_id AND u.is_active
      LEFT JOIN casework_absence AS away ON away.user_id = u.id AND away.during @> %(day)s::date
      LEFT JOIN casework_substitution AS s ON s.absent_user_id = u.id AND s.during @> %(day)s::date
      LEFT JOIN casework_user AS deputy ON deputy.id = s.substitute_id
      LEFT JOIN casework_absence AS deputy_away
             ON deputy_away.user_id = deputy.id AND deputy_away.during @> %(day)s::date
     WHERE {whose}
), caseload AS MATERIALIZED (
    SELECT p.id AS who, p.uncovered, a.case_id
      FROM people AS p
      JOIN casework_caseassignment AS a ON a.counsellor_id = p.id AND upper_inf(a.during)
     CROSS JOIN LATERAL (SELECT FROM casework_case AS k WHERE k.id = a.case_id AND k.closed_at IS NULL OFFSET 0) AS k
), steps AS MATERIALIZED (
    SELECT l.who, l.uncovered, l.case_id, f.id, f.kind, f.due_on, f.starts_at
      FROM caseload AS l
     CROSS JOIN LATERAL (SELECT f.id, f.kind, f.due_on, f.starts_at FROM casework_followup AS f
                          WHERE f.case_id = l.case_id AND f.ended_at IS NULL OFFSET 0) AS f
), agreed AS MATERIALIZED (
    SELECT l.who, l.case_id, g.id, g.review_follow_up_id
      FROM caseload AS l
     CROSS JOIN LATERAL (SELECT g.id, g.review_follow_up_id FROM agreements_agreement AS g
                          WHERE g.case_id = l.case_id AND g.superseded_at IS NULL AND g.withdrawn_at IS NULL
                         OFFSET 0) AS g
), cases AS (
    SELECT l.who, l.case_id, l.case_id AS id, NULL::text AS kind, NULL::date AS due_on, NULL::timestamptz AS starts_at,
           agreed.id AS agreement_id, planned.last_on
      FROM caseload AS l
      LEFT JOIN agreed ON agreed.case_id = l.case_id
      LEFT JOIN (SELECT case_id, max(due_on) AS last_on FROM steps GROUP BY case_id) AS planned
             ON planned.case_id = l.case_id
), reviews AS (
    SELECT agreed.who, agreed.case_id, agreed.id, step.kind, step.due_on, step.starts_at
      FROM agreed
     CROSS JOIN LATERAL (WITH RECURSIVE {review} SELECT f.kind, f.due_on, f.starts_at
                           FROM review JOIN casework_followup AS f ON f.id = review.step_id OFFSET 0) AS step
     WHERE agreed.case_id IN (SELECT case_id FROM steps WHERE due_on < %(day)s)
), drafts AS (
    SELECT p.id AS who, d.case_id, d.id, d.form AS kind, (d.updated_at AT TIME ZONE 'Europe/Berlin')::date AS due_on,
           d.updated_at AS starts_at
      FROM people AS p JOIN casework_draft AS d ON d.author_id = p.id
)"""
# Agreement by agreement, and only where something is overdue at all: asked for all at once, the whole table of steps
# would be read in each round of the recursion (5 s at size M instead of 40 ms).
REVIEWS = REVIEW.format(which="SELECT agreed.id, agreed.case_id, agreed.review_follow_up_id")


def _with(whose: str) -> str:
    return f"WITH {SOURCES.format(whose=whose, review=REVIEWS)}"


# --- the page: one row an IFK, alphabetical and nothing else ---------------------------------------------------------


def _counted(source: str) -> str:
    """The figures of a source, each IFK's in one row."""
    counts = ", ".join(
        f'count(*) FILTER (WHERE {figure.condition}) AS "{name}"'
        for name, figure in FIGURES.items()
        if figure.source == source
    )
    return f"LEFT JOIN (SELECT who, {counts} FROM {source} GROUP BY who) AS {source} ON {source}.who = p.id"  # noqa: S608


COUNTED = tuple(dict.fromkeys(figure.source for figure in FIGURES.values()))
DASHBOARD = f"""
{_with("u.id = %(viewer)s OR u.team_id IN (SELECT team_id FROM led)")}
SELECT led.team_id, t.name, p.id, p.last_name, p.first_name, p.absent, p.works, p.back_on, p.deputy, p.deputy_absent,
       p.deputy_active, p.deputy_works, p.uncovered,
       {", ".join(f'coalesce({figure.source}."{name}", 0)' for name, figure in FIGURES.items())}
  FROM led
  FULL JOIN people AS p ON p.team_id = led.team_id
  LEFT JOIN casework_team AS t ON t.id = led.team_id
  {" ".join(_counted(source) for source in COUNTED)}
 ORDER BY casework_fold(t.name), led.team_id, casework_fold(p.last_name), casework_fold(p.first_name), p.id
"""  # noqa: S608  (put together from the parts above)


@dataclass(frozen=True)
class Person:
    """One IFK of the page, with the figures by name."""

    pk: int
    last_name: str
    first_name: str
    absent: bool
    works: bool  # on this day of the week
    back_on: dt.date | None  # of an absence without an end: None
    deputy: str | None
    deputy_absent: bool
    deputy_active: bool | None
    deputy_works: bool
    uncovered: bool
    figures: dict[str, int]


@dataclass
class LedTeam:
    """A led team; without a team it holds the user's own row alone."""

    pk: int | None
    name: str
    people: list[Person] = field(default_factory=list)

    @property
    def inbox(self) -> int:
        return sum(person.figures[INBOX] for person in self.people)


def days(now: dt.datetime) -> dict[str, Any]:
    """The days that the conditions name: today, its week, and since when something waits for 5 and 10 working days."""
    day = timezone.localdate(now)
    closed = local_days(day - dt.timedelta(days=60), day)
    return {
        "now": now,
        "day": day,
        "open": is_working_day(day, closed),
        "monday": day - dt.timedelta(days=day.weekday()),
        "late": working_day_before(day, 5, closed),
        "very_late": working_day_before(day, 10, closed),
    }


def read_caseload(viewer: int, params: dict[str, Any]) -> list[LedTeam]:
    """Led teams by name with their IFK by name; the user's own row last, unless it stands in a led team."""
    teams: dict[int | None, LedTeam] = {}
    for team_id, name, pk, last, first, *values in read(DASHBOARD, {**params, "viewer": viewer}):
        team = teams.setdefault(team_id, LedTeam(team_id, name or ""))
        if pk is not None:
            *there, counts = *values[: -len(FIGURES)], values[-len(FIGURES) :]
            row: list[Any] = [pk, last, first, *there, dict(zip(FIGURES, counts, strict=True))]
            team.people.append(Person(*row))
    return list(teams.values())


# --- the list behind a number ----------------------------------------------------------------------------------------

# Whose rows are listed, and how the list calls them; no name means that there is nothing to see.
OF_PERSON = (
    "u.id = %(of)s AND (u.id = %(viewer)s OR u.team_id IN (SELECT team_id FROM led))",
    "(SELECT p.first_name || ' ' || p.last_name FROM people AS p)",
)
OF_TEAM = (
    "u.team_id = %(of)s AND u.team_id IN (SELECT team_id FROM led)",
    "(SELECT t.name FROM casework_team AS t JOIN led ON led.team_id = t.id WHERE t.id = %(of)s)",
)
# The user's own, and whom the user stands in for today.
OWN = (
    "u.id = %(viewer)s OR u.id IN (SELECT absent_user_id FROM casework_substitution"
    " WHERE substitute_id = %(viewer)s AND during @> %(day)s::date)",
    "'-'",
)
# Names of cases that the user does not see in lists stay unknown: a draft may belong to such a one.
_LIST = f"""
{{sources}}, found AS MATERIALIZED (
    SELECT who, case_id, id, kind, due_on, starts_at FROM {{source}} WHERE {{condition}}
), shown AS MATERIALIZED (
    SELECT found.*, k.number, c.family_name, c.given_name, c.search_family, c.search_given
      FROM found
      LEFT JOIN casework_case AS k ON k.id = found.case_id {{seen}}
      LEFT JOIN casework_client AS c ON c.id = k.client_id
     ORDER BY c.search_family, c.search_given, found.case_id, found.due_on, found.starts_at, found.id
     LIMIT {PER_PAGE}
    OFFSET least(%(first)s::bigint, greatest(0, ((SELECT count(*) FROM found) - 1) / {PER_PAGE} * {PER_PAGE}))
)
SELECT (SELECT count(*) FROM found), {{name}}, r.number, r.family_name, r.given_name, r.kind, r.due_on, r.starts_at,
       step.kind, step.due_on, step.starts_at, r.id, r.who, p.first_name || ' ' || p.last_name
  FROM (VALUES (1)) AS always
  LEFT JOIN shown AS r ON true
  LEFT JOIN people AS p ON p.id = r.who
  LEFT JOIN LATERAL (SELECT f.kind, f.due_on, f.starts_at FROM casework_followup AS f
                      WHERE f.case_id = r.case_id AND f.ended_at IS NULL
                      ORDER BY f.due_on < %(day)s, f.due_on, f.starts_at, f.id LIMIT 1) AS step
         ON r.kind IS NULL
 ORDER BY r.search_family, r.search_given, r.case_id, r.due_on, r.starts_at, r.id
"""  # noqa: S608  (a number of ours)
SEEN = "AND k.closed_at IS NULL AND k.id = ANY(ARRAY(SELECT casework_visible_cases(%(viewer)s, %(now)s)))"


@dataclass(frozen=True)
class Row:
    """A case in a list, with the day that brought it there: of a step, of a draft, or of the case's next step."""

    number: str | None  # None: a draft that belongs to no case that the user sees
    family_name: str
    given_name: str
    kind: str | None
    due_on: dt.date | None
    starts_at: dt.datetime | None
    pk: int
    who: int
    who_name: str


@dataclass(frozen=True)
class Listed:
    """A page of a list, and how many rows the whole list has: both of one moment."""

    name: str
    total: int
    page: int
    pages: int
    rows: list[Row]


def read_list(
    figure: Figure, whose: tuple[str, str], viewer: int, params: dict[str, Any], *, of: int = 0, page: int = 1
) -> Listed | None:
    """The rows that a figure counts, by name; None where the user has no business."""
    condition, name = whose
    seen = SEEN if figure.source == "drafts" else ""
    sql = _LIST.format(sources=_with(condition), source=figure.source, condition=figure.condition, seen=seen, name=name)
    found = read(sql, {**params, "viewer": viewer, "of": of, "first": (page - 1) * PER_PAGE})
    total, called = found[0][:2]
    if called is None:
        return None
    pages = max(1, -(-total // PER_PAGE))
    return Listed(called, total, min(page, pages), pages, list(_rows(found)))


def _rows(found: list[tuple[Any, ...]]) -> Iterator[Row]:
    for _, _, number, family, given, kind, due_on, starts_at, next_kind, next_on, next_at, pk, who, who_name in found:
        if who is not None:
            step = (kind, due_on, starts_at) if kind else (next_kind, next_on, next_at)
            yield Row(number, family or "", given or "", *step, pk, who, who_name)

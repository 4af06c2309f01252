"""Who is there on which day: part-time weekdays, absences, holidays, days of the house; and how full a day already is.

The date field of every next step asks here, so that it can offer the next working day of the responsible IFK instead
of only refusing (domain.md 12.22). Whoever is away is a fact of the calendar; why, nobody asks.
"""

import datetime as dt
from dataclasses import dataclass

from casework.models.absences import WorkPattern
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import is_working_day

LONGEST_SEARCH = 400  # days; beyond an absence that long the first working day of the house is offered

# Everything about somebody's days between two, in one statement: kind, from, to (not included), weekdays.
_DAYS = """
SELECT 'away', lower(a.during), upper(a.during), 0 FROM casework_absence AS a
 WHERE a.user_id = {user} AND a.during && daterange(%(first)s, %(last)s, '[]')
UNION ALL
(SELECT 'pattern', p.since, NULL, p.weekdays FROM casework_workpattern AS p
  WHERE p.user_id = {user} AND p.since <= %(first)s ORDER BY p.since DESC LIMIT 1)
UNION ALL
SELECT 'pattern', p.since, NULL, p.weekdays FROM casework_workpattern AS p
 WHERE p.user_id = {user} AND p.since > %(first)s AND p.since <= %(last)s
UNION ALL
SELECT 'closed', l.date, NULL, 0 FROM casework_localday AS l WHERE l.date BETWEEN %(first)s AND %(last)s
 ORDER BY 2
"""
DAYS = _DAYS.format(user="%(user)s")
DAYS_OF_CASE = _DAYS.format(
    user="(SELECT w.counsellor_id FROM casework_caseassignment AS w WHERE w.case_id = %(case)s AND upper_inf(w.during))"
)

# Open steps of a day in the cases for which somebody is responsible: appointments, others.
LOAD = """
SELECT f.due_on, count(*) FILTER (WHERE f.kind = 'appointment'), count(*) FILTER (WHERE f.kind <> 'appointment')
  FROM casework_caseassignment AS a
  JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL
   AND f.due_on BETWEEN %(first)s AND %(last)s
 WHERE a.counsellor_id = %(user)s AND upper_inf(a.during)
 GROUP BY f.due_on
"""


@dataclass(frozen=True)
class Presence:
    """Somebody's days within a span, read once."""

    away: tuple[tuple[dt.date, dt.date | None], ...]
    patterns: tuple[tuple[dt.date, int], ...]  # since, weekdays; ascending
    closed_days: frozenset[dt.date]

    def absence_on(self, day: dt.date) -> tuple[dt.date, dt.date | None] | None:
        """The absence in which the day lies: from, to (not included; None: no end is known)."""
        return next((span for span in self.away if span[0] <= day and (span[1] is None or day < span[1])), None)

    def is_away(self, day: dt.date) -> bool:
        return self.absence_on(day) is not None

    def works_on_weekday_of(self, day: dt.date) -> bool:
        """Whether the day is none of the free weekdays of somebody who works part-time."""
        weekdays = WorkPattern.ALL
        for since, pattern in self.patterns:
            if since <= day:
                weekdays = pattern
        return day.weekday() > 4 or bool(weekdays >> day.weekday() & 1)

    def is_there(self, day: dt.date) -> bool:
        """A working day of the house on which this person works."""
        return is_working_day(day, self.closed_days) and self.works_on_weekday_of(day) and not self.is_away(day)

    def next_day(self, day: dt.date) -> dt.date:
        """The first day on or after the day on which this person is there.

        While somebody is away without an end, the first working day of the house: who stands in will have it.
        """
        for number in range(LONGEST_SEARCH):
            candidate = day + dt.timedelta(days=number)
            if self.is_there(candidate):
                return candidate
        while not is_working_day(day, self.closed_days):
            day += dt.timedelta(days=1)
        return day

    def last_day(self, day: dt.date, *, after: dt.date) -> dt.date | None:
        """The last day up to the day on which this person is there; None when there is none after the other one."""
        while day > after:
            if self.is_there(day):
                return day
            day -= dt.timedelta(days=1)
        return None


def read_presence(user_id: int, first: dt.date, last: dt.date | None = None) -> Presence:
    """Somebody's days from a day on; without a last day as far as `next_day` may look."""
    return _presence(DAYS, first, last, user=user_id)


def read_presence_of_case(case_id: int, first: dt.date, last: dt.date | None = None) -> Presence:
    """The days of the IFK who is responsible for a case now; of an ended case the days of the house alone."""
    return _presence(DAYS_OF_CASE, first, last, case=case_id)


def next_day_of(case_id: int, day: dt.date) -> dt.date:
    """The first day on or after the day on which the responsible IFK of a case is there; of an ended one the house."""
    return read_presence_of_case(case_id, day).next_day(day)


def _presence(days: str, first: dt.date, last: dt.date | None, **whose: int) -> Presence:
    last = last or first + dt.timedelta(days=LONGEST_SEARCH)
    rows = read(days, {**whose, "first": first, "last": last})
    return Presence(
        away=tuple((begin, end) for kind, begin, end, _ in rows if kind == "away"),
        patterns=tuple((begin, weekdays) for kind, begin, _, weekdays in rows if kind == "pattern"),
        closed_days=frozenset(begin for kind, begin, _, _ in rows if kind == "closed"),
    )


@dataclass(frozen=True)
class Load:
    """How many open steps lie on a day: a help for choosing a day, kept nowhere."""

    appointments: int = 0
    reminders: int = 0


def read_load(user_id: int, first: dt.date, last: dt.date) -> dict[dt.date, Load]:
    """How full the days of somebody's own caseload are; a day without a step is not in it."""
    rows = read(LOAD, {"user": user_id, "first": first, "last": last})
    return {day: Load(appointments, reminders) for day, appointments, reminders in rows}

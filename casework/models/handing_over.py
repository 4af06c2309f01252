"""What is looked at before and after a handover: whose cases, both caseloads, appointments that clash, plans.

Cases are chosen by alphabet, by the day of the next step and by the place where it is to be, by nothing that describes
a person (R3.2-1); who steers sees names, numbers and days, and nothing of a file.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from jobcenter.platform.statements import read

WEEKS = 8
MOST_ROWS = 300  # a preview with more is not read by anybody; the alphabet divides it

# Open cases of one IFK with the day of the next open step; a letter counts as the search writes it (ö is o).
CHOICE = """
SELECT k.id, k.number, c.family_name, c.given_name, f.due_on,
       EXISTS (SELECT FROM casework_casehandover AS h
                WHERE h.case_id = k.id AND h.carried_out_at IS NULL AND h.withdrawn_at IS NULL)
  FROM casework_caseassignment AS a
  JOIN casework_case AS k ON k.id = a.case_id AND k.closed_at IS NULL
  JOIN casework_client AS c ON c.id = k.client_id
  LEFT JOIN LATERAL (SELECT s.due_on FROM casework_followup AS s
                      WHERE s.case_id = k.id AND s.ended_at IS NULL ORDER BY s.due_on LIMIT 1) AS f ON true
 WHERE a.counsellor_id = %(giver)s AND upper_inf(a.during)
   AND (%(first)s = '' OR left(c.search_family, 1) >= left(casework_fold(%(first)s), 1))
   AND (%(last)s = '' OR left(c.search_family, 1) <= left(casework_fold(%(last)s), 1))
   AND (%(since)s::date IS NULL OR f.due_on >= %(since)s::date)
   AND (%(until)s::date IS NULL OR f.due_on <= %(until)s::date)
   AND (%(place)s = '' OR EXISTS (
        SELECT FROM casework_followup AS s WHERE s.case_id = k.id AND s.ended_at IS NULL
           AND strpos(casework_fold(s.place), casework_fold(%(place)s)) > 0))
   AND (%(only)s::bigint[] IS NULL OR k.id = ANY(%(only)s::bigint[]))
 ORDER BY c.search_family, c.search_given, k.id LIMIT %(limit)s
"""

# Both caseloads by week from this Monday on; what is overdue counts in the week in which it is looked at.
CASELOADS = """
SELECT a.counsellor_id, a.case_id = ANY(%(cases)s) AS moves, -1, count(*)
  FROM casework_caseassignment AS a
 WHERE a.counsellor_id = ANY(%(people)s) AND upper_inf(a.during) GROUP BY 1, 2
UNION ALL
SELECT a.counsellor_id, a.case_id = ANY(%(cases)s), greatest(0, (f.due_on - %(monday)s::date) / 7), count(*)
  FROM casework_caseassignment AS a
  JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on < %(end)s
 WHERE a.counsellor_id = ANY(%(people)s) AND upper_inf(a.during) GROUP BY 1, 2, 3
"""

# Coming appointments of these cases at an hour at which the successor has one, or on a day on which they are away.
CLASHES = """
SELECT * FROM (
    SELECT f.id, f.version, f.case_id, k.number, c.family_name, c.given_name, f.starts_at,
           EXISTS (SELECT FROM casework_absence AS b WHERE b.user_id = %(to)s AND b.during @> f.due_on) AS away,
           EXISTS (SELECT FROM casework_caseassignment AS a
                     JOIN casework_followup AS o ON o.case_id = a.case_id AND o.ended_at IS NULL
                      AND o.starts_at = f.starts_at
                    WHERE a.counsellor_id = %(to)s AND upper_inf(a.during)) AS taken
      FROM casework_followup AS f
      JOIN casework_case AS k ON k.id = f.case_id
      JOIN casework_client AS c ON c.id = k.client_id
     WHERE f.case_id = ANY(%(cases)s) AND f.ended_at IS NULL AND f.starts_at > %(now)s AND f.due_on >= %(day)s
) AS found WHERE away OR taken ORDER BY starts_at, id
"""

PLANS = """
SELECT h.id, h.batch, h.case_id, k.number, c.family_name, c.given_name, h.effective_on, h.note, h.from_counsellor_id,
       f.first_name || ' ' || f.last_name, h.to_counsellor_id, t.first_name || ' ' || t.last_name, f.team_id,
       t.team_id, f.organisation_id <> t.organisation_id, h.accepted_at, h.carried_out_at, h.withdrawn_at,
       h.planned_by_id, k.closed_at IS NOT NULL,
       coalesce((SELECT a.counsellor_id = h.from_counsellor_id FROM casework_caseassignment AS a
                  WHERE a.case_id = h.case_id AND upper_inf(a.during)), false)
  FROM casework_casehandover AS h
  JOIN casework_case AS k ON k.id = h.case_id
  JOIN casework_client AS c ON c.id = k.client_id
  JOIN casework_user AS f ON f.id = h.from_counsellor_id
  JOIN casework_user AS t ON t.id = h.to_counsellor_id
 WHERE {which}
 ORDER BY h.effective_on, h.batch, c.search_family, c.search_given, h.id
"""
OF_PEOPLE = """
(h.from_counsellor_id = %(user)s OR h.to_counsellor_id = %(user)s OR h.planned_by_id = %(user)s
 OR f.team_id = ANY(%(teams)s) OR t.team_id = ANY(%(teams)s))
 AND h.carried_out_at IS NULL AND (h.withdrawn_at IS NULL OR h.withdrawn_at > %(since)s)
"""


class ChosenCase(NamedTuple):
    id: int
    number: str
    family_name: str
    given_name: str
    next_on: dt.date | None
    planned: bool

    @property
    def name(self) -> str:
        return f"{self.family_name}, {self.given_name}"


class Clash(NamedTuple):
    """An appointment that the successor cannot keep as it stands, or keeps on purpose."""

    step_id: int
    version: int
    case_id: int
    number: str
    family_name: str
    given_name: str
    starts_at: dt.datetime
    away: bool
    taken: bool


class Plan(NamedTuple):
    """A handover as lists show it."""

    id: int
    batch: uuid.UUID
    case_id: int
    number: str
    family_name: str
    given_name: str
    effective_on: dt.date
    note: str
    from_id: int
    from_name: str
    to_id: int
    to_name: str
    from_team: int | None
    to_team: int | None
    across: bool
    accepted_at: dt.datetime | None
    carried_out_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    planned_by: int
    case_closed: bool
    still_from: bool

    @property
    def is_planned(self) -> bool:
        return self.carried_out_at is None and self.withdrawn_at is None

    @property
    def waits(self) -> bool:
        """For the lead on the other side (both organisations work after one concept, R0-1)."""
        return self.is_planned and self.across and self.accepted_at is None


def read_choice(
    giver_id: int,
    *,
    first: str = "",
    last: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    place: str = "",
    only: Sequence[int] | None = None,
) -> list[ChosenCase]:
    """Open cases of an IFK in alphabetical order; one more than a preview shows tells that there are more."""
    params = {
        "giver": giver_id,
        "first": first,
        "last": last,
        "since": since,
        "until": until,
        "place": place,
        "only": list(only) if only is not None else None,
        "limit": MOST_ROWS + 1,
    }
    return [ChosenCase(*row) for row in read(CHOICE, params)]


def read_caseloads(people: Sequence[int], case_ids: Sequence[int], monday: dt.date) -> dict[int, list[tuple[int, int]]]:
    """Person -> (open cases, then steps of each week), each as (moving, staying)."""
    loads = {person: [(0, 0)] * (WEEKS + 1) for person in people}
    end = monday + dt.timedelta(weeks=WEEKS)
    params = {"people": list(people), "cases": list(case_ids), "monday": monday, "end": end}
    for person, moves, week, count in read(CASELOADS, params):
        moving, staying = loads[person][week + 1]
        loads[person][week + 1] = (moving + count, staying) if moves else (moving, staying + count)
    return loads


def read_clashes(case_ids: Sequence[int], to_id: int, day: dt.date, now: dt.datetime) -> list[Clash]:
    params = {"cases": list(case_ids), "to": to_id, "day": day, "now": now}
    return [Clash(*row) for row in read(CLASHES, params)]


def read_batch(batch: uuid.UUID) -> list[Plan]:
    return [Plan(*row) for row in read(PLANS.format(which="h.batch = %(batch)s"), {"batch": batch})]


def read_plans(user_id: int, teams: Sequence[int], since: dt.datetime) -> list[Plan]:
    """Plans that concern somebody: as giver, successor, planner or lead of either side; and what came to nothing."""
    params = {"user": user_id, "teams": list(teams), "since": since}
    return [Plan(*row) for row in read(PLANS.format(which=OF_PEOPLE), params)]

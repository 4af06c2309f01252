"""How much lies on whom: open cases and next steps of the coming two weeks, for who assigns a new person.

It is read where somebody decides, and kept nowhere. It knows caseloads, and nothing about people (R3.2-1).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jobcenter.platform.statements import read

WEEKS = 2

CASELOADS = """
SELECT u.id, u.last_name, u.first_name, coalesce(t.name, ''),
       (SELECT count(*) FROM casework_caseassignment AS a WHERE a.counsellor_id = u.id AND upper_inf(a.during)),
       (SELECT count(*) FROM casework_caseassignment AS a
          JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL
           AND f.due_on >= %(today)s AND f.due_on < %(until)s
         WHERE a.counsellor_id = u.id AND upper_inf(a.during)),
       (SELECT count(*) FROM casework_casehandover AS h
         WHERE h.to_counsellor_id = u.id AND h.carried_out_at IS NULL AND h.withdrawn_at IS NULL),
       (SELECT coalesce(upper(b.during) - 1, '9999-12-31'::date) FROM casework_absence AS b
         WHERE b.user_id = u.id AND b.during @> %(today)s::date),
       (SELECT min(d.day) FROM unnest(%(days)s::date[]) AS d (day)
         WHERE NOT EXISTS (SELECT FROM casework_absence AS b WHERE b.user_id = u.id AND b.during @> d.day)
           AND coalesce((SELECT p.weekdays >> (extract(isodow FROM d.day)::int - 1) & 1 FROM casework_workpattern AS p
                          WHERE p.user_id = u.id AND p.since <= d.day ORDER BY p.since DESC LIMIT 1), 1) = 1)
  FROM casework_counsellor AS c
  JOIN casework_user AS u ON u.id = c.user_id AND u.is_active AND u.organisation_id = %(organisation)s
  LEFT JOIN casework_team AS t ON t.id = u.team_id
 ORDER BY casework_fold(u.last_name), casework_fold(u.first_name), u.id
"""


@dataclass(frozen=True)
class Caseload:
    user_id: int
    last_name: str
    first_name: str
    team: str
    open_cases: int
    steps: int  # due in the next two weeks
    coming: int  # cases about to be handed over to them
    away_until: dt.date | None  # today; date.max: no end is known
    first_day: dt.date | None  # of the days asked about, the first on which they are there

    @property
    def name(self) -> str:
        return f"{self.last_name}, {self.first_name}"


def read_caseloads(organisation_id: int, today: dt.date, days: Sequence[dt.date]) -> list[Caseload]:
    """Every active IFK of the organisation in alphabetical order, in one statement.

    `days`: the working days of the house on which a first next step would lie.
    """
    until = today + dt.timedelta(weeks=WEEKS)
    rows = read(CASELOADS, {"organisation": organisation_id, "today": today, "until": until, "days": list(days)})
    return [Caseload(*row) for row in rows]


def lightest(caseloads: list[Caseload]) -> Caseload | None:
    """Who is there in time for a first step and has the fewest open cases, then the fewest steps, then comes first."""
    there = [load for load in caseloads if load.first_day is not None]
    return min(there, key=lambda load: (load.open_cases + load.coming, load.steps), default=None)

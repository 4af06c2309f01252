"""Who and what is measured: chosen from the database by what the office is like, never by name."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from jobcenter.office.bench.office import query
from jobcenter.platform.processes import Problem

ROWS = 50  # of Heute
ORDINARY = 40  # contacts
SHOWN = 20  # entries of a page of the Verlauf
TALKS = 90  # cases of one user that a run concludes talks in

HEAVY_DAYS = """
SELECT u.username, count(*) AS n
  FROM casework_followup AS f
  JOIN casework_caseassignment AS a ON a.case_id = f.case_id AND upper_inf(a.during)
  JOIN casework_user AS u ON u.id = a.counsellor_id AND u.is_active
 WHERE f.ended_at IS NULL AND f.due_on <= %s
 GROUP BY u.username ORDER BY count(*) < %s, abs(count(*) - %s), u.username LIMIT %s
"""

# Cases by number of contacts, with about how many bytes the first page of their Verlauf takes: the texts, and what an
# entry of its kind has around them.
HISTORIES = """
SELECT k.number, u.username, n.contacts,
       (SELECT sum(e.bytes)
          FROM (SELECT at, length(left(text, 600)) + 650 AS bytes FROM casework_contact WHERE case_id = k.id
                UNION ALL
                SELECT at, length(left(text, 600)) + 250 FROM casework_filenote WHERE case_id = k.id
                UNION ALL
                SELECT ended_at, length(subject) + length(outcome) + 350 FROM casework_followup
                 WHERE case_id = k.id AND successor_id IS NOT NULL
                UNION ALL
                SELECT at, length(reason) + 300 FROM casework_followupchange WHERE case_id = k.id
                ORDER BY at DESC LIMIT %s) AS e) AS shown
  FROM (SELECT case_id, count(*) AS contacts FROM casework_contact GROUP BY case_id
        HAVING count(*) BETWEEN %s AND %s) AS n
  JOIN casework_case AS k ON k.id = n.case_id AND k.closed_at IS NULL
  JOIN casework_caseassignment AS a ON a.case_id = k.id AND upper_inf(a.during)
  JOIN casework_user AS u ON u.id = a.counsellor_id AND u.is_active
 ORDER BY n.contacts DESC, k.id
"""

# Open cases of one user with one open step that nobody has changed: (number, step).
WORKABLE = """
SELECT k.number, min(f.id)
  FROM casework_case AS k
  JOIN casework_caseassignment AS a ON a.case_id = k.id AND upper_inf(a.during)
  JOIN casework_user AS u ON u.id = a.counsellor_id AND u.username = %s
  JOIN casework_followup AS f ON f.case_id = k.id AND f.ended_at IS NULL
 WHERE k.closed_at IS NULL AND k.opened_at < now() - interval '7 days'
   AND NOT EXISTS (SELECT FROM casework_draft AS d WHERE d.case_id = k.id)
 GROUP BY k.id HAVING count(*) = 1 AND min(f.version) = 1 ORDER BY k.id LIMIT %s
"""

# Whoever concludes talks here: not those whose Heute is measured, which would become shorter meanwhile.
CASELOADS = """
SELECT u.username FROM casework_caseassignment AS a
  JOIN casework_user AS u ON u.id = a.counsellor_id AND u.is_active
 WHERE upper_inf(a.during) AND u.username <> ALL(%s) GROUP BY u.username ORDER BY count(*) DESC, u.username LIMIT %s
"""

# The three letters that most family names of a caseload begin with.
COMMON_LETTERS = """
SELECT left(c.search_family, 3) FROM casework_case AS k
  JOIN casework_client AS c ON c.id = k.client_id
  JOIN casework_caseassignment AS a ON a.case_id = k.id AND upper_inf(a.during)
  JOIN casework_user AS u ON u.id = a.counsellor_id AND u.username = %s
 WHERE k.closed_at IS NULL GROUP BY left(c.search_family, 3) ORDER BY count(*) DESC, 1 LIMIT 1
"""


@dataclass
class Subjects:
    """One entry a user; the first one is the single user."""

    days: list[str]  # usernames with a full day
    ordinary: list[tuple[str, str]]  # (username, number) of files with about 40 contacts
    longest: list[tuple[str, str]]  # the same file with 400 contacts, each time in a session of its own
    searches: list[tuple[str, str]]  # (username, what is typed)
    workers: list[str]  # usernames with many cases, for drafts and conclusions
    cases: dict[str, list[tuple[str, int]]]  # username -> (number, open step)
    figures: dict[str, int] = field(default_factory=dict)


def choose(users: int) -> Subjects:
    horizon = dt.date.today() + dt.timedelta(days=7)
    days = query(HEAVY_DAYS, [horizon, ROWS, ROWS, users])
    histories = query(HISTORIES, [SHOWN, ORDINARY - 2, 10**6])
    if len(days) < users or not histories:
        raise Problem("In dieser Stelle gibt es zu wenig zu messen.")
    number, username, most, shown = histories[0]
    # Length of history is what is compared: so the files beside it are those that show about as much.
    near = sorted((row for row in histories if row[2] <= ORDINARY + 2), key=lambda row: abs(row[3] - shown))
    workers = [name for (name,) in query(CASELOADS, [[name for name, _ in days], users])]
    found: dict[str, Any] = {name: query(WORKABLE, [name, TALKS * 4]) for name in workers}
    return Subjects(
        days=[name for name, _ in days],
        ordinary=[(row[1], row[0]) for row in near[:users]],
        longest=[(username, number)] * users,
        searches=[(name, query(COMMON_LETTERS, [name])[0][0]) for name, _ in days],
        workers=workers,
        cases=found,
        figures={
            "rows_today": days[0][1],
            "contacts_ordinary": near[0][2],
            "contacts_longest": most,
            "open_cases": query("SELECT count(*) FROM casework_case WHERE closed_at IS NULL")[0][0],
            "contacts": query("SELECT count(*) FROM casework_contact")[0][0],
            "open_steps": query("SELECT count(*) FROM casework_followup WHERE ended_at IS NULL")[0][0],
            "access_events": query("SELECT count(*) FROM casework_accessevent")[0][0],
        },
    )

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

# Cases by number of contacts, with about how many bytes the first page of their file takes: the texts of the Verlauf,
# and what an entry of its kind has around them; what conversations brought; the agreement that stands, and resources.
HISTORIES = """
SELECT k.number, u.username, n.contacts,
       (SELECT sum(e.bytes)
          FROM (SELECT at, length(left(text, 600)) + 650
                       + 80 * (SELECT count(*) FROM agreements_resourcereview WHERE contact_id = c.id)
                       + 80 * (SELECT count(*) FROM agreements_agreement WHERE contact_id = c.id)
                       + 80 * (SELECT count(*) FROM agreements_willstatement WHERE contact_id = c.id)
                       + (SELECT coalesce(sum(length(s.text) + 80), 0) FROM agreements_stepoutcome AS o
                            JOIN agreements_agreementstep AS s ON s.id = o.step_id WHERE o.contact_id = c.id) AS bytes
                  FROM casework_contact AS c WHERE case_id = k.id
                UNION ALL
                SELECT at, length(left(text, 600)) + 250 FROM casework_filenote WHERE case_id = k.id
                UNION ALL
                SELECT ended_at, length(subject) + length(outcome) + 350 FROM casework_followup
                 WHERE case_id = k.id AND successor_id IS NOT NULL
                UNION ALL
                SELECT at, length(text) + 250 FROM agreements_stepoutcome
                 WHERE case_id = k.id AND contact_id IS NULL
                UNION ALL
                SELECT at, 250 FROM agreements_agreementhandout WHERE case_id = k.id
                UNION ALL
                SELECT at, length(reason) + 300 FROM casework_followupchange WHERE case_id = k.id
                ORDER BY at DESC LIMIT %s) AS e)
       + (SELECT coalesce(sum(length(a.goal) + length(a.employment_link) + s.bytes), 0)
            FROM agreements_agreement AS a
           CROSS JOIN LATERAL (SELECT sum(length(text) + 300) AS bytes FROM agreements_agreementstep
                                WHERE agreement_id = a.id) AS s
           WHERE a.case_id = k.id AND a.superseded_at IS NULL AND a.withdrawn_at IS NULL)
       + (SELECT coalesce(sum(length(text) + 150), 0)
            FROM (SELECT text FROM agreements_resource
                   WHERE case_id = k.id AND ended_at IS NULL ORDER BY at DESC LIMIT 12) AS r) AS shown,
       (SELECT count(*) FROM agreements_agreement WHERE case_id = k.id AND withdrawn_at IS NULL) AS versions,
       (SELECT count(*) FROM agreements_resource WHERE case_id = k.id AND ended_at IS NULL) AS resources
  FROM (SELECT case_id, count(*) AS contacts FROM casework_contact GROUP BY case_id
        HAVING count(*) BETWEEN %s AND %s) AS n
  JOIN casework_case AS k ON k.id = n.case_id AND k.closed_at IS NULL
  JOIN casework_caseassignment AS a ON a.case_id = k.id AND upper_inf(a.during)
  JOIN casework_user AS u ON u.id = a.counsellor_id AND u.is_active
 ORDER BY n.contacts DESC, k.id
"""

# What the file compared has: many versions and resources, and as few as are usual.
MANY_VERSIONS, USUAL = 30, (1, 3)

# The largest caseloads.
LARGEST = """
SELECT u.username, count(*) FROM casework_caseassignment AS a
  JOIN casework_user AS u ON u.id = a.counsellor_id AND u.is_active
  JOIN casework_case AS k ON k.id = a.case_id AND k.closed_at IS NULL
 WHERE upper_inf(a.during) GROUP BY u.username ORDER BY count(*) DESC, u.username LIMIT %s
"""

# The lead of the team with the most open cases, with its IFK and its cases.
LARGEST_TEAM = """
SELECT u.username, n.members, n.cases
  FROM (SELECT m.team_id, count(DISTINCT m.id) AS members, count(a.id) AS cases
          FROM casework_user AS m
          JOIN casework_counsellor AS c ON c.user_id = m.id
          LEFT JOIN casework_caseassignment AS a ON a.counsellor_id = m.id AND upper_inf(a.during)
         WHERE m.is_active GROUP BY m.team_id) AS n
  JOIN casework_rolegrant AS r ON r.team_id = n.team_id AND r.role = 'team_lead'
  JOIN casework_user AS u ON u.id = r.user_id AND u.is_active
 ORDER BY n.cases DESC, u.username LIMIT 1
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
    usual: list[tuple[str, str]]  # a file with one version and three resources
    changeable: list[tuple[str, str]]  # the same file with forty versions and three hundred resources
    searches: list[tuple[str, str]]  # (username, what is typed)
    caseloads: list[str]  # usernames with the most open cases
    lead: str  # username of who leads the team with the most open cases
    workers: list[str]  # usernames with many cases, for drafts and conclusions
    cases: dict[str, list[tuple[str, int]]]  # username -> (number, open step)
    figures: dict[str, int] = field(default_factory=dict)


def choose(users: int) -> Subjects:
    horizon = dt.date.today() + dt.timedelta(days=7)
    days = query(HEAVY_DAYS, [horizon, ROWS, ROWS, users])
    histories = query(HISTORIES, [SHOWN, ORDINARY - 2, 10**6])
    if len(days) < users or not histories:
        raise Problem("In dieser Stelle gibt es zu wenig zu messen.")
    number, username, most, shown, *_ = histories[0]
    # Length of history is what is compared: so the files beside it are those that show about as much.
    near = sorted((row for row in histories if row[2] <= ORDINARY + 2), key=lambda row: abs(row[3] - shown))
    changeable = max(histories, key=lambda row: row[4])
    usual = [row for row in histories if row[4:] == USUAL]
    if changeable[4] < MANY_VERSIONS or not usual:
        raise Problem("In dieser Stelle gibt es keine Fallakte mit vielen Fassungen, oder keine gewöhnliche daneben.")
    alike = min(usual, key=lambda row: abs(row[3] - changeable[3]))
    caseloads = query(LARGEST, [users])
    [(lead, members, team_cases)] = query(LARGEST_TEAM)
    workers = [name for (name,) in query(CASELOADS, [[name for name, _ in days], users])]
    found: dict[str, Any] = {name: query(WORKABLE, [name, TALKS * 4]) for name in workers}
    return Subjects(
        days=[name for name, _ in days],
        ordinary=[(row[1], row[0]) for row in near[:users]],
        longest=[(username, number)] * users,
        usual=[(alike[1], alike[0])] * users,
        changeable=[(changeable[1], changeable[0])] * users,
        caseloads=[name for name, _ in caseloads],
        lead=lead,
        searches=[(name, query(COMMON_LETTERS, [name])[0][0]) for name, _ in days],
        workers=workers,
        cases=found,
        figures={
            "rows_today": days[0][1],
            "contacts_ordinary": near[0][2],
            "contacts_longest": most,
            "versions_changeable": changeable[4],
            "resources_changeable": changeable[5],
            "open_cases_largest": caseloads[0][1],
            "team_ifk": members,
            "team_cases": team_cases,
            "open_cases": query("SELECT count(*) FROM casework_case WHERE closed_at IS NULL")[0][0],
            "contacts": query("SELECT count(*) FROM casework_contact")[0][0],
            "open_steps": query("SELECT count(*) FROM casework_followup WHERE ended_at IS NULL")[0][0],
            "agreements": query("SELECT count(*) FROM agreements_agreement")[0][0],
            "access_events": query("SELECT count(*) FROM casework_accessevent")[0][0],
        },
    )

"""Who is told of what: one place for the planner, the sender and the pages (R4.3-4, domain.md 8).

Who must act is derived on the day itself: the responsible IFK; while absent, whoever stands in; when nobody who is
there stands in, the lead of the team, so that a due item always has a person. Whoever is absent is told nothing.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

# Three sets, for one local day: who is there, whose items go to whom, and what is due of whom.
PEOPLE = """
    here AS (
        SELECT u.id, u.team_id FROM casework_user AS u
         WHERE u.is_active
           AND NOT EXISTS (SELECT 1 FROM casework_absence AS a WHERE a.user_id = u.id AND a.during @> %(day)s::date)
    ), stands_in AS (
        SELECT s.absent_user_id, s.substitute_id FROM casework_substitution AS s JOIN here ON here.id = s.substitute_id
         WHERE s.during @> %(day)s::date
    ), leads AS (
        SELECT DISTINCT r.team_id, coalesce(here.id, stands_in.substitute_id) AS recipient_id
          FROM casework_rolegrant AS r
          LEFT JOIN here ON here.id = r.user_id
          LEFT JOIN stands_in ON stands_in.absent_user_id = r.user_id
         WHERE r.role = 'team_lead' AND coalesce(here.id, stands_in.substitute_id) IS NOT NULL
    ), told AS (
        SELECT c.user_id AS counsellor_id,
               coalesce(here.id, stands_in.substitute_id, fallback.recipient_id) AS recipient_id,
               CASE WHEN here.id IS NOT NULL THEN 'own'
                    WHEN stands_in.substitute_id IS NOT NULL THEN 'standing_in'
                    ELSE 'uncovered' END AS way
          FROM casework_counsellor AS c
          JOIN casework_user AS u ON u.id = c.user_id
          LEFT JOIN here ON here.id = c.user_id
          LEFT JOIN stands_in ON stands_in.absent_user_id = c.user_id
          LEFT JOIN (
              SELECT team_id, min(recipient_id) AS recipient_id FROM leads GROUP BY team_id
          ) AS fallback ON fallback.team_id = u.team_id
    )
"""

DUE = """
    SELECT told.recipient_id, told.way,
           count(*) FILTER (WHERE f.due_on < %(day)s::date) AS overdue,
           count(*) FILTER (WHERE f.due_on = %(day)s::date AND told.way <> 'uncovered') AS today
      FROM told
      JOIN casework_caseassignment AS a ON a.counsellor_id = told.counsellor_id AND upper_inf(a.during)
      JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on <= %(day)s::date
"""

# Long overdue items by team; `before` is the first day that is not yet more than five working days ago.
LONG_OVERDUE = """
    SELECT {columns}, count(*) AS overdue
      FROM leads
      JOIN casework_user AS u ON u.team_id = leads.team_id
      JOIN casework_caseassignment AS a ON a.counsellor_id = u.id AND upper_inf(a.during)
      JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on < %(before)s::date
"""

PLAN_OWN = f"""
    WITH {PEOPLE}, due AS ({DUE} GROUP BY told.recipient_id, told.way)
    INSERT INTO casework_digestmail (recipient_id, local_date, planned_on, kind, state, attempts, not_before, answer)
    SELECT due.recipient_id, %(day)s, %(day)s, 'own', 'planned', 0, %(now)s, ''
      FROM due JOIN casework_user AS u ON u.id = due.recipient_id
     GROUP BY due.recipient_id, u.remind_of_today
    HAVING sum(due.overdue) > 0 OR (u.remind_of_today AND sum(due.today) > 0)
     ORDER BY due.recipient_id
    ON CONFLICT DO NOTHING
"""  # noqa: S608  (put together from the parts above)

PLAN_TEAM = f"""
    WITH {PEOPLE}, due AS ({LONG_OVERDUE.format(columns="leads.recipient_id")} GROUP BY leads.recipient_id)
    INSERT INTO casework_digestmail (recipient_id, local_date, planned_on, kind, state, attempts, not_before, answer)
    SELECT due.recipient_id, %(week)s, %(day)s, 'team', 'planned', 0, %(now)s, ''
      FROM due ORDER BY due.recipient_id
    ON CONFLICT DO NOTHING
"""  # noqa: S608

COUNT_OWN = f"""
    WITH {PEOPLE}
    {DUE} WHERE told.recipient_id = %(recipient)s GROUP BY told.recipient_id, told.way
"""  # noqa: S608

COUNT_TEAM = f"""
    WITH {PEOPLE}
    {LONG_OVERDUE.format(columns="leads.recipient_id")} WHERE leads.recipient_id = %(recipient)s
     GROUP BY leads.recipient_id
"""  # noqa: S608

NOBODY = f"""
    WITH {PEOPLE}
    SELECT count(DISTINCT told.counsellor_id)
      FROM told
      JOIN casework_caseassignment AS a ON a.counsellor_id = told.counsellor_id AND upper_inf(a.during)
      JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on < %(day)s::date
     WHERE told.recipient_id IS NULL
"""  # noqa: S608


@dataclass(frozen=True)
class Told:
    """What a mail tells: counts and nothing else."""

    overdue: int = 0  # in cases of one's own and in those stood in for
    standing_in: int = 0  # of these, stood in for
    uncovered: int = 0  # overdue with colleagues who are absent and for whom nobody stands in
    today: int = 0
    team: int = 0  # overdue in the team for more than five working days


def plan_own(*, day: dt.date, now: dt.datetime) -> int:
    """Plan the mails of a day; the number of those that were not there yet. One statement, safe in parallel."""
    with connection.cursor() as cursor:
        cursor.execute(PLAN_OWN, {"day": day, "now": now})
        return int(cursor.rowcount)


def plan_team(*, day: dt.date, week: dt.date, before: dt.date, now: dt.datetime) -> int:
    """Plan the mails of a week to team leads who have none yet in that week."""
    with connection.cursor() as cursor:
        cursor.execute(PLAN_TEAM, {"day": day, "week": week, "before": before, "now": now})
        return int(cursor.rowcount)


def count_own(*, recipient_id: int, day: dt.date) -> Told:
    """What the recipient is to be told on the day, as the database stands at this moment."""
    rows: dict[str, tuple[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COUNT_OWN, {"recipient": recipient_id, "day": day})
        for _, way, overdue, today in cursor.fetchall():
            rows[way] = (overdue, today)
    own, standing_in = rows.get("own", (0, 0)), rows.get("standing_in", (0, 0))
    return Told(
        overdue=own[0] + standing_in[0],
        standing_in=standing_in[0],
        uncovered=rows.get("uncovered", (0, 0))[0],
        today=own[1] + standing_in[1],
    )


def count_team(*, recipient_id: int, day: dt.date, before: dt.date) -> Told:
    """What is overdue for more than five working days in the teams that the recipient leads, or leads for somebody."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_TEAM, {"recipient": recipient_id, "day": day, "before": before})
        row: tuple[Any, ...] | None = cursor.fetchone()
    return Told(team=row[1] if row else 0)


def counsellors_without_recipient(day: dt.date) -> int:
    """How many IFK have overdue items of which nobody can be told: absent, no substitute, no lead who is there."""
    with connection.cursor() as cursor:
        cursor.execute(NOBODY, {"day": day})
        row: tuple[Any, ...] = cursor.fetchone()
    return int(row[0])

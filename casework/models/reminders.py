"""Who is told of what: one place for the planner, the sender and the pages (R4.3-4, domain.md 8).

Who must act is derived on the day itself: the responsible IFK; while absent, whoever stands in; when nobody who is
there stands in, the lead of the team, so that a due item always has a person. Whoever is absent is told nothing, and
whoever has a free day of the week is told on the next working day.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from casework.enums import DigestKind, RoleName
from casework.models.ladder import RUNGS, read_rungs

# Four sets, for one local day: who is not absent, and works on this day; who leads; and whose items go to whom. Whoever
# is there and has a free day of the week is told on the next working day, and nobody else instead: their items are not
# orphaned.
PEOPLE = """
    present AS (
        SELECT u.id, casework_works_on(u.id, %(day)s::date) AS works FROM casework_user AS u
         WHERE u.is_active
           AND NOT EXISTS (SELECT 1 FROM casework_absence AS a WHERE a.user_id = u.id AND a.during @> %(day)s::date)
    ), here AS (
        SELECT id FROM present WHERE works
    ), stands_in AS (
        SELECT s.absent_user_id, s.substitute_id, present.works
          FROM casework_substitution AS s JOIN present ON present.id = s.substitute_id
         WHERE s.during @> %(day)s::date
    ), leaders AS (
        SELECT DISTINCT r.team_id, coalesce(present.id, stands_in.substitute_id) AS recipient_id,
               coalesce(present.works, stands_in.works) AS works
          FROM casework_rolegrant AS r
          LEFT JOIN present ON present.id = r.user_id
          LEFT JOIN stands_in ON stands_in.absent_user_id = r.user_id
         WHERE r.role = 'team_lead' AND coalesce(present.id, stands_in.substitute_id) IS NOT NULL
    ), leads AS (
        SELECT team_id, recipient_id FROM leaders WHERE works
    ), told AS (
        SELECT c.user_id AS counsellor_id, u.organisation_id,
               CASE WHEN present.id IS NOT NULL THEN CASE WHEN present.works THEN present.id END
                    WHEN stands_in.substitute_id IS NOT NULL THEN
                         CASE WHEN stands_in.works THEN stands_in.substitute_id END
                    ELSE fallback.recipient_id END AS recipient_id,
               CASE WHEN present.id IS NOT NULL THEN 'own'
                    WHEN stands_in.substitute_id IS NOT NULL THEN 'standing_in'
                    WHEN fallback.team_id IS NOT NULL THEN 'uncovered'
                    ELSE 'nobody' END AS way
          FROM casework_counsellor AS c
          JOIN casework_user AS u ON u.id = c.user_id
          LEFT JOIN present ON present.id = c.user_id
          LEFT JOIN stands_in ON stands_in.absent_user_id = c.user_id
          LEFT JOIN (
              SELECT team_id, min(recipient_id) FILTER (WHERE works) AS recipient_id FROM leaders GROUP BY team_id
          ) AS fallback ON fallback.team_id = u.team_id
    )
"""

# What is overdue is told from its rung of the ladder on; what nobody stands in for, at once.
DUE = """
    SELECT told.recipient_id, told.way,
           count(*) FILTER (WHERE f.due_on < CASE told.way WHEN 'own' THEN ladder.own_before
                                                           WHEN 'standing_in' THEN ladder.substitute_before
                                                           ELSE %(day)s::date END) AS overdue,
           count(*) FILTER (WHERE f.due_on = %(day)s::date AND told.way <> 'uncovered') AS today
      FROM told
      JOIN ladder ON ladder.organisation_id = told.organisation_id
      JOIN casework_caseassignment AS a ON a.counsellor_id = told.counsellor_id AND upper_inf(a.during)
       AND NOT casework_is_closed(told.recipient_id, a.case_id)
      JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on <= %(day)s::date
"""

# Long overdue items by team: what was due before the day of the ladder's last rung.
LONG_OVERDUE = """
    SELECT {columns}, count(*) AS overdue
      FROM leads
      JOIN casework_user AS u ON u.team_id = leads.team_id
      JOIN ladder ON ladder.organisation_id = u.organisation_id
      JOIN casework_caseassignment AS a ON a.counsellor_id = u.id AND upper_inf(a.during)
       AND NOT casework_is_closed(leads.recipient_id, a.case_id)
      JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on < ladder.lead_before
"""

# Leads whose working week ends today: told now, for on the weekday of the ladder they are never there.
LAST_DAY = """
    last_day AS (
        SELECT recipient_id FROM leads
         WHERE NOT EXISTS (
             SELECT 1 FROM unnest(%(later)s::date[]) AS d (date) WHERE casework_works_on(recipient_id, d.date)
         )
    )
"""

PLAN_OWN = f"""
    WITH {RUNGS}, {PEOPLE}, due AS ({DUE} WHERE told.recipient_id IS NOT NULL GROUP BY told.recipient_id, told.way)
    INSERT INTO casework_digestmail (recipient_id, local_date, planned_on, kind, state, attempts, not_before, answer)
    SELECT due.recipient_id, %(day)s, %(day)s, 'own', 'planned', 0, %(now)s, ''
      FROM due JOIN casework_user AS u ON u.id = due.recipient_id
     GROUP BY due.recipient_id, u.remind_of_today
    HAVING sum(due.overdue) > 0 OR (u.remind_of_today AND sum(due.today) > 0)
     ORDER BY due.recipient_id
    ON CONFLICT DO NOTHING
"""  # noqa: S608  (put together from the parts above)

PLAN_TEAM = f"""
    WITH {RUNGS}, {PEOPLE}, {LAST_DAY}, due AS (
        {LONG_OVERDUE.format(columns="leads.recipient_id")}
         WHERE ladder.leads_told OR leads.recipient_id IN (SELECT recipient_id FROM last_day)
         GROUP BY leads.recipient_id
    )
    INSERT INTO casework_digestmail (recipient_id, local_date, planned_on, kind, state, attempts, not_before, answer)
    SELECT due.recipient_id, %(week)s, %(day)s, 'team', 'planned', 0, %(now)s, ''
      FROM due ORDER BY due.recipient_id
    ON CONFLICT DO NOTHING
"""  # noqa: S608

# Whoever has the role and is there; what they are told is the same for all of them.
HAS_ROLE = """
    FROM here JOIN casework_rolegrant AS r ON r.user_id = here.id AND r.role = %(role)s
"""

PLAN_ROLE = f"""
    WITH {PEOPLE}
    INSERT INTO casework_digestmail (recipient_id, local_date, planned_on, kind, state, attempts, not_before, answer)
    SELECT DISTINCT here.id, %(week)s::date, %(day)s::date, %(kind)s, 'planned', 0, %(now)s::timestamptz, ''
    {HAS_ROLE} ORDER BY here.id
    ON CONFLICT DO NOTHING
"""  # noqa: S608

IS_OF_ROLE = f"WITH {PEOPLE} SELECT EXISTS (SELECT 1 {HAS_ROLE} WHERE here.id = %(recipient)s)"  # noqa: S608

COUNT_OWN = f"""
    WITH {RUNGS}, {PEOPLE}
    {DUE} WHERE told.recipient_id = %(recipient)s GROUP BY told.recipient_id, told.way
"""  # noqa: S608

COUNT_TEAM = f"""
    WITH {RUNGS}, {PEOPLE}
    {LONG_OVERDUE.format(columns="leads.recipient_id")} WHERE leads.recipient_id = %(recipient)s
     GROUP BY leads.recipient_id
"""  # noqa: S608

NOBODY = f"""
    WITH {PEOPLE}
    SELECT count(DISTINCT told.counsellor_id)
      FROM told
      JOIN casework_caseassignment AS a ON a.counsellor_id = told.counsellor_id AND upper_inf(a.during)
      JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on < %(day)s::date
     WHERE told.way = 'nobody'
"""  # noqa: S608


@dataclass(frozen=True)
class Told:
    """What a mail tells: counts and nothing else."""

    overdue: int = 0  # in cases of one's own and in those stood in for
    standing_in: int = 0  # of these, stood in for
    uncovered: int = 0  # overdue with colleagues who are absent and for whom nobody stands in
    today: int = 0
    team: int = 0  # overdue in the team for longer than the ladder says
    others: int = 0  # what a room above counts


@dataclass(frozen=True)
class Weekly:
    """What a room above tells once a week: to everybody with the role, as long as there is something to count."""

    role: RoleName
    count: Callable[[dt.date], int]


# Kind -> who is told, and how much on a day. Filled when the apps are ready: this room does not know those above.
TOLD_WEEKLY: dict[DigestKind, Weekly] = {}


def plan_own(*, day: dt.date, now: dt.datetime, rungs: dict[str, Any]) -> int:
    """Plan the mails of a day; the number of those that were not there yet. One statement, safe in parallel."""
    with connection.cursor() as cursor:
        cursor.execute(PLAN_OWN, {"day": day, "now": now, **rungs})
        return int(cursor.rowcount)


def plan_team(*, day: dt.date, week: dt.date, now: dt.datetime, rungs: dict[str, Any]) -> int:
    """Plan the mails of a week to team leads who have none yet in that week, from the weekday of their ladder on."""
    with connection.cursor() as cursor:
        cursor.execute(PLAN_TEAM, {"day": day, "week": week, "now": now, **rungs})
        return int(cursor.rowcount)


def plan_weekly(*, day: dt.date, week: dt.date, now: dt.datetime) -> int:
    """Plan the mails of a week that rooms above ask for, to whoever has none yet in that week."""
    count = 0
    for kind, weekly in TOLD_WEEKLY.items():
        if not weekly.count(day):
            continue
        params: dict[str, Any] = {"day": day, "week": week, "now": now, "kind": str(kind), "role": str(weekly.role)}
        with connection.cursor() as cursor:
            cursor.execute(PLAN_ROLE, params)
            count += int(cursor.rowcount)
    return count


def count_weekly(*, recipient_id: int, kind: DigestKind, day: dt.date) -> Told:
    """What a room above counts at this moment; nothing for who is away or has the role no more."""
    weekly = TOLD_WEEKLY.get(kind)
    if weekly is None:
        return Told()
    with connection.cursor() as cursor:
        cursor.execute(IS_OF_ROLE, {"day": day, "recipient": recipient_id, "role": str(weekly.role)})
        is_told: tuple[Any, ...] = cursor.fetchone()
    return Told(others=weekly.count(day) if is_told[0] else 0)


def count_own(*, recipient_id: int, day: dt.date) -> Told:
    """What the recipient is to be told on the day, as the database stands at this moment."""
    rows: dict[str, tuple[int, int]] = {}
    rungs = read_rungs(day)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_OWN, {"recipient": recipient_id, "day": day, **rungs})
        for _, way, overdue, today in cursor.fetchall():
            rows[way] = (overdue, today)
    own, standing_in = rows.get("own", (0, 0)), rows.get("standing_in", (0, 0))
    return Told(
        overdue=own[0] + standing_in[0],
        standing_in=standing_in[0],
        uncovered=rows.get("uncovered", (0, 0))[0],
        today=own[1] + standing_in[1],
    )


def count_team(*, recipient_id: int, day: dt.date) -> Told:
    """What is overdue for longer than the ladder says in the teams that the recipient leads, or leads for somebody."""
    rungs = read_rungs(day)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_TEAM, {"recipient": recipient_id, "day": day, **rungs})
        row: tuple[Any, ...] | None = cursor.fetchone()
    return Told(team=row[1] if row else 0)


def counsellors_without_recipient(day: dt.date) -> int:
    """How many IFK have overdue items of which nobody can be told: absent, no substitute, no lead who is there."""
    with connection.cursor() as cursor:
        cursor.execute(NOBODY, {"day": day})
        row: tuple[Any, ...] = cursor.fetchone()
    return int(row[0])

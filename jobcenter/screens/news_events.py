# ruff: noqa: S608
# Every statement here is put together from parts of this module; values are bound.
"""What happened in somebody's caseload by others or by the calendar: who, when, in which case; not a word of a file.

One statement for the page and one for the line on Heute, from the same branches: the number there equals the length of
the list. Since when is `LastVisit`. A name stands only beside a case for which the reader is responsible now, or was at
its end; of any other there is the number and who has it (design.md 7). Own deeds are no news.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from casework.enums import FollowUpKind
from casework.models import LastVisit
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import day_label

# In one transaction and therefore one act; `Now()` of the database is its beginning, the clock of an action lies later.
_AT_ONCE = "interval '1 minute'"
_MIDNIGHT = "({0}::timestamp AT TIME ZONE 'Europe/Berlin')"
_FULL_NAME = "u.first_name || ' ' || u.last_name"

# `mine`: own cases, each since it is one's own and not yet seen. Events from before are the former IFK's.
SEEN_AND_MINE = """
WITH seen AS MATERIALIZED (
    SELECT greatest(v.seen_at, %(oldest)s::timestamptz) AS at,
           coalesce(v.seen_at >= %(oldest)s::timestamptz, false) AS filed
      FROM (VALUES (1)) AS always LEFT JOIN casework_lastvisit AS v ON v.user_id = %(user)s
), mine AS MATERIALIZED (
    SELECT a.case_id, greatest(lower(a.during), (SELECT at FROM seen)) AS since
      FROM casework_caseassignment AS a WHERE a.counsellor_id = %(user)s AND upper_inf(a.during)
)
"""

# Each branch: at, what, row, who (NULL: as planned), case, two days, a word. Case by case, by the indexes of the case.
_IN_FILES = (
    # What a talk did to the steps is told with the talk.
    """
SELECT e.recorded_at, CASE WHEN e.kind = 'talk' THEN 'contact' WHEN e.missed_how = 'cancelled_by_us' THEN 'called_off'
                           ELSE 'missed' END,
       e.id, e.author_id, e.case_id, (e.at AT TIME ZONE 'Europe/Berlin')::date, f.due_on, ''
  FROM mine JOIN casework_contact AS e ON e.case_id = mine.case_id AND e.recorded_at > mine.since
  LEFT JOIN casework_followup AS f ON f.id = e.follow_up_id AND f.contact_id = e.id
 WHERE e.author_id <> %(user)s AND e.withdrawn_at IS NULL""",
    """
SELECT e.withdrawn_at, 'withdrawn', e.id, e.withdrawn_by_id, e.case_id, (e.at AT TIME ZONE 'Europe/Berlin')::date,
       NULL, ''
  FROM mine JOIN casework_contact AS e ON e.case_id = mine.case_id AND e.withdrawn_at > mine.since
 WHERE e.withdrawn_by_id <> %(user)s""",
    """
SELECT e.at, 'note', e.id, e.by_id, e.case_id, NULL, NULL, ''
  FROM mine JOIN casework_filenote AS e ON e.case_id = mine.case_id AND e.at > mine.since
 WHERE e.by_id <> %(user)s AND e.withdrawn_at IS NULL""",
    """
SELECT e.at, 'addendum', e.id, e.by_id, e.case_id, NULL, NULL, ''
  FROM mine JOIN casework_noteaddendum AS e ON e.case_id = mine.case_id AND e.at > mine.since
 WHERE e.by_id <> %(user)s""",
    """
SELECT e.at, CASE WHEN e.old_due_on <> e.new_due_on THEN 'moved'
                  WHEN e.old_starts_at IS DISTINCT FROM e.new_starts_at THEN 'retimed' ELSE 'reworded' END,
       e.id, e.by_id, e.case_id, e.old_due_on, e.new_due_on, f.kind
  FROM mine JOIN casework_followupchange AS e ON e.case_id = mine.case_id AND e.at > mine.since
  JOIN casework_followup AS f ON f.id = e.follow_up_id
 WHERE e.by_id <> %(user)s AND e.contact_id IS NULL""",
    # The first one came with the case; a successor is told with what it follows on.
    f"""
SELECT e.created_at, 'step', e.id, e.created_by_id, e.case_id, e.due_on, NULL, e.kind
  FROM mine JOIN casework_followup AS e ON e.case_id = mine.case_id AND e.created_at > mine.since
 WHERE e.created_by_id <> %(user)s AND e.contact_id IS NULL
   AND EXISTS (SELECT FROM casework_followup AS p WHERE p.case_id = e.case_id AND p.id < e.id)
   AND NOT EXISTS (SELECT FROM casework_followup AS p
                    WHERE p.successor_id = e.id AND p.ended_at < e.created_at + {_AT_ONCE})""",
    """
SELECT e.ended_at, 'done', e.id, e.ended_by_id, e.case_id, e.due_on, s.due_on, e.kind
  FROM mine JOIN casework_followup AS e ON e.case_id = mine.case_id AND e.ended_at > mine.since
  JOIN casework_followup AS s ON s.id = e.successor_id
 WHERE e.ended_by_id <> %(user)s""",
)
_OF_RESPONSIBILITY = (
    # What one planned oneself and the day has carried out is news as well: nobody did it then.
    f"""
SELECT lower(e.during), CASE WHEN h.id IS NOT NULL THEN 'handed' WHEN i.id IS NOT NULL THEN 'assigned'
                             WHEN EXISTS (SELECT FROM casework_importrun AS r WHERE r.applied_at = lower(e.during))
                             THEN 'imported' ELSE 'mine' END,
       e.id, coalesce(nullif(e.by_id, %(user)s), nullif(h.accepted_by_id, %(user)s)), e.case_id, NULL, NULL,
       coalesce({_FULL_NAME}, '')
  FROM casework_caseassignment AS e
  LEFT JOIN casework_casehandover AS h ON h.case_id = e.case_id AND h.assignment_id = e.id
  LEFT JOIN casework_user AS u ON u.id = h.from_counsellor_id
  LEFT JOIN casework_intake AS i ON i.case_id = e.case_id AND i.assigned_at >= lower(e.during)
   AND i.assigned_at < lower(e.during) + {_AT_ONCE}
 WHERE e.counsellor_id = %(user)s AND upper_inf(e.during) AND lower(e.during) > (SELECT at FROM seen)
   AND (e.by_id <> %(user)s OR h.carried_out_at > h.planned_at + {_AT_ONCE})""",
    f"""
SELECT upper(e.during), 'gone', e.id, coalesce(nullif(n.by_id, %(user)s), nullif(h.accepted_by_id, %(user)s)),
       e.case_id, NULL, NULL, {_FULL_NAME}
  FROM casework_caseassignment AS e
  JOIN casework_caseassignment AS n ON n.case_id = e.case_id AND lower(n.during) = upper(e.during)
  JOIN casework_user AS u ON u.id = n.counsellor_id
  LEFT JOIN casework_casehandover AS h ON h.case_id = n.case_id AND h.assignment_id = n.id
 WHERE e.counsellor_id = %(user)s AND upper(e.during) > (SELECT at FROM seen)
   AND (n.by_id <> %(user)s OR h.carried_out_at > h.planned_at + {_AT_ONCE})""",
    """
SELECT z.at, 'closed', z.id, z.by_id, e.case_id, NULL, NULL, ''
  FROM casework_caseassignment AS e
  JOIN casework_caseclosure AS z ON z.case_id = e.case_id AND z.at = upper(e.during)
 WHERE e.counsellor_id = %(user)s AND upper(e.during) > (SELECT at FROM seen) AND z.by_id <> %(user)s""",
)
# Whose plan it is, and between whom: the reader gives, takes, or has planned it.
_PARTIES = f"""
  FROM casework_casehandover AS e
  JOIN casework_user AS u ON u.id = CASE e.to_counsellor_id WHEN %(user)s THEN e.from_counsellor_id
                                    ELSE e.to_counsellor_id END
  CROSS JOIN LATERAL (SELECT e.to_counsellor_id = %(user)s AS takes,
                             CASE e.to_counsellor_id WHEN %(user)s THEN 'von ' ELSE 'an ' END
                               || {_FULL_NAME} AS other) AS p
 WHERE %(user)s IN (e.to_counsellor_id, e.from_counsellor_id, e.planned_by_id)"""
_OF_PLANS = (
    f"""
SELECT e.planned_at, CASE WHEN p.takes THEN 'coming' ELSE 'going' END, e.id, e.planned_by_id, e.case_id, e.effective_on,
       NULL, p.other {_PARTIES}
   AND e.planned_at > (SELECT at FROM seen) AND e.planned_by_id <> %(user)s
   AND (e.carried_out_at IS NULL OR e.carried_out_at > e.planned_at + {_AT_ONCE})""",
    f"""
SELECT e.accepted_at, 'accepted', e.id, e.accepted_by_id, e.case_id, e.effective_on, NULL, p.other {_PARTIES}
   AND e.accepted_at > (SELECT at FROM seen) AND e.accepted_by_id <> %(user)s
   AND e.accepted_at > e.planned_at + {_AT_ONCE}
   AND (e.carried_out_at IS NULL OR e.carried_out_at > e.accepted_at + {_AT_ONCE}
        OR %(user)s NOT IN (e.to_counsellor_id, e.from_counsellor_id))""",
    # Not accepted: a plan for the other organisation that somebody there has ended.
    f"""
SELECT e.withdrawn_at, CASE WHEN e.accepted_at IS NULL AND g.organisation_id <> t.organisation_id
                             AND w.organisation_id = t.organisation_id THEN 'refused' ELSE 'taken_back' END,
       e.id, e.withdrawn_by_id, e.case_id, e.effective_on, NULL, p.other
  {
        _PARTIES.replace(
            " WHERE",
            '''
  JOIN casework_user AS g ON g.id = e.from_counsellor_id
  JOIN casework_user AS t ON t.id = e.to_counsellor_id
  JOIN casework_user AS w ON w.id = e.withdrawn_by_id
  JOIN casework_case AS k ON k.id = e.case_id
 WHERE''',
        )
    }
   AND e.withdrawn_at > (SELECT at FROM seen) AND e.withdrawn_by_id <> %(user)s
   AND (p.takes OR k.closed_at IS DISTINCT FROM e.withdrawn_at)""",
)
_BETWEEN_TWO = f"""
  FROM casework_substitution AS e
  JOIN casework_user AS u ON u.id = CASE e.substitute_id WHEN %(user)s THEN e.absent_user_id ELSE e.substitute_id END
  CROSS JOIN LATERAL (SELECT e.substitute_id = %(user)s AS stands, {_MIDNIGHT.format("lower(e.during)")} AS first,
                             {_MIDNIGHT.format("upper(e.during)")} AS past) AS p
 WHERE %(user)s IN (e.substitute_id, e.absent_user_id)"""
_DAYS = "lower(e.during), upper(e.during) - 1"
_OF_DAYS = (
    f"""
SELECT e.entered_at, CASE WHEN p.stands THEN 'stand_in' ELSE 'stood_in' END, e.id, e.entered_by_id, NULL, {_DAYS},
       {_FULL_NAME} {_BETWEEN_TWO}
   AND e.entered_at > (SELECT at FROM seen) AND e.entered_by_id <> %(user)s""",
    # At midnight, by itself; what is entered for a day that has begun is told once, above.
    f"""
SELECT p.first, CASE WHEN p.stands THEN 'stand_in_began' ELSE 'stood_in_began' END, e.id, NULL, NULL, {_DAYS},
       {_FULL_NAME} {_BETWEEN_TWO} AND p.first > (SELECT at FROM seen) AND p.first > e.entered_at""",
    f"""
SELECT greatest(p.past, e.narrowed), CASE WHEN p.stands THEN 'stand_in_ended' ELSE 'stood_in_ended' END, e.id, NULL,
       NULL, {_DAYS}, {_FULL_NAME} {_BETWEEN_TWO} AND p.past IS NOT NULL
   AND greatest(p.past, e.narrowed) > (SELECT at FROM seen)""",
    f"""
SELECT e.entered_at, 'away', e.id, e.entered_by_id, NULL, {_DAYS}, ''
  FROM casework_absence AS e
 WHERE e.user_id = %(user)s AND e.entered_at > (SELECT at FROM seen) AND e.entered_by_id <> %(user)s""",
)
_ALL = " UNION ALL ".join((*_IN_FILES, *_OF_RESPONSIBILITY, *_OF_PLANS, *_OF_DAYS))
_NEWS = f"({_ALL}) AS n (at, what, row, who, case_id, day, other, word)"

# The first row is always there: since when, also where nothing is new.
NEWS = f"""
{SEEN_AND_MINE}
SELECT seen.at, seen.filed, x.at, x.what, w.first_name || ' ' || w.last_name, k.number,
       c.family_name || ', ' || c.given_name, x.day, x.other, x.word
  FROM seen
  LEFT JOIN (SELECT n.* FROM {_NEWS} WHERE n.at <= %(until)s
              ORDER BY n.at DESC, n.case_id, n.what, n.row LIMIT %(limit)s OFFSET %(first)s) AS x ON true
  LEFT JOIN casework_user AS w ON w.id = x.who
  LEFT JOIN casework_case AS k ON k.id = x.case_id
  LEFT JOIN casework_client AS c
    ON c.id = k.client_id AND (x.what = 'closed' OR EXISTS (SELECT FROM mine WHERE mine.case_id = x.case_id))
 ORDER BY x.at DESC, x.case_id, x.what, x.row
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    at: dt.datetime
    what: str
    who: str  # "" where the day did it
    number: str  # "" where it is about no case
    name: str  # "" where the reader is not responsible
    day: dt.date | None
    other: dt.date | None
    word: str


def moments(user_id: int, until: dt.datetime) -> dict[str, Any]:
    """What the statements ask for: whose, how far back at most, and up to when."""
    return {"user": user_id, "oldest": until - LastVisit.LONGEST, "until": until}


def read_news(user_id: int, until: dt.datetime, *, first: int = 0, limit: int) -> tuple[dt.datetime, bool, list[Event]]:
    """Since when, whether that was filed away, and what is new from the `first` one on, newest first."""
    with widened(Purpose.NEWS):
        rows = read(NEWS, {**moments(user_id, until), "first": first, "limit": limit})
    events = [
        Event(at, what, who or "", number or "", name or "", day, other, word)
        for _, _, at, what, who, number, name, day, other, word in rows
        if at is not None
    ]
    return rows[0][0], rows[0][1], events


STEPS = dict(FollowUpKind.choices)


def sentence(event: Event) -> str:
    """What happened, without a word of what it was about."""
    day = day_label(event.day) if event.day else ""
    other = day_label(event.other) if event.other else ""
    step, name = STEPS.get(event.word, ""), event.word
    onward = f", weiter am {other}" if other else ""
    span = f"vom {day} bis {other}" if other else f"ab {day} bis auf Weiteres"
    sentences: dict[str, Any] = {
        "contact": f"Gespräch vom {day} eingetragen{onward}",
        "missed": f"Eingetragen, dass der Termin am {day} nicht stattfand{onward}",
        "called_off": f"Termin am {day} von uns abgesagt{onward}",
        "withdrawn": f"Eintrag vom {day} als falsche Akte herausgenommen",
        "note": "Aktennotiz eingetragen",
        "addendum": "Nachtrag zu einem Eintrag geschrieben",
        "moved": f"{step} vom {day} auf {other} verschoben",
        "retimed": f"Uhrzeit am {day} geändert ({step})",
        "reworded": f"{step} am {day} anders benannt",
        "step": f"{step} am {day} gesetzt",
        "done": f"{step} vom {day} abgeschlossen{onward}",
        "handed": f"Von {name} übergeben: Sie sind zuständig",
        "assigned": "Aus dem Zugang zugeordnet: Sie sind zuständig",
        "imported": "Aus dem führenden Verfahren übernommen: Sie sind zuständig",
        "mine": "Für Sie eröffnet: Sie sind zuständig",
        "gone": f"Jetzt bei {name}",
        "closed": "Fall beendet",
        "coming": f"Übergabe {name} geplant: kommt am {day} zu Ihnen",
        "going": f"Übergabe {name} geplant für {day}",
        "accepted": f"Übergabe {name} zum {day} angenommen",
        "refused": f"Übergabe {name} zum {day} nicht angenommen",
        "taken_back": f"Übergabe {name} zum {day} zurückgenommen",
        "stand_in": f"Vertretung eingetragen: Sie vertreten {name} {span}",
        "stood_in": f"Vertretung eingetragen: {name} vertritt Sie {span}",
        "stand_in_began": f"Vertretung hat begonnen: Sie vertreten {name} {span}",
        "stood_in_began": f"Vertretung hat begonnen: {name} vertritt Sie {span}",
        "stand_in_ended": f"Vertretung ist zu Ende: Sie haben {name} vertreten ({span})",
        "stood_in_ended": f"Vertretung ist zu Ende: {name} hat Sie vertreten ({span})",
        "away": f"Ihre Abwesenheit {span} eingetragen",
    }
    return str(sentences[event.what])

"""Folgetermine of the own caseload and of those stood in for: as a page shows them, and as a calendar reads them.

Rights follow the substitution: what belongs to somebody who is absent is shown while one stands in, for the days on
which one does (domain.md 8). Dates of a group are Folgetermine too.
"""

import datetime as dt
from dataclasses import dataclass

from casework.enums import FollowUpKind
from jobcenter.platform.statements import read

REMEMBERED = dt.timedelta(days=60)  # so long a calendar is told that an appointment is off

# Whose cases: the own ones without a bound, those of who is absent today for the days of the substitution.
MINE = """
    SELECT a.case_id, a.counsellor_id, NULL::daterange AS days
      FROM casework_caseassignment AS a
     WHERE a.counsellor_id = %(user)s AND upper_inf(a.during)
    UNION ALL
    SELECT a.case_id, a.counsellor_id, s.during
      FROM casework_substitution AS s
      JOIN casework_caseassignment AS a ON a.counsellor_id = s.absent_user_id AND upper_inf(a.during)
     WHERE s.substitute_id = %(user)s AND s.during @> %(today)s::date
"""

APPOINTMENTS = f"""
WITH mine AS ({MINE})
SELECT f.id, f.due_on, f.starts_at, f.place, f.subject, c.number, p.family_name, p.given_name,
       CASE WHEN mine.counsellor_id = %(user)s THEN '' ELSE u.first_name || ' ' || u.last_name END
  FROM mine
  JOIN casework_followup AS f ON f.case_id = mine.case_id AND f.ended_at IS NULL
   AND f.kind = '{FollowUpKind.APPOINTMENT}'
   AND f.due_on BETWEEN %(first)s AND %(last)s AND (mine.days IS NULL OR mine.days @> f.due_on)
  JOIN casework_case AS c ON c.id = f.case_id
  JOIN casework_client AS p ON p.id = c.client_id
  JOIN casework_user AS u ON u.id = mine.counsellor_id
 ORDER BY f.starts_at, casework_fold(p.family_name), casework_fold(p.given_name), f.id
"""  # noqa: S608  (closed lists of this file)

# An appointment is off where it ended by anything but a conversation, or by one before its hour, or where its case has
# passed to somebody else before that hour. What the successor agreed on is no matter of whoever was responsible before.
CALLED_OFF = "(f.ended_by_contact_id IS NULL OR f.starts_at > f.ended_at)"

# Who stood in was told of the appointments on the days of the substitution. Those are off where its days became fewer,
# where the appointment moved out of them, was called off in that time, or went to somebody else with its case. What was
# agreed on after the substitution is none of theirs. `left_at`: when they stopped to be told; nothing while they are.
STOOD_IN = f"""
    SELECT f.id, f.case_id, true
      FROM (SELECT *, CASE WHEN NOT upper_inf(during)
                           THEN GREATEST(narrowed, upper(during)::timestamp AT TIME ZONE 'Europe/Berlin') END AS left_at
              FROM casework_substitution
             WHERE substitute_id = %(user)s AND lower(during) <= %(today)s::date) AS s
      JOIN casework_caseassignment AS a ON a.counsellor_id = s.absent_user_id
       AND a.during && tstzrange(lower(s.during)::timestamp AT TIME ZONE 'Europe/Berlin', s.left_at)
      JOIN casework_followup AS f ON f.case_id = a.case_id AND f.kind = '{FollowUpKind.APPOINTMENT}'
     WHERE (s.left_at IS NULL OR s.left_at >= %(since)s)
       AND f.created_at < COALESCE(LEAST(s.left_at, upper(a.during)), 'infinity')
       AND (s.widest @> f.due_on
            OR EXISTS (SELECT 1 FROM casework_followupchange AS moved
                        WHERE moved.follow_up_id = f.id AND s.widest @> moved.old_due_on
                          AND moved.at > lower(s.during)::timestamp AT TIME ZONE 'Europe/Berlin'
                          AND moved.at < COALESCE(s.left_at, 'infinity')))
       AND (NOT s.during @> f.due_on
            OR f.starts_at >= upper(a.during) AND f.created_at < upper(a.during)
            OR f.ended_at >= %(since)s AND f.ended_at < COALESCE(s.left_at, 'infinity') AND {CALLED_OFF})
"""  # noqa: S608  (closed lists of this file)

FEED = f"""
WITH mine AS ({MINE}), passed AS (
    SELECT a.case_id, max(upper(a.during)) AS at
      FROM casework_caseassignment AS a
     WHERE a.counsellor_id = %(user)s AND upper(a.during) >= %(since)s
       AND NOT EXISTS (SELECT 1 FROM casework_caseassignment AS b
                        WHERE b.case_id = a.case_id AND b.counsellor_id = %(user)s AND upper_inf(b.during))
     GROUP BY a.case_id
), found (id, case_id, is_off) AS (
    SELECT f.id, f.case_id, f.ended_at IS NOT NULL
      FROM mine
      JOIN casework_followup AS f ON f.case_id = mine.case_id AND f.kind = '{FollowUpKind.APPOINTMENT}'
     WHERE (mine.days IS NULL OR mine.days @> f.due_on)
       AND (f.ended_at IS NULL OR f.ended_at >= %(since)s AND {CALLED_OFF})
    UNION ALL
    SELECT f.id, f.case_id, true
      FROM passed
      JOIN casework_followup AS f ON f.case_id = passed.case_id AND f.kind = '{FollowUpKind.APPOINTMENT}'
     WHERE f.created_at < passed.at
       AND (f.starts_at >= passed.at AND (f.ended_at IS NULL OR f.ended_at >= passed.at)
            OR f.ended_at >= %(since)s AND f.ended_at <= passed.at AND {CALLED_OFF})
    UNION ALL
{STOOD_IN}
)
SELECT DISTINCT ON (found.id)
       found.id, f.starts_at, c.number, p.family_name, p.given_name, found.is_off,
       f.version + (SELECT count(*) FROM casework_caseassignment AS a
                     WHERE a.case_id = found.case_id AND lower(a.during) > f.created_at)
                 + (SELECT COALESCE(sum(1 + s.revision), 0) FROM casework_substitution AS s
                     WHERE s.substitute_id = %(user)s AND lower(s.during) <= %(today)s::date
                       AND EXISTS (SELECT 1 FROM casework_caseassignment AS a
                                    WHERE a.case_id = found.case_id AND a.counsellor_id = s.absent_user_id))
  FROM found
  JOIN casework_followup AS f ON f.id = found.id
  JOIN casework_case AS c ON c.id = found.case_id
  JOIN casework_client AS p ON p.id = c.client_id
 ORDER BY found.id, found.is_off
"""  # noqa: S608  (closed lists of this file)


@dataclass(frozen=True)
class Appointment:
    """One line of the calendar page; `for_whom` is the absent IFK for whom the reader stands in, or nothing."""

    id: int
    due_on: dt.date
    starts_at: dt.datetime
    place: str
    subject: str
    number: str
    family_name: str
    given_name: str
    for_whom: str

    @property
    def name(self) -> str:
        return f"{self.family_name}, {self.given_name}"


@dataclass(frozen=True)
class FeedEntry:
    """What leaves the house in a calendar: initials and case number, and no word of what it is about.

    `sequence` only ever grows: with the step's version, with each passing of its case to another IFK, and for who
    stands in with each beginning and each change of a substitution.
    """

    follow_up_id: int
    starts_at: dt.datetime
    number: str
    family_name: str
    given_name: str
    is_off: bool
    sequence: int


def read_appointments(user_id: int, first: dt.date, last: dt.date, today: dt.date) -> list[Appointment]:
    """Open Folgetermine of these days in the order of the clock; one statement."""
    params = {"user": user_id, "first": first, "last": last, "today": today}
    return [Appointment(*row) for row in read(APPOINTMENTS, params)]


def read_feed(user_id: int, now: dt.datetime, today: dt.date) -> list[FeedEntry]:
    """Each Folgetermin once, with those that were called off in the last 60 days; one statement."""
    params = {"user": user_id, "since": now - REMEMBERED, "today": today}
    return [FeedEntry(*row) for row in read(FEED, params)]

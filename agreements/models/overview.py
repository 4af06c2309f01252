"""Meine Vereinbarungen: the caseload as the concept steers it, by what was agreed (R4.3-3).

One statement however many cases. No sum, no order but the alphabet, nothing that describes a person (R4.3-6).
"""

import datetime as dt
from dataclasses import dataclass

from agreements.models.reviews import REVIEW
from jobcenter.platform.statements import read

# Whose caseload a user may see here: for whom they stand in today.
STOOD_IN_FOR = """
SELECT u.id, u.first_name || ' ' || u.last_name
  FROM casework_substitution AS s JOIN casework_user AS u ON u.id = s.absent_user_id
 WHERE s.substitute_id = %(user)s AND s.during @> %(day)s::date
 ORDER BY u.last_name, u.first_name, u.id
"""
_ROWS = """
WITH RECURSIVE mine AS MATERIALIZED (
    SELECT k.id, k.number, c.family_name, c.given_name, c.search_family, c.search_given
      FROM casework_caseassignment AS a
      JOIN casework_case AS k ON k.id = a.case_id AND k.closed_at IS NULL
      JOIN casework_client AS c ON c.id = k.client_id
     WHERE a.counsellor_id = %(counsellor)s AND upper_inf(a.during)
), standing AS MATERIALIZED (
    SELECT g.id, g.case_id, g.number, g.goal, g.rhythm, g.at, g.review_follow_up_id
      FROM mine JOIN agreements_agreement AS g ON g.case_id = mine.id
     WHERE g.superseded_at IS NULL AND g.withdrawn_at IS NULL
), {review}
SELECT mine.id, mine.number, mine.family_name, mine.given_name, g.number, g.goal, g.rhythm, g.at,
       step.kind, step.due_on, step.starts_at, back.due_on
  FROM mine
  LEFT JOIN standing AS g ON g.case_id = mine.id
  LEFT JOIN review ON review.agreement_id = g.id
  LEFT JOIN casework_followup AS back ON back.id = review.step_id
  LEFT JOIN LATERAL (SELECT f.kind, f.due_on, f.starts_at FROM casework_followup AS f
                      WHERE f.case_id = mine.id AND f.ended_at IS NULL
                      ORDER BY f.due_on, f.starts_at, f.id LIMIT 1) AS step ON true
 ORDER BY mine.search_family, mine.search_given, mine.id
"""
ROWS = _ROWS.format(review=REVIEW.format(which="SELECT id, case_id, review_follow_up_id FROM standing"))


@dataclass(frozen=True, slots=True)
class Row:
    """A case with its current agreement, or without one (`version` is None)."""

    case_id: int
    case_number: str
    family_name: str
    given_name: str
    version: int | None
    goal: str | None
    rhythm: str | None
    at: dt.datetime | None
    next_kind: str | None
    next_on: dt.date | None
    next_at: dt.datetime | None
    review_on: dt.date | None


def read_stood_in_for(user_id: int, day: dt.date) -> list[tuple[int, str]]:
    """For whom the user stands in on the day: id and name."""
    return [(int(pk), str(name)) for pk, name in read(STOOD_IN_FOR, {"user": user_id, "day": day})]


def read_overview(counsellor_id: int) -> list[Row]:
    """The open cases of an IFK with what was agreed in each, by name."""
    return [Row(*row) for row in read(ROWS, {"counsellor": counsellor_id})]

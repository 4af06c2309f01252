"""Heute: what has come by a handover, with the note of who gave it, until it is ticked "Gelesen"."""

import datetime as dt
from typing import Any

from django.utils import timezone

from jobcenter.platform.statements import read
from jobcenter.platform.workdays import day_label

SHOWN = 20

# Of the successor alone, and as long as they are responsible: what went on to somebody else is theirs to read.
# A case passes even where an appointment clashes that was made after the plan: that one is solved here.
TAKEN_OVER = """
WITH found AS MATERIALIZED (
    SELECT h.id, h.case_id, k.number, c.family_name, c.given_name, c.search_family, c.search_given,
           f.first_name || ' ' || f.last_name AS giver, h.carried_out_at, h.note, count(*) OVER () AS total
      FROM casework_casehandover AS h
      JOIN casework_caseassignment AS a ON a.id = h.assignment_id AND upper_inf(a.during)
      JOIN casework_case AS k ON k.id = h.case_id
      JOIN casework_client AS c ON c.id = k.client_id
      JOIN casework_user AS f ON f.id = h.from_counsellor_id
     WHERE h.to_counsellor_id = %(user)s AND h.carried_out_at IS NOT NULL AND h.seen_at IS NULL
     ORDER BY c.search_family, c.search_given, h.id LIMIT %(limit)s
)
SELECT h.id, h.number, h.family_name, h.given_name, h.giver, h.carried_out_at, h.note, clash.id, clash.starts_at,
       clash.away, h.total
  FROM found AS h
  LEFT JOIN LATERAL (
    SELECT s.id, s.starts_at, s.away FROM (
        SELECT f.id, f.starts_at,
               EXISTS (SELECT FROM casework_absence AS b
                        WHERE b.user_id = %(user)s AND b.during @> f.due_on) AS away,
               EXISTS (SELECT FROM casework_followup AS o
                         JOIN casework_caseassignment AS a ON a.case_id = o.case_id AND upper_inf(a.during)
                        WHERE o.due_on = f.due_on AND o.starts_at = f.starts_at AND o.ended_at IS NULL AND o.id <> f.id
                          AND a.counsellor_id = %(user)s) AS taken
          FROM casework_followup AS f
         WHERE f.case_id = h.case_id AND f.ended_at IS NULL AND f.starts_at > %(now)s
    ) AS s WHERE s.away OR s.taken ORDER BY s.starts_at, s.id LIMIT 1
  ) AS clash ON true
 ORDER BY h.search_family, h.search_given, h.id
"""


def taken_over(user_id: int) -> dict[str, Any]:
    """The first rows and how many there are, in one statement."""
    rows = read(TAKEN_OVER, {"user": user_id, "limit": SHOWN, "now": timezone.now()})
    return {
        "total": rows[0][-1] if rows else 0,
        "rows": [
            {
                "id": pk,
                "number": number,
                "name": f"{family}, {given}",
                "file_url": f"/faelle/{number}/",
                "from": giver,
                "when": f"{timezone.localtime(at):%d.%m.%Y}",
                "note": note,
                "clash": _clash(starts_at, away) if starts_at else "",
                "clash_url": f"/faelle/{number}/schritte/{step}/aendern/" if starts_at else "",
            }
            for pk, number, family, given, giver, at, note, step, starts_at, away, _ in rows
        ],
    }


def _clash(starts_at: dt.datetime, away: bool) -> str:
    start = timezone.localtime(starts_at)
    why = "an diesem Tag sind Sie abwesend" if away else "um diese Zeit haben Sie noch einen Termin"
    return f"{day_label(start.date())} {start:%H:%M}: {why}"

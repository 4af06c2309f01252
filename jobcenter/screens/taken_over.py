"""Heute: what has come by a handover, with the note of who gave it, until it is ticked "Gelesen"."""

from typing import Any

from django.utils import timezone

from jobcenter.platform.statements import read

SHOWN = 20

# Of the successor alone, and as long as they are responsible: what went on to somebody else is theirs to read.
TAKEN_OVER = """
SELECT h.id, k.number, c.family_name, c.given_name, f.first_name || ' ' || f.last_name, h.carried_out_at, h.note,
       count(*) OVER ()
  FROM casework_casehandover AS h
  JOIN casework_caseassignment AS a ON a.id = h.assignment_id AND upper_inf(a.during)
  JOIN casework_case AS k ON k.id = h.case_id
  JOIN casework_client AS c ON c.id = k.client_id
  JOIN casework_user AS f ON f.id = h.from_counsellor_id
 WHERE h.to_counsellor_id = %(user)s AND h.carried_out_at IS NOT NULL AND h.seen_at IS NULL
 ORDER BY c.search_family, c.search_given, h.id LIMIT %(limit)s
"""


def taken_over(user_id: int) -> dict[str, Any]:
    """The first rows and how many there are, in one statement."""
    rows = read(TAKEN_OVER, {"user": user_id, "limit": SHOWN})
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
            }
            for pk, number, family, given, giver, at, note, _ in rows
        ],
    }

"""What has changed about offers that people chose, for whoever works on their cases (Heute)."""

import datetime as dt
from typing import NamedTuple

from jobcenter.platform.statements import read
from offers.enums import TOLD

LONGEST = 200  # events read at most; a Heute with more is no list any more

# The cases are those on which the user acts: own ones, those of taking part, those stood in for today. Told is what
# happened after the choice and after the user's office has last looked, whoever of it did.
CHANGES = """
SELECT c.id, k.number, p.family_name, p.given_name, o.id, latest.name, e.kind, e.at, o.notice
  FROM offers_offerchoice AS c
  JOIN casework_case AS k ON k.id = c.case_id AND k.closed_at IS NULL
  JOIN casework_client AS p ON p.id = k.client_id
  JOIN offers_offer AS o ON o.id = c.offer_id
  JOIN offers_offerevent AS e ON e.offer_id = c.offer_id AND e.kind = ANY(%(told)s::text[])
                             AND e.at > greatest(c.at, c.changes_seen_at)
 CROSS JOIN LATERAL (SELECT v.name FROM offers_offerversion AS v
                      WHERE v.offer_id = o.id AND v.published_at IS NOT NULL
                      ORDER BY v.number DESC LIMIT 1) AS latest
 WHERE c.case_id = ANY(ARRAY(SELECT casework_acting_cases(%(user)s, %(now)s)))
   AND c.withdrawn_at IS NULL AND c.ended_at IS NULL
 ORDER BY e.at DESC, e.id DESC, c.id LIMIT %(limit)s
"""


class Change(NamedTuple):
    """One thing that happened to one chosen offer."""

    choice_id: int
    case_number: str
    family_name: str
    given_name: str
    offer_id: int
    offer_name: str
    kind: str
    at: dt.datetime
    notice: str


def read_changes(user_id: int, now: dt.datetime) -> list[Change]:
    """Events of chosen offers that nobody has ticked off yet, newest first; one statement."""
    params = {"user": user_id, "now": now, "told": [str(kind) for kind in TOLD], "limit": LONGEST}
    return [Change(*row) for row in read(CHANGES, params)]

# ruff: noqa: S608
# Every statement here is put together from names of this room alone; nothing comes from outside.
"""What a case has chosen, as its file shows it: one statement however long the history (design.md 8)."""

import datetime as dt
from dataclasses import dataclass

from jobcenter.platform.statements import read
from offers.models.state import NAME

# The last ones that are over; the Verlauf holds them all.
MOST_ENDED = 6

# What a withdrawn conversation chose was never chosen in this case ("Falsche Akte").
CHOICES = f"""
SELECT c.id, c.offer_id, coalesce({NAME.format(offer="c.offer_id")}, ''), c.immediate, c.at, c.ended_at,
       coalesce(i.text, ''),
       p.planned_from, p.planned_until, p.started_on, p.ended_on, coalesce(r.own_words, '')
  FROM (SELECT * FROM (
          SELECT *, row_number() OVER (PARTITION BY ended_at IS NULL ORDER BY ended_at DESC, at DESC, id DESC) AS place
            FROM offers_offerchoice WHERE case_id = %(case)s AND withdrawn_at IS NULL) AS every
         WHERE ended_at IS NULL OR place <= %(most)s) AS c
  JOIN casework_contact AS k ON k.id = c.contact_id AND k.withdrawn_at IS NULL
  LEFT JOIN offers_participation AS p ON p.choice_id = c.id
  LEFT JOIN LATERAL (SELECT text FROM offers_intentversion
                      WHERE choice_id = c.id AND text <> '' ORDER BY number DESC LIMIT 1) AS i ON true
  LEFT JOIN LATERAL (SELECT own_words FROM offers_participationoutcome
                      WHERE choice_id = c.id AND own_words <> '' ORDER BY at DESC, id DESC LIMIT 1) AS r ON true
 ORDER BY c.ended_at DESC NULLS FIRST, c.at DESC, c.id DESC
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen offer that was not taken back; standing ones come first."""

    id: int
    offer_id: int
    name: str
    immediate: bool
    at: dt.datetime
    ended_at: dt.datetime | None
    intent: str
    planned_from: dt.date | None
    planned_until: dt.date | None
    started_on: dt.date | None
    ended_on: dt.date | None
    own_words: str  # what came of it, told last


def read_choices(case_id: int) -> list[Chosen]:
    """What was chosen and not taken back, standing choices first, then the last ones that are over."""
    return [Chosen(*row) for row in read(CHOICES, {"case": case_id, "most": MOST_ENDED})]

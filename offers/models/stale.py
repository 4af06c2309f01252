"""Offers that are about to say what holds no more, so that project management asks the Träger in time (R4.4-5)."""

import datetime as dt
from typing import NamedTuple

from jobcenter.platform.statements import read

BEFORE_END = 30  # days before `valid_to`
ASSURED_FOR = 5  # months: one is left to ask before the six are over

STALE = """
SELECT o.id, v.name, v.valid_to, o.assured_on,
       v.valid_to <= %(today)s::date + %(before)s::integer AS ends,
       o.assured_on IS NULL OR o.assured_on < (%(today)s::date - make_interval(months => %(months)s::integer))::date
           AS unassured
  FROM offers_offer AS o
  JOIN offers_offerversion AS v ON v.offer_id = o.id AND v.published_at IS NOT NULL AND v.superseded_at IS NULL
 WHERE o.withdrawn_at IS NULL
   AND (v.valid_to <= %(today)s::date + %(before)s::integer
        OR o.assured_on IS NULL
        OR o.assured_on < (%(today)s::date - make_interval(months => %(months)s::integer))::date)
 ORDER BY v.valid_to, o.id
"""


class StaleOffer(NamedTuple):
    """A published offer that ends soon or has ended, or that nobody has assured for months; or both."""

    offer_id: int
    name: str
    valid_to: dt.date
    assured_on: dt.date | None
    ends: bool
    unassured: bool


def stale_offers(today: dt.date) -> list[StaleOffer]:
    """Published, not withdrawn, and to be renewed or assured now; what ends first stands first."""
    params = {"today": today, "before": BEFORE_END, "months": ASSURED_FOR}
    return [StaleOffer(*row) for row in read(STALE, params)]


def count_stale(today: dt.date) -> int:
    return len(stale_offers(today))

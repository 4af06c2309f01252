"""How often offers are chosen: for project management, per offer and half-year, and by nothing else (R4.4-6).

There is no figure by IFK, team, area or case here, and no sum from which one could be found: adding a dimension breaks
the promise of the concept. Small numbers never leave the database. A half-year that runs is counted to the end of its
last full month, so that nobody can watch a single choice arrive.
"""

import datetime as dt
from typing import NamedTuple

from django.utils import timezone

from jobcenter.platform.statements import read

HALF_YEARS = 6  # shown at most
SMALL = 5  # a number below it could tell of a person

# Who chose an offer twice in a half-year is one person. What was taken back later was chosen all the same: else each
# withdrawal would show. A conversation that belonged to another file never took place in this one.
USE = """
WITH shown AS (
    SELECT v.offer_id, h.begins::date AS begins
      FROM (SELECT offer_id, min(published_at) AT TIME ZONE 'Europe/Berlin' AS since
              FROM offers_offerversion WHERE published_at IS NOT NULL GROUP BY offer_id) AS v
     CROSS JOIN generate_series(%(first)s::timestamp, %(today)s::timestamp, interval '6 months') AS h(begins)
     WHERE v.since < h.begins + interval '6 months'
), chosen AS (
    SELECT c.offer_id, b.begins, count(DISTINCT k.client_id) AS people
      FROM offers_offerchoice AS c
      JOIN casework_contact AS t ON t.id = c.contact_id AND t.withdrawn_at IS NULL
      JOIN casework_case AS k ON k.id = c.case_id
     CROSS JOIN LATERAL (SELECT c.at AT TIME ZONE 'Europe/Berlin' AS at) AS local
     CROSS JOIN LATERAL (
         SELECT make_date(extract(year FROM local.at)::int,
                          CASE WHEN extract(month FROM local.at) <= 6 THEN 1 ELSE 7 END, 1) AS begins) AS b
     WHERE local.at >= %(first)s::date AND local.at < %(until)s::date
     GROUP BY c.offer_id, b.begins
)
SELECT s.offer_id, latest.name,
       to_char(s.begins, 'YYYY') || CASE WHEN extract(month FROM s.begins) = 1 THEN '-1' ELSE '-2' END,
       CASE WHEN s.begins >= %(until)s::date THEN 'noch keine Zahl'
            WHEN coalesce(c.people, 0) = 0 THEN 'nicht gewählt'
            WHEN c.people < %(small)s THEN 'unter ' || %(small)s::text
            ELSE c.people::text END
  FROM shown AS s
  LEFT JOIN chosen AS c ON c.offer_id = s.offer_id AND c.begins = s.begins
 CROSS JOIN LATERAL (SELECT v.name FROM offers_offerversion AS v
                      WHERE v.offer_id = s.offer_id AND v.published_at IS NOT NULL
                      ORDER BY v.number DESC LIMIT 1) AS latest
 ORDER BY casework_fold(latest.name), s.offer_id, s.begins DESC
"""


class Use(NamedTuple):
    """One offer in one half-year: "nicht gewählt", "unter 5", or the number of people who chose it."""

    offer_id: int
    name: str
    half_year: str  # 2026-2
    figure: str


def read_use(today: dt.date | None = None) -> list[Use]:
    """The figures by offer, newest half-year first; one statement."""
    today = today or timezone.localdate()
    params = {"first": _first_shown(today), "today": today, "until": today.replace(day=1), "small": SMALL}
    return [Use(*row) for row in read(USE, params)]


def counted_until(today: dt.date) -> dt.date:
    """The last day that counts: the end of the last full month."""
    return today.replace(day=1) - dt.timedelta(days=1)


def _first_shown(today: dt.date) -> dt.date:
    """The first day of the earliest half-year that is shown."""
    halves = today.year * 2 + (today.month > 6) - (HALF_YEARS - 1)
    return dt.date(halves // 2, 7 if halves % 2 else 1, 1)

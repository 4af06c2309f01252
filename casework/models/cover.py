"""Where nobody who is there stands in: what a substitution leaves open, said in sentences and never a refusal.

A substitute may be absent too, may work on none of the days, or there is none at all (domain.md 8). The lead is told of
what is due then; whoever enters the absence is told now.
"""

import datetime as dt
from collections.abc import Iterable

from jobcenter.platform.statements import read

# Absence, what is missing, who stands in, from, to (not included). From today on: the past is nobody's matter any more.
GAPS = """
WITH asked AS (
    SELECT a.id, a.user_id, a.during * daterange(%(today)s::date, NULL) AS rest
      FROM casework_absence AS a
     WHERE a.id = ANY(%(absences)s) AND NOT isempty(a.during * daterange(%(today)s::date, NULL))
), covered AS (
    SELECT asked.id, asked.user_id, s.substitute_id, s.during * asked.rest AS days,
           w.first_name || ' ' || w.last_name AS name, w.is_active
      FROM asked
      JOIN casework_substitution AS s ON s.absence_id = asked.id AND s.during && asked.rest
      JOIN casework_user AS w ON w.id = s.substitute_id
)
SELECT asked.id, CASE WHEN c.days IS NULL THEN 'nobody' ELSE 'some' END, '', NULL::date, NULL::date
  FROM asked LEFT JOIN LATERAL (
      SELECT range_agg(covered.days) AS days FROM covered WHERE covered.id = asked.id
  ) AS c ON true
 WHERE c.days IS NULL OR NOT c.days @> asked.rest
UNION ALL
SELECT c.id, 'inactive', c.name, NULL, NULL FROM covered AS c WHERE NOT c.is_active
UNION ALL
SELECT c.id, 'away', c.name, lower(b.during * c.days), upper(b.during * c.days)
  FROM covered AS c JOIN casework_absence AS b ON b.user_id = c.substitute_id AND b.during && c.days
UNION ALL
SELECT c.id, 'never', c.name, NULL, NULL
  FROM covered AS c CROSS JOIN LATERAL (
      SELECT count(*) AS days, count(*) FILTER (WHERE casework_works_on(c.substitute_id, d::date)) AS there
        FROM generate_series(lower(c.days)::timestamp,
                             least(coalesce(upper(c.days) - 1, 'infinity'), lower(c.days) + 60)::timestamp,
                             '1 day') AS d
       WHERE extract(isodow FROM d) < 6 AND casework_works_on(c.user_id, d::date)
  ) AS week
 WHERE week.days > 0 AND week.there = 0
 ORDER BY 1, 4 NULLS FIRST, 2, 3
"""


def read_gaps(absence_ids: Iterable[int], today: dt.date) -> dict[int, list[str]]:
    """Absence -> sentences about days on which nobody who is there stands in; one statement for all of them."""
    found: dict[int, list[str]] = {}
    for absence_id, what, name, first, end in read(GAPS, {"absences": list(absence_ids), "today": today}):
        found.setdefault(absence_id, []).append(_sentence(what, name, first, end))
    return found


def _sentence(what: str, name: str, first: dt.date | None, end: dt.date | None) -> str:
    if what == "nobody":
        return "Es steht niemand ein. Was an die Reihe kommt, wird der Teamleitung gesagt."
    if what == "some":
        return "Nicht an allen Tagen steht jemand ein."
    if what == "inactive":
        return f"Das Konto von {name} ist nicht mehr aktiv."
    if what == "never":
        return f"{name} arbeitet an keinem dieser Tage."
    return f"{name} ist auch abwesend: {period_label(first, end)}."


def period_label(first: dt.date | None, end: dt.date | None) -> str:
    """`vom 24.11. bis 26.11.2026`; `end` is the first day after it, None: without an end."""
    begin = f"{first:%d.%m.%Y}" if first else ""
    if end is None:
        return f"ab {begin}, bis auf Weiteres"
    last = end - dt.timedelta(days=1)
    return f"am {begin}" if last == first else f"vom {begin} bis {last:%d.%m.%Y}"


def until_label(end: dt.date | None) -> str:
    """`bis 26.11.2026` or `bis auf Weiteres`; `end` is the first day after it."""
    return f"bis {end - dt.timedelta(days=1):%d.%m.%Y}" if end else "bis auf Weiteres"

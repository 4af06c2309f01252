"""Search in the catalogue: what is published, valid and not withdrawn, in German, tolerant of spelling (R4.4-4).

`read_offers` is one statement. It knows nothing of any person, and ranks by words alone: nothing here recommends an
offer (R3.2-3). `describe` says what one offer says.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from jobcenter.platform.statements import read
from offers.enums import Language
from offers.models.description import describe, plain, read_words

__all__ = ["ANY_TIME", "STARTS", "Found", "Hit", "describe", "read_offers", "read_words"]

ANY_TIME = "jederzeit"
STARTS = {ANY_TIME: "jederzeit", "4": "in den nächsten 4 Wochen", "12": "in den nächsten 3 Monaten"}
LONGEST_TERM = 80
# Everything here is in German: the word would find the whole catalogue instead of the German courses.
NAMED_LANGUAGES = [(code, label) for code, label in Language.choices if code != Language.GERMAN]

# The words of the term, folded as the texts are: with stem and query, with the lists that a word names, and with what
# is meant where somebody wrote e for ä (Nehen). A word counts by where it stands: name, provider, text; a stem or a
# list of the house counts less. An offer is found when it has every word. Only when none has, those words of the
# catalogue are looked for that are spelt most alike.
FOUND = """
WITH words AS MATERIALIZED (
    SELECT w.word, plainto_tsquery('pg_catalog.german', w.word) AS query,
           (ts_lexize('pg_catalog.german_stem', w.word))[1] AS stem,
           ARRAY(SELECT (ts_lexize('pg_catalog.german_stem', overlay(w.word PLACING 'a' FROM i)))[1]
                   FROM generate_series(1, length(w.word)) AS i
                  WHERE substr(w.word, i, 1) = 'e' AND length(w.word) > 3) AS meant,
           ARRAY(SELECT s.code::text FROM offers_supportkind AS s
                  WHERE length(w.word) > 3 AND position(w.word IN casework_fold(s.text)) > 0) AS supports,
           ARRAY(SELECT a.id FROM agreements_socialspace AS a
                  WHERE length(w.word) > 3 AND position(w.word IN casework_fold(a.name)) > 0) AS areas,
           ARRAY(SELECT n.code FROM unnest(%(codes)s::text[], %(labels)s::text[]) AS n (code, label)
                  WHERE length(w.word) > 3 AND starts_with(casework_fold(n.label), w.word)) AS languages
      FROM (SELECT DISTINCT word FROM regexp_split_to_table(casework_fold(%(term)s::text), ' ') AS word
             WHERE word <> '' LIMIT 8) AS w
), makers AS MATERIALIZED (
    SELECT id, name, casework_fold(name) AS folded FROM offers_provider
), listed AS MATERIALIZED (
    SELECT v.id, v.search_text, v.search_vector, v.supports::text[] AS supports, v.areas,
           v.languages::text[] AS languages, ' ' || left(v.search_text, length(v.name)) AS title,
           m.name AS maker, m.folded AS folded_maker
      FROM offers_offerversion AS v
      JOIN offers_offer AS o ON o.id = v.offer_id AND o.withdrawn_at IS NULL
      JOIN makers AS m ON m.id = o.provider_id
     WHERE v.published_at IS NOT NULL AND v.superseded_at IS NULL
       AND %(day)s::date BETWEEN v.valid_from AND v.valid_to
       AND (cardinality(%(supports)s::text[]) = 0 OR v.supports::text[] && %(supports)s::text[])
       AND (cardinality(%(areas)s::bigint[]) = 0 OR v.areas && %(areas)s::bigint[])
       AND (%(language)s::text = '' OR v.languages::text[] @> ARRAY[%(language)s::text])
       AND (%(until)s::date IS NULL OR v.any_time
            OR EXISTS (SELECT FROM unnest(v.start_dates) AS d WHERE d BETWEEN %(day)s::date AND %(until)s::date))
       AND (NOT %(any_time)s::boolean OR v.any_time)
), scored AS MATERIALIZED (
    SELECT l.*, g.asked = g.known AS whole, g.weight
      FROM listed AS l CROSS JOIN LATERAL (
          SELECT count(*) AS asked, count(each.weight) AS known, coalesce(sum(each.weight), 0)::float8 AS weight
            FROM (SELECT CASE WHEN position(w.word IN l.title) > 0 THEN 4.0
                              WHEN position(w.word IN l.folded_maker) > 0 THEN 3.0
                              WHEN position(w.word IN l.search_text) > 0 THEN 2.0
                              WHEN l.search_vector @@ w.query THEN 1.0
                              WHEN length(w.stem) > 2 AND position(' ' || w.stem IN l.title) > 0 THEN 1.0
                              WHEN l.supports && w.supports OR l.areas && w.areas OR l.languages && w.languages THEN 0.5
                              WHEN numnode(w.query) = 0 THEN 0.0
                          END + 3 * ts_rank(l.search_vector, w.query) AS weight
                    FROM words AS w) AS each) AS g
), lexicon AS MATERIALIZED (
    SELECT x.word, (ts_lexize('pg_catalog.german_stem', x.word))[1] AS lexeme, bool_or(x.titled) AS titled
      FROM (SELECT string_to_table(title, ' ') AS word, true AS titled FROM listed
            UNION ALL
            SELECT string_to_table(search_text, ' '), false FROM listed) AS x
     WHERE length(x.word) > 2 AND NOT EXISTS (SELECT FROM scored WHERE whole)
     GROUP BY x.word
), near AS MATERIALIZED (
    SELECT word, string_agg('''' || lexeme || '''', ' | ')::tsquery AS query
      FROM (SELECT w.word, x.lexeme, s.likeness, max(s.likeness) OVER (PARTITION BY w.word) AS most
              FROM lexicon AS x CROSS JOIN words AS w
             CROSS JOIN LATERAL (
                 SELECT CASE WHEN x.lexeme = ANY (w.meant) OR x.titled AND EXISTS (
                                  SELECT FROM unnest(w.meant) AS m WHERE length(m) > 2 AND starts_with(x.lexeme, m))
                             THEN 1.0 ELSE word_similarity(w.word, x.word) END AS likeness OFFSET 0) AS s
             WHERE s.likeness >= CASE WHEN length(w.word) < 6 THEN %(short_floor)s::float8 ELSE %(floor)s::float8 END
           ) AS alike
     WHERE likeness >= most - %(window)s::float8 AND lexeme <> '' GROUP BY word
), alike AS MATERIALIZED (
    SELECT l.id, l.maker, l.title, g.weight
      FROM listed AS l CROSS JOIN LATERAL (
          SELECT count(*) AS asked, count(each.weight) AS known, sum(each.weight)::float8 AS weight
            FROM (SELECT CASE WHEN position(w.word IN l.search_text) > 0 OR l.search_vector @@ w.query THEN 2.0
                              WHEN numnode(w.query) = 0 THEN 0.0
                              WHEN l.search_vector @@ n.query THEN ts_rank(l.search_vector, n.query)
                              WHEN word_similarity(w.word, l.folded_maker) >= %(floor)s::float8 THEN 0.5
                          END AS weight
                    FROM words AS w LEFT JOIN near AS n ON n.word = w.word) AS each) AS g
     WHERE g.asked = g.known AND NOT EXISTS (SELECT FROM scored WHERE whole)
), best AS (
    SELECT found.*, count(*) OVER () AS total
      FROM (SELECT id, maker, title, weight, false AS near FROM scored WHERE whole
            UNION ALL
            SELECT id, maker, title, weight, true FROM alike) AS found
     ORDER BY weight DESC, title, id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT best.total, best.near, o.id, v.name, best.maker, left(v.support, 600), v.supports, v.areas, v.languages,
       v.start_dates, v.any_time, left(v.start, 200), v.duration, o.possible, o.notice
  FROM best JOIN offers_offerversion AS v ON v.id = best.id JOIN offers_offer AS o ON o.id = v.offer_id
 ORDER BY best.weight DESC, best.title, best.id
"""
FLOOR, SHORT_FLOOR = 0.5, 0.6  # below it, strangers' words appear; a short word is soon like any other
WINDOW = 0.25  # beside the word that is most alike, these are meant as well


class Hit(NamedTuple):
    """One row of the catalogue."""

    offer_id: int
    name: str
    provider: str
    support: str
    supports: list[str]
    areas: list[int]
    languages: list[str]
    start_dates: list[dt.date]
    any_time: bool
    start: str
    duration: str
    possible: bool
    notice: str


class Found(NamedTuple):
    """A page of hits, and how many there are; `alike`: nothing is spelt like that, these are spelt nearly so."""

    total: int
    alike: bool
    hits: list[Hit]


def read_offers(
    term: str = "",
    *,
    supports: Sequence[str] = (),
    areas: Sequence[int] = (),
    start: str = "",
    language: str = "",
    limit: int = 30,
    offset: int = 0,
    today: dt.date | None = None,
) -> Found:
    """Offers of the catalogue that answer the term and the filters; a blank term lists all of them by name."""
    today = today or timezone.localdate()
    weeks = int(start) if start.isdecimal() and start in STARTS else None
    params: dict[str, Any] = {
        "term": term[:LONGEST_TERM],
        "codes": [code for code, _ in NAMED_LANGUAGES],
        "labels": [label for _, label in NAMED_LANGUAGES],
        "supports": list(supports),
        "areas": list(areas),
        "language": language,
        "any_time": start == ANY_TIME,
        "day": today,
        "until": today + dt.timedelta(weeks=weeks) if weeks else None,
        "floor": FLOOR,
        "short_floor": SHORT_FLOOR,
        "window": WINDOW,
        "limit": limit,
        "offset": offset,
    }
    rows = read(FOUND, params)
    if not rows:
        return Found(0, False, [])
    hits = [Hit(row[2], plain(row[3]), plain(row[4]), *row[5:]) for row in rows]
    return Found(rows[0][0], rows[0][1], hits)

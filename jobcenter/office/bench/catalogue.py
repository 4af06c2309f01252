"""The catalogue of the office that is measured: at least 600 offers, with every rule switched on."""

from collections.abc import Callable
from typing import Any

from jobcenter.office.bench.client import Session
from jobcenter.office.bench.office import query

OFFERS = 600
MOST_STATEMENTS = 6
PATH = "/angebote/"
# What is typed: a part of many compounds, and a word that is spelt so nowhere.
TYPED, MISSPELT = "werkstatt", "Bewrbung"

STANDING = """
SELECT count(*) FROM offers_offerversion AS v JOIN offers_offer AS o ON o.id = v.offer_id AND o.withdrawn_at IS NULL
 WHERE v.published_at IS NOT NULL AND v.superseded_at IS NULL
   AND (now() AT TIME ZONE 'Europe/Berlin')::date BETWEEN v.valid_from AND v.valid_to
"""

# Written by one account, reviewed by another; forty providers. Each text is put together from sentences in an order of
# its own, so that letters and words are spread as they are in descriptions.
FILL = """
WITH people AS (
    SELECT min(id) AS writer, max(id) AS second FROM casework_user
), makers AS (
    INSERT INTO offers_provider (uid, name, about, address, website, email, phone, created_by_id)
    SELECT gen_random_uuid(), 'Werkhof Messung ' || n, '', '', '', '', '', people.writer
      FROM people CROSS JOIN generate_series(1, 40) AS n RETURNING id
), numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM makers
), made AS (
    INSERT INTO offers_offer (uid, provider_id, immediate, possible, notice, assured_by, created_by_id)
    SELECT gen_random_uuid(), numbered.id, false, n %% 7 > 0, '', '', people.writer
      FROM people CROSS JOIN generate_series(1, %(count)s::int) AS g JOIN numbered ON numbered.n = 1 + g %% 40
    RETURNING id
), lists AS (
    SELECT %(names)s::text[] AS names, %(sentences)s::text[] AS sentences,
           ARRAY(SELECT code FROM offers_supportkind ORDER BY position) AS kinds,
           ARRAY(SELECT id FROM agreements_socialspace ORDER BY position, name) AS areas,
           (SELECT min(id) FROM offers_fundingbody) AS body, (SELECT min(id) FROM offers_offerlegalbasis) AS basis
), worded AS (
    SELECT made.id, lists.*, (SELECT array_agg(said ORDER BY part) FROM (
               SELECT part, string_agg(lists.sentences[1 + (made.id * (part + 2) + k * (part + made.id %% 5 + 1))
                                                       %% cardinality(lists.sentences)], ' ' ORDER BY k) AS said
                 FROM generate_series(1, 5) AS part CROSS JOIN generate_series(1, 4) AS k GROUP BY part) AS t) AS text
      FROM made CROSS JOIN lists
)
INSERT INTO offers_offerversion (
    offer_id, number, name, support, supports, purpose, course, place, areas, start, start_dates, any_time, duration,
    hours_per_week, languages, accessibility, bring, requirements, funding_body_id, legal_basis_id, joining, valid_from,
    valid_to, author_id, writers, created_by_id, review_note, submitted_at, submitted_by_id, reviewed_at,
    reviewed_by_id, published_at, published_by_id)
SELECT w.id, 1, w.names[1 + w.id %% cardinality(w.names)] || ' ' || w.id, w.text[1],
       ARRAY[w.kinds[1 + w.id %% cardinality(w.kinds)]], w.text[2], w.text[3], w.text[4],
       ARRAY[w.areas[1 + w.id %% cardinality(w.areas)]], '', ARRAY[]::date[], true, 'drei Monate', 20,
       ARRAY['de', CASE w.id %% 3 WHEN 0 THEN 'ar' WHEN 1 THEN 'uk' ELSE 'tr' END], 'Ebenerdig', 'Nichts',
       'Leistungen nach dem SGB II', w.body, w.basis, w.text[5], current_date - 30, current_date + 300,
       p.writer, ARRAY[p.writer], p.writer, '', now(), p.writer, now(), p.second, now(), p.second
  FROM worded AS w CROSS JOIN people AS p
"""
NAMES = [
    "Holzwerkstatt",
    "Bewerbungstraining",
    "Nähwerkstatt",
    "Küche und Service",
    "Deutsch am Abend",
    "Gartenbau",
    "Computer im Alltag",
    "Gabelstaplerschein",
    "Fahrradwerkstatt",
    "Kinder und Arbeit",
    "Metallwerkstatt",
    "Lager und Versand",
]
SENTENCES = [
    "Sie bauen unter Anleitung ein eigenes Stück aus Holz und lernen die Maschinen kennen.",
    "Wir schreiben gemeinsam Bewerbungen, üben Gespräche und suchen Stellen in der Nähe.",
    "Gemeinsam nähen, ändern und flicken, mit Pausen und Kaffee.",
    "Kochen für dreißig Gäste, bedienen, spülen und den Einkauf planen.",
    "Deutsch sprechen im Alltag, am Telefon und bei Behörden.",
    "Computer, Tabellen, E-Mail und sicheres Bezahlen im Internet.",
    "Montag bis Donnerstag von acht bis dreizehn Uhr, freitags ein Gespräch mit der Anleitung.",
    "In kleinen Gruppen, in eigenem Tempo, mit Zeit für Fragen.",
    "Herausfinden, was einem liegt und was man einem Betrieb davon zeigen kann.",
    "Beete anlegen, Sträucher schneiden, Häuser begrünen.",
    "Fahrräder prüfen, Bremsen einstellen, Laufräder zentrieren.",
    "Mit dem Bus bis zum Bahnhof, von dort sind es fünf Minuten zu Fuß.",
    "Nach einem Anruf vereinbaren wir einen Vormittag zum Anschauen.",
    "Wer Kinder mitbringen muss, sagt es vorher; es gibt einen Raum dafür.",
    "Am Ende steht eine Bescheinigung, die beschreibt, was Sie gemacht haben.",
    "Schweißen, feilen und bohren an einfachen Werkstücken.",
    "Waren annehmen, buchen, verpacken und verschicken.",
]


def fill_catalogue() -> int:
    """Bring the catalogue of this run to its size, as far as the demonstration has fewer; how many there are."""
    [(standing,)] = query(STANDING)
    if standing < OFFERS:
        query(FILL, filling(OFFERS - standing))
        [(standing,)] = query(STANDING)
    return int(standing)


def filling(count: int) -> dict[str, Any]:
    return {"count": count, "names": NAMES, "sentences": SENTENCES}


def searching(term: str) -> Callable[[Session], bytes]:
    """The whole page with hits; by GET, because nothing of a person is in it."""
    return lambda session: session.get(f"{PATH}?q={term}&art=&raum=&beginn=&sprache=")

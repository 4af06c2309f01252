"""Search over name, case number and birth date, tolerant of spelling; it adds the ground of each hit.

`read_hits` is the search as you type, flat and in one statement; `annotate_hits` narrows any cases by a name alike.
"""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case as When_
from django.db.models import CharField, F, Q, TextField, Value, When
from django.db.models.functions import Concat, Greatest

from casework.models.clients import fold
from jobcenter.platform.statements import read

if TYPE_CHECKING:
    from casework.models.cases import CaseQuerySet

NUMBER = re.compile(r"^(?:f\s*-?\s*)?(?:(\d{2})\s*-\s*)?(\d{1,9})$", re.IGNORECASE)
BIRTH_DATE = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
SIMILARITY_FLOOR = 0.45  # below it, strangers' names appear for a short term

# Cases that the user sees in lists and that answer the term; with the next open step and whoever is responsible. The
# term is folded once, and the names of the cases are compared before anything else is read of them.
HITS = """
WITH asked AS MATERIALIZED (SELECT casework_fold(%(term)s) AS term),
seen AS MATERIALIZED (SELECT casework_visible_cases(%(user)s, %(now)s) AS id),
named AS MATERIALIZED (
    SELECT k.id, k.number, k.closed_at, c.family_name, c.given_name, c.birth_date, c.search_family, c.search_given,
           c.search_given || ' ' || c.search_family AS whole, c.search_family || ' ' || c.search_given AS turned,
           CASE WHEN c.preferred_name = '' THEN '' ELSE casework_fold(c.preferred_name) END AS preferred
      FROM seen JOIN casework_case AS k ON k.id = seen.id JOIN casework_client AS c ON c.id = k.client_id
), ranked AS MATERIALIZED ({ranked}
), found AS MATERIALIZED (
    SELECT * FROM ranked ORDER BY rank DESC, search_family, search_given, id LIMIT %(limit)s
)
SELECT found.id, found.number, found.family_name, found.given_name, found.birth_date, step.due_on, step.kind,
       lead.id, lead.first_name, lead.last_name, found.closed_at, found.why
  FROM found
  LEFT JOIN LATERAL (SELECT f.due_on, f.kind FROM casework_followup AS f
                      WHERE f.case_id = found.id AND f.ended_at IS NULL
                      ORDER BY f.due_on, f.starts_at, f.id LIMIT 1) AS step ON true
  LEFT JOIN LATERAL (SELECT u.id, u.first_name, u.last_name
                       FROM casework_caseassignment AS a JOIN casework_user AS u ON u.id = a.counsellor_id
                      WHERE a.case_id = found.id AND upper_inf(a.during) LIMIT 1) AS lead ON true
 ORDER BY found.rank DESC, found.search_family, found.search_given, found.id
"""
BY_BIRTH_DATE = """
    SELECT *, 1.0::float8 AS rank, 'Geburtsdatum' AS why FROM named WHERE birth_date = %(part)s"""
BY_NUMBER = """
    SELECT *, 1.0::float8 AS rank, 'Fallnummer' AS why FROM named WHERE position(%(part)s::text IN number) > 0"""
BY_NAME = """
    SELECT named.*, near.rank,
           CASE WHEN position(term IN whole) > 0 OR position(term IN turned) > 0
                THEN 'Name' ELSE 'Name ähnlich' END AS why
      FROM named CROSS JOIN asked
     CROSS JOIN LATERAL (SELECT greatest(word_similarity(term, whole), word_similarity(term, preferred)) AS rank
                         OFFSET 0) AS near
     WHERE near.rank >= %(floor)s OR starts_with(whole, term) OR starts_with(turned, term)"""


def read_hits(user_id: int, term: str, *, now: dt.datetime, limit: int) -> list[tuple[Any, ...]]:
    """The hits among what the user sees, nearest first: the columns of `casework.views.case_list.COLUMNS` and why."""
    params: dict[str, Any] = {"term": term, "user": user_id, "now": now, "limit": limit}
    if born := parse_birth_date(term):
        return read(HITS.format(ranked=BY_BIRTH_DATE), {**params, "part": born})
    if part := parse_number(term):
        return read(HITS.format(ranked=BY_NUMBER), {**params, "part": part})
    return read(HITS.format(ranked=BY_NAME), {**params, "floor": SIMILARITY_FLOOR})


def parse_number(term: str) -> str:
    """What a case number has to contain: `26-00017` of `F-26-00017`, `17` of `17`; empty for anything else."""
    if match := NUMBER.match(term.strip()):
        return f"{match[1]}-{match[2]}" if match[1] else match[2]
    return ""


def parse_birth_date(term: str) -> dt.date | None:
    """Read `4.3.1991` or `04.03.1991`; anything else is no birth date."""
    if match := BIRTH_DATE.match(term.strip()):
        day, month, year = map(int, match.groups())
        try:
            return dt.date(year, month, day)
        except ValueError:
            return None
    return None


def annotate_hits(cases: "CaseQuerySet", term: str) -> "CaseQuerySet":
    """Narrow the cases to those that answer the term; a blank term answers nothing."""
    term = term.strip()
    if not term:
        return cases.none()
    if born := parse_birth_date(term):
        return cases.filter(client__birth_date=born).annotate(why=Value("Geburtsdatum"), rank=Value(1.0))
    if part := parse_number(term):
        return cases.filter(number__contains=part).annotate(why=Value("Fallnummer"), rank=Value(1.0))
    folded = fold(Value(term))
    whole = Concat(F("client__search_given"), Value(" "), F("client__search_family"), output_field=TextField())
    turned = Concat(F("client__search_family"), Value(" "), F("client__search_given"), output_field=TextField())
    # Folding costs as much as all the rest, and hardly anybody has a preferred name.
    preferred = When_(
        When(client__preferred_name="", then=Value("")),
        default=fold(F("client__preferred_name")),
        output_field=TextField(),
    )
    similarity = Greatest(
        TrigramWordSimilarity(folded, whole),  # type: ignore[arg-type]  # an expression does, too
        TrigramWordSimilarity(folded, preferred),  # type: ignore[arg-type]
    )
    begins = Q(client__search_family__startswith=folded) | Q(client__search_given__startswith=folded)
    return (
        cases.alias(turned=turned, whole=whole)
        .annotate(rank=similarity)
        .filter(Q(rank__gte=SIMILARITY_FLOOR) | begins | Q(turned__startswith=folded) | Q(whole__startswith=folded))
        .annotate(
            why=When_(
                When(begins | Q(turned__contains=folded) | Q(whole__contains=folded), then=Value("Name")),
                default=Value("Name ähnlich"),
                output_field=CharField(),
            )
        )
    )

"""Search over name, case number and birth date, tolerant of spelling; it adds the ground of each hit."""

import datetime as dt
import re
from typing import TYPE_CHECKING

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case as When_
from django.db.models import CharField, F, Q, TextField, Value, When
from django.db.models.functions import Concat, Greatest

from casework.models.clients import fold

if TYPE_CHECKING:
    from casework.models.cases import CaseQuerySet

NUMBER = re.compile(r"^(?:f\s*-?\s*)?(?:(\d{2})\s*-\s*)?(\d{1,9})$", re.IGNORECASE)
BIRTH_DATE = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
SIMILARITY_FLOOR = 0.45  # below it, strangers' names appear for a short term


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
    if number := NUMBER.match(term):
        part = f"{number[1]}-{number[2]}" if number[1] else number[2]
        return cases.filter(number__contains=part).annotate(why=Value("Fallnummer"), rank=Value(1.0))
    folded = fold(Value(term))
    whole = Concat(F("client__search_given"), Value(" "), F("client__search_family"), output_field=TextField())
    turned = Concat(F("client__search_family"), Value(" "), F("client__search_given"), output_field=TextField())
    preferred = fold(F("client__preferred_name"))
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

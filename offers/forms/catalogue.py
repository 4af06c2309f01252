"""What somebody asks of the catalogue, and a remark about an offer."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from casework.forms.base import PoliteForm
from casework.forms.steps import clean
from jobcenter.platform.numbers import read_number
from offers.enums import Language
from offers.models.description import Words
from offers.models.search import LONGEST_TERM, STARTS

LONGEST_REMARK = 600


@dataclass(frozen=True)
class Asked:
    """The search as it stands in the address; what no list knows is left out."""

    term: str
    support: str
    area: int | None
    start: str
    language: str
    page: int

    @property
    def narrows(self) -> bool:
        return bool(self.term or self.support or self.area or self.start or self.language)

    def filters(self) -> dict[str, Any]:
        return {
            "supports": [self.support] if self.support else [],
            "areas": [self.area] if self.area else [],
            "start": self.start,
            "language": self.language,
        }


def read_asked(query: QueryDict, words: Words) -> Asked:
    """Words about offers, none about a person: they may stand in the address."""
    area = read_number(query.get("raum"))
    return Asked(
        term=clean(query.get("q")).strip()[:LONGEST_TERM],
        support=known(query.get("art"), words.supports),
        area=area if area in words.areas else None,
        start=known(query.get("beginn"), STARTS),
        language=known(query.get("sprache"), Language.values),
        page=max(1, read_number(query.get("seite"), biggest=9999) or 1),
    )


def known(value: str | None, choices: Any) -> str:
    return value if value and value in choices else ""


class RemarkForm(PoliteForm):
    """ "Hinweis zum Angebot": about the offer, never about a person."""

    text = forms.CharField(
        label="Was sollte das Projektmanagement wissen?",
        max_length=LONGEST_REMARK,
        help_text="Was nicht mehr stimmt oder fehlt. Bitte nichts über Personen, die Sie beraten.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REMARK}),
    )

"""A friendly letter as one tagged page: to whom, what, from whom. Knows no database and no duty to cooperate.

Letters with legal consequences are made elsewhere and never look like this one (domain.md 8).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobcenter.platform.pdf import characters
from jobcenter.platform.pdf.typeset import typeset

TEMPLATE = Path(__file__).with_name("letter.typ")


@dataclass(frozen=True)
class LetterContent:
    title: str
    house: str
    person: str
    paragraphs: tuple[str, ...]
    sender: str  # the name below the greeting
    day: str  # 23.11.2026
    address: tuple[str, ...] = ()  # lines below the name
    facts: tuple[tuple[str, str], ...] = ()  # (Tag, Mo, 30.11.2026); between the first paragraph and the others
    reach: str = ""  # how the sender is reached


def render_letter(content: LetterContent) -> bytes:
    """The PDF (PDF/UA-1). What no font has becomes a box, so that no name makes a print fail."""
    data = {
        "title": _phrase(content.title),
        "house": _phrase(content.house),
        "person": _phrase(content.person),
        "address": [_phrase(line) for line in content.address if characters.shows(line)],
        "greeting": [_phrase("Guten Tag"), _phrase(content.person)],
        "paragraphs": [_phrase(text) for text in content.paragraphs],
        "facts": [
            {"label": _phrase(label), "value": _phrase(value)}
            for label, value in content.facts
            if characters.shows(value)
        ],
        "sender": _phrase(content.sender),
        "reach": _phrase(content.reach) if content.reach else None,
        "day": _phrase(content.day),
    }
    return typeset(TEMPLATE, data)


def _phrase(text: str) -> dict[str, Any]:
    """One line in its own direction. Of a name only the script is known: what is not Latin has an unknown language."""
    shown = characters.breakable(" ".join(characters.readable(text)[0].split()))
    latin = characters.script(shown) in ("LATIN", "")
    return {"text": shown, "lang": "de" if latin else "und", "rtl": characters.runs_right_to_left(shown)}

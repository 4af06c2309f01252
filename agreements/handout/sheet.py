"""The sheet a person takes home: what was agreed, in plain words, as one tagged page (R2-5).

Knows no database: who calls decides what is on it. Empty parts are not printed, no signature is asked for, and the name
of the plan in the law appears only where it is handed over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from jobcenter.platform.pdf import characters
from jobcenter.platform.pdf.typeset import typeset

TEMPLATE = Path(__file__).with_name("sheet.typ")
# Scripts that only one language here is written in. Other foreign words have a language that nobody has told.
LANGUAGES = {"LATIN": "de", "": "de", "GREEK": "el", "ARMENIAN": "hy", "GEORGIAN": "ka", "HEBREW": "he"}
UNKNOWN = "und"


@dataclass(frozen=True)
class Wording:
    """The headings in one language. `{name}`, `{day}`, `{number}` and `{total}` are put in where they stand."""

    language: str  # BCP 47: de, tr, uk, ar
    name: str  # as the language calls itself: Türkçe
    rtl: bool
    title: str
    will: str
    resources: str
    goal: str
    employment_link: str
    mine: str
    jobcenter: str
    other: str
    until: str
    rhythm: str
    next_date: str
    review: str
    contact: str
    rights: str
    page: str


GERMAN = Wording(
    language="de",
    name="Deutsch",
    rtl=False,
    title="Unsere Vereinbarung",
    will="Das will ich",
    resources="Das hilft mir dabei",
    goal="Unser Ziel",
    employment_link="So komme ich der Arbeit näher",
    mine="Das mache ich",
    jobcenter="Das macht das Jobcenter",
    other="Das macht {name}",
    until="bis {day}",
    rhythm="So oft sprechen wir",
    next_date="Unser nächster Termin",
    review="Wir schauen gemeinsam darauf am {day}.",
    contact="So erreichen Sie uns",
    rights="Sie können jederzeit fragen, was über Sie gespeichert ist.",
    page="Seite {number} von {total}",
)


@dataclass(frozen=True)
class SheetStep:
    text: str
    due: str = ""  # worded: 27.11.2026


@dataclass(frozen=True)
class Group:
    """The steps of one side. `second` is the heading in the second language; `group_of` finds both."""

    heading: str
    steps: tuple[SheetStep, ...]
    second: str = ""


# A room above adds sections of a case: (case_id, wordings) -> groups. Filled when the apps are ready; printed with the
# resources, when the person wants them on the sheet.
EXTRAS: list[Callable[[int, Sequence[Wording]], Sequence[Group]]] = []


@dataclass(frozen=True)
class Sheet:
    wordings: tuple[Wording, ...]  # German first; one more may follow
    person: str
    house: str
    version: str  # 3. Fassung vom 02.11.2026
    goal: str
    employment_link: str
    will: str = ""
    resources: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    extras: tuple[Group, ...] = ()
    rhythm: str = ""
    next_date: str = ""
    review: str = ""
    contact: tuple[str, ...] = ()
    plan_name: str = ""
    printed: str = ""  # gedruckt am 22.11.2026


@dataclass(frozen=True)
class Printed:
    pdf: bytes
    replaced: tuple[str, ...]  # what could not be printed; a box stands in its place


def group_of(wordings: Sequence[Wording], part: str, steps: Sequence[SheetStep], *, name: str = "") -> Group:
    """The steps of `mine`, `jobcenter` or `other` under that heading, in each language of the sheet."""
    headings = [getattr(wording, part).replace("{name}", name) for wording in wordings[:2]]
    return Group(headings[0], tuple(steps), "".join(headings[1:]))


def render(sheet: Sheet) -> Printed:
    page = _Page(sheet.wordings[:2])
    pdf = typeset(TEMPLATE, page.laid_out(sheet))
    return Printed(pdf, tuple(page.replaced))


class _Page:
    """The data of the template; notes which characters could not be printed."""

    def __init__(self, wordings: Sequence[Wording]) -> None:
        self.wordings = wordings
        self.replaced: dict[str, None] = {}

    def laid_out(self, sheet: Sheet) -> dict[str, Any]:
        sections = [
            self.section("will", self.words(sheet.will)),
            self.section("resources", self.lists([SheetStep(text) for text in sheet.resources])),
            self.section("goal", self.words(sheet.goal)),
            self.section("employment_link", self.words(sheet.employment_link)),
            *[self.group(group) for group in (*sheet.groups, *sheet.extras)],
        ]
        dates = [
            self.section("next_date", self.words(sheet.next_date)),
            self.section("rhythm", self.words(sheet.rhythm)),
        ]
        return {
            "title": self.heading("title"),
            "page": self.heading("page"),
            "house": self.own(sheet.house),
            "person": self.own(sheet.person),
            "facts": [self.own(fact) for fact in (sheet.version, sheet.plan_name, sheet.printed) if fact.strip()],
            "sections": [section for section in sections if section["parts"]],
            "dates": [section for section in dates if section["parts"]],
            "review": self.heading("review", day=sheet.review) if sheet.review.strip() else [],
            "contact": self.contact(sheet.contact),
            "rights": self.heading("rights"),
        }

    def heading(self, part: str, **values: str) -> list[dict[str, Any]]:
        phrases = [self.worded(wording, getattr(wording, part), **values) for wording in self.wordings]
        return _shown(phrases) or [self.worded(GERMAN, getattr(GERMAN, part), **values)]

    def worded(self, wording: Wording, text: str, **values: str) -> dict[str, Any]:
        """Replaced and not formatted: a brace too many in a configured heading must not stop the print."""
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return {"text": self.clean(text), "lang": _primary(wording.language), "rtl": wording.rtl}

    def section(self, part: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
        return {"heading": self.heading(part), "parts": parts}

    def group(self, group: Group) -> dict[str, Any]:
        texts = zip(self.wordings, (group.heading, group.second), strict=False)
        heading = _shown([self.worded(wording, text) for wording, text in texts])
        return {"heading": heading or [self.worded(GERMAN, "–")], "parts": self.lists(group.steps)}

    def contact(self, lines: Sequence[str]) -> dict[str, Any] | None:
        parts = self.words("\n".join(lines))
        return self.section("contact", parts) if parts else None

    def lists(self, steps: Sequence[SheetStep]) -> list[dict[str, Any]]:
        """One list for neighbours of the same direction, because the bullets of a list are all on one side."""
        texts = [(self.lines(step.text), step.due) for step in steps]
        items = [{"lines": lines, "due": self.due(due, lines[-1]["lang"])} for lines, due in texts if lines]
        runs = groupby(items, key=_item_runs_right_to_left)
        return [{"kind": "list", "rtl": rtl, "items": list(run)} for rtl, run in runs]

    def due(self, day: str, language: str) -> dict[str, Any] | None:
        """In the language of the step where that is known, else in German: twice would be longer than many a step."""
        spoken = {_primary(wording.language): wording for wording in reversed(self.wordings)}
        wording = spoken.get(language, self.wordings[0])
        return self.worded(wording, wording.until, day=day) if day.strip() else None

    def words(self, text: str) -> list[dict[str, Any]]:
        lines = self.lines(text)
        return [{"kind": "words", "lines": lines}] if lines else []

    def lines(self, text: str) -> list[dict[str, Any]]:
        """The lines as they were typed, each in its own direction; `gap` where an empty line stood above."""
        lines: list[dict[str, Any]] = []
        empty = False
        for line in self.clean(text).split("\n"):
            if shown := characters.shows(line):
                lines.append({**self.spoken(line), "gap": empty and bool(lines)})
            empty = not shown
        return lines

    def own(self, text: str) -> dict[str, Any]:
        return self.spoken(" ".join(self.clean(text).split("\n")))

    def spoken(self, text: str) -> dict[str, Any]:
        return {"text": text, "lang": self.language(text), "rtl": characters.runs_right_to_left(text)}

    def language(self, text: str) -> str:
        """Of own words only the script is known: it tells the language when the sheet has headings in the same."""
        script = characters.script(text)
        if script in LANGUAGES:
            return LANGUAGES[script]
        known = [wording.language for wording in self.wordings if characters.script(wording.title) == script]
        return _primary(known[0]) if known else UNKNOWN

    def clean(self, text: str) -> str:
        text, replaced = characters.readable(text)
        self.replaced.update(dict.fromkeys(replaced))
        return "\n".join(characters.breakable(line.strip()) for line in text.split("\n"))


def _primary(language: str) -> str:
    """`pt` of `pt-BR`: the typesetter takes no more, and refuses what is no language at all."""
    found = language.split("-")[0].lower()
    return found if found.isascii() and found.isalpha() and len(found) in (2, 3) else UNKNOWN


def _shown(phrases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [phrase for phrase in phrases if characters.shows(phrase["text"])]


def _item_runs_right_to_left(item: dict[str, Any]) -> bool:
    return bool(item["lines"][0]["rtl"])

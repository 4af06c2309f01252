"""Reading a table of offers: the file, its columns, each line. Nothing is written here (`rows.import_offers` does).

A file comes from a Träger and is never trusted: whatever stands in it is read as plain text or refused with a sentence
that names line and column. A line is a line of the table as a spreadsheet counts them, the header being line 1.
"""

import csv
import io
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from offers.exchange.cells import fold, read_day, read_flag, read_hours, shown, split, unguarded, unstorable
from offers.exchange.columns import BY_KEY, COLUMNS, CONTACT, CONTENT_NAMES, FACTS, Column, attname, empty_value, plain
from offers.exchange.known import Known, Standing
from offers.exchange.rows import OfferData, RowResult, Unreadable, import_offers, same_content
from offers.models import CONTENT, Provider, ProviderContact

__all__ = [
    "RowResult",
    "Table",
    "Unreadable",
    "check_rows",
    "guess_mapping",
    "import_offers",
    "mapping_errors",
    "read_table",
]

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 5000
MOST_COLUMNS = 100
DELIMITERS = ";,\t"
# The library's own limit for one cell is smaller than what a whole file may hold.
csv.field_size_limit(MOST_BYTES)


@dataclass
class Table:
    """A file as text: headers, and the lines with their numbers."""

    headers: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def named(self, index: int) -> str:
        """A column in a sentence, by the name that the file gives it."""
        return f"Spalte „{shown(self.headers[index])}“" if self.headers[index].strip() else f"Spalte {index + 1}"


# --- the file ----------------------------------------------------------------------------------------------


def read_table(data: bytes) -> Table:
    """A CSV file in UTF-8 or cp1252, with ; , or tab. Raises Unreadable with a sentence."""
    text = _decoded(data)
    lines = _lines(text, _delimiter(text))
    if not lines:
        raise Unreadable("Die Datei ist leer.")
    headers = [unguarded(cell).strip() for cell in lines[0][1]]
    if len(headers) > MOST_COLUMNS:
        raise Unreadable(f"Die Datei hat {len(headers)} Spalten; höchstens {MOST_COLUMNS} können gelesen werden.")
    if len(headers) < 2:
        raise Unreadable(
            "In der ersten Zeile ist nur eine Spalte zu erkennen. Erwartet werden Überschriften, die durch Semikolon, "
            "Komma oder Tabulator getrennt sind."
        )
    rows = [(number, cells) for number, cells in lines[1:] if any(cell.strip() for cell in cells)]
    if not rows:
        raise Unreadable("Unter den Überschriften steht keine Zeile.")
    return Table(headers, rows)


def _decoded(data: bytes) -> str:
    if not data:
        raise Unreadable("Die Datei ist leer.")
    if len(data) > MOST_BYTES:
        raise Unreadable("Die Datei ist größer als 5 MB. Bitte teilen Sie sie.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("Das ist eine Arbeitsmappe und kein CSV. Bitte speichern Sie die Tabelle als „CSV UTF-8“.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("Die Datei ist in UTF-16 geschrieben. Bitte speichern Sie sie als „CSV UTF-8“.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unreadable(
            "Die Schriftzeichen der Datei sind weder UTF-8 noch Windows-1252. Bitte speichern Sie sie als „CSV UTF-8“."
        ) from error


def _delimiter(text: str) -> str:
    """The sign that occurs most often in the header, outside of quotation marks; in doubt the semicolon."""
    counts = dict.fromkeys(DELIMITERS, 0)
    quoted = False
    for char in text:
        if char == '"':
            quoted = not quoted
        elif char in "\r\n" and not quoted:
            break
        elif char in counts and not quoted:
            counts[char] += 1
    return max(DELIMITERS, key=lambda sign: counts[sign])


def _lines(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if cells or number == 1:
                lines.append((number, cells))
            if len(lines) > MOST_LINES + 1:
                raise Unreadable(
                    f"Die Datei hat mehr als {MOST_LINES:,} Zeilen. Bitte teilen Sie sie.".replace(",", ".", 1)
                )
    except csv.Error as error:
        raise Unreadable(
            f"Ab Zeile {number + 1} ist die Datei nicht zu lesen: Ein Anführungszeichen steht, wo keines stehen kann, "
            "oder es fehlt das schließende. Es wurde nichts gelesen."
        ) from error
    return lines


# --- the columns -------------------------------------------------------------------------------------------


def guess_mapping(headers: Sequence[str]) -> dict[str, int]:
    """Which column is which, by its name; each column serves once."""
    places: dict[str, int] = {}
    for index, header in enumerate(headers):
        places.setdefault(plain(header), index)
    mapping: dict[str, int] = {}
    for names in (lambda c: (c.label, c.key), lambda c: c.names):
        for column in COLUMNS:
            found = [places[plain(name)] for name in names(column) if plain(name) in places]
            free = [index for index in found if index not in mapping.values()]
            if column.key not in mapping and free:
                mapping[column.key] = free[0]
    return mapping


def mapping_errors(mapping: Mapping[str, int], headers: Sequence[str]) -> list[str]:
    """What speaks against reading with these columns."""
    errors = []
    if "uid" not in mapping and not {"provider", "name"} <= set(mapping):
        errors.append("Bitte sagen Sie, welche Spalte den Träger und welche den Namen des Angebots enthält.")
    if any(key not in BY_KEY or not 0 <= index < len(headers) for key, index in mapping.items()):
        errors.append("Die Zuordnung passt nicht zu dieser Datei.")
    return errors


# --- the lines ---------------------------------------------------------------------------------------------


@dataclass
class _Check:
    """One pass over the lines of a table."""

    table: Table
    mapping: Mapping[str, int]
    known: Known
    named: dict[tuple[uuid.UUID, str], int] = field(default_factory=dict)
    uids: dict[uuid.UUID, int] = field(default_factory=dict)

    def row(self, line: int, cells: list[str]) -> RowResult:
        result = RowResult(line)
        if len(cells) > len(self.table.headers) and any(cell.strip() for cell in cells[len(self.table.headers) :]):
            result.errors.append(
                f"Zeile {line}: Sie hat {len(cells)} Zellen, die Kopfzeile nur {len(self.table.headers)}. Vielleicht "
                "fehlen Anführungszeichen."
            )
            return result
        values = self.values(result, cells)
        result.title = shown(values.get("name") or "")
        self.judge(result, values)
        return result

    def say(self, result: RowResult, key: str, sentence: str) -> None:
        place = f", {self.table.named(self.mapping[key])}" if key in self.mapping else ""
        result.errors.append(f"Zeile {result.line}{place}: {sentence}")

    def values(self, result: RowResult, cells: list[str]) -> dict[str, Any]:
        """What the cells of the mapped columns say; a cell that cannot be read is told and left out."""
        values: dict[str, Any] = {}
        for key, index in self.mapping.items():
            cell = unguarded(cells[index] if index < len(cells) else "").strip()
            if fault := unstorable(cell):
                self.say(result, key, f"Die Zelle {fault}.")
                continue
            value, fault = READERS[BY_KEY[key].kind](cell, BY_KEY[key], self.known)
            if fault:
                self.say(result, key, fault)
            else:
                values[key] = value
        return values

    # --- what the cells mean together ---

    def judge(self, result: RowResult, values: dict[str, Any]) -> None:
        standing = self.standing(result, values)
        provider = self.provider(result, values, standing)
        content = {name: empty_value(name) for name in CONTENT_NAMES} | (dict(standing.content) if standing else {})
        content |= {attname(key): values[key] for key in CONTENT if key in values}
        if not content["name"]:
            if "name" in values or "name" not in self.mapping:
                self.say(result, "name", "Der Name des Angebots fehlt.")
        elif provider is not None:
            result.title = shown(content["name"])
            self.once(result, provider, content["name"], standing)
        first, last = content["valid_from"], content["valid_to"]
        if first and last and last < first:
            self.say(result, "valid_to", "„gilt bis“ liegt vor „gilt ab“.")
        if result.errors or provider is None:
            return
        uid = values.get("uid") or uuid.uuid4()
        result.data = OfferData(provider, content, uid, standing, *self.around(result, values, provider, standing))
        if standing is not None and same_content(standing, content):
            result.unchanged = True
            result.notes.append("Die Beschreibung steht schon so im Haus; hier ist nichts einzulesen.")

    def standing(self, result: RowResult, values: dict[str, Any]) -> Standing | None:
        uid = values.get("uid")
        if uid is None:
            return None
        first = self.uids.setdefault(uid, result.line)
        if first != result.line:
            self.say(result, "uid", f"Diese Kennung steht schon in Zeile {first}.")
        standing = self.known.offers.get(uid)
        if standing and standing.offer.withdrawn_at:
            self.say(result, "uid", "Dieses Angebot ist zurückgezogen; es wird nicht fortgeschrieben.")
        elif standing and standing.has_draft:
            self.say(
                result,
                "uid",
                "Zu diesem Angebot gibt es schon einen offenen Entwurf. Bitte schließen Sie ihn zuerst ab.",
            )
        return standing

    def provider(self, result: RowResult, values: dict[str, Any], standing: Standing | None) -> Provider | None:
        name = values.get("provider", "")
        if standing is not None:
            if name and fold(name) != fold(standing.offer.provider.name):
                self.say(
                    result, "provider", f"Dieses Angebot gehört zum Träger „{shown(standing.offer.provider.name)}“."
                )
            return standing.offer.provider
        if not name:
            if "provider" in values or "provider" not in self.mapping:
                self.say(result, "provider", "Der Träger fehlt.")
            return None
        if fold(name) not in self.known.providers:
            self.known.providers[fold(name)] = Provider(name=name)
        provider = self.known.providers[fold(name)]
        if provider.pk is None:
            result.notes.append(f"Der Träger „{shown(name)}“ wird neu angelegt.")
        return provider

    def once(self, result: RowResult, provider: Provider, name: str, standing: Standing | None) -> None:
        """The same provider and name twice, in the file or in the house, is one offer too many."""
        key = (provider.uid, fold(name))
        first = self.named.setdefault(key, result.line)
        there = self.known.names.get(key)
        if first != result.line:
            self.say(result, "name", f"Dasselbe Angebot desselben Trägers steht schon in Zeile {first}.")
        elif there is not None and there is not standing:
            self.say(
                result,
                "name",
                "Dieses Angebot gibt es bei diesem Träger schon. Um es fortzuschreiben, nennen Sie in der Zeile seine "
                f"Kennung {there.offer.uid}.",
            )

    def around(
        self, result: RowResult, values: dict[str, Any], provider: Provider, standing: Standing | None
    ) -> tuple[dict[str, Any], ProviderContact | None]:
        """What needs no second review: set for a new offer; for one that is there it is changed at the offer itself."""
        facts = {key: values[key] for key in ("immediate", *FACTS) if key in values}
        if "possible" in facts and not self.cell_filled(result.line, "possible"):
            del facts["possible"]
        if standing is not None:
            different = [key for key, value in facts.items() if getattr(standing.offer, key) != value]
            contact = standing.offer.contact
            if values.get("contact_name") and fold(values["contact_name"]) != fold(contact.name if contact else ""):
                different.append("contact_name")
            if different:
                labels = ", ".join(f"„{BY_KEY[key].label}“" for key in different)
                result.notes.append(f"Nicht übernommen, weil es am Angebot selbst gepflegt wird: {labels}.")
            return {}, None
        return facts, self.contact(result, values, provider)

    def cell_filled(self, line: int, key: str) -> bool:
        cells = self.cells_of[line]
        return self.mapping[key] < len(cells) and bool(cells[self.mapping[key]].strip())

    def contact(self, result: RowResult, values: dict[str, Any], provider: Provider) -> ProviderContact | None:
        name, phone, email = (values.get(key, "") for key in CONTACT)
        if not name:
            if phone or email:
                result.notes.append("Telefon und E-Mail ohne Namen einer Ansprechperson werden nicht übernommen.")
            return None
        key = (provider.uid, fold(name))
        if key not in self.known.contacts:
            self.known.contacts[key] = ProviderContact(provider=provider, name=name, phone=phone, email=email)
        contact = self.known.contacts[key]
        if (phone and phone != contact.phone) or (email and email != contact.email):
            result.notes.append(
                f"„{shown(name)}“ ist schon mit anderem Telefon oder anderer E-Mail eingetragen; das bleibt."
            )
        return contact

    def __post_init__(self) -> None:
        self.cells_of = dict(self.table.rows)


def check_rows(table: Table, mapping: Mapping[str, int], known: Known | None = None) -> list[RowResult]:
    """Each line judged, with a sentence for whatever is wrong in it. The number of statements is fixed."""
    if errors := mapping_errors(mapping, table.headers):
        raise Unreadable(" ".join(errors))
    check = _Check(table, dict(mapping), known or Known.load())
    return [check.row(line, cells) for line, cells in table.rows]


# --- kinds of cells ----------------------------------------------------------------------------------------

Read = tuple[Any, str]


def _line(cell: str, column: Column, known: Known) -> Read:
    text = " ".join(cell.split())
    if column.most and len(text) > column.most:
        return None, f"Der Text hat {len(text)} Zeichen; höchstens {column.most} sind möglich."
    return text, ""


def _text(cell: str, column: Column, known: Known) -> Read:
    return cell, ""


def _uid(cell: str, column: Column, known: Known) -> Read:
    if not cell:
        return None, ""
    try:
        return uuid.UUID(cell), ""
    except ValueError:
        return None, f"„{shown(cell)}“ ist keine Kennung. Für ein neues Angebot bleibt die Zelle leer."


def _day(cell: str, column: Column, known: Known) -> Read:
    day = read_day(cell) if cell else None
    fault = f"„{shown(cell)}“ ist kein Datum. Bitte schreiben Sie zum Beispiel 30.11.2026." if cell and not day else ""
    return day, fault


def _days(cell: str, column: Column, known: Known) -> Read:
    days = []
    for part in split(cell):
        day, fault = _day(part, column, known)
        if fault:
            return None, fault
        days.append(day)
    return days, ""


def _hours(cell: str, column: Column, known: Known) -> Read:
    hours = read_hours(cell) if cell else None
    if cell and hours is None:
        return None, f"„{shown(cell)}“ ist keine Zahl von Stunden zwischen 0,5 und 60, zum Beispiel 12,5."
    return hours, ""


def _flag(cell: str, column: Column, known: Known) -> Read:
    value = read_flag(cell)
    return value, "" if value is not None else f"„{shown(cell)}“ ist weder „ja“ noch „nein“."


def _unknown(what: str, word: str, texts: list[str]) -> str:
    return f"{what} „{shown(word)}“ kennt das Haus nicht. Bekannt sind: {', '.join(texts) or 'noch keine'}."


def _many(of: str, what: str) -> Callable[[str, Column, Known], Read]:
    def read(cell: str, column: Column, known: Known) -> Read:
        words: dict[str, Any] = getattr(known, of)
        parts = split(cell, words)
        wrong = next((part for part in parts if fold(part) not in words), None)
        if wrong is not None:
            return None, _unknown(what, wrong, known.texts[of])
        return list(dict.fromkeys(words[fold(part)] for part in parts)), ""

    return read


def _one(of: str, texts: str, what: str) -> Callable[[str, Column, Known], Read]:
    def read(cell: str, column: Column, known: Known) -> Read:
        words: dict[str, int] = getattr(known, of)
        if cell and fold(cell) not in words:
            return None, _unknown(what, cell, known.texts[texts])
        return words.get(fold(cell)) if cell else None, ""

    return read


READERS: dict[str, Callable[[str, Column, Known], Read]] = {
    "uid": _uid,
    "line": _line,
    "text": _text,
    "day": _day,
    "days": _days,
    "flag": _flag,
    "hours": _hours,
    "supports": _many("supports", "Die Art der Unterstützung"),
    "areas": _many("areas", "Den Sozialraum"),
    "languages": _many("languages", "Die Sprache"),
    "body": _one("bodies", "body", "Den Kostenträger"),
    "basis": _one("bases", "basis", "Die Rechtsgrundlage"),
}

"""A file from another system as text: its encoding, its separators, its lines. It is never trusted.

A line is a line of the table as a spreadsheet counts them, the header being line 1; a line break inside quotation marks
begins no new one.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass, field

MOST_BYTES = 10 * 1024 * 1024
MOST_LINES = 20_000
MOST_COLUMNS = 100
DELIMITERS = ";,\t"
# „Ã¼“ and its like: a letter of UTF-8 in a file that is none as a whole. No name in Windows-1252 has them.
STRAY_UTF8 = re.compile(rb"\xc3[\x80-\xbf]")
# The library's own limit for one cell is smaller than what a whole file may hold.
csv.field_size_limit(MOST_BYTES)


class Unreadable(Exception):
    """The file as a whole cannot be read; the sentence says why. It repeats nothing of the file."""


@dataclass
class Table:
    """A file as text: headers, the lines that hold something with their numbers, and how many are empty."""

    headers: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    empty: int = 0


def read_table(data: bytes) -> Table:
    """A CSV file in UTF-8 or Windows-1252, with ; , or tab. Raises Unreadable with a sentence."""
    text = _decoded(data)
    lines = _lines(text, _delimiter(text))
    if not lines or not any(cell.strip() for cell in lines[0][1]):
        raise Unreadable("In der ersten Zeile stehen keine Überschriften.")
    headers = [cell.strip() for cell in lines[0][1]]
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
    return Table(headers, rows, empty=len(lines) - 1 - len(rows))


def _decoded(data: bytes) -> str:
    if not data:
        raise Unreadable("Die Datei ist leer.")
    if len(data) > MOST_BYTES:
        raise Unreadable("Die Datei ist größer als 10 MB. Bitte teilen Sie sie.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("Das ist eine Arbeitsmappe und kein CSV. Bitte speichern Sie die Tabelle als „CSV UTF-8“.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[1:2] == b"\0" or data[:1] == b"\0":
        raise Unreadable("Die Datei ist in UTF-16 geschrieben. Bitte speichern Sie sie als „CSV UTF-8“.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if data.startswith(codecs.BOM_UTF8) or STRAY_UTF8.search(data):
            # Read as Windows-1252 every name with an umlaut would change into „MÃ¼ller“.
            raise Unreadable(
                "In der Datei sind Schriftzeichen gemischt, oder sie ist abgeschnitten: Ein Teil ist UTF-8, ein "
                "anderer nicht. Bitte speichern Sie sie als „CSV UTF-8“."
            ) from None
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
    try:
        for number, cells in enumerate(reader, 1):
            lines.append((number, cells))
            if number > MOST_LINES + 1:
                raise Unreadable(
                    f"Die Datei hat mehr als {MOST_LINES:,} Zeilen. Bitte teilen Sie sie.".replace(",", ".", 1)
                )
    except csv.Error as error:
        raise Unreadable(
            f"Ab Zeile {len(lines) + 1} ist die Datei nicht zu lesen: Ein Anführungszeichen steht, wo keines stehen "
            "kann, oder es fehlt das schließende."
        ) from error
    return lines

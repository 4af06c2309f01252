"""Cells of a table: read without trust on the way in, harmless on the way out."""

import datetime as dt
import re
import unicodedata

from jobcenter.platform.german import ISO, parse_day

SIGNS = frozenset("=+-@")
SHOWN = 60  # so much of a cell is shown
# With all four digits of the year: of "04.03.91" nobody can say whether it is a birth date or a plan.
FULL_YEAR = re.compile(r"^\d{1,2}\.\s*\d{1,2}\.\s*\d{4}$")


def starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet could take it for a formula: also behind spaces, marks without width, and in full width."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    for char in text:
        if char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Zs", "Zl", "Zp"}:
            continue
        return unicodedata.normalize("NFKC", char)[:1] in SIGNS
    return False


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet computes."""
    return "'" + text if starts_a_formula(text.lstrip("'")) else text


def fold(text: str) -> str:
    """For comparing names: case and white space do not count."""
    return " ".join(text.split()).casefold()


def plain_number(text: str) -> str:
    """A number of the leading system without marks that nobody sees; they come along when cells are copied."""
    return " ".join("".join(char for char in text if unicodedata.category(char) != "Cf").split())


def number_key(text: str) -> str:
    """For comparing numbers: spaces and case do not count, since nobody keeps them alike over two systems."""
    return "".join(plain_number(text).split()).casefold()


def one_line(cell: str) -> str:
    """A name or a sentence on one line: line breaks inside quotation marks are white space."""
    return " ".join(unicodedata.normalize("NFC", cell).split())


def shown(text: str, most: int = SHOWN) -> str:
    """What stands there, short and without marks that turn or hide what follows."""
    plain = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[: 4 * most]).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def is_unstorable(text: str) -> bool:
    """NUL, halves of characters and marks of control have no place in a name."""
    return any(unicodedata.category(char) in {"Cc", "Cs"} for char in text)


def read_day(text: str) -> dt.date | None:
    """A written date with its whole year, German or ISO; None when it is none."""
    text = text.strip()
    if not (FULL_YEAR.match(text) or ISO.match(text)):
        return None
    return parse_day(text, today=dt.date.min)

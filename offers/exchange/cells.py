"""Cells of a table: harmless on the way out, read without trust on the way in."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from jobcenter.platform.german import FULL, ISO, parse_day

YES = frozenset({"ja", "j", "x", "wahr", "true", "yes", "1"})
NO = frozenset({"nein", "n", "falsch", "false", "no", "0", ""})
SIGNS = frozenset("=+-@")
SHOWN = 60  # so much of a wrong cell is repeated in the sentence about it


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
    """The text as a cell that no spreadsheet computes: an apostrophe before it, which `unguarded` takes away again."""
    return "'" + text if starts_a_formula(text.lstrip("'")) else text


def unguarded(cell: str) -> str:
    """The exact reverse: a text that began with an apostrophe of its own has two."""
    return cell[1:] if cell.startswith("'") and starts_a_formula(cell.lstrip("'")) else cell


def fold(text: str) -> str:
    """For comparing names: case and white space do not count."""
    return " ".join(text.split()).casefold()


def shown(text: Any, most: int = SHOWN) -> str:
    """What stands there, short and without marks that turn or hide what follows."""
    plain = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in str(text)[: 4 * most]).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def unstorable(text: str) -> str:
    """Why a text cannot be kept, or "": NUL and halves of characters are what PostgreSQL has no place for."""
    if "\0" in text:
        return "enthält ein Nullzeichen, das nicht gespeichert werden kann"
    if any("\ud800" <= char <= "\udfff" for char in text):
        return "enthält ein halbes Schriftzeichen, das nicht gespeichert werden kann"
    return ""


def split(cell: str, words: dict[str, Any] | None = None) -> list[str]:
    """Several values in one cell, parted by | or ;. A known word that has such a sign in itself stays whole."""
    known = words or {}
    if fold(cell) in known:
        return [cell.strip()]
    parts: list[str] = []
    for part in cell.split("|"):
        parts += [part] if fold(part) in known else part.split(";")
    return [part.strip() for part in parts if part.strip()]


def read_day(text: str) -> Any:
    """A written date, German or ISO, or None. In a file "heute" and a date without a year mean nothing certain."""
    text = text.strip()
    if not (FULL.match(text) or ISO.match(text)):
        return None
    return parse_day(text, today=timezone.localdate())


def read_hours(text: str) -> Decimal | None:
    """ "12,5" or "12.5": half an hour to sixty, one digit behind the comma; None when it is anything else."""
    if not re.fullmatch(r"[0-9]{1,2}([.,][0-9])?", text.strip()):
        return None
    try:
        hours = Decimal(text.strip().replace(",", ".")).quantize(Decimal("0.1"))
    except InvalidOperation:
        return None
    return hours if 0 < hours <= 60 else None


def read_flag(text: str) -> bool | None:
    """Ja or nein; None when it is neither."""
    word = text.strip().casefold()
    return True if word in YES else False if word in NO else None

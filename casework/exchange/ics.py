"""Calendars as other programs read them (RFC 5545): lines of at most 75 octets, CRLF, times in UTC."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator

from casework.models.calendar import FeedEntry

WIDEST = 75  # octets of a line without its end
NAME = "Fallarbeit"
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def write_calendar(entries: Iterable[FeedEntry], at: dt.datetime) -> bytes:
    """The calendar of one IFK. Who subscribes replaces by UID; what is off stays for a while and says so."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{NAME}//{NAME}//DE", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escaped(NAME)}", "REFRESH-INTERVAL;VALUE=DURATION:PT15M", "X-PUBLISHED-TTL:PT15M"]
    for entry in entries:
        lines += _event(entry, at)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(entry: FeedEntry, at: dt.datetime) -> Iterator[str]:
    """No end is written: how long a talk lasts stands nowhere. Neither place nor subject leaves the house."""
    yield "BEGIN:VEVENT"
    yield f"UID:termin-{entry.follow_up_id}@fallarbeit"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{utc(at)}"
    yield f"DTSTART:{utc(entry.starts_at)}"
    yield f"SUMMARY:{escaped(summary(entry))}"
    yield f"STATUS:{'CANCELLED' if entry.is_off else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if entry.is_off else 'OPAQUE'}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def summary(entry: FeedEntry) -> str:
    """`D. Y. F-26-00418`."""
    return f"{initial(entry.given_name)} {initial(entry.family_name)} {entry.number}"


def initial(name: str) -> str:
    """`D.`: the first letter with its accents, as the person writes it; an apostrophe before it is none."""
    composed = unicodedata.normalize("NFC", name)
    letters = [at for at, sign in enumerate(composed) if sign.isalpha()]
    if not letters:
        return "–"
    end = letters[0] + 1
    while end < len(composed) and unicodedata.category(composed[end]).startswith("M"):
        end += 1
    return f"{composed[letters[0] : end]}."


def utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """As a value of type TEXT is written (RFC 5545 3.3.11)."""
    return text.translate(ESCAPES)


def folded(line: str) -> bytes:
    """The line with its end, broken after at most 75 octets and never inside a character (RFC 5545 3.1)."""
    parts: list[bytes] = []
    current = b""
    for sign in line:
        octets = sign.encode()
        if len(current) + len(octets) > WIDEST:
            parts.append(current)
            current = b" "
        current += octets
    return b"\r\n".join([*parts, current]) + b"\r\n"

"""Appointments as calendar programs read them (RFC 5545). The library escapes and folds; what is said is ours."""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from casework.models.calendar import FeedEntry

if TYPE_CHECKING:
    from icalendar import Event

NAME = "Fallarbeit"
ASKED_AGAIN = dt.timedelta(minutes=15)  # how often a program may come by


def write_calendar(entries: Iterable[FeedEntry], at: dt.datetime) -> bytes:
    """The calendar of one IFK. Who subscribes replaces by UID; what is off stays for a while and says so."""
    from icalendar import Calendar, vDuration  # memory that only a process that serves calendars should hold

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{NAME}//{NAME}//DE")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(ASKED_AGAIN))
    for entry in entries:
        calendar.add_component(_event(entry, at))
    return bytes(calendar.to_ical())


def _event(entry: FeedEntry, at: dt.datetime) -> "Event":
    """Neither place nor subject leaves the house.

    No end is written: how long a talk lasts stands nowhere, and a guess would block somebody's hour. A program shows
    the moment at which it begins (RFC 5545 3.6.1). Times are UTC, so that no time zone has to be explained.
    """
    from icalendar import Event

    event = Event()
    event.add("uid", f"termin-{entry.follow_up_id}@fallarbeit")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", at.astimezone(dt.UTC))
    event.add("dtstart", entry.starts_at.astimezone(dt.UTC))
    event.add("summary", summary(entry))
    event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_off else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


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

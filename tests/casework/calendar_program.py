"""A calendar program that has subscribed: it reads with the `ics` package, whose grammar is not icalendar's.

It keeps what it has read by UID, as RFC 5545 and 7986 ask of a subscriber, and complains about whatever would make a
real one show an appointment twice, keep one that is off, or overlook a change.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ics


@dataclass(frozen=True)
class Entry:
    begin: dt.datetime
    name: str
    status: str
    sequence: int

    @property
    def is_shown(self) -> bool:
        return self.status != "CANCELLED"


@dataclass
class CalendarProgram:
    """`fetch` gives the bytes of the feed anew; `entries` is what this program knows."""

    fetch: Callable[[], bytes]
    entries: dict[str, Entry] = field(default_factory=dict)

    def refresh(self, now: dt.datetime | None = None) -> dict[str, Entry]:
        """Read the feed into the store; what the person then sees, by UID."""
        content = self.fetch()
        check_octets(content)
        read = read_events(content)
        now = now or dt.datetime.now(dt.UTC)
        for uid, entry in read.items():
            known = self.entries.get(uid, entry)
            assert entry.sequence >= known.sequence, f"{uid} went back"
            if entry != known:
                assert entry.sequence > known.sequence, f"{uid} changed without a higher SEQUENCE"
        for uid, known in self.entries.items():
            assert uid in read or not known.is_shown or known.begin < now, f"{uid} vanished without being called off"
        self.entries |= read
        return self.shown

    @property
    def shown(self) -> dict[str, Entry]:
        return {uid: entry for uid, entry in self.entries.items() if entry.is_shown}


def check_octets(content: bytes) -> None:
    """CRLF everywhere, at most 75 octets a line, and no character torn by the folding (RFC 5545 3.1)."""
    assert content.endswith(b"\r\n")
    for line in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line and b"\r" not in line
        line.decode()


def read_events(content: bytes) -> dict[str, Entry]:
    """Every VEVENT of the file, each UID once."""
    containers = ics.grammar.parse.string_to_container(content.decode())
    assert [container.name for container in containers] == ["VCALENDAR"]
    raw = [part for part in containers[0] if part.name == "VEVENT"]
    events = ics.Calendar(content.decode()).events
    found = {event.uid: _entry(event) for event in events}
    assert len(raw) == len(events) == len(found), "a UID stands twice"
    return found


def _entry(event: Any) -> Entry:
    [sequence] = [line.value for line in event.extra if line.name == "SEQUENCE"]
    assert event.classification == "PRIVATE"
    assert event.transparent is (event.status == "CANCELLED")
    assert not (event.description or event.location or event.url or event.organizer or event.attendees)
    assert event.created is not None  # DTSTAMP, as this package calls it
    return Entry(event.begin.datetime, event.name, event.status, int(sequence))

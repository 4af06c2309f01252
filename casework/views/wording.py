"""The Verlauf in words: the same for the file on screen and for paper."""

import datetime as dt

from django.utils import timezone

from casework.enums import ClosingReason, DutyFactKind, FollowUpKind, MissedHow
from casework.models import Contact
from casework.models.timeline import SERIES, Entry
from jobcenter.platform.workdays import day_label

TITLES = {
    "note": "Aktennotiz",
    "done": "Erledigt: {0}",
    "moved": "Verschoben: {0}",
    "assignment": "Zuständig ist jetzt {0}",
    "opened": "Fall eröffnet",
    "closed": "Fall beendet: {0}",
    "employment": "Arbeit oder Ausbildung aufgenommen ab {0}",
    "duty": "Mitwirkung: {0}",
    "duty_fact": "Mitwirkung: {0}",
}
TAKEN_BACK = {
    "employment": " (zurückgenommen)",
    "duty": " (irrtümlich eingetragen, zurückgenommen)",
    "duty_fact": " (irrtümlich eingetragen, zurückgenommen)",
}


def missed_title(how: str) -> str:
    """An appointment that did not take place, and how it came to that."""
    return f"Termin fand nicht statt: {MissedHow(how).label}"


def contact_title(contact: Contact) -> str:
    """The channel of a talk; a missed appointment has none."""
    if contact.missed_how:
        return missed_title(contact.missed_how)
    return contact.channel.text if contact.channel else ""


def title_of(entry: Entry) -> str:
    """What an entry is, in a few words."""
    if entry.kind == "contact":
        words = (entry.title or "").removeprefix(SERIES)
        how = words.removeprefix("missed:")
        return missed_title(how) if how != words else words
    if entry.kind == "opened" and entry.title:
        return "Fall wieder aufgenommen"
    words = entry.title
    if entry.kind == "closed":
        words = ClosingReason(entry.title).label
    elif entry.kind == "employment":
        words = f"{dt.date.fromisoformat(entry.title):%d.%m.%Y}"
    elif entry.kind == "duty_fact":
        kind, day, paragraph = entry.title.split("|", 2)
        words = f"{DutyFactKind(kind).label} am {dt.date.fromisoformat(day):%d.%m.%Y}, {paragraph}"
    taken_back = TAKEN_BACK.get(entry.kind, "") if entry.withdrawn else ""
    return TITLES[entry.kind].format(words) + taken_back


def text_of(entry: Entry, length: int | None = None) -> str:
    """What an entry says; a written text is cut at `length`."""
    if entry.kind == "duty":
        return duty_text(entry)
    if entry.kind == "duty_fact":
        return "\n".join(line for line in (entry.text, f"Gefordert war: {entry.next_subject}") if line)
    if entry.kind != "moved":
        return entry.text[:length]
    old, new, reason = entry.text.split("|", 2)
    old_day, new_day = dt.date.fromisoformat(old), dt.date.fromisoformat(new)
    text = f"vom {day_label(old_day)} auf {day_label(new_day)}" if old_day != new_day else "geändert"
    if entry.next_subject:
        text += f"; vorher: {entry.next_subject}"
    return f"{text}. {reason}" if reason else f"{text}."


def duty_text(entry: Entry) -> str:
    """What was demanded, until when, and with which text; a demand is short enough to be shown whole."""
    due, version = entry.next_subject.split("|", 1)
    lines = [entry.text, notice_label(version)]
    if due:
        lines.insert(1, f"Bis {day_label(dt.date.fromisoformat(due))}")
    return "\n".join(lines)


def notice_label(version: str) -> str:
    """Which Rechtsfolgenbelehrung went with a demand, or that none did."""
    return f"Rechtsfolgenbelehrung: {version}" if version else "Ohne Rechtsfolgenbelehrung"


def next_label(entry: Entry) -> str:
    """The next step that an entry led to: `Wiedervorlage Mo, 30.11.2026: Rückruf gekommen?`; empty without one."""
    if not entry.next_on:
        return ""
    time = f" {timezone.localtime(entry.next_at):%H:%M}" if entry.next_at else ""
    return f"{FollowUpKind(entry.next_kind).label} {day_label(entry.next_on)}{time}: {entry.next_subject}"

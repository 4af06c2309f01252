"""Dates and times as people here write them: read generously, shown in one way."""

import datetime as dt
import re

from jobcenter.platform.workdays import WEEKDAYS

FULL = re.compile(r"^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{2}|\d{4})$")
SHORT = re.compile(r"^(\d{1,2})\.\s*(\d{1,2})\.?$")
DIGITS = re.compile(r"^(\d{2})(\d{2})(\d{2}|\d{4})?$")
ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
AHEAD = re.compile(r"^\+\s*(\d{1,3})\s*(w|t)?$", re.IGNORECASE)
TIME = re.compile(r"^(\d{1,2})(?:[:.h]?\s*(\d{2}))?\s*(?:uhr)?$", re.IGNORECASE)
WORDS = {"heute": 0, "morgen": 1, "übermorgen": 2, "gestern": -1}


def parse_day(text: str, *, today: dt.date, past: bool = False) -> dt.date | None:
    """Read `30.11.2026`, `30.11.`, `3011`, `+7`, `+2w`, `heute`, `mo`; None when it is no date.

    Without a year the nearest such day ahead is meant, or behind when `past`.
    """
    text = text.strip().lower()
    if text in WORDS:
        return today + dt.timedelta(days=WORDS[text])
    if match := AHEAD.match(text):
        days = int(match[1]) * (7 if match[2] == "w" else 1)
        return today + dt.timedelta(days=-days if past else days)
    weekdays = [day.lower() for day in WEEKDAYS]
    if text.rstrip(".") in weekdays:
        ahead = (weekdays.index(text.rstrip(".")) - today.weekday() - 1) % 7 + 1
        return today + dt.timedelta(days=ahead - 7 if past else ahead)
    if match := ISO.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    match = FULL.match(text) or SHORT.match(text) or DIGITS.match(text)
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    written = match[3] if match.re is not SHORT else None
    if written:
        return _day(int(written) + (2000 if len(written) == 2 else 0), month, day)
    years = (today.year, today.year - 1) if past else (today.year, today.year + 1)
    for year in years:
        found = _day(year, month, day)
        if found is not None and (found <= today if past else found >= today):
            return found
    return None


def _day(year: int, month: int, day: int) -> dt.date | None:
    if not 1900 <= year <= 2100:  # further away lies a slip of the finger, and what no database can show
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_time(text: str) -> dt.time | None:
    """Read `10:30`, `10.30`, `1030`, `10`; None when it is no time of day."""
    if match := TIME.match(text.strip()):
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour < 24 and minute < 60:
            return dt.time(hour, minute)
    return None

"""Working days of Niedersachsen: Monday to Friday without the public holidays of the state (domain.md 12.22)."""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache

import holidays

WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


@lru_cache(maxsize=32)
def _holidays_of(year: int) -> dict[dt.date, str]:
    return dict(holidays.country_holidays("DE", subdiv="NI", years=year, language="de"))


def holiday_name(day: dt.date) -> str | None:
    """The public holiday that falls on the day, in German, or None."""
    return _holidays_of(day.year).get(day)


def is_working_day(day: dt.date, local_days: Collection[dt.date] = ()) -> bool:
    """Whether the office works on the day. `local_days` are further days on which the house is closed."""
    return day.weekday() < 5 and holiday_name(day) is None and day not in local_days


def next_working_day(day: dt.date, local_days: Collection[dt.date] = ()) -> dt.date:
    """The first working day on or after the day."""
    while not is_working_day(day, local_days):
        day += dt.timedelta(days=1)
    return day


def add_working_days(day: dt.date, count: int, local_days: Collection[dt.date] = ()) -> dt.date:
    """The working day that lies `count` working days after the day; the day itself does not count."""
    for _ in range(count):
        day = next_working_day(day + dt.timedelta(days=1), local_days)
    return day


def working_day_before(day: dt.date, count: int, local_days: Collection[dt.date] = ()) -> dt.date:
    """The working day that lies `count` working days before the day; the day itself does not count."""
    for _ in range(count):
        day -= dt.timedelta(days=1)
        while not is_working_day(day, local_days):
            day -= dt.timedelta(days=1)
    return day


def working_days_between(first: dt.date, last: dt.date, local_days: Collection[dt.date] = ()) -> int:
    """How many working days lie after the first day up to and with the last one."""
    days = (first + dt.timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day, local_days) for day in days)


def day_label(day: dt.date) -> str:
    """`Mo, 30.11.2026`."""
    return f"{WEEKDAYS[day.weekday()]}, {day:%d.%m.%Y}"


def distance_label(day: dt.date, today: dt.date) -> str:
    """`in 8 Tagen`, `heute`, `seit 2 Tagen`."""
    days = (day - today).days
    if days == 0:
        return "heute"
    if days == 1:
        return "morgen"
    if days == -1:
        return "seit gestern"
    return f"in {days} Tagen" if days > 0 else f"seit {-days} Tagen"

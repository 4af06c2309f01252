"""Days for first steps that have none: over weeks that the lead chooses, never all on one day (issue 6).

By the order of the file and by nothing that describes a person.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from casework.models.presence import Presence, read_load, read_presence
from jobcenter.platform.workdays import is_working_day

MOST_WEEKS = 26


class Calendar:
    """The days of one IFK within the chosen weeks, and how full they are already."""

    def __init__(self, counsellor_id: int, *, today: dt.date, first: dt.date, last: dt.date) -> None:
        self.presence: Presence = read_presence(counsellor_id, today)
        span = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
        there = [day for day in span if self.presence.is_there(day)]
        # Away for all these weeks: days of the house, and whoever stands in will have them.
        at_work = there or [day for day in span if is_working_day(day, self.presence.closed_days)]
        self.days = at_work or [self.presence.next_day(first)]
        load = read_load(counsellor_id, self.days[0], self.days[-1])
        self.load = Counter({day: one.appointments + one.reminders for day, one in load.items()})

    def fits(self, day: dt.date) -> dt.date:
        """The day itself, or the next on which the IFK is there."""
        return self.presence.next_day(day)

    def take(self, day: dt.date) -> None:
        """A step that has its day already fills it."""
        self.load[day] += 1

    def spread(self, count: int) -> list[dt.date]:
        """So many days: the emptiest first, and of those the ones that lie evenly over the weeks."""
        chosen = []
        for number in range(count):
            wanted = (2 * number + 1) * len(self.days) // (2 * count)
            place = min(range(len(self.days)), key=lambda at: (self.load[self.days[at]], abs(at - wanted)))
            chosen.append(self.days[place])
            self.load[self.days[place]] += 1
        return sorted(chosen)


def weeks_ahead(today: dt.date, first_week: int, last_week: int) -> tuple[dt.date, dt.date]:
    """Monday of the first and Friday of the last week, counted from this one (0)."""
    monday = today - dt.timedelta(days=today.weekday())
    return monday + dt.timedelta(weeks=first_week), monday + dt.timedelta(weeks=last_week, days=4)


def first_days(
    wanted: Sequence[tuple[int, dt.date | None]], *, today: dt.date, first: dt.date, last: dt.date
) -> list[tuple[dt.date, bool]]:
    """For each (IFK, day or none) its day, and whether it was moved or chosen here."""
    first = max(first, today + dt.timedelta(days=1))  # nobody begins on the very day of the take-over
    everybody = dict.fromkeys(ifk for ifk, _ in wanted)
    calendars = {ifk: Calendar(ifk, today=today, first=first, last=last) for ifk in everybody}
    found: list[tuple[dt.date, bool] | None] = [None] * len(wanted)
    open_places: dict[int, list[int]] = {}
    for place, (ifk, day) in enumerate(wanted):
        if day is None:
            open_places.setdefault(ifk, []).append(place)
            continue
        fits = calendars[ifk].fits(day)
        calendars[ifk].take(fits)
        found[place] = (fits, fits != day)
    for ifk, places in open_places.items():
        for place, day in zip(places, calendars[ifk].spread(len(places)), strict=True):
            found[place] = (day, True)
    return [one for one in found if one is not None]

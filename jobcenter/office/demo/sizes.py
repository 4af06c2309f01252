"""How large the demonstration office is (domain.md 9), and its working days."""

import bisect
import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from jobcenter.platform.workdays import is_working_day

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Shape:
    """How much one case holds that is shown or measured."""

    contacts: int
    agreements: int
    resources: int
    wills: int


CHANGEABLE = Shape(48, 40, 300, 6)  # agreed on again and again, with more resources than anybody names
PLAIN = Shape(40, 1, 3, 1)  # what it is compared with
SHOWCASE = Shape(9, 3, 6, 2)  # what the demonstration opens


@dataclass(frozen=True)
class Size:
    """Volumes of one size; the figures are those of domain.md section 9."""

    teams: int
    general: int  # Regel-IFK
    specialists: int
    open_cases: int
    people: int
    taken_up_again: int
    contacts: int
    follow_ups: int
    access_events: int
    years: int
    text_median: int
    long_history: int  # contacts of the one very long case
    heavy_caseload: int = 0  # open cases of the one IFK with the largest caseload
    heavy_day: int = 0  # next steps of that IFK on one day
    big_team: int = 0  # open cases of the team of that IFK, which then has fifteen
    # Contacts of the cases beside the very long one, of the same IFK: what a measurement compares it with.
    ordinary_histories: tuple[int, ...] = (38, 39, 40, 40, 41, 42)
    agreements: int = 0  # versions
    providers: int = 0
    offers: int = 0  # published
    choices: int = 0

    @property
    def cases(self) -> int:
        return self.people + self.taken_up_again

    @property
    def contacts_per_case(self) -> float:
        return (self.contacts - self.long_history - sum(self.ordinary_histories) - CHANGEABLE.contacts) / self.cases

    @property
    def further_steps(self) -> float:
        """Next steps per contact beside the one that each contact needs: successors and second steps."""
        closed = self.cases - self.open_cases
        return (self.follow_ups - self.contacts - self.cases + closed) / self.contacts


SIZES = {
    # For tests of the command itself.
    "XS": Size(
        3,
        4,
        2,
        120,
        150,
        6,
        900,
        1_150,
        7_500,
        3,
        400,
        60,
        ordinary_histories=(),
        agreements=220,
        providers=8,
        offers=28,
        choices=60,
    ),
    "S": Size(
        3,
        9,
        3,
        1_000,
        1_200,
        40,
        6_000,
        7_500,
        50_000,
        3,
        400,
        400,
        agreements=2_000,
        providers=12,
        offers=40,
        choices=300,
    ),
    "M": Size(
        13,
        140,
        10,
        14_000,
        26_000,
        1_100,
        250_000,
        320_000,
        2_000_000,
        3,
        660,
        400,
        250,
        60,
        1_500,
        agreements=60_000,
        providers=45,
        offers=150,
        choices=12_000,
    ),
    "L": Size(
        17,
        235,
        15,
        16_000,
        70_000,
        1_300,
        1_000_000,
        1_300_000,
        10_000_000,
        10,
        660,
        400,
        250,
        60,
        1_500,
        agreements=220_000,
        providers=90,
        offers=600,
        choices=45_000,
    ),
}


class WorkCalendar:
    """The working days around the reference day, by number: 0 is the first one, `today` the next to come.

    Everything that has happened lies before `today`, so that it is never ahead of the clock.
    """

    def __init__(self, reference: dt.date, years: int) -> None:
        first = reference - dt.timedelta(days=366 * years + 60)
        span = (first + dt.timedelta(days=n) for n in range(366 * years + 60 + 500))
        # The house keeps quiet on Christmas Eve and New Year's Eve, though no law closes it.
        self.days = [day for day in span if is_working_day(day) and (day.month, day.day) not in QUIET_DAYS]
        self.reference = reference
        self.today = bisect.bisect_left(self.days, reference)
        self.yesterday = self.today - 1

    def index(self, day: dt.date) -> int:
        """The number of the first working day on or after the day."""
        return bisect.bisect_left(self.days, day)

    @property
    def works_today(self) -> bool:
        return self.days[self.today] == self.reference

    def moment(self, index: int, minute: int, second: int = 0) -> dt.datetime:
        """A time of the working day, minutes after midnight in Göttingen."""
        clock = dt.time(minute // 60, minute % 60, second, tzinfo=BERLIN)
        return dt.datetime.combine(self.days[index], clock)


QUIET_DAYS = ((12, 24), (12, 31))

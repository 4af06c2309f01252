"""Taktung: from the words of an agreement to the next date that they ask for, and from nothing else (R4.3-2).

The rule: a wording is read only when all of it is understood. What remains beside an interval, weekdays or dates must
be words that change nothing ("gern vormittags, am Telefon"); any other word may be a condition, so nothing is proposed:

- an event is no interval: "nach dem Praktikum", "2 Wochen nach dem Praktikum", "wenn er sich meldet", "nach Absprache";
- nor is an interval that an event begins or ends: "alle 3 Wochen, nach dem Praktikum neu";
- nor are two different ones: "wöchentlich am Telefon, monatlich hier".

Of a span the longer end counts ("alle 2 bis 3 Wochen"): the person is not asked in earlier than was agreed. There is no
setting and no default here: no wording, no date. Who proposes shows the wording beside the date; both can be changed.
"""

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from jobcenter.platform.workdays import add_working_days, next_working_day

# What lies further ahead is a slip of the pen ("alle 500 Wochen"), no rhythm.
FURTHEST = dt.timedelta(days=2 * 366)
# A day without a year is the one within half a year; else a day that has passed would come back a year later.
NEAR = dt.timedelta(days=183)
LONGEST_TEXT = 400


def propose(text: str, *, after: dt.date, local_days: Collection[dt.date] = ()) -> dt.date | None:
    """The working day that the worded rhythm asks for next, or None when it names none without doubt (R4.3-2).

    `after` is the day of the talk; months keep its day or end with the month ("monatlich" after 31.01. is 28.02.).
    """
    rhythm = _read(_plain(text)) if len(text) <= LONGEST_TEXT else None
    day = rhythm.next(after) if rhythm else None
    return next_working_day(day, local_days) if day and after < day <= after + FURTHEST else None


# --- the words -------------------------------------------------------------------------------------------------
# In lower case, ä as ae and ß as ss (see _plain).

NUMBERS = {
    **dict.fromkeys(("ein", "eine", "einen", "einem", "einer"), 1),
    **{
        "zwei": 2,
        "zwo": 2,
        "drei": 3,
        "vier": 4,
        "fuenf": 5,
        "sechs": 6,
        "sieben": 7,
        "acht": 8,
        "neun": 9,
        "zehn": 10,
    },
    **{"elf": 11, "zwoelf": 12, "vierzehn": 14, "fuenfzehn": 15, "zwanzig": 20, "dreissig": 30},
}
ORDINALS = {
    "zweit": 2,
    "dritt": 3,
    "viert": 4,
    "fuenft": 5,
    "sechst": 6,
    "siebt": 7,
    "acht": 8,
    "neunt": 9,
    "zehnt": 10,
}
IN_MONTH = {"erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "letzt": -1}
WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
SHORT_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
MONTHS = ("jan", "feb", "mae", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
HARMLESS = frozenset(
    re.findall(
        r"[a-z-]+",
        """
        und oder u je jeweils immer auch dazwischen weiter weiterhin erneut wieder kurz lang gern gerne bitte gemeinsam
        zusammen fest feste fester festen regelmaessig regelmaessige regelmaessigen vereinbart geplant
        ca circa etwa ungefaehr rund mindestens wenigstens hoechstens maximal spaetestens laengstens moeglichst
        der die das den dem des ein eine einen einem einer in im am an auf bei mit per zu zum zur von vom fuer ueber
        wir uns ich er sie sich person beide beiden regel
        sehen treffen sprechen reden telefonieren schreiben besprechen austauschen melden meldet ruft kommt
        taktung takt rhythmus turnus abstand abstaende abstaenden kontakt kontakte beratung beratungsgespraech termin
        termine gespraech gespraeche gespraechen austausch rueckmeldung telefonat telefonate anruf zwischenstand
        persoenlich persoenliche persoenliches persoenlichen telefon telefonisch telefonische telefonisches digital
        online video videogespraech mail e-mail email brief schriftlich ort hause jobcenter buero haus draussen
        morgens frueh vormittag vormittags mittag mittags nachmittag nachmittags abend abends uhr
        """,
    )
)

_NUMBER = rf"(?:[0-9]{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_ORDINAL = rf"(?:[0-9]{{1,2}}\.|(?:{'|'.join(ORDINALS)})e[nrs]?)"
_SPAN = rf"(?:(?P<low>{_NUMBER})-? ?(?:-|/|bis|bis zu|oder) ?)?(?P<n>{_NUMBER})"
_UNITS = {
    "day": r"tag(?:e[ns]?)?",
    "workday": r"(?:arbeits|werk)tag(?:e[ns]?)?",
    "week": r"wochen?|wo\.?",
    "month": r"monat(?:e[ns]?|s)?",
    "quarter": r"quartal(?:e[ns]?|s)?|viertel-?jahr(?:e[ns]?|s)?",
    "half": r"halb-?jahr(?:e[ns]?|s)?|halbe[ns]? jahr(?:en?)?",
    "year": r"jahr(?:e[ns]?|s)?",
}
_ADVERBS = {
    "day": r"taeglich|taegig",
    "workday": r"(?:werk|arbeits)taeglich",
    "week": r"woechentlich|woechig|wochenweise",
    "month": r"monatlich|monatig|monatsweise|mtl\.?",
    "quarter": r"vierteljaehrlich|quartalsweise",
    "half": r"halbjaehrlich",
    "year": r"jaehrlich",
}


def _one_of(patterns: dict[str, str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns.values())


_UNIT = rf"(?P<unit>{_one_of(_UNITS)})(?![\w-])"
_ADVERB = rf"(?P<unit>{_one_of(_ADVERBS)})(?:e[nrms]?)?(?![\w-])"
_EITHER = rf"(?P<unit>{_one_of(_UNITS)}|{_one_of(_ADVERBS)})(?![\w-])"
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)}|sonnabend)"
_MONTH_END = r" (?:im|des|eines|eines jeden|in jedem|jeden) monat(?:e?s)?(?![\w-])"

_CLOCK = r"[0-9]{1,2}(?:[:.][0-9]{2})?"
TIME = re.compile(
    rf"\b(?:(?:um|gegen|von|zwischen) )?{_CLOCK}(?: ?(?:-|bis|und) ?{_CLOCK})? ?uhr\b"
    r"|\b(?:um )?[0-9]{1,2}:[0-9]{2}\b|\bum [0-9]{1,2}\b(?!\.)"
)
DATE = re.compile(
    rf"(?:\b(?:{'|'.join((*WEEKDAYS, *SHORT_WEEKDAYS))})\.?,? )?(?:\bden )?"
    r"(?:(?<![\w.-])(?P<year_first>[0-9]{4})-(?P<m1>[0-9]{2})-(?P<d1>[0-9]{2})(?![\w-])"
    r"|(?<![\w.-])(?P<day>[0-9]{1,2})\. ?(?:(?P<month>[0-9]{1,2})(?![0-9])\.?"
    r"|(?P<name>jan|feb|apr|mai|juni?|juli?|aug|sept?|okt|nov|dez|maerz|januar|februar|april|august"
    r"|(?:septem|novem|dezem)ber|oktober)(?![a-z])\.?)(?: ?(?P<year>[0-9]{4}|[0-9]{2})(?![\w-]|\. ?[0-9]))?)"
)
DAY_OF_MONTH = re.compile(rf"\b(?:(?:am|zum|jeden) )?(?P<day>[0-9]{{1,2}})\.{_MONTH_END}")
NTH_WEEKDAY = re.compile(
    rf"\b(?:(?:am|jeden|an jedem) )?(?:(?P<nth>{'|'.join(IN_MONTH)})en?|(?P<digit>[1-4])\.) {_WEEKDAY}s?{_MONTH_END}"
)
COUNTED = re.compile(
    rf"\b{_SPAN} ?(?:x|×|-?mal)(?: ?/ ?| (?:im|in der|in einem|in einer|in|pro|je|die|am|den|jede[nrs]?|alle) | )"
    rf"(?:(?P<per>{_NUMBER}) )?{_EITHER}"
)
EVERY_FEW = re.compile(
    rf"\b(?:alle|(?:im abstand|in abstaenden) von) {_SPAN}[ -]?{_UNIT}"
    r"|\balle (?P<whole>halben? jahre?|(?:viertel|halb)jahre?)(?![\w-])"
)
WEEKS_RHYTHM = re.compile(rf"\b{_SPAN}-?(?P<unit>wochen)-?(?:rhythmus|takt|turnus|abstand|abstaenden?)(?![\w-])")
EVERY_WEEKDAY = re.compile(
    rf"\b(?:an )?jede[mnr]? (?:(?P<nth>{_ORDINAL}) )?(?P<weekday>{'|'.join((*WEEKDAYS, *SHORT_WEEKDAYS))})(?![\w-])"
)
EVERY = re.compile(rf"\b(?:in )?jede[mnrs]? (?:(?P<nth>{_ORDINAL}) )?{_UNIT}")
ADVERB = re.compile(rf"(?<![\w-])(?:{_SPAN}[ -]?)?{_ADVERB}")
ON_WEEKDAY = re.compile(
    rf"\b(?P<always>(?:immer|jeweils) )?(?:am )?{_WEEKDAY}"
    r"(?:-?(?:vormittag|nachmittag|morgen|mittag|abend))?(?P<s>s)?(?![\w-])"
)


def _plain(text: str) -> str:
    """One way of writing: lower case, ae for ä, one kind of dash, single spaces."""
    text = unicodedata.normalize("NFC", text).lower()
    for found, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("\u2011", "-"), ("–", "-"), ("—", "-")):
        text = text.replace(found, plain)
    return " ".join(text.split())


# --- what they mean --------------------------------------------------------------------------------------------


def _nth_weekday(month: dt.date, nth: int, weekday: int) -> dt.date:
    days = [day for day in calendar.Calendar().itermonthdates(month.year, month.month) if day.month == month.month]
    return [day for day in days if day.weekday() == weekday][nth - 1 if nth > 0 else nth]


def _months_on(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Interval:
    """Every so many days, working days or months; every week on its weekdays when nothing else is said."""

    days: int = 0
    workdays: int = 0
    months: int = 0

    def after(self, day: dt.date) -> dt.date:
        if self.workdays:
            return add_working_days(day, self.workdays)
        return _months_on(day + dt.timedelta(days=self.days), self.months)


UNIT_AS_INTERVAL = {
    "day": Interval(days=1),
    "workday": Interval(workdays=1),
    "week": Interval(days=7),
    "month": Interval(months=1),
    "quarter": Interval(months=3),
    "half": Interval(months=6),
    "year": Interval(months=12),
}


@dataclass(frozen=True)
class NamedDay:
    """A day of the calendar as it was written, with or without its year."""

    day: int
    month: int
    year: int | None

    def in_year(self, year: int) -> dt.date | None:
        try:
            return dt.date(year, self.month, self.day)
        except ValueError:
            return None


@dataclass
class Rhythm:
    """What was understood; exactly one kind of it is a rhythm."""

    interval: Interval | None = None
    weekdays: frozenset[int] = frozenset()
    named_days: list[NamedDay] = field(default_factory=list)
    day_of_month: int = 0
    weekday_of_month: tuple[int, int] | None = None

    def next(self, after: dt.date) -> dt.date | None:
        if self.named_days:
            return min((day for day in self._days(after) if day > after), default=None)
        if self.day_of_month or self.weekday_of_month:
            return self._in_month(after)
        if self.interval:
            return self._on_weekday(self.interval.after(after))
        return next(day for day in _following(after) if day.weekday() in self.weekdays)

    def _on_weekday(self, day: dt.date) -> dt.date:
        """The agreed weekday of the week into which the interval leads."""
        if not self.weekdays:
            return day
        return day + dt.timedelta(days=min(self.weekdays) - day.weekday())

    def _in_month(self, after: dt.date) -> dt.date | None:
        for months in (0, 1):
            first = _months_on(after.replace(day=1), months)
            day = (
                _nth_weekday(first, *self.weekday_of_month)
                if self.weekday_of_month
                else first.replace(day=min(self.day_of_month, calendar.monthrange(first.year, first.month)[1]))
            )
            if day > after:
                return day
        return None

    def _days(self, after: dt.date) -> Iterator[dt.date]:
        """Days that are no days (31.02.) leave nothing to propose; a year stands for the days before it, too."""
        found: list[dt.date] = []
        for named in reversed(self.named_days):
            day = named.in_year(named.year) if named.year else self._without_year(named, after, found)
            if named.year and day is None:
                return
            if day:
                found.append(day)
        yield from found

    @staticmethod
    def _without_year(named: NamedDay, after: dt.date, later: list[dt.date]) -> dt.date | None:
        if later:
            days = [named.in_year(later[-1].year - back) for back in (0, 1)]
            return next((day for day in days if day and day < later[-1]), None)
        days = [named.in_year(after.year + on) for on in (0, 1)]
        return next((day for day in days if day and after < day <= after + NEAR), None)


def _following(after: dt.date) -> Iterator[dt.date]:
    return (after + dt.timedelta(days=count) for count in range(1, 8))


# --- reading ---------------------------------------------------------------------------------------------------


class _Wording:
    """A text from which is taken what was understood; what is left at the end must be harmless."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        found = list(pattern.finditer(self.text))
        self.text = pattern.sub(" ; ", self.text)
        return found

    @property
    def is_understood(self) -> bool:
        return all(word in HARMLESS for word in re.split(r"""[\s,;.:!()"„“”»«&+]+""", self.text) if word)


def _read(text: str) -> Rhythm | None:
    """The rhythm, when the whole text is one and says it once."""
    wording = _Wording(text)
    wording.take(TIME)
    of_month = [_of_month(match) for pattern in (NTH_WEEKDAY, DAY_OF_MONTH) for match in wording.take(pattern)]
    days = [_named_day(match) for match in wording.take(DATE)]
    intervals, weekdays, weekly = _intervals(wording)
    if not wording.is_understood or None in intervals or None in of_month or None in days:
        return None
    if days or of_month:
        alone = not (intervals or weekdays or days and of_month) and len(of_month) < 2
        return (of_month or [Rhythm(named_days=[day for day in days if day])])[0] if alone else None
    if len(intervals) == 1 or (weekly and not intervals):
        return Rhythm(interval=next(iter(intervals), None), weekdays=frozenset(weekdays))
    return None


def _intervals(wording: _Wording) -> tuple[set[Interval | None], set[int], bool]:
    """The intervals (None: one that cannot be meant), the weekdays, whether these return each week by themselves."""
    intervals = {_counted(match) for match in wording.take(COUNTED)}
    for pattern in (EVERY_FEW, WEEKS_RHYTHM):
        intervals |= {_every_few(match) for match in wording.take(pattern)}
    each = wording.take(EVERY_WEEKDAY)
    intervals |= {_times(UNIT_AS_INTERVAL["week"], _ordinal(match["nth"])) for match in each if match["nth"]}
    intervals |= {_times(_unit(match["unit"]), _ordinal(match["nth"])) for match in wording.take(EVERY)}
    intervals |= {_every_few(match) for match in wording.take(ADVERB)}
    named = wording.take(ON_WEEKDAY)
    weekly = bool(each) or any(match["s"] or match["always"] for match in named)
    return intervals, {_weekday(match["weekday"]) for match in (*each, *named)}, weekly


def _every_few(match: re.Match[str]) -> Interval | None:
    words = match.groupdict()
    if words.get("whole"):
        return _unit(words["whole"])
    if words["n"] is None:
        return None if match["unit"].endswith("ig") else _unit(match["unit"])
    low, high = _number(words["low"] or words["n"]), _number(words["n"])
    return _times(_unit(match["unit"]), max(low, high)) if min(low, high) else None


def _counted(match: re.Match[str]) -> Interval | None:
    """ "2x im Monat": the fewest of a span, when they come out even; twice a month is every second week."""
    count = min(_number(match["low"] or match["n"]), _number(match["n"]))
    whole = _times(_unit(match["unit"]), _number(match["per"] or "1"))
    if not count or whole is None:
        return None
    if whole == Interval(months=1) and count == 2:
        return Interval(days=14)
    parts = (whole.days, whole.workdays, whole.months)
    return Interval(*(part // count for part in parts)) if not any(part % count for part in parts) else None


def _times(unit: Interval, count: int) -> Interval | None:
    """None for what is no interval (0) or leads too far to be one."""
    many = Interval(unit.days * count, unit.workdays * count, unit.months * count)
    days = many.days + many.workdays * 7 / 5 + many.months * 30
    return many if 0 < days <= FURTHEST.days else None


def _unit(word: str) -> Interval:
    patterns = {name: f"{unit}|(?:{_ADVERBS[name]})" for name, unit in _UNITS.items()}
    return UNIT_AS_INTERVAL[next(name for name, pattern in patterns.items() if re.fullmatch(pattern, word))]


def _number(word: str) -> int:
    return NUMBERS[word] if word in NUMBERS else int(word)


def _ordinal(word: str | None) -> int:
    if word is None:
        return 1
    return int(word[:-1]) if word.endswith(".") else ORDINALS[re.sub(r"e[nrs]?$", "", word)]


def _weekday(word: str) -> int:
    names = SHORT_WEEKDAYS if len(word) == 2 else WEEKDAYS
    return names.index("samstag" if word == "sonnabend" else word)


def _of_month(match: re.Match[str]) -> Rhythm | None:
    words = match.groupdict()
    if "weekday" in words:
        nth = int(words["digit"]) if words["digit"] else IN_MONTH[words["nth"]]
        return Rhythm(weekday_of_month=(nth, _weekday(words["weekday"])))
    day = int(words["day"])
    return Rhythm(day_of_month=day) if 1 <= day <= 31 else None


def _named_day(match: re.Match[str]) -> NamedDay | None:
    words = match.groupdict()
    day = int(words["day"] or words["d1"])
    month = MONTHS.index(words["name"][:3]) + 1 if words["name"] else int(words["month"] or words["m1"])
    year = int(words["year_first"] or words["year"] or 0)
    named = NamedDay(day, month, year + 2000 if 0 < year < 100 else year or None)
    return named if named.in_year(2028) else None  # a leap year: 29.02. is a day, 31.02. is none

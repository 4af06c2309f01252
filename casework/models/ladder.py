"""The ladder of reminders: how long an overdue item waits before the next person is told of it (R4.3-4, domain.md 8).

Own mail, whoever stands in, team lead. Grace is counted in working days of Niedersachsen and postpones; nothing is
dropped: what nobody stands in for is told to the lead at once.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, IntegerChoices, Q

from casework.models.absences import LocalDay
from casework.models.base import Record
from casework.models.people import Organisation
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import is_working_day, working_day_before

MOST_GRACE = 10
LONGEST = 30
LOOK_BACK = dt.timedelta(days=2 * LONGEST + 20)  # in which 30 working days lie, whatever holidays there are


class Weekday(IntegerChoices):
    MONDAY = 0, "Montag"
    TUESDAY = 1, "Dienstag"
    WEDNESDAY = 2, "Mittwoch"
    THURSDAY = 3, "Donnerstag"
    FRIDAY = 4, "Freitag"


def _within(first: int, last: int) -> list[Any]:
    sentence = f"Bitte eine Zahl von {first} bis {last}."
    return [MinValueValidator(first, sentence), MaxValueValidator(last, sentence)]


class ReminderLadder(Record):
    """The steps of one organisation; without a row the defaults hold."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="reminder_ladder", verbose_name="Organisation"
    )
    own_after = models.PositiveSmallIntegerField(
        "zuständige IFK",
        default=0,
        validators=_within(0, MOST_GRACE),
        help_text="So viele Arbeitstage darf etwas überfällig sein, bevor die Mail der zuständigen IFK davon erzählt. "
        "0: gleich am nächsten Arbeitstag.",
    )
    substitute_after = models.PositiveSmallIntegerField(
        "Vertretung",
        default=0,
        validators=_within(0, MOST_GRACE),
        help_text="Ist die IFK abwesend: so viele Arbeitstage, bevor die Mail der Vertretung davon erzählt. "
        "0: gleich am nächsten Arbeitstag.",
    )
    lead_after = models.PositiveSmallIntegerField(
        "Teamleitung",
        default=5,
        validators=_within(1, LONGEST),
        help_text="Ist etwas länger als so viele Arbeitstage überfällig, zählt es die wöchentliche Mail "
        "der Teamleitung. Wofür niemand da ist, erfährt die Teamleitung immer gleich.",
    )
    lead_weekday = models.PositiveSmallIntegerField(
        "Wochentag der Teamleitung",
        choices=Weekday.choices,
        default=Weekday.MONDAY,
        help_text="Ist das Haus an diesem Tag geschlossen, geht die Mail am nächsten Arbeitstag der Woche hinaus, "
        "sonst am letzten davor.",
    )

    class Meta:
        verbose_name = "Stufen der Erinnerung"
        verbose_name_plural = "Stufen der Erinnerung"
        constraints = [
            CheckConstraint(
                condition=Q(own_after__lte=MOST_GRACE) & Q(substitute_after__lte=MOST_GRACE),
                name="ladder_grace_is_short",
                violation_error_message=f"Bitte höchstens {MOST_GRACE} Arbeitstage.",
            ),
            CheckConstraint(
                condition=Q(lead_after__range=(1, LONGEST)),
                name="ladder_reaches_the_lead",
                violation_error_message=f"Die Teamleitung erfährt es nach 1 bis {LONGEST} Arbeitstagen.",
            ),
            CheckConstraint(
                condition=Q(own_after__lte=F("lead_after")) & Q(substitute_after__lte=F("lead_after")),
                name="ladder_climbs",
                violation_error_message="Die Teamleitung erfährt nichts vor der IFK und ihrer Vertretung.",
            ),
            CheckConstraint(
                condition=Q(lead_weekday__in=Weekday.values),
                name="ladder_weekday_known",
                violation_error_message="Bitte einen Tag von Montag bis Freitag.",
            ),
        ]


_LADDERS = """
SELECT o.id, o.name, l.own_after, l.substitute_after, l.lead_after, l.lead_weekday
  FROM casework_organisation AS o LEFT JOIN casework_reminderladder AS l ON l.organisation_id = o.id
 ORDER BY o.name, o.id
"""

_OF_TEAMS = """
SELECT t.id, t.name, l.own_after, l.substitute_after, l.lead_after, l.lead_weekday
  FROM casework_team AS t LEFT JOIN casework_reminderladder AS l ON l.organisation_id = t.organisation_id
 WHERE t.id = ANY(%(teams)s)
 ORDER BY t.name, t.id
"""

# What the statements of reminders know of the ladders: items due before these days are told.
RUNGS = """
    ladder AS (
        SELECT * FROM unnest(%(organisations)s::bigint[], %(own_before)s::date[], %(substitute_before)s::date[],
                             %(lead_before)s::date[], %(leads_told)s::boolean[])
            AS l (organisation_id, own_before, substitute_before, lead_before, leads_told)
    )
"""


@dataclass(frozen=True)
class Rungs:
    """The values of one ladder; the model's defaults where nobody has set any."""

    own_after: int
    substitute_after: int
    lead_after: int
    lead_weekday: int


def _rungs(own: int | None, substitute: int, lead: int, weekday: int) -> Rungs:
    if own is not None:
        return Rungs(own, substitute, lead, weekday)
    default = ReminderLadder()
    return Rungs(default.own_after, default.substitute_after, default.lead_after, default.lead_weekday)


def ladders_of_organisations() -> list[tuple[int, str, Rungs]]:
    """Id and name of each organisation, and the ladder in force there."""
    return [(pk, name, _rungs(*values)) for pk, name, *values in read(_LADDERS, {})]


def ladders_of_teams(team_ids: Iterable[int]) -> list[tuple[int, str, Rungs]]:
    """Id and name of each of these teams, and the ladder in force there: that of the team's organisation."""
    return [(pk, name, _rungs(*values)) for pk, name, *values in read(_OF_TEAMS, {"teams": list(team_ids)})]


def teams_by_grace(teams: Iterable[tuple[int, str, Rungs]]) -> dict[int, list[int]]:
    """After how many working days leads are told -> of which of these teams; never empty, so that there is a number."""
    found: dict[int, list[int]] = {}
    for team_id, _, rungs in teams:
        found.setdefault(rungs.lead_after, []).append(team_id)
    return dict(sorted(found.items())) or {ReminderLadder().lead_after: []}


def read_rungs(day: dt.date) -> dict[str, Any]:
    """The ladders of all organisations as days, for `RUNGS`; two statements, however many there are."""
    around = (day - LOOK_BACK, day + dt.timedelta(days=7))
    closed = frozenset(LocalDay.objects.filter(date__range=around).values_list("date", flat=True))
    ladders = ladders_of_organisations()
    before = {count: working_day_before(day, count, closed) for count in _counts(rungs for _, _, rungs in ladders)}
    return {
        "organisations": [pk for pk, _, _ in ladders],
        "own_before": [before[rungs.own_after] for _, _, rungs in ladders],
        "substitute_before": [before[rungs.substitute_after] for _, _, rungs in ladders],
        "lead_before": [before[rungs.lead_after] for _, _, rungs in ladders],
        "leads_told": [day >= lead_day(day, rungs.lead_weekday, closed) for _, _, rungs in ladders],
        "later": [date for date in working_days_of_week(day, closed) if date > day],
    }


def _counts(ladders: Iterable[Rungs]) -> set[int]:
    return {count for rungs in ladders for count in (rungs.own_after, rungs.substitute_after, rungs.lead_after)}


def working_days_of_week(day: dt.date, closed: frozenset[dt.date]) -> list[dt.date]:
    """The days of the day's week, from Monday on, on which the house works."""
    monday = day - dt.timedelta(days=day.weekday())
    dates = [monday + dt.timedelta(days=number) for number in range(7)]
    return [date for date in dates if is_working_day(date, closed)]


def lead_day(day: dt.date, weekday: int, closed: frozenset[dt.date]) -> dt.date:
    """From which day of its week on leads are told: the first working day from the weekday on, else the last one."""
    wanted = day + dt.timedelta(days=weekday - day.weekday())
    working = working_days_of_week(day, closed)
    return next((date for date in working if date >= wanted), max(working, default=wanted))


# --- in words --------------------------------------------------------------------------------------------------------

NUMBERS = ("einem", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")


def days_label(*counts: int) -> str:
    """`fünf Arbeitstagen`, as in "seit mehr als …"; `fünf oder acht Arbeitstagen` where teams differ."""
    numbers = [NUMBERS[count - 1] if count <= len(NUMBERS) else str(count) for count in counts]
    return f"{' oder '.join(numbers)} {'Arbeitstag' if counts == (1,) else 'Arbeitstagen'}"


def _when(count: int) -> str:
    return f", wenn es seit mehr als {days_label(count)} überfällig ist" if count else " am nächsten Arbeitstag"


def in_words(rungs: Rungs) -> list[str]:
    """The ladder in sentences: who is told when, one sentence a step."""
    weekday = Weekday(rungs.lead_weekday).label
    return [
        f"Was überfällig ist, erfährt die zuständige IFK{_when(rungs.own_after)}.",
        f"Ist sie als abwesend eingetragen, erfährt es ihre Vertretung{_when(rungs.substitute_after)}.",
        "Ist auch keine Vertretung da, erfährt es die Teamleitung am nächsten Arbeitstag.",
        f"Was im Team seit mehr als {days_label(rungs.lead_after)} überfällig ist, zählt die Mail an die Teamleitung: "
        f"einmal in der Woche, ab {weekday}.",
        "An freien Tagen wird niemand angeschrieben; die Mail kommt am nächsten Arbeitstag.",
    ]

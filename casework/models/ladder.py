"""The ladder of reminders: how long an overdue item waits before the next person is told of it (R4.3-4, domain.md 8).

Own mail, whoever stands in, team lead. Grace is counted in working days of Niedersachsen and postpones; nothing is
dropped: what nobody stands in for is told to the lead at once.
"""

import datetime as dt
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
SELECT o.id, l.own_after, l.substitute_after, l.lead_after, l.lead_weekday
  FROM casework_organisation AS o LEFT JOIN casework_reminderladder AS l ON l.organisation_id = o.id
 ORDER BY o.id
"""

# What the statements of reminders know of the ladders: items due before these days are told.
RUNGS = """
    ladder AS (
        SELECT * FROM unnest(%(organisations)s::bigint[], %(own_before)s::date[], %(substitute_before)s::date[],
                             %(lead_before)s::date[], %(leads_told)s::boolean[])
            AS l (organisation_id, own_before, substitute_before, lead_before, leads_told)
    )
"""


def read_rungs(day: dt.date) -> dict[str, Any]:
    """The ladders of all organisations as days, for `RUNGS`; two statements, however many there are."""
    around = (day - LOOK_BACK, day + dt.timedelta(days=7))
    closed = frozenset(LocalDay.objects.filter(date__range=around).values_list("date", flat=True))
    default = ReminderLadder()
    rungs: dict[str, Any] = {
        "organisations": [],
        "own_before": [],
        "substitute_before": [],
        "lead_before": [],
        "leads_told": [],
    }
    for organisation, own, substitute, lead, weekday in read(_LADDERS, {}):
        if own is None:
            own, substitute = default.own_after, default.substitute_after
            lead, weekday = default.lead_after, default.lead_weekday
        rungs["organisations"].append(organisation)
        rungs["own_before"].append(working_day_before(day, own, closed))
        rungs["substitute_before"].append(working_day_before(day, substitute, closed))
        rungs["lead_before"].append(working_day_before(day, lead, closed))
        rungs["leads_told"].append(day >= lead_day(day, weekday, closed))
    return rungs


def lead_day(day: dt.date, weekday: int, closed: frozenset[dt.date]) -> dt.date:
    """From which day of its week on leads are told: the first working day from the weekday on, else the last one."""
    monday = day - dt.timedelta(days=day.weekday())
    working = [date for number in range(7) if is_working_day(date := monday + dt.timedelta(days=number), closed)]
    wanted = monday + dt.timedelta(days=weekday)
    return next((date for date in working if date >= wanted), max(working, default=wanted))


def lead_after(organisation_id: int) -> int:
    """After how many working days the leads of an organisation are told."""
    ladder = ReminderLadder.objects.filter(organisation=organisation_id).first() or ReminderLadder()
    return ladder.lead_after


NUMBERS = ("einem", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")


def days_label(count: int) -> str:
    """`fünf Arbeitstagen`, as in "seit mehr als …"."""
    number = NUMBERS[count - 1] if count <= len(NUMBERS) else str(count)
    return f"{number} Arbeitstag" if count == 1 else f"{number} Arbeitstagen"

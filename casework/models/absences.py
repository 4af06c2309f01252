"""Who is away, who stands in, and on which days the house is closed."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now

from casework.models.base import Record
from casework.models.people import User
from jobcenter.platform.constraints import not_blank


class Absence(Record):
    """A member of staff is away, from–to (upper day not included), or from a day on until further notice.

    No reason is asked or kept (domain.md 12.11).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    during = DateRangeField("während")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Abwesenheit"
        verbose_name_plural = "Abwesenheiten"
        constraints = [
            ExclusionConstraint(
                name="one_absence_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message="Für diese Tage ist schon eine Abwesenheit eingetragen.",
            ),
            CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__startswith__isnull=False),
                name="absence_period_real",
            ),
        ]


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def in_force(self, day: dt.date) -> "SubstitutionQuerySet":
        return self.filter(during__contains=day)

    def of_substitute(self, user_id: int) -> "SubstitutionQuerySet":
        return self.filter(substitute_id=user_id)


class Substitution(Record):
    """Somebody stands in during (a part of) an absence. A substitute has no substitute (design.md 4).

    Without an end as long as the absence has none.
    """

    absence = models.ForeignKey(Absence, models.PROTECT, related_name="substitutions")
    absent_user = models.ForeignKey(User, models.PROTECT, related_name="+")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="substitutions")
    during = DateRangeField("während")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Written by the trigger `substitution_remembers`: what a calendar was told and has to take back.
    widest = DateRangeField(null=True, editable=False)
    revision = models.PositiveIntegerField(db_default=0, editable=False)
    narrowed = models.DateTimeField(null=True, editable=False)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = "Vertretung"
        verbose_name_plural = "Vertretungen"
        constraints = [
            ExclusionConstraint(
                name="one_substitute_at_a_time",
                expressions=[("absent_user", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message="Für diese Tage ist schon eine Vertretung eingetragen.",
            ),
            CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__startswith__isnull=False),
                name="substitution_period_real",
            ),
            CheckConstraint(
                condition=~Q(substitute=models.F("absent_user")),
                name="substitute_is_somebody_else",
                violation_error_message="Niemand kann sich selbst vertreten.",
            ),
        ]
        indexes = [models.Index(fields=["substitute"], name="substitution_of_substitute")]


class StandingSubstitute(Record):
    """Who stands in for somebody when an absence names nobody else. A proposal: what counts is the Substitution."""

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="standing_substitute")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="ständige Vertretung")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "ständige Vertretung"
        verbose_name_plural = "ständige Vertretungen"
        constraints = [
            CheckConstraint(
                condition=~Q(substitute=models.F("user")),
                name="standing_substitute_is_somebody_else",
                violation_error_message="Niemand kann sich selbst vertreten.",
            ),
        ]


class WorkPattern(Record):
    """On which days of the week somebody works, from a day on until the next pattern. Without one: Monday to Friday.

    `weekdays` is a sum of 1 (Monday), 2, 4, 8, 16 (Friday), so that no day can be named twice.
    """

    ALL = 31

    user = models.ForeignKey(User, models.PROTECT, related_name="work_patterns")
    since = models.DateField("gilt ab")
    weekdays = models.PositiveSmallIntegerField("Wochentage")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Arbeitstage"
        verbose_name_plural = "Arbeitstage"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "since"],
                name="one_work_pattern_from_a_day_on",
                violation_error_message="Ab diesem Tag ist schon etwas eingetragen.",
            ),
            CheckConstraint(condition=Q(weekdays__range=(1, 31)), name="work_pattern_has_days"),
        ]


class LocalDay(Record):
    """A day on which the house is closed beside the public holidays of Niedersachsen."""

    date = models.DateField("Tag", unique=True)
    text = models.CharField("Anlass", max_length=120)

    class Meta:
        verbose_name = "örtlicher freier Tag"
        verbose_name_plural = "örtliche freie Tage"
        constraints = [not_blank("text", "local_day_named")]

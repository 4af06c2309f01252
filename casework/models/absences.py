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
    """A member of staff is away, from–to (upper day not included). No reason is asked or kept (domain.md 12.11)."""

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
    """Somebody stands in during (a part of) an absence. A substitute has no substitute (design.md 4)."""

    absence = models.ForeignKey(Absence, models.PROTECT, related_name="substitutions")
    absent_user = models.ForeignKey(User, models.PROTECT, related_name="+")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="substitutions")
    during = DateRangeField("während")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

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
                condition=Q(during__isempty=False)
                & Q(during__startswith__isnull=False)
                & Q(during__endswith__isnull=False),
                name="substitution_period_real",
            ),
            CheckConstraint(
                condition=~Q(substitute=models.F("absent_user")),
                name="substitute_is_somebody_else",
                violation_error_message="Niemand kann sich selbst vertreten.",
            ),
        ]
        indexes = [models.Index(fields=["substitute"], name="substitution_of_substitute")]


class LocalDay(Record):
    """A day on which the house is closed beside the public holidays of Niedersachsen."""

    date = models.DateField("Tag", unique=True)
    text = models.CharField("Anlass", max_length=120)

    class Meta:
        verbose_name = "örtlicher freier Tag"
        verbose_name_plural = "örtliche freie Tage"
        constraints = [not_blank("text", "local_day_named")]

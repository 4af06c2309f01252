"""Rechtsstand: names that the law has changed three times since 2022 are effective-dated, never constants (R1-3)."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import CheckConstraint, Q

from casework.models.base import Record
from jobcenter.platform.constraints import not_blank


class LegalRegimeQuerySet(models.QuerySet["LegalRegime"]):
    def on(self, day: dt.date) -> "LegalRegimeQuerySet":
        """What held on the day; at most one row."""
        return self.filter(during__contains=day)


class LegalRegime(Record):
    """How benefit and plan are called from when until when, and whether the agreement is that plan in this house."""

    during = DateRangeField(
        "gilt", help_text="Das Ende ist der erste Tag, an dem es nicht mehr gilt; leer: bis auf Weiteres."
    )
    benefit_name = models.CharField("Name der Leistung", max_length=80)
    plan_name = models.CharField("Name des Plans", max_length=80)
    agreement_is_plan = models.BooleanField(
        "die Vereinbarung ist der Plan",
        default=False,
        help_text="Nur dann erscheint der Name des Plans, in der Akte und auf dem Blatt zum Mitgeben.",
    )
    source = models.CharField("Fundstelle", max_length=200, blank=True, default="")

    objects = LegalRegimeQuerySet.as_manager()

    class Meta:
        verbose_name = "Rechtsstand"
        verbose_name_plural = "Rechtsstände"
        ordering = ["-during"]
        constraints = [
            ExclusionConstraint(
                name="one_legal_regime_at_a_time",
                expressions=[("during", RangeOperators.OVERLAPS)],
                violation_error_message="Für diese Zeit ist schon ein Rechtsstand eingetragen.",
            ),
            CheckConstraint(condition=Q(during__isempty=False), name="legal_regime_period_real"),
            not_blank("plan_name", "legal_regime_names_the_plan"),
            not_blank("benefit_name", "legal_regime_names_the_benefit"),
        ]

"""Mitwirkungspflichten: what is demanded by law, as facts, apart from anything agreed or offered (R2-1, R2-2).

A demand rests on a legal basis from effective-dated configuration (domain.md 5.3). Nothing here points to an agreement
or to an offer, nothing is decided, and nothing is counted on a person (domain.md 5.5).
"""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import DutyFactKind
from casework.models.base import Record
from casework.models.cases import Case
from casework.models.people import User
from jobcenter.platform.constraints import both_or_neither, not_blank, one_of

PERIOD_HELP = "Das Ende ist der erste Tag, an dem es nicht mehr gilt; leer: bis auf Weiteres."


class LegalBasisQuerySet(models.QuerySet["LegalBasis"]):
    def in_force(self, day: dt.date) -> "LegalBasisQuerySet":
        return self.filter(during__contains=day).order_by("paragraph", "id")


class LegalBasis(Record):
    """A norm on which something may be demanded, from when until when. Its wording stays; only its period changes."""

    paragraph = models.CharField("Rechtsgrundlage", max_length=120, help_text="so: § 59 SGB II i. V. m. § 309 SGB III")
    title = models.CharField("Kurztitel", max_length=120)
    during = DateRangeField("gilt", help_text=PERIOD_HELP)
    source = models.CharField("Fundstelle", max_length=300, blank=True, default="")

    objects = LegalBasisQuerySet.as_manager()

    class Meta:
        verbose_name = "Rechtsgrundlage"
        verbose_name_plural = "Rechtsgrundlagen"
        constraints = [
            not_blank("paragraph", "legal_basis_named"),
            not_blank("title", "legal_basis_titled"),
            CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__startswith__isnull=False),
                name="legal_basis_period_real",
                violation_error_message="Bitte geben Sie an, ab wann die Rechtsgrundlage gilt.",
            ),
            ExclusionConstraint(
                name="one_wording_of_a_legal_basis_at_a_time",
                expressions=[("paragraph", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message="Diese Rechtsgrundlage ist für diese Zeit schon eingetragen.",
            ),
        ]

    def __str__(self) -> str:
        return self.paragraph


class LegalNoticeQuerySet(models.QuerySet["LegalNotice"]):
    def in_force(self, day: dt.date) -> "LegalNoticeQuerySet":
        """Texts that may be named today: their basis must hold as well."""
        return self.filter(during__contains=day, legal_basis__during__contains=day).order_by(
            "legal_basis__paragraph", "version", "id"
        )


class LegalNotice(Record):
    """A version of the text of a Rechtsfolgenbelehrung. Never changed: a wrong or late text is worse than none."""

    legal_basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="notices", verbose_name="Rechtsgrundlage")
    version = models.CharField("Fassung", max_length=80, help_text="so: Meldeaufforderung, Stand 01.07.2026")
    text = models.TextField("Wortlaut", help_text="wird nicht mehr geändert; eine neue Fassung ist ein neuer Eintrag")
    during = DateRangeField("gilt", help_text=PERIOD_HELP)

    objects = LegalNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "Rechtsfolgenbelehrung"
        verbose_name_plural = "Rechtsfolgenbelehrungen (Fassungen)"
        constraints = [
            not_blank("version", "legal_notice_named"),
            not_blank("text", "legal_notice_not_blank"),
            CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__startswith__isnull=False),
                name="legal_notice_period_real",
                violation_error_message="Bitte geben Sie an, ab wann die Fassung gilt.",
            ),
            UniqueConstraint(
                fields=["legal_basis", "version"],
                name="legal_notice_version_once",
                violation_error_message="Eine Fassung dieses Namens gibt es zu dieser Rechtsgrundlage schon.",
            ),
        ]

    def __str__(self) -> str:
        return self.version


class DutyToCooperate(Record):
    """A demand that the law provides for, in own words. Made by hand alone, never from an agreement or an offer choice.

    Never changed and never deleted. What was entered by mistake is withdrawn with a reason and stays readable.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="duties")
    legal_basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="+", verbose_name="Rechtsgrundlage")
    # Nullable: "ohne Rechtsfolgenbelehrung" is the first default (domain.md 8).
    notice = models.ForeignKey(
        LegalNotice, models.PROTECT, null=True, related_name="+", verbose_name="Rechtsfolgenbelehrung"
    )
    demand = models.CharField("Was wird gefordert?", max_length=600)
    due_on = models.DateField("bis", null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(max_length=300, null=True)

    class Meta:
        verbose_name = "Mitwirkungspflicht"
        verbose_name_plural = "Mitwirkungspflichten"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="duty_key"),
            not_blank("demand", "duty_demand_not_blank", "Bitte schreiben Sie, was gefordert wird."),
            CheckConstraint(
                condition=both_or_neither("withdrawn_at", "withdrawn_by", "withdrawn_reason"),
                name="duty_withdrawal_complete",
            ),
            CheckConstraint(
                condition=Q(withdrawn_reason__isnull=True) | Q(withdrawn_reason__regex=r"\S"),
                name="duty_withdrawal_reason_not_blank",
            ),
        ]
        indexes = [models.Index(fields=["case", "-recorded_at", "-id"], name="duty_of_case")]


class DutyFact(Record):
    """What happened about a demand, as a dated fact: posted, appeared, a reason was given. Nothing follows from it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    # The real key is composite with the case, by hand-written SQL (design.md 4 and 8).
    duty = models.ForeignKey(DutyToCooperate, models.DO_NOTHING, related_name="facts", db_constraint=False)
    kind = models.CharField("Was", max_length=20, choices=DutyFactKind.choices)
    happened_on = models.DateField("Tag")
    text = models.CharField("genannter Grund", max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Angabe zu einer Mitwirkungspflicht"
        verbose_name_plural = "Angaben zu Mitwirkungspflichten"
        constraints = [
            one_of("kind", DutyFactKind.values, "duty_fact_kind_known"),
            CheckConstraint(
                condition=Q(kind=DutyFactKind.REASON, text__regex=r"\S") | ~Q(kind=DutyFactKind.REASON) & Q(text=""),
                name="duty_fact_text_if_and_only_if_reason",
            ),
            UniqueConstraint(
                fields=["duty", "kind", "happened_on"],
                condition=Q(withdrawn_at=None) & ~Q(kind=DutyFactKind.REASON),
                name="duty_fact_once_a_day",
            ),
            CheckConstraint(
                condition=both_or_neither("withdrawn_at", "withdrawn_by"), name="duty_fact_withdrawal_paired"
            ),
        ]
        indexes = [
            models.Index(fields=["duty", "happened_on", "id"], name="duty_fact_of_duty"),
            models.Index(fields=["case", "-recorded_at", "-id"], name="duty_fact_of_case"),
        ]

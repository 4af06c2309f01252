"""Who looked, and who may look for a reason."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now

from casework.enums import AccessKind, GrantKind
from casework.models.base import Record
from casework.models.cases import Case
from casework.models.people import User
from jobcenter.platform.constraints import not_blank, one_of


class AccessGrant(Record):
    """Access with a worded reason to one case, until the end of the day; shown to the responsible IFK."""

    user = models.ForeignKey(User, models.PROTECT, related_name="access_grants")
    case = models.ForeignKey(Case, models.PROTECT, related_name="access_grants")
    kind = models.CharField(max_length=10, choices=GrantKind.choices)
    reason = models.CharField("Anlass", max_length=300)
    during = DateTimeRangeField()
    granted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "Zugriff mit Anlass"
        verbose_name_plural = "Zugriffe mit Anlass"
        constraints = [
            one_of("kind", GrantKind.values, "grant_kind_known"),
            not_blank("reason", "grant_reason_not_blank", "Bitte nennen Sie den Anlass."),
            CheckConstraint(
                condition=Q(during__isempty=False)
                & Q(during__startswith__isnull=False)
                & Q(during__endswith__isnull=False),
                name="grant_period_real",
            ),
            ExclusionConstraint(
                name="one_grant_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("case", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["case", "-granted_at"], name="grant_of_case")]


class AccessEvent(Record):
    """One look, search or refusal. Ids and codes only; no foreign keys; the web role may insert and nothing else."""

    at = models.DateTimeField(db_default=Now())
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=AccessKind.choices)
    case_id = models.BigIntegerField(null=True)
    ids = ArrayField(models.BigIntegerField(), default=list)
    request_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = "Zugriffsereignis"
        verbose_name_plural = "Zugriffsprotokoll"
        constraints = [one_of("kind", AccessKind.values, "access_kind_known")]
        indexes = [
            models.Index(fields=["case_id", "at"], name="access_of_case"),
            models.Index(fields=["at"], name="access_by_time"),
        ]

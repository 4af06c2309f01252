"""Intakes: people who are new and have no case yet. The clock runs until somebody is responsible (Work-First)."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.models.base import Record
from casework.models.cases import Case
from casework.models.clients import Client
from casework.models.people import Organisation, Team, User
from jobcenter.platform.constraints import both_or_neither


class IntakeQuerySet(models.QuerySet["Intake"]):
    def waiting(self) -> "IntakeQuerySet":
        return self.filter(assigned_at=None, withdrawn_at=None)


class Intake(Record):
    """A person has arrived and waits for an IFK: no case, no note about the person, no attribute to sort by."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="intakes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", verbose_name="Team")
    arrived_on = models.DateField("da seit")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="intake")
    assigned_at = models.DateTimeField(null=True)
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField("Grund", max_length=200, blank=True, default="")

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = "Zugang"
        verbose_name_plural = "Zugänge"
        constraints = [
            UniqueConstraint(
                fields=["client"],
                condition=Q(assigned_at=None, withdrawn_at=None),
                name="one_open_intake_per_client",
                violation_error_message="Diese Person steht schon in der Liste.",
            ),
            CheckConstraint(
                condition=both_or_neither("assigned_at", "assigned_by", "case"), name="intake_assignment_makes_a_case"
            ),
            CheckConstraint(condition=both_or_neither("withdrawn_at", "withdrawn_by"), name="intake_withdrawal_paired"),
            CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & Q(withdrawn_reason__regex=r"\S")),
                name="intake_withdrawn_for_a_reason",
                violation_error_message="Bitte nennen Sie den Grund.",
            ),
            CheckConstraint(condition=Q(withdrawn_at=None) | Q(assigned_at=None), name="intake_ends_in_one_way"),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "arrived_on"],
                condition=Q(assigned_at=None, withdrawn_at=None),
                name="intake_waiting",
            )
        ]

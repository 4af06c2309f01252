"""Handovers: a planned change of responsibility, carried out on its day without gap or overlap (domain.md 8)."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.models.base import Record
from casework.models.cases import Case, CaseAssignment
from casework.models.letters import Letter
from casework.models.people import Counsellor, User
from jobcenter.platform.constraints import both_or_neither


class CaseHandoverQuerySet(models.QuerySet["CaseHandover"]):
    def planned(self) -> "CaseHandoverQuerySet":
        """Neither carried out nor withdrawn."""
        return self.filter(carried_out_at=None, withdrawn_at=None)


class CaseHandover(Record):
    """One case passes from one IFK to another on a day, with a note for who takes it over.

    Responsibility itself has no future (CaseAssignment ends now or is open): until its day the handover is a plan.
    What the plan says never changes; it is accepted (across organisations), carried out or withdrawn, each once.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="handovers")
    from_counsellor = models.ForeignKey(Counsellor, models.PROTECT, related_name="+")
    to_counsellor = models.ForeignKey(Counsellor, models.PROTECT, related_name="+")
    effective_on = models.DateField("wirksam am")
    note = models.TextField("Übergabenotiz", blank=True, default="")
    batch = models.UUIDField(editable=False)  # one submit of many cases
    planned_at = models.DateTimeField(db_default=Now(), editable=False)
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Who planned it answers for it; the moment is that of the new responsibility.
    carried_out_at = models.DateTimeField(null=True)
    assignment = models.ForeignKey(CaseAssignment, models.PROTECT, null=True, related_name="+", db_constraint=False)
    # Tells the person the new name; written once the case has passed, or before, when the day was announced.
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+", db_constraint=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)  # by who took it over: it leaves "Neu übernommen"
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = CaseHandoverQuerySet.as_manager()

    class Meta:
        verbose_name = "Fallübergabe"
        verbose_name_plural = "Fallübergaben"
        constraints = [
            UniqueConstraint(
                fields=["case"],
                condition=Q(carried_out_at=None, withdrawn_at=None),
                name="one_planned_handover_per_case",
                violation_error_message="Für diesen Fall ist schon eine Übergabe geplant.",
            ),
            UniqueConstraint(fields=["case", "batch"], name="case_once_in_a_batch"),
            CheckConstraint(
                condition=~Q(from_counsellor=F("to_counsellor")),
                name="handover_to_somebody_else",
                violation_error_message="Diese IFK ist schon zuständig.",
            ),
            CheckConstraint(condition=both_or_neither("accepted_at", "accepted_by"), name="handover_acceptance_paired"),
            CheckConstraint(
                condition=both_or_neither("withdrawn_at", "withdrawn_by"), name="handover_withdrawal_paired"
            ),
            CheckConstraint(
                condition=both_or_neither("carried_out_at", "assignment"), name="handover_made_an_assignment"
            ),
            CheckConstraint(condition=both_or_neither("seen_at", "seen_by"), name="handover_look_paired"),
            CheckConstraint(condition=Q(withdrawn_at=None) | Q(carried_out_at=None), name="handover_ends_in_one_way"),
        ]
        indexes = [
            models.Index(
                fields=["effective_on"],
                condition=Q(carried_out_at=None, withdrawn_at=None),
                name="handover_planned",
            ),
            models.Index(
                fields=["to_counsellor"],
                condition=Q(carried_out_at__isnull=False, seen_at=None),
                name="handover_new",
            ),
            models.Index(
                fields=["assignment"],
                condition=Q(carried_out_at__isnull=False, letter=None),
                name="handover_untold",
            ),
        ]

"""Vereinbarung: individually worded, versioned, one current per case, never changed once concluded (R4.3-1).

It has no type, no label and no picklist (R4.3-7): its life cycle follows from `superseded_at`, `withdrawn_at` and the
case. What becomes of its steps are later facts.
"""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from agreements.enums import Outcome, StepOwner
from agreements.models.resources import Resource
from casework.models import Case, Contact, FollowUp, User
from casework.models.base import Record
from jobcenter.platform.constraints import both_or_neither, one_of


class Agreement(Record):
    """One version (Fassung). The review is a next step of its own, or the one that the conversation set."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField("Fassung")
    goal = models.TextField("Ziel in eigenen Worten")
    employment_link = models.TextField("Was hat das mit Arbeit oder Ausbildung zu tun?")
    # The only source of a proposed date (R4.3-2); empty means that nothing is proposed.
    rhythm = models.CharField("Taktung", max_length=200, blank=True, default="")
    review_follow_up = models.ForeignKey(
        FollowUp, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    # How many rows belong to the version: none is added to a concluded one.
    step_count = models.PositiveSmallIntegerField()
    resource_count = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField("abgeschlossen", db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    superseded_at = models.DateTimeField("abgelöst", null=True)
    superseded_by = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    withdrawn_at = models.DateTimeField("zurückgenommen", null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = "Vereinbarung"
        verbose_name_plural = "Vereinbarungen"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="agreement_key"),
            UniqueConstraint(fields=["case", "number"], name="agreement_number_once"),
            UniqueConstraint(fields=["contact"], name="one_agreement_per_conversation"),
            UniqueConstraint(
                fields=["case"],
                condition=Q(superseded_at=None, withdrawn_at=None),
                name="one_current_agreement_per_case",
            ),
            CheckConstraint(condition=Q(number__gte=1), name="agreement_number_counts_from_one"),
            CheckConstraint(condition=Q(step_count__gte=1), name="agreement_has_a_step"),
            CheckConstraint(
                condition=both_or_neither("superseded_at", "superseded_by"), name="agreement_end_is_paired"
            ),
            CheckConstraint(
                condition=both_or_neither("withdrawn_at", "withdrawn_by"), name="agreement_withdrawal_is_paired"
            ),
        ]
        indexes = [models.Index(fields=["review_follow_up"], name="agreement_by_review")]


class AgreementStep(Record):
    """Who does what until when, in own words (R2-4). Belongs to one version and never changes."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey(Agreement, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    position = models.PositiveSmallIntegerField()
    owner = models.CharField("Wer?", max_length=10, choices=StepOwner.choices)
    owner_name = models.CharField("Name", max_length=120, blank=True, default="")
    text = models.TextField("Was?")
    due_on = models.DateField("bis", null=True)

    class Meta:
        verbose_name = "Schritt"
        verbose_name_plural = "Schritte"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="agreement_step_key"),
            UniqueConstraint(fields=["agreement", "position"], name="agreement_step_in_its_place"),
            one_of("owner", StepOwner.values, "step_owner_known"),
        ]


class AgreementResource(Record):
    """A resource that the agreement draws on."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey(Agreement, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    resource = models.ForeignKey(Resource, models.DO_NOTHING, related_name="+", db_constraint=False)

    class Meta:
        verbose_name = "Genutzte Ressource"
        verbose_name_plural = "Genutzte Ressourcen"
        constraints = [UniqueConstraint(fields=["agreement", "resource"], name="resource_used_once_in_agreement")]


class StepReminder(Record):
    """A step that was put before us as a Wiedervorlage, in the conclusion of a conversation."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    step = models.ForeignKey(AgreementStep, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    follow_up = models.ForeignKey(FollowUp, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="+", db_constraint=False)

    class Meta:
        verbose_name = "Wiedervorlage eines Schritts"
        verbose_name_plural = "Wiedervorlagen von Schritten"
        constraints = [UniqueConstraint(fields=["follow_up"], name="reminder_of_one_step")]
        indexes = [models.Index(fields=["step"], name="reminder_of_step")]


class StepOutcome(Record):
    """What came of a step, in own words: a later fact, no edit. The latest one stands, earlier ones stay readable."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    step = models.ForeignKey(AgreementStep, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    outcome = models.CharField("Was wurde daraus?", max_length=10, choices=Outcome.choices)
    text = models.TextField("In eigenen Worten", blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = "Was aus einem Schritt wurde"
        verbose_name_plural = "Was aus Schritten wurde"
        constraints = [one_of("outcome", Outcome.values, "step_outcome_known")]
        indexes = [
            models.Index(fields=["step", "-id"], name="outcome_of_step"),
            models.Index(fields=["case", "-at"], name="outcome_of_case"),
        ]

"""Cases that only named people see (§ 35 SGB I), and access in an emergency."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import EmergencyReason, ProtectionReason
from casework.models.access import AccessGrant
from casework.models.base import Record
from casework.models.cases import Case
from casework.models.people import User
from jobcenter.platform.constraints import both_or_neither, one_of


class Protection(Record):
    """Since when and why a case is open to named people alone: a colleague, somebody of their family, or a block on
    information. The reason is a class and no text: a text would tell what is protected."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="protections")
    reason = models.CharField("Grund", max_length=20, choices=ProtectionReason.choices)
    since = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Schutz eines Falls"
        verbose_name_plural = "Geschützte Fälle"
        constraints = [
            one_of("reason", ProtectionReason.values, "protection_reason_known"),
            UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_protection_at_a_time"),
            CheckConstraint(condition=both_or_neither("ended_at", "ended_by"), name="protection_end_paired"),
        ]


class ProtectedReader(Record):
    """One of the people to whom a protected case is open. Being on the list gives no right by itself: whoever is on it
    sees what they would see of any other case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="protected_readers")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # NULL: the database, for the responsible
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Zugelassene Person"
        verbose_name_plural = "Zugelassene Personen"
        constraints = [
            UniqueConstraint(fields=["case", "user"], condition=Q(ended_at=None), name="on_the_list_once"),
            CheckConstraint(condition=both_or_neither("ended_at", "ended_by"), name="reader_end_paired"),
        ]


class EmergencyAccess(Record):
    """Reading for an hour what one has no right to, because something cannot wait. A protected case needs a second
    person first. The data protection officer is told of each, with a reference and nothing else."""

    SHORTEST_REASON = 20

    user = models.ForeignKey(User, models.PROTECT, related_name="emergencies")
    case = models.ForeignKey(Case, models.PROTECT, related_name="emergencies")
    reason_class = models.CharField("Anlass", max_length=20, choices=EmergencyReason.choices)
    reason = models.CharField("Begründung", max_length=500)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    needs_second = models.BooleanField(default=False, editable=False)
    allowed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    allowed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    grant = models.OneToOneField(AccessGrant, models.PROTECT, null=True, related_name="emergency")
    seen_at = models.DateTimeField(null=True)  # by the data protection officer
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Notzugriff"
        verbose_name_plural = "Notzugriffe"
        constraints = [
            one_of("reason_class", EmergencyReason.values, "emergency_reason_known"),
            CheckConstraint(
                condition=Q(reason__regex=r"^\s*\S.{18,}\S\s*$"),
                name="emergency_reason_worded",
                violation_error_message="Bitte begründen Sie den Notzugriff mit mindestens 20 Zeichen.",
            ),
            CheckConstraint(
                condition=Q(allowed_by=None) | ~Q(allowed_by=F("user")),
                name="emergency_allowed_by_another",
                violation_error_message="Den eigenen Notzugriff kann niemand selbst freigeben.",
            ),
            CheckConstraint(
                condition=Q(grant=None) | Q(needs_second=False) | Q(allowed_by__isnull=False),
                name="emergency_needs_a_second_person",
            ),
        ]
        indexes = [models.Index(fields=["-asked_at"], name="emergency_by_time")]

"""Ressourcen: what the person brings along and can draw on, as the person names it. Nothing says what is missing."""

from django.db import models
from django.db.models import CheckConstraint, UniqueConstraint
from django.db.models.functions import Now

from agreements.models.places import SocialPlace
from casework.models import Case, Contact, User
from casework.models.base import Record
from jobcenter.platform.constraints import both_or_neither, not_blank


class ResourceField(Record):
    """Where a resource lies: persönlich, sozial, materiell, infrastrukturell. Kept by the house; free text leads."""

    text = models.CharField("Bezeichnung", max_length=60, unique=True)
    active = models.BooleanField("wird angeboten", default=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=100)

    class Meta:
        verbose_name = "Ressourcenfeld"
        verbose_name_plural = "Ressourcenfelder"
        ordering = ["position", "text"]
        constraints = [not_blank("text", "resource_field_named")]

    def __str__(self) -> str:
        return self.text


class Resource(Record):
    """A strength or means named by the person (R3.2-2). What is no longer true ends; it is never deleted."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    text = models.CharField("Ressource", max_length=300)
    field = models.ForeignKey(ResourceField, models.PROTECT, null=True, related_name="+", verbose_name="Feld")
    place = models.ForeignKey(SocialPlace, models.PROTECT, null=True, related_name="+", verbose_name="Ort")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_in = models.ForeignKey(Contact, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)

    class Meta:
        verbose_name = "Ressource"
        verbose_name_plural = "Ressourcen"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="resource_key"),
            CheckConstraint(
                condition=both_or_neither("ended_at", "ended_by", "ended_in"), name="resource_end_is_complete"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-at"], name="resource_of_case"),
            models.Index(fields=["contact"], name="resource_by_contact"),
        ]


class ResourceReview(Record):
    """ "Eigene Ressourcen angeschaut": once in a conversation; the look that comes before any offer (R3.2-3)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = "Blick auf die Ressourcen"
        verbose_name_plural = "Blicke auf die Ressourcen"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="resource_review_key"),
            UniqueConstraint(fields=["contact"], name="one_resource_review_per_conversation"),
        ]
        indexes = [models.Index(fields=["case", "-at"], name="resource_review_of_case")]

"""Träger, their contact persons, and the lists that describe offers. No case: anybody may read."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower, Now

from casework.models import User
from casework.models.base import Record
from jobcenter.platform.constraints import both_or_neither, not_blank


class Provider(Record):
    """A Träger, or the house itself. Its text is plain text and never trusted."""

    uid = models.UUIDField("Kennung", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("Name", max_length=200)
    about = models.TextField("Über den Träger", blank=True, default="")
    address = models.CharField("Anschrift", max_length=300, blank=True, default="")
    website = models.CharField("Internetseite", max_length=300, blank=True, default="")
    email = models.CharField("E-Mail", max_length=200, blank=True, default="")
    phone = models.CharField("Telefon", max_length=60, blank=True, default="")
    created_at = models.DateTimeField("angelegt", db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    ended_at = models.DateTimeField("nicht mehr tätig seit", null=True, editable=False)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "Träger"
        verbose_name_plural = "Träger"
        ordering = ["name"]
        constraints = [
            UniqueConstraint(
                Lower("name"),
                condition=Q(ended_at=None),
                name="provider_named_once",
                violation_error_message="Diesen Träger gibt es schon.",
            ),
            not_blank("name", "provider_named", "Bitte nennen Sie den Träger."),
            CheckConstraint(condition=both_or_neither("ended_at", "ended_by"), name="provider_end_paired"),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderContact(Record):
    """Ansprechperson of a Träger. Kept without a second review: a number that is wrong helps nobody."""

    uid = models.UUIDField("Kennung", default=uuid.uuid4, unique=True, editable=False)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="contacts", verbose_name="Träger")
    name = models.CharField("Name", max_length=160)
    role = models.CharField("Aufgabe", max_length=160, blank=True, default="")
    phone = models.CharField("Telefon", max_length=60, blank=True, default="")
    email = models.CharField("E-Mail", max_length=200, blank=True, default="")
    active = models.BooleanField("ist erreichbar", default=True)

    class Meta:
        verbose_name = "Ansprechperson"
        verbose_name_plural = "Ansprechpersonen"
        ordering = ["name"]
        constraints = [not_blank("name", "provider_contact_named", "Bitte nennen Sie die Person.")]

    def __str__(self) -> str:
        return self.name


class SupportKind(Record):
    """What kind of support an offer gives: a word for searching offers, never for people."""

    code = models.SlugField("Kürzel", max_length=40, unique=True)
    text = models.CharField("Bezeichnung", max_length=80, unique=True)
    active = models.BooleanField("wird angeboten", default=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=100)

    class Meta:
        verbose_name = "Art der Unterstützung"
        verbose_name_plural = "Arten der Unterstützung"
        ordering = ["position", "text"]
        constraints = [
            not_blank("code", "support_kind_has_code"),
            not_blank("text", "support_kind_named"),
        ]

    def __str__(self) -> str:
        return self.text


class FundingBody(Record):
    """Kostenträger: who decides about an offer and pays for it; not always the Jobcenter (domain.md 4)."""

    name = models.CharField("Name", max_length=160, unique=True)
    active = models.BooleanField("wird angeboten", default=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=100)

    class Meta:
        verbose_name = "Kostenträger"
        verbose_name_plural = "Kostenträger"
        ordering = ["position", "name"]
        constraints = [not_blank("name", "funding_body_named")]

    def __str__(self) -> str:
        return self.name


class OfferLegalBasis(Record):
    """The legal basis of an offer, with the time for which it holds; kept by the house (domain.md 5.3)."""

    name = models.CharField("Rechtsgrundlage", max_length=200, unique=True)
    valid_from = models.DateField("gilt ab", null=True, blank=True)
    valid_to = models.DateField("gilt bis", null=True, blank=True)
    active = models.BooleanField("wird angeboten", default=True)

    class Meta:
        verbose_name = "Rechtsgrundlage eines Angebots"
        verbose_name_plural = "Rechtsgrundlagen von Angeboten"
        ordering = ["name"]
        constraints = [
            not_blank("name", "offer_legal_basis_named"),
            CheckConstraint(
                condition=Q(valid_to__gte=models.F("valid_from")) | Q(valid_to=None) | Q(valid_from=None),
                name="offer_legal_basis_period",
            ),
        ]

    def __str__(self) -> str:
        return self.name

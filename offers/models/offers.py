"""Angebote: described by the Träger, curated by project management, every version kept (R4.4-5, R4.4-7)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.models import User
from casework.models.base import Record
from jobcenter.platform.constraints import both_or_neither, not_blank, one_of
from offers.enums import Language, OfferEventKind
from offers.models.providers import FundingBody, OfferLegalBasis, Provider, ProviderContact

# What an offer says of itself and a second person reviews. Contact, notice and "zurzeit möglich" stand on the offer.
CONTENT = (
    "name",
    "support",
    "supports",
    "purpose",
    "course",
    "place",
    "areas",
    "start",
    "start_dates",
    "any_time",
    "duration",
    "hours_per_week",
    "languages",
    "accessibility",
    "bring",
    "requirements",
    "funding_body",
    "legal_basis",
    "joining",
    "valid_from",
    "valid_to",
)


class Offer(Record):
    """An offer, whatever its version. `immediate`: of the house, open from day one (Jobakademie, R3.3-3).

    There are no free places (domain.md 12.8), no price and no word about whom it is for (R4.2-1).
    """

    uid = models.UUIDField("Kennung", default=uuid.uuid4, unique=True, editable=False)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="offers", verbose_name="Träger")
    immediate = models.BooleanField("Sofortangebot des Hauses (Jobakademie)", default=False)
    contact = models.ForeignKey(
        ProviderContact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Ansprechperson"
    )
    possible = models.BooleanField("zurzeit möglich", default=True)
    notice = models.CharField("Aktueller Hinweis", max_length=500, blank=True, default="")
    assured_on = models.DateField("zuletzt zugesichert am", null=True, blank=True)
    assured_by = models.CharField("zugesichert von", max_length=160, blank=True, default="")
    created_at = models.DateTimeField("angelegt", db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    withdrawn_at = models.DateTimeField("zurückgezogen", null=True, editable=False)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "Angebot"
        verbose_name_plural = "Angebote"
        constraints = [
            UniqueConstraint(fields=["id", "immediate"], name="offer_key"),
            CheckConstraint(condition=both_or_neither("withdrawn_at", "withdrawn_by"), name="offer_withdrawal_paired"),
        ]


class OfferVersion(Record):
    """One description: draft, given to review, reviewed by a second person, published, superseded.

    It expires by `valid_to`; nothing has to run for that. `writers`: everybody who worded it, none of whom reviews it.
    """

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="versions", editable=False)
    number = models.PositiveIntegerField("Fassung", editable=False)
    name = models.CharField("Name des Angebots", max_length=200)
    support = models.TextField("Welche Unterstützung gibt es?", blank=True, default="")
    supports = ArrayField(
        models.CharField(max_length=40), verbose_name="Arten der Unterstützung", blank=True, default=list
    )
    purpose = models.TextField("Wofür kann sie gut sein?", blank=True, default="")
    course = models.TextField("Wie läuft es ab? Eine gewöhnliche Woche", blank=True, default="")
    place = models.TextField("Wo findet es statt?", blank=True, default="")
    areas = ArrayField(models.BigIntegerField(), verbose_name="Sozialräume", blank=True, default=list)
    start = models.TextField("Wann beginnt es?", blank=True, default="")
    start_dates = ArrayField(models.DateField(), verbose_name="Starttermine", blank=True, default=list)
    any_time = models.BooleanField("Einstieg jederzeit möglich", default=False)
    duration = models.CharField("Wie lange dauert es?", max_length=200, blank=True, default="")
    hours_per_week = models.DecimalField("Stunden in der Woche", max_digits=4, decimal_places=1, null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=3), verbose_name="Sprachen", blank=True, default=list)
    accessibility = models.TextField("Barrierefreiheit", blank=True, default="")
    bring = models.TextField("Was ist mitzubringen?", blank=True, default="")
    requirements = models.TextField("Was verlangt das Gesetz?", blank=True, default="")
    funding_body = models.ForeignKey(
        FundingBody, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Wer entscheidet und zahlt?"
    )
    legal_basis = models.ForeignKey(
        OfferLegalBasis, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Rechtsgrundlage"
    )
    joining = models.TextField("Wie kommt man hinein?", blank=True, default="")
    valid_from = models.DateField("gilt ab", null=True, blank=True)
    valid_to = models.DateField("gilt bis", null=True, blank=True)

    author = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    writers = ArrayField(models.BigIntegerField(), default=list, editable=False)
    created_at = models.DateTimeField("begonnen", db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    review_note = models.TextField("Was noch fehlt", blank=True, default="", editable=False)
    submitted_at = models.DateTimeField("zur Prüfung gegeben", null=True, editable=False)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    reviewed_at = models.DateTimeField("geprüft", null=True, editable=False)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    published_at = models.DateTimeField("veröffentlicht", null=True, editable=False)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    superseded_at = models.DateTimeField("abgelöst", null=True, editable=False)
    discarded_at = models.DateTimeField("verworfen", null=True, editable=False)
    discarded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "Fassung eines Angebots"
        verbose_name_plural = "Fassungen von Angeboten"
        constraints = [
            UniqueConstraint(fields=["offer", "number"], name="offer_version_number_once"),
            UniqueConstraint(
                fields=["offer"],
                condition=Q(published_at__isnull=False, superseded_at=None),
                name="one_published_version_per_offer",
            ),
            UniqueConstraint(
                fields=["offer"], condition=Q(published_at=None, discarded_at=None), name="one_draft_per_offer"
            ),
            not_blank("name", "offer_named", "Bitte geben Sie dem Angebot einen Namen."),
            CheckConstraint(condition=both_or_neither("submitted_at", "submitted_by"), name="offer_submission_paired"),
            CheckConstraint(condition=both_or_neither("reviewed_at", "reviewed_by"), name="offer_review_paired"),
            CheckConstraint(condition=both_or_neither("published_at", "published_by"), name="offer_publication_paired"),
            CheckConstraint(condition=both_or_neither("discarded_at", "discarded_by"), name="offer_discard_paired"),
            CheckConstraint(
                condition=Q(reviewed_at=None) | Q(submitted_at__isnull=False), name="offer_reviewed_when_submitted"
            ),
            CheckConstraint(
                condition=Q(published_at=None) | Q(reviewed_at__isnull=False), name="offer_published_when_reviewed"
            ),
            CheckConstraint(
                condition=Q(superseded_at=None) | Q(published_at__isnull=False), name="offer_superseded_when_published"
            ),
            CheckConstraint(
                condition=Q(discarded_at=None) | Q(published_at=None), name="published_offer_is_not_discarded"
            ),
            CheckConstraint(condition=Q(languages__contained_by=list(Language.values)), name="offer_languages_known"),
            CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")) | Q(valid_to=None) | Q(valid_from=None),
                name="offer_period_real",
                violation_error_message="„gilt bis“ liegt vor „gilt ab“.",
            ),
            CheckConstraint(
                condition=Q(hours_per_week__gt=0, hours_per_week__lte=60) | Q(hours_per_week=None),
                name="offer_hours_real",
                violation_error_message="Bitte nennen Sie zwischen 0,5 und 60 Stunden in der Woche.",
            ),
        ]


class OfferEvent(Record):
    """What happened to an offer and who did it: never changed, never deleted."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="events")
    version = models.ForeignKey(OfferVersion, models.PROTECT, null=True, related_name="+")
    kind = models.CharField("Was", max_length=20, choices=OfferEventKind.choices)
    text = models.TextField("Näheres", blank=True, default="")
    at = models.DateTimeField("am", db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="von")

    class Meta:
        verbose_name = "Ereignis eines Angebots"
        verbose_name_plural = "Ereignisse von Angeboten"
        constraints = [one_of("kind", OfferEventKind.values, "offer_event_kind_known")]
        indexes = [models.Index(fields=["offer", "-at"], name="event_of_offer")]


class OfferRemark(Record):
    """ "Hinweis zum Angebot" from a colleague to project management: about the offer, never about a person."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="remarks", verbose_name="Angebot")
    text = models.CharField("Hinweis", max_length=600)
    at = models.DateTimeField("am", db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="von")
    answer = models.CharField("Was daraus wurde", max_length=600, blank=True, default="")
    done_at = models.DateTimeField("bearbeitet", null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="bearbeitet von")

    class Meta:
        verbose_name = "Hinweis zum Angebot"
        verbose_name_plural = "Hinweise zu Angeboten"
        constraints = [
            not_blank("text", "offer_remark_not_blank", "Bitte schreiben Sie den Hinweis."),
            CheckConstraint(condition=both_or_neither("done_at", "done_by"), name="offer_remark_end_paired"),
        ]
        indexes = [models.Index(fields=["offer", "-at"], name="remark_of_offer")]

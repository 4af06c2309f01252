"""What a person chose, with which Absicht, and what came of it. Offered and not chosen leaves no row (R4.4-3)."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now

from agreements.models import Agreement, ResourceReview
from casework.models import Case, Contact, User
from casework.models.base import Record
from jobcenter.platform.constraints import both_or_neither
from offers.models.offers import Offer
from offers.models.providers import Provider


class OfferChoice(Record):
    """Angebotswahl in a conversation: a resource for a goal of the agreement, after a look at own resources.

    Only an immediate offer (Jobakademie) may be chosen without that look, and its agreement may follow (R3.3-3).
    Withdrawn at any time, without a reason and without a place for one. Nothing binding comes from it (R2-2).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="+", db_constraint=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+", db_constraint=False)
    immediate = models.BooleanField(default=False)  # as the offer says: a composite key holds it
    agreement = models.ForeignKey(Agreement, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    review = models.ForeignKey(
        ResourceReview, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    at = models.DateTimeField("gewählt", db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField("zurückgenommen", null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField("abgeschlossen", null=True)  # with the participation
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    # Up to here the IFK has seen what changed about the offer.
    changes_seen_at = models.DateTimeField(null=True)
    changes_seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = "Angebotswahl"
        verbose_name_plural = "Angebotswahlen"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="offer_choice_key"),
            UniqueConstraint(
                fields=["case", "offer"],
                condition=Q(withdrawn_at=None, ended_at=None),
                name="offer_chosen_once_at_a_time",
            ),
            CheckConstraint(
                condition=Q(immediate=True) | Q(review__isnull=False), name="choice_after_look_at_resources"
            ),
            CheckConstraint(condition=Q(immediate=True) | Q(agreement__isnull=False), name="choice_serves_agreement"),
            CheckConstraint(condition=both_or_neither("withdrawn_at", "withdrawn_by"), name="choice_withdrawal_paired"),
            CheckConstraint(condition=both_or_neither("ended_at", "ended_by"), name="choice_end_paired"),
            CheckConstraint(
                condition=both_or_neither("changes_seen_at", "changes_seen_by"), name="choice_changes_seen_paired"
            ),
        ]
        indexes = [models.Index(fields=["case", "-at"], name="choice_of_case")]


class IntentVersion(Record):
    """Absicht: why this offer is chosen, in own words (R4.4-8). Earlier ones stay; none leaves the case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    choice = models.ForeignKey(OfferChoice, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    number = models.PositiveSmallIntegerField("Fassung", default=1)
    text = models.TextField("Absicht")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = "Absicht"
        verbose_name_plural = "Absichten"
        constraints = [
            UniqueConstraint(fields=["choice", "number"], name="intent_number_once"),
            CheckConstraint(condition=Q(number__gte=1), name="intent_counts_from_one"),
        ]
        indexes = [models.Index(fields=["case", "-at"], name="intent_of_case")]


class Participation(Record):
    """Teilnahme: planned, started, ended. Case, IFK and next steps stay as they are (R4.4-9). No absence, no reason."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    choice = models.ForeignKey(OfferChoice, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    planned_from = models.DateField("geplant ab", null=True)
    planned_until = models.DateField("geplant bis", null=True)
    planned_at = models.DateTimeField(db_default=Now())
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    started_on = models.DateField("begonnen am", null=True)
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_on = models.DateField("beendet am", null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Teilnahme"
        verbose_name_plural = "Teilnahmen"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="participation_key"),
            UniqueConstraint(fields=["choice"], name="one_participation_per_choice"),
            CheckConstraint(
                condition=both_or_neither("started_on", "started_at", "started_by"), name="participation_start_complete"
            ),
            CheckConstraint(
                condition=both_or_neither("ended_on", "ended_at", "ended_by"), name="participation_end_complete"
            ),
            CheckConstraint(
                condition=Q(ended_on=None) | Q(started_on__isnull=False, ended_on__gte=F("started_on")),
                name="participation_ends_after_its_start",
            ),
            CheckConstraint(
                condition=Q(planned_until__gte=F("planned_from")) | Q(planned_until=None) | Q(planned_from=None),
                name="participation_planned_in_order",
            ),
        ]
        indexes = [models.Index(fields=["case"], name="participation_of_case")]


class ParticipationOutcome(Record):
    """What came of it, measured against the Absicht: in the person's words, and the Träger's as told in the talk."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    choice = models.ForeignKey(OfferChoice, models.DO_NOTHING, related_name="+", db_constraint=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="+", db_constraint=False)
    own_words = models.TextField("Was hat es gebracht? In den Worten der Person")
    provider_words = models.TextField("Was sagt der Träger dazu?", blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = "Was aus einer Teilnahme wurde"
        verbose_name_plural = "Was aus Teilnahmen wurde"
        constraints = [UniqueConstraint(fields=["choice", "contact"], name="one_outcome_per_choice_and_conversation")]
        indexes = [models.Index(fields=["case", "-at"], name="participation_outcome_of_case")]


class Consent(Record):
    """Einwilligung or Schweigepflichtentbindung: with whom, for what, since when, revoked when (Art. 7 DSGVO)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    with_whom = models.CharField("Mit wem?", max_length=200)
    purpose = models.TextField("Wofür?")
    given_on = models.DateField("seit")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    revoked_on = models.DateField("widerrufen am", null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = "Einwilligung"
        verbose_name_plural = "Einwilligungen"
        constraints = [
            CheckConstraint(
                condition=both_or_neither("revoked_on", "revoked_at", "revoked_by"), name="consent_revocation_complete"
            ),
            CheckConstraint(
                condition=Q(revoked_on=None) | Q(revoked_on__gte=F("given_on")), name="consent_revoked_after_given"
            ),
            CheckConstraint(condition=Q(with_whom__regex=r"\S"), name="consent_names_with_whom"),
            CheckConstraint(condition=Q(purpose__regex=r"\S"), name="consent_names_purpose"),
        ]
        indexes = [models.Index(fields=["case", "-given_on"], name="consent_of_case")]

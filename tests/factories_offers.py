"""Offers and what people choose, in the smallest valid form. Tests take these from `tests.factories`."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import factory
from django.db.models import Max
from django.utils import timezone

from agreements.models import Agreement, ResourceReview, SocialSpace
from casework.enums import CounsellorKind, RoleName, SpecialistArea
from casework.models import Case, User
from offers import models
from offers.enums import OfferEventKind
from tests.factories import (
    CaseFactory,
    ContactFactory,
    CounsellorFactory,
    OrganisationFactory,
    RecordFactory,
    RoleGrantFactory,
    UserFactory,
    ago,
    ahead,
    at_ten,
    back,
)
from tests.factories_agreements import AgreementFactory, BroughtFactory, ResourceReviewFactory, SocialSpaceFactory

__all__ = [
    "AttendanceFactory",
    "ConsentFactory",
    "DemandNoteFactory",
    "DemandReplyFactory",
    "DemandReplyNoteFactory",
    "FundingBodyFactory",
    "GroupDateFactory",
    "GroupFactory",
    "GroupMemberFactory",
    "GroupTrainerFactory",
    "IntentVersionFactory",
    "OfferChoiceFactory",
    "OfferEventFactory",
    "OfferFactory",
    "OfferLegalBasisFactory",
    "OfferRemarkFactory",
    "OfferVersionFactory",
    "ParticipationFactory",
    "ParticipationOutcomeFactory",
    "ProviderContactFactory",
    "ProviderFactory",
    "SupportKindFactory",
    "chosen_offer",
    "half_year",
    "offer_manager",
    "published_offer",
]


def offer_manager(**columns: Any) -> User:
    """An account of project management: curates offers, sees no case."""
    user = UserFactory(**columns)
    RoleGrantFactory(user=user, role=RoleName.OFFER_MANAGER)
    return user


# --- providers and the lists of the house ------------------------------------------------------------------


class ProviderFactory(RecordFactory):
    class Meta:
        model = models.Provider

    name = factory.Sequence("Werkhof Beispiel {}".format)
    created_by = factory.LazyFunction(offer_manager)


class ProviderContactFactory(RecordFactory):
    class Meta:
        model = models.ProviderContact

    provider = factory.SubFactory(ProviderFactory)
    name = "Ayla Brandt"
    phone = "0551 0000"


class SupportKindFactory(RecordFactory):
    class Meta:
        model = models.SupportKind

    code = factory.Sequence("art-{}".format)
    text = factory.Sequence("Art {}".format)


class FundingBodyFactory(RecordFactory):
    class Meta:
        model = models.FundingBody

    name = factory.Sequence("Kostenträger {}".format)


class OfferLegalBasisFactory(RecordFactory):
    class Meta:
        model = models.OfferLegalBasis

    name = factory.Sequence("§ {} SGB II".format)


# --- offers ------------------------------------------------------------------------------------------------


class OfferFactory(RecordFactory):
    """An offer without any version; `published_offer()` makes one that can be chosen."""

    class Meta:
        model = models.Offer

    provider = factory.SubFactory(ProviderFactory)
    contact = factory.SubFactory(ProviderContactFactory, provider=factory.SelfAttribute("..provider"))
    assured_on = factory.LazyFunction(lambda: back(20))
    assured_by = "Ayla Brandt"
    created_at = factory.LazyFunction(lambda: ago(days=40))
    created_by = factory.LazyFunction(offer_manager)


def support_code() -> str:
    """A kind of the reference data, where there is one."""
    return str((models.SupportKind.objects.filter(active=True).first() or SupportKindFactory()).code)


def area_id() -> int:
    return int((SocialSpace.objects.order_by("pk").first() or SocialSpaceFactory()).pk)


class OfferVersionFactory(RecordFactory):
    """A complete description, written by one person, reviewed and published by a second one.

    Traits `draft` and `submitted` stop earlier; each takes any content as parameters.
    """

    class Meta:
        model = models.OfferVersion

    class Params:
        submitted = factory.Trait(reviewed_at=None, reviewed_by=None, published_at=None, published_by=None)
        draft = factory.Trait(
            submitted_at=None,
            submitted_by=None,
            reviewed_at=None,
            reviewed_by=None,
            published_at=None,
            published_by=None,
        )

    offer = factory.SubFactory(OfferFactory)
    number = factory.LazyAttribute(lambda new: _last_number(new.offer) + 1)
    name = factory.Sequence("Holzwerkstatt {}".format)
    support = "Sie bauen unter Anleitung ein eigenes Stück aus Holz."
    supports = factory.LazyFunction(lambda: [support_code()])
    purpose = "Herausfinden, ob die Arbeit mit Holz etwas für Sie ist."
    course = "Montag bis Donnerstag von 8 bis 13 Uhr in der Werkstatt, freitags Gespräch mit dem Meister."
    place = "Werkhof, Am Beispielweg 3, Göttingen"
    areas = factory.LazyFunction(lambda: [area_id()])
    start = "An jedem Montag"
    start_dates = factory.LazyFunction(list)
    any_time = True
    duration = "drei Monate"
    hours_per_week = Decimal("20.0")
    languages = factory.LazyFunction(lambda: ["de", "ar"])
    accessibility = "Ebenerdig, mit Aufzug und einer Toilette für Rollstühle."
    bring = "Feste Schuhe und etwas zu trinken"
    requirements = "Sie beziehen Bürgergeld oder Grundsicherungsgeld."
    funding_body = factory.SubFactory(FundingBodyFactory)
    legal_basis = factory.SubFactory(OfferLegalBasisFactory)
    joining = "Nach einem Gespräch in der Werkstatt."
    valid_from = factory.LazyFunction(lambda: back(30))
    valid_to = factory.LazyFunction(lambda: ahead(180))
    author = factory.SelfAttribute("offer.created_by")
    writers = factory.LazyAttribute(lambda new: [new.author.pk])
    created_at = factory.LazyFunction(lambda: ago(days=39))
    created_by = factory.SelfAttribute("author")
    submitted_at = factory.LazyFunction(lambda: ago(days=31))
    submitted_by = factory.SelfAttribute("author")
    reviewed_at = factory.LazyFunction(lambda: ago(days=30))
    reviewed_by = factory.LazyFunction(offer_manager)
    published_at = factory.SelfAttribute("reviewed_at")
    published_by = factory.SelfAttribute("reviewed_by")


def _last_number(offer: models.Offer) -> int:
    return models.OfferVersion.objects.filter(offer=offer).aggregate(last=Max("number"))["last"] or 0


OF_THE_OFFER = {field.name for field in models.Offer._meta.concrete_fields} - {"created_at"}


def published_offer(**content: Any) -> models.Offer:
    """An offer that can be chosen today. `content`: columns of the version, or of the offer, whichever has them."""
    offer = OfferFactory(**{name: content.pop(name) for name in OF_THE_OFFER & set(content)})
    OfferVersionFactory(offer=offer, **content)
    return offer


class OfferEventFactory(RecordFactory):
    class Meta:
        model = models.OfferEvent

    offer = factory.LazyFunction(published_offer)
    kind = OfferEventKind.NOTICE
    text = "Im August ist die Werkstatt geschlossen."
    by = factory.SelfAttribute("offer.created_by")


class OfferRemarkFactory(RecordFactory):
    class Meta:
        model = models.OfferRemark

    offer = factory.LazyFunction(published_offer)
    text = "Die Telefonnummer stimmt nicht mehr."
    by = factory.SubFactory(UserFactory)


# --- choices -----------------------------------------------------------------------------------------------


class OfferChoiceFactory(BroughtFactory):
    """Chosen in a conversation: with a look at resources, for the agreement of the case, and with its Absicht.

    `case=…` keeps its current agreement; `intent__text=…` words the Absicht, `intent=None` leaves it to the caller.
    """

    class Meta:
        model = models.OfferChoice

    offer = factory.LazyFunction(published_offer)
    immediate = factory.SelfAttribute("offer.immediate")
    agreement = factory.LazyAttribute(lambda new: _agreement_of(new.contact))
    review = factory.LazyAttribute(lambda new: _review_of(new.contact))
    intent = factory.RelatedFactory("tests.factories_offers.IntentVersionFactory", "choice")


def _agreement_of(contact: Any) -> Agreement:
    current = Agreement.objects.filter(case=contact.case_id, superseded_at=None, withdrawn_at=None).first()
    return current or AgreementFactory(contact=contact)


def _review_of(contact: Any) -> ResourceReview:
    return ResourceReview.objects.filter(case=contact.case_id).first() or ResourceReviewFactory(contact=contact)


class IntentVersionFactory(RecordFactory):
    """The next wording of an Absicht. Without a choice it is the first one of a new choice."""

    class Meta:
        model = models.IntentVersion

    choice = factory.SubFactory(OfferChoiceFactory, intent=None)
    case = factory.SelfAttribute("choice.case")
    contact = factory.SelfAttribute("choice.contact")
    number = factory.LazyAttribute(
        lambda new: (
            (models.IntentVersion.objects.filter(choice=new.choice).aggregate(last=Max("number"))["last"] or 0) + 1
        )
    )
    text = "Ich will sehen, ob ich einen ganzen Vormittag an der Werkbank durchhalte."
    at = factory.SelfAttribute("choice.at")
    by = factory.SelfAttribute("choice.by")


def chosen_offer(*, case: Case | None = None, intent: str = "", **columns: Any) -> models.OfferChoice:
    """A standing choice with its Absicht: `chosen_offer(case=…, intent="…", offer=…)`."""
    if case:
        columns["case"] = case
    if intent:
        columns["intent__text"] = intent
    return OfferChoiceFactory(**columns)


class ParticipationFactory(RecordFactory):
    """Planned; the traits say how far it went."""

    class Meta:
        model = models.Participation

    class Params:
        started = factory.Trait(
            started_on=factory.LazyFunction(timezone.localdate),
            started_at=factory.LazyFunction(timezone.now),
            started_by=factory.SelfAttribute("planned_by"),
        )
        ended = factory.Trait(
            started=True,
            ended_on=factory.LazyFunction(timezone.localdate),
            ended_at=factory.LazyFunction(timezone.now),
            ended_by=factory.SelfAttribute("planned_by"),
        )

    choice = factory.SubFactory(OfferChoiceFactory)
    case = factory.SelfAttribute("choice.case")
    planned_from = factory.LazyFunction(ahead)
    planned_at = factory.SelfAttribute("choice.at")
    planned_by = factory.SelfAttribute("choice.by")


class ParticipationOutcomeFactory(RecordFactory):
    class Meta:
        model = models.ParticipationOutcome

    choice = factory.SubFactory(OfferChoiceFactory)
    case = factory.SelfAttribute("choice.case")
    contact = factory.SelfAttribute("choice.contact")
    own_words = "Ich kann wieder früh aufstehen und weiß, dass mir Holz liegt."
    at = factory.SelfAttribute("contact.recorded_at")
    by = factory.SelfAttribute("contact.author")


class ConsentFactory(RecordFactory):
    class Meta:
        model = models.Consent

    case = factory.SubFactory(CaseFactory)
    provider = factory.SubFactory(ProviderFactory)
    with_whom = "Ayla Brandt, Werkhof Beispiel"
    purpose = "Gespräch zu dritt über die Zeit in der Werkstatt"
    given_on = factory.LazyFunction(back)
    by = factory.SelfAttribute("case.opened_by")


# --- groups of the Jobakademie -----------------------------------------------------------------------------


class GroupFactory(RecordFactory):
    class Meta:
        model = models.Group

    organisation = factory.SubFactory(OrganisationFactory)
    offer = factory.LazyFunction(lambda: published_offer(immediate=True))
    name = factory.Sequence("Jobakademie {}".format)
    place = "Haus der Jobakademie, Raum 2"
    starts_on = factory.LazyFunction(lambda: back(14))
    ends_on = factory.LazyFunction(lambda: ahead(45))
    created_by = factory.SubFactory(UserFactory, team__organisation=factory.SelfAttribute("...organisation"))


class GroupTrainerFactory(RecordFactory):
    class Meta:
        model = models.GroupTrainer

    group = factory.SubFactory(GroupFactory)
    counsellor = factory.SubFactory(
        CounsellorFactory,
        kind=CounsellorKind.SPECIALIST,
        area=SpecialistArea.JOB_ACADEMY,
        user__team__organisation=factory.SelfAttribute("....group.organisation"),
    )
    by = factory.SelfAttribute("group.created_by")


class GroupMemberFactory(RecordFactory):
    """Joined from day one: without a look at resources, the link to an agreement may follow (R3.3-3)."""

    class Meta:
        model = models.GroupMember

    group = factory.SubFactory(GroupFactory)
    choice = factory.SubFactory(
        OfferChoiceFactory,
        offer=factory.SelfAttribute("..group.offer"),
        agreement=None,
        review=None,
        case__counsellor__user__team__organisation=factory.SelfAttribute("......group.organisation"),
    )
    case = factory.SelfAttribute("choice.case")
    joined_at = factory.SelfAttribute("choice.at")
    joined_by = factory.SelfAttribute("choice.by")


class GroupDateFactory(RecordFactory):
    """A date ahead of us; `recorded`: one that was, with its common text."""

    class Meta:
        model = models.GroupDate

    class Params:
        recorded = factory.Trait(
            starts_at=factory.LazyFunction(lambda: ago(hours=3)),
            text="Wir haben Lebensläufe gelesen und Fragen an Betriebe gesammelt.",
            recorded_at=factory.LazyFunction(timezone.now),
            recorded_by=factory.SelfAttribute("created_by"),
        )

    group = factory.SubFactory(GroupFactory)
    starts_at = factory.Sequence(lambda n: at_ten(ahead()) + dt.timedelta(minutes=n % 360))
    place = "Raum 2"
    subject = "Bewerbungen lesen"
    created_by = factory.SelfAttribute("group.created_by")


class AttendanceFactory(RecordFactory):
    class Meta:
        model = models.Attendance

    group_date = factory.SubFactory(GroupDateFactory, recorded=True)
    member = factory.SubFactory(GroupMemberFactory, group=factory.SelfAttribute("..group_date.group"))
    case = factory.SelfAttribute("member.case")
    contact = factory.SubFactory(ContactFactory, case=factory.SelfAttribute("..case"))
    attended = True


# --- demands -----------------------------------------------------------------------------------------------


def half_year(day: dt.date | None = None) -> str:
    day = day or timezone.localdate()
    return f"{day.year}-{1 if day.month <= 6 else 2}"


class DemandNoteFactory(RecordFactory):
    class Meta:
        model = models.DemandNote

    uuid = factory.LazyFunction(uuid.uuid4)
    half_year = factory.LazyFunction(half_year)
    text = "Ein Deutschkurs am Abend, mit Kinderbetreuung im selben Haus"


class DemandReplyFactory(RecordFactory):
    class Meta:
        model = models.DemandReply

    need = "Deutsch am Abend mit Kinderbetreuung"
    text = "Seit März gibt es in der Weststadt einen Abendkurs mit Kinderbetreuung."
    by = factory.LazyFunction(offer_manager)


class DemandReplyNoteFactory(RecordFactory):
    class Meta:
        model = models.DemandReplyNote

    reply = factory.SubFactory(DemandReplyFactory)
    note = factory.SubFactory(DemandNoteFactory)

"""Worded by some, reviewed by somebody else, complete when published; every version stays (R4.4-5, R4.4-7)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from offers.models import CONTENT, Offer, OfferEvent, OfferVersion, Provider
from tests import factories
from tests.factories import OfferFactory, OfferVersionFactory, ago, back, offer_manager, published_offer
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.django_db

BLANK = ["", "   ", "\n\t"]


@pytest.fixture
def version(offer):
    return offer.versions.get()


@pytest.fixture
def draft():
    return OfferVersionFactory(draft=True)


@pytest.fixture
def submitted():
    return OfferVersionFactory(submitted=True)


def rows(version):
    return OfferVersion.objects.filter(pk=version.pk)


def reviewed(by, at=None):
    return {"reviewed_at": at or timezone.now(), "reviewed_by": by}


# --- the lists of the house --------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(
    ("factory", "column", "rule"),
    [
        (factories.ProviderFactory, "name", "provider_named"),
        (factories.ProviderContactFactory, "name", "provider_contact_named"),
        (factories.SupportKindFactory, "code", "support_kind_has_code"),
        (factories.SupportKindFactory, "text", "support_kind_named"),
        (factories.FundingBodyFactory, "name", "funding_body_named"),
        (factories.OfferLegalBasisFactory, "name", "offer_legal_basis_named"),
        (OfferVersionFactory, "name", "offer_named"),
        (factories.OfferRemarkFactory, "text", "offer_remark_not_blank"),
    ],
)
def test_what_has_a_name_has_one(factory, column, rule, blank):
    with refused(rule):
        factory(**{column: blank})


def test_two_providers_do_not_have_one_name_but_one_may_come_after_another():
    provider = factories.ProviderFactory(name="Werkhof Weidenblick")

    with refused("provider_named_once"):
        factories.ProviderFactory(name="werkhof weidenblick")
    Provider.objects.filter(pk=provider.pk).update(ended_at=timezone.now(), ended_by=provider.created_by)
    with accepted():
        factories.ProviderFactory(name="Werkhof Weidenblick")


def test_a_legal_basis_does_not_end_before_it_begins():
    with refused("offer_legal_basis_period"):
        factories.OfferLegalBasisFactory(valid_from=back(1), valid_to=back(9))


@pytest.mark.parametrize(
    ("factory", "moment", "rule"),
    [
        (factories.ProviderFactory, "ended_at", "provider_end_paired"),
        (OfferFactory, "withdrawn_at", "offer_withdrawal_paired"),
        (factories.OfferRemarkFactory, "done_at", "offer_remark_end_paired"),
    ],
)
def test_an_end_has_a_moment_and_a_person(factory, moment, rule):
    row = factory()
    person = moment.removesuffix("_at") + "_by"

    with refused(rule):
        type(row).objects.filter(pk=row.pk).update(**{moment: timezone.now()})
    with refused(rule):
        type(row).objects.filter(pk=row.pk).update(**{person: offer_manager()})


# --- the offer itself --------------------------------------------------------------------------------------


def test_whether_an_offer_is_immediate_and_whose_it_is_never_changes(offer):
    other = factories.ProviderFactory()

    for change in (
        lambda: Offer.objects.filter(pk=offer.pk).update(immediate=True),
        lambda: Offer.objects.filter(pk=offer.pk).update(provider=other),
        lambda: sql("UPDATE offers_offer SET uid = gen_random_uuid()"),
    ):
        with denied():
            change()


def test_an_offer_is_withdrawn_once_and_then_stays_as_it_is(offer, paula):
    Offer.objects.filter(pk=offer.pk).update(withdrawn_at=timezone.now(), withdrawn_by=paula)

    for changed in ({"withdrawn_at": None, "withdrawn_by": None}, {"notice": "Doch"}, {"possible": False}):
        with refused("offer_is_withdrawn_once"):
            Offer.objects.filter(pk=offer.pk).update(**changed)


def test_an_offer_its_versions_and_its_history_are_not_deleted(offer):
    factories.OfferEventFactory(offer=offer)

    for table in ("offers_offer", "offers_offerversion", "offers_offerevent", "offers_provider"):
        with denied():
            sql(f"DELETE FROM {table}")


def test_the_history_of_an_offer_is_not_changed(offer):
    factories.OfferEventFactory(offer=offer)

    with denied():
        OfferEvent.objects.update(text="Anders")


def test_an_event_is_of_a_known_kind(offer):
    with refused("offer_event_kind_known"):
        factories.OfferEventFactory(offer=offer, kind="liked")


# --- two persons -------------------------------------------------------------------------------------------


def test_whoever_wrote_it_does_not_review_it(submitted):
    author, writer = submitted.author, offer_manager()

    for by in (author, writer):
        with refused("offer_version_second_person"):
            rows(submitted).update(writers=[author.pk, writer.pk], **reviewed(by))
    with refused("offer_version_second_person"):
        sql(
            "UPDATE offers_offerversion SET reviewed_at = now(), reviewed_by_id = author_id WHERE id = %s",
            [submitted.pk],
        )
    with refused("offer_version_second_person"):
        published_offer(reviewed_by=author, created_by=author)


def test_a_second_person_reviews_it(submitted):
    with accepted():
        rows(submitted).update(**reviewed(offer_manager()))


def test_nobody_gets_out_of_having_written_it(draft, submitted, version):
    with refused("offer_version_keeps_its_writers"):
        rows(draft).update(writers=[])
    with refused("offer_version_keeps_its_writers"):
        rows(submitted).update(writers=[offer_manager().pk])
    with refused("offer_version_keeps_its_writers"):
        rows(version).update(writers=[*version.writers, offer_manager().pk])
    with accepted():
        rows(draft).update(writers=[*draft.writers, offer_manager().pk])


def test_a_version_names_its_author_among_the_writers():
    with refused("offer_version_names_its_author"):
        OfferVersionFactory(draft=True, writers=[offer_manager().pk])
    with denied():
        OfferVersion.objects.update(author=offer_manager())


# --- its life ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trait", "moment", "rule"),
    [
        ("draft", "submitted_at", "offer_submission_paired"),
        ("submitted", "reviewed_at", "offer_review_paired"),
        ("draft", "discarded_at", "offer_discard_paired"),
    ],
)
def test_each_part_of_its_life_has_a_moment_and_a_person(trait, moment, rule):
    version = OfferVersionFactory(**{trait: True})
    person = moment.removesuffix("_at") + "_by"

    with refused(rule):
        rows(version).update(**{moment: timezone.now()})
    with refused(rule):
        rows(version).update(**{person: offer_manager()})


def test_a_publication_has_a_moment_and_a_person(submitted):
    second = offer_manager()
    rows(submitted).update(**reviewed(second))

    with refused("offer_publication_paired"):
        rows(submitted).update(published_at=timezone.now())
    with refused("offer_publication_paired"):
        rows(submitted).update(published_by=second)


def test_the_parts_of_its_life_come_one_after_another(draft, submitted, version):
    second = offer_manager()

    with refused("offer_reviewed_when_submitted"):
        rows(draft).update(**reviewed(second))
    with refused("offer_published_when_reviewed"):
        rows(submitted).update(published_at=timezone.now(), published_by=second)
    with refused("offer_superseded_when_published"):
        rows(submitted).update(superseded_at=timezone.now())
    with refused("published_offer_is_not_discarded"):
        rows(version).update(discarded_at=timezone.now(), discarded_by=second)


def test_one_draft_and_one_published_version_at_a_time(offer):
    with refused("one_published_version_per_offer"):
        OfferVersionFactory(offer=offer)
    OfferVersionFactory(offer=offer, draft=True)
    with refused("one_draft_per_offer"):
        OfferVersionFactory(offer=offer, draft=True)
    with refused("one_draft_per_offer"):
        OfferVersionFactory(offer=offer, submitted=True)


def test_a_next_version_takes_the_place_of_the_one_before(offer, version):
    with accepted():
        rows(version).update(superseded_at=timezone.now())
        second = OfferVersionFactory(offer=offer, reviewed_at=timezone.now())

    assert second.number == 2


def test_versions_have_numbers_of_their_own(offer):
    with refused("offer_version_number_once"):
        OfferVersionFactory(offer=offer, draft=True, number=1)


# --- final from the review on ------------------------------------------------------------------------------

OTHER = {
    "name": "Anders",
    "support": "Anders",
    "purpose": "Anders",
    "course": "Anders",
    "place": "Anders",
    "start": "Anders",
    "duration": "Anders",
    "accessibility": "Anders",
    "bring": "Anders",
    "requirements": "Anders",
    "joining": "Anders",
    "supports": [],
    "areas": [],
    "start_dates": [dt.date(2030, 1, 7)],
    "any_time": False,
    "hours_per_week": Decimal("7.5"),
    "languages": ["de"],
    "valid_from": dt.date(2020, 1, 2),
    "valid_to": dt.date(2090, 1, 2),
    "funding_body": None,
    "legal_basis": None,
}


def test_every_part_of_the_content_is_tried():
    assert set(OTHER) == set(CONTENT)


@pytest.mark.parametrize("column", CONTENT)
def test_no_word_of_it_changes_once_it_was_given_to_review(submitted, version, column):
    for row in (submitted, version):
        with refused("offer_version_is_final"):
            rows(row).update(**{column: OTHER[column]})


@pytest.mark.parametrize("column", CONTENT)
def test_a_draft_may_be_worded_anew(draft, column):
    with accepted():
        rows(draft).update(**{column: OTHER[column]})


def test_a_version_that_was_returned_may_be_worded_anew(submitted):
    rows(submitted).update(submitted_at=None, submitted_by=None, review_note="Wo genau?")

    with accepted():
        rows(submitted).update(place="Am Wall 4")


def test_what_happened_to_a_version_is_not_taken_back(version, submitted):
    second = offer_manager()
    for changed in (
        {"published_at": None, "published_by": None},
        {"published_at": timezone.now()},
        {"reviewed_by": second},
        {"submitted_at": timezone.now()},
    ):
        with refused("offer_version_is_final"):
            rows(version).update(**changed)
    rows(version).update(superseded_at=timezone.now())
    with refused("offer_version_is_final"):
        rows(version).update(superseded_at=None)
    rows(submitted).update(discarded_at=timezone.now(), discarded_by=second)
    for changed in ({"discarded_at": None, "discarded_by": None}, {"name": "Doch"}, {"submitted_at": timezone.now()}):
        with refused("offer_version_is_final"):
            rows(submitted).update(**changed)


def test_a_version_keeps_its_offer_and_its_number(draft):
    with denied():
        rows(draft).update(number=F("number") + 1)
    with denied():
        rows(draft).update(offer=OfferFactory())


# --- complete ----------------------------------------------------------------------------------------------

MISSING = (
    *[
        pytest.param({column: blank}, id=f"{column} {blank!r}")
        for column in (
            "support",
            "purpose",
            "course",
            "place",
            "duration",
            "accessibility",
            "bring",
            "requirements",
            "joining",
        )
        for blank in BLANK
    ],
    *[pytest.param({column: []}, id=column) for column in ("supports", "areas", "languages")],
    *[
        pytest.param({column: None}, id=column)
        for column in ("hours_per_week", "funding_body", "legal_basis", "valid_from", "valid_to")
    ],
    pytest.param({"start": " ", "start_dates": [], "any_time": False}, id="start"),
)


@pytest.mark.parametrize("missing", MISSING)
def test_an_incomplete_offer_is_not_published(missing):
    with refused("published_offer_is_complete"):
        published_offer(**missing)


@pytest.mark.parametrize("missing", MISSING)
def test_an_incomplete_offer_is_not_published_in_bulk_either(missing):
    draft = OfferVersionFactory(draft=True, **missing)
    rows(draft).update(submitted_at=timezone.now(), submitted_by=draft.author)
    second = offer_manager()
    rows(draft).update(**reviewed(second))

    with refused("published_offer_is_complete"):
        rows(draft).update(published_at=timezone.now(), published_by=second)


@pytest.mark.parametrize("start", [{"start": "Am ersten Montag"}, {"start_dates": [back(1)]}, {"any_time": True}])
def test_a_start_is_said_in_one_of_three_ways(start):
    with accepted():
        published_offer(**({"start": "", "start_dates": [], "any_time": False} | start))


def test_a_day_without_end_is_no_day(draft):
    sql("UPDATE offers_offerversion SET valid_to = 'infinity' WHERE id = %s", [draft.pk])
    rows(draft).update(submitted_at=timezone.now(), submitted_by=draft.author)
    second = offer_manager()
    rows(draft).update(**reviewed(second))

    with refused("published_offer_is_complete"):
        rows(draft).update(published_at=timezone.now(), published_by=second)


def test_its_days_and_hours_are_real():
    with refused("offer_period_real"):
        OfferVersionFactory(draft=True, valid_from=back(1), valid_to=back(9))
    for hours in ("0", "-2", "60.5"):
        with refused("offer_hours_real"):
            OfferVersionFactory(draft=True, hours_per_week=Decimal(hours))


def test_it_uses_known_words_only(draft):
    with refused("offer_languages_known"):
        rows(draft).update(languages=["de", "klingonisch"])
    with refused("offer_version_knows_its_words"):
        rows(draft).update(supports=["nirgends"])
    with refused("offer_version_knows_its_words"):
        rows(draft).update(areas=[0])
    with refused("offer_version_knows_its_words"):
        OfferVersionFactory(draft=True, supports=["nirgends"])


def test_what_was_withdrawn_is_not_published_again(paula):
    offer = OfferFactory(withdrawn_at=ago(days=50), withdrawn_by=paula)

    with refused("withdrawn_offer_is_not_published"):
        OfferVersionFactory(offer=offer)

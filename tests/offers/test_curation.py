"""Curation: written by one, reviewed by another, complete when published, every version kept (R4.4-5, R4.4-7)."""

import datetime as dt
from decimal import Decimal

import pytest

from casework.actions.errors import Conflict, NotAllowed, RuleBroken
from offers.actions import curation
from offers.actions.errors import SECOND_PERSON, DraftExists, Incomplete, OfferWithdrawn, VersionMoved
from offers.enums import OfferEventKind
from offers.gaps import gaps, text_gap
from offers.models import CONTENT, OfferEvent, OfferVersion
from tests.factories import (
    FundingBodyFactory,
    OfferFactory,
    OfferLegalBasisFactory,
    OfferVersionFactory,
    ProviderContactFactory,
    ProviderFactory,
    ahead,
    back,
    offer_manager,
    published_offer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bernd():
    """The second person."""
    return offer_manager(first_name="Bernd", last_name="Roth")


@pytest.fixture
def draft(paula):
    return OfferVersionFactory(draft=True, offer=OfferFactory(created_by=paula))


@pytest.fixture
def submitted(draft, paula):
    curation.submit_version(version=draft, by=paula)
    return draft


@pytest.fixture
def version(offer):
    return offer.versions.get()


def kinds(offer):
    return list(OfferEvent.objects.filter(offer=offer).order_by("pk").values_list("kind", flat=True))


def content(version):
    return {name: getattr(version, name) for name in CONTENT}


# --- an offer begins with a draft --------------------------------------------------------------------------


def test_a_new_offer_begins_with_a_draft_of_its_author(paula):
    provider = ProviderFactory()
    contact = ProviderContactFactory(provider=provider)
    version = curation.create_offer(
        provider=provider, contact=contact, content={"name": " Werkstatt ", "support": "a\r\nb"}, by=paula
    )

    version.refresh_from_db()
    assert (version.number, version.name, version.support) == (1, "Werkstatt", "a\nb")
    assert (version.author, version.writers, version.submitted_at) == (paula, [paula.pk], None)
    assert (version.offer.contact, version.offer.immediate, version.offer.created_by) == (contact, False, paula)
    assert kinds(version.offer) == ["drafted"]


@pytest.mark.parametrize("name", ["", "  "])
def test_a_name_is_needed(paula, name):
    with pytest.raises(RuleBroken, match="Namen") as refused:
        curation.create_offer(provider=ProviderFactory(), content={"name": name}, by=paula)

    assert refused.value.field == "name"


def test_without_any_name_the_database_says_the_same(paula):
    with pytest.raises(RuleBroken, match="Namen"):
        curation.create_offer(provider=ProviderFactory(), content={}, by=paula)


def test_what_is_no_content_is_not_taken(paula):
    with pytest.raises(ValueError, match="price"):
        curation.create_offer(provider=ProviderFactory(), content={"name": "A", "price": 3}, by=paula)


def test_a_provider_who_is_no_longer_active_gets_no_offer(paula):
    provider = ProviderFactory()
    curation.end_provider(provider=provider, by=paula)

    with pytest.raises(RuleBroken, match="nicht mehr tätig"):
        curation.create_offer(provider=provider, content={"name": "A"}, by=paula)


def test_a_contact_of_another_provider_is_refused(paula, offer):
    stranger = ProviderContactFactory()

    with pytest.raises(RuleBroken, match="anderen Träger"):
        curation.create_offer(provider=ProviderFactory(), contact=stranger, content={"name": "A"}, by=paula)
    with pytest.raises(RuleBroken, match="anderen Träger"):
        curation.set_contact(offer=offer, contact=stranger, by=paula)


@pytest.mark.parametrize("who", ["kim", "tom", "admin"])
def test_nobody_else_curates(request, who, offer, draft):
    other = request.getfixturevalue(who)
    for act in (
        lambda: curation.create_offer(provider=offer.provider, content={"name": "A"}, by=other),
        lambda: curation.start_version(offer=offer, by=other),
        lambda: curation.write_version(version=draft, content={"name": "A"}, by=other),
        lambda: curation.submit_version(version=draft, by=other),
        lambda: curation.return_version(version=draft, text="x", by=other),
        lambda: curation.review_version(version=draft, by=other),
        lambda: curation.publish_version(version=draft, by=other),
        lambda: curation.discard_version(version=draft, by=other),
        lambda: curation.withdraw_offer(offer=offer, by=other),
        lambda: curation.set_possible(offer=offer, possible=False, by=other),
        lambda: curation.set_notice(offer=offer, notice="x", by=other),
        lambda: curation.set_contact(offer=offer, contact=None, by=other),
        lambda: curation.change_contact_person(contact=offer.contact, changes={"phone": "1"}, by=other),
        lambda: curation.assure_offer(offer=offer, on=back(), assured_by="x", by=other),
        lambda: curation.end_provider(provider=offer.provider, by=other),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert kinds(offer) == kinds(draft.offer) == []


# --- writing -----------------------------------------------------------------------------------------------


def test_whoever_changes_a_word_has_written(draft, bernd):
    curation.write_version(version=draft, content={"support": "Anders.", "hours_per_week": Decimal("12.5")}, by=bernd)

    draft.refresh_from_db()
    assert (draft.support, draft.hours_per_week) == ("Anders.", Decimal("12.5"))
    assert draft.writers == [draft.author_id, bernd.pk]
    event = OfferEvent.objects.get(offer=draft.offer)
    assert (event.kind, event.by, event.version) == ("changed", bernd, draft)
    assert event.text == "Welche Unterstützung gibt es?; Stunden in der Woche"


def test_the_same_said_again_is_no_change(draft, bernd):
    OfferVersion.objects.filter(pk=draft.pk).update(course="Montag\nDienstag")
    draft.refresh_from_db()
    curation.write_version(version=draft, content=content(draft) | {"course": "Montag\r\nDienstag "}, by=bernd)

    draft.refresh_from_db()
    assert bernd.pk not in draft.writers
    assert kinds(draft.offer) == []


def test_a_version_in_review_is_not_worded(submitted, paula):
    with pytest.raises(VersionMoved):
        curation.write_version(version=submitted, content={"support": "Anders"}, by=paula)
    with pytest.raises(VersionMoved):
        curation.submit_version(version=submitted, by=paula)


def test_what_a_rule_refuses_comes_back_as_a_sentence(draft, paula):
    with pytest.raises(RuleBroken, match="liegt vor") as refused:
        curation.write_version(version=draft, content={"valid_from": ahead(3), "valid_to": ahead(2)}, by=paula)
    assert refused.value.field == "valid_to"
    with pytest.raises(RuleBroken, match="Stunden"):
        curation.write_version(version=draft, content={"hours_per_week": Decimal("61")}, by=paula)
    with pytest.raises(RuleBroken, match="gibt es nicht mehr"):
        curation.write_version(version=draft, content={"supports": ["unbekannt"]}, by=paula)
    with pytest.raises(RuleBroken, match="Sprache"):
        curation.write_version(version=draft, content={"languages": ["xx"]}, by=paula)


# --- review by a second person -----------------------------------------------------------------------------


def test_a_second_person_reviews_and_publishes(submitted, bernd):
    curation.publish_version(version=submitted, by=bernd)

    submitted.refresh_from_db()
    assert submitted.reviewed_by == submitted.published_by == bernd
    assert kinds(submitted.offer) == ["submitted", "reviewed", "published"]


def test_review_and_publication_may_be_two_steps(submitted, paula, bernd):
    curation.review_version(version=submitted, by=bernd)
    curation.publish_version(version=submitted, by=paula)

    submitted.refresh_from_db()
    assert (submitted.reviewed_by, submitted.published_by) == (bernd, paula)


@pytest.mark.parametrize("act", [curation.review_version, curation.publish_version])
def test_the_author_does_not_review(submitted, paula, act):
    with pytest.raises(NotAllowed) as refused:
        act(version=submitted, by=paula)

    submitted.refresh_from_db()
    assert refused.value.message == SECOND_PERSON
    assert submitted.reviewed_at is None


@pytest.mark.parametrize("act", [curation.review_version, curation.publish_version])
def test_nor_does_whoever_wrote_one_word_of_it(draft, paula, bernd, act):
    curation.write_version(version=draft, content={"bring": "Nichts"}, by=bernd)
    curation.submit_version(version=draft, by=paula)

    with pytest.raises(NotAllowed, match="nicht geschrieben"):
        act(version=draft, by=bernd)


def test_a_draft_is_not_reviewed_before_it_was_given(draft, bernd):
    for act in (curation.review_version, curation.publish_version):
        with pytest.raises(VersionMoved):
            act(version=draft, by=bernd)
    with pytest.raises(VersionMoved):
        curation.return_version(version=draft, text="x", by=bernd)


def test_given_back_with_what_is_missing_and_worded_again(submitted, paula, bernd):
    curation.return_version(version=submitted, text=" Wer holt ab? ", by=bernd)
    submitted.refresh_from_db()
    assert (submitted.review_note, submitted.submitted_at, submitted.submitted_by) == ("Wer holt ab?", None, None)

    curation.write_version(version=submitted, content={"joining": "Die Werkstatt ruft Sie an."}, by=paula)
    curation.submit_version(version=submitted, by=paula)
    submitted.refresh_from_db()
    assert submitted.review_note == ""
    assert OfferEvent.objects.get(kind=OfferEventKind.RETURNED).text == "Wer holt ab?"
    curation.publish_version(version=submitted, by=bernd)


def test_giving_back_says_what_is_missing(submitted, bernd):
    with pytest.raises(RuleBroken) as refused:
        curation.return_version(version=submitted, text="  ", by=bernd)

    assert refused.value.field == "text"


def test_what_was_reviewed_is_not_given_back_or_reviewed_again(submitted, bernd):
    curation.review_version(version=submitted, by=bernd)

    with pytest.raises(VersionMoved):
        curation.return_version(version=submitted, text="x", by=bernd)
    with pytest.raises(VersionMoved):
        curation.review_version(version=submitted, by=bernd)


# --- what cannot be published yet --------------------------------------------------------------------------

EMPTY = {
    "support": "",
    "supports": [],
    "purpose": "siehe Flyer",
    "course": "Wir arbeiten gemeinsam in der Werkstatt und besprechen am Ende, was gut ging.",
    "place": "n. n.",
    "areas": [],
    "start": "",
    "start_dates": [],
    "any_time": False,
    "duration": "individuell",
    "hours_per_week": None,
    "languages": [],
    "accessibility": "auf Anfrage",
    "bring": "-",
    "requirements": "folgt",
    "funding_body": None,
    "legal_basis": None,
    "joining": "Anruf",
    "valid_from": None,
    "valid_to": None,
}


def test_each_gap_is_named_in_a_sentence_of_its_own(draft, paula, bernd):
    curation.write_version(version=draft, content=EMPTY, by=paula)
    curation.set_contact(offer=draft.offer, contact=None, by=paula)
    curation.submit_version(version=draft, by=paula)

    with pytest.raises(Incomplete) as refused:
        curation.publish_version(version=draft, by=bernd)

    found = refused.value.gaps
    assert len(found) == len(set(found)) == 19  # all of EMPTY, where three make the start, and the contact
    assert all(sentence.endswith(".") and sentence in refused.value.message for sentence in found)
    draft.refresh_from_db()
    assert draft.published_at is draft.reviewed_at is None
    with pytest.raises(Incomplete):
        curation.review_version(version=draft, by=bernd)


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("support", "Hilfe beim Bewerben.", "zu kurz"),
        ("support", "Sie bauen etwas. Alles Weitere siehe Homepage, dort stehen alle Angaben.", "siehe Homepage"),
        ("purpose", "tba", "„tba“"),
        ("purpose", "…", "leer"),
        ("course", "Individuell nach Absprache. Montag bis Freitag sind wir da und freuen uns auf Sie.", "Individuell"),
        ("course", "Erst lernen wir uns kennen, danach arbeiten alle gemeinsam in der Werkstatt.", "weder einen Tag"),
        ("place", "folgt", "„folgt“"),
        ("accessibility", "Genaueres wird noch bekannt gegeben", "wird noch bekannt gegeben"),
        ("valid_to", back(1), "gilt nur bis"),
        ("supports", [], "Art der Unterstützung"),
        ("areas", [], "Sozialraum"),
        ("languages", [], "Sprache"),
        ("hours_per_week", None, "Stunden"),
        ("funding_body", None, "bezahlt"),
        ("legal_basis", None, "Rechtsgrundlage"),
        ("valid_from", None, "ab wann"),
        ("valid_to", None, "bis wann"),
    ],
)
def test_one_gap_one_sentence(field, value, word):
    version = OfferVersionFactory(draft=True)
    assert gaps(version) == []
    setattr(version, field, value)

    found = gaps(version)
    assert len(found) == 1
    assert word in found[0]


@pytest.mark.parametrize(
    ("start", "dates", "word"),
    [("", [], "leer"), ("auf Anfrage", [], "auf Anfrage"), ("", [back(3)], "vorbei"), ("", [ahead(3)], "")],
)
def test_when_it_begins(start, dates, word):
    version = OfferVersionFactory(draft=True, any_time=False, start=start, start_dates=dates)

    assert [word in sentence for sentence in gaps(version)] == ([True] if word else [])


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("course", "Montags bis mittwochs Werkstatt, danach folgt ein Gespräch mit der Anleitung im Haus."),
        ("course", "Zwischen 8 und 13 Uhr arbeiten Sie in der Werkstatt, mit zwei längeren Pausen."),
        ("course", "Jede Woche zwei Treffen von 9:30 bis 12:00, dazwischen üben Sie allein zu Hause."),
        ("course", "Mo, Mi und Fr treffen wir uns im Stadtteilzentrum und üben an den Rechnern dort."),
        ("accessibility", "Rampe am Hintereingang, Aufzug bis in den zweiten Stock."),
        ("bring", "nichts"),
        ("duration", "4 Wochen"),
        ("support", "Sie üben an Ihrer eigenen Bewerbung; die Termine passen wir individuell an Ihre Zeiten an."),
    ],
)
def test_what_is_concrete_is_no_gap(field, text):
    assert text_gap(field, text) == ""
    assert gaps(OfferVersionFactory(draft=True, **{field: text})) == []


def test_gaps_beside_the_text(draft, paula):
    offer = draft.offer
    for contact, word in (
        (None, "Ansprechperson"),
        (ProviderContactFactory(provider=offer.provider, phone="", email=" "), "Telefon oder E-Mail"),
        (ProviderContactFactory(provider=offer.provider, active=False), "nicht mehr erreichbar"),
    ):
        offer.contact = contact
        assert [word in sentence for sentence in gaps(OfferVersion(offer=offer, **content(draft)))] == [True]
    offer.contact = ProviderContactFactory(provider=offer.provider, phone="", email="a@example.org")
    assert gaps(draft) == []
    offer.assured_on = None
    assert "zugesichert" in gaps(draft)[0]


def test_a_legal_basis_that_no_longer_holds_and_a_provider_who_left(draft):
    draft.legal_basis = OfferLegalBasisFactory(valid_to=back(2))
    draft.offer.provider.ended_at = dt.datetime.now(dt.UTC)

    assert [word in sentence for word, sentence in zip(("galt nur bis", "tätig"), gaps(draft), strict=True)] == [
        True
    ] * 2


# --- versions are kept -------------------------------------------------------------------------------------


def test_a_new_version_is_a_copy_and_takes_over_when_published(offer, version, paula, bernd):
    new = curation.start_version(offer=offer, by=bernd)
    assert content(new) == content(version)
    assert (new.number, new.writers, new.author) == (2, [bernd.pk], bernd)
    version.refresh_from_db()
    assert version.superseded_at is None

    curation.write_version(version=new, content={"name": "Neue Werkstatt"}, by=bernd)
    curation.submit_version(version=new, by=bernd)
    curation.publish_version(version=new, by=paula)

    version.refresh_from_db()
    new.refresh_from_db()
    assert version.superseded_at == new.published_at
    assert (version.name, new.name) == ("Holzwerkstatt am Weidenblick", "Neue Werkstatt")
    assert kinds(offer) == ["drafted", "changed", "submitted", "reviewed", "published"]


def test_one_draft_at_a_time(offer, paula):
    curation.start_version(offer=offer, by=paula)

    with pytest.raises(DraftExists):
        curation.start_version(offer=offer, by=paula)


def test_a_discarded_draft_stays_and_makes_room(offer, version, paula):
    draft = curation.start_version(offer=offer, by=paula)
    curation.write_version(version=draft, content={"name": "Verworfen"}, by=paula)
    curation.discard_version(version=draft, by=paula)

    draft.refresh_from_db()
    assert draft.discarded_by == paula
    for act in (curation.submit_version, curation.discard_version):
        with pytest.raises(VersionMoved):
            act(version=draft, by=paula)
    assert curation.start_version(offer=offer, by=paula).name == version.name


def test_the_next_draft_of_an_offer_never_published_goes_on_from_the_last(draft, paula):
    curation.discard_version(version=draft, by=paula)

    assert content(curation.start_version(offer=draft.offer, by=paula)) == content(draft)


def test_what_was_published_is_never_discarded(version, paula):
    with pytest.raises(VersionMoved):
        curation.discard_version(version=version, by=paula)


def test_a_withdrawn_offer_changes_no_more(offer, version, paula, bernd):
    draft = curation.start_version(offer=offer, by=paula)
    curation.withdraw_offer(offer=offer, by=bernd, text="Der Träger hört auf.")

    offer.refresh_from_db()
    draft.refresh_from_db()
    version.refresh_from_db()
    assert offer.withdrawn_by == draft.discarded_by == bernd
    assert version.superseded_at is None
    assert kinds(offer) == ["drafted", "discarded", "withdrawn"]
    for act in (
        lambda: curation.withdraw_offer(offer=offer, by=paula),
        lambda: curation.start_version(offer=offer, by=paula),
        lambda: curation.publish_version(version=draft, by=bernd),
        lambda: curation.set_possible(offer=offer, possible=False, by=paula),
        lambda: curation.set_notice(offer=offer, notice="x", by=paula),
        lambda: curation.set_contact(offer=offer, contact=None, by=paula),
        lambda: curation.assure_offer(offer=offer, on=back(), assured_by="x", by=paula),
    ):
        with pytest.raises(OfferWithdrawn):
            act()


# --- without a second review -------------------------------------------------------------------------------


def test_what_is_possible_just_now_is_told(offer, paula):
    curation.set_possible(offer=offer, possible=True, by=paula)
    curation.set_possible(offer=offer, possible=False, by=paula)
    curation.set_possible(offer=offer, possible=True, by=paula)

    assert kinds(offer) == ["not_possible", "possible"]


def test_a_notice_is_told_once(offer, paula):
    curation.set_notice(offer=offer, notice=" Im August zu. ", by=paula)
    curation.set_notice(offer=offer, notice="Im August zu.", by=paula)

    offer.refresh_from_db()
    event = OfferEvent.objects.get(offer=offer)
    assert offer.notice == event.text == "Im August zu."


def test_another_contact_and_another_number_of_the_same(offer, paula):
    other = ProviderContactFactory(provider=offer.provider, name="Mo Keller")
    curation.set_contact(offer=offer, contact=other, by=paula)
    curation.set_contact(offer=offer, contact=other, by=paula)
    curation.change_contact_person(contact=other, changes={"phone": " 0551 1 "}, by=paula)

    other.refresh_from_db()
    assert other.phone == "0551 1"
    assert kinds(offer) == ["contact", "contact"]
    assert OfferEvent.objects.first().text == "Mo Keller"


def test_assured_by_somebody_on_a_day_that_was(offer, paula):
    curation.assure_offer(offer=offer, on=back(1), assured_by=" Mo Keller ", by=paula)
    curation.assure_offer(offer=offer, on=back(1), assured_by="Mo Keller", by=paula)

    offer.refresh_from_db()
    assert (offer.assured_on, offer.assured_by) == (back(1), "Mo Keller")
    assert kinds(offer) == ["assured"]
    with pytest.raises(RuleBroken, match="Zukunft"):
        curation.assure_offer(offer=offer, on=ahead(1), assured_by="Mo Keller", by=paula)
    with pytest.raises(RuleBroken, match="wer"):
        curation.assure_offer(offer=offer, on=back(1), assured_by=" ", by=paula)


def test_a_provider_ends_when_its_offers_are_withdrawn(offer, paula):
    with pytest.raises(Conflict, match="ein Angebot"):
        curation.end_provider(provider=offer.provider, by=paula)
    curation.withdraw_offer(offer=offer, by=paula)
    curation.end_provider(provider=offer.provider, by=paula)
    curation.end_provider(provider=offer.provider, by=paula)

    offer.provider.refresh_from_db()
    assert offer.provider.ended_by == paula


def test_an_expired_offer_is_renewed(paula, bernd):
    offer = published_offer(valid_from=back(90), valid_to=back(1))
    new = curation.start_version(offer=offer, by=paula)
    curation.submit_version(version=new, by=paula)
    with pytest.raises(Incomplete, match="gilt nur bis"):
        curation.publish_version(version=new, by=bernd)

    curation.return_version(version=new, text="gilt bis", by=bernd)
    basis, body = OfferLegalBasisFactory(), FundingBodyFactory()
    changes = {"valid_to": ahead(90), "legal_basis": basis, "funding_body": body}
    curation.write_version(version=new, content=changes, by=paula)
    curation.submit_version(version=new, by=paula)
    curation.publish_version(version=new, by=bernd)

    new.refresh_from_db()
    assert (new.legal_basis, new.funding_body) == (basis, body)

"""What a second look found and what holds it now: each of these once went through."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from casework.models import Draft
from offers.actions import curation
from offers.actions.errors import VersionMoved
from offers.models import CONTENT, DemandNote, Offer, OfferVersion
from tests.factories_offers import OfferFactory, OfferVersionFactory, chosen_offer, offer_manager, published_offer
from tests.rules import denied, refused, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def complete():
    """What a complete version says."""
    version = OfferVersionFactory()
    return {name: getattr(version, name) for name in CONTENT}


@pytest.fixture
def writer():
    return offer_manager()


@pytest.fixture
def second():
    return offer_manager()


def submitted(complete, by):
    other = OfferFactory()
    version = curation.create_offer(provider=other.provider, content=complete, by=by, contact=other.contact)
    Offer.objects.filter(pk=version.offer_id).update(assured_on=other.assured_on, assured_by=other.assured_by)
    curation.submit_version(version=version, by=by)
    return version


# --- what a second person has not read is not published ---


def test_a_text_that_was_reworded_meanwhile_is_not_reviewed_by_an_old_page(complete, writer, second):
    version = submitted(complete, writer)
    seen = curation.mark_of(OfferVersion.objects.get(pk=version.pk))
    curation.return_version(version=version, text="noch etwas", by=writer)
    curation.write_version(version=version, content={"support": "Nie gelesen."}, by=writer)
    curation.submit_version(version=version, by=writer)

    with pytest.raises(VersionMoved):
        curation.review_version(version=version, by=second, seen=seen)
    with pytest.raises(VersionMoved):
        curation.publish_version(version=version, by=second, seen=seen)


def test_the_page_sends_the_mark_of_what_it_shows(client, complete, writer, second):
    version = submitted(complete, writer)
    client.force_login(second)
    page = client.get(f"/angebotspflege/offers/offerversion/{version.pk}/change/").content.decode()
    mark = curation.mark_of(OfferVersion.objects.get(pk=version.pk))
    assert page.count(f'name="stand" value="{mark}"') >= 1


def test_whose_words_were_never_reviewed_does_not_review_a_copy_of_them(complete, writer, second):
    version = submitted(complete, writer)
    curation.discard_version(version=version, by=second)

    copy = curation.start_version(offer=version.offer, by=second)

    assert set(copy.writers) == {writer.pk, second.pk}
    with refused("offer_version_second_person"):
        OfferVersion.objects.filter(pk=copy.pk).update(
            submitted_at=timezone.now(), submitted_by=second, reviewed_at=timezone.now(), reviewed_by=writer
        )


def test_wording_and_review_in_one_statement(complete, writer, second):
    version = submitted(complete, writer)
    curation.return_version(version=version, text="noch etwas", by=second)

    with refused("offer_version_is_final"):
        OfferVersion.objects.filter(pk=version.pk).update(
            support="Nie gelesen.",
            submitted_at=timezone.now(),
            submitted_by=writer,
            reviewed_at=timezone.now(),
            reviewed_by=second,
        )


@pytest.mark.parametrize("column", ["review_note", "submitted_by"])
def test_who_submitted_it_and_what_was_noted_stays(column, second):
    version = OfferVersion.objects.get(offer=published_offer())
    with refused("offer_version_is_final"):
        OfferVersion.objects.filter(pk=version.pk).update(**{column: second if column == "submitted_by" else "anders"})


def test_a_start_date_is_a_date():
    with refused("published_offer_is_complete"):
        OfferVersionFactory(any_time=False, start="", start_dates=[None])


# --- choices ---


def test_no_participation_begins_on_a_choice_that_was_taken_back():
    choice = chosen_offer()
    sql("UPDATE offers_offerchoice SET withdrawn_at = now(), withdrawn_by_id = by_id WHERE id = %s", [choice.pk])

    with refused("participation_of_standing_choice"):
        sql(
            "INSERT INTO offers_participation (case_id, choice_id, planned_at, planned_by_id, started_on, started_at,"
            " started_by_id, version) SELECT case_id, id, at, by_id, current_date - 1, now(), by_id, 1"
            " FROM offers_offerchoice WHERE id = %s",
            [choice.pk],
        )


# --- a Bedarf leads to nobody ---


def test_the_web_role_cannot_read_in_which_transaction_a_demand_was_said():
    sql("INSERT INTO offers_demandnote (uuid, half_year, text) VALUES (gen_random_uuid(), '2026-2', 'Ein Abendkurs.')")

    with denied():
        sql("SELECT xmin FROM offers_demandnote")
    assert DemandNote.objects.count() == 1
    assert DemandNote.objects.get().text == "Ein Abendkurs."


def test_a_demand_is_in_no_draft(kim, kim_client, case):
    kim_client.post(
        f"/faelle/{case.number}/gespraech/entwurf/",
        {"text": "Gesprochen.", "demand": "Es fehlt ein Abendkurs.", "revision": "0"},
    )

    draft = Draft.objects.get(author=kim)
    assert draft.payload["text"] == ["Gesprochen."]
    assert "Abendkurs" not in str(draft.payload)


def test_a_demand_is_kept_in_a_form_that_comes_back(kim_client, case):
    page = kim_client.post(
        f"/faelle/{case.number}/gespraech/", {"text": "Gesprochen.", "demand": "Es fehlt ein Abendkurs."}
    )

    assert page.status_code == 422
    assert "Es fehlt ein Abendkurs." in page.content.decode()


# --- hostile keys and texts in the curation ---


@pytest.mark.parametrize("step", ["zurueckgeben", "verwerfen", "pruefen"])
def test_a_step_with_a_text_that_is_none(client, complete, writer, second, step):
    version = submitted(complete, writer)
    client.force_login(second)

    response = client.post(
        reverse("offers_admin:version_step", args=[version.pk, step]), {"text": "a\x00b", "stand": "\x00"}, follow=True
    )

    assert response.status_code == 200


@pytest.mark.parametrize("key", ["²", "x", "\x00", "9" * 40])
@pytest.mark.parametrize("model", ["provider", "offerremark", "demandreply", "demandnote"])
def test_a_key_that_is_none_in_a_list(client, second, model, key):
    client.force_login(second)
    url = f"/angebotspflege/offers/{model}/"
    actions = {"provider": "end", "offerremark": "mark_done", "demandreply": "withdraw", "demandnote": "reply"}

    response = client.post(url, {"action": actions[model], "_selected_action": key, "index": "0"})

    assert response.status_code in (200, 302)
    assert connection.in_atomic_block

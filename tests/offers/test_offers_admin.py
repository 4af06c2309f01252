"""The admin site of project management: the way of an offer through real pages."""

import re

import pytest

from offers.actions import curation
from offers.actions.errors import SECOND_PERSON
from offers.models import Offer, OfferEvent, OfferVersion
from tests.factories import (
    ProviderContactFactory,
    ProviderFactory,
    ahead,
    back,
)
from tests.factories_offers import area_id
from tests.offers.curating import (
    keep,
    new_draft,
    page_of,
    second_person,
    sheet,
    stand,
    step,
    text_of,
    url,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bernd_client():
    return second_person()


# --- the way of an offer -----------------------------------------------------------------------------------


def test_written_by_one_and_published_by_another(paula, paula_client, bernd_client):
    version = new_draft(paula_client)
    version.refresh_from_db()
    assert (version.name, version.author, version.writers) == ("Fahrradwerkstatt", paula, [paula.pk])
    assert (version.start_dates, str(version.hours_per_week)) == ([ahead(10), ahead(20)], "12.5")
    assert (version.languages, version.areas) == (["de", "uk"], [area_id()])

    page = text_of(paula_client.get(url(OfferVersion, "change", version.pk)))
    assert "Der Träger hat noch nicht zugesichert" in page
    assert "Träger hat noch nicht zugesichert" not in text_of(
        keep(paula_client, version.offer, assured_on=f"{back(1):%d.%m.%Y}", assured_by="Ayla Brandt")
    )
    assert "In der Beschreibung fehlt nichts mehr." in text_of(write(paula_client, version, "_submit"))
    version.refresh_from_db()
    assert version.submitted_by == paula

    page = text_of(bernd_client.get(url(OfferVersion, "change", version.pk)))
    assert "Fahrradwerkstatt" in page and "Ukrainisch" in page and "Speichern" not in page
    assert "Die Fassung ist veröffentlicht." in text_of(step(bernd_client, version, "veroeffentlichen"))
    version.refresh_from_db()
    assert version.published_by == version.reviewed_by != paula


def test_the_author_is_told_who_reviews_and_a_press_is_refused(paula_client, paula):
    version = new_draft(paula_client)
    curation.assure_offer(offer=version.offer, on=back(1), assured_by="Ayla", by=paula)
    page = write(paula_client, version, "_submit")
    assert SECOND_PERSON in text_of(page)
    assert 'value="Prüfen und veröffentlichen"' not in page.content.decode()

    for name in ("veroeffentlichen", "pruefen"):
        assert SECOND_PERSON in text_of(step(paula_client, version, name))
    version.refresh_from_db()
    assert version.reviewed_at is None


def test_each_gap_is_named_on_the_page_on_paper_and_when_pressed(paula_client, bernd_client):
    version = new_draft(paula_client, purpose="siehe Flyer", course="folgt", areas=[], bring="", legal_basis="")
    expected = [
        "„Wofür kann sie gut sein?“ sagt an einer Stelle nur „siehe Flyer“: ",
        "„Wie läuft es ab?“ sagt an einer Stelle nur „folgt“: ",
        "Es ist noch kein Sozialraum ausgewählt",
        "„Was ist mitzubringen?“ ist noch leer: ",
        "Es fehlt die Rechtsgrundlage.",
        "Der Träger hat noch nicht zugesichert",
    ]
    paper = text_of(paula_client.get(page_of("version_gaps", version.pk)))
    edited = text_of(paula_client.get(url(OfferVersion, "change", version.pk)))
    curation.submit_version(version=version, by=version.author)
    refusal = bernd_client.post(page_of("version_step", version.pk, "veroeffentlichen"), follow=True)
    told = [str(message) for message in refusal.context["messages"]]

    for sentence in expected:
        assert sentence in paper
        assert sentence in edited
        assert len([message for message in told if message.startswith(sentence)]) == 1
    assert "Was in der Beschreibung noch fehlt" in paper
    assert version.author.last_name not in paper
    version.refresh_from_db()
    assert version.published_at is version.reviewed_at is None
    assert 'value="Prüfen und veröffentlichen"' not in refusal.content.decode()


def test_given_back_with_a_note_and_worded_again(paula_client, bernd_client):
    version = new_draft(paula_client)
    write(paula_client, version, "_submit")
    assert "Bitte schreiben Sie, was noch fehlt." in text_of(step(bernd_client, version, "zurueckgeben", text=" "))
    step(bernd_client, version, "zurueckgeben", text="Wer zeigt den Weg?")

    page = text_of(paula_client.get(url(OfferVersion, "change", version.pk)))
    assert "Wer zeigt den Weg?" in page
    assert "Gespeichert." in text_of(write(paula_client, version, place="Radhof, am Bahnhof, Göttingen"))
    version.refresh_from_db()
    assert version.place == "Radhof, am Bahnhof, Göttingen"


def test_reviewed_now_and_published_later(paula, paula_client, bernd_client):
    version = new_draft(paula_client)
    curation.assure_offer(offer=version.offer, on=back(1), assured_by="Ayla", by=paula)
    write(paula_client, version, "_submit")
    step(bernd_client, version, "pruefen")
    page = paula_client.get(url(OfferVersion, "change", version.pk)).content.decode()
    assert 'value="Veröffentlichen"' in page and "Zurückgeben" not in page

    step(paula_client, version, "veroeffentlichen")
    version.refresh_from_db()
    assert version.published_by == paula != version.reviewed_by


def test_versions_are_kept_and_everybody_who_worked_on_them_is_named(offer, paula_client, bernd_client):
    first = offer.versions.get()
    response = paula_client.post(page_of("offer_begin_version", offer.pk), follow=True)
    new = offer.versions.get(number=2)
    assert response.redirect_chain[-1][0] == url(OfferVersion, "change", new.pk)
    write(paula_client, new, "_submit", name="Neue Werkstatt")
    step(bernd_client, new, "veroeffentlichen")

    page = text_of(paula_client.get(page_of("offer_versions", offer.pk)))
    for word in ("1. Fassung: abgelöst Holzwerkstatt am", "2. Fassung: veröffentlicht Neue Werkstatt", "Paula Voss"):
        assert word in page
    assert page.count("Bernd Roth") >= 2
    assert "Holzwerkstatt" in text_of(bernd_client.get(url(OfferVersion, "change", first.pk)))
    history = paula_client.get(url(Offer, "history", offer.pk))
    assert history["Location"] == page_of("offer_versions", offer.pk)
    assert paula_client.get(url(OfferVersion, "history", new.pk))["Location"] == history["Location"]


def test_no_second_draft(offer, paula_client):
    for _ in range(2):
        response = paula_client.post(page_of("offer_begin_version", offer.pk), follow=True)

    assert "schon eine Fassung" in text_of(response)
    assert offer.versions.count() == 2


def test_a_draft_is_discarded_and_stays_readable(paula_client):
    version = new_draft(paula_client)
    assert "verworfen" in text_of(step(paula_client, version, "verwerfen"))
    page = paula_client.get(url(OfferVersion, "change", version.pk))

    assert "Fahrradwerkstatt" in text_of(page)
    assert "_continue" not in page.content.decode()
    assert "inzwischen etwas geschehen" in text_of(step(paula_client, version, "verwerfen"))


def test_an_offer_is_withdrawn_after_a_question(offer, paula_client):
    assert "kommt nicht zurück" in text_of(paula_client.get(page_of("offer_withdraw", offer.pk)))
    offer.refresh_from_db()
    assert offer.withdrawn_at is None

    page = paula_client.post(page_of("offer_withdraw", offer.pk), {"text": "Der Träger hört auf."}, follow=True)
    offer.refresh_from_db()
    assert offer.withdrawn_at is not None
    assert "Zurückgezogen am" in text_of(page)
    assert "_continue" not in page.content.decode()
    assert "wurde zurückgezogen" in text_of(paula_client.get(page_of("offer_withdraw", offer.pk), follow=True))
    assert "wurde zurückgezogen" in text_of(paula_client.post(page_of("offer_begin_version", offer.pk), follow=True))


# --- without a second review -------------------------------------------------------------------------------


def test_notice_contact_possible_and_assurance_change_at_once(offer, paula_client):
    other = ProviderContactFactory(provider=offer.provider, name="Mo Keller")
    changed = {"possible": None, "notice": "Im August zu.", "contact": other.pk, "assured_by": "Mo Keller"}
    keep(paula_client, offer, **changed, assured_on=f"{back(1):%d.%m.%Y}")

    offer.refresh_from_db()
    assert (offer.possible, offer.notice, offer.contact) == (False, "Im August zu.", other)
    assert (offer.assured_on, offer.assured_by) == (back(1), "Mo Keller")
    events = set(OfferEvent.objects.filter(offer=offer).values_list("kind", flat=True))
    assert events == {"not_possible", "notice", "contact", "assured"}
    keep(paula_client, offer, possible=None, notice="Im August zu.")
    assert OfferEvent.objects.filter(offer=offer).count() == 4


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"assured_on": f"{ahead(2):%d.%m.%Y}"}, "liegt in der Zukunft"),
        ({"assured_by": ""}, "wer es zugesichert hat"),
        ({"assured_on": ""}, "den Tag"),
        ({"assured_on": "gestern"}, "Datum"),
    ],
)
def test_an_assurance_names_day_and_person(offer, paula_client, changed, sentence):
    assert sentence in text_of(keep(paula_client, offer, **changed))
    assert not OfferEvent.objects.filter(offer=offer).exists()


def test_a_contact_of_another_provider_cannot_be_chosen(offer, paula_client):
    keep(paula_client, offer, contact=ProviderContactFactory().pk)

    assert not OfferEvent.objects.filter(offer=offer).exists()


def test_provider_and_immediate_stand_from_the_beginning(offer, paula_client):
    keep(paula_client, offer, provider=ProviderFactory().pk, immediate="on")
    before = offer.provider_id

    offer.refresh_from_db()
    assert (offer.provider_id, offer.immediate) == (before, False)


# --- what two people do at once ----------------------------------------------------------------------------


def test_who_was_slower_is_told_before_a_word_is_overwritten(paula_client, bernd_client):
    version = new_draft(paula_client)
    address = url(OfferVersion, "change", version.pk)
    old = stand(paula_client, address)
    write(bernd_client, version, place="Radhof, Hintereingang, Göttingen")

    page = paula_client.post(address, sheet(bring="Handschuhe") | {"stand": old, "_continue": "1"})
    version.refresh_from_db()
    assert "Jemand anderes hat das inzwischen geändert." in text_of(page)
    assert 'name="bring"' in page.content.decode() and "Handschuhe" in page.content.decode()
    assert version.bring != "Handschuhe"

    again = re.search(r'name="stand" value="(\w*)"', page.content.decode())[1]
    paula_client.post(address, sheet(bring="Handschuhe") | {"stand": again, "_continue": "1"})
    version.refresh_from_db()
    assert version.bring == "Handschuhe"


def test_nothing_is_written_into_a_version_that_lies_in_review(paula_client):
    version = new_draft(paula_client)
    address = url(OfferVersion, "change", version.pk)
    old = stand(paula_client, address)
    curation.submit_version(version=version, by=version.author)

    page = paula_client.post(address, sheet(name="Anders") | {"stand": old, "_continue": "1"}, follow=True)
    version.refresh_from_db()
    assert "kein Entwurf mehr" in text_of(page)
    assert version.name == "Fahrradwerkstatt"


def test_what_an_action_refuses_stands_in_the_form_and_nothing_is_lost(paula_client):
    provider = ProviderFactory()
    stranger = ProviderContactFactory()
    data = sheet(provider=provider.pk, contact=stranger.pk, name="Tischlerei")
    page = paula_client.post(url(Offer, "add"), data)

    assert page.status_code == 200
    assert page.context["adminform"].form.errors == {
        "contact": ["Diese Ansprechperson gehört zu einem anderen Träger."]
    }
    assert 'value="Tischlerei"' in page.content.decode()
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"provider": ""}, "provider"),
        ({"start_dates": "01.02.2027, bald"}, "start_dates"),
        ({"valid_to": "31.02.2027"}, "valid_to"),
        ({"hours_per_week": "viel"}, "hours_per_week"),
        ({"hours_per_week": "61"}, "__all__"),
        ({"valid_to": f"{back(9):%d.%m.%Y}"}, "__all__"),
        ({"supports": ["unbekannt"]}, "supports"),
        ({"areas": ["0"]}, "areas"),
        ({"areas": ["x"]}, "areas"),
        ({"languages": ["xx"]}, "languages"),
    ],
)
def test_what_does_not_hold_is_said_beside_the_field(paula_client, changed, field):
    data = sheet(provider=ProviderFactory().pk) | changed
    page = paula_client.post(url(Offer, "add"), data)

    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == [field]
    assert not Offer.objects.exists()

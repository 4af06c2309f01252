"""The admin site of project management: the way of an offer through real pages, and who has no way in."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from casework.enums import AccessKind
from offers.actions import curation
from offers.actions.errors import SECOND_PERSON
from offers.admin_site import offers_site
from offers.models import CONTENT, FundingBody, Offer, OfferEvent, OfferLegalBasis, OfferVersion, Provider, SupportKind
from tests.factories import (
    OfferVersionFactory,
    ProviderContactFactory,
    ProviderFactory,
    ahead,
    back,
    chosen_offer,
    offer_manager,
    published_offer,
)
from tests.factories_offers import area_id, support_code

pytestmark = pytest.mark.django_db
LISTS = [Provider, SupportKind, FundingBody, OfferLegalBasis, Offer]
by_name = pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.model_name)
STRANGERS = ["kim_client", "tom_client", "nora_client", "admin_client"]


def url(model, action, *args):
    return reverse(f"offers_admin:offers_{model._meta.model_name}_{action}", args=args)


def page_of(name, *args):
    return reverse(f"offers_admin:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


@pytest.fixture
def bernd_client():
    client = Client()
    client.force_login(offer_manager(first_name="Bernd", last_name="Roth"))
    return client


def sheet(**changed):
    """What somebody types who describes an offer."""
    return {
        "name": "Fahrradwerkstatt",
        "support": "Sie richten unter Anleitung gebrauchte Fahrräder her und fahren sie Probe.",
        "supports": [support_code()],
        "purpose": "Herausfinden, ob Arbeit mit Werkzeug etwas für Sie ist.",
        "course": "Montag bis Mittwoch von 8 bis 12 Uhr in der Werkstatt, donnerstags ein Gespräch mit der Anleitung.",
        "place": "Radhof, Am Beispielweg 5, Göttingen",
        "areas": [str(area_id())],
        "start": "",
        "start_dates": f"{ahead(20):%d.%m.%Y}, {ahead(10):%d.%m.%Y}",
        "duration": "acht Wochen",
        "hours_per_week": "12,5",
        "languages": ["de", "uk"],
        "accessibility": "Ebenerdig, mit einer Toilette für Rollstühle.",
        "bring": "Kleidung, die schmutzig werden darf",
        "requirements": "nichts",
        "funding_body": FundingBody.objects.first().pk,
        "legal_basis": OfferLegalBasis.objects.first().pk,
        "joining": "Sie rufen in der Werkstatt an und kommen zum Probetag.",
        "valid_from": f"{back(1):%d.%m.%Y}",
        "valid_to": f"{ahead(100):%d.%m.%Y}",
    } | changed


def stand(client, address):
    return re.search(r'name="stand" value="(\w*)"', client.get(address).content.decode())[1]


def write(client, version, _button="_continue", **changed):
    """Open the form of a draft, type, press."""
    address = url(OfferVersion, "change", version.pk)
    return client.post(address, sheet(**changed) | {"stand": stand(client, address), _button: "1"}, follow=True)


def step(client, version, name, **data):
    return client.post(page_of("version_step", version.pk, name), data, follow=True)


def new_draft(client, **changed):
    provider = ProviderFactory()
    contact = ProviderContactFactory(provider=provider)
    data = sheet(**changed) | {"provider": provider.pk, "contact": contact.pk, "_save": "1"}
    response = client.post(url(Offer, "add"), data, follow=True)
    assert response.redirect_chain, response.context["adminform"].form.errors
    return OfferVersion.objects.get(offer__provider=provider)


def keep(client, offer, **changed):
    """The form of an offer, with what needs no second review."""
    address = url(Offer, "change", offer.pk)
    data = {
        "contact": offer.contact_id or "",
        "possible": "on",
        "notice": "",
        "assured_on": f"{offer.assured_on:%d.%m.%Y}" if offer.assured_on else "",
        "assured_by": offer.assured_by,
        "stand": stand(client, address),
        "_continue": "1",
    } | changed
    return client.post(address, {key: value for key, value in data.items() if value is not None}, follow=True)


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


# --- Träger and the lists of the house ---------------------------------------------------------------------


def contacts(initial=0, total=0):
    return {"contacts-TOTAL_FORMS": str(total), "contacts-INITIAL_FORMS": str(initial)}


def test_a_provider_with_contacts_is_made_and_kept(paula, paula_client):
    first = {"contacts-0-name": "Ayla Brandt", "contacts-0-phone": "0551 1", "contacts-0-active": "on"}
    data = {"name": "Radhof", "website": "https://rad.example.org"} | contacts(0, 1) | first
    assert paula_client.post(url(Provider, "add"), data).status_code == 302
    provider = Provider.objects.get()
    contact = provider.contacts.get()
    offer = published_offer(provider=provider, contact=contact)
    assert provider.created_by == paula

    data = {"name": "Radhof", "about": "Seit 1990", "website": "https://rad.example.org"} | contacts(1, 1) | first
    data |= {"contacts-0-id": contact.pk, "contacts-0-provider": provider.pk, "contacts-0-phone": "0551 2"}
    assert paula_client.post(url(Provider, "change", provider.pk), data).status_code == 302
    provider.refresh_from_db()
    contact.refresh_from_db()
    assert (provider.about, contact.phone) == ("Seit 1990", "0551 2")
    assert OfferEvent.objects.get(offer=offer).kind == "contact"


def test_two_providers_of_one_name_are_refused_in_a_sentence(paula_client):
    ProviderFactory(name="Radhof")
    page = paula_client.post(url(Provider, "add"), {"name": "radhof"} | contacts())

    assert "Diesen Träger gibt es schon." in text_of(page)


def test_a_provider_is_no_longer_active(offer, paula_client):
    provider = offer.provider
    data = {"action": "end", "_selected_action": [provider.pk], "index": "0"}
    assert "hat noch ein Angebot" in text_of(paula_client.post(url(Provider, "changelist"), data, follow=True))
    paula_client.post(page_of("offer_withdraw", offer.pk))
    paula_client.post(url(Provider, "changelist"), data)

    provider.refresh_from_db()
    assert provider.ended_at is not None
    page = paula_client.get(url(Provider, "change", provider.pk))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (SupportKind, {"code": "neu", "text": "Ganz neu", "active": "on", "position": "7"}),
        (FundingBody, {"name": "Ganz neu", "active": "on", "position": "7"}),
        (OfferLegalBasis, {"name": "Ganz neu", "valid_from": "01.01.2027", "active": "on"}),
    ],
)
def test_an_entry_is_added_and_taken_out_of_the_offer(paula_client, model, row):
    assert paula_client.post(url(model, "add"), row).status_code == 302
    entry = model.objects.order_by("-pk").first()
    data = {name: value for name, value in row.items() if name != "active"} | {"code": "anders"}
    assert paula_client.post(url(model, "change", entry.pk), data).status_code == 302

    entry.refresh_from_db()
    assert not entry.active
    assert getattr(entry, "code", "neu") == "neu"


@by_name
def test_nothing_is_deleted(offer, paula_client, model):
    row = model.objects.first()

    assert paula_client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    paula_client.post(url(model, "changelist"), data)
    assert model.objects.filter(pk=row.pk).exists()


# --- lists and pages ---------------------------------------------------------------------------------------


@by_name
def test_list_and_forms_open_in_german_and_without_inline_script(offer, paula_client, model):
    index = paula_client.get(page_of("index"))
    assert model._meta.verbose_name_plural in text_of(index)
    addresses = [
        url(model, "changelist"),
        url(model, "add"),
        url(model, "change", model.objects.first().pk),
        url(model, "history", model.objects.first().pk),
    ]
    for address in addresses:
        response = paula_client.get(address, follow=True)
        page = response.content.decode()
        assert response.status_code == 200
        assert not re.search(r"<script>|<style|\son\w+=|\sstyle=", page), address
        assert "True" not in text_of(response) and "False" not in text_of(response)
        assert page.count('class="default"') <= 1


def test_pages_of_a_version_open(paula_client, bernd_client):
    version = new_draft(paula_client)
    write(paula_client, version, "_submit")
    for client in (paula_client, bernd_client):
        for name in ("version_gaps", "version_preview", "version_preview_print"):
            response = client.get(page_of(name, version.pk))
            assert response.status_code == 200
            assert "Fahrradwerkstatt" in text_of(response)
        page = client.get(url(OfferVersion, "change", version.pk)).content.decode()
        assert page.count('class="default"') <= 1
    assert client.get(url(OfferVersion, "changelist"))["Location"] == url(Offer, "changelist")


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "1_0", "²"])
def test_what_is_not_there_is_not_found(paula_client, key):
    for name in ("offer_versions", "offer_withdraw", "version_gaps", "version_preview", "version_preview_print"):
        assert paula_client.get(page_of(name, key)).status_code == 404
    for model in (Offer, OfferVersion):
        assert paula_client.get(url(model, "change", key)).status_code == 404
    assert paula_client.post(page_of("version_step", key, "pruefen")).status_code == 404


def test_no_other_step_than_those_there_are(paula_client, offer):
    assert step(paula_client, offer.versions.get(), "loeschen").status_code == 404
    assert paula_client.get(page_of("version_step", offer.versions.get().pk, "pruefen")).status_code == 405


def found(client, **asked):
    response = client.get(url(Offer, "changelist"), asked)
    assert response.status_code == 200
    return {str(row.shown_name) for row in response.context["cl"].result_list}


@pytest.fixture
def office(paula):
    """One offer of each kind, by name."""
    published_offer(name="gilt", valid_to=ahead(90))
    published_offer(name="bald", valid_to=ahead(7), languages=["de"])
    published_offer(name="vorbei", valid_to=back(1))
    published_offer(name="pausiert", possible=False, assured_on=back(200))
    OfferVersionFactory(draft=True, name="neu")
    OfferVersionFactory(submitted=True, name="wartet")
    curation.withdraw_offer(offer=published_offer(name="weg"), by=paula)
    both = published_offer(name="beides")
    OfferVersionFactory(offer=both, draft=True, name="beides, bald anders")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, {"gilt", "bald", "vorbei", "pausiert", "neu", "wartet", "weg", "beides"}),
        ({"stand": "entwurf"}, {"neu", "beides"}),
        ({"stand": "pruefen"}, {"wartet"}),
        ({"stand": "veroeffentlicht"}, {"gilt", "bald", "pausiert", "beides"}),
        ({"stand": "abgelaufen"}, {"vorbei"}),
        ({"stand": "zurueckgezogen"}, {"weg"}),
        ({"moeglich": "nein"}, {"pausiert"}),
        ({"pflege": "bald"}, {"bald", "vorbei"}),
        ({"pflege": "lange"}, {"pausiert"}),
        ({"stand": "veroeffentlicht", "pflege": "bald"}, {"bald"}),
        ({"q": "PAUS"}, {"pausiert"}),
        ({"q": "anders"}, {"beides"}),
        ({"q": "nichts davon"}, set()),
        ({"stand": "quatsch"}, {"gilt", "bald", "vorbei", "pausiert", "neu", "wartet", "weg", "beides"}),
    ],
)
def test_filters_and_search(office, paula_client, asked, names):
    assert found(paula_client, **asked) == names


def test_filters_by_words_of_the_house_and_provider(paula_client):
    kind = SupportKind.objects.order_by("-pk").first()
    offer = published_offer(name="anders", supports=[kind.code])
    published_offer(name="sonst")

    assert found(paula_client, art=kind.code) == {"anders"}
    assert found(paula_client, traeger=str(offer.provider_id)) == {"anders"}
    assert found(paula_client, sozialraum=str(area_id())) == {"anders", "sonst"}
    assert found(paula_client, traeger="0") == {"anders", "sonst"}


def test_the_list_asks_as_often_for_many_offers_as_for_few(paula_client, count_queries):
    published_offer()
    counts = []
    for number in (0, 12):
        for _ in range(number):
            published_offer()
        with count_queries() as queries:
            paula_client.get(url(Offer, "changelist"))
        counts.append(queries.count)

    assert counts[0] == counts[1]


# --- hostile text ------------------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script><a href="javascript:alert(1)" hx-get="/x" onclick="x()">x</a>{{ 7|add:7 }}'


class Markup(HTMLParser):
    """Collects what a hostile text would have brought to life."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            leads = name in ("href", "src", "action", "formaction") and (value or "").strip().startswith("javascript:")
            if name.startswith("on") or name == "hx-get" or leads:
                self.found.append((tag, name, value))
        if tag == "script" and "src" not in dict(attrs):
            self.found.append((tag, attrs))


def test_text_of_providers_is_text(paula_client):
    provider = ProviderFactory(name="Träger " + HOSTILE[:150], website="javascript:alert(1)", about=HOSTILE)
    contact = ProviderContactFactory(provider=provider, name=HOSTILE[:120])
    offer = published_offer(
        provider=provider, contact=contact, notice=HOSTILE, name=HOSTILE[:180], support=HOSTILE, course=HOSTILE
    )
    version = offer.versions.get()
    draft = OfferVersionFactory(
        offer=offer, draft=True, name=HOSTILE[:180], course="siehe Flyer " + HOSTILE, author=offer.created_by
    )
    for address in (
        url(Provider, "changelist"),
        url(Provider, "change", provider.pk),
        url(Offer, "changelist"),
        url(Offer, "add"),
        url(Offer, "change", offer.pk),
        url(OfferVersion, "change", version.pk),
        url(OfferVersion, "change", draft.pk),
        page_of("offer_versions", offer.pk),
        page_of("offer_withdraw", offer.pk),
        page_of("version_gaps", draft.pk),
        page_of("version_preview", version.pk),
        page_of("version_preview_print", version.pk),
    ):
        page = paula_client.get(address).content.decode()
        assert "&lt;script" in page, address
        markup = Markup()
        markup.feed(page)
        assert markup.found == [], address


# --- who has a way in --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", STRANGERS)
def test_others_have_no_way_in_and_the_refusal_is_on_record(request, who, offer, owner_events):
    client = request.getfixturevalue(who)
    version = offer.versions.get()
    addresses = [page_of("index"), page_of("autocomplete"), page_of("jsi18n"), url(Offer, "add")]
    addresses += [url(model, "changelist") for model in LISTS]
    addresses += [page_of(name, version.pk) for name in ("version_gaps", "version_preview", "version_preview_print")]
    addresses += [page_of("offer_versions", offer.pk), page_of("csv_export"), page_of("csv_import")]
    for address in addresses:
        assert client.get(address, follow=True).status_code == 403, address
    before = owner_events()[AccessKind.REFUSED]
    for address in (page_of("offer_withdraw", offer.pk), page_of("version_step", version.pk, "verwerfen")):
        assert client.post(address, follow=True).status_code == 403
    for address in (url(Offer, "change", offer.pk), url(OfferVersion, "change", version.pk)):
        assert client.post(address, {"name": "Anders", "notice": "Anders"}, follow=True).status_code == 403

    offer.refresh_from_db()
    version.refresh_from_db()
    assert (offer.withdrawn_at, offer.notice, version.name) == (None, "", "Holzwerkstatt am Weidenblick")
    assert owner_events()[AccessKind.REFUSED] >= before + 4
    assert not OfferEvent.objects.filter(offer=offer).exists()


def test_anonymous_is_sent_to_the_one_sign_in(client):
    response = client.get(page_of("index"), follow=True)

    assert response.redirect_chain[-1][0].startswith("/anmelden/")


def test_project_management_does_not_open_the_verwaltung(paula_client):
    assert paula_client.get("/verwaltung/", follow=True).status_code == 403
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert paula_client.get(address, follow=True).status_code == 403


def test_no_case_no_person_and_no_account_is_registered():
    registered = {model._meta.label for model in offers_site._registry}

    assert {model._meta.label for model in LISTS} | {"offers.OfferVersion"} <= registered
    assert all(label.startswith("offers.") for label in registered)
    case_related = [m for m in offers_site._registry if any(f.name == "case" for f in m._meta.get_fields())]
    assert case_related == []


def test_history_autocomplete_and_lookups_show_no_case(offer, case, paula_client):
    choice = chosen_offer(case=case, offer=offer, intent="Ich will sehen, ob ich das kann.")
    for address in (
        page_of("offer_versions", offer.pk),
        url(Offer, "change", offer.pk),
        url(Offer, "changelist"),
        url(Provider, "history", offer.provider_id),
        page_of("index"),
        page_of("autocomplete") + "?app_label=offers&model_name=offer&field_name=provider&term=a",
        page_of("autocomplete") + "?app_label=offers&model_name=offerchoice&field_name=case&term=F",
        url(Offer, "changelist") + f"?offerchoice__case={case.pk}",
        url(Offer, "changelist") + "?created_by__username__startswith=p",
        url(Offer, "changelist") + "?versions__author__last_name=V",
        "/angebotspflege/r/1/1/",
    ):
        response = paula_client.get(address)
        page = response.content.decode()
        assert response.status_code in (200, 400, 403, 404), address
        for word in (case.number, "Yıldız", "ob ich das kann", choice.by.last_name):
            assert word not in page, address
    assert response.status_code == 404


@pytest.mark.parametrize("lookup", ["created_by__username", "contact__name", "uid", "notice__startswith"])
def test_lookups_beside_the_filters_are_refused(offer, paula_client, lookup):
    assert paula_client.get(url(Offer, "changelist"), {lookup: "x"}).status_code == 400


def test_every_column_of_the_content_stands_in_the_form(paula_client):
    version = new_draft(paula_client)
    page = paula_client.get(url(OfferVersion, "change", version.pk)).content.decode()

    for name in CONTENT:
        assert f'name="{name}"' in page

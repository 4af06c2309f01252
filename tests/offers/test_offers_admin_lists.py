"""The admin site of project management: its lists, hostile text, and who has no way in."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.urls import reverse

from casework.enums import AccessKind
from offers.actions import curation
from offers.admin_site import offers_site
from offers.models import CONTENT, FundingBody, Offer, OfferEvent, OfferLegalBasis, OfferVersion, Provider, SupportKind
from tests.factories import (
    OfferVersionFactory,
    ProviderContactFactory,
    ProviderFactory,
    ahead,
    back,
    chosen_offer,
    published_offer,
)
from tests.factories_offers import area_id
from tests.offers.curating import (
    LISTS,
    new_draft,
    page_of,
    second_person,
    step,
    text_of,
    url,
    write,
)

pytestmark = pytest.mark.django_db
by_name = pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.model_name)
STRANGERS = ["kim_client", "tom_client", "nora_client", "admin_client"]


@pytest.fixture
def bernd_client():
    return second_person()


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

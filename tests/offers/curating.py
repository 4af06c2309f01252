"""Typing and pressing in the curation as project management does."""

import re

from django.test import Client
from django.urls import reverse

from offers.models import FundingBody, Offer, OfferLegalBasis, OfferVersion, Provider, SupportKind
from tests.factories import (
    ProviderContactFactory,
    ProviderFactory,
    ahead,
    back,
    offer_manager,
)
from tests.factories_offers import area_id, support_code

LISTS = [Provider, SupportKind, FundingBody, OfferLegalBasis, Offer]


def url(model, action, *args):
    return reverse(f"offers_admin:offers_{model._meta.model_name}_{action}", args=args)


def page_of(name, *args):
    return reverse(f"offers_admin:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def second_person():
    """Signed in, another one of project management."""
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

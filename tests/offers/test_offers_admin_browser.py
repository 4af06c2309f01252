"""The pages of the curation as a strict reader looks at them: axe, widths, strict markup, no report of the CSP."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext

from casework.models import User
from offers.actions import curation
from offers.models import OfferVersion
from tests.browser.conftest import context, faults, new_context, sign_in  # noqa: F401  (fixtures, lent)
from tests.browser.pages import Inspection
from tests.factories import OfferFactory, OfferVersionFactory, offer_manager, published_offer


@pytest.fixture
def inspection() -> Iterator[Inspection]:
    inspection = Inspection()
    yield inspection
    assert not inspection.problems, "\n".join(dict.fromkeys(inspection.problems))


def addresses(paula: User) -> Iterator[str]:
    """Every kind of page of the curation, with an offer in each state."""
    offer = published_offer(name="Holzwerkstatt", created_by=paula)
    draft = curation.start_version(offer=offer, by=paula)
    curation.write_version(version=draft, content={"course": "folgt", "purpose": ""}, by=paula)
    other = OfferVersionFactory(submitted=True, offer=OfferFactory(created_by=offer_manager()))
    own = OfferVersionFactory(submitted=True, offer=OfferFactory(created_by=paula))
    gone = published_offer(name="Zurückgezogen")
    curation.withdraw_offer(offer=gone, by=paula)
    yield reverse("offers_admin:index")
    for name in ("offer", "provider", "supportkind", "fundingbody", "offerlegalbasis"):
        yield reverse(f"offers_admin:offers_{name}_changelist")
        yield reverse(f"offers_admin:offers_{name}_add")
    yield reverse("offers_admin:offers_provider_change", args=[offer.provider_id])
    yield reverse("offers_admin:offers_provider_history", args=[offer.provider_id])
    for one in (offer, gone):
        yield reverse("offers_admin:offers_offer_change", args=[one.pk])
    for version in (draft, other, own, OfferVersion.objects.get(offer=offer, number=1)):
        yield reverse("offers_admin:offers_offerversion_change", args=[version.pk])
    yield reverse("offers_admin:offer_versions", args=[offer.pk])
    yield reverse("offers_admin:offer_withdraw", args=[offer.pk])
    for name in ("version_gaps", "version_preview", "version_preview_print"):
        yield reverse(f"offers_admin:{name}", args=[draft.pk])


def test_every_page_of_the_curation(context: BrowserContext, paula: User, inspection: Inspection) -> None:  # noqa: F811
    sign_in(context, paula)
    page = context.new_page()
    for address in addresses(paula):
        response = page.goto(address)

        assert response is not None and response.status == 200, address
        inspection.look(page, address, response)

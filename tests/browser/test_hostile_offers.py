"""What providers write is text: in every page that shows it, nothing runs, nothing loads, nothing leads away."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casework.enums import RoleName
from casework.models import Case, User
from offers.enums import OfferEventKind
from offers.models import Offer
from tests.browser.conftest import sign_in
from tests.factories import (
    CaseFactory,
    DemandReplyFactory,
    OfferEventFactory,
    OfferVersionFactory,
    ProviderContactFactory,
    ProviderFactory,
    RoleGrantFactory,
    UserFactory,
    chosen_offer,
    published_offer,
)

SCRIPT = "<script>window.owned = 1</script>"
ATTRIBUTES = (
    '<a href="#" hx-get="/faelle/" hx-trigger="load" onclick="window.owned=1" autofocus onfocus="window.owned=1">x</a>'
)
IMAGE = '"><img src=x onerror="window.owned=1"><svg onload="window.owned=1"><use href="data:image/svg+xml,x"/></svg>'
TEMPLATE = "{{ 7|add:'35' }} {% load static %} ${7*6} {{constructor.constructor('window.owned=1')()}}"
TURNED = "Holz\u202etknup\u202c\u2066werkstatt\u2069"
STYLE = "</textarea></title><style>body{display:none}</style><meta http-equiv=refresh content='0;url=//example.org'>"
FORMULA = "=cmd|' /C calc'!A0"
LONG = "Werkstattundverwaltungsbeschreibung" * 3000  # about 100 kB without a place to break


@pytest.fixture
def paula(kim: User) -> User:
    user = UserFactory(team=kim.team, username="paula", first_name="Paula", last_name="Voss")
    RoleGrantFactory(user=user, role=RoleName.OFFER_MANAGER)
    return user


@pytest.fixture
def hostile(kim: User) -> tuple[Offer, Case]:
    """An offer that attacks with every field, chosen in a case, changed since, with a draft that goes on from it."""
    provider = ProviderFactory(
        name=f"Werkhof {SCRIPT}"[:200],
        about=IMAGE,
        address=ATTRIBUTES,
        website="javascript:window.owned=1",
        email="javascript:window.owned=1",
        phone=TEMPLATE[:60],
    )
    person = ProviderContactFactory(provider=provider, name=IMAGE[:160], role=SCRIPT, email='a@b"onmouseover=x')
    texts = {
        "name": f"Holzwerkstatt {SCRIPT}",
        "support": f"{IMAGE} {LONG}",
        "purpose": ATTRIBUTES,
        "course": f"{TEMPLATE} Montag 8 Uhr",
        "place": TURNED,
        "start": STYLE,
        "duration": FORMULA,
        "accessibility": f"{SCRIPT}{STYLE}",
        "bring": "javascript:window.owned=1",
        "requirements": IMAGE,
        "joining": f"[klick](javascript:window.owned=1) {ATTRIBUTES}",
    }
    offer = published_offer(provider=provider, contact=person, notice=f"{SCRIPT}{IMAGE}"[:500], **texts)
    case = CaseFactory(counsellor=kim)
    chosen_offer(case=case, offer=offer, intent=f"Absicht {SCRIPT}")
    OfferEventFactory(offer=offer, kind=OfferEventKind.NOTICE, text=IMAGE)
    DemandReplyFactory(need=SCRIPT, text=f"{IMAGE}{STYLE}", offer=offer)
    OfferVersionFactory(offer=offer, draft=True, **texts)
    return offer, case


def harmless(page: Page, url: str) -> None:
    """The page stands as it was built, and none of the texts has become anything but text."""
    response = page.goto(url)
    assert response is not None and response.status == 200, f"{url}: {response and response.status}"
    page.wait_for_timeout(200)
    found = page.evaluate(LOOK)
    assert found == {"owned": False, "handlers": [], "links": [], "svg": [], "metas": 0, "hidden": False}, (
        f"{url}: {found}"
    )
    assert page.url.split("?")[0].endswith(url.split("?")[0])
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), url


HARMLESS = {"owned": False, "handlers": [], "links": [], "svg": [], "metas": 0, "hidden": False}
LOOK = """() => ({
  owned: "owned" in window,
  handlers: [...document.querySelectorAll("*")]
    .filter((element) => [...element.attributes].some((attribute) => /^on/i.test(attribute.name)))
    .map((element) => element.outerHTML.slice(0, 80)),
  links: [...document.querySelectorAll("[href], [src], [action]")].map((element) =>
    element.getAttribute("href") || element.getAttribute("src") || element.getAttribute("action"))
    .filter((address) => /^\\s*(javascript|data|vbscript):|example\\.org/i.test(address)),
  svg: [...document.querySelectorAll("svg use[href^='data:'], img[src='x']")]
    .map((element) => element.outerHTML.slice(0, 80)),
  metas: document.querySelectorAll("meta[http-equiv=refresh]").length,
  hidden: getComputedStyle(document.body).display === "none",
})"""


def test_a_counsellor_sees_the_text_and_nothing_happens(kims_page: Page, hostile: tuple[Offer, Case]):
    offer, case = hostile
    for width in (1280, 400):
        kims_page.set_viewport_size({"width": width, "height": 900})
        for url in (
            "/angebote/",
            "/angebote/?q=Holz",
            f"/angebote/{offer.pk}/",
            f"/angebote/{offer.pk}/drucken/",
            "/angebote/bedarfe/",
            "/",
            f"/faelle/{case.number}/",
            f"/faelle/{case.number}/gespraech/",
        ):
            harmless(kims_page, url)
    expect(kims_page.get_by_role("heading", level=1)).to_be_visible()

    kims_page.goto(f"/angebote/{offer.pk}/")
    assert "window.owned = 1" in kims_page.locator("main").inner_text()
    assert "{{ 7|add" in kims_page.locator("main").inner_text()
    assert "\u202e" not in kims_page.content()


def test_search_in_the_conversation_shows_it_as_text(kims_page: Page, hostile: tuple[Offer, Case]):
    _, case = hostile
    other = published_offer(name=f"Bewerbung {IMAGE}")
    kims_page.goto(f"/faelle/{case.number}/gespraech/")
    kims_page.locator("#angebote details.part > summary").evaluate("summary => { summary.parentElement.open = true }")
    kims_page.locator("#id_offer_search").press_sequentially("Bewerbung")

    expect(kims_page.locator("#angebot-treffer")).to_contain_text("<img src=x onerror")
    kims_page.locator(f"#angebot-treffer button[value='{other.pk}']").click()
    expect(kims_page.locator("#id_of1_intent")).to_be_focused()
    assert kims_page.evaluate(LOOK)["owned"] is False


def test_project_management_sees_it_as_text(context: BrowserContext, paula: User, hostile: tuple[Offer, Case]):
    offer, _ = hostile
    sign_in(context, paula)
    page = context.new_page()
    draft = offer.versions.get(published_at=None)
    published = offer.versions.exclude(pk=draft.pk).get()
    for url in (
        "/angebotspflege/",
        "/angebotspflege/offers/offer/",
        f"/angebotspflege/offers/offer/{offer.pk}/change/",
        f"/angebotspflege/offers/offerversion/{draft.pk}/change/",
        f"/angebotspflege/offers/offerversion/{published.pk}/change/",
        f"/angebotspflege/offers/provider/{offer.provider_id}/change/",
    ):
        harmless(page, url)

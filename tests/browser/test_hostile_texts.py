"""Every hostile kind stored where people read it, shown in Chromium: nothing runs, loads or leads away."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Dialog, Page

from casework.enums import DraftForm, RoleName
from casework.models import Case, User
from tests.agreements.talking import agree
from tests.browser.conftest import Faults, sign_in
from tests.browser.test_hostile_offers import HARMLESS, LOOK
from tests.factories import (
    CaseFactory,
    ClientDetailFactory,
    ContactFactory,
    ContactParticipantFactory,
    DraftFactory,
    FileNoteFactory,
    NoteAddendumFactory,
    OfferRemarkFactory,
    ProviderContactFactory,
    ProviderFactory,
    RoleGrantFactory,
    UserFactory,
    chosen_offer,
    published_offer,
)
from tests.hostile.kinds import KINDS, Kind

# What a browser could act upon, and what could only look strange; all of them are shown.
LONGEST = 4000


def shown_text(kind: Kind, limit: int = LONGEST) -> str:
    """The kind as the database can hold it: what the forms refuse would not be there to be shown."""
    return kind.value("Ende").replace("\x00", "")[:limit].strip() or "leer"


def chunks(limit: int, size: int) -> list[str]:
    """All kinds in texts of at most so many characters."""
    texts, current = [], ""
    for kind in KINDS:
        piece = shown_text(kind, limit)
        if current and len(current) + len(piece) + 1 > size:
            texts.append(current)
            current = ""
        current = f"{current}\n{piece}" if current else piece
    return [*texts, current]


@pytest.fixture
def alarms(context: BrowserContext, faults: Faults) -> list[str]:
    """Dialogs, downloads and windows that nobody asked for; the policy's violations are the business of `faults`."""
    found: list[str] = []

    def watch(page: Page) -> None:
        def dismiss(dialog: Dialog) -> None:
            found.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.on("download", lambda download: found.append(f"download: {download.url}"))
        page.on("popup", lambda popup: found.append(f"window: {popup.url}"))
        page.on("frameattached", lambda frame: found.append(f"frame: {frame.url}"))

    context.on("page", watch)
    return found


@pytest.fixture
def case(kim: User) -> Case:
    """A case in which every text attacks: each kind stands in a note, and the sharpest in each short field."""
    sharp = [shown_text(kind, 120) for kind in KINDS if "owned" in kind.text]
    one_line = [" ".join(text.split()) for text in sharp]
    case = CaseFactory(
        counsellor=kim,
        client__family_name=one_line[0][:80],
        client__given_name=one_line[1][:80],
        step__subject=one_line[2][:120],
        step__overdue=True,
    )
    for number, text in enumerate(chunks(LONGEST, 18_000)):
        contact = ContactFactory(case=case, author=kim, text=text)
        ContactParticipantFactory(contact=contact, case=case, name=one_line[number % len(one_line)][:120])
    NoteAddendumFactory(contact=contact, case=case, text="\n".join(sharp), reason=one_line[3])
    FileNoteFactory(case=case, text="\n".join(sharp))
    ClientDetailFactory(client=case.client, text=one_line[4])
    DraftFactory(author=kim, case=case, form=DraftForm.CONVERSATION, payload={"text": ["\n".join(sharp)]})
    agree(case, kim, goal="\n".join(sharp)[:1900], rhythm="alle 3 Wochen")
    for number, text in enumerate(one_line):
        CaseFactory(counsellor=kim, step__subject=text[:120], client__family_name=f"{text[:70]}{number}")
    return case


def look_around(page: Page, urls: list[str], alarms: list[str]) -> int:
    """Open each address, touch what can be opened, and see that it is text."""
    for url in urls:
        response = page.goto(url)
        assert response is not None and response.status == 200, f"{url}: {response and response.status}"
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        page.mouse.move(200, 300)
        for _ in range(3):
            page.keyboard.press("Tab")
        page.wait_for_timeout(100)
        found = page.evaluate(LOOK)
        # An ordinary page of ours has links, but none that leads to another house or runs something.
        assert found == HARMLESS, f"{url}: {found}"
        assert page.evaluate("[...document.scripts].every((one) => one.src.startsWith(location.origin))"), url
        assert page.url.split("?")[0].endswith(url.split("?")[0]), f"{url} led to {page.url}"
    assert alarms == []
    return len(urls)


def test_who_counsels_reads_it_as_text(
    context: BrowserContext, kim: User, case: Case, alarms: list[str], record_figure: Callable[[str, object], None]
):
    sign_in(context, kim)
    page = context.new_page()
    number = case.number
    contact = case.contacts.latest("pk")

    looked = look_around(
        page,
        [
            "/",
            "/faelle/",
            f"/faelle/{number}/",
            f"/faelle/{number}/gespraech/",
            f"/faelle/{number}/drucken/",
            f"/faelle/{number}/kontakte/{contact.pk}/",
            f"/faelle/{number}/kontakte/{contact.pk}/drucken/",
            f"/faelle/{number}/gemeinsam/",
            f"/faelle/{number}/stammdaten/",
            f"/faelle/{number}/wille/",
            f"/faelle/{number}/ressourcen/",
            f"/faelle/{number}/vereinbarung/fassungen/",
            "/kalender/",
            "/fallbestand/",
            "/neues/",
            "/einstellungen/",
        ],
        alarms,
    )

    record_figure("pages", looked)
    page.goto(f"/faelle/{number}/drucken/")
    body = page.locator("main").inner_text()
    for text in (
        "<script>window.owned=1</script>",
        "{{ 7|add:'35' }}",
        "=HYPERLINK(",
        "&lt;script&gt;",
        "' OR '1'='1'",
    ):
        assert text in body


def test_who_leads_and_who_looks_after_offers_read_it_as_text(
    context: BrowserContext, kim: User, tom: User, case: Case, alarms: list[str]
):
    sharp = [shown_text(kind, 180) for kind in KINDS if "owned" in kind.text]
    one_line = [" ".join(text.split()) for text in sharp]
    provider = ProviderFactory(name=one_line[0][:80], about="\n".join(sharp)[:590], address=one_line[5][:80])
    person = ProviderContactFactory(provider=provider, name=one_line[6][:80], role=one_line[7][:80])
    offer = published_offer(
        provider=provider,
        contact=person,
        notice=one_line[8][:80],
        name=f"Werkstatt {one_line[1]}"[:80],
        purpose="\n".join(sharp)[:590],
        course=one_line[9][:80],
    )
    chosen_offer(case=case, offer=offer, intent=one_line[2])
    OfferRemarkFactory(offer=offer, text="\n".join(sharp)[:590])
    paula = UserFactory(team=kim.team, username="paula", first_name="Paula", last_name=one_line[3][:70])
    RoleGrantFactory(user=paula, role=RoleName.OFFER_MANAGER)
    page = context.new_page()

    sign_in(context, tom)
    look_around(page, ["/", "/fallbestand/", "/faelle/ueberfaellig/", "/angebote/", f"/angebote/{offer.pk}/"], alarms)
    sign_in(context, paula)
    look_around(
        page,
        [
            "/angebotspflege/",
            "/angebotspflege/offers/offer/",
            f"/angebotspflege/offers/offer/{offer.pk}/change/",
            f"/angebotspflege/offers/provider/{provider.pk}/change/",
            "/angebotspflege/offers/offerremark/",
        ],
        alarms,
    )


def test_the_administration_reads_it_as_text(context: BrowserContext, admin: User, kim: User, alarms: list[str]):
    sharp = [" ".join(shown_text(kind, 140).split()) for kind in KINDS if "owned" in kind.text]
    people = [
        UserFactory(team=kim.team, username=f"person{number}", first_name=text[:70], last_name=text[:70])
        for number, text in enumerate(sharp)
    ]
    sign_in(context, admin)
    page = context.new_page()

    look_around(
        page,
        ["/verwaltung/", "/verwaltung/casework/user/", f"/verwaltung/casework/user/{people[0].pk}/change/"],
        alarms,
    )


def test_the_alarm_rings(context: BrowserContext, kim: User, live_office: object, alarms: list[str], faults: Faults):
    """Without the escaping the policy alone would stop it, and both would be noticed."""
    sign_in(context, kim)
    page = context.new_page()
    page.goto("/einstellungen/")

    page.evaluate("document.querySelector('main').innerHTML = '<img src=x onerror=\"window.owned=1\">'")
    page.wait_for_timeout(300)
    assert page.evaluate(LOOK)["handlers"] != []
    assert not page.evaluate("'owned' in window"), "the policy lets code in attributes run"
    assert [text for text in faults.found if "policy" in text or "Content Security Policy" in text]
    faults.found.clear()
    page.evaluate("window.alert('x')")
    assert alarms == ["dialog: x"]
    assert settings.CONTENT_SECURITY_POLICY

"""Real Chromium: cases are handed over by the keys alone, and the successor finds them on Heute."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casework.models import CaseAssignment, CaseHandover, User
from tests.browser.conftest import sign_in
from tests.browser.pages import NARROW, WIDE, Inspection
from tests.factories import CaseFactory, CaseParticipationFactory, FollowUpFactory

SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def cases(kim: User, eva: User) -> list:
    """Two cases of Kim, one with an appointment at an hour at which Eva has one."""
    made = [CaseFactory(counsellor=kim, client__family_name=name) for name in ("Adler", "Zander")]
    step = FollowUpFactory(case=made[0], appointment=True)
    FollowUpFactory(case=CaseFactory(counsellor=eva), appointment=True, due_on=step.due_on)
    return made


def look(page: Page, looker: Inspection, name: str) -> None:
    looker.look(page, name)
    page.emulate_media(color_scheme="light")
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def reach(page: Page, label: str) -> None:
    """Press Tab until the field or button of this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const e = document.activeElement; return (e.labels && e.labels.length ? e.labels[0].innerText :"
            " e.innerText) || '' }"
        )
        if f"{' '.join(name.split())} ".startswith(f"{label} "):
            return
    raise AssertionError(f"{label} is not reached by Tab")


def test_two_cases_by_the_keys_alone(kims_page: Page, new_context, kim: User, eva: User, cases: list) -> None:
    page, looker = kims_page, Inspection()
    page.goto(f"/uebergabe/?von={kim.pk}")
    look(page, looker, "uebergabe")
    reach(page, "An")
    page.keyboard.type("Brandt")
    reach(page, "Vorschau")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Übergabe von Kim Sander an Eva Brandt")
    look(page, looker, "uebergabe-vorschau")
    reach(page, "Gemeinsame Übergabenotiz")
    page.keyboard.type("Beide mögen Anrufe am Vormittag.")
    reach(page, "Jetzt übergeben")
    page.keyboard.press("Enter")
    expect(page.get_by_text("hat die neue IFK schon einen Termin")).to_be_visible()
    expect(page.get_by_label("Gemeinsame Übergabenotiz")).to_have_value("Beide mögen Anrufe am Vormittag.")
    look(page, looker, "uebergabe-ueberschneidung")

    reach(page, "bleibt so")
    page.keyboard.press("Space")
    reach(page, "Jetzt übergeben")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 Fälle übergeben")).to_be_visible()
    look(page, looker, "uebergabe-vorgang")
    assert CaseAssignment.objects.filter(counsellor=eva.counsellor, during__upper_inf=True).count() == 3

    context: BrowserContext = new_context()
    sign_in(context, eva)
    desk = context.new_page()
    desk.goto("/")
    expect(desk.get_by_role("heading", name="Neu übernommen 2")).to_be_visible()
    look(desk, looker, "heute-neu-uebernommen")
    desk.get_by_role("button", name="Gelesen: Adler").press("Enter")
    expect(desk.get_by_role("heading", name="Neu übernommen 1")).to_be_visible()
    assert CaseHandover.objects.filter(seen_at=None).count() == 1
    assert looker.problems == []


def test_an_account_is_switched_off_once_all_of_it_is_handed_over(
    context: BrowserContext, new_context, admin: User, tom: User, kim: User, eva: User, cases: list
) -> None:
    """Refused with the list of what hangs on it; its links lead the lead to where it is handed over (must show 8)."""
    CaseParticipationFactory(case=CaseFactory(counsellor=eva), counsellor=kim)
    sign_in(context, admin)
    office, looker = context.new_page(), Inspection()

    def switch_off() -> None:
        office.goto(f"/verwaltung/casework/user/{kim.pk}/change/")
        office.get_by_label("Aktiv", exact=False).first.uncheck()
        office.locator("input[name=_save]").click()

    switch_off()
    for words in ("2 offene Fälle", "3 offene nächste Schritte darin", "1 Mitwirkung"):
        expect(office.get_by_role("link", name=words)).to_be_visible()
    way = office.get_by_role("link", name="unter „Übergabe“").get_attribute("href")
    if SHOTS:
        office.screenshot(path=Path(SHOTS) / "konto-abschalten.png", full_page=True)

    leads: BrowserContext = new_context()
    sign_in(leads, tom)
    desk = leads.new_page()
    desk.goto(str(way))
    expect(desk.get_by_label("Von", exact=True)).to_have_value(str(kim.pk))
    look(desk, looker, "uebergabe-mitwirkung")
    desk.get_by_role("button", name="Mitwirkung beenden").click()
    expect(desk.get_by_text("Mitwirkung in 1 Fall beendet")).to_be_visible()
    desk.get_by_label("An", exact=True).select_option(str(eva.pk))
    desk.get_by_role("button", name="Vorschau").click()
    desk.get_by_label("bleibt so").check()
    desk.get_by_role("button", name="Jetzt übergeben").click()
    expect(desk.get_by_text("2 Fälle übergeben")).to_be_visible()

    switch_off()
    expect(office).to_have_url(re.compile("/verwaltung/casework/user/$"))
    assert not User.objects.get(pk=kim.pk).is_active
    assert looker.problems == []


def test_ninety_five_cases_in_one_preview_and_the_clash_on_heute(
    kims_page: Page, new_context, kim: User, eva: User
) -> None:
    page, looker = kims_page, Inspection()
    for number in range(94):
        CaseFactory(counsellor=kim, client__family_name=f"Beispiel-Sommerfeld{number:02}")
    step = FollowUpFactory(case=CaseFactory(counsellor=kim, client__family_name="Adler"), appointment=True)
    page.goto(f"/uebergabe/vorschau/?von={kim.pk}&nach={eva.pk}&am=heute")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(95)
    look(page, looker, "uebergabe-95")
    page.get_by_role("button", name="Jetzt übergeben").click()
    expect(page.get_by_text("95 Fälle übergeben")).to_be_visible()

    FollowUpFactory(case=CaseFactory(counsellor=eva), appointment=True, due_on=step.due_on)
    context: BrowserContext = new_context()
    sign_in(context, eva)
    desk = context.new_page()
    desk.goto("/")
    look(desk, looker, "heute-ueberschneidung")
    desk.get_by_role("link", name="um diese Zeit haben Sie noch einen Termin").click()
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    expect(desk).to_have_url(re.compile(f"/schritte/{step.pk}/aendern/"))
    assert looker.problems == []

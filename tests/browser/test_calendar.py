"""Real Chromium: the week as a list by day, the address shown once, a letter written and marked as sent."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casework.models import FollowUp, Letter, User
from tests.browser.pages import NARROW, WIDE, Inspection
from tests.factories import CaseFactory, FollowUpFactory

SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def step(kim: User) -> FollowUp:
    case = CaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")
    return FollowUpFactory(case=case, appointment=True)


def look(page: Page, looker: Inspection, name: str) -> None:
    looker.look(page, name)
    page.emulate_media(color_scheme="light")
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_the_week_leads_to_the_file(kims_page: Page, step: FollowUp) -> None:
    page, looker = kims_page, Inspection()
    page.goto(f"/kalender/?woche={step.due_on}")
    look(page, looker, "kalender")
    expect(page.get_by_role("link", name="Yıldız, Deniz")).to_be_visible()
    page.get_by_role("link", name="Ein Tag").click()
    look(page, looker, "kalender-tag")

    page.goto("/kalender/adresse/")
    look(page, looker, "kalenderadresse")
    page.get_by_role("button", name="Adresse erzeugen").click()
    expect(page.get_by_role("heading", name="Ihre neue Adresse")).to_be_visible()
    look(page, looker, "kalenderadresse-neu")
    page.goto("/kalender/adresse/")
    expect(page.get_by_text("wird nicht noch einmal gezeigt")).to_be_visible()


def test_a_letter_is_written_and_marked_as_sent(kims_page: Page, step: FollowUp) -> None:
    page, looker = kims_page, Inspection()
    page.goto(f"/faelle/{step.case.number}/briefe/")
    page.get_by_role("button", name="Termin bestätigen").click()
    expect(page.get_by_text("noch nicht verschickt").first).to_be_visible()
    look(page, looker, "briefe-akte")

    page.get_by_role("button", name="mitteilen").click()
    page.goto("/briefe/")
    page.get_by_role("link", name="Alle wählen").click()
    expect(page.get_by_role("checkbox").nth(1)).to_be_checked()
    page.get_by_role("link", name="Keinen wählen").click()
    page.get_by_role("button", name="Als verschickt eintragen").click()
    expect(page.get_by_text("Bitte wählen Sie mindestens einen Brief.")).to_be_visible()
    page.get_by_role("checkbox").first.check()
    look(page, looker, "briefe")
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Als verschickt eintragen").click()
    expect(page.get_by_text("2 Briefe als verschickt eingetragen.")).to_be_visible()
    look(page, looker, "briefe-leer")
    assert not Letter.objects.filter(sent_at=None).exists()

"""Every form works by plain load: a browser without scripts still gets a counsellor through the day."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casework.models import Case, Contact, Draft, FollowUp, User
from tests.browser.conftest import Faults, note, sign_in_by_page
from tests.factories import CaseFactory, ahead, back


@pytest.fixture
def plain_page(new_context: Callable[..., BrowserContext], faults: Faults, kim: User) -> Page:
    """Kim's window without scripts, signed in by the page."""
    context = new_context(java_script_enabled=False)
    faults.watch(context)
    page = context.new_page()
    page.goto("/")
    sign_in_by_page(page, kim)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heute")
    return page


@pytest.fixture
def deniz(kim: User) -> Case:
    return CaseFactory(
        counsellor=kim,
        client__family_name="Yıldız",
        client__given_name="Deniz",
        step__overdue=True,
        step__subject="Hat der Betrieb angerufen?",
    )


def set_reminder(page: Page, subject: str) -> None:
    page.get_by_role("radio", name="Wiedervorlage für uns").check()
    page.get_by_label("Wann?").fill(f"{ahead(7):%d.%m.%Y}")
    page.get_by_label("Worum geht es dann?").fill(subject)


def test_a_conversation_is_put_off_and_concluded(plain_page: Page, deniz: Case):
    page = plain_page
    page.goto("/")
    page.get_by_role("link", name="Gespräch", exact=True).click()
    note(page).fill("Der Betrieb hat zugesagt.")
    page.get_by_role("button", name="Später weiter").click()
    assert Draft.objects.get(case=deniz).payload["text"] == ["Der Betrieb hat zugesagt."]

    page.get_by_role("link", name="Gespräch mit Deniz Yıldız").click()
    expect(note(page)).to_have_value("Der Betrieb hat zugesagt.")
    page.get_by_role("button", name="Gespräch abschließen").click()
    expect(page.locator("#id_next_error")).to_contain_text("Ohne nächsten Schritt wird nichts eingetragen")
    expect(note(page)).to_have_value("Der Betrieb hat zugesagt.")
    set_reminder(page, "Wie war die erste Woche?")
    page.get_by_role("button", name="Gespräch abschließen").click()

    expect(page.locator("#verlauf article").first).to_contain_text("Der Betrieb hat zugesagt.")
    assert Contact.objects.get(case=deniz).follow_up.subject == "Wie war die erste Woche?"
    assert not Draft.objects.exists()


def test_an_item_is_done_on_its_own_page(plain_page: Page, deniz: Case):
    page = plain_page
    page.goto("/")
    page.get_by_role("link", name="Erledigt", exact=True).click()
    page.get_by_label("Was kam heraus?").fill("Ja, heute früh.")
    set_reminder(page, "Vertrag angekommen?")
    page.get_by_role("button", name="Erledigt").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Heute")
    expect(page.get_by_text("Hat der Betrieb angerufen?")).to_have_count(0)
    assert FollowUp.objects.get(subject="Hat der Betrieb angerufen?").successor.subject == "Vertrag angekommen?"


def test_an_item_is_postponed_and_the_postponement_undone(plain_page: Page, deniz: Case):
    page = plain_page
    page.goto("/")
    page.get_by_role("link", name="Verschieben", exact=True).click()
    page.get_by_role("button", name="in einer Woche").click()
    expect(page.get_by_role("status")).to_contain_text("verschoben")
    assert FollowUp.objects.get(case=deniz).due_on == ahead(7)

    page.get_by_role("button", name="Rückgängig").click()

    expect(page.get_by_text("Hat der Betrieb angerufen?")).to_be_visible()
    assert FollowUp.objects.get(case=deniz).due_on == back(10)


def test_search_finds_after_a_press_of_the_button(plain_page: Page, deniz: Case):
    page = plain_page
    page.get_by_role("searchbox", name="Fälle suchen").fill("yildiz")
    page.get_by_role("button", name="Suchen").click()

    expect(page.locator("#treffer [data-row]")).to_contain_text("Yıldız, Deniz")


def test_a_case_is_opened(plain_page: Page):
    page = plain_page
    page.goto("/faelle/neu/")
    page.get_by_label("Familienname").fill("Kowalska")
    page.get_by_label("Vorname").fill("Maria")
    page.get_by_label("Geburtsdatum").fill("04.03.1991")
    set_reminder(page, "Erstgespräch vereinbaren")
    page.get_by_role("button", name="Fall eröffnen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kowalska, Maria")
    assert FollowUp.objects.get().subject == "Erstgespräch vereinbaren"


def test_the_keys_have_a_page_of_their_own(plain_page: Page):
    page = plain_page
    page.goto("/hilfe/")
    page.get_by_role("link", name="Alle Tasten").click()

    expect(page.get_by_role("main").get_by_text("diese Liste")).to_be_visible()


def test_an_agreement_is_concluded_and_handed_on_without_scripts(plain_page: Page, deniz: Case):
    page = plain_page
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    page.locator("#wille summary").click()
    page.get_by_label("Was will sie in Richtung").fill("Ich will mit Holz arbeiten.")
    page.locator("#vereinbarung summary").click()
    page.get_by_role("radio", name="eine Vereinbarung schließen").check()
    page.get_by_label("Ziel in eigenen Worten").fill("Einen Platz in einer Tischlerei finden.")
    page.get_by_label("Was hat das mit Arbeit").fill("Ein Praktikum, aus dem Arbeit werden kann.")
    page.locator("#id_as1_text").fill("ruft die Tischlerei an")
    page.locator("#id_as2_text").fill("klärt die Fahrtkosten")
    note(page).fill("Über Holz gesprochen.")
    set_reminder(page, "Hat die Tischlerei zugesagt?")
    page.get_by_role("button", name="Gespräch abschließen").click()

    agreed = page.get_by_role("region", name="Vereinbarung 1. Fassung")
    expect(agreed).to_contain_text("Einen Platz in einer Tischlerei finden.")
    agreed.get_by_role("link", name="Was wurde daraus?").first.click()
    page.get_by_role("radio", name="erledigt").check()
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("region", name="Vereinbarung 1. Fassung")).to_contain_text("erledigt")

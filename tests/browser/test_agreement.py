"""From the person's own will to the agreement, at the keyboard, in one conversation (R3.3-2, R4.3-1)."""

import pytest
from playwright.sync_api import Page, expect

from agreements.models import Agreement, AgreementStep, Resource, SocialPlace, StepReminder, WillStatement
from casework.models import Case, Contact, Draft, User
from tests.browser.conftest import note
from tests.factories import CaseFactory, SocialPlaceFactory, ahead


@pytest.fixture
def new_case(kim: User) -> Case:
    """Nothing but name and reference: no note, no will, no agreement."""
    return CaseFactory(counsellor=kim, client__family_name="Öztürk", client__given_name="Ayşe")


class Hands:
    """Somebody who does not touch the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> "Hands":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def write(self, text: str) -> "Hands":
        self.page.keyboard.type(text)
        return self

    def tab_to(self, label: str, most: int = 60) -> "Hands":
        """Tab on until the named field has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(NAME_OF_FOCUS).startswith(label):
                return self
        raise AssertionError(f"{label!r} is not reached by {most} tabs; at {self.page.evaluate(NAME_OF_FOCUS)!r}")


NAME_OF_FOCUS = """() => {
  const element = document.activeElement;
  const words = element.labels?.[0]?.textContent || element.getAttribute("aria-label") || element.textContent || "";
  return words.trim().replace(/\\s+/g, " ");
}"""


def fill_everything(hands: Hands) -> None:
    hands.tab_to("Wille").press("Enter")
    hands.tab_to("Was will sie in Richtung").write("Ich will in einer Küche arbeiten.")
    hands.tab_to("Was tut die Person").write("Kocht jeden Freitag im Stadtteilzentrum.")
    hands.tab_to("Ressourcen").press("Enter")
    hands.tab_to("Eigene Ressourcen angeschaut").press("Space")
    hands.tab_to("Was die Person mitbringt").write("Schwester fährt ein Auto")
    hands.tab_to("Ort im Sozialraum").write("Stadtteilküche")
    hands.tab_to("Sozialraum").write("Osterode")
    hands.tab_to("Besprochenes").write("Ayşe Öztürk erzählt vom Kochen.")
    hands.tab_to("Vereinbarung").press("Enter")
    hands.tab_to("heute noch keine").press("ArrowDown")
    hands.tab_to("Ziel in eigenen Worten").write("Eine Stelle als Küchenhilfe finden.")
    hands.tab_to("Was hat das mit Arbeit").write("Arbeit in einer Küche, später vielleicht eine Lehre.")
    hands.tab_to("Was?").write("fragt im Stadtteilzentrum nach einem Praktikum")
    hands.tab_to("bis zum").write(f"{ahead(5):%d.%m.%Y}")
    hands.tab_to("vorlegen").press("Space")
    hands.tab_to("Was?").write("schickt die Liste der Kantinen")
    hands.tab_to("Taktung").write("alle 3 Wochen")
    hands.tab_to("Wiedervorlage").press("ArrowDown")
    hands.tab_to("Wann?").press("Control+a").write(f"{ahead(7):%d.%m.%Y}")
    hands.tab_to("Worum geht es dann?").write("Wie war das Praktikumsgespräch?")
    hands.tab_to("Uhrzeit").write("10:30")


def test_a_first_talk_brings_will_resources_agreement_and_next_step_by_keyboard(kims_page: Page, new_case: Case):
    page = kims_page
    page.goto(f"/faelle/{new_case.number}/")
    page.keyboard.press("g")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gespräch")
    page.locator("#gespraech").wait_for()

    fill_everything(Hands(page))
    page.keyboard.press("Control+Enter")

    expect(page.locator("#verlauf article").first).to_contain_text("Ayşe Öztürk erzählt vom Kochen.")
    expect(page.locator("#verlauf article").first).to_contain_text("Vereinbarung, 1. Fassung")
    agreed = page.get_by_role("region", name="Vereinbarung 1. Fassung")
    expect(agreed).to_contain_text("Eine Stelle als Küchenhilfe finden.")
    expect(agreed).to_contain_text("Taktung: alle 3 Wochen")
    assert WillStatement.objects.get(case=new_case).own_activity == "Kocht jeden Freitag im Stadtteilzentrum."
    assert Resource.objects.get(case=new_case).place == SocialPlace.objects.get(name="Stadtteilküche")
    assert [s.owner for s in AgreementStep.objects.filter(case=new_case).order_by("position")] == [
        "client",
        "jobcenter",
    ]
    assert StepReminder.objects.filter(case=new_case).count() == 1
    assert not Draft.objects.exists()


def test_an_error_in_one_part_leaves_nothing_in_the_database_and_all_in_the_form(kims_page: Page, new_case: Case):
    page = kims_page
    page.goto(f"/faelle/{new_case.number}/gespraech/")
    hands = Hands(page)
    fill_everything(hands)
    goal = page.get_by_label("Ziel in eigenen Worten")
    goal.fill("  ")
    page.keyboard.press("Control+Enter")

    expect(goal).to_be_focused()
    expect(page.locator("#id_ag_goal_error")).to_contain_text("Ziel in den Worten der Person")
    expect(page.get_by_label("Was will sie in Richtung")).to_have_value("Ich will in einer Küche arbeiten.")
    expect(page.get_by_label("Ort im Sozialraum").first).to_have_value("Stadtteilküche")
    expect(page.get_by_label("Taktung")).to_have_value("alle 3 Wochen")
    expect(page.locator("#id_as1_remind")).to_be_checked()
    expect(note(page)).to_have_value("Ayşe Öztürk erzählt vom Kochen.")
    assert not Contact.objects.filter(case=new_case).exists()
    assert not Agreement.objects.exists() and not WillStatement.objects.exists() and not Resource.objects.exists()
    assert not SocialPlace.objects.exists()

    goal.fill("Eine Stelle als Küchenhilfe finden.")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#verlauf article").first).to_contain_text("Vereinbarung, 1. Fassung")
    assert Agreement.objects.filter(case=new_case).count() == 1


def test_two_people_word_the_agreement_on_one_screen(kims_page: Page, new_case: Case):
    page = kims_page
    page.goto(f"/faelle/{new_case.number}/gemeinsam/")
    page.get_by_role("button", name="Gemeinsam formulieren").click()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_text("Kim").locator("visible=true")).to_have_count(0)
    hands = Hands(page)
    page.get_by_label("Ziel in eigenen Worten").focus()
    hands.write("Eine Stelle finden.").tab_to("Was hat das mit Arbeit").write("Arbeit.")
    hands.tab_to("Was?").write("fragt nach")
    page.get_by_role("button", name="weiterer Schritt").click()
    hands.tab_to("Was?").write("noch ein Schritt")
    page.get_by_role("button", name="Zurück zum Gespräch").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Gespräch")
    expect(page.get_by_label("Ziel in eigenen Worten")).to_have_value("Eine Stelle finden.")
    expect(page.locator("#id_as1_text")).to_have_value("fragt nach")
    assert Draft.objects.get(case=new_case).payload["agreement"] == ["new"]
    assert not Agreement.objects.exists()


def test_the_list_of_sections_opens_a_folded_one(kims_page: Page, new_case: Case):
    page = kims_page
    page.goto(f"/faelle/{new_case.number}/gespraech/")
    expect(page.get_by_label("Was will sie in Richtung")).to_be_hidden()

    page.get_by_role("navigation", name="Abschnitte").get_by_role("link", name="Wille").click()

    expect(page.get_by_label("Was will sie in Richtung")).to_be_visible()


def test_a_worded_rhythm_proposes_the_next_date_at_once(kims_page: Page, new_case: Case):
    page = kims_page
    page.goto(f"/faelle/{new_case.number}/gespraech/?vereinbarung=neu")
    page.get_by_label("Taktung").press_sequentially("alle 3 Wochen")
    page.get_by_role("radio", name="Folgetermin").check()
    proposal = page.locator("#id_proposal")
    expect(proposal).to_contain_text("Vorschlag aus der Taktung „alle 3 Wochen“")

    proposal.get_by_role("button", name="übernehmen").click()

    assert page.locator("#id_next_date").input_value() in proposal.inner_text()
    page.get_by_label("Taktung").fill("nach dem Praktikum")
    expect(proposal).to_be_empty()


def test_a_place_of_the_directory_is_found_as_one_types(kims_page: Page, new_case: Case):
    SocialPlaceFactory(name="Repair-Café am Markt")
    page = kims_page
    page.goto(f"/faelle/{new_case.number}/gespraech/")
    page.locator("#ressourcen summary").click()
    page.locator("#id_res1_place").press_sequentially("repair")

    expect(page.locator("#orte option")).to_have_count(1)
    assert page.locator("#orte option").get_attribute("value") == "Repair-Café am Markt"

"""A counsellor's whole day, in a real browser on the real office."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from casework.enums import ContactKind
from casework.models import AccessGrant, Case, Contact, Draft, FollowUp, User
from jobcenter.platform.workdays import day_label
from tests.browser.conftest import note, sign_in, sign_in_by_page
from tests.factories import CaseFactory, ContactFactory, FollowUpFactory, ahead


def row(page: Page, text: str) -> Locator:
    return page.locator("[data-row]", has_text=text)


def counter(page: Page) -> Locator:
    return page.locator("#heute-zahl")


def in_days(day: dt.date) -> str:
    """As a quick hand writes it: `+8`."""
    return f"+{(day - timezone.localdate()).days}"


def shown(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def set_reminder(form: Page | Locator, subject: str, day: dt.date | None = None) -> None:
    form.get_by_role("radio", name="Wiedervorlage für uns").check()
    form.get_by_label("Wann?").fill(shown(day or ahead(7)))
    form.get_by_label("Worum geht es dann?").fill(subject)


@pytest.fixture
def deniz(kim: User) -> Case:
    """The case of Deniz Yıldız, with an overdue Wiedervorlage."""
    return CaseFactory(
        counsellor=kim,
        client__family_name="Yıldız",
        client__given_name="Deniz",
        step__overdue=True,
        step__subject="Praktikumsbetrieb: hat er angerufen?",
    )


# --- the conversation --------------------------------------------------------------------------------------


def test_an_overdue_item_becomes_a_conversation_with_a_follow_up_appointment(page: Page, kim: User, deniz: Case):
    day = ahead(7)

    page.goto("/")
    sign_in_by_page(page, kim)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heute")
    row(page, "hat er angerufen?").get_by_role("link", name="Gespräch").click()

    expect(page.get_by_role("radio", name="damit erledigt")).to_be_checked()
    note(page).fill("Der Betrieb hat zugesagt; Deniz freut sich.")
    page.get_by_role("radio", name="Folgetermin").check()
    page.get_by_label("Wann?").fill(shown(day))
    page.get_by_label("Worum geht es dann?").fill("Wie war die erste Woche?")
    page.locator("#id_next_time").fill("10:30")
    page.keyboard.press("Control+Enter")

    first = page.locator("#verlauf article").first
    expect(first).to_contain_text("Der Betrieb hat zugesagt; Deniz freut sich.")
    expect(first).to_contain_text(f"{shown(day)} 10:30: Wie war die erste Woche?")
    expect(first.get_by_text("neu", exact=True)).to_be_visible()
    expect(first).to_be_focused()
    page.keyboard.press("h")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heute")
    expect(row(page, "hat er angerufen?")).to_have_count(0)
    expect(counter(page)).to_be_hidden()
    assert Contact.objects.get(case=deniz).follow_up.subject == "Wie war die erste Woche?"
    assert not Draft.objects.exists()


class CountingKeyboard:
    """Hands at a keyboard: each key of a chord is one press; the note and the subject are text, not presses."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.presses += len(key.split("+"))
            self.page.keyboard.press(key)

    def enter(self, characters: str) -> None:
        """A date: every character of it is a press."""
        self.presses += len(characters)
        self.page.keyboard.type(characters)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)


@pytest.mark.parametrize("further_steps", [0, 1])
def test_a_telephone_note_takes_at_most_12_keys_beside_its_text(
    kims_page: Page, deniz: Case, further_steps: int, record_figure: Callable[[str, object], None]
):
    FollowUpFactory.create_batch(further_steps, case=deniz)
    page = kims_page
    page.goto(f"/faelle/{deniz.number}/")
    keyboard = CountingKeyboard(page)

    keyboard.press("t")
    expect(note(page)).to_be_focused()
    keyboard.write("Ruft an: Der Vertrag kommt per Post.\nMöchte wissen, ob die Fahrkarte bezahlt wird.")
    # Past the open steps, which stay, to the question how it goes on; its last answer but the end is a Wiedervorlage.
    keyboard.press(*["Tab"] * (1 + FollowUp.objects.open().filter(case=deniz).count()))
    keyboard.press(*["ArrowDown"] * (1 + further_steps))
    expect(page.get_by_role("radio", name="Wiedervorlage für uns")).to_be_focused()
    keyboard.press("Tab")
    keyboard.enter(in_days(ahead(1)))
    keyboard.press("Tab")
    keyboard.write("Ist der Vertrag angekommen?")
    keyboard.press("Control+Enter")

    expect(page.locator("#verlauf article").first).to_contain_text("Der Vertrag kommt per Post.")
    contact = Contact.objects.get(case=deniz)
    assert contact.channel is not None and contact.channel.code == "phone"
    assert contact.follow_up.subject == "Ist der Vertrag angekommen?"
    record_figure("key presses", keyboard.presses)
    assert keyboard.presses == {0: 10, 1: 12}[further_steps]


def test_the_list_of_sections_marks_what_holds_something(kims_page: Page, deniz: Case):
    page = kims_page
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    filled = page.get_by_role("navigation", name="Abschnitte").locator("a[data-filled]")
    expect(filled).to_have_text(["Anlass"])

    note(page).fill("Ein Satz.")
    page.get_by_role("radio", name="Wiedervorlage für uns").check()

    expect(filled).to_have_text(["Anlass", "Besprochenes", "Wie weiter?"])


def test_later_keeps_the_draft_and_heute_offers_to_go_on(kims_page: Page, deniz: Case):
    page = kims_page
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    note(page).fill("Noch nicht fertig, gleich klingelt es.")
    page.get_by_role("button", name="Später weiter").click()

    page.get_by_role("link", name="Gespräch mit Deniz Yıldız").click()

    expect(note(page)).to_have_value("Noch nicht fertig, gleich klingelt es.")
    assert not Contact.objects.exists()


def test_a_refusal_says_why_beside_the_field_and_takes_the_focus_there(kims_page: Page, deniz: Case):
    page = kims_page
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    note(page).fill("Der Text bleibt stehen.")
    page.get_by_role("radio", name="Wiedervorlage").check()
    page.get_by_label("Wann?").fill("25.12.")
    page.get_by_label("Worum geht es dann?").fill("Wie war das Fest?")
    page.keyboard.press("Control+Enter")

    field = page.get_by_label("Wann?")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_next_date_error")).to_contain_text("Weihnachtstag")
    expect(note(page)).to_have_value("Der Text bleibt stehen.")
    assert not Contact.objects.exists()


def test_a_day_without_work_offers_the_next_working_day_as_a_button(kims_page: Page, deniz: Case):
    page = kims_page
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    page.get_by_role("radio", name="Wiedervorlage").check()
    page.get_by_label("Wann?").fill("25.12.")

    page.locator("#id_next_date_day").get_by_role("button").click()

    field = page.get_by_label("Wann?")
    expect(field).to_be_focused()
    expect(field).not_to_have_value("25.12.")
    expect(page.locator("#id_next_date_day").get_by_role("button")).to_have_count(0)


# --- the rows of Heute -------------------------------------------------------------------------------------


@pytest.fixture
def three_overdue(kim: User) -> list[Case]:
    return [
        CaseFactory(counsellor=kim, step__overdue=True, step__subject=subject)
        for subject in ("Zuerst", "Danach", "Zuletzt")
    ]


def test_done_in_place_by_keyboard(kims_page: Page, three_overdue: list[Case]):
    page = kims_page
    page.goto("/")
    expect(counter(page)).to_contain_text("3")

    page.keyboard.press("j")
    expect(row(page, "Zuerst")).to_be_focused()
    page.keyboard.press("e")
    expect(page.get_by_label("Was kam heraus?")).to_be_focused()
    page.keyboard.type("Alle Unterlagen sind da.")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Wiedervorlage")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type(in_days(ahead(20)))
    page.keyboard.press("Tab")
    page.keyboard.type("Wie läuft es an?")
    page.keyboard.press("Enter")

    expect(row(page, "Zuerst")).to_have_count(0)
    expect(row(page, "Danach")).to_be_focused()
    expect(counter(page)).to_contain_text("2")
    expect(page.locator("#ueberfaellig [data-count]")).to_have_text("2")
    expect(page.get_by_role("status")).to_contain_text("erledigt")
    ended = FollowUp.objects.get(subject="Zuerst")
    assert ended.outcome == "Alle Unterlagen sind da."
    assert ended.successor.subject == "Wie läuft es an?"


def test_an_unfinished_answer_in_a_row_says_what_is_missing_and_stays(kims_page: Page, three_overdue: list[Case]):
    page = kims_page
    page.goto("/")
    row(page, "Danach").get_by_role("link", name="Erledigt").click()
    page.get_by_label("Was kam heraus?").fill("Das bleibt stehen.")

    row(page, "Danach").get_by_role("button", name="Erledigt").click()

    expect(row(page, "Danach")).to_contain_text("Ohne nächsten Schritt wird nichts eingetragen")
    expect(page.get_by_label("Was kam heraus?")).to_have_value("Das bleibt stehen.")
    expect(page.locator(":focus")).to_have_attribute("aria-invalid", "true")


def test_escape_closes_the_form_of_a_row_and_the_row_has_the_focus(kims_page: Page, three_overdue: list[Case]):
    page = kims_page
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_label("Was kam heraus?")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.get_by_label("Was kam heraus?")).to_have_count(0)
    expect(row(page, "Zuerst")).to_be_focused()


def test_postponed_by_two_keys_and_undone(kims_page: Page, three_overdue: list[Case]):
    page = kims_page
    before = FollowUp.objects.get(subject="Zuerst").due_on
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="nächster Arbeitstag")).to_be_focused()
    page.keyboard.press("Enter")

    expect(row(page, "Zuerst")).to_have_count(0)
    expect(row(page, "Danach")).to_be_focused()
    expect(counter(page)).to_contain_text("2")
    expect(page.get_by_role("status")).to_contain_text("verschoben")
    assert FollowUp.objects.get(subject="Zuerst").due_on == ahead(1)

    page.get_by_role("button", name="Rückgängig").click()

    expect(page.get_by_role("status")).to_contain_text("Rückgängig gemacht")
    expect(row(page, "Zuerst")).to_have_count(1)
    expect(counter(page)).to_contain_text("3")
    assert FollowUp.objects.get(subject="Zuerst").due_on == before


def test_enter_opens_the_file_of_a_row(kims_page: Page, three_overdue: list[Case]):
    page = kims_page
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/faelle/{three_overdue[0].number}/")


def test_after_the_last_row_heute_says_that_nothing_is_left(kims_page: Page, deniz: Case):
    page = kims_page
    page.goto("/")
    row(page, "hat er angerufen?").get_by_role("link", name="Verschieben").click()
    page.get_by_role("button", name="in einer Woche").click()

    expect(row(page, "hat er angerufen?")).to_have_count(0)
    expect(page.get_by_text("Für heute ist nichts vorgelegt.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(counter(page)).to_be_hidden()


# --- appointments ------------------------------------------------------------------------------------------


def test_an_appointment_did_not_take_place_and_the_person_came_later(kims_page: Page, kim: User):
    case = CaseFactory(counsellor=kim, step__overdue=True, step__appointment=True, step__subject="Bewerbung ansehen")
    page = kims_page
    page.goto("/")
    row(page, "Bewerbung ansehen").get_by_role("link", name="Fand nicht statt").click()
    page.get_by_role("radio", name="nicht erschienen").check()
    set_reminder(page, "Neuen Termin abstimmen")
    page.get_by_role("button", name="Eintragen").click()

    expect(page.get_by_role("status")).to_contain_text("Der Termin fand nicht statt")
    missed = Contact.objects.get(case=case)
    assert (missed.kind, missed.text) == (ContactKind.MISSED, "")

    page.goto(f"/faelle/{case.number}/kontakte/{missed.pk}/")
    page.get_by_role("link", name="später erschienen").click()
    note(page).fill("Der Bus fiel aus; wir haben die Bewerbung doch noch angesehen.")
    page.get_by_role("radio", name=f"Wiedervorlage {day_label(ahead(7))}").check()
    page.keyboard.press("Control+Enter")

    entries = page.locator("#verlauf article")
    expect(entries.filter(has_text="Der Bus fiel aus")).to_be_visible()
    expect(entries.filter(has_text="Termin fand nicht statt: nicht erschienen")).to_be_visible()
    assert Contact.objects.get(case=case, kind=ContactKind.TALK).replaces == missed


# --- cases -------------------------------------------------------------------------------------------------


def test_a_case_is_opened_ended_and_taken_up_again(kims_page: Page, kim: User):
    page = kims_page
    page.goto("/faelle/")
    page.get_by_role("link", name="Fall eröffnen").first.click()
    page.get_by_label("Familienname").fill("Łęcka-Öztürk")
    page.get_by_label("Vorname").fill("Zoë")
    page.get_by_label("Geburtsdatum").fill("04.03.1991")
    set_reminder(page, "Erstgespräch vereinbaren")
    page.get_by_role("button", name="Fall eröffnen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Łęcka-Öztürk, Zoë")
    expect(page.get_by_text("Erstgespräch vereinbaren").first).to_be_visible()

    page.get_by_text("Mehr", exact=True).click()
    page.get_by_role("link", name="Fall beenden").click()
    expect(page.get_by_text("Erstgespräch vereinbaren")).to_be_visible()
    page.get_by_role("radio", name="Umzug").check()
    page.get_by_role("button", name="Fall beenden").click()
    expect(page.get_by_text("Der Fall ist beendet, es gibt keinen nächsten Schritt.")).to_be_visible()

    page.get_by_role("link", name="Wieder aufnehmen").click()
    set_reminder(page, "Wie ist es seitdem gegangen?")
    page.get_by_role("button", name="Wieder aufnehmen").click()
    expect(page.get_by_text("Wie ist es seitdem gegangen?").first).to_be_visible()

    ended, running = Case.objects.order_by("opened_at")
    assert not ended.is_open and running.is_open
    assert running.previous_case == ended
    assert running.client == ended.client


def test_search_answers_while_one_types_and_forgives(kims_page: Page, kim: User, deniz: Case):
    CaseFactory(counsellor=kim, client__family_name="Brandt")
    page = kims_page
    page.goto("/faelle/")
    expect(page.locator("#treffer [data-row]")).to_have_count(2)

    page.get_by_role("searchbox", name="Suchen", exact=True).press_sequentially("yildis")

    hit = page.locator("#treffer [data-row]")
    expect(hit).to_have_count(1)
    expect(hit).to_contain_text("Yıldız, Deniz")
    expect(page.get_by_role("searchbox", name="Suchen", exact=True)).to_be_focused()
    expect(page).to_have_url(f"{page.url.split('/faelle/')[0]}/faelle/")


def test_the_key_for_search_leads_into_the_field_of_the_frame(kims_page: Page, deniz: Case):
    page = kims_page
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(deniz.number)
    page.keyboard.press("Enter")

    expect(page.locator("#treffer [data-row]")).to_contain_text("Yıldız, Deniz")
    expect(page.locator("#treffer")).to_contain_text("Fallnummer")
    assert deniz.number not in page.url


# --- what belongs elsewhere --------------------------------------------------------------------------------


def test_a_text_in_the_wrong_file_moves_into_the_right_one(kims_page: Page, kim: User, deniz: Case):
    wrong = ContactFactory(case=deniz, text="Gehört zu einer anderen Person.")
    right = CaseFactory(counsellor=kim, client__family_name="Kowalska", client__given_name="Maria")
    page = kims_page
    page.goto(f"/faelle/{deniz.number}/")
    page.locator(f"#eintrag-contact-{wrong.pk}").get_by_role("link", name="Falsche Akte").click()
    page.get_by_label("Grund").fill("Zwei Akten waren offen.")
    page.get_by_role("button", name="Eintrag zurücknehmen").click()
    page.get_by_label("Richtige Akte").select_option(label=f"Kowalska, Maria · {right.number}")
    page.get_by_role("button", name="In diese Akte übernehmen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Gespräch eintragen")
    expect(note(page)).to_have_value("Gehört zu einer anderen Person.")
    set_reminder(page, "In der richtigen Akte weiter")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#verlauf article").first).to_contain_text("Gehört zu einer anderen Person.")
    page.goto(f"/faelle/{deniz.number}/")
    expect(page.locator(f"#eintrag-contact-{wrong.pk}")).to_contain_text("Zurückgenommen")
    expect(page.get_by_role("main")).not_to_contain_text("Gehört zu einer anderen Person.")


def test_whoever_stands_at_the_counter_is_served_without_the_file(
    context: BrowserContext, eva: User, kim: User, osterode
):
    other_team = CaseFactory(
        counsellor__user__team__organisation=osterode.organisation,
        client__family_name="Hartmann",
        client__given_name="Jana",
    )
    ContactFactory(case=other_team, text="Das steht nur in der Akte.")
    sign_in(context, eva)
    page = context.new_page()
    page.goto("/faelle/")
    page.get_by_role("link", name="Zugriff mit Anlass").click()
    page.get_by_label("Familienname").fill("Hartmann")
    page.get_by_label("Vorname").fill("Jana")
    page.get_by_label("Geburtsdatum").fill("04.03.1991")
    page.get_by_label("Anlass").fill("steht am Empfang")
    page.get_by_role("button", name="Weiter").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Für die zuständige IFK eintragen")
    expect(page.get_by_text("Das steht nur in der Akte.")).to_have_count(0)
    page.get_by_role("radio", name="persönlich").check()
    note(page).fill("Hat die neue Anschrift abgegeben.")
    set_reminder(page, "Anschrift geändert: bitte eintragen")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status")).to_contain_text("Eingetragen")
    recorded = Contact.objects.get(case=other_team, author=eva)
    assert recorded.follow_up.subject == "Anschrift geändert: bitte eintragen"
    page.goto(f"/faelle/{other_team.number}/")
    expect(page.get_by_text("Das steht nur in der Akte.")).to_have_count(0)

    page.goto(f"/faelle/{other_team.number}/lesen/")
    page.get_by_label("Anlass").fill("Rückfrage zur Fahrkarte am Telefon")
    page.get_by_role("button", name="Akte öffnen").click()
    expect(page.get_by_text("Das steht nur in der Akte.")).to_be_visible()
    expect(page.get_by_text("Sie lesen diese Akte mit Anlass")).to_be_visible()
    assert AccessGrant.objects.filter(case=other_team, user=eva).count() == 2


# --- keys --------------------------------------------------------------------------------------------------


def test_the_keys_are_listed_and_can_be_switched_off(kims_page: Page, deniz: Case):
    page = kims_page
    page.goto("/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Tasten")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    page.goto("/einstellungen/")
    page.get_by_label("Tastenkürzel verwenden").uncheck()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status")).to_contain_text("Gespeichert.")
    page.goto("/")
    page.keyboard.press("?")
    page.keyboard.press("j")
    page.keyboard.press("f")

    expect(keys).to_be_hidden()
    expect(page.locator("[data-row]:focus")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heute")


def test_keys_are_letters_while_one_writes(kims_page: Page, deniz: Case):
    page = kims_page
    page.goto(f"/faelle/{deniz.number}/gespraech/?kanal=phone")
    expect(note(page)).to_be_focused()
    page.keyboard.type("hfgtjkev?/")

    expect(note(page)).to_have_value("hfgtjkev?/")
    expect(page.get_by_role("dialog")).to_have_count(0)

"""An offer from the first word to what came of it: two of project management, an IFK and a lead, each at a desk."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from casework.enums import RoleName
from casework.models import Case, FollowUp, User
from offers.models import IntentVersion, OfferChoice, OfferVersion, Participation
from tests.agreements.talking import agree
from tests.browser.conftest import note, sign_in_by_page
from tests.factories import CaseFactory, ProviderContactFactory, RoleGrantFactory, UserFactory, ahead

TEXTS = {
    "name": "Holzwerkstatt am Leinebogen",
    "support": "Sie bauen mit einer Tischlerin ein eigenes Stück und lernen die Maschinen kennen.",
    "purpose": "Herausfinden, ob die Arbeit mit Holz etwas für Sie ist.",
    "course": "Montag bis Donnerstag von 8 bis 13 Uhr in der Werkstatt, freitags ein Gespräch zu zweit.",
    "place": "Werkhof, Am Leinebogen 3, Göttingen",
    "duration": "drei Monate",
    "hours_per_week": "20",
    "joining": "Sie rufen in der Werkstatt an und schauen einen Vormittag lang zu.",
    "accessibility": "Ebenerdig, mit einer Toilette für Rollstühle.",
    "bring": "feste Schuhe",
    "requirements": "nichts",
}
INTENT = "Ich will sehen, ob ich einen ganzen Vormittag an der Werkbank durchhalte."


@pytest.fixture
def desks(kim: User, tom: User) -> dict[str, User]:
    team = kim.team
    people = {"kim": kim, "tom": tom}
    for username, name in (("paula", "Paula"), ("jan", "Jan")):
        people[username] = UserFactory(team=team, username=username, first_name=name, last_name="Voss")
        RoleGrantFactory(user=people[username], role=RoleName.OFFER_MANAGER)
    return people


@pytest.fixture
def case(kim: User) -> Case:
    case = CaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")
    agree(case, kim, goal="Einen Platz in einer Tischlerei finden.")
    return case


def at_the_desk_of(context: BrowserContext, user: User) -> Page:
    """Sign in as this person, through the one door."""
    context.clear_cookies()
    page = context.new_page()
    page.goto("/anmelden/")
    sign_in_by_page(page, user)
    page.wait_for_url(lambda url: "/anmelden/" not in url)
    return page


def write_the_offer(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Angebotspflege")
    page.goto("/angebotspflege/offers/offer/add/")
    page.locator("#id_provider").select_option(label="Werkhof Leinebogen")
    page.locator("#id_contact").select_option(index=1)
    for name, text in TEXTS.items():
        page.locator(f"#id_{name}").fill(text)
    page.get_by_label("Handwerk und Werkstatt").check()
    page.get_by_label("Deutsch", exact=True).check()
    page.locator("#id_any_time").check()
    page.locator("#id_funding_body").select_option(index=1)
    page.locator("#id_legal_basis").select_option(index=1)
    page.locator("#id_valid_from").fill(f"{timezone.localdate():%d.%m.%Y}")
    page.locator("#id_valid_to").fill(f"{ahead(200):%d.%m.%Y}")
    page.locator("input[name=_save]").first.click()


def test_from_the_first_word_to_what_came_of_it(context: BrowserContext, desks: dict[str, User], case: Case):
    ProviderContactFactory(provider__name="Werkhof Leinebogen", name="Ayla Brandt", phone="0551 12345")

    # One writes; what is missing is named, and the own review is refused.
    page = at_the_desk_of(context, desks["paula"])
    write_the_offer(page)
    expect(page.locator("#luecken")).to_contain_text("noch kein Sozialraum")
    version = OfferVersion.objects.get()
    page.get_by_label("Göttingen-Stadt").check()
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.locator("#luecken")).not_to_contain_text("noch kein Sozialraum")
    page.goto(f"/angebotspflege/offers/offer/{version.offer_id}/change/")
    page.locator("#id_assured_on").fill(f"{timezone.localdate():%d.%m.%Y}")
    page.locator("#id_assured_by").fill("Ayla Brandt")
    page.locator("input[name=_continue]").first.click()
    page.goto(f"/angebotspflege/offers/offerversion/{version.pk}/change/")
    expect(page.get_by_text("In der Beschreibung fehlt nichts mehr.")).to_be_visible()
    page.get_by_role("button", name="Speichern und zur Prüfung geben").click()
    expect(page.get_by_text(re.compile("Prüfen muss jemand, der"))).to_be_visible()
    expect(page.get_by_role("button", name="Prüfen und veröffentlichen")).to_have_count(0)
    page.close()

    # Another one reviews and publishes.
    page = at_the_desk_of(context, desks["jan"])
    page.goto(f"/angebotspflege/offers/offerversion/{version.pk}/change/")
    page.get_by_role("button", name="Prüfen und veröffentlichen").click()
    expect(page.get_by_text("Die Fassung ist veröffentlicht.")).to_be_visible()
    page.close()

    # An IFK finds it by a misspelt word and records the choice in a conversation.
    page = at_the_desk_of(context, desks["kim"])
    page.goto("/angebote/")
    page.get_by_role("searchbox", name=re.compile("suchen", re.IGNORECASE)).last.press_sequentially("Holzwekstat")
    expect(page.get_by_role("link", name="Holzwerkstatt am Leinebogen")).to_be_visible()
    page.goto(f"/faelle/{case.number}/gespraech/")
    note(page).fill("Deniz Yıldız will mit Holz arbeiten.")
    page.locator("#ressourcen summary").first.click()
    page.get_by_label("Eigene Ressourcen angeschaut").check()
    page.locator("#angebote summary").first.click()
    page.get_by_label("Angebot suchen").press_sequentially("Holzwekstat")
    page.get_by_role("button", name="wählen: Holzwerkstatt am Leinebogen").click()
    expect(page.get_by_label("Mit welcher Absicht?")).to_be_focused()
    expect(page.get_by_label("Mit welcher Absicht?")).to_have_value("")
    page.keyboard.type(INTENT)
    page.get_by_role("radio", name="Wiedervorlage").last.check()
    page.get_by_label("Wann?").fill(f"{ahead(14):%d.%m.%Y}")
    page.get_by_label("Worum geht es dann?").fill("Wie war der erste Tag?")
    page.get_by_role("button", name="Gespräch abschließen").click()
    expect(page.locator("#verlauf article").first).to_contain_text("will mit Holz arbeiten")
    choice = OfferChoice.objects.get()
    assert IntentVersion.objects.get().text == INTENT

    # The participation starts and ends; case, next steps and responsibility stay (R4.4-9).
    steps = FollowUp.objects.filter(case=case, ended_at=None).count()
    page.goto(f"/faelle/{case.number}/angebote/{choice.pk}/teilnahme/")
    page.locator("#formular-start input[name=started_on]").fill(f"{timezone.localdate():%d.%m.%Y}")
    page.locator("#formular-start button[type=submit]").click()
    expect(page.get_by_text("nimmt teil seit").first).to_be_visible()
    page.goto(f"/faelle/{case.number}/angebote/{choice.pk}/teilnahme/")
    page.locator("#formular-end input[name=ended_on]").fill(f"{timezone.localdate():%d.%m.%Y}")
    page.locator("#formular-end button[type=submit]").click()
    expect(page.get_by_text(re.compile("beendet am")).first).to_be_visible()
    assert FollowUp.objects.filter(case=case, ended_at=None).count() == steps
    assert Participation.objects.get().ended_on == timezone.localdate()

    # A Dreiergespräch tells what came of it.
    page.goto(f"/faelle/{case.number}/gespraech/?kanal=three_way")
    note(page).fill("Zu dritt auf die Zeit in der Werkstatt geschaut.")
    page.get_by_text("mit Beteiligten").click()
    page.locator("select[name=participant_role]").first.select_option("provider_staff")
    page.locator("input[name=participant_name]").first.fill("Ayla Brandt")
    page.locator("#angebote details.part > summary").first.click()
    page.get_by_text("Was hat es gebracht?").click()
    page.get_by_label("In den Worten der Person").fill("Ich halte einen Vormittag gut durch.")
    page.get_by_label(re.compile("Was der Träger dazu sagt")).fill("Hat zwei Hocker gebaut.")
    page.get_by_role("radio", name=re.compile("Wiedervorlage .* bleibt")).first.check()
    page.get_by_role("button", name="Gespräch abschließen").click()
    expect(page.locator("#verlauf")).to_contain_text("Zu dritt auf die Zeit in der Werkstatt geschaut.")
    page.close()

    # A lead who opens the file with a reason sees intent and outcome.
    page = at_the_desk_of(context, desks["tom"])
    page.goto(f"/faelle/{case.number}/lesen/")
    page.locator("main textarea, main input[type=text]").first.fill("Rückfrage der Person am Telefon")
    page.get_by_role("button", name="Akte öffnen").click()
    expect(page.locator("#verlauf")).to_be_visible()
    page.goto(f"/faelle/{case.number}/angebote/{choice.pk}/")
    expect(page.locator("main")).to_contain_text(INTENT)
    expect(page.locator("main")).to_contain_text("Ich halte einen Vormittag gut durch.")
    expect(page.locator("main")).to_contain_text("Hat zwei Hocker gebaut.")

"""Fallbestand in a real browser: wide and narrow, with every rule of axe, and every number led back to its list."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casework.models import User
from tests.agreements.talking import agree
from tests.browser.conftest import sign_in
from tests.browser.office import LONG_NAME, LONG_WORD
from tests.browser.pages import NARROW, WIDE, Inspection
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    CounsellorFactory,
    DraftFactory,
    FollowUpFactory,
    SubstitutionFactory,
    ahead,
    back,
)

PAGE = "/fallbestand/"
NAMES = [
    ("Ahrens", "Kim-Sophie"),
    ("Öztürk", "Ayşe"),
    ("von der Wiesenhofen-Straßenburger zu Hohenschönhausen", "Maximiliane-Charlotte"),
    ("Шевченко", "Олександра"),
    ("الحسيني", "فاطمة"),
    ("Ott", "Jo"),
    ("Lange", "Ina"),
    ("Meyer", "Uwe"),
    ("Becker", "Lea"),
    ("Wolf", "Per"),
    ("Çelik", "Can"),
    ("Yıldız", "Su"),
    ("Zander", "Mo"),
]


@pytest.fixture
def team(live_office: object, kim: User, eva: User, tom: User) -> list[User]:
    """Fifteen IFK; Kim is away and nobody stands in, Eva is away and somebody does."""
    people = [kim, eva]
    for last, first in NAMES:
        people.append(CounsellorFactory(user__team=kim.team, user__last_name=last[:80], user__first_name=first).user)
    for number, user in enumerate(people):
        case = CaseFactory(counsellor=user, step__overdue=True)
        for step in range(2 + number * 3 % 7):
            FollowUpFactory(case=case, due_on=ahead(1 + step * (5 + number)))
        CaseFactory(counsellor=user, step__due_on=back(3), client__family_name=LONG_NAME[:80])
    agree(CaseFactory(counsellor=kim, client__given_name=LONG_WORD[:60], step__appointment=True), kim)
    DraftFactory(author=kim, case=None)
    DraftFactory(author=kim, case=CaseFactory(counsellor=kim, client__family_name="الحسيني"))
    AbsenceFactory(user=kim)
    SubstitutionFactory(absent_user=eva, substitute=people[2], entered_by=tom)
    return people


@pytest.fixture
def inspection(record_figure: Callable[[str, object], None]) -> Iterator[Inspection]:
    inspection = Inspection()
    yield inspection
    record_figure("inspection", inspection.summary)
    assert not inspection.problems, "\n".join(dict.fromkeys(inspection.problems))


def shoot(page: Page, name: str) -> None:
    """Pictures for who looks at them: SHOTS names the folder."""
    if folder := os.environ.get("SHOTS"):
        for width, scheme in ((WIDE, "light"), (NARROW, "light"), (WIDE, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDE, "height": 900})


def look(page: Page, inspection: Inspection, url: str, name: str) -> None:
    response = page.goto(url)
    assert response is not None and response.status == 200
    for details in page.locator("main details").all():
        details.locator("summary").click()
    inspection.look(page, url, response)
    shoot(page, name)


def test_the_pages_of_a_lead(context: BrowserContext, tom: User, team: list[User], inspection: Inspection):
    sign_in(context, tom)
    page = context.new_page()
    look(page, inspection, PAGE, "fallbestand")
    kim = team[0].pk
    for name in ("faelle", "woche&woche=0", "ueberfaellig-lang", "ohne-vereinbarung", "entwuerfe", "rueckblick"):
        look(page, inspection, f"{PAGE}liste/?wer={kim}&was={name}", f"liste-{name.partition('&')[0]}")
    look(page, inspection, f"{PAGE}liste/?team={tom.team_id}&was=posteingang", "liste-posteingang")
    look(page, inspection, "/faelle/ohne-naechsten-termin/", "ohne-termin-leer")


def test_the_pages_of_an_ifk(context: BrowserContext, team: list[User], inspection: Inspection):
    sign_in(context, team[0])
    page = context.new_page()
    look(page, inspection, PAGE, "fallbestand-eigener")
    look(page, inspection, "/faelle/ohne-naechsten-termin/", "ohne-termin")


def test_every_number_leads_to_its_list_by_keyboard_too(context: BrowserContext, tom: User, team: list[User]):
    sign_in(context, tom)
    page = context.new_page()
    page.goto(PAGE)
    row = page.get_by_role("row", name="Sander, Kim").first
    expect(row).to_contain_text("niemand vertritt")
    overdue = row.get_by_role("link").nth(3)
    count = overdue.inner_text()
    overdue.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{count} ")
    expect(page.locator("[data-row]")).to_have_count(int(count))
    page.get_by_role("link", name="Zum Fallbestand").click()
    chart = page.get_by_role("row", name="Sander, Kim").first.get_by_role("img")
    spoken = chart.get_attribute("aria-label") or ""
    page.locator("summary", has_text="Zahlen der nächsten acht Wochen").click()
    numbers = page.get_by_role("row", name="Sander, Kim").last.get_by_role("link").all_inner_texts()
    assert spoken == f"je Woche: {', '.join(numbers)}"


def test_without_scripts_nothing_is_missing(new_context: Callable[..., BrowserContext], tom: User, team: list[User]):
    context = new_context(java_script_enabled=False)
    sign_in(context, tom)
    page = context.new_page()
    page.goto(PAGE)
    page.locator("summary", has_text="Zahlen der nächsten acht Wochen").click()
    page.get_by_role("row", name="Sander, Kim").last.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("von heute bis")

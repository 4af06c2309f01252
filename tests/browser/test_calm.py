"""Nothing jumps, nothing moves that need not, and a page at 200 % is still a page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casework.models import User
from tests.browser.conftest import Faults, note, sign_in
from tests.browser.office import Office, busy_office
from tests.factories import ahead

# Layout Instability as browsers measure it, without the grace of 500 ms after a key: it must not jump then either.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const what = entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) || node?.nodeName);
    window.shifts.push({ value: entry.value, what });
  }
}).observe({ type: "layout-shift", buffered: true });
"""
MOST_SHIFT = 0.02


@pytest.fixture
def office(kim: User, eva: User, tom: User) -> Office:
    return busy_office(kim, eva, tom)


def settle(page: Page) -> None:
    """Until what has changed is painted and its shifts are on record."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def assert_calm(page: Page) -> None:
    settle(page)
    shifts = page.evaluate("window.shifts")
    assert sum(shift["value"] for shift in shifts) < MOST_SHIFT, shifts


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_jumps(kims_page: Page, office: Office, width: int):
    page = kims_page
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(WATCH_SHIFTS)
    for url in ("/", f"/faelle/{office.full.number}/", "/faelle/"):
        page.goto(url, wait_until="networkidle")
        assert_calm(page)

    page.goto(f"/faelle/{office.arabic.number}/gespraech/", wait_until="networkidle")
    assert_calm(page)
    note(page).press_sequentially("Wir haben über den Wunsch gesprochen. ")
    expect(page.locator("#draft-state")).to_contain_text("gespeichert ")
    assert_calm(page)
    page.get_by_role("radio", name="Wiedervorlage für uns").check()
    settle(page)
    page.evaluate("window.shifts = []")  # the fields that this answer asks for open below it, as wanted
    page.get_by_label("Wann?").fill(f"{ahead(7):%d.%m.%Y}")
    expect(page.locator("#id_next_date_day")).not_to_be_empty()
    page.context.set_offline(True)
    page.get_by_label("Worum geht es dann?").press_sequentially("Wie war es?")
    expect(page.locator("#draft-state")).to_contain_text("Verbindung unterbrochen")
    assert_calm(page)
    page.context.set_offline(False)
    expect(page.locator("#draft-state")).to_contain_text("gespeichert ")
    assert_calm(page)


def test_at_200_percent_everything_fits_and_can_be_reached(
    new_context: Callable[..., BrowserContext], faults: Faults, kim: User, office: Office
):
    context = new_context(
        viewport={"width": 640, "height": 450}, device_scale_factor=2, reduced_motion="reduce", color_scheme="dark"
    )
    faults.watch(context)
    sign_in(context, kim)
    page = context.new_page()
    for url in ("/", "/faelle/", f"/faelle/{office.long.number}/", f"/faelle/{office.full.number}/gespraech/"):
        page.goto(url)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, url
        moving = page.evaluate("document.getAnimations().length")
        assert moving == 0, url

    # What has the focus is not hidden below the bar that stays (WCAG 2.4.11).
    hidden = []
    note(page).focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        name = page.evaluate(COVERED_FOCUS)
        if name:
            hidden.append(name)
    assert hidden == []


COVERED_FOCUS = """
() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const bar = document.querySelector(".bar").getBoundingClientRect();
  if (element.closest(".bar")) return "";
  return box.top >= bar.top && box.bottom <= bar.bottom || box.top < 0 && box.bottom <= 0 || box.top >= innerHeight
    ? element.outerHTML.slice(0, 120) : "";
}
"""


def test_the_theme_of_ones_own_settings_wins(kims_page: Page, kim: User):
    page = kims_page
    page.emulate_media(color_scheme="light")
    page.goto("/einstellungen/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("radio", name="dunkel").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("html")).to_have_attribute("data-kern-theme", "dark")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before

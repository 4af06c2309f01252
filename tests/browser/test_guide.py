"""The Orientierungsschema: to read and to reflect on. Nothing of it is sent, stored or counted (R4.3-8, R4.3-9)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, Request, expect

from casework.models import Case, Contact, Draft, ReflectionGuide, User
from tests.browser.conftest import note, sign_in
from tests.factories import CaseFactory, ahead

# A word that stands nowhere else: wherever it turns up, something of the panel has gone there.
MARK = "Rhabarberkompott"
TEXT = f"""Wille
Was möchte die Person?
Woran merken wir das, am {MARK}?

Ressourcen
Wer hilft im eigenen Umfeld, und womit?

Schritte
Wer tut bis wann was?
"""
# htmx notes the address of each page as it loads, before anybody has touched anything.
HTMX_OWN_NOTE = "htmx-current-path-for-history"
Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def case(kim: User) -> Case:
    return CaseFactory(counsellor=kim)


@pytest.fixture
def version(case: Case) -> ReflectionGuide:
    """The newest version, as the Fachadministration saved it."""
    return ReflectionGuide.objects.create(text=TEXT)


def guide_of(page: Page) -> Locator:
    summary = page.locator("> summary", has_text="Orientierungsschema")
    return page.locator("aside details", has=summary).first


def folds_of(guide: Locator) -> list[Locator]:
    """What can be opened in the panel: itself, and each of its parts."""
    return [guide, *guide.locator("details").all()]


def use_by_keyboard(page: Page, guide: Locator) -> int:
    """Open all from outside in, close all from inside out, each with both keys; the number of folds."""
    folds = folds_of(guide)
    for key in ("Enter", "Space"):
        for fold in folds:
            fold.locator("> summary").focus()
            page.keyboard.press(key)
            assert is_open(fold)
        for fold in reversed(folds):
            fold.locator("> summary").focus()
            page.keyboard.press(key)
            assert not is_open(fold)
    return len(folds)


def use_by_mouse(page: Page, guide: Locator) -> None:
    for fold in folds_of(guide):
        fold.locator("> summary").click()
        assert is_open(fold)
    for paragraph in guide.locator("p, li").all():
        if paragraph.is_visible():
            paragraph.click(click_count=3)
            paragraph.dblclick()
            paragraph.hover()
    assert page.evaluate("String(getSelection())") != ""
    page.keyboard.press("Control+C")


def is_open(fold: Locator) -> bool:
    return bool(fold.evaluate("element => element.open"))


def what_is_kept(page: Page, rows_of: Rows) -> dict[str, Any]:
    """Everything that could remember: the browser's stores, the address, the tables of the office."""
    return {
        **page.evaluate(STORES),
        "cookies": sorted((cookie["name"], cookie["value"]) for cookie in page.context.cookies()),
        "drafts": rows_of("SELECT * FROM casework_draft"),
        "events": rows_of("SELECT count(*) FROM casework_accessevent"),
        "sessions": rows_of("SELECT session_key, session_data FROM django_session ORDER BY 1"),
    }


STORES = """async () => ({
  local: Object.entries(localStorage),
  session: Object.entries(sessionStorage),
  databases: (await indexedDB.databases?.() || []).map(({ name }) => name),
  caches: await caches.keys(),
  name: window.name,
  state: JSON.stringify(history.state),
  past: history.length,
  url: location.href,
})"""


def tables_with(word: str, rows_of: Rows) -> set[str]:
    """The tables of which a row holds the word anywhere."""
    tables = [name for (name,) in rows_of("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return {
        name for name in tables if rows_of(f"SELECT 1 FROM {name} t WHERE to_jsonb(t)::text LIKE %s", [f"%{word}%"])
    }


def test_the_panel_is_used_without_a_request_and_nothing_of_it_is_kept(
    kims_page: Page, case: Case, version: ReflectionGuide, superuser_sql: Rows
):
    page = kims_page
    page.clock.install()
    page.goto(f"/faelle/{case.number}/gespraech/", wait_until="networkidle")
    guide = guide_of(page)
    before = what_is_kept(page, superuser_sql)
    sent: list[str] = []
    page.context.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    page.on("websocket", lambda socket: sent.append(socket.url))

    use_by_keyboard(page, guide)
    use_by_mouse(page, guide)
    expect(guide).to_contain_text(MARK)
    page.clock.run_for(60_000)  # a draft would be saved after 2 seconds, at the latest after 10
    page.wait_for_timeout(200)

    assert sent == []
    assert what_is_kept(page, superuser_sql) == before
    assert (before["local"], before["databases"], before["drafts"]) == ([], [], [])
    assert {name for name, _ in before["session"]} <= {HTMX_OWN_NOTE}
    page.reload()
    assert not any(is_open(fold) for fold in folds_of(guide_of(page)))


def test_nothing_of_the_panel_travels_with_the_conversation(
    kims_page: Page, case: Case, version: ReflectionGuide, superuser_sql: Rows
):
    page = kims_page
    page.goto(f"/faelle/{case.number}/gespraech/")
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    use_by_mouse(page, guide_of(page))
    note(page).fill("Wir haben über die Werkstatt gesprochen.")
    page.get_by_role("radio", name="Wiedervorlage für uns").check()
    page.get_by_label("Wann?").fill(f"{ahead(7):%d.%m.%Y}")
    page.get_by_label("Worum geht es dann?").fill("Hat der Onkel Platz?")
    use_by_mouse(page, reopened(guide_of(page)))
    expect(page.locator("#draft-state")).to_contain_text("gespeichert ")
    fields = set(page.evaluate("[...new FormData(document.getElementById('gespraech')).keys()]"))
    assert tables_with(MARK, superuser_sql) == {"casework_reflectionguide"}  # with the draft in its table
    assert Draft.objects.filter(case=case).exists()

    page.get_by_role("button", name="Gespräch abschließen").click()

    expect(page.locator("#verlauf article").first).to_contain_text("Wir haben über die Werkstatt gesprochen.")
    assert Contact.objects.filter(case=case).count() == 1
    assert len(posts) >= 2  # the draft at least once, the conclusion
    for post in posts:
        assert MARK not in post.url + (post.post_data or "")
        assert {name for name, _ in parse_qsl(post.post_data or "", keep_blank_values=True)} <= fields
    assert tables_with(MARK, superuser_sql) == {"casework_reflectionguide"}


def reopened(guide: Locator) -> Locator:
    """Folded again, so that it can be used once more."""
    for fold in reversed(folds_of(guide)):
        fold.locator("> summary").click()
    return guide


def test_there_is_nothing_to_choose_in_the_panel(kims_page: Page, case: Case, version: ReflectionGuide):
    page = kims_page
    page.goto(f"/faelle/{case.number}/gespraech/")
    guide = guide_of(page)

    assert guide.evaluate("element => element.closest('form, [contenteditable]')") is None
    assert guide.locator("input, select, textarea, button, form, a, [contenteditable], [tabindex]").count() == 0
    assert guide.evaluate(WIRED) == []


# What a script or htmx could act on.
WIRED = """(panel) => [panel, ...panel.querySelectorAll("*")].flatMap((element) =>
  [...element.attributes].map(({ name }) => name).filter((name) => /^(hx-|data-|on|name$)/.test(name)))"""


def test_it_opens_without_javascript_too(
    new_context: Callable[..., BrowserContext], kim: User, case: Case, version: ReflectionGuide
):
    context = new_context(java_script_enabled=False)
    sign_in(context, kim)
    page = context.new_page()
    page.goto(f"/faelle/{case.number}/gespraech/", wait_until="networkidle")
    guide = guide_of(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))

    for fold in folds_of(guide):
        fold.locator("> summary").click()

    expect(guide.get_by_text(MARK)).to_be_visible()
    assert sent == []


def test_the_newest_version_is_shown_with_its_date(kims_page: Page, case: Case, version: ReflectionGuide):
    page = kims_page
    page.goto("/hilfe/")

    schema = page.get_by_role("region", name="Orientierungsschema")
    expect(schema).to_contain_text(f"Fassung vom {timezone.localtime(version.published_at):%d.%m.%Y}")
    expect(schema).to_contain_text(MARK)


def test_the_panel_names_its_version_and_opens_part_by_part(kims_page: Page, case: Case, version: ReflectionGuide):
    page = kims_page
    page.goto(f"/faelle/{case.number}/gespraech/")
    guide = guide_of(page)

    guide.locator("> summary").click()

    expect(guide).to_contain_text(f"Fassung vom {timezone.localtime(version.published_at):%d.%m.%Y}")
    expect(guide.locator("details > summary")).to_have_text(["Wille", "Ressourcen", "Schritte"])
    expect(guide.get_by_text(MARK)).to_be_hidden()
    guide.get_by_text("Wille", exact=True).click()
    expect(guide.get_by_text(MARK)).to_be_visible()

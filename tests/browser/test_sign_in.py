"""Signing in as people do it: with a key, through the dialog of a page, and before a session ends."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from casework.models import Case, Draft, OpenSession, User
from jobcenter.platform import factors
from tests.browser.conftest import PATIENCE, note, sign_in, sign_in_by_page, wait_for
from tests.browser.pages import Inspection
from tests.casework.signing import with_app
from tests.conftest import LiveOffice
from tests.factories import PASSWORD, CaseFactory

TEXT = "Herr Yıldız möchte wieder in die Werkstatt."


@pytest.fixture
def inspection(record_figure: Callable[[str, object], None]) -> Iterator[Inspection]:
    inspection = Inspection()
    yield inspection
    record_figure("inspection", inspection.summary)
    assert not inspection.problems, "\n".join(dict.fromkeys(inspection.problems))


@pytest.fixture
def at_localhost(
    browser: Browser, browser_context_args: dict[str, Any], live_office: LiveOffice, kim: User
) -> Iterator[Page]:
    """A window on a name: keys are bound to names, and know no addresses made of numbers."""
    address = live_office.url.replace("127.0.0.1", "localhost")
    context = browser.new_context(**(browser_context_args | {"base_url": address}))
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    yield page
    context.close()


def leave(page: Page) -> None:
    page.locator("summary", has_text="Kim").click()
    page.get_by_role("button", name="Abmelden").click()
    page.goto("/anmelden/")


def test_a_key_is_set_up_and_signs_in(at_localhost: Page, kim: User, inspection: Inspection):
    page = at_localhost
    page.goto("/anmelden/")
    sign_in_by_page(page, kim)
    page.goto("/konto/zweiter-faktor/schluessel/")
    inspection.look(page, "Schlüssel einrichten")
    page.get_by_role("textbox", name="Name", exact=True).fill("Stick am Bund")
    page.get_by_role("button", name="Schlüssel einrichten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wiederherstellungscodes")
    expect(page.locator(".codes li")).to_have_count(10)
    inspection.look(page, "Wiederherstellungscodes")
    page.get_by_role("link", name="Aufbewahrt, weiter").click()
    page.goto("/konto/zweiter-faktor/")
    expect(page.get_by_text("Stick am Bund")).to_be_visible()

    leave(page)
    sign_in_by_page(page, kim)
    expect(page.get_by_role("heading", level=1)).to_have_text("Zweiter Faktor")
    inspection.look(page, "Zweiter Faktor, Schlüssel")
    page.get_by_role("button", name="Mit Schlüssel anmelden").click()

    page.wait_for_url("**/")
    expect(page.get_by_role("navigation", name="Hauptnavigation")).to_be_visible()
    (row,) = factors.Authenticator.objects.filter(type=factors.KEY)
    assert row.last_used_at is not None

    # The same key is not set up a second time, and says so.
    page.goto("/konto/zweiter-faktor/schluessel/")
    page.get_by_role("button", name="Schlüssel einrichten").click()
    expect(page.get_by_role("alert")).to_have_text("Dieser Schlüssel ist schon eingerichtet.")


def test_an_answer_for_another_challenge_signs_nobody_in(at_localhost: Page, kim: User):
    """What a key has answered once is worth nothing later, nor for a session that did not ask."""
    page = at_localhost
    page.goto("/anmelden/")
    sign_in_by_page(page, kim)
    page.goto("/konto/zweiter-faktor/schluessel/")
    page.get_by_role("button", name="Schlüssel einrichten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wiederherstellungscodes")
    leave(page)
    sign_in_by_page(page, kim)
    with page.expect_request(lambda request: "credential" in (request.post_data or "")) as caught:
        page.get_by_role("button", name="Mit Schlüssel anmelden").click()
    page.wait_for_url("**/")
    leave(page)
    sign_in_by_page(page, kim)
    answer = page.evaluate(
        """async ([multipart, type]) => {
            const given = await new Response(multipart, { headers: { "Content-Type": type } }).formData();
            const body = new FormData(document.querySelector("[data-key-form]"));
            body.set("credential", given.get("credential"));
            const statuses = [];
            for (const first of [false, true]) {
              if (first) await fetch("/anmelden/zweiter-faktor/schluessel/", { method: "POST",
                body: new FormData(document.querySelector("[data-key-form]")) });
              statuses.push((await fetch("/anmelden/zweiter-faktor/schluessel/", { method: "POST", body })).status);
            }
            return statuses;
        }""",
        [caught.value.post_data, caught.value.headers["content-type"]],
    )

    assert answer == [422, 422]
    assert page.goto("/einstellungen/").url.split("?")[0].endswith("/anmelden/zweiter-faktor/")


def test_an_app_is_set_up_step_by_step(context: BrowserContext, kim: User, inspection: Inspection):
    page = context.new_page()
    page.goto("/anmelden/")
    sign_in_by_page(page, kim)
    page.goto("/konto/zweiter-faktor/einrichten/")
    inspection.look(page, "Zweiten Faktor einrichten")
    page.get_by_role("link", name="App einrichten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("App einrichten")
    page.wait_for_load_state()
    inspection.look(page, "App einrichten")
    page.get_by_label("Code, den die App jetzt zeigt").fill("12")
    page.get_by_role("button", name="App einrichten").click()
    page.wait_for_load_state()
    expect(page.locator("main [aria-invalid='true']")).to_be_focused()
    inspection.look(page, "App einrichten, falscher Code")


# --- the dialog of a page ----------------------------------------------------------------------------------


@pytest.fixture
def deniz(kim: User, live_office: LiveOffice) -> Case:
    return CaseFactory(counsellor=kim)


def test_the_dialog_leads_through_the_code_and_loses_no_text(
    context: BrowserContext, kim: User, deniz: Case, inspection: Inspection
):
    app = with_app(kim)
    sign_in(context, kim)
    page = context.new_page()
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    note(page).press_sequentially(TEXT[:15])
    wait_for(page, lambda: Draft.objects.exists())
    Session.objects.all().delete()
    note(page).press_sequentially(TEXT[15:])

    dialog = page.get_by_role("dialog", name="Sitzung abgelaufen")
    dialog.get_by_label("Anmeldename").fill(kim.username)
    dialog.get_by_label("Passwort").fill(PASSWORD)
    dialog.get_by_role("button", name="Anmelden").click()
    code = dialog.get_by_label("Code aus der App")
    expect(code).to_be_focused()
    expect(dialog.get_by_label("Passwort")).to_be_hidden()
    inspection.look(page, "Dialog, zweiter Schritt")
    code.fill(app.wrong())
    dialog.get_by_role("button", name="Anmelden").click()
    expect(dialog.get_by_role("alert")).to_have_text("Dieser Code passt nicht oder wurde schon verwendet.")
    assert TEXT not in str(Draft.objects.values_list("payload", flat=True))
    code.fill(app.code())
    dialog.get_by_role("button", name="Anmelden").click()

    expect(dialog).to_be_hidden()
    expect(note(page)).to_have_value(TEXT)
    wait_for(page, lambda: TEXT in str(Draft.objects.values_list("payload", flat=True)))


def test_signing_in_in_another_window_goes_on_in_this_one(context: BrowserContext, kim: User, deniz: Case):
    app = with_app(kim)
    sign_in(context, kim)
    page = context.new_page()
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    Session.objects.all().delete()
    note(page).press_sequentially(TEXT)
    dialog = page.get_by_role("dialog", name="Sitzung abgelaufen")
    dialog.get_by_label("Anmeldename").fill(kim.username)
    dialog.get_by_label("Passwort").fill(PASSWORD)
    dialog.get_by_role("button", name="Anmelden").click()
    with context.expect_page() as opened:
        dialog.get_by_role("link", name="in einem neuen Fenster").click()
    dialog.get_by_role("button", name="weiter").click()
    expect(dialog.get_by_role("alert")).to_have_text("Noch ist niemand angemeldet.")
    other = opened.value
    other.get_by_label("Code").fill(app.code())
    other.get_by_role("button", name="Weiter").click()
    expect(other.get_by_role("navigation", name="Hauptnavigation")).to_be_visible()
    dialog.get_by_role("button", name="weiter").click()

    expect(dialog).to_be_hidden()
    wait_for(page, lambda: TEXT in str(Draft.objects.values_list("payload", flat=True)))


# --- before the end ----------------------------------------------------------------------------------------


@pytest.fixture
def writing(context: BrowserContext, kim: User, deniz: Case) -> Page:
    """Kim's conversation, in a window whose clock the test moves."""
    sign_in(context, kim)
    page = context.new_page()
    page.clock.install()
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    page.clock.resume()
    return page


@pytest.fixture
def an_hour_passes(writing: Page, superuser_sql: Callable[..., object]) -> Callable[[int], None]:
    """On the server and in the window; whatever was done before lies so far back."""

    def pass_(seconds_left: int) -> None:
        used = timezone.now() - dt.timedelta(seconds=3600 - seconds_left)
        statement = "UPDATE casework_opensession SET last_seen_at = %s, signed_in_at = %s"
        superuser_sql(statement, [used, used - dt.timedelta(hours=1)])
        writing.clock.fast_forward((3600 - seconds_left) * 1000)

    return pass_


def warning(page: Page):
    return page.get_by_role("dialog", name="Ihre Sitzung endet gleich")


def test_two_minutes_before_the_end_somebody_is_asked_and_goes_on(
    writing: Page, an_hour_passes: Callable[[int], None], inspection: Inspection
):
    an_hour_passes(110)

    expect(warning(writing)).to_be_visible()
    expect(warning(writing)).to_contain_text("Noch 1:")
    inspection.look(writing, "Sitzung endet gleich")
    writing.get_by_role("button", name="Weiter arbeiten").click()

    expect(warning(writing)).to_be_hidden()
    assert OpenSession.objects.get().last_seen_at > timezone.now() - dt.timedelta(minutes=1)


def test_whoever_types_is_not_asked_and_keeps_the_session(writing: Page, an_hour_passes: Callable[[int], None]):
    writing.route("**/entwurf/", lambda route: route.abort())  # nothing but the keys tells of the person
    note(writing).press_sequentially(TEXT)
    an_hour_passes(110)

    wait_for(writing, lambda: OpenSession.objects.get().last_seen_at > timezone.now() - dt.timedelta(minutes=1))
    expect(warning(writing)).to_be_hidden()


def test_nobody_there_ends_in_the_dialog_with_the_text_kept(writing: Page, an_hour_passes: Callable[[int], None]):
    note(writing).press_sequentially(TEXT)
    wait_for(writing, lambda: TEXT in str(Draft.objects.values_list("payload", flat=True)))
    an_hour_passes(110)
    expect(warning(writing)).to_be_visible()
    an_hour_passes(-5)

    expect(writing.get_by_role("dialog", name="Sitzung abgelaufen")).to_be_visible()
    expect(warning(writing)).to_be_hidden()
    expect(note(writing)).to_have_value(TEXT)

"""What was typed is never lost: whatever happens to the session, the server, the network, or in another window."""

import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect

from casework.models import Case, Contact, Draft, User
from tests import database as databases
from tests.browser.conftest import note, wait_for
from tests.conftest import LiveOffice, database_name
from tests.factories import PASSWORD, CaseFactory, ahead
from tests.screens.forms import conversation

SAVED = re.compile(r"^gespeichert \d\d:\d\d · der Entwurf ist noch nicht in der Akte$")
TEXT = "Deniz möchte mit Holz arbeiten; der Onkel hat eine Werkstatt."


@pytest.fixture
def deniz(kim: User) -> Case:
    return CaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")


@pytest.fixture
def writing(kims_page: Page, deniz: Case) -> Page:
    """Kim's window with the conversation open."""
    kims_page.goto(f"/faelle/{deniz.number}/gespraech/")
    return kims_page


def bar(page: Page) -> Locator:
    return page.locator("#draft-state")


def kept(case: Case) -> list[str]:
    """The texts of Kim's drafts in the database."""
    return [draft.payload["text"][0] for draft in Draft.objects.filter(case=case)]


def saved_whole(case: Case) -> bool:
    """The last field of the form has reached the draft."""
    return Draft.objects.filter(case=case, payload__next_subject=["Hat der Onkel Platz?"]).exists()


def wait_until_saved(page: Page) -> None:
    expect(bar(page)).to_have_text(SAVED)


def answer_how_it_goes_on(page: Page) -> None:
    page.get_by_role("radio", name="Wiedervorlage für uns").check()
    page.get_by_label("Wann?").fill(f"{ahead(7):%d.%m.%Y}")
    page.get_by_label("Worum geht es dann?").fill("Hat der Onkel Platz?")


def conclude(page: Page) -> None:
    answer_how_it_goes_on(page)
    page.keyboard.press("Control+Enter")


def expect_it_in_the_file(page: Page, case: Case, text: str = TEXT) -> None:
    expect(page.locator("#verlauf article").first).to_contain_text(text)
    assert [contact.text for contact in Contact.objects.filter(case=case)] == [text]
    assert not Draft.objects.filter(case=case).exists()


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Nobody else can write into the table: a save that begins now is still under way when the block ends."""
    with psycopg.connect(databases.admin_url(), dbname=database_name()) as connection:
        connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
        connection.rollback()


# --- the ordinary course -----------------------------------------------------------------------------------


def test_a_pause_saves_and_the_bar_tells_each_stage(writing: Page, deniz: Case):
    expect(bar(writing)).to_have_text("noch nichts geschrieben")
    with locked("casework_draft"):
        note(writing).press_sequentially(TEXT)
        expect(bar(writing)).to_have_text("wird gespeichert …")
        assert kept(deniz) == []

    wait_until_saved(writing)
    assert kept(deniz) == [TEXT]


def test_whoever_never_pauses_is_saved_ten_seconds_after_the_first_key(kims_page: Page, deniz: Case):
    page = kims_page
    page.clock.install()
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    note(page).focus()
    for second in range(9):
        page.keyboard.type(f"{second} ")
        page.clock.run_for(1000)
    assert kept(deniz) == []
    page.keyboard.type("9 ")
    with page.expect_response("**/entwurf/"):
        page.clock.run_for(1000)

    assert kept(deniz) == ["0 1 2 3 4 5 6 7 8 9 "]


def test_leaving_the_field_saves_at_once(kims_page: Page, deniz: Case):
    page = kims_page
    page.clock.install()
    page.goto(f"/faelle/{deniz.number}/gespraech/")
    note(page).press_sequentially(TEXT)
    with page.expect_response("**/entwurf/"):
        page.keyboard.press("Tab")

    assert kept(deniz) == [TEXT]


def test_closing_the_window_saves_what_was_typed_a_moment_ago(writing: Page, deniz: Case):
    note(writing).press_sequentially(TEXT)
    writing.goto("/")

    # On a slow machine the pause of typing has saved already; what counts is that it is kept.
    wait_for(writing, lambda: kept(deniz) == [TEXT])
    writing.reload()
    expect(writing.get_by_role("link", name="Gespräch mit Deniz Yıldız")).to_be_visible()
    assert kept(deniz) == [TEXT]


# --- the session is gone -----------------------------------------------------------------------------------


def sign_in_dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Sitzung abgelaufen")


def sign_in_again(page: Page, user: User) -> None:
    dialog = sign_in_dialog(page)
    dialog.get_by_label("Anmeldename").fill(user.username)
    dialog.get_by_label("Passwort").fill(PASSWORD)
    dialog.get_by_role("button", name="Anmelden").click()


def test_the_session_ends_while_typing(writing: Page, kim: User, deniz: Case):
    note(writing).press_sequentially(TEXT[:20])
    wait_until_saved(writing)
    Session.objects.all().delete()
    note(writing).press_sequentially(TEXT[20:])

    expect(sign_in_dialog(writing)).to_be_visible()
    expect(bar(writing)).to_have_text("Sitzung abgelaufen, bitte anmelden, Ihr Text ist gesichert")
    expect(note(writing)).to_have_value(TEXT)
    sign_in_again(writing, kim)

    expect(sign_in_dialog(writing)).to_be_hidden()
    wait_until_saved(writing)
    assert kept(deniz) == [TEXT]
    conclude(writing)
    expect_it_in_the_file(writing, deniz)


def test_the_session_ends_before_concluding(writing: Page, kim: User, deniz: Case):
    note(writing).fill(TEXT)
    answer_how_it_goes_on(writing)
    wait_for(writing, lambda: saved_whole(deniz))
    wait_until_saved(writing)
    Session.objects.all().delete()
    writing.keyboard.press("Control+Enter")

    sign_in_again(writing, kim)
    wait_until_saved(writing)
    assert not Contact.objects.exists()
    writing.keyboard.press("Control+Enter")

    expect_it_in_the_file(writing, deniz)


def test_a_wrong_password_in_the_dialog_says_so_and_keeps_the_text(writing: Page, kim: User, deniz: Case):
    Session.objects.all().delete()
    note(writing).press_sequentially(TEXT)
    dialog = sign_in_dialog(writing)
    dialog.get_by_label("Anmeldename").fill(kim.username)
    dialog.get_by_label("Passwort").fill("falsch")
    dialog.get_by_role("button", name="Anmelden").click()

    expect(dialog.get_by_role("alert")).to_have_text("Anmeldename oder Passwort stimmt nicht.")
    expect(dialog.get_by_label("Passwort")).to_be_focused()
    expect(note(writing)).to_have_value(TEXT)
    sign_in_again(writing, kim)
    wait_until_saved(writing)
    assert kept(deniz) == [TEXT]


def test_somebody_else_who_signs_in_gets_nothing(writing: Page, kim: User, eva: User, deniz: Case):
    note(writing).press_sequentially(TEXT[:20])
    wait_until_saved(writing)
    Session.objects.all().delete()
    note(writing).press_sequentially(TEXT[20:])
    sign_in_again(writing, eva)

    expect(writing.get_by_role("heading", level=1)).to_have_text("Andere Anmeldung")
    shown = writing.content()
    for secret in (TEXT[:20], TEXT[20:], "Yıldız", deniz.number, kim.full_name):
        assert secret not in shown
    assert writing.title() == "Fallarbeit"
    assert kept(deniz) == [TEXT[:20]]
    assert {draft.author for draft in Draft.objects.all()} == {kim}

    other = writing.context.new_page()
    other.goto("/")
    expect(other.get_by_text("Kein angefangener Eintrag.")).to_be_visible()
    answer = other.goto(f"/faelle/{deniz.number}/gespraech/")
    assert answer is not None and answer.status == 404
    other.close()

    writing.get_by_role("button", name="Wieder wie vorher anmelden").click()
    sign_in_again(writing, kim)
    expect(note(writing)).to_have_value(TEXT)
    wait_until_saved(writing)
    assert kept(deniz) == [TEXT]
    conclude(writing)
    expect_it_in_the_file(writing, deniz)


# --- the server and the network are gone -------------------------------------------------------------------


@pytest.fixture
def mortal_office(live_office: LiveOffice) -> Iterator[LiveOffice]:
    """An office that this test may kill; it runs again for the next one."""
    yield live_office
    live_office.start()


def test_the_server_dies_while_saving(writing: Page, mortal_office: LiveOffice, deniz: Case):
    with locked("casework_draft"):
        note(writing).press_sequentially(TEXT)
        expect(bar(writing)).to_have_text("wird gespeichert …")
        mortal_office.kill()
    expect(bar(writing)).to_contain_text("Verbindung unterbrochen, Ihr Text bleibt hier stehen; nächster Versuch in")
    expect(note(writing)).to_have_value(TEXT)
    note(writing).press_sequentially(" Und er fährt Rad.")
    mortal_office.start()

    wait_until_saved(writing)
    assert kept(deniz) == [f"{TEXT} Und er fährt Rad."]
    conclude(writing)
    expect_it_in_the_file(writing, deniz, f"{TEXT} Und er fährt Rad.")


def test_the_server_dies_while_concluding(writing: Page, mortal_office: LiveOffice, deniz: Case):
    note(writing).fill(TEXT)
    answer_how_it_goes_on(writing)
    wait_for(writing, lambda: saved_whole(deniz))
    wait_until_saved(writing)
    with locked("casework_contact"):
        writing.keyboard.press("Control+Enter")
        expect(bar(writing)).to_have_text("wird abgeschlossen …")
        mortal_office.kill()
    expect(bar(writing)).to_contain_text(re.compile("Verbindung unterbrochen[,.] Ihr Text bleibt hier stehen"))
    expect(note(writing)).to_have_value(TEXT)
    assert kept(deniz) == [TEXT]
    mortal_office.start()
    writing.get_by_role("button", name="Gespräch abschließen").click()

    expect_it_in_the_file(writing, deniz)


@pytest.mark.parametrize("seconds", [0, pytest.param(30, marks=[pytest.mark.long])])
def test_the_network_is_gone(context: BrowserContext, writing: Page, deniz: Case, seconds: int):
    note(writing).press_sequentially(TEXT[:20])
    wait_until_saved(writing)
    context.set_offline(True)
    since = time.monotonic()
    note(writing).press_sequentially(TEXT[20:40])
    expect(bar(writing)).to_contain_text("Verbindung unterbrochen")
    note(writing).press_sequentially(TEXT[40:])
    # An outage of a given length is the subject here, there is no condition to wait for.
    writing.wait_for_timeout(max(0, seconds - (time.monotonic() - since)) * 1000)
    expect(bar(writing)).to_contain_text("Verbindung unterbrochen")
    assert kept(deniz) == [TEXT[:20]]
    context.set_offline(False)

    wait_until_saved(writing)
    assert kept(deniz) == [TEXT]
    conclude(writing)
    expect_it_in_the_file(writing, deniz)


# --- two windows -------------------------------------------------------------------------------------------


def test_two_windows_show_both_texts_and_mine_can_stay(context: BrowserContext, writing: Page, deniz: Case):
    other = context.new_page()
    other.goto(writing.url)
    note(other).press_sequentially("Im anderen Fenster geschrieben.")
    wait_until_saved(other)
    note(writing).press_sequentially(TEXT)

    both = writing.locator("#draft-conflict")
    expect(both).to_contain_text("Im anderen Fenster geschrieben.")
    expect(both).to_contain_text(TEXT)
    expect(bar(writing)).to_have_text("In einem anderen Fenster geändert: beide Fassungen ansehen")
    assert kept(deniz) == ["Im anderen Fenster geschrieben."]
    both.get_by_role("button", name="Meine Fassung behalten").click()

    wait_until_saved(writing)
    expect(note(writing)).to_have_value(TEXT)
    assert kept(deniz) == [TEXT]
    conclude(writing)
    expect_it_in_the_file(writing, deniz)
    note(other).press_sequentially(" Noch ein Satz.")
    expect(other.locator("#draft-conflict")).to_contain_text("schon abgeschlossen oder verworfen")
    expect(note(other)).to_have_value("Im anderen Fenster geschrieben. Noch ein Satz.")


def test_a_conflict_does_not_take_the_keys_away_from_whoever_is_writing(
    context: BrowserContext, writing: Page, deniz: Case
):
    other = context.new_page()
    other.goto(writing.url)
    note(other).press_sequentially("Im anderen Fenster geschrieben.")
    wait_until_saved(other)
    note(writing).press_sequentially("Ich schreibe ")
    expect(writing.locator("#draft-conflict")).to_contain_text("Im anderen Fenster geschrieben.")

    writing.keyboard.type("hier fort.")

    expect(note(writing)).to_have_value("Ich schreibe hier fort.")
    bar(writing).get_by_role("link", name="beide Fassungen ansehen").click()
    expect(writing.locator("#draft-conflict")).to_be_focused()
    expect(writing.get_by_role("heading", name="In einem anderen Fenster geändert")).to_be_in_viewport()


def test_putting_off_meets_the_other_window_and_keeps_both_texts(context: BrowserContext, writing: Page, deniz: Case):
    note(writing).press_sequentially(TEXT)
    writing.keyboard.press("Tab")  # nothing is left to save when the button is pressed: that alone meets the other one
    wait_until_saved(writing)
    other = context.new_page()
    other.goto(writing.url)
    note(other).fill(f"{TEXT} Im anderen Fenster weiter.")
    wait_for(other, lambda: kept(deniz) == [f"{TEXT} Im anderen Fenster weiter."])
    writing.get_by_role("button", name="Später weiter").click()

    expect(writing.locator("#draft-conflict")).to_contain_text("Im anderen Fenster weiter.")
    expect(note(writing)).to_have_value(TEXT)
    assert kept(deniz) == [f"{TEXT} Im anderen Fenster weiter."]


def test_the_other_version_can_be_loaded(context: BrowserContext, writing: Page, deniz: Case):
    other = context.new_page()
    other.goto(writing.url)
    note(other).press_sequentially("Im anderen Fenster geschrieben.")
    wait_until_saved(other)
    note(writing).press_sequentially(TEXT)

    writing.get_by_role("link", name="Die andere Fassung laden").click()

    expect(note(writing)).to_have_value("Im anderen Fenster geschrieben.")
    assert kept(deniz) == ["Im anderen Fenster geschrieben."]


# --- one submit, one contact -------------------------------------------------------------------------------


class Submit(threading.Thread):
    """One form with one key, sent again until somebody answers, as a patient hand would do."""

    def __init__(self, office: LiveOffice, session: str, case: Case) -> None:
        super().__init__(daemon=True)
        self.url = f"{office.url}/faelle/{case.number}/gespraech/"
        self.key = uuid.uuid4()
        token = "a" * 32
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
            "X-CSRFToken": token,
            "HX-Request": "true",
        }
        self.body = urllib.parse.urlencode(
            conversation(case, key=str(self.key), text=f"Gespräch {self.key}"), doseq=True
        ).encode()
        self.attempts = 0
        self.answer: Any = None

    def run(self) -> None:
        end = time.monotonic() + 120
        while self.answer is None and time.monotonic() < end:
            self.attempts += 1
            request = urllib.request.Request(self.url, self.body, self.headers)  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                    self.answer = answer.headers.get("HX-Redirect") or answer.status
            except urllib.error.HTTPError as error:
                self.answer = error.code
            except OSError:
                time.sleep(0.05)


@pytest.mark.parametrize(("kills", "together"), [(5, 10), pytest.param(50, 1, marks=pytest.mark.long)])
def test_one_submit_makes_one_contact_however_often_the_server_dies(
    mortal_office: LiveOffice,
    kim: User,
    kills: int,
    together: int,
    record_figure: Callable[[str, object], None],
):
    client = Client()
    client.force_login(kim)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    chance = random.Random(2026)  # noqa: S311
    submits = []
    for _ in range(kills):
        cases = [CaseFactory(counsellor=kim) for _ in range(together)]
        mortal_office.start()
        round_of = [Submit(mortal_office, session, case) for case in cases]
        for submit in round_of:
            submit.start()
        time.sleep(chance.uniform(0, 0.02 + 0.03 * together))
        mortal_office.kill()
        mortal_office.start()
        for submit in round_of:
            submit.join()
        submits += round_of

    assert [submit.answer for submit in submits if not str(submit.answer).startswith("/faelle/")] == []
    made = list(Contact.objects.values_list("submission_key", flat=True))
    repeated = sum(submit.attempts > 1 for submit in submits)
    record_figure("kills", f"{kills} kills, {len(submits)} keys, {repeated} sent again, {len(made)} contacts")
    assert sorted(made) == sorted(submit.key for submit in submits)
    assert repeated > 0

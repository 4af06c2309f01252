"""A real browser in front of the real office: who sits there, and what must never happen in any window."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from casework.models import User
from tests.conftest import LiveOffice
from tests.factories import PASSWORD

# The machine that tests may be busy with much else; a wait ends as soon as its condition holds.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def new_context(live_office: LiveOffice, new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """Windows close before the database is emptied: a late draft would land in the next test."""

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context

    return make


class Faults:
    """What a window must not show: scripts that fail, content that the policy refuses, requests to other hosts."""

    def __init__(self, office: str) -> None:
        self.office = office
        self.found: list[str] = []
        self.tolerated: tuple[str, ...] = ()

    def watch(self, context: BrowserContext) -> None:
        context.on("page", self._watch_page)
        context.on("request", lambda request: self._see_request(request.url))
        context.on("console", self._see_console)
        context.on("weberror", lambda error: self.found.append(f"script: {error.error}"))

    def _watch_page(self, page: Page) -> None:
        page.add_init_script(REPORT_VIOLATIONS)

    def _see_request(self, url: str) -> None:
        if not url.startswith((f"{self.office}/", "data:", "blob:", "about:")):
            self.found.append(f"request to another host: {url}")

    def _see_console(self, message: ConsoleMessage) -> None:
        text = message.text
        # Chromium and htmx report every answer of 4xx and 5xx and every lost connection here; tests look at those
        # themselves.
        if message.type == "error" and not text.startswith(("Failed to load resource", "Response Status", "htmx:")):
            self.found.append(f"console: {text}")


REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


@pytest.fixture
def faults(live_office: LiveOffice) -> Iterator[Faults]:
    faults = Faults(live_office.url)
    yield faults
    assert not faults.found, "\n".join(faults.found)


@pytest.fixture
def context(new_context: Callable[..., BrowserContext], faults: Faults) -> BrowserContext:
    context = new_context()
    faults.watch(context)
    return context


def sign_in(context: BrowserContext, user: User) -> None:
    """A session as the sign-in page would have begun it, without its slow password hash."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "domain": "127.0.0.1", "path": "/", "httpOnly": True}]
    )


@pytest.fixture
def kims_page(context: BrowserContext, kim: User) -> Page:
    """Kim's window, signed in."""
    sign_in(context, kim)
    return context.new_page()


def note(page: Page) -> Locator:
    """Where the conversation is written down."""
    return page.get_by_role("textbox", name="Besprochenes")


def sign_in_by_page(page: Page, user: User) -> None:
    page.get_by_label("Anmeldename").fill(user.username)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


@pytest.fixture
def record_figure(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Put what was counted beside the test's result; `--junitxml` shows it."""
    return lambda name, value: request.node.user_properties.append((name, value))


def wait_for(page: Page, condition: Callable[[], bool]) -> None:
    """Until something holds that the page does not show, as a row in the database."""
    end = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        page.wait_for_timeout(50)

"""Requests of somebody who is signed in, over real HTTP."""

import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any

from django.conf import settings
from django.test import Client

from casework.models import Case, Contact, User
from tests import factories
from tests.conftest import LiveOffice
from tests.screens.forms import conversation

TOKEN = "a" * 32


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Visitor:
    """Signed in as the user, or as nobody; answers with the status, whatever it is."""

    def __init__(self, web: LiveOffice, user: User | None = None) -> None:
        self.web = web
        self.opener = urllib.request.build_opener(StayHere, urllib.request.ProxyHandler({}))
        cookies = {settings.CSRF_COOKIE_NAME: TOKEN}
        if user is not None:
            client = Client()
            client.force_login(user)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": TOKEN,
        }

    def ask(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> int:
        body = None if data is None else urllib.parse.urlencode(data, doseq=True).encode()
        request = urllib.request.Request(f"{self.web.url}{path}", body, self.headers | headers)  # noqa: S310
        try:
            with self.opener.open(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


def save_contact(web: LiveOffice, user: User) -> float:
    """A conversation is concluded over HTTP; the seconds that it took."""
    case: Case = factories.CaseFactory(counsellor=user)
    visitor = Visitor(web, user)
    form = conversation(case, key=str(uuid.uuid4()))
    started = time.monotonic()
    assert visitor.ask(f"/faelle/{case.number}/gespraech/", form) in (200, 204, 302, 303)
    seconds = time.monotonic() - started
    assert Contact.objects.filter(case=case).count() == 1
    return round(seconds, 2)

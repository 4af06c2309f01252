"""Every answer carries the headers that protect, whoever made it; cookies of production; nothing leads away."""

import logging
import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import override_settings

from casework.models import User
from jobcenter.platform import headers
from tests.factories import PASSWORD, CaseFactory
from tests.hardening.test_checks import AS_IN_PRODUCTION

SIGN_IN = {"username": "kim", "password": PASSWORD}
HSTS = "max-age=31536000; includeSubDomains; preload"


@pytest.fixture
def production() -> override_settings:
    """The application as it is in production; the keys stay those of the test."""
    changed = {
        name: value for name, value in AS_IN_PRODUCTION.items() if name not in ("SECRET_KEY", "PASSWORD_HASHERS")
    }
    return override_settings(**changed | {"ALLOWED_HOSTS": ["testserver"], "SECURE_PROXY_SSL_HEADER": None})


def answers(kim: User) -> dict[str, Callable[[Client], HttpResponseBase]]:
    """One of each kind: pages, pieces, refusals, failures, redirects, files."""
    number = CaseFactory(counsellor=kim).number
    script = {"HX-Request": "true"}
    return {
        "page": lambda c: c.get(f"/faelle/{number}/", secure=True),
        "page with a form": lambda c: c.get(f"/faelle/{number}/gespraech/", secure=True),
        "refused form": lambda c: c.post(f"/faelle/{number}/notizen/neu/", {}, secure=True),
        "saved draft": lambda c: c.post(f"/faelle/{number}/gespraech/entwurf/", {"text": "x"}, secure=True),
        "list": lambda c: c.get("/faelle/", secure=True),
        "search": lambda c: c.post("/faelle/suche/", {"q": number}, secure=True),
        "no such case": lambda c: c.get("/faelle/F-26-99999/", secure=True),
        "no such address": lambda c: c.get("/gibt-es-nicht/", secure=True),
        "without the slash": lambda c: c.get("/faelle", secure=True),
        "not allowed": lambda c: c.get("/verwaltung/", secure=True),
        "wrong method": lambda c: c.delete(f"/faelle/{number}/", secure=True),
        "signed out": lambda c: Client().get("/", secure=True),
        "signed out, by script": lambda c: Client().get("/", headers=script, secure=True),
        "sign-in page": lambda c: Client().get("/anmelden/", secure=True),
        "wrong password": lambda c: Client().post("/anmelden/", {"username": "x", "password": "y"}, secure=True),
        "no token": lambda c: Client(enforce_csrf_checks=True).post("/anmelden/", SIGN_IN, secure=True),
        "unknown host": lambda c: c.get("/", headers={"host": "evil.example.org"}, secure=True),
        "health": lambda c: c.get("/healthz", secure=True),
        "broken": lambda c: _broken(c),
        "too large": lambda c: c.post("/faelle/suche/", {"q": "x" * 3_000_000}, secure=True),
        "plain http": lambda c: c.get("/anmelden/"),
    }


def _broken(client: Client) -> HttpResponseBase:
    def fall(*_: object) -> None:
        raise SuspiciousOperation("Erika Mustermann")

    patch = pytest.MonkeyPatch()
    patch.setattr("jobcenter.screens.today.today", fall)
    try:
        return Client(
            raise_request_exception=False, headers=client.headers if hasattr(client, "headers") else None
        ).get("/", secure=True)
    finally:
        patch.undo()


KINDS = [
    "page",
    "page with a form",
    "refused form",
    "saved draft",
    "list",
    "search",
    "no such case",
    "no such address",
    "without the slash",
    "not allowed",
    "wrong method",
    "signed out",
    "signed out, by script",
    "sign-in page",
    "wrong password",
    "no token",
    "unknown host",
    "health",
    "broken",
    "too large",
    "plain http",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_has_all_headers(kind: str, kim: User, production: override_settings):
    asked = answers(kim)
    assert sorted(asked) == sorted(KINDS)
    with production:
        client = Client(raise_request_exception=False)
        client.force_login(kim)
        answer = asked[kind](client)

    for name, value in headers.ALWAYS.items():
        assert answer.headers.get(name) == value, name
    assert "no-store" in answer.headers["Cache-Control"]
    policy = answer.headers["Content-Security-Policy"]
    for directive in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy
    assert "unsafe" not in policy and "http:" not in policy and "*" not in policy
    assert answer.headers["Strict-Transport-Security"] == HSTS
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    if answer.content:  # type: ignore[attr-defined]
        kind_of_content = answer.headers["Content-Type"]
        assert not kind_of_content.startswith("text/") or "charset=utf-8" in kind_of_content.lower() or kind == "health"


def test_pages_themselves_allow_what_they_need_and_no_more(kim_client: Client):
    policy = kim_client.get("/").headers["Content-Security-Policy"]

    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == "'self'"
    assert directives["object-src"] == directives["default-src"] == "'none'"


def test_no_page_holds_scripts_or_styles_of_its_own(kim_client: Client):
    """The policy would refuse them; a page must not need them either (htmx without eval and without history)."""
    for url in ("/", "/faelle/", "/angebote/", "/einstellungen/"):
        html = kim_client.get(url).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", html), url
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", html), url
        assert '"allowEval":false' in html and '"historyCacheSize":0' in html and '"selfRequestsOnly":true' in html


# --- cookies -----------------------------------------------------------------------------------------------


def test_cookies_of_production(kim: User, production: override_settings):
    with production:
        client = Client()
        page = client.get("/anmelden/", secure=True)
        done = client.post("/anmelden/", SIGN_IN, secure=True)

    cookies = {**page.cookies, **done.cookies}
    (device,) = [name for name in cookies if name.startswith("__Secure-geraet_")]
    assert set(cookies) == {"__Host-csrftoken", "__Host-sessionid", device}
    for name, cookie in cookies.items():
        assert cookie["secure"] and cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        # The device is asked for where one signs in, and nowhere else.
        assert (cookie["path"], cookie["domain"]) == ("/anmelden/" if name == device else "/", "")
    assert "__Host-sessionid" not in done.content.decode()
    assert client.session.session_key not in done.content.decode()


def test_the_demonstration_has_names_that_work_over_http(kim: User, client: Client):
    client.get("/anmelden/")
    client.post("/anmelden/", SIGN_IN)

    assert {"csrftoken", "sessionid"} <= set(client.cookies)


def test_what_is_told_after_a_deed_waits_in_the_session(kim_client: Client):
    answer = kim_client.post("/einstellungen/", {"theme": "dark"})

    assert set(answer.cookies) <= {"sessionid", "csrftoken"}
    assert "Gespeichert." in kim_client.get(answer["Location"]).content.decode()


def test_signing_out_clears_the_browser(kim_client: Client):
    answer = kim_client.post("/abmelden/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in kim_client.get("/anmelden/").headers


# --- requests from elsewhere -------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://evil.example.org", "null", "http://testserver:8080"])
def test_another_origin_gets_nothing_done(kim: User, origin: str):
    client = Client(enforce_csrf_checks=True)
    client.force_login(kim)
    token = client.get("/einstellungen/").context["csrf_token"]
    sent = {"theme": "dark", "csrfmiddlewaretoken": str(token)}

    assert client.post("/einstellungen/", sent, headers={"origin": origin}).status_code == HTTPStatus.FORBIDDEN
    assert client.post("/einstellungen/", {"theme": "dark"}).status_code == HTTPStatus.FORBIDDEN
    json_like = client.post("/einstellungen/", '{"theme": "dark"}', content_type="text/plain")
    assert json_like.status_code == HTTPStatus.FORBIDDEN
    kim.refresh_from_db()
    assert kim.theme == ""
    assert client.post("/einstellungen/", sent).status_code == HTTPStatus.FOUND


def test_no_preflight_opens_a_door(kim_client: Client):
    asked = {"origin": "https://evil.example.org", "access-control-request-method": "POST"}

    answer = kim_client.options("/faelle/suche/", headers=asked)

    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("url", ["/abmelden/", "/faelle/suche/", "/entwuerfe/1/verwerfen/"])
def test_deeds_need_post(kim_client: Client, url: str):
    assert kim_client.get(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert kim_client.head(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize(
    "target",
    ["//evil.example.org/", "https://evil.example.org/", "javascript:alert(1)", "\\\\evil.example.org", "///e"],
)
def test_redirects_stay_in_the_house(kim: User, client: Client, target: str):
    answer = client.post(f"/anmelden/?next={target}", {**SIGN_IN, "next": target})

    assert answer.status_code == HTTPStatus.FOUND
    assert answer["Location"].startswith("/") and not answer["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize("referer", ["https://evil.example.org/x", "//evil.example.org", "javascript:alert(1)"])
def test_the_page_one_came_from_is_followed_only_in_the_house(kim: User, kim_client: Client, referer: str):
    case = CaseFactory(counsellor=kim)
    step = case.follow_ups.get()

    answer = kim_client.post(
        f"/faelle/{case.number}/schritte/{step.pk}/rueckgaengig/", {"version": "1"}, headers={"referer": referer}
    )

    assert not answer.headers.get("Location", "/").startswith(("http", "//", "javascript"))


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "Forwarded"])
def test_a_host_from_outside_is_not_believed(client: Client, db: None, name: str):
    answer = client.get("/faelle", headers={name: "evil.example.org"}, follow=False)
    page = client.get("/anmelden/", headers={name: "evil.example.org"})

    assert "evil.example.org" not in answer.get("Location", "") + page.content.decode()


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "PUT", "PATCH", "DELETE"])
def test_odd_methods_are_refused(kim_client: Client, admin_client: Client, method: str):
    for client, url in ((kim_client, "/"), (admin_client, "/verwaltung/"), (Client(), "/anmelden/"), (Client(), "/x")):
        answer = client.generic(method, url, headers={"x-secret": "echo-me"})

        assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED, url
        assert b"echo-me" not in answer.content


# --- what is not given away --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "/static/",
        "/static/css/",
        "/static/../jobcenter/settings.py",
        "/static/..%2f..%2fjobcenter/settings.py",
        "/.git/HEAD",
        "/.env",
        "/manage.py",
        "/requirements.txt",
        "/metrics",
        "/debug/",
        "/__debug__/",
        "/swagger.json",
        "/openapi.json",
        "/api/",
        "/server-status",
        "/admin/",
    ],
)
def test_nothing_lies_about(kim_client: Client, url: str):
    answer = kim_client.get(url)

    assert answer.status_code in (403, 404)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert b"Index of" not in body and b"SECRET_KEY" not in body and b"urlpatterns" not in body


def test_a_failure_tells_nothing(kim: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    def fall(*_: object) -> None:
        secret = "Erika Mustermann"
        raise ValueError(secret)

    monkeypatch.setattr("jobcenter.screens.today.today", fall)
    client = Client(raise_request_exception=False)
    client.force_login(kim)

    with caplog.at_level(logging.ERROR):
        answer = client.get("/")

    body = answer.content.decode()
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    for word in ("Mustermann", "Traceback", "ValueError", ".py", "Django", "psycopg"):
        assert word not in body
    assert [record for record in caplog.records if record.exc_info], "the failure is on record"


@pytest.mark.parametrize("url", ["/", "/anmelden/", "/gibt-es-nicht/", "/healthz"])
def test_no_program_names_itself(kim_client: Client, url: str):
    told = " ".join(f"{name}: {value}" for name, value in kim_client.get(url).headers.items()).lower()

    assert not re.search(r"django|python|gunicorn|postgres|whitenoise|htmx/|x-powered-by|^server", told)


def test_plain_http_is_sent_to_https_but_not_for_programs(client: Client, db: None, production: override_settings):
    with production:
        page, health = Client().get("/anmelden/"), Client().get("/healthz")

    assert page.status_code == HTTPStatus.MOVED_PERMANENTLY
    assert page["Location"] == "https://testserver/anmelden/"
    assert health.status_code == HTTPStatus.OK

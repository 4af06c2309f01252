"""What this application does not have, and whose lines in docs/asvs.md say so: comes it later, a test asks again."""

import ast
import re

import pytest
from django import forms
from django.urls import get_resolver

from tests.hardening.source import calls, imports, locked, scripts, templates
from tests.hardening.test_accounts import patterns

# What would have to be answered for → modules and packages by which it would come.
ABSENT = {
    "LDAP": ("ldap", "ldap3", "django_auth_ldap"),
    "XML and XPath": ("xml", "lxml", "defusedxml", "xmltodict", "untangle", "elementpath", "html5lib"),
    "LaTeX": ("pylatex", "latex"),
    "JNDI (Java)": ("jpype", "py4j", "jnius"),
    "memcache": ("memcache", "pymemcache", "pylibmc"),
    "GraphQL": ("graphene", "graphene_django", "strawberry", "ariadne", "graphql"),
    "WebSocket": ("channels", "daphne", "websockets", "websocket", "wsproto", "socketio"),
    "WebRTC": ("aiortc", "aioice"),
    "SAML": ("saml2", "onelogin", "djangosaml2"),
    "authorization server": ("oauth2_provider", "authlib", "oidc_provider"),
    "telephone and messages": ("twilio", "vonage", "messagebird", "phonenumbers"),
    "markup of readers": ("markdown", "bleach", "nh3", "ckeditor", "tinymce", "bbcode"),
    "archives": ("zipfile", "tarfile", "py7zr", "rarfile", "openpyxl", "odf"),
    "pictures": ("PIL", "pillow", "cairosvg", "wand"),
    "objects from bytes": ("pickle", "dill", "cloudpickle", "shelve", "marshal", "yaml", "jsonpickle"),
    "native code of ours": ("cffi", "cython", "numba"),
}


@pytest.mark.parametrize("what", ABSENT)
def test_what_is_not_there_stays_away(what: str):
    names = ABSENT[what]

    used = [f"{path}: {name}" for path, name in imports() if name.split(".")[0] in names]

    assert used == []
    if what not in ("archives", "objects from bytes", "native code of ours"):  # parts of Python, or of a library
        assert [name for name in locked() if name.replace("-", "_") in names] == []


def test_the_scan_itself_finds_what_is_there():
    assert len(list(imports())) > 1000
    assert {name.split(".")[0] for _, name in imports()} >= {"django", "celery", "psycopg", "hashlib"}
    assert len(locked()) > 40 and locked()["django"].startswith("5.2")


@pytest.mark.parametrize(
    "word",
    [
        "WebSocket",
        "EventSource",
        "RTCPeerConnection",
        "RTCDataChannel",
        "getUserMedia",
        "postMessage",
        "onmessage",
        "SharedWorker",
        "serviceWorker",
        "importScripts",
        "ActiveXObject",
        "jsonp",
    ],
)
def test_scripts_use_no_channel(word: str):
    assert [name for name, text in scripts().items() if word.lower() in text.lower()] == []
    assert [name for name, text in templates().items() if re.search(rf"\b{word}\b", text)] == []
    assert len(scripts()) >= 5


def test_pages_hold_no_plugin_and_no_frame():
    tags = re.compile(r"<(?:object|embed|applet|iframe|frame|portal)\b", re.IGNORECASE)

    assert [name for name, text in templates().items() if tags.search(text)] == []


# --- connections -------------------------------------------------------------------------------------------

# Modules that speak to somebody else, and to whom: the mail server, Redis, PostgreSQL, our own health.
SPEAK = {
    "smtplib": {"jobcenter/platform/mail.py"},
    "socket": {"jobcenter/platform/embedded.py", "jobcenter/platform/supervisor.py"},
    "urllib": {"jobcenter/platform/health.py", "jobcenter/platform/supervisor.py"},
    "requests": {"jobcenter/platform/oidc.py"},  # the directory of the house, when one is configured
    "httpx": set(),
    "http": set(),
    "ftplib": set(),
    "telnetlib": set(),
    "aiohttp": set(),
    "urllib3": set(),
}
HARMLESS = ("urllib.parse", "http.HTTPStatus")


def test_the_server_calls_nobody():
    found: dict[str, set[str]] = {name: set() for name in SPEAK}
    for path, name in imports():
        root = name.split(".")[0]
        if root in found and not name.startswith(HARMLESS):
            found[root].add(path)

    assert {name: paths - SPEAK[name] for name, paths in found.items() if paths - SPEAK[name]} == {}
    for path, line, name, call in calls():
        if name.endswith(("urlopen", "opener.open")) and call.args:
            # Only what was put together there, on loopback.
            assert path in SPEAK["urllib"], f"{path}:{line}"


# --- files -------------------------------------------------------------------------------------------------


def test_no_uploads_but_tables():
    """Two places take a file, both a table that is read at once; nothing is kept, served or unpacked."""
    inputs = re.compile(r'type="file"|enctype="multipart/form-data"')
    places = {name for name, text in templates().items() if inputs.search(text)}
    fields = ("FileField", "ImageField", "FilePathField")
    file_fields = [f"{path}:{line}" for path, line, name, _ in calls() if name.endswith(fields)]
    modules = {entry.split(":")[0] for entry in file_fields}

    assert modules <= {"casework/forms/imports.py", "offers/admin_exchange.py"}, file_fields
    assert all(name.startswith(("templates/casework/import_", "templates/offers/exchange/")) for name in places), places
    kept = [path for path, _, name, _ in calls() if name in ("default_storage.save", "FileSystemStorage")]
    assert kept == []
    served = [p.name for p in patterns(get_resolver().url_patterns) if "static.serve" in str(p.callback)]
    assert served == []
    assert issubclass(forms.FileField, forms.Field)


def test_no_service_for_tokens():
    """Nobody gets a token from us, and no address takes one but the calendar's, which opens nothing else."""
    words = re.compile(r"oauth|openid|\.well-known|token|authorize|userinfo|jwks|introspect|revoke", re.IGNORECASE)
    addresses = {str(p.pattern) for p in patterns(get_resolver().url_patterns)}
    taken = {address for address in addresses if words.search(address)}

    assert taken <= {"kalender/<str:token>.ics"} | {address for address in taken if address.startswith("anmelden/")}
    bearer = [path for path, _, _, call in calls() if "HTTP_AUTHORIZATION" in ast.unparse(call)]
    assert bearer == []

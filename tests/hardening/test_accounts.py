"""Passwords, sessions and signed values, as far as they hold whatever way of signing in there is."""

import datetime as dt
import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.test.utils import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from casework.models import User
from jobcenter import settings as real_settings
from tests.factories import PASSWORD

# From the list that Django brings along: at least as long as the rule asks for.
COMMON = [name for name in sorted(CommonPasswordValidator().passwords) if len(name) >= 12][:5]
LONG_ENOUGH = "korrekt pferd batterie klammer"


# --- passwords ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["kurz", "elf Zeichen", "1q2w3e4r5t6y", *COMMON])
def test_short_and_common_passwords_are_refused(kim: User, password: str):
    with pytest.raises(ValidationError):
        validate_password(password, kim)


@pytest.mark.parametrize(
    "password",
    [
        LONG_ENOUGH,
        "kleinbuchstaben",
        "🦊🦉🐝🦔🦡🐿🦋🐞🐌🦢🦩🦜",
        "ein satz mit leerzeichen am ende ",
        "x" * 10 + "y" * 200,
    ],
)
def test_no_rule_about_kinds_of_characters(kim: User, password: str):
    validate_password(password, kim)


@pytest.mark.parametrize(
    "password", [" vorn und hinten leer ", "GROSS und klein", "Ä" * 40, "k" * 72 + "ende", "a" * 128]
)
def test_a_password_counts_exactly_as_it_was_typed(kim: User, client: Client, password: str):
    kim.set_password(password)
    kim.save(update_fields=["password"])

    for typed in {password.strip(), password.lower(), password[:72], password[:-1], password + "x"} - {password}:
        client.post("/anmelden/", {"username": "kim", "password": typed})
        assert SESSION_KEY not in client.session, repr(typed)
    kim.refresh_from_db()
    assert kim.check_password(password)


def test_a_changed_password_needs_the_old_one(kim: User, kim_client: Client):
    sent = {"new_password1": LONG_ENOUGH, "new_password2": LONG_ENOUGH}

    for old in ({}, {"old_password": ""}, {"old_password": LONG_ENOUGH}):
        assert kim_client.post("/einstellungen/passwort/", sent | old).status_code == 422

    kim.refresh_from_db()
    assert kim.check_password(PASSWORD)


def test_fields_for_passwords_hide_and_take_what_is_pasted(client: Client, kim_client: Client):
    for page in (client.get("/anmelden/"), kim_client.get("/einstellungen/passwort/")):
        fields = re.findall(r"<input[^>]*name=\"[a-z_]*password\d?\"[^>]*>", page.content.decode())
        assert fields
        for field in fields:
            assert 'type="password"' in field
            assert "maxlength" not in field and 'autocomplete="off"' not in field
    scripts = "".join(path.read_text() for path in (real_settings.BASE_DIR / "static" / "js").glob("*.js"))
    assert not re.search(r"""["'](?:paste|copy|cut)["']""", scripts)


def test_passwords_are_kept_by_argon2():
    assert real_settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=real_settings.PASSWORD_HASHERS):
        user = User(username="x")
        user.set_password(LONG_ENOUGH)
    hasher = Argon2PasswordHasher()

    assert user.password.startswith("argon2$argon2id$")
    assert hasher.memory_cost >= 19 * 1024 and hasher.time_cost >= 2
    assert hasher.verify(LONG_ENOUGH, user.password)


def test_a_password_does_not_grow_old():
    assert not [name for name in dir(real_settings) if re.search(r"PASSWORD_(EXPIR|AGE|MAX)", name)]
    fields = {field.name for field in User._meta.get_fields()}
    assert not {name for name in fields if "expire" in name or "hint" in name or "question" in name}


def test_nobody_is_there_from_the_beginning(db: None):
    """A freshly migrated database has no account at all."""
    assert not User.objects.exists()


# --- the way in --------------------------------------------------------------------------------------------

PUBLIC = {"healthz", "login", "sign_in_again", "accessibility", "gallery", "calendar_feed", "sent_mail", "logout"}
# Signing in by a directory: the way there, and the way back with its answer.
PUBLIC |= {"directory", "directory_return"}


def patterns(found: list[URLPattern | URLResolver] | None = None) -> list[URLPattern]:
    rows: list[URLPattern] = []
    for pattern in get_resolver().url_patterns if found is None else found:
        rows += patterns(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
    return rows


def test_nothing_but_the_listed_is_open():
    """Whatever way of signing in comes: a page that needs none is named here, or among those of signing in."""
    open_ones = {p.name for p in patterns() if not getattr(p.callback, "login_required", True)}

    assert {name for name in open_ones if name} - PUBLIC - {
        name for name in open_ones if "sign_in" in str(name)
    } == set()


@pytest.mark.parametrize(
    "url", ["/", "/faelle/", "/verwaltung/", "/angebotspflege/", "/einstellungen/", "/fallbestand/"]
)
@pytest.mark.parametrize("cookie", ["", "x", "a" * 32, "../../etc/passwd", "0" * 64])
def test_an_invented_session_opens_nothing(client: Client, db: None, url: str, cookie: str):
    client.cookies["sessionid"] = cookie

    answer = client.get(url, follow=True)

    assert answer.redirect_chain
    assert "/anmelden/" in answer.redirect_chain[-1][0]


def test_each_sign_in_gets_a_new_key(kim: User, client: Client):
    client.get("/anmelden/")
    client.cookies["sessionid"] = planted = "a" * 32
    Session.objects.create(session_key=planted, session_data="", expire_date=timezone.now() + dt.timedelta(hours=1))
    keys = []
    for _ in range(3):
        client.force_login(kim)
        keys.append(client.session.session_key)

    assert planted not in keys
    assert all(re.fullmatch(r"[0-9a-z]{32}", str(key)) for key in keys)  # 36^32: about 165 bits


def test_signed_out_is_signed_out_everywhere(kim_client: Client):
    key = kim_client.session.session_key
    thief = Client()
    thief.cookies["sessionid"] = str(key)
    assert thief.get("/").status_code == 200

    kim_client.post("/abmelden/")

    assert thief.get("/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()


def test_a_session_ends_after_ten_hours_whatever_happens(kim_client: Client):
    key = kim_client.session.session_key
    row = Session.objects.get(session_key=key)
    assert row.expire_date <= timezone.now() + dt.timedelta(hours=10, seconds=5)

    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - dt.timedelta(seconds=1))

    assert kim_client.get("/").status_code == 302


def test_a_disabled_account_is_out_with_the_next_request(kim: User, kim_client: Client):
    assert kim_client.get("/").status_code == 200

    User.objects.filter(pk=kim.pk).update(is_active=False)

    assert kim_client.get("/").status_code == 302


@pytest.mark.parametrize("url", ["/", "/faelle/", "/einstellungen/", "/hilfe/", "/angebote/"])
def test_every_page_has_the_way_out(kim_client: Client, url: str):
    assert f'action="{reverse("logout")}"' in kim_client.get(url).content.decode()


# --- signed values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        "",
        "1",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        signing.dumps(1, salt="another purpose"),
        signing.dumps(1, key="another key", salt="x"),
    ],
    ids=["empty", "number", "none", "purpose", "key"],
)
def test_signed_values_hold_for_one_purpose_and_one_key(token: str):
    with pytest.raises(signing.BadSignature):
        signing.loads(token, salt="x")
    changed = signing.dumps(1, salt="x")
    for position in range(0, len(changed), 5):
        other = "A" if changed[position] != "A" else "B"
        with pytest.raises(signing.BadSignature):
            signing.loads(changed[:position] + other + changed[position + 1 :], salt="x")


def test_signatures_have_one_strong_way():
    assert signing.Signer().algorithm == "sha256"
    assert real_settings.SESSION_ENGINE == "jobcenter.platform.sessions"

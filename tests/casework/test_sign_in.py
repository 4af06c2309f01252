"""Nobody works without a second factor; nobody learns from a refusal whether there is such an account."""

import re
import statistics
import time

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from casework.models import OpenSession
from jobcenter.platform import factors
from tests.casework.signing import AGAIN, FACTOR, SIGN_IN, give_code, give_password, with_app, works
from tests.factories import PASSWORD
from tests.test_addresses import VALUES, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("factor_required")]

ENDED = {301, 302, 401, 403, 404, 405}
PUBLIC = {"healthz", "login", "sign_in_again", "directory", "directory_return", "accessibility", "gallery"}
PUBLIC |= {"casework:calendar_feed", "logout"}
SET_UP = {"casework:factor_choose", "casework:factor_app", "casework:factor_key"}
GIVE = {"second_factor", "second_factor_key"}


def test_password_and_code_open_the_office(kim):
    app, client = with_app(kim), Client()

    first = give_password(client, kim)
    assert (first.status_code, first.url) == (302, "/")
    assert client.get("/").url == FACTOR
    assert not works(client)
    second = give_code(client, app.code())

    assert (second.status_code, second.url) == (302, "/")
    assert works(client)


def test_where_somebody_wanted_to_go_survives_both_steps(kim):
    app, client = with_app(kim), Client()
    wanted = "/vertretungen/"

    to_sign_in = client.get(wanted)
    assert to_sign_in.url == f"{SIGN_IN}?next={wanted}"
    client.post(to_sign_in.url, {"username": "kim", "password": PASSWORD, "next": wanted})
    asked = client.get(wanted)
    assert asked.url == f"{FACTOR}?next=%2Fvertretungen%2F"
    assert f'name="next" value="{wanted}"' in client.get(asked.url).content.decode()
    done = client.post(FACTOR, {"code": app.code(), "next": wanted})

    assert done.url == wanted


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"])
def test_nobody_is_led_elsewhere_after_the_code(kim, next_page):
    app, client = with_app(kim), Client()
    give_password(client, kim)

    assert client.post(FACTOR, {"code": app.code(), "next": next_page}).url == "/"


def own_names():
    return {name for name, _ in addresses()}


def every_address():
    """Every address of the application, the admin sites included, with made-up values."""
    found = dict(addresses())

    def inside(patterns, prefix):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from inside(pattern.url_patterns, prefix + filled(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield prefix + filled(pattern.pattern)

    def filled(pattern):
        text = re.sub(r"\(\?P<\w+>[^)]*\)", "x", str(pattern)).replace("^", "").replace("$", "")
        for name, kind in pattern.converters.items():
            text = re.sub(rf"<(\w+:)?{name}>", str(VALUES.get(type(kind), "1")), text)
        return text

    admin = {"/" + url for url in inside(get_resolver().url_patterns, "") if url.startswith(("verwalt", "angebotspf"))}
    return {**{url: name for name, url in found.items()}, **dict.fromkeys(admin, "admin")}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("known", [True, False], ids=["has a factor", "has none"])
def test_a_password_alone_opens_no_address(admin, method, known):
    """Each address of the whole application, of the admin sites too, asked by a session that has half signed in."""
    if known:
        with_app(admin)
    client = Client()
    give_password(client, admin)
    found = every_address()
    assert len(found) > 300
    open_to_it = PUBLIC | (GIVE if known else SET_UP)
    way = FACTOR if known else "/konto/zweiter-faktor/einrichten/"

    wrong = []
    for url, name in found.items():
        if name in open_to_it:
            continue
        answer = getattr(client, method)(url)
        ok = answer.status_code == 302 and answer.url.split("?")[0] == way
        if not (ok or answer.status_code == 404):
            wrong.append((name, url, answer.status_code))

    assert wrong == []
    assert OpenSession.objects.filter(user=admin).count() == 1


def test_scripts_are_answered_401_without_a_body(kim):
    with_app(kim)
    client = Client()
    give_password(client, kim)

    for headers in ({"HX-Request": "true"}, {"X-Requested-With": "x"}):
        answer = client.get("/faelle/", headers=headers)
        assert (answer.status_code, answer.content) == (401, b"")


def test_the_page_of_the_second_step_tells_nothing_of_the_office(kim):
    with_app(kim)
    client = Client()
    give_password(client, kim)

    for url in (FACTOR, "/barrierefreiheit/"):
        page = client.get(url).content.decode()
        assert kim.full_name not in page
        assert "Hauptnavigation" not in page
        assert "previous" not in page


def test_whoever_has_a_factor_sets_up_no_other_by_password_alone(kim):
    with_app(kim)
    client = Client()
    give_password(client, kim)

    for name in ("einrichten", "app", "schluessel"):
        assert client.get(f"/konto/zweiter-faktor/{name}/").url.startswith(FACTOR)
        assert client.post(f"/konto/zweiter-faktor/{name}/", {}).url.startswith(FACTOR)
    assert factors.Authenticator.objects.count() == 1


def test_signing_in_again_by_password_forgets_the_second_factor(kim):
    app, client = with_app(kim), Client()
    give_password(client, kim)
    give_code(client, app.code())
    assert works(client)

    client.post(AGAIN, {"username": "kim", "password": PASSWORD, "previous": ""})

    assert not works(client)


def test_nothing_of_an_earlier_persons_session_lives_on(kim, eva):
    app, client = with_app(kim), Client()
    with_app(eva)
    give_password(client, kim)
    give_code(client, app.code())

    client.post(AGAIN, {"username": "eva", "password": PASSWORD, "previous": ""})

    assert not works(client)
    assert not OpenSession.objects.filter(user=kim).exists()


def test_the_sessions_key_changes_with_each_step(kim):
    app, client = with_app(kim), Client()
    client.get(SIGN_IN)
    keys = [client.cookies.get("sessionid")]
    give_password(client, kim)
    keys.append(client.cookies["sessionid"].value)
    give_code(client, app.code())
    keys.append(client.cookies["sessionid"].value)

    assert keys[0] is None and keys[1] != keys[2]
    assert OpenSession.objects.filter(user=kim).count() == 1


# --- the demonstration -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "open_"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "192.0.2.7"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.7"}, False),
        ({"REMOTE_ADDR": ""}, False),
    ],
)
def test_the_demonstration_leaves_it_out_on_this_machine_alone(kim, settings, environ, open_):
    settings.SECOND_FACTOR_OPTIONAL = True
    client = Client(**environ)
    give_password(client, kim)

    assert works(client) is open_
    banner = "Vorführung ohne zweiten Faktor: nur auf diesem Rechner"
    for url in ("/", SIGN_IN, "/hilfe/", "/barrierefreiheit/"):
        assert (banner in client.get(url, follow=True).content.decode()) is open_


def test_the_banner_stands_in_the_admin_as_well(admin, paula, settings):
    settings.SECOND_FACTOR_OPTIONAL = True
    for user, url in ((admin, "/verwaltung/"), (paula, "/angebotspflege/")):
        client = Client()
        give_password(client, user)
        assert "Vorführung ohne zweiten Faktor" in client.get(url).content.decode()


def test_a_demonstration_session_ends_to_work_when_the_exception_ends(kim, settings):
    settings.SECOND_FACTOR_OPTIONAL = True
    client = Client()
    give_password(client, kim)
    assert works(client)
    settings.SECOND_FACTOR_OPTIONAL = False

    assert not works(client)


def test_whoever_has_a_factor_gives_it_in_the_demonstration_too(kim, settings):
    settings.SECOND_FACTOR_OPTIONAL = True
    app, client = with_app(kim), Client()
    give_password(client, kim)
    assert not works(client)

    give_code(client, app.code())

    assert works(client)
    assert "Vorführung ohne" not in client.get("/einstellungen/").content.decode()


# --- who there is and who not ------------------------------------------------------------------------------


def unmasked(page: bytes) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|CSRFToken": ")[^"]+', r"\1", page.decode())


def test_unknown_wrong_and_switched_off_answer_alike(kim, eva):
    eva.is_active = False
    eva.save(update_fields=["is_active"])
    answers = []
    tries = [("kim", "falsch"), ("eva", PASSWORD), ("eva", "falsch"), ("nie", "falsch"), ("nie", PASSWORD)]
    for name, password in tries:
        answer = give_password(Client(), name, password)
        answers.append(
            (answer.status_code, unmasked(answer.content).replace(f'value="{name}"', ""), sorted(answer.cookies))
        )

    assert len({str(answer) for answer in answers}) == 1
    assert "stimmt nicht" in answers[0][1]


def test_unknown_and_wrong_take_as_long(kim, settings):
    """With the hash of production: what an unknown name saves would be some 30 ms, the most of the answer."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kim.set_password(PASSWORD)
    kim.save(update_fields=["password"])

    def seconds(name, number):
        client = Client(REMOTE_ADDR=f"192.0.{number}.1")
        started = time.process_time()
        give_password(client, name, "falsch")
        return time.process_time() - started

    seconds("kim", 200)
    known = statistics.median(seconds("kim", number) for number in range(15))
    unknown = statistics.median(seconds("nie", number) for number in range(20, 35))

    assert 0.6 < known / unknown < 1.7


def test_an_account_without_a_password_cannot_be_signed_in_to(kim):
    kim.set_unusable_password()
    kim.save(update_fields=["password"])

    for password in ("", kim.password, "!"):
        assert not works_after(kim, password)


def works_after(user, password):
    client = Client()
    give_password(client, user, password)
    return "sessionid" in client.cookies


# --- the dialog in a page ----------------------------------------------------------------------------------


def test_the_dialog_leads_through_the_second_factor(kim, kim_client, settings):
    settings.SECOND_FACTOR_OPTIONAL = True
    previous = re.search(r'name="previous" value="([^"]+)"', kim_client.get("/").content.decode())[1]
    settings.SECOND_FACTOR_OPTIONAL = False
    app, client = with_app(kim), Client()

    word = client.post(AGAIN, {"username": "kim", "password": PASSWORD, "previous": previous})
    assert word.status_code == 200 and set(word.json()) == {"csrf", "factor"}
    assert not works(client)
    assert client.post(AGAIN, {"check": "1", "previous": previous}).json()["factor"] is True
    assert client.post(AGAIN, {"code": app.wrong(), "previous": previous}).status_code == 422
    done = client.post(AGAIN, {"code": app.code(), "previous": previous})

    assert done.json()["same_user"] is True
    assert works(client)
    assert client.post(AGAIN, {"check": "1", "previous": previous}).json()["same_user"] is True


def test_the_dialog_tells_a_code_without_a_password_to_begin_anew(db):
    answer = Client().post(AGAIN, {"code": "123456"})

    assert (answer.status_code, answer.json()) == (422, {"start": True})
    assert Client().post(AGAIN, {"check": "1"}).status_code == 422


def test_signing_out_ends_the_session_everywhere(kim):
    app, client = with_app(kim), Client()
    give_password(client, kim)
    give_code(client, app.code())
    key = client.cookies["sessionid"].value
    client.post("/abmelden/")

    other = Client()
    other.cookies["sessionid"] = key
    assert not works(other)
    assert not OpenSession.objects.filter(user=kim).exists()

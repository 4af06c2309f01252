"""Signing in by the directory of an organisation, against a real small directory on this machine."""

import json
import signal
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from casework.models import DirectoryIdentity, User
from jobcenter.platform import oidc, processes
from tests.casework.directory_server import CLIENT, SECRET
from tests.casework.signing import FACTOR, SIGN_IN, give_code, with_app, works
from tests.factories import DirectoryIdentityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("factor_required")]

START, BACK = "/anmelden/verzeichnis/haus/", "/anmelden/verzeichnis/haus/zurueck/"


class Directory:
    def __init__(self, port):
        self.issuer = f"http://127.0.0.1:{port}"

    def set(self, **control):
        requests.post(f"{self.issuer}/control", data=json.dumps(control), timeout=10)

    def asked(self):
        return requests.get(f"{self.issuer}/seen", timeout=10).json()[-1]


@pytest.fixture(scope="module")
def directory_process():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.casework.directory_server"],
        cwd=project.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=processes.dies_with_parent(signal.SIGKILL),
    )
    yield Directory(int(process.stdout.readline()))
    process.kill()
    process.wait()


@pytest.fixture
def haus(directory_process, settings, landkreis):
    """The directory of the Landkreis, its second factor trusted when it says so."""
    oidc._published.clear()
    directory_process.set()
    settings.OIDC_PROVIDERS = oidc.read_providers(json.dumps([entry(directory_process.issuer)]), insecure=True)
    return directory_process


def entry(issuer, **more):
    return {
        "slug": "haus",
        "name": "Landkreis-Anmeldung",
        "organisation": "Landkreis Göttingen",
        "issuer": issuer,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "factor_claim": "amr",
        "factor_values": ["mfa"],
    } | more


def leave(client, start=START):
    """To the directory and, with what it says, back to the door: the address that the browser would open."""
    there = client.get(start)
    assert there.status_code == 302, there.content.decode()
    back = requests.get(there.url, allow_redirects=False, timeout=10).headers["Location"]
    assert back.startswith("http://testserver" + BACK)
    return urlsplit(back)


def come_back(client, back, **changes):
    query = {name: values[0] for name, values in parse_qs(back.query).items()} | changes
    return client.get(back.path, query)


def through(client, start=START):
    return come_back(client, leave(client, start))


# --- who gets in -------------------------------------------------------------------------------------------


def test_a_linked_account_signs_in_with_the_second_factor_of_its_directory(haus, kim):
    DirectoryIdentityFactory(user=kim, subject="id-1")
    haus.set(claims={"amr": ["pwd", "mfa"]})
    client = Client()

    answer = through(client, f"{START}?next=/vertretungen/")

    assert answer.url == "/vertretungen/"
    assert works(client)
    assert int(client.session["_auth_user_id"]) == kim.pk


@pytest.mark.parametrize(
    "claims", [{}, {"amr": ["pwd"]}, {"amr": "pwd"}, {"acr": "mfa"}, {"amr": [["mfa"]]}, {"amr": 1}]
)
def test_without_its_word_our_own_second_factor_is_asked(haus, kim, claims):
    DirectoryIdentityFactory(user=kim, subject="id-1")
    app = with_app(kim)
    haus.set(claims=claims)
    client = Client()
    through(client)

    assert client.get("/").url == FACTOR
    give_code(client, app.code())
    assert works(client)


def test_acr_is_asked_for_and_counts_where_it_is_agreed(haus, kim, settings):
    values = {"factor_claim": "acr", "factor_values": ["urn:haus:zwei"]}
    settings.OIDC_PROVIDERS = oidc.read_providers(json.dumps([entry(haus.issuer, **values)]), insecure=True)
    DirectoryIdentityFactory(user=kim, subject="id-1")
    haus.set(claims={"acr": "urn:haus:zwei", "amr": ["pwd"]})
    client = Client()
    through(client)

    assert haus.asked()["acr_values"] == "urn:haus:zwei"
    assert works(client)


def test_what_is_asked_of_the_directory_is_little(haus, kim):
    through(Client())
    asked = haus.asked()

    assert asked["scope"] == "openid"
    assert asked["code_challenge_method"] == "S256"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43


@pytest.mark.parametrize("sign", ["r1", "e1", "new key"])
def test_keys_of_either_kind_and_new_ones_are_known(haus, kim, sign, monkeypatch):
    monkeypatch.setattr(oidc, "KEYS_AGAIN", 0)
    DirectoryIdentityFactory(user=kim, subject="id-1")
    haus.set(sign=sign, claims={"amr": ["mfa"]})
    client = Client()
    through(client)

    assert works(client)


def test_the_secret_goes_into_the_form_where_the_directory_wants_it_there(haus, kim):
    DirectoryIdentityFactory(user=kim, subject="id-1")
    haus.set(methods=["client_secret_post"], claims={"amr": ["mfa"]})
    client = Client()
    through(client)

    assert works(client)


# --- who does not ------------------------------------------------------------------------------------------


def refused(client, answer, status=403):
    assert answer.status_code == status
    assert "Nicht angemeldet" in answer.content.decode()
    assert "sessionid" not in client.cookies
    return True


def test_whoever_is_not_linked_gets_no_account(haus, kim):
    before = User.objects.count()
    haus.set(claims={"amr": ["mfa"], "email": kim.email, "preferred_username": "kim"})
    client = Client()

    assert refused(client, through(client))
    assert User.objects.count() == before and not DirectoryIdentity.objects.exists()


def test_an_account_of_another_organisation_is_not_opened_by_this_directory(haus, nora):
    DirectoryIdentityFactory(user=nora, subject="id-1")
    client = Client()

    assert refused(client, through(client))


def test_an_account_that_is_switched_off_stays_out(haus, kim):
    DirectoryIdentityFactory(user=kim, subject="id-1")
    kim.is_active = False
    kim.save(update_fields=["is_active"])
    client = Client()

    assert refused(client, through(client))


def test_groups_of_the_directory_grant_nothing(haus, paula):
    DirectoryIdentityFactory(user=paula, subject="id-1")
    haus.set(claims={"amr": ["mfa"], "groups": ["config_admin", "Administrators"], "roles": ["team_lead"]})
    client = Client()
    through(client)

    assert works(client)
    assert client.get("/verwaltung/", follow=True).status_code == 403
    assert client.get("/faelle/").status_code == 403
    assert paula.role_grants.count() == 1


FORGED = {
    "an unsigned token": {"sign": "none"},
    "a token signed with the shared secret": {"sign": "shared"},
    "a token of somebody else's key": {"sign": "stranger"},
    "no token": {"sign": "x.y.z"},
    "another nonce": {"claims": {"nonce": "x"}},
    "no nonce": {"claims": {"nonce": None}},
    "another issuer": {"claims": {"iss": "http://127.0.0.1:1"}},
    "for somebody else": {"claims": {"aud": "anderes"}},
    "for several, given to somebody else": {"claims": {"aud": [CLIENT, "anderes"], "azp": "anderes"}},
    "for several, given to nobody": {"claims": {"aud": [CLIENT, "anderes"]}},
    "too old": {"claims": {"exp": int(time.time()) - 600}},
    "of tomorrow": {"claims": {"iat": int(time.time()) + 86400}},
    "without an end": {"claims": {"exp": None}},
    "of nobody": {"claims": {"sub": " "}},
    "of a number": {"claims": {"sub": 1}},
    "the issuer of another answer": {"back": {"iss": "http://127.0.0.1:1"}},
    "an error beside a code": {"back": {"error": "access_denied"}},
    "an answer that is none": {"token": "garbled"},
    "an endpoint without encryption elsewhere": {"meta": {"token_endpoint": "http://192.0.2.1/token"}},
    "keys of nobody": {"keys": "none"},
}


@pytest.mark.parametrize("control", FORGED.values(), ids=FORGED)
def test_forged_answers_sign_nobody_in(haus, kim, control):
    DirectoryIdentityFactory(user=kim, subject="id-1")
    haus.set(**control)
    client = Client()

    assert refused(client, through(client))


def test_a_token_for_several_that_was_given_to_us_is_ours(haus, kim):
    DirectoryIdentityFactory(user=kim, subject="id-1")
    haus.set(claims={"aud": [CLIENT, "anderes"], "azp": CLIENT, "amr": ["mfa"]})
    client = Client()
    through(client)

    assert works(client)


@pytest.mark.parametrize("changes", [{"state": "x"}, {"state": ""}, {"code": ""}, {"code": "x"}])
def test_an_answer_that_does_not_fit_signs_nobody_in(haus, kim, changes):
    DirectoryIdentityFactory(user=kim, subject="id-1")
    client = Client()

    assert refused(client, come_back(client, leave(client), **changes))


def test_an_answer_in_another_window_signs_nobody_in(haus, kim):
    """A link with somebody else's code must not sign the one who opens it in as them."""
    DirectoryIdentityFactory(user=kim, subject="id-1")
    back = leave(Client())
    victim = Client()

    assert refused(victim, come_back(victim, back))
    victim.get(START)
    assert refused(victim, come_back(victim, back))


def test_an_answer_comes_back_once(haus, kim):
    DirectoryIdentityFactory(user=kim, subject="id-1")
    client = Client()
    back = leave(client)
    cookie = client.cookies["verzeichnis"].value
    come_back(client, back)
    client.post("/abmelden/")
    again = Client()
    again.cookies["verzeichnis"] = cookie

    assert refused(again, come_back(again, back))


def test_the_attempt_in_the_browser_can_be_neither_read_nor_forged(haus):
    client = Client()
    there = client.get(START)
    cookie = client.cookies["verzeichnis"]
    nonce = parse_qs(urlsplit(there.url).query)["nonce"][0]

    assert nonce not in cookie.value
    assert cookie["httponly"] and cookie["path"] == "/anmelden/verzeichnis/" and cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 600


def test_a_directory_that_is_away_is_named_as_that(haus, settings):
    settings.OIDC_PROVIDERS = oidc.read_providers(json.dumps([entry("http://127.0.0.1:9")]), insecure=True)
    client = Client()
    answer = client.get(START)

    assert refused(client, answer, 503)
    assert "antwortet gerade nicht" in answer.content.decode()


def test_a_directory_that_names_itself_otherwise_is_not_believed(haus, settings):
    haus.set(issuer="https://anderes.example")
    client = Client()

    assert refused(client, client.get(START))


def test_nothing_that_the_directory_said_is_logged(haus, kim, caplog):
    haus.set(claims={"sub": "qqgeheimqq", "name": "qqnameqq"})
    through(Client())

    assert "refused: stranger" in caplog.text
    assert "qq" not in caplog.text


def test_there_is_no_such_directory(db):
    assert Client().get("/anmelden/verzeichnis/anderes/").status_code == 404
    assert Client().get("/anmelden/verzeichnis/anderes/zurueck/").status_code == 404


def test_the_sign_in_page_leads_there(haus):
    page = Client().get(f"{SIGN_IN}?next=/faelle/").content.decode()

    assert f'href="{START}?next=/faelle/"' in page
    assert "Landkreis-Anmeldung" in page


# --- the Fachadministration links --------------------------------------------------------------------------


def test_the_fachadministration_links_an_account(haus, admin, eva):
    app = with_app(admin)
    client = Client()
    client.post(SIGN_IN, {"username": admin.username, "password": "nur-fuer-tests-2026"})
    give_code(client, app.code())
    url = f"/verwaltung/casework/user/{eva.pk}/change/"
    page = client.get(url).content.decode()
    assert "Landkreis-Anmeldung" in page
    data = {name: getattr(eva, name) for name in ("username", "first_name", "last_name", "email")}
    data |= {"organisation": eva.organisation_id, "team": eva.team_id, "is_active": "on", "new_password": ""}
    for name, total in (("role_grants", 0), ("counsellor", 0), ("directory_identities", 1)):
        data |= {f"{name}-TOTAL_FORMS": total, f"{name}-INITIAL_FORMS": 0}
    data |= {"directory_identities-0-provider": "haus", "directory_identities-0-subject": "id-1"}
    assert client.post(url, data | {"directory_identities-0-provider": "anderes"}).status_code == 200

    assert client.post(url, data).status_code == 302

    haus.set(claims={"amr": ["mfa"]})
    theirs = Client()
    through(theirs)
    assert int(theirs.session["_auth_user_id"]) == eva.pk


# --- the environment ---------------------------------------------------------------------------------------

GOOD = entry("https://idp.example.org/realms/haus")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "JSON-Liste"),
        ('{"slug": "x"}', "JSON-Liste"),
        ("[1]", "JSON-Liste"),
        (json.dumps([GOOD, GOOD]), "zweimal"),
        (json.dumps([GOOD | {"group": "x"}]), "kennt kein group"),
        (json.dumps([{**GOOD, "client_secret": " "}]), "client_secret"),
        (json.dumps([GOOD | {"slug": "Haus/.."}]), "slug"),
        (json.dumps([GOOD | {"issuer": "http://idp.example.org"}]), "https://"),
        (json.dumps([GOOD | {"issuer": "http://127.0.0.1:1"}]), "https://"),
        (json.dumps([GOOD | {"factor_claim": "groups"}]), "factor_claim"),
        (json.dumps([GOOD | {"factor_values": []}]), "factor_claim"),
        (json.dumps([GOOD | {"factor_values": "mfa"}]), "factor_values"),
        (json.dumps([GOOD | {"scope": "profile"}]), "openid"),
    ],
)
def test_a_mistake_in_the_environment_stops_the_start(text, says):
    with pytest.raises(ImproperlyConfigured, match=says) as caught:
        oidc.read_providers(text)

    assert SECRET not in str(caught.value)


def test_a_complete_environment_is_read():
    assert oidc.read_providers("") == {}
    assert oidc.read_providers(json.dumps([GOOD]))["haus"].factor_values == ("mfa",)

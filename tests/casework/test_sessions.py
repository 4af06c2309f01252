"""Sessions end by time, by their owner, by a new password, and with the account; only what people do keeps them."""

import datetime as dt
import json

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from casework import tasks
from casework.actions.sessions import end_sessions, remove_ended_sessions
from casework.models import OpenSession
from jobcenter.platform.origin import network_of, program_of
from tests.casework.signing import give_code, give_password, with_app, works
from tests.factories import PASSWORD, OpenSessionFactory

pytestmark = pytest.mark.django_db

LIST, LEFT = "/konto/sitzungen/", "/konto/sitzung/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def later(**amount):
    return time_machine.travel(timezone.now() + dt.timedelta(**amount), tick=True)


def signed_in(user, **more):
    client = Client(**more)
    give_password(client, user)
    return client


# --- time --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "holds"), [(59, True), (61, False)])
def test_an_hour_without_a_request_ends_it(kim, minutes, holds):
    client = signed_in(kim)
    client.get("/")
    with later(minutes=minutes):
        assert works(client) is holds


def test_work_keeps_it_until_the_tenth_hour(kim):
    client = signed_in(kim)
    start = timezone.now()
    for half_hour in range(1, 20):
        with time_machine.travel(start + dt.timedelta(minutes=30 * half_hour), tick=True):
            assert works(client), half_hour
    with time_machine.travel(start + dt.timedelta(hours=10, minutes=1), tick=True):
        assert not works(client)


def test_the_tenth_hour_counts_from_the_password_whatever_keys_change(kim):
    client = signed_in(kim)
    start = timezone.now()
    new = "lang-genug-und-neu-2026"
    for hour in range(1, 10):
        with time_machine.travel(start + dt.timedelta(minutes=55 * hour), tick=True):
            assert works(client)
    with time_machine.travel(start + dt.timedelta(hours=9), tick=True):
        form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert client.post("/einstellungen/passwort/", form).status_code == 302
        assert works(client)
    with time_machine.travel(start + dt.timedelta(hours=10, minutes=1), tick=True):
        assert not works(client)


def test_the_house_chooses_how_long_it_may_rest(kim, settings):
    settings.SESSION_IDLE_MINUTES = 20
    client = signed_in(kim)
    with later(minutes=21):
        assert not works(client)


def test_asking_how_long_is_left_keeps_nothing_and_weiter_arbeiten_does(kim):
    client = signed_in(kim)
    start = timezone.now()
    with time_machine.travel(start + dt.timedelta(minutes=58), tick=True):
        left = client.get(LEFT).json()
        assert 100 <= left["idle"] <= 120
        assert left["absolute"] > 8 * 3600
    with time_machine.travel(start + dt.timedelta(minutes=59), tick=True):
        assert 40 <= client.get(LEFT).json()["idle"] <= 60
        assert client.post(LEFT).json()["idle"] >= 3599
    with time_machine.travel(start + dt.timedelta(minutes=118), tick=True):
        assert works(client)


def test_what_a_page_asks_by_itself_keeps_nothing(admin):
    """The bar of a take-over asks every two seconds: whoever went home leaves it running."""
    client = signed_in(admin)
    with later(minutes=30):
        client.get("/uebernahme/999999/stand/")
    with later(minutes=61):
        assert not works(client)


def test_a_draft_is_activity_somebody_types(kim_client, kim):
    from tests.factories import CaseFactory

    case = CaseFactory(counsellor=kim)
    kim_client.get("/")
    with later(minutes=50):
        answer = kim_client.post(
            f"/faelle/{case.number}/gespraech/entwurf/", {"text": "x", "revision": "0"}, headers={"HX-Request": "true"}
        )
        assert answer.status_code in (204, 409, 422)
    with later(minutes=100):
        assert works(kim_client)


def test_use_is_written_down_at_most_twice_a_minute(kim, count_queries):
    client = signed_in(kim)
    client.get("/einstellungen/")

    with count_queries() as queries:
        for _ in range(5):
            client.get("/einstellungen/")

    assert not [sql for sql in queries.by_category()["session"] if sql.startswith(("INSERT", "UPDATE"))]


def test_one_statement_reads_the_session_and_its_times(kim, count_queries):
    client = signed_in(kim)
    client.get("/einstellungen/")

    with count_queries() as queries:
        client.get("/einstellungen/")

    assert len(queries.by_category()["session"]) == 1


# --- the page ----------------------------------------------------------------------------------------------


def test_the_list_shows_where_one_is_signed_in(kim, eva):
    client = signed_in(kim, headers={"User-Agent": FIREFOX})
    OpenSessionFactory(user=kim, program="Chrome, Android", network="203.0.113.0/24")
    OpenSessionFactory(user=eva, program="Safari, macOS")
    page = client.get(LIST).content.decode()

    assert "Firefox, Windows" in page and "127.0.0.0/24" in page and "diese Sitzung" in page
    assert "Chrome, Android" in page and "203.0.113.0/24" in page
    assert "Safari" not in page


def test_one_of_them_is_ended_from_afar(kim):
    here, there = signed_in(kim), signed_in(kim)
    there.get("/")
    row = OpenSession.objects.filter(user=kim).order_by("pk").last()

    assert here.post(f"{LIST}{row.pk}/beenden/").url == LIST

    assert works(here) and not works(there)
    assert Session.objects.count() == 1


def test_all_others_are_ended(kim, eva):
    here, *others = (signed_in(kim) for _ in range(4))
    foreign = signed_in(eva)
    here.post(f"{LIST}andere/beenden/")

    assert works(here) and works(foreign)
    assert not any(works(client) for client in others)


def test_nobody_ends_a_session_of_somebody_else(kim, eva):
    client, theirs = signed_in(kim), signed_in(eva)
    row = OpenSession.objects.get(user=eva)

    client.post(f"{LIST}{row.pk}/beenden/")

    assert works(theirs)


def test_this_session_is_ended_by_signing_out_alone(kim):
    client = signed_in(kim)

    client.post(f"{LIST}{OpenSession.objects.get(user=kim).pk}/beenden/")

    assert works(client)


def test_a_new_password_ends_the_others(kim):
    here, there = signed_in(kim), signed_in(kim)
    new = "lang-genug-und-neu-2026"

    here.post("/einstellungen/passwort/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert "Alle anderen Sitzungen sind beendet" in here.get("/einstellungen/").content.decode()
    assert works(here) and not works(there)
    assert OpenSession.objects.filter(user=kim).count() == 1


def test_whose_account_is_switched_off_is_out_with_the_next_request(kim):
    client = signed_in(kim)
    assert works(client)
    kim.is_active = False
    kim.save(update_fields=["is_active"])

    assert client.get("/einstellungen/").status_code == 302
    assert client.get("/faelle/", headers={"HX-Request": "true"}).status_code == 401


def test_ending_during_a_request_does_not_bring_the_session_back(kim):
    """A session that is saved at the end of a request must not be there again after it was ended meanwhile."""
    client = signed_in(kim)
    key = client.cookies["sessionid"].value
    end_sessions(user_id=kim.pk, by_id=kim.pk)

    assert not works(client)
    assert not Session.objects.filter(session_key=key).exists()


def test_the_key_of_a_session_stands_nowhere_beside_it(kim):
    client = signed_in(kim)
    key = client.cookies["sessionid"].value

    rows = json.dumps(list(OpenSession.objects.values("session_hash", "network", "program")))

    assert key not in rows


def test_rows_that_ran_out_go_at_night(kim, eva):
    client = signed_in(kim)
    OpenSessionFactory(user=eva, signed_in_at=timezone.now() - dt.timedelta(hours=3), last_seen_at=timezone.now())
    with later(minutes=30):
        client.get("/")
    with later(minutes=70):
        remove_ended_sessions()
        assert list(OpenSession.objects.values_list("user__username", flat=True)) == ["kim"]
        assert Session.objects.count() == 1
        assert works(client)
    with later(hours=11):
        tasks.remove_expired_sessions()
        tasks.remove_expired_sessions()
        assert not OpenSession.objects.exists()
        assert not Session.objects.exists()


def test_proving_it_again_keeps_one_row(kim, settings):
    settings.SECOND_FACTOR_OPTIONAL = False
    app, client = with_app(kim), Client()
    give_password(client, kim)
    give_code(client, app.code())
    give_code(client, app.code(1))

    assert OpenSession.objects.filter(user=kim).count() == 1


# --- where a request comes from ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", "unbekannt"),
        ("<script>", "unbekannt"),
    ],
)
def test_of_an_address_the_network_is_kept(rf, address, network):
    assert network_of(rf.get("/", REMOTE_ADDR=address)) == network


@pytest.mark.parametrize(
    ("agent", "program"),
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 (KHTML, like Gecko) Chrome/140 Safari/537 Edg/140",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Mobile Safari/604",
            "Safari, iPhone oder iPad",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537", "Chrome, Android"),
        ("curl/8", "unbekannt"),
        ("", "unbekannt"),
    ],
)
def test_of_a_browser_its_kind_is_kept(rf, agent, program):
    assert program_of(rf.get("/", headers={"User-Agent": agent})) == program

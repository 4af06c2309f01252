"""Guessing is slowed; nobody is locked out by who guesses at their account; the counts stay bounded."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from casework.actions import guessing
from casework.actions.guessing import counted, of_factor, of_password, seconds_to_wait
from casework.enums import GuessKind
from casework.models import GuessCount
from casework.models.sign_in import SLOTS
from jobcenter.platform import factors
from tests.casework.signing import (
    AGAIN,
    SIGN_IN,
    codes_on,
    events_of,
    give_code,
    give_password,
    with_app,
    works,
)
from tests.factories import PASSWORD, UserFactory

ATTACKER, HOUSE = "203.0.113.9", "198.51.100.4"
database = pytest.mark.django_db
required = pytest.mark.usefixtures("factor_required")


def left_behind(user, network):
    """A window on which somebody has signed in completely, and signed out again."""
    app, client = with_app(user), Client(REMOTE_ADDR=network)
    give_password(client, user)
    assert give_code(client, app.code()).status_code == 302
    client.post("/abmelden/")
    return client


def guess(times, name="kim", network=ATTACKER, client=None):
    return [
        give_password(client or Client(REMOTE_ADDR=network), name, f"falsch-{number}").status_code
        for number in range(times)
    ]


@database
def test_five_are_free_and_then_it_takes_longer_each_time(kim):
    now = timezone.now().replace(microsecond=0)
    waits = []
    with time_machine.travel(now, tick=False) as clock:
        assert guess(5) == [200] * 5
        for _ in range(7):
            answer = give_password(Client(REMOTE_ADDR=ATTACKER), "kim", PASSWORD)
            assert answer.status_code == 429
            waits.append(int(answer["Retry-After"]))
            clock.shift(waits[-1] + 1)
            assert guess(1) == [200]

    assert waits == [30, 60, 120, 240, 480, 900, 900]


@database
def test_the_answer_says_how_long_in_words(kim):
    guess(5)
    answer = give_password(Client(REMOTE_ADDR=ATTACKER), "kim", PASSWORD)
    dialog = Client(REMOTE_ADDR=ATTACKER).post(AGAIN, {"username": "kim", "password": PASSWORD})

    assert "Zu viele Fehlversuche. Bitte warten Sie 30 Sekunden" in answer.content.decode()
    assert dialog.status_code == 429
    assert "Bitte warten Sie" in dialog.json()["text"]
    assert 'value="kim"' in answer.content.decode()


@database
def test_even_the_right_password_waits_and_helps_afterwards(kim):
    guess(5)
    client = Client(REMOTE_ADDR=ATTACKER)
    assert give_password(client, kim).status_code == 429
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=31), tick=True):
        assert give_password(client, kim).status_code == 302
    assert guess(5) == [200] * 5


@database
def test_unknown_names_are_slowed_like_known_ones(kim):
    assert guess(7, "kim") == guess(7, "gibt-es-nicht", network="203.0.114.9")


@database
@pytest.mark.parametrize("name", ["KIM", " kim ", "ｋｉｍ"])
def test_spelling_a_name_differently_wins_no_tries(kim, name):
    guess(5)

    assert give_password(Client(REMOTE_ADDR=ATTACKER), name, "falsch").status_code == 429


@database
def test_a_colleague_elsewhere_is_not_touched(kim):
    guess(40)

    assert give_password(Client(REMOTE_ADDR=HOUSE), kim).status_code == 302


@database
def test_a_known_device_is_not_touched_even_in_the_same_network(kim):
    client = left_behind(kim, ATTACKER)
    guess(60)
    assert give_password(Client(REMOTE_ADDR=ATTACKER), kim).status_code == 429

    assert give_password(client, kim).status_code == 302


@database
def test_a_known_device_has_no_endless_tries_either(kim):
    client = left_behind(kim, HOUSE)

    assert guess(7, client=client) == [200] * 5 + [429] * 2
    assert give_password(Client(REMOTE_ADDR=HOUSE), kim).status_code == 302


@database
def test_the_mark_of_a_device_is_its_persons_alone(kim, eva):
    client = left_behind(eva, ATTACKER)
    guess(5)

    assert give_password(client, kim).status_code == 429
    # Nor does renaming the cookie help, or one that we did not sign.
    (cookie,) = [name for name in client.cookies if name.startswith("geraet_")]
    for value in (client.cookies[cookie].value, '["x","y"]', "x:y:z"):
        thief = Client(REMOTE_ADDR=ATTACKER)
        thief.cookies["geraet_" + counted_cookie("kim")] = value
        assert give_password(thief, kim).status_code == 429


def counted_cookie(name):
    from casework.views.signing_in import device_cookie_of

    return device_cookie_of(name).removeprefix("geraet_")


@database
@required
def test_a_device_is_known_after_the_second_factor_only(kim):
    app, client = with_app(kim), Client()
    give_password(client, kim)
    assert not [name for name in client.cookies if name.startswith("geraet_")]
    give_code(client, app.code())

    (name,) = [name for name in client.cookies if name.startswith("geraet_")]
    cookie = client.cookies[name]
    assert cookie["httponly"] and cookie["path"] == "/anmelden/" and cookie["samesite"] == "Lax"
    assert "kim" not in name + cookie.value


@database
def test_many_names_from_one_network_are_slowed_too(db):
    answers = guess_names(45)

    assert answers[:40] == [200] * 40
    assert answers[-1] == 429
    assert give_password(Client(REMOTE_ADDR="203.0.113.200"), "noch-einer", "x").status_code == 429
    assert give_password(Client(REMOTE_ADDR=HOUSE), "noch-einer", "x").status_code == 200


def guess_names(times):
    return [give_password(Client(REMOTE_ADDR=ATTACKER), f"name{n}", "x").status_code for n in range(times)]


@database
def test_ones_own_account_does_not_clear_the_networks_count(eva):
    for number in range(45):
        give_password(Client(REMOTE_ADDR=ATTACKER), f"name{number}", "x")
        if number % 3 == 0:
            give_password(Client(REMOTE_ADDR=ATTACKER), eva)

    assert give_password(Client(REMOTE_ADDR=ATTACKER), "name99", "x").status_code == 429


@database
def test_whatever_is_tried_takes_bounded_room(db):
    things = [of_password(f"name{n}", f"net{n}", "") for n in range(3000)]

    assert all(0 <= thing.slot < SLOTS for pair in things for thing in pair)
    guess_names(60)
    before = GuessCount.objects.count()
    guess_names(60)
    assert GuessCount.objects.count() == before <= 42


@database
def test_an_hour_later_it_is_forgotten(kim):
    guess(8)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61), tick=True):
        assert guess(5) == [200] * 5
        guessing.forget_old_guesses(timezone.now() + dt.timedelta(hours=2))
    assert not GuessCount.objects.exists()


@database
def test_proxies_are_believed_as_far_as_they_are_ours(kim, settings):
    settings.PROXIES = 1
    for number in range(6):
        headers = {"X-Forwarded-For": f"10.{number}.0.1, {ATTACKER}"}
        answer = Client(headers=headers).post(SIGN_IN, {"username": "kim", "password": "x"})
    assert answer.status_code == 429

    settings.PROXIES = 0
    for number in range(6):
        answer = Client(headers={"X-Forwarded-For": f"10.{number}.0.1"}).post(
            SIGN_IN, {"username": "eva", "password": "x"}
        )
    assert answer.status_code == 429


# --- the second factor -------------------------------------------------------------------------------------


def half(user, network=ATTACKER, client=None):
    client = client or Client(REMOTE_ADDR=network)
    give_password(client, user)
    return client


@database
@required
def test_guessing_codes_is_slowed_whichever_network_it_comes_from(kim):
    app = with_app(kim)
    answers = [give_code(half(kim, f"203.0.{n}.9"), app.wrong()).status_code for n in range(7)]

    assert answers == [422] * 5 + [429] * 2
    slowed = give_code(half(kim, "203.0.99.9"), app.code())
    assert slowed.status_code == 429 and int(slowed["Retry-After"]) <= 30
    assert "Bitte warten Sie" in slowed.content.decode()


@database
@required
def test_who_works_on_a_known_device_gives_a_code_while_others_guess(kim):
    app = with_app(kim)
    own = half(kim, HOUSE)
    give_code(own, app.code())
    own.post("/abmelden/")
    for n in range(7):
        give_code(half(kim, f"203.0.{n}.9"), app.wrong())

    half(kim, client=own)
    assert give_code(own, app.code(1)).status_code == 302
    assert works(own)


@database
@required
def test_recovery_codes_are_not_guessed_either(kim):
    with_app(kim)
    factors.make_recovery_codes(kim)
    answers = [give_code(half(kim), f"{n:010d}").status_code for n in range(7)]

    assert answers[-1] == 429


@pytest.mark.usefixtures("committed_db", "factor_required")
def test_what_happened_is_on_record_as_codes(superuser_sql):
    kim = UserFactory(username="kim")
    app = with_app(kim)
    client = half(kim)
    give_code(client, app.wrong())
    give_code(client, app.code())
    guess(9)
    guess(2, "gibt-es-nicht", network=HOUSE)

    assert events_of(kim, superuser_sql) == [
        *("sign_in.succeeded", "factor.failed", "factor.given"),
        *["sign_in.failed"] * 5,
        "sign_in.slowed",  # once, however often somebody knocks while they wait
    ]
    assert events_of(None, superuser_sql) == ["sign_in.failed"] * 2
    columns = superuser_sql("SELECT string_agg(to_jsonb(e)::text, ' ') FROM casework_accountevent AS e")[0][0]
    assert "kim" not in columns and "gibt" not in columns and ATTACKER not in columns


# --- at the same moment ------------------------------------------------------------------------------------


def at_once(calls):
    answers = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(index, call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            answers[index] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("tries", [12])
def test_guesses_side_by_side_do_not_pass_the_count(tries):
    UserFactory(username="kim")
    for _ in range(4):
        at_once([lambda: give_password(Client(REMOTE_ADDR=ATTACKER), "kim", "falsch").status_code] * tries)
    judged = sum(GuessCount.objects.filter(kind=GuessKind.PAIR).values_list("failures", flat=True))

    assert 1 <= judged <= guessing.RULES[GuessKind.PAIR].free


@pytest.mark.usefixtures("committed_db", "factor_required")
def test_one_code_given_twice_at_once_lets_one_in(superuser_sql):
    kim = UserFactory(username="kim")
    app = with_app(kim)
    for _ in range(3):
        factors.Authenticator.objects.update(data={"secret": factors.seal(app.secret)})
        clients = [half(kim, f"203.0.{number}.1") for number in range(6)]
        code = app.code()
        at_once([lambda client=client, code=code: give_code(client, code).status_code for client in clients])

        assert sum(works(client) for client in clients) == 1
        GuessCount.objects.all().delete()
    assert events_of(kim, superuser_sql).count("factor.given") == 3


@pytest.mark.usefixtures("committed_db", "factor_required")
def test_one_recovery_code_given_twice_at_once_lets_one_in():
    kim = UserFactory(username="kim")
    with_app(kim)
    with transaction.atomic():
        codes = factors.make_recovery_codes(kim)
    clients = [half(kim, f"203.0.{number}.1") for number in range(6)]
    at_once([lambda client=client: give_code(client, codes[0]).status_code for client in clients])

    assert sum(works(client) for client in clients) == 1
    assert codes_on("") == []


@database
def test_the_wait_is_held_by_the_transaction(db):
    """Whoever is being judged is judged alone: the lock of a pair belongs to the transaction, the next one waits."""
    things = of_password("kim", "net", "")

    assert seconds_to_wait(things) == 0
    answers = at_once([lambda: seconds_to_wait(things)])
    assert answers == [1]
    assert of_factor(1, "") != of_factor(2, "") != of_factor(2, "x")
    assert counted(GuessKind.PAIR, "a", "b") != counted(GuessKind.PAIR, "ab")

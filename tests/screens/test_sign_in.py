"""Signing in, and signing in again while a text stands open."""

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def token_of(page: str) -> str:
    found = re.search(r'name="previous" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_same_person_is_known_again(kim_client, kim):
    previous = token_of(kim_client.get("/").content.decode())

    answer = Client().post("/anmelden/erneut/", {"username": "kim", "password": PASSWORD, "previous": previous})

    assert answer.status_code == 200
    assert answer.json()["same_user"] is True
    assert answer.json()["csrf"]


def test_somebody_else_is_told_apart(kim_client, eva):
    previous = token_of(kim_client.get("/").content.decode())

    answer = Client().post("/anmelden/erneut/", {"username": "eva", "password": PASSWORD, "previous": previous})

    assert answer.json()["same_user"] is False


@pytest.mark.parametrize("previous", ["", "kaputt", "1:abc"])
def test_a_broken_token_is_nobody(eva, previous):
    answer = Client().post("/anmelden/erneut/", {"username": "eva", "password": PASSWORD, "previous": previous})

    assert answer.json()["same_user"] is False


def test_a_wrong_password_signs_nobody_in(kim):
    client = Client()

    answer = client.post("/anmelden/erneut/", {"username": "kim", "password": "falsch", "previous": ""})

    assert answer.status_code == 422
    assert client.get("/").status_code == 302


def test_an_inactive_account_is_out_at_once(kim_client, kim):
    kim.is_active = False
    kim.save(update_fields=["is_active"])

    assert kim_client.get("/").status_code == 302


def test_a_form_of_an_earlier_session_says_so(kim):
    client = Client(enforce_csrf_checks=True)
    client.force_login(kim)

    page = client.post("/faelle/suche/", {"q": "x"})
    script = client.post("/faelle/suche/", {"q": "x"}, headers={"HX-Request": "true"})

    assert page.status_code == script.status_code == 403
    assert "Ihre Sitzung ist beendet" in page.content.decode()
    assert script.content == b""


def test_each_role_starts_where_its_work_is(kim_client, admin_client, paula_client):
    assert kim_client.get("/").status_code == 200
    assert admin_client.get("/").url == "/verwaltung/"
    assert paula_client.get("/").url == "/angebotspflege/"

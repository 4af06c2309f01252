"""Fälle: the list, and a search that never finds what one may not see."""

import datetime as dt

import pytest
from django.utils import timezone

from casework.models import Case
from casework.models.search import read_hits
from tests.factories import CaseFactory, ClientFactory

pytestmark = pytest.mark.django_db


def person(kim, family, given, **more):
    return CaseFactory(counsellor=kim, client=ClientFactory(family_name=family, given_name=given, **more))


@pytest.mark.parametrize(
    ("family", "given", "term"),
    [
        ("Müller", "Jörg", "mueller"),
        ("Müller", "Jörg", "Joerg Muller"),
        ("Yıldız", "Deniz", "yildiz"),
        ("Weiß", "Ada", "weiss"),
        ("Nowák", "Zoë", "nowak zoe"),
        ("Schmidt", "Ada", "Schmitd"),
        ("Kowalska", "Maria", "kovalska"),
        ("de Vries", "Jan", "devries"),
        ("Ковальчук", "Олена", "коваль"),
        ("Özdemir", "Can", "ÖZDEMIR"),
    ],
)
def test_search_is_tolerant_of_spelling(kim_client, kim, family, given, term):
    case = person(kim, family, given)
    person(kim, "Ganz", "Anders")

    page = kim_client.post("/faelle/suche/", {"q": term}).content.decode()

    assert case.number in page
    assert "Ganz, Anders" not in page


def test_search_by_number_and_by_birth_date(kim_client, kim):
    case = person(kim, "Amari", "Nour")
    born = f"{case.client.birth_date:%d.%m.%Y}"

    assert case.number in kim_client.post("/faelle/suche/", {"q": case.number}).content.decode()
    assert case.number in kim_client.post("/faelle/suche/", {"q": case.number[-3:]}).content.decode()
    assert case.number in kim_client.post("/faelle/suche/", {"q": born}).content.decode()


@pytest.mark.parametrize("term", ["Amari", "F-26", "%", "_", "", "'", '"', "\\", "a" * 400, "\x01"])
def test_search_never_finds_what_one_may_not_see(nora_client, kim, term):
    case = person(kim, "Amari", "Nour")

    response = nora_client.post("/faelle/suche/", {"q": term})

    assert response.status_code == 200
    assert case.number not in response.content.decode()
    assert "Amari, Nour" not in response.content.decode()


def test_the_fragment_is_the_part_of_the_page(kim_client, kim):
    person(kim, "Amari", "Nour")

    page = kim_client.post("/faelle/suche/", {"q": "amari"}).content.decode()
    part = kim_client.post("/faelle/suche/", {"q": "amari"}, headers={"HX-Request": "true"}).content.decode()

    assert part.strip() in page
    assert "<h1" not in part


def test_the_list_does_not_query_per_row(kim_client, kim, count_queries):
    person(kim, "Amari", "Nour")
    with count_queries() as few:
        kim_client.get("/faelle/")
    for number in range(60):
        person(kim, f"Name{number}", "Vor")

    with count_queries() as many:
        response = kim_client.get("/faelle/?sortierung=termin")

    assert few.count == many.count, many.explain()
    assert len(response.content) <= 40_000


def test_a_team_lead_lists_the_team(tom_client, kim):
    case = person(kim, "Amari", "Nour")

    assert case.number in tom_client.get("/faelle/").content.decode()


@pytest.mark.parametrize(
    "term", ["müller", "joerg", "muler", "mül jör", "jörg m", "joggl", "26-000", "01.02.1990", "%", "x"]
)
def test_search_as_you_type_and_the_search_for_a_name_find_the_same(kim, term):
    person(kim, "Müller", "Jörg", preferred_name="Joggl")
    person(kim, "Muhler", "Ada", birth_date=dt.date(1990, 2, 1))
    person(kim, "Ganz", "Anders")

    hits = {row[0]: row[-1] for row in read_hits(kim.pk, term, now=timezone.now(), limit=50)}

    assert hits == dict(Case.objects.visible_to(kim).matching(term).values_list("pk", "why"))

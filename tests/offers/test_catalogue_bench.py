"""What `make bench` searches: offers that hold to every rule, and are found as they are meant to be."""

import pytest
from django.db import connection

from jobcenter.office.bench import catalogue
from offers.models.search import read_offers
from tests.factories_offers import published_offer

pytestmark = pytest.mark.django_db


def test_the_catalogue_of_the_bench_is_one_that_the_rules_let_through(kim, paula, landkreis):
    published_offer()

    with connection.cursor() as cursor:
        cursor.execute(catalogue.FILL, catalogue.filling(catalogue.OFFERS - 1))
        cursor.execute(catalogue.STANDING)
        (standing,) = cursor.fetchone()

    assert standing == catalogue.OFFERS == read_offers().total
    typed, misspelt = read_offers(catalogue.TYPED), read_offers(catalogue.MISSPELT)
    assert typed.total > 100
    assert not typed.alike
    assert misspelt.total > 30
    assert misspelt.alike
    assert "Bewerbung" in misspelt.hits[0].name

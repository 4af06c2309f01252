"""The directory of the Sozialraum, what is handed over, the names of the law: kept by many, overwritten by nobody."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils import timezone

from agreements.models import AgreementHandout, LegalRegime, SocialPlace
from tests import factories
from tests.agreements.test_rules_wills_resources import BLANK
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(kim):
    return factories.SocialPlaceFactory(added_by=kim, name="Fahrradwerkstatt")


def change(place, **fields):
    SocialPlace.objects.filter(pk=place.pk).update(**{"version": F("version") + 1} | fields)


def end(place):
    change(place, ended_at=timezone.now(), ended_by=place.added_by)


# --- places ------------------------------------------------------------------------------------------------


def test_every_change_of_a_place_counts_its_version(place):
    with accepted():
        change(place, what="Räder reparieren")
    for version in (1, 2, 4, 0):
        with refused("social_place_version_counts"):
            change(place, reach="Bus 21", version=version)
    with refused("social_place_version_counts"):
        sql("UPDATE agreements_socialplace SET name = 'Anders'")


def test_a_place_that_is_gone_stays_gone(place):
    end(place)

    for fields in ({"name": "Anders"}, {"ended_at": None, "ended_by": None}, {"confirmed_at": timezone.now()}):
        with refused("ended_place_is_final"):
            change(place, **fields)


def test_the_end_of_a_place_has_time_and_person(place, kim):
    with refused("social_place_end_paired"):
        change(place, ended_at=timezone.now())
    with refused("social_place_end_paired"):
        change(place, ended_by=kim)


def test_a_place_stands_once_in_its_space_however_it_is_written(place):
    with refused("social_place_once_in_its_space"):
        factories.SocialPlaceFactory(space=place.space, name="FAHRRADWERKSTATT")
    with accepted():
        factories.SocialPlaceFactory(name=place.name)
        end(place)
        factories.SocialPlaceFactory(space=place.space, name=place.name)


def test_a_place_takes_no_name_that_another_one_has(place):
    other = factories.SocialPlaceFactory(space=place.space)

    with refused("social_place_once_in_its_space"):
        change(other, name="fahrradwerkstatt")


def test_who_added_a_place_when_stays_and_no_place_is_deleted(place):
    for statement in (
        "UPDATE agreements_socialplace SET added_at = now(), version = version + 1",
        "UPDATE agreements_socialplace SET added_by_id = added_by_id, version = version + 1",
        "DELETE FROM agreements_socialplace",
    ):
        with denied():
            sql(statement)


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", BLANK, ids=ascii)
@pytest.mark.parametrize(
    ("rule", "factory", "column"),
    [
        ("social_place_named", factories.SocialPlaceFactory, "name"),
        ("social_space_named", factories.SocialSpaceFactory, "name"),
        ("resource_field_named", factories.ResourceFieldFactory, "text"),
        ("sheet_wording_titled", factories.SheetWordingFactory, "title"),
        ("legal_regime_names_the_plan", factories.LegalRegimeFactory, "plan_name"),
        ("legal_regime_names_the_benefit", factories.LegalRegimeFactory, "benefit_name"),
    ],
)
def test_what_is_chosen_from_has_a_name(rule, factory, column, blank):
    row = factory()

    with refused(rule):
        factory(**{column: blank})
    with refused(rule):
        version = {"version": F("version") + 1} if factory is factories.SocialPlaceFactory else {}
        type(row).objects.filter(pk=row.pk).update(**{column: blank}, **version)


# --- what was handed over ----------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [["goal"], ["will", "steps", "duty"], [""], ["will", None]], ids=str)
def test_a_sheet_holds_known_parts_only(parts):
    agreement = factories.AgreementFactory()

    with refused("handout_parts_known"):
        AgreementHandout.objects.create(case=agreement.case, agreement=agreement, parts=parts, by=agreement.by)


@pytest.mark.parametrize("parts", [[], ["steps"], ["will", "resources", "steps"]], ids=str)
def test_a_sheet_holds_what_the_person_chose(parts):
    with accepted():
        factories.AgreementHandoutFactory(parts=parts)


# --- the names of the law ----------------------------------------------------------------------------------


def test_one_legal_regime_holds_at_a_time():
    with refused("one_legal_regime_at_a_time"):
        factories.LegalRegimeFactory(during=DateRange(timezone.localdate(), None))
    with refused("one_legal_regime_at_a_time"):
        LegalRegime.objects.update(during=DateRange(dt.date(2023, 1, 1), dt.date(2023, 2, 1)))


def test_a_new_regime_begins_where_the_last_one_ends():
    day = dt.date(2030, 1, 1)

    with accepted():
        LegalRegime.objects.filter(during__upper_inf=True).update(during=DateRange(dt.date(2026, 7, 1), day))
        factories.LegalRegimeFactory(during=DateRange(day, None))


def test_a_regime_holds_for_some_time():
    with refused("legal_regime_period_real"):
        factories.LegalRegimeFactory(during=DateRange(empty=True))


def test_every_day_since_2005_has_one_regime():
    for day, benefit, plan in (
        (dt.date(2005, 1, 1), "Arbeitslosengeld II", "Eingliederungsvereinbarung"),
        (dt.date(2023, 6, 30), "Bürgergeld", "Eingliederungsvereinbarung"),
        (dt.date(2023, 7, 1), "Bürgergeld", "Kooperationsplan"),
        (dt.date(2026, 6, 30), "Bürgergeld", "Kooperationsplan"),
        (dt.date(2026, 7, 1), "Grundsicherungsgeld", "Kooperationsplan"),
        (dt.date(2099, 12, 31), "Grundsicherungsgeld", "Kooperationsplan"),
    ):
        regime = LegalRegime.objects.on(day).get()
        assert (regime.benefit_name, regime.plan_name, regime.agreement_is_plan) == (benefit, plan, False)

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework import actions
from casework.actions import NotAllowed, RuleBroken
from casework.models import Absence, Substitution
from tests.factories import AbsenceFactory, SubstitutionFactory

URL = "/vertretungen/"


def day(days):
    return timezone.localdate() + dt.timedelta(days=days)


def text(days):
    return f"{day(days):%d.%m.%Y}"


@pytest.fixture
def entry(kim, eva):
    return {"user": kim.pk, "first_day": text(0), "last_day": text(5), "substitute": eva.pk}


@pytest.mark.parametrize("url", [URL, f"{URL}neu/", f"{URL}1/ende/"])
def test_only_a_team_lead_enters_absences(client, kim_client, paula_client, url):
    assert client.get(url).status_code == 302
    assert kim_client.get(url).status_code == 403
    assert paula_client.get(url).status_code == 403


def test_an_empty_list_says_so(tom_client):
    page = tom_client.get(URL).content.decode()

    assert "Heute ist aus Ihrem Team niemand als abwesend eingetragen." in page


def test_the_substitute_reads_the_cases_while_it_lasts(tom_client, eva_client, case, entry):
    assert eva_client.get(f"/faelle/{case.number}/").status_code == 404
    response = tom_client.post(f"{URL}neu/", entry)

    assert response["Location"] == URL
    assert eva_client.get(f"/faelle/{case.number}/").status_code == 200
    page = tom_client.get(URL).content.decode()
    assert "Kim Sander" in page
    assert "Vertretung: Eva Brandt" in page


def test_an_absence_without_substitute_is_possible(tom_client, entry):
    tom_client.post(f"{URL}neu/", entry | {"substitute": ""})

    assert Absence.objects.count() == 1
    assert "noch niemand" in tom_client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"last_day": text(-1)}, "liegt vor dem ersten"),
        ({"first_day": "31.2.2026"}, "Bitte schreiben Sie den Tag so"),
        ({"user": ""}, "Bitte wählen."),
        ({"last_day": "31.12.9999"}, "Bitte schreiben Sie den Tag so"),
        ({"last_day": text(740)}, "mehr als zwei Jahre voraus"),
    ],
)
def test_what_does_not_hold_is_refused(tom_client, entry, changed, sentence):
    response = tom_client.post(f"{URL}neu/", entry | changed)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Absence.objects.exists()


def test_nobody_stands_in_for_themselves(tom_client, kim, entry):
    response = tom_client.post(f"{URL}neu/", entry | {"substitute": kim.pk})

    assert response.status_code == 422
    assert "Niemand kann sich selbst vertreten" in response.content.decode()


def test_a_substitute_has_no_substitute(tom_client, kim, eva, entry):
    tom_client.post(f"{URL}neu/", entry)
    response = tom_client.post(f"{URL}neu/", entry | {"user": eva.pk, "substitute": kim.pk})

    assert response.status_code == 422
    assert "Eine Vertretung hat keine Vertretung" in response.content.decode()
    assert Absence.objects.count() == 1


def test_days_are_not_entered_twice(tom_client, entry):
    tom_client.post(f"{URL}neu/", entry)
    response = tom_client.post(f"{URL}neu/", entry | {"first_day": text(3), "substitute": ""})

    assert response.status_code == 422
    assert "schon eine Abwesenheit" in response.content.decode()


def test_people_of_other_teams_are_not_offered(tom_client, nora, entry):
    response = tom_client.post(f"{URL}neu/", entry | {"user": nora.pk})

    assert response.status_code == 422
    assert "Yılmaz" not in response.content.decode()


def test_back_earlier_ends_the_substitution_too(tom_client, kim, eva):
    absence = SubstitutionFactory(absent_user=kim, substitute=eva).absence
    assert tom_client.get(f"{URL}{absence.pk}/ende/").status_code == 200
    response = tom_client.post(f"{URL}{absence.pk}/ende/", {"last_day": text(0)})

    assert response["Location"] == URL
    assert Absence.objects.get().during.upper == day(1)
    assert Substitution.objects.get().during.upper == day(1)


@pytest.mark.parametrize("last", [-30, 60])
def test_an_end_before_the_beginning_or_later_than_entered_is_refused(tom_client, kim, last):
    absence = AbsenceFactory(user=kim)
    response = tom_client.post(f"{URL}{absence.pk}/ende/", {"last_day": text(last)})

    assert response.status_code == 422
    assert Absence.objects.get().during == absence.during


def test_the_absence_of_another_team_is_absent(tom_client, nora):
    absence = AbsenceFactory(user=nora)

    assert tom_client.get(f"{URL}{absence.pk}/ende/").status_code == 404
    assert "Nora" not in tom_client.get(URL).content.decode()


def test_coming_and_past_absences_stand_apart(tom_client, kim, eva):
    AbsenceFactory(user=kim, during=DateRange(day(-20), day(-10)))
    AbsenceFactory(user=eva, during=DateRange(day(10), day(20)))
    page = tom_client.get(URL).content.decode()

    assert "In den letzten vier Wochen" in page
    assert page.index("Eva Brandt") < page.index("Kim Sander")


def test_the_list_does_not_query_per_row(tom_client, kim, eva, count_queries):
    SubstitutionFactory(absent_user=kim, substitute=eva)
    with count_queries() as few:
        tom_client.get(URL)
    for number in range(4):
        AbsenceFactory(user=eva, during=DateRange(day(30 + 10 * number), day(35 + 10 * number)))
    with count_queries() as many:
        tom_client.get(URL)

    assert many.count == few.count, many.explain()


@pytest.mark.parametrize("last", [day(740), dt.date.max])
def test_the_action_itself_refuses_more_than_two_years(tom, kim, last):
    with pytest.raises(RuleBroken, match="mehr als zwei Jahre voraus"):
        actions.enter_absence(user=kim, first_day=day(0), last_day=last, substitute=None, by=tom)


@pytest.mark.parametrize("last", [day(60), dt.date.max])
def test_the_action_itself_refuses_an_end_later_than_entered(tom, kim, last):
    absence = AbsenceFactory(user=kim)

    with pytest.raises(RuleBroken, match="später als eingetragen"):
        actions.end_absence(absence=absence, last_day=last, by=tom)


def test_the_action_itself_knows_whose_lead_it_is(tom, kim, nora):
    with pytest.raises(NotAllowed):
        actions.enter_absence(user=nora, first_day=day(0), last_day=day(1), substitute=None, by=tom)
    with pytest.raises(NotAllowed):
        actions.end_absence(absence=AbsenceFactory(user=nora), last_day=day(0), by=tom)
    with pytest.raises(NotAllowed):
        actions.end_absence(absence=AbsenceFactory(user=kim), last_day=day(0), by=kim)


def test_an_absence_that_has_not_begun_is_shortened_to_its_first_day(tom_client, kim, eva):
    absence = AbsenceFactory(user=kim, during=DateRange(day(10), day(20)))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    url = f"{URL}{absence.pk}/ende/"
    page = tom_client.get(url).content.decode()
    refused = tom_client.post(url, {"last_day": text(9)})

    assert "Mehr als dieser eine Tag bleibt dann nicht stehen." in page
    assert refused.status_code == 422
    assert f"Frühestens am ersten Tag, dem {text(10)}" in refused.content.decode()
    assert tom_client.post(url, {"last_day": text(10)})["Location"] == URL
    assert Absence.objects.get().during == DateRange(day(10), day(11))
    assert Substitution.objects.get().during == DateRange(day(10), day(11))

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework import actions
from casework.actions import NotAllowed, RuleBroken
from casework.actions.absences import name_substitute
from casework.models import Absence, Substitution
from tests.factories import AbsenceFactory, CaseFactory, CounsellorFactory, FollowUpFactory, SubstitutionFactory, ahead
from tests.factories_presence import StandingSubstituteFactory, WorkPatternFactory

URL = "/vertretungen/"


def day(days):
    return timezone.localdate() + dt.timedelta(days=days)


def text(days):
    return f"{day(days):%d.%m.%Y}"


@pytest.fixture
def entry(kim, eva):
    return {"user": kim.pk, "first_day": text(0), "last_day": text(5), "substitute": eva.pk}


@pytest.mark.parametrize("url", [URL, f"{URL}neu/"])
def test_only_who_works_on_cases_enters_absences(client, kim_client, paula_client, url):
    assert client.get(url).status_code == 302
    assert kim_client.get(url).status_code == 200
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
        actions.end_absence(absence=AbsenceFactory(user=kim), last_day=day(0), by=nora)


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


# --- entered by oneself, and by who stands in for the lead -------------------------------------------------


def test_one_enters_the_own_absence_and_nobody_elses(kim_client, kim, eva, entry):
    page = kim_client.get(f"{URL}neu/").content.decode()
    assert "Meine Abwesenheit eintragen" in page
    assert "Abwesend ist" not in page

    kim_client.post(f"{URL}neu/", entry | {"user": eva.pk})

    absence = Absence.objects.get()
    assert (absence.user, absence.entered_by) == (kim, kim)
    assert absence.substitutions.get().substitute == eva
    assert "Kim Sander" in kim_client.get(URL).content.decode()


def test_one_sees_the_own_absences_and_not_those_of_the_team(kim_client, eva):
    absence = AbsenceFactory(user=eva)

    assert "Eva Brandt" not in kim_client.get(URL).content.decode()
    for page in ("ende", "vertretung", "termine"):
        assert kim_client.get(f"{URL}{absence.pk}/{page}/").status_code == 404


def test_one_ends_the_own_absence(kim_client, kim):
    absence = AbsenceFactory(user=kim)
    kim_client.post(f"{URL}{absence.pk}/ende/", {"last_day": text(0)})

    assert Absence.objects.get().during.upper == day(1)


def test_whoever_stands_in_for_the_lead_enters_for_the_team(eva_client, kim, eva, tom, entry):
    SubstitutionFactory(absent_user=tom, substitute=eva)
    eva_client.post(f"{URL}neu/", entry | {"substitute": "nobody"})

    assert Absence.objects.get(user=kim).entered_by == eva


# --- without an end ----------------------------------------------------------------------------------------


@pytest.fixture
def open_entry(entry):
    return {name: value for name, value in entry.items() if name != "last_day"} | {"open_end": "on"}


def test_an_absence_without_an_end_lasts_until_further_notice(tom_client, eva_client, case, open_entry):
    tom_client.post(f"{URL}neu/", open_entry)

    assert Absence.objects.get().during.upper is None
    assert Substitution.objects.get().during.upper is None
    assert "bis auf Weiteres" in tom_client.get(URL).content.decode()
    assert "Vertretung für Kim Sander bis auf Weiteres" in eva_client.get("/").content.decode()
    assert "Eva Brandt bis auf Weiteres" in eva_client.get(f"/faelle/{case.number}/").content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"last_day": text(3)}, "entweder den letzten Tag"), ({"open_end": ""}, "Bitte ausfüllen.")],
)
def test_the_end_is_named_or_left_open_and_not_both(tom_client, open_entry, changed, sentence):
    response = tom_client.post(f"{URL}neu/", open_entry | changed)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Absence.objects.exists()


def test_an_open_absence_is_ended(tom_client, eva_client, case, open_entry):
    tom_client.post(f"{URL}neu/", open_entry)
    absence = Absence.objects.get()
    url = f"{URL}{absence.pk}/ende/"

    assert "Abwesenheit beenden" in tom_client.get(url).content.decode()
    assert tom_client.post(url, {"last_day": text(740)}).status_code == 422
    assert tom_client.post(url, {"last_day": text(2)})["Location"] == URL
    assert Absence.objects.get().during.upper == day(3)
    assert Substitution.objects.get().during.upper == day(3)


def test_a_further_absence_beside_an_open_one_is_refused(tom_client, open_entry, entry):
    tom_client.post(f"{URL}neu/", open_entry)
    response = tom_client.post(f"{URL}neu/", entry | {"first_day": text(300), "last_day": text(301)})

    assert response.status_code == 422
    assert "schon eine Abwesenheit" in response.content.decode()


@pytest.mark.parametrize("first", [740, 800])
def test_the_first_day_is_not_years_ahead(tom, kim, first):
    with pytest.raises(RuleBroken, match="Der erste Tag liegt mehr als zwei Jahre voraus"):
        actions.enter_absence(user=kim, first_day=day(first), last_day=None, substitute=None, by=tom)


# --- the standing substitute -------------------------------------------------------------------------------


def test_the_standing_substitute_stands_in_when_nobody_is_named(tom_client, kim, eva, entry):
    StandingSubstituteFactory(user=kim, substitute=eva)
    tom_client.post(f"{URL}neu/", entry | {"substitute": ""})

    assert Substitution.objects.get().substitute == eva


def test_nobody_is_chosen_on_purpose(tom_client, kim, eva, entry):
    StandingSubstituteFactory(user=kim, substitute=eva)
    tom_client.post(f"{URL}neu/", entry | {"substitute": "nobody"})

    assert Absence.objects.exists()
    assert not Substitution.objects.exists()


def test_somebody_named_takes_the_place_of_the_standing_one(tom_client, kim, eva, tom, entry):
    StandingSubstituteFactory(user=kim, substitute=eva)
    tom_client.post(f"{URL}neu/", entry | {"substitute": tom.pk})

    assert Substitution.objects.get().substitute == tom


def test_the_standing_substitute_is_named_in_the_form(kim_client, tom_client, kim, eva):
    assert "noch niemand" in kim_client.get(f"{URL}neu/").content.decode()
    StandingSubstituteFactory(user=kim, substitute=eva)

    assert "ständige Vertretung: Eva Brandt" in kim_client.get(f"{URL}neu/").content.decode()
    assert "ständige Vertretung: Eva Brandt" in tom_client.get(f"{URL}neu/?person={kim.pk}").content.decode()
    assert "ständige Vertretung, wenn" in tom_client.get(f"{URL}neu/?person=²").content.decode()


def test_a_standing_substitute_whose_account_is_off_does_not_stand_in(tom, kim, osterode):
    gone = CounsellorFactory(user__team=osterode, user__is_active=False).user
    StandingSubstituteFactory(user=kim, substitute=gone)
    actions.enter_absence(user=kim, first_day=day(0), last_day=day(1), substitute=None, by=tom)

    assert not Substitution.objects.exists()


# --- warnings, and no refusal ------------------------------------------------------------------------------


def warned(client, entry, **changed):
    """What the page after entering says, and the list once the messages are gone."""
    assert client.post(f"{URL}neu/", entry | changed).status_code == 302
    return client.get(URL).content.decode(), client.get(URL).content.decode()


def test_nobody_standing_in_is_a_warning(tom_client, entry):
    said, listed = warned(tom_client, entry, substitute="")

    assert "Vertretung für Kim Sander: Es steht niemand ein." in said
    assert "Hinweis: Es steht niemand ein." in listed


def test_a_substitute_who_is_absent_too_is_a_warning(tom_client, eva, entry):
    AbsenceFactory(user=eva, during=DateRange(day(2), day(4)))
    said, listed = warned(tom_client, entry)
    sentence = f"Eva Brandt ist auch abwesend: vom {text(2)} bis {text(3)}."

    assert sentence in said
    assert f"Hinweis: {sentence}" in listed


def test_an_absence_of_who_stands_in_is_a_warning_too(tom_client, kim, eva, entry):
    SubstitutionFactory(absent_user=kim, substitute=eva)
    said, _ = warned(tom_client, entry, user=eva.pk, substitute="nobody", first_day=text(1), last_day=text(1))

    assert f"Vertretung für Kim Sander: Eva Brandt ist auch abwesend: am {text(1)}." in said


def test_a_substitute_who_works_on_none_of_the_days_is_a_warning(tom_client, eva, entry):
    wednesday = ahead(7)
    while wednesday.weekday() != 2:
        wednesday += dt.timedelta(days=1)
    WorkPatternFactory(user=eva, since=day(-30), weekdays=1 + 2)
    dates = {"first_day": f"{wednesday:%d.%m.%Y}", "last_day": f"{wednesday + dt.timedelta(days=2):%d.%m.%Y}"}
    said, _ = warned(tom_client, entry, **dates)

    assert "Eva Brandt arbeitet an keinem dieser Tage." in said


def test_a_substitute_who_works_on_one_of_the_days_is_no_warning(tom_client, eva, entry):
    WorkPatternFactory(user=eva, since=day(-30), weekdays=1)
    said, _ = warned(tom_client, entry, last_day=text(9))

    assert "keinem dieser Tage" not in said


def test_an_account_that_is_off_is_a_warning(tom_client, kim, eva):
    SubstitutionFactory(absent_user=kim, substitute=eva)
    type(eva).objects.filter(pk=eva.pk).update(is_active=False)

    assert "Hinweis: Das Konto von Eva Brandt ist nicht mehr aktiv." in tom_client.get(URL).content.decode()


def test_days_without_a_substitute_are_a_warning(tom_client, kim, eva):
    absence = AbsenceFactory(user=kim, during=DateRange(day(0), day(10)))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva, during=DateRange(day(0), day(5)))

    assert "Hinweis: Nicht an allen Tagen steht jemand ein." in tom_client.get(URL).content.decode()


def test_what_is_over_is_no_warning(tom_client, kim):
    AbsenceFactory(user=kim, during=DateRange(day(-5), day(-2)))

    assert "Hinweis" not in tom_client.get(URL).content.decode()


# --- a substitute is named later ---------------------------------------------------------------------------


def test_a_substitute_is_named_later(tom_client, eva_client, case, kim, eva):
    absence = AbsenceFactory(user=kim)
    url = f"{URL}{absence.pk}/vertretung/"
    assert "Es steht niemand ein." in tom_client.get(url).content.decode()

    assert tom_client.post(url, {"substitute": eva.pk})["Location"] == URL
    assert Substitution.objects.get().during == DateRange(day(0), absence.during.upper)
    assert eva_client.get(f"/faelle/{case.number}/").status_code == 200


def test_another_substitute_takes_over_from_today(tom, kim, eva):
    other = CounsellorFactory(user__team=tom.team).user
    absence = SubstitutionFactory(absent_user=kim, substitute=eva).absence

    assert name_substitute(absence=absence, substitute=other, by=tom) == day(0)
    periods = dict(Substitution.objects.values_list("substitute", "during"))
    assert periods == {
        eva.pk: DateRange(absence.during.lower, day(0)),
        other.pk: DateRange(day(0), absence.during.upper),
    }


def test_a_substitution_still_to_come_keeps_its_first_day(tom, kim, eva):
    other = CounsellorFactory(user__team=tom.team).user
    absence = AbsenceFactory(user=kim, during=DateRange(day(10), None))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)

    assert name_substitute(absence=absence, substitute=other, by=tom) == day(11)
    assert Substitution.objects.get(substitute=other).during == DateRange(day(11), None)


def test_a_substitute_is_not_named_for_what_is_over_or_twice(tom, kim, eva):
    over = AbsenceFactory(user=eva, during=DateRange(day(-9), day(-3)))
    with pytest.raises(RuleBroken, match="schon vorbei"):
        name_substitute(absence=over, substitute=kim, by=tom)
    running = SubstitutionFactory(absent_user=kim, substitute=eva).absence
    with pytest.raises(RuleBroken, match="ist schon eingetragen"):
        name_substitute(absence=running, substitute=eva, by=tom)
    one_day = AbsenceFactory(user=tom, during=DateRange(day(0), day(1)))
    SubstitutionFactory(absence=one_day, absent_user=tom, substitute=eva)
    with pytest.raises(RuleBroken, match="sie bleibt"):
        name_substitute(absence=one_day, substitute=CounsellorFactory(user__team=tom.team).user, by=tom)


def test_nobody_stands_in_for_themselves_later_either(tom_client, kim):
    absence = AbsenceFactory(user=kim)

    assert tom_client.post(f"{URL}{absence.pk}/vertretung/", {"substitute": kim.pk}).status_code == 422


def test_for_whom_one_stands_in_is_in_the_own_list(eva_client, kim, eva):
    absence = SubstitutionFactory(absent_user=kim, substitute=eva).absence
    page = eva_client.get(URL).content.decode()

    assert "Sie vertreten" in page
    assert f"{URL}{absence.pk}/termine/" in page


def test_appointments_inside_are_the_next_page(tom_client, kim, entry):
    due = ahead(1)
    FollowUpFactory(case=CaseFactory(counsellor=kim), appointment=True, due_on=due)
    response = tom_client.post(f"{URL}neu/", entry | {"last_day": f"{due:%d.%m.%Y}"})

    assert response["Location"] == f"{URL}{Absence.objects.get().pk}/termine/"

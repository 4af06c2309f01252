"""Standing substitutes and working days of the week: one's own page, the lead's, and the rules of the two tables."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.actions import NotAllowed, RuleBroken
from casework.actions.presence import remove_work_pattern, set_standing_substitute, set_work_pattern
from casework.models import StandingSubstitute, Substitution, WorkPattern
from tests.factories import AbsenceFactory, CounsellorFactory, SubstitutionFactory
from tests.factories_presence import StandingSubstituteFactory, WorkPatternFactory
from tests.rules import accepted, denied, refused, sql

OWN = "/einstellungen/anwesenheit/"
TEAM = "/vertretungen/team/"


def day(days):
    return timezone.localdate() + dt.timedelta(days=days)


def text(days):
    return f"{day(days):%d.%m.%Y}"


# --- rules of the database ---------------------------------------------------------------------------------


def test_a_standing_substitute_is_somebody_else(kim):
    with refused("standing_substitute_is_somebody_else"):
        StandingSubstituteFactory(user=kim, substitute=kim)


def test_working_days_are_entered_once_for_a_day(kim):
    WorkPatternFactory(user=kim, since=day(0))
    with refused("one_work_pattern_from_a_day_on"):
        WorkPatternFactory(user=kim, since=day(0), weekdays=31)
    with accepted():
        WorkPatternFactory(user=kim, since=day(1), weekdays=31)


@pytest.mark.parametrize("weekdays", [0, 32])
def test_working_days_are_days_of_the_week(kim, weekdays):
    with refused("work_pattern_has_days"):
        WorkPatternFactory(user=kim, weekdays=weekdays)


def test_a_substitution_is_a_period_and_may_lack_an_end(kim, eva):
    absence = AbsenceFactory(user=kim, during=DateRange(day(0), None))
    with refused("substitution_period_real"):
        sql(
            "INSERT INTO casework_substitution (absence_id, absent_user_id, substitute_id, during, entered_by_id)"
            " VALUES (%s, %s, %s, 'empty', %s)",
            [absence.pk, kim.pk, eva.pk, eva.pk],
        )
    with accepted():
        SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    assert Substitution.objects.get().during.upper is None


def test_the_web_role_does_not_move_these_rows_to_somebody_else(kim, eva):
    WorkPatternFactory(user=kim)
    StandingSubstituteFactory(user=kim, substitute=eva)
    with denied():
        sql("UPDATE casework_workpattern SET user_id = %s", [eva.pk])
    with denied():
        sql("UPDATE casework_workpattern SET since = current_date")


# --- one's own page ----------------------------------------------------------------------------------------


def test_the_own_page_is_for_who_works_on_cases(client, paula_client, kim_client):
    assert client.get(OWN).status_code == 302
    assert paula_client.get(OWN).status_code == 403
    page = kim_client.get(OWN).content.decode()

    assert "Meine Vertretung und Arbeitstage" in page
    assert "Nichts eingetragen: Montag bis Freitag." in page


def test_one_names_the_own_standing_substitute_and_takes_it_back(kim_client, kim, eva):
    assert kim_client.post(OWN, {"form": "substitute", "substitute": eva.pk})["Location"] == OWN
    standing = StandingSubstitute.objects.get()
    assert (standing.user, standing.substitute, standing.entered_by) == (kim, eva, kim)
    assert "Eva Brandt steht ein, wenn" in kim_client.get(OWN).content.decode()

    kim_client.post(OWN, {"form": "substitute", "substitute": ""})
    assert not StandingSubstitute.objects.exists()


def test_strangers_and_oneself_are_not_offered(kim_client, kim, nora):
    for person in (kim, nora):
        response = kim_client.post(OWN, {"form": "substitute", "substitute": person.pk})
        assert response.status_code == 422
    assert "Yılmaz" not in kim_client.get(OWN).content.decode()


def test_one_enters_the_own_working_days_from_a_day_on(kim_client, kim):
    kim_client.post(OWN, {"form": "pattern", "weekdays": ["0", "1", "3"], "since": text(10)})

    pattern = WorkPattern.objects.get()
    assert (pattern.user, pattern.since, pattern.weekdays) == (kim, day(10), 1 + 2 + 8)
    page = kim_client.get(OWN).content.decode()
    assert "Mo, Di, Do" in page and text(10) in page


def test_entered_again_for_the_same_day_it_is_replaced(kim_client):
    for weekdays in (["0"], ["0", "1", "2", "3", "4"]):
        kim_client.post(OWN, {"form": "pattern", "weekdays": weekdays, "since": text(0)})

    assert WorkPattern.objects.get().weekdays == WorkPattern.ALL


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"weekdays": []}, "mindestens einen Tag"),
        ({"weekdays": ["5"]}, "5"),
        ({"since": "31.2.2026"}, "Bitte schreiben Sie den Tag so"),
        ({"since": text(800)}, "mehr als zwei Jahre voraus"),
    ],
)
def test_working_days_that_do_not_hold_are_refused(kim_client, changed, sentence):
    response = kim_client.post(OWN, {"form": "pattern", "weekdays": ["0"], "since": text(0)} | changed)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not WorkPattern.objects.exists()


def test_days_that_do_not_yet_hold_are_taken_back_and_others_stay(kim_client, kim):
    coming = WorkPatternFactory(user=kim, since=day(5))
    running = WorkPatternFactory(user=kim, since=day(-5))
    for pattern in (coming, running):
        response = kim_client.post(f"/vertretungen/arbeitstage/{pattern.pk}/zuruecknehmen/")
        assert response["Location"] == OWN

    assert WorkPattern.objects.get() == running
    assert "Das gilt schon." in kim_client.get(OWN).content.decode()


# --- the lead's page ---------------------------------------------------------------------------------------


def test_the_lead_sees_the_team_by_the_alphabet(tom_client, kim_client, kim, eva):
    WorkPatternFactory(user=kim)
    WorkPatternFactory(user=kim, since=day(5), weekdays=1)
    StandingSubstituteFactory(user=kim, substitute=eva)
    page = tom_client.get(TEAM).content.decode()

    assert page.index("Albers, Tom") < page.index("Brandt, Eva") < page.index("Sander, Kim")
    assert "Mo, Di, Mi" in page
    assert "Ständige Vertretung: Eva Brandt" in page
    assert kim_client.get(TEAM).status_code == 403


def test_the_lead_enters_it_for_the_team_and_for_nobody_else(tom_client, kim_client, kim, eva, tom, nora):
    url = f"{TEAM}{kim.pk}/"
    assert tom_client.get(url).status_code == 200
    tom_client.post(url, {"form": "pattern", "weekdays": ["0", "1"], "since": text(0)})
    assert tom_client.post(url, {"form": "substitute", "substitute": eva.pk})["Location"] == url

    assert WorkPattern.objects.get().entered_by == tom
    assert StandingSubstitute.objects.get().entered_by == tom
    assert tom_client.get(f"{TEAM}{nora.pk}/").status_code == 404
    assert kim_client.get(f"{TEAM}{eva.pk}/").status_code == 404
    foreign = WorkPatternFactory(user=nora, since=day(5))
    assert tom_client.post(f"/vertretungen/arbeitstage/{foreign.pk}/zuruecknehmen/").status_code == 404


def test_whoever_stands_in_for_the_lead_enters_it_too(eva_client, kim, eva, tom):
    assert eva_client.get(f"{TEAM}{kim.pk}/").status_code == 404
    SubstitutionFactory(absent_user=tom, substitute=eva)

    assert eva_client.get(f"{TEAM}{kim.pk}/").status_code == 200


def test_the_actions_themselves_know_whose_days_they_are(kim, eva, nora):
    with pytest.raises(NotAllowed):
        set_standing_substitute(user=eva, substitute=nora, by=kim)
    with pytest.raises(NotAllowed):
        set_work_pattern(user=eva, since=day(0), weekdays=[0], by=kim)
    with pytest.raises(NotAllowed):
        remove_work_pattern(pattern=WorkPatternFactory(user=eva, since=day(5)), by=kim)
    with pytest.raises(RuleBroken, match="Niemand kann sich selbst vertreten"):
        set_standing_substitute(user=kim, substitute=kim, by=kim)
    with pytest.raises(RuleBroken, match="mindestens einen Tag"):
        set_work_pattern(user=kim, since=day(0), weekdays=[], by=kim)


def test_the_team_page_does_not_query_per_row(tom_client, osterode, kim, count_queries):
    with count_queries() as few:
        tom_client.get(TEAM)
    for _ in range(5):
        person = CounsellorFactory(user__team=osterode).user
        WorkPatternFactory(user=person)
        StandingSubstituteFactory(user=person, substitute=kim)
    with count_queries() as many:
        tom_client.get(TEAM)

    assert many.count == few.count, many.explain()

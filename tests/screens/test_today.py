"""Heute: what a counsellor finds in the morning."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.models import FollowUp
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    FollowUpFactory,
    SubstitutionFactory,
    ahead,
)

pytestmark = pytest.mark.django_db


def test_overdue_steps_stand_on_heute_with_their_subject(kim_client, kim):
    FollowUpFactory(case=CaseFactory(counsellor=kim), overdue=True, subject="Rückruf vom Betrieb gekommen?")

    page = kim_client.get("/").content.decode()

    assert "Rückruf vom Betrieb gekommen?" in page
    assert "Überfällig" in page


def test_nobody_elses_steps_stand_on_heute(eva_client, kim):
    FollowUpFactory(case=CaseFactory(counsellor=kim), overdue=True, subject="Nur für Kim")

    assert "Nur für Kim" not in eva_client.get("/").content.decode()


def test_the_substitute_sees_them_only_during_the_substitution(eva_client, kim, eva):
    FollowUpFactory(case=CaseFactory(counsellor=kim), overdue=True, subject="Nur für Kim")
    today = timezone.localdate()
    during = DateRange(today, today + dt.timedelta(days=1))
    absence = AbsenceFactory(user=kim, during=during)
    substitution = SubstitutionFactory(absent_user=kim, absence=absence, substitute=eva)

    standing_in = eva_client.get("/").content.decode()
    assert "Nur für Kim" in standing_in
    assert "in Vertretung für" in standing_in
    assert substitution.pk


def test_the_same_number_of_statements_with_25_and_with_50_rows(kim_client, kim, count_queries):
    for _ in range(25):
        FollowUpFactory(case=CaseFactory(counsellor=kim, step__due_on=ahead(30)), overdue=True)
    with count_queries() as few:
        kim_client.get("/")
    for _ in range(25):
        FollowUpFactory(case=CaseFactory(counsellor=kim, step__due_on=ahead(30)), overdue=True)

    with count_queries() as many:
        response = kim_client.get("/")

    assert response.content.decode().count('class="row"') == 50
    assert few.count == many.count <= 8, many.explain()
    assert len(response.content) <= 40_000


def test_done_in_place_removes_the_row_and_moves_the_counter(kim_client, kim):
    case = CaseFactory(counsellor=kim)
    step = FollowUpFactory(case=case, overdue=True)
    url = f"/faelle/{case.number}/schritte/{step.pk}/erledigt/"
    htmx = {"HX-Request": "true"}
    part = kim_client.get(url, headers=htmx)

    response = kim_client.post(
        url,
        {
            "version": "1",
            "outcome": "Ja, hat geklappt.",
            "next": "reminder",
            "next_date": f"{ahead(7):%d.%m.%Y}",
            "next_subject": "Wie geht es?",
        },
        headers=htmx,
    )

    step.refresh_from_db()
    assert "<h1" not in part.content.decode()
    assert response.status_code == 200
    assert 'hx-swap-oob="true"' in response.content.decode()
    assert step.outcome == "Ja, hat geklappt."
    assert step.successor.subject == "Wie geht es?"


def test_done_without_a_successor_is_refused_and_keeps_the_text(kim_client, kim):
    case = CaseFactory(counsellor=kim)
    step = FollowUp.objects.get(case=case)

    response = kim_client.post(
        f"/faelle/{case.number}/schritte/{step.pk}/erledigt/", {"version": "1", "outcome": "Viel passiert."}
    )

    assert response.status_code == 422
    assert "Viel passiert." in response.content.decode()


def test_postponing_can_be_undone_even_onto_the_overdue_day(kim_client, kim):
    case = CaseFactory(counsellor=kim)
    step = FollowUpFactory(case=case, overdue=True)
    before = step.due_on
    base = f"/faelle/{case.number}/schritte/{step.pk}/"

    moved = kim_client.post(
        f"{base}verschieben/", {"version": "1", "quick": f"{ahead(7):%d.%m.%Y}"}, headers={"HX-Request": "true"}
    )
    step.refresh_from_db()
    assert step.due_on == ahead(7)
    kim_client.post(f"{base}rueckgaengig/")

    step.refresh_from_db()
    assert "undo" in moved["HX-Trigger"]
    assert step.due_on == before
    assert step.changes.count() == 2


def test_a_stale_row_answers_409(kim_client, kim):
    case = CaseFactory(counsellor=kim)
    step = FollowUp.objects.get(case=case)
    url = f"/faelle/{case.number}/schritte/{step.pk}/verschieben/"
    kim_client.post(url, {"version": "1", "to": f"{ahead(7):%d.%m.%Y}"})

    response = kim_client.post(url, {"version": "1", "to": f"{ahead(9):%d.%m.%Y}"})

    assert response.status_code == 409


def test_the_first_day_tells_what_to_do(kim_client):
    page = kim_client.get("/").content.decode()

    assert "Fall eröffnen" in page


def test_without_a_login_everything_leads_to_it(client, db):
    assert client.get("/").status_code == 302
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 401


def test_the_counter_in_the_navigation_counts_own_steps_and_those_stood_in_for(eva_client, kim, eva):
    today = timezone.localdate()
    for counsellor in (kim, kim, eva):
        FollowUpFactory(case=CaseFactory(counsellor=counsellor), overdue=True)

    def counted() -> int:
        assert FollowUp.objects.due_count(eva, today) == (
            number := int(eva_client.get("/faelle/").content.decode().split('class="count">')[1].split("<")[0])
        )
        return number

    alone = counted()
    during = DateRange(today, today + dt.timedelta(days=1))
    SubstitutionFactory(absent_user=kim, absence=AbsenceFactory(user=kim, during=during), substitute=eva)

    assert (alone, counted()) == (1, 3)

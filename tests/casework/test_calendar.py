"""Kalender: the own Folgetermine and those stood in for, by day and week; the address is shown once and revocable."""

import datetime as dt
import logging

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from casework.actions.calendar import create_calendar_address, hash_of, new_token, revoke_calendar_address
from casework.models import CalendarFeed, FollowUp
from jobcenter.platform.logs import JsonFormatter, without_identifiers
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    FollowUpFactory,
    SubstitutionFactory,
    ahead,
)

PAGE = "/kalender/"
ADDRESS = "/kalender/adresse/"


def appointment(case, day=None, **fields) -> FollowUp:
    return FollowUpFactory(case=case, appointment=True, due_on=day or ahead(), **fields)


def stand_in(absent, substitute, first=None, end=None):
    today = timezone.localdate()
    during = DateRange(first or today, end or today + dt.timedelta(days=30))
    absence = AbsenceFactory(user=absent, during=during)
    return SubstitutionFactory(absent_user=absent, absence=absence, substitute=substitute)


def text_of(client, query="") -> str:
    response = client.get(f"{PAGE}{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("db")
class TestPage:
    def test_a_week_names_the_person_and_leads_to_the_file(self, kim_client, case):
        step = appointment(case, subject="Über das Praktikum sprechen")

        text = text_of(kim_client, f"?woche={step.due_on}")

        assert "Yıldız, Deniz" in text
        assert f'href="/faelle/{case.number}/"' in text
        assert "Über das Praktikum sprechen" in text and "Zimmer 12" in text

    def test_a_day_shows_its_own_appointments_only(self, kim_client, case):
        step = appointment(case)

        assert case.number in text_of(kim_client, f"?tag={step.due_on}")
        assert case.number not in text_of(kim_client, f"?tag={step.due_on + dt.timedelta(days=1)}")

    def test_a_wiedervorlage_is_no_appointment(self, kim_client, case):
        assert case.number not in text_of(kim_client, f"?woche={case.follow_ups.get().due_on}")

    def test_what_others_have_is_not_shown(self, eva_client, case):
        step = appointment(case)

        assert case.number not in text_of(eva_client, f"?woche={step.due_on}")

    def test_who_stands_in_sees_the_days_of_the_substitution(self, kim, eva, eva_client, case):
        step = appointment(case)
        later = appointment(case, ahead(40))
        stand_in(kim, eva)

        assert "in Vertretung für Kim Sander" in text_of(eva_client, f"?tag={step.due_on}")
        assert case.number not in text_of(eva_client, f"?tag={later.due_on}")

    def test_before_the_substitution_begins_nothing_is_shown(self, kim, eva, eva_client, case):
        step = appointment(case)
        stand_in(kim, eva, first=timezone.localdate() + dt.timedelta(days=1))

        assert case.number not in text_of(eva_client, f"?tag={step.due_on}")

    @pytest.mark.parametrize("query", ["", "?tag=gestern", "?woche=0001-01-01", "?tag=9999-12-31", "?tag=2026-02-30"])
    def test_what_is_no_date_is_this_week(self, kim_client, query):
        assert "Kein Termin." in text_of(kim_client, query)

    def test_a_holiday_is_named_and_the_week_has_its_number(self, kim_client):
        text = text_of(kim_client, "?woche=2027-03-26")

        assert "Karfreitag" in text
        assert "Woche 12: 22.03. bis 28.03.2027" in text

    def test_an_empty_weekend_is_left_out_and_a_taken_saturday_is_not(self, kim_client, case):
        monday = ahead(14) - dt.timedelta(days=ahead(14).weekday())
        saturday = monday + dt.timedelta(days=5)
        assert f"tag-{saturday}" not in text_of(kim_client, f"?woche={monday}")
        appointment(case, saturday)

        text = text_of(kim_client, f"?woche={monday}")

        assert f"tag-{saturday}" in text and f"tag-{saturday + dt.timedelta(days=1)}" not in text

    def test_the_number_of_statements_does_not_grow(self, kim, kim_client, case, django_assert_max_num_queries):
        step = appointment(case)
        for _ in range(5):
            appointment(CaseFactory(counsellor=kim), step.due_on)
        with django_assert_max_num_queries(20):
            text_of(kim_client, f"?woche={step.due_on}")

    def test_whoever_works_on_no_case_has_no_calendar(self, admin_client):
        assert admin_client.get(PAGE).status_code == 403
        assert admin_client.get(ADDRESS).status_code == 403


@pytest.mark.usefixtures("db")
class TestAddress:
    def test_it_is_shown_once_and_only_its_hash_is_kept(self, kim, kim_client):
        response = kim_client.post(ADDRESS, {"neu": "1"})

        shown = response.content.decode().split("/kalender/")
        token = next(part.split(".ics")[0] for part in shown if ".ics" in part)
        assert CalendarFeed.objects.get().token_hash == hash_of(token)
        assert response["Cache-Control"] == "no-store"
        assert Client().get(f"/kalender/{token}.ics").status_code == 200
        assert token not in kim_client.get(ADDRESS).content.decode()

    def test_a_new_one_revokes_the_old(self, kim):
        old = create_calendar_address(by=kim)
        new = create_calendar_address(by=kim)

        assert Client().get(f"/kalender/{old.token}.ics").status_code == 404
        assert Client().get(f"/kalender/{new.token}.ics").status_code == 200

    def test_it_is_revoked_by_hand(self, kim, kim_client):
        made = create_calendar_address(by=kim)

        assert kim_client.post(ADDRESS, {"widerrufen": "1"}).status_code == 302

        assert Client().get(f"/kalender/{made.token}.ics").status_code == 404
        assert "Sie haben keine Kalenderadresse." in kim_client.get(ADDRESS).content.decode()
        assert revoke_calendar_address(by=kim) is False

    def test_revoked_unknown_and_inactive_answer_byte_for_byte_alike(self, kim, eva):
        revoked, inactive = create_calendar_address(by=kim), create_calendar_address(by=eva)
        revoke_calendar_address(by=kim)
        type(eva).objects.filter(pk=eva.pk).update(is_active=False)

        answers = [
            Client().get(f"/kalender/{token}.ics") for token in (revoked.token, inactive.token, new_token(), "x")
        ]

        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1

    def test_the_token_reaches_no_log(self, kim):
        for _ in range(300):
            token = new_token()
            assert len(token) == 43
            path = f"/kalender/{token}.ics"
            assert without_identifiers(path) == "/kalender/*"
            record = logging.LogRecord("x", logging.WARNING, "", 0, "Not Found: %s", (path,), None)
            assert token not in JsonFormatter().format(record)

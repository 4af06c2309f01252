"""Zugänge: entered once, assigned with a first next step within the working days, by caseloads alone (Work-First)."""

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone
from django.utils.html import escape

from casework.actions import NewClient, NewStep, NotAllowed, RuleBroken
from casework.actions.intakes import (
    enter_intake,
    last_first_step,
    withdraw_intake,
)
from casework.enums import FollowUpKind, RoleName
from casework.models import Case, Client, Intake, LocalDay
from jobcenter.platform.workdays import working_days_between
from tests.casework.reminding import BERLIN
from tests.conftest import signed_in
from tests.factories import (
    CaseFactory,
    ClientFactory,
    RoleGrantFactory,
    TeamFactory,
    UserFactory,
    counsellor_of,
)

LIST = "/zugaenge/"
NEW = "/zugaenge/neu/"


def person(**changed):
    return NewClient(**{"family_name": "Özdemir", "given_name": "Çağla", "birth_date": dt.date(1991, 3, 4), **changed})


def entered(by, **changed):
    arrived_on = changed.pop("arrived_on", timezone.localdate())
    return enter_intake(client=person(**changed), arrived_on=arrived_on, by=by)


def first_step(day=None):
    day = day or last_first_step(timezone.localdate())
    return NewStep(kind=FollowUpKind.REMINDER, due_on=day, subject="Erstgespräch vereinbaren")


def typed(**changed):
    return {
        "family_name": "Özdemir",
        "given_name": "Çağla",
        "birth_date": "04.03.1991",
        "arrived_on": "heute",
        **changed,
    }


def sent(counsellor, **changed):
    """The form of an assignment as a browser sends it."""
    day = last_first_step(timezone.localdate())
    return {
        "counsellor": getattr(counsellor, "pk", counsellor),
        "next": "reminder",
        "next_date": f"{day:%d.%m.%Y}",
        "next_subject": "Erstgespräch vereinbaren",
        **changed,
    }


def text_of(response):
    return " ".join(response.content.decode().split())


def proposed_by(client, intake):
    return re.findall(r'<option value="(\d+)" selected>', client.get(f"{LIST}{intake.pk}/").content.decode())


def lead_of(team, **fields):
    lead = UserFactory(team=team, **fields)
    RoleGrantFactory(user=lead, role=RoleName.TEAM_LEAD, team=team)
    return lead


# --- entering ---


@pytest.mark.usefixtures("db")
class TestEntering:
    def test_an_ifk_enters_somebody_and_no_case_is_made(self, kim, kim_client):
        response = kim_client.post(NEW, typed())

        intake = Intake.objects.get()
        assert response.status_code == 302
        assert (intake.client.list_name, intake.case, intake.entered_by) == ("Özdemir, Çağla", None, kim)
        assert not Case.objects.exists()

    def test_the_same_person_waits_once(self, tom, tom_client):
        entered(tom)

        response = tom_client.post(NEW, typed(family_name="ÖZDEMIR"))

        assert response.status_code == 409
        assert "Diese Person steht schon in der Liste." in response.content.decode()
        assert 'value="ÖZDEMIR"' in response.content.decode()
        assert Client.objects.count() == 1

    def test_whoever_has_a_case_is_looked_at_first(self, kim, kim_client):
        case = CaseFactory(counsellor=counsellor_of(kim))
        known = {
            "family_name": case.client.family_name,
            "given_name": case.client.given_name,
            "birth_date": f"{case.client.birth_date:%d.%m.%Y}",
        }

        response = kim_client.post(NEW, typed(**known))

        assert response.status_code == 422
        assert case.number in response.content.decode()
        assert kim_client.post(NEW, typed(**known, other_person="on")).status_code == 302

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"family_name": "  "}, "Bitte ausfüllen."),
            ({"birth_date": "4.3.91"}, "Bitte schreiben Sie das Geburtsdatum so"),
            ({"arrived_on": "31.02.2026"}, "Bitte schreiben Sie den Tag so"),
            ({"arrived_on": "²"}, "Bitte schreiben Sie den Tag so"),
            ({"arrived_on": "31.12.2099"}, "Dieser Tag liegt in der Zukunft."),
            ({"team": "99999999999999999999"}, ""),
        ],
    )
    def test_what_is_refused_stands_beside_its_field_and_nothing_is_lost(self, kim_client, changed, sentence):
        response = kim_client.post(NEW, typed(**changed))

        page = response.content.decode()
        assert response.status_code == 422
        assert sentence in page
        assert "Çağla" in page
        assert not Intake.objects.exists()

    def test_a_team_of_the_other_organisation_is_refused(self, tom, stadt):
        with pytest.raises(RuleBroken):
            enter_intake(client=person(), arrived_on=timezone.localdate(), by=tom, team=TeamFactory(organisation=stadt))

    @pytest.mark.parametrize(
        "name",
        [
            "\x00",
            " \u00a0\u2003 ",
            "x" * 121,
        ],
    )
    def test_a_name_that_is_none_is_refused(self, kim_client, name):
        assert kim_client.post(NEW, typed(family_name=name)).status_code == 422
        assert not Intake.objects.exists()

    @pytest.mark.parametrize(
        "name",
        [
            "<script>alert(1)</script>",
            "'; DROP TABLE casework_intake; --",
            "{{ secret }}",
            "=1+1",
            "\u202eevil",
            "🙂" * 120,
        ],
    )
    def test_a_hostile_name_is_a_name(self, tom_client, name):
        assert tom_client.post(NEW, typed(family_name=name)).status_code == 302

        intake = Intake.objects.get()
        assert intake.client.family_name == name
        for page in (LIST, f"{LIST}{intake.pk}/", f"{LIST}{intake.pk}/zuruecknehmen/"):
            shown = tom_client.get(page).content.decode()
            assert f"<bdi>{escape(name)}, Çağla</bdi>" in shown

    def test_the_number_of_the_leading_system_waits_once(self, tom, tom_client):
        entered(tom, external_ref="BG-1")

        response = tom_client.post(NEW, typed(family_name="Oezdemir-Kaya", external_ref="BG-1"))

        assert response.status_code == 409
        assert "Diese Person steht schon in der Liste." in response.content.decode()
        assert Client.objects.count() == 1

    def test_the_number_of_somebody_with_a_case_is_refused_beside_its_field(self, tom, tom_client):
        CaseFactory(client=ClientFactory(organisation=tom.organisation, external_ref="BG-1"))

        response = tom_client.post(NEW, typed(external_ref="BG-1"))

        assert response.status_code == 422
        assert "Diese Nummer ist in Ihrer Organisation schon eingetragen." in response.content.decode()
        assert not Intake.objects.exists()

    def test_whoever_was_taken_off_the_list_can_come_back_with_the_same_number(self, tom, tom_client):
        """Entered with a slip, taken off for it: the number must not be lost with the slip."""
        withdraw_intake(intake=entered(tom, family_name="Özdmir", external_ref="BG-1"), reason="vertippt", by=tom)

        response = tom_client.post(NEW, typed(external_ref="BG-1", preferred_name="Çağ"))

        assert response.status_code == 302
        client = Client.objects.get()
        assert (client.list_name, client.preferred_name, client.version) == ("Özdemir, Çağla", "Çağ", 2)
        assert Intake.objects.waiting().get().client == client

    def test_nothing_of_another_organisation_is_taken_up(self, tom, nora):
        withdraw = entered(nora, external_ref="BG-1")

        entered(tom, external_ref="BG-1")

        assert Client.objects.count() == 2
        withdraw.client.refresh_from_db()
        assert withdraw.client.version == 1

    def test_project_management_has_no_business_here(self, paula, paula_client):
        with pytest.raises(NotAllowed):
            entered(paula)
        assert paula_client.get(NEW).status_code == 403
        assert paula_client.get(LIST).status_code == 403


# --- the list ---


@pytest.mark.usefixtures("db")
class TestList:
    def test_longest_wait_first_and_the_clock_counts_working_days(self, tom, tom_client):
        entered(tom, family_name="Neu")
        entered(tom, family_name="Alt", arrived_on=timezone.localdate() - dt.timedelta(days=21))

        page = tom_client.get(LIST).content.decode()

        days = working_days_between(timezone.localdate() - dt.timedelta(days=21), timezone.localdate())
        assert page.index("Alt, Çağla") < page.index("Neu, Çağla")
        assert f"seit {days} Arbeitstagen<" in page
        assert page.count("wartet länger als 5 Arbeitstage") == 1
        assert "seit heute" in page

    @pytest.mark.parametrize(
        ("arrived", "now", "label"),
        [
            ("2025-11-21", "2025-11-21", "seit heute"),
            ("2025-11-21", "2025-11-22", "noch keinen ganzen Arbeitstag"),
            ("2025-11-21", "2025-11-23", "noch keinen ganzen Arbeitstag"),
            ("2025-11-21", "2025-11-24", "seit einem Arbeitstag"),
            ("2025-11-22", "2025-11-23", "noch keinen ganzen Arbeitstag"),
            ("2025-11-22", "2025-11-24", "seit einem Arbeitstag"),
            ("2025-12-23", "2025-12-28", "noch keinen ganzen Arbeitstag"),
            ("2025-12-23", "2025-12-29", "seit einem Arbeitstag"),
            ("2025-11-14", "2025-11-21", "seit 5 Arbeitstagen<"),
            ("2025-11-14", "2025-11-23", "seit 5 Arbeitstagen<"),
            ("2025-11-14", "2025-11-24", "seit 6 Arbeitstagen<"),
        ],
    )
    def test_the_clock_stands_still_when_the_house_does(self, tom, arrived, now, label):
        LocalDay.objects.get_or_create(date=dt.date(2025, 12, 24), defaults={"text": "Heiligabend"})
        with time_machine.travel(dt.datetime.combine(dt.date.fromisoformat(now), dt.time(9), BERLIN), tick=False):
            entered(tom, arrived_on=dt.date.fromisoformat(arrived))
            page = text_of(signed_in(tom).get(LIST))

        assert f'<p class="muted">{label}' in page
        assert ("wartet länger als 5 Arbeitstage" in page) == ("6" in label)

    def test_the_list_is_the_lead_s_and_of_the_own_organisation(self, tom, tom_client, kim_client, nora_client):
        entered(tom)

        assert kim_client.get(LIST).status_code == 403
        assert nora_client.get(LIST).status_code == 403
        assert "Özdemir" in tom_client.get(LIST).content.decode()

    def test_two_statements_however_many_wait(self, tom, tom_client, count_queries):
        entered(tom)
        with count_queries() as few:
            tom_client.get(LIST)
        for number in range(60):
            entered(tom, family_name=f"Person {number}")
        with count_queries() as many:
            page = tom_client.get(LIST).content.decode()

        assert few.count == many.count
        assert "1 bis 50 von 61" in page

    def test_a_page_beyond_the_end_leads_back(self, tom_client):
        assert tom_client.get(LIST + "?seite=7").status_code == 302

    def test_nothing_about_people_but_name_and_wait(self):
        """No column to sort people by (R3.2-1): whoever adds one has to change this test and say why."""
        assert {field.name for field in Intake._meta.get_fields()} == {
            "id",
            "client",
            "organisation",
            "team",
            "arrived_on",
            "entered_at",
            "entered_by",
            "case",
            "assigned_at",
            "assigned_by",
            "withdrawn_at",
            "withdrawn_by",
            "withdrawn_reason",
        }

"""Zugänge: entered once, assigned with a first next step within the working days, by caseloads alone (Work-First)."""

import datetime as dt

import pytest
from django.utils import timezone

from casework.actions import Conflict, NewClient, NewStep, NotAllowed, RuleBroken, StaleVersion
from casework.actions.intakes import assign_intake, enter_intake, last_first_step, withdraw_intake
from casework.enums import FollowUpKind
from casework.models import Absence, Case, Client, Intake
from casework.models.loads import lightest, read_caseloads
from jobcenter.platform.workdays import working_days_between
from tests.casework.test_races import at_once
from tests.factories import CaseFactory, ClientFactory, TeamFactory, ahead, counsellor_of
from tests.rules import denied, refused, sql

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
        assert f"seit {days} Arbeitstagen: länger als 5" in page
        assert "seit heute" in page

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


# --- assigning ---


@pytest.mark.usefixtures("db")
class TestAssigning:
    def test_the_case_has_its_ifk_and_its_first_next_step(self, tom, kim):
        intake = entered(tom)

        case = assign_intake(intake=intake, counsellor=counsellor_of(kim), first_step=first_step(), by=tom)

        intake.refresh_from_db()
        assert intake.case == case
        assert case.assignments.get().counsellor_id == kim.pk
        assert case.follow_ups.get().subject == "Erstgespräch vereinbaren"
        assert case.client == intake.client

    def test_by_the_page(self, tom, tom_client, kim):
        intake = entered(tom)
        page = tom_client.get(f"{LIST}{intake.pk}/").content.decode()
        assert "Erstgespräch vereinbaren" in page
        assert f'<option value="{kim.pk}" selected>' in page

        day = last_first_step(timezone.localdate())
        response = tom_client.post(
            f"{LIST}{intake.pk}/",
            {
                "counsellor": kim.pk,
                "next": "reminder",
                "next_date": f"{day:%d.%m.%Y}",
                "next_subject": "Erstgespräch vereinbaren",
            },
        )

        assert response.status_code == 302
        assert Case.objects.get().client == intake.client
        assert "schon erledigt" in tom_client.get(f"{LIST}{intake.pk}/").content.decode()

    def test_a_first_step_later_than_the_house_allows_is_refused_with_the_last_day(
        self, tom, tom_client, kim, settings
    ):
        settings.INTAKE_FIRST_STEP_DAYS = 3
        intake = entered(tom)
        too_late = {"counsellor": kim.pk, "next": "reminder", "next_date": "+60", "next_subject": "Erstgespräch mit Ç."}

        response = tom_client.post(f"{LIST}{intake.pk}/", too_late)

        page = response.content.decode()
        assert response.status_code == 422
        assert "3 Arbeitstage von heute an" in page
        assert "Erstgespräch mit Ç." in page
        assert not Case.objects.exists()

    def test_the_fewest_open_cases_are_proposed_and_nobody_who_is_away(self, tom, kim, eva):
        CaseFactory(counsellor=counsellor_of(kim))
        today = timezone.localdate()
        assert lightest(read_caseloads(tom.organisation_id, today)).user_id == eva.pk

        Absence.objects.create(user=eva, during=(today, None), entered_by=tom)

        loads = read_caseloads(tom.organisation_id, today)
        assert lightest(loads).user_id == kim.pk
        assert [load.name for load in loads] == sorted(load.name for load in loads)
        assert next(load for load in loads if load.user_id == eva.pk).away_until == dt.date.max

    def test_the_proposal_does_not_ask_who_the_person_is(self, tom, kim, eva, tom_client):
        """The same proposal for everybody who waits, whatever their name, age or number."""
        CaseFactory(counsellor=counsellor_of(eva))
        first = entered(tom)
        second = entered(tom, family_name="Ahrens", birth_date=dt.date(1964, 1, 1), external_ref="7")

        pages = [tom_client.get(f"{LIST}{intake.pk}/").content.decode() for intake in (first, second)]

        assert all(f'<option value="{kim.pk}" selected>' in page for page in pages)

    def test_only_leads_of_the_organisation(self, tom, kim, kim_client, nora, stadt):
        intake = entered(tom)
        with pytest.raises(NotAllowed):
            assign_intake(intake=intake, counsellor=counsellor_of(kim), first_step=first_step(), by=kim)
        assert kim_client.get(f"{LIST}{intake.pk}/").status_code == 403

    def test_an_ifk_of_another_organisation_is_refused(self, tom, nora):
        with pytest.raises(RuleBroken):
            assign_intake(intake=entered(tom), counsellor=counsellor_of(nora), first_step=first_step(), by=tom)

    def test_an_absent_number_is_404(self, tom_client):
        assert tom_client.get(f"{LIST}999999/").status_code == 404

    def test_withdrawn_for_a_reason(self, tom, tom_client):
        intake = entered(tom)
        assert tom_client.post(f"{LIST}{intake.pk}/zuruecknehmen/", {"reason": "  "}).status_code == 422

        assert tom_client.post(f"{LIST}{intake.pk}/zuruecknehmen/", {"reason": "doppelt"}).status_code == 302

        assert "Özdemir" not in tom_client.get(LIST).content.decode().split("<main")[1]
        with pytest.raises(StaleVersion):
            withdraw_intake(intake=intake, reason="noch einmal", by=tom)


# --- two at once ---


@pytest.mark.usefixtures("committed_db")
class TestAtOnce:
    def test_two_leads_assign_the_same_person(self, tom, kim, eva):
        intake = entered(tom)
        results = at_once(
            lambda: assign_intake(intake=intake, counsellor=counsellor_of(kim), first_step=first_step(), by=tom),
            lambda: assign_intake(intake=intake, counsellor=counsellor_of(eva), first_step=first_step(), by=tom),
        )

        assert sorted(type(result) for result in results if isinstance(result, Exception)) == [StaleVersion]
        assert Case.objects.count() == 1

    def test_the_same_form_twice(self, tom):
        results = at_once(lambda: entered(tom), lambda: entered(tom))

        assert [type(result) for result in results if isinstance(result, Exception)] == [Conflict]
        assert Intake.objects.count() == 1


# --- what the database holds ---


@pytest.mark.usefixtures("db")
class TestRules:
    def test_one_open_intake_per_client(self, tom):
        intake = entered(tom)
        with refused("one_open_intake_per_client"):
            Intake.objects.create(
                client=intake.client, organisation=tom.organisation, arrived_on=intake.arrived_on, entered_by=tom
            )

    def test_not_in_the_future(self, tom):
        with refused("intake_not_in_the_future"):
            Intake.objects.create(
                client=ClientFactory(), organisation=tom.organisation, arrived_on=ahead(3), entered_by=tom
            )

    def test_an_assignment_makes_a_case(self, tom):
        intake = entered(tom)
        with refused("intake_assignment_makes_a_case"):
            sql(
                "UPDATE casework_intake SET assigned_at = now(), assigned_by_id = %s WHERE id = %s", [tom.pk, intake.pk]
            )

    def test_a_case_of_the_same_person(self, tom):
        intake, other = entered(tom), CaseFactory()
        with refused("intake_case_of_the_same_person"):
            Intake.objects.filter(pk=intake.pk).update(case=other, assigned_at=timezone.now(), assigned_by=tom)

    def test_withdrawal_paired(self, tom):
        intake = entered(tom)
        with refused("intake_withdrawal_paired"):
            sql("UPDATE casework_intake SET withdrawn_at = now(), withdrawn_reason = 'x' WHERE id = %s", [intake.pk])

    def test_withdrawn_for_a_reason(self, tom):
        intake = entered(tom)
        with refused("intake_withdrawn_for_a_reason"):
            sql(
                "UPDATE casework_intake SET withdrawn_at = now(), withdrawn_by_id = %s, withdrawn_reason = ' '"
                " WHERE id = %s",
                [tom.pk, intake.pk],
            )

    def test_ends_in_one_way(self, tom, kim):
        case = CaseFactory(counsellor=counsellor_of(kim))
        intake = Intake.objects.create(
            client=case.client, organisation=tom.organisation, arrived_on=timezone.localdate(), entered_by=tom
        )
        with refused("intake_ends_in_one_way"):
            Intake.objects.filter(pk=intake.pk).update(
                case=case,
                assigned_at=timezone.now(),
                assigned_by=tom,
                withdrawn_at=timezone.now(),
                withdrawn_by=tom,
                withdrawn_reason="beides",
            )

    def test_what_has_ended_stays(self, tom, kim):
        intake = entered(tom)
        withdraw_intake(intake=intake, reason="doppelt", by=tom)
        with refused("intake_stays"):
            sql("UPDATE casework_intake SET withdrawn_reason = 'anders' WHERE id = %s", [intake.pk])

    def test_the_web_role_neither_deletes_nor_changes_who_came_when(self, tom):
        intake = entered(tom)
        with denied():
            sql("DELETE FROM casework_intake WHERE id = %s", [intake.pk])
        with denied():
            sql("UPDATE casework_intake SET arrived_on = arrived_on - 9 WHERE id = %s", [intake.pk])


def test_working_days_between():
    friday, monday = dt.date(2026, 11, 20), dt.date(2026, 11, 23)
    assert working_days_between(friday, monday) == 1
    assert working_days_between(monday, monday) == 0
    assert working_days_between(friday, monday, [monday]) == 0

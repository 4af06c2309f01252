"""Zugänge are assigned: who is proposed, the case with its first step, two at once, and what the database holds."""

import datetime as dt
import re

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.actions import Conflict, NotAllowed, RuleBroken, StaleVersion
from casework.actions.intakes import (
    assign_intake,
    days_of_first_step,
    last_first_step,
    withdraw_intake,
)
from casework.models import Absence, Case, Client, Intake, LocalDay, WorkPattern
from casework.models.loads import lightest, read_caseloads
from jobcenter.platform.workdays import day_label, working_days_between
from tests.casework.reminding import BERLIN
from tests.casework.test_intakes import LIST, entered, first_step, lead_of, proposed_by, sent, text_of
from tests.casework.test_races import at_once
from tests.conftest import signed_in
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    ClientFactory,
    CounsellorFactory,
    FollowUpFactory,
    SubstitutionFactory,
    TeamFactory,
    ahead,
    counsellor_of,
)
from tests.rules import denied, refused, sql

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
        assert lightest(read_caseloads(tom.organisation_id, today, days_of_first_step(today))).user_id == eva.pk

        Absence.objects.create(user=eva, during=(today, None), entered_by=tom)

        loads = read_caseloads(tom.organisation_id, today, days_of_first_step(today))
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

    def test_two_people_who_change_places_change_nothing(self, tom, tom_client, kim, eva):
        """Everything known of a person goes to the other one: proposal, day and caseloads stay to the letter."""
        CaseFactory(counsellor=eva)
        intake = entered(tom)
        about = r"<p class=.meta.>.*?</p>|csrf.*?>|nonce-\S+|name=.csrf\S+ value=\S+|[-\w]+:\w{6}:[-\w]+"
        main = [re.sub(about, "", text_of(tom_client.get(f"{LIST}{intake.pk}/")).split("<main")[1])]
        Client.objects.filter(pk=intake.client_id).update(
            family_name="Ahrens",
            given_name="Otto",
            birth_date=dt.date(1961, 1, 1),
            external_ref="9",
            preferred_name="O",
        )
        main.append(re.sub(about, "", text_of(tom_client.get(f"{LIST}{intake.pk}/")).split("<main")[1]))

        assert main[0] == main[1]
        assert f'<option value="{kim.pk}" selected>' in main[0]

    def test_only_leads_of_the_organisation(self, tom, kim, kim_client, nora, stadt):
        intake = entered(tom)
        with pytest.raises(NotAllowed):
            assign_intake(intake=intake, counsellor=counsellor_of(kim), first_step=first_step(), by=kim)
        assert kim_client.get(f"{LIST}{intake.pk}/").status_code == 403

    def test_an_ifk_of_another_organisation_is_refused(self, tom, nora):
        with pytest.raises(RuleBroken):
            assign_intake(intake=entered(tom), counsellor=counsellor_of(nora), first_step=first_step(), by=tom)

    def test_of_another_organisation_it_is_as_absent_as_no_number(self, tom, stadt, kim):
        intake = entered(tom)
        stranger = signed_in(lead_of(TeamFactory(organisation=stadt)))
        for address in ("", "zuruecknehmen/"):
            for number in (intake.pk, intake.pk + 1000, 2**63 - 1, 2**80):
                for answer in (
                    stranger.get(f"{LIST}{number}/{address}"),
                    stranger.post(f"{LIST}{number}/{address}", sent(kim, reason="doppelt")),
                ):
                    assert answer.status_code == 404
                    assert "Özdemir" not in answer.content.decode()
        assert Intake.objects.waiting().get() == intake

    @pytest.mark.parametrize("whose", ["inactive", "foreign", "lead", "nobody", "²", "", "-1"])
    def test_nobody_but_an_active_ifk_of_the_organisation_becomes_responsible(
        self, tom, tom_client, osterode, nora, whose
    ):
        intake = entered(tom)
        chosen = {
            "inactive": lambda: CounsellorFactory(user__team=osterode, user__is_active=False).pk,
            "foreign": lambda: nora.pk,
            "lead": lambda: tom.pk,
            "nobody": lambda: 999_999,
        }.get(whose, lambda: whose)()

        response = tom_client.post(f"{LIST}{intake.pk}/", sent(chosen))

        assert response.status_code == 422
        assert "Erstgespräch vereinbaren" in response.content.decode()
        assert not Case.objects.exists()
        assert Intake.objects.waiting().exists()

    @pytest.mark.parametrize(
        "changed",
        [
            {"next": "close", "closing_reason": "employment"},
            {"next": "standing-1"},
            {"next": ""},
            {"next_date": ""},
            {"next_date": "gestern"},
            {"next_date": "31.12.9999"},
            {"next_subject": "   "},
            {"next": "appointment", "next_time": ""},
        ],
    )
    def test_without_a_first_next_step_no_case(self, tom, tom_client, kim, changed):
        intake = entered(tom)

        assert tom_client.post(f"{LIST}{intake.pk}/", sent(kim, **changed)).status_code == 422

        assert not Case.objects.exists()
        assert Intake.objects.waiting().exists()

    def test_what_was_taken_off_the_list_is_not_assigned(self, tom, tom_client, kim):
        intake = entered(tom)
        withdraw_intake(intake=intake, reason="kommt nicht", by=tom)

        response = tom_client.post(f"{LIST}{intake.pk}/", sent(kim))

        assert response.status_code == 409
        assert "schon erledigt" in response.content.decode()
        assert "Aus der Liste nehmen" not in response.content.decode().split("<main")[1]
        assert not Case.objects.exists()

    def test_whoever_is_not_there_within_the_days_of_the_first_step_is_not_proposed(self, tom, tom_client, kim, eva):
        """Here today, away from tomorrow on: the first step would lie with somebody else, or too late."""
        CaseFactory(counsellor=kim)
        intake = entered(tom)
        assert proposed_by(tom_client, intake) == [str(eva.pk)]

        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        AbsenceFactory(user=eva, during=DateRange(tomorrow, ahead(40)))

        assert proposed_by(tom_client, intake) == [str(kim.pk)]

    def test_whoever_is_away_today_alone_is_proposed(self, tom, tom_client, kim, eva):
        CaseFactory(counsellor=kim)
        today = timezone.localdate()
        AbsenceFactory(user=eva, during=DateRange(today, today + dt.timedelta(days=1)))

        assert proposed_by(tom_client, entered(tom)) == [str(eva.pk)]

    def test_the_first_step_is_proposed_on_a_day_of_the_ifk(self, tom, tom_client, kim):
        days = days_of_first_step(timezone.localdate())
        WorkPattern.objects.create(user=kim, since=dt.date(2020, 1, 1), weekdays=1 << days[3].weekday(), entered_by=kim)

        page = tom_client.get(f"{LIST}{entered(tom).pk}/").content.decode()

        assert f'value="{days[3]:%d.%m.%Y}"' in page
        AbsenceFactory(user=kim, during=DateRange(days[3], days[3] + dt.timedelta(days=1)))
        page = tom_client.get(f"{LIST}{Intake.objects.get().pk}/").content.decode()
        assert "<option selected" not in page
        assert "In den nächsten 5 Arbeitstagen ist keine IFK da" in page

    def test_who_assigns_to_somebody_away_is_told_who_stands_in(self, tom, tom_client, kim, eva):
        day = last_first_step(timezone.localdate())
        absence = AbsenceFactory(user=kim, during=DateRange(day, day + dt.timedelta(days=30)))

        first = tom_client.post(f"{LIST}{entered(tom).pk}/", sent(kim), follow=True)
        SubstitutionFactory(absent_user=kim, absence=absence, substitute=eva)
        second = tom_client.post(f"{LIST}{entered(tom, family_name='B').pk}/", sent(kim), follow=True)
        there = tom_client.post(f"{LIST}{entered(tom, family_name='C').pk}/", sent(eva), follow=True)

        assert f"Am {day_label(day)} ist Kim Sander nicht da, und niemand ist als Vertretung eingetragen." in text_of(
            first
        )
        assert f"Am {day_label(day)} ist Kim Sander nicht da; es vertritt Eva Brandt." in text_of(second)
        assert "ist Eva Brandt nicht da" not in text_of(there)
        assert Case.objects.count() == 3

    @pytest.mark.parametrize(
        ("today", "count", "last"),
        [
            ("2025-12-22", 5, "2026-01-02"),  # 24.12. the house is closed, 25., 26. and 01.01. are holidays
            ("2025-12-20", 5, "2025-12-31"),  # from a Saturday
            ("2025-04-16", 5, "2025-04-25"),  # Good Friday, Easter Monday
            ("2025-10-30", 1, "2025-11-03"),  # Reformationstag
            ("2025-10-29", 1, "2025-10-30"),
            ("2024-02-28", 1, "2024-02-29"),
        ],
    )
    def test_the_last_day_counts_working_days_of_the_house(self, settings, tom, kim, today, count, last):
        LocalDay.objects.get_or_create(date=dt.date(2025, 12, 24), defaults={"text": "Heiligabend"})
        settings.INTAKE_FIRST_STEP_DAYS = count
        day, last_day = dt.date.fromisoformat(today), dt.date.fromisoformat(last)
        assert last_first_step(day) == last_day
        assert days_of_first_step(day)[-1] == last_day
        assert len(days_of_first_step(day)) == count

        with time_machine.travel(dt.datetime.combine(day, dt.time(9), BERLIN), tick=False):
            intake = entered(tom)
            late = {"next_date": f"{last_day + dt.timedelta(days=1):%d.%m.%Y}", "saturday_ok": "on"}
            appointment = {**late, "next": "appointment", "next_time": "10:00"}
            for changed in (late, appointment):
                response = signed_in(tom).post(f"{LIST}{intake.pk}/", sent(kim, **changed))
                assert response.status_code == 422
        assert not Case.objects.exists()

    def test_a_refused_day_comes_with_one_of_the_chosen_ifk_within_the_limit(self, tom, tom_client, kim):
        days = days_of_first_step(timezone.localdate())
        AbsenceFactory(user=kim, during=DateRange(days[3], days[3] + dt.timedelta(days=90)))

        response = tom_client.post(f"{LIST}{entered(tom).pk}/", sent(kim, next_date="+60"))

        assert f"Nächster Arbeitstag: {day_label(days[2])}." in text_of(response)

    def test_the_same_statements_for_2_and_for_40(self, tom, tom_client, kim, eva, osterode, count_queries):
        intake = entered(tom)
        with count_queries() as few:
            tom_client.get(f"{LIST}{intake.pk}/")
        for number in range(38):
            ifk = CounsellorFactory(user__team=osterode)
            WorkPattern.objects.create(user=ifk.user, since=dt.date(2020, 1, 1), weekdays=31, entered_by=tom)
            AbsenceFactory(user=ifk.user, during=DateRange(ahead(3), ahead(9)))
            FollowUpFactory(case=CaseFactory(counsellor=ifk))
            entered(tom, family_name=f"Person {number}")
        with count_queries() as many:
            page = tom_client.get(f"{LIST}{intake.pk}/").content.decode()

        assert page.count('<th scope="row">') == 40
        assert few.count == many.count, many.explain()

    def test_caseloads_stand_in_alphabetical_order_whatever_lies_on_them(self, tom, osterode):
        for family, given in (
            ("Özil", "A"),
            ("Ota", "B"),
            ("van Beek", "C"),
            ("Ähren", "D"),
            ("ahlers", "E"),
            ("Ähren", "B"),
        ):
            user = CounsellorFactory(user__team=osterode, user__last_name=family, user__first_name=given).user
            for _ in range(len(family) % 4):
                CaseFactory(counsellor=user)

        names = [load.name for load in read_caseloads(tom.organisation_id, timezone.localdate(), [])]

        assert names == ["ahlers, E", "Ähren, B", "Ähren, D", "Ota, B", "Özil, A", "van Beek, C"]

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

    def test_two_leads_by_their_pages(self, tom, osterode, kim, eva):
        intake = entered(tom)
        other = lead_of(osterode)
        clients = signed_in(tom), signed_in(other)

        answers = at_once(
            *(
                lambda client=client, ifk=ifk: client.post(f"{LIST}{intake.pk}/", sent(ifk))
                for client, ifk in zip(clients, (kim, eva), strict=True)
            )
        )

        assert sorted(answer.status_code for answer in answers) == [302, 409]
        case = Case.objects.get()
        assert case.assignments.count() == case.follow_ups.count() == 1
        intake.refresh_from_db()
        winner = (tom, other)[[answer.status_code for answer in answers].index(302)]
        assert (intake.case, intake.assigned_by) == (case, winner)

    def test_one_assigns_and_another_takes_off_the_list(self, tom, kim):
        intake = entered(tom)
        results = at_once(
            lambda: assign_intake(intake=intake, counsellor=counsellor_of(kim), first_step=first_step(), by=tom),
            lambda: withdraw_intake(intake=intake, reason="doppelt", by=tom),
        )

        assert [type(result) for result in results if isinstance(result, Exception)] == [StaleVersion]
        intake.refresh_from_db()
        assert Case.objects.count() == bool(intake.assigned_at) != bool(intake.withdrawn_at)

    def test_two_enter_the_same_number_under_two_names(self, tom):
        results = at_once(
            lambda: entered(tom, external_ref="BG-1"), lambda: entered(tom, family_name="B", external_ref="BG-1")
        )

        assert [type(result) for result in results if isinstance(result, Exception)] == [Conflict]
        assert Client.objects.count() == Intake.objects.count() == 1

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

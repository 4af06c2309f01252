"""The days of the responsible IFK in forms: what is refused, what is proposed, and for whom a field asks."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casework.actions import withdraw_contact
from casework.enums import FollowUpKind
from casework.models import Case, FollowUp
from casework.models.presence import read_presence
from tests.casework.days_office import MONDAY, WITHOUT_WEDNESDAY, asked, away, case_of, clock, works
from tests.casework.test_handover_pages import PREVIEW, chosen
from tests.conftest import signed_in
from tests.factories import (
    CaseFactory,
    ClosedCaseFactory,
    FollowUpFactory,
    LocalDayFactory,
    ago,
)
from tests.offers.grouping import group_of, join_people, todays_date
from tests.screens.forms import conversation

# --- forms: what is refused, and what they propose ---------------------------------------------------------


def step_url(case: Case, what: str) -> str:
    return f"/faelle/{case.number}/schritte/{case.follow_ups.get().pk}/{what}/"


@pytest.fixture
def reminder() -> dict[str, Any]:
    return {"next": "reminder", "next_date": "", "next_subject": "Rückruf gekommen?"}


@pytest.mark.django_db
class TestForms:
    def test_a_refused_day_comes_with_the_next_one_of_the_counsellor(self, kim_client, kim, ones_case, reminder):
        works(kim, 0b00110)
        LocalDayFactory(date=dt.date(2026, 12, 8))
        for typed, offered in (("29.11.2026", "Di, 01.12.2026"), ("08.12.2026", "Mi, 09.12.2026")):
            response = kim_client.post(f"/faelle/{ones_case.number}/schritte/neu/", reminder | {"next_date": typed})
            assert response.status_code == 422
            assert f"Nächster Arbeitstag: {offered}." in response.content.decode()

    @pytest.mark.parametrize("typed", ["02.12.2026", "08.12.2026"])
    def test_neither_a_free_weekday_nor_an_absence_is_refused(self, kim_client, kim, ones_case, reminder, typed):
        works(kim, WITHOUT_WEDNESDAY)
        away(kim, dt.date(2026, 12, 7), dt.date(2026, 12, 12))

        response = kim_client.post(f"/faelle/{ones_case.number}/schritte/neu/", reminder | {"next_date": typed})

        assert response.status_code == 302
        assert ones_case.follow_ups.filter(due_on=f"{typed[6:]}-{typed[3:5]}-{typed[:2]}").exists()

    def test_moving_proposes_days_on_which_the_counsellor_is_there(self, kim_client, kim, ones_case):
        works(kim, WITHOUT_WEDNESDAY)
        away(kim, dt.date(2026, 11, 24), dt.date(2026, 11, 25))
        away(kim, dt.date(2026, 11, 30), dt.date(2026, 12, 14))

        page = kim_client.get(step_url(ones_case, "verschieben")).content.decode()

        assert "nächster Arbeitstag (Do, 26.11.)" in page
        assert "in 3 Wochen (Mo, 14.12.)" in page

    def test_one_day_is_proposed_once(self, eva_client, kim, eva, ones_case):
        away(kim, MONDAY, dt.date(2026, 12, 12), substitute=eva)

        page = eva_client.get(step_url(ones_case, "verschieben")).content.decode()

        assert page.count('name="quick"') == 1
        assert "nächster Arbeitstag (Mo, 14.12.)" in page

    def test_forms_of_one_case_name_it_to_the_date_field(self, kim_client, ones_case):
        number = ones_case.number
        pages = [
            f"/faelle/{number}/gespraech/",
            f"/faelle/{number}/gespraech/?kanal=phone",
            f"/faelle/{number}/schritte/neu/",
            *(step_url(ones_case, what) for what in ("verschieben", "erledigt", "aendern")),
        ]
        for page in pages:
            text = kim_client.get(page).content.decode()
            assert 'hx-get="/tag/' in text, page
            assert text.count('hx-get="/tag/') == text.count(f'hx-get="/tag/?fall={number}"'), page


# --- a case that does not stand yet: the days of whoever is chosen for it ----------------------------------


def asked_about(client: Client, counsellor: object, text: str = "02.12.2026") -> str:
    response = client.get("/tag/", {"next_date": text, "counsellor": counsellor})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
@pytest.mark.usefixtures("on_monday")
class TestChosen:
    def test_a_lead_reads_the_days_of_any_ifk_of_the_organisation(self, tom, kim, eva):
        works(kim, WITHOUT_WEDNESDAY)
        case_of(kim, step__due_on=dt.date(2026, 12, 3))
        client = signed_in(tom)

        assert (
            "Mi, 02.12.2026: Kim Sander arbeitet mittwochs nicht. "
            "Nächster Arbeitstag: Do, 03.12.2026, an dem Tag bei Kim Sander 1 Wiedervorlage."
            in asked_about(client, kim.pk)
        )
        assert "an dem Tag bei Eva Brandt noch nichts" in asked_about(client, eva.pk)

    def test_an_ifk_reads_the_own_days_and_nobody_elses(self, kim, eva):
        works(kim, WITHOUT_WEDNESDAY)
        works(eva, WITHOUT_WEDNESDAY)
        client = signed_in(kim)

        assert "Kim Sander arbeitet mittwochs nicht." in asked_about(client, kim.pk)
        assert asked_about(client, eva.pk) == asked_about(client, "")

    def test_nobody_of_another_organisation_and_nobody_who_is_none(self, tom, nora, paula):
        works(nora, WITHOUT_WEDNESDAY)
        client = signed_in(tom)
        for nobody in (nora.pk, tom.pk, paula.pk, 999_999, "", "²", "\x00", "9" * 30, "-1"):
            assert asked_about(client, nobody) == asked(client, "02.12.2026")

    def test_a_case_that_is_named_counts_and_not_who_is_chosen(self, kim, eva, tom):
        works(eva, WITHOUT_WEDNESDAY)
        answer = signed_in(kim).get(
            "/tag/", {"next_date": "02.12.2026", "fall": case_of(kim).number, "counsellor": eva.pk}
        )
        assert "an dem Tag noch nichts" in answer.content.decode()

    def test_forms_that_begin_a_case_send_who_is_chosen(self, kim, tom):
        ended = ClosedCaseFactory(counsellor=kim, opened_at=clock(dt.date(2026, 1, 5)))
        for client, page in (
            (signed_in(kim), "/faelle/neu/"),
            (signed_in(kim), f"/faelle/{ended.number}/wieder-aufnehmen/"),
        ):
            text = client.get(page).content.decode()
            assert text.count('hx-get="/tag/"') == 1, page
            assert """hx-include="[name='counsellor']\"""" in text, page
            assert 'name="counsellor"' in text, page

    def test_a_refused_day_comes_with_the_next_one_of_who_is_chosen(self, kim, eva, tom):
        works(kim, 0b00100)
        works(eva, 0b01000)
        form = {
            "family_name": "A",
            "given_name": "B",
            "birth_date": "04.03.1991",
            "key": str(uuid.uuid4()),
            "next": "reminder",
            "next_date": "29.11.2026",
            "next_subject": "Erstgespräch vereinbaren",
        }
        own = signed_in(kim).post("/faelle/neu/", form | {"counsellor": kim.pk})
        others = signed_in(kim).post("/faelle/neu/", form | {"counsellor": eva.pk})

        assert own.status_code == others.status_code == 422
        assert "Nächster Arbeitstag: Mi, 02.12.2026." in own.content.decode()
        assert "Nächster Arbeitstag: Mo, 30.11.2026." in others.content.decode()


# --- steps that are put before an IFK without a typed day ---------------------------------------------------


@pytest.mark.django_db
class TestSetByTheHouse:
    def test_what_an_entry_in_the_wrong_file_had_ended_comes_back_on_a_day_of_the_ifk(self, kim_client, kim):
        case = CaseFactory(counsellor=kim, opened_at=ago(days=60), step__overdue=True)
        lost = case.follow_ups.get()
        done = {f"step_{lost.pk}": "done", f"step_{lost.pk}_version": str(lost.version)}
        response = kim_client.post(f"/faelle/{case.number}/gespraech/", conversation(case, **done))
        assert response.status_code == 302
        lost.refresh_from_db()
        today = timezone.localdate()
        back = today + dt.timedelta(days=20)
        away(kim, today, back)
        LocalDayFactory(date=read_presence(kim.pk, back).next_day(back))

        withdraw_contact(contact=lost.ended_by_contact, reason="falsche Akte", by=kim)

        brought = FollowUp.objects.open().get(case=case, subject=lost.subject)
        assert brought.kind == FollowUpKind.REMINDER
        assert brought.due_on == read_presence(kim.pk, back).next_day(back) > back


# --- every date field of a next step in a form about several cases asks about the case of its row ----------


def asked_by(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}"[^>]*hx-get="([^"]*)"', page)


@pytest.mark.django_db
class TestRows:
    def test_a_conversation_with_several(self, kim_client, kim):
        cases = [case_of(kim), case_of(kim)]
        page = kim_client.get("/gespraech-mehrere/", {"fall": [case.number for case in cases]}).content.decode()

        for case in cases:
            assert asked_by(page, f"row{case.number}_next_date") == [f"/tag/?fall={case.number}"]

    def test_a_date_of_a_group(self, kim_client, kim):
        group = group_of(kim)
        members = join_people(group, kim, 2)
        date = todays_date(group)
        page = kim_client.get(f"/gruppen/{group.pk}/termine/{date.pk}/").content.decode()

        for member in members:
            number = Case.objects.values_list("number", flat=True).get(pk=member.case_id)
            assert asked_by(page, f"row{number}_next_date") == [f"/tag/?fall={number}"]

    def test_an_appointment_that_clashes_when_cases_are_handed_over(self, kim_client, kim, eva):
        case = CaseFactory(counsellor=kim)
        step = FollowUpFactory(case=case, appointment=True)
        FollowUpFactory(case=CaseFactory(counsellor=eva), appointment=True, due_on=step.due_on)
        page = kim_client.get(PREVIEW, chosen(kim, eva)).content.decode()

        assert asked_by(page, f"step{step.pk}_date") == [f"/tag/?counsellor={eva.pk}"]

"""Ein Gespräch mit mehreren: a contact in each file or in none, and nothing typed is lost."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casework.models import Case, Contact, FollowUp, User
from tests.factories import CaseFactory, ahead

pytestmark = pytest.mark.django_db
URL = "/gespraech-mehrere/"


@pytest.fixture
def couple(kim: User) -> list[Case]:
    return [
        CaseFactory(counsellor=kim, client__family_name="Arslan", client__given_name=name) for name in ("Deniz", "Mira")
    ]


def filled(cases: list[Case], **changed: Any) -> dict[str, Any]:
    now = timezone.localtime() - dt.timedelta(minutes=1)
    data: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "fall": [case.number for case in cases],
        "channel": "in_person",
        "at_date": f"{now:%d.%m.%Y}",
        "at_time": f"{now:%H:%M}",
        "text": "Über die Kinderbetreuung gesprochen.",
    }
    for case in cases:
        row = f"row{case.number}_"
        data |= {
            f"{row}there": "there",
            f"{row}next": "appointment",
            f"{row}next_date": f"{ahead(7):%d.%m.%Y}",
            f"{row}next_time": "10:30",
            f"{row}next_subject": "Kita-Platz?",
        }
    return data | changed


def test_the_form_opens_with_a_row_for_each_chosen_case(kim_client: Client, couple, owner_events):
    answer = kim_client.get(URL, {"fall": [case.number for case in couple]})

    page = answer.content.decode()
    assert answer.status_code == 200
    for case in couple:
        assert f'name="row{case.number}_next_date"' in page
        assert case.client.list_name in page
    assert owner_events()["entry.opened"] == 2


def test_one_submit_writes_into_both_files(kim_client: Client, couple, kim):
    first, second = couple
    step = first.follow_ups.get()
    data = filled(couple)
    data[f"row{second.number}_text"] = "Sucht eine Stelle am Vormittag."
    data[f"row{first.number}_done"] = f"{step.pk}-{step.version}"

    answer = kim_client.post(URL, data)

    assert answer.status_code == 302
    assert Contact.objects.get(case=first).text == "Über die Kinderbetreuung gesprochen."
    assert Contact.objects.get(case=second).text.endswith("Sucht eine Stelle am Vormittag.")
    assert FollowUp.objects.get(pk=step.pk).ended_by_contact.case_id == first.pk
    assert kim_client.post(URL, data).status_code == 302
    assert Contact.objects.count() == 2


def test_a_broken_row_is_named_and_everything_typed_is_kept(kim_client: Client, couple):
    data = filled(couple)
    data[f"row{couple[1].number}_next_subject"] = " "
    data[f"row{couple[0].number}_text"] = "Bringt ein Zeugnis mit."

    answer = kim_client.post(URL, data)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert Contact.objects.count() == 0
    assert "Arslan, Mira: Bitte schreiben Sie, worum es geht." in page
    assert f'href="#id_row{couple[1].number}_next_subject"' in page
    assert "Über die Kinderbetreuung gesprochen." in page
    assert "Bringt ein Zeugnis mit." in page
    assert data["key"] in page


def test_a_name_in_the_common_text_is_refused(kim_client: Client, couple):
    answer = kim_client.post(URL, filled(couple, text="Mira sucht Arbeit."))

    assert answer.status_code == 422
    assert "nennt den Namen von Mira Arslan" in answer.content.decode()
    assert Contact.objects.count() == 0


def test_a_case_that_ended_meanwhile_answers_409(kim_client: Client, couple, kim):
    from casework.actions import end_case
    from casework.enums import ClosingReason

    end_case(case=couple[1], reason=ClosingReason.MOVED, by=kim)

    answer = kim_client.post(URL, filled(couple))

    assert answer.status_code == 409
    assert "Arslan, Mira: Dieser Fall wurde inzwischen beendet." in answer.content.decode()
    assert Contact.objects.count() == 0


def test_a_further_case_comes_by_its_number_and_nothing_is_lost(kim_client: Client, couple, kim):
    third = CaseFactory(counsellor=kim, client__family_name="Celik")

    answer = kim_client.post(URL, filled(couple, add="1", fall_neu=third.number.lower()))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="row{third.number}_next_date"' in page
    assert "Über die Kinderbetreuung gesprochen." in page


@pytest.mark.parametrize("number", ["F-26-99999", "foreign"])
def test_foreign_and_absent_cases_answer_alike(kim_client: Client, couple, nora, number, owner_events):
    number = CaseFactory(counsellor=nora).number if number == "foreign" else number

    answer = kim_client.post(URL, filled(couple, add="1", fall_neu=number))

    assert answer.status_code == 422
    assert "Diesen Fall gibt es nicht, oder Sie arbeiten nicht an ihm." in answer.content.decode()
    assert owner_events()["access.refused"] == 1
    assert kim_client.get(URL, {"fall": number}).status_code == 404
    assert kim_client.post(URL, filled(couple, fall=[couple[0].number, number])).status_code == 404


def test_one_case_alone_is_no_talk_of_several(kim_client: Client, couple):
    answer = kim_client.post(URL, filled(couple[:1]))

    assert answer.status_code == 422
    assert "mindestens zwei" in answer.content.decode()


def test_a_row_can_be_taken_out_again(kim_client: Client, couple):
    answer = kim_client.post(URL, filled(couple, remove=couple[1].number))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"row{couple[1].number}_" not in page
    assert f"row{couple[0].number}_" in page


def test_who_has_no_business_with_cases_has_none_here(paula_client: Client, couple):
    assert paula_client.get(URL, {"fall": [couple[0].number]}).status_code == 403

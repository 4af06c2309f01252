import uuid

import pytest
from django.urls import reverse

from casework.enums import DraftForm
from casework.models import Case, Client, Draft
from tests.factories import AccessGrantFactory, CaseFactory, ClosedCaseFactory, CounsellorFactory, DraftFactory, ago

URL = "/faelle/neu/"
ELSEWHERE = "möglicherweise schon einen Fall"


@pytest.fixture
def opening(kim, next_step):
    return {
        "family_name": "Özdemir",
        "given_name": "Çağla",
        "birth_date": "4.3.1991",
        "counsellor": kim.pk,
        "key": str(uuid.uuid4()),
        **next_step,
    }


def known(case, **changed):
    person = case.client
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": f"{person.birth_date:%d.%m.%Y}",
        **changed,
    }


def test_the_page_suggests_me_and_no_day(kim, kim_client):
    page = kim_client.get(URL).content.decode()

    assert f'<option value="{kim.pk}" selected>' in page
    assert 'name="next_date" autocomplete' in " ".join(page.split())
    assert 'value="reminder" checked' not in page


def test_a_team_lead_is_not_suggested(tom_client, kim):
    assert " selected>Sander, Kim" not in tom_client.get(URL).content.decode()


def test_opening_needs_name_birth_date_responsibility_and_step_alone(kim, kim_client, opening):
    response = kim_client.post(URL, opening)

    case = Case.objects.get(client__family_name="Özdemir")
    assert response.status_code == 302
    assert response["Location"] == f"/faelle/{case.number}/"
    assert case.follow_ups.get().subject == "Erstgespräch vereinbaren"
    assert case.assignments.get().counsellor_id == kim.pk
    assert case.client.details.count() == 0


def test_optional_details_are_kept_with_their_origin(kim_client, opening):
    kim_client.post(URL, opening | {"detail_phone": "0551 12345", "origin_phone": "leading_system"})

    detail = Client.objects.get(family_name="Özdemir").details.get()
    assert (detail.kind, detail.text, detail.origin) == ("phone", "0551 12345", "leading_system")


def test_a_case_for_a_colleague_leads_to_heute(eva, kim_client, opening):
    response = kim_client.post(URL, opening | {"counsellor": eva.pk})

    assert response["Location"] == "/"


def test_spezial_ifk_are_offered_by_name_alone(kim_client, osterode):
    CounsellorFactory(specialist=True, user__team=osterode, user__last_name="Zander", user__first_name="Ulla")
    page = kim_client.get(URL).content.decode()

    assert ">Zander, Ulla</option>" in page
    assert "REHA" not in page


def test_ifk_of_another_organisation_is_refused(kim_client, nora, opening):
    response = kim_client.post(URL, opening | {"counsellor": nora.pk})

    assert response.status_code == 422
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"family_name": "  "}, "Familienname"),
        ({"birth_date": "4.3.91"}, "04.03.1991"),
        ({"birth_date": "1.1.2999"}, "liegt in der Zukunft"),
        ({"next": ""}, "Ohne nächsten Schritt wird nichts eingetragen"),
        ({"next_date": "25.12."}, "Feiertag"),
        ({"next_subject": ""}, "worum es geht"),
        ({"next_subject": "x" * 301}, "höchstens 300 Zeichen"),
        ({"next_place": "x" * 161}, "höchstens 160 Zeichen"),
        ({"counsellor": ""}, "Zuständige IFK"),
        ({"key": "kein-schlüssel"}, "Das fehlt noch oder passt nicht"),
    ],
)
def test_refusals_keep_the_text_and_write_nothing(kim_client, opening, changed, sentence):
    data = opening | {"detail_address": "Lange Geismarstraße 1"} | changed
    response = kim_client.post(URL, data)
    page = response.content.decode()

    assert response.status_code == 422
    assert sentence in page
    assert "Lange Geismarstraße 1" in page
    assert not Client.objects.exists()


def test_a_number_of_the_leading_system_is_used_once(kim_client, opening):
    kim_client.post(URL, opening | {"external_ref": "LV-1"})
    again = opening | {"family_name": "Anders", "given_name": "Bo", "external_ref": "LV-1", "key": str(uuid.uuid4())}
    response = kim_client.post(URL, again)

    assert response.status_code == 422
    assert "schon eingetragen" in response.content.decode()


def test_a_likely_double_of_mine_is_linked(kim, kim_client, opening):
    case = CaseFactory(counsellor=kim, client__family_name="Müller", client__given_name="Jörg")
    response = kim_client.post(URL, opening | known(case, family_name="Mueller"))
    page = response.content.decode()

    assert response.status_code == 422
    assert f'href="/faelle/{case.number}/"' in page
    assert ELSEWHERE not in page
    assert Case.objects.count() == 1


def test_an_ended_case_of_mine_is_offered_to_be_taken_up_again(kim, kim_client, opening):
    case = ClosedCaseFactory(counsellor=kim)
    page = kim_client.post(URL, opening | known(case)).content.decode()

    assert reverse("casework:case_resume", kwargs={"number": case.number}) in page


def test_a_double_elsewhere_is_said_without_a_word_about_it(eva, kim_client, opening):
    case = CaseFactory(counsellor=eva)
    response = kim_client.post(URL, opening | known(case))
    page = response.content.decode()

    assert response.status_code == 422
    assert ELSEWHERE in page
    assert case.number not in page
    assert f'href="{reverse("casework:access_lookup")}"' in page
    panel = page.split('id="bekannt"')[1].split("</section>")[0]
    assert "Brandt" not in panel


@pytest.mark.parametrize("hidden", ["other organisation", "protected"])
def test_other_organisations_and_protected_cases_are_never_hinted_at(eva, nora, kim_client, opening, hidden):
    case = (
        CaseFactory(counsellor=nora)
        if hidden == "other organisation"
        else CaseFactory(counsellor=eva, is_restricted=True)
    )
    response = kim_client.post(URL, opening | known(case))

    assert response.status_code == 302


def test_an_ended_case_that_is_open_again_elsewhere_is_no_dead_end(kim, eva, kim_client, opening):
    mine = ClosedCaseFactory(counsellor=kim, opened_at=ago(days=60))
    CaseFactory(counsellor=eva, client=mine.client, organisation=mine.organisation)
    page = kim_client.post(URL, opening | known(mine)).content.decode()

    assert ELSEWHERE in page
    assert reverse("casework:case_resume", kwargs={"number": mine.number}) not in page


def test_a_case_read_with_a_reason_is_not_offered_to_be_taken_up(kim, eva, kim_client, opening):
    case = ClosedCaseFactory(counsellor=eva)
    AccessGrantFactory(user=kim, case=case)
    page = kim_client.post(URL, opening | known(case)).content.decode()

    assert ELSEWHERE in page
    assert "nehmen einen beendeten Fall wieder auf" in page
    assert case.number not in page


def test_the_same_submit_twice_opens_one_case_and_is_no_double_of_itself(kim_client, opening):
    first = kim_client.post(URL, opening)
    second = kim_client.post(URL, opening)

    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_the_form_of_an_opened_case_filled_in_for_somebody_else_keeps_its_text(kim_client, opening):
    kim_client.post(URL, opening)
    typed = opening | {"family_name": "Anders", "given_name": "Bo", "birth_date": "1.2.1990"}
    response = kim_client.post(URL, typed)
    page = response.content.decode()

    assert response.status_code == 422
    assert "Mit diesem Formular ist schon der Fall" in page
    assert 'value="Anders"' in page
    key = page.split('name="key" value="')[1].split('"')[0]
    assert key != opening["key"]
    assert kim_client.post(URL, typed | {"key": key}).status_code == 302
    assert Case.objects.count() == 2


def test_another_person_of_that_name_is_opened_after_confirming(eva, kim_client, opening):
    case = CaseFactory(counsellor=eva)
    response = kim_client.post(URL, opening | known(case, other_person="on"))

    assert response.status_code == 302
    assert Case.objects.count() == 2


def test_looking_for_doubles_leaves_a_trace(eva, kim_client, opening, owner_events):
    case = CaseFactory(counsellor=eva)
    kim_client.post(URL, opening | known(case))

    assert owner_events()["case.searched"] == 1


def test_the_draft_comes_back_and_goes_with_the_opening(kim, kim_client, opening):
    payload = {name: [str(value)] for name, value in opening.items() if name != "key"}
    draft = DraftFactory(author=kim, case=None, form=DraftForm.CASE_OPENING, key=opening["key"], payload=payload)

    page = kim_client.get(f"{URL}?entwurf={draft.pk}").content.decode()
    assert 'value="Özdemir"' in page
    assert opening["key"] in page
    assert opening["next_date"] in page

    kim_client.post(URL, opening)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("pk", ["", "x", "99999999999999999999", "0"])
def test_a_draft_that_is_none_is_an_empty_form(kim_client, pk):
    assert kim_client.get(f"{URL}?entwurf={pk}").status_code == 200


def test_a_draft_of_somebody_else_is_not_shown(eva, kim_client):
    draft = DraftFactory(author=eva, case=None, form=DraftForm.CASE_OPENING, payload={"family_name": ["Geheim"]})

    assert "Geheim" not in kim_client.get(f"{URL}?entwurf={draft.pk}").content.decode()


def test_who_has_no_business_with_cases_opens_none(paula_client):
    assert paula_client.get(URL).status_code == 403


def test_anonymous_opens_none(client, db):
    assert client.get(URL).status_code == 302

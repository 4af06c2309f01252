import pytest

from casework.models import Case, CaseClosure
from tests.factories import CaseClosureFactory, CaseParticipationFactory, ClosedCaseFactory, FollowUpFactory


def end_url(case):
    return f"/faelle/{case.number}/beenden/"


def resume_url(case):
    return f"/faelle/{case.number}/wieder-aufnehmen/"


def test_what_ends_with_the_case_is_shown_before(kim_client, case):
    FollowUpFactory(case=case, appointment=True, subject="Praktikum besprechen")
    page = kim_client.get(end_url(case)).content.decode()

    assert "Praktikum besprechen" in page
    assert "Unterlagen gemeinsam durchsehen" in page
    assert "keine Schreiben mehr" in page


@pytest.mark.parametrize("reason", ["independent", "moved", "deceased", "other"])
def test_ending_ends_steps_and_responsibility(kim_client, case, reason):
    response = kim_client.post(end_url(case), {"reason": reason, "text": "Kurz gesagt"})

    case.refresh_from_db()
    assert response["Location"] == f"/faelle/{case.number}/"
    assert not case.is_open
    assert CaseClosure.objects.get(case=case).reason == reason
    assert not case.follow_ups.filter(ended_at=None).exists()


def test_the_lead_of_the_team_reads_with_a_reason_and_ends_nothing(tom_client, case):
    tom_client.post(f"/faelle/{case.number}/lesen/", {"reason": "Umzug gemeldet"})
    response = tom_client.post(end_url(case), {"reason": "moved"})

    case.refresh_from_db()
    assert response.status_code == 403
    assert case.is_open


def test_who_takes_part_ends_it_and_goes_to_heute(eva, eva_client, case):
    CaseParticipationFactory(case=case, counsellor=eva)
    response = eva_client.post(end_url(case), {"reason": "moved"})

    assert response["Location"] == "/"


def test_an_unknown_reason_is_refused(kim_client, case):
    response = kim_client.post(end_url(case), {"reason": "keine Lust", "text": "Merke dies"})

    assert response.status_code == 422
    assert "Merke dies" in response.content.decode()


def test_a_case_ended_meanwhile_is_a_conflict_that_keeps_the_text(kim_client, case):
    CaseClosureFactory(case=case)
    response = kim_client.post(end_url(case), {"reason": "moved", "text": "Neue Anschrift bekannt"})

    assert response.status_code == 409
    assert "Neue Anschrift bekannt" in response.content.decode()


def test_the_page_of_an_ended_case_leads_to_its_file(kim_client, case):
    CaseClosureFactory(case=case)

    assert kim_client.get(end_url(case))["Location"] == f"/faelle/{case.number}/"


def test_taking_up_again_makes_a_new_case(kim, kim_client, next_step):
    ended = ClosedCaseFactory(counsellor=kim)
    response = kim_client.post(resume_url(ended), {"counsellor": kim.pk, **next_step})

    fresh = Case.objects.get(previous_case=ended)
    assert response["Location"] == f"/faelle/{fresh.number}/"
    assert fresh.client_id == ended.client_id
    assert fresh.follow_ups.get().subject == "Erstgespräch vereinbaren"
    assert kim_client.get(f"/faelle/{ended.number}/").status_code == 200


def test_taking_up_again_for_a_colleague_leads_to_heute(kim, eva, kim_client, next_step):
    ended = ClosedCaseFactory(counsellor=kim)

    assert kim_client.post(resume_url(ended), {"counsellor": eva.pk, **next_step}).status_code == 302


def test_taking_up_twice_is_refused_with_the_text(kim, kim_client, next_step):
    ended = ClosedCaseFactory(counsellor=kim)
    data = {"counsellor": kim.pk, **next_step}
    kim_client.post(resume_url(ended), data)
    response = kim_client.post(resume_url(ended), data)

    assert response.status_code == 422
    assert "Erstgespräch vereinbaren" in response.content.decode()
    assert "schon" in response.content.decode()


def test_taking_up_without_a_step_is_refused(kim, kim_client):
    ended = ClosedCaseFactory(counsellor=kim)
    response = kim_client.post(resume_url(ended), {"counsellor": kim.pk, "next_subject": "Neu anfangen"})

    assert response.status_code == 422
    assert "Neu anfangen" in response.content.decode()


def test_an_open_case_is_not_taken_up(kim_client, case):
    assert kim_client.get(resume_url(case))["Location"] == f"/faelle/{case.number}/"

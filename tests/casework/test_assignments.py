from casework.models import CaseAssignment
from tests.factories import CaseClosureFactory, CaseParticipationFactory, CounsellorFactory


def url(case, rest="zustaendigkeit/"):
    return f"/faelle/{case.number}/{rest}"


def responsible(case):
    return CaseAssignment.objects.get(case=case, during__upper_inf=True)


def test_the_responsible_ifk_hands_over_with_a_note(kim_client, eva, case):
    response = kim_client.post(url(case), {"counsellor": eva.pk, "note": "Mag Anrufe am Vormittag"})

    assert response["Location"] == "/"
    assert responsible(case).counsellor_id == eva.pk
    assert responsible(case).note == "Mag Anrufe am Vormittag"


def test_the_lead_hands_over_without_reading_the_file(tom_client, eva, case, owner_events):
    page = tom_client.get(url(case)).content.decode()
    response = tom_client.post(url(case), {"counsellor": eva.pk})

    assert "Unterlagen gemeinsam durchsehen" not in page
    assert response["Location"] == "/"
    assert responsible(case).counsellor_id == eva.pk
    assert owner_events()["file.opened"] == 0


def test_who_takes_part_does_not_hand_over(eva, eva_client, case):
    CaseParticipationFactory(case=case, counsellor=eva)

    assert eva_client.get(url(case)).status_code == 403
    assert eva_client.get(url(case, "mitwirkende/")).status_code == 403


def test_every_ifk_of_the_organisation_is_offered_by_name_alone(kim_client, osterode, nora, case):
    CounsellorFactory(specialist=True, user__team=osterode, user__last_name="Zander", user__first_name="Ulla")
    page = kim_client.get(url(case)).content.decode()

    assert ">Zander, Ulla</option>" in page
    assert "REHA" not in page
    assert "Yılmaz" not in page


def test_handing_over_to_oneself_is_refused_with_the_note(kim, kim_client, case):
    response = kim_client.post(url(case), {"counsellor": kim.pk, "note": "Bleibt stehen"})

    assert response.status_code == 422
    assert "schon zuständig" in response.content.decode()
    assert "Bleibt stehen" in response.content.decode()


def test_a_case_ended_meanwhile_is_a_conflict_that_keeps_the_note(kim_client, eva, case):
    CaseClosureFactory(case=case)
    response = kim_client.post(url(case), {"counsellor": eva.pk, "note": "Bleibt stehen"})

    assert response.status_code == 409
    assert "Bleibt stehen" in response.content.decode()


def test_a_further_ifk_takes_part_and_leaves_again(kim_client, eva, eva_client, case):
    kim_client.post(url(case, "mitwirkende/"), {"counsellor": eva.pk})
    assert eva_client.get(f"/faelle/{case.number}/").status_code == 200
    assert "Eva Brandt" in kim_client.get(url(case, "mitwirkende/")).content.decode()

    taking_part = case.participations.get()
    for _ in range(2):
        assert kim_client.post(url(case, f"mitwirkende/{taking_part.pk}/ende/")).status_code == 302
    assert eva_client.get(f"/faelle/{case.number}/").status_code == 404


def test_taking_part_twice_is_refused(kim_client, eva, case):
    kim_client.post(url(case, "mitwirkende/"), {"counsellor": eva.pk})
    response = kim_client.post(url(case, "mitwirkende/"), {"counsellor": eva.pk})

    assert response.status_code == 422
    assert "wirkt schon mit" in response.content.decode()


def test_the_participation_of_another_case_is_not_found(kim_client, case):
    other = CaseParticipationFactory()

    assert kim_client.post(url(case, f"mitwirkende/{other.pk}/ende/")).status_code == 404

import datetime as dt

from casework.models import Client
from tests.factories import (
    CaseClosureFactory,
    CaseFactory,
    ClientDetailFactory,
    ClosedCaseFactory,
    EmploymentStartFactory,
    ago,
    ahead,
)


def url(case, rest="stammdaten/"):
    return f"/faelle/{case.number}/{rest}"


def form_of(person, **changed):
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": f"{person.birth_date:%d.%m.%Y}",
        "preferred_name": person.preferred_name,
        "external_ref": person.external_ref or "",
        "version": person.version,
    } | changed


def test_the_page_shows_what_stands(kim_client, case):
    ClientDetailFactory(client=case.client, text="0551 4711")
    page = kim_client.get(url(case)).content.decode()

    assert 'value="Yıldız"' in page
    assert "0551 4711" in page
    assert "von der Person selbst" in page


def test_corrections_are_saved(kim_client, case):
    response = kim_client.post(url(case), form_of(case.client, given_name="Denis", external_ref="LV-7"))

    person = Client.objects.get(pk=case.client_id)
    assert response.status_code == 302
    assert (person.given_name, person.external_ref, person.version) == ("Denis", "LV-7", 2)


def test_nothing_changed_is_no_change(kim_client, case):
    kim_client.post(url(case), form_of(case.client))

    assert Client.objects.get(pk=case.client_id).version == 1


def test_a_colleagues_change_is_shown_and_not_overwritten(kim_client, case):
    mine = form_of(case.client, given_name="Denise")
    Client.objects.filter(pk=case.client_id).update(given_name="Denis", version=2)
    response = kim_client.post(url(case), mine)
    page = response.content.decode()

    assert response.status_code == 409
    assert 'value="Denise"' in page
    assert "<bdi>Denis</bdi>" in page
    assert Client.objects.get(pk=case.client_id).given_name == "Denis"


def test_knowing_both_one_may_save_again(kim_client, case):
    mine = form_of(case.client, given_name="Denise")
    Client.objects.filter(pk=case.client_id).update(given_name="Denis", version=2)
    page = kim_client.post(url(case), mine).content.decode()
    assert '<input type="hidden" name="version" value="2"' in page

    assert kim_client.post(url(case), mine | {"version": 2}).status_code == 302


def test_the_number_of_somebody_else_is_refused(kim_client, case):
    other = ClientDetailFactory().client
    Client.objects.filter(pk=other.pk).update(organisation=case.organisation, external_ref="LV-9")
    response = kim_client.post(url(case), form_of(case.client, external_ref="LV-9"))

    assert response.status_code == 422
    assert "schon eingetragen" in response.content.decode()


def test_a_detail_is_added_with_its_origin(kim_client, case):
    kim_client.post(
        url(case, "stammdaten/angabe/"),
        {"kind": "appointment_needs", "text": "Sprachmittlung Farsi", "origin": "person"},
    )

    detail = case.client.details.get()
    assert (detail.kind, detail.text) == ("appointment_needs", "Sprachmittlung Farsi")


def test_a_detail_without_kind_comes_back_with_its_text(kim_client, case):
    response = kim_client.post(url(case, "stammdaten/angabe/"), {"text": "Sprachmittlung", "origin": "person"})

    assert response.status_code == 422
    assert 'value="Sprachmittlung"' in response.content.decode()


def test_a_detail_ends_and_stays_as_history(kim_client, case):
    detail = ClientDetailFactory(client=case.client)
    kim_client.post(url(case, f"stammdaten/angabe/{detail.pk}/"))

    detail.refresh_from_db()
    assert detail.ended_at is not None


def test_the_detail_of_somebody_else_is_not_found(kim_client, case):
    detail = ClientDetailFactory()
    response = kim_client.post(url(case, f"stammdaten/angabe/{detail.pk}/"))

    detail.refresh_from_db()
    assert response.status_code == 404
    assert detail.ended_at is None


def test_employment_closes_nothing(kim_client, case):
    day = ahead()
    kim_client.post(url(case, "arbeit/"), {"started_on": f"{day:%d.%m.%Y}", "text": "Tischlerei"})

    case.refresh_from_db()
    assert case.is_open
    assert case.employment_starts.get().started_on == day
    assert case.follow_ups.filter(ended_at=None).exists()


def test_a_mistaken_employment_is_taken_back_once(kim_client, case):
    start = EmploymentStartFactory(case=case, started_on=dt.date(2026, 10, 1))
    assert "01.10.2026" in kim_client.get(url(case, "arbeit/")).content.decode()

    for _ in range(2):
        assert kim_client.post(url(case, f"arbeit/{start.pk}/zuruecknehmen/")).status_code == 302
    start.refresh_from_db()
    assert start.withdrawn_at is not None


def test_the_employment_of_another_case_is_not_found(kim_client, case):
    start = EmploymentStartFactory()

    assert kim_client.post(url(case, f"arbeit/{start.pk}/zuruecknehmen/")).status_code == 404


def test_who_was_last_responsible_corrects_an_ended_file(kim_client, case):
    CaseClosureFactory(case=case)

    assert kim_client.get(url(case)).status_code == 200


def test_a_later_case_decides_who_works_with_the_master_data(kim, eva, kim_client):
    mine = ClosedCaseFactory(counsellor=kim, opened_at=ago(days=60))
    detail = ClientDetailFactory(client=mine.client)
    CaseFactory(counsellor=eva, client=mine.client, organisation=mine.organisation)
    new = {"kind": "phone", "text": "0551 1", "origin": "person"}

    assert kim_client.get(url(mine)).status_code == 403
    assert kim_client.post(url(mine), form_of(mine.client, given_name="Denis")).status_code == 403
    assert kim_client.post(url(mine, "stammdaten/angabe/"), new).status_code == 403
    assert kim_client.post(url(mine, f"stammdaten/angabe/{detail.pk}/")).status_code == 403
    assert list(mine.client.details.values_list("pk", "ended_at")) == [(detail.pk, None)]

import re
import uuid
from functools import partial
from unittest import mock

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework import actions
from casework.enums import AccessKind, DraftForm, GrantKind, ParticipantRole
from casework.models import AccessGrant, Case, CaseAssignment, Contact, Draft
from tests.casework.test_races import at_once, held
from tests.factories import (
    AccessGrantFactory,
    CaseAssignmentFactory,
    CaseClosureFactory,
    CaseFactory,
    ClosedCaseFactory,
    ContactFactory,
    DraftFactory,
    ago,
    at_ten,
    back,
    channel,
)

URL = "/anlass/"


def asked(case, **changed):
    person = case.client
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": f"{person.birth_date:%d.%m.%Y}",
        "reason": "steht am Empfang",
    } | changed


def unmasked(response):
    text = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": ?)[=" ]*[^"]+"', "", response.content.decode())
    return re.sub(r'name="previous"\s+value="[^"]*"', "", text)


def record_url(case):
    return f"/faelle/{case.number}/anlass/"


def read_url(case):
    return f"/faelle/{case.number}/lesen/"


@pytest.mark.parametrize("by", ["number", "name"])
def test_an_exact_match_lets_record_and_nothing_else(eva, eva_client, case, by):
    data = asked(case) if by == "name" else {"number": case.number.lower(), "reason": "ruft an"}
    response = eva_client.post(URL, data)

    assert response["Location"] == record_url(case)
    assert AccessGrant.objects.get(user=eva).kind == GrantKind.RECORD
    assert eva_client.get(f"/faelle/{case.number}/").status_code == 404


def test_no_match_foreign_and_protected_answer_alike(eva, eva_client, case, kim, nora):
    hidden = {
        "client__family_name": "Verdeckt",
        "client__given_name": "Noa",
    }
    data = {"family_name": "Verdeckt", "given_name": "Noa", "birth_date": "04.03.1991", "reason": "x"}
    absent = eva_client.post(URL, data)
    foreign_case = CaseFactory(counsellor=nora, **hidden)
    foreign = eva_client.post(URL, data)
    protected_case = CaseFactory(counsellor=kim, is_restricted=True, **hidden)
    protected = eva_client.post(URL, data)

    assert absent.status_code == foreign.status_code == protected.status_code == 422
    assert unmasked(absent) == unmasked(foreign) == unmasked(protected)
    for hidden_case in (foreign_case, protected_case):
        response = eva_client.post(URL, {"number": hidden_case.number, "reason": "x"})
        assert response.status_code == 422
    assert not AccessGrant.objects.exists()


def test_what_one_may_read_anyway_opens(kim_client, case):
    assert kim_client.post(URL, asked(case))["Location"] == f"/faelle/{case.number}/"
    assert not AccessGrant.objects.exists()


def test_without_a_reason_nothing_is_looked_up(eva_client, case, owner_events):
    response = eva_client.post(URL, asked(case, reason="  "))

    assert response.status_code == 422
    assert 'value="Deniz"' in response.content.decode()
    assert owner_events()[AccessKind.LOOKED_UP] == 0


@pytest.mark.parametrize("missing", ["family_name", "given_name", "birth_date"])
def test_half_a_name_is_not_enough(eva_client, case, missing):
    assert eva_client.post(URL, asked(case, **{missing: ""})).status_code == 422
    assert not AccessGrant.objects.exists()


def test_each_lookup_and_grant_is_on_record(eva_client, case, owner_events):
    eva_client.post(URL, asked(case))
    eva_client.post(URL, asked(case, given_name="Niemand"))

    assert owner_events()[AccessKind.LOOKED_UP] == 2
    assert owner_events()[AccessKind.GRANT_TAKEN] == 1


def test_roles_without_cases_do_not_look_up(paula_client, admin_client):
    assert paula_client.get(URL).status_code == 403
    assert admin_client.get(URL).status_code == 403


def test_the_page_shows_name_and_number_and_nothing_of_the_file(eva_client, case, contact):
    eva_client.post(URL, asked(case))
    page = eva_client.get(record_url(case)).content.decode()

    assert "Yıldız, Deniz" in page
    assert case.number in page
    for hidden in ("04.03.1991", "Kim Sander", "Praktikum", "Unterlagen gemeinsam", "standing-"):
        assert hidden not in page


def test_a_contact_is_recorded_for_the_responsible_ifk(eva, eva_client, kim_client, case, visit):
    eva_client.post(URL, asked(case))
    response = eva_client.post(record_url(case), visit | {"channel": channel().pk})

    contact = Contact.objects.get(case=case)
    assert response["Location"] == "/"
    assert contact.author_id == eva.pk
    assert contact.follow_up.subject == "Erstgespräch vereinbaren"
    assert CaseAssignment.objects.get(case=case).counsellor.user.first_name == "Kim"
    page = kim_client.get(f"/faelle/{case.number}/").content.decode()
    assert "Bringt den Bescheid vorbei." in page
    assert "steht am Empfang" in page
    assert "Eingetragen; Kim Sander sieht es." in eva_client.get("/hilfe/").content.decode()


def test_the_same_submit_twice_makes_one_contact(eva_client, case, visit):
    eva_client.post(URL, asked(case))
    for _ in range(2):
        assert eva_client.post(record_url(case), visit | {"channel": channel().pk}).status_code == 302

    assert Contact.objects.filter(case=case).count() == 1


def test_without_a_next_step_the_text_stays(eva_client, case, visit):
    eva_client.post(URL, asked(case))
    response = eva_client.post(record_url(case), visit | {"channel": channel().pk, "next": ""})

    assert response.status_code == 422
    assert "Bringt den Bescheid vorbei." in response.content.decode()
    assert not Contact.objects.exists()


def test_a_standing_step_cannot_be_guessed(eva_client, case, visit):
    eva_client.post(URL, asked(case))
    step = case.follow_ups.get()
    response = eva_client.post(record_url(case), visit | {"channel": channel().pk, "next": f"standing-{step.pk}"})

    assert response.status_code == 422


def test_a_case_ended_meanwhile_is_a_conflict_that_keeps_the_text(eva_client, case, visit):
    eva_client.post(URL, asked(case))
    CaseClosureFactory(case=case)
    response = eva_client.post(record_url(case), visit | {"channel": channel().pk})

    assert response.status_code == 409
    assert "Bringt den Bescheid vorbei." in response.content.decode()


@pytest.mark.parametrize("there", [True, False])
def test_whether_the_person_was_there_is_asked(eva_client, case, visit, there):
    eva_client.post(URL, asked(case))
    box = eva_client.get(record_url(case)).content.decode().split('name="with_client"')[1].split(">")[0]
    assert "checked" in box

    data = visit | {"channel": channel().pk} | ({"with_client": "on"} if there else {})
    eva_client.post(record_url(case), data)

    assert Contact.objects.get(case=case).participants.filter(role=ParticipantRole.CLIENT).exists() is there


def test_the_way_back_from_a_wrong_entry_is_shown(eva, eva_client, case, contact, visit):
    eva_client.post(URL, asked(case))
    eva_client.post(record_url(case), visit | {"channel": channel().pk})
    mine = Contact.objects.get(case=case, author=eva)
    back = f'href="/faelle/{case.number}/kontakte/{mine.pk}/falsche-akte/"'

    assert back in eva_client.get("/hilfe/").content.decode()
    page = eva_client.get(record_url(case)).content.decode()
    assert "Von Ihnen heute hier eingetragen" in page
    assert back in page
    assert f"/kontakte/{contact.pk}/" not in page


# --- who comes back after the end --------------------------------------------------------------------------


@pytest.fixture
def ended(kim):
    """Kim's ended case of a person who comes back."""
    return ClosedCaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")


def resume_url(case):
    return f"/faelle/{case.number}/wieder-aufnehmen/"


@pytest.mark.parametrize("by", ["number", "name"])
def test_a_person_whose_case_of_a_colleague_has_ended_is_taken_up_again(eva, eva_client, ended, next_step, by):
    assert eva_client.get(resume_url(ended)).status_code == 404
    response = eva_client.post(URL, asked(ended) if by == "name" else {"number": ended.number, "reason": "steht da"})
    assert response["Location"] == resume_url(ended)

    page = eva_client.get(resume_url(ended)).content.decode()
    assert "Yıldız, Deniz" in page and ended.number in page
    for hidden in ("04.03.1991", "beendet am", f'href="/faelle/{ended.number}/"'):
        assert hidden not in page
    assert eva_client.get(f"/faelle/{ended.number}/").status_code == 404
    assert eva_client.get(record_url(ended))["Location"] == resume_url(ended)

    response = eva_client.post(resume_url(ended), {"counsellor": eva.pk, **next_step})
    fresh = Case.objects.get(previous_case=ended)
    assert response["Location"] == f"/faelle/{fresh.number}/"
    assert fresh.client_id == ended.client_id


def test_one_who_leads_and_reads_takes_up_again_on_the_same_way(tom, tom_client, ended):
    AccessGrantFactory(user=tom, case=ended)
    assert tom_client.get(resume_url(ended)).status_code == 403

    assert tom_client.post(URL, asked(ended))["Location"] == resume_url(ended)
    assert tom_client.get(resume_url(ended)).status_code == 200


def test_the_open_case_comes_before_the_ended_one(kim, eva_client, ended):
    fresh = CaseFactory(counsellor=kim, client=ended.client, organisation=ended.organisation, opened_at=ago(days=1))

    for data in (asked(ended), {"number": ended.number, "reason": "alter Brief"}):
        assert eva_client.post(URL, data)["Location"] == record_url(fresh)


def test_of_several_ended_cases_the_last_one_counts(kim, eva_client, ended):
    again = {"counsellor": kim, "client": ended.client, "organisation": ended.organisation}
    last = ClosedCaseFactory(**again, opened_at=ago(hours=1))

    assert eva_client.post(URL, asked(ended))["Location"] == resume_url(last)


@pytest.mark.parametrize("why", ["foreign", "protected", "two people"])
def test_an_ended_case_that_is_no_match_answers_like_none(kim, nora, eva_client, why):
    name = {"client__family_name": "Verdeckt", "client__given_name": "Noa"}
    data = {"family_name": "Verdeckt", "given_name": "Noa", "birth_date": "04.03.1991", "reason": "x"}
    absent = eva_client.post(URL, data)
    if why == "foreign":
        ClosedCaseFactory(counsellor=nora, **name)
    else:
        ClosedCaseFactory(counsellor=kim, is_restricted=why == "protected", **name)
    if why == "two people":
        ClosedCaseFactory(counsellor=kim, **name)
    response = eva_client.post(URL, data)

    assert response.status_code == 422
    assert unmasked(response) == unmasked(absent)
    assert not AccessGrant.objects.exists()


def test_a_grant_of_yesterday_takes_nobody_up(eva, eva_client, ended):
    yesterday = DateTimeTZRange(at_ten(back(1)), at_ten(back(1)).replace(hour=18))
    AccessGrantFactory(user=eva, case=ended, kind=GrantKind.RECORD, during=yesterday)

    assert eva_client.get(resume_url(ended)).status_code == 404


def test_who_reads_with_a_reason_comes_to_record(eva, eva_client, case):
    AccessGrantFactory(user=eva, case=case)

    assert eva_client.post(URL, asked(case))["Location"] == record_url(case)


def test_lookup_and_grant_bear_the_id_of_their_request(eva, case):
    with mock.patch("casework.actions.access.record_access") as recorded:
        request_id = uuid.uuid4()
        found = actions.find_for_counter(by=eva, number=case.number, request_id=request_id)
        actions.take_access(case=found, kind=GrantKind.RECORD, reason="x", by=eva, request_id=request_id)

    assert [call.kwargs["request_id"] for call in recorded.call_args_list] == [request_id, request_id]


def test_access_taken_twice_at_once_is_one_grant(committed_db, kim, eva):
    for _ in range(5):
        case = CaseFactory(counsellor=kim)
        call = partial(actions.take_access, case=case, kind=GrantKind.RECORD, reason="steht da", by=eva)
        first, second = at_once(held(call), held(call))

        assert first == second, (first, second)
        assert AccessGrant.objects.get(case=case) == first


def test_after_recording_reading_needs_a_reason_of_its_own(eva, eva_client, case):
    eva_client.post(URL, asked(case))
    assert eva_client.get(read_url(case)).status_code == 200
    assert eva_client.post(read_url(case), {"reason": "  "}).status_code == 422

    response = eva_client.post(read_url(case), {"reason": "Frist läuft heute ab"})

    assert response["Location"] == f"/faelle/{case.number}/"
    assert eva_client.get(f"/faelle/{case.number}/").status_code == 200
    assert AccessGrant.objects.get(kind=GrantKind.READ).reason == "Frist läuft heute ab"


def test_reading_without_a_grant_to_record_is_absent(eva_client, case):
    assert eva_client.get(read_url(case)).status_code == 404
    assert eva_client.post(read_url(case), {"reason": "neugierig"}).status_code == 404


def test_the_responsible_ifk_sees_who_read_and_why(tom_client, kim_client, case):
    tom_client.post(read_url(case), {"reason": "Rückfrage der Person"})
    page = kim_client.get(f"/faelle/{case.number}/").content.decode()

    assert "Tom Albers" in page
    assert "Rückfrage der Person" in page


def test_who_may_read_anyway_is_not_asked(kim_client, case):
    assert kim_client.get(read_url(case))["Location"] == f"/faelle/{case.number}/"


def test_a_grant_of_somebody_else_is_no_help(kim, eva_client, case):
    AccessGrantFactory(user=kim, case=case, kind=GrantKind.RECORD)

    assert eva_client.get(record_url(case)).status_code == 404


# --- texts out of a wrong file -----------------------------------------------------------------------------


@pytest.fixture
def stray(kim):
    return DraftFactory(author=kim, case=None, payload={"text": ["Gehört woanders hin."], "channel": ["phone"]})


def test_a_text_moves_into_the_right_file_as_a_draft(kim_client, case, stray):
    page = kim_client.get(f"/entwuerfe/{stray.pk}/").content.decode()
    assert "Gehört woanders hin." in page

    response = kim_client.post(f"/entwuerfe/{stray.pk}/", {"case": case.pk})

    stray.refresh_from_db()
    assert response["Location"] == f"/faelle/{case.number}/gespraech/"
    assert stray.case_id == case.pk
    assert "Gehört woanders hin." in kim_client.get(response["Location"]).content.decode()


def test_a_file_that_has_a_draft_keeps_both(kim, kim_client, case, stray):
    DraftFactory(author=kim, case=case)
    response = kim_client.post(f"/entwuerfe/{stray.pk}/", {"case": case.pk})

    stray.refresh_from_db()
    assert response.status_code == 409
    assert stray.case_id is None
    assert "Gehört woanders hin." in response.content.decode()


def test_foreign_cases_are_not_offered(nora, kim_client, stray):
    foreign = CaseFactory(counsellor=nora)

    assert kim_client.post(f"/entwuerfe/{stray.pk}/", {"case": foreign.pk}).status_code == 422


def test_drafts_of_others_are_absent(eva_client, stray):
    assert eva_client.get(f"/entwuerfe/{stray.pk}/").status_code == 404
    assert eva_client.post(f"/entwuerfe/{stray.pk}/verwerfen/").status_code == 404


def test_a_draft_of_a_case_one_works_on_opens_there(kim, kim_client, case):
    draft = DraftFactory(author=kim, case=case)

    assert kim_client.get(f"/entwuerfe/{draft.pk}/")["Location"] == f"/faelle/{case.number}/gespraech/"


@pytest.mark.parametrize("how", ["ended", "handed over"])
def test_a_text_whose_case_has_moved_on_is_shown_and_taken_elsewhere(kim, eva, kim_client, case, how):
    draft = DraftFactory(author=kim, case=case, payload={"text": ["War schon fast fertig."]})
    other = CaseFactory(counsellor=kim)
    if how == "ended":
        CaseClosureFactory(case=case)
    else:
        CaseAssignmentFactory(case=case, counsellor=eva)
    page = kim_client.get(f"/entwuerfe/{draft.pk}/").content.decode()
    assert "War schon fast fertig." in page
    assert "Yıldız" not in page and case.number not in page

    response = kim_client.post(f"/entwuerfe/{draft.pk}/", {"case": other.pk})

    draft.refresh_from_db()
    assert response["Location"] == f"/faelle/{other.number}/gespraech/"
    assert draft.case_id == other.pk


def test_a_file_that_one_only_reads_takes_no_text(kim, eva, kim_client, stray):
    read = CaseFactory(counsellor=eva)
    AccessGrantFactory(user=kim, case=read)

    assert kim_client.post(f"/entwuerfe/{stray.pk}/", {"case": read.pk}).status_code == 422


@pytest.mark.parametrize("form", DraftForm.values)
def test_drafts_of_ones_own_are_discarded(kim, kim_client, form):
    draft = DraftFactory(author=kim, case=None, form=form)

    assert kim_client.post(f"/entwuerfe/{draft.pk}/verwerfen/")["Location"] == "/"
    assert not Draft.objects.exists()


def test_a_contact_is_found_in_the_right_file_only(eva_client, kim, case, visit):
    other = ContactFactory(case__counsellor=kim)
    eva_client.post(URL, asked(case))

    assert eva_client.get(f"/faelle/{other.case.number}/anlass/").status_code == 404

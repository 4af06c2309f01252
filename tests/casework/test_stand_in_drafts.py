"""What an absent colleague has begun to write: read with a worded reason, never changed, each look on record."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.enums import DraftForm, GrantKind
from casework.models import AccessGrant, Draft
from tests.factories import (
    AbsenceFactory,
    CaseAssignmentFactory,
    ContactFactory,
    DraftFactory,
    SubstitutionFactory,
)

TEXT = "Sie möchte wieder in die Pflege."


@pytest.fixture
def draft(case, kim):
    payload = {"text": [TEXT], "next_subject": ["Platz gefunden?"], "window": ["w1"], "key": ["k"]}
    return DraftFactory(case=case, author=kim, payload=payload)


@pytest.fixture
def absence(kim):
    return AbsenceFactory(user=kim)


def url_of(draft):
    return f"/entwuerfe/{draft.pk}/lesen/"


def read(client, draft, reason="Anruf der Person"):
    """Name the reason and follow the way to the text."""
    assert TEXT not in client.get(url_of(draft)).content.decode()
    response = client.post(url_of(draft), {"reason": reason})
    assert response["Location"] == url_of(draft)
    return client.get(url_of(draft)).content.decode()


def test_who_stands_in_reads_it_with_a_reason_and_it_is_on_record(eva_client, owner_events, eva, kim, draft, absence):
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    page = read(eva_client, draft)

    assert TEXT in page and "Platz gefunden?" in page
    assert "w1" not in page.partition("<main")[2]
    grant = AccessGrant.objects.get()
    assert (grant.user, grant.kind, grant.reason) == (eva, GrantKind.READ, "Anruf der Person")
    assert owner_events()["grant.taken"] == 1
    assert owner_events()["entry.opened"] == 1
    eva_client.get(url_of(draft))
    assert owner_events()["entry.opened"] == 2


def test_the_lead_reads_it_with_a_reason(tom_client, draft, absence):
    assert TEXT in read(tom_client, draft)


def test_the_successor_reads_it_though_nobody_is_absent(eva_client, eva, case, draft):
    assert eva_client.get(url_of(draft)).status_code == 404
    CaseAssignmentFactory(case=case, counsellor=eva)

    assert TEXT in read(eva_client, draft)


def test_a_reason_is_asked_for(tom_client, draft, absence):
    response = tom_client.post(url_of(draft), {"reason": "  "})

    assert response.status_code == 422
    assert TEXT not in response.content.decode()
    assert not AccessGrant.objects.exists()


def test_it_is_read_and_not_changed(tom_client, draft, absence):
    before = Draft.objects.values().get()
    page = read(tom_client, draft)
    main = page.partition("<main")[2].partition("</main>")[0]

    assert "<form" not in main and "<textarea" not in main
    assert Draft.objects.values().get() == before
    for way in ("", "verwerfen/"):
        assert tom_client.post(f"/entwuerfe/{draft.pk}/{way}", {}).status_code == 404
    assert Draft.objects.values().get() == before


def test_of_somebody_who_is_there_nobody_reads_it(tom_client, eva_client, draft):
    for client in (tom_client, eva_client):
        assert client.get(url_of(draft)).status_code == 404
        assert client.post(url_of(draft), {"reason": "x"}).status_code == 404


def test_colleagues_and_strangers_do_not_read_it(eva_client, nora_client, paula_client, kim_client, draft, absence):
    for client in (eva_client, nora_client, kim_client):
        assert client.get(url_of(draft)).status_code == 404
    assert paula_client.get(url_of(draft)).status_code == 403


def test_after_the_absence_it_is_absent_again(eva_client, kim, eva, draft, absence):
    substitution = SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    read(eva_client, draft)
    today = timezone.localdate()
    type(substitution).objects.filter(pk=substitution.pk).update(during=DateRange(absence.during.lower, today))
    type(absence).objects.filter(pk=absence.pk).update(during=DateRange(absence.during.lower, today))

    assert eva_client.get(url_of(draft)).status_code == 404


def test_a_text_without_a_case_is_its_authors_alone(tom_client, kim, absence):
    for form in (DraftForm.CONVERSATION, DraftForm.CASE_OPENING):
        draft = DraftFactory(author=kim, case=None, form=form, payload={"text": [TEXT]})
        assert tom_client.get(url_of(draft)).status_code == 404


def test_an_empty_draft_says_so(tom_client, case, kim, absence):
    draft = DraftFactory(case=case, author=kim, payload={"text": [""]})
    tom_client.post(url_of(draft), {"reason": "Nachfrage"})

    assert "Noch ist nichts aufgeschrieben." in tom_client.get(url_of(draft)).content.decode()


def test_they_are_listed_with_the_absence(tom_client, eva_client, kim_client, kim, eva, draft, absence):
    ContactFactory(case=draft.case)
    url = f"/vertretungen/{absence.pk}/termine/"
    assert url_of(draft) in tom_client.get(url).content.decode()
    assert url_of(draft) not in kim_client.get(url).content.decode()
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)

    page = eva_client.get(url).content.decode()
    assert url_of(draft) in page
    assert TEXT not in page

"""Reading in an emergency, page by page: who, how, for how long, and who is told."""

import datetime as dt
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from casework.actions.protection import protect_case
from casework.enums import AccessKind, ProtectionReason, RoleName
from casework.models import AccessEvent, AccessGrant, Case, EmergencyAccess, User
from jobcenter.platform.context import Purpose, widened
from tests import factories
from tests.conftest import signed_in

URL = "/notzugriff/"
LIST = "/datenschutz/notzugriffe/"
REASON = "Die Person steht hier und ist obdachlos."


@pytest.fixture
def uwe(osterode) -> User:
    """IFK of the organisation, of another team: sees nothing of Kim's cases."""
    return factories.CounsellorFactory(user__team__organisation=osterode.organisation).user


@pytest.fixture
def uwe_client(uwe) -> Client:
    return signed_in(uwe)


def officer(organisation) -> User:
    user = factories.UserFactory(team__organisation=organisation)
    factories.RoleGrantFactory(user=user, role=RoleName.PRIVACY_OFFICER)
    return user


@pytest.fixture
def dana(landkreis) -> User:
    return officer(landkreis)


def asked(case: Case, **changed: str) -> dict[str, str]:
    return {
        "number": case.number,
        "reason_class": "person_here",
        "reason": REASON,
        "password": factories.PASSWORD,
    } | changed


def events(user: User) -> list[tuple[str, int | None]]:
    with widened(Purpose.EVIDENCE):
        return list(AccessEvent.objects.filter(user_id=user.pk).order_by("id").values_list("kind", "case_id"))


def protect(case: Case, by: User) -> None:
    protect_case(case=case, reason=ProtectionReason(ProtectionReason.values[0]), readers=[], by=by)


def test_the_file_opens_for_an_hour_and_every_page_of_it_says_so(uwe, uwe_client, case, contact):
    file = f"/faelle/{case.number}/"
    assert uwe_client.get(file).status_code == 404

    response = uwe_client.post(URL, asked(case, number=case.number.lower()))

    assert response["Location"] == file
    grant = AccessGrant.objects.get(user=uwe)
    assert (grant.during.upper - grant.during.lower).total_seconds() == 3600
    for url in (file, f"{file}kontakte/{contact.pk}/"):
        page = uwe_client.get(url)
        assert page.status_code == 200
        assert "Notzugriff bis " in page.content.decode() and "Jeder Blick wird aufgezeichnet" in page.content.decode()
    assert "Notzugriff bis " not in uwe_client.get("/").content.decode()
    kinds = [kind for kind, of in events(uwe) if of == case.pk]
    assert kinds == ["access.refused", "emergency.taken", "file.opened", "entry.opened"]


def test_the_hour_ends(uwe_client, case):
    uwe_client.post(URL, asked(case))
    now = timezone.now()

    with mock.patch("django.utils.timezone.now", return_value=now + dt.timedelta(minutes=59)):
        assert uwe_client.get(f"/faelle/{case.number}/").status_code == 200
    with mock.patch("django.utils.timezone.now", return_value=now + dt.timedelta(minutes=61)):
        assert uwe_client.get(f"/faelle/{case.number}/").status_code == 404


def test_nothing_of_the_case_can_be_written(uwe_client, case, contact):
    uwe_client.post(URL, asked(case))
    page = uwe_client.get(f"/faelle/{case.number}/").content.decode()

    for way in ("gespraech", "beenden", "schritte/neu", "notizen/neu", "stammdaten", "mitwirkung/neu"):
        assert f"/faelle/{case.number}/{way}/" not in page
        for answer in (
            uwe_client.get(f"/faelle/{case.number}/{way}/"),
            uwe_client.post(f"/faelle/{case.number}/{way}/", {"text": "x"}),
        ):
            assert answer.status_code == 403, way


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "falsch"}, "Das Passwort stimmt nicht."),
        ({"number": "F-26-99999"}, "Diese Fallnummer gibt es hier nicht."),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_goes_on_record(uwe, uwe_client, case, changed, sentence):
    response = uwe_client.post(URL, asked(case, **changed))

    assert response.status_code == 422 and sentence in response.content.decode()
    assert [kind for kind, _ in events(uwe)] == [AccessKind.REFUSED.value]
    assert not EmergencyAccess.objects.exists() and not AccessGrant.objects.exists()
    assert "falsch" not in response.content.decode()


def test_a_case_of_the_other_organisation_answers_like_none(nora, nora_client, case):
    assert nora_client.post(URL, asked(case)).status_code == 422
    assert [kind for kind, _ in events(nora)] == [AccessKind.REFUSED.value]


@pytest.mark.parametrize("reason", ["zu kurz", " " * 30, "neunzehn Zeichen ab."[:19]])
def test_a_reason_has_twenty_characters(uwe_client, case, reason):
    response = uwe_client.post(URL, asked(case, reason=reason))

    assert response.status_code == 422 and not EmergencyAccess.objects.exists()


def test_a_protected_case_waits_for_a_second_person(uwe, uwe_client, case, dana):
    protect(case, dana)

    response = uwe_client.post(URL, asked(case), follow=True)

    assert "wartet auf eine zweite Person" in response.content.decode()
    assert uwe_client.get(f"/faelle/{case.number}/").status_code == 404
    emergency = EmergencyAccess.objects.get()
    answer = signed_in(dana).post(f"{LIST}{emergency.pk}/", {"decision": "allow"}, follow=True)
    assert "Die Stunde läuft" in answer.content.decode()
    assert uwe_client.get(f"/faelle/{case.number}/").status_code == 200
    assert (AccessKind.EMERGENCY_ALLOWED.value, case.pk) in events(dana)


def test_a_refused_emergency_stays_refused(uwe_client, case, dana):
    protect(case, dana)
    uwe_client.post(URL, asked(case))
    url = f"{LIST}{EmergencyAccess.objects.get().pk}/"

    signed_in(dana).post(url, {"decision": "refuse"})
    late = signed_in(dana).post(url, {"decision": "allow"}, follow=True)

    assert "schon entschieden" in late.content.decode()
    assert uwe_client.get(f"/faelle/{case.number}/").status_code == 404
    assert "nicht freigegeben" in uwe_client.get(URL).content.decode()


def test_nobody_allows_their_own(uwe, uwe_client, case, dana):
    factories.RoleGrantFactory(user=uwe, role=RoleName.PRIVACY_OFFICER)
    protect(case, dana)
    uwe_client.post(URL, asked(case))

    answer = uwe_client.post(f"{LIST}{EmergencyAccess.objects.get().pk}/", {"decision": "allow"})

    assert answer.status_code == 403
    assert not AccessGrant.objects.exists()


def test_the_officer_sees_each_and_marks_it_once(uwe, uwe_client, case, dana):
    uwe_client.post(URL, asked(case))
    emergency = EmergencyAccess.objects.get()
    client = signed_in(dana)

    page = client.get(LIST).content.decode()
    assert uwe.full_name in page and case.number in page and REASON in page
    assert case.client.family_name not in page
    client.post(f"{LIST}{emergency.pk}/", {"decision": "seen"})

    emergency.refresh_from_db()
    assert emergency.seen_by == dana
    assert client.get(f"/faelle/{case.number}/").status_code == 403


def test_who_is_no_officer_is_refused_and_the_other_house_sees_nothing(kim_client, uwe_client, case, stadt):
    uwe_client.post(URL, asked(case))
    emergency = EmergencyAccess.objects.get()
    stranger = signed_in(officer(stadt))

    assert kim_client.get(LIST).status_code == 403
    assert kim_client.post(f"{LIST}{emergency.pk}/", {"decision": "seen"}).status_code == 403
    assert case.number not in stranger.get(LIST).content.decode()
    assert stranger.post(f"{LIST}{emergency.pk}/", {"decision": "seen"}).status_code == 404


def test_who_has_no_business_with_cases_takes_none(paula_client, admin_client, case):
    for client in (paula_client, admin_client):
        assert client.post(URL, asked(case)).status_code == 403
    assert not EmergencyAccess.objects.exists()


# --- the evidence of a case ---------------------------------------------------------------------------------

PROTOCOL = "/datenschutz/protokoll/"


def test_the_officer_reads_who_looked_and_what_changed(kim, kim_client, case, contact, dana):
    kim_client.get(f"/faelle/{case.number}/")

    page = signed_in(dana).post(PROTOCOL, {"number": case.number})
    text = page.content.decode()

    assert page.status_code == 200
    assert "Akte geöffnet" in text and kim.full_name in text and "contact: angelegt" in text
    assert contact.text not in text and case.client.family_name not in text
    assert events(dana) == [(AccessKind.EVIDENCE_READ.value, case.pk)]


def test_it_is_paged_by_fifty_newest_first(kim, case, dana):
    for _ in range(120):
        factories.AccessEventFactory(user_id=kim.pk, case_id=case.pk)
    client = signed_in(dana)

    first, second, past = (
        client.post(PROTOCOL, {"number": case.number, "seite": page}).context for page in ("", "2", "99999")
    )

    assert len(first["rows"]) == len(second["rows"]) == 50 and past["rows"] == []
    # All of one transaction, so of one moment.
    assert "Protokoll gelesen" in {row["what"] for row in [*first["rows"], *second["rows"]]}
    assert (first["newer"], first["older"], second["newer"], second["older"]) == (None, 2, 1, 3)


def test_an_unknown_and_a_foreign_number_answer_alike(case, stadt, dana):
    stranger = officer(stadt)
    for user, number in ((dana, "F-26-99999"), (stranger, case.number)):
        response = signed_in(user).post(PROTOCOL, {"number": number})
        assert response.status_code == 422
        assert [kind for kind, _ in events(user)] == [AccessKind.REFUSED.value]


def test_nobody_else_reads_evidence(kim_client, tom_client, admin_client, case):
    for client in (kim_client, tom_client, admin_client):
        assert client.post(PROTOCOL, {"number": case.number}).status_code == 403

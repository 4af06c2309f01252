"""With whom we may talk: recorded, shown, revoked; read by whoever reads the file, changed by whoever works on it."""

import datetime as dt

import pytest
from django.utils import timezone

from casework import actions as casework_actions
from casework.enums import AccessKind
from offers.actions.choices import record_consent, revoke_consent
from offers.models import Consent
from tests.factories import AccessGrantFactory, CaseClosureFactory, CaseFactory, ConsentFactory, ProviderFactory, ahead

pytestmark = pytest.mark.django_db


def url(case, rest=""):
    return f"/faelle/{case.number}/einwilligungen/{rest}"


@pytest.fixture
def consent(case):
    return ConsentFactory(case=case)


@pytest.fixture
def typed():
    return {
        "with_whom": "Ayla Brandt, Werkhof Beispiel",
        "purpose": "Gespräch zu dritt über die Werkstatt",
        "given_on": f"{timezone.localdate():%d.%m.%Y}",
        "provider": "",
    }


def test_a_consent_is_recorded(kim, kim_client, case, typed):
    provider = ProviderFactory()

    response = kim_client.post(url(case), typed | {"provider": provider.pk})

    consent = Consent.objects.get(case=case)
    assert response["Location"] == url(case)
    assert (consent.with_whom, consent.purpose, consent.given_on, consent.provider, consent.by) == (
        typed["with_whom"],
        typed["purpose"],
        timezone.localdate(),
        provider,
        kim,
    )
    page = kim_client.get(url(case)).content.decode()
    assert typed["with_whom"] in page
    assert "jederzeit" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("with_whom", "  ", "Bitte ausfüllen."),
        ("purpose", "\n", "Bitte ausfüllen."),
        ("given_on", "01.01.2099", "Dieser Tag liegt in der Zukunft."),
        ("given_on", "neulich", "Bitte schreiben Sie den Tag so"),
        ("provider", "999999", "Bitte eine gültige Auswahl treffen"),
    ],
)
def test_what_is_missing_or_wrong_comes_back_with_the_text(kim_client, case, typed, field, value, sentence):
    response = kim_client.post(url(case), typed | {field: value})
    page = response.content.decode()

    assert response.status_code == 422
    assert sentence in page
    assert all(text in page for name, text in typed.items() if name != field)
    assert not Consent.objects.exists()


def test_the_action_asks_the_same(kim, case):
    today = timezone.localdate()
    for changed, field in (
        ({"with_whom": " "}, "with_whom"),
        ({"purpose": ""}, "purpose"),
        ({"given_on": ahead()}, "given_on"),
    ):
        values = {"with_whom": "Ayla Brandt", "purpose": "Gespräch", "given_on": today} | changed
        with pytest.raises(casework_actions.RuleBroken) as caught:
            record_consent(case=case, by=kim, **values)
        assert caught.value.field == field


def test_it_is_revoked_without_a_reason(kim, kim_client, case, consent):
    page = kim_client.get(url(case, f"{consent.pk}/widerruf/")).content.decode()
    assert "Grund" not in page.split("<main")[1]

    response = kim_client.post(url(case, f"{consent.pk}/widerruf/"), {"revoked_on": "heute"})

    consent.refresh_from_db()
    assert response["Location"] == url(case)
    assert (consent.revoked_on, consent.revoked_by) == (timezone.localdate(), kim)
    page = kim_client.get(url(case)).content.decode()
    assert "Keine Einwilligung eingetragen." in page
    assert consent.with_whom in page.split('id="widerrufen"')[1]


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("", "Bitte ausfüllen."), ("01.01.2099", "in der Zukunft"), ("01.01.2001", "vor dem Beginn der Einwilligung")],
)
def test_the_day_of_the_revocation_holds(kim_client, case, consent, day, sentence):
    response = kim_client.post(url(case, f"{consent.pk}/widerruf/"), {"revoked_on": day})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    consent.refresh_from_db()
    assert consent.revoked_on is None


def test_it_is_revoked_once(kim, kim_client, case, consent):
    revoke_consent(consent=consent, revoked_on=timezone.localdate(), by=kim)

    assert kim_client.post(url(case, f"{consent.pk}/widerruf/"), {"revoked_on": "heute"}).status_code == 409


def test_in_a_case_that_has_ended_it_is_revoked_and_none_is_added(kim, kim_client, case, consent, typed):
    CaseClosureFactory(case=case)

    assert kim_client.post(url(case), typed).status_code == 409
    revoke_consent(consent=consent, revoked_on=timezone.localdate(), by=kim)

    consent.refresh_from_db()
    assert consent.revoked_on == timezone.localdate()


def test_who_reads_with_a_reason_changes_nothing(tom, tom_client, case, consent, typed):
    AccessGrantFactory(case=case, user=tom)

    page = tom_client.get(url(case)).content.decode()

    assert consent.with_whom in page
    assert 'name="with_whom"' not in page
    assert "widerruf/" not in page
    assert tom_client.post(url(case), typed).status_code == 403
    assert tom_client.post(url(case, f"{consent.pk}/widerruf/"), {"revoked_on": "heute"}).status_code == 403


@pytest.mark.parametrize("client", ["nora_client", "paula_client"])
def test_a_stranger_finds_nothing(request, case, consent, client):
    response = request.getfixturevalue(client).get(url(case))

    assert response.status_code in (403, 404)
    assert consent.with_whom not in response.content.decode()


def test_a_consent_of_another_case_is_absent(kim, kim_client, consent):
    other = CaseFactory(counsellor=kim)

    assert kim_client.post(url(other, f"{consent.pk}/widerruf/"), {"revoked_on": "heute"}).status_code == 404


def test_opening_is_on_record(kim_client, case, consent, owner_events):
    before = owner_events()

    kim_client.get(url(case))

    assert owner_events() - before == {AccessKind.ENTRY_OPENED: 1}


def test_the_verlauf_tells_of_consents(kim, kim_client, case, consent):
    revoke_consent(consent=consent, revoked_on=timezone.localdate(), by=kim)

    page = kim_client.get(f"/faelle/{case.number}/").content.decode()

    assert f"Einwilligung: {consent.with_whom}" in page
    assert f"Einwilligung widerrufen: {consent.with_whom}" in page
    assert consent.purpose in page


def test_providers_that_ended_are_not_offered(kim, kim_client, case):
    ProviderFactory(name="Alter Träger", ended_at=timezone.now() - dt.timedelta(days=1), ended_by=kim)

    assert "Alter Träger" not in kim_client.get(url(case)).content.decode()

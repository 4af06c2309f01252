"""Pages of what the law demands: apart from everything agreed, typed by hand, and nothing follows from an entry."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework import actions
from casework.enums import AccessKind, DutyFactKind
from casework.models import DutyFact, DutyToCooperate, FollowUp, LegalBasis
from tests.factories import (
    AccessGrantFactory,
    CaseClosureFactory,
    CaseFactory,
    DutyFactFactory,
    DutyToCooperateFactory,
    LegalBasisFactory,
    LegalNoticeFactory,
    ahead,
)


def url(case, rest=""):
    return f"/faelle/{case.number}/mitwirkung/{rest}"


@pytest.fixture
def basis(database):
    return LegalBasisFactory(paragraph="§ 59 SGB II (Probe)", title="Meldung")


@pytest.fixture
def duty(case, basis):
    return DutyToCooperateFactory(case=case, legal_basis=basis)


@pytest.fixture
def demand(basis):
    return {
        "legal_basis": basis.pk,
        "demand": "Am Montag um 10 Uhr in Zimmer 12 melden.",
        "due_on": f"{ahead(7):%d.%m.%Y}",
        "notice": "",
    }


@pytest.fixture
def fact():
    return {"kind": "posted", "happened_on": "heute", "text": ""}


# --- recording ---------------------------------------------------------------------------------------------


def test_a_demand_is_recorded_with_its_legal_basis(kim, kim_client, case, demand, basis):
    response = kim_client.post(url(case, "neu/"), demand)

    duty = DutyToCooperate.objects.get(case=case)
    assert response["Location"] == url(case, f"{duty.pk}/")
    assert (duty.demand, duty.due_on, duty.legal_basis, duty.notice) == (demand["demand"], ahead(7), basis, None)
    assert duty.recorded_by == kim
    page = kim_client.get(response["Location"]).content.decode()
    assert "Eingetragen. Es folgt nichts von selbst daraus." in page
    assert "keine" in page.split("<dt>Rechtsfolgenbelehrung</dt>")[1].split("</dd>")[0]


def test_nothing_else_of_the_case_changes(kim_client, case, demand):
    before = list(FollowUp.objects.order_by("pk").values())
    kim_client.post(url(case, "neu/"), demand)

    assert list(FollowUp.objects.order_by("pk").values()) == before
    assert not case.contacts.exists()


def test_the_form_is_empty_whatever_was_there_before(kim_client, case, duty):
    page = kim_client.get(url(case, "neu/")).content.decode()

    assert duty.demand not in page
    assert " selected" not in page.split('name="legal_basis"')[1].split("</select>")[0].replace('value="" selected', "")


def test_a_text_version_goes_with_it(kim_client, case, demand, basis):
    notice = LegalNoticeFactory(legal_basis=basis, version="Stand 01.07.2026", text="Wer nicht kommt …")
    kim_client.post(url(case, "neu/"), demand | {"notice": notice.pk})

    duty = DutyToCooperate.objects.get(case=case)
    page = kim_client.get(url(case, f"{duty.pk}/")).content.decode()
    assert duty.notice == notice
    assert "Stand 01.07.2026" in page
    assert "Wer nicht kommt …" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("legal_basis", "", "Bitte wählen."),
        ("legal_basis", "999999", "Bitte eine gültige Auswahl treffen"),
        ("demand", "  ", "Bitte ausfüllen."),
        ("due_on", "irgendwann", "Bitte schreiben Sie den Tag so"),
        ("due_on", "01.01.2001", "An diesem Tag gab es den Fall noch nicht."),
        ("due_on", "01.01.2099", "mehr als zwei Jahre voraus"),
    ],
)
def test_what_is_missing_or_wrong_comes_back_with_the_text(kim_client, case, demand, field, value, sentence):
    response = kim_client.post(url(case, "neu/"), demand | {field: value})
    page = response.content.decode()

    assert response.status_code == 422
    assert sentence in page
    if field != "demand":
        assert demand["demand"] in page
    assert not DutyToCooperate.objects.exists()


def test_law_that_is_not_in_force_is_not_offered_and_refused(kim_client, case, demand):
    ended = LegalBasisFactory(paragraph="§ 15 alt", during=DateRange(dt.date(2020, 1, 1), dt.date(2021, 1, 1)))

    assert "§ 15 alt" not in kim_client.get(url(case, "neu/")).content.decode()
    assert kim_client.post(url(case, "neu/"), demand | {"legal_basis": ended.pk}).status_code == 422


def test_law_that_ended_while_the_form_stood_open_is_refused_with_a_sentence(kim, case, basis):
    LegalBasis.objects.filter(pk=basis.pk).update(during=DateRange(dt.date(2020, 1, 1), timezone.localdate()))

    with pytest.raises(actions.RuleBroken) as caught:
        actions.record_duty(case=case, legal_basis=basis, demand="Sich melden.", by=kim)

    assert caught.value.field == "legal_basis"


def test_a_text_of_another_basis_is_refused(kim, kim_client, case, demand, basis):
    other = LegalNoticeFactory()
    response = kim_client.post(url(case, "neu/"), demand | {"notice": other.pk})

    assert response.status_code == 422
    assert "gehört zu einer anderen Rechtsgrundlage" in response.content.decode()
    with pytest.raises(actions.RuleBroken) as caught:
        actions.record_duty(case=case, legal_basis=basis, notice=other, demand="Sich melden.", by=kim)
    assert caught.value.field == "notice"


def test_in_an_ended_case_nothing_is_demanded_and_the_text_stays(kim_client, case, demand):
    CaseClosureFactory(case=case)
    response = kim_client.post(url(case, "neu/"), demand)

    assert response.status_code == 409
    assert demand["demand"] in response.content.decode()
    assert "Mitwirkungspflicht eintragen" not in kim_client.get(url(case)).content.decode()


# --- what is told of it ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("posted", "", "abgesandt"),
        ("appeared", "", "erschienen oder nachgekommen"),
        ("not_appeared", "", "nicht erschienen"),
        ("reason", "Der Bus fiel aus.", "Grund genannt: Der Bus fiel aus."),
    ],
)
def test_what_happened_is_told(kim, kim_client, case, duty, fact, kind, text, shown):
    response = kim_client.post(url(case, f"{duty.pk}/"), fact | {"kind": kind, "text": text})

    row = DutyFact.objects.get(duty=duty)
    assert response["Location"] == url(case, f"{duty.pk}/")
    assert (row.kind, row.happened_on, row.text, row.recorded_by) == (kind, timezone.localdate(), text, kim)
    for page in (response["Location"], url(case)):
        assert shown in kim_client.get(page).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": ""}, "Bitte wählen."),
        ({"happened_on": ""}, "Bitte ausfüllen."),
        ({"happened_on": "01.01.2099"}, "Dieser Tag liegt in der Zukunft."),
        ({"happened_on": "01.01.2001"}, "An diesem Tag gab es den Fall noch nicht."),
        ({"kind": "reason", "text": ""}, "Bitte schreiben Sie den genannten Grund auf"),
        ({"kind": "posted"}, "Ein Text gehört zu „Grund genannt“ und nur dazu."),
    ],
)
def test_a_wrong_fact_comes_back_with_its_text(kim_client, case, duty, fact, changed, sentence):
    response = kim_client.post(url(case, f"{duty.pk}/"), fact | {"kind": "reason", "text": "Der Bus"} | changed)
    page = response.content.decode()

    assert response.status_code == 422
    assert sentence in page
    assert changed.get("text", "Der Bus") in page
    assert not DutyFact.objects.exists()


def test_the_same_fact_twice_is_refused_with_a_sentence(kim_client, case, duty, fact):
    kim_client.post(url(case, f"{duty.pk}/"), fact)
    response = kim_client.post(url(case, f"{duty.pk}/"), fact)

    assert response.status_code == 422
    assert "Das ist für diesen Tag schon eingetragen." in response.content.decode()


def test_on_an_ended_case_a_fact_can_still_be_told(kim_client, case, duty, fact):
    CaseClosureFactory(case=case)

    assert kim_client.post(url(case, f"{duty.pk}/"), fact).status_code == 302


def test_a_hint_asks_for_no_health(kim_client, case, duty):
    assert "Nichts über Gesundheit" in kim_client.get(url(case, f"{duty.pk}/")).content.decode()


# --- withdrawing -------------------------------------------------------------------------------------------


def test_what_was_entered_by_mistake_stays_readable_struck_through(kim, kim_client, case, duty):
    DutyFactFactory(duty=duty)
    response = kim_client.post(url(case, f"{duty.pk}/zuruecknehmen/"), {"reason": "Falsche Person gemeint"})
    page = kim_client.get(response["Location"]).content.decode()

    duty.refresh_from_db()
    assert response["Location"] == url(case)
    assert duty.withdrawn_by == kim
    assert f"<s>{duty.demand}</s>" in page
    assert "Falsche Person gemeint" in page
    assert "abgesandt" in page


def test_a_withdrawal_needs_a_reason(kim_client, case, duty):
    assert kim_client.get(url(case, f"{duty.pk}/zuruecknehmen/")).status_code == 200
    assert kim_client.post(url(case, f"{duty.pk}/zuruecknehmen/"), {"reason": " "}).status_code == 422

    duty.refresh_from_db()
    assert duty.withdrawn_at is None


def test_nothing_comes_after_a_withdrawal(kim_client, case, duty, fact):
    kim_client.post(url(case, f"{duty.pk}/zuruecknehmen/"), {"reason": "Irrtum"})

    assert kim_client.post(url(case, f"{duty.pk}/zuruecknehmen/"), {"reason": "Irrtum"}).status_code == 409
    response = kim_client.post(url(case, f"{duty.pk}/"), fact)
    assert response.status_code == 422
    assert 'name="happened_on"' not in kim_client.get(url(case, f"{duty.pk}/")).content.decode()


def test_a_fact_is_taken_back_and_stays_readable(kim_client, case, duty):
    row = DutyFactFactory(duty=duty, reason=True)
    place = url(case, f"{duty.pk}/angaben/{row.pk}/zuruecknehmen/")
    response = kim_client.post(place)

    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert "<s>Grund genannt: Der Bus fiel aus.</s>" in kim_client.get(response["Location"]).content.decode()
    assert "schon zurückgenommen" in kim_client.post(place, follow=True).content.decode()


# --- who may -----------------------------------------------------------------------------------------------


def pages(case, duty):
    return [url(case), url(case, "neu/"), url(case, f"{duty.pk}/"), url(case, f"{duty.pk}/zuruecknehmen/")]


def test_whoever_is_not_signed_in_signs_in_first(client, case, duty):
    for page in pages(case, duty):
        assert client.get(page)["Location"].startswith("/anmelden/")


def test_a_stranger_finds_nothing(nora_client, case, duty):
    row = DutyFactFactory(duty=duty)
    for page in pages(case, duty):
        assert nora_client.get(page).status_code == 404
        assert nora_client.post(page).status_code in (404, 405)
    assert nora_client.post(url(case, f"{duty.pk}/angaben/{row.pk}/zuruecknehmen/")).status_code == 404


@pytest.mark.parametrize("who", ["paula_client", "admin_client"])
def test_other_roles_are_refused(request, who, case, duty):
    for page in pages(case, duty):
        assert request.getfixturevalue(who).get(page).status_code == 403


def test_who_reads_with_a_reason_reads_and_writes_nothing(eva, eva_client, case, duty, demand, fact):
    row = DutyFactFactory(duty=duty)
    AccessGrantFactory(user=eva, case=case)

    for page in (url(case), url(case, f"{duty.pk}/")):
        response = eva_client.get(page)
        assert response.status_code == 200
        text = response.content.decode().split("<main")[1].split("</main>")[0]
        assert duty.demand in text
        assert "<form" not in text and "zuruecknehmen" not in text and "/neu/" not in text
    for rest, data in (
        ("neu/", demand),
        (f"{duty.pk}/", fact),
        (f"{duty.pk}/zuruecknehmen/", {"reason": "x"}),
        (f"{duty.pk}/angaben/{row.pk}/zuruecknehmen/", {}),
    ):
        assert eva_client.post(url(case, rest), data).status_code == 403
    assert DutyToCooperate.objects.get().withdrawn_at is None


def test_a_lead_is_asked_for_a_reason_first(tom_client, case, duty):
    assert tom_client.get(url(case))["Location"] == f"/faelle/{case.number}/lesen/"


def test_a_demand_of_another_case_is_not_found(kim, kim_client, case, fact):
    other = DutyToCooperateFactory(case=CaseFactory(counsellor=kim))
    row = DutyFactFactory(duty=other)

    assert kim_client.get(url(case, f"{other.pk}/")).status_code == 404
    assert kim_client.post(url(case, f"{other.pk}/"), fact).status_code == 404
    assert kim_client.post(url(case, f"{other.pk}/zuruecknehmen/"), {"reason": "x"}).status_code == 404
    assert kim_client.post(url(case, f"{other.pk}/angaben/{row.pk}/zuruecknehmen/")).status_code == 404


def test_looking_is_on_record(kim_client, case, duty, owner_events):
    kim_client.get(url(case))
    kim_client.get(url(case, f"{duty.pk}/"))

    events = owner_events()
    assert (events[AccessKind.FILE_OPENED], events[AccessKind.ENTRY_OPENED]) == (1, 1)


# --- the pages ---------------------------------------------------------------------------------------------


def test_the_list_says_that_it_stands_apart(kim_client, case):
    page = kim_client.get(url(case)).content.decode()

    assert "getrennt von Vereinbarung und Angeboten" in page
    assert "In diesem Fall ist keine Mitwirkungspflicht eingetragen." in page


def test_the_list_counts_nothing(kim_client, case, basis):
    for _ in range(3):
        DutyFactFactory(duty=DutyToCooperateFactory(case=case, legal_basis=basis), kind=DutyFactKind.NOT_APPEARED)
    page = kim_client.get(url(case)).content.decode().split("<main")[1].split("</main>")[0]

    assert page.count("nicht erschienen") == 3
    assert 'class="num"' not in page
    assert "(3)" not in page


def test_the_list_does_not_query_per_row(kim_client, case, count_queries):
    DutyFactFactory(duty=DutyToCooperateFactory(case=case, with_notice=True))
    with count_queries() as few:
        kim_client.get(url(case))
    for _ in range(5):
        DutyFactFactory(duty=DutyToCooperateFactory(case=case, with_notice=True))
    with count_queries() as many:
        kim_client.get(url(case))

    assert few.count == many.count, many.explain()


def test_the_verlauf_tells_it_neutrally(kim_client, case, basis):
    notice = LegalNoticeFactory(legal_basis=basis, version="Stand Juli")
    duty = DutyToCooperateFactory(case=case, legal_basis=basis, notice=notice, due_on=ahead(7))
    DutyFactFactory(duty=duty)
    taken_back = DutyFactFactory(duty=duty, reason=True)
    actions.withdraw_duty_fact(fact=taken_back, by=duty.recorded_by)
    day = f"{timezone.localdate():%d.%m.%Y}"

    for rest in ("", "drucken/"):
        page = kim_client.get(f"/faelle/{case.number}/{rest}").content.decode()
        assert "Mitwirkung: Meldung, § 59 SGB II (Probe)" in page
        assert "Rechtsfolgenbelehrung: Stand Juli" in page
        assert f"Mitwirkung: abgesandt am {day}, § 59 SGB II (Probe)" in page
        assert f"Mitwirkung: Grund genannt am {day}, § 59 SGB II (Probe) (irrtümlich eingetragen" in page
        assert "Der Bus fiel aus." in page


# --- the configuration behind it ---------------------------------------------------------------------------


def form_of(basis, **changed):
    period = {"during_0": f"{basis.during.lower:%d.%m.%Y}", "during_1": "", "source": basis.source}
    return period | {"paragraph": basis.paragraph, "title": basis.title} | changed


def test_the_fachadministration_adds_law_and_text(admin_client, kim_client, case):
    law = {"paragraph": "§ 60 SGB I", "title": "Angaben machen", "during_0": "01.01.2024", "during_1": "", "source": ""}
    admin_client.post("/verwaltung/casework/legalbasis/add/", law)
    basis = LegalBasis.objects.get(paragraph="§ 60 SGB I")
    text = {"legal_basis": basis.pk, "version": "Stand 2024", "text": "Wer …", "during_0": "01.01.2024", "during_1": ""}
    admin_client.post("/verwaltung/casework/legalnotice/add/", text)
    page = kim_client.get(url(case, "neu/")).content.decode()

    assert basis.during.lower == dt.date(2024, 1, 1)
    assert "§ 60 SGB I · Angaben machen" in page
    assert "§ 60 SGB I: Stand 2024" in page


def test_law_without_a_beginning_or_twice_is_refused_in_the_form(admin_client, basis):
    for changed in ({"during_0": ""}, {}):
        response = admin_client.post("/verwaltung/casework/legalbasis/add/", form_of(basis, **changed))
        assert response.status_code == 200
        assert 'class="errorlist' in response.content.decode()

    assert LegalBasis.objects.filter(paragraph=basis.paragraph).count() == 1


def test_law_and_text_end_and_their_words_stay(admin_client, basis):
    notice = LegalNoticeFactory(legal_basis=basis)
    today = f"{timezone.localdate():%d.%m.%Y}"
    for row, path in ((basis, "legalbasis"), (notice, "legalnotice")):
        before = f"{row.during.lower:%d.%m.%Y}"
        data = {"during_0": before, "during_1": today, "source": "geprüft", "title": "Anders", "text": "Anders"}
        response = admin_client.post(f"/verwaltung/casework/{path}/{row.pk}/change/", data)
        assert response.status_code == 302
        row.refresh_from_db()
        assert row.during.upper == timezone.localdate()

    assert (basis.title, basis.source) == ("Meldung", "geprüft")
    assert notice.text != "Anders"
    assert admin_client.post(f"/verwaltung/casework/legalbasis/{basis.pk}/delete/", {"post": "yes"}).status_code == 403


def test_law_in_use_does_not_end_before_its_demands_and_the_page_says_so(admin_client, basis, duty):
    place = f"/verwaltung/casework/legalbasis/{basis.pk}/change/"
    response = admin_client.post(place, form_of(basis, during_1="01.03.2026"), follow=True)

    basis.refresh_from_db()
    assert "schon eine Forderung gestützt" in response.content.decode()
    assert basis.during.upper is None

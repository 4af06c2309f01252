"""Zum Mitgeben drucken: the person chooses, the sheet is a PDF, and what was handed over is on record (R2-5)."""

import re

import pytest
from django.utils import timezone

from agreements.actions.errors import AgreementMoved
from agreements.actions.handouts import record_handout
from agreements.actions.steps import tell_outcome
from agreements.actions.talks import NewResource
from agreements.enums import Outcome, SheetPart
from agreements.handout.sheet import Printed
from agreements.models import AgreementHandout, SheetWording
from tests.agreements.talking import GOAL, WILL, WISH, agree, agreement_is_the_plan, step_of, talk
from tests.factories import AccessGrantFactory, CaseFactory, FollowUpFactory, ahead

pytestmark = pytest.mark.django_db


def url(case):
    return f"/faelle/{case.number}/vereinbarung/mitgeben/"


def choice(agreement, *parts, **changed):
    return {"agreement": agreement.pk, "parts": list(parts), "language": "", **changed}


@pytest.fixture
def printed(monkeypatch):
    """What was handed to the typesetter, which answers at once."""
    sheets = []

    def render(sheet):
        sheets.append(sheet)
        return Printed(b"%PDF-1.7", ())

    monkeypatch.setattr("agreements.views.handouts.render", render)
    return sheets


# --- the page ----------------------------------------------------------------------------------------------


def test_the_person_chooses_and_only_the_steps_are_preselected(kim, kim_client, case):
    agree(case, kim, will=WILL, resources=(NewResource("Onkel mit Werkstatt"),))

    page = kim_client.get(url(case)).content.decode()

    assert re.findall(r'name="parts" value="(\w+)"[^>]*? checked', page) == ["steps"]
    assert re.findall(r'name="parts" value="(\w+)"', page) == ["will", "resources", "steps"]
    assert "„Ich will mit Holz arbeiten.“" in page
    assert "Onkel mit Werkstatt" in page
    assert "1. Fassung vom" in page
    for name in ("Türkçe", "Українська", "العربية", "English"):
        assert f">{name}</option>" in page
    assert ">Deutsch</option>" not in page


def test_what_is_still_explored_is_not_printed_as_a_will(kim, kim_client, case, printed):
    """R3.1-2: without own activity it is no will yet."""
    agreement = agree(case, kim, will=WISH)

    page = kim_client.get(url(case)).content.decode()
    refused = kim_client.post(url(case), choice(agreement, "will"))

    assert 'value="will"' not in page
    assert "wird noch gemeinsam erkundet und deshalb nicht gedruckt" in page
    assert refused.status_code == 422
    assert not printed


def test_languages_that_are_not_offered_are_not_there(kim, kim_client, case, printed):
    agreement = agree(case, kim)
    SheetWording.objects.filter(language="tr").update(active=False)

    assert "Türkçe" not in kim_client.get(url(case)).content.decode()
    assert kim_client.post(url(case), choice(agreement, language="tr")).status_code == 422
    assert not AgreementHandout.objects.exists()


def test_without_an_agreement_there_is_nothing_to_print(kim, kim_client, case):
    page = kim_client.get(url(case)).content.decode()

    assert "Noch keine Vereinbarung." in page
    assert 'name="parts"' not in page
    assert kim_client.post(url(case), {"agreement": "1"}).status_code in (200, 422)
    assert not AgreementHandout.objects.exists()


def test_characters_without_a_font_are_named_before(kim, kim_client, case):
    agree(case, kim, goal="Ein Platz in der 𒀭-Werkstatt.")

    page = kim_client.get(url(case)).content.decode()

    assert "lassen sich nicht drucken" in page
    assert "<p>𒀭</p>" in page


# --- printing ----------------------------------------------------------------------------------------------


def test_the_sheet_is_a_pdf_and_on_record(kim, kim_client, case, owner_events):
    agreement = agree(case, kim, rhythm="alle 3 Wochen", will=WILL)
    before = owner_events()

    response = kim_client.post(url(case), choice(agreement, "will", "steps", language="ar"))

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="Unsere-Vereinbarung.pdf"'
    assert response["Cache-Control"] == "no-store"
    assert response.content.startswith(b"%PDF-")
    handout = AgreementHandout.objects.get()
    assert (handout.case, handout.agreement, handout.parts, handout.language, handout.by) == (
        case,
        agreement,
        ["will", "steps"],
        "ar",
        kim,
    )
    assert owner_events() - before == {"file.printed": 1}


def test_what_was_chosen_is_on_the_sheet(kim, kim_client, case, printed):
    FollowUpFactory(case=case, appointment=True, due_on=ahead(3))
    resources = (NewResource("Onkel mit Werkstatt", used=True, row="res1"), NewResource("Fahrrad", row="res2"))
    agreement = agree(case, kim, rhythm="alle 3 Wochen", will=WILL, resources=resources)
    tell_outcome(step=step_of(agreement, 2), outcome=Outcome.DONE, by=kim)

    kim_client.post(url(case), choice(agreement, "will", "resources", "steps", language="tr"))

    sheet = printed[0]
    assert [wording.language for wording in sheet.wordings] == ["de", "tr"]
    assert (sheet.person, sheet.goal, sheet.will) == ("Deniz Yıldız", GOAL, "Ich will mit Holz arbeiten.")
    assert sheet.house == "Landkreis Göttingen · Jobcenter"
    assert sheet.resources == ("Onkel mit Werkstatt",)
    assert [(group.heading, group.second) for group in sheet.groups] == [
        ("Das mache ich", "Ben bunu yapacağım"),
        ("Das macht das Jobcenter", "Jobcenter bunu yapacak"),
        ("Das macht der Onkel", "der Onkel bunu yapacak"),
    ]
    assert sheet.groups[0].steps[0].due == f"{ahead(5):%d.%m.%Y}"
    assert sheet.groups[1].steps[0].text == "klärt die Fahrtkosten (erledigt)"
    assert sheet.rhythm == "alle 3 Wochen"
    assert f"{ahead(3):%d.%m.%Y}, 10:00 Uhr, Zimmer 12" in sheet.next_date
    assert sheet.review == f"{ahead(14):%d.%m.%Y}"
    assert sheet.contact == ("Kim Sander", "Landkreis Göttingen · Jobcenter", kim.email)
    assert sheet.version == f"1. Fassung vom {timezone.localdate():%d.%m.%Y}"
    assert sheet.printed == f"gedruckt am {timezone.localdate():%d.%m.%Y}"


def test_what_was_not_chosen_is_not(kim, kim_client, case, printed):
    agreement = agree(case, kim, will=WILL, resources=(NewResource("Onkel mit Werkstatt"),))

    kim_client.post(url(case), choice(agreement))

    sheet = printed[0]
    assert (sheet.will, sheet.resources, sheet.groups) == ("", (), ())
    assert len(sheet.wordings) == 1
    assert sheet.goal == GOAL


def test_all_resources_where_the_agreement_names_none(kim, kim_client, case, printed):
    agreement = agree(case, kim, resources=(NewResource("Onkel", row="res1"), NewResource("Fahrrad", row="res2")))

    kim_client.post(url(case), choice(agreement, "resources"))

    assert set(printed[0].resources) == {"Onkel", "Fahrrad"}


def test_the_name_of_the_plan_only_where_the_agreement_is_the_plan(kim, kim_client, case, printed):
    """Names of the law are effective-dated (R1-3)."""
    agreement = agree(case, kim)
    kim_client.post(url(case), choice(agreement))
    agreement_is_the_plan()
    kim_client.post(url(case), choice(agreement))

    assert [sheet.plan_name for sheet in printed] == ["", "Kooperationsplan"]


def test_a_reminder_is_no_appointment(kim, kim_client, case, printed):
    agreement = agree(case, kim)

    kim_client.post(url(case), choice(agreement))

    assert printed[0].next_date == ""


def test_a_version_that_was_replaced_meanwhile_is_not_printed_unseen(kim, kim_client, case, printed):
    old = agree(case, kim)
    new = agree(case, kim, goal="Eine Stelle finden.")

    response = kim_client.post(url(case), choice(old, "steps"))
    page = response.content.decode()

    assert response.status_code == 409
    assert "Die Vereinbarung wurde inzwischen fortgeschrieben" in page
    assert "Eine Stelle finden." in page
    assert f'name="agreement" value="{new.pk}"' in page
    assert re.findall(r'name="parts" value="(\w+)"[^>]*? checked', page) == ["steps"]
    assert not printed
    assert not AgreementHandout.objects.exists()


def test_what_cannot_be_set_was_not_handed_over(kim, kim_client, case, monkeypatch):
    agreement = agree(case, kim)
    kim_client.raise_request_exception = False

    def broken(sheet):
        raise RuntimeError

    monkeypatch.setattr("agreements.views.handouts.render", broken)
    assert kim_client.post(url(case), choice(agreement)).status_code == 500
    assert not AgreementHandout.objects.exists()


def test_what_was_handed_over_before_is_shown(kim, eva, kim_client, case):
    agreement = agree(case, kim)
    parts = [SheetPart.WILL, SheetPart.STEPS]
    record_handout(case=case, agreement_id=agreement.pk, parts=parts, language="tr", by=eva)
    agree(case, kim, goal="Eine Stelle finden.")

    before = kim_client.get(url(case)).content.decode().split("Schon mitgegeben")[1]

    assert f"{timezone.localdate():%d.%m.%Y}: 1. Fassung" in before
    assert "der eigene Wille, die Schritte" in before
    assert "Türkçe" in before
    assert "Eva Brandt" in before


def test_an_agreement_of_another_case_is_refused(kim, case):
    other = CaseFactory(counsellor=kim)

    with pytest.raises(AgreementMoved):
        record_handout(case=other, agreement_id=agree(case, kim).pk, parts=[], by=kim)


def test_who_may_not(kim, eva, client, eva_client, nora_client, paula_client, case, printed):
    agreement = agree(case, kim)

    assert client.get(url(case)).status_code == 302
    assert nora_client.get(url(case)).status_code == 404
    assert paula_client.get(url(case)).status_code == 403
    AccessGrantFactory(user=eva, case=case, kind="read")
    assert eva_client.get(url(case)).status_code == 403
    assert eva_client.post(url(case), choice(agreement)).status_code == 403
    assert not printed


def test_the_look_is_on_record_and_the_statements_do_not_grow(kim, kim_client, case, owner_events, count_queries):
    agreement = agree(case, kim)

    def measure():
        with count_queries() as queries:
            kim_client.get(url(case))
        return queries

    before = owner_events()
    measure()
    assert owner_events() - before == {"file.opened": 1}
    few = measure().count
    for _ in range(4):
        record_handout(case=case, agreement_id=agreement.pk, parts=[], by=kim)
        talk(case, kim, resources=(NewResource("Fahrrad"),))

    assert measure().count == few

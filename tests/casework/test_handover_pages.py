"""Übergabe in the pages: choose, look, hand over; the box on Heute; accounts that are switched off."""

import datetime as dt
import gzip
import re
import uuid

import pytest
from django.utils import timezone

from casework.enums import RoleName
from casework.models import AccessEvent, CaseAssignment, CaseHandover
from tests import factories
from tests.conftest import signed_in
from tests.factories import ahead

LIST = "/uebergabe/"
PREVIEW = "/uebergabe/vorschau/"


@pytest.fixture
def cases(kim):
    """Three cases of Kim: Adler, Ölmann, Zander."""
    return [factories.CaseFactory(counsellor=kim, client__family_name=name) for name in ("Zander", "Ölmann", "Adler")]


def chosen(giver, to, **more):
    return {"von": giver.pk, "nach": to.pk, "am": "heute", **more}


def submit(giver, to, cases, **more):
    return {**chosen(giver, to), "vorgang": str(uuid.uuid4()), "fall": [case.pk for case in cases], **more}


def names_in(page):
    return re.findall(r"<bdi>(Adler|Ölmann|Zander), Deniz</bdi>", page)


def responsible(case):
    return CaseAssignment.objects.get(case=case, during__upper_inf=True).counsellor_id


# --- choosing and looking ----------------------------------------------------------------------------------


def test_the_preview_stands_in_the_order_of_the_alphabet(kim_client, kim, eva, cases):
    page = kim_client.get(PREVIEW, chosen(kim, eva)).content.decode()

    assert names_in(page) == ["Adler", "Ölmann", "Zander"]
    assert "Jetzt übergeben" in page


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [("A", "N", ["Adler"]), ("O", "", ["Ölmann", "Zander"]), ("ö", "ö", ["Ölmann"]), ("", "b", ["Adler"])],
)
def test_chosen_by_alphabet(kim_client, kim, eva, cases, first, last, found):
    page = kim_client.get(PREVIEW, chosen(kim, eva, ab=first, bis=last)).content.decode()

    assert names_in(page) == found


def test_chosen_by_the_day_of_the_next_step(kim_client, kim, eva, cases):
    factories.CaseFactory(counsellor=kim, client__family_name="Quandt", step__due_on=ahead(60))
    until = timezone.localdate() + dt.timedelta(days=30)
    page = kim_client.get(PREVIEW, chosen(kim, eva, schritt_bis=f"{until:%d.%m.%Y}")).content.decode()

    assert "Quandt" not in page
    assert len(names_in(page)) == 3


def test_chosen_by_the_place_of_the_next_appointment(kim_client, kim, eva, cases):
    for case, place in zip(cases, ("Standort Herzberg, Zimmer 3", "Standort Osterode, Zimmer 3", ""), strict=True):
        factories.FollowUpFactory(case=case, appointment=True, place=place)

    for words, found in (("herzberg", ["Zander"]), ("ZIMMER 3", ["Ölmann", "Zander"]), ("100 %", [])):
        page = kim_client.get(PREVIEW, chosen(kim, eva, ort=words)).content.decode()
        assert names_in(page) == found


def test_the_preview_of_ninety_five_cases_is_light(kim_client, kim, eva):
    for number in range(95):
        factories.CaseFactory(counsellor=kim, client__family_name=f"Wieczorek-Sommerfeld{number:02}")
    page = kim_client.get(PREVIEW, chosen(kim, eva))

    assert page.content.decode().count('name="fall"') == 95
    assert page.content.decode().count("<textarea") == 96
    # Each case brings its box and its note. Over the line it is as small as every other page.
    assert len(page.content) <= 80_000
    assert len(gzip.compress(page.content)) <= 10_000


def test_nothing_found_says_so(kim_client, kim, eva):
    page = kim_client.get(PREVIEW, chosen(kim, eva)).content.decode()

    assert "gibt es keinen offenen Fall" in page


def test_both_caseloads_before_and_after(kim_client, kim, eva, cases):
    factories.CaseFactory(counsellor=eva)
    page = kim_client.get(PREVIEW, chosen(kim, eva)).content.decode()
    line = re.search(r"Offene Fälle</th>(.*?)</tr>", page, re.S)[1]

    assert re.findall(r">(\d+)<", line) == ["1", "4", "3", "0"]  # Brandt before Sander
    assert page.index("<bdi>Eva Brandt</bdi>") < page.index("<bdi>Kim Sander</bdi>")


def test_a_lead_sees_no_word_of_a_file(tom_client, kim, eva, cases):
    page = tom_client.get(PREVIEW, chosen(kim, eva)).content.decode()

    assert "Adler, Deniz" in page
    assert "Unterlagen gemeinsam durchsehen" not in page


def test_what_is_missing_comes_back(kim_client, kim):
    response = kim_client.get(PREVIEW, {"von": kim.pk, "am": "irgendwann"})

    assert response.status_code == 422
    assert "Bitte wählen" in response.content.decode()


def test_only_own_cases_and_those_of_the_led_team(eva_client, nora_client, paula_client, kim, eva, cases):
    assert eva_client.get(LIST, {"von": kim.pk}).status_code == 403
    assert eva_client.get(PREVIEW, chosen(kim, eva)).status_code == 403
    assert nora_client.post(PREVIEW, submit(kim, eva, cases)).status_code == 403
    assert paula_client.get(LIST).status_code == 403
    assert responsible(cases[0]) == kim.pk


def test_an_empty_page_says_what_will_stand_there(nora_client, tom_client):
    assert "keine Übergabe geplant" in nora_client.get(LIST).content.decode()
    assert tom_client.get(LIST).status_code == 200


# --- handing over ------------------------------------------------------------------------------------------


def test_handed_over_with_a_common_note_and_one_of_its_own(kim_client, kim, eva, cases):
    zander, oelmann, adler = cases
    data = submit(kim, eva, [zander, adler], notiz="Neues Team.", **{f"notiz{adler.pk}": "Ruft vormittags an."})
    response = kim_client.post(PREVIEW, data)

    assert response["Location"] == f"/uebergabe/{data['vorgang']}/"
    assert [responsible(case) for case in cases] == [eva.pk, kim.pk, eva.pk]
    assert CaseHandover.objects.get(case=adler).note == "Neues Team.\n\nRuft vormittags an."
    page = kim_client.get(response["Location"]).content.decode()
    assert "2 Fälle übergeben" in page
    assert "Ruft vormittags an." in page


def test_a_foreign_case_in_the_form_is_not_taken_along(kim_client, kim, eva, nora, cases):
    foreign = factories.CaseFactory(counsellor=nora)
    kim_client.post(PREVIEW, submit(kim, eva, [foreign, cases[0]]))

    assert responsible(foreign) == nora.pk
    assert responsible(cases[0]) == eva.pk


def test_nobody_chosen_keeps_what_was_typed(kim_client, kim, eva, cases):
    response = kim_client.post(PREVIEW, submit(kim, eva, [], notiz="Bleibt stehen"))

    assert response.status_code == 422
    assert "Bleibt stehen" in response.content.decode()


def test_a_clash_is_solved_in_the_same_form(kim_client, kim, eva, cases):
    step = factories.FollowUpFactory(case=cases[0], appointment=True)
    factories.FollowUpFactory(case=factories.CaseFactory(counsellor=eva), appointment=True, due_on=step.due_on)
    page = kim_client.get(PREVIEW, chosen(kim, eva)).content.decode()
    assert "um diese Zeit schon ein Termin" in page

    day, clock = f"step{step.pk}_date", f"step{step.pk}_time"
    typed = {day: f"{step.due_on:%d.%m.%Y}", clock: "10:00"}
    refused = kim_client.post(PREVIEW, submit(kim, eva, cases, **typed))
    assert refused.status_code == 422
    assert f'href="#id_{day}"' in refused.content.decode()
    assert kim_client.post(PREVIEW, submit(kim, eva, cases, **{**typed, clock: "zehn"})).status_code == 422
    assert kim_client.post(PREVIEW, submit(kim, eva, cases, **{**typed, clock: "11:30"})).status_code == 302

    step.refresh_from_db()
    assert f"{timezone.localtime(step.starts_at):%H:%M}" == "11:30"


def test_a_plan_stands_on_the_file_and_both_lists_and_is_taken_back(kim_client, eva_client, kim, eva, cases):
    data = submit(kim, eva, cases[:1], am=f"{ahead(10):%d.%m.%Y}")
    kim_client.post(PREVIEW, data)

    assert "übernimmt den Fall" in kim_client.get(f"/faelle/{number(cases[0])}/").content.decode()
    for client in (kim_client, eva_client):
        assert f"/uebergabe/{data['vorgang']}/" in client.get(LIST).content.decode()
    url = f"/uebergabe/{data['vorgang']}/zuruecknehmen/"
    assert eva_client.post(url).status_code == 403
    kim_client.post(url, {"nur": CaseHandover.objects.get().pk})
    assert not CaseHandover.objects.planned().exists()
    assert kim_client.post(url).status_code == 302
    assert "Nicht übergeben" in kim_client.get(LIST).content.decode()


def number(case):
    return type(case).objects.values_list("number", flat=True).get(pk=case.pk)


def test_a_submit_of_others_is_not_there(kim_client, nora_client, tom_client, kim, eva, cases):
    data = submit(kim, eva, cases[:1], am=f"{ahead(10):%d.%m.%Y}", notiz="Für Eva")
    kim_client.post(PREVIEW, data)
    url = f"/uebergabe/{data['vorgang']}/"

    assert nora_client.get(url).status_code == 404
    assert nora_client.post(f"{url}annehmen/").status_code == 404
    assert nora_client.get(f"/uebergabe/{uuid.uuid4()}/").status_code == 404
    assert tom_client.post(f"{url}annehmen/").status_code == 302  # leads both sides; nothing waits
    page = tom_client.get(url).content.decode()
    assert "Zander, Deniz" in page
    assert "Für Eva" not in page


def test_across_organisations_it_waits_for_the_lead_there(kim_client, kim, nora, cases):
    lena = factories.UserFactory(team=nora.team)
    factories.RoleGrantFactory(user=lena, role=RoleName.TEAM_LEAD, team=nora.team)
    lead = signed_in(lena)
    data = submit(kim, nora, cases)
    assert "frühestens am genannten Tag" in kim_client.get(PREVIEW, chosen(kim, nora)).content.decode()
    kim_client.post(PREVIEW, data)
    url = f"/uebergabe/{data['vorgang']}/"

    assert responsible(cases[0]) == kim.pk
    assert "Zur Annahme" in lead.get(LIST).content.decode()
    assert "Annehmen" in lead.get(url).content.decode()
    assert kim_client.post(f"{url}annehmen/").status_code == 403
    lead.post(f"{url}annehmen/")
    assert [responsible(case) for case in cases] == [nora.pk] * 3


# --- afterwards --------------------------------------------------------------------------------------------


def test_newly_taken_over_stands_on_heute_until_it_is_read(kim_client, eva_client, kim, eva, cases):
    kim_client.post(PREVIEW, submit(kim, eva, cases[:2], notiz="Bitte bald anrufen."))
    page = eva_client.get("/").content.decode()
    assert "Neu übernommen" in page
    assert "Bitte bald anrufen." in page
    assert "Neu übernommen" not in kim_client.get("/").content.decode()

    pk = CaseHandover.objects.get(case=cases[0]).pk
    kim_client.post("/uebergabe/gelesen/", {"nur": pk})
    assert eva_client.get("/").content.decode().count("Bitte bald anrufen.") == 2
    assert eva_client.post("/uebergabe/gelesen/", {"nur": pk})["Location"] == "/"
    assert eva_client.get("/").content.decode().count("Bitte bald anrufen.") == 1


def test_the_former_ifk_reads_and_is_told_how_long(kim_client, kim, eva, cases, owner_events):
    kim_client.post(PREVIEW, submit(kim, eva, cases[:1], notiz="Steht im Verlauf."))
    page = kim_client.get(f"/faelle/{number(cases[0])}/").content.decode()
    last = timezone.localdate() + dt.timedelta(days=30)

    assert f"als früher zuständige IFK bis {last:%d.%m.%Y}" in page
    assert "Steht im Verlauf." in page
    assert "Zuständig ist jetzt Eva Brandt" in page
    assert f"/faelle/{number(cases[0])}/gespraech/" not in page
    assert kim_client.get(f"/faelle/{number(cases[0])}/schritte/neu/").status_code == 403
    assert owner_events()["file.opened"] >= 1
    assert AccessEvent._meta.db_table == "casework_accessevent"

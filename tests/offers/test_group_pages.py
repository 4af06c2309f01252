"""The pages of a group: who sees it, and a date recorded in one form, with everything kept."""

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from casework.models import Contact, FollowUp
from offers.models import Group, GroupDate, GroupMember
from tests.conftest import signed_in
from tests.factories import CaseFactory, ahead, published_offer
from tests.offers.grouping import TEXT, as_trainer, choice_of, group_of, join_people, later_date, todays_date

pytestmark = pytest.mark.django_db
FIELD = re.compile(r'<(?:input|textarea)[^>]*\bname="([^"]+)"[^>]*>')
VALUE = re.compile(r'\bvalue="([^"]*)"')


def filled(page: str) -> dict[str, Any]:
    """The form as a browser would send it back: hidden fields, and what is chosen already."""
    data: dict[str, Any] = {}
    for match in FIELD.finditer(page[page.index('id="formular"') :]):
        tag, name = match[0], match[1]
        value = VALUE.search(tag)
        if ("radio" in tag or "checkbox" in tag) and " checked" not in tag:
            continue
        data.setdefault(name, []).append(value[1] if value else "")
    return data


@pytest.fixture
def trained(kim, eva):
    """Eva's group with three of Kim's people, a date today and one in a week."""
    group = group_of(eva)
    members = join_people(group, kim, 3)
    return group, members, todays_date(group), later_date(group)


def url_of(date: GroupDate) -> str:
    return f"/gruppen/{date.group_id}/termine/{date.pk}/"


def test_the_form_proposes_the_next_date_to_everybody_and_is_sent_as_it_stands(eva_client, trained):
    group, members, date, following = trained
    data = filled(eva_client.get(url_of(date)).content.decode()) | {"text": TEXT}

    answer = eva_client.post(url_of(date), data)

    assert (answer.status_code, answer["Location"]) == (302, f"/gruppen/{group.pk}/")
    contacts = Contact.objects.filter(channel__code="group")
    assert contacts.count() == 3
    assert {contact.follow_up.starts_at for contact in contacts} == {following.starts_at}
    assert not FollowUp.objects.open().filter(starts_at=date.starts_at).exists()
    # A second submit of the same page answers as the first did.
    assert eva_client.post(url_of(date), data).status_code == 302
    assert Contact.objects.filter(channel__code="group").count() == 3


def test_a_broken_row_is_named_and_everything_typed_is_kept(eva_client, trained):
    _, members, date, _ = trained
    number = members[1].case.number
    data = filled(eva_client.get(url_of(date)).content.decode()) | {
        "text": TEXT,
        f"row{number}_next": "appointment",
        f"row{number}_next_date": f"{ahead(3):%d.%m.%Y}",
        f"row{members[0].case.number}_text": "Bringt ein Zeugnis mit.",
    }

    answer = eva_client.post(url_of(date), data)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{members[1].case.client.list_name}: Bitte schreiben Sie, worum es geht." in page
    assert f'href="#id_row{number}_next_subject"' in page
    assert TEXT in page
    assert "Bringt ein Zeugnis mit." in page
    assert not Contact.objects.filter(channel__code="group").exists()


def test_the_last_date_asks_for_another_next_step(eva_client, eva, kim):
    group = group_of(eva)
    join_people(group, kim, 2)
    date = todays_date(group)
    data = filled(eva_client.get(url_of(date)).content.decode()) | {"text": TEXT}

    answer = eva_client.post(url_of(date), data)

    assert answer.status_code == 422
    assert answer.content.decode().count("Ohne nächsten Schritt wird nichts eingetragen.") == 4


def test_a_proposed_date_that_was_cancelled_meanwhile_is_said_in_the_row(eva_client, eva, trained):
    from offers.actions.group_dates import cancel_date

    _, _, date, following = trained
    data = filled(eva_client.get(url_of(date)).content.decode()) | {"text": TEXT}
    cancel_date(group_date=following, by=eva)

    answer = eva_client.post(url_of(date), data)

    assert answer.status_code == 422
    assert "Dieser Termin findet inzwischen nicht mehr statt." in answer.content.decode()


def test_a_second_trainer_is_answered_409_and_keeps_the_text(kim, eva, eva_client, kim_client):
    group = group_of(eva, kim)
    join_people(group, kim, 2)
    date = todays_date(group)
    later_date(group)
    own, other = (filled(client.get(url_of(date)).content.decode()) for client in (eva_client, kim_client))
    assert eva_client.post(url_of(date), own | {"text": TEXT}).status_code == 302

    answer = kim_client.post(url_of(date), other | {"text": "Mein Text dazu."})

    assert answer.status_code == 409
    assert "Dieser Termin ist inzwischen schon eingetragen." in answer.content.decode()
    assert "Mein Text dazu." in answer.content.decode()


def test_a_group_is_shown_to_who_leads_it_and_to_nobody_else(
    trained, kim_client, eva_client, nora_client, paula_client
):
    group, members, date, _ = trained

    page = eva_client.get(f"/gruppen/{group.pk}/").content.decode()

    assert all(member.case.client.list_name in page for member in members)
    for url in (f"/gruppen/{group.pk}/", url_of(date)):
        assert kim_client.get(url).status_code == 404
        assert nora_client.get(url).status_code == 404
        assert paula_client.get(url).status_code == 403


def test_a_team_lead_keeps_a_group_and_sees_the_people_of_the_own_team(trained, tom_client, kim, eva, nora):
    group, members, date, _ = trained

    page = tom_client.get(f"/gruppen/{group.pk}/").content.decode()

    assert members[0].case.client.list_name in page
    assert tom_client.post(url_of(date), {}).status_code == 403
    assert "Eintragen kann, wer die Gruppe leitet." in tom_client.get(url_of(date)).content.decode()


def test_a_trainer_whose_part_was_ended_records_for_the_others(eva_client, kim, trained):
    from casework.actions import end_participation
    from casework.models import CaseParticipation

    _, members, date, _ = trained
    end_participation(participation=CaseParticipation.objects.get(case=members[0].case), by=kim)

    page = eva_client.get(url_of(date)).content.decode()

    assert members[0].case.client.list_name not in page
    assert "Nicht für alle können Sie eintragen." in page
    assert eva_client.post(url_of(date), filled(page) | {"text": TEXT}).status_code == 302


def test_making_a_group_with_three_dates_a_week(eva, eva_client, kim_client):
    as_trainer(eva)
    offer = published_offer(immediate=True, name="Jobakademie")
    published_offer(name="Etwas anderes")
    today = timezone.localdate()
    data = {
        "name": "Jobakademie Winter",
        "offer": offer.pk,
        "starts_on": f"{today:%d.%m.%Y}",
        "ends_on": f"{today + dt.timedelta(days=30):%d.%m.%Y}",
        "weekdays": ["0", "2", "4"],
        "time": "9:00",
        "trainers": [eva.pk],
    }
    page = eva_client.get("/gruppen/neu/").content.decode()
    assert "Etwas anderes" not in page

    answer = eva_client.post("/gruppen/neu/", data)

    made = Group.objects.get()
    assert answer["Location"] == f"/gruppen/{made.pk}/"
    assert made.dates.count() >= 9
    assert "Jobakademie Winter" in eva_client.get("/gruppen/").content.decode()
    assert eva_client.post("/gruppen/neu/", data | {"time": ""}).status_code == 422
    assert kim_client.get("/gruppen/neu/").status_code == 403
    assert "Sie leiten zurzeit keine Gruppe." in kim_client.get("/gruppen/").content.decode()


def test_single_dates_and_trainers_are_added_and_dates_cancelled(eva, eva_client, kim, trained):
    group, _, date, following = trained
    as_trainer(kim)

    added = eva_client.post(
        f"/gruppen/{group.pk}/termine/neu/",
        {"date_day": f"{ahead(9):%d.%m.%Y}", "date_time": "13:00", "subject": "Messe"},
    )
    joined = eva_client.post(f"/gruppen/{group.pk}/leitung/", {"trainers": kim.pk})
    cancelled = eva_client.post(f"/gruppen/{group.pk}/termine/{following.pk}/absagen/")

    assert {added.status_code, joined.status_code, cancelled.status_code} == {302}
    assert group.dates.filter(subject="Messe").exists()
    assert group.trainers.count() == 2
    page = eva_client.get(f"/gruppen/{group.pk}/").content.decode()
    assert "abgesagt" in page
    assert eva_client.get(f"/gruppen/{group.pk}/termine/{following.pk}/").status_code == 200
    assert eva_client.post(f"/gruppen/{group.pk}/termine/neu/", {"date_day": "1.1.2020"}).status_code == 422


def test_joining_and_leaving_from_the_file(kim, kim_client, eva, eva_client):
    group = group_of(eva)
    following = later_date(group)
    case = CaseFactory(counsellor=kim)
    choice = choice_of(case, group)
    url = f"/faelle/{case.number}/angebote/{choice.pk}/gruppe/"
    assert "Jobakademie Herbst" in kim_client.get(url).content.decode()
    assert eva_client.get(url).status_code == 404

    assert kim_client.post(url, {"group": group.pk}).status_code == 302

    member = GroupMember.objects.get()
    leave = f"/faelle/{case.number}/gruppen/{member.pk}/verlassen/"
    assert "Diese Termine fallen für sie weg:" in kim_client.get(leave).content.decode()
    assert kim_client.post(leave, {}).status_code == 422
    done = kim_client.post(
        leave, {"next": "reminder", "next_date": f"{ahead(5):%d.%m.%Y}", "next_subject": "Wie geht es weiter?"}
    )
    assert done.status_code == 302
    assert not FollowUp.objects.open().filter(starts_at=following.starts_at).exists()
    assert kim_client.get(leave).status_code == 404


def test_a_full_group_says_so(kim, kim_client, eva):
    group = group_of(eva)
    join_people(group, kim, 16)
    case = CaseFactory(counsellor=kim)
    choice = choice_of(case, group)

    answer = kim_client.post(f"/faelle/{case.number}/angebote/{choice.pk}/gruppe/", {"group": group.pk})

    assert answer.status_code == 422
    assert "Die Gruppe ist voll." in answer.content.decode()


def test_no_page_of_a_group_tells_who_was_absent(eva, kim, trained):
    client = signed_in(eva)
    group, members, date, _ = trained
    data = filled(client.get(url_of(date)).content.decode()) | {
        "text": TEXT,
        f"row{members[0].case.number}_there": "no_show",
    }
    client.post(url_of(date), data)

    for url in (f"/gruppen/{group.pk}/", url_of(date), "/gruppen/"):
        page = client.get(url).content.decode()
        assert "nicht erschienen" not in page

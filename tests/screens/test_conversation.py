"""Gespräch: what concludes, and everything that must not."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from casework import actions
from casework.enums import ClosingReason, ContactKind
from casework.models import Case, Contact, Draft, FollowUp
from tests.factories import CaseFactory, FollowUpFactory, ahead, back
from tests.screens.forms import conversation

pytestmark = pytest.mark.django_db


def url(case: Case) -> str:
    return f"/faelle/{case.number}/gespraech/"


def records() -> tuple[int, int]:
    return Contact.objects.count(), FollowUp.objects.count()


@pytest.fixture
def case(kim):
    return CaseFactory(counsellor=kim)


def test_a_conversation_with_an_appointment_is_recorded_in_one_submit(kim_client, kim, case):
    response = kim_client.post(url(case), conversation(case))

    contact = Contact.objects.get(case=case)
    assert response.status_code == 302
    assert response.url.startswith(f"/faelle/{case.number}/?neu={contact.pk}")
    assert contact.author == kim
    assert contact.follow_up.subject == "Wie war die erste Woche?"
    assert contact.follow_up.contact_id == contact.pk
    assert [p.role for p in contact.participants.all()] == ["client"]
    connection.check_constraints()


def test_the_overdue_step_ends_with_the_conversation(kim_client, case):
    step = FollowUpFactory(case=case, overdue=True)
    data = conversation(case) | {f"step_{step.pk}": "done"}

    kim_client.post(url(case), data)

    step.refresh_from_db()
    assert step.ended_by_contact == Contact.objects.get(case=case)


def test_a_step_moves_with_the_conversation_and_keeps_its_old_day(kim_client, case):
    step = FollowUp.objects.get(case=case)
    before = step.due_on
    target = ahead(30)
    data = conversation(case) | {f"step_{step.pk}": "move", f"step_{step.pk}_date": f"{target:%d.%m.%Y}"}

    kim_client.post(url(case), data)

    step.refresh_from_db()
    assert step.due_on == target
    assert [change.old_due_on for change in step.changes.all()] == [before]


def test_a_standing_step_is_a_full_answer(kim_client, case):
    step = FollowUp.objects.get(case=case)

    kim_client.post(url(case), conversation(case, next=f"standing-{step.pk}"))

    assert Contact.objects.get(case=case).follow_up == step
    assert FollowUp.objects.filter(case=case).count() == 1


def test_the_case_ends_with_the_conversation(kim_client, case):
    kim_client.post(url(case), conversation(case, next="close", closing_reason=ClosingReason.INDEPENDENT))

    case.refresh_from_db()
    contact = Contact.objects.get(case=case)
    assert not case.is_open
    assert contact.closure.reason == ClosingReason.INDEPENDENT
    assert not FollowUp.objects.open().filter(case=case).exists()


def next_sunday() -> dt.date:
    today = timezone.localdate()
    return today + dt.timedelta(days=(6 - today.weekday()) or 7)


def next_christmas() -> dt.date:
    today = timezone.localdate()
    christmas = dt.date(today.year, 12, 25)
    return christmas if christmas > today else dt.date(today.year + 1, 12, 25)


REFUSED = {
    "no next step": ({"next": ""}, "Ohne nächsten Schritt"),
    "in the past": ({"next_date": f"{back(3):%d.%m.%Y}"}, "liegt in der Vergangenheit"),
    "on a Sunday": ({"next_date": f"{next_sunday():%d.%m.%Y}"}, "ist ein Sonntag"),
    "on Christmas Day": ({"next_date": f"{next_christmas():%d.%m.%Y}"}, "Weihnachtstag"),
    "no date": ({"next_date": "irgendwann"}, "Bitte schreiben Sie den Tag so"),
    "no time": ({"next_time": ""}, "braucht eine Uhrzeit"),
    "blank subject": ({"next_subject": "   "}, "worum es geht"),
    "in the future": ({"at_date": f"{timezone.localdate() + dt.timedelta(days=2):%d.%m.%Y}"}, "nicht in der Zukunft"),
    "no channel": ({"channel": "brieftaube"}, "wie der Kontakt zustande kam"),
    "an absent step": ({"next": "standing-999999999"}, "kein künftiger offener Schritt"),
    "no reason for the end": ({"next": "close", "closing_reason": ""}, "Grund"),
    "a name without a role": ({"participant_role": [""], "participant_name": ["Frau X"]}, "die Rolle"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_hold_comes_back_with_the_text_and_nothing_is_written(kim_client, case, name):
    changed, sentence = REFUSED[name]
    before = records()

    response = kim_client.post(url(case), conversation(case, text="Mein langer Text.") | changed)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Mein langer Text." in response.content.decode()
    assert records() == before


def test_a_blank_text_is_refused(kim_client, case):
    response = kim_client.post(url(case), conversation(case, text="  \n "))

    assert response.status_code == 422
    assert "was besprochen wurde" in response.content.decode()


def test_the_step_of_another_case_is_refused(kim_client, kim, case):
    foreign = FollowUp.objects.get(case=CaseFactory(counsellor=kim))
    before = records()

    response = kim_client.post(url(case), conversation(case, next=f"standing-{foreign.pk}", text="bleibt stehen"))

    assert response.status_code == 422
    assert "bleibt stehen" in response.content.decode()
    assert records() == before


def test_a_step_that_has_ended_is_refused(kim_client, kim, case):
    step = FollowUp.objects.get(case=case)
    data = conversation(case, next=f"standing-{step.pk}")
    actions.complete_follow_up(
        follow_up=step,
        version=step.version,
        outcome="",
        next_step=actions.NewStep(kind="reminder", due_on=ahead(9), subject="anderes"),
        by=kim,
    )

    response = kim_client.post(url(case), data)

    assert response.status_code in (409, 422)
    assert Contact.objects.count() == 0


def test_a_case_closed_meanwhile_answers_409_and_keeps_the_text(kim_client, kim, case):
    data = conversation(case, text="Noch nicht verloren.")
    actions.end_case(case=case, reason=ClosingReason.MOVED, by=kim)

    response = kim_client.post(url(case), data)

    assert response.status_code == 409
    assert "inzwischen beendet" in response.content.decode()
    assert "Noch nicht verloren." in response.content.decode()
    assert Contact.objects.count() == 0


def test_a_saturday_is_asked_for_once_and_then_taken(kim_client, case):
    today = timezone.localdate()
    saturday = today + dt.timedelta(days=(5 - today.weekday()) % 7 or 7)
    first = kim_client.post(url(case), conversation(case, next_date=f"{saturday:%d.%m.%Y}"))

    second = kim_client.post(url(case), conversation(case, next_date=f"{saturday:%d.%m.%Y}", saturday_ok="on"))

    assert first.status_code == 422
    assert 'name="saturday_ok"' in first.content.decode()
    assert second.status_code == 302


def test_the_same_submit_twice_makes_one_contact(kim_client, case):
    step = FollowUp.objects.get(case=case)
    data = conversation(case) | {f"step_{step.pk}": "done"}

    first = kim_client.post(url(case), data)
    second = kim_client.post(url(case), data)

    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Contact.objects.filter(case=case).count() == 1


def test_the_same_key_with_another_text_is_a_conflict(kim_client, case):
    data = conversation(case)
    kim_client.post(url(case), data)

    response = kim_client.post(url(case), data | {"text": "Etwas anderes."})

    assert response.status_code == 409
    assert "Etwas anderes." in response.content.decode()


def test_concluding_deletes_the_draft(kim_client, kim, case):
    data = conversation(case)
    saved = kim_client.post(f"{url(case)}entwurf/", data)
    assert saved.status_code == 204
    assert saved["X-Draft-Revision"] == "1"

    kim_client.post(url(case), data | {"revision": "1"})

    assert not Draft.objects.filter(author=kim).exists()


def test_the_draft_stands_in_the_form_again(kim_client, case):
    kim_client.post(f"{url(case)}entwurf/", conversation(case, text="Halber Satz"))

    page = kim_client.get(url(case)).content.decode()

    assert "Halber Satz" in page
    assert 'name="revision" value="1"' in page


def test_two_windows_get_both_texts(kim_client, case):
    kim_client.post(f"{url(case)}entwurf/", conversation(case, text="Fenster eins"))

    response = kim_client.post(f"{url(case)}entwurf/", conversation(case, text="Fenster zwei"))

    assert response.status_code == 409
    assert "Fenster eins" in response.content.decode()
    assert "Fenster zwei" in response.content.decode()


def test_a_lost_answer_to_a_save_is_no_conflict(kim_client, case):
    data = conversation(case, text="eins")
    kim_client.post(f"{url(case)}entwurf/", data)

    response = kim_client.post(f"{url(case)}entwurf/", data | {"text": "eins und zwei"})

    assert response.status_code == 204
    assert Draft.objects.get().payload["text"] == ["eins und zwei"]


def test_nobody_else_gets_the_draft(kim_client, eva_client, eva, case):
    actions.add_participation(case=case, counsellor=eva.counsellor, by=case.opened_by)
    kim_client.post(f"{url(case)}entwurf/", conversation(case, text="Nur für mich"))

    page = eva_client.get(url(case)).content.decode()

    assert "Nur für mich" not in page


def test_a_missed_appointment_needs_no_text_but_a_next_step(kim_client, kim, case):
    step = FollowUpFactory(case=case, appointment=True, overdue=True)
    missed = f"/faelle/{case.number}/schritte/{step.pk}/nicht-stattgefunden/"
    data = {"version": step.version, "key": str(uuid.uuid4()), "how": "no_show"}

    refused = kim_client.post(missed, data)
    taken = kim_client.post(
        missed, data | {"next": "reminder", "next_date": f"{ahead(3):%d.%m.%Y}", "next_subject": "Anrufen"}
    )

    contact = Contact.objects.get(case=case)
    assert refused.status_code == 422
    assert taken.status_code == 302
    assert contact.kind == ContactKind.MISSED
    assert contact.follow_up.subject == "Anrufen"


def test_later_on_the_same_day_the_person_came_after_all(kim_client, case):
    step = FollowUpFactory(case=case, appointment=True, overdue=True)
    missed = f"/faelle/{case.number}/schritte/{step.pk}/nicht-stattgefunden/"
    kim_client.post(
        missed,
        {
            "version": step.version,
            "key": str(uuid.uuid4()),
            "how": "no_show",
            "next": "reminder",
            "next_date": f"{ahead(3):%d.%m.%Y}",
            "next_subject": "Anrufen",
        },
    )
    first = Contact.objects.get(case=case)

    response = kim_client.post(url(case), conversation(case, replaces=str(first.pk)))

    assert response.status_code == 302
    assert Contact.objects.exclude(pk=first.pk).get().replaces == first


def test_the_form_is_the_same_for_both_kinds_of_counsellor(kim_client, kim, case):
    def shape(page: str) -> str:
        # The clock goes on between the two pages.
        return re.sub(r'value="[^"]*"|csrf[^>]*|"X-CSRFToken[^}]*|\b\d\d:\d\d\b', "", page)

    general = shape(kim_client.get(url(case)).content.decode())
    kim.counsellor.kind, kim.counsellor.area = "specialist", "rehab"
    kim.counsellor.save(update_fields=["kind", "area"])

    specialist = shape(kim_client.get(url(case)).content.decode())

    assert specialist == general


def test_conclude_and_draft_take_few_statements(kim_client, case, count_queries):
    step = FollowUpFactory(case=case, overdue=True)
    data = conversation(case) | {f"step_{step.pk}": "done"}
    with count_queries() as saving:
        kim_client.post(f"{url(case)}entwurf/", data)

    with count_queries() as concluding:
        response = kim_client.post(url(case), data | {"revision": "1"})

    assert response.status_code == 302
    assert saving.count <= 4, saving.explain()
    assert concluding.count <= 14, concluding.explain()


ODD = ["\x00", "²", "٣", "-1", "9" * 40, "1e3", "<b>", "' OR 1=1 --", "\u202e", "x" * 5000]


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_is_refused_or_taken_and_never_a_failure(kim_client, case, odd):
    step = FollowUp.objects.get(case=case)
    data = conversation(case)
    names = [*data, f"step_{step.pk}", f"step_{step.pk}_date", "replaces", "saturday_ok", "closing_reason"]
    for name in names:
        for path in (url(case), f"{url(case)}entwurf/"):
            assert kim_client.post(path, data | {"key": str(uuid.uuid4()), name: odd}).status_code < 500
    for query in ("schritt", "kanal", "spaeter"):
        assert kim_client.get(url(case), {query: odd}).status_code < 500
    assert kim_client.get("/faelle/", {"seite": odd, "vertretung": odd, "sortierung": odd}).status_code < 500
    assert kim_client.get(f"/faelle/{case.number}/", {"vor": f"{odd}-{odd}", "neu": odd}).status_code < 500
    assert kim_client.get("/tag/", {"next_date": odd}).status_code < 500
    assert kim_client.post("/faelle/suche/", {"q": odd}).status_code < 500


@pytest.mark.parametrize("day", ["31.02.2026", "29.02.2027", "01.01.0001", "31.12.9999", "29.03.2026", "+999w"])
@pytest.mark.parametrize("time", ["02:30", "24:00", "00:00", "23:59"])
def test_strange_days_and_hours_get_a_sentence(kim_client, case, day, time):
    for changed in ({"next_date": day, "next_time": time}, {"at_date": day, "at_time": time}):
        assert kim_client.post(url(case), conversation(case) | changed).status_code in (302, 422)


def test_a_draft_saved_again_after_the_conclusion_blocks_nothing(kim_client, kim, case):
    data = conversation(case)
    kim_client.post(url(case), data)
    kim_client.post(f"{url(case)}entwurf/", data)
    page = kim_client.get(url(case)).content.decode()
    fresh = re.search(r'name="key" value="([^"]+)"', page)

    response = kim_client.post(url(case), conversation(case, text="Ein neues Gespräch.", key=fresh[1]))

    assert fresh[1] != data["key"]
    assert response.status_code == 302
    assert Contact.objects.filter(case=case).count() == 2


def test_the_same_submit_again_takes_its_draft_with_it(kim_client, kim, case):
    data = conversation(case)
    kim_client.post(url(case), data)
    kim_client.post(f"{url(case)}entwurf/", data)

    kim_client.post(url(case), data)

    assert not Draft.objects.filter(author=kim).exists()


def test_a_text_is_kept_when_the_case_goes_to_somebody_else(kim_client, kim, eva, tom, case):
    data = conversation(case, text="Mitten im Satz")
    kim_client.post(f"{url(case)}entwurf/", data)
    actions.reassign_case(case=case, counsellor=eva.counsellor, by=tom)

    later = kim_client.post(f"{url(case)}entwurf/", data | {"revision": "1", "text": "Mitten im Satz und weiter"})
    today = kim_client.get("/").content.decode()

    assert later.status_code == 204
    assert Draft.objects.get(author=kim).payload["text"] == ["Mitten im Satz und weiter"]
    assert "Angefangener Text ohne Akte" in today
    assert case.number not in today
    assert case.client.family_name not in today


def test_saving_for_an_absent_case_answers_as_for_a_foreign_one(nora_client, nora, case):
    foreign = nora_client.post(f"{url(case)}entwurf/", conversation(case))
    absent = nora_client.post("/faelle/F-26-99999/gespraech/entwurf/", conversation(case))

    assert foreign.status_code == absent.status_code == 204
    assert not Draft.objects.filter(case=case).exists()


def test_later_from_an_older_window_shows_both_texts_without_a_script(kim_client, case):
    kim_client.post(f"{url(case)}entwurf/", conversation(case, text="Fenster eins"))

    response = kim_client.post(url(case), conversation(case, text="Fenster zwei", later="1"))

    page = response.content.decode()
    assert response.status_code == 409
    assert page.count("Fenster eins") >= 1
    assert page.count("Fenster zwei") >= 2


def test_a_contact_before_the_case_is_refused(kim_client, case):
    response = kim_client.post(url(case), conversation(case, at_date="01.01.2019", at_time="10:00"))

    assert response.status_code == 422
    assert "gab es den Fall noch nicht" in response.content.decode()


def test_a_talk_with_somebody_else_does_not_claim_that_the_person_was_there(kim_client, case):
    data = conversation(case, participant_role=["other_body"], participant_name=["Wohnungsgesellschaft"])
    del data["with_client"]

    kim_client.post(url(case), data)

    assert [p.role for p in Contact.objects.get(case=case).participants.all()] == ["other_body"]


def test_withdrawing_moves_steps_back_and_takes_all_texts_into_the_draft(kim_client, kim, case):
    step = FollowUp.objects.get(case=case)
    before = step.due_on
    data = conversation(case, text="Gehört woanders hin.") | {
        f"step_{step.pk}": "move",
        f"step_{step.pk}_date": f"{ahead(30):%d.%m.%Y}",
        f"step_{step.pk}_reason": "Frau X ist im Urlaub",
    }
    kim_client.post(url(case), data)
    contact = Contact.objects.get(case=case)
    actions.add_addendum(contact=contact, text="Noch etwas.", reason="vergessen", by=kim)

    draft = actions.withdraw_contact(contact=contact, reason="falsche Akte", by=kim)

    step.refresh_from_db()
    page = kim_client.get(f"/faelle/{case.number}/").content.decode()
    assert step.due_on == before
    assert "Gehört woanders hin." in draft.payload["text"][0]
    assert "Noch etwas." in draft.payload["text"][0]
    for gone in ("Gehört woanders hin.", "Noch etwas.", "Frau X ist im Urlaub", "Wie war die erste Woche?"):
        assert gone not in page
    connection.check_constraints()

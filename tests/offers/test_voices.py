"""Demands without any reference, remarks, and what came of them (R4.4-7)."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.actions import Conflict, NotAllowed, RuleBroken, StaleVersion
from offers import admin_voices
from offers.actions import voices
from offers.models import DemandNote, DemandReply, DemandReplyNote, OfferRemark
from tests.factories import (
    DemandNoteFactory,
    DemandReplyFactory,
    DemandReplyNoteFactory,
    OfferRemarkFactory,
    offer_manager,
    published_offer,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 16)
SITE = "/angebotspflege/offers"


# --- demands -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "half_year"),
    [(dt.date(2026, 1, 1), "2026-1"), (dt.date(2026, 6, 30), "2026-1"), (dt.date(2026, 7, 1), "2026-2")],
)
def test_a_demand_is_a_sentence_of_a_half_year(day, half_year):
    assert voices.record_demand(text="  Ein Deutschkurs\n am Abend ", today=day) is None

    note = DemandNote.objects.get()
    assert (note.half_year, note.text) == (half_year, "Ein Deutschkurs am Abend")
    assert note.pk.version == 4


def test_nothing_else_is_written_when_a_demand_is():
    with CaptureQueriesContext(connection) as captured:
        voices.record_demand(text="Ein Deutschkurs am Abend", today=TODAY, names=["Yıldız", "Deniz"])

    (statement,) = [query["sql"] for query in captured]
    assert statement.startswith('INSERT INTO "offers_demandnote" ("uuid", "half_year", "text") VALUES')
    assert "Y" not in statement.partition("VALUES")[2].replace("Deutschkurs", "")


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u00a0"])
def test_a_demand_says_something(text):
    with pytest.raises(RuleBroken) as refused:
        voices.record_demand(text=text, today=TODAY)

    assert refused.value.field == "demand"
    assert not DemandNote.objects.exists()


def test_a_demand_is_short():
    voices.record_demand(text="ä" * 300, today=TODAY)
    with pytest.raises(RuleBroken) as refused:
        voices.record_demand(text="ä" * 301, today=TODAY)

    assert (refused.value.field, refused.value.message) == (
        "demand",
        "Bitte kürzer fassen: höchstens 300 Zeichen.",
    )


NAMES = ["Müller-Lüdenscheidt", "Yıldız Ayşe", "Li", ""]


@pytest.mark.parametrize(
    "text",
    [
        "Müller braucht einen Kurs",
        "ein Kurs für MUELLER.",
        "ein Kurs (muller) am Abend",
        "Ein Kurs, wie ihn Frau Luedenscheidt will",
        "Yildiz: Kurs am Abend",
        "für YILDIZ",
        "Ayse’s Kurs",
        "Kurs/Ayşe",
        "M\u00fc\u00adller braucht einen Kurs",  # a hyphen that nobody sees
        "Mu\u0308ller braucht einen Kurs",  # ü of two signs
    ],
)
def test_a_demand_names_nobody(text):
    with pytest.raises(RuleBroken) as refused:
        voices.record_demand(text=text, today=TODAY, names=NAMES)

    assert refused.value.field == "demand"
    assert refused.value.message == "Bitte ohne Namen: Der Satz steht ohne Bezug zu einer Person."
    assert "M" not in refused.value.message.replace("Müll", "")
    assert not DemandNote.objects.exists()


@pytest.mark.parametrize("text", ["Müllerei am Ort", "Li braucht Hilfe", "Ein Kurs am Abend", "Kurs für Mull"])
def test_words_that_only_resemble_a_name_are_no_name(text):
    voices.record_demand(text=text, today=TODAY, names=NAMES)

    assert DemandNote.objects.count() == 1


WORDS = ["Müller", "MUELLER", "Groß", "Grass", "Yıldız", "İnci", "Łukasz", "Đorđe", "Søren", "Æsa", "Ayşe", "Œuvre"]


@pytest.mark.parametrize("word", [*WORDS, "Çelik", "Nguyễn", "Þór", "Zoë", "Boateng", "Uwe", "Aoife", "Sue", "Ħal"])
def test_names_are_folded_as_the_database_does_it(word):
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_fold(%s)", [word])
        (expected,) = cursor.fetchone()

    assert [voices.folded(part) for part in voices.words_of(word)] == [expected]


# --- remarks: the action -----------------------------------------------------------------------------------


def test_a_remark_is_answered_once(paula):
    remark = OfferRemarkFactory()

    voices.answer_remark(remark=remark, answer=" Die Nummer stimmt jetzt. ", by=paula)

    remark.refresh_from_db()
    assert (remark.answer, remark.done_by, remark.done_at is not None) == ("Die Nummer stimmt jetzt.", paula, True)
    with pytest.raises(StaleVersion, match="schon bearbeitet"):
        voices.answer_remark(remark=remark, answer="Anders", by=offer_manager())
    remark.refresh_from_db()
    assert remark.answer == "Die Nummer stimmt jetzt."


def test_an_answer_is_short_and_comes_from_project_management(paula, kim):
    remark = OfferRemarkFactory()

    with pytest.raises(RuleBroken, match="600"):
        voices.answer_remark(remark=remark, answer="ä" * 601, by=paula)
    with pytest.raises(NotAllowed):
        voices.answer_remark(remark=remark, answer="Ja", by=kim)
    remark.refresh_from_db()
    assert remark.done_at is None


# --- replies: the action -----------------------------------------------------------------------------------


def test_a_reply_answers_the_sentences_it_names(paula):
    one, two, _ = DemandNoteFactory.create_batch(3)
    offer = published_offer()

    reply = voices.reply_to_demands(
        need=" Deutsch am Abend ", text=" Gibt es. ", offer=offer, notes=[one, two], by=paula
    )

    assert (reply.need, reply.text, reply.offer, reply.by) == ("Deutsch am Abend", "Gibt es.", offer, paula)
    assert set(reply.notes.values_list("note", flat=True)) == {one.pk, two.pk}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"need": " ", "text": "Gibt es."}, "need"),
        ({"need": "D" * 301, "text": "x"}, "need"),
        ({"need": "D", "text": "\n"}, "text"),
    ],
)
def test_a_reply_says_something(paula, said, field):
    with pytest.raises(RuleBroken) as refused:
        voices.reply_to_demands(by=paula, **said)

    assert refused.value.field == field


def test_a_reply_is_reworded_until_it_is_withdrawn(paula):
    kept, gone, new = DemandNoteFactory.create_batch(3)
    reply = voices.reply_to_demands(need="Deutsch", text="Kommt.", notes=[kept, gone], by=paula)
    said: dict[str, Any] = {"need": "Deutsch am Abend", "text": "Gibt es.", "offer": None, "notes": [kept, new]}

    voices.reword_reply(reply=reply, by=offer_manager(), **said)

    reply.refresh_from_db()
    assert (reply.need, reply.text, reply.by) == ("Deutsch am Abend", "Gibt es.", paula)
    assert set(reply.notes.values_list("note", flat=True)) == {kept.pk, new.pk}
    voices.withdraw_reply(reply=reply, by=paula)
    reply.refresh_from_db()
    assert reply.withdrawn_by == paula
    for again in (
        lambda: voices.withdraw_reply(reply=reply, by=paula),
        lambda: voices.reword_reply(reply=reply, by=paula, **said),
    ):
        with pytest.raises(Conflict, match="zurückgezogen"):
            again()


def test_nobody_but_project_management_replies(kim, tom):
    reply = DemandReplyFactory()

    for user in (kim, tom):
        with pytest.raises(NotAllowed):
            voices.reply_to_demands(need="D", text="G", by=user)
        with pytest.raises(NotAllowed):
            voices.withdraw_reply(reply=reply, by=user)
    assert DemandReply.objects.count() == 1


# --- remarks on the site -----------------------------------------------------------------------------------


def visible(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_open_remarks_stand_in_the_list_and_done_ones_behind_a_filter(paula_client, paula):
    OfferRemarkFactory(text="Die Nummer stimmt nicht.", offer=published_offer(name="Nähstube"))
    done = OfferRemarkFactory(text="Der Kurs ist umgezogen.")
    voices.answer_remark(remark=done, by=paula)

    text = visible(paula_client.get(f"{SITE}/offerremark/"))
    assert "Die Nummer stimmt nicht." in text and "Nähstube" in text and "umgezogen" not in text
    assert "umgezogen" in visible(paula_client.get(f"{SITE}/offerremark/?stand=bearbeitet"))
    assert "umgezogen" in visible(paula_client.get(f"{SITE}/offerremark/?stand=alle"))
    assert "Nähstube" in visible(paula_client.get(f"{SITE}/offerremark/?q=Nummer"))


def test_a_remark_is_answered_in_its_form(paula_client, paula):
    remark = OfferRemarkFactory()
    url = f"{SITE}/offerremark/{remark.pk}/change/"
    assert remark.text in visible(paula_client.get(url))

    response = paula_client.post(url, {"answer": "Stimmt jetzt.", "text": "Anders", "done_by": "1"})

    remark.refresh_from_db()
    assert response.status_code == 302
    assert (remark.answer, remark.done_by) == ("Stimmt jetzt.", paula)
    assert remark.text == "Die Telefonnummer stimmt nicht mehr."
    again = paula_client.post(url, {"answer": "Noch einmal anders"}, follow=True)
    remark.refresh_from_db()
    assert "schon bearbeitet" in visible(again)
    assert remark.answer == "Stimmt jetzt."


def test_too_long_an_answer_is_said_beside_the_field(paula_client):
    remark = OfferRemarkFactory()

    response = paula_client.post(f"{SITE}/offerremark/{remark.pk}/change/", {"answer": "ä" * 601})

    remark.refresh_from_db()
    assert "600" in visible(response)
    assert remark.done_at is None


def test_remarks_are_done_from_the_list(paula_client, paula):
    one, two = OfferRemarkFactory.create_batch(2)
    OfferRemarkFactory()

    data = {"action": "mark_done", "_selected_action": [one.pk, two.pk]}
    response = paula_client.post(f"{SITE}/offerremark/", data, follow=True)

    assert "2 Hinweise sind bearbeitet." in visible(response)
    assert set(OfferRemark.objects.filter(done_by=paula)) == {one, two}


def test_remarks_are_neither_added_nor_deleted_here(paula_client):
    remark = OfferRemarkFactory()

    assert paula_client.get(f"{SITE}/offerremark/add/").status_code == 403
    assert paula_client.post(f"{SITE}/offerremark/{remark.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in paula_client.get(f"{SITE}/offerremark/").content.decode()


# --- demands on the site -----------------------------------------------------------------------------------


def test_demands_stand_by_half_year_and_alphabet_whenever_they_came(paula_client):
    for text, half_year in [
        ("Zirkus", "2026-1"),
        ("Öffnung am Abend", "2026-2"),
        ("Anfahrt", "2026-1"),
        ("Nähen", "2026-2"),
    ]:
        DemandNoteFactory(text=text, half_year=half_year)

    text = visible(paula_client.get(f"{SITE}/demandnote/"))

    places = [text.index(word) for word in ("Nähen 2.", "Öffnung am Abend 2.", "Anfahrt 1.", "Zirkus 1.")]
    assert places == sorted(places)
    narrowed = visible(paula_client.get(f"{SITE}/demandnote/?halbjahr=2026-1"))
    assert "Zirkus" in narrowed and "Nähen" not in narrowed


def test_a_demand_has_no_page_no_history_and_no_way_to_change(paula_client):
    note = DemandNoteFactory()

    for way in ("add/", f"{note.pk}/", f"{note.pk}/change/", f"{note.pk}/history/", f"{note.pk}/delete/"):
        assert paula_client.get(f"{SITE}/demandnote/{way}").status_code in (302, 404), way
        paula_client.post(f"{SITE}/demandnote/{way}", {"text": "Anders", "post": "yes"})
    assert DemandNote.objects.get().text == note.text


def test_sentences_lead_to_a_reply_in_which_they_are_ticked(paula_client, paula):
    one, two, other = [DemandNoteFactory(text=f"Satz {letter}") for letter in "abc"]

    data = {"action": "reply", "_selected_action": [one.pk, two.pk]}
    form = paula_client.post(f"{SITE}/demandnote/", data, follow=True)

    ticked = re.findall(r'value="([0-9a-f-]{36})"[^>]*checked', form.content.decode())
    assert set(ticked) == {str(one.pk), str(two.pk)}
    assert str(other.pk) in form.content.decode()
    said = {"need": "Deutsch am Abend", "text": "Gibt es.", "offer": "", "notes": ticked}
    response = paula_client.post(f"{SITE}/demandreply/add/", said, follow=True)
    reply = DemandReply.objects.get()
    assert response.status_code == 200
    assert (reply.need, reply.text, reply.offer, reply.by) == ("Deutsch am Abend", "Gibt es.", None, paula)
    assert set(DemandReplyNote.objects.values_list("note", flat=True)) == {one.pk, two.pk}
    assert "Satz c" in visible(paula_client.get(f"{SITE}/demandnote/?antwort=ohne"))
    assert "Satz a" not in visible(paula_client.get(f"{SITE}/demandnote/?antwort=ohne"))


@pytest.mark.parametrize("key", ["", "1", "x" * 40, "5ef4d638-dea6-4287-8ff0-b939356cb3be"])
def test_an_address_that_names_no_sentence_ticks_none(paula_client, key):
    response = paula_client.get(f"{SITE}/demandreply/add/?bedarf={key}&need=Untergeschoben")

    assert response.status_code == 200
    assert b"checked" not in response.content and b"Untergeschoben" not in response.content


def test_a_form_that_cannot_offer_every_sentence_offers_all_that_are_ticked(monkeypatch, paula_client):
    monkeypatch.setattr(admin_voices, "MOST_NOTES", 2)
    DemandNoteFactory.create_batch(4, half_year="2026-2")
    answered = DemandReplyNoteFactory(note__half_year="2020-1")

    page = paula_client.get(f"{SITE}/demandreply/{answered.reply_id}/change/").content.decode()

    assert re.findall(r'value="([0-9a-f-]{36})"[^>]*checked', page) == [str(answered.note_id)]
    assert len(re.findall(r'name="notes"', page)) == 3


# --- replies on the site -----------------------------------------------------------------------------------


def test_a_reply_is_reworded_in_its_form_and_seen_by_everyone(paula_client, kim_client):
    answered = DemandReplyNoteFactory()
    reply, offer = answered.reply, published_offer(name="Abendkurs")
    url = f"{SITE}/demandreply/{reply.pk}/change/"
    page = paula_client.get(url)
    assert "Abendkurs" in visible(page)
    assert re.search(rf'value="{answered.note_id}"[^>]*checked', page.content.decode())

    response = paula_client.post(url, {"need": "Neu gesagt", "text": "Gibt es.", "offer": offer.pk, "notes": []})

    reply.refresh_from_db()
    assert response.status_code == 302
    assert (reply.need, reply.offer, reply.notes.count()) == ("Neu gesagt", offer, 0)
    assert "Neu gesagt" in visible(kim_client.get("/angebote/bedarfe/"))
    assert answered.note.text not in visible(kim_client.get("/angebote/bedarfe/"))


@pytest.mark.parametrize("said", [{"need": " "}, {"text": " "}])
def test_a_blank_reply_comes_back_with_what_was_typed(paula_client, said):
    note = DemandNoteFactory()
    DemandReplyNoteFactory(note=note)  # answered by somebody else meanwhile
    typed = {"need": "Deutsch am Abend", "text": "Gibt es.", "offer": "", "notes": [note.pk]} | said

    response = paula_client.post(f"{SITE}/demandreply/add/", typed)

    assert "Dieses Feld ist" in visible(response)
    assert re.search(rf'value="{note.pk}"[^>]*checked', response.content.decode())
    assert DemandReply.objects.count() == 1


def test_a_reply_is_withdrawn_from_the_list_and_stays_readable(paula_client, paula, kim_client):
    reply = DemandReplyNoteFactory(reply__need="Deutsch am Abend").reply

    data = {"action": "withdraw", "_selected_action": [reply.pk]}
    response = paula_client.post(f"{SITE}/demandreply/", data, follow=True)

    reply.refresh_from_db()
    assert "ist zurückgezogen" in visible(response)
    assert reply.withdrawn_by == paula
    assert "Deutsch am Abend" not in visible(kim_client.get("/angebote/bedarfe/"))
    page = paula_client.get(f"{SITE}/demandreply/{reply.pk}/change/")
    assert "Deutsch am Abend" in visible(page) and b'name="need"' not in page.content
    late = paula_client.post(f"{SITE}/demandreply/{reply.pk}/change/", {"need": "Anders", "text": "A"}, follow=True)
    reply.refresh_from_db()
    assert "daran ändert sich nichts mehr" in visible(late)
    assert reply.need == "Deutsch am Abend"
    assert paula_client.post(f"{SITE}/demandreply/{reply.pk}/delete/", {"post": "yes"}).status_code == 403


# --- who, and what is left behind --------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["kim_client", "tom_client", "admin_client"])
@pytest.mark.parametrize("model", ["offerremark", "demandnote", "demandreply"])
def test_nobody_else_opens_the_lists(request, who, model):
    DemandNoteFactory(text="Ein Satz")
    OfferRemarkFactory(text="Ein Satz")

    response = request.getfixturevalue(who).get(f"{SITE}/{model}/", follow=True)

    assert response.status_code == 403
    assert b"Ein Satz" not in response.content


def test_nothing_of_it_is_written_into_a_log(paula_client, paula):
    note, remark = DemandNoteFactory(), OfferRemarkFactory()
    said = {"need": "Deutsch", "text": "Gibt es.", "offer": "", "notes": [note.pk]}
    paula_client.post(f"{SITE}/demandreply/add/", said)
    reply = DemandReply.objects.get()
    paula_client.post(f"{SITE}/demandreply/{reply.pk}/change/", said | {"text": "Gibt es nun."})
    paula_client.post(f"{SITE}/offerremark/{remark.pk}/change/", {"answer": "Ja."})

    assert not LogEntry.objects.exists()
    for where in (f"demandreply/{reply.pk}", f"offerremark/{remark.pk}"):
        assert paula_client.get(f"{SITE}/{where}/history/").status_code in (302, 404)
    reply.refresh_from_db()
    remark.refresh_from_db()
    assert (reply.text, remark.answer) == ("Gibt es nun.", "Ja.")


def test_pages_carry_no_inline_script_and_no_markup_of_others(paula_client):
    evil = "<script>alert(1)</script> \u202e{{ 7|add:7 }}"
    offer = published_offer(name=evil)
    remark = OfferRemarkFactory(text=evil, offer=offer)
    note = DemandNoteFactory(text=evil)
    reply = DemandReplyFactory(need=evil, text=evil, offer=offer)
    DemandReplyNoteFactory(reply=reply, note=note)
    withdrawn = DemandReplyFactory(need=evil, withdrawn_at=timezone.now(), withdrawn_by=reply.by)

    for where in (
        "offerremark/",
        f"offerremark/{remark.pk}/change/",
        "demandnote/",
        "demandreply/?stand=alle",
        "demandreply/add/",
        f"demandreply/{reply.pk}/change/",
        f"demandreply/{withdrawn.pk}/change/",
    ):
        page = paula_client.get(f"{SITE}/{where}")
        text = page.content.decode()

        assert page.status_code == 200, where
        assert "<script>" not in text and " onclick=" not in text and " style=" not in text, where
        assert "{{ 7|add:7 }}" in text or where == "demandreply/add/", where

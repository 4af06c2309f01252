import pytest

from casework.enums import AccessKind, GrantKind
from casework.models import Draft, FileNote, NoteAddendum
from tests.factories import (
    AccessGrantFactory,
    CaseClosureFactory,
    ContactFactory,
    ContactParticipantFactory,
    FileNoteFactory,
    ago,
)


def url(entry, rest):
    folder = "notizen" if isinstance(entry, FileNote) else "kontakte"
    return f"/faelle/{entry.case.number}/{folder}/{entry.pk}/{rest}/"


def test_an_addendum_stands_below_the_entry(kim, kim_client, contact):
    data = {"text": "Beginn erst am 7.", "reason": "Anruf des Betriebs"}
    response = kim_client.post(url(contact, "nachtrag"), data)

    addendum = NoteAddendum.objects.get(contact=contact)
    assert response["Location"] == f"/faelle/{contact.case.number}/kontakte/{contact.pk}/"
    assert (addendum.text, addendum.reason, addendum.by_id) == (*data.values(), kim.pk)


def test_an_addendum_without_reason_comes_back_with_its_text(kim_client, contact):
    response = kim_client.post(url(contact, "nachtrag"), {"text": "Beginn erst am 7.", "reason": " "})

    assert response.status_code == 422
    assert "Beginn erst am 7." in response.content.decode()
    assert not NoteAddendum.objects.exists()


def test_an_addendum_is_possible_on_an_ended_case(kim_client, contact):
    CaseClosureFactory(case=contact.case)

    assert kim_client.post(url(contact, "nachtrag"), {"text": "x", "reason": "y"}).status_code == 302


@pytest.mark.parametrize("ended", [False, True])
def test_a_note_needs_no_next_step(kim_client, case, ended):
    if ended:
        CaseClosureFactory(case=case)
    response = kim_client.post(f"/faelle/{case.number}/notizen/neu/", {"text": "Brief kam zurück."})

    assert response.status_code == 302
    assert FileNote.objects.get(case=case).text == "Brief kam zurück."


def test_the_author_takes_an_entry_out_the_same_day(kim, kim_client, contact):
    ContactParticipantFactory(contact=contact)
    page = kim_client.get(url(contact, "falsche-akte")).content.decode()
    assert "Das geschieht, wenn Sie den Eintrag zurücknehmen" in page

    response = kim_client.post(url(contact, "falsche-akte"), {"reason": "Zwei Akten waren offen"})

    draft = Draft.objects.get(author=kim)
    contact.refresh_from_db()
    assert response["Location"] == f"/entwuerfe/{draft.pk}/"
    assert draft.case is None
    assert (contact.text, contact.withdrawn_by_id) == ("", kim.pk)


def test_what_was_taken_out_leaves_file_and_print_and_a_marker_stays(kim_client, contact):
    ContactParticipantFactory(contact=contact)
    kim_client.post(url(contact, "falsche-akte"), {"reason": "Zwei Akten waren offen"})
    detail = kim_client.get(f"/faelle/{contact.case.number}/kontakte/{contact.pk}/").content.decode()
    printed = kim_client.get(f"/faelle/{contact.case.number}/drucken/").content.decode()

    for page in (detail, printed):
        assert "Zurückgenommen" in page
        assert "Praktikum" not in page
        assert "Frau Demir" not in page
    assert "Zwei Akten waren offen" in detail


def test_without_a_reason_nothing_is_taken_out(kim_client, contact):
    response = kim_client.post(url(contact, "falsche-akte"), {"reason": "  "})

    contact.refresh_from_db()
    assert response.status_code == 422
    assert contact.withdrawn_at is None


def test_later_the_page_names_the_lead_and_refuses(kim, kim_client, tom, case):
    old = ContactFactory(case=case, author=kim, at=ago(days=3), recorded_at=ago(days=3))
    page = kim_client.get(url(old, "falsche-akte")).content.decode()

    assert "Bitte sprechen Sie Tom Albers an" in page
    assert "<textarea" not in page and 'name="reason"' not in page
    assert kim_client.post(url(old, "falsche-akte"), {"reason": "x"}).status_code == 403


def test_later_the_lead_takes_it_out_and_the_author_has_the_text(kim, tom_client, case):
    old = ContactFactory(case=case, author=kim, at=ago(days=3), recorded_at=ago(days=3))
    tom_client.post(f"/faelle/{case.number}/lesen/", {"reason": "Falsche Akte"})
    response = tom_client.post(url(old, "falsche-akte"), {"reason": "Zwei Akten waren offen"})

    assert response["Location"] == f"/faelle/{case.number}/"
    assert Draft.objects.get().author_id == kim.pk


def test_taking_out_twice_is_refused(kim_client, contact):
    kim_client.post(url(contact, "falsche-akte"), {"reason": "x"})

    assert kim_client.post(url(contact, "falsche-akte"), {"reason": "x"}).status_code == 422


def test_a_note_is_taken_out_by_its_author(kim, kim_client, case):
    note = FileNoteFactory(case=case, by=kim)
    assert kim_client.get(url(note, "falsche-akte")).status_code == 200
    response = kim_client.post(url(note, "falsche-akte"), {"reason": "Andere Akte"})

    note.refresh_from_db()
    draft = Draft.objects.get(author=kim)
    assert response["Location"] == f"/entwuerfe/{draft.pk}/"
    assert "Schreiben der Krankenkasse" in kim_client.get(response["Location"]).content.decode()
    assert (note.text, note.withdrawn_reason) == ("", "Andere Akte")
    assert kim_client.post(url(note, "falsche-akte"), {"reason": "x"}).status_code == 409


def test_a_note_taken_out_by_the_lead_goes_back_to_its_author(kim, tom, tom_client, case):
    note = FileNoteFactory(case=case, by=kim)
    AccessGrantFactory(user=tom, case=case)
    response = tom_client.post(url(note, "falsche-akte"), {"reason": "Andere Akte"})

    assert response["Location"] == f"/faelle/{case.number}/"
    assert Draft.objects.get().author_id == kim.pk
    assert "als Entwurf bei Kim Sander" in tom_client.get(response["Location"]).content.decode()


@pytest.fixture
def at_counter(eva, case):
    """Eva may record for Kim's case today and has done so; she does not read the file."""
    AccessGrantFactory(user=eva, case=case, kind=GrantKind.RECORD)
    return ContactFactory(case=case, author=eva, text="Bringt den Bescheid vorbei.")


def test_who_entered_at_the_counter_takes_it_back_without_reading_the_file(eva, eva_client, contact, at_counter):
    page = eva_client.get(url(at_counter, "falsche-akte")).content.decode()
    assert "Bringt den Bescheid vorbei." in page
    assert "Praktikum" not in page
    assert f'href="/faelle/{at_counter.case.number}/"' not in page

    response = eva_client.post(url(at_counter, "falsche-akte"), {"reason": "Falsche Person"})

    at_counter.refresh_from_db()
    draft = Draft.objects.get(author=eva)
    assert at_counter.text == ""
    assert response["Location"] == f"/entwuerfe/{draft.pk}/"
    assert "Bringt den Bescheid vorbei." in eva_client.get(response["Location"]).content.decode()


def test_at_the_counter_nothing_of_anybody_else_is_shown_or_taken_back(eva_client, contact, at_counter):
    assert eva_client.get(url(contact, "falsche-akte")).status_code == 404
    assert eva_client.post(url(contact, "falsche-akte"), {"reason": "x"}).status_code == 404
    for rest in ("drucken", "nachtrag"):
        assert eva_client.get(url(at_counter, rest)).status_code == 404
    assert eva_client.get(f"/faelle/{contact.case.number}/kontakte/{at_counter.pk}/").status_code == 404


def test_an_entry_of_an_earlier_day_is_not_taken_back_at_the_counter(eva, eva_client, at_counter):
    old = ContactFactory(case=at_counter.case, author=eva, at=ago(days=3), recorded_at=ago(days=3), text="Alt")

    assert eva_client.get(url(old, "falsche-akte")).status_code == 404
    assert eva_client.post(url(old, "falsche-akte"), {"reason": "x"}).status_code == 404


def test_looking_at_ones_entry_from_the_counter_is_on_record(eva_client, at_counter, owner_events):
    eva_client.get(url(at_counter, "falsche-akte"))

    assert owner_events()[AccessKind.ENTRY_OPENED] == 1


def test_a_note_of_somebody_else_stays(eva, kim_client, case):
    note = FileNoteFactory(case=case, by=eva)

    assert kim_client.post(url(note, "falsche-akte"), {"reason": "x"}).status_code == 403


def test_a_note_of_another_case_is_not_found(kim_client, case):
    note = FileNoteFactory()

    assert kim_client.get(f"/faelle/{case.number}/notizen/{note.pk}/falsche-akte/").status_code == 404

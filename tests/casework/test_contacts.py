from casework.enums import AccessKind
from tests.factories import (
    AccessGrantFactory,
    ContactFactory,
    ContactParticipantFactory,
    FileNoteFactory,
    FollowUpChangeFactory,
    FollowUpFactory,
    NoteAddendumFactory,
    ago,
)


def url(contact, rest=""):
    return f"/faelle/{contact.case.number}/kontakte/{contact.pk}/{rest}"


def test_the_whole_entry_with_people_addenda_and_steps(kim_client, contact):
    ContactParticipantFactory(contact=contact)
    NoteAddendumFactory(contact=contact)
    page = kim_client.get(url(contact)).content.decode()

    assert "Über das Praktikum gesprochen." in page
    assert "Sprachmittlung: <bdi>Frau Demir</bdi>" in page
    assert "Das Praktikum beginnt eine Woche später." in page
    assert "Anruf des Betriebs" in page
    assert contact.follow_up.subject in page


def test_a_confirmed_step_is_called_so(kim_client, case, kim):
    standing = FollowUpFactory(case=case, subject="Rückblick auf die erste Woche")
    contact = ContactFactory(case=case, author=kim, follow_up=standing)

    assert "Es bleibt: " in kim_client.get(url(contact)).content.decode()


def test_opening_an_entry_and_printing_are_on_record(kim_client, contact, owner_events):
    kim_client.get(url(contact))
    kim_client.get(url(contact, "drucken/"))
    kim_client.get(f"/faelle/{contact.case.number}/drucken/")

    assert owner_events()[AccessKind.ENTRY_OPENED] == 1
    assert owner_events()[AccessKind.PRINTED] == 2


def test_paper_says_who_printed_it_and_carries_no_navigation(kim_client, contact):
    page = kim_client.get(url(contact, "drucken/")).content.decode()

    assert "Gedruckt von Kim Sander" in page
    assert "Hauptnavigation" not in page
    assert "Über das Praktikum gesprochen." in page


def test_the_whole_verlauf_on_paper_cuts_nothing(kim, kim_client, contact):
    long = "Wort " * 400 + "ENDE"
    ContactFactory(case=contact.case, author=kim, text=long)
    ContactFactory(case=contact.case, author=kim, missed=True)
    NoteAddendumFactory(contact=contact)
    FileNoteFactory(case=contact.case, text="Bescheid ist da.")
    FollowUpFactory(case=contact.case, done=True, outcome="Hat angerufen.")
    FollowUpChangeFactory(follow_up=contact.case.follow_ups.filter(ended_at=None).first())
    page = kim_client.get(f"/faelle/{contact.case.number}/drucken/").content.decode()

    for expected in (
        "ENDE",
        "Das Praktikum beginnt eine Woche später.",
        "Bescheid ist da.",
        "Hat angerufen.",
        "nicht erschienen",
        "Die Unterlagen fehlen noch.",
        "Fall eröffnet",
    ):
        assert expected in page


def test_the_whole_verlauf_does_not_query_per_entry(kim, kim_client, contact, count_queries):
    with count_queries() as few:
        kim_client.get(f"/faelle/{contact.case.number}/drucken/")
    for _ in range(5):
        NoteAddendumFactory(contact=ContactFactory(case=contact.case, author=kim))
    with count_queries() as many:
        kim_client.get(f"/faelle/{contact.case.number}/drucken/")

    assert many.count == few.count, many.explain()


def test_later_the_same_day_is_offered_for_a_missed_appointment_of_today(kim, kim_client, case):
    missed = ContactFactory(case=case, author=kim, missed=True)

    assert f"gespraech/?spaeter={missed.pk}" in kim_client.get(url(missed)).content.decode()


def test_a_missed_appointment_has_no_channel(kim, kim_client, case):
    missed = ContactFactory(case=case, author=kim, missed=True, channel=None)

    for rest in ("", "drucken/", "falsche-akte/"):
        assert "Termin fand nicht statt: nicht erschienen" in kim_client.get(url(missed, rest)).content.decode()


def test_who_reads_with_a_reason_is_offered_nothing_to_write(eva, eva_client, kim, case):
    missed = ContactFactory(case=case, author=kim, missed=True)
    AccessGrantFactory(user=eva, case=case)
    page = eva_client.get(url(missed)).content.decode()

    assert "Drucken" in page
    assert "Nachtrag" not in page
    assert "?spaeter=" not in page


def test_later_is_not_offered_for_talks_nor_for_yesterday(kim, kim_client, case, contact):
    yesterday = ContactFactory(case=case, author=kim, missed=True, at=ago(days=2), recorded_at=ago(days=2))

    assert "?spaeter=" not in kim_client.get(url(contact)).content.decode()
    assert "?spaeter=" not in kim_client.get(url(yesterday)).content.decode()


def test_both_entries_of_a_late_arrival_name_each_other(kim, kim_client, case):
    missed = ContactFactory(case=case, author=kim, missed=True)
    talk = ContactFactory(case=case, author=kim, replaces=missed)

    assert url(talk) in kim_client.get(url(missed)).content.decode()
    assert url(missed) in kim_client.get(url(talk)).content.decode()
    assert "?spaeter=" not in kim_client.get(url(missed)).content.decode()

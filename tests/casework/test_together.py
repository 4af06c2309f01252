"""One submit for several cases: all of them or none, and no word about one in the file of another."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.actions import (
    AlreadySubmitted,
    CaseClosed,
    NewStep,
    NotAllowed,
    Refused,
    RuleBroken,
    StaleVersion,
    StandingStep,
    TogetherRow,
    conclude_together,
)
from casework.enums import ContactKind, DraftForm, FollowUpKind, MissedHow
from casework.models import Case, Contact, ContactChannel, ContactParticipant, Draft, FollowUp, User
from tests.factories import CaseFactory, FollowUpFactory, ahead, at_ten

pytestmark = pytest.mark.django_db
SURNAMES = ("Arslan", "Bergmann", "Cetinkaya", "Dormann")


@pytest.fixture
def cases(kim: User) -> list[Case]:
    return [CaseFactory(counsellor=kim, client__family_name=name, client__given_name="Robin") for name in SURNAMES]


def next_date(**changed: Any) -> NewStep:
    day = ahead(7)
    values = {"kind": FollowUpKind.APPOINTMENT, "due_on": day, "subject": "Nächster Termin", "starts_at": at_ten(day)}
    return NewStep(**values | changed)


def row(case: Case, **changed: Any) -> TogetherRow:
    return TogetherRow(**{"case": case, "next_step": next_date()} | changed)


def conclude(rows: list[TogetherRow], by: User, **changed: Any) -> list[Contact]:
    values = {
        "at": timezone.now() - dt.timedelta(minutes=5),
        "channel": ContactChannel.objects.get(code="group"),
        "text": "Wir haben Anschreiben gelesen.",
        "key": uuid.uuid4(),
    }
    return conclude_together(rows=rows, by=by, **values | changed)


def statements(count: int, by: User) -> list[str]:
    cases = [CaseFactory(counsellor=by) for _ in range(count)]
    rows = [row(case, done=((case.follow_ups.get().pk, 1),), text=f"Wort {n}") for n, case in enumerate(cases)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        conclude(rows, by)
    return [query["sql"].split()[0] for query in queries]


def test_every_file_gets_its_contact_its_words_and_its_next_step(cases, kim):
    rows = [row(case, text="Bringt ein Zeugnis mit." if case == cases[1] else "") for case in cases]

    made = conclude(rows, kim)

    assert [contact.case_id for contact in made] == [case.pk for case in cases]
    texts = {c.case_id: c.text for c in Contact.objects.all()}
    assert texts.pop(cases[1].pk) == "Wir haben Anschreiben gelesen.\n\nBringt ein Zeugnis mit."
    assert set(texts.values()) == {"Wir haben Anschreiben gelesen."}
    for contact in Contact.objects.all():
        assert contact.follow_up.case_id == contact.case_id
        assert contact.follow_up.contact_id == contact.pk
    assert ContactParticipant.objects.count() == 4


def test_sixteen_cost_no_more_statements_than_two(kim):
    assert statements(16, kim) == statements(2, kim)


def test_steps_end_by_the_contact_of_their_own_case(cases, kim):
    steps = [FollowUpFactory(case=case, appointment=True) for case in cases]

    conclude([row(step.case, done=((step.pk, step.version),)) for step in steps], kim)

    for step in steps:
        contact = Contact.objects.get(case=step.case)
        step.refresh_from_db()
        assert (step.ended_by_contact_id, step.version) == (contact.pk, 2)
        assert contact.appointment_id == step.pk


def test_who_was_not_there_has_a_contact_without_the_common_text(cases, kim):
    rows = [row(cases[0]), row(cases[1], kind=ContactKind.MISSED, missed_how=MissedHow.NO_SHOW, text="Ruft morgen an.")]

    conclude(rows, kim)

    missed = Contact.objects.get(case=cases[1])
    assert (missed.kind, missed.missed_how, missed.text) == ("missed", "no_show", "Ruft morgen an.")
    assert not ContactParticipant.objects.filter(contact=missed).exists()


def test_a_step_that_stands_may_be_the_next_one(cases, kim):
    step = cases[0].follow_ups.get()

    (contact,) = conclude([row(cases[0], next_step=StandingStep(step.pk))], kim)

    assert contact.follow_up_id == step.pk


def test_the_same_submit_twice_is_one(cases, kim):
    key, at = uuid.uuid4(), timezone.now()
    rows = [row(case) for case in cases]
    first = conclude(rows, kim, key=key, at=at)

    again = conclude(list(reversed(rows)), kim, key=key, at=at)

    assert [c.pk for c in again] == [c.pk for c in first]
    assert Contact.objects.count() == 4


@pytest.mark.parametrize("change", ["text", "row", "fewer", "somebody else"])
def test_another_content_under_the_same_key_is_refused(cases, kim, eva, change):
    key, at = uuid.uuid4(), timezone.now()
    rows = [row(case) for case in cases]
    conclude(rows, kim, key=key, at=at)
    other: dict[str, Any] = {"key": key, "at": at}
    if change == "text":
        other["text"] = "Etwas anderes."
    elif change == "row":
        rows[2] = row(cases[2], text="Noch etwas.")
    elif change == "fewer":
        rows = rows[:3]
    else:
        for case in cases:
            case.participations.create(counsellor=eva.counsellor, during=(timezone.now(), None), by=kim)

    with pytest.raises(AlreadySubmitted):
        conclude(rows, eva if change == "somebody else" else kim, **other)

    assert Contact.objects.count() == 4


BROKEN = {
    "no subject": (lambda case: {"next_step": next_date(subject=" ")}, RuleBroken, "next_subject"),
    "past day": (lambda case: {"next_step": next_date(due_on=dt.date(2020, 1, 2))}, RuleBroken, "next_date"),
    "a step of nobody": (lambda case: {"next_step": StandingStep(1)}, RuleBroken, "next"),
    "an ended step": (lambda case: {"done": ((case.follow_ups.get().pk, 7),)}, StaleVersion, "step_"),
    "missed, but how": (lambda case: {"kind": ContactKind.MISSED}, RuleBroken, "there"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_one_broken_row_and_nothing_is_written(cases, kim, what):
    columns, refusal, field = BROKEN[what]
    rows = [row(case) for case in cases]
    rows[2] = row(cases[2], **columns(cases[2]))

    with pytest.raises(refusal) as caught:
        conclude(rows, kim)

    assert caught.value.field.startswith(f"row{cases[2].number}_{field}")
    assert Contact.objects.count() == 0
    assert FollowUp.objects.count() == 4


def test_a_case_that_ended_meanwhile_names_its_row(cases, kim):
    from casework.actions import end_case
    from casework.enums import ClosingReason

    end_case(case=cases[3], reason=ClosingReason.MOVED, by=kim)

    with pytest.raises(CaseClosed) as caught:
        conclude([row(case) for case in cases], kim)

    assert caught.value.field == f"row{cases[3].number}"


def test_nobody_writes_into_a_foreign_file(cases, kim, eva):
    with pytest.raises(NotAllowed) as caught:
        conclude([row(cases[0]), row(CaseFactory(counsellor=eva))], kim)

    assert caught.value.field.startswith("rowF-")
    assert Contact.objects.count() == 0


@pytest.mark.parametrize("text", ["Frau Çetinkaya fehlte.", "mit CETINKAYA telefoniert", "Robin war da."])
def test_the_common_text_names_nobody(cases, kim, text):
    with pytest.raises(RuleBroken, match="nennt den Namen von Robin") as caught:
        conclude([row(case) for case in cases], kim, text=text)

    assert caught.value.field == "text"
    assert Contact.objects.count() == 0


def test_a_name_inside_another_word_is_no_name(cases, kim):
    conclude([row(case) for case in cases], kim, text="Der Robinienweg und das Arslanische.")

    assert Contact.objects.count() == 4


def test_a_name_of_two_letters_is_a_word(kim):
    conclude([row(CaseFactory(counsellor=kim, client__family_name="An"))], kim, text="Wir fangen an.")

    assert Contact.objects.count() == 1


def test_a_talk_needs_words_for_everybody(cases, kim):
    with pytest.raises(RuleBroken) as caught:
        conclude([row(cases[0], text="Nur hier."), row(cases[1])], kim, text="  ")

    assert caught.value.field == f"row{cases[1].number}_text"


def test_one_case_twice_and_too_many_are_refused(cases, kim):
    for rows in ([row(cases[0]), row(cases[0])], []):
        with pytest.raises(Refused):
            conclude(rows, kim)


def test_another_draft_in_one_of_the_files_stays(cases, kim):
    key = uuid.uuid4()
    columns = {"author": kim, "form": DraftForm.CONVERSATION, "payload": {}}
    other = Draft.objects.create(case=cases[0], key=uuid.uuid4(), **columns)
    Draft.objects.create(case=cases[1], key=key, **columns)

    conclude([row(case) for case in cases], kim, key=key)

    assert list(Draft.objects.all()) == [other]

"""A contact has a next step or ends the case, and once concluded it stays as it is (design.md 4)."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from casework.enums import ContactKind, MissedHow, ParticipantRole
from casework.models import Contact, ContactParticipant, FileNote, FollowUp, NoteAddendum
from tests import factories
from tests.rules import accepted, refused, sql

pytestmark = pytest.mark.django_db

INSERT = """
INSERT INTO casework_contact (case_id, kind, channel_id, at, author_id, text, submission_key, submission_digest,
                              follow_up_id, closure_id)
VALUES (%s, 'talk', %s, now() - interval '1 hour', %s, 'Text', gen_random_uuid(), '', %s, %s)
"""


def insert_contact(case, follow_up_id=None, closure_id=None):
    return sql(INSERT, [case.pk, factories.channel().pk, case.opened_by_id, follow_up_id, closure_id])


@pytest.fixture
def case(kim):
    return factories.CaseFactory(counsellor=kim)


@pytest.fixture
def contact(case):
    return factories.ContactFactory(case=case)


@pytest.fixture
def withdrawn(contact):
    withdraw(contact)
    return contact


def withdraw(contact):
    Contact.objects.filter(pk=contact.pk).update(
        text="", withdrawn_at=timezone.now(), withdrawn_by=contact.author, withdrawn_reason="Falsche Akte"
    )


# --- the next step -----------------------------------------------------------------------------------------


def test_a_contact_without_next_step_is_refused(case):
    with refused("contact_has_next_step_or_ends_case"):
        insert_contact(case)


def test_a_contact_without_next_step_is_refused_in_bulk(case):
    contact = factories.ContactFactory.build(
        id=None, case=case, author=case.opened_by, channel=factories.channel(), follow_up=None
    )

    with refused("contact_has_next_step_or_ends_case"):
        Contact.objects.bulk_create([contact])


def test_a_contact_with_a_next_step_and_the_end_of_the_case_is_refused(case):
    with refused("contact_has_next_step_or_ends_case"):
        closure = factories.CaseClosureFactory(case=case)
        insert_contact(case, case.follow_ups.get().pk, closure.pk)


def test_a_contact_with_its_next_step_is_accepted_whichever_comes_first(case):
    with accepted():
        insert_contact(case, case.follow_ups.get().pk)
        factories.ContactFactory(case=case)


def test_a_contact_may_not_name_a_step_of_another_case(case):
    foreign = factories.CaseFactory().follow_ups.get()

    with refused("contact_follow_up_of_same_case"):
        insert_contact(case, foreign.pk)


def test_a_contact_may_not_name_a_step_that_does_not_exist(case):
    with refused("contact_follow_up_of_same_case"):
        insert_contact(case, 999_999_999)


def test_a_contact_may_not_name_a_step_that_has_ended(case):
    ended = factories.FollowUpFactory(case=case, done=True)

    with refused("next_step_of_contact_is_ahead"):
        insert_contact(case, ended.pk)


def test_a_contact_may_not_name_the_step_that_it_ends(case):
    step = factories.FollowUpFactory(case=case)

    with refused("follow_up_ends_now"):
        contact = factories.ContactFactory(case=case, follow_up=step)
        FollowUp.objects.filter(pk=step.pk).update(
            ended_at=timezone.now(), ended_by=contact.author, ended_by_contact=contact, version=2
        )


def test_a_contact_may_not_name_a_step_that_it_has_ended_before_its_own_insert(case):
    step = factories.FollowUpFactory(case=case)
    contact_id = factories.reserve_id(Contact)

    with refused("next_step_of_contact_is_ahead"):
        FollowUp.objects.filter(pk=step.pk).update(
            ended_at=timezone.now(), ended_by=case.opened_by, ended_by_contact_id=contact_id, version=2
        )
        early = {"at": factories.ago(hours=2), "recorded_at": factories.ago(hours=1)}
        factories.ContactFactory(id=contact_id, case=case, follow_up=step, **early)


def test_the_next_step_of_a_contact_may_not_be_dated_back_to_before_it(contact):
    with refused("follow_up_ends_now"):
        FollowUp.objects.filter(pk=contact.follow_up_id).update(
            ended_at=contact.recorded_at - dt.timedelta(seconds=1),
            ended_by=contact.author,
            successor=contact.case.follow_ups.exclude(pk=contact.follow_up_id).get(),
            version=2,
        )


def test_a_step_that_ended_in_the_future_cannot_be_brought_in(case):
    with refused("follow_up_ends_now"):
        factories.FollowUpFactory(case=case, done=True, ended_at=timezone.now() + dt.timedelta(days=3650))


def test_a_contact_may_not_claim_the_end_of_a_case_that_ended_long_ago(case):
    case = factories.CaseFactory()
    closure = factories.CaseClosureFactory(case=case, at=timezone.now() - dt.timedelta(days=3))

    with refused("closed_case_has_no_next_step"):
        insert_contact(case, closure_id=closure.pk)


def test_a_contact_may_not_claim_the_end_of_another_case(case):
    closure = factories.ClosedCaseFactory().closure

    with refused("contact_closure_of_same_case"):
        insert_contact(case, closure_id=closure.pk)


def test_a_contact_that_ends_the_case_is_accepted(case):
    with accepted():
        closure = factories.CaseClosureFactory(case=case)
        insert_contact(case, closure_id=closure.pk)


def test_one_contact_ends_a_case_and_no_second(case):
    closure = factories.CaseClosureFactory(case=case)
    insert_contact(case, closure_id=closure.pk)

    with refused("one_contact_ends_a_case"):
        insert_contact(case, closure_id=closure.pk)


def test_a_contact_on_a_closed_case_may_not_name_an_ended_step():
    case = factories.ClosedCaseFactory()

    with refused("next_step_of_contact_is_ahead"):
        insert_contact(case, case.follow_ups.get().pk)


def test_a_contact_on_a_closed_case_may_not_bring_a_new_step():
    case = factories.ClosedCaseFactory()

    with refused("closed_case_has_no_next_step"):
        factories.ContactFactory(case=case)


def test_the_appointment_of_a_contact_is_of_the_same_case(case):
    foreign = factories.FollowUpFactory(appointment=True)

    with refused("contact_appointment_of_same_case"):
        factories.ContactFactory(case=case, appointment=foreign)


# --- what a contact holds ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\u00a0\u2003"])
def test_a_talk_without_a_text_is_refused(case, text):
    with refused("contact_text_not_blank"):
        factories.ContactFactory(case=case, text=text)


def test_a_missed_appointment_needs_no_text(case):
    with accepted():
        factories.ContactFactory(case=case, missed=True)


def test_a_missed_appointment_says_how_and_a_talk_does_not(case):
    with refused("missed_how_if_and_only_if_missed"):
        factories.ContactFactory(case=case, kind=ContactKind.MISSED, missed_how=None)
    with refused("missed_how_if_and_only_if_missed"):
        factories.ContactFactory(case=case, missed_how=MissedHow.NO_SHOW)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [("kind", "mail", "contact_kind_known"), ("missed_how", "ill", "missed_how_known")],
)
def test_closed_lists_are_closed_in_the_database(case, field, value, rule):
    with refused(rule):
        factories.ContactFactory(case=case, missed=True, **{field: value})


def test_a_contact_in_the_future_is_refused(case):
    with refused("contact_not_in_the_future"):
        factories.ContactFactory(case=case, at=timezone.now() + dt.timedelta(hours=1))


def test_a_contact_recorded_in_the_future_is_refused(case):
    later = timezone.now() + dt.timedelta(hours=1)

    with refused("contact_not_in_the_future"):
        factories.ContactFactory(case=case, at=later, recorded_at=later, follow_up=case.follow_ups.get())


def test_one_submit_makes_one_contact_in_a_case(case):
    key = uuid.uuid4()
    factories.ContactFactory(case=case, submission_key=key)

    with refused("one_contact_per_submission"):
        factories.ContactFactory(case=case, submission_key=key, text="Ein anderer Text")


def test_one_submit_may_make_a_contact_in_each_of_several_cases(case):
    key = uuid.uuid4()

    with accepted():
        factories.ContactFactory(case=case, submission_key=key)
        factories.ContactFactory(submission_key=key)


def test_later_the_same_day_replaces_a_missed_appointment_once(case):
    missed = factories.ContactFactory(case=case, missed=True, at=timezone.now(), recorded_at=timezone.now())
    now = timezone.now()

    with accepted():
        factories.ContactFactory(case=case, replaces=missed, at=now, recorded_at=now)
    with refused("missed_contact_replaced_once"):
        factories.ContactFactory(case=case, replaces=missed, at=now, recorded_at=now)


@pytest.mark.parametrize("when", ["another day", "a talk", "another case"])
def test_nothing_else_is_replaced(case, when):
    now = timezone.now()
    past = now - dt.timedelta(days=3)
    earlier = {
        "another day": {"case": case, "missed": True, "at": past, "recorded_at": past},
        "a talk": {"case": case, "at": now, "recorded_at": now},
        "another case": {"missed": True, "at": now, "recorded_at": now},
    }[when]
    replaced = factories.ContactFactory(**earlier)

    with refused("only_missed_contact_of_same_day_is_replaced"):
        factories.ContactFactory(case=case, replaces=replaced, at=now, recorded_at=now)


# --- nothing changes afterwards ----------------------------------------------------------------------------


def test_a_concluded_text_is_never_changed(contact):
    with refused("record_is_final"):
        sql("UPDATE casework_contact SET text = 'anders' WHERE id = %s", [contact.pk])
    with refused("record_is_final"):
        Contact.objects.filter(case=contact.case).update(text="anders")
    with refused("record_is_final"):
        contact.text = "anders"
        contact.save(update_fields=["text"])


def test_a_withdrawal_takes_the_text_and_is_final(contact):
    with refused("withdrawn_contact_holds_no_text"):
        sql(
            "UPDATE casework_contact SET withdrawn_at = now(), withdrawn_by_id = author_id, withdrawn_reason = 'x'"
            " WHERE id = %s",
            [contact.pk],
        )
    withdraw(contact)
    with refused("record_is_final"):
        sql("UPDATE casework_contact SET withdrawn_reason = 'anders' WHERE id = %s", [contact.pk])
    with refused("record_is_final"):
        sql(
            "UPDATE casework_contact SET withdrawn_at = NULL, withdrawn_by_id = NULL, withdrawn_reason = NULL,"
            " text = 'wieder da' WHERE id = %s",
            [contact.pk],
        )


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_a_withdrawal_has_a_reason(contact, reason):
    with refused("contact_withdrawal_complete" if reason is None else "contact_withdrawal_reason_not_blank"):
        Contact.objects.filter(pk=contact.pk).update(
            text="", withdrawn_at=timezone.now(), withdrawn_by=contact.author, withdrawn_reason=reason
        )


def test_participants_of_a_contact_are_of_its_case_and_stay(contact):
    participant = factories.ContactParticipantFactory(contact=contact)

    with refused("contactparticipant_contact_of_same_case"):
        factories.ContactParticipantFactory(contact=contact, case=factories.CaseFactory())
    with refused("record_is_final"):
        ContactParticipant.objects.filter(pk=participant.pk).update(name="jemand anderes")
    with refused("participant_role_known"):
        factories.ContactParticipantFactory(contact=contact, role="boss")


def test_texts_around_a_withdrawn_contact_go_blank_and_nothing_else(contact):
    participant = factories.ContactParticipantFactory(contact=contact, role=ParticipantRole.INTERPRETER)
    addendum = factories.NoteAddendumFactory(contact=contact)
    withdraw(contact)

    with refused("record_is_final"):
        NoteAddendum.objects.filter(pk=addendum.pk).update(text="anders", reason="")
    with accepted():
        ContactParticipant.objects.filter(pk=participant.pk).update(name="")
        NoteAddendum.objects.filter(pk=addendum.pk).update(text="", reason="")


def test_nothing_is_added_to_a_withdrawn_contact(withdrawn):
    with refused("record_is_final"):
        factories.ContactParticipantFactory(contact=withdrawn)
    with refused("withdrawn_contact_takes_no_addendum"):
        factories.NoteAddendumFactory(contact=withdrawn)


def test_an_addendum_has_a_text_and_a_reason_and_stays(contact):
    addendum = factories.NoteAddendumFactory(contact=contact)

    with refused("addendum_has_text_and_reason"):
        factories.NoteAddendumFactory(contact=contact, text=" ")
    with refused("addendum_has_text_and_reason"):
        factories.NoteAddendumFactory(contact=contact, reason="\n")
    with refused("noteaddendum_contact_of_same_case"):
        factories.NoteAddendumFactory(contact=contact, case=factories.CaseFactory())
    with refused("record_is_final"):
        NoteAddendum.objects.filter(pk=addendum.pk).update(text="anders")


def test_a_file_note_needs_a_text_and_no_next_step_and_stays(case):
    note = factories.FileNoteFactory(case=case)

    with refused("file_note_not_blank"):
        factories.FileNoteFactory(case=case, text=" ")
    with refused("record_is_final"):
        FileNote.objects.filter(pk=note.pk).update(text="anders")
    for rule, fields in (
        ("file_note_withdrawal_complete", {"text": "", "withdrawn_at": timezone.now()}),
        (
            "withdrawn_file_note_holds_no_text",
            {"withdrawn_at": timezone.now(), "withdrawn_by": note.by, "withdrawn_reason": "Falsche Akte"},
        ),
    ):
        with refused(rule):
            FileNote.objects.filter(pk=note.pk).update(**fields)
    with refused("file_note_withdrawal_reason_not_blank"):
        FileNote.objects.filter(pk=note.pk).update(
            text="", withdrawn_at=timezone.now(), withdrawn_by=note.by, withdrawn_reason=" "
        )
    with accepted():
        factories.FileNoteFactory(case=factories.ClosedCaseFactory())


def test_a_contact_does_not_lie_before_its_case(case):
    early = case.opened_at - dt.timedelta(days=2)
    with refused("contact_not_before_its_case"):
        factories.ContactFactory(case=case, at=early)


def test_a_talk_has_a_channel_and_a_missed_appointment_needs_none(case):
    with refused("talk_has_a_channel"):
        factories.ContactFactory(case=case, channel=None)
    with accepted():
        factories.ContactFactory(case=case, missed=True, channel=None)

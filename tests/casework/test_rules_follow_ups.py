"""A next step is real: on a day that exists, ended in exactly one way, unchanged after its end, never deleted."""

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from casework.enums import FollowUpKind
from casework.models import FollowUp, FollowUpChange
from tests import factories
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.django_db

END = """
UPDATE casework_followup SET ended_at = clock_timestamp(), ended_by_id = created_by_id, version = version + 1,
       successor_id = %s WHERE id = %s
"""


@pytest.fixture
def case(kim):
    return factories.CaseFactory(counsellor=kim)


@pytest.fixture
def step(case):
    return case.follow_ups.get()


@pytest.fixture
def done(case):
    return factories.FollowUpFactory(case=case, done=True)


def next_weekday(isoweekday):
    """The coming Saturday, Sunday …, at least two days ahead, so that no midnight comes between."""
    day = timezone.localdate() + dt.timedelta(days=2)
    while day.isoweekday() != isoweekday:
        day += dt.timedelta(days=1)
    return day


# --- day and time ------------------------------------------------------------------------------------------


def test_a_new_step_in_the_past_is_refused(case):
    with refused("follow_up_not_in_the_past"):
        factories.FollowUpFactory(case=case, created_at=timezone.now(), due_on=factories.back(3))
    with refused("follow_up_not_in_the_past"):
        sql(
            "INSERT INTO casework_followup (case_id, kind, due_on, place, subject, version, created_by_id, outcome)"
            " VALUES (%s, 'reminder', %s, '', 'Anruf', 1, %s, '')",
            [case.pk, factories.back(3), case.opened_by_id],
        )


def test_a_step_may_not_be_moved_into_the_past(step):
    with refused("follow_up_not_in_the_past"):
        FollowUp.objects.filter(pk=step.pk).update(due_on=factories.back(3), version=F("version") + 1)


def test_an_overdue_step_may_be_changed_without_being_moved(case):
    overdue = factories.FollowUpFactory(case=case, overdue=True)

    with accepted():
        FollowUp.objects.filter(pk=overdue.pk).update(subject="Anrufen", version=2)


def test_nothing_lies_on_a_sunday(case):
    sunday = next_weekday(7)

    with refused("follow_up_on_a_working_weekday"):
        factories.FollowUpFactory(case=case, due_on=sunday)
    with refused("follow_up_on_a_working_weekday"):
        factories.FollowUpFactory(case=case, due_on=sunday, appointment=True)


def test_an_appointment_may_lie_on_a_saturday_and_a_reminder_may_not(case):
    saturday = next_weekday(6)

    with accepted():
        factories.FollowUpFactory(case=case, due_on=saturday, appointment=True)
    with refused("follow_up_on_a_working_weekday"):
        factories.FollowUpFactory(case=case, due_on=saturday)


@pytest.mark.parametrize("day", ["infinity", "-infinity"])
def test_a_step_lies_on_a_day_that_comes(step, day):
    with refused("follow_up_day_is_finite" if day == "infinity" else "follow_up_not_in_the_past"):
        sql("UPDATE casework_followup SET due_on = %s::date, version = 2 WHERE id = %s", [day, step.pk])


def test_an_appointment_has_a_time_on_its_day_and_a_reminder_has_none(case):
    with refused("follow_up_time_if_and_only_if_appointment"):
        factories.FollowUpFactory(case=case, kind=FollowUpKind.APPOINTMENT)
    with refused("follow_up_time_if_and_only_if_appointment"):
        factories.FollowUpFactory(case=case, starts_at=factories.at_ten(factories.ahead()))
    with refused("follow_up_time_on_its_day"):
        factories.FollowUpFactory(
            case=case, appointment=True, starts_at=factories.at_ten(factories.ahead() + dt.timedelta(days=1))
        )


def test_the_time_of_an_appointment_moves_with_its_day(case):
    appointment = factories.FollowUpFactory(case=case, appointment=True)

    with refused("follow_up_time_on_its_day"):
        FollowUp.objects.filter(pk=appointment.pk).update(due_on=factories.ahead(14), version=2)


def test_late_evening_in_goettingen_is_still_that_day(case):
    day = factories.ahead()
    late = timezone.make_aware(dt.datetime.combine(day, dt.time(23, 30)))

    with accepted():
        factories.FollowUpFactory(case=case, appointment=True, due_on=day, starts_at=late)


@pytest.mark.parametrize("subject", ["", "  ", "\n"])
def test_a_step_says_what_it_is_about(case, subject):
    with refused("follow_up_subject_not_blank"):
        factories.FollowUpFactory(case=case, subject=subject)


def test_a_step_is_a_reminder_or_an_appointment(case):
    with refused("follow_up_kind_known"):
        factories.FollowUpFactory(case=case, kind="idea")


# --- how it ends -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["nothing", "contact and successor", "successor and closure", "no person"])
def test_a_step_ends_in_exactly_one_way_and_by_somebody(case, step, how):
    successor = factories.FollowUpFactory(case=case)
    contact = factories.ContactFactory(case=case, follow_up=successor)
    ends = {
        "nothing": {},
        "contact and successor": {"ended_by_contact": contact, "successor": successor},
        "successor and closure": {"successor": successor, "closure_id": 1},
        "no person": {"successor": successor, "ended_by": None},
    }[how]
    rule = "follow_up_end_paired" if how == "no person" else "follow_up_ends_in_exactly_one_way"

    with refused(rule):
        FollowUp.objects.filter(pk=step.pk).update(
            **{"ended_at": timezone.now(), "ended_by": case.opened_by, "version": 2} | ends
        )


def test_a_step_that_runs_names_no_end(step):
    with refused("follow_up_ends_in_exactly_one_way"):
        FollowUp.objects.filter(pk=step.pk).update(successor=factories.FollowUpFactory(case=step.case), version=2)


def test_a_successor_of_the_same_case_is_accepted(case, step):
    other = factories.FollowUpFactory(case=case)

    with accepted():
        assert sql(END, [other.pk, step.pk]) == 1


def test_a_successor_of_another_case_is_refused(step):
    factories.FollowUpFactory(case=step.case)

    with refused("followup_successor_of_same_case"):
        sql(END, [factories.CaseFactory().follow_ups.get().pk, step.pk])


def test_a_step_is_not_its_own_successor(case, step):
    factories.FollowUpFactory(case=case)

    with refused("follow_up_not_its_own_successor"):
        sql(END, [step.pk, step.pk])


def test_a_successor_that_has_ended_is_refused(step, done):
    with refused("successor_is_ahead"):
        sql(END, [done.pk, step.pk])


def test_two_steps_do_not_succeed_each_other(case, step):
    other = factories.FollowUpFactory(case=case)
    factories.FollowUpFactory(case=case)

    with refused("successor_is_ahead"):
        sql(END, [other.pk, step.pk])
        sql(END, [step.pk, other.pk])


def test_a_step_ends_by_a_contact_and_a_closure_of_its_own_case(step):
    ended = {"ended_at": timezone.now(), "ended_by": step.created_by, "version": 2}
    factories.FollowUpFactory(case=step.case)

    with refused("followup_ended_by_contact_of_same_case"):
        FollowUp.objects.filter(pk=step.pk).update(ended_by_contact=factories.ContactFactory(), **ended)
    with refused("followup_closure_of_same_case"):
        FollowUp.objects.filter(pk=step.pk).update(closure=factories.ClosedCaseFactory().closure, **ended)


def test_a_step_comes_from_a_contact_of_its_own_case(case):
    with refused("followup_contact_of_same_case"):
        factories.FollowUpFactory(case=case, contact=factories.ContactFactory())


@pytest.mark.parametrize("moment", ["2099-01-01", "infinity", "2020-01-01"])
def test_a_step_ends_now(case, step, moment):
    other = factories.FollowUpFactory(case=case)

    with refused("follow_up_ends_now"):
        sql(
            "UPDATE casework_followup SET ended_at = %s::timestamptz, ended_by_id = created_by_id, version = 2,"
            " successor_id = %s WHERE id = %s",
            [moment, other.pk, step.pk],
        )


def test_a_step_of_the_past_ended_after_it_was_set(case):
    with refused("follow_up_ends_after_it_began"):
        factories.FollowUpFactory(case=case, done=True, ended_at=timezone.now() - dt.timedelta(days=2))


# --- after its end -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "anders"},
        {"due_on": dt.date(2099, 1, 5)},
        {"outcome": "anders"},
        {"ended_at": None, "ended_by": None, "successor": None},
        {"ended_at": dt.datetime(2026, 1, 5, tzinfo=dt.UTC)},
        {"place": "anderswo"},
    ],
    ids=lambda change: "+".join(change),
)
def test_an_ended_step_is_final(done, change):
    with refused("ended_follow_up_is_final"):
        FollowUp.objects.filter(pk=done.pk).update(version=F("version") + 1, **change)
    with refused("ended_follow_up_is_final"):
        for name, value in change.items():
            setattr(done, name, value)
        done.version += 1
        done.save(update_fields=[*change, "version"])


def test_the_end_of_a_step_has_no_second_cause(case, done):
    other = factories.FollowUpFactory(case=case)

    with refused("ended_follow_up_is_final"):
        sql(END, [other.pk, done.pk])


def test_after_a_withdrawal_an_ended_step_loses_its_wording_and_gets_no_other(case):
    step = factories.FollowUpFactory(case=case)
    contact = factories.ContactFactory(case=case)
    FollowUp.objects.filter(pk=step.pk).update(
        ended_at=timezone.now(), ended_by=case.opened_by, ended_by_contact=contact, version=2, outcome="Text"
    )
    type(contact).objects.filter(pk=contact.pk).update(
        text="", withdrawn_at=timezone.now(), withdrawn_by=contact.author, withdrawn_reason="Falsche Akte"
    )

    with refused("ended_follow_up_is_final"):
        FollowUp.objects.filter(pk=step.pk).update(subject="frei erfunden", version=3)
    with refused("ended_follow_up_is_final"):
        FollowUp.objects.filter(pk=step.pk).update(due_on=factories.ahead(30), version=3)
    with accepted():
        FollowUp.objects.filter(pk=step.pk).update(outcome="", version=3)


# --- versions, origin, history -----------------------------------------------------------------------------


@pytest.mark.parametrize("version", [1, 0, 3, 99])
def test_each_change_counts_the_version_up_by_one(step, version):
    with refused("follow_up_version_counts"):
        FollowUp.objects.filter(pk=step.pk).update(subject="anders", version=version)


def test_a_save_without_counting_is_refused(step):
    step.subject = "anders"

    with refused("follow_up_version_counts"):
        step.save(update_fields=["subject"])


def test_the_origin_of_a_step_cannot_be_written(step):
    for column, value in {"case_id": 1, "kind": "appointment", "created_by_id": 1, "contact_id": 1}.items():
        with denied():
            sql(f"UPDATE casework_followup SET {column} = %s, version = 2 WHERE id = %s", [value, step.pk])


def test_a_step_is_never_deleted(step):
    with denied():
        sql("DELETE FROM casework_followup WHERE id = %s", [step.pk])
    with denied():
        FollowUp.objects.filter(case=step.case)._raw_delete("default")


def test_a_change_is_kept_with_the_step_of_its_case(step):
    change = factories.FollowUpChangeFactory(follow_up=step)

    with refused("followupchange_follow_up_of_same_case"):
        factories.FollowUpChangeFactory(follow_up=step, case=factories.CaseFactory())
    with refused("record_is_final"):
        FollowUpChange.objects.filter(pk=change.pk).update(reason="anders")
    with denied():
        sql("UPDATE casework_followupchange SET new_due_on = now() WHERE id = %s", [change.pk])

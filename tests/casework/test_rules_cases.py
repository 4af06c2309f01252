"""An open case has a next step; a closed one has none, stays closed, and is taken up again as a new case."""

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from casework.models import Case, CaseAssignment, CaseClosure, Client, FollowUp
from tests import factories
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(kim):
    return factories.CaseFactory(counsellor=kim)


@pytest.fixture
def closed():
    return factories.ClosedCaseFactory()


def insert_case(**fields):
    """A bare case by raw SQL, without anything that belongs to it."""
    client = factories.ClientFactory()
    columns = {
        "client_id": client.pk,
        "organisation_id": client.organisation_id,
        "opened_by_id": client.created_by_id,
        "is_restricted": False,
    } | fields
    return sql(
        f"INSERT INTO casework_case ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})",
        list(columns.values()),
    )


def earlier_contact(case):
    """A contact of the past; the step that it had set is done, so one open step is left."""
    step = factories.FollowUpFactory(case=case, done=True, successor=case.follow_ups.get())
    return factories.ContactFactory(case=case, follow_up=step)


def end_steps(case, **how):
    """End every open step of the case at once."""
    return (
        FollowUp.objects.open()
        .filter(case=case)
        .update(ended_at=timezone.now(), ended_by=case.opened_by, version=F("version") + 1, **how)
    )


# --- an open case ------------------------------------------------------------------------------------------


def test_a_case_needs_its_first_step(kim):
    with refused("open_case_has_next_step"):
        factories.CaseFactory(counsellor=kim, step=None)


def test_a_case_needs_its_first_step_in_raw_sql_too():
    with refused("open_case_has_next_step"):
        insert_case()


def test_the_order_of_case_and_step_does_not_matter(kim):
    with accepted():
        case = factories.CaseFactory(counsellor=kim, step=None)
        factories.FollowUpFactory(case=case)


def test_cases_in_bulk_need_their_steps(kim):
    clients = [factories.ClientFactory(created_by=kim) for _ in range(3)]

    with refused("open_case_has_next_step"):
        Case.objects.bulk_create(Case(client=c, organisation=c.organisation, opened_by=kim) for c in clients)


def test_the_last_step_does_not_end_by_an_earlier_contact(case):
    contact = earlier_contact(case)
    last = case.follow_ups.open().get()

    with refused("open_case_has_next_step"):
        FollowUp.objects.filter(pk=last.pk).update(
            ended_at=timezone.now(), ended_by=case.opened_by, version=F("version") + 1, ended_by_contact=contact
        )
    with refused("open_case_has_next_step"):
        last.ended_at, last.ended_by, last.ended_by_contact = timezone.now(), case.opened_by, contact
        last.version += 1
        last.save(update_fields=["ended_at", "ended_by", "ended_by_contact", "version"])


def test_the_last_steps_of_many_cases_do_not_end_by_one_update(kim):
    for _ in range(3):
        earlier_contact(factories.CaseFactory(counsellor=kim))

    with refused("open_case_has_next_step"):
        ended = sql(
            "UPDATE casework_followup AS f SET ended_at = clock_timestamp(), ended_by_id = created_by_id,"
            " version = version + 1, ended_by_contact_id = c.id FROM casework_contact AS c"
            " WHERE c.case_id = f.case_id AND f.ended_at IS NULL"
        )
        assert ended == 3


def test_the_next_step_of_a_case_cannot_be_deleted(case):
    with denied():
        sql("DELETE FROM casework_followup WHERE case_id = %s", [case.pk])


def test_a_second_open_case_for_a_person_is_refused(case):
    with refused("one_open_case_per_client"):
        factories.CaseFactory(client=case.client)


def test_a_case_begins_now(kim):
    later = timezone.now() + dt.timedelta(days=1)

    with refused("case_begins_and_ends_now"):
        factories.CaseFactory(counsellor=kim, opened_at=later)


@pytest.mark.parametrize("moment", ["infinity", "-infinity"])
def test_a_case_begins_at_a_moment_that_exists(kim, moment):
    client = factories.ClientFactory(created_by=kim)

    with refused("case_begins_and_ends_now"):
        sql(
            "WITH c AS (INSERT INTO casework_case (client_id, organisation_id, opened_by_id, is_restricted, opened_at)"
            " VALUES (%s, %s, %s, false, %s::timestamptz) RETURNING id, opened_at, opened_by_id),"
            " a AS (INSERT INTO casework_caseassignment (case_id, counsellor_id, during, by_id, note)"
            " SELECT id, opened_by_id, tstzrange(opened_at, NULL), opened_by_id, '' FROM c)"
            " INSERT INTO casework_followup"
            " (case_id, kind, due_on, place, subject, version, created_by_id, outcome)"
            " SELECT id, 'reminder', %s, '', 'Anruf', 1, opened_by_id, '' FROM c",
            [client.pk, client.organisation_id, kim.pk, moment, factories.ahead()],
        )


def test_two_cases_have_two_numbers(case):
    with refused("casework_case_number_key"):
        factories.CaseFactory(number=case.number)


@pytest.mark.parametrize("column", ["client_id", "number", "opened_at", "opened_by_id", "previous_case_id"])
def test_the_origin_of_a_case_cannot_be_written(case, column):
    with denied():
        sql(f"UPDATE casework_case SET {column} = {column} WHERE id = %s", [case.pk])


# --- the end -----------------------------------------------------------------------------------------------


def test_a_case_ends_with_all_that_belongs_to_it(case):
    with accepted():
        factories.CaseClosureFactory(case=case)


def test_a_case_does_not_end_with_a_step_open(case):
    with refused("closed_case_has_no_next_step"):
        factories.CaseClosureFactory(case=case)
        factories.FollowUpFactory(case=case)


def test_a_case_does_not_end_without_its_closure(case):
    with refused("closed_case_has_no_next_step"):
        sql("UPDATE casework_case SET closed_at = now() WHERE id = %s", [case.pk])
    contact = earlier_contact(case)
    now = timezone.now()
    with refused("closed_case_has_closure"):
        assert end_steps(case, ended_by_contact=contact) == 1
        factories.end_running(CaseAssignment, case, now)
        Case.objects.filter(pk=case.pk).update(closed_at=now)


def test_a_case_does_not_end_while_somebody_stays_responsible(case):
    now = timezone.now()

    with refused("case_has_responsible_counsellor_throughout"):
        closure = CaseClosure.objects.create(case=case, reason="moved", at=now, by=case.opened_by)
        end_steps(case, closure=closure)
        Case.objects.filter(pk=case.pk).update(closed_at=now)


def test_an_open_case_has_no_closure(case):
    with refused("open_case_has_no_closure"):
        CaseClosure.objects.create(case=case, reason="moved", at=timezone.now(), by=case.opened_by)


def test_the_closure_is_of_the_moment_of_the_end(case):
    now = timezone.now()

    with refused("closed_case_has_closure"):
        closure = CaseClosure.objects.create(
            case=case, reason="moved", at=now - dt.timedelta(days=1), by=case.opened_by
        )
        end_steps(case, closure=closure)
        factories.end_running(CaseAssignment, case, now)
        Case.objects.filter(pk=case.pk).update(closed_at=now)


@pytest.mark.parametrize("moment", ["2099-01-01", "infinity"])
def test_a_case_does_not_end_in_the_future(case, moment):
    with refused("case_ends_now"):
        sql("UPDATE casework_case SET closed_at = %s::timestamptz WHERE id = %s", [moment, case.pk])


def test_a_case_does_not_end_before_it_began(case):
    with refused("case_ends_after_it_began"):
        sql("UPDATE casework_case SET closed_at = opened_at WHERE id = %s", [case.pk])


def test_a_case_ends_for_a_known_reason(case):
    with refused("closing_reason_known"):
        CaseClosure.objects.create(case=case, reason="bored", at=timezone.now(), by=case.opened_by)


def test_a_closed_case_is_not_reopened(closed):
    with refused("closed_case_stays_closed"):
        sql("UPDATE casework_case SET closed_at = NULL WHERE id = %s", [closed.pk])
    with refused("closed_case_stays_closed"):
        Case.objects.filter(pk=closed.pk).update(closed_at=timezone.now())
    with refused("closed_case_stays_closed"):
        closed.closed_at = None
        closed.save(update_fields=["closed_at"])


def test_a_closed_case_takes_no_new_step_and_no_new_counsellor(closed):
    with refused("closed_case_has_no_next_step"):
        factories.FollowUpFactory(case=closed)
    with refused("case_has_responsible_counsellor_throughout"):
        factories.CaseAssignmentFactory(case=closed)


def test_a_closure_stays(closed):
    for statement in (
        "UPDATE casework_caseclosure SET reason = 'other' WHERE case_id = %s",
        "DELETE FROM casework_caseclosure WHERE case_id = %s",
    ):
        with denied():
            sql(statement, [closed.pk])


# --- taken up again ----------------------------------------------------------------------------------------


def test_a_closed_case_is_taken_up_again_as_a_new_one(closed):
    with accepted():
        factories.CaseFactory(client=closed.client, previous_case=closed, opened_at=timezone.now())


def test_an_open_case_has_no_successor(case):
    with refused("previous_case_is_closed_and_of_same_client"):
        factories.CaseFactory(client=case.client, previous_case=case, opened_at=timezone.now())


def test_the_previous_case_is_of_the_same_person(closed):
    with refused("previous_case_is_closed_and_of_same_client"):
        factories.CaseFactory(previous_case=closed, opened_at=timezone.now())


def test_the_previous_case_ended_before(closed):
    with refused("previous_case_is_closed_and_of_same_client"):
        factories.CaseFactory(client=closed.client, previous_case=closed)


def test_a_case_is_taken_up_again_once(closed):
    again = factories.CaseFactory(client=closed.client, previous_case=closed, opened_at=timezone.now())
    factories.CaseClosureFactory(case=again)

    with refused("case_taken_up_again_once"):
        factories.CaseFactory(client=closed.client, previous_case=closed, opened_at=timezone.now())


# --- the person --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["family_name", "given_name"])
@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_a_person_has_a_name(field, value):
    with refused(f"client_{field}_not_blank"):
        factories.ClientFactory(**{field: value})


def test_a_number_of_the_leading_system_stands_once_in_an_organisation():
    person = factories.ClientFactory(external_ref="BG-1")

    with refused("client_external_ref_once"):
        factories.ClientFactory(created_by=person.created_by, external_ref="BG-1")
    with accepted():
        factories.ClientFactory(external_ref="BG-1")
        factories.ClientFactory(created_by=person.created_by, external_ref=None)
        factories.ClientFactory(created_by=person.created_by, external_ref=None)


def test_a_person_is_never_deleted(case):
    with denied():
        sql("DELETE FROM casework_client WHERE id = %s", [case.client_id])
    with denied():
        Client.objects.filter(pk=case.client_id)._raw_delete("default")


def test_a_detail_has_text_kind_and_origin_and_its_end_stays():
    detail = factories.ClientDetailFactory()

    for field, value, rule in (
        ("text", " ", "client_detail_not_blank"),
        ("kind", "score", "client_detail_kind_known"),
        ("origin", "rumour", "client_detail_origin_known"),
    ):
        with refused(rule):
            factories.ClientDetailFactory(client=detail.client, **{field: value})
    with refused("client_detail_end_paired"):
        sql("UPDATE casework_clientdetail SET ended_at = now() WHERE id = %s", [detail.pk])
    sql("UPDATE casework_clientdetail SET ended_at = now(), ended_by_id = recorded_by_id WHERE id = %s", [detail.pk])
    with refused("record_is_final"):
        sql("UPDATE casework_clientdetail SET ended_at = NULL, ended_by_id = NULL WHERE id = %s", [detail.pk])


def test_a_start_of_work_is_withdrawn_once_and_by_somebody():
    start = factories.EmploymentStartFactory()

    with refused("employment_start_withdrawal_paired"):
        sql("UPDATE casework_employmentstart SET withdrawn_at = now() WHERE id = %s", [start.pk])
    sql(
        "UPDATE casework_employmentstart SET withdrawn_at = now(), withdrawn_by_id = recorded_by_id WHERE id = %s",
        [start.pk],
    )
    with refused("record_is_final"):
        sql(
            "UPDATE casework_employmentstart SET withdrawn_at = NULL, withdrawn_by_id = NULL WHERE id = %s",
            [start.pk],
        )

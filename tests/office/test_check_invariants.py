"""Each kind of broken rule, forced in past every trigger and constraint, is found and named."""

from collections.abc import Iterator
from io import StringIO

import environ
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from casework.models import invariants
from casework.models.catalogue import standing_rules
from casework.models.invariants import INVARIANTS, find_violations
from tests import database as databases
from tests import factories
from tests.office.agreed_breaks import AGREED_BREAKS, AGREED_PARTS, what_was_agreed
from tests.office.handover_breaks import HANDOVER_BREAKS, what_was_handed_over
from tests.office.offer_breaks import OFFER_BREAKS, OFFER_PARTS, what_was_chosen

# Rule -> what the superuser does to the rows of `population`.
BREAKS = {
    "open_case_has_next_step": "UPDATE casework_followup SET ended_at = now() WHERE case_id = {open}",
    "closed_case_has_no_next_step": "UPDATE casework_followup SET ended_at = NULL WHERE case_id = {closed}",
    "case_has_responsible_counsellor_throughout": "UPDATE casework_caseassignment SET"
    " during = tstzrange(lower(during) + interval '1 hour', NULL) WHERE case_id = {open}",
    "one_responsible_counsellor_at_a_time": "INSERT INTO casework_caseassignment"
    " (case_id, counsellor_id, during, by_id, note) SELECT case_id, {eva}, during, by_id, ''"
    " FROM casework_caseassignment WHERE case_id = {open}",
    "period_real": "UPDATE casework_caseparticipation SET during = 'empty'",
    "responsible_counsellor_is_active": "UPDATE casework_user SET is_active = false WHERE id = {kim}",
    "period_ends_now": "UPDATE casework_caseassignment SET during = tstzrange(lower(during), now() + interval '1 hour')"
    " WHERE case_id = {open}",
    "user_with_cases_keeps_organisation": "UPDATE casework_case SET organisation_id ="
    " (SELECT organisation_id FROM casework_user WHERE id = {tom}) WHERE id = {open}",
    "counsellor_with_cases_keeps_role": "DELETE FROM casework_rolegrant WHERE user_id = {kim}",
    "row_of_a_case_that_exists": "DELETE FROM casework_case WHERE id = {open}",
    "one_participation_at_a_time": "INSERT INTO casework_caseparticipation (case_id, counsellor_id, during, by_id)"
    " SELECT case_id, counsellor_id, during, by_id FROM casework_caseparticipation",
    "closed_case_has_closure": "INSERT INTO casework_caseclosure (case_id, reason, text, at, by_id)"
    " VALUES ({open}, 'moved', '', now(), {kim})",
    "case_ends_after_it_began": "UPDATE casework_case SET opened_at = now() + interval '1 year' WHERE id = {open}",
    "one_open_case_per_client": "UPDATE casework_case SET client_id = {client} WHERE id = {resumed}",
    "previous_case_is_closed_and_of_same_client": "UPDATE casework_case SET client_id = {client} WHERE id = {closed}",
    "case_taken_up_again_once": "UPDATE casework_case SET previous_case_id = {closed} WHERE id = {open}",
    "contact_has_next_step_or_ends_case": "UPDATE casework_contact SET follow_up_id = NULL",
    "contact_names_rows_of_same_case": "UPDATE casework_contact SET follow_up_id = {foreign_step}",
    "next_step_of_contact_is_ahead": "UPDATE casework_followup SET ended_at = '2020-01-01'"
    " WHERE id IN (SELECT follow_up_id FROM casework_contact)",
    "contact_not_before_its_case": "UPDATE casework_contact SET at = '2001-01-02'",
    "one_contact_ends_a_case": "INSERT INTO casework_contact"
    " (case_id, kind, channel_id, at, author_id, recorded_at, text, submission_key, submission_digest, closure_id)"
    " SELECT {closed}, kind, channel_id, at, author_id, recorded_at, text, gen_random_uuid(), '',"
    " (SELECT id FROM casework_caseclosure) FROM casework_contact, generate_series(1, 2)",
    "talk_has_a_channel": "UPDATE casework_contact SET channel_id = NULL",
    "only_missed_contact_of_same_day_is_replaced": "UPDATE casework_contact SET replaces_id = id",
    "withdrawn_contact_holds_no_text": "UPDATE casework_contact SET withdrawn_at = now(), withdrawn_by_id = author_id,"
    " withdrawn_reason = 'Falsche Akte', text = ''",
    "contact_ends_running_case": "UPDATE casework_contact SET case_id = {closed}, follow_up_id = NULL,"
    " recorded_at = now() + interval '1 day', closure_id = (SELECT id FROM casework_caseclosure)",
    "contact_not_in_the_future": "UPDATE casework_contact SET at = now() + interval '1 day'",
    "one_contact_per_submission": "INSERT INTO casework_contact"
    " (case_id, kind, channel_id, at, author_id, recorded_at, text, submission_key, submission_digest, follow_up_id)"
    " SELECT case_id, kind, channel_id, at, author_id, recorded_at, text, submission_key, '', follow_up_id"
    " FROM casework_contact",
    "contact_text_not_blank": "UPDATE casework_contact SET text = E' \n\t'",
    "missed_how_if_and_only_if_missed": "UPDATE casework_contact SET kind = 'missed'",
    "withdrawal_is_complete": "UPDATE casework_contact SET withdrawn_at = now()",
    "part_of_contact_of_same_case": "UPDATE casework_noteaddendum SET case_id = {closed}",
    "note_not_blank": "UPDATE casework_filenote SET text = ' '",
    "follow_up_ends_in_exactly_one_way": "UPDATE casework_followup SET closure_id ="
    " (SELECT id FROM casework_caseclosure) WHERE successor_id IS NOT NULL",
    "follow_up_names_rows_of_same_case": "UPDATE casework_followup SET successor_id = {foreign_step}"
    " WHERE successor_id IS NOT NULL",
    "successor_is_ahead": "UPDATE casework_followup SET ended_at = created_at"
    " WHERE id = (SELECT successor_id FROM casework_followup WHERE successor_id IS NOT NULL)",
    "follow_up_ends_in_its_time": "UPDATE casework_followup SET ended_at = '2099-01-01' WHERE successor_id IS NOT NULL",
    "follow_up_subject_not_blank": "UPDATE casework_followup SET subject = ''",
    "follow_up_time_on_its_day": "UPDATE casework_followup SET kind = 'appointment', starts_at = now()",
    "follow_up_on_a_working_weekday": "UPDATE casework_followup SET due_on = date '2030-01-06'",
    "follow_up_not_in_the_past_when_made": "UPDATE casework_followup SET due_on = '2020-01-06'",
    "counsellor_area_if_and_only_if_specialist": "UPDATE casework_counsellor SET area = 'youth', kind = 'specialist'",
    "no_substitute_of_a_substitute": "INSERT INTO casework_substitution"
    " (absence_id, absent_user_id, substitute_id, during, entered_by_id)"
    " SELECT absence_id, substitute_id, {tom}, during, entered_by_id FROM casework_substitution",
    "substitution_inside_absence": "UPDATE casework_absence SET during = '[2020-01-01,2020-02-01)'",
    "one_absence_and_substitute_at_a_time": "INSERT INTO casework_absence (user_id, during, entered_by_id)"
    " SELECT user_id, during, entered_by_id FROM casework_absence",
    "grant_ends_the_same_day": "UPDATE casework_accessgrant SET"
    " during = tstzrange(lower(during), upper(during) + interval '1 year')",
    "one_grant_at_a_time": "INSERT INTO casework_accessgrant (user_id, case_id, kind, reason, during)"
    " SELECT user_id, case_id, kind, reason, during FROM casework_accessgrant",
    "entry_not_blank": "UPDATE casework_contactchannel SET text = ' ' WHERE code = 'phone'",
    "end_has_time_and_person": "UPDATE casework_clientdetail SET ended_at = now()",
    "role_team_if_and_only_if_lead": "UPDATE casework_rolegrant SET role = 'team_lead' WHERE user_id = {kim}",
    "stands_only_once": "UPDATE casework_case SET number = 'F-26-00001'",
    "digest_end_if_and_only_if_ended": "INSERT INTO casework_digestmail"
    " (recipient_id, local_date, planned_on, kind, state, attempts, answer)"
    " VALUES ({kim}, current_date, current_date, 'own', 'sent', 1, '')",
    "digest_day_fits_kind": "INSERT INTO casework_digestmail"
    " (recipient_id, local_date, planned_on, kind, state, attempts, answer)"
    " VALUES ({kim}, current_date - 3, current_date, 'own', 'planned', 0, '')",
    "duty_rests_on_law_in_force": "UPDATE casework_legalbasis SET during = '[2001-01-01,2002-01-01)'",
    "duty_notice_fits": "UPDATE casework_legalnotice SET legal_basis_id = (SELECT min(id) FROM casework_legalbasis)",
    "duty_demand_not_blank": "UPDATE casework_dutytocooperate SET demand = E' \n'",
    "duty_recorded_in_its_case": "UPDATE casework_dutytocooperate SET case_id = {closed}, recorded_at = now()"
    " + interval '1 hour'",
    "duty_fact_of_same_case": "UPDATE casework_dutyfact SET case_id = {resumed}",
    "duty_fact_in_its_time": "UPDATE casework_dutyfact SET happened_on = current_date + 3",
    "duty_fact_text_if_and_only_if_reason": "UPDATE casework_dutyfact SET text = 'x' WHERE kind = 'posted'",
    "duty_fact_once_a_day": "INSERT INTO casework_dutyfact (case_id, duty_id, kind, happened_on, text, recorded_by_id)"
    " SELECT case_id, duty_id, kind, happened_on, text, recorded_by_id FROM casework_dutyfact WHERE kind = 'posted'",
    "duty_withdrawal_is_complete": "UPDATE casework_dutytocooperate SET withdrawn_at = now()",
    "legal_text_real": "UPDATE casework_legalbasis SET title = ' '",
    "value_known": "UPDATE casework_followup SET kind = 'task' WHERE case_id = {open}",
    "client_has_name": "UPDATE casework_client SET family_name = ''",
    "rules_in_force": "ALTER TABLE casework_followup DISABLE TRIGGER follow_up_is_guarded",
}

CONSTRAINTS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', conrelid::regclass, conname)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'x', 'u')
UNION ALL
SELECT format('DROP INDEX IF EXISTS %s', indexrelid::regclass)
  FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
 WHERE indisunique AND NOT indisprimary AND indpred IS NOT NULL AND relnamespace = 'public'::regnamespace
"""


@pytest.fixture(scope="module")
def population(django_db_setup: None, django_db_blocker) -> Iterator[dict[str, int]]:
    """A small office in a database of its own, spoken to as superuser, without any constraint."""
    server = connections["default"].settings_dict
    before = dict(server)
    with (
        databases.scratch_copy(before["NAME"]) as scratch,
        django_db_blocker.unblock(),
        databases.using(scratch),
    ):
        admin = environ.Env.db_url_config(databases.admin_url())
        server.update({key: admin[key] for key in ("USER", "PASSWORD", "HOST", "PORT")})
        try:
            ids = _populate() | what_was_agreed() | what_was_chosen() | what_was_handed_over()
            # One connection for this: the open triggers of the population are behind us.
            with connection.cursor() as cursor:
                cursor.execute(CONSTRAINTS)
                for (statement,) in cursor.fetchall():
                    cursor.execute(statement)
            yield ids
        finally:
            connection.close()
            server.update(before)


def _populate() -> dict[str, int]:
    kim, eva = factories.CounsellorFactory().user, factories.CounsellorFactory(specialist=True).user
    open_case = factories.CaseFactory(counsellor=kim)
    factories.FollowUpFactory(case=open_case, done=True)
    contact = factories.ContactFactory(case=open_case)
    factories.ClientDetailFactory(client=open_case.client)
    factories.NoteAddendumFactory(contact=contact)
    factories.ContactParticipantFactory(contact=contact)
    factories.FileNoteFactory(case=open_case)
    factories.CaseParticipationFactory(case=open_case, counsellor=eva)
    factories.AccessGrantFactory(case=open_case)
    factories.SubstitutionFactory(absent_user=kim, substitute=eva)
    duty = factories.DutyToCooperateFactory(case=open_case, with_notice=True)
    factories.DutyFactFactory(duty=duty)
    closed = factories.ClosedCaseFactory()
    resumed = factories.CaseFactory(
        client=closed.client, previous_case=closed, opened_at=closed.closed_at, counsellor=kim
    )
    return {
        "kim": kim.pk,
        "eva": eva.pk,
        "tom": factories.UserFactory().pk,
        "client": open_case.client_id,
        "open": open_case.pk,
        "closed": closed.pk,
        "resumed": resumed.pk,
        "foreign_step": resumed.follow_ups.get().pk,
    }


@pytest.fixture
def rolled_back(population: dict[str, int], django_db_blocker, monkeypatch) -> Iterator[dict[str, int]]:
    with django_db_blocker.unblock(), transaction.atomic():
        # What the population had to lose is not what these tests are about.
        monkeypatch.setattr(invariants, "RULES", tuple(standing_rules()))
        yield population
        transaction.set_rollback(True)


def check() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_invariants", stdout=out, stderr=StringIO())
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def force(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount != 0


BREAKS |= AGREED_BREAKS | OFFER_BREAKS | HANDOVER_BREAKS
PARTS = AGREED_PARTS | OFFER_PARTS


def test_an_office_in_order_breaks_no_rule(rolled_back):
    code, output = check()

    assert code == 0
    assert output == f"Alle Regeln gelten ({len(INVARIANTS)} geprüft).\n"


@pytest.mark.parametrize("rule", BREAKS)
def test_a_rule_broken_by_force_is_found_and_named(rolled_back, rule):
    force(BREAKS[rule].format(**rolled_back))

    code, output = check()

    assert code == 1
    assert f"{rule}: " in output


@pytest.mark.parametrize("statement", PARTS)
def test_a_rule_broken_in_another_way_is_found_as_well(rolled_back, statement):
    force(statement.format(**rolled_back))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20s'")

    code, output = check()

    assert code == 1
    assert f"{PARTS[statement]}: " in output


def test_every_rule_is_broken_here_once():
    assert set(BREAKS) == {invariant.name for invariant in INVARIANTS}


def test_the_message_names_rows_and_no_more_than_twenty(rolled_back):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO casework_filenote (case_id, text, by_id) SELECT %s, ' ', %s FROM generate_series(1, 23)",
            [rolled_back["open"], rolled_back["kim"]],
        )

    (violation,) = find_violations()

    assert violation.name == "note_not_blank"
    assert len(violation.ids) == 23
    assert str(violation).endswith("und 3 weitere)")


def test_rules_are_asked_in_one_statement(rolled_back, count_queries):
    with count_queries() as queries:
        find_violations()

    assert len(queries.captured_queries) == 1


def test_an_empty_database_breaks_no_rule(db):
    assert find_violations() == []

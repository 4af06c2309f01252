"""A rule that was dropped, switched off or never checked is missed by its name, and the list of rules is up to date."""

from collections.abc import Iterator
from io import StringIO

import environ
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from casework.models.catalogue import RULES, read, standing_rules, write
from tests import database as databases

# What a superuser does -> the rule that is missed.
LOSSES = {
    "DROP TRIGGER contact_is_final ON casework_contact": "casework_contact trigger contact_is_final",
    "ALTER TABLE casework_followup DISABLE TRIGGER case_consistent_on_new_step": (
        "casework_followup trigger case_consistent_on_new_step"
    ),
    "ALTER TABLE casework_followup ENABLE REPLICA TRIGGER successor_is_ahead": (
        "casework_followup trigger successor_is_ahead"
    ),
    "DROP FUNCTION casework_never() CASCADE": "casework_caseclosure trigger closure_is_final",
    "ALTER TABLE casework_contact DROP CONSTRAINT contact_follow_up_of_same_case": (
        "casework_contact constraint contact_follow_up_of_same_case"
    ),
    "ALTER TABLE casework_caseassignment DROP CONSTRAINT one_responsible_counsellor_at_a_time": (
        "casework_caseassignment constraint one_responsible_counsellor_at_a_time"
    ),
    "ALTER TABLE casework_contact DROP CONSTRAINT talk_has_a_channel,"
    " ADD CONSTRAINT talk_has_a_channel CHECK (channel_id IS NOT NULL) NOT VALID": (
        "casework_contact constraint talk_has_a_channel"
    ),
    "ALTER TABLE casework_filenote DISABLE TRIGGER ALL": (
        "casework_filenote trigger casework_filenote_case_id_{}_fk_casework_case_id"
    ),
    "DROP TRIGGER withdrawn_conversation_leaves_nothing ON casework_contact": (
        "casework_contact trigger withdrawn_conversation_leaves_nothing"
    ),
    "ALTER TABLE casework_followup DISABLE TRIGGER review_of_agreement_ends_now": (
        "casework_followup trigger review_of_agreement_ends_now"
    ),
    "ALTER TABLE agreements_agreement DISABLE TRIGGER last_agreement_is_current": (
        "agreements_agreement trigger last_agreement_is_current"
    ),
    "DROP FUNCTION agreements_assert_complete() CASCADE": "agreements_agreement trigger agreement_complete_when_new",
    "ALTER TABLE agreements_stepreminder DROP CONSTRAINT stepreminder_follow_up_of_same_case": (
        "agreements_stepreminder constraint stepreminder_follow_up_of_same_case"
    ),
    "DROP INDEX one_current_agreement_per_case": "agreements_agreement index one_current_agreement_per_case",
    "DROP TRIGGER choice_stands ON offers_offerchoice": "offers_offerchoice trigger choice_stands",
    "ALTER TABLE offers_offerversion DROP CONSTRAINT offer_version_second_person": (
        "offers_offerversion constraint offer_version_second_person"
    ),
    "ALTER TABLE offers_groupmember DISABLE TRIGGER member_joins": "offers_groupmember trigger member_joins",
    "DROP INDEX offer_chosen_once_at_a_time": "offers_offerchoice index offer_chosen_once_at_a_time",
    "DROP INDEX one_open_case_per_client": "casework_case index one_open_case_per_client",
    "ALTER TABLE casework_contact ALTER text DROP NOT NULL": "casework_contact required text",
}


@pytest.fixture(scope="module")
def scratch(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """A freshly migrated database of its own, spoken to as superuser."""
    server = connections["default"].settings_dict
    before = dict(server)
    with databases.scratch_copy(before["NAME"]) as name, django_db_blocker.unblock(), databases.using(name):
        admin = environ.Env.db_url_config(databases.admin_url())
        server.update({key: admin[key] for key in ("USER", "PASSWORD", "HOST", "PORT")})
        try:
            yield
        finally:
            connection.close()
            server.update(before)


@pytest.fixture
def rolled_back(scratch: None, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def check(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_invariants", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_list_is_what_the_migrations_make(rolled_back):
    """After a migration with a rule: `manage.py check_invariants --catalogue` prints the new list."""
    standing = standing_rules()

    assert sorted(standing - set(RULES)) == [], "in the database, not in models/catalogue.py"
    assert sorted(set(RULES) - standing) == [], "in models/catalogue.py, not in the database"


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_rule_is_missed_by_name(rolled_back, loss):
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname ~ '^casework_filenote_case_id_.*_fk_'")
        suffix = cursor.fetchone()[0].split("_")[4]
        cursor.execute(loss)

    code, output = check()

    assert code == 1
    assert output.startswith("rules_in_force: ")
    assert LOSSES[loss].format(suffix) in output


def test_a_rule_that_is_not_enforced_is_missed(rolled_back):
    if connection.pg_version < 180000:
        pytest.skip("before PostgreSQL 18 every constraint is enforced")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE casework_client DROP CONSTRAINT client_family_name_not_blank")
        cursor.execute(
            "ALTER TABLE casework_client"
            " ADD CONSTRAINT client_family_name_not_blank CHECK (family_name <> '') NOT ENFORCED"
        )

    code, output = check()

    assert code == 1
    assert "casework_client constraint client_family_name_not_blank" in output


def test_what_the_command_prints_is_what_the_list_reads(rolled_back):
    code, output = check("--catalogue")

    assert code == 0
    assert set(read(output)) == standing_rules()
    assert write(RULES) == output
    assert max(map(len, output.splitlines())) <= 120


def test_the_web_role_sees_the_same_rules(db):
    assert standing_rules() == set(RULES)

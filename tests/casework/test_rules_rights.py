"""What the web role may not do at all, and that nothing of it switches a rule off (design.md 8)."""

from importlib import import_module

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from casework.models import AccessEvent
from jobcenter.platform import context
from tests import database as databases
from tests import factories
from tests.rules import denied, refused, sql

OWN_APPS = ("casework", "agreements", "offers")
# Half-written forms are no records: whoever writes one may throw it away.
DELETABLE = {"casework_draft"}


def tables_of_cases():
    """Every table whose rows belong to a case, and the cases and persons themselves."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.db_table in ("casework_case", "casework_client", "casework_clientdetail")
        or any(field.column == "case_id" for field in model._meta.concrete_fields)
    )


@pytest.mark.django_db
def test_requests_run_as_the_web_role_which_owns_nothing():
    with context.nobody(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_user")
        users = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        (owned,) = cursor.fetchone()
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        (mighty,) = cursor.fetchone()

    assert users == (settings.WEB_DATABASE_ROLE,) * 2
    assert owned == 0
    assert not mighty


@pytest.mark.django_db
@pytest.mark.parametrize("table", tables_of_cases())
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE {}",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} DISABLE TRIGGER USER",
        "DROP TABLE {}",
        "CREATE TRIGGER mine BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON INSERT TO {} DO INSTEAD NOTHING",
    ],
)
def test_the_web_role_neither_empties_nor_disarms_nor_drops_a_table(table, statement):
    with denied():
        sql(statement.format(table))


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(set(tables_of_cases()) - DELETABLE))
def test_nothing_that_is_on_record_is_deleted(table):
    with denied():
        sql(f"DELETE FROM {table}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET LOCAL session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', true)",
        "ALTER TABLE casework_case DROP CONSTRAINT one_open_case_per_client",
        "ALTER TABLE casework_followup DISABLE TRIGGER follow_up_is_guarded",
        "DROP TRIGGER follow_up_is_guarded ON casework_followup",
        "DROP FUNCTION casework_guard_step() CASCADE",
        "CREATE OR REPLACE FUNCTION casework_refuse(p_rule text) RETURNS void LANGUAGE sql AS ''",
        "ALTER FUNCTION casework_refuse(text) OWNER TO CURRENT_USER",
        "SELECT casework_refuse('x')",
        "SELECT casework_assert_case(1)",
        "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE casework_followup (id int)",
        "CREATE SCHEMA mine",
        "SELECT setval('casework_contact_id_seq', 1)",
    ],
)
def test_no_rule_is_switched_off(statement):
    with denied():
        sql(statement)


@pytest.mark.django_db
def test_the_web_role_does_not_become_the_owner():
    owner = settings.DATABASES["owner"]["USER"]

    with denied():
        sql(f"SET ROLE {owner}")
    with denied():
        sql(f"SET SESSION AUTHORIZATION {owner}")


@pytest.mark.django_db
def test_rights_follow_one_table(kim):
    """Right by right: a new table must be decided on, not inherit what the schema gives by default."""
    rights = {}
    for path in sorted(settings.BASE_DIR.glob("*/migrations/0*.py")):
        rights |= getattr(import_module(f"{path.parts[-3]}.migrations.{path.stem}"), "RIGHTS", {})
    tables = {model._meta.db_table for model in apps.get_models() if model.__module__.split(".")[0] in OWN_APPS}

    assert tables == set(rights)


@pytest.mark.django_db
def test_no_right_beside_reading_and_writing_rows_is_granted():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee IN (current_user, 'PUBLIC') AND table_schema = 'public'"
            " AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
        )

        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_functions_with_the_rights_of_the_owner_are_pinned():
    """A definer function looks for its tables where the owner put them, never in a caller's temporary schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            r" AND proname NOT LIKE 'tests\_%'"  # other tests' own helpers
        )
        found = dict(cursor.fetchall())

    assert len(found) > 10
    assert {name for name, config in found.items() if config != ["search_path=pg_catalog, public, pg_temp"]} == set()


# --- evidence ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_evidence_is_written_and_neither_read_nor_changed_nor_deleted():
    factories.AccessEventFactory()

    for statement in (
        "SELECT * FROM casework_accessevent",
        "SELECT id FROM casework_accessevent",
        "SELECT count(*) FROM casework_accessevent",
        "UPDATE casework_accessevent SET kind = 'file.printed'",
        "DELETE FROM casework_accessevent",
        "INSERT INTO casework_accessevent (user_id, kind, ids) VALUES (1, 'file.opened', '{}') RETURNING id",
        "INSERT INTO casework_accessevent (at, user_id, kind, ids) VALUES ('2020-01-01', 1, 'file.opened', '{}')",
    ):
        with denied():
            sql(statement)
    with denied():
        AccessEvent.objects.exists()


@pytest.mark.django_db
def test_evidence_is_of_a_known_kind():
    with refused("access_kind_known"):
        factories.AccessEventFactory(kind="looked.nice")


def test_not_even_the_owner_rewrites_evidence(committed_db, owner_sql):
    factories.AccessEventFactory(user_id=7)

    with pytest.raises(psycopg.errors.CheckViolation):
        owner_sql("UPDATE casework_accessevent SET user_id = 8")
    with pytest.raises(psycopg.errors.CheckViolation):
        owner_sql("DELETE FROM casework_accessevent")

    assert owner_sql("SELECT user_id FROM casework_accessevent") == [(7,)]


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("case_origin_is_fixed", "UPDATE casework_case SET opened_at = opened_at - interval '1 day'"),
        ("record_is_final", "DELETE FROM casework_case"),
        ("follow_up_origin_is_fixed", "UPDATE casework_followup SET created_by_id = created_by_id + 1, version = 2"),
        ("follow_up_origin_is_fixed", "UPDATE casework_followup SET case_id = case_id + 1, version = 2"),
        ("follow_up_is_never_deleted", "DELETE FROM casework_followup"),
        ("period_only_ends", "UPDATE casework_caseassignment SET counsellor_id = counsellor_id + 1"),
        ("period_only_ends", "DELETE FROM casework_caseassignment"),
        ("record_is_final", "UPDATE casework_contact SET at = at - interval '1 day'"),
        ("record_is_final", "UPDATE casework_contact SET follow_up_id = follow_up_id + 1"),
        ("record_is_final", "DELETE FROM casework_contact"),
        ("record_is_final", "DELETE FROM casework_noteaddendum"),
        ("record_is_final", "DELETE FROM casework_contactparticipant"),
        ("record_is_final", "DELETE FROM casework_filenote"),
        ("record_is_final", "DELETE FROM casework_followupchange"),
        ("record_is_final", "UPDATE casework_accessgrant SET reason = 'anders'"),
        ("record_is_final", "DELETE FROM casework_employmentstart"),
        ("record_is_final", "DELETE FROM casework_clientdetail"),
        ("period_only_ends", "DELETE FROM casework_caseparticipation"),
    ],
)
def test_what_the_web_role_has_no_right_to_is_refused_to_the_owner_too(committed_db, owner_sql, rule, statement):
    case = factories.CaseFactory()
    contact = factories.ContactFactory(case=case)
    factories.NoteAddendumFactory(contact=contact)
    factories.ContactParticipantFactory(contact=contact)
    factories.FileNoteFactory(case=case)
    factories.FollowUpChangeFactory(follow_up=case.follow_ups.first())
    factories.AccessGrantFactory(case=case)
    factories.EmploymentStartFactory(case=case)
    factories.ClientDetailFactory(client=case.client)
    factories.CaseParticipationFactory(case=case)

    with pytest.raises(psycopg.errors.CheckViolation) as caught:
        owner_sql(statement)

    assert caught.value.diag.constraint_name == rule


def test_not_even_the_owner_changes_or_deletes_a_closure(committed_db, owner_sql):
    factories.ClosedCaseFactory()

    for statement in ("UPDATE casework_caseclosure SET reason = 'other'", "DELETE FROM casework_caseclosure"):
        with pytest.raises(psycopg.errors.CheckViolation):
            owner_sql(statement)


def test_the_moment_of_evidence_is_the_database_s(committed_db, owner_sql):
    before = timezone.now()
    factories.AccessEventFactory()

    ((at,),) = owner_sql("SELECT at FROM casework_accessevent")

    assert abs((at - before).total_seconds()) < 60


# --- by another way round ----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_rules_are_not_asked_under_an_old_snapshot(committed_db, web_connection, level):
    """Under such a snapshot a rule would count what was there before somebody else committed."""
    case = factories.CaseFactory()
    step = factories.FollowUpFactory(case=case)

    with pytest.raises(psycopg.errors.CheckViolation) as caught:
        web_connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        web_connection.execute(
            "UPDATE casework_followup SET ended_at = clock_timestamp(), ended_by_id = created_by_id,"
            " version = version + 1, successor_id = %s WHERE case_id = %s AND id <> %s",
            [step.pk, case.pk, step.pk],
        )
        web_connection.commit()

    assert caught.value.diag.constraint_name == "read_committed_only"


def test_temporary_tables_blind_no_rule(scratch_database):
    """Where PUBLIC may make temporary tables, one of the name of ours must not stand in for it."""
    databases.run_sql(scratch_database, f"GRANT TEMPORARY ON DATABASE {scratch_database} TO PUBLIC")
    with psycopg.connect(databases.admin_url(), dbname=scratch_database) as raw:
        raw.execute("SET LOCAL session_replication_role = replica")
        raw.execute(
            "INSERT INTO casework_organisation (id, name) OVERRIDING SYSTEM VALUE VALUES (1, 'Landkreis');"
            "INSERT INTO casework_user (id, password, username, first_name, last_name, email, organisation_id,"
            " is_active, shortcuts_enabled, theme) OVERRIDING SYSTEM VALUE"
            " VALUES (1, '', 'kim', 'Kim', 'S', '', 1, true, true, '');"
            "INSERT INTO casework_counsellor (user_id, kind, since) VALUES (1, 'general', now());"
            "INSERT INTO casework_client (id, organisation_id, family_name, given_name, preferred_name, birth_date,"
            " created_by_id, version) OVERRIDING SYSTEM VALUE VALUES (1, 1, 'A', 'B', '', '1990-01-01', 1, 1);"
        )
        raw.commit()
        raw.execute(f"SET SESSION AUTHORIZATION {databases.TESTS_ROLE}")
        raw.execute("CREATE TEMP TABLE casework_followup (case_id bigint, ended_at timestamptz)")
        raw.execute("INSERT INTO casework_followup VALUES (1, NULL)")
        raw.execute("GRANT ALL ON casework_followup TO PUBLIC")
        with pytest.raises(psycopg.errors.CheckViolation) as caught:
            raw.execute(
                "INSERT INTO casework_case (id, client_id, organisation_id, opened_by_id, is_restricted)"
                " OVERRIDING SYSTEM VALUE VALUES (1, 1, 1, 1, false)"
            )
            raw.commit()

    assert caught.value.diag.constraint_name == "open_case_has_next_step"


@pytest.mark.django_db
def test_nobody_beside_the_two_roles_has_a_way_in():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_database_privilege('public', current_database(), 'CONNECT'),"
            " has_database_privilege('public', current_database(), 'TEMPORARY'),"
            " has_schema_privilege('public', 'public', 'USAGE')"
        )

        assert cursor.fetchone() == (False, False, False)

"""Row security in the catalogue, and table by table: every role, every command (line 2 of issue 7)."""

from contextlib import closing

import psycopg
import pytest
from django.apps import apps
from django.conf import settings

from jobcenter.platform import context
from jobcenter.platform.context import Purpose
from tests import database as databases
from tests.conftest import database_name
from tests.factories import CaseFactory

APPS = ("casework", "agreements", "offers")
# Tables that name a case or a person and have no row policy, each with its reason.
OPEN = {
    "casework_accessevent": "evidence: web inserts columns of it and never sees a row",
    "casework_changeevent": "evidence, written by triggers alone",
}
ROLES = ("web", "worker", "offers", "backup")


def tables_of_cases():
    """Every table with a case or a person in it, and those two themselves."""
    found = {"casework_case", "casework_client", "casework_changeevent"}
    for model in apps.get_models():
        columns = {field.column for field in model._meta.concrete_fields}
        if model._meta.app_label in APPS and columns & {"case_id", "client_id"}:
            found.add(model._meta.db_table)
    return sorted(found)


PROTECTED = [table for table in tables_of_cases() if table not in OPEN]


def asked(statement, *params):
    return databases.run_sql(database_name(), statement, params)


@pytest.mark.django_db
@pytest.mark.parametrize("table", PROTECTED)
def test_every_table_of_a_case_is_under_forced_row_security(table):
    ((enabled, forced),) = asked(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
    )

    assert enabled and forced


@pytest.mark.django_db
def test_the_exceptions_are_the_ones_with_a_reason():
    without = asked(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND NOT relforcerowsecurity AND relname = ANY(%s)",
        tables_of_cases(),
    )

    assert {name for (name,) in without} == set(OPEN)


@pytest.mark.django_db
def test_no_policy_speaks_to_everybody_or_says_true():
    loose = asked(
        "SELECT tablename, policyname FROM pg_policies"
        " WHERE schemaname = 'public' AND ('public' = ANY(roles) OR qual = 'true' OR with_check = 'true')"
    )

    assert loose == []


@pytest.mark.django_db
def test_the_roles_are_what_they_are_meant_to_be():
    rows = asked(
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles"
        " WHERE rolname = ANY(%s)",
        [*(getattr(settings, f"{role.upper()}_DATABASE_ROLE") for role in (*ROLES, "guard")), databases.owner_role()],
    )
    found = {name: flags for name, *flags in rows}

    assert found == {
        settings.WEB_DATABASE_ROLE: [True, False, False, False, False, False],
        settings.WORKER_DATABASE_ROLE: [True, False, False, False, False, False],
        settings.OFFERS_DATABASE_ROLE: [False, False, False, False, False, False],
        settings.BACKUP_DATABASE_ROLE: [True, False, True, False, False, False],
        settings.GUARD_DATABASE_ROLE: [False, False, True, False, False, False],
        databases.owner_role(): [True, False, False, False, False, False],
    }


@pytest.mark.django_db
def test_every_definer_function_is_the_guard_s_and_looks_nowhere_else():
    rows = asked(
        "SELECT p.oid::regprocedure::text, r.rolname, coalesce(array_to_string(p.proconfig, ','), '')"
        "  FROM pg_proc AS p JOIN pg_roles AS r ON r.oid = p.proowner JOIN pg_namespace AS n ON n.oid = p.pronamespace"
        " WHERE n.nspname IN ('public', 'guard') AND p.prosecdef AND p.proname !~ '^tests_'"
    )

    assert rows
    assert {name for name, owner, _ in rows if owner != settings.GUARD_DATABASE_ROLE} == set()
    assert {
        name for name, _, config in rows if "search_path=pg_catalog" not in config or "pg_temp" not in config
    } == set()


@pytest.mark.django_db
def test_nobody_runs_a_function_of_the_guard_that_was_not_given():
    rows = asked(
        "SELECT p.proname FROM pg_proc AS p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a"
        " WHERE p.pronamespace = 'guard'::regnamespace AND a.grantee = 0"
    )

    assert rows == []


@pytest.mark.django_db
def test_there_is_no_view_that_could_see_past_the_policies():
    assert (
        asked("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')")
        == []
    )


@pytest.mark.django_db
@pytest.mark.parametrize("table", [*PROTECTED, *OPEN])
def test_the_offers_role_has_no_right_on_a_table_of_cases(table):
    rows = asked(
        "SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = %s AND table_name = %s"
        " UNION ALL SELECT privilege_type FROM information_schema.column_privileges"
        " WHERE grantee = %s AND table_name = %s",
        *(settings.OFFERS_DATABASE_ROLE, table) * 2,
    )

    assert rows == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", PROTECTED)
def test_the_copy_reads_and_writes_nothing(table):
    rows = asked(
        "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = %s AND table_name = %s",
        settings.BACKUP_DATABASE_ROLE,
        table,
    )

    assert rows == [("SELECT",)]


@pytest.mark.django_db
@pytest.mark.parametrize("table", PROTECTED)
def test_the_worker_may_do_with_a_table_what_web_may(table):
    def rights(role):
        return set(
            asked(
                "SELECT privilege_type, column_name FROM information_schema.column_privileges"
                " WHERE grantee = %s AND table_name = %s"
                " UNION SELECT privilege_type, '' FROM information_schema.role_table_grants"
                " WHERE grantee = %s AND table_name = %s",
                *(role, table) * 2,
            )
        )

    assert rights(settings.WORKER_DATABASE_ROLE) == rights(settings.WEB_DATABASE_ROLE)


# --- by trying --------------------------------------------------------------------------------------------


def tried(raw, statement):
    """Rows that a command touched; None where there is no right to it."""
    try:
        with raw.transaction():
            return raw.execute(statement).rowcount
    except psycopg.errors.InsufficientPrivilege:
        return None


def contexts(raw, stranger):
    """What somebody without a right to any row of the table may bring along."""
    bound = raw.execute(context.TRANSACTION).fetchone()

    def signed(**how):
        return context.token(bound, **{"user_id": stranger, "purpose": "", "request_id": "", "seconds": 60, **how})

    return {
        "missing": "",
        "stranger": signed(),
        "nobody": signed(user_id=0),
        "forged": signed()[:-64] + "f" * 64,
        "expired": signed(seconds=-1),
        "replayed": context.token(("x", "1", bound[2]), user_id=stranger, purpose="", request_id="", seconds=60),
    }


@pytest.fixture
def rows_everywhere(committed_db, kim):
    """At least the demonstration's tables that a case brings along; what is empty proves nothing by itself."""
    return [CaseFactory(counsellor=kim) for _ in range(2)]


@pytest.mark.parametrize("role", ["web", "worker", "offers"])
def test_no_command_reaches_a_row_with_any_context_but_the_right_one(rows_everywhere, nora, role):
    name = getattr(settings, f"{role.upper()}_DATABASE_ROLE")
    with closing(psycopg.connect(databases.admin_url(), dbname=database_name())) as raw:
        raw.execute(f"SET SESSION AUTHORIZATION {databases.web_role()}")
        raw.commit()
        for kind in contexts(raw, nora.pk):
            raw.rollback()
            text = contexts(raw, nora.pk)[kind]
            raw.execute("SELECT set_config('fallarbeit.context', %s, true)", [text])
            if role != "web":
                raw.execute(f"SET LOCAL ROLE {name}")
            for table in PROTECTED:
                column = "id" if table != "casework_case" else "closed_at"
                for statement in (
                    f"SELECT * FROM {table}",
                    f"UPDATE {table} SET {column} = {column}",
                    f"DELETE FROM {table}",
                    f"SELECT * FROM {table} FOR UPDATE",
                ):
                    assert not tried(raw, statement), (role, kind, statement)


def test_nobody_writes_into_a_foreign_case(rows_everywhere, nora):
    case = rows_everywhere[0]
    statements = [
        f"INSERT INTO casework_filenote (case_id, text, by_id) VALUES ({case.pk}, 'x', {nora.pk})",
        f"INSERT INTO casework_accessgrant (user_id, case_id, kind, reason, during)"
        f" VALUES ({nora.pk}, {case.pk}, 'read', 'x', tstzrange(now(), now() + interval '1 minute'))",
        f"INSERT INTO casework_caseparticipation (case_id, counsellor_id, during, by_id)"
        f" VALUES ({case.pk}, {nora.pk}, tstzrange(now(), NULL), {nora.pk})",
        "INSERT INTO casework_case (client_id, organisation_id, opened_by_id, is_restricted)"
        f" VALUES ({case.client_id}, {case.organisation_id}, {nora.pk}, false)",
        f"INSERT INTO casework_clientdetail (client_id, kind, text, origin, recorded_by_id)"
        f" VALUES ({case.client_id}, 'phone', 'x', 'person', {nora.pk})",
    ]
    with closing(psycopg.connect(databases.admin_url(), dbname=database_name())) as raw:
        raw.execute(f"SET SESSION AUTHORIZATION {databases.web_role()}")
        raw.commit()
        bound = raw.execute(context.TRANSACTION).fetchone()
        text = context.token(bound, user_id=nora.pk, purpose="", request_id="", seconds=60)
        raw.execute("SELECT set_config('fallarbeit.context', %s, true)", [text])
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"), raw.transaction():
                raw.execute(statement)


def test_reading_with_a_reason_is_not_enough_to_write(rows_everywhere, eva):
    from casework.actions import take_access
    from casework.enums import GrantKind

    case = rows_everywhere[0]
    take_access(case=case, kind=GrantKind.READ, reason="Vertretung am Telefon", by=eva)
    with closing(psycopg.connect(databases.admin_url(), dbname=database_name())) as raw:
        raw.execute(f"SET SESSION AUTHORIZATION {databases.web_role()}")
        raw.commit()
        bound = raw.execute(context.TRANSACTION).fetchone()
        text = context.token(bound, user_id=eva.pk, purpose="", request_id="", seconds=60)
        raw.execute("SELECT set_config('fallarbeit.context', %s, true)", [text])
        assert raw.execute("SELECT count(*) FROM casework_case").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
            raw.execute(f"INSERT INTO casework_filenote (case_id, text, by_id) VALUES ({case.pk}, 'x', {eva.pk})")
        assert raw.execute("UPDATE casework_followup SET subject = 'x'").rowcount == 0


def test_a_row_of_mine_that_names_a_foreign_parent_is_refused(rows_everywhere, kim, eva):
    """Foreign keys see through row security; the composite ones tie every parent to the row's own case."""
    mine, foreign = rows_everywhere[0], CaseFactory(counsellor=eva)
    step = foreign.follow_ups.get()
    with closing(psycopg.connect(databases.admin_url(), dbname=database_name())) as raw:
        raw.execute(f"SET SESSION AUTHORIZATION {databases.web_role()}")
        raw.commit()
        bound = raw.execute(context.TRANSACTION).fetchone()
        text = context.token(bound, user_id=kim.pk, purpose="", request_id="", seconds=60)
        raw.execute("SELECT set_config('fallarbeit.context', %s, true)", [text])
        with pytest.raises(psycopg.errors.Error):
            raw.execute(
                "INSERT INTO casework_followupchange (case_id, follow_up_id, old_due_on, new_due_on, old_subject,"
                f" reason, by_id) VALUES ({mine.pk}, {step.pk}, current_date, current_date + 1, 'x', 'x', {kim.pk});"
                "SET CONSTRAINTS ALL IMMEDIATE"
            )


def test_a_served_purpose_hides_restricted_cases_from_whom_they_are_closed_to(rows_everywhere, tom, kim):
    from casework.models import Case

    Case.objects.filter(pk=rows_everywhere[0].pk).update(is_restricted=True)
    with context.acting(tom.pk):
        for purpose in (Purpose.LEAD, Purpose.ASSIGN, Purpose.CALENDAR, Purpose.LOOK_UP):
            with context.widened(purpose):
                assert Case.objects.count() == 1, purpose
    with context.acting(kim.pk), context.widened(Purpose.LEAD):
        assert Case.objects.count() == 2

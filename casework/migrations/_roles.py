"""How migrations deal with the roles of the database (jobcenter.platform.roles). Frozen, like the migrations that use it.

Django passes over modules that begin with an underscore when it looks for migrations.
"""

from django.conf import settings

ROLES = ("web", "worker", "offers", "backup", "guard")


def names(schema_editor):
    """Quoted names, by what the roles are for."""
    found = {role: getattr(settings, f"{role.upper()}_DATABASE_ROLE") for role in ROLES}
    found["owner"] = settings.DATABASES["owner"]["USER"]
    return {role: schema_editor.quote_name(name) for role, name in found.items()}


def run(schema_editor, statements):
    """Execute statements in which {web}, {worker} … stand for roles. Other braces stay as they are."""
    for role, name in names(schema_editor).items():
        statements = statements.replace("{" + role + "}", name)
    # None: a percent sign is a percent sign.
    schema_editor.execute(statements, params=None)


def as_guard(schema_editor, statements):
    """In the guard's own role, so that it owns what is made; the migration goes on as the owner."""
    run(schema_editor, "SET LOCAL ROLE {guard}")
    run(schema_editor, statements)
    run(schema_editor, "RESET ROLE")


def everything_to_guard(schema_editor):
    """Tables and sequences of before the default privileges named the guard and the copy."""
    run(
        schema_editor,
        """
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {guard};
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {guard};
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO {backup};
        GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {backup};
        """,
    )


def hand_over(schema_editor):
    """All SECURITY DEFINER functions go to the guard: those of the owner would be under row security themselves."""
    run(
        schema_editor,
        """
        DO $$
        DECLARE f regprocedure;
        BEGIN
            FOR f IN
                SELECT p.oid FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
                 WHERE n.nspname = 'public' AND p.prosecdef AND p.proowner = current_user::regrole
            LOOP
                EXECUTE format('ALTER FUNCTION %s OWNER TO {guard}', f);
            END LOOP;
        END
        $$;
        -- Among them call each other; most are no business of PUBLIC.
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {guard};
        """,
    )


def take_back(schema_editor):
    """The reverse of `hand_over`: the functions are the owner's again."""
    run(
        schema_editor,
        """
        DO $$
        DECLARE f regprocedure;
        BEGIN
            FOR f IN
                SELECT p.oid FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
                 WHERE n.nspname = 'public' AND p.prosecdef AND p.proowner = '{guard}'::regrole
            LOOP
                EXECUTE format('ALTER FUNCTION %s OWNER TO {owner}', f);
            END LOOP;
        END
        $$
        """,
    )


def same_rights(schema_editor):
    """The worker may do with each table what web may do, column by column; what web may not do at all, neither."""
    run(
        schema_editor,
        """
        DO $$
        DECLARE
            v_web oid := '{web}'::regrole::oid;
            r record;
        BEGIN
            FOR r IN
                SELECT c.oid::regclass AS name, c.relkind FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'S') AND c.relowner = current_user::regrole
            LOOP
                EXECUTE format('REVOKE ALL ON %s FROM {worker}', r.name);
            END LOOP;
            FOR r IN
                SELECT c.oid::regclass AS name, a.privilege_type, NULL::name AS column
                  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS a
                 WHERE n.nspname = 'public' AND a.grantee = v_web
                UNION ALL
                SELECT c.oid::regclass, a.privilege_type, t.attname
                  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                  JOIN pg_attribute AS t ON t.attrelid = c.oid AND t.attacl IS NOT NULL, aclexplode(t.attacl) AS a
                 WHERE n.nspname = 'public' AND a.grantee = v_web
            LOOP
                EXECUTE format(
                    'GRANT %s %s ON %s TO {worker}', r.privilege_type,
                    CASE WHEN r.column IS NULL THEN '' ELSE format('(%I)', r.column) END, r.name
                );
            END LOOP;
        END
        $$
        """,
    )

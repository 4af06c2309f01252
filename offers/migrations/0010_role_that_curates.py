"""The administration of offers works in a role of its own, without any right on a table that carries a case (R4.4-7)."""

from django.db import migrations

from casework.migrations._roles import run

# What project management keeps, with the very rights that web has on it.
KEPT = (
    "offers_provider",
    "offers_providercontact",
    "offers_supportkind",
    "offers_fundingbody",
    "offers_offerlegalbasis",
    "offers_offer",
    "offers_offerversion",
    "offers_offerevent",
    "offers_offerremark",
    "offers_demandnote",
    "offers_demandreply",
    "offers_demandreplynote",
    "agreements_socialspace",
    "django_admin_log",
)
READ = (
    "casework_organisation",
    "casework_team",
    "casework_user",
    "casework_rolegrant",
    "casework_counsellor",
    "casework_localday",
    "casework_ruledocument",
    "django_content_type",
    "auth_permission",
)

SQL = """
DO $$
DECLARE
    r record;
BEGIN
    FOR r IN
        SELECT c.oid::regclass AS name, a.privilege_type, NULL::name AS column
          FROM pg_class AS c, aclexplode(c.relacl) AS a
         WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (ARRAY[KEPT]) AND a.grantee = '{web}'::regrole::oid
        UNION ALL
        SELECT c.oid::regclass, a.privilege_type, t.attname
          FROM pg_class AS c JOIN pg_attribute AS t ON t.attrelid = c.oid AND t.attacl IS NOT NULL, aclexplode(t.attacl) AS a
         WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (ARRAY[KEPT]) AND a.grantee = '{web}'::regrole::oid
    LOOP
        EXECUTE format(
            'GRANT %s %s ON %s TO {offers}', r.privilege_type,
            CASE WHEN r.column IS NULL THEN '' ELSE format('(%I)', r.column) END, r.name
        );
    END LOOP;
END
$$;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {offers};
"""


def forwards(apps, schema_editor):
    run(schema_editor, SQL.replace("KEPT", ", ".join(f"'{table}'" for table in KEPT)))
    for table in READ:
        run(schema_editor, f"GRANT SELECT ON {table} TO {{offers}}")


class Migration(migrations.Migration):
    dependencies = [
        ("offers", "0009_trainers_stay_active"),
        ("casework", "0028_who_sees_restricted_cases"),
        ("agreements", "0006_texts_that_show"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

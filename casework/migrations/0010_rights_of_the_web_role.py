"""What the web role may do with each table. It owns nothing, truncates nothing and switches off no trigger.

Whatever is on record is never deleted by it; of what changes, only the columns that may change are granted.
"""

from django.conf import settings
from django.db import migrations

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
RIGHTS = {
    "casework_organisation": "SELECT, INSERT, UPDATE",
    "casework_team": "SELECT, INSERT, UPDATE",
    "casework_user": "SELECT, INSERT, UPDATE",
    "casework_rolegrant": EVERYTHING,
    "casework_counsellor": "SELECT, INSERT, UPDATE",
    "casework_localday": EVERYTHING,
    "casework_ruledocument": EVERYTHING,
    "casework_reflectionguide": "SELECT, INSERT",
    "casework_contactchannel": "SELECT, INSERT, UPDATE",
    "casework_client": "SELECT, INSERT, UPDATE",
    "casework_clientdetail": "SELECT, INSERT, UPDATE (ended_at, ended_by_id)",
    "casework_case": "SELECT, INSERT, UPDATE (closed_at, organisation_id, is_restricted)",
    "casework_caseclosure": "SELECT, INSERT",
    "casework_caseassignment": "SELECT, INSERT, UPDATE (during)",
    "casework_caseparticipation": "SELECT, INSERT, UPDATE (during)",
    "casework_employmentstart": "SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by_id)",
    "casework_absence": "SELECT, INSERT, UPDATE (during)",
    "casework_substitution": "SELECT, INSERT, UPDATE (during)",
    "casework_contact": (
        "SELECT, INSERT, UPDATE (text, submission_digest, withdrawn_at, withdrawn_by_id, withdrawn_reason)"
    ),
    "casework_contactparticipant": "SELECT, INSERT, UPDATE (name)",
    "casework_noteaddendum": "SELECT, INSERT, UPDATE (text, reason)",
    "casework_filenote": "SELECT, INSERT, UPDATE (text, withdrawn_at, withdrawn_by_id, withdrawn_reason)",
    "casework_followup": (
        "SELECT, INSERT, UPDATE (due_on, starts_at, place, subject, version, ended_at, ended_by_id,"
        " ended_by_contact_id, successor_id, closure_id, outcome)"
    ),
    "casework_followupchange": "SELECT, INSERT, UPDATE (old_subject, old_place, reason)",
    "casework_draft": EVERYTHING,
    "casework_accessgrant": "SELECT, INSERT",
    # Write-only evidence: not even the id comes back (design.md 8).
    "casework_accessevent": "INSERT (user_id, kind, case_id, ids, request_id)",
}

# Django's own bookkeeping, written by migrations alone.
READ_ONLY = ("django_migrations", "django_content_type", "auth_permission")


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table, rights in RIGHTS.items():
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {role}")
    for table in READ_ONLY:
        schema_editor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}")
    schema_editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    for function in ("casework_assert_case(bigint)", "casework_refuse(text)"):
        schema_editor.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    schema_editor.execute(
        "REVOKE EXECUTE ON FUNCTION casework_assert_step_ahead(bigint, bigint, timestamptz, text) FROM PUBLIC"
    )


def revoke(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table in (*RIGHTS, *READ_ONLY):
        schema_editor.execute(f"GRANT {EVERYTHING} ON {table} TO {role}")
    for function in ("casework_assert_case(bigint)", "casework_refuse(text)"):
        schema_editor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO PUBLIC")
    schema_editor.execute(
        "GRANT EXECUTE ON FUNCTION casework_assert_step_ahead(bigint, bigint, timestamptz, text) TO PUBLIC"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0009_reference_data"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(grant, revoke)]

"""What the web role may do with each table: what is on record is never deleted; named columns alone may change."""

from django.conf import settings
from django.db import migrations

RIGHTS = {
    "agreements_socialspace": "SELECT, INSERT, UPDATE",
    "agreements_socialplace": (
        "SELECT, INSERT, UPDATE (name, space_id, what, reach, confirmed_at, confirmed_by_id, ended_at, ended_by_id,"
        " version)"
    ),
    "agreements_resourcefield": "SELECT, INSERT, UPDATE",
    "agreements_sheetwording": "SELECT, INSERT, UPDATE",
    "agreements_legalregime": "SELECT, INSERT, UPDATE",
    "agreements_willstatement": "SELECT, INSERT, UPDATE (life_idea, text, own_activity)",
    "agreements_resource": "SELECT, INSERT, UPDATE (text, ended_at, ended_by_id, ended_in_id)",
    "agreements_resourcereview": "SELECT, INSERT",
    "agreements_agreement": (
        "SELECT, INSERT, UPDATE (goal, employment_link, rhythm, superseded_at, superseded_by_id, withdrawn_at,"
        " withdrawn_by_id)"
    ),
    "agreements_agreementstep": "SELECT, INSERT, UPDATE (text, owner_name)",
    "agreements_agreementresource": "SELECT, INSERT",
    "agreements_stepreminder": "SELECT, INSERT",
    "agreements_stepoutcome": "SELECT, INSERT, UPDATE (text)",
    "agreements_agreementhandout": "SELECT, INSERT",
}


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table, rights in RIGHTS.items():
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {role}")
    schema_editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_agreement_stays")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]

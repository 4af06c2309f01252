"""The real keys between rows of a case: composite with the case, deferrable (design.md 4 and 8)."""

from django.db import migrations

# table, column, referenced table
KEYS = [
    ("agreements_willstatement", "contact_id", "casework_contact"),
    ("agreements_resource", "contact_id", "casework_contact"),
    ("agreements_resource", "ended_in_id", "casework_contact"),
    ("agreements_resourcereview", "contact_id", "casework_contact"),
    ("agreements_agreement", "contact_id", "casework_contact"),
    ("agreements_agreement", "review_follow_up_id", "casework_followup"),
    ("agreements_agreement", "superseded_by_id", "agreements_agreement"),
    ("agreements_agreementstep", "agreement_id", "agreements_agreement"),
    ("agreements_agreementresource", "agreement_id", "agreements_agreement"),
    ("agreements_agreementresource", "resource_id", "agreements_resource"),
    ("agreements_stepreminder", "step_id", "agreements_agreementstep"),
    ("agreements_stepreminder", "follow_up_id", "casework_followup"),
    ("agreements_stepreminder", "contact_id", "casework_contact"),
    ("agreements_stepoutcome", "step_id", "agreements_agreementstep"),
    ("agreements_stepoutcome", "contact_id", "casework_contact"),
    ("agreements_agreementhandout", "agreement_id", "agreements_agreement"),
]


def _operations():
    for table, column, target in KEYS:
        name = f"{table.removeprefix('agreements_')}_{column.removesuffix('_id')}_of_same_case"
        yield migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (case_id, {column}) "
            f"REFERENCES {target} (case_id, id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_what_was_agreed")]
    operations = list(_operations())

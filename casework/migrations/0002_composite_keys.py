"""The real keys between rows of a case: composite with the case, deferrable (design.md 4 and 8).

A plain key would let a follow-up of another case count. Deferrable, because contact and follow-up name each other.
"""

from django.db import migrations

# table, column, referenced table
KEYS = [
    ("casework_contact", "follow_up_id", "casework_followup"),
    ("casework_contact", "closure_id", "casework_caseclosure"),
    ("casework_contact", "appointment_id", "casework_followup"),
    ("casework_contact", "replaces_id", "casework_contact"),
    ("casework_contactparticipant", "contact_id", "casework_contact"),
    ("casework_noteaddendum", "contact_id", "casework_contact"),
    ("casework_followup", "contact_id", "casework_contact"),
    ("casework_followup", "ended_by_contact_id", "casework_contact"),
    ("casework_followup", "successor_id", "casework_followup"),
    ("casework_followup", "closure_id", "casework_caseclosure"),
    ("casework_followupchange", "follow_up_id", "casework_followup"),
    ("casework_followupchange", "contact_id", "casework_contact"),
]


def _operations():
    for table, column, target in KEYS:
        name = f"{table.removeprefix('casework_')}_{column.removesuffix('_id')}_of_same_case"
        yield migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (case_id, {column}) "
            f"REFERENCES {target} (case_id, id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_people_and_files")]
    operations = list(_operations())

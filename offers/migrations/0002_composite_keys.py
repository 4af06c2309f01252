"""The real keys between rows of a case: composite with the case, deferrable (design.md 4 and 8)."""

from django.db import migrations

# table, column, referenced table
KEYS = [
    ("offers_offerchoice", "contact_id", "casework_contact"),
    ("offers_offerchoice", "agreement_id", "agreements_agreement"),
    ("offers_offerchoice", "review_id", "agreements_resourcereview"),
    ("offers_intentversion", "choice_id", "offers_offerchoice"),
    ("offers_intentversion", "contact_id", "casework_contact"),
    ("offers_participation", "choice_id", "offers_offerchoice"),
    ("offers_participationoutcome", "choice_id", "offers_offerchoice"),
    ("offers_participationoutcome", "contact_id", "casework_contact"),
    ("offers_groupmember", "choice_id", "offers_offerchoice"),
    ("offers_attendance", "member_id", "offers_groupmember"),
    ("offers_attendance", "contact_id", "casework_contact"),
]


def _operations():
    for table, column, target in KEYS:
        name = f"{table.removeprefix('offers_')}_{column.removesuffix('_id')}_of_same_case"
        yield migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (case_id, {column}) "
            f"REFERENCES {target} (case_id, id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )
    # A choice is immediate if and only if its offer is: that alone spares the look at resources (R3.3-3).
    yield migrations.RunSQL(
        "ALTER TABLE offers_offerchoice ADD CONSTRAINT choice_is_immediate_as_its_offer"
        " FOREIGN KEY (offer_id, immediate) REFERENCES offers_offer (id, immediate) DEFERRABLE INITIALLY DEFERRED",
        "ALTER TABLE offers_offerchoice DROP CONSTRAINT choice_is_immediate_as_its_offer",
    )


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_offers_and_choices"), ("agreements", "0005_reference_data")]
    operations = list(_operations())

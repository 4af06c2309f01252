"""A few legal bases to begin with. Each says that the house has yet to check it; the Fachadministration keeps them.

Paragraphs and days are those of domain.md 5.1 and 5.2. No text of a Rechtsfolgenbelehrung comes with them: a wrong one
is worse than none (domain.md 12.16).
"""

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

# paragraph, short title, first day, first day on which it holds no longer, what is to be checked
BASES = [
    (
        "§ 59 SGB II i. V. m. § 309 SGB III",
        "Meldung nach Aufforderung",
        "2023-07-01",
        None,
        "Zu prüfen: Wortlaut; der Beginn ist nur der früheste hier gebrauchte Tag.",
    ),
    (
        "§ 15 Abs. 5 SGB II",
        "Aufforderung nach Prüfung der Absprachen im Kooperationsplan",
        "2023-07-01",
        "2026-07-01",
        "Zu prüfen: Gesetzestext mit Stand April 2026.",
    ),
    (
        "§ 15 Abs. 6 SGB II",
        "Aufforderung, wenn kein Kooperationsplan zustande kommt",
        "2023-07-01",
        "2026-07-01",
        "Zu prüfen: Gesetzestext mit Stand April 2026.",
    ),
    (
        "§ 15a SGB II",
        "Verpflichtung durch Verwaltungsakt",
        "2026-07-01",
        None,
        "Zu prüfen: BGBl. 2026 I Nr. 107, Inkrafttreten 01.07.2026. Der Verwaltungsakt entsteht nicht hier.",
    ),
]


def add(apps, schema_editor):
    basis = apps.get_model("casework", "LegalBasis")
    basis.objects.using(schema_editor.connection.alias).bulk_create(
        basis(paragraph=paragraph, title=title, during=DateRange(first, end), source=source)
        for paragraph, title, first, end, source in BASES
    )


def remove(apps, schema_editor):
    # The rows stay until their table goes with the migration before: nothing deletes a legal basis.
    pass


class Migration(migrations.Migration):
    dependencies = [("casework", "0014_duty_to_cooperate")]
    operations = [migrations.RunPython(add, remove)]

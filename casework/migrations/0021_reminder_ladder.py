"""How long an overdue item waits before the next person is told of it; kept by the Fachadministration."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RIGHTS = {"casework_reminderladder": "SELECT, INSERT, UPDATE, DELETE"}


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table, rights in RIGHTS.items():
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {role}")
    schema_editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


def within(first, last):
    sentence = f"Bitte eine Zahl von {first} bis {last}."
    return [
        django.core.validators.MinValueValidator(first, sentence),
        django.core.validators.MaxValueValidator(last, sentence),
    ]


class Migration(migrations.Migration):
    dependencies = [("casework", "0020_former_reading")]
    operations = [
        migrations.CreateModel(
            name="ReminderLadder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "own_after",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="So viele Arbeitstage darf etwas überfällig sein, bevor die Mail der zuständigen IFK "
                        "davon erzählt. 0: gleich am nächsten Arbeitstag.",
                        validators=within(0, 10),
                        verbose_name="zuständige IFK",
                    ),
                ),
                (
                    "substitute_after",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Ist die IFK abwesend: so viele Arbeitstage, bevor die Mail der Vertretung davon "
                        "erzählt. 0: gleich am nächsten Arbeitstag.",
                        validators=within(0, 10),
                        verbose_name="Vertretung",
                    ),
                ),
                (
                    "lead_after",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="Ist etwas länger als so viele Arbeitstage überfällig, zählt es die wöchentliche Mail "
                        "der Teamleitung. Wofür niemand da ist, erfährt die Teamleitung immer gleich.",
                        validators=within(1, 30),
                        verbose_name="Teamleitung",
                    ),
                ),
                (
                    "lead_weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Montag"),
                            (1, "Dienstag"),
                            (2, "Mittwoch"),
                            (3, "Donnerstag"),
                            (4, "Freitag"),
                        ],
                        default=0,
                        help_text="Ist das Haus an diesem Tag geschlossen, geht die Mail am nächsten Arbeitstag der "
                        "Woche hinaus, sonst am letzten davor.",
                        verbose_name="Wochentag der Teamleitung",
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminder_ladder",
                        to="casework.organisation",
                        verbose_name="Organisation",
                    ),
                ),
            ],
            options={"verbose_name": "Stufen der Erinnerung", "verbose_name_plural": "Stufen der Erinnerung"},
        ),
        migrations.AddConstraint(
            model_name="reminderladder",
            constraint=models.CheckConstraint(
                condition=models.Q(("own_after__lte", 10), ("substitute_after__lte", 10)),
                name="ladder_grace_is_short",
                violation_error_message="Bitte höchstens 10 Arbeitstage.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderladder",
            constraint=models.CheckConstraint(
                condition=models.Q(("lead_after__range", (1, 30))),
                name="ladder_reaches_the_lead",
                violation_error_message="Die Teamleitung erfährt es nach 1 bis 30 Arbeitstagen.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderladder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("own_after__lte", models.F("lead_after")), ("substitute_after__lte", models.F("lead_after"))
                ),
                name="ladder_climbs",
                violation_error_message="Die Teamleitung erfährt nichts vor der IFK und ihrer Vertretung.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderladder",
            constraint=models.CheckConstraint(
                condition=models.Q(("lead_weekday__in", [0, 1, 2, 3, 4])),
                name="ladder_weekday_known",
                violation_error_message="Bitte einen Tag von Montag bis Freitag.",
            ),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

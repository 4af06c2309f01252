"""Project management is told once a week that offers become stale: a mail of its own kind, with the day of a week."""

from django.db import migrations, models

DAY_FITS = """
ALTER TABLE casework_digestmail DROP CONSTRAINT digest_day_fits_kind;
ALTER TABLE casework_digestmail ADD CONSTRAINT digest_day_fits_kind CHECK (
    (kind <> 'own' OR local_date = planned_on)
    AND (kind {weekly} OR extract(isodow FROM local_date) = 1 AND planned_on - local_date BETWEEN 0 AND 6)
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0016_reflection_guide_by_parts"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="digestmail",
            name="digest_kind_known",
        ),
        migrations.AlterField(
            model_name="digestmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("own", "eigene Liste"),
                    ("team", "Team, einmal in der Woche"),
                    ("offers", "Angebote, die bald veralten"),
                ],
                max_length=10,
                verbose_name="Art",
            ),
        ),
        migrations.AddConstraint(
            model_name="digestmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["own", "team", "offers"])), name="digest_kind_known"
            ),
        ),
        migrations.RunSQL(
            DAY_FITS.format(weekly="NOT IN ('team', 'offers')"),
            DAY_FITS.format(weekly="<> 'team'"),
        ),
    ]

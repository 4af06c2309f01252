"""Who is there: part-time weekdays, standing substitutes, absences without an end, and teams led by who stands in."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = """
-- Whether somebody works on this day of the week; without a pattern Monday to Friday. Absences and holidays are asked
-- elsewhere.
CREATE FUNCTION casework_works_on(p_user bigint, p_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT coalesce(
        (SELECT (p.weekdays >> (extract(isodow FROM p_day)::int - 1)) & 1 = 1
           FROM casework_workpattern AS p
          WHERE p.user_id = p_user AND p.since <= p_day ORDER BY p.since DESC LIMIT 1),
        true)
$$;

-- The teams that somebody leads at a moment: own ones, and those of a lead for whom the user stands in on that day.
CREATE FUNCTION casework_led_teams(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 2
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT r.team_id FROM casework_rolegrant AS r WHERE r.user_id = p_user AND r.role = 'team_lead'
    UNION
    SELECT r.team_id FROM casework_substitution AS s
      JOIN casework_rolegrant AS r ON r.user_id = s.absent_user_id AND r.role = 'team_lead'
     WHERE s.substitute_id = p_user AND s.during @> (p_at AT TIME ZONE 'Europe/Berlin')::date
$$;

CREATE OR REPLACE FUNCTION casework_visible_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 150
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_readable_cases(p_user, p_at)
    UNION
    SELECT a.case_id
      FROM casework_led_teams(p_user, p_at) AS led (team_id)
      JOIN casework_user AS member ON member.team_id = led.team_id
      JOIN casework_caseassignment AS a ON a.counsellor_id = member.id
      JOIN casework_case AS c ON c.id = a.case_id
     WHERE upper_inf(a.during) OR upper(a.during) = c.closed_at
$$;
"""

REVERSE = """
CREATE OR REPLACE FUNCTION casework_visible_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 150
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_readable_cases(p_user, p_at)
    UNION
    SELECT a.case_id
      FROM casework_rolegrant AS r
      JOIN casework_user AS member ON member.team_id = r.team_id
      JOIN casework_caseassignment AS a ON a.counsellor_id = member.id
      JOIN casework_case AS c ON c.id = a.case_id
     WHERE r.user_id = p_user AND r.role = 'team_lead'
       AND (upper_inf(a.during) OR upper(a.during) = c.closed_at)
$$;
DROP FUNCTION casework_led_teams(bigint, timestamptz);
DROP FUNCTION casework_works_on(bigint, date);
"""

RIGHTS = {
    "casework_workpattern": "SELECT, INSERT, UPDATE (weekdays, entered_at, entered_by_id), DELETE",
    "casework_standingsubstitute": "SELECT, INSERT, UPDATE (substitute_id, entered_at, entered_by_id), DELETE",
}


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table, rights in RIGHTS.items():
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {role}")
    schema_editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0017_offers_that_become_stale"),
    ]

    operations = [
        migrations.CreateModel(
            name="StandingSubstitute",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing_substitute",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name": "ständige Vertretung",
                "verbose_name_plural": "ständige Vertretungen",
            },
        ),
        migrations.CreateModel(
            name="WorkPattern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="gilt ab")),
                ("weekdays", models.PositiveSmallIntegerField(verbose_name="Wochentage")),
                (
                    "entered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name": "Arbeitstage",
                "verbose_name_plural": "Arbeitstage",
            },
        ),
        migrations.RemoveConstraint(
            model_name="substitution",
            name="substitution_period_real",
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(("during__isempty", False), ("during__startswith__isnull", False)),
                name="substitution_period_real",
            ),
        ),
        migrations.AddField(
            model_name="standingsubstitute",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="standingsubstitute",
            name="substitute",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ständige Vertretung",
            ),
        ),
        migrations.AddField(
            model_name="workpattern",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="workpattern",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="work_patterns", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="standingsubstitute",
            constraint=models.CheckConstraint(
                condition=models.Q(("substitute", models.F("user")), _negated=True),
                name="standing_substitute_is_somebody_else",
                violation_error_message="Niemand kann sich selbst vertreten.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workpattern",
            constraint=models.UniqueConstraint(
                fields=("user", "since"),
                name="one_work_pattern_from_a_day_on",
                violation_error_message="Ab diesem Tag ist schon etwas eingetragen.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workpattern",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekdays__range", (1, 31))), name="work_pattern_has_days"
            ),
        ),
        migrations.RunSQL(SQL, REVERSE),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

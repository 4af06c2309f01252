"""Reminder mails: one per recipient, local date and kind, and what has ended stays ended (design.md 4, 5)."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = """
CREATE FUNCTION casework_digest_ends_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- Whoever removes the row of a day could have its mail sent a second time.
        IF OLD.local_date > (clock_timestamp() AT TIME ZONE 'Europe/Berlin')::date - 14 THEN
            RAISE EXCEPTION 'digest % is not old enough', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'digest_stays_a_fortnight';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state IN ('sent', 'failed', 'unclear', 'dropped')
       OR (NEW.recipient_id, NEW.local_date, NEW.kind) IS DISTINCT FROM (OLD.recipient_id, OLD.local_date, OLD.kind) THEN
        RAISE EXCEPTION 'digest % has ended', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'digest_ends_once';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER digest_ends_once BEFORE UPDATE OR DELETE ON casework_digestmail
    FOR EACH ROW EXECUTE FUNCTION casework_digest_ends_once();
"""

REVERSE = """
DROP TRIGGER digest_ends_once ON casework_digestmail;
DROP FUNCTION casework_digest_ends_once();
"""

RIGHTS = {
    "casework_digestrun": "SELECT, INSERT, DELETE",
    "casework_digestmail": (
        "SELECT, INSERT, DELETE, UPDATE (state, attempts, not_before, lease_until, ended_at, answer)"
    ),
}


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table, rights in RIGHTS.items():
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {role}")
    schema_editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0010_rights_of_the_web_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="DigestRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("local_date", models.DateField(unique=True, verbose_name="Tag")),
                (
                    "planned_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name": "Planung der Erinnerungen",
                "verbose_name_plural": "Planungen der Erinnerungen",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="remind_of_today",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="morgens auch an das erinnern, was heute ansteht"
            ),
        ),
        migrations.CreateModel(
            name="DigestMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("local_date", models.DateField(verbose_name="Tag")),
                ("planned_on", models.DateField(verbose_name="geplant am")),
                (
                    "kind",
                    models.CharField(
                        choices=[("own", "eigene Liste"), ("team", "Team, einmal in der Woche")],
                        max_length=10,
                        verbose_name="Art",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "wartet"),
                            ("claimed", "wird übergeben"),
                            ("sent", "verschickt"),
                            ("failed", "nicht zugestellt"),
                            ("unclear", "unklar"),
                            ("dropped", "entfallen"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="Zustand",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="Versuche")),
                (
                    "not_before",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="nicht vor"
                    ),
                ),
                ("lease_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=20, verbose_name="Antwort")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "Erinnerungsmail",
                "verbose_name_plural": "Erinnerungsmails",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "claimed"])),
                        fields=["not_before"],
                        name="digest_under_way",
                    ),
                    models.Index(fields=["planned_on"], name="digest_by_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "local_date", "kind"), name="digest_once"),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["own", "team"])), name="digest_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "claimed", "sent", "failed", "unclear", "dropped"])
                        ),
                        name="digest_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease_until__isnull", False), ("state", "claimed")),
                            models.Q(models.Q(("state", "claimed"), _negated=True), ("lease_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="digest_lease_if_and_only_if_claimed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ("sent", "failed", "unclear", "dropped"))
                            ),
                            models.Q(
                                models.Q(("state__in", ("sent", "failed", "unclear", "dropped")), _negated=True),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="digest_end_if_and_only_if_ended",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, REVERSE),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

"""Signing in: open sessions, counted guesses, identities of directories, notices, and what happened to accounts."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = """
CREATE TRIGGER account_event_is_final BEFORE UPDATE OR DELETE ON casework_accountevent
    FOR EACH ROW EXECUTE FUNCTION casework_never();
"""
REVERSE = "DROP TRIGGER account_event_is_final ON casework_accountevent;"

RIGHTS = {
    # Write-only evidence, as with the looks at cases: not even the id comes back.
    "casework_accountevent": "INSERT (user_id, kind, by_user_id, request_id)",
    "casework_accountnotice": "SELECT, INSERT, UPDATE (claimed_at), DELETE",
    "casework_directoryidentity": "SELECT, INSERT, UPDATE (provider, subject), DELETE",
    "casework_guesscount": "SELECT, INSERT, UPDATE (failures, failed_at), DELETE",
    "casework_opensession": "SELECT, INSERT, UPDATE (last_seen_at), DELETE",
}


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table, rights in RIGHTS.items():
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {role}")
    schema_editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0028_who_sees_restricted_cases"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("user_id", models.BigIntegerField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign_in.succeeded", "angemeldet"),
                            ("sign_in.failed", "Anmeldung misslungen"),
                            ("sign_in.slowed", "Anmeldung gebremst"),
                            ("directory.refused", "Anmeldung der Organisation abgewiesen"),
                            ("factor.given", "zweiter Faktor gegeben"),
                            ("factor.failed", "zweiter Faktor falsch"),
                            ("factor.slowed", "zweiter Faktor gebremst"),
                            ("factor.added", "zweiter Faktor eingerichtet"),
                            ("factor.removed", "zweiter Faktor entfernt"),
                            ("factor.reset", "zweite Faktoren zurückgesetzt"),
                            ("recovery_codes.made", "Wiederherstellungscodes erzeugt"),
                            ("sessions.ended", "Sitzungen beendet"),
                            ("password.changed", "Passwort geändert"),
                            ("directory.changed", "Kennung im Verzeichnis geändert"),
                        ],
                        max_length=30,
                    ),
                ),
                ("by_user_id", models.BigIntegerField(null=True)),
                ("request_id", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name": "Kontoereignis",
                "verbose_name_plural": "Kontoereignisse",
                "indexes": [
                    models.Index(fields=["user_id", "at"], name="account_event_of_user"),
                    models.Index(fields=["at"], name="account_event_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "sign_in.succeeded",
                                    "sign_in.failed",
                                    "sign_in.slowed",
                                    "directory.refused",
                                    "factor.given",
                                    "factor.failed",
                                    "factor.slowed",
                                    "factor.added",
                                    "factor.removed",
                                    "factor.reset",
                                    "recovery_codes.made",
                                    "sessions.ended",
                                    "password.changed",
                                    "directory.changed",
                                ],
                            )
                        ),
                        name="account_event_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GuessCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pair", "Konto und Netz"),
                            ("network", "Netz"),
                            ("device", "bekanntes Gerät"),
                            ("factor", "zweiter Faktor"),
                        ],
                        max_length=8,
                    ),
                ),
                ("slot", models.PositiveIntegerField()),
                ("failures", models.PositiveIntegerField()),
                ("failed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "Fehlversuche",
                "verbose_name_plural": "Fehlversuche",
                "indexes": [models.Index(fields=["failed_at"], name="guesses_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "slot"), name="one_count_of_guesses_each"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pair", "network", "device", "factor"])),
                        name="guess_kind_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("slot__lt", 262144)), name="guesses_take_bounded_room"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("claimed_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account_notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Kontonachricht",
                "verbose_name_plural": "Kontonachrichten",
                "indexes": [
                    models.Index(
                        condition=models.Q(("claimed_at", None)), fields=["made_at"], name="account_notice_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("claimed_at", None), ("claimed_at__gte", models.F("made_at")), _connector="OR"
                        ),
                        name="account_notice_claimed_after_made",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DirectoryIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.SlugField(max_length=40, verbose_name="Verzeichnis")),
                ("subject", models.CharField(max_length=255, verbose_name="Kennung im Verzeichnis")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="directory_identities",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Konto",
                    ),
                ),
            ],
            options={
                "verbose_name": "Kennung im Verzeichnis",
                "verbose_name_plural": "Kennungen im Verzeichnis",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "subject"),
                        name="directory_identity_names_one_account",
                        violation_error_message="Diese Kennung gehört schon zu einem anderen Konto.",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "provider"),
                        name="one_identity_per_directory",
                        violation_error_message="Für dieses Verzeichnis ist schon eine Kennung eingetragen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject__regex", "\\S")),
                        name="directory_subject_not_blank",
                        violation_error_message="Bitte nennen Sie die Kennung.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("signed_in_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("last_seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("network", models.CharField(max_length=60, verbose_name="Netz")),
                ("program", models.CharField(max_length=60, verbose_name="Programm")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Sitzung",
                "verbose_name_plural": "Sitzungen",
                "indexes": [models.Index(fields=["last_seen_at"], name="open_session_by_use")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("session_hash__regex", "^[0-9a-f]{64}$")), name="open_session_keeps_a_hash"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_seen_at__gte", models.F("signed_in_at"))),
                        name="open_session_seen_after_it_began",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, REVERSE),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

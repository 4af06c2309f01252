"""Mitwirkungspflichten: a demand rests on law in force, is a record of its own, and every word of it stays (R2-2).

None of these tables points to an agreement or to an offer, and nothing here decides or counts (domain.md 5.5).
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = """
ALTER TABLE casework_dutyfact
    ADD CONSTRAINT dutyfact_duty_of_same_case FOREIGN KEY (case_id, duty_id)
        REFERENCES casework_dutytocooperate (case_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT duty_fact_not_in_the_future CHECK (
        isfinite(recorded_at) AND happened_on <= (recorded_at AT TIME ZONE 'Europe/Berlin')::date
    ),
    ADD CONSTRAINT duty_fact_withdrawn_after_it_was_recorded
        CHECK (withdrawn_at >= recorded_at - interval '1 minute' AND isfinite(withdrawn_at));
ALTER TABLE casework_dutytocooperate
    ADD CONSTRAINT duty_day_is_finite CHECK (isfinite(due_on)),
    ADD CONSTRAINT duty_withdrawn_after_it_was_recorded
        CHECK (withdrawn_at >= recorded_at - interval '1 minute' AND isfinite(withdrawn_at));

-- A demand rests on law that holds on the day of its recording, and is recorded in an open case (R2-2).
CREATE FUNCTION casework_duty_rests_on_law() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_opened timestamptz;
    v_closed timestamptz;
    v_day date;
    v_basis bigint;
    v_during daterange;
BEGIN
    PERFORM casework_need_read_committed();
    IF NEW.legal_basis_id IS NULL THEN
        PERFORM casework_refuse('duty_has_legal_basis');
    END IF;
    -- The end of the case waits, or is waited for.
    SELECT opened_at, closed_at INTO v_opened, v_closed FROM casework_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
    IF v_closed IS NOT NULL THEN
        PERFORM casework_refuse('duty_in_open_case');
    END IF;
    IF NOT isfinite(NEW.recorded_at) OR NEW.recorded_at > clock_timestamp() + interval '1 minute'
       OR NEW.recorded_at < v_opened - interval '1 minute'
    THEN
        PERFORM casework_refuse('duty_recorded_in_its_case');
    END IF;
    v_day := (NEW.recorded_at AT TIME ZONE 'Europe/Berlin')::date;
    -- FOR SHARE: whoever shortens the period waits, or is waited for.
    PERFORM 1 FROM casework_legalbasis WHERE id = NEW.legal_basis_id AND during @> v_day FOR SHARE;
    IF NOT FOUND THEN
        PERFORM casework_refuse('duty_rests_on_law_in_force');
    END IF;
    IF NEW.notice_id IS NOT NULL THEN
        SELECT legal_basis_id, during INTO v_basis, v_during
          FROM casework_legalnotice WHERE id = NEW.notice_id FOR SHARE;
        IF v_basis IS DISTINCT FROM NEW.legal_basis_id THEN
            PERFORM casework_refuse('duty_notice_of_its_basis');
        END IF;
        IF NOT v_during @> v_day THEN
            PERFORM casework_refuse('duty_notice_in_force');
        END IF;
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION casework_duty_fact_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_withdrawn timestamptz;
BEGIN
    PERFORM casework_need_read_committed();
    IF NEW.recorded_at > clock_timestamp() + interval '1 minute' THEN
        PERFORM casework_refuse('duty_fact_not_in_the_future');
    END IF;
    IF NEW.happened_on < (
        SELECT (opened_at AT TIME ZONE 'Europe/Berlin')::date FROM casework_case WHERE id = NEW.case_id
    ) THEN
        PERFORM casework_refuse('duty_fact_not_before_its_case');
    END IF;
    -- FOR SHARE: whoever withdraws the demand waits, or is waited for.
    SELECT withdrawn_at INTO v_withdrawn FROM casework_dutytocooperate WHERE id = NEW.duty_id FOR SHARE;
    IF v_withdrawn IS NOT NULL THEN
        PERFORM casework_refuse('withdrawn_duty_takes_no_fact');
    END IF;
    RETURN NEW;
END
$$;

-- A demand and what is told of it change once: by being withdrawn, and every word stays.
CREATE FUNCTION casework_only_withdrawn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_free text[] := ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason'];
BEGIN
    IF TG_OP = 'DELETE'
       OR OLD.withdrawn_at IS NOT NULL
       OR NEW.withdrawn_at IS NULL
       OR (to_jsonb(OLD) - v_free) IS DISTINCT FROM (to_jsonb(NEW) - v_free)
    THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    RETURN NEW;
END
$$;

-- Whoever reads an old demand reads the law and the text that were named then. TG_ARGV: columns that may change.
CREATE FUNCTION casework_legal_text_stays() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_need_read_committed();
    IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - TG_ARGV) IS DISTINCT FROM (to_jsonb(NEW) - TG_ARGV) THEN
        PERFORM casework_refuse('legal_text_stays');
    END IF;
    IF NEW.during <> OLD.during AND EXISTS (
        SELECT 1 FROM casework_dutytocooperate AS d
         WHERE CASE TG_TABLE_NAME WHEN 'casework_legalbasis' THEN d.legal_basis_id ELSE d.notice_id END = NEW.id
           AND NOT NEW.during @> (d.recorded_at AT TIME ZONE 'Europe/Berlin')::date
    ) THEN
        PERFORM casework_refuse('legal_text_covers_its_duties');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER duty_rests_on_law BEFORE INSERT ON casework_dutytocooperate
    FOR EACH ROW EXECUTE FUNCTION casework_duty_rests_on_law();
CREATE TRIGGER duty_is_final BEFORE UPDATE OR DELETE ON casework_dutytocooperate
    FOR EACH ROW EXECUTE FUNCTION casework_only_withdrawn();
CREATE TRIGGER duty_fact_fits BEFORE INSERT ON casework_dutyfact
    FOR EACH ROW EXECUTE FUNCTION casework_duty_fact_fits();
CREATE TRIGGER duty_fact_is_final BEFORE UPDATE OR DELETE ON casework_dutyfact
    FOR EACH ROW EXECUTE FUNCTION casework_only_withdrawn();
CREATE TRIGGER legal_basis_stays BEFORE UPDATE OR DELETE ON casework_legalbasis
    FOR EACH ROW EXECUTE FUNCTION casework_legal_text_stays('during', 'source');
CREATE TRIGGER legal_notice_stays BEFORE UPDATE OR DELETE ON casework_legalnotice
    FOR EACH ROW EXECUTE FUNCTION casework_legal_text_stays('during');
"""

# The tables themselves go with the operations above, and with them triggers and constraints.
REVERSE = """
DROP TRIGGER legal_notice_stays ON casework_legalnotice;
DROP TRIGGER legal_basis_stays ON casework_legalbasis;
DROP TRIGGER duty_fact_is_final ON casework_dutyfact;
DROP TRIGGER duty_fact_fits ON casework_dutyfact;
DROP TRIGGER duty_is_final ON casework_dutytocooperate;
DROP TRIGGER duty_rests_on_law ON casework_dutytocooperate;
DROP FUNCTION casework_legal_text_stays();
DROP FUNCTION casework_only_withdrawn();
DROP FUNCTION casework_duty_fact_fits();
DROP FUNCTION casework_duty_rests_on_law();
ALTER TABLE casework_dutytocooperate
    DROP CONSTRAINT duty_day_is_finite, DROP CONSTRAINT duty_withdrawn_after_it_was_recorded;
ALTER TABLE casework_dutyfact
    DROP CONSTRAINT dutyfact_duty_of_same_case, DROP CONSTRAINT duty_fact_not_in_the_future,
    DROP CONSTRAINT duty_fact_withdrawn_after_it_was_recorded;
"""

WITHDRAWAL = "withdrawn_at, withdrawn_by_id"
RIGHTS = {
    "casework_legalbasis": "SELECT, INSERT, UPDATE (during, source)",
    "casework_legalnotice": "SELECT, INSERT, UPDATE (during)",
    "casework_dutytocooperate": f"SELECT, INSERT, UPDATE ({WITHDRAWAL}, withdrawn_reason)",
    "casework_dutyfact": f"SELECT, INSERT, UPDATE ({WITHDRAWAL})",
}


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table, rights in RIGHTS.items():
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {role}")
    schema_editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0013_one_case_at_a_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalBasis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "paragraph",
                    models.CharField(
                        help_text="so: § 59 SGB II i. V. m. § 309 SGB III",
                        max_length=120,
                        verbose_name="Rechtsgrundlage",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Kurztitel")),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Das Ende ist der erste Tag, an dem es nicht mehr gilt; leer: bis auf Weiteres.",
                        verbose_name="gilt",
                    ),
                ),
                ("source", models.CharField(blank=True, default="", max_length=300, verbose_name="Fundstelle")),
            ],
            options={
                "verbose_name": "Rechtsgrundlage",
                "verbose_name_plural": "Rechtsgrundlagen",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("paragraph__regex", "\\S")),
                        name="legal_basis_named",
                        violation_error_message="Bitte füllen Sie dieses Feld aus.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__regex", "\\S")),
                        name="legal_basis_titled",
                        violation_error_message="Bitte füllen Sie dieses Feld aus.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False), ("during__startswith__isnull", False)),
                        name="legal_basis_period_real",
                        violation_error_message="Bitte geben Sie an, ab wann die Rechtsgrundlage gilt.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("paragraph", "="), ("during", "&&")],
                        name="one_wording_of_a_legal_basis_at_a_time",
                        violation_error_message="Diese Rechtsgrundlage ist für diese Zeit schon eingetragen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.CharField(
                        help_text="so: Meldeaufforderung, Stand 01.07.2026", max_length=80, verbose_name="Fassung"
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="wird nicht mehr geändert; eine neue Fassung ist ein neuer Eintrag",
                        verbose_name="Wortlaut",
                    ),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Das Ende ist der erste Tag, an dem es nicht mehr gilt; leer: bis auf Weiteres.",
                        verbose_name="gilt",
                    ),
                ),
                (
                    "legal_basis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="casework.legalbasis",
                        verbose_name="Rechtsgrundlage",
                    ),
                ),
            ],
            options={
                "verbose_name": "Rechtsfolgenbelehrung",
                "verbose_name_plural": "Rechtsfolgenbelehrungen (Fassungen)",
            },
        ),
        migrations.CreateModel(
            name="DutyToCooperate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("demand", models.CharField(max_length=600, verbose_name="Was wird gefordert?")),
                ("due_on", models.DateField(null=True, verbose_name="bis")),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(max_length=300, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="casework.case"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "legal_basis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.legalbasis",
                        verbose_name="Rechtsgrundlage",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.legalnotice",
                        verbose_name="Rechtsfolgenbelehrung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Mitwirkungspflicht",
                "verbose_name_plural": "Mitwirkungspflichten",
            },
        ),
        migrations.CreateModel(
            name="DutyFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("posted", "abgesandt"),
                            ("appeared", "erschienen oder nachgekommen"),
                            ("not_appeared", "nicht erschienen"),
                            ("reason", "Grund genannt"),
                        ],
                        max_length=20,
                        verbose_name="Was",
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="Tag")),
                ("text", models.CharField(blank=True, default="", max_length=300, verbose_name="genannter Grund")),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="facts",
                        to="casework.dutytocooperate",
                    ),
                ),
            ],
            options={
                "verbose_name": "Angabe zu einer Mitwirkungspflicht",
                "verbose_name_plural": "Angaben zu Mitwirkungspflichten",
                "indexes": [
                    models.Index(fields=["duty", "happened_on", "id"], name="duty_fact_of_duty"),
                    models.Index(fields=["case", "-recorded_at", "-id"], name="duty_fact_of_case"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["posted", "appeared", "not_appeared", "reason"])),
                        name="duty_fact_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reason"), ("text__regex", "\\S")),
                            models.Q(models.Q(("kind", "reason"), _negated=True), ("text", "")),
                            _connector="OR",
                        ),
                        name="duty_fact_text_if_and_only_if_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None), models.Q(("kind", "reason"), _negated=True)),
                        fields=("duty", "kind", "happened_on"),
                        name="duty_fact_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="duty_fact_withdrawal_paired",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="legalnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__regex", "\\S")),
                name="legal_notice_named",
                violation_error_message="Bitte füllen Sie dieses Feld aus.",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("text__regex", "\\S")),
                name="legal_notice_not_blank",
                violation_error_message="Bitte füllen Sie dieses Feld aus.",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("during__isempty", False), ("during__startswith__isnull", False)),
                name="legal_notice_period_real",
                violation_error_message="Bitte geben Sie an, ab wann die Fassung gilt.",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalnotice",
            constraint=models.UniqueConstraint(
                fields=("legal_basis", "version"),
                name="legal_notice_version_once",
                violation_error_message="Eine Fassung dieses Namens gibt es zu dieser Rechtsgrundlage schon.",
            ),
        ),
        migrations.AddIndex(
            model_name="dutytocooperate",
            index=models.Index(fields=["case", "-recorded_at", "-id"], name="duty_of_case"),
        ),
        migrations.AddConstraint(
            model_name="dutytocooperate",
            constraint=models.UniqueConstraint(fields=("case", "id"), name="duty_key"),
        ),
        migrations.AddConstraint(
            model_name="dutytocooperate",
            constraint=models.CheckConstraint(
                condition=models.Q(("demand__regex", "\\S")),
                name="duty_demand_not_blank",
                violation_error_message="Bitte schreiben Sie, was gefordert wird.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutytocooperate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("withdrawn_at__isnull", True),
                        ("withdrawn_by__isnull", True),
                        ("withdrawn_reason__isnull", True),
                    ),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        ("withdrawn_reason__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="duty_withdrawal_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutytocooperate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_reason__isnull", True), ("withdrawn_reason__regex", "\\S"), _connector="OR"
                ),
                name="duty_withdrawal_reason_not_blank",
            ),
        ),
        migrations.RunSQL(SQL, REVERSE),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

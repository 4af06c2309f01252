"""Caseload: handovers, intakes, letters, calendar addresses and take-overs, each with what the database holds of them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = """
ALTER TABLE casework_casehandover
    ADD CONSTRAINT casehandover_assignment_of_same_case FOREIGN KEY (case_id, assignment_id)
        REFERENCES casework_caseassignment (case_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_letter
    ADD CONSTRAINT letter_follow_up_of_same_case FOREIGN KEY (case_id, follow_up_id)
        REFERENCES casework_followup (case_id, id) DEFERRABLE INITIALLY DEFERRED;

-- A handover is planned in an open case by the name of who is responsible now, to somebody whose account is active.
-- What it says stays; across organisations it is accepted before it is carried out; each of its ends comes once.
CREATE FUNCTION casework_handover_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_free text[] := ARRAY['accepted_at', 'accepted_by_id', 'carried_out_at', 'assignment_id', 'withdrawn_at',
                           'withdrawn_by_id', 'seen_at', 'seen_by_id'];
BEGIN
    PERFORM casework_need_read_committed();
    IF TG_OP = 'DELETE' THEN
        PERFORM casework_refuse('handover_stays');
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM casework_case WHERE id = NEW.case_id AND closed_at IS NULL FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM casework_refuse('handover_of_an_open_case');
        END IF;
        PERFORM 1 FROM casework_caseassignment
          WHERE case_id = NEW.case_id AND counsellor_id = NEW.from_counsellor_id AND upper_inf(during);
        IF NOT FOUND THEN
            PERFORM casework_refuse('handover_from_who_is_responsible');
        END IF;
        PERFORM 1 FROM casework_user WHERE id = NEW.to_counsellor_id AND is_active FOR SHARE;
        IF NOT FOUND THEN
            PERFORM casework_refuse('handover_to_who_is_active');
        END IF;
        IF NEW.carried_out_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL OR NEW.seen_at IS NOT NULL THEN
            PERFORM casework_refuse('handover_begins_as_a_plan');
        END IF;
        RETURN NEW;
    END IF;
    IF (to_jsonb(OLD) - v_free) IS DISTINCT FROM (to_jsonb(NEW) - v_free)
       OR (OLD.accepted_at IS NOT NULL AND OLD.accepted_at IS DISTINCT FROM NEW.accepted_at)
       OR (OLD.carried_out_at IS NOT NULL AND (OLD.carried_out_at, OLD.assignment_id)
             IS DISTINCT FROM (NEW.carried_out_at, NEW.assignment_id))
       OR (OLD.withdrawn_at IS NOT NULL AND OLD IS DISTINCT FROM NEW)
       OR (OLD.seen_at IS NOT NULL AND OLD.seen_at IS DISTINCT FROM NEW.seen_at)
       OR (NEW.seen_at IS NOT NULL AND NEW.carried_out_at IS NULL)
    THEN
        PERFORM casework_refuse('handover_stays');
    END IF;
    IF NEW.carried_out_at IS NOT NULL AND OLD.carried_out_at IS NULL THEN
        IF NEW.effective_on > (NEW.carried_out_at AT TIME ZONE 'Europe/Berlin')::date THEN
            PERFORM casework_refuse('handover_not_before_its_day');
        END IF;
        IF NEW.accepted_at IS NULL AND EXISTS (
            SELECT 1 FROM casework_user AS f, casework_user AS t
             WHERE f.id = NEW.from_counsellor_id AND t.id = NEW.to_counsellor_id
               AND f.organisation_id <> t.organisation_id
        ) THEN
            PERFORM casework_refuse('handover_across_is_accepted');
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER handover_fits BEFORE INSERT OR UPDATE OR DELETE ON casework_casehandover
    FOR EACH ROW EXECUTE FUNCTION casework_handover_fits();

-- The end of a case ends its plans: no handover of an ended case stays open.
CREATE FUNCTION casework_closed_case_has_no_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM casework_casehandover AS h JOIN casework_case AS c ON c.id = h.case_id
         WHERE h.case_id = NEW.id AND h.carried_out_at IS NULL AND h.withdrawn_at IS NULL AND c.closed_at IS NOT NULL
    ) THEN
        PERFORM casework_refuse('closed_case_has_no_planned_handover');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER closed_case_has_no_planned_handover AFTER UPDATE OF closed_at ON casework_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL)
    EXECUTE FUNCTION casework_closed_case_has_no_plan();

-- No account is switched off to which cases are about to pass.
CREATE FUNCTION casework_user_without_plans() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_need_read_committed();
    IF EXISTS (
        SELECT 1 FROM casework_casehandover
         WHERE to_counsellor_id = NEW.id AND carried_out_at IS NULL AND withdrawn_at IS NULL
    ) THEN
        PERFORM casework_refuse('user_with_handovers_stays_active');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER user_with_handovers_stays_active AFTER UPDATE OF is_active ON casework_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION casework_user_without_plans();

-- An intake is assigned or withdrawn once; its case is one of the same person.
CREATE FUNCTION casework_intake_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_free text[] := ARRAY['case_id', 'assigned_at', 'assigned_by_id', 'withdrawn_at', 'withdrawn_by_id',
                           'withdrawn_reason'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM casework_refuse('intake_stays');
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (to_jsonb(OLD) - v_free) IS DISTINCT FROM (to_jsonb(NEW) - v_free)
        OR OLD.assigned_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
    ) THEN
        PERFORM casework_refuse('intake_stays');
    END IF;
    IF NEW.arrived_on > (NEW.entered_at AT TIME ZONE 'Europe/Berlin')::date THEN
        PERFORM casework_refuse('intake_not_in_the_future');
    END IF;
    IF NEW.case_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM casework_case WHERE id = NEW.case_id AND client_id = NEW.client_id
    ) THEN
        PERFORM casework_refuse('intake_case_of_the_same_person');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER intake_fits BEFORE INSERT OR UPDATE OR DELETE ON casework_intake
    FOR EACH ROW EXECUTE FUNCTION casework_intake_fits();

-- What was printed stays; a letter is sent once or not at all.
CREATE FUNCTION casework_letter_stays() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_free text[] := ARRAY['sent_at', 'sent_by_id', 'withdrawn_at', 'withdrawn_by_id'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.sent_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
       OR (to_jsonb(OLD) - v_free) IS DISTINCT FROM (to_jsonb(NEW) - v_free)
    THEN
        PERFORM casework_refuse('letter_stays');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER letter_stays BEFORE UPDATE OR DELETE ON casework_letter
    FOR EACH ROW EXECUTE FUNCTION casework_letter_stays();

-- A revoked address is revoked for good.
CREATE FUNCTION casework_feed_stays() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.revoked_at IS NOT NULL
       OR (OLD.user_id, OLD.token_hash, OLD.created_at) IS DISTINCT FROM (NEW.user_id, NEW.token_hash, NEW.created_at)
    THEN
        PERFORM casework_refuse('feed_stays');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER feed_stays BEFORE UPDATE OR DELETE ON casework_calendarfeed
    FOR EACH ROW EXECUTE FUNCTION casework_feed_stays();

-- Whoever was responsible until a handover keeps reading for a while; to write, one works in the case.
CREATE OR REPLACE FUNCTION casework_readable_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 150
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_acting_cases(p_user, p_at)
    UNION
    SELECT g.case_id FROM casework_accessgrant AS g
     WHERE g.user_id = p_user AND g.kind IN ('read', 'former') AND g.during @> p_at
$$;
"""

REVERSE = """
CREATE OR REPLACE FUNCTION casework_readable_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 150
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_acting_cases(p_user, p_at)
    UNION
    SELECT g.case_id FROM casework_accessgrant AS g
     WHERE g.user_id = p_user AND g.kind = 'read' AND g.during @> p_at
$$;
DROP TRIGGER feed_stays ON casework_calendarfeed;
DROP TRIGGER letter_stays ON casework_letter;
DROP TRIGGER intake_fits ON casework_intake;
DROP TRIGGER user_with_handovers_stays_active ON casework_user;
DROP TRIGGER closed_case_has_no_planned_handover ON casework_case;
DROP TRIGGER handover_fits ON casework_casehandover;
DROP FUNCTION casework_feed_stays();
DROP FUNCTION casework_letter_stays();
DROP FUNCTION casework_intake_fits();
DROP FUNCTION casework_user_without_plans();
DROP FUNCTION casework_closed_case_has_no_plan();
DROP FUNCTION casework_handover_fits();
"""

RIGHTS = {
    "casework_casehandover": (
        "SELECT, INSERT, UPDATE (accepted_at, accepted_by_id, carried_out_at, assignment_id, withdrawn_at,"
        " withdrawn_by_id, seen_at, seen_by_id)"
    ),
    "casework_intake": (
        "SELECT, INSERT, UPDATE (case_id, assigned_at, assigned_by_id, withdrawn_at, withdrawn_by_id, withdrawn_reason)"
    ),
    "casework_letter": "SELECT, INSERT, UPDATE (sent_at, sent_by_id, withdrawn_at, withdrawn_by_id)",
    "casework_calendarfeed": "SELECT, INSERT, UPDATE (revoked_at, revoked_by_id)",
    "casework_lastvisit": "SELECT, INSERT, UPDATE (seen_at)",
    "casework_importrun": (
        "SELECT, INSERT, UPDATE (state, content, mapping, options, lines, done, applied_at, applied_by_id)"
    ),
    "casework_importline": "SELECT, INSERT, DELETE",
}


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table, rights in RIGHTS.items():
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {role}")
    schema_editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0018_who_is_there"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "Kalenderadresse",
                "verbose_name_plural": "Kalenderadressen",
            },
        ),
        migrations.CreateModel(
            name="CaseHandover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField(verbose_name="wirksam am")),
                ("note", models.TextField(blank=True, default="", verbose_name="Übergabenotiz")),
                ("batch", models.UUIDField(editable=False)),
                (
                    "planned_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("accepted_at", models.DateTimeField(null=True)),
                ("carried_out_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "Fallübergabe",
                "verbose_name_plural": "Fallübergaben",
            },
        ),
        migrations.CreateModel(
            name="ImportLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="Zeile")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "neu"),
                            ("changed", "geändert"),
                            ("same", "unverändert"),
                            ("refused", "abgewiesen"),
                            ("missing", "nicht mehr in der Datei"),
                        ],
                        max_length=12,
                        verbose_name="Ergebnis",
                    ),
                ),
                ("code", models.CharField(blank=True, default="", max_length=40)),
                ("column", models.CharField(blank=True, default="", max_length=40)),
                ("external_ref", models.CharField(blank=True, default="", max_length=40)),
                ("changes", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "Zeile einer Übernahme",
                "verbose_name_plural": "Zeilen von Übernahmen",
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("people", "Personen und Fälle"), ("staff", "Konten")],
                        max_length=10,
                        verbose_name="Inhalt",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "wird geprüft"),
                            ("checked", "geprüft"),
                            ("applying", "wird übernommen"),
                            ("applied", "übernommen"),
                            ("failed", "abgebrochen, nichts übernommen"),
                            ("given_up", "verworfen"),
                        ],
                        default="checking",
                        max_length=10,
                        verbose_name="Zustand",
                    ),
                ),
                ("content", models.BinaryField(null=True, verbose_name="Datei")),
                ("digest", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=dict, verbose_name="Zuordnung der Spalten")),
                ("options", models.JSONField(default=dict, verbose_name="Vorgaben")),
                ("lines", models.PositiveIntegerField(default=0, verbose_name="Zeilen")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="davon bearbeitet")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("applied_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "Übernahme",
                "verbose_name_plural": "Übernahmen",
            },
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("arrived_on", models.DateField(verbose_name="da seit")),
                (
                    "entered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("assigned_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="Grund")),
            ],
            options={
                "verbose_name": "Zugang",
                "verbose_name_plural": "Zugänge",
            },
        ),
        migrations.CreateModel(
            name="LastVisit",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="last_visit",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "letzter Blick auf das Neue",
                "verbose_name_plural": "letzte Blicke auf das Neue",
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("appointment", "Terminbestätigung"), ("new_counsellor", "Wechsel der Zuständigkeit")],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                ("pdf", models.BinaryField(verbose_name="Brief")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="verschickt")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="nicht verschickt")),
            ],
            options={
                "verbose_name": "Brief",
                "verbose_name_plural": "Briefe",
            },
        ),
        migrations.RemoveConstraint(
            model_name="accessgrant",
            name="grant_kind_known",
        ),
        migrations.AlterField(
            model_name="accessgrant",
            name="kind",
            field=models.CharField(
                choices=[("record", "Kontakt eintragen"), ("read", "Akte lesen"), ("former", "früher zuständig")],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="accessgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["record", "read", "former"])), name="grant_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseassignment",
            constraint=models.UniqueConstraint(fields=("case", "id"), name="case_assignment_key"),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="calendar_feeds", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="casehandover",
            name="accepted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="casehandover",
            name="assignment",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.caseassignment",
            ),
        ),
        migrations.AddField(
            model_name="casehandover",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="casework.case"
            ),
        ),
        migrations.AddField(
            model_name="casehandover",
            name="from_counsellor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.counsellor"
            ),
        ),
        migrations.AddField(
            model_name="casehandover",
            name="planned_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="casehandover",
            name="seen_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="casehandover",
            name="to_counsellor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.counsellor"
            ),
        ),
        migrations.AddField(
            model_name="casehandover",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="applied_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.organisation"
            ),
        ),
        migrations.AddField(
            model_name="importline",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="report", to="casework.importrun"
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="assigned_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="case",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="intake", to="casework.case"
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="intakes", to="casework.client"
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.organisation"
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="team",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.team",
                verbose_name="Team",
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="casework.case"
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="follow_up",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.followup",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="sent_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)), fields=("user",), name="one_calendar_feed_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                    _connector="OR",
                ),
                name="feed_revocation_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.CheckConstraint(
                condition=models.Q(("token_hash__regex", "^[0-9a-f]{64}$")), name="feed_keeps_a_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.CheckConstraint(
                condition=models.Q(("revoked_at", None), ("revoked_at__gte", models.F("created_at")), _connector="OR"),
                name="feed_revoked_after_it_began",
            ),
        ),
        migrations.AddIndex(
            model_name="casehandover",
            index=models.Index(
                condition=models.Q(("carried_out_at", None), ("withdrawn_at", None)),
                fields=["effective_on"],
                name="handover_planned",
            ),
        ),
        migrations.AddIndex(
            model_name="casehandover",
            index=models.Index(
                condition=models.Q(("carried_out_at__isnull", False), ("seen_at", None)),
                fields=["to_counsellor"],
                name="handover_new",
            ),
        ),
        migrations.AddConstraint(
            model_name="casehandover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("carried_out_at", None), ("withdrawn_at", None)),
                fields=("case",),
                name="one_planned_handover_per_case",
                violation_error_message="Für diesen Fall ist schon eine Übergabe geplant.",
            ),
        ),
        migrations.AddConstraint(
            model_name="casehandover",
            constraint=models.UniqueConstraint(fields=("case", "batch"), name="case_once_in_a_batch"),
        ),
        migrations.AddConstraint(
            model_name="casehandover",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_counsellor", models.F("to_counsellor")), _negated=True),
                name="handover_to_somebody_else",
                violation_error_message="Diese IFK ist schon zuständig.",
            ),
        ),
        migrations.AddConstraint(
            model_name="casehandover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                    models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                    _connector="OR",
                ),
                name="handover_acceptance_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="casehandover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="handover_withdrawal_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="casehandover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("assignment__isnull", True), ("carried_out_at__isnull", True)),
                    models.Q(("assignment__isnull", False), ("carried_out_at__isnull", False)),
                    _connector="OR",
                ),
                name="handover_made_an_assignment",
            ),
        ),
        migrations.AddConstraint(
            model_name="casehandover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seen_at__isnull", True), ("seen_by__isnull", True)),
                    models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                    _connector="OR",
                ),
                name="handover_look_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="casehandover",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at", None), ("carried_out_at", None), _connector="OR"),
                name="handover_ends_in_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["people", "staff"])), name="import_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["checking", "checked", "applying", "applied", "failed", "given_up"])),
                name="import_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at__isnull", True), ("applied_by__isnull", True)),
                    models.Q(("applied_at__isnull", False), ("applied_by__isnull", False)),
                    _connector="OR",
                ),
                name="import_application_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at__isnull", False), ("state", "applied")),
                    models.Q(models.Q(("state", "applied"), _negated=True), ("applied_at", None)),
                    _connector="OR",
                ),
                name="import_applied_if_and_only_if_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["applied", "given_up"]), _negated=True), ("content", None), _connector="OR"
                ),
                name="import_keeps_no_file_at_its_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="importline",
            constraint=models.UniqueConstraint(fields=("run", "number"), name="import_line_once"),
        ),
        migrations.AddConstraint(
            model_name="importline",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["new", "changed", "same", "refused", "missing"])),
                name="import_outcome_known",
            ),
        ),
        migrations.AddIndex(
            model_name="intake",
            index=models.Index(
                condition=models.Q(("assigned_at", None), ("withdrawn_at", None)),
                fields=["organisation", "arrived_on"],
                name="intake_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.UniqueConstraint(
                condition=models.Q(("assigned_at", None), ("withdrawn_at", None)),
                fields=("client",),
                name="one_open_intake_per_client",
                violation_error_message="Diese Person steht schon in der Liste.",
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("assigned_at__isnull", True), ("assigned_by__isnull", True), ("case__isnull", True)),
                    models.Q(("assigned_at__isnull", False), ("assigned_by__isnull", False), ("case__isnull", False)),
                    _connector="OR",
                ),
                name="intake_assignment_makes_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="intake_withdrawal_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_reason__regex", "\\S")),
                    _connector="OR",
                ),
                name="intake_withdrawn_for_a_reason",
                violation_error_message="Bitte nennen Sie den Grund.",
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at", None), ("assigned_at", None), _connector="OR"),
                name="intake_ends_in_one_way",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["case", "-created_at"], name="letter_of_case"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("sent_at", None), ("withdrawn_at", None)),
                fields=["created_by"],
                name="letter_to_send",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["appointment", "new_counsellor"])), name="letter_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                    models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                    _connector="OR",
                ),
                name="letter_sending_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="letter_withdrawal_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at", None), ("sent_at", None), _connector="OR"),
                name="letter_ends_in_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("follow_up__isnull", False), ("kind", "appointment")),
                    models.Q(models.Q(("kind", "appointment"), _negated=True), ("follow_up__isnull", True)),
                    _connector="OR",
                ),
                name="letter_of_an_appointment_names_it",
            ),
        ),
        migrations.RunSQL(SQL, REVERSE),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

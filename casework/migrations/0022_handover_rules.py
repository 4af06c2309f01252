"""Further rules of handovers: the letter that tells the person, and accounts in whose name somebody still works."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# The body as it stood, with the letter: it may change until the case passes, and is set once from then on.
FITS = """
CREATE OR REPLACE FUNCTION casework_handover_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_free text[] := ARRAY['accepted_at', 'accepted_by_id', 'carried_out_at', 'assignment_id', 'withdrawn_at',
                           'withdrawn_by_id', 'seen_at', 'seen_by_id'{free}];
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
        IF NEW.carried_out_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL OR NEW.seen_at IS NOT NULL{begins} THEN
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
       OR (NEW.seen_at IS NOT NULL AND NEW.carried_out_at IS NULL){told}
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
"""
WITH_LETTER = {
    "free": ", 'letter_id'",
    "begins": "\n           OR NEW.letter_id IS NOT NULL",
    "told": "\n       OR (OLD.carried_out_at IS NOT NULL AND OLD.letter_id IS NOT NULL"
    " AND OLD.letter_id IS DISTINCT FROM NEW.letter_id)",
}


def fits(parts):
    text = FITS
    for name in ("free", "begins", "told"):
        text = text.replace("{" + name + "}", parts.get(name, ""))
    return text


# Whoever takes part in an open case keeps an account until somebody has ended that. Whoever begins to take part locks
# the account first (casework_counsellor_is_active), so that neither overtakes the other.
SQL = """
ALTER TABLE casework_casehandover
    ADD CONSTRAINT casehandover_letter_of_same_case FOREIGN KEY (case_id, letter_id)
        REFERENCES casework_letter (case_id, id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION casework_user_without_participations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_need_read_committed();
    IF EXISTS (SELECT 1 FROM casework_caseparticipation WHERE counsellor_id = NEW.id AND upper_inf(during)) THEN
        PERFORM casework_refuse('user_with_participations_stays_active');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER user_with_participations_stays_active AFTER UPDATE OF is_active ON casework_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION casework_user_without_participations();
"""
REVERSE = """
DROP TRIGGER user_with_participations_stays_active ON casework_user;
DROP FUNCTION casework_user_without_participations();
ALTER TABLE casework_casehandover DROP CONSTRAINT casehandover_letter_of_same_case;
"""


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    schema_editor.execute(f"GRANT UPDATE (letter_id) ON casework_casehandover TO {role}")


class Migration(migrations.Migration):
    dependencies = [("casework", "0021_reminder_ladder")]
    operations = [
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(fields=("case", "id"), name="letter_key"),
        ),
        migrations.AddField(
            model_name="casehandover",
            name="letter",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.letter",
            ),
        ),
        migrations.AddIndex(
            model_name="casehandover",
            index=models.Index(
                fields=["assignment"],
                condition=Q(("carried_out_at__isnull", False), ("letter", None)),
                name="handover_untold",
            ),
        ),
        migrations.RunSQL(SQL, REVERSE),
        migrations.RunSQL(fits(WITH_LETTER), fits({})),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

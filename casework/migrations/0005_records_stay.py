"""What is on record stays as it is: concluded contacts, addenda, notes, ended steps, closures, closed cases.

The one way out is "Falsche Akte": a contact or a note is blanked together with who, when and why; texts that hang on
a withdrawn contact may then be blanked too. `save()` overrides are walked around by bulk updates, admin and SQL.
"""

from django.db import migrations

SQL = """
-- Raise a refusal that Django sees as IntegrityError, with the name of the rule.
CREATE FUNCTION casework_refuse(p_rule text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'refused: %', p_rule USING ERRCODE = 'check_violation', CONSTRAINT = p_rule;
END
$$;

-- A contact or a note changes once: by its withdrawal, which takes its text.
CREATE FUNCTION casework_only_withdrawal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_free text[] := ARRAY['text', 'withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason', 'submission_digest'];
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

-- Rows that belong to a contact never change, but their texts go blank when the contact was withdrawn.
-- TG_ARGV: the columns that may be blanked.
CREATE FUNCTION casework_only_blanking() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_contact bigint;
    v_new jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        v_new := to_jsonb(NEW);
        IF TG_TABLE_NAME = 'casework_followupchange' THEN
            SELECT coalesce(OLD.contact_id, contact_id) INTO v_contact FROM casework_followup WHERE id = OLD.follow_up_id;
        ELSE
            v_contact := (to_jsonb(OLD) ->> 'contact_id')::bigint;
        END IF;
        IF EXISTS (SELECT 1 FROM casework_contact WHERE id = v_contact AND withdrawn_at IS NOT NULL)
           AND (to_jsonb(OLD) - TG_ARGV) = (v_new - TG_ARGV)
           AND NOT EXISTS (SELECT 1 FROM unnest(TG_ARGV) AS c WHERE v_new ->> c <> '')
        THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM casework_refuse('record_is_final');
END
$$;

CREATE FUNCTION casework_never() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_refuse('record_is_final');
END
$$;

-- A recorded contact was recorded now; the history of an import may lie in the past, never ahead.
CREATE FUNCTION casework_contact_recorded_now() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.recorded_at > clock_timestamp() + interval '1 minute' THEN
        PERFORM casework_refuse('contact_not_in_the_future');
    END IF;
    IF (NEW.at AT TIME ZONE 'Europe/Berlin')::date < (
        SELECT (opened_at AT TIME ZONE 'Europe/Berlin')::date FROM casework_case WHERE id = NEW.case_id
    ) OR NOT isfinite(NEW.at) THEN
        PERFORM casework_refuse('contact_not_before_its_case');
    END IF;
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM casework_contact AS missed
         WHERE missed.id = NEW.replaces_id AND missed.case_id = NEW.case_id AND missed.kind = 'missed'
           AND NEW.kind = 'talk'
           AND (missed.recorded_at AT TIME ZONE 'Europe/Berlin')::date
             = (NEW.at AT TIME ZONE 'Europe/Berlin')::date
    ) THEN
        PERFORM casework_refuse('only_missed_contact_of_same_day_is_replaced');
    END IF;
    RETURN NEW;
END
$$;

-- Nobody is added to a conversation that was taken out of the file.
CREATE FUNCTION casework_participant_of_standing_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM casework_contact WHERE id = NEW.contact_id AND withdrawn_at IS NOT NULL) THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    RETURN NEW;
END
$$;

-- What has ended or was taken back stays so.
CREATE FUNCTION casework_only_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(OLD) ->> TG_ARGV[0]) IS NOT NULL THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION casework_addendum_not_blank() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.text !~ '\\S' OR NEW.reason !~ '\\S' THEN
        PERFORM casework_refuse('addendum_has_text_and_reason');
    END IF;
    IF EXISTS (SELECT 1 FROM casework_contact WHERE id = NEW.contact_id AND withdrawn_at IS NOT NULL) THEN
        PERFORM casework_refuse('withdrawn_contact_takes_no_addendum');
    END IF;
    RETURN NEW;
END
$$;

-- A step: its origin is fixed, each change counts its version up, and after its end nothing changes.
CREATE FUNCTION casework_guard_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_free text[] := ARRAY['due_on', 'starts_at', 'place', 'subject', 'version', 'ended_at', 'ended_by_id',
                           'ended_by_contact_id', 'successor_id', 'closure_id', 'outcome'];
    v_texts text[] := ARRAY['subject', 'place', 'outcome', 'version'];
    v_withdrawn boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM casework_refuse('follow_up_is_never_deleted');
    END IF;
    IF (to_jsonb(OLD) - v_free) IS DISTINCT FROM (to_jsonb(NEW) - v_free) THEN
        PERFORM casework_refuse('follow_up_origin_is_fixed');
    END IF;
    IF NEW.version <> OLD.version + 1 THEN
        PERFORM casework_refuse('follow_up_version_counts');
    END IF;
    IF OLD.ended_at IS NOT NULL THEN
        v_withdrawn := EXISTS (
            SELECT 1 FROM casework_contact
             WHERE id IN (OLD.contact_id, OLD.ended_by_contact_id) AND withdrawn_at IS NOT NULL
        );
        IF NOT v_withdrawn
           OR (to_jsonb(OLD) - v_texts) IS DISTINCT FROM (to_jsonb(NEW) - v_texts)
           OR NEW.subject NOT IN (OLD.subject, 'Bitte prüfen: Der Eintrag zu diesem Schritt wurde zurückgenommen.')
           OR NEW.place NOT IN (OLD.place, '')
           OR NEW.outcome NOT IN (OLD.outcome, '')
        THEN
            PERFORM casework_refuse('ended_follow_up_is_final');
        END IF;
    ELSIF NEW.ended_at IS NOT NULL THEN
        -- An end dated back would make a contact's next step one that had ended already.
        IF NEW.ended_at > clock_timestamp() + interval '1 minute'
           OR NEW.ended_at < NEW.created_at - interval '1 minute'
           OR EXISTS (
               SELECT 1 FROM casework_contact
                WHERE follow_up_id = NEW.id AND (recorded_at >= NEW.ended_at OR id = NEW.ended_by_contact_id)
           )
           OR EXISTS (SELECT 1 FROM casework_followup WHERE successor_id = NEW.id AND ended_at >= NEW.ended_at)
        THEN
            PERFORM casework_refuse('follow_up_ends_now');
        END IF;
    END IF;
    RETURN NEW;
END
$$;

-- Tomorrow's steps only: on the day of its making a step lies today or later.
CREATE FUNCTION casework_step_not_in_the_past() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.ended_at > clock_timestamp() + interval '1 minute' THEN
        PERFORM casework_refuse('follow_up_ends_now');
    END IF;
    -- Undo: a step may return to a day on which it stood before.
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT 1 FROM casework_followupchange
         WHERE follow_up_id = NEW.id AND old_due_on = NEW.due_on AND old_starts_at IS NOT DISTINCT FROM NEW.starts_at
    ) THEN
        RETURN NEW;
    END IF;
    IF NEW.due_on < (
        CASE WHEN TG_OP = 'INSERT' THEN NEW.created_at ELSE now() END AT TIME ZONE 'Europe/Berlin'
    )::date THEN
        PERFORM casework_refuse('follow_up_not_in_the_past');
    END IF;
    IF NEW.starts_at IS NOT NULL AND (NEW.starts_at AT TIME ZONE 'Europe/Berlin')::date <> NEW.due_on THEN
        PERFORM casework_refuse('follow_up_time_on_its_day');
    END IF;
    RETURN NEW;
END
$$;

-- A closed case stays closed, and it closes now; its client and opening are fixed.
CREATE FUNCTION casework_guard_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    IF OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
        PERFORM casework_refuse('closed_case_stays_closed');
    END IF;
    IF NEW.closed_at > clock_timestamp() + interval '1 minute' THEN
        PERFORM casework_refuse('case_ends_now');
    END IF;
    IF (OLD.client_id, OLD.number, OLD.opened_at, OLD.opened_by_id, OLD.previous_case_id)
       IS DISTINCT FROM (NEW.client_id, NEW.number, NEW.opened_at, NEW.opened_by_id, NEW.previous_case_id)
    THEN
        PERFORM casework_refuse('case_origin_is_fixed');
    END IF;
    RETURN NEW;
END
$$;

-- Taking up again: the earlier case is closed and of the same person.
CREATE FUNCTION casework_previous_case_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NOT isfinite(NEW.opened_at) OR NEW.opened_at > clock_timestamp() + interval '1 minute'
       OR NEW.closed_at > clock_timestamp() + interval '1 minute'
    THEN
        PERFORM casework_refuse('case_begins_and_ends_now');
    END IF;
    IF NEW.previous_case_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM casework_case
         WHERE id = NEW.previous_case_id AND client_id = NEW.client_id AND closed_at <= NEW.opened_at
    ) THEN
        PERFORM casework_refuse('previous_case_is_closed_and_of_same_client');
    END IF;
    RETURN NEW;
END
$$;

-- History of responsibility and participation: a running period may end, nothing else changes.
CREATE FUNCTION casework_only_ending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (to_jsonb(OLD) - 'during'::text) IS DISTINCT FROM (to_jsonb(NEW) - 'during'::text)
       OR NOT upper_inf(OLD.during)
       OR lower(OLD.during) IS DISTINCT FROM lower(NEW.during)
    THEN
        PERFORM casework_refuse('period_only_ends');
    END IF;
    RETURN NEW;
END
$$;

-- Responsibility ends now or not at all: an end in the future would have two answers to "who is responsible?".
CREATE FUNCTION casework_period_ends_now() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF upper(NEW.during) > clock_timestamp() + interval '1 minute' THEN
        PERFORM casework_refuse('period_ends_now');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER responsible_until_now BEFORE INSERT OR UPDATE ON casework_caseassignment
    FOR EACH ROW EXECUTE FUNCTION casework_period_ends_now();
CREATE TRIGGER contact_is_final BEFORE UPDATE OR DELETE ON casework_contact
    FOR EACH ROW EXECUTE FUNCTION casework_only_withdrawal();
CREATE TRIGGER contact_recorded_now BEFORE INSERT ON casework_contact
    FOR EACH ROW EXECUTE FUNCTION casework_contact_recorded_now();
CREATE TRIGGER participant_of_standing_contact BEFORE INSERT ON casework_contactparticipant
    FOR EACH ROW EXECUTE FUNCTION casework_participant_of_standing_contact();
CREATE TRIGGER employment_start_is_final BEFORE UPDATE OR DELETE ON casework_employmentstart
    FOR EACH ROW EXECUTE FUNCTION casework_only_once('withdrawn_at');
CREATE TRIGGER client_detail_is_final BEFORE UPDATE OR DELETE ON casework_clientdetail
    FOR EACH ROW EXECUTE FUNCTION casework_only_once('ended_at');
ALTER TABLE casework_followup ADD CONSTRAINT follow_up_day_is_finite CHECK (isfinite(due_on));
ALTER TABLE casework_followup ADD CONSTRAINT follow_up_ends_after_it_began
    CHECK (ended_at >= created_at - interval '1 minute' AND isfinite(ended_at));
ALTER TABLE casework_filenote ADD CONSTRAINT file_note_withdrawal_reason_not_blank
    CHECK (withdrawn_reason ~ '\\S');
ALTER TABLE casework_accessgrant ADD CONSTRAINT grant_ends_the_same_day CHECK (
    upper(during) <= (date_trunc('day', lower(during) AT TIME ZONE 'Europe/Berlin') + interval '1 day')
                     AT TIME ZONE 'Europe/Berlin'
);
CREATE TRIGGER file_note_is_final BEFORE UPDATE OR DELETE ON casework_filenote
    FOR EACH ROW EXECUTE FUNCTION casework_only_withdrawal();
CREATE TRIGGER participant_is_final BEFORE UPDATE OR DELETE ON casework_contactparticipant
    FOR EACH ROW EXECUTE FUNCTION casework_only_blanking('name');
CREATE TRIGGER addendum_is_final BEFORE UPDATE OR DELETE ON casework_noteaddendum
    FOR EACH ROW EXECUTE FUNCTION casework_only_blanking('text', 'reason');
CREATE TRIGGER addendum_not_blank BEFORE INSERT ON casework_noteaddendum
    FOR EACH ROW EXECUTE FUNCTION casework_addendum_not_blank();
CREATE TRIGGER change_is_final BEFORE UPDATE OR DELETE ON casework_followupchange
    FOR EACH ROW EXECUTE FUNCTION casework_only_blanking('old_subject', 'old_place', 'reason');
CREATE TRIGGER follow_up_is_guarded BEFORE UPDATE OR DELETE ON casework_followup
    FOR EACH ROW EXECUTE FUNCTION casework_guard_step();
CREATE TRIGGER follow_up_not_in_the_past_when_new BEFORE INSERT ON casework_followup
    FOR EACH ROW EXECUTE FUNCTION casework_step_not_in_the_past();
CREATE TRIGGER follow_up_not_in_the_past_when_moved BEFORE UPDATE OF due_on, starts_at ON casework_followup
    FOR EACH ROW WHEN (OLD.due_on <> NEW.due_on OR OLD.starts_at IS DISTINCT FROM NEW.starts_at)
    EXECUTE FUNCTION casework_step_not_in_the_past();
CREATE TRIGGER closure_is_final BEFORE UPDATE OR DELETE ON casework_caseclosure
    FOR EACH ROW EXECUTE FUNCTION casework_never();
CREATE TRIGGER case_is_guarded BEFORE UPDATE OR DELETE ON casework_case
    FOR EACH ROW EXECUTE FUNCTION casework_guard_case();
CREATE TRIGGER previous_case_fits BEFORE INSERT ON casework_case
    FOR EACH ROW EXECUTE FUNCTION casework_previous_case_fits();
CREATE TRIGGER assignment_only_ends BEFORE UPDATE OR DELETE ON casework_caseassignment
    FOR EACH ROW EXECUTE FUNCTION casework_only_ending();
CREATE TRIGGER participation_only_ends BEFORE UPDATE OR DELETE ON casework_caseparticipation
    FOR EACH ROW EXECUTE FUNCTION casework_only_ending();
CREATE TRIGGER access_event_is_final BEFORE UPDATE OR DELETE ON casework_accessevent
    FOR EACH ROW EXECUTE FUNCTION casework_never();
CREATE TRIGGER grant_is_final BEFORE UPDATE OR DELETE ON casework_accessgrant
    FOR EACH ROW EXECUTE FUNCTION casework_never();
"""

TRIGGERS = {
    "casework_contact": ["contact_is_final", "contact_recorded_now"],
    "casework_filenote": ["file_note_is_final"],
    "casework_contactparticipant": ["participant_is_final", "participant_of_standing_contact"],
    "casework_employmentstart": ["employment_start_is_final"],
    "casework_clientdetail": ["client_detail_is_final"],
    "casework_noteaddendum": ["addendum_is_final", "addendum_not_blank"],
    "casework_followupchange": ["change_is_final"],
    "casework_followup": [
        "follow_up_is_guarded",
        "follow_up_not_in_the_past_when_new",
        "follow_up_not_in_the_past_when_moved",
    ],
    "casework_caseclosure": ["closure_is_final"],
    "casework_case": ["case_is_guarded", "previous_case_fits"],
    "casework_caseassignment": ["assignment_only_ends", "responsible_until_now"],
    "casework_caseparticipation": ["participation_only_ends"],
    "casework_accessevent": ["access_event_is_final"],
    "casework_accessgrant": ["grant_is_final"],
}

FUNCTIONS = [
    "casework_only_withdrawal",
    "casework_only_blanking",
    "casework_never",
    "casework_contact_recorded_now",
    "casework_participant_of_standing_contact",
    "casework_only_once",
    "casework_addendum_not_blank",
    "casework_guard_step",
    "casework_step_not_in_the_past",
    "casework_guard_case",
    "casework_previous_case_fits",
    "casework_only_ending",
    "casework_period_ends_now",
]

CHECKS = {
    "casework_followup": ["follow_up_day_is_finite", "follow_up_ends_after_it_began"],
    "casework_filenote": ["file_note_withdrawal_reason_not_blank"],
    "casework_accessgrant": ["grant_ends_the_same_day"],
}

REVERSE = "".join(
    [f"ALTER TABLE {table} DROP CONSTRAINT {name};\n" for table, names in CHECKS.items() for name in names]
    + [f"DROP TRIGGER {name} ON {table};\n" for table, names in TRIGGERS.items() for name in names]
    + [f"DROP FUNCTION {name}();\n" for name in FUNCTIONS]
    + ["DROP FUNCTION casework_refuse(text);"]
)


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_next_step_is_real")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

"""What was agreed stays as it was worded; one agreement is current; its review lies ahead (design.md 4, R4.3-1).

The one way out is "Falsche Akte": with the conversation, its texts go blank and the predecessor becomes current again.
`save()` overrides are walked around by bulk updates, admin and SQL.
"""

from django.db import migrations

SQL = """
-- Texts of a new row hold something. TG_ARGV: column, rule, column, rule …
-- A CHECK would forbid the blanking of a withdrawn conversation.
CREATE FUNCTION agreements_texts_not_blank() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    FOR i IN 0 .. TG_NARGS - 1 BY 2 LOOP
        IF (to_jsonb(NEW) ->> TG_ARGV[i]) !~ '\\S' THEN
            PERFORM casework_refuse(TG_ARGV[i + 1]);
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;

-- A row is recorded now (the history of an import may lie in the past), in a conversation that stands in the file.
CREATE FUNCTION agreements_recorded_now() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_new jsonb := to_jsonb(NEW);
    v_at timestamptz := (v_new ->> 'at')::timestamptz;
    v_contact bigint := (v_new ->> 'contact_id')::bigint;
BEGIN
    IF v_at > clock_timestamp() + interval '1 minute' OR NOT isfinite(v_at)
       OR (v_new ->> 'superseded_at')::timestamptz > clock_timestamp() + interval '1 minute'
    THEN
        PERFORM casework_refuse('what_was_agreed_is_recorded_now');
    END IF;
    -- Taken back is what stood: nothing is brought in withdrawn.
    IF v_new ->> 'withdrawn_at' IS NOT NULL THEN
        PERFORM casework_refuse('agreement_is_withdrawn_with_its_conversation');
    END IF;
    IF v_contact IS NOT NULL AND EXISTS (
        SELECT 1 FROM casework_contact WHERE id = v_contact AND withdrawn_at IS NOT NULL
    ) THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    RETURN NEW;
END
$$;

-- An agreement: superseded once, taken back with its conversation, and otherwise never changed.
CREATE FUNCTION agreements_guard_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_ends text[] := ARRAY['superseded_at', 'superseded_by_id'];
    v_texts text[] := ARRAY['goal', 'employment_link', 'rhythm', 'withdrawn_at', 'withdrawn_by_id'];
BEGIN
    IF TG_OP = 'DELETE'
       OR OLD.withdrawn_at IS NOT NULL
       OR (to_jsonb(OLD) - v_ends - v_texts) IS DISTINCT FROM (to_jsonb(NEW) - v_ends - v_texts)
    THEN
        PERFORM casework_refuse('agreement_is_final');
    END IF;
    IF NEW.withdrawn_at IS NULL THEN
        IF (to_jsonb(OLD) - v_ends) IS DISTINCT FROM (to_jsonb(NEW) - v_ends) THEN
            PERFORM casework_refuse('agreement_is_final');
        END IF;
    ELSIF NEW.goal <> '' OR NEW.employment_link <> '' OR NEW.rhythm <> '' OR NOT EXISTS (
        SELECT 1 FROM casework_contact WHERE id = OLD.contact_id AND withdrawn_at IS NOT NULL
    ) THEN
        PERFORM casework_refuse('agreement_is_withdrawn_with_its_conversation');
    END IF;
    IF (OLD.superseded_at, OLD.superseded_by_id) IS DISTINCT FROM (NEW.superseded_at, NEW.superseded_by_id) THEN
        IF OLD.superseded_at IS NOT NULL AND (NEW.superseded_at IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM agreements_agreement WHERE id = OLD.superseded_by_id AND withdrawn_at IS NOT NULL
        )) THEN
            PERFORM casework_refuse('agreement_is_superseded_once');
        END IF;
        IF NEW.superseded_at > clock_timestamp() + interval '1 minute' THEN
            PERFORM casework_refuse('what_was_agreed_is_recorded_now');
        END IF;
    END IF;
    RETURN NEW;
END
$$;

-- Of the versions that stand, the last one is current and each other one is superseded by a later one.
CREATE FUNCTION agreements_assert_current() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_need_read_committed();
    PERFORM 1 FROM casework_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1
          FROM (SELECT number, superseded_at, superseded_by_id, max(number) OVER () AS last
                  FROM agreements_agreement WHERE case_id = NEW.case_id AND withdrawn_at IS NULL) AS a
          LEFT JOIN agreements_agreement AS b ON b.id = a.superseded_by_id
         WHERE (a.superseded_at IS NULL) <> (a.number = a.last) OR b.number <= a.number
    ) THEN
        PERFORM casework_refuse('last_agreement_is_current');
    END IF;
    RETURN NULL;
END
$$;

-- Nothing is added to a concluded version: it says itself how many steps and resources it has.
CREATE FUNCTION agreements_assert_complete() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_agreement bigint := coalesce((to_jsonb(NEW) ->> 'agreement_id')::bigint, NEW.id);
BEGIN
    IF EXISTS (
        SELECT 1 FROM agreements_agreement AS a
         WHERE a.id = v_agreement AND (
               a.step_count <> (SELECT count(*) FROM agreements_agreementstep WHERE agreement_id = a.id)
            OR a.resource_count <> (SELECT count(*) FROM agreements_agreementresource WHERE agreement_id = a.id))
    ) THEN
        PERFORM casework_refuse('agreement_is_complete');
    END IF;
    RETURN NULL;
END
$$;

-- The review is a next step that lies ahead when the agreement is concluded, like the next step of a contact.
CREATE FUNCTION agreements_review_ahead() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_assert_step_ahead(
        NEW.case_id, NEW.review_follow_up_id, NEW.at, 'review_of_agreement_is_ahead');
    IF EXISTS (
        SELECT 1 FROM casework_followup
         WHERE id = NEW.review_follow_up_id AND ended_by_contact_id = NEW.contact_id
    ) THEN
        PERFORM casework_refuse('review_of_agreement_is_ahead');
    END IF;
    RETURN NULL;
END
$$;

-- A review whose end is dated back would be one that had ended when the agreement was concluded.
CREATE FUNCTION agreements_review_ends_now() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM agreements_agreement WHERE review_follow_up_id = NEW.id AND at >= NEW.ended_at
    ) THEN
        PERFORM casework_refuse('review_of_agreement_is_ahead');
    END IF;
    RETURN NEW;
END
$$;

-- A step belongs to somebody; its wording goes blank with its agreement and changes in no other way.
CREATE FUNCTION agreements_guard_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_texts text[] := ARRAY['text', 'owner_name'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.owner = 'other') <> (NEW.owner_name ~ '\\S') THEN
            PERFORM casework_refuse('step_names_whoever_else_does_it');
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.text = '' AND NEW.owner_name = ''
       AND (to_jsonb(OLD) - v_texts) = (to_jsonb(NEW) - v_texts)
       AND EXISTS (SELECT 1 FROM agreements_agreement WHERE id = OLD.agreement_id AND withdrawn_at IS NOT NULL)
    THEN
        RETURN NEW;
    END IF;
    PERFORM casework_refuse('agreement_is_final');
END
$$;

-- An agreement draws on what the person has, not on what is no longer true.
CREATE FUNCTION agreements_resource_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM agreements_resource WHERE id = NEW.resource_id AND ended_at IS NOT NULL
               AND ended_at <= (SELECT at FROM agreements_agreement WHERE id = NEW.agreement_id))
    THEN
        PERFORM casework_refuse('agreement_draws_on_standing_resource');
    END IF;
    RETURN NEW;
END
$$;

-- A resource fades out once, in a conversation, and comes back only when that conversation is taken out of the file.
CREATE FUNCTION agreements_guard_resource() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_ends text[] := ARRAY['ended_at', 'ended_by_id', 'ended_in_id'];
BEGIN
    IF TG_OP = 'DELETE'
       OR (to_jsonb(OLD) - v_ends - 'text'::text) IS DISTINCT FROM (to_jsonb(NEW) - v_ends - 'text'::text)
    THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    IF NEW.text <> OLD.text AND (NEW.text <> '' OR NOT EXISTS (
        SELECT 1 FROM casework_contact WHERE id = OLD.contact_id AND withdrawn_at IS NOT NULL
    )) THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    IF (OLD.ended_at, OLD.ended_by_id, OLD.ended_in_id)
       IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id, NEW.ended_in_id)
    THEN
        IF OLD.ended_at IS NOT NULL AND (NEW.ended_at IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM casework_contact WHERE id = OLD.ended_in_id AND withdrawn_at IS NOT NULL
        )) THEN
            PERFORM casework_refuse('record_is_final');
        END IF;
    END IF;
    RETURN NEW;
END
$$;

-- A resource ends now, in a conversation that stands in the file; an end that is dated back would be one before an
-- agreement that draws on the resource.
CREATE FUNCTION agreements_resource_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.ended_at > clock_timestamp() + interval '1 minute' OR NEW.ended_at < NEW.at - interval '1 minute' THEN
        PERFORM casework_refuse('resource_ends_now');
    END IF;
    IF EXISTS (SELECT 1 FROM casework_contact WHERE id = NEW.ended_in_id AND withdrawn_at IS NOT NULL) THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    IF EXISTS (
        SELECT 1 FROM agreements_agreementresource AS u JOIN agreements_agreement AS a ON a.id = u.agreement_id
         WHERE u.resource_id = NEW.id AND a.at >= NEW.ended_at
    ) THEN
        PERFORM casework_refuse('agreement_draws_on_standing_resource');
    END IF;
    RETURN NEW;
END
$$;

-- What came of a step: in own words where it came differently, and only of an agreement that stands in the file.
CREATE FUNCTION agreements_outcome_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.outcome = 'different' AND NEW.text !~ '\\S' THEN
        PERFORM casework_refuse('different_outcome_in_own_words');
    END IF;
    IF EXISTS (
        SELECT 1 FROM agreements_agreementstep AS s JOIN agreements_agreement AS a ON a.id = s.agreement_id
         WHERE s.id = NEW.step_id AND a.withdrawn_at IS NOT NULL
    ) THEN
        PERFORM casework_refuse('outcome_of_standing_agreement');
    END IF;
    RETURN NEW;
END
$$;

-- An outcome stays as it was told; its words go with the conversation that told it, or with the agreement it is about.
CREATE FUNCTION agreements_guard_outcome() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.text <> ''
       OR (to_jsonb(OLD) - 'text'::text) IS DISTINCT FROM (to_jsonb(NEW) - 'text'::text)
       OR NOT (
           EXISTS (SELECT 1 FROM casework_contact WHERE id = OLD.contact_id AND withdrawn_at IS NOT NULL)
           OR EXISTS (
               SELECT 1 FROM agreements_agreementstep AS s JOIN agreements_agreement AS a ON a.id = s.agreement_id
                WHERE s.id = OLD.step_id AND a.withdrawn_at IS NOT NULL))
    THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    RETURN NEW;
END
$$;

-- "Falsche Akte" takes along everything that the conversation brought.
CREATE FUNCTION agreements_withdrawn_leaves_nothing() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM agreements_willstatement WHERE contact_id = NEW.id
                AND (text <> '' OR own_activity <> '' OR life_idea <> ''))
       OR EXISTS (SELECT 1 FROM agreements_resource WHERE contact_id = NEW.id AND text <> '')
       OR EXISTS (SELECT 1 FROM agreements_resource WHERE ended_in_id = NEW.id)
       OR EXISTS (SELECT 1 FROM agreements_stepoutcome WHERE contact_id = NEW.id AND text <> '')
       OR EXISTS (SELECT 1 FROM agreements_agreement WHERE contact_id = NEW.id AND withdrawn_at IS NULL)
       OR EXISTS (SELECT 1 FROM agreements_agreement AS a JOIN agreements_agreementstep AS s ON s.agreement_id = a.id
                   WHERE a.contact_id = NEW.id AND (s.text <> '' OR s.owner_name <> ''))
       OR EXISTS (SELECT 1 FROM agreements_agreement AS a JOIN agreements_agreementstep AS s ON s.agreement_id = a.id
                    JOIN agreements_stepoutcome AS o ON o.step_id = s.id
                   WHERE a.contact_id = NEW.id AND o.text <> '')
    THEN
        PERFORM casework_refuse('withdrawn_conversation_leaves_nothing');
    END IF;
    RETURN NULL;
END
$$;

-- The directory is kept by many hands: each change counts its version up, and what is gone stays gone.
CREATE FUNCTION agreements_guard_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 THEN
        PERFORM casework_refuse('social_place_version_counts');
    END IF;
    IF OLD.ended_at IS NOT NULL THEN
        PERFORM casework_refuse('ended_place_is_final');
    END IF;
    RETURN NEW;
END
$$;

ALTER TABLE agreements_agreementstep ADD CONSTRAINT step_day_is_finite CHECK (isfinite(due_on));
ALTER TABLE agreements_agreement ADD CONSTRAINT agreement_superseded_after_it_began CHECK (superseded_at >= at);

CREATE TRIGGER will_not_blank BEFORE INSERT ON agreements_willstatement
    FOR EACH ROW EXECUTE FUNCTION agreements_texts_not_blank('text', 'will_not_blank');
CREATE TRIGGER will_recorded_now BEFORE INSERT ON agreements_willstatement
    FOR EACH ROW EXECUTE FUNCTION agreements_recorded_now();
CREATE TRIGGER will_is_final BEFORE UPDATE OR DELETE ON agreements_willstatement
    FOR EACH ROW EXECUTE FUNCTION casework_only_blanking('life_idea', 'text', 'own_activity');
CREATE TRIGGER resource_not_blank BEFORE INSERT ON agreements_resource
    FOR EACH ROW EXECUTE FUNCTION agreements_texts_not_blank('text', 'resource_not_blank');
CREATE TRIGGER resource_recorded_now BEFORE INSERT ON agreements_resource
    FOR EACH ROW EXECUTE FUNCTION agreements_recorded_now();
CREATE TRIGGER resource_is_guarded BEFORE UPDATE OR DELETE ON agreements_resource
    FOR EACH ROW EXECUTE FUNCTION agreements_guard_resource();
CREATE TRIGGER resource_ends_now BEFORE INSERT OR UPDATE OF ended_at, ended_in_id ON agreements_resource
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION agreements_resource_ends();
CREATE TRIGGER resource_review_recorded_now BEFORE INSERT ON agreements_resourcereview
    FOR EACH ROW EXECUTE FUNCTION agreements_recorded_now();
CREATE TRIGGER resource_review_is_final BEFORE UPDATE OR DELETE ON agreements_resourcereview
    FOR EACH ROW EXECUTE FUNCTION casework_never();
CREATE TRIGGER agreement_not_blank BEFORE INSERT ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION agreements_texts_not_blank(
        'goal', 'agreement_goal_not_blank', 'employment_link', 'agreement_employment_link_not_blank');
CREATE TRIGGER agreement_recorded_now BEFORE INSERT ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION agreements_recorded_now();
CREATE TRIGGER agreement_is_guarded BEFORE UPDATE OR DELETE ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION agreements_guard_agreement();
CREATE CONSTRAINT TRIGGER last_agreement_is_current
    AFTER INSERT OR UPDATE OF superseded_at, withdrawn_at ON agreements_agreement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agreements_assert_current();
CREATE CONSTRAINT TRIGGER agreement_complete_when_new AFTER INSERT ON agreements_agreement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agreements_assert_complete();
CREATE CONSTRAINT TRIGGER review_of_agreement_is_ahead AFTER INSERT ON agreements_agreement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agreements_review_ahead();
CREATE TRIGGER review_of_agreement_ends_now BEFORE UPDATE OF ended_at ON casework_followup
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION agreements_review_ends_now();
CREATE TRIGGER agreement_step_not_blank BEFORE INSERT ON agreements_agreementstep
    FOR EACH ROW EXECUTE FUNCTION agreements_texts_not_blank('text', 'agreement_step_not_blank');
CREATE TRIGGER agreement_step_is_guarded BEFORE INSERT OR UPDATE OR DELETE ON agreements_agreementstep
    FOR EACH ROW EXECUTE FUNCTION agreements_guard_step();
CREATE CONSTRAINT TRIGGER agreement_complete_with_its_steps AFTER INSERT ON agreements_agreementstep
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agreements_assert_complete();
CREATE CONSTRAINT TRIGGER agreement_resource_stands AFTER INSERT ON agreements_agreementresource
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agreements_resource_stands();
CREATE TRIGGER agreement_resource_is_final BEFORE UPDATE OR DELETE ON agreements_agreementresource
    FOR EACH ROW EXECUTE FUNCTION casework_never();
CREATE CONSTRAINT TRIGGER agreement_complete_with_its_resources AFTER INSERT ON agreements_agreementresource
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agreements_assert_complete();
CREATE TRIGGER step_reminder_is_final BEFORE UPDATE OR DELETE ON agreements_stepreminder
    FOR EACH ROW EXECUTE FUNCTION casework_never();
CREATE TRIGGER outcome_recorded_now BEFORE INSERT ON agreements_stepoutcome
    FOR EACH ROW EXECUTE FUNCTION agreements_recorded_now();
CREATE TRIGGER outcome_fits BEFORE INSERT ON agreements_stepoutcome
    FOR EACH ROW EXECUTE FUNCTION agreements_outcome_fits();
CREATE TRIGGER outcome_is_final BEFORE UPDATE OR DELETE ON agreements_stepoutcome
    FOR EACH ROW EXECUTE FUNCTION agreements_guard_outcome();
CREATE TRIGGER handout_recorded_now BEFORE INSERT ON agreements_agreementhandout
    FOR EACH ROW EXECUTE FUNCTION agreements_recorded_now();
CREATE TRIGGER handout_is_final BEFORE UPDATE OR DELETE ON agreements_agreementhandout
    FOR EACH ROW EXECUTE FUNCTION casework_never();
CREATE CONSTRAINT TRIGGER withdrawn_conversation_leaves_nothing AFTER UPDATE OF withdrawn_at ON casework_contact
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION agreements_withdrawn_leaves_nothing();
CREATE TRIGGER social_place_is_guarded BEFORE UPDATE ON agreements_socialplace
    FOR EACH ROW EXECUTE FUNCTION agreements_guard_place();
"""

TRIGGERS = {
    "agreements_willstatement": ["will_not_blank", "will_recorded_now", "will_is_final"],
    "agreements_resource": [
        "resource_not_blank",
        "resource_recorded_now",
        "resource_is_guarded",
        "resource_ends_now",
    ],
    "agreements_resourcereview": ["resource_review_recorded_now", "resource_review_is_final"],
    "agreements_agreement": [
        "agreement_not_blank",
        "agreement_recorded_now",
        "agreement_is_guarded",
        "last_agreement_is_current",
        "agreement_complete_when_new",
        "review_of_agreement_is_ahead",
    ],
    "casework_followup": ["review_of_agreement_ends_now"],
    "agreements_agreementstep": [
        "agreement_step_not_blank",
        "agreement_step_is_guarded",
        "agreement_complete_with_its_steps",
    ],
    "agreements_agreementresource": [
        "agreement_resource_stands",
        "agreement_resource_is_final",
        "agreement_complete_with_its_resources",
    ],
    "agreements_stepreminder": ["step_reminder_is_final"],
    "agreements_stepoutcome": ["outcome_recorded_now", "outcome_fits", "outcome_is_final"],
    "agreements_agreementhandout": ["handout_recorded_now", "handout_is_final"],
    "casework_contact": ["withdrawn_conversation_leaves_nothing"],
    "agreements_socialplace": ["social_place_is_guarded"],
}
FUNCTIONS = (
    "texts_not_blank",
    "recorded_now",
    "guard_agreement",
    "assert_current",
    "assert_complete",
    "review_ahead",
    "review_ends_now",
    "guard_step",
    "resource_stands",
    "guard_resource",
    "resource_ends",
    "outcome_fits",
    "guard_outcome",
    "withdrawn_leaves_nothing",
    "guard_place",
)
REVERSE = "\n".join(
    [
        *(f"DROP TRIGGER {name} ON {table};" for table, names in TRIGGERS.items() for name in names),
        "ALTER TABLE agreements_agreementstep DROP CONSTRAINT step_day_is_finite;",
        "ALTER TABLE agreements_agreement DROP CONSTRAINT agreement_superseded_after_it_began;",
        *(f"DROP FUNCTION agreements_{name}();" for name in FUNCTIONS),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_composite_keys"), ("casework", "0013_one_case_at_a_time")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

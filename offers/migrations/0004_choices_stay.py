"""What a person chose stays as it was worded; it is withdrawn without a reason, and ends with its participation.

The one way out of the file is "Falsche Akte": with the conversation the words go blank.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION offers_local_today() RETURNS date
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT (clock_timestamp() AT TIME ZONE 'Europe/Berlin')::date $$;

-- Chosen is what could be chosen at that moment: published, valid, not withdrawn (R4.4-4).
CREATE FUNCTION offers_choice_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.at > clock_timestamp() + interval '1 minute' OR NOT isfinite(NEW.at) THEN
        PERFORM casework_refuse('what_was_agreed_is_recorded_now');
    END IF;
    IF EXISTS (SELECT 1 FROM casework_contact WHERE id = NEW.contact_id AND withdrawn_at IS NOT NULL) THEN
        PERFORM casework_refuse('record_is_final');
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM offers_offer AS o JOIN offers_offerversion AS v ON v.offer_id = o.id
         WHERE o.id = NEW.offer_id AND (o.withdrawn_at IS NULL OR o.withdrawn_at > NEW.at)
           AND v.published_at <= NEW.at + interval '1 minute' AND (v.superseded_at IS NULL OR v.superseded_at > NEW.at)
           AND (NEW.at AT TIME ZONE 'Europe/Berlin')::date BETWEEN v.valid_from AND v.valid_to
    ) THEN
        PERFORM casework_refuse('chosen_offer_is_published');
    END IF;
    RETURN NEW;
END
$$;

-- A choice has its Absicht, serves an agreement that stands and follows a look at resources that stands; asked when
-- everything that the conversation brings is there.
CREATE FUNCTION offers_choice_stands() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM offers_intentversion WHERE choice_id = NEW.id AND number = 1) THEN
        PERFORM casework_refuse('choice_has_an_intent');
    END IF;
    IF NEW.review_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM agreements_resourcereview AS r JOIN casework_contact AS c ON c.id = r.contact_id
         WHERE r.id = NEW.review_id AND c.withdrawn_at IS NULL AND r.at <= NEW.at + interval '1 minute'
    ) THEN
        PERFORM casework_refuse('choice_after_standing_look');
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION offers_choice_serves() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM agreements_agreement WHERE id = NEW.agreement_id AND withdrawn_at IS NOT NULL) THEN
        PERFORM casework_refuse('choice_serves_standing_agreement');
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION offers_choice_ends() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM offers_participation WHERE choice_id = NEW.id AND ended_on IS NOT NULL) THEN
        PERFORM casework_refuse('choice_ends_with_its_participation');
    END IF;
    RETURN NULL;
END
$$;

-- Withdrawn once, ended once, the agreement of an immediate choice named later; nothing else changes.
CREATE FUNCTION offers_guard_choice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_seen text[] := ARRAY['changes_seen_at', 'changes_seen_by_id'];
    v_life text[] := ARRAY['withdrawn_at', 'withdrawn_by_id', 'ended_at', 'ended_by_id', 'agreement_id'];
BEGIN
    IF TG_OP = 'DELETE'
       OR (to_jsonb(OLD) - v_seen - v_life) IS DISTINCT FROM (to_jsonb(NEW) - v_seen - v_life)
       OR (OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_by_id)
           IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_by_id))
       OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.ended_by_id)
           IS DISTINCT FROM (OLD.ended_at, OLD.ended_by_id))
       OR (NEW.agreement_id IS DISTINCT FROM OLD.agreement_id
           AND (OLD.agreement_id IS NOT NULL OR NOT OLD.immediate OR OLD.withdrawn_at IS NOT NULL))
       OR NEW.withdrawn_at > clock_timestamp() + interval '1 minute'
       OR NEW.ended_at > clock_timestamp() + interval '1 minute'
       OR NEW.withdrawn_at < NEW.at - interval '1 minute' OR NEW.ended_at < NEW.at - interval '1 minute'
    THEN
        PERFORM casework_refuse('choice_is_final');
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION offers_intent_fits() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM offers_offerchoice WHERE id = NEW.choice_id
                AND (withdrawn_at < NEW.at OR ended_at < NEW.at)) THEN
        PERFORM casework_refuse('intent_of_standing_choice');
    END IF;
    RETURN NULL;
END
$$;

-- Words about a choice go blank with the conversation that told them or the one that made the choice, in no other way.
CREATE FUNCTION offers_guard_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_new jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        v_new := to_jsonb(NEW);
        IF (to_jsonb(OLD) - TG_ARGV) = (v_new - TG_ARGV)
           AND NOT EXISTS (SELECT 1 FROM unnest(TG_ARGV) AS c WHERE v_new ->> c <> '')
           AND EXISTS (
               SELECT 1 FROM casework_contact AS k
                WHERE k.withdrawn_at IS NOT NULL
                  AND k.id IN (OLD.contact_id, (SELECT contact_id FROM offers_offerchoice WHERE id = OLD.choice_id)))
        THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM casework_refuse('record_is_final');
END
$$;

-- Planned, started, ended: each once; the plan moves while it is a plan. No day lies ahead of what happened.
CREATE FUNCTION offers_guard_participation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM casework_refuse('participation_is_final');
    END IF;
    IF NEW.started_on > offers_local_today() OR NEW.ended_on > offers_local_today()
       OR NOT isfinite(coalesce(NEW.started_on, NEW.ended_on, NEW.planned_from, NEW.planned_until, current_date))
       OR NOT isfinite(coalesce(NEW.planned_from, current_date)) OR NOT isfinite(coalesce(NEW.planned_until, current_date))
    THEN
        PERFORM casework_refuse('participation_days_are_not_ahead');
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM offers_offerchoice WHERE id = NEW.choice_id AND withdrawn_at < NEW.planned_at) THEN
            PERFORM casework_refuse('participation_of_standing_choice');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.ended_on IS NOT NULL OR NEW.version <> OLD.version + 1
       OR (NEW.case_id, NEW.choice_id, NEW.planned_at, NEW.planned_by_id)
          IS DISTINCT FROM (OLD.case_id, OLD.choice_id, OLD.planned_at, OLD.planned_by_id)
       OR (OLD.started_on IS NOT NULL AND (NEW.started_on, NEW.started_at, NEW.started_by_id)
           IS DISTINCT FROM (OLD.started_on, OLD.started_at, OLD.started_by_id))
    THEN
        PERFORM casework_refuse('participation_is_final');
    END IF;
    IF OLD.started_on IS NULL AND NEW.started_on IS NOT NULL AND EXISTS (
        SELECT 1 FROM offers_offerchoice WHERE id = NEW.choice_id AND withdrawn_at IS NOT NULL
    ) THEN
        PERFORM casework_refuse('participation_of_standing_choice');
    END IF;
    RETURN NEW;
END
$$;

-- A consent is given, and revoked once; from then on nobody may say that it stood.
CREATE FUNCTION offers_guard_consent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_ends text[] := ARRAY['revoked_on', 'revoked_at', 'revoked_by_id'];
BEGIN
    IF TG_OP <> 'DELETE' AND (NEW.given_on > offers_local_today() OR NEW.revoked_on > offers_local_today()
        OR NOT isfinite(NEW.given_on))
    THEN
        PERFORM casework_refuse('consent_days_are_not_ahead');
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.revoked_on IS NOT NULL
       OR (to_jsonb(OLD) - v_ends) IS DISTINCT FROM (to_jsonb(NEW) - v_ends)
    THEN
        PERFORM casework_refuse('consent_is_final');
    END IF;
    RETURN NEW;
END
$$;

-- "Falsche Akte" takes along what the conversation chose.
CREATE FUNCTION offers_withdrawn_leaves_nothing() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM offers_offerchoice WHERE contact_id = NEW.id AND withdrawn_at IS NULL AND ended_at IS NULL)
       OR EXISTS (SELECT 1 FROM offers_intentversion AS i JOIN offers_offerchoice AS c ON c.id = i.choice_id
                   WHERE (i.contact_id = NEW.id OR c.contact_id = NEW.id) AND i.text <> '')
       OR EXISTS (SELECT 1 FROM offers_participationoutcome AS o JOIN offers_offerchoice AS c ON c.id = o.choice_id
                   WHERE (o.contact_id = NEW.id OR c.contact_id = NEW.id)
                     AND (o.own_words <> '' OR o.provider_words <> ''))
    THEN
        PERFORM casework_refuse('withdrawn_conversation_leaves_no_choice');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER choice_begins BEFORE INSERT ON offers_offerchoice
    FOR EACH ROW EXECUTE FUNCTION offers_choice_begins();
CREATE TRIGGER choice_is_guarded BEFORE UPDATE OR DELETE ON offers_offerchoice
    FOR EACH ROW EXECUTE FUNCTION offers_guard_choice();
CREATE CONSTRAINT TRIGGER choice_stands AFTER INSERT ON offers_offerchoice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION offers_choice_stands();
CREATE CONSTRAINT TRIGGER choice_serves AFTER INSERT OR UPDATE OF agreement_id ON offers_offerchoice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.agreement_id IS NOT NULL)
    EXECUTE FUNCTION offers_choice_serves();
CREATE CONSTRAINT TRIGGER choice_ends AFTER INSERT OR UPDATE OF ended_at ON offers_offerchoice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION offers_choice_ends();
CREATE TRIGGER intent_not_blank BEFORE INSERT ON offers_intentversion
    FOR EACH ROW EXECUTE FUNCTION agreements_texts_not_blank('text', 'intent_not_blank');
CREATE TRIGGER intent_recorded_now BEFORE INSERT ON offers_intentversion
    FOR EACH ROW EXECUTE FUNCTION agreements_recorded_now();
CREATE CONSTRAINT TRIGGER intent_fits AFTER INSERT ON offers_intentversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION offers_intent_fits();
CREATE TRIGGER intent_is_final BEFORE UPDATE OR DELETE ON offers_intentversion
    FOR EACH ROW EXECUTE FUNCTION offers_guard_words('text');
CREATE TRIGGER participation_is_guarded BEFORE INSERT OR UPDATE OR DELETE ON offers_participation
    FOR EACH ROW EXECUTE FUNCTION offers_guard_participation();
CREATE TRIGGER participation_outcome_not_blank BEFORE INSERT ON offers_participationoutcome
    FOR EACH ROW EXECUTE FUNCTION agreements_texts_not_blank('own_words', 'participation_outcome_not_blank');
CREATE TRIGGER participation_outcome_recorded_now BEFORE INSERT ON offers_participationoutcome
    FOR EACH ROW EXECUTE FUNCTION agreements_recorded_now();
CREATE TRIGGER participation_outcome_is_final BEFORE UPDATE OR DELETE ON offers_participationoutcome
    FOR EACH ROW EXECUTE FUNCTION offers_guard_words('own_words', 'provider_words');
CREATE TRIGGER consent_is_guarded BEFORE INSERT OR UPDATE OR DELETE ON offers_consent
    FOR EACH ROW EXECUTE FUNCTION offers_guard_consent();
CREATE CONSTRAINT TRIGGER withdrawn_conversation_leaves_no_choice AFTER UPDATE OF withdrawn_at ON casework_contact
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION offers_withdrawn_leaves_nothing();
"""

TRIGGERS = {
    "offers_offerchoice": ["choice_begins", "choice_is_guarded", "choice_stands", "choice_serves", "choice_ends"],
    "offers_intentversion": ["intent_not_blank", "intent_recorded_now", "intent_fits", "intent_is_final"],
    "offers_participation": ["participation_is_guarded"],
    "offers_participationoutcome": [
        "participation_outcome_not_blank",
        "participation_outcome_recorded_now",
        "participation_outcome_is_final",
    ],
    "offers_consent": ["consent_is_guarded"],
    "casework_contact": ["withdrawn_conversation_leaves_no_choice"],
}
FUNCTIONS = (
    "choice_begins",
    "choice_stands",
    "choice_serves",
    "choice_ends",
    "guard_choice",
    "intent_fits",
    "guard_words",
    "guard_participation",
    "guard_consent",
    "withdrawn_leaves_nothing",
    "local_today",
)
REVERSE = "\n".join(
    [
        *(f"DROP TRIGGER {name} ON {table};" for table, names in TRIGGERS.items() for name in names),
        *(f"DROP FUNCTION offers_{name}();" for name in FUNCTIONS),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("offers", "0003_offers_stay")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

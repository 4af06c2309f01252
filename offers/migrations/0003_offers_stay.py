"""Offers: written by one, reviewed by another, complete when published, every version kept (R4.4-5, R4.4-7)."""

from django.db import migrations

SQL = """
CREATE FUNCTION offers_history_stays() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_refuse('offer_history_stays');
END
$$;

-- An offer is withdrawn once. Whether it is immediate decides what a choice needs, so that never changes.
CREATE FUNCTION offers_guard_offer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM casework_refuse('offer_history_stays');
    END IF;
    IF (NEW.immediate, NEW.provider_id, NEW.uid) IS DISTINCT FROM (OLD.immediate, OLD.provider_id, OLD.uid) THEN
        PERFORM casework_refuse('offer_immediate_is_fixed');
    END IF;
    IF OLD.withdrawn_at IS NOT NULL THEN
        PERFORM casework_refuse('offer_is_withdrawn_once');
    END IF;
    RETURN NEW;
END
$$;

-- A version: worded while it is a draft, frozen from the review on, published when complete and by nobody's own review.
CREATE FUNCTION offers_guard_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_life text[] := ARRAY['writers', 'review_note', 'submitted_at', 'submitted_by_id', 'reviewed_at', 'reviewed_by_id',
                           'published_at', 'published_by_id', 'superseded_at', 'discarded_at', 'discarded_by_id',
                           'search_text', 'search_vector'];
    v_who text[] := ARRAY['offer_id', 'number', 'author_id', 'created_at', 'created_by_id'];
    v_old jsonb;
    v_new jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM casework_refuse('offer_version_is_final');
    END IF;
    IF TG_OP = 'UPDATE' THEN
        v_old := to_jsonb(OLD) - v_life;
        v_new := to_jsonb(NEW) - v_life;
        IF (v_old <> v_new AND (OLD.submitted_at IS NOT NULL OR OLD.discarded_at IS NOT NULL))
           OR EXISTS (SELECT 1 FROM unnest(v_who) AS c WHERE v_old -> c IS DISTINCT FROM v_new -> c)
           OR (OLD.reviewed_at IS NOT NULL AND (NEW.submitted_at, NEW.reviewed_at, NEW.reviewed_by_id)
               IS DISTINCT FROM (OLD.submitted_at, OLD.reviewed_at, OLD.reviewed_by_id))
           OR (OLD.published_at IS NOT NULL AND (NEW.published_at, NEW.published_by_id)
               IS DISTINCT FROM (OLD.published_at, OLD.published_by_id))
           OR (OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS DISTINCT FROM OLD.superseded_at)
           OR (OLD.discarded_at IS NOT NULL AND (NEW.discarded_at, NEW.submitted_at, NEW.published_at)
               IS DISTINCT FROM (OLD.discarded_at, OLD.submitted_at, OLD.published_at))
        THEN
            PERFORM casework_refuse('offer_version_is_final');
        END IF;
        IF NOT NEW.writers @> OLD.writers OR (OLD.reviewed_at IS NOT NULL AND NEW.writers <> OLD.writers) THEN
            PERFORM casework_refuse('offer_version_keeps_its_writers');
        END IF;
    END IF;
    IF EXISTS (SELECT unnest(NEW.supports) EXCEPT SELECT code FROM offers_supportkind)
       OR EXISTS (SELECT unnest(NEW.areas) EXCEPT SELECT id FROM agreements_socialspace)
    THEN
        PERFORM casework_refuse('offer_version_knows_its_words');
    END IF;
    IF NEW.published_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.published_at IS NULL) THEN
        IF EXISTS (SELECT 1 FROM unnest(ARRAY[NEW.support, NEW.purpose, NEW.course, NEW.place, NEW.duration,
                          NEW.accessibility, NEW.bring, NEW.requirements, NEW.joining]) AS t WHERE t !~ '\\S')
           OR cardinality(NEW.supports) = 0 OR cardinality(NEW.areas) = 0 OR cardinality(NEW.languages) = 0
           OR (NEW.start !~ '\\S' AND NOT NEW.any_time AND cardinality(NEW.start_dates) = 0)
           OR NEW.hours_per_week IS NULL OR NEW.funding_body_id IS NULL OR NEW.legal_basis_id IS NULL
           OR NEW.valid_from IS NULL OR NEW.valid_to IS NULL
           OR NOT isfinite(NEW.valid_from) OR NOT isfinite(NEW.valid_to)
        THEN
            PERFORM casework_refuse('published_offer_is_complete');
        END IF;
        IF EXISTS (SELECT 1 FROM offers_offer WHERE id = NEW.offer_id AND withdrawn_at <= NEW.published_at) THEN
            PERFORM casework_refuse('withdrawn_offer_is_not_published');
        END IF;
    END IF;
    RETURN NEW;
END
$$;

ALTER TABLE offers_offerversion ADD CONSTRAINT offer_version_second_person
    CHECK (reviewed_by_id IS NULL OR NOT (reviewed_by_id = ANY (writers)));
ALTER TABLE offers_offerversion ADD CONSTRAINT offer_version_names_its_author CHECK (author_id = ANY (writers));

-- Search in German: umlauts and their spellings folded, words stemmed; letters for what is misspelt.
ALTER TABLE offers_offerversion
    ADD COLUMN search_text text GENERATED ALWAYS AS (
        casework_fold(left(name || ' ' || support || ' ' || purpose || ' ' || course || ' ' || place || ' '
                           || joining || ' ' || duration || ' ' || start, 20000))) STORED,
    ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('pg_catalog.german'::regconfig, casework_fold(name)), 'A')
        || setweight(to_tsvector('pg_catalog.german'::regconfig, casework_fold(left(support, 20000))), 'B')
        || setweight(to_tsvector('pg_catalog.german'::regconfig, casework_fold(left(purpose, 20000))), 'C')
        || setweight(to_tsvector('pg_catalog.german'::regconfig, casework_fold(
               left(course || ' ' || place || ' ' || joining || ' ' || duration || ' ' || start, 20000))), 'D')) STORED;
CREATE INDEX offer_search_vector ON offers_offerversion USING gin (search_vector)
    WHERE published_at IS NOT NULL AND superseded_at IS NULL;
CREATE INDEX offer_search_text ON offers_offerversion USING gin (search_text gin_trgm_ops)
    WHERE published_at IS NOT NULL AND superseded_at IS NULL;

CREATE TRIGGER offer_is_guarded BEFORE UPDATE OR DELETE ON offers_offer
    FOR EACH ROW EXECUTE FUNCTION offers_guard_offer();
CREATE TRIGGER offer_version_is_guarded BEFORE INSERT OR UPDATE OR DELETE ON offers_offerversion
    FOR EACH ROW EXECUTE FUNCTION offers_guard_version();
CREATE TRIGGER offer_event_is_final BEFORE UPDATE OR DELETE ON offers_offerevent
    FOR EACH ROW EXECUTE FUNCTION offers_history_stays();
CREATE TRIGGER demand_note_is_final BEFORE UPDATE OR DELETE ON offers_demandnote
    FOR EACH ROW EXECUTE FUNCTION offers_history_stays();
"""

REVERSE = """
DROP TRIGGER demand_note_is_final ON offers_demandnote;
DROP TRIGGER offer_event_is_final ON offers_offerevent;
DROP TRIGGER offer_version_is_guarded ON offers_offerversion;
DROP TRIGGER offer_is_guarded ON offers_offer;
ALTER TABLE offers_offerversion DROP COLUMN search_vector, DROP COLUMN search_text;
ALTER TABLE offers_offerversion DROP CONSTRAINT offer_version_names_its_author;
ALTER TABLE offers_offerversion DROP CONSTRAINT offer_version_second_person;
DROP FUNCTION offers_guard_version();
DROP FUNCTION offers_guard_offer();
DROP FUNCTION offers_history_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("offers", "0002_composite_keys")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

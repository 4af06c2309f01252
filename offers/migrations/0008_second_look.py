"""What a second look at the rules of offers found: texts that show nothing, words behind a review, withdrawn choices.

A version is not worded in the same statement that reviews it, and what was said at its review stays. A Bedarf is read
by its columns alone: its inner transaction number would lead to the conversation in which it was said (R4.4-7).
"""

from django.conf import settings
from django.db import migrations

SQL = r"""
-- Frozen from the review on, published when complete; the class of characters that show is in jobcenter.platform.words.
CREATE OR REPLACE FUNCTION offers_guard_version() RETURNS trigger
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
        IF (v_old <> v_new AND (OLD.submitted_at IS NOT NULL OR OLD.discarded_at IS NOT NULL OR NEW.reviewed_at IS NOT NULL))
           OR EXISTS (SELECT 1 FROM unnest(v_who) AS c WHERE v_old -> c IS DISTINCT FROM v_new -> c)
           OR (OLD.reviewed_at IS NOT NULL AND (NEW.submitted_at, NEW.submitted_by_id, NEW.review_note, NEW.reviewed_at, NEW.reviewed_by_id)
               IS DISTINCT FROM
               (OLD.submitted_at, OLD.submitted_by_id, OLD.review_note, OLD.reviewed_at, OLD.reviewed_by_id))
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
                          NEW.accessibility, NEW.bring, NEW.requirements, NEW.joining]) AS t WHERE t !~ '[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]')
           OR cardinality(NEW.supports) = 0 OR cardinality(NEW.areas) = 0 OR cardinality(NEW.languages) = 0
           OR (NEW.start !~ '[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]' AND NOT NEW.any_time AND cardinality(NEW.start_dates) = 0)
           OR array_position(NEW.start_dates, NULL) IS NOT NULL
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

CREATE OR REPLACE FUNCTION offers_guard_participation() RETURNS trigger
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
        IF EXISTS (SELECT 1 FROM offers_offerchoice WHERE id = NEW.choice_id AND withdrawn_at IS NOT NULL
                    AND (NEW.ended_on IS NULL OR withdrawn_at < NEW.planned_at)) THEN
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
"""

REVERSE = r"""
CREATE OR REPLACE FUNCTION offers_guard_version() RETURNS trigger
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
                          NEW.accessibility, NEW.bring, NEW.requirements, NEW.joining]) AS t WHERE t !~ '\S')
           OR cardinality(NEW.supports) = 0 OR cardinality(NEW.areas) = 0 OR cardinality(NEW.languages) = 0
           OR (NEW.start !~ '\S' AND NOT NEW.any_time AND cardinality(NEW.start_dates) = 0)
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

CREATE OR REPLACE FUNCTION offers_guard_participation() RETURNS trigger
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
"""

COLUMNS = "uuid, half_year, text"


def read_by_columns(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    schema_editor.execute(f"REVOKE SELECT ON offers_demandnote FROM {role}")  # noqa: S608
    schema_editor.execute(f"GRANT SELECT ({COLUMNS}) ON offers_demandnote TO {role}")


def read_whole(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    schema_editor.execute(f"GRANT SELECT ON offers_demandnote TO {role}")


class Migration(migrations.Migration):
    dependencies = [("offers", "0007_reference_data"), ("agreements", "0006_texts_that_show")]
    operations = [migrations.RunSQL(SQL, REVERSE), migrations.RunPython(read_by_columns, read_whole)]

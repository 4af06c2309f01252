"""A substitution lies inside its absence, and no substitute has a substitute (design.md 4)."""

from django.db import migrations

SQL = """
CREATE FUNCTION casework_substitution_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    -- Two entries that together make a chain may come at the same moment: one after the other, please.
    PERFORM casework_need_read_committed();
    PERFORM pg_advisory_xact_lock(hashtext('casework_substitution'));
    IF NOT EXISTS (
        SELECT 1 FROM casework_absence
         WHERE id = NEW.absence_id AND user_id = NEW.absent_user_id AND during @> NEW.during
    ) THEN
        RAISE EXCEPTION 'substitution outside its absence'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'substitution_inside_absence';
    END IF;
    IF EXISTS (
        SELECT 1 FROM casework_substitution AS other
         WHERE other.id <> NEW.id AND other.during && NEW.during
           AND (other.absent_user_id = NEW.substitute_id OR other.substitute_id = NEW.absent_user_id)
    ) THEN
        RAISE EXCEPTION 'a substitute has no substitute'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_substitute_of_a_substitute';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION casework_absence_covers_substitutions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_need_read_committed();
    PERFORM pg_advisory_xact_lock(hashtext('casework_substitution'));
    IF EXISTS (
        SELECT 1 FROM casework_substitution
         WHERE absence_id = NEW.id AND (absent_user_id <> NEW.user_id OR NOT during <@ NEW.during)
    ) THEN
        RAISE EXCEPTION 'substitution outside its absence'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'substitution_inside_absence';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER substitution_fits BEFORE INSERT OR UPDATE ON casework_substitution
    FOR EACH ROW EXECUTE FUNCTION casework_substitution_fits();
CREATE TRIGGER absence_covers_substitutions BEFORE UPDATE ON casework_absence
    FOR EACH ROW EXECUTE FUNCTION casework_absence_covers_substitutions();
"""

REVERSE = """
DROP TRIGGER absence_covers_substitutions ON casework_absence;
DROP TRIGGER substitution_fits ON casework_substitution;
DROP FUNCTION casework_absence_covers_substitutions();
DROP FUNCTION casework_substitution_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_responsible_counsellor_is_active")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

"""A mail belongs to its own day, or to the week of that day, and its life begins with waiting."""

from django.db import migrations

SQL = """
ALTER TABLE casework_digestmail
    ADD CONSTRAINT digest_day_fits_kind CHECK (
        (kind <> 'own' OR local_date = planned_on)
        AND (kind <> 'team' OR extract(isodow FROM local_date) = 1 AND planned_on - local_date BETWEEN 0 AND 6)
    ),
    -- A row from eternity would stand at the head of the queue for good.
    ADD CONSTRAINT digest_moments_finite CHECK (
        isfinite(local_date) AND isfinite(planned_on) AND isfinite(not_before)
        AND isfinite(coalesce(lease_until, not_before))
    );

CREATE FUNCTION casework_digest_begins_with_waiting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.state <> 'planned' OR NEW.attempts <> 0 THEN
        RAISE EXCEPTION 'digest does not begin with waiting'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'digest_begins_with_waiting';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER digest_begins_with_waiting BEFORE INSERT ON casework_digestmail
    FOR EACH ROW EXECUTE FUNCTION casework_digest_begins_with_waiting();
"""

REVERSE = """
DROP TRIGGER digest_begins_with_waiting ON casework_digestmail;
DROP FUNCTION casework_digest_begins_with_waiting();
ALTER TABLE casework_digestmail DROP CONSTRAINT digest_day_fits_kind, DROP CONSTRAINT digest_moments_finite;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_reminder_mails")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

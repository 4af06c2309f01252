"""Nobody without an active account is responsible for a case, and no account with cases is switched off.

Both sides lock the account's row before they look: FOR SHARE waits for a change of `is_active` under way, and the
change waits for it.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION casework_counsellor_is_active() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_active boolean;
BEGIN
    PERFORM casework_need_read_committed();
    IF upper(NEW.during) <= clock_timestamp() THEN
        RETURN NEW; -- history; no responsibility of today or later
    END IF;
    SELECT is_active INTO v_active FROM casework_user WHERE id = NEW.counsellor_id FOR SHARE;
    IF NOT v_active THEN
        RAISE EXCEPTION 'counsellor % is not active', NEW.counsellor_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'responsible_counsellor_is_active';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION casework_user_without_cases() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_need_read_committed();
    IF EXISTS (
        SELECT 1 FROM casework_caseassignment
         WHERE counsellor_id = NEW.id AND during && tstzrange(clock_timestamp(), NULL)
    ) THEN
        RAISE EXCEPTION 'user % is responsible for cases', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'user_with_cases_stays_active';
    END IF;
    RETURN NEW;
END
$$;

-- An account that is responsible for cases stays in its organisation (R0-1) and keeps the role that opens them.
CREATE FUNCTION casework_user_keeps_organisation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM casework_caseassignment
         WHERE counsellor_id = NEW.id AND during && tstzrange(clock_timestamp(), NULL)
    ) THEN
        RAISE EXCEPTION 'user % is responsible for cases', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'user_with_cases_keeps_organisation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION casework_counsellor_keeps_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM casework_caseassignment
         WHERE counsellor_id = OLD.user_id AND during && tstzrange(clock_timestamp(), NULL)
    ) AND NOT EXISTS (
        SELECT 1 FROM casework_rolegrant WHERE user_id = OLD.user_id AND role = 'counsellor'
    ) THEN
        RAISE EXCEPTION 'user % is responsible for cases', OLD.user_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'counsellor_with_cases_keeps_role';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_with_cases_keeps_organisation AFTER UPDATE OF organisation_id ON casework_user
    FOR EACH ROW WHEN (OLD.organisation_id <> NEW.organisation_id)
    EXECUTE FUNCTION casework_user_keeps_organisation();
CREATE TRIGGER counsellor_with_cases_keeps_role AFTER UPDATE OR DELETE ON casework_rolegrant
    FOR EACH ROW WHEN (OLD.role = 'counsellor') EXECUTE FUNCTION casework_counsellor_keeps_role();
CREATE TRIGGER responsible_counsellor_is_active BEFORE INSERT ON casework_caseassignment
    FOR EACH ROW EXECUTE FUNCTION casework_counsellor_is_active();
CREATE TRIGGER participating_counsellor_is_active BEFORE INSERT ON casework_caseparticipation
    FOR EACH ROW EXECUTE FUNCTION casework_counsellor_is_active();
-- AFTER, so that the row is locked before the look at the assignments.
CREATE TRIGGER user_with_cases_stays_active AFTER UPDATE OF is_active ON casework_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION casework_user_without_cases();
"""

REVERSE = """
DROP TRIGGER user_with_cases_stays_active ON casework_user;
DROP TRIGGER participating_counsellor_is_active ON casework_caseparticipation;
DROP TRIGGER responsible_counsellor_is_active ON casework_caseassignment;
DROP TRIGGER counsellor_with_cases_keeps_role ON casework_rolegrant;
DROP TRIGGER user_with_cases_keeps_organisation ON casework_user;
DROP FUNCTION casework_counsellor_keeps_role();
DROP FUNCTION casework_user_keeps_organisation();
DROP FUNCTION casework_user_without_cases();
DROP FUNCTION casework_counsellor_is_active();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_records_stay")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

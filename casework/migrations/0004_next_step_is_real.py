"""A contact's next step, and the successor of an ended step, is open or ended only later (design.md 4).

A key alone would let a step count that has ended already. The case row is locked first, as in the heart.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION casework_assert_step_ahead(p_case bigint, p_step bigint, p_since timestamptz, p_rule text)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_need_read_committed();
    PERFORM 1 FROM casework_case WHERE id = p_case FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM casework_followup
         WHERE case_id = p_case AND id = p_step AND ended_at IS NOT NULL AND ended_at <= p_since
    ) THEN
        RAISE EXCEPTION 'case %: %', p_case, p_rule USING ERRCODE = 'check_violation', CONSTRAINT = p_rule;
    END IF;
END
$$;

CREATE FUNCTION casework_contact_step_ahead() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_assert_step_ahead(
        NEW.case_id, NEW.follow_up_id, NEW.recorded_at, 'next_step_of_contact_is_ahead');
    IF EXISTS (SELECT 1 FROM casework_followup WHERE id = NEW.follow_up_id AND ended_by_contact_id = NEW.id) THEN
        RAISE EXCEPTION 'contact %: its next step is the one it ended', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'next_step_of_contact_is_ahead';
    END IF;
    IF EXISTS (
        SELECT 1 FROM casework_caseclosure
         WHERE id = NEW.closure_id AND at < NEW.recorded_at - interval '1 minute'
    ) THEN
        RAISE EXCEPTION 'contact %: the case had ended before', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_case_has_no_next_step';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION casework_successor_ahead() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_assert_step_ahead(NEW.case_id, NEW.successor_id, NEW.ended_at, 'successor_is_ahead');
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER next_step_of_contact_is_ahead AFTER INSERT ON casework_contact
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION casework_contact_step_ahead();
CREATE CONSTRAINT TRIGGER successor_is_ahead AFTER INSERT OR UPDATE OF successor_id, ended_at ON casework_followup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.successor_id IS NOT NULL)
    EXECUTE FUNCTION casework_successor_ahead();
"""

REVERSE = """
DROP TRIGGER successor_is_ahead ON casework_followup;
DROP TRIGGER next_step_of_contact_is_ahead ON casework_contact;
DROP FUNCTION casework_successor_ahead();
DROP FUNCTION casework_contact_step_ahead();
DROP FUNCTION casework_assert_step_ahead(bigint, bigint, timestamptz, text);
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_open_case_has_next_step")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

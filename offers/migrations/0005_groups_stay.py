"""Groups of the Jobakademie: sixteen people at a time, led by Spezial-IFK, each date recorded once (R3.3-3, R4.2-3)."""

from django.db import migrations

SQL = """
CREATE FUNCTION offers_group_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.offer_id, NEW.organisation_id) IS DISTINCT FROM (OLD.offer_id, OLD.organisation_id)
       OR NOT EXISTS (SELECT 1 FROM offers_offer WHERE id = NEW.offer_id AND immediate)
    THEN
        PERFORM casework_refuse('group_is_of_an_immediate_offer');
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION offers_trainer_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM casework_counsellor
                    WHERE user_id = NEW.counsellor_id AND kind = 'specialist' AND area = 'job_academy') THEN
        PERFORM casework_refuse('trainer_is_of_the_jobakademie');
    END IF;
    RETURN NEW;
END
$$;

-- Places are counted behind a lock of the group, so that two who join at once do not both get the last one.
CREATE FUNCTION offers_member_joins() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_offer bigint;
BEGIN
    PERFORM casework_need_read_committed();
    SELECT offer_id INTO v_offer FROM offers_group WHERE id = NEW.group_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM offers_offerchoice
         WHERE id = NEW.choice_id AND offer_id = v_offer AND (withdrawn_at IS NULL OR withdrawn_at > NEW.joined_at)
    ) THEN
        PERFORM casework_refuse('member_chose_the_group');
    END IF;
    IF NEW.left_at IS NULL
       AND (SELECT count(*) FROM offers_groupmember WHERE group_id = NEW.group_id AND left_at IS NULL) >= 16
    THEN
        PERFORM casework_refuse('group_has_sixteen_places');
    END IF;
    RETURN NEW;
END
$$;

-- A member leaves once; whoever comes back joins anew.
CREATE FUNCTION offers_guard_member() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_ends text[] := ARRAY['left_at', 'left_by_id'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.left_at IS NOT NULL
       OR (to_jsonb(OLD) - v_ends) IS DISTINCT FROM (to_jsonb(NEW) - v_ends)
       OR NEW.left_at > clock_timestamp() + interval '1 minute'
    THEN
        PERFORM casework_refuse('member_leaves_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION offers_guard_group_date() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_life text[] := ARRAY['text', 'recorded_at', 'recorded_by_id', 'cancelled_at', 'cancelled_by_id'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.recorded_at IS NULL AND NEW.text <> '' OR NOT isfinite(NEW.starts_at)
           OR NEW.recorded_at < NEW.starts_at OR NEW.recorded_at > clock_timestamp() + interval '1 minute'
        THEN
            PERFORM casework_refuse('group_date_is_recorded_once');
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.recorded_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL
       OR (NEW.recorded_at IS NULL AND NEW.text <> '')
       OR NEW.recorded_at < NEW.starts_at OR NEW.recorded_at > clock_timestamp() + interval '1 minute'
       OR (to_jsonb(OLD) - v_life) IS DISTINCT FROM (to_jsonb(NEW) - v_life)
    THEN
        PERFORM casework_refuse('group_date_is_recorded_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION offers_attendance_fits() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM offers_groupmember AS m JOIN offers_groupdate AS d ON d.group_id = m.group_id
         WHERE m.id = NEW.member_id AND d.id = NEW.group_date_id AND d.recorded_at IS NOT NULL
    ) THEN
        PERFORM casework_refuse('attendance_at_a_date_of_the_group');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER group_fits BEFORE INSERT OR UPDATE ON offers_group
    FOR EACH ROW EXECUTE FUNCTION offers_group_fits();
CREATE TRIGGER trainer_fits BEFORE INSERT OR UPDATE ON offers_grouptrainer
    FOR EACH ROW EXECUTE FUNCTION offers_trainer_fits();
CREATE TRIGGER member_joins BEFORE INSERT ON offers_groupmember
    FOR EACH ROW EXECUTE FUNCTION offers_member_joins();
CREATE TRIGGER member_is_guarded BEFORE UPDATE OR DELETE ON offers_groupmember
    FOR EACH ROW EXECUTE FUNCTION offers_guard_member();
CREATE TRIGGER group_date_is_guarded BEFORE INSERT OR UPDATE OR DELETE ON offers_groupdate
    FOR EACH ROW EXECUTE FUNCTION offers_guard_group_date();
CREATE CONSTRAINT TRIGGER attendance_fits AFTER INSERT ON offers_attendance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION offers_attendance_fits();
CREATE TRIGGER attendance_is_final BEFORE UPDATE OR DELETE ON offers_attendance
    FOR EACH ROW EXECUTE FUNCTION casework_never();
"""

REVERSE = """
DROP TRIGGER attendance_is_final ON offers_attendance;
DROP TRIGGER attendance_fits ON offers_attendance;
DROP TRIGGER group_date_is_guarded ON offers_groupdate;
DROP TRIGGER member_is_guarded ON offers_groupmember;
DROP TRIGGER member_joins ON offers_groupmember;
DROP TRIGGER trainer_fits ON offers_grouptrainer;
DROP TRIGGER group_fits ON offers_group;
DROP FUNCTION offers_attendance_fits();
DROP FUNCTION offers_guard_group_date();
DROP FUNCTION offers_guard_member();
DROP FUNCTION offers_member_joins();
DROP FUNCTION offers_trainer_fits();
DROP FUNCTION offers_group_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("offers", "0004_choices_stay")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

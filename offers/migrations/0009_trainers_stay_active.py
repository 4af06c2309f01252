"""A running group is led by somebody who has an account: no trainer is switched off before another one leads it too.

Both sides lock the account's row before they look, as with the responsibility for cases.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION offers_trainer_is_active() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_need_read_committed();
    PERFORM 1 FROM casework_user WHERE id = NEW.counsellor_id AND is_active FOR SHARE;
    IF NOT FOUND AND EXISTS (SELECT 1 FROM offers_group WHERE id = NEW.group_id AND ended_at IS NULL) THEN
        PERFORM casework_refuse('trainer_is_active');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER trainer_is_active BEFORE INSERT ON offers_grouptrainer
    FOR EACH ROW EXECUTE FUNCTION offers_trainer_is_active();

-- Of two trainers of one group only one may go: the group is locked before the other one is counted.
CREATE FUNCTION offers_user_without_groups() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM casework_need_read_committed();
    PERFORM 1 FROM offers_group AS g
      WHERE g.ended_at IS NULL
        AND EXISTS (SELECT 1 FROM offers_grouptrainer AS t WHERE t.group_id = g.id AND t.counsellor_id = NEW.id)
      ORDER BY g.id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM offers_group AS g JOIN offers_grouptrainer AS t ON t.group_id = g.id AND t.counsellor_id = NEW.id
         WHERE g.ended_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM offers_grouptrainer AS o JOIN casework_user AS u ON u.id = o.counsellor_id AND u.is_active
             WHERE o.group_id = g.id AND o.counsellor_id <> NEW.id)
    ) THEN
        PERFORM casework_refuse('user_with_groups_stays_active');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER user_with_groups_stays_active AFTER UPDATE OF is_active ON casework_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION offers_user_without_groups();
"""
REVERSE = """
DROP TRIGGER user_with_groups_stays_active ON casework_user;
DROP TRIGGER trainer_is_active ON offers_grouptrainer;
DROP FUNCTION offers_user_without_groups();
DROP FUNCTION offers_trainer_is_active();
"""


class Migration(migrations.Migration):
    dependencies = [("offers", "0008_second_look"), ("casework", "0022_handover_rules")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

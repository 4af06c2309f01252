"""The heart: an open case has an open next step and one responsible IFK; a closed one has neither (R4.3-5).

One deferred constraint trigger that locks the case row first. Without the lock, two people who finish the last two
steps at once each still see the other's; with FOR UPDATE they would deadlock with foreign key checks (design.md 4).
In READ COMMITTED every statement of a volatile function sees what was committed before it, so after the wait for
the lock the counts are true.
"""

from django.db import migrations

FUNCTION = """
-- Under a snapshot older than the lock, the counts below would be those of yesterday.
CREATE FUNCTION casework_need_read_committed() RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'refused: read_committed_only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_committed_only';
    END IF;
END
$$;

CREATE FUNCTION casework_assert_case(p_case bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_opened timestamptz;
    v_closed timestamptz;
    v_has_step boolean;
    v_periods tstzmultirange;
    v_rule text;
BEGIN
    PERFORM casework_need_read_committed();
    SELECT opened_at, closed_at INTO v_opened, v_closed
      FROM casework_case WHERE id = p_case FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_has_step := EXISTS (SELECT 1 FROM casework_followup WHERE case_id = p_case AND ended_at IS NULL);
    SELECT range_agg(during) INTO v_periods FROM casework_caseassignment WHERE case_id = p_case;
    v_rule := CASE
        WHEN v_closed IS NULL AND NOT v_has_step THEN 'open_case_has_next_step'
        WHEN v_closed IS NOT NULL AND v_has_step THEN 'closed_case_has_no_next_step'
        WHEN v_periods IS DISTINCT FROM tstzmultirange(tstzrange(v_opened, v_closed))
            THEN 'case_has_responsible_counsellor_throughout'
        WHEN v_closed IS NULL AND EXISTS (SELECT 1 FROM casework_caseclosure WHERE case_id = p_case)
            THEN 'open_case_has_no_closure'
        WHEN v_closed IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM casework_caseclosure WHERE case_id = p_case AND at = v_closed
        ) THEN 'closed_case_has_closure'
    END;
    IF v_rule IS NOT NULL THEN
        RAISE EXCEPTION 'case %: %', p_case, v_rule USING ERRCODE = 'check_violation', CONSTRAINT = v_rule;
    END IF;
END
$$;

CREATE FUNCTION casework_assert_case_of_row() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_TABLE_NAME = 'casework_case' THEN
        PERFORM casework_assert_case(NEW.id);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM casework_assert_case(OLD.case_id);
    ELSE
        PERFORM casework_assert_case(NEW.case_id);
    END IF;
    RETURN NULL;
END
$$;
"""

DROP_FUNCTION = """
DROP FUNCTION casework_assert_case_of_row();
DROP FUNCTION casework_assert_case(bigint);
DROP FUNCTION casework_need_read_committed();
"""

# name, table, event, condition. An ended step that comes in (history, import) needs no look at its case.
TRIGGERS = [
    ("case_consistent_on_case", "casework_case", "INSERT OR UPDATE OF opened_at, closed_at", ""),
    ("case_consistent_on_new_step", "casework_followup", "INSERT", "WHEN (NEW.ended_at IS NULL)"),
    (
        "case_consistent_on_ended_step",
        "casework_followup",
        "UPDATE OF ended_at, case_id",
        "WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at OR OLD.case_id <> NEW.case_id)",
    ),
    ("case_consistent_on_lost_step", "casework_followup", "DELETE", ""),
    ("case_consistent_on_assignment", "casework_caseassignment", "INSERT OR UPDATE OR DELETE", ""),
    ("case_consistent_on_closure", "casework_caseclosure", "INSERT OR UPDATE OR DELETE", ""),
]


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_composite_keys")]
    operations = [
        migrations.RunSQL(FUNCTION, DROP_FUNCTION),
        *[
            migrations.RunSQL(
                f"CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table} "
                f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {condition} "
                "EXECUTE FUNCTION casework_assert_case_of_row()",
                f"DROP TRIGGER {name} ON {table}",
            )
            for name, table, event, condition in TRIGGERS
        ],
    ]

"""A restricted case is open to the people on its list alone: in the lists of the first line and in both row policies.

The list narrows; it gives nothing. An emergency is the one way around it, after a second person has allowed it.
"""

from django.db import migrations

from casework.migrations._notes import note_changes
from casework.migrations._roles import as_guard, hand_over, run, same_rights

RIGHTS = {
    "casework_protection": "SELECT, INSERT, UPDATE (ended_at, ended_by_id)",
    "casework_protectedreader": "SELECT, INSERT, UPDATE (ended_at, ended_by_id)",
    "casework_emergencyaccess": (
        "SELECT, INSERT, UPDATE (allowed_at, allowed_by_id, refused_at, refused_by_id, grant_id, seen_at, seen_by_id)"
    ),
}

SQL = """
CREATE INDEX case_restricted ON casework_case (id) WHERE is_restricted;

ALTER TABLE casework_accessgrant DROP CONSTRAINT grant_ends_the_same_day;
ALTER TABLE casework_accessgrant ADD CONSTRAINT grant_ends_the_same_day CHECK (
    CASE kind
        WHEN 'former' THEN true
        WHEN 'emergency' THEN upper(during) <= lower(during) + interval '60 minutes'
        ELSE upper(during) <= (date_trunc('day', lower(during) AT TIME ZONE 'Europe/Berlin') + interval '1 day')
                              AT TIME ZONE 'Europe/Berlin'
    END
);

-- Cases that stay closed to a user, whatever else would open them.
CREATE FUNCTION casework_closed_cases(p_user bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT c.id FROM casework_case AS c
     WHERE c.is_restricted AND NOT EXISTS (
        SELECT 1 FROM casework_protectedreader AS r
         WHERE r.case_id = c.id AND r.user_id = p_user AND r.ended_at IS NULL)
$$;

CREATE FUNCTION casework_is_closed(p_user bigint, p_case bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT EXISTS (SELECT 1 FROM casework_case AS c WHERE c.id = p_case AND c.is_restricted)
       AND NOT EXISTS (
        SELECT 1 FROM casework_protectedreader AS r
         WHERE r.case_id = p_case AND r.user_id = p_user AND r.ended_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION casework_acting_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 150
SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH acting AS (
        SELECT p_user AS id
        UNION
        SELECT s.absent_user_id FROM casework_substitution AS s
         WHERE s.substitute_id = p_user AND s.during @> (p_at AT TIME ZONE 'Europe/Berlin')::date
    ), responsible AS (
        SELECT a.case_id FROM casework_caseassignment AS a
         WHERE a.counsellor_id IN (SELECT id FROM acting) AND upper_inf(a.during)
    ), worked_on AS (
        SELECT case_id FROM responsible
        UNION
        SELECT p.case_id FROM casework_caseparticipation AS p
         WHERE p.counsellor_id IN (SELECT id FROM acting) AND p.during @> p_at
        UNION
        SELECT c.id FROM casework_caseassignment AS a JOIN casework_case AS c ON c.id = a.case_id
         WHERE a.counsellor_id = p_user AND c.closed_at IS NOT NULL AND upper(a.during) = c.closed_at
        UNION
        SELECT earlier.id FROM responsible
          JOIN casework_case AS now_open ON now_open.id = responsible.case_id AND now_open.previous_case_id IS NOT NULL
          JOIN casework_case AS earlier ON earlier.client_id = now_open.client_id AND earlier.closed_at IS NOT NULL
    )
    SELECT case_id FROM worked_on WHERE case_id NOT IN (SELECT casework_closed_cases(p_user))
$$;

CREATE OR REPLACE FUNCTION casework_readable_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 150
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_acting_cases(p_user, p_at)
    UNION
    SELECT g.case_id FROM casework_accessgrant AS g
     WHERE g.user_id = p_user AND g.kind IN ('read', 'former', 'emergency') AND g.during @> p_at
       AND (g.kind = 'emergency' OR NOT casework_is_closed(p_user, g.case_id))
$$;

CREATE OR REPLACE FUNCTION casework_visible_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 150
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_readable_cases(p_user, p_at)
    UNION
    SELECT a.case_id
      FROM casework_led_teams(p_user, p_at) AS led (team_id)
      JOIN casework_user AS member ON member.team_id = led.team_id
      JOIN casework_caseassignment AS a ON a.counsellor_id = member.id
      JOIN casework_case AS c ON c.id = a.case_id
     WHERE (upper_inf(a.during) OR upper(a.during) = c.closed_at)
       AND a.case_id NOT IN (SELECT casework_closed_cases(p_user))
$$;

ALTER FUNCTION casework_acts_on(bigint, bigint, timestamptz) RENAME TO casework_would_act_on;
CREATE FUNCTION casework_acts_on(p_user bigint, p_case bigint, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT casework_would_act_on(p_user, p_case, p_at) AND NOT casework_is_closed(p_user, p_case) $$;

CREATE OR REPLACE FUNCTION casework_may_read(p_user bigint, p_case bigint, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_acts_on(p_user, p_case, p_at) OR EXISTS (
        SELECT 1 FROM casework_accessgrant AS g
         WHERE g.case_id = p_case AND g.user_id = p_user AND g.kind IN ('read', 'former', 'emergency')
           AND g.during @> p_at AND (g.kind = 'emergency' OR NOT casework_is_closed(p_user, p_case))
    )
$$;

-- Whoever is responsible when protection begins is on the list; later only somebody who is on it becomes responsible.
CREATE FUNCTION casework_list_responsible() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.is_restricted AND NOT OLD.is_restricted THEN
        INSERT INTO casework_protectedreader (case_id, user_id)
            SELECT NEW.id, a.counsellor_id FROM casework_caseassignment AS a
             WHERE a.case_id = NEW.id AND (upper_inf(a.during) OR upper(a.during) = NEW.closed_at)
               AND NOT EXISTS (SELECT 1 FROM casework_protectedreader AS r
                                WHERE r.case_id = NEW.id AND r.user_id = a.counsellor_id AND r.ended_at IS NULL);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER responsible_is_listed AFTER UPDATE OF is_restricted ON casework_case
    FOR EACH ROW EXECUTE FUNCTION casework_list_responsible();

CREATE FUNCTION casework_responsible_is_listed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM casework_case WHERE id = NEW.case_id AND is_restricted) AND upper_inf(NEW.during) THEN
        IF NOT EXISTS (SELECT 1 FROM casework_protectedreader WHERE case_id = NEW.case_id AND ended_at IS NULL) THEN
            INSERT INTO casework_protectedreader (case_id, user_id) VALUES (NEW.case_id, NEW.counsellor_id);
        ELSIF NOT EXISTS (SELECT 1 FROM casework_protectedreader
                           WHERE case_id = NEW.case_id AND user_id = NEW.counsellor_id AND ended_at IS NULL) THEN
            PERFORM casework_refuse('responsible_is_on_the_list');
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER responsible_is_on_the_list BEFORE INSERT ON casework_caseassignment
    FOR EACH ROW EXECUTE FUNCTION casework_responsible_is_listed();

-- Nobody takes the responsible IFK off the list, nor rewrites who was on it.
CREATE FUNCTION casework_list_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
       OR (to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id']) IS DISTINCT FROM (to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id'])
    THEN
        PERFORM casework_refuse('list_of_readers_stays');
    END IF;
    IF NEW.ended_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM casework_caseassignment AS a JOIN casework_case AS c ON c.id = a.case_id
         WHERE a.case_id = NEW.case_id AND a.counsellor_id = NEW.user_id AND upper_inf(a.during) AND c.is_restricted)
    THEN
        PERFORM casework_refuse('responsible_stays_on_the_list');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER list_of_readers_stays BEFORE UPDATE OR DELETE ON casework_protectedreader
    FOR EACH ROW EXECUTE FUNCTION casework_list_stays();

-- What was taken in an emergency is not rewritten: it is allowed or refused, granted and seen, each once.
CREATE FUNCTION casework_emergency_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_once text[] := ARRAY['allowed_at', 'allowed_by_id', 'refused_at', 'refused_by_id', 'grant_id', 'seen_at', 'seen_by_id'];
    v_name text;
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - v_once) IS DISTINCT FROM (to_jsonb(NEW) - v_once) THEN
        PERFORM casework_refuse('emergency_stays');
    END IF;
    FOREACH v_name IN ARRAY v_once LOOP
        IF to_jsonb(OLD) ->> v_name IS NOT NULL AND to_jsonb(OLD) -> v_name IS DISTINCT FROM to_jsonb(NEW) -> v_name THEN
            PERFORM casework_refuse('emergency_stays');
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;
CREATE TRIGGER emergency_stays BEFORE UPDATE OR DELETE ON casework_emergencyaccess
    FOR EACH ROW EXECUTE FUNCTION casework_emergency_stays();

-- An emergency of a protected case says so itself, whatever was inserted.
CREATE FUNCTION casework_emergency_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    NEW.needs_second := (SELECT is_restricted FROM casework_case WHERE id = NEW.case_id);
    IF NEW.allowed_at IS NOT NULL OR NEW.refused_at IS NOT NULL OR (NEW.grant_id IS NOT NULL AND NEW.needs_second) THEN
        PERFORM casework_refuse('emergency_begins_as_a_question');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER emergency_begins BEFORE INSERT ON casework_emergencyaccess
    FOR EACH ROW EXECUTE FUNCTION casework_emergency_begins();

-- A grant of an emergency on a protected case has its allowed emergency behind it.
CREATE FUNCTION casework_emergency_grant_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.kind = 'emergency' AND NOT EXISTS (
        SELECT 1 FROM casework_emergencyaccess AS e
         WHERE e.user_id = NEW.user_id AND e.case_id = NEW.case_id AND e.refused_at IS NULL
           AND (NOT e.needs_second OR e.allowed_by_id IS NOT NULL) AND (e.grant_id IS NULL OR e.grant_id = NEW.id))
    THEN
        PERFORM casework_refuse('emergency_grant_was_asked_for');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER emergency_grant_was_asked_for AFTER INSERT ON casework_accessgrant
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION casework_emergency_grant_fits();
"""

FILL = """
INSERT INTO casework_protectedreader (case_id, user_id)
    SELECT c.id, a.counsellor_id FROM casework_case AS c JOIN casework_caseassignment AS a ON a.case_id = c.id
     WHERE c.is_restricted AND (upper_inf(a.during) OR upper(a.during) = c.closed_at)
    ON CONFLICT DO NOTHING;
"""

GUARD = """
-- What stays hidden from a person even for a named purpose; those that are about protection itself see everything.
CREATE FUNCTION guard.hidden(p_what text) RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    part constant text[] := guard.context();
BEGIN
    IF part IS NULL OR part[2] = '0'
       OR part[3] IN ('protect', 'person_rights', 'evidence', 'account', 'check', 'emergency') THEN
        RETURN '{}';
    END IF;
    IF p_what = 'persons' THEN
        RETURN ARRAY(SELECT DISTINCT c.client_id FROM public.casework_case AS c
                      WHERE c.id IN (SELECT public.casework_closed_cases(part[2]::bigint)));
    END IF;
    RETURN ARRAY(SELECT public.casework_closed_cases(part[2]::bigint));
END
$$;
REVOKE EXECUTE ON FUNCTION guard.hidden(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.hidden(text) TO {worker};
"""
NOT_CASES = "<> ALL ((SELECT guard.hidden('cases'))::bigint[])"
NOT_PERSONS = "<> ALL ((SELECT guard.hidden('persons'))::bigint[])"


def served_condition(table):
    if table == "casework_client":
        return f"id {NOT_PERSONS}"
    if table == "casework_clientdetail":
        return f"client_id {NOT_PERSONS}"
    if table == "casework_case":
        return f"id {NOT_CASES}"
    if table in ("casework_draft", "casework_intake"):
        return f"(case_id IS NULL OR case_id {NOT_CASES})"
    return f"case_id {NOT_CASES}"


def forwards(apps, schema_editor):
    from importlib import import_module

    protected = import_module("casework.migrations.0025_row_security").ALL
    run(schema_editor, SQL)
    for table, rights in RIGHTS.items():
        run(schema_editor, f"REVOKE ALL ON {table} FROM {{web}}; GRANT {rights} ON {table} TO {{web}}")
    # Rows of before are read by the guard: the owner is under row security too.
    as_guard(schema_editor, FILL)
    run(schema_editor, "SET CONSTRAINTS ALL IMMEDIATE")
    hand_over(schema_editor)
    same_rights(schema_editor)
    as_guard(schema_editor, GUARD)
    for table in protected:
        run(schema_editor, f"DROP POLICY served ON {table}")
        hidden = served_condition(table)
        run(
            schema_editor,
            f"CREATE POLICY served ON {table} TO {{worker}}"
            f" USING ((SELECT guard.serves()) AND {hidden}) WITH CHECK ((SELECT guard.serves()) AND {hidden})",
        )
    # Lists of who may see what are read by the pages that keep them, and by whoever asked for an emergency.
    for table in RIGHTS:
        run(schema_editor, f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        run(
            schema_editor,
            f"CREATE POLICY served ON {table} TO {{worker}}"
            " USING ((SELECT guard.serves())) WITH CHECK ((SELECT guard.serves()))",
        )
        note_changes(schema_editor, table)
    run(
        schema_editor,
        "CREATE POLICY own ON casework_emergencyaccess FOR SELECT TO {web} USING (user_id = (SELECT guard.user_id()))",
    )
    run(
        schema_editor,
        "CREATE TRIGGER casework_protectedreader_forget_cases AFTER INSERT OR UPDATE OR DELETE ON casework_protectedreader"
        " FOR EACH STATEMENT EXECUTE FUNCTION guard.forget_cases()",
    )


class Migration(migrations.Migration):
    dependencies = [("casework", "0027_restricted_cases")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

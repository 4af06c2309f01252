"""Which cases a user may open, and which appear in lists: one place for pages, searches and later row security."""

from django.db import migrations

SQL = """
-- Cases on which the user works: own ones, those of taking part, those stood in for today; closed ones for who was
-- last responsible and for who took the person up again.
CREATE FUNCTION casework_acting_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
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
    )
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
$$;

-- What may be opened: the above, and cases opened with a worded reason, until the end of the day. Reading with a reason
-- is not enough to write.
CREATE FUNCTION casework_readable_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 150
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_acting_cases(p_user, p_at)
    UNION
    SELECT g.case_id FROM casework_accessgrant AS g
     WHERE g.user_id = p_user AND g.kind = 'read' AND g.during @> p_at
$$;

-- In lists a team lead sees the cases of the led team as well; opening one asks for a reason (design.md 7).
CREATE FUNCTION casework_visible_cases(p_user bigint, p_at timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 150
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_readable_cases(p_user, p_at)
    UNION
    SELECT a.case_id
      FROM casework_rolegrant AS r
      JOIN casework_user AS member ON member.team_id = r.team_id
      JOIN casework_caseassignment AS a ON a.counsellor_id = member.id
      JOIN casework_case AS c ON c.id = a.case_id
     WHERE r.user_id = p_user AND r.role = 'team_lead'
       AND (upper_inf(a.during) OR upper(a.during) = c.closed_at)
$$;
"""

REVERSE = """
DROP FUNCTION casework_visible_cases(bigint, timestamptz);
DROP FUNCTION casework_readable_cases(bigint, timestamptz);
DROP FUNCTION casework_acting_cases(bigint, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_substitution_has_no_chain")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

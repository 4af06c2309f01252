"""May this user open this case? The question of every page, answered without listing all cases of the user first.

The sets of 0008 stay for lists and for row security; a test holds both to the same answers.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION casework_acts_on(p_user bigint, p_case bigint, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH acting AS (
        SELECT p_user AS id
        UNION ALL
        SELECT s.absent_user_id FROM casework_substitution AS s
         WHERE s.substitute_id = p_user AND s.during @> (p_at AT TIME ZONE 'Europe/Berlin')::date
    )
    SELECT EXISTS (
        SELECT 1 FROM casework_caseassignment AS a
         WHERE a.case_id = p_case AND upper_inf(a.during) AND a.counsellor_id IN (SELECT id FROM acting)
    ) OR EXISTS (
        SELECT 1 FROM casework_caseparticipation AS p
         WHERE p.case_id = p_case AND p.during @> p_at AND p.counsellor_id IN (SELECT id FROM acting)
    ) OR EXISTS (
        -- An ended case: whoever was last responsible, and whoever took the person up again.
        SELECT 1 FROM casework_case AS c
         WHERE c.id = p_case AND c.closed_at IS NOT NULL AND (
            EXISTS (
                SELECT 1 FROM casework_caseassignment AS a
                 WHERE a.case_id = c.id AND a.counsellor_id = p_user AND upper(a.during) = c.closed_at
            ) OR EXISTS (
                SELECT 1 FROM casework_case AS later
                  JOIN casework_caseassignment AS a ON a.case_id = later.id AND upper_inf(a.during)
                 WHERE later.client_id = c.client_id AND later.previous_case_id IS NOT NULL
                   AND a.counsellor_id IN (SELECT id FROM acting)
            )
         )
    )
$$;

CREATE FUNCTION casework_may_read(p_user bigint, p_case bigint, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_acts_on(p_user, p_case, p_at) OR EXISTS (
        SELECT 1 FROM casework_accessgrant AS g
         WHERE g.case_id = p_case AND g.user_id = p_user AND g.kind = 'read' AND g.during @> p_at
    )
$$;
"""

REVERSE = """
DROP FUNCTION casework_may_read(bigint, bigint, timestamptz);
DROP FUNCTION casework_acts_on(bigint, bigint, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_digest_days")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

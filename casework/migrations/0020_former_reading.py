"""Whoever was responsible until a handover keeps reading for a while: longer than a day, and only this.

0019 let the set of readable cases know of it; the question about one case and the length of a grant follow here.
"""

from django.db import migrations

SQL = """
ALTER TABLE casework_accessgrant DROP CONSTRAINT grant_ends_the_same_day;
ALTER TABLE casework_accessgrant ADD CONSTRAINT grant_ends_the_same_day CHECK (
    kind = 'former'
    OR upper(during) <= (date_trunc('day', lower(during) AT TIME ZONE 'Europe/Berlin') + interval '1 day')
                        AT TIME ZONE 'Europe/Berlin'
);

CREATE OR REPLACE FUNCTION casework_may_read(p_user bigint, p_case bigint, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_acts_on(p_user, p_case, p_at) OR EXISTS (
        SELECT 1 FROM casework_accessgrant AS g
         WHERE g.case_id = p_case AND g.user_id = p_user AND g.kind IN ('read', 'former') AND g.during @> p_at
    )
$$;
"""

REVERSE = """
CREATE OR REPLACE FUNCTION casework_may_read(p_user bigint, p_case bigint, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT casework_acts_on(p_user, p_case, p_at) OR EXISTS (
        SELECT 1 FROM casework_accessgrant AS g
         WHERE g.case_id = p_case AND g.user_id = p_user AND g.kind = 'read' AND g.during @> p_at
    )
$$;
ALTER TABLE casework_accessgrant DROP CONSTRAINT grant_ends_the_same_day;
ALTER TABLE casework_accessgrant ADD CONSTRAINT grant_ends_the_same_day CHECK (
    upper(during) <= (date_trunc('day', lower(during) AT TIME ZONE 'Europe/Berlin') + interval '1 day')
                     AT TIME ZONE 'Europe/Berlin'
) NOT VALID;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0019_caseload")]
    operations = [migrations.RunSQL(SQL, REVERSE)]

"""What the owner of the tables adds to a demonstration: evidence of the past years, and the planner's statistics.

The web role may only insert evidence of now, and owns no table that it could analyse. The owner may date evidence back;
an event still cannot be changed afterwards, not even by the owner.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import connections, transaction

from casework.enums import AccessKind
from jobcenter.office.demo.sizes import SIZES

OWNER = "owner"  # the connection of the migrations

# Each contact was looked at when it was written, and then in some of the weeks after, at the same time of the day.
# What would lie ahead of us lies before the contact instead: the file was opened for it. In the order of time, as
# evidence really comes.
EVENTS = """
INSERT INTO casework_accessevent (at, user_id, kind, case_id, ids, request_id)
SELECT seen.at, c.author_id, seen.kind, c.case_id,
       CASE WHEN seen.kind = %(opened)s THEN '{}' ELSE ARRAY[c.id] END, gen_random_uuid()
  FROM casework_contact AS c
 CROSS JOIN generate_series(1, %(looks)s / 100 + (c.id %% 100 < %(looks)s %% 100)::int) AS look
 CROSS JOIN LATERAL (
    SELECT CASE WHEN c.recorded_at + (look - 1) * interval '7 days' < now()
                THEN c.recorded_at + (look - 1) * interval '7 days' - interval '2 minutes'
                ELSE c.recorded_at - look * interval '1 minute' END,
           (%(kinds)s::text[])[1 + (c.id + look) %% 3]
 ) AS seen(at, kind)
 WHERE c.recorded_at >= %(year)s AND c.recorded_at < %(year)s + interval '1 year'
 ORDER BY seen.at
"""


def add_evidence(size_name: str, progress: Callable[[float], None]) -> int:
    """As much evidence as the size has, year by year, all of it or nothing; the number of events."""
    size = SIZES[size_name]
    kinds = [AccessKind.FILE_OPENED.value, AccessKind.ENTRY_OPENED.value, AccessKind.PRINTED.value]
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        # Contacts lie behind row security, for the owner too.
        cursor.execute(f"SET LOCAL ROLE {connections[OWNER].ops.quote_name(settings.GUARD_DATABASE_ROLE)}")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SELECT DISTINCT date_trunc('year', recorded_at) AS year FROM casework_contact ORDER BY year")
        years = [year for (year,) in cursor.fetchall()]
        if years:
            cursor.execute("SELECT guard.make_months((%s - interval '1 year')::date, now()::date)", [years[0]])
        cursor.execute("SELECT count(*) FROM casework_contact")
        looks = 100 * size.access_events // cursor.fetchone()[0]  # of a hundred contacts
        count = 0
        for done, year in enumerate(years, 1):
            cursor.execute(EVENTS, {"looks": looks, "kinds": kinds, "opened": kinds[0], "year": year})
            count += cursor.rowcount
            progress(done / len(years))
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM guard.seal(true)")
    return count


def analyse() -> None:
    """Statistics and visibility of all tables. Else the first pages are planned as if every table were empty."""
    # Those that exist: an app may be installed without its tables (settings.MIGRATION_MODULES).
    names = connections[OWNER].introspection.django_table_names(only_existing=True, include_views=False)
    tables = ", ".join(f'"{name}"' for name in names)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {tables}")

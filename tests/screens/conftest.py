"""Evidence is write-only for the web role; a test counts it through a function that the superuser lends it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

LENT = """
CREATE OR REPLACE FUNCTION tests_count_events() RETURNS TABLE (kind text, number bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$ SELECT e.kind::text, count(*) FROM casework_accessevent AS e GROUP BY 1 $$
"""


@pytest.fixture
def owner_events(db: None, superuser_sql: Callable[..., Any]) -> Callable[[], Counter[str]]:
    """How many access events of each kind stand in this test's transaction."""
    superuser_sql(LENT)

    def count() -> Counter[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind, number FROM tests_count_events()")
            return Counter(dict(cursor.fetchall()))

    return count

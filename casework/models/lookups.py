"""Which cases a user may see or open: one SQL function, asked by a lookup on any key of a case.

`case__id__visible_to=(user_id, at)` becomes `case_id = ANY(ARRAY(SELECT casework_visible_cases(…)))`: the array is
computed once per statement, where a join or IN would be planned anew for each query (design.md 8). Row security
will ask the same function. `readable_by` and `acted_on_by` are asked of single cases and look at these alone.
"""

from typing import Any

from django.db import models
from django.utils import timezone


class _CaseScope(models.Lookup):
    function = ""
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        user_id, at = self.rhs
        sql = f"{lhs} = ANY(ARRAY(SELECT {self.function}(%s, %s)))"
        return sql, (*lhs_params, user_id, at or timezone.now())

    def get_prep_lookup(self) -> Any:
        return self.rhs


@models.BigAutoField.register_lookup
class VisibleTo(_CaseScope):
    lookup_name = "visible_to"
    function = "casework_visible_cases"


class _CaseQuestion(_CaseScope):
    """Asked of each row that the rest of the query leaves: for one case, or a handful, never for a list."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        user_id, at = self.rhs
        return f"{self.function}(%s, {lhs}, %s)", (user_id, *lhs_params, at or timezone.now())


@models.BigAutoField.register_lookup
class ReadableBy(_CaseQuestion):
    lookup_name = "readable_by"
    function = "casework_may_read"


@models.BigAutoField.register_lookup
class ActedOnBy(_CaseQuestion):
    lookup_name = "acted_on_by"
    function = "casework_acts_on"

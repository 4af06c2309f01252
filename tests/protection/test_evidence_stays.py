"""Evidence is neither changed nor deleted, by whomever."""

import psycopg
import pytest

from casework import actions
from casework.enums import AccessKind
from tests import database as databases
from tests.conftest import database_name
from tests.factories import CaseFactory


@pytest.mark.parametrize("table", ["casework_accessevent", "casework_changeevent"])
def test_evidence_stays(committed_db, kim, table):
    """evidence_stays: not even the guard changes or deletes a line of it."""
    case = CaseFactory(counsellor=kim)
    actions.record_access(AccessKind.FILE_OPENED, user_id=kim.pk, case_id=case.pk)
    for statement in (f"UPDATE {table} SET case_id = NULL", f"DELETE FROM {table}"):
        with pytest.raises(psycopg.errors.CheckViolation) as caught:
            databases.run_sql(
                database_name(), statement, role=databases.owner_role(), rows_as=databases.role_names().guard
            )
        assert caught.value.diag.constraint_name == "evidence_stays"

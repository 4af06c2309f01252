"""Writing what a file about people says: in the caller's transaction, by chunks, each looked at by every rule."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.actions.errors import StaleVersion, force_rules
from casework.enums import FollowUpKind, LineOutcome
from casework.exchange.plan import Judged
from casework.exchange.rows import in_chunks, insert_rows
from casework.models import Case, CaseAssignment, Client, FollowUp
from casework.models.base import reserve_ids

CHUNK = 500
UPDATE = """
UPDATE casework_client AS c
   SET family_name = n.family, given_name = n.given, birth_date = n.birth, version = c.version + 1
  FROM unnest(%(ids)s::bigint[], %(versions)s::int[], %(families)s::text[], %(given)s::text[], %(births)s::date[])
       AS n(id, version, family, given, birth)
 WHERE c.id = n.id AND c.version = n.version
"""


def write_people(
    lines: Sequence[Judged], *, organisation_id: int, by_id: int, now: dt.datetime, tell: Callable[[int], None]
) -> None:
    """Correct master data of people whom the office knows; open a case for each new one."""
    changed = [line for line in lines if line.outcome == LineOutcome.CHANGED]
    new = [line for line in lines if line.outcome == LineOutcome.NEW]
    settled = len(lines) - len(changed) - len(new)
    for chunk in in_chunks(changed, CHUNK):
        _correct(chunk)
        force_rules()
        settled += len(chunk)
        tell(settled)
    for chunk in in_chunks(new, CHUNK):
        _open(chunk, organisation_id, by_id, now)
        force_rules()
        settled += len(chunk)
        tell(settled)


def _correct(lines: Sequence[Judged]) -> None:
    """Names and birth date come from the leading system; a colleague's change meanwhile is never overwritten."""
    with connection.cursor() as cursor:
        cursor.execute(
            UPDATE,
            {
                "ids": [line.standing.pk for line in lines],
                "versions": [line.standing.version for line in lines],
                "families": [line.values["family_name"] for line in lines],
                "given": [line.values["given_name"] for line in lines],
                "births": [line.values["birth_date"] for line in lines],
            },
        )
        if cursor.rowcount != len(lines):
            raise StaleVersion


def _open(lines: Sequence[Judged], organisation_id: int, by_id: int, now: dt.datetime) -> None:
    """Person, case, who is responsible and the first step, as `open_case` does it for one (R4.3-5)."""
    ids = reserve_ids(people=(Client, len(lines)), cases=(Case, len(lines)))
    rows = list(zip(ids["people"], ids["cases"], (line.values for line in lines), strict=True))
    refs = [line.external_ref for line in lines]
    insert_rows(
        Client,
        (
            "id",
            "organisation_id",
            "family_name",
            "given_name",
            "preferred_name",
            "birth_date",
            "external_ref",
            "created_by_id",
            "version",
        ),
        (
            (person, organisation_id, v["family_name"], v["given_name"], "", v["birth_date"], ref, by_id, 1)
            for (person, _, v), ref in zip(rows, refs, strict=True)
        ),
    )
    insert_rows(
        Case,
        ("id", "client_id", "organisation_id", "opened_at", "opened_by_id", "is_restricted"),
        ((case, person, organisation_id, now, by_id, False) for person, case, _ in rows),
    )
    insert_rows(
        CaseAssignment,
        ("case_id", "counsellor_id", "during", "by_id", "note"),
        ((case, v["counsellor_id"], DateTimeTZRange(now, None), by_id, "") for _, case, v in rows),
    )
    insert_rows(
        FollowUp,
        ("case_id", "kind", "due_on", "place", "subject", "version", "created_by_id", "outcome"),
        (
            (case, FollowUpKind.REMINDER.value, v["next_date"], "", v["next_subject"], 1, by_id, "")
            for _, case, v in rows
        ),
    )

"""The person is told by a letter who is there for them now: one for each case that has passed (domain.md 8).

A PDF takes longer than a case does, so the letters are written after the cases have passed, each in a transaction of
its own: whoever is killed in between loses none, and whoever begins again writes none twice.
"""

import logging
from collections.abc import Sequence

from celery import current_app
from django.db import connection, transaction

from casework.actions.letters import write_new_counsellor_letter
from casework.actions.steps import lock_case
from casework.models import Case, CaseHandover
from jobcenter.platform.statements import read

log = logging.getLogger(__name__)

# Carried out, still with the successor, and nobody has written. What went on to somebody else is told by them.
UNTOLD = """
SELECT h.id FROM casework_casehandover AS h
  JOIN casework_caseassignment AS a ON a.id = h.assignment_id AND upper_inf(a.during)
 WHERE h.carried_out_at IS NOT NULL AND h.letter_id IS NULL
 ORDER BY h.id
"""

NOT_COMING = """
UPDATE casework_letter AS l SET withdrawn_at = h.withdrawn_at, withdrawn_by_id = h.withdrawn_by_id
  FROM casework_casehandover AS h
 WHERE h.case_id = ANY(%(cases)s) AND h.letter_id = l.id AND h.withdrawn_at IS NOT NULL
   AND l.sent_at IS NULL AND l.withdrawn_at IS NULL
"""


def ring_for_letters() -> None:
    """Ask a worker after the commit. A lost bell loses nothing: `carry_out_handovers` finds what waits."""

    def ask() -> None:  # a name of its own: Django writes it into the log when nobody answers
        current_app.send_task("casework.tasks.write_handover_letters", ignore_result=True)

    transaction.on_commit(ask, robust=True)


def write_handover_letters() -> int:
    """Write what is missing; the number of letters. They wait in the successor's "Briefe", in whose name they are."""
    return sum(_write(pk) for (pk,) in read(UNTOLD, {}))


def _write(pk: int) -> bool:
    """One letter, unless another worker has written it, or the case has ended or gone on meanwhile."""
    waiting = CaseHandover.objects.filter(pk=pk, letter=None, assignment__during__upper_inf=True)
    try:
        with transaction.atomic():
            lock_case(Case(pk=CaseHandover.objects.values_list("case_id", flat=True).get(pk=pk)))
            handover = waiting.select_related("case", "to_counsellor__user__organisation").first()
            if handover is None:
                return False
            successor = handover.to_counsellor
            write_new_counsellor_letter(case=handover.case, counsellor=successor, by=successor.user)
            return True
    except Exception:  # one that cannot be written keeps none of the others
        log.exception("letter of a handover failed", extra={"handover": pk})
    return False


def withdraw_announcements(case_ids: Sequence[int]) -> None:
    """What announced a handover that does not come is not sent; with the cases locked, after their plans have ended."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_COMING, {"cases": list(case_ids)})

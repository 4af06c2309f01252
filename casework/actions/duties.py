"""What the law demands: recorded by hand with its legal basis, told in facts, never derived (R2-1, R2-2).

Nothing here reads or writes an agreement, an offer or a next step, and nothing follows from an entry (domain.md 5.5).
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from casework.actions.errors import RuleBroken, StaleVersion, rules
from casework.actions.steps import FURTHEST_AHEAD, lock_case, lock_open_case
from casework.enums import DutyFactKind
from casework.models import Case, DutyFact, DutyToCooperate, LegalBasis, LegalNotice, User


@transaction.atomic
def record_duty(
    *,
    case: Case,
    legal_basis: LegalBasis,
    demand: str,
    by: User,
    notice: LegalNotice | None = None,
    due_on: dt.date | None = None,
) -> DutyToCooperate:
    """Record a demand that the law provides for, with basis and text version in force today. Raises CaseClosed."""
    if not demand.strip():
        raise RuleBroken("Bitte schreiben Sie, was gefordert wird.", field="demand")
    if due_on is not None and due_on - timezone.localdate() > FURTHEST_AHEAD:
        raise RuleBroken("Der Tag liegt mehr als zwei Jahre voraus. Stimmt das Jahr?", field="due_on")
    if due_on is not None and due_on < timezone.localdate(case.opened_at):
        raise RuleBroken("An diesem Tag gab es den Fall noch nicht. Stimmt das Datum?", field="due_on")
    case = lock_open_case(case)
    with rules():
        return DutyToCooperate.objects.create(
            case=case, legal_basis=legal_basis, notice=notice, demand=demand.strip(), due_on=due_on, recorded_by=by
        )


@transaction.atomic
def add_duty_fact(
    *, duty: DutyToCooperate, kind: DutyFactKind, happened_on: dt.date, by: User, text: str = ""
) -> DutyFact:
    """Tell what happened about a demand, also after the end of the case. A stated reason is kept short."""
    if kind == DutyFactKind.REASON and not text.strip():
        raise RuleBroken("Bitte schreiben Sie den genannten Grund auf, in wenigen Worten.", field="text")
    if happened_on > timezone.localdate():
        raise RuleBroken("Dieser Tag liegt in der Zukunft.", field="happened_on")
    lock_case(duty.case)
    with rules():
        return DutyFact.objects.create(
            case_id=duty.case_id, duty=duty, kind=kind, happened_on=happened_on, text=text.strip(), recorded_by=by
        )


@transaction.atomic
def withdraw_duty(*, duty: DutyToCooperate, reason: str, by: User) -> None:
    """ "Irrtümlich eingetragen": the demand stays readable, struck through, with who, when and why."""
    if not reason.strip():
        raise RuleBroken("Bitte nennen Sie den Grund.", field="reason")
    lock_case(duty.case)
    with rules():
        changed = DutyToCooperate.objects.filter(pk=duty.pk, withdrawn_at=None).update(
            withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason.strip()
        )
        if not changed:
            raise StaleVersion


@transaction.atomic
def withdraw_duty_fact(*, fact: DutyFact, by: User) -> None:
    """Take back a fact entered by mistake; it stays readable, struck through."""
    lock_case(fact.case)
    with rules():
        changed = DutyFact.objects.filter(pk=fact.pk, withdrawn_at=None).update(
            withdrawn_at=timezone.now(), withdrawn_by=by
        )
        if not changed:
            raise StaleVersion

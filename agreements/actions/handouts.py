"""A copy for the person: what was handed over, when, in which version (R2-5). No signature is asked for."""

from collections.abc import Sequence

from django.db import transaction

from agreements.actions.errors import AgreementMoved
from agreements.enums import SheetPart
from agreements.models import Agreement, AgreementHandout
from casework.actions.errors import rules
from casework.actions.steps import lock_case
from casework.models import Case, User


@transaction.atomic
def record_handout(
    *, case: Case, agreement_id: int, parts: Sequence[SheetPart], by: User, language: str = ""
) -> AgreementHandout:
    """Put on record that the current version was handed over. Raises AgreementMoved when it is not the current one."""
    lock_case(case)
    if not Agreement.objects.filter(case=case, pk=agreement_id, superseded_at=None, withdrawn_at=None).exists():
        raise AgreementMoved(
            "Die Vereinbarung wurde inzwischen fortgeschrieben. Hier steht jetzt die aktuelle Fassung; "
            "bitte noch einmal drucken."
        )
    with rules():
        return AgreementHandout.objects.create(
            case=case, agreement_id=agreement_id, parts=list(parts), language=language, by=by
        )

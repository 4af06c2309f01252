"""What came of a step of an agreement, told outside a conversation: a later fact, no edit."""

from django.db import transaction

import agreements.actions.errors  # noqa: F401  (the sentences of this room)
from agreements.enums import Outcome
from agreements.models import AgreementStep, StepOutcome
from casework.actions.errors import RuleBroken, rules
from casework.actions.steps import lock_case
from casework.models import User


@transaction.atomic
def tell_outcome(*, step: AgreementStep, outcome: Outcome, by: User, text: str = "") -> StepOutcome:
    """Tell what came of a step, also when it was told before: the latest stands, the earlier ones stay readable.

    The same said twice, by a second press, is one. Also after the end of the case, and of a superseded version.
    """
    text = text.strip()
    if outcome == Outcome.DIFFERENT and not text:
        raise RuleBroken("Bitte schreiben Sie, wie es gekommen ist.", field="text")
    lock_case(step.case)
    last = StepOutcome.objects.filter(step=step).exclude(contact__withdrawn_at__isnull=False).order_by("-id").first()
    if last is not None and (last.outcome, last.text) == (outcome, text):
        return last
    with rules():
        return StepOutcome.objects.create(case_id=step.case_id, step=step, outcome=outcome, text=text, by=by)

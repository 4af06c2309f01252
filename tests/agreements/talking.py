"""Agreements as they come about: in a conversation, concluded by the same action as on the screen."""

import datetime as dt
import uuid
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agreements.actions.talks import Agreed, NewAgreement, NewAgreementStep, NewWill
from agreements.enums import StepOwner
from agreements.models import Agreement, AgreementStep, LegalRegime
from casework.actions import NewStep, conclude_conversation
from casework.enums import FollowUpKind
from casework.models import Case, Contact, User
from tests.factories import ahead, channel

GOAL = "Einen Platz in einer Tischlerei finden."
STEPS = (
    NewAgreementStep(StepOwner.CLIENT, "ruft die Tischlerei an", due_on=ahead(5)),
    NewAgreementStep(StepOwner.JOBCENTER, "klärt die Fahrtkosten"),
    NewAgreementStep(StepOwner.OTHER, "zeigt die Werkstatt", owner_name="der Onkel"),
)


def talk(case: Case, by: User, **agreed: Any) -> Contact:
    """A conversation with a new Wiedervorlage, and whatever it brings to will, resources and agreement."""
    return conclude_conversation(
        case=case,
        by=by,
        at=timezone.now() - dt.timedelta(minutes=1),
        channel=channel(),
        text="Über das Praktikum gesprochen.",
        next_step=NewStep(FollowUpKind.REMINDER, ahead(14), "Wie war die erste Woche?"),
        key=uuid.uuid4(),
        parts=[Agreed(**agreed)],
    )


def current(case: Case) -> Agreement | None:
    return Agreement.objects.filter(case=case, superseded_at=None, withdrawn_at=None).first()


def agree(case: Case, by: User, *, goal: str = GOAL, steps: Any = STEPS, rhythm: str = "", **changed: Any) -> Agreement:
    """A new version; `changed` goes to the agreement, or to the conversation (will, resources)."""
    standing = current(case)
    brought = {name: changed.pop(name) for name in ("will", "resources", "ended_resources") if name in changed}
    new = NewAgreement(
        goal=goal,
        employment_link="Ein Praktikum, aus dem Arbeit werden kann.",
        steps=steps,
        rhythm=rhythm,
        base=standing.pk if standing else None,
        **changed,
    )
    contact = talk(case, by, agreement=new, **brought)
    return Agreement.objects.get(contact=contact)


def step_of(agreement: Agreement, position: int = 1) -> AgreementStep:
    return AgreementStep.objects.get(agreement=agreement, position=position)


WILL = NewWill("Ich will mit Holz arbeiten.", "Baut mit dem Onkel ein Regal.")
WISH = NewWill("Etwas mit Tieren.")


def agreement_is_the_plan() -> None:
    """In this house the agreement is the plan that the law names."""
    LegalRegime.objects.filter(during=DateRange(dt.date(2026, 7, 1), None)).update(agreement_is_plan=True)

""" "Falsche Akte": what a conversation agreed leaves the file with it, and goes back to the draft of its author."""

import datetime as dt

from agreements.actions.talks import payload_of_step
from agreements.models import Agreement, AgreementStep, Resource, StepOutcome, WillStatement
from casework.models import Contact, User


def take_back(contact: Contact, by: User, now: dt.datetime) -> dict[str, list[str]]:
    """Blank what the conversation brought; the predecessor of its agreement is current again, resources come back.

    Runs in the transaction of `withdraw_contact`, behind its lock. Returns the texts as fields of the form.
    """
    brought: dict[str, list[str]] = {}
    for will in WillStatement.objects.filter(contact=contact):
        brought |= {"will_text": [will.text], "will_activity": [will.own_activity], "will_life": [will.life_idea]}
    for number, resource in enumerate(Resource.objects.filter(contact=contact).order_by("id"), 1):
        brought[f"res{number}_text"] = [resource.text]
    agreement = Agreement.objects.filter(contact=contact).first()
    if agreement is not None:
        brought |= {
            "agreement": ["new"],
            "ag_goal": [agreement.goal],
            "ag_link": [agreement.employment_link],
            "ag_rhythm": [agreement.rhythm],
        }
        steps = AgreementStep.objects.filter(agreement=agreement).order_by("position")
        for number, step in enumerate(steps, 1):
            brought |= payload_of_step(number, step)
        _withdraw(agreement, by, now)
        steps.update(text="", owner_name="")
        # What was told later about its steps is about the wrong person, too.
        StepOutcome.objects.filter(step__agreement=agreement).exclude(text="").update(text="")
    WillStatement.objects.filter(contact=contact).update(text="", own_activity="", life_idea="")
    Resource.objects.filter(contact=contact).update(text="")
    Resource.objects.filter(ended_in=contact).update(ended_at=None, ended_by=None, ended_in=None)
    StepOutcome.objects.filter(contact=contact).exclude(text="").update(text="")
    return brought


def _withdraw(agreement: Agreement, by: User, now: dt.datetime) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(
        goal="", employment_link="", rhythm="", withdrawn_at=now, withdrawn_by=by
    )
    if agreement.superseded_at is not None:
        return
    before = Agreement.objects.filter(case=agreement.case_id, number__lt=agreement.number, withdrawn_at=None)
    last = before.order_by("-number").values_list("pk", flat=True).first()
    if last is not None:
        Agreement.objects.filter(pk=last).update(superseded_at=None, superseded_by=None)

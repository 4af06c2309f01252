""" "Falsche Akte": what a conversation chose leaves the file with it, and goes back to the draft of its author."""

import datetime as dt

from casework.models import Contact, User
from offers.actions.talks import withdraw_choices
from offers.models import IntentVersion, OfferChoice, ParticipationOutcome


def take_back(contact: Contact, by: User, now: dt.datetime) -> dict[str, list[str]]:
    """Blank what was chosen and told; runs in the transaction of `withdraw_contact`, behind its lock."""
    brought: dict[str, list[str]] = {}
    chosen = list(OfferChoice.objects.filter(contact=contact).order_by("id"))
    first = dict(IntentVersion.objects.filter(choice__in=chosen, number=1).values_list("choice", "text"))
    for number, choice in enumerate(chosen, 1):
        brought |= {f"of{number}_id": [str(choice.offer_id)], f"of{number}_intent": [first.get(choice.pk, "")]}
    for result in ParticipationOutcome.objects.filter(contact=contact):
        prefix = f"ofr_{result.choice_id}"
        brought |= {f"{prefix}_own": [result.own_words], f"{prefix}_told": [result.provider_words]}
    standing = [choice.pk for choice in chosen if choice.withdrawn_at is None and choice.ended_at is None]
    if standing:
        withdraw_choices(case_id=contact.case_id, choice_ids=standing, by=by, now=now)
    IntentVersion.objects.filter(choice__in=chosen).exclude(text="").update(text="")
    IntentVersion.objects.filter(contact=contact).exclude(text="").update(text="")
    ParticipationOutcome.objects.filter(choice__in=chosen).update(own_words="", provider_words="")
    ParticipationOutcome.objects.filter(contact=contact).update(own_words="", provider_words="")
    return brought

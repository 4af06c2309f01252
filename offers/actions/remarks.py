""" "Hinweis zum Angebot": what a counsellor tells project management about an offer (R4.4-7)."""

from django.db import transaction

from casework.actions.errors import RuleBroken, rules
from casework.models import User
from offers.models import Offer, OfferRemark

LONGEST = 600


@transaction.atomic
def leave_remark(*, offer: Offer, text: str, by: User) -> OfferRemark:
    """Tell project management about an offer; no case and no person is named with it."""
    text = text.strip()
    if not text:
        raise RuleBroken("Bitte schreiben Sie den Hinweis.", field="text")
    if len(text) > LONGEST:
        raise RuleBroken(f"Bitte kürzer fassen: höchstens {LONGEST} Zeichen.", field="text")
    with rules():
        return OfferRemark.objects.create(offer=offer, text=text, by=by)

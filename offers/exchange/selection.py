"""Which descriptions leave the house.

`published`: what stands published and has not run out. `all`: of each offer the published description, else the one
that is being worked on. Never: what is discarded or superseded, withdrawn offers, offers of a Träger that has ended.
An offer has one description in a file; where one is published, a draft beside it is nobody else's business.
"""

from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from offers.models import OfferVersion


class Mode(StrEnum):
    PUBLISHED = "published"
    ALL = "all"


def chosen_versions(mode: Mode) -> list[OfferVersion]:
    """In an order that does not depend on the house: Träger, name, Kennung."""
    wanted = OfferVersion.objects.filter(
        discarded_at=None, superseded_at=None, offer__withdrawn_at=None, offer__provider__ended_at=None
    )
    if mode is Mode.PUBLISHED:
        wanted = wanted.filter(Q(published_at__isnull=False) & Q(valid_to__gte=timezone.localdate()))
    by_offer: dict[int, OfferVersion] = {}
    related = ("offer__provider", "offer__contact", "funding_body", "legal_basis")
    for version in wanted.select_related(*related).order_by("offer_id", "number"):
        if version.offer_id not in by_offer or version.published_at is not None:
            by_offer[version.offer_id] = version
    return sorted(by_offer.values(), key=lambda v: (v.offer.provider.name, v.name, str(v.offer.uid)))

"""What the house has already: words of its lists, providers, offers. Asked once for a whole file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Max

from agreements.models import SocialSpace
from offers.enums import Language
from offers.exchange.cells import fold
from offers.exchange.columns import CONTENT_NAMES
from offers.models import (
    FundingBody,
    Offer,
    OfferLegalBasis,
    OfferVersion,
    Provider,
    ProviderContact,
    SupportKind,
)


@dataclass
class Standing:
    """An offer that is there, with what its current description says."""

    offer: Offer
    last_number: int
    has_draft: bool = False
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.content.get("name", ""))


@dataclass
class Known:
    """All of it by folded name; `texts` are the words as people read them, for sentences about unknown ones."""

    supports: dict[str, str]  # word -> code
    areas: dict[str, int]
    bodies: dict[str, int]
    bases: dict[str, int]
    languages: dict[str, str]
    texts: dict[str, list[str]]
    support_texts: dict[str, str]  # code -> text
    area_names: dict[int, str]
    providers: dict[str, Provider]
    providers_by_uid: dict[UUID, Provider]
    contacts: dict[tuple[UUID, str], ProviderContact]
    contacts_by_uid: dict[UUID, ProviderContact]
    offers: dict[UUID, Standing]
    names: dict[tuple[UUID, str], Standing]

    @classmethod
    def load(cls) -> "Known":
        """Nine statements, however many lines the file has."""
        kinds = list(SupportKind.objects.order_by("position", "text"))
        spaces = list(SocialSpace.objects.order_by("position", "name"))
        bodies = list(FundingBody.objects.order_by("position", "name"))
        bases = list(OfferLegalBasis.objects.order_by("name"))
        providers = list(Provider.objects.order_by("pk"))
        standing_providers = {row.pk: row for row in providers if row.ended_at is None}
        contacts = list(ProviderContact.objects.order_by("-pk"))
        offers = _offers()
        by_id = {row.pk: row for row in providers}
        return cls(
            supports=_first((kind.text, kind.code) for kind in kinds)
            | {kind.code.casefold(): kind.code for kind in kinds},
            areas=_first((space.name, space.pk) for space in spaces),
            bodies=_first((body.name, body.pk) for body in bodies),
            bases=_first((basis.name, basis.pk) for basis in bases),
            languages=_languages(),
            texts={
                "supports": [kind.text for kind in kinds if kind.active],
                "areas": [space.name for space in spaces if space.active],
                "body": [body.name for body in bodies if body.active],
                "basis": [basis.name for basis in bases if basis.active],
                "languages": [str(label) for label in Language.labels],
            },
            support_texts={kind.code: kind.text for kind in kinds},
            area_names={space.pk: space.name for space in spaces},
            providers=_first((row.name, row) for row in standing_providers.values()),
            providers_by_uid={row.uid: row for row in providers},
            contacts={
                (by_id[row.provider_id].uid, fold(row.name)): row
                for row in contacts
                if row.active and row.provider_id in by_id
            },
            contacts_by_uid={row.uid: row for row in contacts},
            offers={row.offer.uid: row for row in offers},
            names={
                (row.offer.provider.uid, fold(row.name)): row
                for row in offers
                if row.name and row.offer.withdrawn_at is None
            },
        )


def _first(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """By folded word; the first of two that differ in case alone."""
    found: dict[str, Any] = {}
    for word, value in pairs:
        found.setdefault(fold(word), value)
    return found


def _languages() -> dict[str, str]:
    by_name = {fold(str(label)): str(value) for value, label in Language.choices}
    return by_name | {str(value): str(value) for value in Language.values}


def _offers() -> list[Standing]:
    """Each offer with its current description: the published one, else the draft."""
    numbers = dict(OfferVersion.objects.order_by("offer").values_list("offer").annotate(Max("number")))
    standing = {
        offer.pk: Standing(offer, numbers.get(offer.pk, 0))
        for offer in Offer.objects.select_related("provider", "contact").order_by("pk")
    }
    current = OfferVersion.objects.filter(discarded_at=None, superseded_at=None).order_by("offer", "number")
    for row in current.values("offer_id", "published_at", *CONTENT_NAMES):
        place = standing[row.pop("offer_id")]
        published = row.pop("published_at") is not None
        place.has_draft = place.has_draft or not published
        if published or not place.content:
            place.content = row
    return list(standing.values())

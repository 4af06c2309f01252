"""Which offers the list of the curation shows: by state, words of the house, Träger and what needs care soon."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from agreements.models import SocialSpace
from offers.models import Offer, OfferVersion, Provider, SupportKind
from offers.models.description import plain
from offers.models.stale import stale_offers

OF_OFFER = OfferVersion.objects.filter(offer=OuterRef("pk"))
PUBLISHED = OF_OFFER.filter(published_at__isnull=False, superseded_at=None)
DRAFT = OF_OFFER.filter(published_at=None, discarded_at=None)
# What a list tells of: what is published or being written; of an offer that was withdrawn, what it was.
TOLD = OF_OFFER.filter(discarded_at=None, superseded_at=None)


def with_state(offers: QuerySet[Offer]) -> QuerySet[Any]:
    """Offers with the name and the last day of what is published, and how far a draft has come."""
    return offers.select_related("provider").annotate(
        published_name=Subquery(PUBLISHED.values("name"), output_field=CharField()),
        last_name=Subquery(OF_OFFER.order_by("-number").values("name")[:1], output_field=CharField()),
        shown_name=Coalesce(F("published_name"), F("last_name")),
        last_day=Subquery(PUBLISHED.values("valid_to"), output_field=DateField()),
        is_drafted=Exists(DRAFT.filter(submitted_at=None)),
        is_submitted=Exists(DRAFT.filter(submitted_at__isnull=False)),
    )


def by_name(offers: QuerySet[Any]) -> QuerySet[Any]:
    return with_state(offers).order_by("shown_name", "pk")


def state_label(offer: Any) -> str:
    """`veröffentlicht, neue Fassung zu prüfen`; the offer comes from `with_state`."""
    if offer.withdrawn_at is not None:
        return "zurückgezogen"
    draft = "zu prüfen" if offer.is_submitted else ("Entwurf" if offer.is_drafted else "")
    if offer.published_name is None:
        return draft or "verworfen"
    published = "abgelaufen" if offer.last_day < timezone.localdate() else "veröffentlicht"
    return f"{published}, neue Fassung: {draft}" if draft else published


class OfferFilter(SimpleListFilter):
    template = "offers/admin/filter.html"
    unfolded = False  # short lists stand open

    def choose(self, offers: QuerySet[Any], value: str) -> QuerySet[Any]:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {str(key) for key, _ in self.lookup_choices}
        value = self.value()
        return self.choose(queryset, value) if value in known else queryset


class ByState(OfferFilter):
    title = "Stand"
    parameter_name = "stand"
    unfolded = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("entwurf", "Entwurf"),
            ("pruefen", "zu prüfen"),
            ("veroeffentlicht", "veröffentlicht"),
            ("abgelaufen", "abgelaufen"),
            ("zurueckgezogen", "zurückgezogen"),
        ]

    def choose(self, offers: QuerySet[Any], value: str) -> QuerySet[Any]:
        today = timezone.localdate()
        standing = Q(withdrawn_at=None)
        chosen = {
            "entwurf": standing & Q(is_drafted=True),
            "pruefen": standing & Q(is_submitted=True),
            "veroeffentlicht": standing & Q(last_day__gte=today),
            "abgelaufen": standing & Q(last_day__lt=today),
            "zurueckgezogen": ~standing,
        }
        return offers.filter(chosen[value])


class BySupport(OfferFilter):
    title = "Art der Unterstützung"
    parameter_name = "art"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(SupportKind.objects.values_list("code", "text"))

    def choose(self, offers: QuerySet[Any], value: str) -> QuerySet[Any]:
        return offers.filter(Exists(TOLD.filter(supports__contains=[value])))


class ByArea(OfferFilter):
    title = "Sozialraum"
    parameter_name = "sozialraum"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in SocialSpace.objects.order_by("name").values_list("pk", "name")]

    def choose(self, offers: QuerySet[Any], value: str) -> QuerySet[Any]:
        return offers.filter(Exists(TOLD.filter(areas__contains=[int(value)])))


class ByProvider(OfferFilter):
    title = "Träger"
    parameter_name = "traeger"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), plain(name)[:60]) for pk, name in Provider.objects.values_list("pk", "name")]

    def choose(self, offers: QuerySet[Any], value: str) -> QuerySet[Any]:
        return offers.filter(provider=int(value))


class ByPossible(OfferFilter):
    title = "zurzeit möglich"
    parameter_name = "moeglich"
    unfolded = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ja", "ja"), ("nein", "nein")]

    def choose(self, offers: QuerySet[Any], value: str) -> QuerySet[Any]:
        return offers.filter(possible=value == "ja")


class ByCare(OfferFilter):
    """What somebody has to ask the Träger about: the same offers of which the mails tell."""

    title = "zu pflegen"
    parameter_name = "pflege"
    unfolded = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("bald", "bald oder schon nicht mehr gültig"), ("lange", "lange nicht zugesichert")]

    def choose(self, offers: QuerySet[Any], value: str) -> QuerySet[Any]:
        stale = stale_offers(timezone.localdate())
        return offers.filter(pk__in=[row.offer_id for row in stale if (row.ends if value == "bald" else row.unassured)])


FILTERS: list[Any] = [ByState, ByCare, ByPossible, BySupport, ByArea, ByProvider]

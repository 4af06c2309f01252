"""Offers as Open Referral HSDS 3 JSON (Human Services Data Specification): what leaves the house.

One document: `organizations` and `services`, each an object of HSDS 3 with the tables nested as its API nests them.
Order and identifiers depend on nothing but the content: Provider.uid, Offer.uid and ProviderContact.uid are the ids;
what has none of its own (a phone, a schedule) gets one derived from theirs.

    HSDS                                               here
    organization: name, description, email, website    Provider.name, about, email, website
    organization.phones[0].number                      Provider.phone
    organization.locations[0] (postal).description     Provider.address: one line of text, so no `address` object, whose
                                                       town and postcode would have to be guessed
    contact: name, title, email, phones[0].number      ProviderContact.name, role, email, phone (who can be reached)
    service: name, description                         OfferVersion.name, support
    service.application_process                        joining
    service.eligibility_description                    requirements: what the law demands, never a target group
    service.alert, assured_date                        Offer.notice, assured_on
    service.attributes (taxonomy SUPPORT)              supports: taxonomy_term.code and .name
    service.service_areas[].name                       areas
    service.languages[].code                           languages
    service.funding[0].source                          funding_body
    service.required_documents[0].document             bring
    service.schedules[0]: description, valid_from/to   course, valid_from, valid_to
    service.schedules[].dtstart                        start_dates
    service_at_locations[0].location.description       place
    …location.accessibility[0].description             accessibility
    service.contacts[0]                                Offer.contact

What HSDS has no field for stands in `service.attributes` with the taxonomy EXTRA, its column in `taxonomy_term.code`:
purpose, start, any_time, duration, hours_per_week, legal_basis, assured_by, immediate, possible. HSDS fields for costs,
ages and free places are neither written nor read: there are none here (domain.md 12.8, R4.2-1).

`status` speaks of the service, and this house says of it no more than it stands up for:
    active              the description is complete, has not run out, and was given to review or is published
    temporarily closed  the same, but "zurzeit nicht möglich"
    inactive            still being worded, incomplete, or run out
Withdrawn offers leave the house in no file (HSDS would say `defunct`). So an import keeps the status without passing by
the second person (R4.4-5): what is active there is given to review here, in the name of who imported it, and published
by somebody else; what is inactive comes in as an open draft. Export, import into an empty office and export again are
equal, with mode `all`. Mode `published` is for the world outside: it holds what stands published, so that of a fresh
import it holds nothing until somebody has reviewed it.

Who wrote, reviewed and published stays at home, as do words of lists that no exported offer uses, and contact persons
who cannot be reached any more. A kind of support that the receiving house has under the same code keeps its text there.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from agreements.models import SocialSpace
from offers.exchange.csv_export import LANGUAGES
from offers.exchange.selection import Mode, chosen_versions
from offers.models import OfferVersion, Provider, ProviderContact, SupportKind

VERSION = "3.0"
SUPPORT = "fallarbeit:support"
EXTRA = "fallarbeit:offer"
SPACE = uuid.UUID("5f0c8f0e-6f0b-4c5e-9c39-0a1f5d2b7e11")  # of words, which have no identifier of their own
# Columns without a field in HSDS, and how people call them.
EXTRAS = {
    "purpose": "Wofür kann sie gut sein?",
    "start": "Wann beginnt es?",
    "any_time": "Einstieg jederzeit möglich",
    "duration": "Wie lange dauert es?",
    "hours_per_week": "Stunden in der Woche",
    "legal_basis": "Rechtsgrundlage",
    "assured_by": "zugesichert von",
    "immediate": "Sofortangebot des Hauses (Jobakademie)",
    "possible": "zurzeit möglich",
}
TEXTS = ("support", "purpose", "course", "place", "duration", "accessibility", "bring", "requirements", "joining")
LISTS = ("supports", "areas", "languages")
REQUIRED = ("hours_per_week", "funding_body_id", "legal_basis_id", "valid_from", "valid_to")


def is_complete(content: dict[str, Any]) -> bool:
    """The least that a published description has (rule published_offer_is_complete); the admin asks for more."""
    return (
        all(str(content[name]).strip() for name in TEXTS)
        and all(content[name] for name in LISTS)
        and all(content[name] is not None for name in REQUIRED)
        and bool(content["any_time"] or content["start_dates"] or str(content["start"]).strip())
    )


def may_be_active(content: dict[str, Any]) -> bool:
    """Complete and not run out: what a house can stand up for."""
    return is_complete(content) and bool(content["valid_to"] >= timezone.localdate())


def export_hsds(mode: Mode = Mode.ALL) -> dict[str, Any]:
    """The document. In mode `all` also providers that have no offer yet."""
    versions = chosen_versions(mode)
    supports = dict(SupportKind.objects.order_by("pk").values_list("code", "text"))
    areas = dict(SocialSpace.objects.order_by("pk").values_list("pk", "name"))
    used = {version.offer.provider_id for version in versions}
    providers = [
        provider
        for provider in Provider.objects.filter(ended_at=None).prefetch_related("contacts").order_by("name", "uid")
        if mode is Mode.ALL or provider.pk in used
    ]
    return {
        "version": VERSION,
        "organizations": [
            _organization(p) for p in sorted(providers, key=lambda provider: (provider.name, str(provider.uid)))
        ],
        "services": [_service(version, supports, areas) for version in versions],
    }


def _filled(**columns: Any) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in columns.items() if value not in ("", None, [])}


def _part(of: uuid.UUID, name: str) -> str:
    return str(uuid.uuid5(of, name))


def _organization(provider: Provider) -> dict[str, Any]:
    contacts = sorted((c for c in provider.contacts.all() if c.active), key=lambda c: (c.name, str(c.uid)))
    address = {
        "id": _part(provider.uid, "address"),
        "location_type": "postal",
        "description": provider.address,
    }
    return {"id": str(provider.uid), "name": provider.name, "description": provider.about} | _filled(
        email=provider.email,
        website=provider.website,
        phones=_phones(provider.uid, provider.phone),
        locations=[address] if provider.address else [],
        contacts=[_contact(contact) for contact in contacts],
    )


def _phones(of: uuid.UUID, number: str) -> list[dict[str, str]]:
    return [{"id": _part(of, "phone"), "number": number}] if number else []


def _contact(contact: ProviderContact) -> dict[str, Any]:
    return {"id": str(contact.uid)} | _filled(
        name=contact.name, title=contact.role, email=contact.email, phones=_phones(contact.uid, contact.phone)
    )


def _service(version: OfferVersion, supports: dict[str, str], areas: dict[int, str]) -> dict[str, Any]:
    offer = version.offer
    uid, provider, contact = offer.uid, offer.provider, offer.contact
    return {
        "id": str(uid),
        "organization_id": str(provider.uid),
        "name": version.name,
        "status": _status(version),
    } | _filled(
        description=version.support,
        application_process=version.joining,
        eligibility_description=version.requirements,
        alert=offer.notice,
        assured_date=offer.assured_on.isoformat() if offer.assured_on else "",
        schedules=_schedules(version),
        service_areas=_listed(uid, "area", "name", (areas[pk] for pk in version.areas)),
        service_at_locations=_places(version),
        languages=[
            {"id": _part(uid, f"language:{n}"), "name": LANGUAGES[code], "code": code}
            for n, code in enumerate(version.languages)
        ],
        funding=_listed(uid, "funding", "source", [version.funding_body.name] if version.funding_body else []),
        required_documents=_listed(uid, "document", "document", [version.bring] if version.bring else []),
        contacts=[_contact(contact)] if contact and contact.active and contact.provider_id == provider.pk else [],
        attributes=[
            *(_attribute(uid, SUPPORT, code, supports[code]) for code in version.supports),
            *(_attribute(uid, EXTRA, code, EXTRAS[code], value) for code, value in _extras(version).items()),
        ],
    )


def _status(version: OfferVersion) -> str:
    content = {name: getattr(version, name) for name in (*TEXTS, *LISTS, *REQUIRED, "any_time", "start", "start_dates")}
    if version.submitted_at is None or not may_be_active(content):
        return "inactive"
    return "active" if version.offer.possible else "temporarily closed"


def _listed(of: uuid.UUID, kind: str, column: str, values: Iterable[str]) -> list[dict[str, str]]:
    return [{"id": _part(of, f"{kind}:{number}"), column: value} for number, value in enumerate(values)]


def _schedules(version: OfferVersion) -> list[dict[str, Any]]:
    uid = version.offer.uid
    week = _filled(
        valid_from=version.valid_from.isoformat() if version.valid_from else "",
        valid_to=version.valid_to.isoformat() if version.valid_to else "",
        description=version.course,
    )
    starts = _listed(uid, "start", "dtstart", (day.isoformat() for day in version.start_dates))
    return [*([{"id": _part(uid, "week")} | week] if week else []), *starts]


def _places(version: OfferVersion) -> list[dict[str, Any]]:
    """The place is a text of the offer, so it is a location of this service alone."""
    uid = version.offer.uid
    place = _filled(
        description=version.place,
        accessibility=_listed(uid, "access", "description", [version.accessibility] if version.accessibility else []),
    )
    location = {"id": _part(uid, "location"), "location_type": "physical"} | place
    return [{"id": _part(uid, "at"), "location": location}] if place else []


def _extras(version: OfferVersion) -> dict[str, str]:
    """Only what differs from what a description without it means."""
    offer = version.offer
    hours = version.hours_per_week
    return _filled(
        purpose=version.purpose,
        start=version.start,
        any_time="ja" if version.any_time else "",
        duration=version.duration,
        hours_per_week=format(hours, "f") if hours is not None else "",
        legal_basis=version.legal_basis.name if version.legal_basis else "",
        assured_by=offer.assured_by,
        immediate="ja" if offer.immediate else "",
        possible="" if offer.possible else "nein",
    )


def _attribute(uid: uuid.UUID, taxonomy: str, code: str, name: str, value: str = "") -> dict[str, Any]:
    term = {
        "id": str(uuid.uuid5(SPACE, f"{taxonomy}:{code}")),
        "code": code,
        "name": name,
        "description": name,
        "taxonomy": taxonomy,
    }
    return (
        {
            "id": _part(uid, f"{taxonomy}:{code}"),
            "link_id": str(uid),
            "link_entity": "service",
            "taxonomy_term_id": term["id"],
        }
        | _filled(value=value)
        | {"taxonomy_term": term}
    )

"""Reading one object of an HSDS 3 document: an organization, a service (the table of fields stands in hsds.py)."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.text import slugify

from agreements.models import SocialSpace
from offers.exchange.cells import fold, read_hours, shown, unstorable
from offers.exchange.columns import CONTENT_NAMES, empty_value
from offers.exchange.hsds import EXTRA, EXTRAS, SUPPORT, may_be_active
from offers.exchange.plan import Plan, Words, resolved
from offers.exchange.rows import OfferData, RowResult, same_content
from offers.models import (
    FundingBody,
    Offer,
    OfferLegalBasis,
    OfferVersion,
    Provider,
    ProviderContact,
    SupportKind,
)

STATUSES = ("active", "inactive", "temporarily closed", "defunct")
CODE = re.compile(r"[-a-zA-Z0-9_]+")
READ = {
    "id", "organization_id", "organization", "name", "status", "description", "application_process",
    "eligibility_description", "alert", "assured_date", "schedules", "service_areas", "service_at_locations",
    "languages", "funding", "required_documents", "contacts", "attributes",
}  # fmt: skip


class _Reader:
    """One object of the document; what cannot be read is told with the field's name and taken as empty."""

    def __init__(self, plan: Plan, title: str, errors: list[str]) -> None:
        self.plan, self.title, self.errors = plan, title, errors

    def wrong(self, place: str, sentence: str) -> None:
        self.errors.append(f"{self.title}, Feld „{shown(place)}“: {sentence}")

    def text(self, source: Any, key: str, model: type[models.Model] | None = None, column: str = "") -> str:
        value = source.get(key) if isinstance(source, dict) else None
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(key, "Hier wird ein Text erwartet.")
            return ""
        if fault := unstorable(value):
            self.wrong(key, f"Der Text {fault}.")
            return ""
        most = getattr(model._meta.get_field(column), "max_length", None) if model else None
        if most and len(value) > most:
            self.wrong(key, f"Der Text hat {len(value)} Zeichen; höchstens {most} sind möglich.")
            return ""
        return value

    def parts(self, source: Any, key: str) -> list[dict[str, Any]]:
        value = source.get(key) if isinstance(source, dict) else None
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            self.wrong(key, "Hier wird eine Liste von Objekten erwartet.")
            return []
        return value

    def uid(self, source: Any, key: str = "id") -> uuid.UUID | None:
        value = self.text(source, key)
        try:
            return uuid.UUID(value)
        except ValueError:
            self.wrong(key, f"„{shown(value)}“ ist keine Kennung (UUID)." if value else "Die Kennung (UUID) fehlt.")
            return None

    def day(self, source: Any, key: str) -> dt.date | None:
        value = self.text(source, key)
        try:
            return dt.date.fromisoformat(value) if value else None
        except ValueError:
            self.wrong(key, f"„{shown(value)}“ ist kein Datum der Form 2026-11-30.")
            return None

    def phone(self, source: Any, model: type[models.Model]) -> str:
        phones = self.parts(source, "phones")
        return self.text(phones[0], "number", model, "phone") if phones else ""

    def contact(self, source: dict[str, Any], provider: Provider) -> ProviderContact | None:
        """A person of the Träger: known by identifier, else new."""
        uid = self.uid(source)
        if uid is None:
            return None
        if uid in self.plan.known.contacts_by_uid:
            found = self.plan.known.contacts_by_uid[uid]
            if found.pk and found.provider_id != provider.pk or not found.pk and found.provider is not provider:
                self.wrong("contacts", "Diese Ansprechperson gehört zu einem anderen Träger.")
                return None
            return found
        contact = ProviderContact(
            uid=uid,
            provider=provider,
            name=self.text(source, "name", ProviderContact, "name"),
            role=self.text(source, "title", ProviderContact, "role"),
            email=self.text(source, "email", ProviderContact, "email"),
            phone=self.phone(source, ProviderContact),
        )
        if not contact.name.strip():
            self.wrong("contacts", "Der Name der Ansprechperson fehlt.")
            return None
        self.plan.known.contacts_by_uid[uid] = contact
        self.plan.contacts.append(contact)
        return contact


class ReadOrganization(_Reader):
    def read(self, source: Any) -> Provider | None:
        """The Träger of this object: the one that is here, or a new one."""
        if not isinstance(source, dict):
            self.errors.append(f"{self.title}: Hier wird ein Objekt erwartet.")
            return None
        uid = self.uid(source)
        name = self.text(source, "name", Provider, "name")
        known = self.plan.known
        if uid is not None and uid in known.providers_by_uid:
            return self.standing(known.providers_by_uid[uid])
        if not name.strip():
            self.wrong("name", "Der Name des Trägers fehlt.")
        if uid is None or not name.strip():
            return None
        if name.lower() in self.plan.names:
            self.wrong("name", f"Einen Träger „{shown(name)}“ gibt es schon unter einer anderen Kennung.")
            return None
        return self.new(source, uid, name)

    def standing(self, provider: Provider) -> Provider | None:
        if provider.ended_at is not None:
            self.wrong("id", f"Der Träger „{shown(provider.name)}“ ist nicht mehr tätig.")
            return None
        return provider

    def new(self, source: dict[str, Any], uid: uuid.UUID, name: str) -> Provider:
        locations = self.parts(source, "locations")
        provider = Provider(
            uid=uid,
            name=name,
            about=self.text(source, "description"),
            email=self.text(source, "email", Provider, "email"),
            website=self.text(source, "website", Provider, "website"),
            phone=self.phone(source, Provider),
            address=self.text(locations[0], "description", Provider, "address") if locations else "",
        )
        self.plan.known.providers_by_uid[uid] = provider
        self.plan.names.add(name.lower())
        self.plan.providers.append(provider)
        read = [self.contact(contact, provider) for contact in self.parts(source, "contacts")]
        self.plan.declared |= {id(contact) for contact in read if contact is not None}
        return provider


class ReadService(_Reader):
    def __init__(self, plan: Plan, number: int, seen: dict[uuid.UUID, int]) -> None:
        self.row = RowResult(number)
        self.words = Words()
        self.seen = seen
        super().__init__(plan, f"Angebot {number}", self.row.errors)

    def read(self, source: Any) -> None:
        self.plan.rows.append(self.row)
        if not isinstance(source, dict):
            self.errors.append(f"{self.title}: Hier wird ein Objekt erwartet.")
            return
        name = self.text(source, "name", OfferVersion, "name")
        self.row.title = shown(name)
        uid, status = self.uid(source), self.text(source, "status")
        if not name.strip():
            self.wrong("name", "Der Name des Angebots fehlt.")
        if status not in STATUSES:
            self.wrong("status", f"„{shown(status)}“ kennt HSDS nicht; möglich sind {', '.join(STATUSES)}.")
        if uid is not None and self.seen.setdefault(uid, self.row.line) != self.row.line:
            self.wrong("id", f"Diese Kennung hat schon Angebot {self.seen[uid]}.")
        provider = self.provider(source)
        content = self.content(source, name)
        facts = self.facts(source, status)
        contacts = self.parts(source, "contacts")
        contact = self.contact(contacts[0], provider) if contacts and provider is not None else None
        self.leftovers(source, contacts)
        self.plan.words[self.row.line] = self.words
        if self.errors or uid is None or provider is None:
            return
        self.judge(OfferData(provider, content, uid, None, facts, contact), status)

    def judge(self, item: OfferData, status: str) -> None:
        standing = self.plan.known.offers.get(item.uid)
        if status == "defunct":
            self.row.unchanged = True
            self.row.notes.append("Dieses Angebot gibt es laut Datei nicht mehr (defunct); es wird nicht eingelesen.")
        elif standing is not None:
            item.standing = standing
            if standing.offer.withdrawn_at:
                self.wrong("id", "Dieses Angebot ist hier zurückgezogen; es wird nicht fortgeschrieben.")
            elif standing.has_draft:
                self.wrong("id", "Zu diesem Angebot gibt es hier schon einen offenen Entwurf.")
            elif standing.offer.provider.uid != item.provider.uid:
                self.wrong("organization_id", "Dieses Angebot gehört hier zu einem anderen Träger.")
            elif same_content(standing, resolved(self.plan, item.content, self.words)):
                self.row.unchanged = True
                self.row.notes.append("Die Beschreibung steht schon so im Haus; hier ist nichts einzulesen.")
            if any(getattr(standing.offer, key) != value for key, value in item.facts.items()):
                self.row.notes.append("Hinweis, „zurzeit möglich“ und Zusicherung bleiben, wie sie am Angebot stehen.")
        item.submit = status in ("active", "temporarily closed") and may_be_active(
            item.content
            | {"areas": self.words.areas, "supports": self.words.supports}
            | {"funding_body_id": self.words.body or None, "legal_basis_id": self.words.basis or None}
        )
        if status in ("active", "temporarily closed") and not item.submit:
            self.row.notes.append("Kommt als Entwurf, weil die Beschreibung noch Lücken hat oder abgelaufen ist.")
        self.row.data = item

    def provider(self, source: dict[str, Any]) -> Provider | None:
        nested = source.get("organization")
        if isinstance(nested, dict):
            return ReadOrganization(self.plan, self.title, self.errors).read(nested)
        uid = self.uid(source, "organization_id")
        if uid is not None and uid not in self.plan.known.providers_by_uid:
            self.wrong("organization_id", "Diesen Träger gibt es weder in der Datei noch hier.")
        found = self.plan.known.providers_by_uid.get(uid) if uid else None
        return ReadOrganization(self.plan, self.title, self.errors).standing(found) if found else None

    def content(self, source: dict[str, Any], name: str) -> dict[str, Any]:
        extras = self.extras(source)
        weeks = [part for part in self.parts(source, "schedules") if part.get("dtstart") is None]
        starts = [part for part in self.parts(source, "schedules") if part.get("dtstart") is not None]
        at = [part.get("location") for part in self.parts(source, "service_at_locations")]
        places: list[dict[str, Any]] = [place for place in at if isinstance(place, dict)]
        self.read_words(source, extras)
        hours = extras.get("hours_per_week", "")
        if hours and read_hours(hours) is None:
            self.wrong("hours_per_week", f"„{shown(hours)}“ ist keine Zahl von Stunden zwischen 0,5 und 60.")
        content = {name: empty_value(name) for name in CONTENT_NAMES} | {
            "name": name,
            "support": self.text(source, "description"),
            "joining": self.text(source, "application_process"),
            "requirements": self.text(source, "eligibility_description"),
            "bring": self.joined(self.parts(source, "required_documents"), "document"),
            "course": self.joined(weeks, "description"),
            "valid_from": self.day(weeks[0], "valid_from") if weeks else None,
            "valid_to": self.day(weeks[0], "valid_to") if weeks else None,
            "start_dates": [day for part in starts if (day := self.day(part, "dtstart"))],
            "place": "\n".join(text for place in places if (text := self.place(place))),
            "accessibility": "\n".join(
                self.joined(self.parts(place, "accessibility"), "description") for place in places
            ),
            "languages": self.languages(source),
            "hours_per_week": read_hours(hours) if hours else None,
            "any_time": extras.get("any_time") == "ja",
        }
        content |= {key: extras.get(key, "") for key in ("purpose", "start", "duration")}
        if content["valid_from"] and content["valid_to"] and content["valid_to"] < content["valid_from"]:
            self.wrong("valid_to", "„gilt bis“ liegt vor „gilt ab“.")
        return content

    def joined(self, parts: Sequence[dict[str, Any]], key: str) -> str:
        return "\n".join(text for part in parts if (text := self.text(part, key)))

    def place(self, place: dict[str, Any]) -> str:
        """A place in one text: what others part into name, description and address stands in one column here."""
        address = [
            ", ".join(
                text for key in ("address_1", "address_2", "postal_code", "city") if (text := self.text(part, key))
            )
            for part in self.parts(place, "addresses")
        ]
        return "\n".join(text for text in (self.text(place, "name"), self.text(place, "description"), *address) if text)

    def extras(self, source: dict[str, Any]) -> dict[str, str]:
        """Our own columns among the attributes."""
        found: dict[str, str] = {}
        limits = {"duration": (OfferVersion, "duration"), "assured_by": (Offer, "assured_by")}
        for part in self.parts(source, "attributes"):
            term = part.get("taxonomy_term")
            code = term.get("code") if isinstance(term, dict) and term.get("taxonomy") == EXTRA else None
            if isinstance(code, str) and code in EXTRAS:
                found[code] = self.text(part, "value", *limits.get(code, ()))
        return found

    def read_words(self, source: dict[str, Any], extras: dict[str, str]) -> None:
        for part in self.parts(source, "attributes"):
            term = part.get("taxonomy_term")
            if isinstance(term, dict) and term.get("taxonomy") == SUPPORT:
                self.support(term)
        areas = [self.text(part, "name", SocialSpace, "name") for part in self.parts(source, "service_areas")]
        self.words.areas = [name for name in areas if name.strip()]
        funding = self.parts(source, "funding")
        body = self.text(funding[0], "source", FundingBody, "name") if funding else ""
        self.words.body = body if body.strip() else ""
        basis = extras.get("legal_basis", "")
        most = OfferLegalBasis._meta.get_field("name").max_length or 0
        if len(basis) > most:
            self.wrong("legal_basis", f"Der Text hat {len(basis)} Zeichen; höchstens {most} sind möglich.")
        self.words.basis = basis if basis.strip() else ""

    def support(self, term: dict[str, Any]) -> None:
        """A kind of support: by its code, else by its text, else new."""
        text = self.text(term, "name", SupportKind, "text")
        code = self.text(term, "code", SupportKind, "code") or slugify(text)[:40]
        if code in self.plan.codes:
            self.words.supports.append((code, text))
        elif text in self.plan.text_codes:
            self.words.supports.append((self.plan.text_codes[text], text))
        elif not text.strip() or not CODE.fullmatch(code):
            self.wrong("attributes", f"„{shown(text or code)}“ ist keine Art der Unterstützung mit Kürzel und Namen.")
        else:
            self.plan.text_codes[text] = code
            self.words.supports.append((code, text))

    def languages(self, source: dict[str, Any]) -> list[str]:
        found = []
        known = self.plan.known
        for part in self.parts(source, "languages"):
            word = self.text(part, "code") or self.text(part, "name")
            if fold(word) in known.languages:
                found.append(known.languages[fold(word)])
            else:
                texts = ", ".join(known.texts["languages"])
                self.wrong("languages", f"Die Sprache „{shown(word)}“ kennt das Haus nicht. Bekannt sind: {texts}.")
        return found

    def facts(self, source: dict[str, Any], status: str) -> dict[str, Any]:
        extras = self.extras(source)
        return {
            "immediate": extras.get("immediate") == "ja",
            "possible": status != "temporarily closed" and extras.get("possible") != "nein",
            "notice": self.text(source, "alert", Offer, "notice"),
            "assured_on": self.day(source, "assured_date"),
            "assured_by": extras.get("assured_by", ""),
        }

    def leftovers(self, source: dict[str, Any], contacts: list[dict[str, Any]]) -> None:
        """Say what is left out: fields that this house has no place for."""
        unread = [key for key, value in source.items() if key not in READ and value not in (None, "", [], {})]
        funding = source.get("funding")
        several = (("contacts", contacts), ("funding", funding if isinstance(funding, list) else []))
        unread += [name for name, parts in several if len(parts) > 1]
        if unread:
            names = ", ".join(shown(name, 30) for name in sorted(unread)[:12])
            self.row.notes.append(f"Ohne Platz in diesem Haus und nicht übernommen: {names}.")

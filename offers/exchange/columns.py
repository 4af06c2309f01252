"""The columns of the table of offers: the export writes them, the import understands them."""

import re
from dataclasses import dataclass
from typing import Any

from offers.models import CONTENT, Offer, OfferVersion, Provider, ProviderContact

MARKS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Column:
    """One column: what it is called here, of what kind its cells are, and how else it is called in files."""

    key: str
    label: str
    kind: str
    most: int | None = None
    names: tuple[str, ...] = ()


KINDS = {
    "supports": "supports",
    "areas": "areas",
    "languages": "languages",
    "start_dates": "days",
    "any_time": "flag",
    "hours_per_week": "hours",
    "funding_body": "body",
    "legal_basis": "basis",
    "valid_from": "day",
    "valid_to": "day",
}
NAMES = {
    "name": ("Name", "Angebot", "Titel", "Bezeichnung", "Angebotsname"),
    "support": ("Unterstützung", "Beschreibung", "Was wird geboten"),
    "supports": ("Art der Unterstützung", "Art", "Arten"),
    "purpose": ("Wofür", "Zweck", "Ziel"),
    "course": ("Ablauf", "Wie läuft es ab", "Gewöhnliche Woche"),
    "place": ("Ort", "Wo", "Adresse", "Wo findet es statt"),
    "areas": ("Sozialraum", "Region", "Räume"),
    "start": ("Beginn", "Start", "Wann"),
    "start_dates": ("Starttermin", "Termine", "Beginntermine"),
    "any_time": ("Einstieg jederzeit", "jederzeit", "laufender Einstieg"),
    "duration": ("Dauer",),
    "hours_per_week": ("Stunden", "Wochenstunden", "Stunden pro Woche"),
    "languages": ("Sprache",),
    "accessibility": ("barrierefrei", "Zugang"),
    "bring": ("mitzubringen", "Mitbringen"),
    "requirements": ("Voraussetzungen", "gesetzliche Voraussetzungen"),
    "funding_body": ("Kostenträger", "Wer zahlt"),
    "legal_basis": ("Paragraf", "Paragraph", "gesetzliche Grundlage"),
    "joining": ("Zugangsweg", "Anmeldung", "Wie kommt man hinein"),
    "valid_from": ("gültig ab", "gültig von", "von"),
    "valid_to": ("gültig bis", "bis"),
}


def _content(key: str) -> Column:
    field = OfferVersion._meta.get_field(key)
    kind = KINDS.get(key) or ("line" if getattr(field, "max_length", None) else "text")
    most = getattr(field, "max_length", None) if kind == "line" else None
    return Column(key, str(getattr(field, "verbose_name", key)), kind, most, NAMES.get(key, ()))


def _most(model: type[Offer] | type[Provider] | type[ProviderContact], key: str) -> int | None:
    most = getattr(model._meta.get_field(key), "max_length", None)
    return int(most) if most else None


COLUMNS: tuple[Column, ...] = (
    Column("uid", "Kennung", "uid", None, ("UID", "ID", "Kennung des Angebots")),
    Column("provider", "Träger", "line", _most(Provider, "name"), ("Anbieter", "Organisation", "Name des Trägers")),
    *(_content(key) for key in CONTENT),
    Column("immediate", "Sofortangebot des Hauses", "flag", None, ("Sofortangebot", "Jobakademie")),
    Column("possible", "zurzeit möglich", "flag", None, ("möglich",)),
    Column("notice", "Aktueller Hinweis", "line", _most(Offer, "notice"), ("Hinweis",)),
    Column("assured_on", "zuletzt zugesichert am", "day", None, ("zugesichert am",)),
    Column("assured_by", "zugesichert von", "line", _most(Offer, "assured_by")),
    Column("contact_name", "Ansprechperson", "line", _most(ProviderContact, "name"), ("Kontakt", "Ansprechpartner")),
    Column("contact_phone", "Telefon der Ansprechperson", "line", _most(ProviderContact, "phone"), ("Telefon",)),
    Column("contact_email", "E-Mail der Ansprechperson", "line", _most(ProviderContact, "email"), ("E-Mail", "Mail")),
)
BY_KEY = {column.key: column for column in COLUMNS}
# What stands on the offer itself and needs no second review; an import sets it for new offers alone.
FACTS = ("possible", "notice", "assured_on", "assured_by")
CONTACT = ("contact_name", "contact_phone", "contact_email")


def attname(key: str) -> str:
    """The name under which the description keeps it: keys of other tables as their numbers."""
    return str(OfferVersion._meta.get_field(key).attname)  # type: ignore[union-attr]


CONTENT_NAMES = tuple(attname(key) for key in CONTENT)


def empty_value(name: str) -> Any:
    """What a column of the description holds when nothing is said."""
    if name in ("supports", "areas", "start_dates", "languages"):
        return []
    if name == "any_time":
        return False
    return None if name in ("hours_per_week", "valid_from", "valid_to", "funding_body_id", "legal_basis_id") else ""


def plain(header: str) -> str:
    """A header without case, marks and signs."""
    return re.sub(r"[^a-z0-9]", "", header.casefold().translate(MARKS))

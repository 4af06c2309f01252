"""What an offer says, flat and harmless: text of providers is plain text and never trusted.

Nothing here is markup. Addresses are links only where they are http or https; marks that turn the direction of writing
are taken out; what is very long is cut, so that a page stays a page.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from jobcenter.platform.statements import read
from jobcenter.platform.workdays import day_label
from offers.enums import Language
from offers.models.offers import Offer, OfferVersion

SHOWN, MOST = 1500, 6000  # letters of a text: what stands there at once, and what "mehr" unfolds at most
LANGUAGES = dict(Language.choices)
# Controls and marks that turn, nest or hide text; line ends and tabs stay.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
POSSIBLE, NOT_POSSIBLE = "zurzeit möglich", "zurzeit nicht möglich"

# Field, heading for counsellors, and the question on the sheet for the person; in the order in which they are read.
TEXTS = (
    ("support", "Welche Unterstützung gibt es?", "Was ist das?"),
    ("purpose", "Wofür kann sie gut sein?", "Wofür kann das gut sein?"),
    ("course", "Wie läuft es ab? Eine gewöhnliche Woche", "Wie sieht eine Woche dort aus?"),
    ("place", "Wo findet es statt?", "Wo ist es?"),
    ("start", "Wann beginnt es?", "Wann fängt es an?"),
    ("duration", "Wie lange dauert es?", "Wie lange dauert es?"),
    ("languages", "Sprachen", "In welchen Sprachen geht es?"),
    ("accessibility", "Barrierefreiheit", "Wie barrierefrei ist es?"),
    ("bring", "Was ist mitzubringen?", "Was bringe ich mit?"),
    ("joining", "Wie kommt man hinein?", "Wie komme ich hinein?"),
    ("contact", "Ansprechperson", "Wen kann ich fragen?"),
    ("funding", "Wer entscheidet und zahlt?", "Wer entscheidet und zahlt?"),
    ("requirements", "Was verlangt das Gesetz?", "Was verlangt das Gesetz?"),
)

WORDS = """
SELECT 'support' AS list, code::text AS key, text, active, position, text AS name FROM offers_supportkind
UNION ALL
SELECT 'area', id::text, name, active, position, name FROM agreements_socialspace
 ORDER BY 1, 5, 6
"""


@dataclass(frozen=True)
class Words:
    """The lists of the house that describe offers: key -> word, and which of them are offered."""

    supports: dict[str, str]
    areas: dict[int, str]
    offered_supports: list[tuple[str, str]]
    offered_areas: list[tuple[int, str]]


def read_words() -> Words:
    """Kinds of support and areas, in one statement."""
    rows = read(WORDS, {})
    supports = [(key, text, active) for name, key, text, active, *_ in rows if name == "support"]
    areas = [(int(key), text, active) for name, key, text, active, *_ in rows if name == "area"]
    return Words(
        supports={key: text for key, text, _ in supports},
        areas={key: text for key, text, _ in areas},
        offered_supports=[(key, text) for key, text, active in supports if active],
        offered_areas=[(key, text) for key, text, active in areas if active],
    )


def describe(version: OfferVersion, words: Words | None = None) -> dict[str, Any]:
    """A version as templates show it (templates/offers/offer_body.html); the caller joins what it points to."""
    offer, words = version.offer, words or read_words()
    said = _texts(version, offer, words)
    parts = [{"key": key, "title": title, "question": question, **said[key]} for key, title, question in TEXTS]
    return {
        "pk": offer.pk,
        "name": plain(version.name),
        "provider": _provider(offer),
        "supports": [plain(words.supports.get(code, code)) for code in version.supports],
        "areas": [plain(words.areas[area]) for area in version.areas if area in words.areas],
        "possible": offer.possible,
        "possible_label": POSSIBLE if offer.possible else NOT_POSSIBLE,
        "notice": plain(offer.notice),
        "immediate": offer.immediate,
        "parts": [part for part in parts if part["text"]],
        "assured_label": _assured(offer),
        "valid_label": period_label(version.valid_from, version.valid_to),
        "number": version.number,
        "standing": standing(version, timezone.localdate()),
    }


def standing(version: OfferVersion, today: dt.date) -> str:
    """Why an offer cannot be chosen today, in a sentence; empty for one that stands in the catalogue."""
    if version.offer.withdrawn_at is not None:
        day = day_label(timezone.localtime(version.offer.withdrawn_at).date())
        return f"Dieses Angebot wurde am {day} zurückgezogen. Hier steht, was zuletzt galt."
    if version.published_at is None:
        return "Diese Fassung ist noch nicht veröffentlicht."
    if version.valid_to is not None and version.valid_to < today:
        return f"Dieses Angebot galt bis {day_label(version.valid_to)}. Hier steht, was zuletzt galt."
    if version.valid_from is not None and version.valid_from > today:
        return f"Dieses Angebot gilt erst ab {day_label(version.valid_from)}."
    return ""


def plain(text: object) -> str:
    """Text without what hides or turns it."""
    return HIDDEN.sub("", str(text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def cut(text: object, length: int) -> str:
    """At most so many letters, ended at a word where there is one."""
    whole = plain(text)
    if len(whole) <= length:
        return whole
    head = whole[:length]
    return (head.rsplit(None, 1)[0] if " " in head[length // 2 :] else head).rstrip(" ,;:–-") + " …"


def web_address(text: object) -> str:
    """The address of a website that may be a link: http or https with a host, and nothing that pretends (user@host)."""
    address = plain(text)
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    strange = re.search(r"[\s<>\"'\\^`{}|]", address) or "@" in parts.netloc
    return address if parts.scheme in ("http", "https") and parts.hostname and not strange else ""


def start_label(version: Any, today: dt.date) -> list[str]:
    """When one can begin, by what the version says: any time, the dates ahead, and its own words."""
    lines = ["jederzeit"] if version.any_time else []
    ahead = sorted(day for day in version.start_dates if day >= today)
    if ahead:
        lines.append(", ".join(day_label(day) for day in ahead[:12]))
    return lines


def languages_label(codes: Iterable[str]) -> str:
    return ", ".join(LANGUAGES.get(code, plain(code)) for code in codes)


def period_label(first: dt.date | None, last: dt.date | None) -> str:
    """`gilt von Mo, 05.01.2026 bis Do, 31.12.2026`."""
    begins = f"von {day_label(first)} " if first else ""
    return f"gilt {begins}bis {day_label(last)}" if last else (f"gilt ab {day_label(first)}" if first else "")


def _texts(version: OfferVersion, offer: Offer, words: Words) -> dict[str, dict[str, str]]:
    start = [*start_label(version, timezone.localdate()), plain(version.start)]
    hours = _hours(version.hours_per_week)
    funding = [plain(part.name) for part in (version.funding_body, version.legal_basis) if part is not None]
    areas = ", ".join(words.areas[area] for area in version.areas if area in words.areas)
    said = {
        **{name: getattr(version, name) for name in ("support", "purpose", "course", "accessibility", "bring")},
        **{name: getattr(version, name) for name in ("joining", "requirements")},
        "place": "\n".join(line for line in (plain(version.place), areas) if line),
        "start": "\n".join(line for line in start if line),
        "duration": "\n".join(line for line in (plain(version.duration), hours) if line),
        "languages": languages_label(version.languages),
        "contact": "\n".join(_contact(offer)),
        "funding": "\n".join(funding),
    }
    return {name: _folded(text) for name, text in said.items()}


def _folded(text: object) -> dict[str, str]:
    """The text, and what "mehr" unfolds of a long one."""
    whole = plain(text)
    if len(whole) <= SHOWN:
        return {"text": whole, "rest": ""}
    head = whole[:SHOWN]
    head = head.rsplit(None, 1)[0] if " " in head[SHOWN // 2 :] else head
    return {"text": head, "rest": cut(whole[len(head) :], MOST)}


def _hours(hours: Decimal | None) -> str:
    """`12,5 Stunden in der Woche`."""
    if hours is None:
        return ""
    number = f"{Decimal(hours):.1f}".replace(".", ",").removesuffix(",0")
    return f"{number} {'Stunde' if number == '1' else 'Stunden'} in der Woche"


def _contact(offer: Offer) -> list[str]:
    contact = offer.contact
    if contact is None or not contact.active:
        return []
    first = ", ".join(part for part in (plain(contact.name), plain(contact.role)) if part)
    return [line for line in (first, plain(contact.phone), plain(contact.email)) if line]


def _provider(offer: Offer) -> dict[str, str]:
    provider = offer.provider
    return {
        "name": plain(provider.name),
        "about": cut(provider.about, SHOWN),
        "address": plain(provider.address),
        "phone": plain(provider.phone),
        "email": plain(provider.email),
        "website": plain(provider.website),
        "website_url": web_address(provider.website),
    }


def _assured(offer: Offer) -> str:
    """When the provider last assured that all of this holds."""
    if offer.assured_on is None:
        return ""
    by = f" von {plain(offer.assured_by)}" if plain(offer.assured_by) else ""
    return f"zuletzt zugesichert am {day_label(offer.assured_on)}{by}"

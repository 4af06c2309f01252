"""Writing the table of offers: the columns that the import understands, and no cell that a spreadsheet computes."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from agreements.models import SocialSpace
from offers.enums import Language
from offers.exchange.cells import guarded
from offers.exchange.columns import COLUMNS
from offers.exchange.selection import Mode, chosen_versions
from offers.models import OfferVersion, SupportKind

SEPARATOR = " | "
LANGUAGES = {str(value): str(label) for value, label in Language.choices}


def export_csv(mode: Mode = Mode.PUBLISHED) -> bytes:
    """UTF-8 with a mark for spreadsheets, semicolons, every cell in quotation marks."""
    words: dict[str, dict[Any, str]] = {
        "supports": dict(SupportKind.objects.order_by("pk").values_list("code", "text")),
        "areas": dict(SocialSpace.objects.order_by("pk").values_list("pk", "name")),
        "languages": LANGUAGES,
    }
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([guarded(column.label) for column in COLUMNS])
    for version in chosen_versions(mode):
        writer.writerow([guarded(_written(_value(version, column.key), words.get(column.key))) for column in COLUMNS])
    return page.getvalue().encode("utf-8-sig")


PLACES: dict[str, Callable[[OfferVersion], Any]] = {
    "uid": lambda version: version.offer.uid,
    "provider": lambda version: version.offer.provider.name,
    "funding_body": lambda version: version.funding_body.name if version.funding_body else "",
    "legal_basis": lambda version: version.legal_basis.name if version.legal_basis else "",
    "contact_name": lambda version: _contact(version, "name"),
    "contact_phone": lambda version: _contact(version, "phone"),
    "contact_email": lambda version: _contact(version, "email"),
}
OF_THE_OFFER = frozenset({"immediate", "possible", "notice", "assured_on", "assured_by"})


def _contact(version: OfferVersion, column: str) -> str:
    """Somebody who cannot be reached any more is not passed on."""
    contact = version.offer.contact
    return str(getattr(contact, column)) if contact is not None and contact.active else ""


def _value(version: OfferVersion, key: str) -> Any:
    if key in PLACES:
        return PLACES[key](version)
    return getattr(version.offer if key in OF_THE_OFFER else version, key)


def _written(value: Any, words: dict[Any, str] | None) -> str:
    """As people here write it."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, list):
        return SEPARATOR.join(words.get(item, str(item)) if words else _written(item, None) for item in value)
    if isinstance(value, dt.date):
        return f"{value.day:02}.{value.month:02}.{value.year:04}"
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    return "" if value is None else str(value)

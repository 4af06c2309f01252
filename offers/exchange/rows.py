"""What a file says about one offer, read and judged; and the one way in which such rows are written."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from casework.actions.errors import RuleBroken, constraint_of, rules
from casework.models import User
from offers.enums import OfferEventKind
from offers.exchange.known import Standing
from offers.models import Offer, OfferEvent, OfferVersion, Provider, ProviderContact

MOST_ERRORS = 10  # of one line; a page that tells everything of a hostile file helps nobody


class Unreadable(Exception):
    """The file as a whole cannot be read; the sentence says why and what to do."""


@dataclass
class OfferData:
    """An offer ready to be written: a new one, or a further description of `standing`."""

    provider: Provider
    content: dict[str, Any]
    uid: uuid.UUID = field(default_factory=uuid.uuid4)
    standing: Standing | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    contact: ProviderContact | None = None
    submit: bool = False


@dataclass
class RowResult:
    """One line of the file: what is wrong with it, what is worth knowing, and the offer when nothing is wrong."""

    line: int
    title: str = ""
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    data: OfferData | None = None
    unchanged: bool = False

    @property
    def is_new(self) -> bool:
        """Something of this line will be written."""
        return self.data is not None and not self.errors and not self.unchanged

    def few_errors(self) -> list[str]:
        """What a page shows."""
        more = len(self.errors) - MOST_ERRORS
        return [*self.errors[:MOST_ERRORS], *([f"Dazu {more} weitere Fehler in dieser Zeile."] if more > 0 else [])]


def same_content(standing: Standing, content: dict[str, Any]) -> bool:
    return all(standing.content.get(name) == value for name, value in content.items())


@contextmanager
def whole_or_nothing() -> Iterator[None]:
    """What the rules of the database refuse becomes a sentence; nothing of the file is then written."""
    try:
        with rules():
            yield
    except (IntegrityError, DataError) as error:
        rule = constraint_of(error) if isinstance(error, IntegrityError) else ""
        named = f" (Regel „{rule}“)" if rule else ""
        raise RuleBroken(
            f"Die Datenbank hat etwas aus der Datei abgelehnt{named}. Es wurde nichts eingelesen; bitte prüfen Sie die "
            "Datei noch einmal."
        ) from error


def one_import_at_a_time() -> None:
    """Wait for an import that is under way: two of the same file would enter everything twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('offers_exchange'))")


@transaction.atomic
def import_offers(*, rows: Sequence[RowResult], by: User, only_valid: bool) -> int:
    """Write the valid lines, or nothing when one is broken and `only_valid` is not asked for. How many were written.

    Everything comes in as a draft (R4.4-5: a second person reviews), in one transaction, in as many statements for 600
    lines as for two.
    """
    if not only_valid and any(row.errors for row in rows):
        return 0
    with whole_or_nothing():
        return write(
            [row.data for row in rows if row.is_new and row.data is not None], by=by, text="eingelesen aus CSV"
        )


def write(items: Sequence[OfferData], *, by: User, text: str) -> int:
    """Providers, contacts, offers, descriptions and their history, table by table."""
    _create_parts(items, by)
    offers = [item.standing.offer if item.standing else _offer(item, by) for item in items]
    Offer.objects.bulk_create([offer for offer in offers if offer.pk is None])
    now = timezone.now()
    versions = [
        OfferVersion(
            offer=offer,
            number=item.standing.last_number + 1 if item.standing else 1,
            author=by,
            writers=[by.pk],
            created_by=by,
            submitted_at=now if item.submit else None,
            submitted_by=by if item.submit else None,
            **item.content,
        )
        for item, offer in zip(items, offers, strict=True)
    ]
    OfferVersion.objects.bulk_create(versions)
    events = [
        OfferEvent(offer_id=v.offer_id, version=v, kind=OfferEventKind.DRAFTED, text=text, by=by) for v in versions
    ]
    events += [
        OfferEvent(offer_id=version.offer_id, version=version, kind=OfferEventKind.SUBMITTED, text=text, by=by)
        for version in versions
        if version.submitted_at is not None
    ]
    OfferEvent.objects.bulk_create(events)
    return len(versions)


def _offer(item: OfferData, by: User) -> Offer:
    return Offer(uid=item.uid, provider=item.provider, contact=item.contact, created_by=by, **item.facts)


def _create_parts(items: Sequence[OfferData], by: User) -> None:
    """New providers and contact persons; lines that name the same one share it."""
    providers = {id(item.provider): item.provider for item in items if item.provider.pk is None}
    for provider in providers.values():
        provider.created_by = by
    Provider.objects.bulk_create(providers.values())
    contacts = {id(item.contact): item for item in items if item.contact is not None and item.contact.pk is None}
    for item in contacts.values():
        assert item.contact is not None  # noqa: S101  (narrows the type for mypy)
        item.contact.provider = item.provider
    ProviderContact.objects.bulk_create([item.contact for item in contacts.values() if item.contact is not None])

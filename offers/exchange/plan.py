"""What an HSDS document would bring into the house, and writing it: providers, persons, words of lists, offers."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from agreements.models import SocialSpace
from casework.models import User
from offers.exchange.known import Known
from offers.exchange.rows import OfferData, RowResult, whole_or_nothing, write
from offers.models import FundingBody, OfferLegalBasis, Provider, ProviderContact, SupportKind


@dataclass
class Words:
    """Words of the lists that an offer uses, as the file writes them; numbers here are known after they were made."""

    supports: list[tuple[str, str]] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    body: str = ""
    basis: str = ""


@dataclass
class Plan:
    """What reading found: providers, one result per service, and the words of each."""

    known: Known
    providers: list[Provider] = field(default_factory=list)
    contacts: list[ProviderContact] = field(default_factory=list)
    rows: list[RowResult] = field(default_factory=list)
    words: dict[int, Words] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    declared: set[int] = field(default_factory=set)  # what stands in the document for itself, not for one service

    @property
    def has_errors(self) -> bool:
        return bool(self.errors) or any(row.errors for row in self.rows)

    def new_words(self) -> dict[str, list[str]]:
        """What the lists of this house get in addition: kind -> words."""
        used = [self.words[row.line] for row in self.rows if row.is_new]
        found = {
            "Art der Unterstützung": [
                text for words in used for code, text in words.supports if code not in self.codes
            ],
            "Sozialraum": [name for words in used for name in words.areas if name not in self.area_ids],
            "Kostenträger": [words.body for words in used if words.body and words.body not in self.body_ids],
            "Rechtsgrundlage": [words.basis for words in used if words.basis and words.basis not in self.basis_ids],
        }
        return {kind: list(dict.fromkeys(words)) for kind, words in found.items() if words}

    def __post_init__(self) -> None:
        self.codes = set(self.known.support_texts)
        self.text_codes = {text: code for code, text in self.known.support_texts.items()}  # with those of the file
        self.area_ids = {name: pk for pk, name in self.known.area_names.items()}
        self.body_ids = dict(FundingBody.objects.order_by("pk").values_list("name", "pk"))
        # As the database compares them: case alone does not make another Träger.
        self.names = {row.name.lower() for row in self.known.providers_by_uid.values() if row.ended_at is None}
        self.basis_ids = dict(OfferLegalBasis.objects.order_by("pk").values_list("name", "pk"))


def resolved(plan: Plan, content: dict[str, Any], words: Words) -> dict[str, Any]:
    """The description with the numbers of its words; a word that is not there yet makes it differ from all."""
    return content | {
        "supports": [code for code, _ in words.supports],
        "areas": [plan.area_ids.get(name, 0) for name in words.areas],
        "funding_body_id": plan.body_ids.get(words.body, 0) if words.body else None,
        "legal_basis_id": plan.basis_ids.get(words.basis, 0) if words.basis else None,
    }


@transaction.atomic
def import_plan(*, plan: Plan, by: User, only_valid: bool) -> int:
    """Write what was read and judged: all valid offers, or nothing when something is broken. How many were written."""
    if not only_valid and plan.has_errors:
        return 0
    with whole_or_nothing():
        rows = [row for row in plan.rows if row.is_new]
        _create_words(plan, [plan.words[row.line] for row in rows])
        items = [row.data for row in rows if row.data is not None]
        _create_providers(plan, items, by)
        for row, item in zip(rows, items, strict=True):
            item.content = resolved(plan, item.content, plan.words[row.line])
        return write(items, by=by, text="eingelesen aus HSDS")


def _create_providers(plan: Plan, items: list[OfferData], by: User) -> None:
    """What the document names for itself and what the written offers need; nothing of a broken one."""
    wanted = plan.declared | {id(item.provider) for item in items} | {id(item.contact) for item in items}
    providers = [provider for provider in plan.providers if id(provider) in wanted]
    for provider in providers:
        provider.created_by = by
    Provider.objects.bulk_create(providers)
    contacts = [row for row in plan.contacts if id(row) in wanted and row.provider.pk is not None]
    for contact in contacts:
        contact.provider = contact.provider  # takes over the number that the provider has only now
    ProviderContact.objects.bulk_create(contacts)


def _create_words(plan: Plan, used: list[Words]) -> None:
    supports = {code: text for words in used for code, text in words.supports if code not in plan.codes}
    SupportKind.objects.bulk_create(SupportKind(code=code, text=text) for code, text in supports.items())
    lists: tuple[tuple[Any, dict[str, int], list[str]], ...] = (
        (SocialSpace, plan.area_ids, [name for words in used for name in words.areas]),
        (FundingBody, plan.body_ids, [words.body for words in used if words.body]),
        (OfferLegalBasis, plan.basis_ids, [words.basis for words in used if words.basis]),
    )
    for model, ids, names in lists:
        new = [name for name in dict.fromkeys(names) if name not in ids]
        created = model.objects.bulk_create(model(name=name) for name in new)
        ids.update({row.name: row.pk for row in created})

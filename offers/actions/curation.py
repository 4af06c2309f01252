"""Curation of offers: written by one person, reviewed by a second one, every version kept (R4.4-5, R4.4-7).

Every step locks the offer first and writes what happened. Contact, notice, "zurzeit möglich" and what the Träger
assures need no second review: a telephone number that is wrong helps nobody.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from casework.actions.errors import Conflict, NotAllowed, RuleBroken, rules
from casework.models import User
from jobcenter.platform.workdays import day_label
from offers.actions.errors import SECOND_PERSON, DraftExists, Incomplete, OfferWithdrawn, VersionMoved
from offers.enums import OfferEventKind
from offers.gaps import content_gaps, gaps
from offers.models import CONTENT, Offer, OfferEvent, OfferVersion, Provider, ProviderContact
from offers.permissions import can_curate

Content = Mapping[str, Any]  # columns of CONTENT; what is not named stays empty, or as it is
REASON = 500


# --- an offer and its versions -----------------------------------------------------------------------------


@transaction.atomic
def create_offer(
    *,
    provider: Provider,
    content: Content,
    by: User,
    immediate: bool = False,
    contact: ProviderContact | None = None,
) -> OfferVersion:
    """A new offer, with its first version as a draft."""
    check_curates(by)
    provider = Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    if provider.ended_at is not None:
        raise RuleBroken("Dieser Träger ist nicht mehr tätig.", field="provider")
    check_contact(provider, contact)
    with rules():
        offer = Offer.objects.create(provider=provider, immediate=immediate, contact=contact, created_by=by)
        return begin_version(offer, cleaned(content), by)


@transaction.atomic
def start_version(*, offer: Offer, by: User) -> OfferVersion:
    """A copy of what is published as a draft; of the latest version where nothing is."""
    offer = lock_offer(offer, by)
    versions = offer.versions.order_by("-number")
    if versions.filter(published_at=None, discarded_at=None).exists():
        raise DraftExists
    earlier = versions.filter(published_at__isnull=False, superseded_at=None).first() or versions.first()
    content = {name: getattr(earlier, name) for name in CONTENT} if earlier else {}
    unread = earlier.writers if earlier and earlier.reviewed_at is None else ()
    with rules():
        return begin_version(offer, content, by, unread)


@transaction.atomic
def write_version(*, version: OfferVersion, content: Content, by: User) -> OfferVersion:
    """Word a draft. Whoever changes a word of it does not review it; the same said again is no change."""
    lock_offer(version.offer, by)
    version = current(version, in_review=False)
    changed = {name: value for name, value in cleaned(content).items() if getattr(version, name) != value}
    if not changed:
        return version
    for name, value in changed.items():
        setattr(version, name, value)
    if by.pk not in version.writers:
        version.writers = [*version.writers, by.pk]
    with rules():
        version.save(update_fields=[*changed, "writers"])
        note(version.offer, OfferEventKind.CHANGED, by, version=version, text=headings(changed))
    return version


@transaction.atomic
def submit_version(*, version: OfferVersion, by: User) -> None:
    """Give a draft to a second person. It may have gaps: two see more than one."""
    lock_offer(version.offer, by)
    version = current(version, in_review=False)
    step(version, OfferEventKind.SUBMITTED, by, submitted_at=timezone.now(), submitted_by=by, review_note="")


@transaction.atomic
def return_version(*, version: OfferVersion, text: str, by: User) -> None:
    """Give it back with what is still missing; it can be worded again."""
    lock_offer(version.offer, by)
    version = current(version, in_review=True)
    text = text.strip()
    if not text:
        raise RuleBroken("Bitte schreiben Sie, was noch fehlt.", field="text")
    if version.reviewed_at is not None:
        raise VersionMoved
    step(version, OfferEventKind.RETURNED, by, text=text, submitted_at=None, submitted_by=None, review_note=text)


@transaction.atomic
def review_version(*, version: OfferVersion, by: User, seen: str = "") -> None:
    """A second person finds the text complete and concrete. From here on it is published or discarded.

    `seen` marks the wording that was read: meanwhile it may have been given back, reworded and submitted again.
    """
    lock_offer(version.offer, by)
    version = current(version, in_review=True, seen=seen)
    if version.reviewed_at is not None:
        raise VersionMoved
    if by.pk in version.writers:
        raise NotAllowed(SECOND_PERSON)
    if found := content_gaps(version):
        raise Incomplete(found)
    step(version, OfferEventKind.REVIEWED, by, reviewed_at=timezone.now(), reviewed_by=by)


@transaction.atomic
def publish_version(*, version: OfferVersion, by: User, seen: str = "") -> None:
    """Put it into the catalogue; who has not reviewed it yet does so now. The earlier version is superseded first."""
    offer = lock_offer(version.offer, by)
    version = current(version, in_review=True, seen=seen)
    if version.reviewed_at is None and by.pk in version.writers:
        raise NotAllowed(SECOND_PERSON)
    if found := gaps(version):
        raise Incomplete(found)
    if version.reviewed_at is None:
        review_version(version=version, by=by)
    now = timezone.now()
    with rules():
        offer.versions.filter(published_at__isnull=False, superseded_at=None).update(superseded_at=now)
        step(version, OfferEventKind.PUBLISHED, by, published_at=now, published_by=by)


@transaction.atomic
def discard_version(*, version: OfferVersion, by: User) -> None:
    """Give a draft up; it stays readable. What was published is never discarded."""
    lock_offer(version.offer, by)
    version = current(version)
    step(version, OfferEventKind.DISCARDED, by, discarded_at=timezone.now(), discarded_by=by)


@transaction.atomic
def withdraw_offer(*, offer: Offer, by: User, text: str = "") -> None:
    """Take an offer out of the catalogue for good, and give up a draft of it. Who chose it keeps the description."""
    offer = lock_offer(offer, by)
    draft = offer.versions.filter(published_at=None, discarded_at=None).first()
    now = timezone.now()
    with rules():
        if draft is not None:
            step(draft, OfferEventKind.DISCARDED, by, discarded_at=now, discarded_by=by)
        note(offer, OfferEventKind.WITHDRAWN, by, text=text.strip()[:REASON])
        Offer.objects.filter(pk=offer.pk).update(withdrawn_at=now, withdrawn_by=by)


# --- what needs no second review ---------------------------------------------------------------------------


@transaction.atomic
def set_possible(*, offer: Offer, possible: bool, by: User) -> None:
    """ "Zurzeit möglich" or not; never how many places are free (domain.md 12.8)."""
    offer = lock_offer(offer, by)
    if offer.possible == possible:
        return
    kind = OfferEventKind.POSSIBLE if possible else OfferEventKind.NOT_POSSIBLE
    with rules():
        Offer.objects.filter(pk=offer.pk).update(possible=possible)
        note(offer, kind, by)


@transaction.atomic
def set_notice(*, offer: Offer, notice: str, by: User) -> None:
    """What is new for the time being; empty when nothing is."""
    offer = lock_offer(offer, by)
    notice = notice.strip()
    if offer.notice == notice:
        return
    with rules():
        Offer.objects.filter(pk=offer.pk).update(notice=notice)
        note(offer, OfferEventKind.NOTICE, by, text=notice)


@transaction.atomic
def set_contact(*, offer: Offer, contact: ProviderContact | None, by: User) -> None:
    """Whom to ask at the Träger."""
    offer = lock_offer(offer, by)
    if offer.contact_id == (contact.pk if contact else None):
        return
    check_contact(offer.provider, contact)
    with rules():
        Offer.objects.filter(pk=offer.pk).update(contact=contact)
        note(offer, OfferEventKind.CONTACT, by, text=contact.name if contact else "")


@transaction.atomic
def change_contact_person(*, contact: ProviderContact, changes: Mapping[str, Any], by: User) -> None:
    """Keep name, telephone or mail of a person up to date; every offer that names the person tells of it."""
    check_curates(by)
    # Always in this order, as everybody who locks several of them.
    offers = list(
        Offer.objects.select_for_update(no_key=True).filter(contact=contact, withdrawn_at=None).order_by("pk")
    )
    changes = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    with rules():
        ProviderContact.objects.filter(pk=contact.pk).update(**changes)
        for offer in offers:
            note(offer, OfferEventKind.CONTACT, by, text=changes.get("name", contact.name))


@transaction.atomic
def assure_offer(*, offer: Offer, on: dt.date, assured_by: str, by: User) -> None:
    """Somebody of the Träger assured that everything holds (R4.4-5)."""
    offer = lock_offer(offer, by)
    assured_by = assured_by.strip()
    if not assured_by:
        raise RuleBroken("Bitte nennen Sie, wer es zugesichert hat.", field="assured_by")
    if on > timezone.localdate():
        raise RuleBroken("Dieser Tag liegt in der Zukunft.", field="assured_on")
    if (offer.assured_on, offer.assured_by) == (on, assured_by):
        return
    with rules():
        Offer.objects.filter(pk=offer.pk).update(assured_on=on, assured_by=assured_by)
        note(offer, OfferEventKind.ASSURED, by, text=f"am {day_label(on)} von {assured_by}")


@transaction.atomic
def end_provider(*, provider: Provider, by: User) -> None:
    """ "Nicht mehr tätig": no further offer can name it; those it has are withdrawn first."""
    check_curates(by)
    provider = Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    if provider.ended_at is not None:
        return
    if standing := provider.offers.filter(withdrawn_at=None).count():
        many = "ein Angebot" if standing == 1 else f"{standing} Angebote"
        raise Conflict(f"{provider.name} hat noch {many}. Bitte ziehen Sie zuerst zurück, was nicht mehr gilt.")
    with rules():
        Provider.objects.filter(pk=provider.pk).update(ended_at=timezone.now(), ended_by=by)


# --- what the steps share ----------------------------------------------------------------------------------


def lock_offer(offer: Offer, by: User) -> Offer:
    """The offer as it is now, and nobody else changes it meanwhile. Raises OfferWithdrawn."""
    check_curates(by)
    offer = Offer.objects.select_for_update(of=("self",), no_key=True).select_related("provider").get(pk=offer.pk)
    if offer.withdrawn_at is not None:
        raise OfferWithdrawn
    return offer


def check_curates(by: User) -> None:
    if not can_curate(by):
        raise NotAllowed


def check_contact(provider: Provider, contact: ProviderContact | None) -> None:
    if contact is not None and contact.provider_id != provider.pk:
        raise RuleBroken("Diese Ansprechperson gehört zu einem anderen Träger.", field="contact")


def mark_of(version: OfferVersion) -> str:
    """A mark of the wording as it was submitted."""
    fields = [OfferVersion._meta.get_field(name) for name in (*CONTENT, "submitted_at")]
    values = [getattr(version, field.attname) for field in fields]  # type: ignore[union-attr]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def current(version: OfferVersion, *, in_review: bool | None = None, seen: str = "") -> OfferVersion:
    """The version as it is now, behind the lock of its offer. Raises VersionMoved when its time has passed."""
    found = OfferVersion.objects.select_related("offer__provider", "offer__contact", "funding_body", "legal_basis").get(
        pk=version.pk
    )
    is_over = found.published_at is not None or found.discarded_at is not None
    if is_over or (in_review is not None and (found.submitted_at is not None) != in_review):
        raise VersionMoved
    if seen and seen != mark_of(found):
        raise VersionMoved
    return found


def begin_version(offer: Offer, content: Content, by: User, writers: Sequence[int] = ()) -> OfferVersion:
    """`writers`: whose words the content holds that nobody else has reviewed; they do not review it now either."""
    last = offer.versions.aggregate(last=Max("number"))["last"] or 0
    whose = list(dict.fromkeys([by.pk, *writers]))
    version = OfferVersion.objects.create(
        offer=offer, number=last + 1, author=by, writers=whose, created_by=by, **content
    )
    note(offer, OfferEventKind.DRAFTED, by, version=version)
    return version


def step(version: OfferVersion, kind: OfferEventKind, by: User, *, text: str = "", **columns: Any) -> None:
    """Take a version one step further, and write that it happened."""
    with rules():
        OfferVersion.objects.filter(pk=version.pk).update(**columns)
        note(version.offer, kind, by, version=version, text=text)


def note(offer: Offer, kind: OfferEventKind, by: User, *, version: OfferVersion | None = None, text: str = "") -> None:
    OfferEvent.objects.create(offer=offer, version=version, kind=kind, text=text, by=by)


def cleaned(content: Content) -> dict[str, Any]:
    """Content as it is stored: known columns, texts without white space around them, a name.

    Line ends are one letter, as files have them; browsers send two, which is no change of wording.
    """
    if strangers := set(content) - set(CONTENT):
        raise ValueError(f"no content of an offer: {sorted(strangers)}")
    found = {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
        for name, value in content.items()
    }
    if "name" in found and not found["name"]:
        raise RuleBroken("Bitte geben Sie dem Angebot einen Namen.", field="name")
    return found


def headings(names: Mapping[str, Any]) -> str:
    """What was changed, by the headings of the form."""
    return "; ".join(str(OfferVersion._meta.get_field(name).verbose_name) for name in names)  # type: ignore[union-attr]

"""Pages of the curation beside Django's forms: versions, steps of a review, gaps on paper, previews."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.actions.errors import Refused
from casework.forms.steps import clean
from casework.models import User
from casework.views.common import user_of
from offers.actions import curation
from offers.actions.errors import SECOND_PERSON, Incomplete
from offers.gaps import gaps
from offers.models import Offer, OfferVersion
from offers.models.description import describe, plain

JOINED = ("offer__provider", "offer__contact", "funding_body", "legal_basis")
WHO = ("author", "submitted_by", "reviewed_by", "published_by", "discarded_by")


# --- loading -----------------------------------------------------------------------------------------------


def offer_of(pk: str | int, *, lock: bool = False) -> Offer:
    """The offer; locked, nobody else changes it before this request has ended."""
    offers = Offer.objects.select_for_update(of=("self",), no_key=True) if lock else Offer.objects.all()
    offer = offers.select_related("provider", "contact").filter(pk=number(pk)).first()
    if offer is None:
        raise Http404
    return offer


def version_of(pk: str | int, *, lock: bool = False) -> OfferVersion:
    """The version; locked with its offer."""
    if lock:
        Offer.objects.select_for_update(no_key=True).filter(versions=number(pk)).first()
    version = OfferVersion.objects.select_related(*JOINED).filter(pk=number(pk)).first()
    if version is None:
        raise Http404
    return version


def number(pk: str | int) -> int:
    """A key of an address; what is none leads nowhere."""
    text = str(pk)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def is_draft(version: OfferVersion) -> bool:
    return version.submitted_at is None and version.discarded_at is None


def is_in_review(version: OfferVersion) -> bool:
    return version.submitted_at is not None and version.published_at is None and version.discarded_at is None


def state_of(version: OfferVersion) -> str:
    """How far a version has come."""
    if version.discarded_at is not None:
        return "verworfen"
    if version.superseded_at is not None:
        return "abgelöst"
    if version.published_at is not None:
        expired = version.valid_to is not None and version.valid_to < timezone.localdate()
        return "abgelaufen" if expired else "veröffentlicht"
    if version.reviewed_at is not None:
        return "geprüft"
    return "zu prüfen" if version.submitted_at is not None else "Entwurf"


# --- what forms show around themselves ---------------------------------------------------------------------


def about_offer(offer: Offer) -> dict[str, Any]:
    """What stands beside the form of an offer: its versions, and which step comes next."""
    versions = list(offer.versions.order_by("-number"))
    draft = next((v for v in versions if v.published_at is None and v.discarded_at is None), None)
    published = next((v for v in versions if v.published_at is not None and v.superseded_at is None), None)
    shown = published or draft or (versions[0] if versions else None)
    return {
        "title": plain(shown.name) if shown else "Angebot",
        "subtitle": plain(offer.provider.name),
        "offer": offer,
        "draft": draft,
        "draft_state": state_of(draft) if draft else "",
        "published": published,
        "published_state": state_of(published) if published else "",
        "shown": shown,
        "is_standing": offer.withdrawn_at is None,
    }


def about_version(version: OfferVersion, user: User) -> dict[str, Any]:
    """What stands beside the form of a version: its state, what is missing, and what this user may do next."""
    is_open = is_draft(version) or is_in_review(version)
    found = gaps(version) if is_open else []
    has_written = user.pk in version.writers
    reviewed = version.reviewed_at is not None
    return {
        "title": plain(version.name),
        "subtitle": f"{plain(version.offer.provider.name)}, {version.number}. Fassung: {state_of(version)}",
        "version": version,
        "is_draft": is_draft(version),
        "is_in_review": is_in_review(version),
        "is_reviewed": reviewed,
        "gaps": found,
        "stand": curation.mark_of(version),
        "second_person": SECOND_PERSON if has_written and not reviewed else "",
        "may_publish": is_in_review(version) and not found and (reviewed or not has_written),
        "may_review": is_in_review(version) and not found and not reviewed and not has_written,
    }


# --- versions of an offer ----------------------------------------------------------------------------------


class Row(NamedTuple):
    version: OfferVersion
    name: str
    state: str
    writers: str


@require_GET
def versions(request: HttpRequest, pk: str) -> HttpResponse:
    """Every version with who wrote, reviewed and published it when, and everything that happened to the offer."""
    offer = offer_of(pk)
    found = list(offer.versions.select_related(*WHO).order_by("-number"))
    names = {user.pk: user.full_name for user in User.objects.filter(pk__in={p for v in found for p in v.writers})}
    rows = [
        Row(v, plain(v.name), state_of(v), ", ".join(names[writer] for writer in v.writers if writer in names))
        for v in found
    ]
    events = offer.events.select_related("by", "version").order_by("-at", "-pk")
    about = about_offer(offer)
    return answer(
        request, "versions", {**about, "subtitle": "Fassungen und was geschah", "rows": rows, "events": events}
    )


@require_POST
def begin_version(request: HttpRequest, pk: str) -> HttpResponse:
    """A new draft, as a copy of what is published."""
    offer = offer_of(pk)
    try:
        version = curation.start_version(offer=offer, by=user_of(request))
    except Refused as refused:
        return refuse(request, refused, redirect("offers_admin:offers_offer_change", offer.pk))
    messages.success(request, f"Die {version.number}. Fassung ist begonnen; die veröffentlichte gilt weiter.")
    return to_version(version)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """Ask once, because an offer that is withdrawn does not come back."""
    offer = offer_of(pk)
    back = redirect("offers_admin:offers_offer_change", offer.pk)
    if request.method == "GET" and offer.withdrawn_at is None:
        return answer(request, "withdraw", about_offer(offer))
    try:
        curation.withdraw_offer(offer=offer, by=user_of(request), text=clean(request.POST.get("text")))
    except Refused as refused:
        return refuse(request, refused, back)
    messages.success(request, "Das Angebot ist zurückgezogen. Wer es gewählt hat, sieht weiter, was darin stand.")
    return back


# --- steps of a version ------------------------------------------------------------------------------------


def hand_back(version: OfferVersion, by: User, text: str, seen: str) -> str:
    curation.return_version(version=version, text=text, by=by)
    return "Die Fassung ist zurückgegeben und kann wieder bearbeitet werden."


def review(version: OfferVersion, by: User, text: str, seen: str) -> str:
    curation.review_version(version=version, by=by, seen=seen)
    return "Die Fassung ist geprüft. Veröffentlicht ist sie noch nicht."


def publish(version: OfferVersion, by: User, text: str, seen: str) -> str:
    curation.publish_version(version=version, by=by, seen=seen)
    return "Die Fassung ist veröffentlicht."


def discard(version: OfferVersion, by: User, text: str, seen: str) -> str:
    curation.discard_version(version=version, by=by)
    return "Die Fassung ist verworfen; sie bleibt lesbar."


STEPS: dict[str, Callable[[OfferVersion, User, str, str], str]] = {
    "zurueckgeben": hand_back,
    "pruefen": review,
    "veroeffentlichen": publish,
    "verwerfen": discard,
}


@require_POST
def take_step(request: HttpRequest, pk: str, step: str) -> HttpResponse:
    """One step of a review; what speaks against it is said sentence by sentence."""
    if step not in STEPS:
        raise Http404
    version = version_of(pk)
    text, seen = clean(request.POST.get("text")), clean(request.POST.get("stand"))
    try:
        messages.success(request, STEPS[step](version, user_of(request), text, seen))
    except Refused as refused:
        return refuse(request, refused, to_version(version))
    return to_version(version)


# --- on paper and as others see it -------------------------------------------------------------------------


@require_GET
def gaps_sheet(request: HttpRequest, pk: str) -> HttpResponse:
    """What is missing, for the Träger: on paper, without the name of anybody who works here."""
    version = version_of(pk)
    return answer(request, "gaps_sheet", {"offer": describe(version), "gaps": gaps(version), **paper(request)})


@require_GET
def preview_for_counsellors(request: HttpRequest, pk: str) -> HttpResponse:
    version = version_of(pk)
    return answer(request, "preview", {"offer": describe(version), "version": version})


@require_GET
def preview_for_person(request: HttpRequest, pk: str) -> HttpResponse:
    return answer(request, "preview_print", {"offer": describe(version_of(pk)), **paper(request)})


def paper(request: HttpRequest) -> dict[str, Any]:
    """The foot of a sheet: the house speaks, not a person of it."""
    house = user_of(request).organisation.name
    return {
        "organisation": house,
        "printed_by": house,
        "printed_at": f"{timezone.localtime():%d.%m.%Y, %H:%M}",
    }


# --- what they share ---------------------------------------------------------------------------------------


def answer(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    from offers.admin_site import offers_site

    request.current_app = offers_site.name  # type: ignore[attr-defined]
    return render(request, f"offers/admin/{name}.html", {**offers_site.each_context(request), **context})


def to_version(version: OfferVersion) -> HttpResponse:
    return redirect("offers_admin:offers_offerversion_change", version.pk)


def refuse(request: HttpRequest, refused: Refused, back: HttpResponse) -> HttpResponse:
    for sentence in [refused.message] if not isinstance(refused, Incomplete) else [refused.heading, *refused.gaps]:
        messages.error(request, sentence)
    return back


OFFER_PAGES = [
    path("<str:pk>/fassungen/", versions, name="offer_versions"),
    path("<str:pk>/neue-fassung/", begin_version, name="offer_begin_version"),
    path("<str:pk>/zurueckziehen/", withdraw, name="offer_withdraw"),
]
VERSION_PAGES = [
    path("<str:pk>/schritt/<slug:step>/", take_step, name="version_step"),
    path("<str:pk>/was-noch-fehlt/drucken/", gaps_sheet, name="version_gaps"),
    path("<str:pk>/vorschau/ifk/", preview_for_counsellors, name="version_preview"),
    path("<str:pk>/vorschau/person/drucken/", preview_for_person, name="version_preview_print"),
]


def routes(site: AdminSite, pages: list[URLPattern]) -> list[URLPattern]:
    """The pages, each behind the door of the site."""
    return [path(str(page.pattern), site.admin_view(page.callback), name=page.name) for page in pages]

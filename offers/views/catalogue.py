"""The catalogue of offers: open to everybody who is signed in, about offers alone (R4.4-4, R3.2-3)."""

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from casework.permissions import can_work_on_cases
from casework.views.acting import leave
from casework.views.common import answer_form, refusals_into, require, user_of
from jobcenter.platform.workdays import day_label
from offers.actions.remarks import leave_remark
from offers.enums import Language
from offers.forms.catalogue import Asked, RemarkForm, read_asked
from offers.models import DemandReply, OfferVersion
from offers.models.description import (
    NOT_POSSIBLE,
    POSSIBLE,
    Words,
    cut,
    describe,
    languages_label,
    plain,
    read_words,
    start_label,
)
from offers.models.search import STARTS, Found, Hit, read_offers

PER_PAGE = 30
SUMMARY = 240  # letters of an offer in the list
REPLIES = 100
JOINED = ("offer__provider", "offer__contact", "funding_body", "legal_basis")


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Offers by name, or those that answer a search; searched as one types."""
    words = read_words()
    asked = read_asked(request.GET, words)
    first = (asked.page - 1) * PER_PAGE
    found = read_offers(asked.term, **asked.filters(), limit=PER_PAGE, offset=first)
    context = {
        "q": asked.term,
        "filters": filters_of(asked, words),
        "narrowed": asked.narrows,
        "total_label": total_label(found, asked),
        "rows": [in_words(hit, words) for hit in found.hits],
        "pager": pager_of(request, asked.page, found.total),
    }
    part = "#angebote" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"offers/catalogue.html{part}", context)


def filters_of(asked: Asked, words: Words) -> list[dict[str, Any]]:
    """The four selects; each value as the address says it."""
    return [
        select("art", "Unterstützung", words.offered_supports, asked.support),
        select("raum", "Sozialraum", [(str(key), text) for key, text in words.offered_areas], str(asked.area or "")),
        select("beginn", "Beginn", list(STARTS.items()), asked.start),
        select("sprache", "Sprache", list(Language.choices), asked.language),
    ]


def select(name: str, label: str, options: list[tuple[str, str]], value: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [{"value": key, "label": text} for key, text in options],
        "value": value,
    }


def total_label(found: Found, asked: Asked) -> str:
    if not asked.narrows:
        return "1 Angebot" if found.total == 1 else f"{found.total} Angebote"
    label = "1 Treffer" if found.total == 1 else f"{found.total} Treffer"
    return f"{label}, ähnlich geschrieben" if found.alike else label


def in_words(hit: Hit, words: Words) -> dict[str, Any]:
    """One row: what it is, where, when, in which languages; never how many places there are (domain.md 12.8)."""
    begins = start_label(hit, timezone.localdate())
    if not begins and hit.start:
        begins = [cut(hit.start, 120)]
    return {
        "pk": hit.offer_id,
        "name": plain(hit.name),
        "provider": plain(hit.provider),
        "summary": cut(hit.support, SUMMARY),
        "supports": ", ".join(words.supports.get(code, code) for code in hit.supports),
        "areas": ", ".join(words.areas[area] for area in hit.areas if area in words.areas),
        "start_label": ", ".join(begins),
        "languages": languages_label(hit.languages),
        "possible": hit.possible,
        "possible_label": POSSIBLE if hit.possible else NOT_POSSIBLE,
        "notice": plain(hit.notice),
    }


def pager_of(request: HttpRequest, page: int, total: int) -> dict[str, str]:
    first, query = (page - 1) * PER_PAGE, request.GET.copy()

    def url(number: int) -> str:
        query["seite"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "newer_url": url(page - 1) if page > 1 else "",
        "older_url": url(page + 1) if first + PER_PAGE < total else "",
        "text": f"{first + 1} bis {min(first + PER_PAGE, total)} von {total}" if total > PER_PAGE else "",
    }


def load_version(pk: int) -> OfferVersion:
    """What was published last of an offer, also when it has ended meanwhile; never a draft."""
    published = OfferVersion.objects.filter(offer=pk, published_at__isnull=False)
    version = published.select_related(*JOINED).order_by("-number").first()
    if version is None:
        raise Http404
    return version


@require_GET
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """What an offer is. One that has ended says so: whoever works with it still reads what it was."""
    return answer_offer(request, load_version(pk), RemarkForm())


def answer_offer(request: HttpRequest, version: OfferVersion, form: RemarkForm) -> HttpResponse:
    described = describe(version)
    context = {
        "offer": described,
        "print_url": "" if described["standing"] else reverse("offers:offer_print", args=[version.offer_id]),
        "may_remark": can_work_on_cases(user_of(request)),
    }
    return answer_form(request, "offers/offer.html", form, context)


@require_GET
def offer_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The offer on paper, for the person: plain words, large letters. Nothing is handed out that cannot be chosen."""
    described = describe(load_version(pk))
    if described["standing"]:
        raise Http404
    user = user_of(request)
    context = {
        "offer": described,
        "organisation": user.organisation.name,
        "printed_by": user.full_name,
        "printed_at": f"{timezone.localtime():%d.%m.%Y, %H:%M}",
    }
    return render(request, "offers/offer_print.html", context)


@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Hinweis zum Angebot" from who counsels to project management."""
    user = user_of(request)
    require(request, can_work_on_cases(user))
    version = load_version(pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            leave_remark(offer=version.offer, text=form.cleaned_data["text"], by=user)
            messages.success(request, "Der Hinweis ist beim Projektmanagement.")
            return leave(request, "offers:offer", pk=pk)
    return answer_offer(request, version, form)


@require_GET
def demands(request: HttpRequest) -> HttpResponse:
    """ "Was aus Bedarfen wurde", newest first (R4.4-7)."""
    latest = OfferVersion.objects.filter(offer=OuterRef("offer"), published_at__isnull=False).order_by("-number")
    replies = DemandReply.objects.filter(withdrawn_at=None).annotate(offer_name=Subquery(latest.values("name")[:1]))
    rows = replies.order_by("-at", "-pk").values_list("need", "text", "at", "offer", "offer_name")[:REPLIES]
    context = {
        "rows": [
            {
                "need": plain(need),
                "text": plain(text),
                "day_label": day_label(timezone.localtime(at).date()),
                "offer_url": reverse("offers:offer", args=[offer_id]) if name else "",
                "offer_name": plain(name),
            }
            for need, text, at, offer_id, name in rows
        ]
    }
    return render(request, "offers/demands.html", context)


URLS: list[URLPattern] = [
    path("angebote/", catalogue, name="catalogue"),
    path("angebote/bedarfe/", demands, name="demands"),
    path("angebote/<int:pk>/", offer, name="offer"),
    path("angebote/<int:pk>/drucken/", offer_print, name="offer_print"),
    path("angebote/<int:pk>/hinweis/", remark, name="remark"),
]

"""Das Verzeichnis des Sozialraums: what anybody can go to, kept by everybody who works on cases (R1-2)."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from agreements.actions.places import add_place, change_place, confirm_place, end_place
from agreements.forms.places import FIELDS, PlaceForm
from agreements.models import SocialPlace, SocialSpace
from casework.actions import StaleVersion
from casework.forms.steps import clean
from casework.models.clients import fold
from casework.views.acting import leave
from casework.views.common import answer_form, case_view, refusals_into, user_of
from jobcenter.platform.numbers import read_number

PER_PAGE = 40
HITS = 12
SHORTEST = 2  # fewer letters would offer whatever comes first
OLD = dt.timedelta(days=365)
COLUMNS = ("pk", "name", "space__name", "what", "reach", "confirmed_at")
GONE = "Diesen Ort gibt es im Verzeichnis nicht mehr."


def places(term: str = "", space_id: int | None = None) -> QuerySet[SocialPlace]:
    """The entries that stand, by area and name; the term may be in the name or in what there is."""
    found = SocialPlace.objects.filter(ended_at=None)
    if space_id is not None:
        found = found.filter(space=space_id)
    if term:
        words = fold(Concat(F("name"), Value(" "), F("what"), output_field=TextField()))
        found = found.alias(words=words).filter(words__contains=fold(Value(term)))
    return found.order_by("space__position", "space__name", fold(F("name")), "pk")


def load_place(pk: int) -> SocialPlace:
    """An entry, also one that has ended meanwhile."""
    place = SocialPlace.objects.select_related("space").filter(pk=pk).first()
    if place is None:
        raise Http404
    return place


def in_words(row: tuple[Any, ...]) -> dict[str, Any]:
    pk, name, space, what, reach, confirmed_at = row
    return {
        "pk": pk,
        "name": name,
        "space": space,
        "what": what,
        "reach": reach,
        "confirmed_label": f"{timezone.localtime(confirmed_at):%d.%m.%Y}",
        "is_old": confirmed_at < timezone.now() - OLD,
    }


@require_GET
@case_view
def place_list(request: HttpRequest) -> HttpResponse:
    """The directory, searched as one types."""
    term = clean(request.GET.get("q")).strip()[:80]
    space_id = read_number(request.GET.get("raum"))
    page = max(1, read_number(request.GET.get("seite"), biggest=9999) or 1)
    first = (page - 1) * PER_PAGE
    listed = list(places(term, space_id).values_list(*COLUMNS)[first : first + PER_PAGE + 1])
    query = request.GET.copy()
    context = {
        "q": term,
        "spaces": [{"value": pk, "label": name} for pk, name in spaces_with_places()],
        "space": space_id,
        "rows": [in_words(row) for row in listed[:PER_PAGE]],
        "pager": {
            "newer_url": page_url(query, page - 1) if page > 1 else "",
            "older_url": page_url(query, page + 1) if len(listed) > PER_PAGE else "",
        },
    }
    part = "#orte" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"agreements/place_list.html{part}", context)


def spaces_with_places() -> list[tuple[int, str]]:
    """What one can filter by: areas that are offered, and any other that still holds an entry."""
    spaces = SocialSpace.objects.filter(active=True) | SocialSpace.objects.filter(
        places__isnull=False, places__ended_at=None
    )
    return list(spaces.distinct().values_list("pk", "name"))


def page_url(query: Any, page: int) -> str:
    query["seite"] = str(page)
    return f"?{query.urlencode()}"


@require_POST
@case_view
def place_search(request: HttpRequest) -> HttpResponse:
    """Names for the list below a field of the conversation, each with its area.

    By POST: what is typed there belongs to a talk with a person, and has no place in an address.
    """
    term = clean(request.POST.get("q")).strip()[:80]
    found = places(term).values_list("name", "space__name")[:HITS] if len(term) >= SHORTEST else []
    options = [{"name": name, "space": space} for name, space in found]
    return render(request, "agreements/parts/place_options.html", {"options": options})


@require_http_methods(["GET", "POST"])
@case_view
def place_create(request: HttpRequest) -> HttpResponse:
    """Add an entry: name and area are enough."""
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            add_place(by=user_of(request), **form.entry())
            messages.success(request, "Der Ort steht im Verzeichnis.")
            return leave(request, "agreements:place_list")
    return answer_form(request, "agreements/place_create.html", form)


@require_http_methods(["GET", "POST"])
@case_view
def place_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an entry up to date. Another window's change is never overwritten (409)."""
    place = load_place(pk)
    if place.ended_at is not None and request.method == "GET":
        messages.info(request, GONE)
        return leave(request, "agreements:place_list")
    form = PlaceForm(request.POST or None, place=place)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            version = form.cleaned_data["version"] or 0
            change_place(place=place, version=version, changes=form.changes(place), by=user_of(request))
            messages.success(request, "Der Eintrag ist gespeichert und gilt als bestätigt.")
            return leave(request, "agreements:place_list")
    standing = differences(request, form, place) if getattr(form, "conflict", False) else []
    context = {"place": place, "standing": standing, "confirmed": in_words(row_of(place))}
    return answer_form(request, "agreements/place_edit.html", form, context)


def differences(request: HttpRequest, form: PlaceForm, place: SocialPlace) -> list[dict[str, Any]]:
    """What stands now where somebody else was faster, and the version with which one may overrule it knowingly."""
    place.refresh_from_db()
    if place.ended_at is not None:
        return [{"label": "Eintrag", "value": GONE}]
    posted = request.POST.copy()
    posted["version"] = str(place.version)
    form.data = posted
    changed = form.changes(place)
    return [
        {"label": form[name].label, "value": str(getattr(place, name)) or "(leer)"}
        for name in FIELDS
        if name in changed
    ]


def row_of(place: SocialPlace) -> tuple[Any, ...]:
    return place.pk, place.name, place.space.name, place.what, place.reach, place.confirmed_at


@require_POST
@case_view
def place_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Stimmt noch": one press."""
    place = load_place(pk)
    try:
        confirm_place(place=place, by=user_of(request))
    except StaleVersion:
        return say(request, GONE, place, gone=True)
    place.refresh_from_db()
    return say(request, f"Bestätigt: {place.name}.", place)


@require_POST
@case_view
def place_end(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Gibt es nicht mehr": it leaves the directory."""
    place = load_place(pk)
    try:
        end_place(place=place, by=user_of(request))
    except StaleVersion:
        return say(request, GONE, place, gone=True)
    return say(request, f"Aus dem Verzeichnis genommen: {place.name}.", place, gone=True)


def say(request: HttpRequest, text: str, place: SocialPlace, *, gone: bool = False) -> HttpResponse:
    """In place the row as it stands now; else the list with a message."""
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, text)
        return leave(request, "agreements:place_list")
    if gone:
        response = render(request, "agreements/parts/place_gone.html", {"pk": place.pk, "name": place.name})
    else:
        response = render(request, "agreements/parts/place.html", {"row": in_words(row_of(place))})
    return trigger_client_event(response, "announce", {"text": text})

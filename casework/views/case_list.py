"""Fälle: the list of the cases that the user sees, and search as you type."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from casework.actions import record_access
from casework.enums import AccessKind, FollowUpKind
from casework.forms.steps import clean
from casework.models import Case, CaseAssignment, FollowUp, User
from casework.models.search import read_hits
from casework.permissions import can_access_for_reason, can_open_case, can_see_team_lists
from casework.views.common import case_view, user_of
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label

PER_PAGE = 50
HITS = 30
SORTS = {
    "name": ("client__search_family", "client__search_given", "pk"),
    "termin": (F("next_on").asc(nulls_last=True), "client__search_family", "pk"),
}
KIND_LABELS = dict(FollowUpKind.choices)


def with_next_step(cases: Any) -> Any:
    """Add the next open step and who is responsible, flat: two sub-selects by index per shown row."""
    steps = FollowUp.objects.open().filter(case=OuterRef("pk")).in_order()
    responsible = CaseAssignment.objects.filter(case=OuterRef("pk"), during__upper_inf=True)
    return cases.annotate(
        next_on=Subquery(steps.values("due_on")[:1]),
        next_kind=Subquery(steps.values("kind")[:1]),
        lead_id=Subquery(responsible.values("counsellor")[:1]),
        lead_name=Subquery(responsible.values("counsellor__user__last_name")[:1]),
        lead_first=Subquery(responsible.values("counsellor__user__first_name")[:1]),
    )


COLUMNS = (
    "number",
    "client__family_name",
    "client__given_name",
    "client__birth_date",
    "next_on",
    "next_kind",
    "lead_id",
    "lead_first",
    "lead_name",
    "closed_at",
)


def rows_of(cases: Any, user: User) -> list[dict[str, Any]]:
    return flat_rows(cases.values_list("pk", *COLUMNS), user)


def flat_rows(found: Iterable[tuple[Any, ...]], user: User) -> list[dict[str, Any]]:
    rows = []
    for pk, number, family, given, born, next_on, next_kind, lead_id, first, last, closed_at, *why in found:
        if closed_at:
            next_label = f"beendet am {timezone.localtime(closed_at):%d.%m.%Y}"
        else:
            next_label = f"{day_label(next_on)} {KIND_LABELS[next_kind]}" if next_on else ""
        rows.append(
            {
                "pk": pk,
                "number": number,
                "name": f"{family}, {given}",
                "birth_label": f"{born:%d.%m.%Y}",
                "next_label": next_label,
                "file_url": f"/faelle/{number}/",
                "why": why[0] if why else "",
                "for_label": f"zuständig: {first} {last}" if lead_id and lead_id != user.pk else "",
            }
        )
    return rows


def cases_label(count: int) -> str:
    return "1 Fall" if count == 1 else f"{count} Fälle"


def list_context(user: User) -> dict[str, Any]:
    return {
        "open_url": reverse("casework:case_open") if can_open_case(user) else "",
        "access_url": reverse("casework:access_lookup") if can_access_for_reason(user) else "",
        "sort_name_url": "?sortierung=name",
        "sort_date_url": "?sortierung=termin",
        "overdue_url": reverse("casework:overdue_list") if can_see_team_lists(user) else "",
        "heading": "Fälle",
    }


@require_GET
@case_view
def case_list(request: HttpRequest) -> HttpResponse:
    """My cases by name or by next step; no column, filter or colour that sorts people (R4.3-6)."""
    user = user_of(request)
    sort = "termin" if request.GET.get("sortierung") == "termin" else "name"
    page = max(1, read_number(request.GET.get("seite"), biggest=9999) or 1)
    cases = Case.objects.visible_to(user).open()
    stands_in_for = read_number(request.GET.get("vertretung"))
    if stands_in_for is not None:
        cases = cases.filter(Q(assignments__counsellor=stands_in_for), Q(assignments__during__upper_inf=True))
    total = cases.count()
    first = (page - 1) * PER_PAGE
    listed = with_next_step(cases).order_by(*SORTS[sort])[first : first + PER_PAGE]
    keep_for = f"&vertretung={stands_in_for}" if stands_in_for is not None else ""
    keep = f"sortierung={sort}{keep_for}"
    context = {
        **list_context(user),
        "heading": "Fälle" if stands_in_for is None else "Fälle in Vertretung",
        "q": "",
        "rows": rows_of(listed, user),
        "total_label": cases_label(total),
        "sort": sort,
        "sort_name_url": f"?sortierung=name{keep_for}",
        "sort_date_url": f"?sortierung=termin{keep_for}",
        "has_cases": total > 0,
        "pager": {
            "newer_url": f"?{keep}&seite={page - 1}" if page > 1 else "",
            "older_url": f"?{keep}&seite={page + 1}" if first + PER_PAGE < total else "",
            "text": f"{first + 1} bis {min(first + PER_PAGE, total)} von {total}" if total > PER_PAGE else "",
        },
    }
    return render(request, "screens/case_list.html", context)


@require_POST
@case_view
def case_search(request: HttpRequest) -> HttpResponse:
    """Search in what the user may see; POST, because names do not belong into addresses. Each search is an event."""
    user = user_of(request)
    term = clean(request.POST.get("q")).strip()[:120]
    rows: list[dict[str, Any]] = []
    if term:
        rows = flat_rows(read_hits(user.pk, term, now=timezone.now(), limit=HITS + 1), user)
        record_access(
            AccessKind.SEARCHED,
            user_id=user.pk,
            ids=[row["pk"] for row in rows],
            request_id=request.id,  # type: ignore[attr-defined]
        )
    elif request.htmx:  # type: ignore[attr-defined]
        rows = rows_of(with_next_step(Case.objects.visible_to(user).open()).order_by(*SORTS["name"])[:PER_PAGE], user)
    more = len(rows) > HITS and bool(term)
    rows = rows[:HITS] if term else rows
    count = len(rows) if term else Case.objects.visible_to(user).open().count()
    label = "1 Treffer" if count == 1 else f"{'mehr als ' if more else ''}{count} Treffer"
    context = {
        **list_context(user),
        "q": term,
        "rows": rows,
        "total_label": label if term else cases_label(count),
        "sort": "name",
        "has_cases": True,
        "pager": {},
    }
    part = "#treffer" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"screens/case_list.html{part}", context)

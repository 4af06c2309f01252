"""Meine Vereinbarungen: by what a caseload is steered, on one page and on paper (R4.3-3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agreements.models.overview import Row, read_overview, read_stood_in_for
from agreements.views.wording import local_day
from casework.actions import record_access
from casework.enums import AccessKind, FollowUpKind
from casework.views.acting import request_id_of
from casework.views.common import case_view, user_of
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label

KIND_LABELS = dict(FollowUpKind.choices)
LONG_GOAL = 200  # about three lines; a longer goal unfolds


@require_GET
@case_view
def agreement_list(request: HttpRequest) -> HttpResponse:
    """The caseload as the agreements tell it: alphabetical, no filter, no sum per person (R4.3-6)."""
    context = caseload(request, AccessKind.ENTRY_OPENED)
    return render(request, "agreements/agreement_list.html", context)


@require_GET
@case_view
def agreement_list_print(request: HttpRequest) -> HttpResponse:
    """The same for paper, with every goal in full."""
    context = caseload(request, AccessKind.PRINTED)
    return render(request, "agreements/agreement_list_print.html", context)


def caseload(request: HttpRequest, event: AccessKind) -> dict[str, Any]:
    """What both pages show; whose goals were seen is on record in one event."""
    user = user_of(request)
    stood_in_for = read_stood_in_for(user.pk, timezone.localdate())
    asked = read_number(request.GET.get("vertretung"))
    absent = next(((pk, name) for pk, name in stood_in_for if pk == asked), None)
    rows = read_overview(absent[0] if absent else user.pk)
    seen = [row.case_id for row in rows if row.version]
    record_access(event, user_id=user.pk, ids=seen, request_id=request_id_of(request))
    query = f"?vertretung={absent[0]}" if absent else ""
    return {
        "heading": f"Vereinbarungen in Vertretung für {absent[1]}" if absent else "Meine Vereinbarungen",
        "rows": [in_words(row) for row in rows],
        "tabs": [
            {"label": "Meine", "url": request.path, "current": absent is None},
            *(
                {"label": f"in Vertretung für {name}", "url": f"?vertretung={pk}", "current": (pk, name) == absent}
                for pk, name in stood_in_for
            ),
        ]
        if stood_in_for
        else [],
        "query": query,
        "organisation": user.organisation.name,
        "printed_by": user.full_name,
        "printed_at": f"{timezone.localtime():%d.%m.%Y, %H:%M}",
    }


def in_words(row: Row) -> dict[str, Any]:
    return {
        "number": row.case_number,
        "name": f"{row.family_name}, {row.given_name}",
        "agreed": row.version is not None,
        "goal": row.goal,
        "is_long": len(row.goal or "") > LONG_GOAL,
        "rhythm": row.rhythm,
        "version_label": f"{row.version}. Fassung vom {local_day(row.at)}" if row.at else "",
        "next_label": next_label(row),
        "review_label": review_label(row),
    }


def next_label(row: Row) -> str:
    """The earliest open step: `Mo, 30.11.2026 10:30 Folgetermin`."""
    if row.next_on is None or row.next_kind is None:
        return ""
    time = f" {timezone.localtime(row.next_at):%H:%M}" if row.next_at else ""
    return f"{day_label(row.next_on)}{time} {KIND_LABELS[row.next_kind]}"


def review_label(row: Row) -> str:
    """When the agreement is looked at together; a day gone by is said without reproach."""
    if row.review_on is None:
        return ""
    day = day_label(row.review_on)
    return day if row.review_on >= timezone.localdate() else f"war am {day}, noch offen"

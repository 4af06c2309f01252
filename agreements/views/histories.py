"""How a will developed, and what the person has to draw on: histories of one case (R3.1-1, R3.2-2)."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agreements.models.versions import NamedResource, read_looks, read_resources, read_wills
from agreements.views.wording import local_day
from casework.views.common import case_view, load_case

WILL = "Wille"
WISH = "wird gemeinsam erkundet"  # without own activity it is a wish so far, and never called a will (R3.1-2)
NO_FIELD = "ohne Feld"


@require_GET
@case_view
def will_list(request: HttpRequest, number: str) -> HttpResponse:
    """The will in the person's own words, newest first."""
    case = load_case(request, number)
    wills = [
        {
            "title": WILL if will.own_activity else WISH,
            "at_label": local_day(will.at),
            "who": will.who,
            "text": will.text,
            "own_activity": will.own_activity,
            "life_idea": will.life_idea,
        }
        for will in read_wills(case.pk)
    ]
    return render(request, "agreements/will_list.html", {"case": case, "wills": wills})


@require_GET
@case_view
def resource_list(request: HttpRequest, number: str) -> HttpResponse:
    """What the person named, by field; what is no longer true, with its dates; and when they were looked at."""
    case = load_case(request, number)
    resources = read_resources(case.pk)
    current = [row for row in resources if row.ended_at is None]
    context = {
        "case": case,
        "groups": [
            {"field": name or NO_FIELD, "rows": [in_words(row) for row in rows]}
            for name, rows in groupby(current, key=lambda row: row.field)
        ],
        "ended": [in_words(row) for row in resources if row.ended_at],
        "looks": [{"at_label": local_day(at), "who": who} for at, who in read_looks(case.pk)],
    }
    return render(request, "agreements/resource_list.html", context)


def in_words(row: NamedResource) -> dict[str, Any]:
    return {
        "text": row.text,
        "where": " · ".join(part for part in (row.place, row.space) if part),
        "since": local_day(row.at),
        "who": row.who,
        "until": local_day(row.ended_at) if row.ended_at else "",
        "ended_by": row.ended_by,
    }

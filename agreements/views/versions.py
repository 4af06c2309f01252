"""Fassungen: every version stays readable, and two of them can be read side by side (R4.3-1)."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agreements.comparison import Pair, compare, compare_lists
from agreements.models.versions import Line, Version, read_lines, read_versions
from agreements.views.wording import due_label, local_day, outcome_label, owner_label
from casework.models import Case
from casework.views.common import absent, case_view, load_case
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label


@require_GET
@case_view
def version_list(request: HttpRequest, number: str) -> HttpResponse:
    """All versions, newest first, and two of them side by side: the last and the one before, or those asked for."""
    case = load_case(request, number)
    lines = read_lines(case.pk)
    standing = [line.number for line in lines if line.withdrawn_at is None]
    asked = [read_number(request.GET.get(name), biggest=2**31 - 1) for name in ("a", "b")]
    chosen = sorted({int(found) for found in asked if found in standing})
    if len(chosen) < 2:
        chosen = sorted(standing[:2])
    context = {
        "case": case,
        "lines": [line_in_words(line) for line in lines],
        "choices": [{"value": found, "label": f"{found}. Fassung"} for found in standing],
        "comparison": comparison(case, *chosen) if len(chosen) == 2 else None,
    }
    return render(request, "agreements/version_list.html", context)


@require_GET
@case_view
def version_detail(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """One version in full, with what came of its steps; of a withdrawn one only that it was withdrawn."""
    case = load_case(request, number)
    found = read_versions(case.pk, version).get(version) if version < 2**31 else None
    if found is None:
        raise absent(request, number)
    context = {"case": case, "line": line_in_words(found), "version": version_in_words(case, found)}
    return render(request, "agreements/version_detail.html", context)


def line_in_words(line: Line) -> dict[str, Any]:
    """`3. Fassung`, from when until when, and by whom."""
    until = f" bis {local_day(line.superseded_at)}" if line.superseded_at else ""
    return {
        "number": line.number,
        "title": f"{line.number}. Fassung",
        "period": f"{'' if until else 'seit '}{local_day(line.at)}{until}",
        "who": line.who,
        "withdrawn": f"zurückgenommen am {local_day(line.withdrawn_at)} durch {line.withdrawn_by}"
        if line.withdrawn_at
        else "",
    }


def version_in_words(case: Case, version: Version) -> dict[str, Any]:
    return {
        "goal": version.goal,
        "employment_link": version.employment_link,
        "rhythm": version.rhythm,
        "review": review_label(version.review_on),
        "resources": version.resources,
        "steps": [step_in_words(case, step) for step in version.steps],
    }


def step_in_words(case: Case, step: dict[str, Any]) -> dict[str, Any]:
    outcomes = step["outcomes"] or []
    return {
        "owner_label": owner_label(step["owner"], step["owner_name"], case.client.full_name),
        "text": step["text"],
        "due_label": due_label(step["due_on"]),
        "outcomes": [{"label": outcome_label(told), "text": told["text"], "who": told["who"]} for told in outcomes],
    }


def review_label(day: dt.date | None) -> str:
    return day_label(day) if day else ""


def comparison(case: Case, old: int, new: int) -> dict[str, Any]:
    """Two versions field by field; a step and a resource is a line of its own."""
    found = read_versions(case.pk, old, new)
    before, after = found[old], found[new]
    rows: list[tuple[str, Pair]] = [
        (label, compare(left, right))
        for label, left, right in (
            ("Ziel", before.goal, after.goal),
            ("Arbeit oder Ausbildung", before.employment_link, after.employment_link),
            ("Taktung", before.rhythm, after.rhythm),
            ("Rückblick", review_label(before.review_on), review_label(after.review_on)),
        )
        if left or right
    ]
    person = case.client.full_name
    steps = compare_lists(*([step_line(step, person) for step in version.steps] for version in (before, after)))
    rows += [("Schritt", pair) for pair in steps]
    rows += [("Ressource", pair) for pair in compare_lists(before.resources, after.resources)]
    return {
        "old": line_in_words(before),
        "new": line_in_words(after),
        "rows": [{"label": label, "pair": pair} for label, pair in rows],
        "changed": sum(not pair.is_same for _, pair in rows),
    }


def step_line(step: dict[str, Any], person: str) -> str:
    """`Jobcenter: klärt die Fahrtkosten (bis 27.11.2026)`."""
    due = due_label(step["due_on"])
    who = owner_label(step["owner"], step["owner_name"], person)
    return f"{who}: {step['text']}{f' ({due})' if due else ''}"

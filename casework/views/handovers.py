"""Übergabe: choose, look at both caseloads, hand over; accept, take back, read the note."""

import datetime as dt
import uuid
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.actions import Refused, StaleVersion, handovers
from casework.actions.handovers import Handed
from casework.forms.handovers import (
    ClashRow,
    SelectionForm,
    Submitted,
    clash_rows,
    read_submitted,
    week_label,
)
from casework.models import Case, CaseHandover, CaseParticipation, Counsellor, User
from casework.models.clients import fold
from casework.models.handing_over import (
    MOST_ROWS,
    WEEKS,
    ChosenCase,
    Plan,
    read_batch,
    read_caseloads,
    read_choice,
    read_clashes,
    read_plans,
)
from casework.permissions import led_teams
from casework.views.acting import leave
from casework.views.common import absent, case_view, require, user_of
from casework.views.days import day_url_of
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label

LOOKED_BACK = dt.timedelta(days=28)
SELECTION = ("von", "nach", "am", "ab", "bis", "schritt_ab", "schritt_bis", "ort")


def givers_of(user: User, teams: list[int]) -> QuerySet[Counsellor]:
    """Whose cases the user may hand over: the own ones, and those of the teams led now."""
    return (
        Counsellor.objects.filter(Q(user__team__in=teams) | Q(pk=user.pk))
        .select_related("user__organisation")
        .order_by(fold("user__last_name"), fold("user__first_name"), "pk")
    )


def selection_of(request: HttpRequest, data: QueryDict | None, **initial: Any) -> SelectionForm:
    user = user_of(request)
    return SelectionForm(
        data,
        givers=givers_of(user, led_teams(user)),
        organisation_id=user.organisation_id,
        initial={"am": "heute", **initial},
    )


# --- the page ---


@require_GET
@case_view
@widened(Purpose.ASSIGN)
def handover_list(request: HttpRequest) -> HttpResponse:
    """Begin a handover, and see what is planned, waits for acceptance, or came to nothing."""
    user = user_of(request)
    teams = led_teams(user)
    givers = givers_of(user, teams)
    chosen = read_number(request.GET.get("von"))
    if chosen is not None:
        require(request, givers.filter(pk=chosen).exists())
    elif givers.filter(pk=user.pk).exists():
        chosen = user.pk
    plans = read_plans(user.pk, teams, timezone.now() - LOOKED_BACK)
    context = {
        "form": selection_of(request, None, von=chosen),
        "taking_part": _taking_part(chosen),
        "may_begin": givers.exists(),
        "to_accept": _batches([plan for plan in plans if plan.waits and plan.to_team in teams]),
        "planned": _batches([plan for plan in plans if plan.is_planned and not (plan.waits and plan.to_team in teams)]),
        "ended": _batches([plan for plan in plans if plan.withdrawn_at]),
    }
    return render(request, "casework/handover_list.html", context)


def _taking_part(user_id: int | None) -> dict[str, Any] | None:
    """In how many cases the chosen IFK takes part beside somebody else: that ends, it does not pass on."""
    running = CaseParticipation.objects.filter(counsellor=user_id, during__upper_inf=True)
    if user_id is None or not (count := running.count()):
        return None
    name = Counsellor.objects.select_related("user").get(pk=user_id).user.full_name
    return {"count": count, "user": user_id, "name": name}


@require_POST
@case_view
@widened(Purpose.ASSIGN)
def handover_end_parts(request: HttpRequest) -> HttpResponse:
    """Whoever leaves takes part in no case any longer."""
    user = user_of(request)
    found = givers_of(user, led_teams(user)).filter(pk=read_number(request.POST.get("von")) or 0).first()
    require(request, found is not None)
    assert found is not None  # noqa: S101  (narrows the type)
    count = handovers.end_participations(counsellor=found, by=user)
    messages.success(request, f"Mitwirkung in {_cases_in(count)} beendet.")
    return redirect(f"{reverse('casework:handover_list')}?von={found.pk}")


def _cases_in(count: int) -> str:
    return "1 Fall" if count == 1 else f"{count} Fällen"


def _batches(plans: list[Plan]) -> list[dict[str, Any]]:
    """Plans of one submit as one line."""
    rows = []
    for batch, found in groupby(sorted(plans, key=lambda plan: (plan.effective_on, str(plan.batch))), _batch_of):
        members = list(found)
        first = members[0]
        rows.append(
            {
                "url": reverse("casework:handover_batch", args=[batch]),
                "from": first.from_name,
                "to": first.to_name,
                "day": day_label(first.effective_on),
                "count": len(members),
                "waits": first.waits,
                "reason": _why_ended(first),
                "numbers": ", ".join(plan.number for plan in members[:5]) + (" …" if len(members) > 5 else ""),
            }
        )
    return rows


def _batch_of(plan: Plan) -> uuid.UUID:
    return plan.batch


def _why_ended(plan: Plan) -> str:
    if not plan.withdrawn_at:
        return ""
    if plan.case_closed:
        return "der Fall ist beendet"
    return "zurückgenommen" if plan.still_from else "inzwischen ist jemand anderes zuständig"


# --- the preview ---


@require_http_methods(["GET", "POST"])
@case_view
@widened(Purpose.ASSIGN)
def handover_preview(request: HttpRequest) -> HttpResponse:
    """Both caseloads before and after, the note of each case, clashes; nothing passes before somebody has looked."""
    data = request.POST if request.method == "POST" else request.GET
    form = selection_of(request, data)
    chosen = read_number(data.get("von"))
    if chosen is not None and Counsellor.objects.filter(pk=chosen).exists():
        user = user_of(request)
        require(request, givers_of(user, led_teams(user)).filter(pk=chosen).exists())
    if not form.is_valid():
        context = {"form": form, "may_begin": True, "to_accept": [], "planned": [], "ended": []}
        return render(request, "casework/handover_list.html", context, status=422)
    rows = _chosen(form)
    submitted = read_submitted(request.POST)
    errors: list[dict[str, str]] = []
    status = 200
    cases = submitted.cases & {row.id for row in rows} if request.method == "POST" else _offered(rows)
    clashes = clash_rows(_clashes(form, cases), request.POST)
    if request.method == "POST":
        status, answer = _hand_over(request, form, submitted, sorted(cases), clashes, errors)
        if answer is not None:
            return answer
        clashes = clash_rows(_clashes(form, cases), request.POST)
    context = _preview_context(form, rows, cases, clashes, submitted, errors)
    return render(request, "casework/handover_preview.html", context, status=status)


def _chosen(form: SelectionForm) -> list[ChosenCase]:
    data = form.cleaned_data
    return read_choice(
        data["von"].pk,
        first=data["ab"],
        last=data["bis"],
        since=data["schritt_ab"],
        until=data["schritt_bis"],
        place=data["ort"],
    )


def _offered(rows: list[ChosenCase]) -> set[int]:
    return {row.id for row in rows[:MOST_ROWS] if not row.planned}


def _clashes(form: SelectionForm, cases: set[int] | frozenset[int]) -> Any:
    if not cases:
        return []
    return read_clashes(sorted(cases), form.cleaned_data["nach"].pk, form.cleaned_data["am"], timezone.now())


def _hand_over(
    request: HttpRequest,
    form: SelectionForm,
    submitted: Submitted,
    cases: list[int],
    clashes: list[ClashRow],
    errors: list[dict[str, str]],
) -> tuple[int, HttpResponse | None]:
    """Carry out or plan; or the sentence of what speaks against it."""
    unreadable = [row for row in clashes if not row.stays and not row.is_readable]
    if unreadable:
        errors.append(
            {
                "id": f"id_step{unreadable[0].clash.step_id}_date",
                "text": "Bitte schreiben Sie Tag und Uhrzeit so: 30.11.2026, 10:30.",
            }
        )
        return 422, None
    try:
        handed = handovers.plan_handovers(
            cases=[Case(pk=pk) for pk in cases],
            giver=form.cleaned_data["von"],
            to=form.cleaned_data["nach"],
            effective_on=form.cleaned_data["am"],
            notes={pk: submitted.note_of(pk) for pk in cases},
            decisions=[row.decision for row in clashes],
            by=user_of(request),
            batch=submitted.batch,
        )
    except Refused as refused:
        errors.append({"id": _error_id(refused.field), "text": refused.message})
        return (409 if isinstance(refused, handovers.Conflict) else 422), None
    _tell(request, handed)
    return 200, leave(request, "casework:handover_batch", batch=handed.batch)


def _error_id(field: str) -> str:
    if field.startswith("step"):
        return f"id_{field}" if "_" in field else f"id_{field}_date"
    return ""


def _tell(request: HttpRequest, handed: Handed) -> None:
    if handed.carried_out:
        messages.success(request, f"{_cases(len(handed.carried_out))} übergeben.")
    elif handed.planned:
        messages.success(request, f"Übergabe von {_cases(len(handed.planned))} geplant.")
    for number, why in handed.left_out[:10]:
        messages.warning(request, f"{number} ist nicht dabei: {why}.")
    if len(handed.left_out) > 10:
        messages.warning(request, f"und {len(handed.left_out) - 10} weitere.")


def _cases(count: int) -> str:
    return "1 Fall" if count == 1 else f"{count} Fälle"


def _preview_context(
    form: SelectionForm,
    rows: list[ChosenCase],
    cases: set[int] | frozenset[int],
    clashes: list[ClashRow],
    submitted: Submitted,
    errors: list[dict[str, str]],
) -> dict[str, Any]:
    data = form.cleaned_data
    giver, to, day = data["von"], data["nach"], data["am"]
    return {
        "form": form,
        "giver": giver.user.full_name,
        "to": to.user.full_name,
        "day_label": day_label(day),
        "now": day <= timezone.localdate(),
        "across": to.user.organisation.name if to.user.organisation_id != giver.user.organisation_id else "",
        "hidden": [(name, form.data.get(name, "")) for name in SELECTION],
        "batch": submitted.batch,
        "common": submitted.common,
        "rows": [
            {
                "id": row.id,
                "number": row.number,
                "name": row.name,
                "next": day_label(row.next_on) if row.next_on else "",
                "planned": row.planned,
                "checked": row.id in cases,
                "note": submitted.notes.get(row.id, ""),
            }
            for row in rows[:MOST_ROWS]
        ],
        "more": len(rows) > MOST_ROWS,
        "most": MOST_ROWS,
        "clashes": [{**_clash_row(row), "day_url": day_url_of(to.pk)} for row in clashes],
        "loads": _loads(giver, to, cases),
        "errors": errors,
        "back_url": reverse("casework:handover_list") + f"?von={giver.pk}",
    }


def _clash_row(row: ClashRow) -> dict[str, Any]:
    start = timezone.localtime(row.clash.starts_at)
    why = "an diesem Tag abwesend" if row.clash.away else "um diese Zeit schon ein Termin"
    return {
        "field": f"step{row.clash.step_id}",
        "name": f"{row.clash.family_name}, {row.clash.given_name}",
        "number": row.clash.number,
        "when": f"{day_label(start.date())} {start:%H:%M}",
        "why": why,
        "day": row.day,
        "time": row.time,
        "stays": row.stays,
    }


def _loads(giver: Counsellor, to: Counsellor, cases: set[int] | frozenset[int]) -> dict[str, Any]:
    """Both caseloads before and after, week by week; the two IFK stand in alphabetical order."""
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    loads = read_caseloads([giver.pk, to.pk], sorted(cases), monday)
    people = sorted([giver, to], key=lambda one: (one.user.last_name.casefold(), one.user.first_name.casefold()))
    gain = [moving for moving, _ in loads[giver.pk]]
    lines = []
    for number in range(WEEKS + 1):
        cells = []
        for person in people:
            before = sum(loads[person.pk][number])
            cells += [before, before + (gain[number] if person.pk == to.pk else -gain[number])]
        start = monday + dt.timedelta(weeks=number - 1)
        label = "Offene Fälle" if number == 0 else f"ab {week_label(start)}"
        lines.append({"label": label, "cells": cells})
    return {"people": [person.user.full_name for person in people], "lines": lines}


# --- one submit ---


def _load_batch(request: HttpRequest, batch: uuid.UUID) -> tuple[list[Plan], list[int]]:
    """The plans of a submit, for its people and the leads of either side; for everybody else there is none (404)."""
    user = user_of(request)
    teams = led_teams(user)
    plans = read_batch(batch)
    if not plans or not (
        user.pk in (plans[0].from_id, plans[0].to_id, plans[0].planned_by)
        or plans[0].from_team in teams
        or plans[0].to_team in teams
    ):
        raise absent(request)
    return plans, teams


@require_GET
@case_view
@widened(Purpose.ASSIGN)
def handover_batch(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """What belongs to a submit, and what may be done with it."""
    user = user_of(request)
    plans, teams = _load_batch(request, batch)
    first = plans[0]
    reads = user.pk in (first.from_id, first.to_id, first.planned_by)
    gives = user.pk == first.from_id or first.from_team in teams
    receives = first.to_team in teams
    context = {
        "batch": batch,
        "from_name": first.from_name,
        "to_name": first.to_name,
        "day_label": day_label(first.effective_on),
        "rows": [
            {
                "id": plan.id,
                "number": plan.number,
                "name": f"{plan.family_name}, {plan.given_name}",
                "state": _state(plan),
                "note": plan.note if reads else "",
                "planned": plan.is_planned,
                "file_url": f"/faelle/{plan.number}/",
            }
            for plan in plans
        ],
        "waits": any(plan.waits for plan in plans),
        "may_accept": receives and any(plan.waits for plan in plans),
        "may_withdraw": (gives or receives) and any(plan.is_planned for plan in plans),
    }
    return render(request, "casework/handover_batch.html", context)


def _state(plan: Plan) -> str:
    if plan.carried_out_at:
        return f"übergeben am {timezone.localtime(plan.carried_out_at):%d.%m.%Y %H:%M}"
    if plan.withdrawn_at:
        return f"nicht übergeben: {_why_ended(plan)}"
    return "wartet auf die Annahme der anderen Teamleitung" if plan.waits else "geplant"


def _picked(request: HttpRequest, plans: list[Plan]) -> list[CaseHandover]:
    """All plans of the submit, or the one whose button was pressed."""
    only = read_number(request.POST.get("nur"))
    found = [plan.id for plan in plans if plan.is_planned and only in (None, plan.id)]
    return list(CaseHandover.objects.filter(pk__in=found))


@require_POST
@case_view
@widened(Purpose.ASSIGN)
def handover_accept(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """The lead of the receiving side accepts."""
    plans, teams = _load_batch(request, batch)
    require(request, plans[0].to_team in teams)
    try:
        handed = handovers.accept_handovers(handovers=_picked(request, plans), by=user_of(request))
    except Refused as refused:
        messages.info(request, _stale(refused))
    else:
        messages.success(request, f"Angenommen: {_cases(len(handed.planned))}.")
        if handed.carried_out:
            _tell(request, handed)
    return leave(request, "casework:handover_batch", batch=batch)


@require_POST
@case_view
@widened(Purpose.ASSIGN)
def handover_withdraw(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Take plans back, or decline to accept them."""
    plans, teams = _load_batch(request, batch)
    user = user_of(request)
    require(request, user.pk == plans[0].from_id or plans[0].from_team in teams or plans[0].to_team in teams)
    try:
        count = handovers.withdraw_handovers(handovers=_picked(request, plans), by=user)
    except Refused as refused:
        messages.info(request, _stale(refused))
    else:
        messages.success(request, f"Zurückgenommen: {_cases(count)}.")
    return leave(request, "casework:handover_batch", batch=batch)


def _stale(refused: Refused) -> str:
    if isinstance(refused, StaleVersion | handovers.RuleBroken):
        return "Davon ist nichts mehr geplant."
    return refused.message


@require_POST
@case_view
@widened(Purpose.ASSIGN)
def handover_seen(request: HttpRequest) -> HttpResponse:
    """ "Gelesen": one case, or all of "Neu übernommen"."""
    user = user_of(request)
    found = CaseHandover.objects.filter(to_counsellor_id=user.pk, carried_out_at__isnull=False, seen_at=None)
    only = read_number(request.POST.get("nur"))
    if only is not None:
        found = found.filter(pk=only)
    handovers.mark_seen(handovers=list(found), by=user)
    return leave(request, "screens:today")

"""Zugänge: people who are new and wait for an IFK, with a clock; the lead assigns them (Work-First)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from casework.actions import NewStep, Refused, local_days
from casework.actions.intakes import (
    assign_intake,
    days_of_first_step,
    enter_intake,
    last_first_step,
    withdraw_intake,
)
from casework.enums import FollowUpKind
from casework.forms.intakes import IntakeAssignForm, IntakeForm, IntakeWithdrawForm
from casework.forms.opening import first_step_of
from casework.forms.steps import PlainForm, read_next_step
from casework.models import Intake, User
from casework.models.loads import Caseload, lightest, read_caseloads
from casework.permissions import can_assign_intakes, can_open_case
from casework.views.acting import leave
from casework.views.common import absent, answer_form, case_view, refusals_into, require, user_of
from casework.views.days import absence_label, chosen_id
from casework.views.opening import LOOK_FIRST, known_people, share_refusal
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.numbers import read_number
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import day_label, working_days_between

PER_PAGE = 50
FIRST_SUBJECT = "Erstgespräch vereinbaren"

# Who waits, longest first; the number of all of them comes with each row.
WAITING = """
SELECT i.id, i.arrived_on, c.family_name, c.given_name, coalesce(t.name, ''), count(*) OVER ()
  FROM casework_intake AS i
  JOIN casework_client AS c ON c.id = i.client_id
  LEFT JOIN casework_team AS t ON t.id = i.team_id
 WHERE i.organisation_id = %(organisation)s AND i.assigned_at IS NULL AND i.withdrawn_at IS NULL
 ORDER BY i.arrived_on, c.search_family, c.search_given, i.id
 LIMIT %(count)s OFFSET %(first)s
"""


@require_GET
@case_view
@widened(Purpose.INTAKE)
def intake_list(request: HttpRequest) -> HttpResponse:
    """Everybody who waits in the lead's organisation, and since how many working days."""
    user = user_of(request)
    require(request, can_assign_intakes(user))
    today = timezone.localdate()
    page = max(1, read_number(request.GET.get("seite"), biggest=9999) or 1)
    params = {"organisation": user.organisation_id, "count": PER_PAGE, "first": (page - 1) * PER_PAGE}
    rows = read(WAITING, params)
    if not rows and page > 1:
        return leave(request, "casework:intake_list")
    closed = local_days(min((row[1] for row in rows), default=today), today)
    total = rows[0][5] if rows else 0
    context = {
        "rows": [_row(row, today, closed) for row in rows],
        "total": total,
        "limit": settings.INTAKE_FIRST_STEP_DAYS,
        "pager": {
            "newer_url": f"?seite={page - 1}" if page > 1 else "",
            "older_url": f"?seite={page + 1}" if page * PER_PAGE < total else "",
            "text": f"{(page - 1) * PER_PAGE + 1} bis {(page - 1) * PER_PAGE + len(rows)} von {total}"
            if total > PER_PAGE
            else "",
        },
    }
    return render(request, "casework/intake_list.html", context)


def _row(row: tuple[Any, ...], today: dt.date, closed: frozenset[dt.date]) -> dict[str, Any]:
    pk, arrived_on, family, given, team, _ = row
    days = working_days_between(arrived_on, today, closed)
    return {
        "pk": pk,
        "name": f"{family}, {given}",
        "team": team,
        "day_label": day_label(arrived_on),
        "iso": arrived_on.isoformat(),
        "wait_label": "seit heute" if arrived_on == today else _wait(days),
        "late": days > settings.INTAKE_FIRST_STEP_DAYS,
    }


def _wait(days: int) -> str:
    """A weekend or a holiday lies between at most when no working day has passed yet."""
    if days == 0:
        return "noch keinen ganzen Arbeitstag"
    return "seit einem Arbeitstag" if days == 1 else f"seit {days} Arbeitstagen"


@require_http_methods(["GET", "POST"])
@case_view
def intake_create(request: HttpRequest) -> HttpResponse:
    """Enter somebody who is new; who may be known already is looked at first."""
    user = user_of(request)
    require(request, can_open_case(user))
    form = IntakeForm(request.POST or None, user=user)
    known = known_people(request, form) if request.method == "POST" else None
    if known and not form.cleaned_data.get("other_person"):
        form.add_error("other_person", LOOK_FIRST)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            data = form.cleaned_data
            enter_intake(client=form.person(), arrived_on=data["arrived_on"], team=data["team"], by=user)
            messages.success(request, f"{data['given_name']} {data['family_name']} steht in der Liste der Zugänge.")
            if can_assign_intakes(user):
                return leave(request, "casework:intake_list")
            return leave(request, "screens:today")
    return answer_form(request, "casework/intake_create.html", form, {"known": known})


def load_intake(request: HttpRequest, pk: int) -> Intake:
    """Somebody who waits or waited in the user's organisation; for leads only."""
    user = user_of(request)
    require(request, can_assign_intakes(user))
    intake = (
        Intake.objects.filter(pk=pk, organisation=user.organisation_id).select_related("client", "case", "team").first()
    )
    if intake is None:
        raise absent(request)
    return intake


@require_http_methods(["GET", "POST"])
@case_view
@widened(Purpose.INTAKE)
def intake_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who becomes responsible, by caseloads alone, and set the first next step."""
    user = user_of(request)
    intake = load_intake(request, pk)
    today = timezone.localdate()
    caseloads = read_caseloads(user.organisation_id, today, days_of_first_step(today))
    proposed = lightest(caseloads)
    if request.method == "GET":
        form = IntakeAssignForm(user=user, initial={"counsellor": proposed.user_id if proposed else None})
        step = first_step_of(_first_step(proposed))
        return _answer(request, intake, form, step, caseloads, proposed)
    form = IntakeAssignForm(request.POST, user=user)
    step = first_step_of(request.POST)
    step.counsellor_id = chosen_id(user, form)
    first_step = read_next_step(step, allow_standing=False)
    if form.is_valid() and isinstance(first_step, NewStep) and not step.errors:
        counsellor = form.cleaned_data["counsellor"]
        try:
            case = assign_intake(intake=intake, counsellor=counsellor, first_step=first_step, by=user)
        except Refused as refused:
            share_refusal(form, step, refused)
        else:
            messages.success(
                request,
                f"{case.number}: zuständig ist {counsellor.user.full_name}, der erste nächste Schritt steht für "
                f"{day_label(first_step.due_on)}.",
            )
            if why := absence_label(counsellor.pk, counsellor.user.full_name, first_step.due_on):
                messages.warning(request, why)
            return leave(request, "casework:intake_list")
    return _answer(request, intake, form, step, caseloads, proposed)


def _first_step(proposed: Caseload | None) -> dict[str, str]:
    """What stands in the form at first: a Wiedervorlage on the next day on which the proposed IFK is there."""
    first = {"next": FollowUpKind.REMINDER, "next_subject": FIRST_SUBJECT}
    if proposed is None or proposed.first_day is None:
        return first
    return {**first, "next_date": f"{proposed.first_day:%d.%m.%Y}"}


def _answer(
    request: HttpRequest,
    intake: Intake,
    form: IntakeAssignForm,
    step: PlainForm,
    caseloads: list[Caseload],
    proposed: Caseload | None,
) -> HttpResponse:
    status = 200
    if form.is_bound and (form.errors or step.errors):
        status = 409 if step.conflict or getattr(form, "conflict", False) else 422
    context = {
        "intake": intake,
        "done": bool(intake.assigned_at or intake.withdrawn_at or step.conflict),
        "form": form,
        "step": step,
        "summary": step.summary(),
        "day_url": reverse("casework:day_check"),
        "latest_label": day_label(last_first_step(timezone.localdate())),
        "days": settings.INTAKE_FIRST_STEP_DAYS,
        "proposed": f"{proposed.first_name} {proposed.last_name}" if proposed else "",
        "caseloads": [_load(load) for load in caseloads],
    }
    return render(request, "casework/intake_assign.html", context, status=status)


def _load(load: Caseload) -> dict[str, Any]:
    """`wieder da`: what decides whether somebody is proposed, so that the proposal can be followed."""
    there = day_label(load.first_day) if load.first_day else "nicht in dieser Frist"
    return {
        "name": load.name,
        "team": load.team,
        "open_cases": load.open_cases,
        "coming": load.coming,
        "steps": load.steps,
        "there": there,
    }


@require_http_methods(["GET", "POST"])
@case_view
@widened(Purpose.INTAKE)
def intake_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody off the list, with the reason."""
    user: User = user_of(request)
    intake = load_intake(request, pk)
    form = IntakeWithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            withdraw_intake(intake=intake, reason=form.cleaned_data["reason"], by=user)
            messages.success(request, "Die Person steht nicht mehr in der Liste der Zugänge.")
            return leave(request, "casework:intake_list")
    return answer_form(request, "casework/intake_withdraw.html", form, {"intake": intake})

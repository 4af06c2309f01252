"""Who is away and who stands in, entered by the team lead (design.md 7). No reason is asked."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from casework import actions
from casework.forms.absences import AbsenceEndForm, AbsenceForm
from casework.models import Absence, User
from casework.permissions import can_enter_absences, led_teams
from casework.views.acting import leave
from casework.views.common import absent, answer_form, case_view, refusals_into, require, user_of

LOOK_BACK = dt.timedelta(days=28)


def team_of(user: User) -> QuerySet[User]:
    """Everybody in the teams that the user leads."""
    return User.objects.active().filter(team__in=led_teams(user)).with_names()


@require_GET
@case_view
def absence_list(request: HttpRequest) -> HttpResponse:
    """Running, coming and lately ended absences of the team, with who stands in."""
    user = user_of(request)
    require(request, can_enter_absences(user))
    today = timezone.localdate()
    absences = (
        Absence.objects.filter(user__in=team_of(user).order_by(), during__endswith__gt=today - LOOK_BACK)
        .select_related("user")
        .prefetch_related("substitutions__substitute")
        .order_by("during", "user__last_name")
    )
    rows = [_row(absence, today) for absence in absences]
    context = {
        "current": [row for row in rows if row["state"] == "current"],
        "coming": [row for row in rows if row["state"] == "coming"],
        "past": [row for row in rows if row["state"] == "past"],
    }
    return render(request, "casework/absence_list.html", context)


def _row(absence: Absence, today: dt.date) -> dict[str, Any]:
    first, last = absence.during.lower, absence.during.upper - dt.timedelta(days=1)
    state = "past" if last < today else "coming" if first > today else "current"
    return {
        "pk": absence.pk,
        "name": absence.user.full_name,
        "first": first,
        "last": last,
        "state": state,
        "substitutes": ", ".join(row.substitute.full_name for row in absence.substitutions.all()),
    }


@require_http_methods(["GET", "POST"])
@case_view
def absence_create(request: HttpRequest) -> HttpResponse:
    """Enter who is away and, where it is known, who stands in for exactly that time."""
    user = user_of(request)
    require(request, can_enter_absences(user))
    substitutes = User.objects.active().filter(organisation=user.organisation_id, counsellor__isnull=False).with_names()
    form = AbsenceForm(request.POST or None, team=team_of(user), substitutes=substitutes)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_into(form):
            actions.enter_absence(by=user, **data)
            until = f"{data['last_day']:%d.%m.%Y}"
            messages.success(request, f"{data['user'].full_name} ist bis {until} als abwesend eingetragen.")
            return leave(request, "casework:absence_list")
    return answer_form(request, "casework/absence_create.html", form)


@require_http_methods(["GET", "POST"])
@case_view
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is back earlier; the substitution ends with the absence."""
    user = user_of(request)
    require(request, can_enter_absences(user))
    absence = (
        Absence.objects.filter(pk=pk, user__in=team_of(user).order_by())
        .select_related("user")
        .prefetch_related("substitutions__substitute")
        .first()
    )
    if absence is None:
        raise absent(request)
    form = AbsenceEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["last_day"]
        with refusals_into(form):
            actions.end_absence(absence=absence, last_day=last_day, by=user)
            messages.success(request, f"{absence.user.full_name}: abwesend bis {last_day:%d.%m.%Y}.")
            return leave(request, "casework:absence_list")
    context = {"row": _row(absence, timezone.localdate())}
    return answer_form(request, "casework/absence_end.html", form, context)

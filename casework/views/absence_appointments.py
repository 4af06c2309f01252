"""The appointments inside an absence: übernehmen, verlegen, absagen, in one form."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.actions import Refused
from casework.actions.absence_appointments import (
    Settled,
    acts_for,
    appointments_inside,
    may_settle,
    settle_appointments,
)
from casework.actions.drafts import drafts_of_absent
from casework.forms.absence_appointments import AppointmentsForm, build_form
from casework.models import Absence, FollowUp, User
from casework.models.cover import period_label, read_gaps
from casework.models.presence import read_presence
from casework.views.acting import leave
from casework.views.common import absent, case_view, user_of
from casework.views.days import day_url


def load_absence_to_settle(request: HttpRequest, pk: int, day: dt.date) -> Absence:
    """One's own absence, one in which one stands in today, or one of the led team; any other is absent."""
    absence = Absence.objects.filter(pk=pk).select_related("user").prefetch_related("substitutions__substitute").first()
    if absence is None or not may_settle(user_of(request), absence, day):
        raise absent(request)
    return absence


@require_http_methods(["GET", "POST"])
@case_view
def absence_appointments(request: HttpRequest, pk: int) -> HttpResponse:
    """Each appointment inside the absence with three ways; a lead sees of the files what lists show."""
    user = user_of(request)
    today = timezone.localdate()
    absence = load_absence_to_settle(request, pk, today)
    steps = list(appointments_inside(absence, user, today))
    form = build_form(steps, _takers(absence, steps), request.POST if request.method == "POST" else None)
    if request.method == "POST":
        settlements = form.read()
        if settlements is not None:
            try:
                settled = settle_appointments(absence=absence, settlements=settlements, by=user)
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _told(settled, left=len(steps) - len(settlements)))
                return leave(request, "casework:absence_list")
    return _answer(request, absence, form, user, today)


def _answer(request: HttpRequest, absence: Absence, form: AppointmentsForm, user: User, today: dt.date) -> HttpResponse:
    shows_subject = acts_for(user, absence, today)
    end = absence.during.upper
    back = read_presence(absence.user_id, end).next_day(end) if end else None
    context: dict[str, Any] = {
        "name": absence.user.full_name,
        "period": period_label(absence.during.lower, end),
        "back_on": back,
        "rows": [{**row.context(shows_subject=shows_subject), "day_url": day_url(row.step.case)} for row in form.rows],
        "summary": form.summary(),
        "gaps": read_gaps([absence.pk], today).get(absence.pk, []),
        "drafts": drafts_of_absent(absence.user, by=user, day=today),
        "back_url": reverse("casework:absence_list"),
    }
    return render(request, "casework/absence_appointments.html", context, status=form.status)


def _takers(absence: Absence, steps: list[FollowUp]) -> dict[dt.date, tuple[str, str]]:
    """Day -> who takes its appointments over, or why nobody does; a constant number of statements per substitute."""
    days = sorted({step.due_on for step in steps})
    if not days:
        return {}
    takers: dict[dt.date, tuple[str, str]] = dict.fromkeys(days, ("", "Für diesen Tag ist niemand eingetragen."))
    for row in absence.substitutions.all():
        presence = read_presence(row.substitute_id, days[0], days[-1])
        for day in days:
            if day in row.during:
                name = row.substitute.full_name
                there = not presence.is_away(day) and presence.works_on_weekday_of(day)
                takers[day] = (name, "") if there else ("", f"{name} ist an diesem Tag nicht da.")
    return takers


def _told(settled: Settled, left: int) -> str:
    parts = [
        f"{count} {word}"
        for count, word in (
            (settled.kept, "übernommen"),
            (settled.moved, "verlegt"),
            (settled.cancelled, "abgesagt"),
            (left, "noch offen"),
        )
        if count
    ]
    return f"Termine: {', '.join(parts)}."

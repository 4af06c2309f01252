"""Who is away and who stands in, entered by oneself or by the team lead (domain.md 8). No reason is asked."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import F, Func, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from casework import actions
from casework.actions.absence_appointments import appointments_inside
from casework.actions.absences import name_substitute, reaching, standing_substitute_of
from casework.forms.absences import AbsenceEndForm, AbsenceForm, NameSubstituteForm, substitutes_for
from casework.models import Absence, Substitution, User
from casework.models.cover import read_gaps, until_label
from casework.permissions import can_enter_absences, led_teams
from casework.views.acting import leave
from casework.views.common import absent, answer_form, case_view, refusals_into, user_of
from jobcenter.platform.numbers import read_number

LOOK_BACK = dt.timedelta(days=28)


def people_of(user: User) -> QuerySet[User]:
    """Oneself, and everybody in the teams that the user leads today."""
    mine = Q(pk=user.pk)
    if can_enter_absences(user):
        mine |= Q(team__in=led_teams(user))
    return User.objects.active().filter(mine).with_names()


def load_absence(request: HttpRequest, pk: int) -> Absence:
    """An absence of oneself or of the led team; any other is as absent as one that never was."""
    absence = (
        Absence.objects.filter(pk=pk, user__in=people_of(user_of(request)).order_by())
        .select_related("user")
        .prefetch_related("substitutions__substitute")
        .first()
    )
    if absence is None:
        raise absent(request)
    return absence


@require_GET
@case_view
def absence_list(request: HttpRequest) -> HttpResponse:
    """Running, coming and lately ended absences, with who stands in and for whom oneself does."""
    user = user_of(request)
    today = timezone.localdate()
    absences = list(
        Absence.objects.filter(reaching(today - LOOK_BACK), user__in=people_of(user).order_by())
        .select_related("user")
        .prefetch_related("substitutions__substitute")
        .order_by("during", Func(F("user__last_name"), function="casework_fold"), "user__first_name", "pk")
    )
    gaps = read_gaps([absence.pk for absence in absences], today)
    rows = [_row(absence, today, gaps) for absence in absences]
    context = {
        "leads": can_enter_absences(user),
        "current": [row for row in rows if row["state"] == "current"],
        "coming": [row for row in rows if row["state"] == "coming"],
        "past": [row for row in rows if row["state"] == "past"],
        "standing_in": _standing_in(user, today),
    }
    return render(request, "casework/absence_list.html", context)


def _row(absence: Absence, today: dt.date, gaps: dict[int, list[str]] | None = None) -> dict[str, Any]:
    first, end = absence.during.lower, absence.during.upper
    is_past = end is not None and end <= today
    return {
        "pk": absence.pk,
        "person": absence.user_id,
        "name": absence.user.full_name,
        "first": first,
        "until": until_label(end),
        "is_open": end is None,
        "state": "past" if is_past else "coming" if first > today else "current",
        "substitutes": ", ".join(_substitutes(absence, today)),
        "gaps": (gaps or {}).get(absence.pk, []),
    }


def _substitutes(absence: Absence, today: dt.date) -> list[str]:
    """Who stands in, one after the other; who did and does no more is named only when the absence is over."""
    rows = sorted(absence.substitutions.all(), key=lambda row: row.during.lower)
    lasting = [row for row in rows if row.during.upper is None or row.during.upper > today]
    return list(dict.fromkeys(row.substitute.full_name for row in lasting or rows))


def _standing_in(user: User, today: dt.date) -> list[dict[str, Any]]:
    """For whom the user stands in now or soon; the page of the appointments opens with the first day."""
    rows = (
        Substitution.objects.filter(reaching(today), substitute=user)
        .select_related("absent_user")
        .order_by("during", Func(F("absent_user__last_name"), function="casework_fold"), "pk")
    )
    return [
        {
            "pk": row.absence_id,
            "name": row.absent_user.full_name,
            "first": row.during.lower,
            "until": until_label(row.during.upper),
            "has_begun": row.during.lower <= today,
        }
        for row in rows
    ]


@require_http_methods(["GET", "POST"])
@case_view
def absence_create(request: HttpRequest) -> HttpResponse:
    """Enter who is away and who stands in for exactly that time: the standing substitute unless somebody else is named.

    Afterwards the appointments inside the absence are looked at, where there are any.
    """
    user = user_of(request)
    alone = not can_enter_absences(user)
    people = people_of(user)
    asked = read_number(request.GET.get("person"))
    person = user if alone else people.filter(pk=asked).first() if asked else None
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        people=people,
        substitutes=substitutes_for(user).exclude(pk=user.pk) if alone else substitutes_for(user),
        alone=alone,
        standing=standing_substitute_of(person) if person else None,
        initial={"user": person},
    )
    if request.method == "POST" and form.is_valid():
        data = {"user": user, **form.cleaned_data}
        with refusals_into(form):
            return _entered(request, actions.enter_absence(by=user, **data))
    return answer_form(request, "casework/absence_create.html", form, {"alone": alone, "person": person})


def _entered(request: HttpRequest, absence: Absence) -> HttpResponse:
    """What was entered, what it leaves open, and the way on."""
    today = timezone.localdate()
    until = until_label(absence.during.upper)
    messages.success(request, f"{absence.user.full_name} ist {until} als abwesend eingetragen.")
    say_gaps(request, absence, today)
    if appointments_inside(absence, user_of(request), today).exists():
        return leave(request, "casework:absence_appointments", pk=absence.pk)
    return leave(request, "casework:absence_list")


def say_gaps(request: HttpRequest, absence: Absence, today: dt.date) -> None:
    """Warn, and refuse nothing: of this absence, and of those in which the absent person was to stand in."""
    others = {
        row.absence_id: row.absent_user.full_name
        for row in Substitution.objects.filter(reaching(today), substitute=absence.user_id).select_related(
            "absent_user"
        )
    }
    for pk, sentences in read_gaps([absence.pk, *others], today).items():
        whose = others.get(pk, absence.user.full_name)
        messages.warning(request, f"Vertretung für {whose}: {' '.join(sentences)}")


@require_http_methods(["GET", "POST"])
@case_view
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is back, earlier or at last; the substitution ends with the absence."""
    absence = load_absence(request, pk)
    form = AbsenceEndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["last_day"]
        with refusals_into(form):
            actions.end_absence(absence=absence, last_day=last_day, by=user_of(request))
            messages.success(request, f"{absence.user.full_name}: abwesend bis {last_day:%d.%m.%Y}.")
            return leave(request, "casework:absence_list")
    context = {"row": _row(absence, timezone.localdate())}
    return answer_form(request, "casework/absence_end.html", form, context)


@require_http_methods(["GET", "POST"])
@case_view
def absence_substitute(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who stands in for what is left of an absence, where nobody does or somebody else should."""
    user = user_of(request)
    absence = load_absence(request, pk)
    today = timezone.localdate()
    people = substitutes_for(user).exclude(pk=absence.user_id)
    form = NameSubstituteForm(request.POST if request.method == "POST" else None, substitutes=people)
    if request.method == "POST" and form.is_valid():
        substitute = form.cleaned_data["substitute"]
        with refusals_into(form):
            first = name_substitute(absence=absence, substitute=substitute, by=user)
            since = "ab heute" if first == today else f"ab {first:%d.%m.%Y}"
            messages.success(request, f"{substitute.full_name} vertritt {absence.user.full_name} {since}.")
            say_gaps(request, absence, today)
            return leave(request, "casework:absence_list")
    row = _row(absence, today, read_gaps([absence.pk], today))
    return answer_form(request, "casework/absence_substitute.html", form, {"row": row})

"""Arbeitstage und ständige Vertretung: one's own page, and the same for the lead about somebody in the team."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.actions import RuleBroken
from casework.actions.presence import remove_work_pattern, set_standing_substitute, set_work_pattern
from casework.forms.absences import substitutes_for
from casework.forms.presence import StandingSubstituteForm, WorkPatternForm, pattern_label
from casework.models import StandingSubstitute, User, WorkPattern
from casework.permissions import can_enter_absences
from casework.views.absences import people_of
from casework.views.acting import leave
from casework.views.common import absent, case_view, refusals_into, require, user_of


@require_http_methods(["GET", "POST"])
@case_view
def own_presence(request: HttpRequest) -> HttpResponse:
    """Who stands in for oneself as a rule, and on which days of the week one works."""
    return _presence(request, user_of(request))


@require_GET
@case_view
def team_presence(request: HttpRequest) -> HttpResponse:
    """Everybody of the team with working days and standing substitute, by the alphabet."""
    user = user_of(request)
    require(request, can_enter_absences(user))
    people = list(people_of(user).select_related("standing_substitute__substitute"))
    patterns = _patterns_today(people)
    rows = [
        {
            "pk": person.pk,
            "name": f"{person.last_name}, {person.first_name}",
            "days": pattern_label(patterns.get(person.pk, WorkPattern.ALL)),
            "substitute": _standing_name(person),
        }
        for person in people
    ]
    return render(request, "casework/presence_team.html", {"rows": rows})


def _patterns_today(people: list[User]) -> dict[int, int]:
    """Person -> the weekdays that hold today, in one statement."""
    patterns = WorkPattern.objects.filter(user__in=people, since__lte=timezone.localdate()).order_by("since")
    return dict(patterns.values_list("user", "weekdays"))


def _standing_name(person: User) -> str:
    standing: StandingSubstitute | None = getattr(person, "standing_substitute", None)
    return standing.substitute.full_name if standing else ""


@require_http_methods(["GET", "POST"])
@case_view
def person_presence(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for somebody in the led team; whoever belongs to another team is absent."""
    return _presence(request, load_person(request, pk))


def load_person(request: HttpRequest, pk: int) -> User:
    """Oneself or somebody in a led team; anybody else answers like nobody."""
    person: User | None = people_of(user_of(request)).filter(pk=pk).first()
    if person is None:
        raise absent(request)
    return person


def _presence(request: HttpRequest, person: User) -> HttpResponse:
    """Two small forms on one page; only the one that was sent is read."""
    user = user_of(request)
    today = timezone.localdate()
    standing = StandingSubstitute.objects.filter(user=person).first()
    patterns = list(WorkPattern.objects.filter(user=person).order_by("since"))
    now = next((row.weekdays for row in reversed(patterns) if row.since <= today), WorkPattern.ALL)
    sent = request.POST.get("form") if request.method == "POST" else ""
    substitute_form = StandingSubstituteForm(
        request.POST if sent == "substitute" else None,
        substitutes=substitutes_for(person).exclude(pk=person.pk),
        initial={"substitute": standing.substitute_id if standing else None},
        auto_id="id_vertretung_%s",
    )
    pattern_form = WorkPatternForm(
        request.POST if sent == "pattern" else None,
        initial=WorkPatternForm.initial_of(now, today),
        auto_id="id_tage_%s",
    )
    if substitute_form.is_bound and substitute_form.is_valid():
        with refusals_into(substitute_form):
            chosen = substitute_form.cleaned_data["substitute"]
            set_standing_substitute(user=person, substitute=chosen, by=user)
            messages.success(request, _told_substitute(chosen))
            return _back(request, person)
    if pattern_form.is_bound and pattern_form.is_valid():
        with refusals_into(pattern_form):
            pattern = set_work_pattern(user=person, by=user, **pattern_form.cleaned_data)
            messages.success(request, f"Eingetragen: ab {pattern.since:%d.%m.%Y} {pattern_label(pattern.weekdays)}.")
            return _back(request, person)
    context: dict[str, Any] = {
        "own": person.pk == user.pk,
        "person": person,
        "substitute_form": substitute_form,
        "pattern_form": pattern_form,
        "patterns": [
            {
                "pk": row.pk,
                "since": row.since,
                "days": pattern_label(row.weekdays),
                "holds": row.since <= today,
            }
            for row in patterns
        ],
        "create_url": f"{reverse('casework:absence_create')}{'' if person.pk == user.pk else f'?person={person.pk}'}",
        "back_url": reverse("casework:settings" if person.pk == user.pk else "casework:presence_team"),
    }
    errors = substitute_form.errors or pattern_form.errors
    return render(request, "casework/presence.html", context, status=422 if errors else 200)


def _told_substitute(chosen: User | None) -> str:
    if chosen is None:
        return "Gespeichert: keine ständige Vertretung."
    return f"Gespeichert: {chosen.full_name} steht ein, wenn eine Abwesenheit niemand anderen nennt."


def _back(request: HttpRequest, person: User) -> HttpResponse:
    if person.pk == user_of(request).pk:
        return leave(request, "casework:presence")
    return leave(request, "casework:presence_of", pk=person.pk)


@require_POST
@case_view
def pattern_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take working days back that do not yet hold."""
    user = user_of(request)
    pattern = WorkPattern.objects.filter(pk=pk, user__in=people_of(user).order_by()).select_related("user").first()
    if pattern is None:
        raise absent(request)
    try:
        remove_work_pattern(pattern=pattern, by=user)
    except RuleBroken as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, "Zurückgenommen.")
    return _back(request, pattern.user)

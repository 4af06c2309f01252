"""Überfällig im Team: what has waited longer than the ladder of reminders says; the lead's weekly mail leads here."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework import actions
from casework.enums import FollowUpKind, RoleName
from casework.models import Absence, Case, FollowUp, Substitution, User
from casework.models.clients import fold
from casework.models.ladder import days_label, ladders_of_teams, teams_by_grace
from casework.permissions import can_see_team_lists, led_teams
from casework.views.common import case_view, require, user_of
from casework.views.ladder import ladder_panels
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label, distance_label

PER_PAGE = 50
KIND_LABELS = dict(FollowUpKind.choices)
RESPONSIBLE = "case__assignments__counsellor__user__"
COLUMNS = (
    f"{RESPONSIBLE}id",
    f"{RESPONSIBLE}last_name",
    f"{RESPONSIBLE}first_name",
    "due_on",
    "kind",
    "case__number",
    "case__client__family_name",
    "case__client__given_name",
)


@require_GET
@case_view
@widened(Purpose.LEAD)
def overdue_list(request: HttpRequest) -> HttpResponse:
    """The led teams' long overdue steps by IFK in alphabetical order; nothing is ranked or summed up (R4.4-6).

    Whoever stands in for a lead leads for that time: list and mail hold that team too (domain.md 8).
    """
    user = user_of(request)
    today = timezone.localdate()
    require(request, can_see_team_lists(user))
    teams = ladders_of_teams(led_teams(user))
    graces = teams_by_grace(teams)
    before = actions.long_overdue_before(today, graces)
    steps = _long_overdue(user, [(before[after], led) for after, led in graces.items()])
    total = steps.count()
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, read_number(request.GET.get("seite"), biggest=9999) or 1), pages)
    first = (page - 1) * PER_PAGE
    context = {
        "stands_in_for": ", ".join(_leads_stood_in_for(user, today)),
        "total": total,
        "before_label": " oder ".join(day_label(day) for day in before.values()),
        "long_label": days_label(*graces),
        "ladders": ladder_panels(teams),
        "groups": _by_counsellor(list(steps.values_list(*COLUMNS)[first : first + PER_PAGE]), today),
        "pager": {
            "newer_url": f"?seite={page - 1}" if page > 1 else "",
            "older_url": f"?seite={page + 1}" if page < pages else "",
            "text": f"{first + 1} bis {min(first + PER_PAGE, total)} von {total}" if pages > 1 else "",
        },
    }
    return render(request, "casework/overdue_list.html", context)


def _long_overdue(user: User, rungs: list[tuple[dt.date, list[int]]]) -> Any:
    """The same items that the mail counts, as far as the user may see their cases in lists; each team by its ladder."""
    visible = Case.objects.visible_to(user).open()
    due = Q()
    for before, teams in rungs:
        due |= Q(due_on__lt=before, **{f"{RESPONSIBLE}team__in": teams})
    return (
        FollowUp.objects.open()
        .filter(due, case__assignments__during__upper_inf=True)
        .filter(case__in=visible)
        .order_by(
            fold(F(f"{RESPONSIBLE}last_name")),
            fold(F(f"{RESPONSIBLE}first_name")),
            f"{RESPONSIBLE}id",
            "due_on",
            "pk",
        )
    )


def _leads_stood_in_for(user: User, today: dt.date) -> list[str]:
    leads = (
        Substitution.objects.in_force(today)
        .of_substitute(user.pk)
        .filter(absent_user__role_grants__role=RoleName.TEAM_LEAD)
        .values_list("absent_user__first_name", "absent_user__last_name")
        .distinct()
    )
    return sorted(f"{first} {last}" for first, last in leads)


def _by_counsellor(rows: list[tuple[Any, ...]], today: dt.date) -> list[dict[str, Any]]:
    away = _absences({row[0] for row in rows}, today)
    groups = []
    for (pk, last, first), found in groupby(rows, key=lambda row: row[:3]):
        steps = [
            {
                "name": f"{family}, {given}",
                "number": number,
                "iso": due_on.isoformat(),
                "day_label": day_label(due_on),
                "since_label": distance_label(due_on, today),
                "kind": KIND_LABELS[kind],
            }
            for _, _, _, due_on, kind, number, family, given in found
        ]
        groups.append({"pk": pk, "name": f"{last}, {first}", "away": away.get(pk), "rows": steps})
    return groups


def _absences(counsellor_ids: set[int], today: dt.date) -> dict[int, dict[str, Any]]:
    """Who of them is absent today, and whether somebody who is there stands in."""
    substitutes = {
        absent: (pk, f"{first} {last}")
        for absent, pk, first, last in Substitution.objects.in_force(today)
        .filter(absent_user__in=counsellor_ids)
        .values_list("absent_user", "substitute", "substitute__first_name", "substitute__last_name")
    }
    asked = counsellor_ids | {pk for pk, _ in substitutes.values()}
    absent = set(Absence.objects.filter(user__in=asked, during__contains=today).values_list("user", flat=True))
    away: dict[int, dict[str, Any]] = {}
    for pk in absent & counsellor_ids:
        substitute, name = substitutes.get(pk, (0, ""))
        if not substitute:
            text = "abwesend, keine Vertretung eingetragen"
        else:
            text = f"abwesend, Vertretung: {name}" + (", auch abwesend" if substitute in absent else "")
        away[pk] = {"text": text, "uncovered": not substitute or substitute in absent}
    return away

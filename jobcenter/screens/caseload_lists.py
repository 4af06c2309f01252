"""The lists behind the figures of the Fallbestand, and the cases that nothing is planned for.

Names and days as in every list of cases, nothing of a file. Who leads opens a file from here with a reason
(design.md 7), who is responsible or stands in opens it as always: the file itself decides.
"""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.enums import DraftForm, FollowUpKind
from casework.models import Team, User
from casework.permissions import can_see_team_lists, led_teams
from casework.views.common import absent, case_view, user_of
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label, distance_label
from jobcenter.screens.caseload_figures import (
    FIGURES,
    INBOX,
    OF_PERSON,
    OF_TEAM,
    OWN,
    PER_PAGE,
    Listed,
    Row,
    days,
    read_list,
)

KIND_LABELS = dict(FollowUpKind.choices)
FORM_LABELS = dict(DraftForm.choices)


@require_GET
@case_view
@widened(Purpose.LEAD)
def caseload_list(request: HttpRequest) -> HttpResponse:
    """Exactly what a figure counted, by name; of oneself, or of an IFK of a led team."""
    user = user_of(request)
    asked = request.GET.get("was", "")
    week = read_number(request.GET.get("woche")) if asked == "woche" else None
    name = f"woche{week}" if asked == "woche" else asked
    key = "team" if name == INBOX else "wer"
    of = read_number(request.GET.get(key))
    figure = FIGURES.get(name)
    if figure is None or of is None or asked in FIGURES and asked.startswith("woche"):
        raise absent(request)
    params = days(timezone.now())
    whose = OF_TEAM if name == INBOX else OF_PERSON
    listed = read_list(figure, whose, user.pk, params, of=of, page=page_of(request))
    if listed is None:
        raise absent(request)
    query = {key: of, "was": asked} | ({"woche": week} if week is not None else {})
    context = {
        "heading": figure.heading(listed.total, week_label(params["monday"], week)),
        "of": listed.name,
        "note": figure.note,
        "rows": rows_of(listed, user.pk, params["day"], with_name=name == INBOX),
        "pager": pager_of(listed, query),
        "reads_with_reason": whose is OF_TEAM or of != user.pk,
    }
    return render(request, "screens/caseload_list.html", context)


@require_GET
@case_view
def without_next(request: HttpRequest) -> HttpResponse:
    """Fälle ohne künftigen Termin oder Wiedervorlage: own ones and those stood in for, or those of a led team.

    An overdue item is not a plan: only an open step from today on takes a case off this page.
    """
    user = user_of(request)
    params = days(timezone.now())
    team = read_number(asked) if (asked := request.GET.get("team")) else None
    if asked and team is None:
        raise absent(request)
    whose = OWN if team is None else OF_TEAM
    listed = read_list(FIGURES["ohne-termin"], whose, user.pk, params, of=team or 0, page=page_of(request))
    if listed is None:
        raise absent(request)
    rows = rows_of(listed, user.pk, params["day"], with_name=True)
    if team is None:
        for row in rows:
            row["next_url"] = reverse("casework:follow_up_create", args=[row["number"]])
    context = {
        "total": listed.total,
        "of": listed.name if team is not None else "",
        "rows": rows,
        "pager": pager_of(listed, {"team": team} if team is not None else {}),
        "teams": _other_lists(user, team),
    }
    return render(request, "screens/caseload_without_next.html", context)


def _other_lists(user: User, shown: int | None) -> list[dict[str, str]]:
    """For who leads: the same list of each led team, and the way back to the own one."""
    if not can_see_team_lists(user):
        return []
    url = reverse("screens:without_next")
    own = [] if shown is None else [{"label": "Eigene Fälle", "url": url}]
    teams = Team.objects.filter(pk__in=led_teams(user)).exclude(pk=shown or 0).order_by("name")
    return [*own, *({"label": team.name, "url": f"{url}?team={team.pk}"} for team in teams)]


def page_of(request: HttpRequest) -> int:
    return max(1, read_number(request.GET.get("seite"), biggest=9999) or 1)


def week_label(monday: dt.date, week: int | None) -> str:
    """`in der Woche vom 30.11. bis 06.12.`; of the running week only what is still to come."""
    if week is None:
        return ""
    first = monday + dt.timedelta(weeks=week)
    last = first + dt.timedelta(days=6)
    return f"in der Woche vom {first:%d.%m.} bis {last:%d.%m.}" if week else f"von heute bis {last:%d.%m.}"


def rows_of(listed: Listed, viewer: int, today: dt.date, *, with_name: bool) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "name": f"{row.family_name}, {row.given_name}" if row.number else "Angefangener Text ohne Akte",
            "url": url_of(row, viewer),
            "late": row.kind in KIND_LABELS and row.due_on is not None and row.due_on < today,
            **when_of(row, today),
            "for_label": f"zuständig: {row.who_name}" if with_name and row.who != viewer else "",
        }
        for row in listed.rows
    ]


def url_of(row: Row, viewer: int) -> str:
    """The file; a draft without one is opened by its author alone."""
    if row.number:
        return reverse("screens:case_file", args=[row.number])
    if row.who != viewer:
        return ""
    if row.kind == DraftForm.CASE_OPENING:
        return f"{reverse('casework:case_open')}?entwurf={row.pk}"
    return reverse("casework:draft_adopt", args=[row.pk])


def when_of(row: Row, today: dt.date) -> dict[str, str]:
    """Day, what is then, and how far away that is; of a draft, when it was written to last."""
    if row.kind is None or row.due_on is None:
        return {"iso": "", "day_label": "", "kind": "", "distance": ""}
    start = timezone.localtime(row.starts_at) if row.starts_at else None
    time = f" {start:%H:%M}" if start else ""
    if row.kind in FORM_LABELS:
        label, distance = f"zuletzt {day_label(row.due_on)}{time}", ""
    else:
        label, distance = f"{day_label(row.due_on)}{time}", distance_label(row.due_on, today)
    return {
        "iso": row.due_on.isoformat(),
        "day_label": label,
        "kind": str(KIND_LABELS.get(row.kind) or FORM_LABELS[row.kind]),
        "distance": distance,
    }


def pager_of(listed: Listed, query: dict[str, Any]) -> dict[str, str]:
    """Links to the pages before and after; nothing where one page holds everything."""
    first = (listed.page - 1) * PER_PAGE

    def url(page: int) -> str:
        return f"?{urlencode({**query, 'seite': page})}"

    return {
        "newer_url": url(listed.page - 1) if listed.page > 1 else "",
        "older_url": url(listed.page + 1) if listed.page < listed.pages else "",
        "text": f"{first + 1} bis {min(first + PER_PAGE, listed.total)} von {listed.total}" if listed.pages > 1 else "",
    }

"""Fallbestand: by what a caseload is steered, for each IFK of the led teams, and for oneself (R4.3-3).

Alphabetical and nothing else: no order by a number, no sum, no share, no history of a person, no file to take away
(R4.4-6, domain.md 12.6, NPersVG).
"""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.permissions import can_enter_absences
from casework.views.common import case_view, user_of
from jobcenter.platform.context import Purpose, widened
from jobcenter.screens.caseload_figures import INBOX, WEEKS, LedTeam, Person, days, read_caseload

# The figures of a row in the order of the columns, with what a narrow screen calls them.
BEFORE_CHART = (("faelle", "offene Fälle"),)
AFTER_CHART = (
    ("ueberfaellig-5", "überfällig 1–5 Tage"),
    ("ueberfaellig-10", "überfällig 6–10 Tage"),
    ("ueberfaellig-lang", "überfällig über 10 Tage"),
    ("ohne-eintrag", "Termine ohne Eintrag"),
    ("ohne-termin", "ohne künftigen Termin"),
    ("ohne-vereinbarung", "ohne Vereinbarung"),
    ("rueckblick", "Rückblick fällig"),
    ("entwuerfe", "Entwürfe"),
)
BAR, GAP, TALLEST = 9, 4, 30  # of a chart, in its own units


@require_GET
@case_view
@widened(Purpose.LEAD)
def caseload(request: HttpRequest) -> HttpResponse:
    """All figures of one moment, in one statement however many IFK and cases."""
    user = user_of(request)
    params = days(timezone.now())
    teams = read_caseload(user.pk, params)
    highest = max((count for team in teams for person in team.people for count in weeks_of(person)), default=0)
    context = {
        "leads": any(team.pk for team in teams),
        "teams": [team_context(team, highest) for team in teams],
        "weeks": [week_head(params["monday"], number) for number in range(WEEKS)],
        "highest": highest,
        "absences_url": "/vertretungen/" if can_enter_absences(user) else "",
    }
    return render(request, "screens/caseload.html", context)


def weeks_of(person: Person) -> list[int]:
    return [person.figures[f"woche{number}"] for number in range(WEEKS)]


def week_head(monday: dt.date, number: int) -> str:
    """`30.11.`: the Monday of a week; the running one counts from today on."""
    return f"{monday + dt.timedelta(weeks=number):%d.%m.}" if number else "ab heute"


def team_context(team: LedTeam, highest: int) -> dict[str, Any]:
    return {
        "pk": team.pk,
        "name": team.name,
        "inbox": team.inbox,
        "inbox_url": f"liste/?{urlencode({'team': team.pk, 'was': INBOX})}" if team.pk else "",
        "uncovered": [f"{person.first_name} {person.last_name}" for person in team.people if person.uncovered],
        "rows": [row_context(person, highest) for person in team.people],
    }


def row_context(person: Person, highest: int) -> dict[str, Any]:
    weeks = weeks_of(person)
    return {
        "pk": person.pk,
        "name": f"{person.last_name}, {person.first_name}",
        "presence": presence_label(person),
        "before": [cell(person, name, label) for name, label in BEFORE_CHART],
        "after": [cell(person, name, label) for name, label in AFTER_CHART],
        "bars": bars(weeks, highest),
        "spoken": ", ".join(map(str, weeks)),
        "weeks": [
            {"count": count, "url": list_url(person.pk, "woche", woche=number)} for number, count in enumerate(weeks)
        ],
    }


def cell(person: Person, name: str, label: str) -> dict[str, Any]:
    return {"count": person.figures[name], "label": label, "url": list_url(person.pk, name)}


def list_url(pk: int, name: str, **further: int) -> str:
    return f"liste/?{urlencode({'wer': pk, 'was': name, **further})}"


def bars(counts: list[int], highest: int) -> str:
    """Eight bars as one path; all charts of a page have one scale, and whatever is more than nothing is seen."""
    parts = []
    for number, count in enumerate(counts):
        height = max(2, round(count / highest * TALLEST)) if count else 0
        if height:
            parts.append(f"M{number * (BAR + GAP)} {TALLEST}v-{height}h{BAR}v{height}z")
    return "".join(parts)


def presence_label(person: Person) -> str:
    """Whether somebody is there today, and who stands in; why somebody is away, nobody asks (domain.md 12.11)."""
    if not person.absent:
        return "anwesend" if person.works else "heute kein Arbeitstag"
    last = f"{person.back_on - dt.timedelta(days=1):%d.%m.%Y}" if person.back_on else "auf Weiteres"
    if not person.deputy:
        return f"abwesend bis {last}, niemand vertritt"
    return f"abwesend bis {last} → {person.deputy}{_deputy_there(person)}"


def _deputy_there(person: Person) -> str:
    """Why who stands in is not there today either, or nothing."""
    if not person.deputy_active:
        return ", Konto nicht aktiv"
    if person.deputy_absent:
        return ", auch abwesend"
    return "" if person.deputy_works else ", heute kein Arbeitstag"

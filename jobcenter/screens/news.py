"""Neues: what others did in one's own caseload since one last filed it away; a quiet list, read by nobody else."""

import datetime as dt
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from casework.actions import file_news_away
from casework.views.common import case_view, user_of
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import WEEKDAYS, day_label
from jobcenter.screens.news_events import Event, read_news, sentence

PER_PAGE = 40


@require_GET
@case_view
def news(request: HttpRequest) -> HttpResponse:
    """What is new, by day, newest first; looking writes nothing.

    Further pages look at the same moment as the first one, so that nothing slips between two of them.
    """
    now = timezone.now()
    until = min(read_moment(request.GET.get("bis", "")) or now, now)
    page = max(1, read_number(request.GET.get("seite"), biggest=999) or 1)
    since, filed, events = read_news(user_of(request).pk, until, first=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    more = len(events) > PER_PAGE
    local = timezone.localtime(since)
    context = {
        "since_label": f"{day_label(local.date())}, {local:%H:%M} Uhr",
        "filed": filed,
        "days": [
            {"label": day_label(day), "iso": day.isoformat(), "rows": list(rows)}
            for day, rows in groupby(map(_row, events[:PER_PAGE]), key=lambda row: row["day"])
        ],
        "until": until.isoformat(),
        "several_pages": more or page > 1,
        "newer_url": _page_url(page - 1, until) if page > 1 else "",
        "older_url": _page_url(page + 1, until) if more else "",
    }
    return render(request, "screens/news.html", context)


@require_POST
@case_view
def news_read(request: HttpRequest) -> HttpResponse:
    """ "Als gelesen ablegen": up to the moment of the page, so that nothing that came after it is filed away unseen."""
    until = read_moment(request.POST.get("bis", ""))
    if until is None:
        messages.error(request, "Das ließ sich nicht ablegen. Bitte laden Sie die Seite neu.")
    else:
        file_news_away(until=until, by=user_of(request))
        messages.success(request, "Als gelesen abgelegt.")
    return redirect("screens:news")


def read_moment(text: str) -> dt.datetime | None:
    """A moment with its zone, or None for anything else."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return None if moment is None or timezone.is_naive(moment) else moment


def news_line(since: dt.datetime, count: int) -> str:
    """`Neu seit Di, 17.11.: 3` for Heute; nothing new, no line."""
    day = timezone.localdate(since)
    return f"Neu seit {WEEKDAYS[day.weekday()]}, {day:%d.%m.}: {count}" if count else ""


def _page_url(page: int, until: dt.datetime) -> str:
    return f"{reverse('screens:news')}?{urlencode({'seite': page, 'bis': until.isoformat()})}"


def _row(event: Event) -> dict[str, Any]:
    local = timezone.localtime(event.at)
    return {
        "day": local.date(),
        "iso": f"{local:%Y-%m-%dT%H:%M}",
        "time": f"{local:%H:%M}",
        "who": event.who,
        "number": event.number,
        "name": event.name,
        "url": f"/faelle/{event.number}/" if event.name else "",
        "text": sentence(event),
    }

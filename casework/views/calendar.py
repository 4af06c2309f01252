"""Kalender: the Folgetermine of a day or a week, and the address under which a calendar program reads them."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from casework.actions.calendar import create_calendar_address, hash_of, revoke_calendar_address
from casework.exchange.ics import write_calendar
from casework.models import CalendarFeed
from casework.models.calendar import Appointment, read_appointments, read_feed
from casework.models.people import load_account
from casework.permissions import can_work_on_cases
from casework.views.acting import leave
from casework.views.common import case_view, user_of
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.workdays import WEEKDAYS, day_label, holiday_name

FIRST_YEAR, LAST_YEAR = 2000, 2099
WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


# --- the page ---


@require_GET
@case_view
def calendar(request: HttpRequest) -> HttpResponse:
    """A day (`tag`) or a week (`woche`); without either, or with what is no date, this week."""
    today = timezone.localdate()
    day = _day(request.GET.get("tag"))
    shown = day or _day(request.GET.get("woche")) or today
    first = shown if day else shown - dt.timedelta(days=shown.weekday())
    last = first if day else first + dt.timedelta(days=6)
    with widened(Purpose.CALENDAR):  # the days of a substitution that lies ahead
        found = read_appointments(user_of(request).pk, first, last, today)
    context = {
        "is_day": day is not None,
        "title": day_label(first) if day else _week_label(first),
        "days": [_day_context(each, found, today) for each in _days(first, last, found)],
        "total": len(found),
        "earlier_url": _url(day, first - (DAY if day else WEEK)),
        "later_url": _url(day, first + (DAY if day else WEEK)),
        "now_url": _url(day, today),
        "other_url": _url(None if day else shown, today if not day and first <= today <= last else first),
        "address_url": reverse("casework:calendar_address"),
    }
    return render(request, "casework/calendar.html", context)


def _day(text: str | None) -> dt.date | None:
    """`2026-11-30`; None when it is no date, or one so far away that its neighbours are none."""
    try:
        day = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _url(day: dt.date | None, shown: dt.date) -> str:
    return f"{reverse('casework:calendar')}?{'tag' if day else 'woche'}={shown.isoformat()}"


def _week_label(monday: dt.date) -> str:
    """`Woche 49: 30.11. bis 06.12.2026`."""
    return f"Woche {monday.isocalendar().week}: {monday:%d.%m.} bis {monday + dt.timedelta(days=6):%d.%m.%Y}"


def _days(first: dt.date, last: dt.date, found: list[Appointment]) -> list[dt.date]:
    """Every day but an empty Saturday and Sunday of a week."""
    taken = {appointment.due_on for appointment in found}
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if first == last or day.weekday() < 5 or day in taken]


def _day_context(day: dt.date, found: list[Appointment], today: dt.date) -> dict[str, Any]:
    return {
        "iso": day.isoformat(),
        "label": day_label(day),
        "is_today": day == today,
        "holiday": holiday_name(day) or "",
        "url": _url(day, day),
        "rows": [
            {
                "time": f"{timezone.localtime(each.starts_at):%H:%M}",
                "at": each.starts_at.isoformat(),
                "name": each.name,
                "number": each.number,
                "subject": each.subject,
                "place": each.place,
                "for_whom": each.for_whom,
            }
            for each in found
            if each.due_on == day
        ],
    }


# --- the address ---


@require_http_methods(["GET", "POST"])
@case_view
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Make the address anew or revoke it. It stands in the answer to this one request and is kept nowhere."""
    user = user_of(request)
    address = ""
    if request.method == "POST":
        if "widerrufen" in request.POST:
            if revoke_calendar_address(by=user):
                messages.success(request, "Die Adresse ist widerrufen. Ihr Kalender bekommt nichts mehr.")
            return leave(request, "casework:calendar_address")
        made = create_calendar_address(by=user)
        address = request.build_absolute_uri(reverse("casework:calendar_feed", args=[made.token]))
    feed = CalendarFeed.objects.filter(user=user, revoked_at=None).first()
    context = {
        "address": address,
        "since": _since(feed.created_at) if feed else "",
        "back_url": reverse("casework:calendar"),
    }
    return render(request, "casework/calendar_address.html", context)


def _since(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{WEEKDAYS[local.weekday()]}, {local:%d.%m.%Y %H:%M}"


# --- what a calendar program reads ---


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a token; no session is needed.

    Unknown, revoked and belonging to an inactive account answer alike: the 404 of any other address.
    """
    feed = CalendarFeed.objects.filter(token_hash=hash_of(token), revoked_at=None).first()
    user = load_account(feed.user_id) if feed else None
    if user is None or not can_work_on_cases(user):
        raise Http404
    now = timezone.now()
    with widened(Purpose.CALENDAR):  # what has passed to others is called off in the calendar of who had it
        found = read_feed(user.pk, now, timezone.localdate(now))
    response = HttpResponse(
        write_calendar(found, now),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = 'inline; filename="kalender.ics"'
    response["Cache-Control"] = "no-store"
    return response

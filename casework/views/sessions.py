"""One's own sessions: where one is signed in, how to end it there, and how long this one still lasts."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.actions.sessions import end_sessions, note_use, open_sessions_of
from casework.views.common import user_of
from jobcenter.platform.sessions import absolute_limit, hash_of, idle_limit


@require_GET
def session_list(request: HttpRequest) -> HttpResponse:
    """Each open session with its network and browser as coarsely as one recognises them."""
    rows = open_sessions_of(user_of(request).pk, timezone.now())
    own = hash_of(str(request.session.session_key))
    sessions = [
        {
            "id": row.pk,
            "program": row.program,
            "network": row.network,
            "since": row.signed_in_at,
            "used": row.last_seen_at,
            "is_this": row.session_hash == own,
        }
        for row in rows
    ]
    sessions.sort(key=lambda session: not session["is_this"])
    context = {"sessions": sessions, "others": any(not session["is_this"] for session in sessions)}
    return render(request, "casework/session_list.html", context)


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, not this one: for that there is "Abmelden"."""
    return _end(request, pk)


@require_POST
def session_end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    return _end(request, None)


def _end(request: HttpRequest, pk: int | None) -> HttpResponse:
    user = user_of(request)
    ended = end_sessions(
        user_id=user.pk,
        by_id=user.pk,
        except_key=str(request.session.session_key),
        only=pk,
        request_id=getattr(request, "id", None),
    )
    words = {0: "Diese Sitzung war schon beendet.", 1: "Eine Sitzung ist beendet."}
    messages.success(request, words.get(ended, f"{ended} Sitzungen sind beendet."))
    return redirect("casework:session_list")


@require_http_methods(["GET", "POST"])
def session_left(request: HttpRequest) -> HttpResponse:
    """How many seconds the session still lasts. Asking by GET is no activity; POST is "Weiter arbeiten"."""
    now = timezone.now()
    if request.method == "POST":
        note_use(str(request.session.session_key), now)
    began, used = getattr(request.session, "opened", None) or (now, now)
    if request.method == "POST":
        used = now
    return JsonResponse(seconds_left(began, used, now))


def seconds_left(began: dt.datetime, used: dt.datetime, now: dt.datetime) -> dict[str, int]:
    """Until the session ends for want of activity, and at the latest."""
    return {
        "idle": max(0, int((used + idle_limit() - now).total_seconds())),
        "absolute": max(0, int((began + absolute_limit() - now).total_seconds())),
    }

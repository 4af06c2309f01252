"""Behind the sign-in page: nobody works without a second factor, and sessions are kept while somebody works in them."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from casework.actions.sessions import keep_session, note_use
from casework.enums import SecondFactor
from casework.models import User
from jobcenter.platform.factors import has_factor
from jobcenter.platform.origin import is_on_this_machine, network_of, program_of

# What the session says about the second factor: by what it was given, that it was left out, or that it is asked for.
FACTOR, LEFT_OUT, ASKED = "second_factor", "left_out", "asked"
# When the person signed in, and when they last showed a second factor.
SIGNED_IN_AT, PROVED_AT = "signed_in_at", "proved_at"
GIVEN = frozenset(SecondFactor.values)

# Without a second factor: the pages to give one, to set up the first one, and the way out.
TO_GIVE = frozenset({"second_factor", "second_factor_key"})
TO_SET_UP = frozenset({"casework:factor_choose", "casework:factor_app", "casework:factor_key"})
ALWAYS = frozenset({"logout", "sign_in_again", "directory", "directory_return", "login"})
# Asked by pages themselves: nobody is working because of them.
PASSIVE = frozenset({"casework:import_progress", "casework:session_left", "casework:calendar_feed", "logout"})
# An answer within so many seconds of the last one need not be written down.
TOUCHED_EVERY = dt.timedelta(seconds=30)


def may_leave_out(request: HttpRequest) -> bool:
    """The demonstration asks for no second factor, as long as it is asked from this machine and without a proxy."""
    return bool(settings.SECOND_FACTOR_OPTIONAL) and is_on_this_machine(request)


def factor_is_given(request: HttpRequest) -> bool:
    """Whether this session may work: by a second factor, or in the demonstration without one."""
    state = request.session.get(FACTOR)
    return state in GIVEN or (state in (None, LEFT_OUT) and may_leave_out(request))


def works_without_factor(request: HttpRequest) -> bool:
    """Whether every page has to say that no second factor is asked for here."""
    session = getattr(request, "session", None)
    return may_leave_out(request) and (session is None or session.get(FACTOR) in (None, LEFT_OUT))


class SecondFactorRequired:
    """A session with a password alone reaches nothing but the way to its second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Runs after LoginRequired: public views are public, everything else is asked for here."""
        user = request.user
        if not isinstance(user, User) or not getattr(view, "login_required", True) or factor_is_given(request):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ALWAYS:
            return None
        known = has_factor(user.pk)
        if name in (TO_GIVE if known else TO_SET_UP):
            return None
        if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
            return HttpResponse(status=401)
        page = reverse("second_factor") if known else reverse("casework:factor_choose")
        following = request.get_full_path() if request.method == "GET" and name not in TO_GIVE | TO_SET_UP else ""
        return redirect(f"{page}?{urlencode({'next': following})}" if following not in ("", "/") else page)


class SessionKept:
    """Note that somebody works in this session, at its first request and then at most twice a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        user = request.user
        if not isinstance(user, User) or not request.session.session_key:
            return
        if request.resolver_match and request.resolver_match.view_name in PASSIVE:
            return
        opened = getattr(request.session, "opened", None)
        now = timezone.now()
        if opened is None:
            keep(request, user.pk, now)
        elif now - opened[1] >= TOUCHED_EVERY:
            note_use(str(request.session.session_key), now)


def keep(request: HttpRequest, user_id: int, now: dt.datetime) -> None:
    """Write down the session of this request; it began when the person signed in, whatever key it has by now."""
    told = request.session.get(SIGNED_IN_AT)
    keep_session(
        user_id=user_id,
        session_key=str(request.session.session_key),
        signed_in_at=dt.datetime.fromisoformat(told) if told else now,
        now=now,
        network=network_of(request),
        program=program_of(request),
    )

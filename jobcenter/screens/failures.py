"""A page for everything that can go wrong. Static, so that two refusals never differ in their body."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from jobcenter.platform import patience
from jobcenter.platform.frame import unavailable


def _page(status: int, template: str = "") -> HttpResponse:
    return HttpResponse(render_to_string(f"errors/{template or status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it was the database that was gone or took too long: the page then asks to try again."""
    error = sys.exc_info()[1]
    if patience.ran_out(error):
        return patience.took_too_long(request)
    if isinstance(error, OperationalError | InterfaceError):
        return unavailable(request)
    return _page(500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of an earlier session: the sentence is that of an ended session; a script gets 403 without a body."""
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return HttpResponse(status=403)
    return _page(403, "session_over")

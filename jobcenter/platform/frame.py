"""The transaction frame: one outer transaction around each request, with its context (design.md 8).

The view itself is a savepoint in it (ATOMIC_REQUESTS). So a refusal rolls the view's work back and still keeps the
access event that tells of it, and a response that is rendered late is rendered inside the transaction.

The context says who asks; PostgreSQL shows and takes rows by it (jobcenter.platform.context).
"""

import logging
import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from jobcenter.platform import context, patience

logger = logging.getLogger(__name__)

UNFRAMED_PATHS = frozenset({"/healthz"})

type_of_next = Callable[[HttpRequest], HttpResponseBase]


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer while the database or the evidence cannot be written: nothing was done, nothing is shown."""
    response = HttpResponse(render_to_string("errors/503.html"), status=503)
    response["Retry-After"] = "10"
    response["Cache-Control"] = "no-store"
    return response


class TransactionFrame:
    """Open the outer transaction, and answer 503 when it cannot be opened, kept or committed."""

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in UNFRAMED_PATHS:
            return self.get_response(request)
        request.id = uuid.uuid4()  # type: ignore[attr-defined]  # one id for log lines and evidence
        response: HttpResponseBase | None = None
        try:
            with transaction.atomic(), context.nobody():
                response = self.get_response(request)
                broken = connection.needs_rollback
        except (OperationalError, InterfaceError) as error:
            logger.error("the transaction of a request failed: %s", type(error).__name__)
            if response is not None and response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                # The view has met it already and said what it was; all that failed now is the end.
                return response
            return patience.took_too_long(request) if patience.ran_out(error) else unavailable(request)
        except DatabaseError as error:
            if patience.ran_out(error):
                logger.error("the transaction of a request took too long: %s", type(error).__name__)
                return patience.took_too_long(request)
            # A deferred rule met at COMMIT: actions force them earlier, so this is a fault of ours.
            logger.exception("a rule was met only at COMMIT: %s", type(error).__name__)
            return unavailable(request)
        if broken and response.status_code < 500:
            # Django rolls such a transaction back without a word; a success must not be claimed.
            return unavailable(request)
        return response


class ActorContext:
    """Tell PostgreSQL who asks, for as long as this transaction lasts; keep answers out of every cache."""

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = None if request.path in UNFRAMED_PATHS else getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            context.set_actor(user_id=user.pk, request_id=request.id)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class LoginRequired(LoginRequiredMiddleware):
    """Everything needs a login. A request by script gets 401 without a body, so that the page keeps its text."""

    def handle_no_permission(self, request, view_func):  # type: ignore[no-untyped-def]
        if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)

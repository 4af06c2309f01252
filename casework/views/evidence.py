"""Refusals are evidence too: they are written after the view's savepoint is gone, in the request's transaction."""

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from casework.actions import EvidenceUnavailable
from casework.enums import AccessKind
from casework.models import Case
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.frame import unavailable

logger = logging.getLogger(__name__)


def note_refusal(request: HttpRequest, number: str = "") -> None:
    """Remember that a case was asked for and not shown; written by RefusalRecorder."""
    request.refused_numbers = [*getattr(request, "refused_numbers", []), number]  # type: ignore[attr-defined]


class RefusalRecorder:
    """Write the refusals of this request, and answer 503 whenever evidence cannot be written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        numbers = getattr(request, "refused_numbers", [])
        if not numbers:
            return response
        try:
            # The case that was refused is none of the person's own: only this purpose finds its id.
            with widened(Purpose.EVIDENCE):
                ids = dict(Case.objects.filter(number__in=numbers).values_list("number", "pk"))
            # A savepoint of its own, so that a failure here is answered and not met at COMMIT.
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO casework_accessevent (user_id, kind, case_id, ids, request_id) VALUES "
                    "(%s, %s, %s, '{}', %s)",
                    [
                        [request.user.pk, AccessKind.REFUSED.value, ids.get(number), request.id]  # type: ignore[attr-defined]
                        for number in numbers
                    ],
                )
        except DatabaseError:
            logger.error("a refusal could not be recorded")
            return unavailable(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, EvidenceUnavailable):
            logger.error("an access could not be recorded; nothing was shown")
            return unavailable(request)
        return None

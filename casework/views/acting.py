"""Who acts on a case: the responsible IFK, whoever takes part, and whoever stands in for one of them today."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from casework.enums import AccessKind, GrantKind
from casework.models import AccessGrant, Case, Counsellor, User
from casework.views.common import absent, load_case, user_of
from jobcenter.platform.context import Purpose, widened


def acts_on(user: User, case: Case) -> bool:
    """The user works on this case; reading it with a reason is not enough to write (design.md 7)."""
    return Case.objects.acted_on_by(user).filter(pk=case.pk).exists()


def load_to_write(request: HttpRequest, number: str) -> Case:
    """Load a case that the user may open, and refuse (403) who only reads it.

    A case that has ended meanwhile is refused by the action, so that what was typed comes back (409).
    """
    event = AccessKind.FILE_OPENED if request.method == "GET" else None
    return load_case(request, number, event=event, write=True)


@widened(Purpose.LOOK_UP)
def granted_case(user: User, number: str) -> Case | None:
    """The case for which the user has taken access today ("Zugriff mit Anlass"); nothing of its file may be shown."""
    grant = (
        AccessGrant.objects.filter(
            user=user, kind=GrantKind.RECORD, during__contains=timezone.now(), case__number=number
        )
        .select_related("case__client")
        .first()
    )
    return grant.case if grant else None


def request_id_of(request: HttpRequest) -> uuid.UUID | None:
    """The one id that log lines and evidence of this request share."""
    return getattr(request, "id", None)


def load_visible(request: HttpRequest, number: str) -> Case:
    """Load a case by what lists show of it: a team lead steers responsibility without reading the file."""
    case = Case.objects.visible_to(user_of(request)).select_related("client").filter(number=number).first()
    if case is None:
        raise absent(request, number)
    return case


def responsible_counsellor(case: Case) -> Counsellor | None:
    """The responsible IFK, or who was it last."""
    assignment = case.assignments.select_related("counsellor__user").order_by("-during").first()
    return assignment.counsellor if assignment else None


def leave(request: HttpRequest, to: str, **kwargs: Any) -> HttpResponse:
    """Go on to another page, asked by HTMX or by a plain form."""
    url = resolve_url(to, **kwargs)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(url)
    return redirect(url)


def to_file(request: HttpRequest, case: Case) -> HttpResponse:
    """Back to the file, or to Heute for whom it is no longer readable."""
    if Case.objects.readable_by(user_of(request)).filter(pk=case.pk).exists():
        return leave(request, "screens:case_file", number=case.number)
    return leave(request, "screens:today")

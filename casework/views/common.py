"""What the views of this app share: loading is authorising, and a refused form keeps what was typed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from casework.actions import Conflict, Refused, record_access
from casework.enums import AccessKind
from casework.models import Case, User
from casework.permissions import can_work_on_cases
from casework.views.evidence import note_refusal


class Redirect(Exception):
    """Leave the view for another page (a team lead is asked for the reason first)."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__()


def case_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view about cases: only for who has business with them (§ 35 SGB I), and it may send elsewhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request, can_work_on_cases(user_of(request)))
        try:
            return view(request, *args, **kwargs)
        except Redirect as elsewhere:
            return elsewhere.response

    return guarded


def user_of(request: HttpRequest) -> User:
    """The signed-in user; LoginRequired has seen to it that there is one."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (narrows the type for mypy)
    return user


def require(request: HttpRequest, allowed: bool) -> None:
    """Seen but not permitted: 403, and the refusal goes on record."""
    if not allowed:
        note_refusal(request)
        raise PermissionDenied


def absent(request: HttpRequest, number: str = "") -> Http404:
    """`raise absent(…)`: what is not there and what one may not see answer alike, and the refusal goes on record."""
    note_refusal(request, number)
    return Http404()


def load_case(
    request: HttpRequest,
    number: str,
    *,
    event: AccessKind | None = AccessKind.FILE_OPENED,
    write: bool = False,
) -> Case:
    """Load a case that the user may open, and put the opening on record in the same transaction.

    A foreign case, an absent one and one of a finished substitution answer alike: 404. A team lead who sees the case
    in lists is asked for a reason first. `event` is None for requests that show nothing of the file; with `write`, who
    only reads with a reason is refused (403).
    """
    user = user_of(request)
    scope = Case.objects.acted_on_by(user) if write else Case.objects.readable_by(user)
    case = scope.select_related("client").filter(number=number).first()
    if case is None and write:
        require(request, not Case.objects.readable_by(user).filter(number=number).exists())
    if case is None:
        if Case.objects.visible_to(user).filter(number=number).exists():
            raise Redirect(redirect("casework:access_read", number=number))
        raise absent(request, number)
    if event is not None:
        record_access(event, user_id=user.pk, case_id=case.pk, request_id=getattr(request, "id", None))
    return case


@contextmanager
def refusals_into(form: forms.Form) -> Iterator[None]:
    """Put what an action refuses beside the form's field, or on top of the form."""
    try:
        yield
    except Refused as refused:
        if isinstance(refused, Conflict):
            form.conflict = True  # type: ignore[attr-defined]
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def answer_form(
    request: HttpRequest, template: str, form: forms.Form, context: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of a form: 200, 422 when something is to be mended, 409 when somebody else was first."""
    status = 200
    if form.is_bound and form.errors:
        status = 409 if getattr(form, "conflict", False) else 422
    return render(request, template, {**(context or {}), "form": form}, status=status)

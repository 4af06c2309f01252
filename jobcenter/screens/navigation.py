"""What the frame of every page shows: navigation with the counter, banners, the user's own settings."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from casework.models import FollowUp, Substitution, User
from casework.permissions import can_enter_absences, can_work_on_cases

PREVIOUS_USER = "fallarbeit.previous-user"


def substitutions_of(request: HttpRequest) -> list[dict[str, Any]]:
    """For whom the user stands in today; read once per request."""
    cached: list[dict[str, Any]] | None = getattr(request, "substitutions", None)
    if cached is None:
        today = timezone.localdate()
        cached = list(
            Substitution.objects.in_force(today)
            .of_substitute(request.user.pk)  # type: ignore[arg-type]
            .order_by("absent_user__last_name")
            .values("absent_user_id", "absent_user__first_name", "absent_user__last_name", "during")
        )
        request.substitutions = cached  # type: ignore[attr-defined]
    return cached


def user_token(user: User) -> str:
    """Names the signed-in user to the sign-in dialog, without saying who it is."""
    return signing.dumps(user.pk, salt=PREVIOUS_USER)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The context processor of base.html. Fragments of pages do not ask for it, and it is lazy for them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"nav": LazyNavigation(request, user)}


class LazyNavigation:
    """Computes the frame only when a template shows it."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.request = request
        self.user = user
        self.user_name = user.full_name
        self.keys = user.shortcuts_enabled
        self.keys_off = not user.shortcuts_enabled
        self.theme = user.theme
        self.demo = settings.DEMO

    @property
    def organisation(self) -> str:
        return self.user.organisation.name

    @property
    def user_token(self) -> str:
        return user_token(self.user)

    @property
    def banners(self) -> list[dict[str, str]]:
        return [
            {
                "kind": "info",
                "text": f"Vertretung für {row['absent_user__first_name']} {row['absent_user__last_name']}"
                f" bis {last_day(row['during']):%d.%m.}",
            }
            for row in (substitutions_of(self.request) if can_work_on_cases(self.user) else [])
        ]

    @property
    def items(self) -> list[dict[str, Any]]:
        path = self.request.path
        items: list[dict[str, Any]] = []
        if can_work_on_cases(self.user):
            count = FollowUp.objects.due_count(self.user, timezone.localdate())
            items.append({"label": "Heute", "url": "/", "key": "h", "current": path == "/", "count": count})
            items.append({"label": "Fälle", "url": "/faelle/", "key": "f", "current": path.startswith("/faelle/")})
        if can_enter_absences(self.user):
            items.append(
                {"label": "Vertretungen", "url": "/vertretungen/", "current": path.startswith("/vertretungen/")}
            )
        if self.user.is_staff:
            items.append({"label": "Verwaltung", "url": "/verwaltung/", "current": False})
        return items


def last_day(during: Any) -> Any:
    """The last day of a period whose upper bound is not included."""
    return during.upper - dt.timedelta(days=1)

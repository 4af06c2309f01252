"""Sign-in as a page, and again in a dialog when a session ended while somebody was writing."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from casework.enums import RoleName
from casework.permissions import CURATE_OFFERS, can_work_on_cases, has_permission
from casework.views.common import user_of
from jobcenter.screens import today
from jobcenter.screens.navigation import PREVIOUS_USER

# Shown on the sign-in page of the demonstration alone; seed_demo makes these accounts.
DEMO_PASSWORD = "fallarbeit-demo"  # noqa: S105  (the published password of invented accounts)
DEMO_LOGINS = [
    (RoleName.COUNSELLOR, "kim.ahrens"),
    (RoleName.TEAM_LEAD, "tom.berger"),
    (RoleName.OFFER_MANAGER, "pia.moeller"),
    (RoleName.CONFIG_ADMIN, "frida.kuhn"),
]


class SignIn(LoginView):
    """Django's sign-in; the demonstration names its invented accounts."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            context["demo_logins"] = [{"role": role.label, "username": name} for role, name in DEMO_LOGINS]
            context["demo_password"] = DEMO_PASSWORD
        return context


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Sign in from the dialog. GET gives a fresh token; POST answers whether the same person is back.

    Whoever signs in as somebody else is told so, and the page gives away nothing of what stood there.
    """
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request)})
    form = AuthenticationForm(request, data=request.POST)
    if not form.is_valid():
        return JsonResponse({}, status=422)
    try:
        previous = signing.loads(str(request.POST.get("previous", "")), salt=PREVIOUS_USER)
    except signing.BadSignature:
        previous = None
    login(request, form.get_user())
    return JsonResponse({"csrf": get_token(request), "same_user": previous == form.get_user().pk})


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Heute for who counsels or leads; the others go to what is theirs."""
    user = user_of(request)
    if can_work_on_cases(user):
        return today.today(request)
    if has_permission(user, CURATE_OFFERS):
        return redirect("/angebotspflege/")
    return redirect("/verwaltung/" if user.is_staff else "help")

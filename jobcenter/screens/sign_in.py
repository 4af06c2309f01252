"""Sign-in as a page, and again in a dialog when a session ended while somebody was writing."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.actions.sessions import forget_session
from casework.enums import RoleName
from casework.models import User
from casework.permissions import CURATE_OFFERS, can_work_on_cases, has_permission
from casework.views.common import user_of
from casework.views.guard import factor_is_given
from casework.views.second_factor import too_often
from casework.views.signing_in import is_asked_for_factor, remember_device, try_code, try_password
from jobcenter.screens import today
from jobcenter.screens.navigation import PREVIOUS_USER

WRONG = "Anmeldename oder Passwort stimmt nicht. Groß- und Kleinschreibung zählt bei beiden."
# Shown on the sign-in page of the demonstration alone; seed_demo makes these accounts.
DEMO_PASSWORD = "fallarbeit-demo"  # noqa: S105  (the published password of invented accounts)
DEMO_LOGINS = [
    (RoleName.COUNSELLOR, "kim.ahrens"),
    (RoleName.TEAM_LEAD, "tom.berger"),
    (RoleName.OFFER_MANAGER, "pia.moeller"),
    (RoleName.CONFIG_ADMIN, "frida.kuhn"),
]


class SignIn(LoginView):
    """Django's sign-in, which slows who guesses; the demonstration names its invented accounts."""

    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Signed in, on the way to the second factor, wrong (200 with the form, as ever), or slowed (429)."""
        outcome = try_password(request, *credentials_of(request))
        if outcome.user:
            done = redirect(self.get_success_url())
            if not is_asked_for_factor(request):
                remember_device(request, done, outcome.user.username)
            return done
        form = self.get_form_class()(request, initial={"username": request.POST.get("username", "")[:254]})
        refusal = too_often(outcome) if outcome.wait else WRONG
        response = self.render_to_response(self.get_context_data(form=form, refusal=refusal))
        if outcome.wait:
            response.status_code = outcome.status
            response["Retry-After"] = str(outcome.wait)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["directories"] = [
            {"url": reverse("directory", kwargs={"slug": slug}), "name": provider.name}
            for slug, provider in settings.OIDC_PROVIDERS.items()
        ]
        if settings.DEMO:
            context["demo_logins"] = [{"role": role.label, "username": name} for role, name in DEMO_LOGINS]
            context["demo_password"] = DEMO_PASSWORD
        return context


class SignOut(LogoutView):
    """Django's sign-out; the session leaves the list of its owner, too."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        forget_session(request.session.session_key)
        return super().post(request, *args, **kwargs)


def credentials_of(request: HttpRequest) -> tuple[str, str]:
    """Name and password as they were typed; what is longer than any can be is cut, and therefore wrong."""
    return request.POST.get("username", "")[:254], request.POST.get("password", "")[:4096]


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Sign in from the dialog. GET gives a fresh token; POST answers whether the same person is back.

    With `code` it is the second step; with `check` the page asks whether somebody has signed in in another window.
    Whoever signs in as somebody else is told so, and the page gives away nothing of what stood there.
    """
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request)})
    if "check" in request.POST:
        return again_answer(request) if request.user.is_authenticated else JsonResponse({}, status=422)
    if "code" in request.POST:
        if not isinstance(request.user, User):
            return JsonResponse({"start": True}, status=422)
        outcome = try_code(request, request.user, str(request.POST["code"])[:40])
    else:
        outcome = try_password(request, *credentials_of(request))
    if outcome.user is None:
        words = {"text": too_often(outcome)} if outcome.wait else {}
        return JsonResponse(words, status=outcome.status)
    response = again_answer(request)
    if factor_is_given(request):
        remember_device(request, response, outcome.user.username)
    return response


def again_answer(request: HttpRequest) -> JsonResponse:
    """The token for what follows, whether a second factor is still missing, and whether it is the same person."""
    answer: dict[str, Any] = {"csrf": get_token(request)}
    if not factor_is_given(request):
        return JsonResponse({**answer, "factor": True})
    try:
        previous = signing.loads(str(request.POST.get("previous", "")), salt=PREVIOUS_USER)
    except signing.BadSignature:
        previous = None
    return JsonResponse({**answer, "same_user": previous == request.user.pk})


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Heute for who counsels or leads; the others go to what is theirs."""
    user = user_of(request)
    if can_work_on_cases(user):
        return today.today(request)
    if has_permission(user, CURATE_OFFERS):
        return redirect("/angebotspflege/")
    return redirect("/verwaltung/" if user.is_staff else "help")

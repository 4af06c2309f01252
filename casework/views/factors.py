"""One's own second factors: which there are, a first or a further one, and the way back without a device."""

import base64
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.actions import Refused, second_factors
from casework.enums import SecondFactor
from casework.forms.sign_in import AppForm
from casework.views.common import refusals_into, user_of
from casework.views.guard import FACTOR, GIVEN, may_leave_out
from casework.views.second_factor import credential_of
from casework.views.signing_in import factor_given, has_proved_lately, remember_device
from jobcenter.platform import factors
from jobcenter.platform.sealing import Unsealable, seal, unseal

SECRET_SHOWN_FOR = 1800  # seconds
View = Callable[..., HttpResponse]


def is_first(request: HttpRequest) -> bool:
    """Whether this session has not given a second factor: then it may set up the first one, and none beside others."""
    return request.session.get(FACTOR) not in GIVEN


def proved(view: View) -> View:
    """Changes of factors ask for one of them again; whoever has none yet sets up the first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = user_of(request)
        if not factors.has_factor(user.pk) or has_proved_lately(request):
            return view(request, *args, **kwargs)
        back = request.path if request.method == "GET" else reverse("casework:factor_list")
        return redirect(f"{reverse('second_factor')}?{urlencode({'next': back})}")

    return guarded


@require_GET
def factor_list(request: HttpRequest) -> HttpResponse:
    """What is set up, when it was used, and how many recovery codes are left."""
    rows = factors.factors_of(user_of(request).pk)
    main = [row for row in rows if row.type in factors.MAIN]
    context = {
        "factors": [
            {
                "id": row.pk,
                "name": row.data.get("name") if row.type == factors.KEY else "App mit Codes",
                "kind": "Sicherheitsschlüssel" if row.type == factors.KEY else "App",
                "since": row.created_at,
                "used": row.last_used_at,
            }
            for row in main
        ],
        "has_app": any(row.type == factors.TOTP for row in main),
        "removable": len(main) > 1,
        "codes_left": factors.recovery_codes_left(rows),
    }
    return render(request, "casework/factor_list.html", context)


@require_GET
def factor_choose(request: HttpRequest) -> HttpResponse:
    """The first time: app or key."""
    if factors.has_factor(user_of(request).pk):
        return redirect("casework:factor_list")
    return render(request, "casework/factor_choose.html", {"waits": is_first(request) and not may_leave_out(request)})


@proved
@require_http_methods(["GET", "POST"])
def factor_app(request: HttpRequest) -> HttpResponse:
    """Set up an app: scan, then give a code that it shows. Until then the secret travels sealed and is kept nowhere."""
    user = user_of(request)
    form = AppForm(request.POST if request.method == "POST" else None)
    secret = opened(str(request.POST.get("sealed", "")), user.pk) if request.method == "POST" else ""
    if request.method == "POST" and form.is_valid():
        if not secret:
            form.add_error(None, "Diese Seite war zu lange offen. Bitte das neue Bild scannen.")
        else:
            with refusals_into(form):
                codes = second_factors.add_app(
                    user=user,
                    secret=secret,
                    code=form.cleaned_data["code"],
                    first=is_first(request),
                    request_id=getattr(request, "id", None),
                )
                return after_adding(request, codes, SecondFactor.TOTP)
    secret = secret or factors.new_totp_secret()
    picture = base64.b64encode(factors.totp_picture(factors.totp_url(user, secret)).encode()).decode()
    context = {
        "form": form,
        "sealed": seal(f"{user.pk}.{secret}"),
        "picture": f"data:image/svg+xml;base64,{picture}",
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    return render(request, "casework/factor_app.html", context, status=422 if form.errors else 200)


def opened(sealed: str, user_id: int) -> str:
    """The secret that this person was shown within the last half hour, else nothing."""
    try:
        whose, _, secret = unseal(sealed, max_age=SECRET_SHOWN_FOR).partition(".")
    except Unsealable:
        return ""
    return secret if whose == str(user_id) else ""


@proved
@require_http_methods(["GET", "POST"])
def factor_key(request: HttpRequest) -> HttpResponse:
    """Set up a key: the page, what the browser needs to make one, and its answer."""
    user = user_of(request)
    if request.method == "GET":
        return render(request, "casework/factor_key.html")
    credential = credential_of(request)
    if credential is None:
        return JsonResponse(factors.begin_key(request, user))
    try:
        codes = second_factors.add_key(
            user=user,
            request=request,
            name=str(request.POST.get("name", "")),
            credential=credential,
            first=is_first(request),
        )
    except Refused as refused:
        context = {"refused": refused.message, "name": request.POST.get("name", "")[:60]}
        return render(request, "casework/factor_key.html", context, status=422)
    return after_adding(request, codes, SecondFactor.KEY)


def after_adding(request: HttpRequest, codes: list[str], given: SecondFactor) -> HttpResponse:
    """Whoever sets up a factor has given it. New recovery codes are shown in this answer and never again."""
    user = user_of(request)
    factor_given(request, user, given)
    if not codes:
        messages.success(request, "Der zweite Faktor ist eingerichtet.")
        return redirect("casework:factor_list")
    response = show_codes(request, codes, is_new=True)
    remember_device(request, response, user.username)
    return response


def show_codes(request: HttpRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    grouped = [f"{code[:5]} {code[5:]}" for code in codes]
    return render(request, "casework/factor_codes.html", {"codes": grouped, "is_new": is_new})


@require_POST
@proved
def factor_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the earlier ones hold no longer."""
    try:
        codes = second_factors.make_codes(user=user_of(request), request_id=getattr(request, "id", None))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("casework:factor_list")
    return show_codes(request, codes, is_new=False)


@require_POST
@proved
def factor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of several factors."""
    try:
        second_factors.remove_factor(user=user_of(request), factor_id=pk, request_id=getattr(request, "id", None))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Der zweite Faktor ist entfernt.")
    return redirect("casework:factor_list")

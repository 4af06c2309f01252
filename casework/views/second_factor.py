"""The second factor at signing in: a code or a key."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from casework.actions.account_events import record_account_event
from casework.actions.guessing import wait_in_words
from casework.enums import AccountEventKind, SecondFactor
from casework.forms.sign_in import CodeForm
from casework.views.common import user_of
from casework.views.signing_in import Outcome, factor_given, page_after, remember_device, try_code
from jobcenter.platform import factors

WRONG = "Dieser Code passt nicht oder wurde schon verwendet."
LARGEST = 20_000  # characters of a browser's answer for a key


def too_often(outcome: Outcome) -> str:
    return (
        f"Zu viele Fehlversuche. Bitte warten Sie {wait_in_words(outcome.wait)} und versuchen Sie es dann noch einmal."
    )


@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Give a code of the app or a recovery code, at signing in and again before factors are changed."""
    user = user_of(request)
    kinds = {row.type for row in factors.factors_of(user.pk)}
    if not kinds & set(factors.MAIN):
        return redirect("casework:factor_choose")
    form = CodeForm(request.POST if request.method == "POST" else None, help_text=help_for(kinds))
    outcome = Outcome()
    if request.method == "POST" and form.is_valid():
        outcome = try_code(request, user, form.cleaned_data["code"])
        if outcome.user:
            done = redirect(page_after(request))
            remember_device(request, done, user.username)
            return done
        form.add_error("code", too_often(outcome) if outcome.wait else WRONG)
    context = {
        "form": form,
        "next": page_after(request, ""),
        "has_app": factors.TOTP in kinds,
        "has_key": factors.KEY in kinds,
    }
    response = render(request, "casework/second_factor.html", context, status=outcome.status if form.errors else 200)
    if outcome.wait:
        response["Retry-After"] = str(outcome.wait)
    return response


def help_for(kinds: set[str]) -> str:
    if factors.TOTP in kinds:
        return "Die sechs Ziffern aus Ihrer App. Ohne Gerät: einer Ihrer Wiederherstellungscodes."
    return "Einer Ihrer Wiederherstellungscodes, wenn der Schlüssel nicht zur Hand ist."


@require_POST
def second_factor_key(request: HttpRequest) -> HttpResponse:
    """Sign in with a key. Without an answer of the key: what the browser needs to ask it."""
    user = user_of(request)
    answer = credential_of(request)
    if answer is None:
        return JsonResponse(factors.begin_check(request, user))
    if factors.check_key(request, user, answer) is None:
        record_account_event(
            AccountEventKind.FACTOR_FAILED, user_id=user.pk, by_id=user.pk, request_id=getattr(request, "id", None)
        )
        return JsonResponse({}, status=422)
    factor_given(request, user, SecondFactor.KEY)
    response = JsonResponse({"next": page_after(request)})
    remember_device(request, response, user.username)
    return response


def credential_of(request: HttpRequest) -> Any:
    """The browser's answer for a key, an object of JSON in the form; nothing where there is none."""
    text = str(request.POST.get("credential", ""))
    if not text:
        return None
    try:
        answer = json.loads(text) if len(text) <= LARGEST else {}
    except ValueError:
        answer = {}
    return answer if isinstance(answer, dict) else {}

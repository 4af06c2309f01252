"""The steps of signing in that its pages, its dialog and the directory share."""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from casework.actions.account_events import record_account_event
from casework.actions.guessing import folded, note_right, note_wrong, of_factor, of_password, seconds_to_wait
from casework.actions.sessions import forget_session
from casework.enums import AccountEventKind, SecondFactor
from casework.models import User
from casework.views.guard import ASKED, FACTOR, LEFT_OUT, PROVED_AT, SIGNED_IN_AT, keep, may_leave_out
from jobcenter.platform.factors import check_recovery_code, check_totp, has_factor
from jobcenter.platform.origin import network_of

DEVICE_COOKIE = "geraet_"
DEVICE_SALT = "fallarbeit.device"
DEVICE_AGE = 180 * 24 * 3600
PROVED_FOR = dt.timedelta(minutes=15)


@dataclass
class Outcome:
    """What became of a try: who it was, or how long to wait, or neither when it was wrong."""

    user: User | None = None
    wait: int = 0
    codes_left: int | None = field(default=None)

    @property
    def status(self) -> int:
        return 200 if self.user else 429 if self.wait else 422


# --- known devices -----------------------------------------------------------------------------------------


def device_cookie_of(username: str) -> str:
    """The cookie's name is the person's own: several people use one workstation. It does not tell whose it is."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"device\0" + folded(username).encode(), hashlib.sha256)
    # Its path is that of signing in alone, which __Host- would not allow.
    return ("__Secure-" if settings.SESSION_COOKIE_SECURE else "") + DEVICE_COOKIE + digest[:8].hex()


def known_device(request: HttpRequest, username: str) -> str:
    """The token of this device, if somebody with this name has signed in on it before; else nothing."""
    name = device_cookie_of(username)
    try:
        whose, token = signing.loads(request.COOKIES.get(name, ""), salt=DEVICE_SALT, max_age=DEVICE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(token) if whose == name else ""


def remember_device(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Whoever has signed in completely here is not slowed by what others try elsewhere with their name."""
    name = device_cookie_of(username)
    token = known_device(request, username) or secrets.token_urlsafe(16)
    response.set_cookie(
        name,
        signing.dumps([name, token], salt=DEVICE_SALT),
        max_age=DEVICE_AGE,
        path="/anmelden/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


# --- password ----------------------------------------------------------------------------------------------


def try_password(request: HttpRequest, username: str, password: str) -> Outcome:
    """Ask for the password, unless there were too many wrong ones. Unknown names are answered like known ones."""
    things = of_password(username, network_of(request), known_device(request, username))
    request_id = getattr(request, "id", None)
    if wait := seconds_to_wait(things):
        return Outcome(wait=wait)  # nothing is written: who knocks a thousand times fills no table
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        note_wrong(things)
        record_account_event(AccountEventKind.SIGN_IN_FAILED, username=username, request_id=request_id)
        if seconds_to_wait(things):
            record_account_event(AccountEventKind.SIGN_IN_SLOWED, username=username, request_id=request_id)
        return Outcome()
    note_right(things)
    begin_session(request, user)
    return Outcome(user=user)


def begin_session(request: HttpRequest, user: User, given: SecondFactor | None = None) -> None:
    """A new session after the password or the directory; the second factor is asked for unless `given`."""
    left_over = request.session.session_key
    request.session.flush()  # nothing of an earlier session, whoever it belonged to, lives on
    forget_session(left_over)
    login(request, user, backend="casework.permissions.RoleBackend")
    now = timezone.now()
    request.session[SIGNED_IN_AT] = now.isoformat()
    if given is not None:
        request.session[FACTOR] = given.value
        request.session[PROVED_AT] = now.isoformat()
    elif may_leave_out(request) and not has_factor(user.pk):
        request.session[FACTOR] = LEFT_OUT
    else:
        request.session[FACTOR] = ASKED
    keep(request, user.pk, now)
    record_account_event(
        AccountEventKind.SIGNED_IN, user_id=user.pk, by_id=user.pk, request_id=getattr(request, "id", None)
    )


def is_asked_for_factor(request: HttpRequest) -> bool:
    return bool(request.session.get(FACTOR) == ASKED)


# --- second factor -----------------------------------------------------------------------------------------


def try_code(request: HttpRequest, user: User, code: str) -> Outcome:
    """A code of the app or a recovery code. The session gets a new key when it was right."""
    things = of_factor(user.pk, known_device(request, user.username))
    ids: dict[str, Any] = {"user_id": user.pk, "by_id": user.pk, "request_id": getattr(request, "id", None)}
    if wait := seconds_to_wait(things):
        return Outcome(wait=wait)
    if check_totp(user.pk, code):
        given = SecondFactor.TOTP
    elif check_recovery_code(user.pk, code):
        given = SecondFactor.RECOVERY
    else:
        note_wrong(things)
        record_account_event(AccountEventKind.FACTOR_FAILED, **ids)
        if seconds_to_wait(things):
            record_account_event(AccountEventKind.FACTOR_SLOWED, **ids)
        return Outcome()
    note_right(things)
    factor_given(request, user, given)
    return Outcome(user=user)


def factor_given(request: HttpRequest, user: User, given: SecondFactor) -> None:
    """From now on this session works, under a key that nobody has seen before."""
    earlier = request.session.session_key
    now = timezone.now()
    request.session.cycle_key()
    forget_session(earlier)
    request.session[FACTOR] = given.value
    request.session[PROVED_AT] = now.isoformat()
    keep(request, user.pk, now)
    record_account_event(
        AccountEventKind.FACTOR_GIVEN, user_id=user.pk, by_id=user.pk, request_id=getattr(request, "id", None)
    )


def has_proved_lately(request: HttpRequest) -> bool:
    """Whether the second factor was shown within the last quarter of an hour: a window left open changes none."""
    told = request.session.get(PROVED_AT)
    return isinstance(told, str) and timezone.now() - dt.datetime.fromisoformat(told) < PROVED_FOR


def page_after(request: HttpRequest, fallback: str = "/") -> str:
    """Where to go on: a page of ours that the form or the address names."""
    wanted = str(request.POST.get("next", "") or request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and safe else fallback

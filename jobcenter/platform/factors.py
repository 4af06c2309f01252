"""Second factors: allauth's models and cryptography, hardened where they trust a cache or keep a secret readable.

`allauth.mfa` keeps TOTP secrets and the seed of the recovery codes as they are, and remembers a used code in a cache of
the process. Here both are sealed, and the last used step stands in the row itself, locked while it is looked at.
"""

import hmac
from collections.abc import Iterable
from typing import Any

from allauth.core import context
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from jobcenter.platform.sealing import Unsealable, seal, unseal

TOTP, KEY, RECOVERY = (
    Authenticator.Type.TOTP.value,
    Authenticator.Type.WEBAUTHN.value,
    Authenticator.Type.RECOVERY_CODES.value,
)
MAIN = (TOTP, KEY)
# What allauth and fido2 raise about an answer that does not fit, or is none at all.
UNFIT = (ValidationError, InvalidSignature, ValueError, TypeError, KeyError, AttributeError)
DIGITS = 6
ISSUER = "Fallarbeit"


class FactorAdapter(DefaultMFAAdapter):
    """What allauth asks of the application."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return ISSUER

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": ISSUER}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        name = user.get_username()
        return {"id": str(user.pk).encode(), "display_name": name, "name": name}


def factors_of(user_id: int) -> list[Authenticator]:
    """All factors of an account, oldest first, recovery codes among them."""
    return list(Authenticator.objects.filter(user_id=user_id).order_by("created_at", "pk"))


def has_factor(user_id: int) -> bool:
    """Whether the account has an app or a key; recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user_id, type__in=MAIN).exists()


# --- codes of an app ---------------------------------------------------------------------------------------


def new_totp_secret() -> str:
    return totp.generate_totp_secret()


def totp_url(user: Any, secret: str) -> str:
    return FactorAdapter().build_totp_url(user, secret)


def totp_picture(url: str) -> str:
    """The QR code as SVG."""
    return FactorAdapter().build_totp_svg(url)


def _step_of(secret: str, code: str, after: int = -1) -> int | None:
    """The step of time whose code this is, one before and one behind allowed; none at or before `after`."""
    digits = "".join(code.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
        return None
    for step in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, step))
        if step > after and hmac.compare_digest(expected, digits):
            return step
    return None


def add_totp(user: Any, secret: str, code: str) -> Authenticator | None:
    """Keep the app once it has shown that it knows the secret; the code that showed it is used up."""
    step = _step_of(secret, code)
    if step is None:
        return None
    return Authenticator.objects.create(user=user, type=TOTP, data={"secret": seal(secret), "last_step": step})


@transaction.atomic
def check_totp(user_id: int, code: str) -> Authenticator | None:
    """The app whose code this is. A code, and every earlier one, is good for one time, in whichever process."""
    for row in Authenticator.objects.select_for_update(of=("self",)).filter(user_id=user_id, type=TOTP):
        try:
            secret = unseal(row.data["secret"])
        except Unsealable:
            continue  # SECRET_KEY was changed: the Fachadministration resets the factor
        step = _step_of(secret, code, after=int(row.data.get("last_step", -1)))
        if step is not None:
            row.data["last_step"] = step
            row.save(update_fields=["data"])
            row.record_usage()
            return row
    return None


# --- recovery codes ----------------------------------------------------------------------------------------


def make_recovery_codes(user: Any) -> list[str]:
    """New codes; the earlier ones hold no longer. They are shown once and cannot be read again by anybody."""
    Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).delete()
    return RecoveryCodes.activate(user).generate_codes()


def check_recovery_code(user_id: int, code: str) -> Authenticator | None:
    """The recovery codes that this is one of; each is good for one time."""
    row = Authenticator.objects.filter(user_id=user_id, type=RECOVERY).first()
    if row is None or not "".join(code.split()):
        return None
    try:
        codes = RecoveryCodes(row)
        if not codes.validate_code(code):
            return None
    except (Unsealable, Authenticator.DoesNotExist):
        return None
    codes.instance.record_usage()
    return codes.instance


def recovery_codes_left(factors: Iterable[Authenticator]) -> int | None:
    """How many codes are unused; none where there are no codes at all."""
    for row in factors:
        if row.type == RECOVERY:
            used = int(row.data.get("used_mask", 0)).bit_count()
            return int(mfa_settings.RECOVERY_CODE_COUNT) - used
    return None


# --- keys --------------------------------------------------------------------------------------------------


def begin_key(request: HttpRequest, user: Any) -> dict[str, Any]:
    """What the browser needs to make a new key; the challenge stays in the session."""
    with context.request_context(request):
        return dict(webauthn.begin_registration(user, passwordless=False))


def add_key(request: HttpRequest, user: Any, name: str, credential: Any) -> Authenticator | None:
    """Keep the key when the browser's answer fits the challenge."""
    try:
        with context.request_context(request):
            webauthn.parse_registration_response(credential)
            webauthn.complete_registration(credential)
            return webauthn.WebAuthn.add(user, name, credential).instance
    except UNFIT:
        return None


def begin_check(request: HttpRequest, user: Any) -> dict[str, Any]:
    """What the browser needs to ask a key of this account."""
    with context.request_context(request):
        return dict(webauthn.begin_authentication(user))


def check_key(request: HttpRequest, user: Any, answer: Any) -> Authenticator | None:
    """The key that answered; each challenge is good for one answer, right or wrong."""
    try:
        with context.request_context(request):
            found = webauthn.complete_authentication(user, answer)
    except UNFIT:
        request.session.pop(webauthn.STATE_SESSION_KEY, None)
        return None
    found.record_usage()
    return found  # type: ignore[no-any-return]

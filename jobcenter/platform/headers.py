"""What every answer of ours tells the browser, whoever made it: views, refusals, and middleware that answered early.

Outermost of all, so that a refused host or a broken transaction is answered with the same headers as a page. What a
view or Django itself has set stays; only the rule about caches is stronger than either.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

NO_STORE = "no-store"
# Django's own admin would answer any other as if it were GET.
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
# Nothing of the browser that an office does not need: no camera, no place, no payment, no other window's data.
REFUSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES)
# Only for answers that were made outside of the middleware that writes the real policy.
NOTHING_AT_ALL = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
# Not "cookies": those that say which device is known have to outlive a sign-out.
CLEAR_ON_LOGOUT = '"cache", "storage"'
LOGOUT_URL_NAME = "logout"


class Headers:
    """Add what is missing, and forbid caches whatever is not a static file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS[:3])
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", NOTHING_AT_ALL)
        if settings.SECURE_HSTS_SECONDS:
            # Also on the redirect from http, where browsers ignore it: no answer is without it.
            response.headers.setdefault("Strict-Transport-Security", _hsts())
        if not _is_static_file(request, response):
            forbid_storing(response)
        if _is_logout(request, response):
            response.headers["Clear-Site-Data"] = CLEAR_ON_LOGOUT
        return response


def forbid_storing(response: HttpResponseBase) -> None:
    """Whatever a view said about caches: with `no-store` in it nobody keeps a copy."""
    if NO_STORE not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = NO_STORE


def _is_static_file(request: HttpRequest, response: HttpResponseBase) -> bool:
    return response.status_code in (200, 206, 304) and request.path_info.startswith(
        f"/{settings.STATIC_URL.strip('/')}/"
    )


def _is_logout(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name == LOGOUT_URL_NAME and response.status_code < 400


def _hsts() -> str:
    value = f"max-age={settings.SECURE_HSTS_SECONDS}"
    value += "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    return value + ("; preload" if settings.SECURE_HSTS_PRELOAD else "")

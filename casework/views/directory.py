"""Sign-in by the directory of an organisation: there and back. Accounts exist already; groups mean nothing."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from casework.actions.account_events import record_account_event
from casework.enums import AccountEventKind, SecondFactor
from casework.models import DirectoryIdentity, User
from casework.views.signing_in import begin_session, page_after, remember_device
from jobcenter.platform import oidc
from jobcenter.platform.sealing import Unsealable, seal, unseal

logger = logging.getLogger(__name__)

ATTEMPT_COOKIE = "verzeichnis"
ATTEMPT_PATH = "/anmelden/verzeichnis/"
ATTEMPT_AGE = 600  # seconds from leaving to coming back

SENTENCES = {
    "unreachable": "Das Verzeichnis Ihrer Organisation antwortet gerade nicht. Bitte gleich noch einmal versuchen.",
    "declined": "Die Anmeldung wurde dort abgebrochen oder abgelehnt.",
    "stranger": "Für diese Anmeldung ist hier kein Konto hinterlegt. Bitte wenden Sie sich an die Fachadministration.",
    "late": "Die Anmeldung hat zu lange gedauert oder kam aus einem anderen Fenster. Bitte noch einmal beginnen.",
}
DISTRUSTED = "Die Antwort des Verzeichnisses war nicht vertrauenswürdig; niemand wurde angemeldet."


def provider_of(slug: str) -> oidc.Provider:
    try:
        return settings.OIDC_PROVIDERS[slug]  # type: ignore[no-any-return]
    except KeyError as error:
        raise Http404 from error


def way_back(request: HttpRequest, slug: str) -> str:
    return request.build_absolute_uri(reverse("directory_return", kwargs={"slug": slug}))


@login_not_required
@require_GET
def directory(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the browser to the directory. A link, not a form: the policy lets no form lead to another host."""
    provider = provider_of(slug)
    attempt = oidc.Attempt.begin(slug, page_after(request, ""))
    try:
        address = oidc.authorization_url(provider, attempt, way_back(request, slug))
    except oidc.DirectoryFault as fault:
        return refused(request, provider, fault.code)
    response = redirect(address)
    response.set_cookie(
        ATTEMPT_COOKIE,
        seal(attempt.dump()),
        max_age=ATTEMPT_AGE,
        path=ATTEMPT_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@login_not_required
@require_GET
def directory_return(request: HttpRequest, slug: str) -> HttpResponse:
    """Come back: who it is in the directory decides which account it is here, and nothing else is taken over."""
    provider = provider_of(slug)
    try:
        attempt = oidc.Attempt.load(unseal(request.COOKIES.get(ATTEMPT_COOKIE, ""), max_age=ATTEMPT_AGE))
    except (Unsealable, ValueError, TypeError):
        return refused(request, provider, "late")
    if attempt.slug != slug:
        return refused(request, provider, "late")
    try:
        identity = oidc.identify(provider, attempt, request.GET.dict(), way_back(request, slug))
    except oidc.DirectoryFault as fault:
        return refused(request, provider, fault.code)
    user = account_of(provider, identity.subject)
    if user is None:
        return refused(request, provider, "stranger")
    begin_session(request, user, SecondFactor.DIRECTORY if identity.second_factor else None)
    response = redirect(attempt.next or settings.LOGIN_REDIRECT_URL)
    response.delete_cookie(ATTEMPT_COOKIE, path=ATTEMPT_PATH)
    if identity.second_factor:
        remember_device(request, response, user.username)
    return response


def account_of(provider: oidc.Provider, subject: str) -> User | None:
    """The active account that the Fachadministration has linked, if it belongs to the directory's organisation."""
    found = (
        DirectoryIdentity.objects.select_related("user")
        .filter(
            provider=provider.slug,
            subject=subject,
            user__is_active=True,
            user__organisation__name=provider.organisation,
        )
        .first()
    )
    return found.user if found else None


def refused(request: HttpRequest, provider: oidc.Provider, code: str) -> HttpResponse:
    """A page that says so, without a word that the directory said; the log names the kind of fault alone."""
    logger.warning("sign-in by a directory was refused: %s", code)
    if code == "stranger":  # the directory vouched for somebody; anybody can make up the other refusals
        record_account_event(AccountEventKind.DIRECTORY_REFUSED, request_id=getattr(request, "id", None))
    context = {"provider": provider, "sentence": SENTENCES.get(code, DISTRUSTED)}
    response = render(request, "casework/directory_refused.html", context, status=503 if code == "unreachable" else 403)
    response.delete_cookie(ATTEMPT_COOKIE, path=ATTEMPT_PATH)
    return response

"""All addresses: German nouns, no personal data. Everything needs a login but what says otherwise."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_GET

from casework.views import directory, second_factor
from jobcenter.screens import help as help_pages
from jobcenter.screens import sent_mail, sign_in
from offers.admin_site import offers_site

handler400 = "jobcenter.screens.failures.bad_request"
handler403 = "jobcenter.screens.failures.permission_denied"
handler404 = "jobcenter.screens.failures.not_found"
handler500 = "jobcenter.screens.failures.server_error"


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, for supervisors and load balancers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("Datenbank nicht erreichbar\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """All components in all their states, for who builds them."""
    return render(request, "gallery.html")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("anmelden/", sign_in.SignIn.as_view(), name="login"),
    path("anmelden/erneut/", sign_in.sign_in_again, name="sign_in_again"),
    path("anmelden/zweiter-faktor/", second_factor.second_factor, name="second_factor"),
    path("anmelden/zweiter-faktor/schluessel/", second_factor.second_factor_key, name="second_factor_key"),
    path("anmelden/verzeichnis/<slug:slug>/", directory.directory, name="directory"),
    path("anmelden/verzeichnis/<slug:slug>/zurueck/", directory.directory_return, name="directory_return"),
    path("abmelden/", sign_in.SignOut.as_view(), name="logout"),
    path("hilfe/", help_pages.index, name="help"),
    path("hilfe/tasten/", help_pages.keys, name="help_keys"),
    path("barrierefreiheit/", help_pages.accessibility, name="accessibility"),
    path("verwaltung/", admin.site.urls),
    path("angebotspflege/", offers_site.urls),
    path("", include("casework.urls")),
    path("", include("agreements.urls")),
    path("", include("offers.urls")),
    path("", include("jobcenter.screens.urls")),
]
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("entwicklung/bausteine/", gallery, name="gallery"))
if settings.DEMO:
    urlpatterns.append(path("entwicklung/post/", sent_mail.sent_mail, name="sent_mail"))

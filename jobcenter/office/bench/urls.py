"""The addresses of the application, and the page of the framework floor."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from jobcenter import urls

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500

LINE = "<p>Eine Seite, die niemand fragt und die niemanden fragt.</p>\n"
PAGE = (LINE * (32_768 // len(LINE) + 1))[:32_768]


@login_not_required
@require_GET
def static_page(request: HttpRequest) -> HttpResponse:
    """32 kB that stand ready: what is left is server, middleware and transaction frame."""
    return HttpResponse(PAGE)


urlpatterns = [path("bench/seite/", static_page), *urls.urlpatterns]

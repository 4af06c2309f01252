"""The admin site of project management. Apart from its registrations, so that Django makes exactly one of it."""

import functools
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, path

from casework.admin_site import ConfigurationSite
from casework.models import User
from jobcenter.platform.context import curating
from offers.permissions import can_curate


class OffersSite(ConfigurationSite):
    """Offers and their Träger: no case, no person counselled and no account is reachable from here (R4.4-7)."""

    site_header = "Angebotspflege"
    index_title = "Angebotspflege"
    index_template = "offers/admin/index.html"
    site_url = ""  # "/" leads back here

    def has_permission(self, request: HttpRequest) -> bool:
        user: User | AnonymousUser = request.user
        return isinstance(user, User) and can_curate(user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of this site, its rendering too, works in a role without any right on a table of cases."""

        if getattr(view, "__name__", "") in ("logout", "password_change", "password_change_done"):
            return super().admin_view(view, cacheable)  # of the account, not of offers

        @functools.wraps(view)
        def curated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with curating():
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
            return response

        return super().admin_view(curated, cacheable)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Beside Django's: reading and writing files of offers. Its way to "any object of any kind" is left out."""
        from offers.admin_exchange import EXCHANGE_URLS

        own = [path(str(url.pattern), self.admin_view(url.callback), name=url.name) for url in EXCHANGE_URLS]
        others = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [*own, *others]


offers_site = OffersSite(name="offers_admin")

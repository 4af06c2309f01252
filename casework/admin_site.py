"""The admin site itself. Apart from its registrations, so that Django makes exactly one of it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.views.evidence import note_refusal

FOREIGN = ("auth", "account", "mfa")


class ConfigurationSite(AdminSite):
    """Django's admin for the Fachadministration; signing in happens at the one door that there is."""

    site_header = "Verwaltung"
    site_title = "Fallarbeit"
    index_title = "Einstellungen und Konten"
    site_url = "/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take reference data of our own alone; what the apps of others bring along (groups) means nothing here."""
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        own = [model for model in models if model._meta.app_label not in FOREIGN]
        super().register(own, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            note_refusal(request)
            raise PermissionDenied
        return redirect("login")

"""The project as an app of its own: it brings Celery to life, since `__init__.py` must stay empty."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class JobcenterConfig(AppConfig):
    name = "jobcenter"

    def ready(self) -> None:
        # Imported for its effect: shared tasks bind to this app, not to Celery's nameless default.
        import jobcenter.celery  # noqa: F401


class ConfigurationAdmin(AdminConfig):
    """Django's admin for reference data (house style 20)."""

    default_site = "casework.admin_site.ConfigurationSite"

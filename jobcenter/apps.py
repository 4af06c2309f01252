"""The project as an app of its own: it brings Celery to life, since `__init__.py` must stay empty."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


def install_context_key(sender: AppConfig, using: str, **_: Any) -> None:
    """After each `migrate` of the owner the database knows the key of this installation."""
    from jobcenter.platform import context

    if using == "owner" and sender.name == "casework":
        context.install_key(using)


class JobcenterConfig(AppConfig):
    name = "jobcenter"

    def ready(self) -> None:
        # Imported for its effect: shared tasks bind to this app, not to Celery's nameless default.
        from django.db.models.signals import post_migrate

        import jobcenter.celery  # noqa: F401

        post_migrate.connect(install_context_key, dispatch_uid="context key")
        # Imported for its effect, too: what a deployment is checked for.
        from jobcenter.platform import checks, logs  # noqa: F401

        logs.install_hooks()

        # What the fields of a draft are called is known where the forms of all rooms meet.
        from casework.views.access import DRAFT_LABELS
        from jobcenter.screens.drafts import label_of

        DRAFT_LABELS.append(label_of)


class ConfigurationAdmin(AdminConfig):
    """Django's admin for reference data (house style 20)."""

    default_site = "casework.admin_site.ConfigurationSite"

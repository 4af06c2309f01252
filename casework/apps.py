from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "Fallarbeit"

    def ready(self) -> None:
        from casework.models import lookups  # noqa: F401  (registers `visible_to` and `readable_by` on keys)

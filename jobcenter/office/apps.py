from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Management commands that cross the rooms: seed_demo, check_invariants."""

    name = "jobcenter.office"
    label = "office"

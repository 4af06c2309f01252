"""Closed lists of what was agreed. None of them says anything about a person or about an agreement as such (R4.3-7)."""

from django.db import models


class StepOwner(models.TextChoices):
    """Who does what a step says; both sides have steps (R2-1)."""

    CLIENT = "client", "die Person"
    JOBCENTER = "jobcenter", "Jobcenter"
    OTHER = "other", "jemand anderes"


class Outcome(models.TextChoices):
    """What came of a step: a later fact, in own words beside it."""

    DONE = "done", "erledigt"
    DIFFERENT = "different", "anders gekommen"
    OBSOLETE = "obsolete", "passt nicht mehr"


class SheetPart(models.TextChoices):
    """What the person chose to have printed beside the goal; the goal is always on the sheet."""

    WILL = "will", "der eigene Wille"
    RESOURCES = "resources", "die eigenen Ressourcen"
    STEPS = "steps", "die Schritte"

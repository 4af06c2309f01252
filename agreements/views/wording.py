"""What was agreed, in the words of the pages: who does a step, until when, what came of it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from agreements.enums import Outcome, StepOwner

LABELS = {StepOwner.CLIENT: "Die Person", StepOwner.JOBCENTER: "Jobcenter"}


def local_day(moment: dt.datetime | str) -> str:
    """`02.11.2026` of a moment, also as JSON of the database brings it."""
    at = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{timezone.localtime(at):%d.%m.%Y}"


def owner_label(owner: str, name: str, person: str = "") -> str:
    """Who does a step, as it stands on the page."""
    if owner == StepOwner.OTHER:
        return name
    return person if owner == StepOwner.CLIENT and person else LABELS[StepOwner(owner)]


def due_label(due_on: dt.date | str | None) -> str:
    """`bis 27.11.2026`, empty without a day."""
    if not due_on:
        return ""
    day = dt.date.fromisoformat(due_on) if isinstance(due_on, str) else due_on
    return f"bis {day:%d.%m.%Y}"


def outcome_label(outcome: Mapping[str, Any] | None) -> str:
    """`20.11.2026 erledigt`; empty while nothing is known."""
    return f"{local_day(outcome['at'])} {Outcome(outcome['outcome']).label}" if outcome else ""

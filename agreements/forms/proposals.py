"""The next date, proposed from the worded Taktung of the current agreement and from nothing else (R4.3-2)."""

import datetime as dt
from typing import Any

from django.utils import timezone

from agreements.models import Agreement
from agreements.rhythm import propose
from casework.actions import local_days
from jobcenter.platform.workdays import day_label

FURTHEST = dt.timedelta(days=800)


def propose_from(rhythm: str, *, after: dt.date | None = None) -> dict[str, Any] | None:
    """What the form shows; None when the wording names no interval and no day ahead."""
    if not rhythm.strip():
        return None
    today = timezone.localdate()
    closed = local_days(today, today + FURTHEST)
    day = propose(rhythm, after=after or today, local_days=closed)
    if day is not None and day <= today:  # a talk that is recorded long after it took place
        day = propose(rhythm, after=today, local_days=closed)
    if day is None or day - today > FURTHEST:
        return None
    return {"date": f"{day:%d.%m.%Y}", "text": f"Vorschlag aus der Taktung „{rhythm}“: {day_label(day)}"}


def propose_for_case(case_id: int) -> dict[str, Any] | None:
    """For forms that know the case alone (Heute, "erledigt")."""
    rhythm = (
        Agreement.objects.filter(case=case_id, superseded_at=None, withdrawn_at=None)
        .values_list("rhythm", flat=True)
        .first()
    )
    return propose_from(rhythm or "")

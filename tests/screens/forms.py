"""Forms as a browser would send them."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from casework.models import Case, FollowUp
from tests.factories import ahead


def conversation(case: Case, **changed: Any) -> dict[str, Any]:
    """A complete conversation with a Folgetermin; every open step stays."""
    now = timezone.localtime() - dt.timedelta(minutes=1)
    data: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "revision": "0",
        "window": uuid.uuid4().hex,
        "with_client": "on",
        "channel": "in_person",
        "at_date": f"{now:%d.%m.%Y}",
        "at_time": f"{now:%H:%M}",
        "text": "Über das Praktikum gesprochen.",
        "next": "appointment",
        "next_date": f"{ahead(7):%d.%m.%Y}",
        "next_time": "10:30",
        "next_subject": "Wie war die erste Woche?",
        "participant_role": ["", "", ""],
        "participant_name": ["", "", ""],
    }
    for step in FollowUp.objects.filter(case=case, ended_at=None):
        data[f"step_{step.pk}"] = "keep"
        data[f"step_{step.pk}_version"] = str(step.version)
    return data | changed

"""What is new is filed away by who read it, and by nobody else."""

import datetime as dt

from django.db.models.functions import Greatest
from django.utils import timezone

from casework.models import LastVisit, User


def file_news_away(*, until: dt.datetime, by: User) -> None:
    """What was new up to this moment is read. Never back, never ahead of the clock; twice changes nothing more."""
    until = min(until, timezone.now())
    if not LastVisit.objects.filter(user=by).update(seen_at=Greatest("seen_at", until)):
        # Two windows at once: who comes second finds the row. Both moments were on a page; the later look decides anew.
        LastVisit.objects.bulk_create([LastVisit(user=by, seen_at=until)], ignore_conflicts=True)

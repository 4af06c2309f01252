"""When somebody last looked at what is new in their caseload; only they themselves file it away."""

import datetime as dt

from django.db.models.functions import Greatest
from django.utils import timezone

from casework.models import LastVisit, User

LONGEST = dt.timedelta(days=14)  # what is older is no news, also where nothing was ever filed away


def news_since(user: User, now: dt.datetime) -> tuple[dt.datetime, bool]:
    """Since when something is new for the user, and whether that was filed away; at most a fortnight."""
    seen_at = LastVisit.objects.filter(user=user).values_list("seen_at", flat=True).first()
    oldest = now - LONGEST
    return (oldest, False) if seen_at is None or seen_at < oldest else (seen_at, True)


def file_news_away(*, user: User, until: dt.datetime) -> None:
    """What was new up to this moment is read. Never back, never ahead of the clock; twice changes nothing more."""
    until = min(until, timezone.now())
    if not LastVisit.objects.filter(user=user).update(seen_at=Greatest("seen_at", until)):
        LastVisit.objects.bulk_create([LastVisit(user=user, seen_at=until)], ignore_conflicts=True)

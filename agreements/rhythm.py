"""First wording of the reader of a Taktung; the full one follows."""

import datetime as dt
import re
from collections.abc import Collection

from jobcenter.platform.workdays import next_working_day


def propose(text: str, *, after: dt.date, local_days: Collection[dt.date] = ()) -> dt.date | None:
    """The next date that the worded rhythm asks for, or None (R4.3-2)."""
    match = re.match(r"^alle (\d{1,2}) Wochen$", text.strip())
    return next_working_day(after + dt.timedelta(weeks=int(match[1])), local_days) if match else None

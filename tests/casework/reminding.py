"""What the tests about reminder mails share: overdue items on a given day, and a clock."""

import datetime as dt
import re
from collections import Counter
from zoneinfo import ZoneInfo

import time_machine
from django.core import mail
from django.db.backends.postgresql.psycopg_any import DateRange

from casework import tasks
from casework.models import User
from tests.factories import CaseFactory, FollowUpFactory

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = dt.date(2026, 11, 16)


def at(day: dt.date, hour: int = 7, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=BERLIN)


def during(first: dt.date, last: dt.date) -> DateRange:
    return DateRange(first, last + dt.timedelta(days=1))


def overdue_case(counsellor: User, due_on: dt.date, steps: int = 1) -> None:
    """A case of the counsellor with open Wiedervorlagen of that day."""
    opened = min(at(due_on), at(MONDAY)) - dt.timedelta(days=60)  # no case begins in the future
    case = CaseFactory(counsellor=counsellor, opened_at=opened, step__due_on=due_on, step__created_at=opened)
    for _ in range(steps - 1):
        FollowUpFactory(case=case, due_on=due_on, created_at=opened)


def remind_on(day: dt.date, hour: int = 7, minute: int = 0) -> None:
    with time_machine.travel(at(day, hour, minute), tick=False):
        tasks.remind()


def told() -> dict[str, str]:
    """Recipient and subject of all mails so far; nobody has two."""
    assert max(Counter(message.to[0] for message in mail.outbox).values(), default=1) == 1
    return {message.to[0].partition("@")[0]: message.subject for message in mail.outbox}


def number_in(message: mail.EmailMessage) -> int:
    return int(re.search(r"\d+", message.subject)[0])

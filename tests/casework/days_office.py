"""What the tests about days share: a Monday, an IFK with a case, and the question below the date field."""

import datetime as dt
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from casework.models import Case, User, WorkPattern
from tests.casework.reminding import BERLIN
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    SubstitutionFactory,
)

MONDAY = dt.date(2026, 11, 23)
WITHOUT_WEDNESDAY = 31 - 4


def clock(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), BERLIN)


def asked(client: Client, text: str, case: Case | None = None) -> str:
    """The answer below a date field, as one line."""
    data = {"next_date": text} | ({"fall": case.number} if case else {})
    response = client.get("/tag/", data, headers={"HX-Request": "true", "HX-Target": "id_next_date_day"})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def case_of(user: User, **fields: Any) -> Case:
    """Opened long before every day of these tests, whatever the clock of the database says."""
    case: Case = CaseFactory(counsellor=user, opened_at=clock(dt.date(2026, 1, 5)), **fields)
    return case


def works(user: User, weekdays: int, since: dt.date = dt.date(2026, 1, 1)) -> None:
    WorkPattern.objects.create(user=user, since=since, weekdays=weekdays, entered_by=user)


def away(user: User, first: dt.date, end: dt.date | None, substitute: User | None = None) -> None:
    absence = AbsenceFactory(user=user, during=DateRange(first, end))
    if substitute is not None:
        SubstitutionFactory(absent_user=user, absence=absence, substitute=substitute)

"""What tests of the pages of people and files share."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from casework.models import Case, Contact, User
from tests.casework.days_office import MONDAY, case_of, clock
from tests.factories import CaseFactory, ContactFactory, ahead
from tests.screens.conftest import owner_events  # noqa: F401  (a fixture, lent)


@pytest.fixture
def case(kim: User) -> Case:
    """Kim's open case with one next step, a Wiedervorlage."""
    return CaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")


@pytest.fixture
def contact(case: Case, kim: User) -> Contact:
    """A conversation that Kim has recorded today."""
    return ContactFactory(case=case, author=kim, text="Über das Praktikum gesprochen.")


@pytest.fixture
def next_step() -> dict[str, Any]:
    """The part "Wie geht es weiter?", filled in as a browser would send it."""
    return {
        "next": "reminder",
        "next_date": f"{ahead(7):%d.%m.%Y}",
        "next_subject": "Erstgespräch vereinbaren",
    }


@pytest.fixture
def visit(next_step: dict[str, Any]) -> dict[str, Any]:
    """A contact at the counter for a colleague's case."""
    now = timezone.localtime() - dt.timedelta(minutes=1)
    return {
        "key": "3f0e7f0a-3d4f-4d21-9a6b-0a8e3f5c1b11",
        "at_date": f"{now:%d.%m.%Y}",
        "at_time": f"{now:%H:%M}",
        "text": "Bringt den Bescheid vorbei.",
        **next_step,
    }


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[str]:
    """The bell of the worker is heard by nobody here, and the hours are those of production."""
    settings.REMINDER_ANY_TIME = False
    rung: list[str] = []
    monkeypatch.setattr("casework.actions.reminders.current_app.send_task", lambda name, **_: rung.append(name))
    return rung


@pytest.fixture
def on_monday() -> Iterator[None]:
    with time_machine.travel(clock(MONDAY), tick=False):
        yield


@pytest.fixture
def ones_case(on_monday: None, kim: User) -> Case:
    return case_of(kim, step__due_on=dt.date(2026, 12, 22))

"""Beat on a clock that is set: the bell goes on ringing (Celery's own scheduler falls silent, which is shown too)."""

import datetime as dt
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery.beat import PersistentScheduler
from django.conf import settings

from jobcenter.celery import app
from jobcenter.platform import health
from jobcenter.platform.beat import SteadyScheduler

START = dt.datetime(2026, 11, 16, 6, 0, tzinfo=dt.UTC)
TEN_MINUTES = 600 // settings.REMINDER_BELL


class Office:
    """A scheduler that notes what it would ring, and a clock that moves as long as the scheduler sleeps."""

    def __init__(self, kind: type[PersistentScheduler], file: Path, clock: Any) -> None:
        rung: list[str] = []

        class Noting(kind):  # type: ignore[misc, valid-type]
            producer = None

            def apply_entry(self, entry: Any, producer: Any = None) -> None:
                rung.append(entry.name)

        self.rung, self.clock = rung, clock
        self.scheduler = Noting(app=app, max_interval=300, lazy=False, schedule_filename=str(file))

    def bells(self, *, seconds: float, name: str = "remind") -> int:
        before, slept = len(self.rung), 0.0
        while slept < seconds:
            pause = max(self.scheduler.tick() or 0, 0.02)
            self.clock.shift(pause)
            slept += pause
        return self.rung[before:].count(name)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_it_is_the_scheduler_of_the_office():
    assert app.conf.beat_scheduler == "jobcenter.platform.beat:SteadyScheduler"


@pytest.mark.parametrize("step", [dt.timedelta(hours=-2), dt.timedelta(days=3)])
def test_the_bell_rings_on_after_the_clock_was_set(clock, tmp_path, step):
    office = Office(SteadyScheduler, tmp_path / "schedule", clock)
    assert office.bells(seconds=600) >= TEN_MINUTES - 1

    clock.shift(step)

    assert office.bells(seconds=600) >= TEN_MINUTES - 1


def test_a_jump_forward_and_back_is_forgotten_at_the_next_start_too(clock, tmp_path):
    office = Office(SteadyScheduler, tmp_path / "schedule", clock)
    clock.shift(dt.timedelta(days=3))
    office.bells(seconds=600)
    office.scheduler.close()
    clock.shift(dt.timedelta(days=-3))

    again = Office(SteadyScheduler, tmp_path / "schedule", clock)

    assert again.bells(seconds=600) >= TEN_MINUTES - 1
    assert again.bells(seconds=26 * 3600, name="remove-old-digests") >= 1


def test_celery_s_own_scheduler_falls_silent(clock, tmp_path):
    """The reason for ours: when this fails, it can go."""
    office = Office(PersistentScheduler, tmp_path / "schedule", clock)
    office.bells(seconds=600)

    clock.shift(dt.timedelta(hours=-2))

    assert office.bells(seconds=3600) == 0


@pytest.mark.parametrize(("age", "is_healthy"), [(60, True), (3600, False), (-3 * 24 * 3600, False)])
def test_a_schedule_from_the_future_is_no_sign_of_health(tmp_path, age, is_healthy):
    schedule = tmp_path / "schedule"
    schedule.touch()
    os.utime(schedule, times=(time.time() - age,) * 2)

    assert health.beat(str(schedule)) is is_healthy

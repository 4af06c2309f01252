"""Celery's beat on a clock that may be set: after a step backwards its own scheduler rings nothing for just as long."""

import datetime as dt
from typing import Any

from celery.beat import PersistentScheduler

AHEAD = dt.timedelta(seconds=1)
FURTHEST = 24 * 3600  # seconds; every entry of ours comes at least once a day


class SteadyScheduler(PersistentScheduler):
    """Entries that ran "in the future" ran just now, and nothing is waited for longer than a day.

    Celery keeps the moments of the last and of the next run by the wall clock, in memory and in its file. After the
    clock has gone back, both lie ahead, and a restart changes nothing.
    """

    _heap: list[Any] | None

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        self.come_back()
        return super().tick(*args, **kwargs)

    def come_back(self) -> None:
        entries = list(self.schedule.values())
        ahead = [entry for entry in entries if entry.last_run_at > entry.default_now() + AHEAD]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        heap: list[Any] | None = self._heap
        if ahead or (heap and heap[0][0] - self._when(heap[0][2], 0) > FURTHEST):
            self._heap = None

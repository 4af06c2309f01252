"""The bell rings and somebody comes: a real worker on real Redis, and a schedule that names existing tasks."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from casework import tasks
from jobcenter.celery import app
from jobcenter.platform import processes
from tests.conftest import database_name


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled
    assert scheduled <= set(app.tasks)


def sessions() -> tuple[Session, Session]:
    now = timezone.now()
    return (
        Session.objects.create(session_key="gone", session_data="", expire_date=now - dt.timedelta(days=1)),
        Session.objects.create(session_key="here", session_data="", expire_date=now + dt.timedelta(hours=1)),
    )


@pytest.mark.django_db
def test_only_expired_sessions_are_removed_and_twice_removes_no_more():
    sessions()

    tasks.remove_expired_sessions()
    tasks.remove_expired_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["here"]


def own(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database_name()}"))


@pytest.fixture
def worker(committed_db: None) -> Iterator[str]:
    """A worker that listens to a queue of this test alone."""
    queue = f"test-{os.getpid()}"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "jobcenter.celery",
            "worker",
            "-Q",
            queue,
            "-P",
            "solo",
            "-l",
            "warning",
        ],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "jobcenter.settings",
            "DATABASE_URL": own(os.environ["DATABASE_URL"]),
            "OWNER_DATABASE_URL": own(os.environ["OWNER_DATABASE_URL"]),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=processes.dies_with_parent(signal.SIGKILL),  # noqa: PLW1509
    )
    yield queue
    process.terminate()
    process.wait(timeout=20)


def test_a_real_worker_carries_the_task_out(worker):
    sessions()

    tasks.remove_expired_sessions.apply_async(queue=worker)

    end = time.monotonic() + 60
    while Session.objects.filter(session_key="gone").exists() and time.monotonic() < end:
        time.sleep(0.2)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["here"]

"""The Celery app: a doorbell beside the database, which is the memory (design.md 5)."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter.settings")

app = Celery("fallarbeit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_log_format(**_: Any) -> None:
    """Celery would replace the handlers, and its own lines may quote arguments and database errors."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_ready.connect
def ring_on_arrival(**_: Any) -> None:
    """Whoever comes to work asks at once what waits: after the death of a worker half a minute is long."""
    from django.conf import settings

    app.send_task("casework.tasks.remind", expires=settings.REMINDER_BELL, ignore_result=True)

"""Plan and deliver reminder mails by hand: `remind [--day JJJJ-MM-TT] [--plan-only]`."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework import actions
from jobcenter.platform.context import Purpose, serving
from jobcenter.platform.workdays import is_working_day


class Command(BaseCommand):
    help = (
        "Plant die Erinnerungsmails eines Arbeitstags, falls das noch nicht geschehen ist, und verschickt, was wartet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=dt.date.fromisoformat, help="Tag JJJJ-MM-TT, sonst heute")
        parser.add_argument("--plan-only", action="store_true", help="verschicken lassen, wer ohnehin verschickt")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        day = options["day"] or today
        if day < today:
            raise CommandError("An einen vergangenen Tag wird nicht mehr erinnert.")
        if day > today and not settings.REMINDER_ANY_TIME:
            raise CommandError("An einen künftigen Tag wird an seinem Morgen erinnert.")
        if not is_working_day(day, actions.local_days(day, day)):
            raise CommandError(f"Der {day:%d.%m.%Y} ist kein Arbeitstag; an freien Tagen wird niemand angeschrieben.")
        with serving(Purpose.REMIND):
            self.stdout.write(f"Geplant: {actions.plan_reminders(day=day)}")
            if not options["plan_only"]:
                self.stdout.write(f"Verschickt: {actions.deliver_waiting(seconds=600)}")

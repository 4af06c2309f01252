"""Fill an empty database with a demonstration office (domain.md 9): `seed_demo --size S --seed 1`."""

import datetime as dt
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework.models import Organisation
from jobcenter.office.demo.builder import build
from jobcenter.office.demo.sizes import SIZES
from jobcenter.office.demo.staff import CAST, PASSWORD


def read_day(value: str) -> dt.date:
    return dt.date.fromisoformat(value)


class Command(BaseCommand):
    tenths = 0
    help = "Legt die Demonstrationsstelle an: erfundene Personen, Fälle und Gespräche."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=[size for size in SIZES if size != "XS"], help="Größe: S, M oder L")
        parser.add_argument("--seed", type=int, default=1, help="gleiche Zahl, gleiche Daten")
        parser.add_argument("--day", type=read_day, help="Bezugstag JJJJ-MM-TT, sonst heute")
        parser.add_argument("--print-logins", action="store_true", help="die Anmeldungen ausgeben")
        parser.add_argument("--if-empty", action="store_true", help="eine gefüllte Datenbank ist kein Fehler")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["size"] or not options["print_logins"]:
            self.fill(options["size"] or "S", options["seed"], options["day"], options["if_empty"])
        if options["print_logins"]:
            self.print_logins()

    def fill(self, size: str, seed: int, day: dt.date | None, if_empty: bool) -> None:
        if Organisation.objects.exists():
            if if_empty:
                return
            raise CommandError(
                "Die Datenbank ist nicht leer: Es gibt schon eine Organisation. "
                "Die Demonstration wird nur in eine leere Datenbank geschrieben."
            )
        today = timezone.localdate()
        if day is not None and day > today:
            raise CommandError("Der Bezugstag liegt in der Zukunft; Gespräche von morgen gibt es nicht.")
        started = time.monotonic()
        counts = build(size, seed, day or today, self.progress if size != "S" else lambda share: None)
        figures = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        self.stderr.write(f"Angelegt in {time.monotonic() - started:.1f} s: {figures}.", self.style.SUCCESS)

    def progress(self, share: float) -> None:
        """One line that grows on a terminal; single lines elsewhere."""
        bar = ("█" * round(share * 40)).ljust(40, "·")
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{bar} {share:4.0%}" + ("\n" if share >= 1 else ""))
        elif int(share * 10) > self.tenths:
            self.tenths = int(share * 10)
            sys.stderr.write(f"{share:4.0%}\n")
        sys.stderr.flush()

    def print_logins(self) -> None:
        rows = [("Rolle", "Name", "Anmeldename", "Passwort", "")]
        rows += [(role, f"{given} {family}", login, PASSWORD, note) for role, given, family, login, note in CAST]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[4]]).rstrip())

"""Fill an empty database with a demonstration office (domain.md 9): `seed_demo --size S --seed 1`."""

import datetime as dt
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from casework.models import Organisation
from jobcenter.office.demo.builder import build
from jobcenter.office.demo.evidence import add_evidence, analyse
from jobcenter.office.demo.filling import past_rows
from jobcenter.office.demo.sizes import SIZES
from jobcenter.office.demo.staff import CAST, PASSWORD

BUILDING, EVIDENCE = 0.8, 0.97  # shares of the time


def read_day(value: str) -> dt.date:
    return dt.date.fromisoformat(value)


class Command(BaseCommand):
    tenths = 0
    is_shown = True
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
        self.is_shown = size != "S"
        started = time.monotonic()
        with past_rows():
            counts = build(size, seed, day or today, self.part(0, BUILDING))
        # Inside somebody else's transaction the owner sees the office only after its end.
        transaction.on_commit(lambda: self.complete(size, counts, started))

    def complete(self, size: str, counts: dict[str, int], started: float) -> None:
        """What the owner adds, in a transaction of its own: without it the office is whole, but without evidence."""
        counts = {**counts, "Zugriffsereignisse": add_evidence(size, self.part(BUILDING, EVIDENCE))}
        analyse()
        self.progress(1)
        figures = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        self.stderr.write(f"Angelegt in {time.monotonic() - started:.1f} s: {figures}.", self.style.SUCCESS)

    def part(self, begin: float, end: float) -> Callable[[float], None]:
        return lambda share: self.progress(begin + share * (end - begin))

    def progress(self, share: float) -> None:
        """One line that grows on a terminal; single lines elsewhere."""
        if not self.is_shown:
            return
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

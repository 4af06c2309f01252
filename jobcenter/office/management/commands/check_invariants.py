"""List every broken rule of the field; the exit code says whether there is one (design.md 4)."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from casework.models.catalogue import standing_rules, write
from casework.models.invariants import INVARIANTS, find_violations
from jobcenter.platform.context import Purpose, serving


class Command(BaseCommand):
    help = "Prüft, ob alle gespeicherten Daten die Regeln der Fallarbeit einhalten; endet mit 1, wenn nicht."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--catalogue",
            action="store_true",
            help="nur die Liste der Regeln ausgeben, die diese Datenbank hat (für models/catalogue.py ihrer App)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["catalogue"]:
            self.stdout.write(write(standing_rules()), ending="")
            return
        with serving(Purpose.CHECK):
            violations = find_violations()
        for violation in violations:
            self.stdout.write(str(violation))
        if violations:
            self.stderr.write(f"{len(violations)} von {len(INVARIANTS)} Regeln sind verletzt.")
            sys.exit(1)
        self.stdout.write(f"Alle Regeln gelten ({len(INVARIANTS)} geprüft).")

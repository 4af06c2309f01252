"""Prove that no evidence was touched; the exit code says whether it was."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from casework.actions.evidence import verify_evidence
from jobcenter.platform.context import Purpose, serving


class Command(BaseCommand):
    help = (
        "Prüft die versiegelten Blöcke des Protokolls; nennt den ersten, der nicht mehr stimmt, und endet dann mit 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with serving(Purpose.EVIDENCE), connection.cursor() as cursor:
            found = verify_evidence()
            cursor.execute("SELECT number, sealed_at, waiting_since FROM guard.last_block()")
            number, sealed_at, waiting_since = cursor.fetchone()
        if found is not None:
            self.stderr.write(str(found))
            sys.exit(1)
        state = f"{number} Blöcke, der letzte vom {sealed_at:%d.%m.%Y %H:%M} UTC" if number else "noch kein Block"
        waiting = f"; noch nicht versiegelt seit {waiting_since:%d.%m.%Y %H:%M} UTC" if waiting_since else ""
        self.stdout.write(f"Das Protokoll ist unverändert: {state}{waiting}.")

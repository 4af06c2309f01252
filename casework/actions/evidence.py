"""The seal on the evidence: blocks in the database, their heads outside of it, and the proof that nothing was touched.

The database seals what has come to rest (migration 0026). Whoever can change the database could make the whole chain
anew; the heads are therefore written down where the database cannot reach, one line a block.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

logger = logging.getLogger(__name__)

REASONS = {
    "missing_before": "Davor fehlt ein Block.",
    "gap_before": "Davor fehlen Vorgänge.",
    "head": "Der Block selbst wurde geändert.",
    "events": "Ereignisse wurden geändert, entfernt, vertauscht oder nachträglich eingefügt.",
    "dated_back": "Ein Ereignis trägt ein Datum, das nicht zu seinem Block passt.",
    "not_outside": "Der außerhalb aufgeschriebene Stand fehlt in der Datenbank oder lautet dort anders.",
    "unreadable": "Die Datei mit den aufgeschriebenen Ständen ist nicht lesbar.",
    "behind": "Die Datenbank hat weniger Blöcke, als außerhalb aufgeschrieben sind.",
}


@dataclass(frozen=True)
class Finding:
    """The first block that is not what it was; number 0 where no single block can be named."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"Block {self.number}: {REASONS[self.reason]}"


def seal_evidence() -> int | None:
    """Seal what has come to rest and write its head down outside; the number of the block, None when nothing was new.

    Safe to run twice and side by side. What a death between the two steps left unwritten is written by the next one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM guard.seal()")
        row = cursor.fetchone()
    write_heads()
    return row[0] if row else None


def write_heads() -> None:
    """Bring the file of heads up to date: at most the last one is missing from it, and it alone is added."""
    if not settings.AUDIT_HEAD_FILE:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, encode(head, 'hex'), sealed_at FROM guard.last_block()")
        number, head, sealed_at = cursor.fetchone()
    path = Path(settings.AUDIT_HEAD_FILE)
    if number is None or _last_written(path) >= number:
        return
    line = json.dumps({"block": number, "head": head, "sealed_at": sealed_at.isoformat()})
    path.parent.mkdir(parents=True, exist_ok=True)
    _drop_cut_line(path)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    # A second way out: the log goes to another machine.
    logger.info("evidence sealed: block %s head %s", number, head)


def _drop_cut_line(path: Path) -> None:
    """Take away what a crash left of a last line: the next one would be glued to it, and the file unreadable."""
    if not path.exists():
        return
    whole = path.read_bytes()
    if whole and not whole.endswith(b"\n"):
        os.truncate(path, whole.rfind(b"\n") + 1)


def read_heads(path: Path) -> Iterator[tuple[int, str]]:
    """Block and head of each line; a last line that a crash cut off is no line. Raises ValueError for anything else."""
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    for number, line in enumerate(lines):
        try:
            entry = json.loads(line)
            yield int(entry["block"]), str(entry["head"])
        except (ValueError, KeyError, TypeError) as error:
            if number == len(lines) - 1:
                return
            raise ValueError from error


def _last_written(path: Path) -> int:
    last = 0
    with suppress(OSError, ValueError):
        for number, _ in read_heads(path):
            last = max(last, number)
    return last


def verify_evidence() -> Finding | None:
    """The first bad block, or None when every block is what it was, here and outside. Reads all evidence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, reason FROM guard.first_bad_block()")
        row = cursor.fetchone()
        found = Finding(*row) if row else None
        outside = _first_foreign_head(cursor)
    return min((each for each in (found, outside) if each), key=lambda each: each.number, default=None)


def _first_foreign_head(cursor) -> Finding | None:  # type: ignore[no-untyped-def]
    path = Path(settings.AUDIT_HEAD_FILE) if settings.AUDIT_HEAD_FILE else None
    if path is None or not path.exists():
        return None
    try:
        for number, head in read_heads(path):
            cursor.execute("SELECT guard.has_head(%s, decode(%s, 'hex'))", [number, head])
            if not cursor.fetchone()[0]:
                return Finding(number, "not_outside")
    except (OSError, ValueError):
        return Finding(0, "unreadable")
    return None


def keep_months() -> int:
    """See to it that evidence of the coming year has where to go; how many tables were made."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.make_months(%s, (%s::date + interval '13 months')::date)", [today, today])
        return int(cursor.fetchone()[0])

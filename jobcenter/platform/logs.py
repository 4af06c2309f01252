"""Log lines as JSON and without personal data.

A message of the database quotes the row that it refused, and a path may name a case. So exceptions are logged
by type and place, never by message, and paths without the parts that identify.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

UNSAID = "…"
SPEAKING_KEYS = {"exc", "traceback", "args", "kwargs", "return_value"}
# Whatever holds a digit is a number of something; whatever is that long is a token (the address of a calendar).
IDENTIFYING_PART = re.compile(r"/(?:[^/?\s]*\d[^/?\s]*|[^/?\s]{40,})")
QUERY = re.compile(r"\?\S*")


def without_identifiers(path: str) -> str:
    """`/faelle/2026-00017/?q=x` becomes `/faelle/*/`; the name of a hashed static file stays."""
    path = QUERY.sub("", path)
    return path if path.startswith("/static/") else IDENTIFYING_PART.sub("/*", path)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(record.exc_info[2])
            ]
        if duration := getattr(record, "duration_ms", None):
            line["duration_ms"] = duration
        return json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _message(record: logging.LogRecord) -> str:
        arguments = record.args
        if isinstance(arguments, dict):
            arguments = {key: UNSAID if key in SPEAKING_KEYS else value for key, value in arguments.items()}
        elif arguments:
            arguments = tuple(
                # Django gives paths as text, and an exception's own words are as telling as its row.
                without_identifiers(value)
                if isinstance(value, str) and value.startswith("/")
                else type(value).__name__
                if isinstance(value, BaseException)
                else value
                for value in arguments
            )
        try:
            return str(record.msg) % arguments if arguments else str(record.msg)
        except (TypeError, ValueError):
            return str(record.msg)

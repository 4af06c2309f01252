"""Log lines as JSON and without personal data, by lists of what may be said.

A message of the database quotes the row that it refused, and a path may name a case. So whatever is not known to be
harmless is left out: an exception is told by type, SQLSTATE, constraint and the lines of our own code, never by its
words or local variables, and what a library puts into its lines passes only when it has the shape of a technical name.
`source` says where a line was written, so that one that says little can still be found.
"""

import json
import logging
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID

BASE_DIR = Path(__file__).resolve().parents[2]
UNSAID = "…"
# Our own modules: what they write is read in reviews and looked through by tests for planted marks.
OWN = ("jobcenter", "casework", "agreements", "offers", "test", "__main__")
# Libraries whose fixed sentences are worth reading; what they put into them is looked at word by word.
PLAIN_SPEAKERS = ("celery", "kombu", "gunicorn")
# What else a caller may hand over by `extra=`; nothing but numbers is taken.
FIELDS = ("duration_ms", "status")
# Exceptions that tell an operator what to set, in our own words.
SPEAKING_EXCEPTIONS = frozenset({"ImproperlyConfigured", "CommandError", "Problem"})
PHRASES = frozenset(status.phrase for status in HTTPStatus)
TECHNICAL = re.compile(
    r"[a-z_][a-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+"  # casework.tasks.remind
    r"|[a-z]+(?:-[a-z]+)+"  # carry-out-handovers
    r"|celery@[\w.-]+"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|[A-Z][A-Za-z]*(?:Error|Warning|Exception)"
)
TASK_ID = re.compile(r"[0-9a-f-]{1,36}")
SENTENCE = re.compile(r"[A-Za-z ,.:;()-]+")
CODE = re.compile(r"[0-9A-Z]{5}")
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# Whatever holds a digit is a number of something; whatever is that long is a token (the address of a calendar).
IDENTIFYING_PART = re.compile(r"/(?:[^/?\s]*\d[^/?\s]*|[^/?\s]{40,})")
QUERY = re.compile(r"\?\S*")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def without_identifiers(path: str) -> str:
    """`/faelle/2026-00017/?q=x` becomes `/faelle/*/`; the name of a hashed static file stays."""
    path = QUERY.sub("", path)
    return path if path.startswith("/static/") else IDENTIFYING_PART.sub("/*", path)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, made of named fields alone."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message_of(record),
        }
        if record.exc_info and record.exc_info[1]:
            line |= told(record.exc_info[1])
        if UNSAID in line["message"]:
            line["source"] = f"{_short(record.pathname)}:{record.lineno}"
        for name in FIELDS:
            value = getattr(record, name, None)
            if isinstance(value, int | float) and not isinstance(value, bool):
                line[name] = value
        return json.dumps(line, ensure_ascii=False)

    # What the base class would append is not called: it prints exceptions in their own words.
    def formatException(self, ei: Any) -> str:  # noqa: N802  (logging's name)
        return json.dumps(told(ei[1]), ensure_ascii=False) if ei and ei[1] else ""


def message_of(record: logging.LogRecord) -> str:
    """The sentence with those of its arguments that may be said."""
    own = _is_from(record.name, OWN)
    message, arguments = record.msg, record.args
    if not isinstance(message, str):
        # logger.error(exception): its words would be the message.
        return type(message).__name__ if isinstance(message, BaseException) else UNSAID
    if not arguments:
        # A library may have put anything into the sentence before it came here.
        plain = own or (_is_from(record.name, PLAIN_SPEAKERS) and SENTENCE.fullmatch(message))
        return CONTROL.sub(" ", message).strip() if plain else UNSAID
    allowed: Any
    if isinstance(arguments, dict):
        allowed = {key: _named_argument(key, value) for key, value in arguments.items()}
    else:
        allowed = tuple(_argument(value, own=own) for value in arguments)
    try:
        text = message % allowed
    except (TypeError, ValueError):
        text = message
    return CONTROL.sub(" ", text).strip()


def _is_from(logger: str, roots: tuple[str, ...]) -> bool:
    return logger.partition(".")[0] in roots


def _argument(value: Any, *, own: bool) -> Any:
    """A number, a technical name, a path without what identifies; of an exception its type; else nothing."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str):
        if value.startswith("/"):
            return without_identifiers(value)
        if own or value in PHRASES or TECHNICAL.fullmatch(value):
            return value
    return UNSAID


def _named_argument(key: Any, value: Any) -> Any:
    """Celery's way: the number of a task may be said under its own name alone."""
    if key == "id" and isinstance(value, str) and TASK_ID.fullmatch(value):
        return value
    return _argument(value, own=False)


def told(error: BaseException) -> dict[str, Any]:
    """An exception without its words: type, SQLSTATE, constraint, and where in our own code it came up."""
    line: dict[str, Any] = {"exception": type(error).__name__}
    line |= database_codes(error)
    if type(error).__name__ in SPEAKING_EXCEPTIONS:
        line["said"] = CONTROL.sub(" ", str(error)).strip()
    if (cause := error.__cause__ or error.__context__) is not None:
        line["because"] = type(cause).__name__
    line["where"] = own_lines(error.__traceback__)
    return line


def database_codes(error: BaseException) -> dict[str, str]:
    """SQLSTATE and the name of the violated rule, from the error or from what it was raised from."""
    found: dict[str, str] = {}
    current: BaseException | None = error
    while current is not None and not found:
        state = getattr(current, "sqlstate", None)
        if isinstance(state, str) and CODE.fullmatch(state):
            found["sqlstate"] = state
        # Only a name, as a rule has one: a trigger could have put anything there.
        rule = getattr(getattr(current, "diag", None), "constraint_name", None)
        if isinstance(rule, str) and NAME.fullmatch(rule):
            found["constraint"] = rule
        current = current.__cause__
    return found


def own_lines(trace: TracebackType | None) -> list[str]:
    """The lines of this project that led there, and the last one of a library as the place where it happened."""
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if _is_own(frame.filename)]
    if frames and (not own or frames[-1] is not own[-1]):
        own.append(frames[-1])
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in own]


def _is_own(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(BASE_DIR) and "site-packages" not in path.parts


def _short(filename: str) -> str:
    path = Path(filename)
    if _is_own(filename):
        return str(path.relative_to(BASE_DIR))
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return path.name


def in_short(error: BaseException) -> str:
    """For a sentence to an operator: `IntegrityError 23505 one_open_case`."""
    return " ".join([type(error).__name__, *database_codes(error).values()])


# --- what nobody caught ------------------------------------------------------------------------------------


def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For sys.excepthook: what a command died of, without what it was working on."""
    if issubclass(kind, KeyboardInterrupt) or hasattr(sys, "ps1"):
        sys.__excepthook__(kind, error, trace)
        return
    line = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "critical",
        "logger": "uncaught",
        "message": "the process ended with an error",
        **told(error.with_traceback(trace)),
    }
    sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and not issubclass(arguments.exc_type, SystemExit):
        uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)


def install_hooks() -> None:
    """From now on this process does not print an exception's own words, whoever forgot to catch it."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = uncaught
        threading.excepthook = _uncaught_in_thread

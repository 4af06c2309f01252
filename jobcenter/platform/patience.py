"""How long the database may take, by who asks; and the answer to a person when it took longer.

A page is waited for by somebody, so it gives up soon and says so; a worker goes through many cases; a command of an
operator (a migration, a check of all rules) takes as long as it takes, but does not wait in everybody's way for a lock.
The limits are options of the connection: PostgreSQL keeps them, also when the process that asked hangs or is gone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

# What PostgreSQL raises when one of the limits is met. The last two end the connection, too.
CANCELLED, LOCKED, IDLE_TOO_LONG, TRANSACTION_TOO_LONG = "57014", "55P03", "25P03", "25P04"
OUT_OF_PATIENCE = frozenset({CANCELLED, LOCKED, IDLE_TOO_LONG, TRANSACTION_TOO_LONG})
RETRY_AFTER_SECONDS = 10
NAMES = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "transaction_timeout")
WEB, WORKER, OPERATOR = "web", "worker", "operator"


@dataclass(frozen=True)
class Limits:
    """Seconds; 0 is no limit. The order is that of NAMES."""

    statement: int
    lock: int
    idle_in_transaction: int
    transaction: int


BY_PROCESS = {
    # A slow reader holds the transaction of a request while its text arrives: that ends after a minute.
    WEB: Limits(statement=20, lock=8, idle_in_transaction=60, transaction=90),
    WORKER: Limits(statement=300, lock=30, idle_in_transaction=300, transaction=1800),
    OPERATOR: Limits(statement=0, lock=60, idle_in_transaction=0, transaction=0),
}


def process_kind(arguments: Sequence[str], env: Mapping[str, str]) -> str:
    """Which of the three this process is: jobcenter.wsgi says `web` aloud, the others show in their command line."""
    if (said := env.get("FALLARBEIT_PROCESS", "")) in BY_PROCESS:
        return said
    program = Path(arguments[0]) if arguments else Path()
    if "celery" in (program.name, program.parent.name):
        return WORKER
    return WEB if "runserver" in arguments[1:2] else OPERATOR


def limits(kind: str, env: Mapping[str, str]) -> Limits:
    """The limits of a kind of process; `DB_STATEMENT_SECONDS` and the like change them where they are set.

    Raises ValueError when one of them is no whole number of seconds.
    """
    usual = BY_PROCESS[kind]
    names = ("DB_STATEMENT_SECONDS", "DB_LOCK_SECONDS", "DB_IDLE_SECONDS", "DB_TRANSACTION_SECONDS")
    values = []
    for name, default in zip(names, astuple(usual), strict=True):
        text = env.get(name, "").strip()
        if text and not re.fullmatch(r"[0-9]{1,6}", text):
            raise ValueError(f"{name} muss eine Zahl von Sekunden sein.")
        values.append(int(text) if text else default)
    return Limits(*values)


def connection_options(limits: Limits) -> str:
    """The same for libpq's `options`."""
    return " ".join(f"-c {name}={seconds}s" for name, seconds in zip(NAMES, astuple(limits), strict=True))


def ran_out(error: BaseException | None) -> bool:
    """Is it one of these limits that ended the work? Looks at what the error was raised from, too."""
    while error is not None:
        if getattr(error, "sqlstate", None) in OUT_OF_PATIENCE:
            return True
        error = error.__cause__
    return False


def took_too_long(request: HttpRequest) -> HttpResponse:
    """503: nothing was stored, and the text is still there, in the form or in what the browser would send again."""
    response = HttpResponse(render_to_string("errors/503_busy.html"), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response

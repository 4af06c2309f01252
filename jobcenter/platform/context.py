"""Who asks, told to PostgreSQL so that nobody can claim to be somebody else: the second line of access.

Row security shows and takes rows by the signed context of a transaction. The web role may call set_config itself, so a
statement that is smuggled in could claim anything: the context carries an HMAC whose key the database's guard keeps and
the web role cannot read. It is bound to the one transaction by its number, which is never given twice, so a context
that was seen elsewhere is worth nothing. It runs out after a while, and with the transaction.

Set on the outermost level of a transaction: what is set inside a savepoint is gone when that is rolled back.
"""

import hashlib
import hmac
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jobcenter.platform.statements import read

SETTING = "fallarbeit.context"
# Seconds. A request is over long before; what works through many cases may take hours.
PERSON_SECONDS = 15 * 60
PURPOSE_SECONDS = 4 * 60 * 60
BLOCK = 64
OWN_ROLE = "none"  # the one that the connection signed in with

# What a transaction is bound to; the server says it, so that no clock of ours matters.
TRANSACTION = "SELECT 'x', pg_current_xact_id()::text, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text"
# Outside of transactions (a worker that commits between two mails) the connection stands for it.
SESSION = "SELECT 'p', pg_backend_pid()::text, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text"


class Purpose(StrEnum):
    """Why rows are touched beyond the cases of the person who asks: a closed list, each entry used by named actions.

    The first line decides whether the person may; then the deed is done in the worker's role.
    """

    OPEN_CASE = "open_case"  # a new case is nobody's before its assignment is written
    END_CASE = "end_case"  # whoever only takes part works in it no longer at the moment of its end
    ASSIGN = "assign"  # changing who is responsible, takes part, or takes over
    LOOK_UP = "look_up"  # "Zugriff mit Anlass": whoever stands at the counter is found by exact data
    TAKE_ACCESS = "take_access"
    RECORD_FOR = "record_for"  # a contact for the responsible IFK, without sight of the file
    ABSENCE = "absence"  # appointments of somebody who is away
    GROUP = "group"  # a group date writes into each member's case
    IMPORT = "import"
    INTAKE = "intake"
    REMIND = "remind"
    LETTER = "letter"
    CALENDAR = "calendar"  # days of a substitution to come; what is called off because it has passed to others
    NEWS = "news"  # what comes to one, and what went
    LEAD = "lead"  # figures and lists of a team
    CURATE = "curate"  # what hangs on an offer, as counts
    ACCOUNT = "account"  # what hangs on an account, as counts
    PROTECT = "protect"  # who is on the list of a restricted case
    EMERGENCY = "emergency"  # finding the case of an emergency, and allowing it
    PERSON_RIGHTS = "person_rights"  # disclosure, extract, erasure
    EVIDENCE = "evidence"
    CHECK = "check"  # check_invariants
    SEED = "seed"


def key_blocks(secret: str) -> tuple[bytes, bytes]:
    """The inner and the outer block of the HMAC (RFC 2104) for a secret: what the database's guard keeps."""
    key = _key(secret).ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"fallarbeit: context of a transaction", hashlib.sha256)


def install_key(alias: str = "owner") -> None:
    """Let the database know the key of this installation; called after each `migrate`, safe to repeat."""
    from django.db import connections

    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT guard.forget_keys()")
        for secret in (*reversed(settings.SECRET_KEY_FALLBACKS), settings.SECRET_KEY):
            cursor.execute("SELECT guard.install_key(%s, %s)", list(key_blocks(secret)))


def token(bound: tuple[str, str, str], *, user_id: int, purpose: str, request_id: str, seconds: int) -> str:
    """The signed text: kind, user, purpose, request, the application's time, what it is bound to, its end."""
    kind, tied_to, issued = bound
    at = int(timezone.now().timestamp() * 1_000_000)
    until = int(issued) + seconds * 1_000_000
    text = f"{kind}|{user_id}|{purpose}|{request_id}|{at}|{tied_to}|{until}"
    return f"{text}|{hmac.new(_key(settings.SECRET_KEY), text.encode(), hashlib.sha256).hexdigest()}"


class _State:
    """What the running transaction was told last, for whoever changes it for a while."""

    __slots__ = ("purpose", "request_id", "role", "user_id")

    def __init__(self, user_id: int = 0, request_id: str = "", purpose: str = "", role: str = OWN_ROLE) -> None:
        self.user_id, self.request_id, self.purpose, self.role = user_id, request_id, purpose, role


def _state() -> _State:
    found: _State | None = getattr(connection, "fallarbeit_context", None)
    return found or _State()


def _tell(state: _State) -> None:
    """Set role and context to what the state says, for the running transaction."""
    if state.user_id or state.purpose:
        ((kind, tied_to, issued),) = read(TRANSACTION, [])
        seconds = PURPOSE_SECONDS if state.purpose else PERSON_SECONDS
        text = token(
            (kind, tied_to, issued),
            user_id=state.user_id,
            purpose=state.purpose,
            request_id=state.request_id,
            seconds=seconds,
        )
    else:
        text = ""
    read(f"SELECT set_config('{SETTING}', %s::text, true), set_config('role', %s::text, true)", [text, state.role])
    connection.fallarbeit_context = state  # type: ignore[attr-defined]


def current_user_id() -> int:
    """Whom the running transaction was told; 0 for nobody."""
    return _state().user_id


@contextmanager
def nobody() -> Iterator[None]:
    """A frame begins: nobody asks yet. Its end is the transaction's, and the context's with it.

    Tests open a transaction around it in a role of their own (FRAME_DATABASE_ROLE names the one that a request has
    everywhere else): they have theirs back afterwards.
    """
    before = _state()
    role = settings.FRAME_DATABASE_ROLE
    state = _State(role=role or OWN_ROLE)
    connection.fallarbeit_context = state  # type: ignore[attr-defined]
    if role:
        _tell(state)
    try:
        yield
        if role and not connection.needs_rollback:
            _tell(before)
    finally:
        connection.fallarbeit_context = before  # type: ignore[attr-defined]


def set_actor(*, user_id: int, request_id: uuid.UUID | str = "") -> None:
    """Say who asks, until the transaction ends. Needs a transaction: outside of one it would be lost at once."""
    state = _state()
    _tell(_State(user_id=user_id, request_id=str(request_id), role=state.role))


@contextmanager
def acting(user_id: int, request_id: uuid.UUID | str = "") -> Iterator[None]:
    """Do something as a person outside of a request; in a transaction of its own, or a savepoint of the running one."""
    with _changed(_State(user_id=user_id, request_id=str(request_id), role=_state().role)):
        yield


@contextmanager
def widened(purpose: Purpose) -> Iterator[None]:
    """Reach beyond the cases of the person who asks, for a named purpose, in the worker's role.

    In a transaction of its own, or a savepoint of the running one; afterwards everything is as before.
    """
    now = _state()
    with _changed(_State(now.user_id, now.request_id, purpose.value, settings.WORKER_DATABASE_ROLE)):
        yield


@contextmanager
def curating() -> Iterator[None]:
    """Work in the role of the offers' administration: it has no right at all on a table that carries a case."""
    now = _state()
    with _changed(_State(now.user_id, now.request_id, "", settings.OFFERS_DATABASE_ROLE)):
        yield


@contextmanager
def _changed(state: _State) -> Iterator[None]:
    before = _state()
    try:
        with transaction.atomic():
            _tell(state)
            yield
    except BaseException:
        # The savepoint took role and context back with it, or the transaction is gone.
        connection.fallarbeit_context = before  # type: ignore[attr-defined]
        raise
    connection.fallarbeit_context = before  # type: ignore[attr-defined]
    if connection.in_atomic_block:
        _tell(before)


@contextmanager
def serving(purpose: Purpose) -> Iterator[None]:
    """A worker or a command at work that commits as it goes: the context holds for its connection, until the end.

    Inside a transaction it is the same as `widened`.
    """
    if connection.in_atomic_block:
        with widened(purpose):
            yield
        return
    before = _state()
    ((kind, tied_to, issued),) = read(SESSION, [])
    text = token((kind, tied_to, issued), user_id=0, purpose=purpose.value, request_id="", seconds=PURPOSE_SECONDS)
    state = _State(purpose=purpose.value, role=settings.WORKER_DATABASE_ROLE)
    read(f"SELECT set_config('{SETTING}', %s::text, false), set_config('role', %s::text, false)", [text, state.role])
    connection.fallarbeit_context = state  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.fallarbeit_context = before  # type: ignore[attr-defined]
        if connection.connection is not None and not connection.in_atomic_block:
            read(f"SELECT set_config('{SETTING}', '', false), set_config('role', 'none', false)", [])

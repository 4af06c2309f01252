"""Handing a mail to the mail server, step by step: what becomes of it depends on the step at which it fails.

Until the text has been handed over nothing has gone out, and trying again is safe. Once it has been handed over and the
server's last word is missing, nobody knows; such a mail is not sent again (design.md 5). Django's own `send_messages`
does not tell the two apart.
"""

import contextlib
import logging
import smtplib
import ssl
import time
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email

logger = logging.getLogger(__name__)


class Fate(Enum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good
    LATER = "later"  # not handed over; may be tried again
    UNCLEAR = "unclear"  # handed over, and no answer came


class Outcome(NamedTuple):
    """What became of a mail; the answer is the server's code or a word of ours, never a sentence of the server's."""

    fate: Fate
    answer: str
    unreachable: bool = False  # the server itself, or our own fault: the next mail would fare no better


class Postman:
    """One connection for several mails, opened at the first and after each break."""

    def __init__(self) -> None:
        self.backend: Any = get_connection()

    def __enter__(self) -> "Postman":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.backend.close()  # politely: whoever is still connected has just answered

    def hand_over(self, message: EmailMessage, *, before: float | None = None) -> Outcome:
        """Hand over one mail to one recipient; whatever goes wrong ends as an outcome.

        `before`: a moment of `time.monotonic()` after which the text is not handed over any more.
        """
        try:
            validate_email(message.to[0])  # exactly one address, as forms ask for it; SQL may have written another
            written: Any = message.message()  # Django's message, which names the line's end
            payload = written.as_bytes(linesep="\r\n")
            encoding = message.encoding or "utf-8"
            sender = sanitize_address(message.from_email, encoding)
            recipient = sanitize_address(message.to[0], encoding)
        except (ValidationError, ValueError):
            return Outcome(Fate.REFUSED, "address")  # a line break or the like in a header
        if not isinstance(self.backend, EmailBackend):
            self.backend.send_messages([message])  # on the console or in a list: development and tests
            return Outcome(Fate.ACCEPTED, "250")
        for _ in range(2):
            is_reused = self.backend.connection is not None
            outcome = self._open() or self._talk(sender, recipient, payload, before)
            if outcome.fate is not Fate.ACCEPTED:
                self._hang_up()  # whatever state the talk was left in
            if not (is_reused and outcome.fate is Fate.LATER and outcome.answer in ("connection", "421")):
                break
            # Some servers end a connection after so many mails: this one has had none on a new connection.
        return outcome

    def _open(self) -> Outcome | None:
        try:
            self.backend.open()
            self.backend.connection.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.LATER, code_of(error), unreachable=True)
        except Exception as error:
            return own_fault(error)
        return None

    def _talk(self, sender: str, recipient: str, payload: bytes, before: float | None) -> Outcome:
        server = self.backend.connection
        try:
            for expected, command in (
                (2, partial(server.mail, sender)),
                (2, partial(server.rcpt, recipient)),
                (3, partial(server.docmd, "DATA")),
            ):
                code, _ = command()
                if code // 100 != expected:
                    return refused(code)
        except (UnicodeError, ValueError):
            return Outcome(Fate.REFUSED, "address")
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.LATER, code_of(error))
        except Exception as error:
            return own_fault(error)
        if before is not None and time.monotonic() > before:
            return Outcome(Fate.LATER, "timeout")  # without the text the server drops what it has heard
        try:
            server.send(with_stuffed_dots(payload))
            code, _ = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.UNCLEAR, code_of(error))
        if code // 100 == 2:
            return Outcome(Fate.ACCEPTED, str(code))
        return refused(code) if code // 100 in (4, 5) else Outcome(Fate.UNCLEAR, "garbled")

    def _hang_up(self) -> None:
        """Without QUIT: a server that is silent would be waited for."""
        for name in ("connection", "_partial_connection"):
            server = getattr(self.backend, name, None)
            if server is not None:
                setattr(self.backend, name, None)
                server.close()


def refused(code: int) -> Outcome:
    """5xx is for good (RFC 5321 4.2.1); 4xx, and what is no answer at all, is for now."""
    if code // 100 == 5:
        return Outcome(Fate.REFUSED, str(code))
    return Outcome(Fate.LATER, str(code) if code // 100 == 4 else "garbled")


def own_fault(error: Exception) -> Outcome:
    """Something that nobody foresaw, before the text was handed over: no mail is lost by it, and it is on record."""
    logger.error("handing over mail failed: %s", type(error).__name__)
    return Outcome(Fate.LATER, type(error).__name__[:20], unreachable=True)


def code_of(error: Exception) -> str:
    """A code of the server where it gave one, else what happened in a word."""
    code = getattr(error, "smtp_code", 0)
    if code and code > 0:
        return str(code)
    if isinstance(error, ssl.SSLError):
        return "tls"
    # Where smtplib was waiting for an answer, it tells of the silence as of a closed connection.
    return "timeout" if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError) else "connection"


def with_stuffed_dots(payload: bytes) -> bytes:
    """The text as it goes over the line: leading dots doubled, ended by a line with a dot (RFC 5321 4.5.2)."""
    lines = payload.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"

"""Handing a mail to the mail server, step by step: what becomes of it depends on the step at which it fails.

Until the text has been handed over nothing has gone out, and trying again is safe. Once it has been handed over and the
server's last word is missing, nobody knows; such a mail is not sent again (design.md 5). Django's own `send_messages`
does not tell the two apart.
"""

import contextlib
import smtplib
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend


class Fate(Enum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good
    LATER = "later"  # not handed over; may be tried again
    UNCLEAR = "unclear"  # handed over, and no answer came


class Outcome(NamedTuple):
    """What became of a mail; the answer is the server's code or a word of ours, never a sentence of the server's."""

    fate: Fate
    answer: str
    unreachable: bool = False  # the server itself: the next mail would fare no better


class Postman:
    """One connection for several mails, opened at the first and after each break."""

    def __init__(self) -> None:
        self.backend: Any = get_connection()

    def __enter__(self) -> "Postman":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.backend.close()  # politely: whoever is still connected has just answered

    def hand_over(self, message: EmailMessage) -> Outcome:
        """Hand over one mail to one recipient. Errors of the network and of the server end as an outcome."""
        try:
            written: Any = message.message()  # Django's message, which names the line's end
            payload = written.as_bytes(linesep="\r\n")
        except (ValueError, UnicodeError):
            return Outcome(Fate.REFUSED, "address")  # a line break or the like in a header
        if not isinstance(self.backend, EmailBackend):
            self.backend.send_messages([message])  # on the console or in a list: demonstration without a sink, tests
            return Outcome(Fate.ACCEPTED, "250")
        try:
            self.backend.open()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return Outcome(Fate.LATER, code_of(error), unreachable=True)
        outcome = self._talk(message, payload)
        if outcome.fate is not Fate.ACCEPTED:
            self._hang_up()  # whatever state the talk was left in
        return outcome

    def _talk(self, message: EmailMessage, payload: bytes) -> Outcome:
        server = self.backend.connection
        try:
            server.ehlo_or_helo_if_needed()
            for command in (
                partial(server.mail, message.from_email),
                partial(server.rcpt, message.recipients()[0]),
                partial(server.docmd, "DATA"),
            ):
                code, _ = command()
                if code not in (250, 251, 354):
                    return refused(code)
        except (UnicodeError, ValueError):
            return Outcome(Fate.REFUSED, "address")
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.LATER, code_of(error))
        try:
            server.send(with_stuffed_dots(payload))
            code, _ = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.UNCLEAR, code_of(error))
        return Outcome(Fate.ACCEPTED, str(code)) if code == 250 else refused(code)

    def _hang_up(self) -> None:
        server, self.backend.connection = getattr(self.backend, "connection", None), None
        if server is not None:
            server.close()  # without QUIT: a server that is silent would be waited for


def refused(code: int) -> Outcome:
    """4xx is for now, everything else for good (RFC 5321 4.2.1)."""
    return Outcome(Fate.LATER if 400 <= code < 500 else Fate.REFUSED, str(code))


def code_of(error: Exception) -> str:
    """A code of the server where it gave one, else what happened in a word."""
    code = getattr(error, "smtp_code", 0)
    if code and code > 0:
        return str(code)
    return "timeout" if isinstance(error, TimeoutError) else "connection"


def with_stuffed_dots(payload: bytes) -> bytes:
    """The text as it goes over the line: leading dots doubled, ended by a line with a dot (RFC 5321 4.5.2)."""
    lines = payload.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"

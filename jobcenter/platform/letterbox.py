"""The demonstration's letter box: a real mail server on loopback that keeps what it is given and sends nothing on.

`python -m jobcenter.platform.letterbox FOLDER PORT` keeps the mails in a Maildir; the web server reads them there.
"""

import asyncio
import contextlib
import datetime as dt
import signal
import sys
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

HOST = "127.0.0.1"
KEPT = 500  # mails; the oldest go first
LARGEST = 1_000_000  # bytes of one mail


@dataclass(frozen=True)
class Letter:
    to: str
    at: dt.datetime
    subject: str
    text: str


def newest(folder: Path, most: int) -> list[Letter]:
    """The newest mails of the box, newest first; an empty list when there is no box yet."""
    letters = []
    for path in _files(folder)[:most]:
        with contextlib.suppress(FileNotFoundError):  # it was the oldest, and a new one came
            at = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC)
            message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
            assert isinstance(message, EmailMessage)  # noqa: S101  (what this policy makes; for mypy)
            letters.append(Letter(str(message["To"] or ""), at, str(message["Subject"] or ""), _text(message)))
    return letters


def _files(folder: Path) -> list[Path]:
    """The files of the mails, newest first; a mail that is still being written lies in `tmp` and is not among them."""
    found = []
    for path in (folder / "new").glob("*"):
        with contextlib.suppress(FileNotFoundError):
            found.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(found, reverse=True)]


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    if body is None:
        return ""
    try:
        return str(body.get_content())
    except (LookupError, KeyError):  # a character set or a kind of text that nobody knows
        payload = body.get_payload(decode=True)
        return payload.decode(errors="replace") if isinstance(payload, bytes) else ""


def remove_old(folder: Path) -> None:
    for path in _files(folder)[KEPT:]:
        path.unlink(missing_ok=True)


async def serve(folder: Path, port: int) -> None:
    # Here and not above: the web server reads the box and needs no mail server for it.
    from aiosmtpd.handlers import Mailbox
    from aiosmtpd.smtp import SMTP, Envelope, Session

    class Box(Mailbox):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            answer = await super().handle_DATA(server, session, envelope)
            remove_old(folder)
            return answer

    box = Box(folder)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    # A name of its own: asking the network for one can take long where there is none.
    server = await loop.create_server(
        lambda: SMTP(box, hostname="localhost", data_size_limit=LARGEST, enable_SMTPUTF8=True), HOST, port
    )
    await ended.wait()
    server.close()


def main(arguments: list[str]) -> int:
    folder, port = Path(arguments[0]), int(arguments[1])
    try:
        asyncio.run(serve(folder, port))
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

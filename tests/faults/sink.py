"""A mail server that misbehaves on request: `python -m tests.faults.sink --folder F --port P [--delay SECONDS]`.

It runs in a process of its own, so that neither the test's threads nor its kills disturb it. What it does with a mail
stands in the local part of the recipient's address, before the first dot: `busy-2.kim@example.org` is refused with 421
twice and accepted the third time. Every answer quotes the recipient, as careless servers do.

Each mail that it takes is one file in `F/mails`, written before the sender hears of it: a sender that is killed while
it waits for the answer has delivered, and whoever sends again is found out. `F/talk.jsonl` tells of every step.
"""

import argparse
import asyncio
import base64
import json
import os
import re
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

SILENCE = 60
# What may stand before the first dot, and the number of times it happens (for refusals; else always).
BEHAVIOUR = re.compile(
    r"(?P<what>later|latertext|busy|refuse|refusetext|cut|cutlost|muteaddress|mutetext)(?:-(?P<times>\d+))?\."
)
REFUSALS = {
    ("address", "later"): "451 4.3.0 <{recipient}>: try again later, {recipient}",
    ("text", "latertext"): "451 4.3.0 <{recipient}>: could not store the mail for {recipient}",
    ("address", "busy"): "421 4.3.2 too many mails for {recipient}",
    ("address", "refuse"): "550 5.1.1 <{recipient}>: unknown here, {recipient}",
    ("text", "refusetext"): "550 5.7.1 the mail for {recipient} looks like rubbish",
}
MUTE = "mute"  # a file of this name in the folder: whoever connects hears nothing


class Record:
    """What happened, on disk: a line for every step, a file for every mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mails = folder / "mails"
        self.mails.mkdir(parents=True, exist_ok=True)
        self.talk = os.open(folder / "talk.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.refused: Counter[tuple[str, str]] = Counter()

    def say(self, step: str, recipient: str = "") -> None:
        line = {"at": time.time(), "step": step, "recipient": recipient}
        os.write(self.talk, f"{json.dumps(line)}\n".encode())

    def keep(self, session: Session, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        mail = {
            "at": time.time(),
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "helo": session.host_name,
            "raw": base64.b64encode(content).decode(),
        }
        path = self.mails / f"{time.time_ns()}-{uuid.uuid4().hex}.json"
        draft = path.with_suffix(".new")
        with open(draft, "w") as file:
            json.dump(mail, file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)

    def refusal(self, step: str, recipient: str) -> str | None:
        """The refusal for this recipient at this step, unless it has been given as often as asked for."""
        found = BEHAVIOUR.match(recipient)
        answer = REFUSALS.get((step, found["what"])) if found else None
        if found is None or answer is None:
            return None
        self.refused[step, recipient] += 1
        if found["times"] and self.refused[step, recipient] > int(found["times"]):
            return None
        return answer.format(recipient=recipient)


def behaviour(recipient: str) -> str:
    found = BEHAVIOUR.match(recipient)
    return found["what"] if found else ""


class Handler:
    """What the server answers at each step; half of the delay passes before the text, half after it has been kept."""

    def __init__(self, record: Record, delay: float) -> None:
        self.record = record
        self.delay = delay

    async def handle_RCPT(
        self, server: "Sink", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        server.recipient = address
        self.record.say("address", address)
        if behaviour(address) == "muteaddress":
            await asyncio.sleep(SILENCE)
        await asyncio.sleep(self.delay / 2)
        if answer := self.record.refusal("address", address):
            self.record.say(answer[:3], address)
            server.recipient = ""
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: "Sink", session: Session, envelope: Envelope) -> str:
        recipient = envelope.rcpt_tos[0]
        self.record.say("text", recipient)
        if answer := self.record.refusal("text", recipient):
            await asyncio.sleep(self.delay / 2)
            self.record.say(answer[:3], recipient)
            server.recipient = ""
            return answer
        what = behaviour(recipient)
        if what != "cutlost":
            self.record.keep(session, envelope)
            self.record.say("kept", recipient)
        if what in ("cut", "cutlost"):
            server.recipient = ""
            server.hang_up()
            return "250 nobody hears this"
        if what == "mutetext":
            await asyncio.sleep(SILENCE)
        await asyncio.sleep(self.delay / 2)
        self.record.say("250", recipient)
        server.recipient = ""
        return f"250 kept for {recipient}"


class Sink(SMTP):
    """aiosmtpd with a silence at the door, and an eye on whoever leaves in the middle of a mail."""

    def __init__(self, record: Record, delay: float) -> None:
        super().__init__(Handler(record, delay), hostname="sink.example.org", enable_SMTPUTF8=True)
        self.record = record
        self.recipient = ""

    def hang_up(self) -> None:
        transport: Any = self.transport
        transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        if self.recipient:
            self.record.say("lost", self.recipient)  # killed, or tired of waiting
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        self.record.say("connected")
        if (self.record.folder / MUTE).exists():
            self.record.say("mute")
            await asyncio.sleep(SILENCE)
        await super()._handle_client()


async def serve(folder: Path, port: int, delay: float) -> None:
    record = Record(folder)
    loop = asyncio.get_running_loop()
    # Whoever was cut off has been told so; the loop need not tell it again.
    loop.set_exception_handler(lambda *_: None)
    server = await loop.create_server(lambda: Sink(record, delay), "127.0.0.1", port)
    async with server:
        await server.serve_forever()  # until the process is ended


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay", type=float, default=0.0)
    given = parser.parse_args()
    asyncio.run(serve(given.folder, given.port, given.delay))


if __name__ == "__main__":
    main()

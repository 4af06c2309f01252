"""What becomes of a mail depends on the step at which the talk with the server ends (scripted servers)."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.core.mail import EmailMessage

from jobcenter.platform.mail import Fate, Outcome, Postman, with_stuffed_dots

CUT = None
SILENCE = ""
GREETING, HELLO = "220 hier", "250 gut"
ACCEPTING = (GREETING, HELLO, "250 Absender", "250 Empfangende", "354 los", "250 angenommen")


class Server:
    """Says its lines one after the other: one at the start, then one for each line (or text) that comes."""

    def __init__(self, answers: Sequence[str | None]) -> None:
        self.answers = answers
        self.again: Sequence[str | None] | None = None
        self.heard: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.silent = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.talk()
                if self.again is None:
                    break
                self.answers = self.again

    def talk(self) -> None:
        client, _ = self.listener.accept()
        with client:
            lines = client.makefile("rb")
            for number, answer in enumerate(self.answers):
                if number:
                    self.heard.append(self.listen(lines, in_text=str(self.answers[number - 1]).startswith("354")))
                if answer is CUT:
                    return
                if answer == SILENCE:
                    self.silent.wait(20)
                    return
                client.sendall(answer.encode() + b"\r\n")
            lines.readline()

    @staticmethod
    def listen(lines: Any, *, in_text: bool) -> bytes:
        heard = line = lines.readline()
        while in_text and line and line != b".\r\n":
            line = lines.readline()
            heard += line
        return heard

    def end(self) -> None:
        self.silent.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(timeout=5)


@contextlib.contextmanager
def serving(settings: object, answers: Sequence[str | None]) -> Iterator[Server]:
    server = Server(answers)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port  # type: ignore[attr-defined]
    settings.EMAIL_TIMEOUT = 0.5  # type: ignore[attr-defined]
    try:
        yield server
    finally:
        server.end()


def message(body: str = "Guten Morgen\n", to: str = "kim@example.org") -> EmailMessage:
    return EmailMessage("Betreff", body, "fallarbeit@example.org", [to])


def outcome_of(settings: object, answers: Sequence[str | None]) -> Outcome:
    with serving(settings, answers), Postman() as postman:
        return postman.hand_over(message())


def test_an_accepted_mail_has_gone_out(settings):
    assert outcome_of(settings, ACCEPTING) == Outcome(Fate.ACCEPTED, "250")


@pytest.mark.parametrize("step", [2, 3, 4, 5], ids=["MAIL", "RCPT", "DATA", "text"])
@pytest.mark.parametrize(("code", "fate"), [("451", Fate.LATER), ("421", Fate.LATER), ("550", Fate.REFUSED)])
def test_a_refusal_is_for_now_or_for_good_at_every_step(settings, step, code, fate):
    answers = [*ACCEPTING[:step], f"{code} nein", "221 ende"]

    assert outcome_of(settings, answers) == Outcome(fate, code)


@pytest.mark.parametrize("end", [CUT, SILENCE], ids=["cut", "silence"])
@pytest.mark.parametrize("step", [2, 3, 4], ids=["MAIL", "RCPT", "DATA"])
def test_until_the_text_is_handed_over_it_may_be_tried_again(settings, step, end):
    outcome = outcome_of(settings, [*ACCEPTING[:step], end])

    assert (outcome.fate, outcome.unreachable) == (Fate.LATER, False)


@pytest.mark.parametrize("answer", ["??", "354 los", "299 gut"])
def test_what_is_no_refusal_after_the_text_is_accepted_or_unclear(settings, answer):
    expected = Fate.ACCEPTED if answer.startswith("2") else Fate.UNCLEAR

    assert outcome_of(settings, [*ACCEPTING[:5], answer, "221 ende"]).fate is expected


@pytest.mark.parametrize("step", [2, 3, 4], ids=["MAIL", "RCPT", "DATA"])
def test_what_is_no_answer_before_the_text_is_tried_again(settings, step):
    with serving(settings, [*ACCEPTING[:step], "??", "250 noch", "250 etwas"]) as server, Postman() as postman:
        assert postman.hand_over(message()).fate is Fate.LATER

    assert not any(b"Guten Morgen" in line for line in server.heard)


def test_data_that_is_not_asked_for_is_not_sent(settings):
    with serving(settings, [*ACCEPTING[:4], "250 gut", "250 gut"]) as server, Postman() as postman:
        assert postman.hand_over(message()).fate is Fate.LATER

    assert not any(b"Guten Morgen" in line for line in server.heard)


def test_after_its_time_the_text_is_not_handed_over_any_more(settings):
    with serving(settings, ACCEPTING) as server, Postman() as postman:
        outcome = postman.hand_over(message(), before=time.monotonic() - 1)

    assert outcome.fate is Fate.LATER
    assert not any(b"Guten Morgen" in line for line in server.heard)


def test_an_address_with_an_umlaut_in_its_domain_is_an_address(settings):
    with serving(settings, ACCEPTING) as server, Postman() as postman:
        outcome = postman.hand_over(message(to="kim@göttingen.de"))

    assert outcome.fate is Fate.ACCEPTED
    assert any(b"kim@xn--gttingen-n4a.de" in line for line in server.heard)


def test_a_server_that_ends_the_talk_after_each_mail_costs_no_waiting(settings):
    with serving(settings, [*ACCEPTING, CUT]) as first:
        first.again = ACCEPTING
        with Postman() as postman:
            assert [postman.hand_over(message()).fate for _ in range(2)] == [Fate.ACCEPTED, Fate.ACCEPTED]


def test_what_nobody_foresaw_loses_no_mail(settings):
    with serving(settings, ACCEPTING), Postman() as postman:
        postman.backend.open = lambda: 1 // 0
        outcome = postman.hand_over(message())

    assert outcome == Outcome(Fate.LATER, "ZeroDivisionError", unreachable=True)


@pytest.mark.parametrize("end", [CUT, SILENCE], ids=["cut", "silence"])
def test_without_an_answer_to_the_text_nobody_knows(settings, end):
    assert outcome_of(settings, [*ACCEPTING[:5], end]).fate is Fate.UNCLEAR


@pytest.mark.parametrize("answers", [[CUT], [SILENCE], ["554 heute nicht"], [GREETING, CUT]])
def test_a_server_that_cannot_be_talked_to_is_unreachable(settings, answers):
    outcome = outcome_of(settings, answers)

    assert outcome.fate is Fate.LATER


def test_nobody_at_the_other_end_is_unreachable(settings):
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    with serving(settings, ACCEPTING):
        settings.EMAIL_PORT = port
        with Postman() as postman:
            outcome = postman.hand_over(message())

    assert outcome == Outcome(Fate.LATER, "connection", unreachable=True)


def test_an_answer_never_holds_the_words_of_the_server(settings):
    answers = [*ACCEPTING[:3], "550 <kim@example.org> gibt es nicht"]

    assert outcome_of(settings, answers).answer == "550"


@pytest.mark.parametrize("to", ["kim@example.org\r\nBcc: fremd@example.org", "kïm@example.org\n"])
def test_an_address_that_is_none_reaches_no_server(settings, to):
    with serving(settings, ACCEPTING) as server, Postman() as postman:
        outcome = postman.hand_over(message(to=to))

    assert outcome.fate is Fate.REFUSED
    assert not any(b"fremd" in line for line in server.heard)


def test_the_text_arrives_as_it_was_written(settings):
    with serving(settings, ACCEPTING) as server, Postman() as postman:
        postman.hand_over(message(".Punkt am Anfang\n..zwei\nÜberfällig: 3\n"))

    assert "\r\n\r\n..Punkt am Anfang\r\n...zwei\r\nÜberfällig: 3\r\n.\r\n".encode() in server.heard[-1]


def test_the_end_of_the_text_is_one_line_with_a_dot():
    assert with_stuffed_dots(b"a\r\n.b\r\n") == b"a\r\n..b\r\n.\r\n"
    assert with_stuffed_dots(b"a") == b"a\r\n.\r\n"

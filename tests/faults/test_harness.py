"""The tools of the fault tests do what they say: a fault that never happens would prove nothing."""

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.processes import Redis, Sink, wait_until


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    server = Sink(tmp_path_factory.mktemp("office"))
    server.start()
    yield server
    server.kill()


def hand_over(sink: Sink, recipient: str) -> int | str:
    """One mail by the standard library; the server's code, or how it ended."""
    try:
        with smtplib.SMTP("127.0.0.1", sink.port, timeout=2) as server:
            refused = server.sendmail("fallarbeit@example.org", [recipient], "Subject: x\r\n\r\n.dot\r\n")
            return 250 if not refused else 0
    except smtplib.SMTPRecipientsRefused as error:
        return error.recipients[recipient][0]
    except smtplib.SMTPResponseException as error:
        return error.smtp_code
    except OSError as error:  # smtplib's SMTPServerDisconnected is one
        return "timeout" if isinstance(error, TimeoutError) or "timed out" in str(error) else "cut"


@pytest.mark.parametrize(
    ("local_part", "answers", "kept"),
    [
        ("kim", [250, 250], 2),
        ("later-2.kim", [451, 451, 250, 250], 2),
        ("latertext-1.kim", [451, 250], 1),
        ("busy-1.kim", [421, 250], 1),
        ("refuse.kim", [550, 550], 0),
        ("refusetext.kim", [550, 550], 0),
        ("cut.kim", ["cut"], 1),
        ("cutlost.kim", ["cut"], 0),
        ("muteaddress.kim", ["timeout"], 0),
        ("mutetext.kim", ["timeout"], 1),
    ],
)
def test_the_mail_server_does_what_the_address_says(sink: Sink, local_part: str, answers: list[int | str], kept: int):
    recipient = f"{local_part}@example.org"

    assert [hand_over(sink, recipient) for _ in answers] == answers
    assert sink.deliveries()[recipient] == kept


def test_a_mail_is_kept_as_it_was_written(sink: Sink):
    hand_over(sink, "exact@example.org")

    (mail,) = [mail for mail in sink.mails() if mail.recipients == ("exact@example.org",)]
    assert mail.raw == b"Subject: x\r\n\r\n.dot\r\n"
    assert (mail.sender, mail.message["Subject"]) == ("fallarbeit@example.org", "x")


def test_the_mail_server_can_be_mute_gone_and_back(tmp_path: Path):
    sink = Sink(tmp_path).start()
    try:
        sink.be_mute()
        assert hand_over(sink, "kim@example.org") == "timeout"
        sink.be_mute(False)
        sink.kill()
        assert hand_over(sink, "kim@example.org") == "cut"
        sink.start()
        assert hand_over(sink, "kim@example.org") == 250
        assert sink.deliveries() == {"kim@example.org": 1}
    finally:
        sink.kill()


def test_whoever_leaves_in_the_middle_of_a_mail_is_noticed(tmp_path: Path):
    sink = Sink(tmp_path, delay=6).start()
    try:
        assert hand_over(sink, "kim@example.org") == "timeout"
        wait_until(lambda: sink.steps("kim@example.org") == ["address", "lost"], 60, "lost")
        assert sink.under_way() == set()
    finally:
        sink.kill()


def test_redis_keeps_its_keys_over_a_restart_and_loses_them_when_flushed(tmp_path: Path):
    server = Redis(tmp_path).start()

    def keys() -> str:
        return server.dump()

    def put(value: str) -> None:
        with server.client() as client:
            client.rpush("celery", value)

    try:
        heard = server.monitor()
        put("first")
        server.stop()
        assert not server.answers()
        assert "first" in heard.close()
        server.start()
        assert "first" in keys()
        server.flush()
        assert keys() == ""
    finally:
        server.kill()


def test_a_child_that_dies_is_started_again_by_whoever_waits(tmp_path: Path):
    sink = Sink(tmp_path).start()
    try:
        first = sink.pid
        sink.end_group()

        def back() -> bool:
            sink.look_after()
            return sink.is_running and sink.pid != first

        assert wait_until(back, 20, "back again") > 0.5
        sink.kill()
        sink.look_after()
        assert not sink.is_running
    finally:
        sink.kill()

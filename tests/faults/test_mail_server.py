"""The mail server refuses, hangs up, says nothing or is not there (design.md 5): nobody gets two mails, nobody waits.

The short tests call the sender in this process, the long ones have worker and beat as in production.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from casework import actions
from casework.enums import DigestState
from casework.models import DigestMail
from tests.faults.conftest import (
    Figure,
    MakeOffice,
    day_to_plan,
    seconds_to_health,
    somebody_overdue,
    states,
    under_way,
    waiting_mail,
)
from tests.faults.processes import Office, Sink

# Local part of the address, what is to become of the mail, and how often it may arrive.
ENDS = {
    "kim": ("sent", 1),
    "later-2.eva": ("sent", 1),
    "latertext-2.tom": ("sent", 1),
    "busy-2.ada": ("sent", 1),
    "refuse.ute": ("failed", 0),
    "refusetext.ole": ("failed", 0),
    "cut.mia": ("unclear", 1),
    "cutlost.leo": ("unclear", 0),
    "mutetext.ben": ("unclear", 1),
    "ina": ("sent", 1),
}
CODES = {"refuse.ute": "550", "refusetext.ole": "550", "cut.mia": "connection", "mutetext.ben": "timeout"}


def at(local_part: str) -> str:
    return f"{local_part}@example.org"


@pytest.fixture
def sender(make_office: MakeOffice, settings: Any) -> Callable[[int], Office]:
    """The sender of this process talks to a mail server of the test."""

    def make(timeout: int) -> Office:
        office = make_office()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.sink.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = timeout
        settings.REMINDER_RETRY_AFTER = [1]
        settings.REMINDER_BELL = 1
        settings.REMINDER_ANY_TIME = True
        return office

    return make


def deliver_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """As the bell would have it done."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, states()
        actions.deliver_waiting(seconds=10)
        time.sleep(0.1)


def test_each_misbehaviour_has_its_end_and_none_has_two_mails(sender: Callable[[int], Office]):
    sink = sender(1).sink
    for local_part in ENDS:
        waiting_mail(somebody_overdue(local_part))

    deliver_until(lambda: under_way() == 0)
    actions.deliver_waiting()

    assert states() == {at(local_part): state for local_part, (state, _) in ENDS.items()}
    assert sink.deliveries() == Counter({at(local_part): number for local_part, (_, number) in ENDS.items() if number})
    answers = dict(DigestMail.objects.values_list("recipient__email", "answer"))
    assert {name: answers[at(name)] for name in CODES} == CODES
    attempts = dict(DigestMail.objects.values_list("recipient__email", "attempts"))
    assert attempts[at("later-2.eva")] == attempts[at("latertext-2.tom")] == 3


def test_a_mail_server_that_is_not_there_costs_nothing_but_time(sender: Callable[[int], Office]):
    sink = sender(1).sink
    for local_part in ("kim", "eva", "tom"):
        waiting_mail(somebody_overdue(local_part))
    sink.kill()

    assert actions.deliver_waiting() == 0
    assert DigestMail.objects.exclude(answer="").count() == 1  # one try tells enough
    sink.start()
    sink.be_mute()
    actions.deliver_waiting()
    assert sink.deliveries() == {}
    sink.be_mute(False)
    deliver_until(lambda: under_way() == 0)

    assert sink.deliveries() == {at("kim"): 1, at("eva"): 1, at("tom"): 1}


def test_an_unclear_mail_is_not_sent_again_and_a_sender_that_forgot_it_would_be_found_out(
    sender: Callable[[int], Office], superuser_sql: Callable[..., Any]
):
    """Guard taken away: with its claim put back, the mail whose answer was cut arrives a second time."""
    sink = sender(1).sink
    digest = waiting_mail(somebody_overdue("cut.mia"))
    actions.deliver_waiting()
    actions.deliver_waiting()
    assert sink.deliveries() == {at("cut.mia"): 1}

    superuser_sql(
        "SET session_replication_role = replica;"
        f"UPDATE casework_digestmail SET state = 'planned', ended_at = NULL WHERE id = {digest.pk}"
    )
    actions.deliver_waiting()

    assert sink.deliveries() == {at("cut.mia"): 2}


# --- worker and beat as in production ----------------------------------------------------------------------


@pytest.fixture
def running(make_office: MakeOffice) -> Iterator[Callable[..., Office]]:
    def make(pool: str, **environment: str) -> Office:
        office = make_office(**environment)
        office.wait_for_line(office.worker(pool), "ready.")
        return office

    yield make


@pytest.mark.long
@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_silence_and_refusals_hold_nobody_up(running: Callable[..., Office], figure: Figure, pool: str):
    """A minute of silence, the timeouts of production, two who are silent at once: the others have their mails."""
    office = running(pool, REMINDER_RETRY_AFTER="5,5,600")
    others = [somebody_overdue(f"other{number}").email for number in range(40)]
    for number in range(2):
        waiting_mail(somebody_overdue(f"muteaddress.{number}"))  # first in the line
    for local_part in ENDS:
        waiting_mail(somebody_overdue(local_part))

    office.command("planner", "remind", "--plan-only", "--day", f"{day_to_plan()}")
    office.beat()
    started = time.monotonic()
    sent = office.wait(
        lambda: all(states().get(email) == DigestState.SENT for email in others), 240, "the others have their mails"
    )
    office.wait(
        lambda: all(states().get(at(local_part)) == state for local_part, (state, _) in ENDS.items()), 300, "ends"
    )
    figure("all others sent after seconds", round(sent))
    figure("all ends reached after seconds", round(time.monotonic() - started))
    figure("seconds to health", seconds_to_health(office))

    deliveries = office.sink.deliveries()
    assert {email: deliveries[email] for email in others} == dict.fromkeys(others, 1)
    assert {name: deliveries[at(name)] for name in ENDS} == {name: number for name, (_, number) in ENDS.items()}
    # Whoever is silent before the text is tried again, until the day is over.
    silent = {states()[at(f"muteaddress.{number}")] for number in range(2)}
    assert silent <= {DigestState.PLANNED, DigestState.CLAIMED}


@pytest.mark.long
@pytest.mark.parametrize("pool", ["prefork", "threads"])
@pytest.mark.parametrize("how", ["gone", "mute"])
def test_the_mail_server_is_away_for_a_while(running: Callable[..., Office], figure: Figure, pool: str, how: str):
    office = running(pool, REMINDER_RETRY_AFTER="5,10,20,20")
    sink: Sink = office.sink
    people = [somebody_overdue(f"person{number}").email for number in range(40)]
    if how == "gone":
        sink.kill()
    else:
        sink.be_mute()

    office.command("planner", "remind", "--plan-only", "--day", f"{day_to_plan()}")
    office.beat()
    office.wait(lambda: DigestMail.objects.exclude(answer="").count() > 1, 150, "somebody has tried twice")
    assert sink.deliveries() == {}
    if how == "gone":
        sink.start()
    else:
        sink.be_mute(False)
    figure("seconds to health", seconds_to_health(office))
    seconds = office.wait(lambda: under_way() == 0, 240, "all mails are out")

    figure("all mails out after further seconds", round(seconds))
    assert {sink.deliveries()[email] for email in people} == {1}
    assert set(states().values()) == {DigestState.SENT}

"""Redis is gone, empty, silent or new: the doorbell rings again without a person (design.md 5)."""

import signal
import time
from collections.abc import Callable

import pytest

from casework.enums import DigestState
from casework.models import DigestRun
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
from tests.faults.processes import Office

long = pytest.mark.long
POOLS = ["prefork", pytest.param("threads", marks=long)]  # of production, and of `make run`


def stopped(seconds: float) -> Callable[[Office], None]:
    """Redis ends in order and comes back after a while."""

    def fault(office: Office) -> None:
        office.redis.stop()
        time.sleep(seconds)  # an outage of a given length is the subject, there is no condition to wait for
        office.redis.start()

    return fault


def killed_and_flushed(office: Office) -> None:
    """Power cut, and what was kept is lost too."""
    office.redis.kill()
    office.redis.start()
    office.redis.flush()


def flushed(office: Office) -> None:
    office.redis.flush()


def silent(seconds: float) -> Callable[[Office], None]:
    """The connections stand, and nobody answers."""

    def fault(office: Office) -> None:
        office.redis.signal(signal.SIGSTOP)
        time.sleep(seconds)
        office.redis.signal(signal.SIGCONT)

    return fault


def no_connections(office: Office) -> None:
    """Somebody between the two has forgotten the connections."""
    with office.redis.client() as client:
        client.client_kill_filter(skipme=True, _type="normal")


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param([flushed, stopped(3), killed_and_flushed], id="short"),
        pytest.param([stopped(10)], id="10 s", marks=long),
        pytest.param([stopped(60)], id="60 s", marks=long),
        pytest.param([flushed], id="flushed", marks=long),
        pytest.param([killed_and_flushed], id="killed", marks=long),
        pytest.param([silent(30)], id="silent", marks=long),
        pytest.param([no_connections], id="cut", marks=long),
    ],
)
def test_worker_and_beat_come_back(
    make_office: MakeOffice, figure: Figure, pool: str, fault: list[Callable[[Office], None]]
):
    short = len(fault) > 1
    office = make_office(**({"REMINDER_BELL": "2"} if short else {}))
    worker, beat = office.worker(pool), office.beat()
    office.wait_for_line(worker, "ready.")
    office.wait_for_line(beat, "(casework.tasks.remind)")

    seconds = []
    for happens in fault:
        happens(office)
        seconds.append(seconds_to_health(office))

    figure("seconds to health", seconds)
    # Where a task runs at that moment, kombu may give up over the message that it cannot put back; see below.
    figure("starts of the worker", worker.starts)
    assert beat.starts == 1


@pytest.mark.parametrize("pool", POOLS)
def test_redis_goes_away_while_mails_are_handed_over(make_office: MakeOffice, figure: Figure, pool: str):
    """The worker finishes what it has begun, whether it lives on or is started again (kombu: restore_unacked_once)."""
    office = make_office(delay=1, REMINDER_BELL="2")
    people = [waiting_mail(somebody_overdue(f"person{number}")).recipient.email for number in range(8)]
    worker = office.worker(pool)
    office.wait_for_line(worker, "ready.")
    office.beat()
    office.wait(office.sink.under_way, 60, "a mail is under way")

    stopped(3)(office)
    figure("seconds to health", seconds_to_health(office))
    office.wait(lambda: under_way() == 0, 60, "all mails have their end")

    figure("starts of the worker", worker.starts)
    deliveries = office.sink.deliveries()
    assert {email: deliveries[email] for email in people} == dict.fromkeys(people, 1)
    assert set(states().values()) == {DigestState.SENT}


@pytest.mark.parametrize("kind", ["gone", "silent"])
def test_the_planner_needs_no_redis(make_office: MakeOffice, figure: Figure, kind: str):
    office = make_office()
    somebody_overdue("kim")
    if kind == "gone":
        office.redis.stop()
    else:
        office.redis.signal(signal.SIGSTOP)

    planner = office.command("planner", "remind", "--plan-only", "--day", f"{day_to_plan()}")
    seconds = office.wait(lambda: not planner.is_running, 60, "the planner ends")

    figure("planner without Redis, seconds", round(seconds, 1))
    assert planner.process is not None and planner.process.returncode == 0, planner.log
    assert DigestRun.objects.count() == 1

"""Whatever dies while mails are under way: nobody gets two, and nobody is forgotten (design.md 5)."""

import contextlib
import datetime as dt
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from casework.actions.reminders import is_time_to_remind
from casework.enums import DigestState
from casework.models import DigestMail, DigestRun, User
from casework.models.invariants import find_violations
from tests import database as databases
from tests.conftest import LiveOffice, database_name
from tests.faults.conftest import (
    Figure,
    MakeOffice,
    day_to_plan,
    seconds_to_health,
    somebody_overdue,
    states,
    under_way,
)
from tests.faults.processes import Child, Office
from tests.faults.visitor import save_contact

CONCURRENCY = 2  # of the worker, in docker-compose.yml and in `make run`
long = pytest.mark.long
POOLS = ["prefork", pytest.param("threads", marks=long)]  # of production, and of `make run`


def hexadecimal(port: int) -> str:
    return f"0100007F:{port:04X}"


def speaking(pids: list[int], port: int) -> list[int]:
    """Those of the processes that have a connection to the port at this moment; none where the system does not say."""
    if not Path("/proc/net/tcp").exists():
        return []
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{line[9]}]" for line in lines if line[2] == hexadecimal(port) and line[3] == "01"}

    def speaks(pid: int) -> bool:
        with contextlib.suppress(OSError):
            for name in os.listdir(f"/proc/{pid}/fd"):
                with contextlib.suppress(OSError):
                    if os.readlink(f"/proc/{pid}/fd/{name}") in sockets:
                        return True
        return False

    return [pid for pid in pids if speaks(pid)]


class Killer:
    """Kills the worker while it hands mails over; child and main process in turn."""

    def __init__(self, office: Office, worker: Child) -> None:
        self.office = office
        self.worker = worker
        self.chance = random.Random(2026)  # noqa: S311
        self.kills: Counter[str] = Counter()

    def strike(self, delay: float) -> None:
        sink = self.office.sink
        # Nothing left to deliver would end the waiting in vain: the test asked for more kills than there are mails.
        self.office.wait(lambda: sink.under_way() and self.worker.is_running, 180, "a mail is under way", step=0.02)
        time.sleep(self.chance.uniform(0, delay))
        children = speaking(self.worker.children(), sink.port)
        if children and self.kills.total() % 2 == 0:
            os.kill(self.chance.choice(children), signal.SIGKILL)
            self.kills["child"] += 1
        else:
            self.worker.signal(signal.SIGKILL)
            self.kills["main"] += 1
        time.sleep(0.3)  # the mail server is to notice before the next look


def unclear_limit(kills: int) -> int:
    return kills * CONCURRENCY


def expect_nobody_twice(office: Office, people: list[str], kills: int) -> Counter[str]:
    """What must hold at the end; how many ended in which state."""
    ends, deliveries = states(), office.sink.deliveries()
    told = Counter(mail.message["Message-ID"] for mail in office.sink.mails())

    assert [email for email, number in deliveries.items() if number > 1] == []
    assert [number for number in told.values() if number > 1] == []
    assert sorted(ends) == sorted(people)
    count = Counter(ends.values())
    assert set(count) <= {DigestState.SENT, DigestState.UNCLEAR}
    assert count[DigestState.UNCLEAR] <= unclear_limit(kills)
    assert [email for email in people if ends[email] == DigestState.SENT and deliveries[email] != 1] == []
    assert find_violations() == []
    return count


@pytest.mark.parametrize(
    ("recipients", "kills", "delay", "environment"),
    [
        pytest.param(12, 2, 0.2, {"REMINDER_BELL": "1", "REMINDER_LEASE": "8"}, id="2 kills"),
        # The bell and the lease of production.
        pytest.param(300, 20, 0.2, {}, id="20 kills", marks=[long, pytest.mark.timeout(1800)]),
    ],
)
@pytest.mark.parametrize("pool", POOLS)
def test_nobody_gets_two_mails_however_often_the_worker_dies(
    make_office: MakeOffice,
    make_web: Callable[[Office], LiveOffice],
    figure: Figure,
    pool: str,
    recipients: int,
    kills: int,
    delay: float,
    environment: dict[str, str],
):
    """Worker killed, Redis flushed twice and restarted once, two beats, three planners at once, a contact meanwhile."""
    office = make_office(delay=delay, **environment)
    people = [somebody_overdue(f"person{number}").email for number in range(recipients)]
    web = make_web(office)
    worker = office.worker(pool)
    office.beat("beat1")
    office.beat("beat2")
    office.wait_for_line(worker, "ready.")
    killer = Killer(office, worker)

    def done() -> int:
        return len(office.sink.mails())

    planners = [
        office.command(f"planner{number}", "remind", "--plan-only", "--day", f"{day_to_plan()}") for number in range(3)
    ]
    in_hours = is_time_to_remind(timezone.now()) or is_time_to_remind(timezone.now() + dt.timedelta(minutes=1))
    started = time.monotonic()
    saved = 0.0
    for number in range(kills):
        killer.strike(delay)
        if number in (kills // 4, 3 * kills // 4):
            office.redis.flush()
        if number == kills // 2:
            office.redis.stop()
            saved = save_contact(web, User.objects.get(email=people[0]))
            office.redis.start()
        aim = (number + 1) * recipients // (kills + 2)
        office.wait(lambda aim=aim: done() >= aim, 180, f"{aim} mails in spite of it all")
    office.wait(lambda: under_way() == 0, 600, "all mails have their end", step=0.5)
    seconds = time.monotonic() - started

    lost = [line["recipient"] for line in office.sink.talk() if line["step"] == "lost"]
    count = expect_nobody_twice(office, people, kills)
    arrived = sum(office.sink.deliveries()[email] for email, state in states().items() if state == DigestState.UNCLEAR)
    figure("kills", f"{kills} ({dict(killer.kills)}), mails cut off by them: {len(lost)}")
    figure("mails", f"{dict(count)}, of the unclear ones arrived: {arrived}")
    figure("seconds until all had their end", round(seconds))
    figure("contact saved without Redis, seconds", saved)
    figure("seconds to health", seconds_to_health(office))
    assert len(lost) >= kills // 2
    assert seconds < 600
    assert DigestRun.objects.count() == 1
    planned = sorted(int(re.search(r"Geplant: (\d+)", planner.log)[1]) for planner in planners)
    # In the hours of reminders the bell plans as well, and may be before all three.
    assert planned == [0, 0, recipients] or (in_hours and planned == [0, 0, 0])
    assert [planner.stop() for planner in planners] == [0, 0, 0]
    assert saved < 5


def test_a_sender_that_takes_expired_claims_up_again_would_be_found_out(
    make_office: MakeOffice, superuser_sql: Callable[..., Any]
):
    """Guard taken away: a sender dies with its mail kept, its claim is put back, and the next one sends it again."""
    office = make_office(delay=1)
    people = [somebody_overdue(f"person{number}").email for number in range(2)]
    day = f"{day_to_plan()}"
    first = office.command("first", "remind", "--day", day)
    office.wait(lambda: "kept" in {line["step"] for line in office.sink.talk()}, 60, "a mail is kept")
    first.kill()
    assert DigestMail.objects.filter(state=DigestState.CLAIMED).count() == 1

    superuser_sql("UPDATE casework_digestmail SET state = 'planned', lease_until = NULL WHERE state = 'claimed'")
    second = office.command("second", "remind", "--day", day)
    office.wait(lambda: not second.is_running, 60, "the second sender is done")

    assert set(states().values()) == {DigestState.SENT}
    with pytest.raises(AssertionError, match="person0"):
        expect_nobody_twice(office, people, kills=1)


@pytest.mark.parametrize("recipients", [pytest.param(8, id="8 mails"), pytest.param(120, id="120 mails", marks=long)])
@pytest.mark.parametrize("pool", POOLS)
def test_a_worker_that_is_asked_to_end_loses_nothing(
    make_office: MakeOffice, figure: Figure, pool: str, recipients: int
):
    """SIGTERM, as `docker stop` sends it; docker-compose.yml grants a minute."""
    office = make_office(delay=0.5, REMINDER_BELL="2")
    people = [somebody_overdue(f"person{number}").email for number in range(recipients)]
    worker = office.worker(pool)
    office.wait_for_line(worker, "ready.")
    office.command("planner", "remind", "--plan-only", "--day", f"{day_to_plan()}")
    office.wait(lambda: len(office.sink.mails()) > 2 and office.sink.under_way(), 60, "mails are under way")

    started = time.monotonic()
    code = worker.stop(seconds=120)
    figure("seconds from SIGTERM to the end", round(time.monotonic() - started, 1))
    figure("mails out by then", len(office.sink.mails()))
    assert code == 0
    assert not DigestMail.objects.filter(state=DigestState.CLAIMED).exists()
    assert "lost" not in {line["step"] for line in office.sink.talk()}
    office.worker(pool, "next")
    office.beat()
    office.wait(lambda: under_way() == 0, 180, "the rest is out")

    assert expect_nobody_twice(office, people, kills=0) == {DigestState.SENT: recipients}


# --- the other parts ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def database_away() -> Iterator[None]:
    """Nobody gets into the test's database, and whoever was in it is out."""
    name = database_name()
    connections.close_all()
    databases.run_sql("postgres", f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    try:
        databases.run_sql(
            "postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        yield
    finally:
        databases.run_sql("postgres", f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@long
@pytest.mark.parametrize("pool", POOLS)
def test_the_database_is_away_in_the_middle_of_deliveries(make_office: MakeOffice, figure: Figure, pool: str):
    """Ten times for a moment, once for longer. What cannot be marked as sent is unclear and not repeated."""
    office = make_office(delay=0.2, REMINDER_BELL="5", REMINDER_LEASE="30")
    people = [somebody_overdue(f"person{number}").email for number in range(120)]
    worker = office.worker(pool)
    office.beat()
    office.wait_for_line(worker, "ready.")
    office.command("planner", "remind", "--plan-only", "--day", f"{day_to_plan()}")
    times = 10
    for number in range(times):
        office.wait(lambda: office.sink.under_way(), 120, "a mail is under way", step=0.02)
        with database_away():
            time.sleep(15 if number == times // 2 else 0.5)  # the length of the outage is the subject
    figure("seconds to health", seconds_to_health(office))
    office.wait(lambda: under_way() == 0, 300, "all mails have their end", step=0.5)

    people += [email for email in states() if email.startswith("fresh")]
    figure("mails", dict(expect_nobody_twice(office, people, times)))


@long
@pytest.mark.parametrize("part", ["worker", "beat", "web", "sink", "everything"])
def test_each_part_dies_and_the_office_is_well_again(
    make_office: MakeOffice, make_web: Callable[[Office], LiveOffice], figure: Figure, part: str
):
    """With the bell of production. Whoever restarts is what restarts in production: Docker, or `make run`."""
    office = make_office()
    web = make_web(office)
    worker, beat = office.worker("prefork"), office.beat()
    office.wait_for_line(worker, "ready.")
    office.wait_for_line(beat, "(casework.tasks.remind)")
    if part in ("web", "everything"):
        assert web.process is not None
        web.kill()
    if part == "everything":
        office.redis.kill()
    for child in {"worker": [worker], "beat": [beat], "sink": [office.sink], "web": []}.get(
        part, [worker, beat, office.sink]
    ):
        child.end_group()
    if part in ("beat", "everything"):
        for path in office.folder.glob("beat-schedule*"):
            path.write_bytes(b"half a page")  # the power was cut while beat wrote it down
    if part == "everything":
        office.redis.start()
    office.children.append(office.sink)  # is looked after like the others
    if not web.is_running:
        web.start(REDIS_URL=office.redis.url)

    figure("seconds to health", seconds_to_health(office))
    assert save_contact(web, User.objects.get(username=somebody_overdue("kim").username)) < 10

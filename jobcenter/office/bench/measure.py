"""Rounds of requests: application and floor by turns, so that what else the machine does hits both."""

import contextlib
import math
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from jobcenter.office.bench.client import Answer, Connection, Unexpected
from jobcenter.office.bench.pages import Page, Visitor

Source = Callable[[], bytes]
Meter = Callable[[], float]
Seen = Callable[[Answer], None]
WARM = 4


@dataclass
class Sample:
    """Durations in seconds of one kind of request, and over how long they were asked for."""

    durations: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    cpu: float = 0.0  # seconds of processor of web server and database
    size: int = 0

    def add(self, other: "Sample") -> None:
        self.durations += other.durations
        self.elapsed += other.elapsed
        self.cpu += other.cpu
        self.size = other.size or self.size

    @property
    def p50(self) -> float:
        """Milliseconds."""
        return statistics.median(self.durations) * 1000

    @property
    def p95(self) -> float:
        return percentile(self.durations, 0.95) * 1000

    @property
    def per_second(self) -> float:
        return len(self.durations) / self.elapsed if self.elapsed else 0.0

    @property
    def cpu_each(self) -> float:
        """Milliseconds of processor a request: what other work on the machine disturbs least."""
        return self.cpu / len(self.durations) * 1000


Pair = tuple[Sample, Sample]  # the page, its floor


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def timed(connection: Connection, source: Source, status: int, seen: Callable[[Answer], None], to: Sample) -> None:
    request = source()
    connection.renew()
    started = time.perf_counter()
    answer = connection.ask(request)
    to.durations.append(time.perf_counter() - started)
    if answer.status != status:
        raise Unexpected(f"{request[:60]!r} answers {answer.status} instead of {status}")
    to.size = len(answer.body)
    seen(answer)


def alone(port: int, pages: list[Page], meter: Meter, *, rounds: int, each: int) -> dict[str, Pair]:
    """One user: in each round `each` requests to every page and as many to its floor."""
    connection = Connection(port)
    found: dict[str, Pair] = {page.key: (Sample(), Sample()) for page in pages}
    turns: dict[str, int] = {}
    for page in pages:
        for source, seen in kinds(page.users[0]):
            for _ in range(WARM):  # each of a worker's threads has a connection to the database
                timed(connection, source, page.status, seen, Sample())
        # Conversations: a new case each time, of which a third stays for when all users come at once.
        turns[page.key] = max(1, min(rounds, page.users[0].left() * 2 // 3 // each))
    for number in range(rounds):
        for page in pages:
            if number >= turns[page.key]:
                continue
            for (source, seen), sample in zip(kinds(page.users[0]), found[page.key], strict=True):
                before, cpu = time.perf_counter(), meter()
                for _ in range(each):
                    timed(connection, source, page.status, seen, sample)
                sample.elapsed += time.perf_counter() - before
                sample.cpu += meter() - cpu
    connection.close()
    return found


def kinds(visitor: Visitor) -> tuple[tuple[Source, Seen], tuple[Source, Seen]]:
    """The page and its floor."""
    return (visitor.real, visitor.seen), (visitor.floor, visitor.seen_below)


def together(port: int, pages: list[Page], meter: Meter, *, rounds: int, seconds: float) -> dict[str, Pair]:
    """All users at once, each with a connection of their own and without a pause; page and floor by turns."""
    found: dict[str, Pair] = {page.key: (Sample(), Sample()) for page in pages}
    most = {page.key: min(visitor.left() for visitor in page.users) // (rounds + 1) for page in pages}
    for number in range(rounds + 1):
        for page in pages:
            for is_floor, total in enumerate(found[page.key]):
                cpu = meter()
                sample = crowd(port, page, is_floor=bool(is_floor), seconds=seconds, most=most[page.key])
                sample.cpu = meter() - cpu
                if number:  # the first round warms up
                    total.add(sample)
    return found


def crowd(port: int, page: Page, *, is_floor: bool, seconds: float, most: int) -> Sample:
    samples = [Sample() for _ in page.users]
    faults: list[BaseException] = []
    start = threading.Barrier(len(page.users) + 1)

    def work(visitor: Visitor, sample: Sample) -> None:
        connection = Connection(port)
        source, seen = kinds(visitor)[is_floor]
        try:
            connection.renew()
            start.wait()
            until = time.perf_counter() + seconds
            while time.perf_counter() < until and len(sample.durations) < most:
                timed(connection, source, page.status, seen, sample)
        except BaseException as error:
            faults.append(error)
            start.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair, daemon=True) for pair in zip(page.users, samples, strict=True)]
    for thread in threads:
        thread.start()
    with contextlib.suppress(threading.BrokenBarrierError):
        start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    if faults:
        raise faults[0]
    total = Sample(elapsed=elapsed)
    for sample in samples:
        total.durations += sample.durations
    total.size = round(statistics.mean(sample.size for sample in samples))
    return total

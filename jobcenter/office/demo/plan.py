"""Which cases there are: whose, from when until when, on which days contacts were, when the next step is due.

The plan is small (days are numbers of working days), so that it can be made for the whole office at once and put in
the order of opening: case numbers then rise with time.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from casework.enums import ClosingReason
from jobcenter.office.demo.names import SPECIAL_NAMES
from jobcenter.office.demo.rows import chance
from jobcenter.office.demo.sizes import CHANGEABLE, PLAIN, SHOWCASE, Shape, Size, WorkCalendar
from jobcenter.office.demo.staff import Staff, Worker

FIRST_DAY = 20  # nothing happens on the first days of the calendar, so that everything has a day before it
# Working days between two contacts, as agreed with the person: four to eight contacts a year for most.
RHYTHMS = (20, 25, 30, 35, 40, 45, 50, 60, 70, 90)
# Share of the open cases in which nothing is agreed yet; a long history brings no more versions than this many.
NOTHING_YET, LONG = 0.1, 45
OVERDUE, OVERDUE_AT_MOST = 0.095, 0.3  # share of the open steps, on the average and of one IFK
REASONS = (
    [ClosingReason.INDEPENDENT] * 11 + [ClosingReason.MOVED] * 4 + [ClosingReason.OTHER] * 4 + [ClosingReason.DECEASED]
)


@dataclass(slots=True)
class CasePlan:
    person: int
    worker: Worker
    opened: int
    contacts: array  # type: ignore[type-arg]  # numbers of working days, rising
    due: int = 0  # of an open case
    as_appointment: bool | None = None  # kind of the open step; None leaves it to chance
    closed: int | None = None
    closing_contact: bool = False
    reason: ClosingReason = ClosingReason.OTHER  # of a closed case
    previous: "CasePlan | None" = None
    special_name: int | None = None
    is_restricted: bool = False
    agreements: int = 0  # versions of the agreement
    shape: Shape | None = None  # of a case that is shown or measured
    number: str = ""
    ids: tuple[int, int] = field(default=(0, 0))  # client, case; known once written

    @property
    def is_open(self) -> bool:
        return self.closed is None


class Planner:
    def __init__(self, size: Size, seed: int, calendar: WorkCalendar, staff: Staff) -> None:
        self.size, self.calendar, self.staff = size, calendar, staff
        self.rng = chance(seed, "plan")
        self.overdue = self._shares_overdue()

    def plans(self) -> list[CasePlan]:
        """All cases in the order of their opening."""
        running = [plan for worker in self.staff.workers for plan in self._caseload(worker)]
        for number, plan in enumerate(running):
            plan.person = number
        ended = [self._closed(number) for number in range(self.size.open_cases, self.size.people)]
        plans = [*running, *ended, *self._earlier(running)]
        plans.sort(key=lambda plan: (plan.opened, plan.person))
        self._agree(plans)
        return plans

    def _agree(self, plans: list[CasePlan]) -> None:
        """How many versions each case has: one soon after the beginning, then the more the longer it lasts."""
        new = self._new_ones(plans)
        rooms = [0 if plan.shape or plan.person in new else self._room(plan) for plan in plans]
        fixed = sum(plan.shape.agreements for plan in plans if plan.shape)
        further = self.size.agreements - fixed - sum(room > 0 for room in rooms)
        share = further / sum(max(0, room - 1) for room in rooms)
        for plan, room in zip(plans, rooms, strict=True):
            if plan.shape:
                plan.agreements = plan.shape.agreements
            elif room:
                plan.agreements = 1 + int(share * (room - 1) + self.rng.random())

    @staticmethod
    def _room(plan: CasePlan) -> int:
        """How many conversations could bring a version."""
        return min(LONG, len(plan.contacts) - plan.closing_contact)

    def _new_ones(self, plans: list[CasePlan]) -> set[int]:
        """People who came lately and have not agreed on anything yet."""
        running = [plan for plan in plans if plan.is_open]
        wanted = round(NOTHING_YET * len(running)) - sum(not plan.contacts for plan in running)
        newest = [plan.person for plan in reversed(running) if 0 < len(plan.contacts) <= 2 and not plan.previous]
        newest = newest[: max(0, wanted) * 5 // 4]
        return set(self.rng.sample(newest, min(len(newest), max(0, wanted))))

    def _shares_overdue(self) -> dict[int, float]:
        """Some keep nothing waiting and some a quarter; the office as a whole has the same for each seed."""
        workers = self.staff.workers
        drawn = [self.rng.gammavariate(2, 1) for _ in workers]
        late = sum(share * worker.caseload for share, worker in zip(drawn, workers, strict=True))
        scale = OVERDUE * sum(worker.caseload for worker in workers) / late
        return {worker.id: min(OVERDUE_AT_MOST, share * scale) for share, worker in zip(drawn, workers, strict=True)}

    def _caseload(self, worker: Worker) -> Iterator[CasePlan]:
        lively = worker.user.username == "kim.ahrens"
        dues = list(self._dues(worker))
        self.rng.shuffle(dues)
        # Those first whose next step is not of this week; a small office has few of them.
        ahead = [place for place, (due, _) in enumerate(dues) if due > self.calendar.today]
        far = sorted(ahead, key=lambda place: dues[place][0] <= self.calendar.today + 6)
        ordinary = dict(
            zip(far[1 + len(SPECIAL_NAMES) :], self.size.ordinary_histories if lively else (), strict=False)
        )
        shapes = self._shapes(dues, far, list(ordinary)) if lively else {}
        for place, (due, as_appointment) in enumerate(dues):
            if lively and far and place == far[0]:
                yield self._long(worker, due)
                continue
            shape = shapes.get(place)
            count = shape.contacts if shape else ordinary.get(place) or self._how_many()
            plan = self._open(worker, due, as_appointment, count)
            plan.shape = shape
            if lively and place in far[1 : 1 + len(SPECIAL_NAMES)]:
                plan.special_name = far.index(place) - 1
            if worker.user.username == "nora.lindt" and place in far[:3]:
                plan.is_restricted = True
            yield plan

    def _shapes(self, dues: list[tuple[int, bool | None]], far: list[int], ordinary: list[int]) -> dict[int, Shape]:
        """Of Kim's cases: the one with the longest name, two as usual as can be, and one that comes this week."""
        soon = [place for place, (due, kind) in enumerate(dues) if kind and 0 < due - self.calendar.today <= 6]
        return {
            **dict.fromkeys(far[1:2], CHANGEABLE),
            **dict.fromkeys(ordinary[:2], PLAIN),
            **dict.fromkeys(soon[:1], SHOWCASE),
        }

    def _dues(self, worker: Worker) -> Iterator[tuple[int, bool | None]]:
        """The days of the open steps. Kim's day has something of everything, and the same of it for each seed."""
        rng, today = self.rng, self.calendar.today
        count = worker.caseload
        if worker.user.username == "kim.ahrens":
            now = self.calendar.works_today
            week = today + 1 if now else today
            yield from ((today - late, False) for late in (2, 3, 7))
            yield self.calendar.yesterday, True
            yield from ((today, kind) for kind in (True, True, False, False) if now)
            yield from ((week + number % 5, number % 3 != 0) for number in range(12))
            count -= 16 + 4 * now
            yield from ((week + 5 + min(int(rng.expovariate(1 / 30)), 160), None) for _ in range(count))
            return
        soonest = 0
        if self.size.heavy_day and worker is self.staff.workers[1]:
            soonest = 1
            yield from ((today, False) for _ in range(self.size.heavy_day))
            count -= self.size.heavy_day
        late = round(count * self.overdue[worker.id])
        for number in range(count):
            if number < late:
                yield today - 1 - min(int(rng.expovariate(1 / 4)), 30), None
            else:
                yield today + soonest + min(int(rng.expovariate(1 / 26)), 160), None

    def _contacts_before(self, last: int, count: int) -> array:  # type: ignore[type-arg]
        """`count` days in the rhythm of one agreement, the last one given."""
        room = max(1, (last - FIRST_DAY - 12) // max(1, count))
        rhythm = min(self.rng.choice(RHYTHMS), room)
        days: list[int] = []
        while len(days) < count and last > FIRST_DAY + 10:
            days.append(last)
            last -= max(1, round(rhythm * self.rng.uniform(0.5, 1.4)))
        return array("H", reversed(days))

    def _how_many(self) -> int:
        return round(self.rng.gammavariate(1.7, self.size.contacts_per_case / 1.7))

    def _open(self, worker: Worker, due: int, as_appointment: bool | None, count: int) -> CasePlan:
        rng = self.rng
        latest = min(self.calendar.yesterday, due - 1)
        contacts = self._contacts_before(latest - min(int(rng.expovariate(1 / 11)), 60), count)
        opened = contacts[0] - rng.randint(1, 8) if contacts else latest - rng.randint(0, 4)
        return CasePlan(0, worker, opened, contacts, due, as_appointment)

    def _long(self, worker: Worker, due: int) -> CasePlan:
        """One case with a very long history: nearly a contact a day."""
        day = self.calendar.yesterday - 1
        days = []
        for _ in range(self.size.long_history):
            days.append(day)
            day -= 1 if self.rng.random() < 0.75 else 2
        return CasePlan(0, worker, days[-1] - 4, array("H", reversed(days)), due, True)

    def _closed(self, person: int, worker: Worker | None = None, before: int | None = None) -> CasePlan:
        rng = self.rng
        count = max(1, self._how_many())
        newest = before if before is not None else self.calendar.yesterday - 1
        closed = rng.randint(min(newest, FIRST_DAY + 40 + RHYTHMS[0] * count), newest)
        reason = rng.choice(REASONS)
        with_contact = reason != ClosingReason.DECEASED and rng.random() < 0.6
        contacts = self._contacts_before(closed if with_contact else closed - rng.randint(2, 20), count)
        return CasePlan(
            person,
            worker or rng.choice(self.staff.workers),
            contacts[0] - rng.randint(1, 8),
            contacts,
            closed=closed,
            closing_contact=with_contact,
            reason=reason,
        )

    def _earlier(self, running: list[CasePlan]) -> Iterator[CasePlan]:
        """Ended cases of people who were taken up again."""
        candidates = [
            plan for plan in running if plan.opened > FIRST_DAY + 90 and not (plan.is_restricted or plan.shape)
        ]
        for plan in self.rng.sample(candidates, min(self.size.taken_up_again, len(candidates))):
            worker = plan.worker
            if self.rng.random() < 0.5:
                worker = self.rng.choice([*self.staff.colleagues(worker), worker])
            earlier = self._closed(plan.person, worker, plan.opened - self.rng.randint(8, 40))
            if earlier.reason in (ClosingReason.DECEASED, ClosingReason.MOVED):
                earlier.reason = ClosingReason.INDEPENDENT
            earlier.special_name = plan.special_name
            plan.previous = earlier
            yield earlier

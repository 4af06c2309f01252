"""Three calendars under a random day's work: each shows what its person is to do, once and as it is."""

import contextlib
import datetime as dt
import random

import pytest
from django.utils import timezone

from casework.actions import Refused
from casework.actions.absences import end_absence, enter_absence, name_substitute
from casework.models import Absence, CaseAssignment, FollowUp, Substitution, User
from tests.casework.test_calendar_feed import agree, call_off, hand_over, move, subscribe, uid
from tests.factories import CaseFactory, CounsellorFactory, ahead

DAY = dt.timedelta(days=1)


def due(user: User) -> set[str]:
    """By the ORM and row by row: own cases, and those of who is absent today on the days one stands in."""
    today = timezone.localdate()
    standing = {row.absent_user_id: row.during for row in Substitution.objects.in_force(today).filter(substitute=user)}
    found = set()
    for assignment in CaseAssignment.objects.filter(during__upper_inf=True):
        for step in FollowUp.objects.open().filter(case=assignment.case_id, starts_at__isnull=False):
            days = standing.get(assignment.counsellor_id)
            inside = days and days.lower <= step.due_on and (days.upper is None or step.due_on < days.upper)
            if assignment.counsellor_id == user.pk or inside:
                found.add(uid(step))
    return found


class Office:
    """What three people do to each other's appointments; what a rule refuses does not happen."""

    def __init__(self, people: list[User], dice: random.Random) -> None:
        self.people, self.dice = people, dice
        self.cases = [CaseFactory(counsellor=dice.choice(people)) for _ in range(3)]

    def step(self) -> None:
        deeds = [self.agree, self.move, self.move, self.call_off, self.hand_over, self.leave, self.come_back]
        with contextlib.suppress(Refused):
            self.dice.choice([*deeds, self.name_another])()

    def agree(self) -> None:
        case = self.dice.choice(self.cases)
        agree(case, self._day(), by=self._responsible(case))

    def move(self) -> None:
        if step := self._open():
            move(step, self._day(), self._responsible(step.case))

    def call_off(self) -> None:
        if step := self._open():
            call_off(step, self._responsible(step.case))

    def hand_over(self) -> None:
        case = self.dice.choice(self.cases)
        hand_over(case, self._responsible(case), self.dice.choice(self.people))

    def leave(self) -> None:
        user, substitute = self.dice.sample(self.people, 2)
        first = timezone.localdate()
        last = self.dice.choice([None, first, first + 10 * DAY, first + 40 * DAY])
        enter_absence(user=user, first_day=first, last_day=last, substitute=substitute, by=user)

    def come_back(self) -> None:
        if absence := self._absence():
            last = timezone.localdate() + self.dice.choice([-1, 0, 9]) * DAY
            end_absence(absence=absence, last_day=last, by=absence.user)

    def name_another(self) -> None:
        if absence := self._absence():
            name_substitute(absence=absence, substitute=self.dice.choice(self.people), by=absence.user)

    def _day(self) -> dt.date:
        return ahead(self.dice.choice([1, 6, 12, 30, 60]))

    def _responsible(self, case) -> User:
        return CaseAssignment.objects.get(case=case, during__upper_inf=True).counsellor.user

    def _open(self) -> FollowUp | None:
        steps = FollowUp.objects.open().filter(case__in=self.cases, starts_at__isnull=False).order_by("pk")
        return self.dice.choice(steps) if steps else None

    def _absence(self) -> Absence | None:
        absences = Absence.objects.order_by("pk")
        return self.dice.choice(absences) if absences else None


def walk(people: list[User], seed: int, steps: int) -> None:
    office = Office(people, random.Random(seed))  # noqa: S311
    programs = [(user, subscribe(user)) for user in people]
    for number in range(steps):
        office.step()
        for user, program in programs:
            shown = {name for name, entry in program.refresh().items() if entry.begin > timezone.now()}
            assert shown == due(user), f"seed {seed}, step {number}, {user.username}"


@pytest.fixture
def people(kim, eva, osterode) -> list[User]:
    return [kim, eva, CounsellorFactory(user__team=osterode).user]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("seed", range(2))
def test_a_day_of_work(people, seed):
    walk(people, seed, 25)


@pytest.mark.long
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("seed", range(100, 130))
def test_a_month_of_work(people, seed):
    walk(people, seed, 60)

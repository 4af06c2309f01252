"""Appointments inside an absence: taken over, moved or called off, so that nobody comes to an empty room (R4.3-5).

The person, the substitute and the lead of the team may do this, the lead without a right to write in the file: dates
move, no text of the file is read or written. Who did it stands in the history of the step.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from casework.actions.errors import NotAllowed, Refused, RuleBroken, StaleVersion
from casework.actions.steps import FURTHEST_AHEAD, NewStep, complete_follow_up, postpone_follow_up
from casework.enums import FollowUpKind
from casework.models import Absence, Case, FollowUp, Substitution, User
from casework.models.presence import Presence, read_presence
from casework.permissions import can_enter_absences, can_work_on_cases, leads_team
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.workdays import day_label

A_YEAR = dt.timedelta(days=366)
REASON = "Abwesenheit"
CALLED_OFF = "Termin abgesagt (Abwesenheit)"
NEW_SUBJECT = "Termin abgesagt: neuen Termin vereinbaren"


class Way(StrEnum):
    KEEP = "keep"
    MOVE = "move"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Settlement:
    """What is to become of one appointment, as its row in the form says."""

    follow_up_id: int
    version: int
    way: Way
    due_on: dt.date | None = None
    starts_at: dt.datetime | None = None
    saturday_confirmed: bool = False


@dataclass(frozen=True)
class Settled:
    moved: int = 0
    cancelled: int = 0
    kept: int = 0


def row_of_appointment(follow_up_id: int) -> str:
    """How a refusal names the row that it is about."""
    return f"termin{follow_up_id}_"


def acts_for(user: User, absence: Absence, day: dt.date) -> bool:
    """The absent person, and whoever stands in for them on this day, work in these files."""
    if user.pk == absence.user_id:
        return can_work_on_cases(user)
    standing = Substitution.objects.in_force(day).of_substitute(user.pk)
    return standing.filter(absence=absence).exists()


def may_settle(user: User, absence: Absence, day: dt.date) -> bool:
    """Those, and the lead of the team or who stands in for the lead."""
    leads = can_enter_absences(user) and leads_team(user, absence.user.team_id)
    return leads or acts_for(user, absence, day)


def appointments_inside(absence: Absence, user: User, day: dt.date) -> QuerySet[FollowUp]:
    """Open appointments from today on inside the absence, in cases for which the absent person is responsible."""
    steps = FollowUp.objects.open().of_counsellors([absence.user_id])
    steps = steps.filter(kind=FollowUpKind.APPOINTMENT, due_on__gte=max(day, absence.during.lower))
    if absence.during.upper is not None:
        steps = steps.filter(due_on__lt=absence.during.upper)
    return steps.filter(case__in=Case.objects.visible_to(user).open()).select_related("case__client").in_order()


@widened(Purpose.ABSENCE)
def settle_appointments(*, absence: Absence, settlements: Collection[Settlement], by: User) -> Settled:
    """Everything in one transaction: a row that does not hold is named, and nothing of the others is written."""
    day = timezone.localdate()
    if not may_settle(by, absence, day):
        raise NotAllowed
    steps = {step.pk: step for step in appointments_inside(absence, by, day)}
    presence = read_presence(absence.user_id, day, day + FURTHEST_AHEAD + A_YEAR)
    count = dict.fromkeys(Way, 0)
    # In one order of cases, whoever asks: two windows wait for each other and do not lock each other out.
    for row in sorted(settlements, key=lambda row: steps[row.follow_up_id].case_id if row.follow_up_id in steps else 0):
        try:
            step = steps.get(row.follow_up_id)
            if step is None or step.version != row.version:
                raise StaleVersion
            if row.way is Way.MOVE:
                move_appointment_for_absence(absence=absence, follow_up=step, row=row, presence=presence, by=by)
            elif row.way is Way.CANCEL:
                cancel_appointment_for_absence(absence=absence, follow_up=step, row=row, presence=presence, by=by)
        except Refused as refused:
            field = {"new_date": "date", "new_time": "time"}.get(refused.field, refused.field)
            known = field if field in ("date", "time", "saturday_ok") else "way"
            refused.field = row_of_appointment(row.follow_up_id) + known
            raise
        count[row.way] += 1
    return Settled(moved=count[Way.MOVE], cancelled=count[Way.CANCEL], kept=count[Way.KEEP])


def move_appointment_for_absence(
    *, absence: Absence, follow_up: FollowUp, row: Settlement, presence: Presence, by: User
) -> None:
    """To a day on which the person is there, or somebody stands in; while the absence has no end, to any day."""
    day = row.due_on
    if day is None:
        raise RuleBroken("Bitte nennen Sie den neuen Tag.", field="new_date")
    covered = any(day in standing.during for standing in absence.substitutions.all())
    if absence.during.upper is not None and presence.is_away(day) and not covered:
        back = day_label(presence.next_day(day))
        raise RuleBroken(
            f"{absence.user.full_name} ist am {day_label(day)} nicht da, wieder am {back}.", field="new_date"
        )
    postpone_follow_up(
        follow_up=follow_up,
        version=row.version,
        due_on=day,
        starts_at=row.starts_at,
        reason=REASON,
        saturday_confirmed=row.saturday_confirmed,
        by=by,
    )


def cancel_appointment_for_absence(
    *, absence: Absence, follow_up: FollowUp, row: Settlement, presence: Presence, by: User
) -> None:
    """An appointment is never just gone: a Wiedervorlage for the next day of presence takes its place (R4.3-5)."""
    day = presence.next_day(follow_up.due_on)
    step = NewStep(FollowUpKind.REMINDER, day, NEW_SUBJECT)
    complete_follow_up(follow_up=follow_up, version=row.version, outcome=CALLED_OFF, next_step=step, by=by)

"""Next steps: set, done, postponed, changed. An open case never loses its last one (R4.3-5)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from casework.actions.errors import CaseClosed, CaseGone, RuleBroken, StaleVersion, rules
from casework.enums import ClosingReason, FollowUpKind
from casework.models import Case, FollowUp, FollowUpChange, LocalDay, User
from jobcenter.platform.workdays import day_label, holiday_name, next_working_day

FURTHEST_AHEAD = dt.timedelta(days=730)  # beyond it a date is more likely a slip of the year than a plan


@dataclass(frozen=True)
class NewStep:
    """A step to be set. `starts_at` for an appointment and only for it."""

    kind: FollowUpKind
    due_on: dt.date
    subject: str
    starts_at: dt.datetime | None = None
    place: str = ""
    saturday_confirmed: bool = False


@dataclass(frozen=True)
class StandingStep:
    """A future open step of the same case that is confirmed as the next one."""

    follow_up_id: int


@dataclass(frozen=True)
class EndOfCase:
    """The end of the case takes the place of the next step (domain.md 2.4)."""

    reason: ClosingReason
    text: str = ""


def local_days(first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The days on which the house is closed beside the public holidays."""
    return frozenset(LocalDay.objects.filter(date__range=(first, last)).values_list("date", flat=True))


def check_day(
    kind: str,
    day: dt.date,
    *,
    today: dt.date,
    saturday_confirmed: bool = False,
    closed_days: frozenset[dt.date] = frozenset(),
    field: str = "next_date",
) -> None:
    """Refuse a day that is no day for a next step, in a sentence, with the next working day as suggestion.

    A Wiedervorlage lies on a working day of Niedersachsen, a Folgetermin may lie on a Saturday when confirmed.
    """
    if day < today:
        raise RuleBroken(
            f"{day_label(day)} liegt in der Vergangenheit.",
            field=field,
            suggestion=next_working_day(today + dt.timedelta(days=1), closed_days),
        )
    if day - today > FURTHEST_AHEAD:
        raise RuleBroken("Das Datum liegt mehr als zwei Jahre voraus. Stimmt das Jahr?", field=field)
    suggestion = next_working_day(day, closed_days)
    if holiday := holiday_name(day):
        raise RuleBroken(f"{day_label(day)} ist ein Feiertag ({holiday}).", field=field, suggestion=suggestion)
    if day.weekday() == 6:
        raise RuleBroken(f"{day_label(day)} ist ein Sonntag.", field=field, suggestion=suggestion)
    if day in closed_days:
        raise RuleBroken(f"Am {day_label(day)} ist das Haus geschlossen.", field=field, suggestion=suggestion)
    if day.weekday() == 5:
        if kind == FollowUpKind.REMINDER:
            raise RuleBroken(f"{day_label(day)} ist ein Samstag.", field=field, suggestion=suggestion)
        if not saturday_confirmed:
            raise RuleBroken(
                f"{day_label(day)} ist ein Samstag. Bitte bestätigen Sie, dass der Termin so vereinbart ist.",
                field="saturday_ok",
                suggestion=suggestion,
            )


def check_step(
    step: NewStep, *, now: dt.datetime, closed_days: frozenset[dt.date] | None = None, prefix: str = "next"
) -> None:
    """Refuse a new step whose day, time or wording does not hold."""
    today = timezone.localdate(now)
    if closed_days is None:
        closed_days = local_days(today, step.due_on + dt.timedelta(days=14))
    check_day(
        step.kind,
        step.due_on,
        today=today,
        saturday_confirmed=step.saturday_confirmed,
        closed_days=closed_days,
        field=f"{prefix}_date",
    )
    if step.kind == FollowUpKind.APPOINTMENT:
        if step.starts_at is None:
            raise RuleBroken("Ein Folgetermin braucht eine Uhrzeit.", field=f"{prefix}_time")
        if step.starts_at <= now:
            raise RuleBroken("Diese Uhrzeit ist schon vorbei.", field=f"{prefix}_time")
    if not step.subject.strip():
        raise RuleBroken("Bitte schreiben Sie, worum es geht.", field=f"{prefix}_subject")


def new_follow_up(
    step: NewStep, *, case_id: int, by: User, pk: int | None = None, contact_id: int | None = None
) -> FollowUp:
    """The row of a new step, not yet saved."""
    return FollowUp(
        pk=pk,
        case_id=case_id,
        contact_id=contact_id,
        kind=step.kind,
        due_on=step.due_on,
        starts_at=step.starts_at if step.kind == FollowUpKind.APPOINTMENT else None,
        place=step.place.strip() if step.kind == FollowUpKind.APPOINTMENT else "",
        subject=step.subject.strip(),
        created_by=by,
    )


def lock_case(case: Case) -> Case:
    """Lock the case and read it anew. Every action on a case does so first, so that nobody overtakes.

    Raises CaseGone when whoever asks works on it no longer: row security shows no row to lock then.
    """
    locked = Case.objects.filter(pk=case.pk).locked().first()
    if locked is None:
        raise CaseGone
    return locked


def lock_open_case(case: Case) -> Case:
    """As `lock_case`; raises CaseClosed when it has ended meanwhile."""
    locked = lock_case(case)
    if not locked.is_open:
        raise CaseClosed
    return locked


def end_step(follow_up: FollowUp, version: int, *, by: User, now: dt.datetime, **how: object) -> None:
    """End an open step by contact, successor or closure; raises StaleVersion when somebody was first."""
    changed = FollowUp.objects.filter(pk=follow_up.pk, version=version, ended_at=None).update(
        ended_at=now, ended_by=by, version=version + 1, **how
    )
    if not changed:
        raise StaleVersion


def standing_step(case: Case, follow_up_id: int, *, today: dt.date) -> FollowUp:
    """A future open step of the case that can be confirmed as the next one."""
    found = FollowUp.objects.open().filter(case=case, pk=follow_up_id, due_on__gte=today).first()
    if found is None:
        raise RuleBroken(
            "Dieser Schritt ist kein künftiger offener Schritt dieses Falls. Bitte wählen Sie einen anderen.",
            field="next",
        )
    return found


@transaction.atomic
def create_follow_up(*, case: Case, step: NewStep, by: User) -> FollowUp:
    """Set a further Wiedervorlage or Folgetermin on an open case."""
    case = lock_open_case(case)
    check_step(step, now=timezone.now())
    with rules():
        follow_up = new_follow_up(step, case_id=case.pk, by=by)
        follow_up.save(force_insert=True)
    return follow_up


@transaction.atomic
def complete_follow_up(
    *, follow_up: FollowUp, version: int, outcome: str, next_step: NewStep | StandingStep, by: User
) -> FollowUp:
    """Tick a step off, with what came of it. Returns its successor: new, or a future step that stands."""
    case = lock_open_case(follow_up.case)
    now = timezone.now()
    today = timezone.localdate(now)
    with rules():
        if isinstance(next_step, StandingStep):
            if next_step.follow_up_id == follow_up.pk:
                raise RuleBroken("Ein Schritt kann nicht auf sich selbst folgen.", field="next")
            successor = standing_step(case, next_step.follow_up_id, today=today)
        else:
            check_step(next_step, now=now)
            successor = new_follow_up(next_step, case_id=case.pk, by=by)
            successor.save(force_insert=True)
        end_step(follow_up, version, by=by, now=now, successor=successor, outcome=outcome.strip())
    return successor


@transaction.atomic
def postpone_follow_up(
    *,
    follow_up: FollowUp,
    version: int,
    due_on: dt.date,
    by: User,
    starts_at: dt.datetime | None = None,
    reason: str = "",
    saturday_confirmed: bool = False,
    prefix: str = "new",
) -> FollowUpChange:
    """Move a step to another day; the reason is asked for and not forced, the old day stays as history."""
    return change_follow_up(
        follow_up=follow_up,
        version=version,
        due_on=due_on,
        starts_at=starts_at,
        subject=follow_up.subject,
        place=follow_up.place,
        reason=reason,
        by=by,
        saturday_confirmed=saturday_confirmed,
        prefix=prefix,
    )


@transaction.atomic
def change_follow_up(
    *,
    follow_up: FollowUp,
    version: int,
    due_on: dt.date,
    starts_at: dt.datetime | None,
    subject: str,
    place: str,
    by: User,
    reason: str = "",
    saturday_confirmed: bool = False,
    prefix: str = "new",
) -> FollowUpChange:
    """Change day, time, place or wording of an open step; what stood before stays as history."""
    lock_open_case(follow_up.case)
    if due_on != follow_up.due_on or starts_at != follow_up.starts_at:
        step = NewStep(FollowUpKind(follow_up.kind), due_on, subject, starts_at, place, saturday_confirmed)
        check_step(step, now=timezone.now(), prefix=prefix)
    elif not subject.strip():
        raise RuleBroken("Bitte schreiben Sie, worum es geht.", field=f"{prefix}_subject")
    with rules():
        return write_change(follow_up, version, due_on, starts_at, subject, place, reason, by)


@transaction.atomic
def undo_change(*, follow_up: FollowUp, by: User) -> FollowUpChange:
    """Take the last change of a step back, for who made it, on the same day; both stay in the history."""
    lock_open_case(follow_up.case)
    last = FollowUpChange.objects.filter(follow_up=follow_up).order_by("-at", "-id").first()
    if last is None or last.by_id != by.pk or timezone.localdate(last.at) != timezone.localdate():
        raise RuleBroken("Diese Änderung lässt sich nicht mehr rückgängig machen.")
    with rules():
        return write_change(
            follow_up,
            follow_up.version,
            last.old_due_on,
            last.old_starts_at,
            last.old_subject or follow_up.subject,
            last.old_place,
            "rückgängig gemacht",
            by,
        )


def write_change(
    follow_up: FollowUp,
    version: int,
    due_on: dt.date,
    starts_at: dt.datetime | None,
    subject: str,
    place: str,
    reason: str,
    by: User,
    contact_id: int | None = None,
) -> FollowUpChange:
    """The two rows of a change: the step as it is now, and what it was."""
    changed = FollowUp.objects.filter(pk=follow_up.pk, version=version, ended_at=None).update(
        due_on=due_on, starts_at=starts_at, subject=subject.strip(), place=place.strip(), version=version + 1
    )
    if not changed:
        raise StaleVersion
    return FollowUpChange.objects.create(
        case_id=follow_up.case_id,
        follow_up=follow_up,
        old_due_on=follow_up.due_on,
        new_due_on=due_on,
        old_starts_at=follow_up.starts_at,
        new_starts_at=starts_at,
        old_subject=follow_up.subject if follow_up.subject != subject.strip() else "",
        old_place=follow_up.place,
        contact_id=contact_id,
        reason=reason.strip(),
        by=by,
    )

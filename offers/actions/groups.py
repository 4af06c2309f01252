"""Groups of the Jobakademie: made, led, joined from day one, left (R3.3-3, R4.2-3).

Trainers take part in the cases of the members: they read the file and record in it; the responsible IFK stays.
What happens at the dates of a group stands in `group_dates`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, F, Func, OuterRef
from django.utils import timezone

from casework.actions import NewStep, NotAllowed, RuleBroken, StaleVersion, StandingStep, check_day, local_days
from casework.actions.cases import end_periods
from casework.actions.errors import CONFLICTS, SENTENCES, rules
from casework.actions.steps import check_step, end_step, lock_case, lock_open_case, new_follow_up, standing_step
from casework.enums import CounsellorKind, FollowUpKind, SpecialistArea
from casework.models import Case, CaseAssignment, CaseParticipation, Counsellor, FollowUp, User
from casework.models.people import CounsellorQuerySet
from casework.permissions import LEAD_TEAM, has_permission
from jobcenter.platform.workdays import is_working_day
from offers.models import Group, GroupDate, GroupMember, GroupTrainer, Offer, OfferChoice
from offers.models.groups import MOST_MEMBERS

LONGEST = dt.timedelta(days=366)
FULL = "Die Gruppe ist voll."

SENTENCES.update(
    {
        "group_named": ("name", "Bitte geben Sie der Gruppe einen Namen."),
        "group_period_real": ("ends_on", "Das Ende liegt vor dem Beginn."),
        "group_is_of_an_immediate_offer": ("offer", "Eine Gruppe gehört zu einem Sofortangebot des Hauses."),
        "group_has_sixteen_places": ("group", FULL),
        "group_meets_once_at_a_time": ("dates", "Zu dieser Zeit trifft sich die Gruppe schon."),
        "trainer_is_of_the_jobakademie": ("trainers", "Gruppen leiten Spezial-IFK der Jobakademie."),
        "trainer_once_in_group": ("trainers", "Diese IFK leitet die Gruppe schon."),
        "member_once_in_group_at_a_time": ("group", "Die Person ist schon in dieser Gruppe."),
        "member_chose_the_group": ("group", "Die Person hat das Angebot dieser Gruppe nicht (mehr) gewählt."),
    }
)
CONFLICTS.update({"member_leaves_once": StaleVersion, "group_date_is_recorded_once": StaleVersion})


@dataclass(frozen=True)
class NewDate:
    """A date to be set, in the time of Göttingen."""

    starts_at: dt.datetime
    place: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Pattern:
    """Some days of the week at one time: three dates a week are usual (R3.3-3). Monday is 0."""

    weekdays: frozenset[int]
    time: dt.time


# --- who may ---


def trainers_of_the_house(organisation_id: int) -> CounsellorQuerySet:
    """Who may lead a group: the Spezial-IFK of the Jobakademie (R4.2-3)."""
    return Counsellor.objects.available_in(organisation_id).filter(
        kind=CounsellorKind.SPECIALIST, area=SpecialistArea.JOB_ACADEMY
    )


def can_create_groups(user: User) -> bool:
    """Spezial-IFK of the Jobakademie, and team leads."""
    return has_permission(user, LEAD_TEAM) or (
        user.is_active
        and Counsellor.objects.filter(
            pk=user.pk, kind=CounsellorKind.SPECIALIST, area=SpecialistArea.JOB_ACADEMY
        ).exists()
    )


def leads_group(user: User, group: Group) -> bool:
    """Trainers alone record what happened."""
    return GroupTrainer.objects.filter(group=group, counsellor=user.pk).exists()


def can_manage_group(user: User, group: Group) -> bool:
    """Dates and trainers: who leads the group, who made it, and team leads of the house."""
    if user.organisation_id != group.organisation_id or not user.is_active:
        return False
    return group.created_by_id == user.pk or has_permission(user, LEAD_TEAM) or leads_group(user, group)


# --- the group ---


def pattern_dates(
    *, starts_on: dt.date, ends_on: dt.date, pattern: Pattern, today: dt.date, place: str = "", subject: str = ""
) -> list[NewDate]:
    """The dates of a pattern that still lie before us, without holidays and days on which the house is closed."""
    if ends_on < starts_on:
        raise RuleBroken("Das Ende liegt vor dem Beginn.", field="ends_on")
    if ends_on - starts_on > LONGEST:
        raise RuleBroken("Eine Gruppe dauert höchstens ein Jahr. Stimmt das Datum?", field="ends_on")
    closed = local_days(starts_on, ends_on)
    first = max(starts_on, today)
    days = (first + dt.timedelta(days=number) for number in range((ends_on - first).days + 1))
    return [
        NewDate(timezone.make_aware(dt.datetime.combine(day, pattern.time)), place, subject)
        for day in days
        if day.weekday() in pattern.weekdays and is_working_day(day, closed)
    ]


@transaction.atomic
def create_group(
    *,
    offer: Offer,
    name: str,
    place: str,
    starts_on: dt.date,
    ends_on: dt.date,
    trainers: Sequence[Counsellor],
    by: User,
    pattern: Pattern | None = None,
) -> Group:
    """Make a group with its trainers and dates; people join it by choosing its offer."""
    if not can_create_groups(by):
        raise NotAllowed
    if not name.strip():
        raise RuleBroken("Bitte geben Sie der Gruppe einen Namen.", field="name")
    if not offer.immediate:
        raise RuleBroken("Eine Gruppe gehört zu einem Sofortangebot des Hauses.", field="offer")
    if not trainers:
        raise RuleBroken("Bitte nennen Sie, wer die Gruppe leitet.", field="trainers")
    dates: list[NewDate] = []
    if pattern is not None:
        dates = pattern_dates(
            starts_on=starts_on, ends_on=ends_on, pattern=pattern, today=timezone.localdate(), place=place
        )
    with rules():
        group = Group.objects.create(
            organisation_id=by.organisation_id,
            offer=offer,
            name=name.strip(),
            place=place.strip(),
            starts_on=starts_on,
            ends_on=ends_on,
            created_by=by,
        )
        for trainer in trainers:
            _check_trainer(trainer, group)
        GroupTrainer.objects.bulk_create(GroupTrainer(group=group, counsellor=trainer, by=by) for trainer in trainers)
        _insert_dates(group, dates, by=by)
    return group


@transaction.atomic
def add_dates(*, group: Group, dates: Sequence[NewDate], by: User, saturday_confirmed: bool = False) -> list[GroupDate]:
    """Add single dates; each lies on a day on which a Folgetermin may lie, for it becomes one."""
    if not can_manage_group(by, group):
        raise NotAllowed
    today = timezone.localdate()
    days = [timezone.localdate(date.starts_at) for date in dates]
    if not days:
        raise RuleBroken("Bitte nennen Sie den Tag.", field="date_day")
    closed = local_days(today, min(max(days), dt.date(9000, 1, 1)) + dt.timedelta(days=14))
    for day in days:
        check_day(
            FollowUpKind.APPOINTMENT,
            day,
            today=today,
            saturday_confirmed=saturday_confirmed,
            closed_days=closed,
            field="date_day",
        )
    with rules():
        return _insert_dates(group, dates, by=by)


def _insert_dates(group: Group, dates: Sequence[NewDate], *, by: User) -> list[GroupDate]:
    return GroupDate.objects.bulk_create(
        GroupDate(
            group=group,
            starts_at=date.starts_at,
            place=date.place.strip() or group.place,
            subject=date.subject.strip(),
            created_by=by,
        )
        for date in dates
    )


def _check_trainer(trainer: Counsellor, group: Group) -> None:
    if (trainer.kind, trainer.area) != (CounsellorKind.SPECIALIST, SpecialistArea.JOB_ACADEMY):
        raise RuleBroken("Gruppen leiten Spezial-IFK der Jobakademie.", field="trainers")
    if not trainer.user.is_active or trainer.user.organisation_id != group.organisation_id:
        raise RuleBroken("Diese IFK arbeitet nicht (mehr) in dieser Organisation.", field="trainers")


@transaction.atomic
def add_trainer(*, group: Group, trainer: Counsellor, by: User) -> GroupTrainer:
    """A further trainer, who takes part in the cases of the members from now on."""
    if not can_manage_group(by, group):
        raise NotAllowed
    _check_trainer(trainer, group)
    members = GroupMember.objects.filter(group=group, left_at=None)
    seen = list(members.values_list("case", flat=True))
    cases = list(Case.objects.open().filter(pk__in=seen).locked())
    # In this order, as whoever joins: case, then group. Somebody who joined meanwhile has not met this trainer.
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    if set(members.values_list("case", flat=True)) - set(seen):
        raise StaleVersion
    with rules():
        added = GroupTrainer.objects.create(group=group, counsellor=trainer, by=by)
        take_part(cases, [trainer.pk], by=by, now=timezone.now())
    return added


def take_part(cases: Sequence[Case], counsellor_ids: Sequence[int], *, by: User, now: dt.datetime) -> None:
    """Let trainers take part in locked cases from this moment, where they do not work already."""
    working = set(
        CaseAssignment.objects.filter(case__in=cases, during__upper_inf=True).values_list("case_id", "counsellor_id")
    ) | set(
        CaseParticipation.objects.filter(case__in=cases, during__upper_inf=True).values_list("case_id", "counsellor_id")
    )
    CaseParticipation.objects.bulk_create(
        CaseParticipation(case=case, counsellor_id=pk, during=DateTimeTZRange(now, None), by=by)
        for case in cases
        for pk in counsellor_ids
        if (case.pk, pk) not in working
    )


# --- its members ---


def next_date_of(group_id: int, after: dt.datetime) -> GroupDate | None:
    """The next date of the group that is to take place."""
    return (
        GroupDate.objects.filter(group=group_id, starts_at__gt=after, cancelled_at=None, recorded_at=None)
        .order_by("starts_at")
        .first()
    )


def step_of_date(date: GroupDate, group_name: str) -> NewStep:
    """A date of the group as the Folgetermin of a member (R4.3-4)."""
    return NewStep(
        FollowUpKind.APPOINTMENT,
        timezone.localdate(date.starts_at),
        f"{group_name}: {date.subject}" if date.subject else group_name,
        date.starts_at,
        date.place,
        saturday_confirmed=True,  # agreed when the date was set
    )


@transaction.atomic
def join_group(*, choice: OfferChoice, group: Group, by: User) -> GroupMember:
    """Join by a choice of the group's offer, from day one and without a look at resources (R3.3-3).

    The trainers take part in the case from now on; the group's next date becomes a Folgetermin.
    """
    case = lock_open_case(choice.case)
    group = Group.objects.select_for_update(no_key=True, of=("self",)).get(pk=group.pk)
    choice = OfferChoice.objects.get(pk=choice.pk)
    now = timezone.now()
    if choice.offer_id != group.offer_id or choice.withdrawn_at or choice.ended_at:
        raise RuleBroken("Die Person hat das Angebot dieser Gruppe nicht (mehr) gewählt.", field="group")
    if group.organisation_id != case.organisation_id:
        raise RuleBroken("Diese Gruppe gehört zu einer anderen Organisation.", field="group")
    if group.ended_at or group.ends_on < timezone.localdate(now):
        raise RuleBroken("Diese Gruppe ist zu Ende.", field="group")
    if GroupMember.objects.filter(group=group, left_at=None).count() >= MOST_MEMBERS:
        raise RuleBroken(FULL, field="group")
    trainers = list(GroupTrainer.objects.filter(group=group).values_list("counsellor", flat=True))
    with rules():
        member = GroupMember.objects.create(case=case, group=group, choice=choice, joined_at=now, joined_by=by)
        take_part([case], trainers, by=by, now=now)
        date = _next_date_that_stays(group, now)
        if date and not FollowUp.objects.open().filter(case=case, starts_at=date.starts_at).exists():
            step = step_of_date(date, group.name)
            check_step(step, now=now)
            new_follow_up(step, case_id=case.pk, by=by).save(force_insert=True)
    return member


def _next_date_that_stays(group: Group, now: dt.datetime) -> GroupDate | None:
    """The next date, locked: whoever cancels it waits, or has been waited for."""
    date = next_date_of(group.pk, now)
    if date is None:
        return None
    standing = GroupDate.objects.select_for_update(no_key=True).filter(pk=date.pk, cancelled_at=None, recorded_at=None)
    return standing.first() or next_date_of(group.pk, now)


def appointments_of(member: GroupMember) -> list[FollowUp]:
    """The open Folgetermine of the case that are dates of the group."""
    dates = GroupDate.objects.filter(group=member.group_id, recorded_at=None).values("starts_at")
    steps = FollowUp.objects.open().filter(case=member.case_id, kind=FollowUpKind.APPOINTMENT, starts_at__in=dates)
    return list(steps.order_by("starts_at"))


@transaction.atomic
def leave_group(*, member: GroupMember, by: User, next_step: NewStep | StandingStep | None = None) -> None:
    """Leave the group, at any time and without a reason. What was a date of the group needs another next step."""
    case = lock_case(member.case)
    now = timezone.now()
    with rules():
        if not GroupMember.objects.filter(pk=member.pk, left_at=None).update(left_at=now, left_by=by):
            raise StaleVersion
        if case.is_open:
            _replace_appointments(case, appointments_of(member), next_step, by=by, now=now)
            stop_taking_part(member, now=now)


def _replace_appointments(
    case: Case, lost: list[FollowUp], next_step: NewStep | StandingStep | None, *, by: User, now: dt.datetime
) -> None:
    if not lost:
        return
    if next_step is None:
        raise RuleBroken(
            "Der nächste Termin der Gruppe fällt für die Person weg. Bitte vereinbaren Sie einen Folgetermin oder "
            "setzen Sie eine Wiedervorlage.",
            field="next",
        )
    if isinstance(next_step, StandingStep):
        if next_step.follow_up_id in {step.pk for step in lost}:
            raise RuleBroken("Dieser Schritt ist ein Termin der Gruppe. Bitte wählen Sie einen anderen.", field="next")
        successor = standing_step(case, next_step.follow_up_id, today=timezone.localdate(now))
    else:
        check_step(next_step, now=now)
        successor = new_follow_up(next_step, case_id=case.pk, by=by)
        successor.save(force_insert=True)
    for step in lost:
        end_step(step, step.version, by=by, now=now, successor=successor)


def stop_taking_part(member: GroupMember, *, now: dt.datetime) -> None:
    """End what the trainers did in the case because of the group; who took part before, or in another group, stays."""
    elsewhere = GroupMember.objects.filter(
        case=member.case_id, left_at=None, group__trainers__counsellor=OuterRef("counsellor")
    ).exclude(pk=member.pk)
    since_joining = (
        CaseParticipation.objects.filter(
            case=member.case_id,
            counsellor__in=GroupTrainer.objects.filter(group=member.group_id).values("counsellor"),
        )
        .annotate(begun=Func(F("during"), function="lower", output_field=GroupMember._meta.get_field("joined_at")))
        .filter(begun__gte=member.joined_at)
        .exclude(Exists(elsewhere))
    )
    ids = list(since_joining.values_list("pk", flat=True))
    end_periods(CaseParticipation.objects.filter(pk__in=ids), now)

"""A group of the Jobakademie as tests need it: two trainers, members with a Folgetermin, a date that was."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from casework.actions import NewStep, TogetherRow
from casework.enums import CounsellorKind, FollowUpKind, SpecialistArea
from casework.models import Case, Contact, FollowUp, User
from offers.actions.group_dates import record_group_date
from offers.actions.groups import join_group
from offers.models import Group, GroupDate, GroupMember, OfferChoice
from tests.factories import (
    CaseFactory,
    FollowUpFactory,
    GroupDateFactory,
    GroupFactory,
    GroupTrainerFactory,
    OfferChoiceFactory,
    ahead,
    at_ten,
    earlier_today,
    published_offer,
)

NAMES = (
    *("Arslan", "Bergmann", "Cetinkaya", "Dormann", "Eilers", "Fuhrmann", "Gerlach", "Haddad"),
    *("Ilgner", "Jansen", "Kowalski", "Lorenz", "Mahmoud", "Nowak", "Ostermann", "Petrov"),
)
TEXT = "Wir haben Anschreiben gelesen und Fragen an Betriebe gesammelt."


def as_trainer(user: User) -> User:
    """The account becomes a Spezial-IFK of the Jobakademie."""
    counsellor = user.counsellor
    counsellor.kind, counsellor.area = CounsellorKind.SPECIALIST, SpecialistArea.JOB_ACADEMY
    counsellor.save(update_fields=["kind", "area"])
    return user


def group_of(*trainers: User, **columns: Any) -> Group:
    group = GroupFactory(
        organisation=trainers[0].organisation,
        created_by=trainers[0],
        offer=columns.pop("offer", None) or published_offer(immediate=True, name="Jobakademie"),
        name="Jobakademie Herbst",
        **columns,
    )
    for trainer in trainers:
        GroupTrainerFactory(group=group, counsellor=as_trainer(trainer).counsellor)
    return group


def choice_of(case: Case, group: Group) -> OfferChoice:
    return OfferChoiceFactory(case=case, offer=group.offer, agreement=None, review=None)


def join(group: Group, case: Case) -> GroupMember:
    return join_group(choice=choice_of(case, group), group=group, by=case.opened_by)


def join_people(group: Group, responsible: User, count: int) -> list[GroupMember]:
    return [
        join(group, CaseFactory(counsellor=responsible, client__family_name=name, client__given_name="Robin"))
        for name in NAMES[:count]
    ]


def todays_date(group: Group, *, expected: bool = True) -> GroupDate:
    """A date that began earlier today, with the Folgetermin of each member."""
    begun = earlier_today(hours=2)
    date = GroupDateFactory(group=group, starts_at=begun)
    if expected:
        for member in GroupMember.objects.filter(group=group, left_at=None).select_related("case"):
            FollowUpFactory(case=member.case, appointment=True, due_on=timezone.localdate(begun), starts_at=begun)
    return date


def later_date(group: Group, days: int = 7, **columns: Any) -> GroupDate:
    return GroupDateFactory(group=group, starts_at=at_ten(ahead(days)), **columns)


def step_at(starts_at: dt.datetime, subject: str = "Jobakademie Herbst") -> NewStep:
    return NewStep(FollowUpKind.APPOINTMENT, timezone.localdate(starts_at), subject, starts_at)


def rows_of(date: GroupDate, next_step: NewStep) -> list[TogetherRow]:
    rows = []
    for member in GroupMember.objects.filter(group=date.group, left_at=None).select_related("case__client"):
        done = FollowUp.objects.filter(case=member.case, starts_at=date.starts_at, ended_at=None)
        rows.append(TogetherRow(member.case, next_step, done=tuple((step.pk, step.version) for step in done)))
    return rows


def record(date: GroupDate, rows: list[TogetherRow], by: User, **changed: Any) -> list[Contact]:
    values = {"text": TEXT, "key": uuid.uuid4()} | changed
    return record_group_date(group_date=date, rows=rows, by=by, **values)

"""A date of a group: recorded once for everybody, or cancelled (R3.3-3, R4.3-4)."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from casework.actions import (
    Conflict,
    NotAllowed,
    RuleBroken,
    StaleVersion,
    TogetherRow,
    check_day,
    conclude_together,
    local_days,
)
from casework.actions.errors import rules
from casework.actions.steps import end_step, write_change
from casework.enums import ContactKind, FollowUpKind
from casework.models import Case, Contact, ContactChannel, FollowUp, User
from offers.actions.groups import leads_group, next_date_of, step_of_date
from offers.models import Attendance, GroupDate, GroupMember

CHANNEL = "group"


class DateRecorded(Conflict):
    message = "Dieser Termin ist inzwischen schon eingetragen. Ihr Text steht noch hier; es wurde nichts eingetragen."


class DateCancelled(Conflict):
    message = "Dieser Termin ist abgesagt."


def members_of_date(date: GroupDate, *, by: User) -> list[GroupMember]:
    """For whom a trainer records a date: members since its day at the latest, in open cases in which the trainer works.

    Where the responsible IFK has ended the trainer's part, the file is none of the trainer's business any more.
    """
    members = GroupMember.objects.filter(
        group=date.group_id, left_at=None, case__closed_at=None, case__id__acted_on_by=(by.pk, None)
    )
    found = members.select_related("case__client").order_by("case__client__family_name", "case__client__given_name")
    day = timezone.localdate(date.starts_at)
    return [member for member in found if timezone.localdate(member.joined_at) <= day]


def _lock_date(date: GroupDate) -> GroupDate:
    return GroupDate.objects.select_related("group").select_for_update(no_key=True, of=("self",)).get(pk=date.pk)


@transaction.atomic
def record_group_date(
    *, group_date: GroupDate, text: str, rows: Sequence[TogetherRow], by: User, key: uuid.UUID
) -> list[Contact]:
    """Record a date: a contact with a next step in the file of each member, and who was there. All of it or nothing.

    The same submit again returns the contacts that stand; from a second trainer it is refused.
    """
    date = _lock_date(group_date)
    if not leads_group(by, date.group):
        raise NotAllowed("Einen Gruppentermin trägt ein, wer die Gruppe leitet.")
    if date.cancelled_at:
        raise DateCancelled
    again = date.recorded_at is not None
    if again and not (date.recorded_by_id == by.pk and Contact.objects.filter(submission_key=key, author=by).exists()):
        raise DateRecorded
    now = timezone.now()
    if date.starts_at > now:
        raise RuleBroken("Dieser Termin hat noch nicht begonnen.", field="text")
    if not text.strip():
        raise RuleBroken("Bitte schreiben Sie auf, was in der Gruppe besprochen wurde.", field="text")
    members = {member.case_id: member for member in members_of_date(date, by=by)}
    if not again and {row.case.pk for row in rows} != set(members):
        raise StaleVersion(
            "In der Gruppe hat sich inzwischen etwas geändert. Bitte sehen Sie die Zeilen noch einmal an."
        )
    contacts = conclude_together(
        rows=rows,
        by=by,
        at=date.starts_at,
        channel=ContactChannel.objects.get(code=CHANNEL),
        text=text,
        key=key,
    )
    if again:
        return contacts
    with rules():
        GroupDate.objects.filter(pk=date.pk).update(text=text.strip(), recorded_at=now, recorded_by=by)
        Attendance.objects.bulk_create(
            Attendance(
                case_id=contact.case_id,
                group_date=date,
                member=members[contact.case_id],
                contact=contact,
                attended=contact.kind == ContactKind.TALK,
            )
            for contact in contacts
        )
    return contacts


@transaction.atomic
def cancel_date(*, group_date: GroupDate, by: User) -> None:
    """A date does not take place: the Folgetermin of each member moves to the group's next date."""
    date = _lock_date(group_date)
    if not leads_group(by, date.group):
        raise NotAllowed("Einen Gruppentermin sagt ab, wer die Gruppe leitet.")
    if date.recorded_at:
        raise DateRecorded("Dieser Termin ist inzwischen eingetragen und kann nicht mehr abgesagt werden.")
    if date.cancelled_at:
        raise DateCancelled
    now = timezone.now()
    cases = list(
        Case.objects.open()
        .filter(pk__in=GroupMember.objects.filter(group=date.group_id, left_at=None).values("case"))
        .select_related("client")
        .locked()
    )
    steps: dict[int, list[FollowUp]] = {case.pk: [] for case in cases}
    for step in FollowUp.objects.open().filter(case__in=cases).in_order():
        steps[step.case_id].append(step)
    following = next_date_of(date.group_id, max(date.starts_at, now))
    with rules():
        GroupDate.objects.filter(pk=date.pk).update(cancelled_at=now, cancelled_by=by)
        for case in cases:
            lost = next((step for step in steps[case.pk] if step.starts_at == date.starts_at), None)
            if lost is not None:
                _move(case, lost, steps[case.pk], following, by=by)


def _move(case: Case, lost: FollowUp, standing: list[FollowUp], following: GroupDate | None, *, by: User) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    others = [step for step in standing if step.pk != lost.pk]
    if following is None:
        ahead = next((step for step in others if step.due_on >= today), None)
        if ahead is None:
            raise RuleBroken(
                f"Danach trifft sich die Gruppe nicht mehr, und {case.client.full_name} hat keinen anderen nächsten "
                "Schritt. Bitte setzen Sie dort zuerst einen."
            )
        end_step(lost, lost.version, by=by, now=now, successor=ahead)
        return
    there = next((step for step in others if step.starts_at == following.starts_at), None)
    if there is not None:
        end_step(lost, lost.version, by=by, now=now, successor=there)
        return
    step = step_of_date(following, following.group.name)
    check_day(
        FollowUpKind.APPOINTMENT,
        step.due_on,
        today=today,
        saturday_confirmed=True,
        closed_days=local_days(today, step.due_on),
        field="",
    )
    write_change(
        lost, lost.version, step.due_on, step.starts_at, step.subject, step.place, "Gruppentermin abgesagt", by
    )

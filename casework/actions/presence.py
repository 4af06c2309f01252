"""On which days of the week somebody works, and who stands in for them as a rule."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from casework.actions.absences import check_presence_of, check_substitute
from casework.actions.errors import RuleBroken, rules
from casework.actions.steps import FURTHEST_AHEAD
from casework.models import StandingSubstitute, User, WorkPattern


@transaction.atomic
def set_standing_substitute(*, user: User, substitute: User | None, by: User) -> None:
    """Who stands in for somebody when an absence names nobody else; None: nobody as a rule.

    What counts is the substitution of an absence; those already entered stay as they are.
    """
    check_presence_of(by, user)
    if substitute is None:
        StandingSubstitute.objects.filter(user=user).delete()
        return
    if substitute.pk == user.pk:
        raise RuleBroken("Niemand kann sich selbst vertreten.", field="substitute")
    check_substitute(substitute=substitute, of=user, by=by)
    with rules():
        StandingSubstitute.objects.bulk_create(
            [StandingSubstitute(user=user, substitute=substitute, entered_by=by)],
            update_conflicts=True,
            unique_fields=["user"],
            update_fields=["substitute", "entered_by", "entered_at"],
        )


@transaction.atomic
def set_work_pattern(*, user: User, since: dt.date, weekdays: Collection[int], by: User) -> WorkPattern:
    """On which days of the week (0: Monday to 4: Friday) somebody works from a day on; asked again, it is replaced."""
    check_presence_of(by, user)
    if not weekdays:
        raise RuleBroken(
            "Bitte wählen Sie mindestens einen Tag. Wer gar nicht arbeitet, ist abwesend.", field="weekdays"
        )
    if since - timezone.localdate() > FURTHEST_AHEAD:
        raise RuleBroken("Der Tag liegt mehr als zwei Jahre voraus. Stimmt das Jahr?", field="since")
    total = sum(1 << weekday for weekday in set(weekdays))
    with rules():
        [pattern] = WorkPattern.objects.bulk_create(
            [WorkPattern(user=user, since=since, weekdays=total, entered_by=by)],
            update_conflicts=True,
            unique_fields=["user", "since"],
            update_fields=["weekdays", "entered_by", "entered_at"],
        )
    return pattern


@transaction.atomic
def remove_work_pattern(*, pattern: WorkPattern, by: User) -> None:
    """Take back working days that do not yet hold; what has held stays, so that the past can be explained."""
    check_presence_of(by, pattern.user)
    if pattern.since <= timezone.localdate():
        raise RuleBroken("Das gilt schon. Bitte tragen Sie ein, was ab wann statt dessen gilt.")
    WorkPattern.objects.filter(pk=pattern.pk).delete()

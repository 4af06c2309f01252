"""Absences and who stands in; in the first step the lead enters them (design.md 7)."""

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.actions.errors import NotAllowed, RuleBroken, rules
from casework.actions.steps import FURTHEST_AHEAD
from casework.models import Absence, Substitution, User
from casework.permissions import can_enter_absences, leads_team


def _check_lead(by: User, of: User) -> None:
    """Only the lead of somebody's own team enters and ends their absence (design.md 7)."""
    if not (can_enter_absences(by) and leads_team(by, of.team_id)):
        raise NotAllowed


@transaction.atomic
def enter_absence(*, user: User, first_day: dt.date, last_day: dt.date, substitute: User | None, by: User) -> Absence:
    """Enter an absence (both days included) and, where named, who stands in for exactly that time."""
    _check_lead(by, user)
    if last_day < first_day:
        raise RuleBroken("Der letzte Tag liegt vor dem ersten.", field="last_day")
    if last_day - timezone.localdate() > FURTHEST_AHEAD:
        raise RuleBroken("Der letzte Tag liegt mehr als zwei Jahre voraus. Stimmt das Jahr?", field="last_day")
    during = DateRange(first_day, last_day + dt.timedelta(days=1))
    with rules():
        absence = Absence.objects.create(user=user, during=during, entered_by=by)
        if substitute is not None:
            Substitution.objects.create(
                absence=absence, absent_user=user, substitute=substitute, during=during, entered_by=by
            )
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, last_day: dt.date, by: User) -> None:
    """Somebody is back earlier: absence and substitution end with the given last day.

    Nothing is deleted: an absence that has not begun can be shortened to its first day and no further.
    """
    _check_lead(by, absence.user)
    first_day = absence.during.lower
    if last_day < first_day:
        raise RuleBroken(
            f"Frühestens am ersten Tag, dem {first_day:%d.%m.%Y}: "
            "Eine Abwesenheit wird nicht gelöscht, sie lässt sich bis auf diesen einen Tag kürzen.",
            field="last_day",
        )
    if last_day >= absence.during.upper:
        raise RuleBroken(
            "Das wäre später als eingetragen. Bitte tragen Sie die weiteren Tage neu ein.", field="last_day"
        )
    with rules():
        upper = last_day + dt.timedelta(days=1)
        for substitution in Substitution.objects.filter(absence=absence, during__endswith__gt=upper):
            lower = substitution.during.lower
            if lower >= upper:
                raise RuleBroken("In dieser Zeit ist noch eine Vertretung eingetragen.", field="last_day")
            Substitution.objects.filter(pk=substitution.pk).update(during=DateRange(lower, upper))
        Absence.objects.filter(pk=absence.pk).update(during=DateRange(first_day, upper))

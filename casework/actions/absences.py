"""Absences and who stands in, entered by oneself or by the lead; no reason is asked (domain.md 8, 12.11)."""

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone

from casework.actions.errors import NotAllowed, RuleBroken, rules
from casework.actions.steps import FURTHEST_AHEAD
from casework.enums import RoleName
from casework.models import Absence, RoleGrant, StandingSubstitute, Substitution, User
from casework.permissions import can_enter_absences, can_work_on_cases, leads_team

ONE_DAY = dt.timedelta(days=1)
LONGEST_BACK = dt.timedelta(days=366)


def check_presence_of(by: User, of: User) -> None:
    """One's own days, and those of the team for its lead or who stands in for the lead; nobody else's."""
    own = by.pk == of.pk and can_work_on_cases(by)
    if not (own or (can_enter_absences(by) and leads_team(by, of.team_id))):
        raise NotAllowed


def standing_substitute_of(user: User) -> User | None:
    """Who stands in for somebody unless an absence names somebody else; nobody who may not stand in any more."""
    standing = StandingSubstitute.objects.filter(user=user).values("substitute")
    substitute: User | None = User.objects.may_stand_in(user.organisation_id).filter(pk__in=standing).first()
    return substitute


def check_substitute(*, substitute: User, of: User, by: User) -> None:
    """Colleagues of the house who work on cases; and nobody who leads only by standing in prolongs that themselves."""
    if not User.objects.may_stand_in(of.organisation_id).filter(pk=substitute.pk).exists():
        raise RuleBroken(
            f"{substitute.full_name} kann hier nicht vertreten. Bitte wählen Sie eine IFK oder Teamleitung der "
            "eigenen Organisation.",
            field="substitute",
        )
    if by.pk == substitute.pk and _leads_more_than(of, by):
        raise RuleBroken(
            "Wer die Teamleitung nur vertritt, trägt sich nicht selbst als Vertretung ein. Bitte nennen Sie jemand "
            f"anderen, oder {of.full_name} trägt es selbst ein.",
            field="substitute",
        )


def _leads_more_than(lead: User, other: User) -> bool:
    """Whether somebody leads a team of their own that the other one does not."""
    led = RoleGrant.objects.filter(role=RoleName.TEAM_LEAD)
    return led.filter(user=lead).exclude(team__in=led.filter(user=other).values("team")).exists()


@transaction.atomic
def enter_absence(
    *,
    user: User,
    first_day: dt.date,
    last_day: dt.date | None,
    substitute: User | None,
    by: User,
    nobody: bool = False,
) -> Absence:
    """Enter an absence (both days included; `last_day=None`: without an end) and who stands in for exactly that time.

    Where no substitute is named, the standing one stands in; `nobody` says on purpose that nobody does. An absence is
    often entered late: nobody stood in for the days before, so nobody gets rights of the past.
    """
    check_presence_of(by, user)
    if last_day is not None and last_day < first_day:
        raise RuleBroken("Der letzte Tag liegt vor dem ersten.", field="last_day")
    if timezone.localdate() - first_day > LONGEST_BACK:
        raise RuleBroken("Der erste Tag liegt mehr als ein Jahr zurück. Stimmt das Jahr?", field="first_day")
    _check_not_far(first_day, "first_day", "Der erste Tag")
    _check_not_far(last_day, "last_day", "Der letzte Tag")
    during = DateRange(first_day, last_day + ONE_DAY if last_day else None)
    if substitute is None and not nobody:
        substitute = standing_substitute_of(user)
    if substitute is not None:
        check_substitute(substitute=substitute, of=user, by=by)
    with rules():
        absence = Absence.objects.create(user=user, during=during, entered_by=by)
        first = max(first_day, timezone.localdate())
        if substitute is not None and (last_day is None or last_day >= first):
            _stand_in(absence, substitute, DateRange(first, during.upper), by)
    return absence


def _check_not_far(day: dt.date | None, field: str, label: str) -> None:
    if day is not None and day - timezone.localdate() > FURTHEST_AHEAD:
        raise RuleBroken(f"{label} liegt mehr als zwei Jahre voraus. Stimmt das Jahr?", field=field)


def _stand_in(absence: Absence, substitute: User, during: DateRange, by: User) -> None:
    Substitution.objects.create(
        absence=absence, absent_user=absence.user, substitute=substitute, during=during, entered_by=by
    )


def reaching(end: dt.date) -> Q:
    """Periods that go on after the given day (the first one that no longer counts), those without an end too."""
    return Q(during__upper_inf=True) | Q(during__endswith__gt=end)


@transaction.atomic
def end_absence(*, absence: Absence, last_day: dt.date, by: User) -> None:
    """Somebody is back, earlier than entered or at last: absence and substitution end with the given last day.

    Nothing is deleted: an absence that has not begun can be shortened to its first day and no further, and who stood
    in until yesterday did so: what they read and wrote in these days stays explained.
    """
    check_presence_of(by, absence.user)
    first_day = absence.during.lower
    if last_day < first_day:
        raise RuleBroken(
            f"Frühestens am ersten Tag, dem {first_day:%d.%m.%Y}: "
            "Eine Abwesenheit wird nicht gelöscht, sie lässt sich bis auf diesen einen Tag kürzen.",
            field="last_day",
        )
    if absence.during.upper is None:
        _check_not_far(last_day, "last_day", "Der letzte Tag")
    elif last_day >= absence.during.upper:
        raise RuleBroken(
            "Das wäre später als eingetragen. Bitte tragen Sie die weiteren Tage neu ein.", field="last_day"
        )
    with rules():
        upper = last_day + ONE_DAY
        for substitution in Substitution.objects.filter(reaching(upper), absence=absence).select_related("substitute"):
            lower = substitution.during.lower
            earliest = max(lower, min(timezone.localdate(), substitution.during.upper or dt.date.max) - ONE_DAY)
            if last_day < earliest:
                raise RuleBroken(
                    f"Bis {earliest:%d.%m.%Y} ist {substitution.substitute.full_name} als Vertretung eingetragen; "
                    "das bleibt. Frühestens an diesem Tag kann die Abwesenheit enden.",
                    field="last_day",
                )
            Substitution.objects.filter(pk=substitution.pk).update(during=DateRange(lower, upper))
        Absence.objects.filter(pk=absence.pk).update(during=DateRange(first_day, upper))


@transaction.atomic
def name_substitute(*, absence: Absence, substitute: User, by: User) -> dt.date:
    """Somebody (else) stands in from today on, or from the first day; answers the first day of the new substitution.

    Whoever stood in keeps what was: a substitution that has begun ends yesterday. One of today, or one still to come,
    is not taken back and is shortened to its first day, as an absence is.
    """
    check_presence_of(by, absence.user)
    today = timezone.localdate()
    first: dt.date = max(today, absence.during.lower)
    end: dt.date | None = absence.during.upper
    if end is not None and end <= today:
        raise RuleBroken("Diese Abwesenheit ist schon vorbei.", field="substitute")
    check_substitute(substitute=substitute, of=absence.user, by=by)
    with rules():
        for standing in Substitution.objects.filter(reaching(first), absence=absence).order_by("during"):
            if standing.substitute_id == substitute.pk:
                raise RuleBroken(f"{substitute.full_name} ist schon eingetragen.", field="substitute")
            lower = standing.during.lower
            first = max(first, lower + ONE_DAY)
            Substitution.objects.filter(pk=standing.pk).update(during=DateRange(lower, first))
        if end is not None and first >= end:
            raise RuleBroken("Für den einen Tag ist schon eine Vertretung eingetragen; sie bleibt.", field="substitute")
        _stand_in(absence, substitute, DateRange(first, end), by)
    return first

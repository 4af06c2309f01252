"""Intakes: somebody new is entered, assigned to an IFK with a first next step, or taken off the list (Work-First).

An intake is not yet a case (design.md 7): it holds a name, a birth date and the day of arrival. Nothing about the
person decides who becomes responsible; the proposal looks at caseloads alone (R3.2-1).
"""

import datetime as dt

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.actions.cases import NewClient, begin_case, update_client
from casework.actions.errors import CONFLICTS, SENTENCES, Conflict, NotAllowed, RuleBroken, StaleVersion, rules
from casework.actions.steps import NewStep, check_step, local_days
from casework.models import Case, Client, Counsellor, Intake, Team, User
from casework.models.presence import read_presence
from casework.permissions import can_assign_intakes, can_open_case
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.workdays import add_working_days, day_label

SENTENCES.update(
    {
        "one_open_intake_per_client": ("", "Diese Person steht schon in der Liste."),
        "intake_not_in_the_future": ("arrived_on", "Dieser Tag liegt in der Zukunft."),
        "intake_withdrawn_for_a_reason": ("reason", "Bitte nennen Sie den Grund."),
        "intake_case_of_the_same_person": ("", "Dieser Fall gehört zu einer anderen Person."),
    }
)
CONFLICTS.update({"intake_stays": StaleVersion})


@widened(Purpose.INTAKE)
def enter_intake(*, client: NewClient, arrived_on: dt.date, by: User, team: Team | None = None) -> Intake:
    """Put somebody new on the list of the organisation; the same person waits there once."""
    if not can_open_case(by):
        raise NotAllowed
    today = timezone.localdate()
    if client.birth_date > today:
        raise RuleBroken("Das Geburtsdatum liegt in der Zukunft.", field="birth_date")
    if arrived_on > today:
        raise RuleBroken("Dieser Tag liegt in der Zukunft.", field="arrived_on")
    if team is not None and team.organisation_id != by.organisation_id:
        raise RuleBroken("Dieses Team gehört nicht zu Ihrer Organisation.", field="team")
    # Two submits of one form, or two people at once: the second waits and then sees the first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('casework_intake'), %s)", [by.organisation_id])
    named = Client.objects.named_exactly(
        family_name=client.family_name.strip(), given_name=client.given_name.strip(), birth_date=client.birth_date
    )
    numbered = Client.objects.none()
    if client.external_ref:
        numbered = Client.objects.filter(organisation=by.organisation_id, external_ref=client.external_ref)
    waiting = Intake.objects.waiting().filter(organisation=by.organisation_id)
    if waiting.filter(Q(client__in=named) | Q(client__in=numbered)).exists():
        raise Conflict("Diese Person steht schon in der Liste.")
    with rules():
        return Intake.objects.create(
            client=_person(client, numbered, by=by),
            organisation_id=by.organisation_id,
            team=team,
            arrived_on=arrived_on,
            entered_by=by,
        )


def _person(client: NewClient, numbered: QuerySet[Client], *, by: User) -> Client:
    """Somebody new, or who was taken off the list before and has no case: the number stays with the person."""
    described = {
        "family_name": client.family_name.strip(),
        "given_name": client.given_name.strip(),
        "preferred_name": client.preferred_name.strip(),
        "birth_date": client.birth_date,
    }
    known = numbered.filter(cases=None).first()
    if known is not None:
        update_client(client=known, version=known.version, by=by, changes=described)
        return known
    return Client.objects.create(
        organisation_id=by.organisation_id, external_ref=client.external_ref or None, created_by=by, **described
    )


def days_of_first_step(day: dt.date) -> list[dt.date]:
    """The working days of the house on which the first next step of somebody assigned on this day is proposed."""
    count = max(1, settings.INTAKE_FIRST_STEP_DAYS)
    closed = local_days(day, day + dt.timedelta(days=3 * count + 21))
    return [add_working_days(day, number, closed) for number in range(1, count + 1)]


def last_first_step(day: dt.date) -> dt.date:
    """The last day for the first next step of somebody who is assigned on this day."""
    return days_of_first_step(day)[-1]


def _lock(intake: Intake, by: User) -> Intake:
    if not can_assign_intakes(by) or intake.organisation_id != by.organisation_id:
        raise NotAllowed
    locked = Intake.objects.select_for_update(of=("self",)).select_related("client").get(pk=intake.pk)
    if locked.assigned_at or locked.withdrawn_at:
        raise StaleVersion("Das ist inzwischen schon erledigt. Bitte sehen Sie in der Liste nach.")
    return locked


@widened(Purpose.INTAKE)
def assign_intake(*, intake: Intake, counsellor: Counsellor, first_step: NewStep, by: User) -> Case:
    """Make the case: responsible IFK and first next step in one go, within the working days of the house."""
    intake = _lock(intake, by)
    now = timezone.now()
    today = timezone.localdate(now)
    latest = last_first_step(today)
    if first_step.due_on > latest:
        raise RuleBroken(
            f"Der erste nächste Schritt liegt spätestens am {day_label(latest)}: "
            f"{settings.INTAKE_FIRST_STEP_DAYS} Arbeitstage von heute an.",
            field="next_date",
            suggestion=read_presence(counsellor.pk, today, latest).last_day(latest, after=today),
        )
    check_step(first_step, now=now)
    with rules():
        case = begin_case(
            client=intake.client,
            organisation_id=intake.organisation_id,
            counsellor=counsellor,
            first_step=first_step,
            by=by,
            now=now,
        )
        Intake.objects.filter(pk=intake.pk).update(case=case, assigned_at=now, assigned_by=by)
    return case


@widened(Purpose.INTAKE)
def withdraw_intake(*, intake: Intake, reason: str, by: User) -> None:
    """Somebody does not come, or was entered twice: off the list, with the reason."""
    intake = _lock(intake, by)
    if not reason.strip():
        raise RuleBroken("Bitte nennen Sie den Grund.", field="reason")
    with rules():
        Intake.objects.filter(pk=intake.pk).update(
            withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason.strip()
        )

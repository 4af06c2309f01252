"""A case: opened with its first next step, handed over, shared, ended, taken up again."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, QuerySet
from django.utils import timezone

from casework.actions.errors import Conflict, NotAllowed, RuleBroken, StaleVersion, rules
from casework.actions.handover_letters import withdraw_announcements
from casework.actions.handovers import hand_over_now
from casework.actions.steps import NewStep, check_step, lock_case, lock_open_case, new_follow_up
from casework.enums import ClosingReason, DetailKind, DetailOrigin
from casework.models import (
    Case,
    CaseAssignment,
    CaseClosure,
    CaseHandover,
    CaseParticipation,
    Client,
    ClientDetail,
    Counsellor,
    EmploymentStart,
    FollowUp,
    User,
)
from casework.permissions import can_be_responsible, can_open_case
from jobcenter.platform.context import Purpose, widened


@dataclass(frozen=True)
class NewDetail:
    kind: DetailKind
    text: str
    origin: DetailOrigin


@dataclass(frozen=True)
class NewClient:
    """What is needed to begin: a name and a birth date; the rest is optional (R3.3-2)."""

    family_name: str
    given_name: str
    birth_date: dt.date
    preferred_name: str = ""
    external_ref: str | None = None
    details: tuple[NewDetail, ...] = field(default=())


def begin_case(
    *,
    client: Client,
    organisation_id: int,
    counsellor: Counsellor,
    first_step: NewStep,
    by: User,
    now: dt.datetime,
    previous: Case | None = None,
    key: uuid.UUID | None = None,
) -> Case:
    """Case, first assignment and first next step, in that order, in the caller's transaction (Work-First)."""
    case = Case(
        client=client,
        organisation_id=organisation_id,
        opened_at=now,
        opened_by=by,
        opening_key=key,
        previous_case=previous,
        is_restricted=previous.is_restricted if previous else False,
    )
    if not can_be_responsible(counsellor, case):
        raise RuleBroken("Diese IFK arbeitet nicht (mehr) in dieser Organisation.", field="counsellor")
    case.save(force_insert=True)
    CaseAssignment.objects.create(case=case, counsellor=counsellor, during=DateTimeTZRange(now, None), by=by)
    new_follow_up(first_step, case_id=case.pk, by=by).save(force_insert=True)
    return case


@widened(Purpose.OPEN_CASE)
def open_case(
    *, client: NewClient, counsellor: Counsellor, first_step: NewStep, by: User, key: uuid.UUID | None = None
) -> Case:
    """Open a case: client, first assignment and first next step in one go. Nothing else is asked (R3.3-2).

    The same key of the same person returns the case that stands: one submit, one case.
    """
    if not can_open_case(by):
        raise NotAllowed
    if key is not None and (standing := Case.objects.select_related("client").filter(opening_key=key).first()):
        known = standing.client
        same = (known.family_name, known.given_name, known.birth_date) == (
            client.family_name.strip(),
            client.given_name.strip(),
            client.birth_date,
        )
        if standing.opened_by_id == by.pk and same:
            return standing
        raise Conflict("Mit diesem Formular ist schon ein anderer Fall eröffnet. Bitte beginnen Sie ein neues.")
    now = timezone.now()
    if client.birth_date > timezone.localdate(now):
        raise RuleBroken("Das Geburtsdatum liegt in der Zukunft.", field="birth_date")
    check_step(first_step, now=now)
    with rules():
        person = Client.objects.create(
            organisation_id=by.organisation_id,
            family_name=client.family_name.strip(),
            given_name=client.given_name.strip(),
            preferred_name=client.preferred_name.strip(),
            birth_date=client.birth_date,
            external_ref=client.external_ref or None,
            created_by=by,
        )
        if client.details:
            ClientDetail.objects.bulk_create(
                ClientDetail(client=person, kind=d.kind, text=d.text.strip(), origin=d.origin, recorded_by=by)
                for d in client.details
            )
        return begin_case(
            client=person,
            organisation_id=by.organisation_id,
            counsellor=counsellor,
            first_step=first_step,
            by=by,
            now=now,
            key=key,
        )


@widened(Purpose.OPEN_CASE)
def take_up_again(*, case: Case, counsellor: Counsellor, first_step: NewStep, by: User) -> Case:
    """A new case for a person whose case has ended; the ended one stays as it is."""
    if not can_open_case(by):
        raise NotAllowed
    ended = lock_case(case)
    if ended.is_open:
        raise Conflict("Dieser Fall ist offen; er kann nicht wieder aufgenommen werden.")
    now = timezone.now()
    check_step(first_step, now=now)
    with rules():
        return begin_case(
            client=ended.client,
            organisation_id=ended.organisation_id,
            counsellor=counsellor,
            first_step=first_step,
            by=by,
            now=now,
            previous=ended,
        )


def close_case(case: Case, *, reason: ClosingReason, text: str, by: User, now: dt.datetime) -> CaseClosure:
    """End a locked case in the caller's transaction: closure, open steps, responsibility and participation."""
    closure = CaseClosure.objects.create(case=case, reason=reason, text=text.strip(), at=now, by=by)
    FollowUp.objects.open().filter(case=case).update(
        ended_at=now, ended_by=by, closure=closure, version=F("version") + 1
    )
    if CaseHandover.objects.planned().filter(case=case).update(withdrawn_at=now, withdrawn_by=by):
        withdraw_announcements([case.pk])
    end_periods(CaseAssignment.objects.filter(case=case), now)
    end_periods(CaseParticipation.objects.filter(case=case), now)
    Case.objects.filter(pk=case.pk, closed_at=None).update(closed_at=now)
    return closure


def end_periods(periods: QuerySet[CaseAssignment] | QuerySet[CaseParticipation], now: dt.datetime) -> int:
    """End the running period of each row at this moment."""
    running = periods.filter(during__upper_inf=True)
    return running.update(during=Func(Func(F("during"), function="lower"), now, function="tstzrange"))


@widened(Purpose.END_CASE)
def end_case(*, case: Case, reason: ClosingReason, by: User, text: str = "") -> CaseClosure:
    """End a case without a conversation; with one, `conclude_conversation` does it in the same submit."""
    case = lock_open_case(case)
    with rules():
        return close_case(case, reason=reason, text=text, by=by, now=timezone.now())


@widened(Purpose.ASSIGN)
def reassign_case(*, case: Case, counsellor: Counsellor, by: User, note: str = "") -> CaseAssignment:
    """Hand one case over as of now: the handover of a batch, with a batch of one."""
    case = lock_open_case(case)
    current = CaseAssignment.objects.get(case=case, during__upper_inf=True)
    if current.counsellor_id == counsellor.pk:
        raise RuleBroken("Diese IFK ist schon zuständig.", field="counsellor")
    if not can_be_responsible(counsellor, case):
        raise RuleBroken("Diese IFK arbeitet nicht (mehr) in dieser Organisation.", field="counsellor")
    with rules():
        hand_over_now(case=case, giver_id=current.counsellor_id, to=counsellor, note=note, by=by)
        return CaseAssignment.objects.get(case=case, during__upper_inf=True)


@widened(Purpose.ASSIGN)
def add_participation(*, case: Case, counsellor: Counsellor, by: User) -> CaseParticipation:
    """A further IFK takes part from now on; the responsible one stays responsible."""
    case = lock_open_case(case)
    if not can_be_responsible(counsellor, case):
        raise RuleBroken("Diese IFK arbeitet nicht (mehr) in dieser Organisation.", field="counsellor")
    if CaseAssignment.objects.filter(case=case, counsellor=counsellor, during__upper_inf=True).exists():
        raise RuleBroken("Diese IFK ist schon zuständig.", field="counsellor")
    with rules():
        return CaseParticipation.objects.create(
            case=case, counsellor=counsellor, during=DateTimeTZRange(timezone.now(), None), by=by
        )


@widened(Purpose.ASSIGN)
def end_participation(*, participation: CaseParticipation, by: User) -> None:
    """The further IFK takes part no longer."""
    lock_case(participation.case)
    with rules():
        if not end_periods(CaseParticipation.objects.filter(pk=participation.pk), timezone.now()):
            raise StaleVersion


@transaction.atomic
def record_employment_start(*, case: Case, started_on: dt.date, by: User, text: str = "") -> EmploymentStart:
    """ "Arbeit oder Ausbildung aufgenommen ab …": a dated fact; it closes nothing (R3.3-1)."""
    with rules():
        return EmploymentStart.objects.create(case=case, started_on=started_on, text=text.strip(), recorded_by=by)


@transaction.atomic
def withdraw_employment_start(*, start: EmploymentStart, by: User) -> None:
    """Take a mistaken entry back; it stays as history."""
    changed = EmploymentStart.objects.filter(pk=start.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by=by
    )
    if not changed:
        raise StaleVersion


@transaction.atomic
def update_client(*, client: Client, version: int, by: User, changes: dict[str, object]) -> None:
    """Correct name, preferred name, birth date or external number; a colleague's change is never overwritten."""
    with rules():
        changed = Client.objects.filter(pk=client.pk, version=version).update(**changes, version=version + 1)
        if not changed:
            raise StaleVersion


@transaction.atomic
def add_client_detail(*, client: Client, detail: NewDetail, by: User) -> ClientDetail:
    """Note an optional detail with its origin."""
    if not detail.text.strip():
        raise RuleBroken("Bitte tragen Sie etwas ein.", field="text")
    with rules():
        return ClientDetail.objects.create(
            client=client, kind=detail.kind, text=detail.text.strip(), origin=detail.origin, recorded_by=by
        )


@transaction.atomic
def end_client_detail(*, detail: ClientDetail, by: User) -> None:
    """A detail is no longer true: it ends and stays as history."""
    ClientDetail.objects.filter(pk=detail.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by)

"""Protected cases (§ 35 SGB I) and access in an emergency."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from casework.actions.access import record_access
from casework.actions.errors import SENTENCES, Conflict, NotAllowed, RuleBroken, rules
from casework.enums import AccessKind, EmergencyReason, GrantKind, ProtectionReason
from casework.models import AccessGrant, Case, EmergencyAccess, ProtectedReader, Protection, User
from casework.permissions import can_allow_emergencies, can_protect_cases, can_take_emergencies
from jobcenter.platform.context import Purpose, widened

EMERGENCY_MINUTES = 60

SENTENCES.update(
    {
        "responsible_stays_on_the_list": (
            "readers",
            "Die zuständige IFK steht auf der Liste, solange sie zuständig ist. Bitte erst die Zuständigkeit ändern.",
        ),
        "responsible_is_on_the_list": (
            "counsellor",
            "Dieser Fall ist geschützt. Zuständig werden kann nur, wer auf seiner Liste steht.",
        ),
        "emergency_allowed_by_another": ("", "Den eigenen Notzugriff kann niemand selbst freigeben."),
    }
)


@widened(Purpose.PROTECT)
def protected_case(number: str, *, by: User) -> Case | None:
    """The case of this number in the own organisation, for whoever keeps the lists; nothing of its file is shown."""
    if not can_protect_cases(by):
        raise NotAllowed
    return Case.objects.filter(number__iexact=number.strip(), organisation_id=by.organisation_id).first()


@widened(Purpose.PROTECT)
def protect_case(
    *,
    case: Case,
    reason: ProtectionReason,
    readers: Collection[User],
    by: User,
    request_id: uuid.UUID | None = None,
) -> Protection:
    """Open the case to these people alone, from now on. The database adds whoever is responsible."""
    if not can_protect_cases(by) or case.organisation_id != by.organisation_id:
        raise NotAllowed
    locked = Case.objects.filter(pk=case.pk).locked().get()
    if locked.is_restricted:
        raise Conflict("Dieser Fall ist schon geschützt.")
    with rules():
        protection = Protection.objects.create(case=locked, reason=reason, by=by)
        Case.objects.filter(pk=case.pk).update(is_restricted=True)
        _admit(locked, readers, by)
    record_access(AccessKind.RESTRICTED, user_id=by.pk, case_id=case.pk, ids=[protection.pk], request_id=request_id)
    return protection


@widened(Purpose.PROTECT)
def change_readers(*, case: Case, readers: Collection[User], by: User, request_id: uuid.UUID | None = None) -> None:
    """The list is these people from now on; who was on it before stays known."""
    if not can_protect_cases(by) or case.organisation_id != by.organisation_id:
        raise NotAllowed
    locked = Case.objects.filter(pk=case.pk).locked().get()
    if not locked.is_restricted:
        raise Conflict("Dieser Fall ist nicht mehr geschützt.")
    with rules():
        ProtectedReader.objects.filter(case=locked, ended_at=None).exclude(user__in=readers).update(
            ended_at=timezone.now(), ended_by=by
        )
        _admit(locked, readers, by)
    record_access(AccessKind.RESTRICTED, user_id=by.pk, case_id=case.pk, request_id=request_id)


def _admit(case: Case, readers: Collection[User], by: User) -> None:
    listed = set(ProtectedReader.objects.filter(case=case, ended_at=None).values_list("user_id", flat=True))
    ProtectedReader.objects.bulk_create(
        ProtectedReader(case=case, user=reader, by=by) for reader in readers if reader.pk not in listed
    )


@widened(Purpose.PROTECT)
def release_case(*, case: Case, by: User, request_id: uuid.UUID | None = None) -> None:
    """The protection ends: the case is one like any other. Its list ends with it."""
    if not can_protect_cases(by) or case.organisation_id != by.organisation_id:
        raise NotAllowed
    locked = Case.objects.filter(pk=case.pk).locked().get()
    now = timezone.now()
    with rules():
        Case.objects.filter(pk=locked.pk).update(is_restricted=False)
        Protection.objects.filter(case=locked, ended_at=None).update(ended_at=now, ended_by=by)
        ProtectedReader.objects.filter(case=locked, ended_at=None).update(ended_at=now, ended_by=by)
    record_access(AccessKind.RELEASED, user_id=by.pk, case_id=case.pk, request_id=request_id)


@widened(Purpose.EMERGENCY)
def ask_for_emergency(
    *, number: str, reason_class: EmergencyReason, reason: str, by: User, request_id: uuid.UUID | None = None
) -> EmergencyAccess:
    """Read a case of the own organisation for an hour; a protected one after a second person has allowed it.

    The page asks for the password before. An unknown number answers like every other that cannot be had.
    """
    if not can_take_emergencies(by):
        raise NotAllowed
    if len(reason.strip()) < EmergencyAccess.SHORTEST_REASON:
        raise RuleBroken("Bitte begründen Sie den Notzugriff mit mindestens 20 Zeichen.", field="reason")
    case = Case.objects.filter(number__iexact=number.strip(), organisation_id=by.organisation_id).first()
    if case is None:
        # The page puts it on record: what is written here would go with the savepoint of this action.
        raise RuleBroken("Diese Fallnummer gibt es hier nicht.", field="number")
    with rules():
        asked = EmergencyAccess.objects.create(user=by, case=case, reason_class=reason_class, reason=reason.strip())
        asked.refresh_from_db()
        if not asked.needs_second:
            _grant(asked)
    record_access(AccessKind.EMERGENCY_TAKEN, user_id=by.pk, case_id=case.pk, ids=[asked.pk], request_id=request_id)
    return asked


@widened(Purpose.EMERGENCY)
def allow_emergency(*, asked: EmergencyAccess, by: User, request_id: uuid.UUID | None = None) -> None:
    """The second person says yes; the hour begins now. Two who say so at once give one hour."""
    _check_second(asked, by)
    with rules():
        now = timezone.now()
        if not EmergencyAccess.objects.filter(pk=asked.pk, allowed_at=None, refused_at=None).update(
            allowed_at=now, allowed_by=by
        ):
            raise Conflict("Darüber ist schon entschieden.")
        asked.refresh_from_db()
        _grant(asked)
    record_access(
        AccessKind.EMERGENCY_ALLOWED, user_id=by.pk, case_id=asked.case_id, ids=[asked.pk], request_id=request_id
    )


@widened(Purpose.EMERGENCY)
def refuse_emergency(*, asked: EmergencyAccess, by: User) -> None:
    """The second person says no."""
    _check_second(asked, by)
    if not EmergencyAccess.objects.filter(pk=asked.pk, allowed_at=None, refused_at=None).update(
        refused_at=timezone.now(), refused_by=by
    ):
        raise Conflict("Darüber ist schon entschieden.")


@widened(Purpose.EMERGENCY)
def mark_emergency_seen(*, asked: EmergencyAccess, by: User) -> None:
    """The data protection officer has looked at it; once."""
    if not can_allow_emergencies(by) or asked.case.organisation_id != by.organisation_id:
        raise NotAllowed
    EmergencyAccess.objects.filter(pk=asked.pk, seen_at=None).update(seen_at=timezone.now(), seen_by=by)


def _check_second(asked: EmergencyAccess, by: User) -> None:
    if not can_allow_emergencies(by) or asked.user_id == by.pk or asked.case.organisation_id != by.organisation_id:
        raise NotAllowed


@transaction.atomic
def _grant(asked: EmergencyAccess) -> None:
    now = timezone.now()
    during = DateTimeTZRange(now, now + dt.timedelta(minutes=EMERGENCY_MINUTES))
    standing = AccessGrant.objects.filter(
        user_id=asked.user_id, case_id=asked.case_id, kind=GrantKind.EMERGENCY, during__overlap=during
    ).first()
    if standing is not None:
        raise Conflict("Ein Notzugriff auf diesen Fall läuft schon.")
    grant = AccessGrant.objects.create(
        user_id=asked.user_id,
        case_id=asked.case_id,
        kind=GrantKind.EMERGENCY,
        reason=EmergencyReason(asked.reason_class).label,
        during=during,
    )
    EmergencyAccess.objects.filter(pk=asked.pk).update(grant=grant)
    asked.grant = grant

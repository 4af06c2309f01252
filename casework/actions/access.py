"""Evidence of looks and refusals, and access with a reason."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from casework.actions.errors import NotAllowed, RuleBroken, rules
from casework.enums import AccessKind, GrantKind
from casework.models import AccessGrant, Case, Client, User
from casework.permissions import can_access_for_reason


class EvidenceUnavailable(Exception):
    """The access event cannot be written: then nothing is shown (503)."""


def record_access(
    kind: AccessKind,
    *,
    user_id: int,
    case_id: int | None = None,
    ids: Sequence[int] = (),
    request_id: uuid.UUID | None = None,
    times: int = 1,
) -> None:
    """Write an access event in the running transaction: ids and codes only (house style 10).

    Raises EvidenceUnavailable; the web role may only insert, so nothing comes back.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO casework_accessevent (user_id, kind, case_id, ids, request_id)"
                " SELECT %s, %s, %s, %s::bigint[], %s FROM generate_series(1, %s)",
                [user_id, kind.value, case_id, list(ids), request_id, times],
            )
    except DatabaseError as error:
        raise EvidenceUnavailable from error


def end_of_day(now: dt.datetime) -> dt.datetime:
    """The coming midnight of Göttingen."""
    local = timezone.localtime(now)
    tomorrow = local.date() + dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(tomorrow, dt.time()))


def find_for_counter(
    *,
    by: User,
    number: str = "",
    family_name: str = "",
    given_name: str = "",
    birth_date: dt.date | None = None,
) -> Case | None:
    """The open case that fits exactly, within the own organisation; None for no match, foreign and protected alike.

    The search itself is an event, with the case found.
    """
    if not can_access_for_reason(by):
        raise NotAllowed
    cases = Case.objects.open().filter(organisation_id=by.organisation_id, is_restricted=False)
    found: Case | None = None
    if number:
        found = cases.filter(number__iexact=number.strip()).first()
    elif family_name and given_name and birth_date:
        persons = Client.objects.filter(organisation_id=by.organisation_id).named_exactly(
            family_name=family_name, given_name=given_name, birth_date=birth_date
        )
        hits = list(cases.filter(client__in=persons)[:2])
        # Two people of one name and birth date: the case number decides, not chance.
        found = hits[0] if len(hits) == 1 else None
    record_access(AccessKind.LOOKED_UP, user_id=by.pk, ids=[found.pk] if found else [])
    return found


@transaction.atomic
def take_access(*, case: Case, kind: GrantKind, reason: str, by: User) -> AccessGrant:
    """Let the user record for, or read, this one case until the end of the day; shown to the responsible IFK."""
    if not reason.strip():
        raise RuleBroken("Bitte nennen Sie den Anlass.", field="reason")
    now = timezone.now()
    standing = AccessGrant.objects.filter(user=by, case=case, kind=kind, during__contains=now).first()
    if standing is not None:
        return standing
    with rules():
        grant = AccessGrant.objects.create(
            user=by, case=case, kind=kind, reason=reason.strip(), during=(now, end_of_day(now))
        )
    record_access(AccessKind.GRANT_TAKEN, user_id=by.pk, case_id=case.pk, ids=[grant.pk])
    return grant

"""Evidence of looks and refusals, and access with a reason."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import DatabaseError, IntegrityError, connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone

from casework.actions.errors import NotAllowed, RuleBroken, constraint_of, rules
from casework.enums import AccessKind, GrantKind
from casework.models import AccessGrant, Case, Client, User
from casework.permissions import can_access_for_reason
from jobcenter.platform.context import Purpose, widened

MANY_CASES = 50  # of all people with one name and birth date


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


@widened(Purpose.LOOK_UP)
def find_for_counter(
    *,
    by: User,
    number: str = "",
    family_name: str = "",
    given_name: str = "",
    birth_date: dt.date | None = None,
    request_id: uuid.UUID | None = None,
) -> Case | None:
    """The case that fits exactly, within the own organisation; None for no match, foreign and protected alike.

    It is the person's open case, or the ended one that was the last, so that whoever comes back is taken up again.
    The search itself is an event, with the case found.
    """
    if not can_access_for_reason(by):
        raise NotAllowed
    persons = Client.objects.filter(organisation_id=by.organisation_id)
    found: Case | None = None
    if number:
        found = _case_of(persons.filter(cases__number__iexact=number.strip()))
    elif family_name and given_name and birth_date:
        found = _case_of(persons.named_exactly(family_name=family_name, given_name=given_name, birth_date=birth_date))
    record_access(AccessKind.LOOKED_UP, user_id=by.pk, ids=[found.pk] if found else [], request_id=request_id)
    return found


def _case_of(persons: QuerySet[Client]) -> Case | None:
    """The open case of these persons, else the last ended one; two people of one name answer like none."""
    latest: dict[int, Case] = {}
    for case in Case.objects.filter(client__in=persons).order_by("-opened_at")[:MANY_CASES]:
        latest.setdefault(case.client_id, case)
    cases = [case for case in latest.values() if not case.is_restricted]
    # Two people of one name and birth date: the case number decides, not chance.
    hits = [case for case in cases if case.is_open] or cases
    return hits[0] if len(hits) == 1 else None


@widened(Purpose.TAKE_ACCESS)
def take_access(
    *, case: Case, kind: GrantKind, reason: str, by: User, request_id: uuid.UUID | None = None
) -> AccessGrant:
    """Let the user record for, or read, this one case until the end of the day; shown to the responsible IFK.

    Asked twice, also at the same moment, it answers with the grant that stands.
    """
    if not reason.strip():
        raise RuleBroken("Bitte nennen Sie den Anlass.", field="reason")
    now = timezone.now()
    during = DateTimeTZRange(now, end_of_day(now))
    grants = AccessGrant.objects.filter(user=by, case=case, kind=kind, during__overlap=during)
    if (standing := grants.first()) is not None:
        return standing
    try:
        with rules():
            grant = AccessGrant.objects.create(user=by, case=case, kind=kind, reason=reason.strip(), during=during)
    except IntegrityError as error:
        if constraint_of(error) != "one_grant_at_a_time":
            raise
        return grants.get()  # the other window was faster by a moment
    record_access(AccessKind.GRANT_TAKEN, user_id=by.pk, case_id=case.pk, ids=[grant.pk], request_id=request_id)
    return grant

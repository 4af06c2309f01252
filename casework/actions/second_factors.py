"""Second factors: set up by their owner, reset by the Fachadministration; each change is on record and told by mail."""

import uuid
from typing import Any

from django.db import transaction

from casework.actions.account_events import record_account_event
from casework.actions.account_notices import plan_account_notice
from casework.actions.errors import RuleBroken
from casework.actions.sessions import end_sessions
from casework.enums import AccountEventKind
from casework.models import User
from jobcenter.platform import factors


def lock_account(user: User) -> None:
    """One change of factors at a time: two windows must not both be the first to set one up."""
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk=user.pk).values_list("pk"))


@transaction.atomic
def add_app(*, user: User, secret: str, code: str, first: bool, request_id: uuid.UUID | None = None) -> list[str]:
    """Keep an app that has shown a right code. Answers with new recovery codes where there were none.

    `first`: set up by a session that has not given a second factor. Raises RuleBroken.
    """
    lock_account(user)
    _refuse_a_second_first(user, first)
    if any(row.type == factors.TOTP for row in factors.factors_of(user.pk)):
        raise RuleBroken("Es ist schon eine App eingerichtet. Bitte entfernen Sie zuerst die bisherige.")
    if factors.add_totp(user, secret, code) is None:
        raise RuleBroken("Dieser Code passt nicht. Bitte den Code eingeben, den die App jetzt zeigt.", field="code")
    return _added(user, request_id)


@transaction.atomic
def add_key(*, user: User, request: Any, name: str, credential: Any, first: bool) -> list[str]:
    """Keep a security key whose answer fits the challenge. Answers like `add_app`."""
    lock_account(user)
    _refuse_a_second_first(user, first)
    if factors.add_key(request, user, name.strip()[:60] or "Sicherheitsschlüssel", credential) is None:
        raise RuleBroken("Der Schlüssel hat nicht geantwortet, wie er sollte. Bitte noch einmal versuchen.")
    return _added(user, getattr(request, "id", None))


def _refuse_a_second_first(user: User, first: bool) -> None:
    if first and factors.has_factor(user.pk):
        raise RuleBroken("Für dieses Konto ist inzwischen ein zweiter Faktor eingerichtet. Bitte neu anmelden.")


def _added(user: User, request_id: uuid.UUID | None) -> list[str]:
    record_account_event(AccountEventKind.FACTOR_ADDED, user_id=user.pk, by_id=user.pk, request_id=request_id)
    plan_account_notice(user)
    if any(row.type == factors.RECOVERY for row in factors.factors_of(user.pk)):
        return []
    return make_codes(user=user, request_id=request_id)


@transaction.atomic
def make_codes(*, user: User, request_id: uuid.UUID | None = None) -> list[str]:
    """New recovery codes, shown this once; earlier ones hold no longer."""
    lock_account(user)
    if not factors.has_factor(user.pk):
        raise RuleBroken("Bitte richten Sie zuerst eine App oder einen Schlüssel ein.")
    codes = factors.make_recovery_codes(user)
    record_account_event(AccountEventKind.RECOVERY_CODES_MADE, user_id=user.pk, by_id=user.pk, request_id=request_id)
    return codes


@transaction.atomic
def remove_factor(*, user: User, factor_id: int, request_id: uuid.UUID | None = None) -> None:
    """Remove one of several; the last app or key stays, because nobody works without one."""
    lock_account(user)
    main = [row for row in factors.factors_of(user.pk) if row.type in factors.MAIN]
    row = next((row for row in main if row.pk == factor_id), None)
    if row is None:
        return
    if len(main) == 1:
        raise RuleBroken("Das ist der einzige zweite Faktor. Bitte zuerst einen anderen einrichten.")
    row.delete()
    record_account_event(AccountEventKind.FACTOR_REMOVED, user_id=user.pk, by_id=user.pk, request_id=request_id)
    plan_account_notice(user)


@transaction.atomic
def reset_factors(*, user: User, by: User, request_id: uuid.UUID | None = None) -> None:
    """Whoever lost device and codes begins anew: all factors go and all sessions end; the person is told by mail."""
    lock_account(user)
    for row in factors.factors_of(user.pk):
        row.delete()
    record_account_event(AccountEventKind.FACTOR_RESET, user_id=user.pk, by_id=by.pk, request_id=request_id)
    end_sessions(user_id=user.pk, by_id=by.pk, request_id=request_id)
    plan_account_notice(user)

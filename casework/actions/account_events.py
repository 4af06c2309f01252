"""What happens to accounts, on record: ids and codes, never a name that somebody typed."""

import uuid

from django.db import connection

from casework.enums import AccountEventKind


def record_account_event(
    kind: AccountEventKind,
    *,
    user_id: int | None = None,
    username: str | None = None,
    by_id: int | None = None,
    request_id: uuid.UUID | None = None,
) -> None:
    """Write an account event in the running transaction.

    By `username` the account is looked up in the same statement, which takes as long whether there is one or not.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_accountevent (user_id, kind, by_user_id, request_id)"
            " VALUES (COALESCE(%s, (SELECT id FROM casework_user WHERE username = %s)), %s, %s, %s)",
            [user_id, username, kind.value, by_id, request_id],
        )

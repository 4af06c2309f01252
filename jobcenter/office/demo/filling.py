"""How the demonstration is written: COPY does not go with row security, so it is written in the guard's role."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

OWNER = "owner"


@contextmanager
def past_rows() -> Iterator[None]:
    """Let the default connection sign in as the owner, who may become the guard; every other rule stays switched on.

    Only outside of transactions: the connection is another one afterwards. Tests sign in past row security anyway.
    """
    if settings.FRAME_DATABASE_ROLE:
        yield
        return
    own = connection.settings_dict
    connection.close()
    connection.settings_dict = settings.DATABASES[OWNER] | {"CONN_HEALTH_CHECKS": False}
    try:
        with connection.cursor() as cursor:
            # Nobody did what is written here: no change of it is noted.
            cursor.execute("SET fallarbeit.filling = 'on'")
            cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.GUARD_DATABASE_ROLE)}")
        yield
    finally:
        connection.close()
        connection.settings_dict = own

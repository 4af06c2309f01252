"""Sessions, guesses, identities of a directory, and what happened to accounts."""

import datetime as dt
import hashlib
from typing import Any

import factory
from django.db import connection
from django.utils import timezone

from casework import models
from casework.enums import AccountEventKind, GuessKind
from tests.factories import RecordFactory, UserFactory


class OpenSessionFactory(RecordFactory):
    """Begun ten minutes ago and used just now; no session of Django's stands beside it."""

    class Meta:
        model = models.OpenSession

    user = factory.SubFactory(UserFactory)
    session_hash = factory.Sequence(lambda number: hashlib.sha256(str(number).encode()).hexdigest())
    signed_in_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=10))
    last_seen_at = factory.LazyFunction(timezone.now)
    network = "192.0.2.0/24"
    program = "Firefox, Windows"


class GuessCountFactory(RecordFactory):
    class Meta:
        model = models.GuessCount

    kind = GuessKind.PAIR
    slot = factory.Sequence(int)
    failures = 1
    failed_at = factory.LazyFunction(timezone.now)


class DirectoryIdentityFactory(RecordFactory):
    class Meta:
        model = models.DirectoryIdentity

    user = factory.SubFactory(UserFactory)
    provider = "haus"
    subject = factory.Sequence("id-{}".format)


class AccountNoticeFactory(RecordFactory):
    class Meta:
        model = models.AccountNotice

    user = factory.SubFactory(UserFactory)


class AccountEventFactory(RecordFactory):
    """The web role may insert and read nothing: the row made here has no id (design.md 8)."""

    class Meta:
        model = models.AccountEvent

    user_id = 1
    kind = AccountEventKind.SIGNED_IN

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> models.AccountEvent:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO casework_accountevent (user_id, kind) VALUES (%s, %s)", [fields["user_id"], fields["kind"]]
            )
        made: models.AccountEvent = model_class(**fields)
        return made

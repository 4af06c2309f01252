"""What the database itself refuses about signing in."""

import datetime as dt

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from casework.models.sign_in import SLOTS
from tests import database as databases
from tests.factories import (
    AccountEventFactory,
    AccountNoticeFactory,
    DirectoryIdentityFactory,
    GuessCountFactory,
    OpenSessionFactory,
    UserFactory,
)
from tests.rules import denied, refused, sql

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rule", "factory", "fields"),
    [
        ("open_session_keeps_a_hash", OpenSessionFactory, {"session_hash": "9f2kq7" * 5}),
        (
            "open_session_seen_after_it_began",
            OpenSessionFactory,
            {"last_seen_at": timezone.now() - dt.timedelta(days=1)},
        ),
        ("guess_kind_known", GuessCountFactory, {"kind": "account"}),
        ("guesses_take_bounded_room", GuessCountFactory, {"slot": SLOTS}),
        ("directory_subject_not_blank", DirectoryIdentityFactory, {"subject": "  "}),
        ("account_event_kind_known", AccountEventFactory, {"kind": "account.liked"}),
        (
            "account_notice_claimed_after_made",
            AccountNoticeFactory,
            {"claimed_at": timezone.now() - dt.timedelta(days=1)},
        ),
    ],
)
def test_no_such_row(rule, factory, fields):
    user = {} if factory in (GuessCountFactory, AccountEventFactory) else {"user": UserFactory()}
    with refused(rule):
        factory(**user, **fields)


def test_one_count_of_guesses_each():
    GuessCountFactory(slot=7)
    with refused("one_count_of_guesses_each"):
        GuessCountFactory(slot=7)


def test_an_identity_names_one_account_and_an_account_has_one_in_each_directory():
    first = DirectoryIdentityFactory()
    other = UserFactory()
    with refused("directory_identity_names_one_account"):
        DirectoryIdentityFactory(user=other, subject=first.subject)
    with refused("one_identity_per_directory"):
        DirectoryIdentityFactory(user=first.user)
    DirectoryIdentityFactory(user=first.user, provider="anderes")


def test_what_happened_to_an_account_is_final(owner_sql):
    AccountEventFactory()
    for statement in (
        "SELECT id FROM casework_accountevent",
        "UPDATE casework_accountevent SET kind = 'factor.reset'",
        "DELETE FROM casework_accountevent",
        "INSERT INTO casework_accountevent (kind, at) VALUES ('factor.reset', now())",
    ):
        with denied():
            sql(statement)


@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'factor.reset'", "DELETE FROM {}"])
def test_not_even_the_owner_changes_what_happened(scratch_database, statement):
    table = "casework_accountevent"
    with psycopg.connect(databases.admin_url(), dbname=scratch_database) as connection:
        connection.execute(f"INSERT INTO {table} (user_id, kind) VALUES (1, 'sign_in.failed')")
        with pytest.raises(psycopg.errors.CheckViolation) as caught:
            connection.execute(statement.format(table))
    assert caught.value.diag.constraint_name == "record_is_final"  # by the trigger account_event_is_final


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE casework_opensession SET user_id = user_id",
        "UPDATE casework_opensession SET session_hash = session_hash",
        "UPDATE casework_opensession SET signed_in_at = now()",
        "UPDATE casework_directoryidentity SET user_id = user_id",
        "UPDATE casework_accountnotice SET user_id = user_id",
    ],
)
def test_a_session_is_nobody_elses_and_begins_once(statement):
    with denied(), transaction.atomic():
        sql(statement)

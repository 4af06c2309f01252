"""The signed context: nobody can claim to be somebody else, whatever statement they smuggle in (line 2 of issue 7)."""

import time
from contextlib import closing

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from casework.models import Case
from jobcenter.platform import context
from jobcenter.platform.context import Purpose
from tests import database as databases
from tests.conftest import database_name
from tests.factories import CaseFactory

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def web():
    """A connection that signed in as the web role, as a page has it."""
    with closing(psycopg.connect(databases.admin_url(), dbname=database_name())) as raw:
        raw.execute(f"SET SESSION AUTHORIZATION {databases.web_role()}")
        raw.commit()
        yield raw


def claim(raw, text):
    raw.execute("SELECT set_config('fallarbeit.context', %s, true)", [text])


def bound_to(raw):
    return raw.execute(context.TRANSACTION).fetchone()


def token(raw, user_id, purpose="", seconds=60):
    return context.token(bound_to(raw), user_id=user_id, purpose=purpose, request_id="", seconds=seconds)


def cases_seen(raw):
    return raw.execute("SELECT count(*) FROM casework_case").fetchone()[0]


def test_without_a_context_nothing_is_there(web, kim):
    CaseFactory(counsellor=kim)

    assert cases_seen(web) == 0
    claim(web, "")
    assert cases_seen(web) == 0


def test_with_its_context_the_own_cases_are(web, kim, eva):
    CaseFactory(counsellor=kim)
    CaseFactory(counsellor=eva)

    claim(web, token(web, kim.pk))

    assert cases_seen(web) == 1


def test_a_forged_context_is_none(web, kim, eva):
    CaseFactory(counsellor=eva)
    good = token(web, kim.pk)
    forged = [
        good.replace(f"|{kim.pk}|", f"|{eva.pk}|", 1),
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        good[:-64] + "0" * 64,
        good.rsplit("|", 1)[0],
        f"x|{eva.pk}||||||",
        f"x|{eva.pk}",
        "|" * 7,
        "garbage",
        good.replace("x|", "y|", 1),
        good + "|",
    ]

    for text in forged:
        claim(web, text)
        assert cases_seen(web) == 0, text


def test_one_s_own_key_signs_nothing(web, kim, settings):
    CaseFactory(counsellor=kim)
    settings.SECRET_KEY = "x" * 60  # noqa: S105  (that is the point)

    claim(web, token(web, kim.pk))

    assert cases_seen(web) == 0


def test_a_context_of_another_transaction_is_worth_nothing(web, kim):
    CaseFactory(counsellor=kim)
    seen = token(web, kim.pk)
    claim(web, seen)
    assert cases_seen(web) == 1
    web.commit()

    web.execute("SELECT pg_current_xact_id()")
    claim(web, seen)

    assert cases_seen(web) == 0


def test_it_is_gone_with_its_transaction(web, kim):
    CaseFactory(counsellor=kim)
    claim(web, token(web, kim.pk))
    web.commit()

    assert cases_seen(web) == 0


def test_it_runs_out(web, kim):
    CaseFactory(counsellor=kim)
    claim(web, token(web, kim.pk, seconds=1))
    assert cases_seen(web) == 1

    time.sleep(1.1)

    # The list that the transaction keeps is bound to the context, not a way around its end.
    assert cases_seen(web) == 0


def test_a_list_that_one_wrote_oneself_is_not_believed(web, kim, eva):
    foreign = CaseFactory(counsellor=eva)
    CaseFactory(counsellor=kim)
    claim(web, token(web, kim.pk))
    assert cases_seen(web) == 1
    kept = web.execute("SELECT current_setting('fallarbeit.cases_visible')").fetchone()[0]
    for text in (
        kept.replace("{", "{" + f"{foreign.pk},", 1),
        "{" + str(foreign.pk) + "}",
        kept[:-65] + "|" + "0" * 64,
    ):
        web.execute("SELECT set_config('fallarbeit.cases_visible', %s, true)", [text])
        assert cases_seen(web) == 1
        assert web.execute("SELECT count(*) FROM casework_case WHERE id = %s", [foreign.pk]).fetchone()[0] == 0


def test_a_disabled_account_sees_nothing_at_once(web, kim):
    CaseFactory(counsellor=kim)
    from casework.models import User

    User.objects.filter(pk=kim.pk).update(is_active=True)
    claim(web, token(web, kim.pk))
    assert cases_seen(web) == 1
    web.rollback()
    databases.run_sql(
        database_name(),
        f"SET session_replication_role = replica; UPDATE casework_user SET is_active = false WHERE id = {kim.pk}",
    )
    try:
        claim(web, token(web, kim.pk))
        assert cases_seen(web) == 0
    finally:
        databases.run_sql(
            database_name(),
            f"SET session_replication_role = replica; UPDATE casework_user SET is_active = true WHERE id = {kim.pk}",
        )


def test_the_worker_s_role_without_a_purpose_sees_nothing(web, kim):
    CaseFactory(counsellor=kim)
    web.execute(f"SET LOCAL ROLE {settings.WORKER_DATABASE_ROLE}")

    assert cases_seen(web) == 0
    claim(web, token(web, kim.pk))
    assert cases_seen(web) == 0
    claim(web, token(web, kim.pk, purpose=Purpose.LEAD))
    assert cases_seen(web) == 1


def test_a_purpose_gives_the_web_role_nothing(web, kim, eva):
    CaseFactory(counsellor=eva)

    claim(web, token(web, kim.pk, purpose=Purpose.LEAD))

    assert cases_seen(web) == 0


def test_the_key_is_out_of_reach(web):
    for statement in (
        "SELECT * FROM guard.context_key",
        "SELECT guard.sign('x')",
        "SELECT guard.is_signed('x', 'y')",
        "SELECT guard.install_key('', '')",
        "SELECT guard.forget_keys()",
        "SELECT guard.context()",
        "SELECT guard.seal()",
        "SELECT guard.drop_months('2020-01-01')",
        "SET ROLE fallarbeit_guard",
        "SET ROLE fallarbeit_owner",
        "SET ROLE fallarbeit_backup",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(statement)
        web.rollback()


def test_what_is_told_in_a_savepoint_is_gone_with_it_and_the_frame_s_is_not(kim, eva):
    CaseFactory(counsellor=kim)
    with context.nobody(), transaction.atomic():
        context.set_actor(user_id=kim.pk)
        with pytest.raises(ZeroDivisionError), context.widened(Purpose.LEAD):
            assert role() == settings.WORKER_DATABASE_ROLE
            raise ZeroDivisionError
        assert role() == settings.WEB_DATABASE_ROLE
        assert Case.objects.count() == 1


def test_a_reach_ends_with_its_block(kim, eva):
    CaseFactory(counsellor=kim)
    CaseFactory(counsellor=eva)
    with context.nobody(), transaction.atomic():
        context.set_actor(user_id=kim.pk)
        with context.widened(Purpose.LEAD):
            assert Case.objects.count() == 2
            with context.acting(eva.pk):
                assert context.current_user_id() == eva.pk
            assert Case.objects.count() == 2
        assert Case.objects.count() == 1
        assert context.current_user_id() == kim.pk


def test_a_worker_serves_across_its_transactions_and_no_further(kim):
    CaseFactory(counsellor=kim)
    with context.serving(Purpose.CHECK):
        assert Case.objects.count() == 1
        with transaction.atomic():
            assert Case.objects.count() == 1
            with context.acting(kim.pk):
                assert context.current_user_id() == kim.pk
        assert Case.objects.count() == 1
        assert role() == settings.WORKER_DATABASE_ROLE
    assert role() != settings.WORKER_DATABASE_ROLE


def test_an_earlier_key_still_counts_while_keys_are_changed(web, kim, settings):
    CaseFactory(counsellor=kim)
    earlier = settings.SECRET_KEY
    try:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 30 + "euer Schlüssel", [earlier]
        context.install_key()
        claim(web, token(web, kim.pk))
        assert cases_seen(web) == 1
        web.rollback()
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = earlier, []
        claim(web, token(web, kim.pk))
        assert cases_seen(web) == 1
    finally:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = earlier, []
        context.install_key()


def role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]

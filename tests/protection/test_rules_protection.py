"""The rules of restricted cases, emergencies and evidence, each broken on purpose."""

import datetime as dt
from contextlib import closing

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from casework import actions
from casework.actions import protection
from casework.actions.errors import RuleBroken
from casework.enums import EmergencyReason, GrantKind, ProtectionReason, RoleName
from casework.models import AccessGrant, Case, EmergencyAccess, ProtectedReader, Protection
from tests import database as databases
from tests.conftest import database_name
from tests.factories import (
    CaseFactory,
    EmergencyAccessFactory,
    ProtectedReaderFactory,
    ProtectionFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.rules import denied, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(osterode):
    user = UserFactory(team=osterode, username="dora")
    RoleGrantFactory(user=user, role=RoleName.PRIVACY_OFFICER)
    return user


def restricted(kim, **how):
    case = CaseFactory(counsellor=kim, **how)
    Case.objects.filter(pk=case.pk).update(is_restricted=True)
    return Case.objects.get(pk=case.pk)


def sees(user, case):
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


# --- the list ----------------------------------------------------------------------------------------------


def test_whoever_is_responsible_is_on_the_list_from_the_beginning(kim, eva, tom):
    case = restricted(kim)

    assert [reader.user_id for reader in ProtectedReader.objects.filter(case=case)] == [kim.pk]
    assert sees(kim, case) and not sees(tom, case)


def test_a_new_restricted_case_begins_with_its_responsible(kim):
    case = CaseFactory(counsellor=kim, is_restricted=True)

    assert sees(kim, case)


def test_nobody_beside_the_list_becomes_responsible(kim, eva):
    case = restricted(kim)

    with pytest.raises(RuleBroken, match="geschützt"):
        actions.reassign_case(case=case, counsellor=eva.counsellor, by=kim)
    assert "responsible_is_on_the_list" in protection.SENTENCES
    ProtectedReaderFactory(case=case, user=eva)
    actions.reassign_case(case=case, counsellor=eva.counsellor, by=kim)
    assert sees(eva, case)


def test_the_list_is_ended_and_not_rewritten(kim, eva):
    case = restricted(kim)
    reader = ProtectedReaderFactory(case=case, user=eva)

    with denied():
        ProtectedReader.objects.filter(pk=reader.pk).update(user=kim)
    with refused("responsible_stays_on_the_list"):
        ProtectedReader.objects.filter(case=case, user=kim).update(ended_at=timezone.now(), ended_by=eva)
    ProtectedReader.objects.filter(pk=reader.pk).update(ended_at=timezone.now(), ended_by=kim)
    with refused("list_of_readers_stays"):
        ProtectedReader.objects.filter(pk=reader.pk).update(ended_at=None, ended_by=None)


def test_once_on_the_list_and_protected_once_at_a_time(kim, eva):
    case = restricted(kim)
    ProtectionFactory(case=case, by=eva)

    with refused("on_the_list_once"):
        ProtectedReaderFactory(case=case, user=kim)
    with refused("one_protection_at_a_time"):
        ProtectionFactory(case=case, by=eva)
    with refused("protection_reason_known"):
        ProtectionFactory(reason="vip")
    with refused("protection_end_paired"):
        Protection.objects.filter(case=case).update(ended_at=timezone.now())
    with refused("reader_end_paired"):
        ProtectedReaderFactory(case=case, user=eva, ended_at=timezone.now())


def test_protecting_changing_and_releasing(kim, eva, tom, dora, nora):
    case = CaseFactory(counsellor=kim)
    protection.protect_case(case=case, reason=ProtectionReason.STAFF, readers=[], by=dora)
    assert sees(kim, case) and not sees(tom, case)
    protection.change_readers(case=case, readers=[kim, tom], by=dora)
    assert sees(tom, case) and not sees(eva, case)
    protection.change_readers(case=case, readers=[kim], by=dora)
    assert not sees(tom, case)
    with pytest.raises(actions.errors.NotAllowed):
        protection.release_case(case=case, by=tom)
    protection.release_case(case=case, by=dora)
    assert sees(tom, case)
    assert not ProtectedReader.objects.filter(case=case, ended_at=None).exists()


def test_a_substitute_who_is_not_on_the_list_does_not_see_it(kim, eva):
    from tests.factories import SubstitutionFactory

    case, other = restricted(kim), CaseFactory(counsellor=kim)
    SubstitutionFactory(absent_user=kim, substitute=eva)

    assert sees(eva, other) and not sees(eva, case)


# --- the emergency -----------------------------------------------------------------------------------------

WORDS = "Steht am Tresen und braucht heute eine Bescheinigung."


def ask(case, by, **how):
    return protection.ask_for_emergency(
        **{"number": case.number, "reason_class": EmergencyReason.PERSON_HERE, "reason": WORDS, "by": by, **how}
    )


def test_an_hour_of_reading_and_not_of_writing(kim, eva):
    case = CaseFactory(counsellor=kim)
    ask(case, eva)

    assert Case.objects.readable_by(eva).filter(pk=case.pk).exists()
    assert not Case.objects.acted_on_by(eva).filter(pk=case.pk).exists()
    later = timezone.now() + dt.timedelta(minutes=61)
    assert not Case.objects.readable_by(eva, later).filter(pk=case.pk).exists()


def test_a_protected_case_needs_a_second_person(kim, eva, dora):
    case = restricted(kim)
    asked = ask(case, eva)

    assert asked.grant is None and not sees(eva, case)
    with pytest.raises(actions.errors.NotAllowed):
        protection.allow_emergency(asked=asked, by=eva)
    with pytest.raises(actions.errors.NotAllowed):
        protection.allow_emergency(asked=asked, by=kim)
    protection.allow_emergency(asked=asked, by=dora)
    assert Case.objects.readable_by(eva).filter(pk=case.pk).exists()
    with pytest.raises(actions.errors.Conflict):
        protection.refuse_emergency(asked=asked, by=dora)


def test_the_database_asks_for_the_second_person_too(kim, eva):
    case = restricted(kim)
    asked = EmergencyAccessFactory(user=eva, case=case)
    now = timezone.now()
    hour = DateTimeTZRange(now, now + dt.timedelta(minutes=60))
    grant = {"user": eva, "case": case, "kind": GrantKind.EMERGENCY, "reason": "x", "during": hour}

    with refused("emergency_allowed_by_another"):
        EmergencyAccess.objects.filter(pk=asked.pk).update(allowed_by=eva, allowed_at=timezone.now())
    with refused("emergency_grant_was_asked_for"):
        AccessGrant.objects.create(**grant)
    with refused("emergency_needs_a_second_person"):
        from tests.factories import AccessGrantFactory

        other = AccessGrantFactory(user=eva, case=case)
        EmergencyAccess.objects.filter(pk=asked.pk).update(grant=other)


def test_what_was_asked_is_not_rewritten(kim, eva, dora):
    asked = EmergencyAccessFactory(user=eva, case=CaseFactory(counsellor=kim))

    with denied():
        EmergencyAccess.objects.filter(pk=asked.pk).update(reason="Ein ganz anderer Grund, der besser klingt")
    EmergencyAccess.objects.filter(pk=asked.pk).update(refused_at=timezone.now(), refused_by=dora)
    with refused("emergency_stays"):
        EmergencyAccess.objects.filter(pk=asked.pk).update(refused_at=None)
    with refused("emergency_begins_as_a_question"):
        EmergencyAccessFactory(user=eva, allowed_at=timezone.now(), allowed_by=dora)
    with refused("emergency_reason_known"):
        EmergencyAccessFactory(reason_class="curious")
    for words in ("", "zu kurz", " " * 30, "x" + " " * 10):
        with refused("emergency_reason_worded"):
            EmergencyAccessFactory(reason=words)


# --- evidence ----------------------------------------------------------------------------------------------


def test_evidence_is_kept_for_a_year():
    with pytest.raises(psycopg.errors.CheckViolation) as caught:
        databases.run_sql(database_name(), "SELECT guard.drop_months(current_date)")
    assert caught.value.diag.constraint_name == "evidence_is_kept_a_year"


def test_an_operation_is_one_of_three():
    with pytest.raises(psycopg.errors.CheckViolation) as caught:
        databases.run_sql(
            database_name(),
            "INSERT INTO casework_changeevent (purpose, request_id, relation, operation, row_id, fields)"
            " VALUES ('', '', 'x', 'merge', 1, '{}')",
        )
    assert caught.value.diag.constraint_name == "change_operation_known"


def test_nothing_of_a_case_changes_without_an_author(kim):
    """change_has_an_author: the web role without a context is refused by the trigger, were row security not there."""
    with closing(psycopg.connect(databases.admin_url(), dbname=database_name())) as raw:
        raw.execute(f"SET SESSION AUTHORIZATION {databases.web_role()}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            raw.execute(
                "INSERT INTO casework_rolegrant (user_id, role) SELECT id, 'config_admin' FROM casework_user LIMIT 1;"
                "INSERT INTO casework_rolegrant (user_id, role) VALUES (1, 'config_admin')"
            )
        assert caught.value.diag.constraint_name == "change_has_an_author"


def test_a_change_is_noted_with_its_columns_and_nothing_of_what_is_in_them(kim):
    case = CaseFactory(counsellor=kim)
    from jobcenter.platform import context

    with context.acting(kim.pk, "8d2b5bf4-1f6b-4f39-9d5e-0e5f0f4ad111"):
        type(case.client).objects.filter(pk=case.client_id).update(family_name="Ganzanders", given_name="Ganzneu")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE fallarbeit_worker")
        cursor.execute(
            "SELECT user_id, relation, operation, row_id, fields, request_id, e::text FROM casework_changeevent AS e"
            " WHERE operation = 'update' ORDER BY id DESC LIMIT 1"
        )
        *facts, line = cursor.fetchone()
        cursor.execute("RESET ROLE")

    assert facts[:4] == [kim.pk, "casework_client", "update", case.client_id]
    assert {"family_name", "given_name"} <= set(facts[4])
    assert facts[5] == "8d2b5bf4-1f6b-4f39-9d5e-0e5f0f4ad111"
    assert "Ganz" not in line


def test_the_chain_names_its_reasons():
    """missing_before, gap_before, head, events, dated_back and access or change: what a bad block may be."""
    from casework.actions.evidence import REASONS

    assert {"missing_before", "gap_before", "head", "events", "dated_back"} <= set(REASONS)

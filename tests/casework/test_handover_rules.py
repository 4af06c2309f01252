"""What the database holds of handovers, whoever writes: each rule by its name."""

import datetime as dt
import uuid

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from casework.enums import GrantKind
from casework.models import AccessGrant, CaseAssignment, CaseHandover, User
from tests import factories
from tests.rules import accepted, denied, refused, sql

NOW = timezone.now


@pytest.fixture
def plan(case, eva):
    """Kim's case is to pass to Eva today."""
    return factories.CaseHandoverFactory(case=case, to_counsellor=eva, effective_on=timezone.localdate())


def change(plan, **columns):
    CaseHandover.objects.filter(pk=plan.pk).update(**columns)


def pass_on(plan, **columns):
    """Everything that carrying out means, by hand."""
    now = NOW()
    assignment = factories.CaseAssignmentFactory(case=plan.case, counsellor=plan.to_counsellor)
    change(plan, **{"carried_out_at": now, "assignment": assignment, **columns})


def test_a_plan_is_carried_out(plan):
    with accepted():
        pass_on(plan)


def test_only_an_open_case_is_planned(case, eva):
    factories.CaseClosureFactory(case=case)
    with refused("handover_of_an_open_case"):
        factories.CaseHandoverFactory(case=case, from_counsellor=case.opened_by, to_counsellor=eva)


def test_only_of_who_is_responsible(case, eva, nora):
    with refused("handover_from_who_is_responsible"):
        factories.CaseHandoverFactory(case=case, from_counsellor=nora, to_counsellor=eva)


def test_only_to_an_active_account(case, eva):
    User.objects.filter(pk=eva.pk).update(is_active=False)
    with refused("handover_to_who_is_active"):
        factories.CaseHandoverFactory(case=case, to_counsellor=eva)


def test_only_to_somebody_else(case, kim):
    with refused("handover_to_somebody_else"):
        factories.CaseHandoverFactory(case=case, to_counsellor=kim)


def test_it_begins_as_a_plan(case, eva):
    with refused("handover_begins_as_a_plan"):
        factories.CaseHandoverFactory(case=case, to_counsellor=eva, withdrawn_at=NOW(), withdrawn_by=eva)


def test_one_plan_for_a_case(plan, case, eva):
    with refused("one_planned_handover_per_case"):
        factories.CaseHandoverFactory(case=case, to_counsellor=eva)


def test_a_case_once_in_a_submit(plan, case, kim, eva):
    change(plan, withdrawn_at=NOW(), withdrawn_by=kim)
    with refused("case_once_in_a_batch"):
        factories.CaseHandoverFactory(case=case, to_counsellor=eva, batch=plan.batch)


@pytest.mark.parametrize(
    "columns",
    [
        {"note": "anders"},
        {"effective_on": dt.date(2026, 1, 2)},
        {"batch": uuid.UUID(int=1)},
        {"planned_at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC)},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_the_web_role_may_not_rewrite_a_plan(plan, columns):
    with denied():
        change(plan, **columns)


def test_what_was_planned_stays(plan, case, superuser_sql):
    """The owner of the tables meets the trigger where the web role has no right at all."""
    with denied():
        sql("DELETE FROM casework_casehandover")
    with refused("handover_stays"):
        change(plan, seen_at=NOW(), seen_by=plan.to_counsellor.user)


def test_what_was_accepted_carried_out_withdrawn_or_read_stays(plan, kim, eva):
    change(plan, accepted_at=NOW(), accepted_by=kim)
    with refused("handover_stays"):
        change(plan, accepted_at=None, accepted_by=None)
    pass_on(plan, seen_at=NOW(), seen_by=eva)
    with refused("handover_stays"):
        change(plan, carried_out_at=NOW())
    with refused("handover_stays"):
        change(plan, seen_at=NOW() + dt.timedelta(seconds=1))


def test_what_was_withdrawn_stays(plan, kim):
    change(plan, withdrawn_at=NOW(), withdrawn_by=kim)
    with refused("handover_stays"):
        change(plan, withdrawn_at=None, withdrawn_by=None)


def test_not_before_its_day(case, eva):
    plan = factories.CaseHandoverFactory(case=case, to_counsellor=eva)
    with refused("handover_not_before_its_day"):
        pass_on(plan)


def test_across_organisations_it_is_accepted_first(case, nora, kim):
    plan = factories.CaseHandoverFactory(case=case, to_counsellor=nora, effective_on=timezone.localdate())
    with refused("handover_across_is_accepted"):
        pass_on(plan)


def test_moments_have_their_persons(plan, kim, eva):
    with refused("handover_acceptance_paired"):
        change(plan, accepted_at=NOW())
    with refused("handover_withdrawal_paired"):
        change(plan, withdrawn_at=NOW())
    with refused("handover_made_an_assignment"):
        change(plan, carried_out_at=NOW())
    pass_on(plan)
    with refused("handover_look_paired"):
        change(plan, seen_at=NOW())


def test_it_ends_in_one_way(plan, kim):
    pass_on(plan)
    with refused("handover_ends_in_one_way"):
        change(plan, withdrawn_at=NOW(), withdrawn_by=kim)


def test_the_new_responsibility_is_one_of_the_same_case(plan):
    other = factories.CaseFactory()
    foreign = CaseAssignment.objects.get(case=other)
    with refused("casehandover_assignment_of_same_case"):
        change(plan, carried_out_at=NOW(), assignment=foreign)


def test_an_ended_case_has_no_plan(plan, case):
    with refused("closed_case_has_no_planned_handover"):
        factories.CaseClosureFactory(case=case)


def test_an_account_with_plans_stays_active(plan, eva, kim):
    with refused("user_with_handovers_stays_active"):
        User.objects.filter(pk=eva.pk).update(is_active=False)
    change(plan, withdrawn_at=NOW(), withdrawn_by=kim)
    with accepted():
        User.objects.filter(pk=eva.pk).update(is_active=False)


@pytest.mark.parametrize("kind", [GrantKind.READ, GrantKind.RECORD])
def test_only_the_former_ifk_reads_longer_than_a_day(case, eva, kind):
    during = DateTimeTZRange(NOW(), NOW() + dt.timedelta(days=30))
    with refused("grant_ends_the_same_day"):
        AccessGrant.objects.create(user=eva, case=case, kind=kind, reason="Anlass", during=during)
    with accepted():
        AccessGrant.objects.create(user=eva, case=case, kind=GrantKind.FORMER, reason="Anlass", during=during)


def test_one_time_of_reading_at_a_time(case, eva):
    def read():
        during = DateTimeTZRange(NOW(), NOW() + dt.timedelta(days=30))
        AccessGrant.objects.create(user=eva, case=case, kind=GrantKind.FORMER, reason="Anlass", during=during)

    read()
    with refused("one_grant_at_a_time"):
        read()

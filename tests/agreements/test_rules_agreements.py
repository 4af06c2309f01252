"""An agreement is complete, alone current, reviewed ahead, and once concluded it stays as it is (R4.3-1)."""

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from agreements.enums import Outcome, StepOwner
from agreements.models import Agreement, AgreementHandout, AgreementResource, AgreementStep, StepOutcome
from casework.models import FollowUp
from casework.models.base import reserve_id
from tests import factories
from tests.factories import AgreementFactory, ContactFactory, ResourceFactory, first_step, supersede
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.django_db

BLANK = ["", "   ", "\n\t"]


@pytest.fixture
def agreement(case):
    return AgreementFactory(case=case, steps=("ruft an", {"text": "klärt", "owner": StepOwner.JOBCENTER}))


@pytest.fixture
def step(agreement):
    return first_step(agreement)


@pytest.fixture
def ended_resource(case):
    resource, told = ResourceFactory(case=case), ContactFactory(case=case)
    type(resource).objects.filter(pk=resource.pk).update(ended_at=told.recorded_at, ended_by=told.author, ended_in=told)
    return resource


# --- one current version -----------------------------------------------------------------------------------


def test_a_second_current_agreement_is_refused(agreement):
    with refused("one_current_agreement_per_case"):
        AgreementFactory(case=agreement.case)


def test_a_second_current_agreement_is_refused_in_bulk_and_by_raw_sql(agreement):
    other = ContactFactory(case=agreement.case)
    row = Agreement.objects.get(pk=agreement.pk)
    row.pk, row.contact, row.number, row.review_follow_up = None, other, 2, other.follow_up

    with refused("one_current_agreement_per_case"):
        Agreement.objects.bulk_create([row])
    with refused("one_current_agreement_per_case"):
        sql(
            "INSERT INTO agreements_agreement (case_id, contact_id, number, goal, employment_link, rhythm,"
            " review_follow_up_id, step_count, resource_count, by_id)"
            " SELECT case_id, %s, 2, goal, employment_link, rhythm, %s, 1, 0, by_id FROM agreements_agreement",
            [other.pk, other.follow_up_id],
        )


def test_a_next_version_takes_the_place_of_the_one_before(agreement):
    with accepted():
        third = AgreementFactory(supersedes=AgreementFactory(supersedes=agreement))

    assert third.number == 3
    assert Agreement.objects.get(case=agreement.case, superseded_at=None) == third


def test_no_case_is_left_without_a_current_agreement(agreement):
    with refused("last_agreement_is_current"):
        supersede(agreement, agreement.pk, timezone.now())


def test_a_version_is_not_superseded_by_an_earlier_one(agreement):
    second = AgreementFactory(supersedes=agreement)

    with refused("last_agreement_is_current"):
        supersede(second, agreement.pk, timezone.now())
        AgreementFactory(case=agreement.case)


def test_a_next_version_has_a_higher_number(case):
    fifth = AgreementFactory(case=case, number=5)

    with refused("last_agreement_is_current"):
        AgreementFactory(supersedes=fifth, number=4)


def test_versions_count_from_one_and_have_a_number_of_their_own(agreement):
    with refused("agreement_number_once"):
        AgreementFactory(supersedes=agreement, number=1)
    with refused("agreement_number_counts_from_one"):
        AgreementFactory(number=0)


def test_a_conversation_brings_one_agreement(agreement):
    with refused("one_agreement_per_conversation"):
        AgreementFactory(contact=agreement.contact, supersedes=agreement)


def test_a_version_is_superseded_once(agreement):
    second = AgreementFactory(supersedes=agreement)
    rows = Agreement.objects.filter(pk=agreement.pk)

    for changed in (
        {"superseded_at": timezone.now()},
        {"superseded_by": reserve_id(Agreement)},
        {"superseded_at": None, "superseded_by": None},
        {"superseded_at": None, "superseded_by": second},
    ):
        with refused("agreement_is_superseded_once"):
            rows.update(**changed)


def test_the_end_of_a_version_names_moment_and_successor(agreement):
    rows = Agreement.objects.filter(pk=agreement.pk)

    with refused("agreement_end_is_paired"):
        rows.update(superseded_at=timezone.now())
    with refused("agreement_end_is_paired"):
        rows.update(superseded_by=reserve_id(Agreement))


def test_a_version_ends_neither_before_it_began_nor_in_the_future(agreement):
    with refused("agreement_superseded_after_it_began"):
        supersede(agreement, reserve_id(Agreement), agreement.at - dt.timedelta(seconds=1))
    with refused("what_was_agreed_is_recorded_now"):
        supersede(agreement, reserve_id(Agreement), timezone.now() + dt.timedelta(hours=1))
    with refused("what_was_agreed_is_recorded_now"):
        AgreementFactory(superseded_at=timezone.now() + dt.timedelta(hours=1), superseded_by_id=agreement.pk)


# --- complete and in own words -----------------------------------------------------------------------------


def test_no_step_is_added_to_a_concluded_agreement(agreement):
    with refused("agreement_is_complete"):
        factories.AgreementStepFactory(agreement=agreement, position=3)
    with refused("agreement_is_complete"):
        sql(
            "INSERT INTO agreements_agreementstep (case_id, agreement_id, position, owner, owner_name, text)"
            " VALUES (%s, %s, 3, 'client', '', 'noch etwas')",
            [agreement.case_id, agreement.pk],
        )
    row = AgreementStep(case=agreement.case, agreement=agreement, position=3, owner="client", text="noch etwas")
    with refused("agreement_is_complete"):
        AgreementStep.objects.bulk_create([row])


def test_no_resource_is_added_to_a_concluded_agreement(agreement):
    resource = ResourceFactory(case=agreement.case)

    with refused("agreement_is_complete"):
        factories.AgreementResourceFactory(agreement=agreement, resource=resource)
    row = AgreementResource(case=agreement.case, agreement=agreement, resource=resource)
    with refused("agreement_is_complete"):
        AgreementResource.objects.bulk_create([row])


@pytest.mark.parametrize("counts", [{"step_count": 2}, {"resource_count": 1}])
def test_an_agreement_has_as_many_steps_and_resources_as_it_says(case, counts):
    with refused("agreement_is_complete"):
        AgreementFactory(case=case, **counts)


def test_a_concluded_agreement_does_not_count_anew(agreement):
    with denied():
        Agreement.objects.filter(pk=agreement.pk).update(step_count=F("step_count") + 1)


def test_an_agreement_has_a_step(case):
    with refused("agreement_has_a_step"):
        AgreementFactory(case=case, steps=())


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(
    ("column", "rule"),
    [("goal", "agreement_goal_not_blank"), ("employment_link", "agreement_employment_link_not_blank")],
)
def test_goal_and_link_to_employment_are_in_words(case, column, rule, blank):
    with refused(rule):
        AgreementFactory(case=case, **{column: blank})


@pytest.mark.parametrize("blank", BLANK)
def test_a_step_says_what_is_done(case, blank):
    with refused("agreement_step_not_blank"):
        AgreementFactory(case=case, steps=(blank,))


@pytest.mark.parametrize(("owner", "name"), [("other", ""), ("other", " \t"), ("client", "Ayşe"), ("jobcenter", "x")])
def test_a_step_names_whoever_else_does_it_and_nobody_otherwise(case, owner, name):
    with refused("step_names_whoever_else_does_it"):
        AgreementFactory(case=case, steps=({"text": "hilft", "owner": owner, "owner_name": name},))


def test_a_step_of_the_person_the_jobcenter_and_somebody_else_is_accepted(case):
    with accepted():
        AgreementFactory(
            case=case, steps=("ruft an", {"owner": "jobcenter"}, {"owner": "other", "owner_name": "Onkel"})
        )


def test_a_step_belongs_to_one_of_three(case):
    with refused("step_owner_known"):
        AgreementFactory(case=case, steps=({"owner": "team"},))


def test_steps_have_places_and_real_days(agreement):
    insert = (
        "INSERT INTO agreements_agreementstep (case_id, agreement_id, position, owner, owner_name, text, due_on)"
        " VALUES (%s, %s, %s, 'client', '', 'ruft an', %s)"
    )

    with refused("agreement_step_in_its_place"):
        sql(insert, [agreement.case_id, agreement.pk, 1, None])
    with refused("step_day_is_finite"):
        sql(insert, [agreement.case_id, agreement.pk, 3, "infinity"])


# --- what it draws on --------------------------------------------------------------------------------------


def test_an_agreement_does_not_draw_on_what_is_no_longer_true(case, ended_resource):
    now = timezone.now()

    with refused("agreement_draws_on_standing_resource"):
        AgreementFactory(case=case, at=now, resources=(ended_resource,))


def test_what_it_draws_on_is_asked_at_the_end_of_the_transaction(case):
    """The resource that ends in the conversation of the agreement, after the agreement was written."""
    resource, contact = ResourceFactory(case=case), ContactFactory(case=case)

    with refused("agreement_draws_on_standing_resource"):
        AgreementFactory(contact=contact, resources=(resource,))
        type(resource).objects.filter(pk=resource.pk).update(
            ended_at=contact.recorded_at, ended_by=contact.author, ended_in=contact
        )


def test_what_an_agreement_drew_on_may_fade_out_later(case):
    resource = ResourceFactory(case=case)
    AgreementFactory(case=case, resources=(resource,))
    told = ContactFactory(case=case)

    with accepted():
        type(resource).objects.filter(pk=resource.pk).update(
            ended_at=timezone.now(), ended_by=told.author, ended_in=told
        )


def test_a_resource_is_used_once_in_an_agreement(case):
    resource = ResourceFactory(case=case)

    with refused("resource_used_once_in_agreement"):
        AgreementFactory(case=case, resources=(resource, resource))


# --- the review --------------------------------------------------------------------------------------------


def test_the_review_has_not_ended_before(case):
    ended = factories.FollowUpFactory(case=case, done=True)

    with refused("review_of_agreement_is_ahead"):
        AgreementFactory(case=case, at=timezone.now(), review_follow_up=ended)


def test_the_review_is_not_the_step_that_the_conversation_ended(case):
    step, contact = factories.FollowUpFactory(case=case), ContactFactory(case=case)
    FollowUp.objects.filter(pk=step.pk).update(
        ended_at=timezone.now(), ended_by=contact.author, ended_by_contact=contact, version=2
    )

    with refused("review_of_agreement_is_ahead"):
        AgreementFactory(contact=contact, review_follow_up=step)


def test_the_review_is_not_ended_by_its_own_conversation_afterwards(case):
    step, contact = factories.FollowUpFactory(case=case), ContactFactory(case=case)

    with refused("review_of_agreement_is_ahead"):
        AgreementFactory(contact=contact, review_follow_up=step)
        FollowUp.objects.filter(pk=step.pk).update(
            ended_at=timezone.now(), ended_by=contact.author, ended_by_contact=contact, version=2
        )


def test_the_end_of_a_review_is_not_dated_back_to_before_its_agreement(case):
    step = factories.FollowUpFactory(case=case)
    agreement = AgreementFactory(case=case, review_follow_up=step)
    end = {"ended_by": agreement.by, "successor": agreement.contact.follow_up, "version": 2}
    rows = FollowUp.objects.filter(pk=step.pk)

    for back in (dt.timedelta(), dt.timedelta(seconds=1)):
        with refused("review_of_agreement_is_ahead"):
            rows.update(ended_at=agreement.at - back, **end)
    with accepted():
        rows.update(ended_at=timezone.now(), **end)


# --- what becomes of its steps -----------------------------------------------------------------------------


@pytest.mark.parametrize("blank", BLANK)
def test_what_came_differently_is_told_in_own_words(step, blank):
    with refused("different_outcome_in_own_words"):
        factories.StepOutcomeFactory(step=step, outcome=Outcome.DIFFERENT, text=blank)
    with accepted():
        factories.StepOutcomeFactory(step=step, outcome=Outcome.DONE, text=blank)


def test_an_outcome_is_one_of_three(step):
    with refused("step_outcome_known"):
        factories.StepOutcomeFactory(step=step, outcome="failed")
    with refused("step_outcome_known"):
        StepOutcome.objects.bulk_create([StepOutcome(case=step.case, step=step, outcome="", by=step.agreement.by)])


def test_the_same_step_may_have_several_outcomes(step):
    with accepted():
        factories.StepOutcomeFactory(step=step, outcome=Outcome.OBSOLETE)
        factories.StepOutcomeFactory(step=step, outcome=Outcome.DONE)


def test_a_wiedervorlage_reminds_of_one_step(agreement, step):
    reminder = factories.StepReminderFactory(step=step)
    second = AgreementStep.objects.get(agreement=agreement, position=2)

    with refused("reminder_of_one_step"):
        factories.StepReminderFactory(step=second, follow_up=reminder.follow_up)


# --- on paper ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [["signature"], ["steps", "duties"], ["goal"], [""]])
def test_a_sheet_holds_known_parts_only(agreement, parts):
    with refused("handout_parts_known"):
        factories.AgreementHandoutFactory(agreement=agreement, parts=parts)


def test_a_sheet_may_hold_the_goal_alone_or_everything(agreement):
    with accepted():
        AgreementHandout.objects.bulk_create(
            AgreementHandout(case=agreement.case, agreement=agreement, by=agreement.by, parts=parts)
            for parts in ([], ["will", "resources", "steps"])
        )


# --- recorded now ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factory", [factories.StepOutcomeFactory, factories.AgreementHandoutFactory, AgreementFactory])
def test_nothing_is_recorded_ahead_of_its_time(factory):
    with refused("what_was_agreed_is_recorded_now"):
        factory(at=timezone.now() + dt.timedelta(hours=1))


def test_a_recorded_moment_is_a_real_one(step):
    for moment in ("infinity", "-infinity"):
        with refused("what_was_agreed_is_recorded_now"):
            sql(
                "INSERT INTO agreements_stepoutcome (case_id, step_id, outcome, text, at, by_id)"
                " VALUES (%s, %s, 'done', '', %s, %s)",
                [step.case_id, step.pk, moment, step.agreement.by_id],
            )

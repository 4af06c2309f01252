"""Rows of what was agreed belong to one case; of what was taken out of the file nothing more is told (design.md 4)."""

from importlib import import_module

import pytest
from django.utils import timezone

from agreements.models import Agreement, AgreementStep, Resource, StepOutcome
from tests import factories
from tests.factories import AgreementFactory, ContactFactory, ResourceFactory, first_step, supersede
from tests.rules import refused

# --- rows of one case --------------------------------------------------------------------------------------

KEYS = import_module("agreements.migrations.0002_composite_keys").KEYS


class Strange:
    """What another case has."""

    def __init__(self):
        self.agreement = AgreementFactory(number=9)
        self.step = first_step(self.agreement)
        self.contact = self.agreement.contact
        self.follow_up = self.contact.follow_up
        self.resource = ResourceFactory(case=self.agreement.case)


def ended_in(case, contact):
    resource = ResourceFactory(case=case)
    rows = Resource.objects.filter(pk=resource.pk)
    rows.update(ended_at=timezone.now(), ended_by=contact.author, ended_in=contact)


def superseded_by(case, agreement):
    earlier = AgreementFactory(case=case)
    supersede(earlier, agreement.pk, timezone.now())
    AgreementFactory(case=case)


def resource_of(case, agreement):
    own = AgreementFactory(case=case)
    factories.AgreementResourceFactory(case=case, agreement=agreement, resource=ResourceFactory(contact=own.contact))


def reminder(case, **strange):
    step = first_step(AgreementFactory(case=case))
    own = {"step": step, "contact": step.agreement.contact, "follow_up": step.agreement.contact.follow_up}
    factories.StepReminderFactory(case=case, **{**own, **strange})


ACROSS = {
    "willstatement_contact": lambda case, other: factories.WillStatementFactory(case=case, contact=other.contact),
    "resource_contact": lambda case, other: ResourceFactory(case=case, contact=other.contact),
    "resource_ended_in": lambda case, other: ended_in(case, other.contact),
    "resourcereview_contact": lambda case, other: factories.ResourceReviewFactory(case=case, contact=other.contact),
    "agreement_contact": lambda case, other: AgreementFactory(
        case=case, contact=ContactFactory(case=other.agreement.case), review_follow_up=case.follow_ups.get()
    ),
    "agreement_review_follow_up": lambda case, other: AgreementFactory(case=case, review_follow_up=other.follow_up),
    "agreement_superseded_by": lambda case, other: superseded_by(case, other.agreement),
    "agreementstep_agreement": lambda case, other: AgreementFactory(
        case=other.agreement.case, supersedes=other.agreement, steps=({"case": case},)
    ),
    "agreementresource_agreement": lambda case, other: resource_of(case, other.agreement),
    "agreementresource_resource": lambda case, other: AgreementFactory(case=case, resources=(other.resource,)),
    "stepreminder_step": lambda case, other: reminder(case, step=other.step),
    "stepreminder_follow_up": lambda case, other: reminder(case, follow_up=other.follow_up),
    "stepreminder_contact": lambda case, other: reminder(case, contact=other.contact),
    "stepoutcome_step": lambda case, other: factories.StepOutcomeFactory(case=case, step=other.step),
    "stepoutcome_contact": lambda case, other: factories.StepOutcomeFactory(
        step=first_step(AgreementFactory(case=case)), contact=other.contact
    ),
    "agreementhandout_agreement": lambda case, other: factories.AgreementHandoutFactory(
        case=case, agreement=other.agreement
    ),
}


def test_every_key_between_rows_of_a_case_is_tried():
    assert set(ACROSS) == {
        f"{table.removeprefix('agreements_')}_{column.removesuffix('_id')}" for table, column, _ in KEYS
    }


@pytest.mark.django_db
@pytest.mark.parametrize("key", ACROSS)
def test_no_row_names_a_row_of_another_case(case, key):
    strange = Strange()

    with refused(f"{key}_of_same_case"):
        ACROSS[key](case, strange)


# --- what was taken out of the file ------------------------------------------------------------------------


@pytest.fixture
def withdrawn(case):
    agreement = AgreementFactory(case=case, steps=({"owner": "other", "owner_name": "der Onkel"},))
    factories.withdraw(agreement.contact)
    agreement.refresh_from_db()
    return agreement


@pytest.mark.django_db
def test_what_was_withdrawn_stays_withdrawn(withdrawn):
    for changed in (
        {"withdrawn_at": None, "withdrawn_by": None},
        {"goal": "Doch"},
        {"superseded_at": timezone.now(), "superseded_by": withdrawn.pk},
    ):
        with refused("agreement_is_final"):
            Agreement.objects.filter(pk=withdrawn.pk).update(**changed)
    with refused("agreement_is_final"):
        AgreementStep.objects.filter(agreement=withdrawn).update(text="Doch", owner_name="")


@pytest.mark.django_db
def test_no_outcome_is_told_of_an_agreement_that_was_withdrawn(withdrawn):
    step = first_step(withdrawn)

    with refused("outcome_of_standing_agreement"):
        factories.StepOutcomeFactory(step=step)
    with refused("outcome_of_standing_agreement"):
        StepOutcome.objects.bulk_create([StepOutcome(case=step.case, step=step, outcome="done", by=withdrawn.by)])


@pytest.mark.django_db
def test_the_version_before_is_not_current_again_while_the_other_one_stands(case):
    first = AgreementFactory(case=case)
    AgreementFactory(supersedes=first)

    with refused("agreement_is_superseded_once"):
        Agreement.objects.filter(pk=first.pk).update(superseded_at=None, superseded_by=None)

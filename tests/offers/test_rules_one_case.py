"""Rows of choices and groups belong to one case (design.md 4)."""

from importlib import import_module

import pytest

from tests import factories
from tests.factories import (
    AgreementFactory,
    ContactFactory,
    IntentVersionFactory,
    OfferChoiceFactory,
    ParticipationFactory,
    ParticipationOutcomeFactory,
    ResourceReviewFactory,
    chosen_offer,
)
from tests.rules import refused

pytestmark = pytest.mark.django_db

KEYS = import_module("offers.migrations.0002_composite_keys").KEYS


class Strange:
    """What another case has."""

    def __init__(self):
        self.choice = chosen_offer()
        self.contact = ContactFactory(case=self.choice.case)
        self.member = factories.GroupMemberFactory()


def member(case, strange):
    other = factories.GroupMemberFactory()
    factories.GroupMemberFactory(case=case, group=other.group, choice=other.choice)


def attendance(case, **more):
    own = factories.GroupMemberFactory(choice__case=case)
    date = factories.GroupDateFactory(group=own.group, recorded=True)
    columns = {"member": own, "group_date": date, "contact": ContactFactory(case=case), "case": case}
    factories.AttendanceFactory(**{**columns, **more})


ACROSS = {
    "offerchoice_contact": lambda case, other: OfferChoiceFactory(
        case=case,
        contact=other.contact,
        review=ResourceReviewFactory(case=case),
        agreement=AgreementFactory(case=case),
        intent__contact=None,
    ),
    "offerchoice_agreement": lambda case, other: OfferChoiceFactory(case=case, agreement=other.choice.agreement),
    "offerchoice_review": lambda case, other: OfferChoiceFactory(case=case, review=other.choice.review),
    "intentversion_choice": lambda case, other: IntentVersionFactory(case=case, choice=other.choice, contact=None),
    "intentversion_contact": lambda case, other: IntentVersionFactory(
        choice=chosen_offer(case=case), contact=other.contact
    ),
    "participation_choice": lambda case, other: ParticipationFactory(case=case, choice=other.choice),
    "participationoutcome_choice": lambda case, other: ParticipationOutcomeFactory(
        case=case, choice=other.choice, contact=ContactFactory(case=case)
    ),
    "participationoutcome_contact": lambda case, other: ParticipationOutcomeFactory(
        choice=chosen_offer(case=case), contact=other.contact
    ),
    "groupmember_choice": lambda case, other: member(case, other),
    "attendance_member": lambda case, other: attendance(
        case,
        member=other.member,
        group_date=factories.GroupDateFactory(group=other.member.group, recorded=True),
    ),
    "attendance_contact": lambda case, other: attendance(case, contact=other.contact),
}


def test_every_key_between_rows_of_a_case_is_tried():
    assert set(ACROSS) == {f"{table.removeprefix('offers_')}_{column.removesuffix('_id')}" for table, column, _ in KEYS}


@pytest.mark.parametrize("key", ACROSS)
def test_no_row_names_a_row_of_another_case(case, key):
    strange = Strange()

    with refused(f"{key}_of_same_case"):
        ACROSS[key](case, strange)

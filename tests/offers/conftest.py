"""What tests of offers share."""

import pytest

from casework.models import Case, User
from offers.models import Offer, OfferChoice
from tests.factories import CaseFactory, chosen_offer, published_offer
from tests.screens.conftest import owner_events  # noqa: F401  (a fixture, lent)


@pytest.fixture
def case(kim: User) -> Case:
    """Kim's open case with one next step."""
    return CaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")


@pytest.fixture
def offer(paula: User) -> Offer:
    """Published and valid; described by Paula, reviewed by somebody else."""
    return published_offer(name="Holzwerkstatt am Weidenblick", created_by=paula)


@pytest.fixture
def choice(case: Case, offer: Offer) -> OfferChoice:
    """Kim's person has chosen the offer."""
    return chosen_offer(case=case, offer=offer)

"""What tests of what was agreed share."""

import pytest

from casework.models import Case, User
from tests.factories import CaseFactory
from tests.screens.conftest import owner_events  # noqa: F401  (a fixture, lent)


@pytest.fixture
def case(kim: User) -> Case:
    """Kim's open case with one next step."""
    return CaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")

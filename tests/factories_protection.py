"""Restricted cases with their lists, and emergencies."""

import factory

from casework import models
from casework.enums import EmergencyReason, ProtectionReason
from tests.factories import CaseFactory, RecordFactory, UserFactory


class ProtectionFactory(RecordFactory):
    """The record of a protection; the case itself is restricted by `is_restricted`."""

    class Meta:
        model = models.Protection

    case = factory.SubFactory(CaseFactory)
    reason = ProtectionReason.RELATIVE
    by = factory.SubFactory(UserFactory)


class ProtectedReaderFactory(RecordFactory):
    """A colleague on the list of a case."""

    class Meta:
        model = models.ProtectedReader

    case = factory.SubFactory(CaseFactory)
    user = factory.SubFactory(UserFactory)
    by = factory.SubFactory(UserFactory)


class EmergencyAccessFactory(RecordFactory):
    """Asked for by a colleague, and not granted yet."""

    class Meta:
        model = models.EmergencyAccess

    user = factory.SubFactory(UserFactory)
    case = factory.SubFactory(CaseFactory)
    reason_class = EmergencyReason.PERSON_HERE
    reason = "Steht am Tresen und braucht heute eine Bescheinigung."

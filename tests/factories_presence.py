"""Working days of the week and standing substitutes."""

import datetime as dt

import factory
from django.utils import timezone

from casework import models
from tests.factories import OrganisationFactory, RecordFactory, UserFactory


class WorkPatternFactory(RecordFactory):
    """Monday to Wednesday, for a month already."""

    class Meta:
        model = models.WorkPattern

    user = factory.SubFactory(UserFactory)
    since = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=30))
    weekdays = 1 + 2 + 4
    entered_by = factory.SelfAttribute("user")


class StandingSubstituteFactory(RecordFactory):
    class Meta:
        model = models.StandingSubstitute

    user = factory.SubFactory(UserFactory)
    substitute = factory.SubFactory(UserFactory)
    entered_by = factory.SelfAttribute("user")


class ReminderLadderFactory(RecordFactory):
    """The defaults: told on the next working day, the lead after five."""

    class Meta:
        model = models.ReminderLadder

    organisation = factory.SubFactory(OrganisationFactory)

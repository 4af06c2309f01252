"""Handovers, intakes, letters, calendar addresses and take-overs in the smallest valid form.

Tests take these from `tests.factories`.
"""

import hashlib
import uuid
from typing import Any

import factory
from django.utils import timezone

from casework import models
from casework.enums import ImportKind, LetterKind, LineOutcome
from tests.factories import (
    CaseFactory,
    ClientFactory,
    CounsellorFactory,
    OrganisationFactory,
    RecordFactory,
    UserFactory,
    ahead,
    counsellor_of,
)


class CaseHandoverFactory(RecordFactory):
    """A plan: the case of its responsible IFK passes to somebody else of the same team in a week.

    `to_counsellor`: an account or its function.
    """

    class Meta:
        model = models.CaseHandover

    case = factory.SubFactory(CaseFactory)
    from_counsellor = factory.LazyAttribute(
        lambda plan: models.Counsellor.objects.get(assignments__case=plan.case, assignments__during__upper_inf=True)
    )
    to_counsellor = factory.SubFactory(
        CounsellorFactory, user__team=factory.SelfAttribute("...from_counsellor.user.team")
    )
    effective_on = factory.LazyFunction(ahead)
    note = "Mag Anrufe am Vormittag."
    batch = factory.LazyFunction(uuid.uuid4)
    planned_by = factory.LazyAttribute(lambda plan: counsellor_of(plan.from_counsellor).user)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> models.CaseHandover:
        for name in ("from_counsellor", "to_counsellor"):
            fields[name] = counsellor_of(fields[name])
        return super()._create(model_class, *args, **fields)


class IntakeFactory(RecordFactory):
    """A person who has arrived today and waits; nobody is responsible, there is no case."""

    class Meta:
        model = models.Intake

    client = factory.SubFactory(ClientFactory)
    organisation = factory.SelfAttribute("client.organisation")
    arrived_on = factory.LazyFunction(timezone.localdate)
    entered_by = factory.SelfAttribute("client.created_by")


class LetterFactory(RecordFactory):
    """A letter with the new name, not yet sent. The trait `appointment` confirms the case's next step."""

    class Meta:
        model = models.Letter

    class Params:
        appointment = factory.Trait(
            kind=LetterKind.APPOINTMENT,
            follow_up=factory.SubFactory(
                "tests.factories.FollowUpFactory", case=factory.SelfAttribute("..case"), appointment=True
            ),
        )

    case = factory.SubFactory(CaseFactory)
    kind = LetterKind.NEW_COUNSELLOR
    pdf = b"%PDF-1.7 synthetic"
    created_by = factory.SelfAttribute("case.opened_by")


class CalendarFeedFactory(RecordFactory):
    """An address in force; `token` is what stands in it."""

    class Meta:
        model = models.CalendarFeed

    class Params:
        token = factory.LazyFunction(lambda: uuid.uuid4().hex)

    user = factory.SubFactory(UserFactory)
    token_hash = factory.LazyAttribute(lambda feed: hashlib.sha256(feed.token.encode()).hexdigest())


class LastVisitFactory(RecordFactory):
    class Meta:
        model = models.LastVisit

    user = factory.SubFactory(UserFactory)
    seen_at = factory.LazyFunction(timezone.now)


class ImportRunFactory(RecordFactory):
    """A file that is being checked."""

    class Meta:
        model = models.ImportRun

    organisation = factory.SubFactory(OrganisationFactory)
    kind = ImportKind.PEOPLE
    content = b"Nr;Name\n1;Beispiel\n"
    digest = factory.LazyAttribute(lambda run: hashlib.sha256(run.content or b"").hexdigest())
    created_by = factory.SubFactory(
        UserFactory,
        organisation=factory.SelfAttribute("..organisation"),
        team__organisation=factory.SelfAttribute("..organisation"),
    )


class ImportLineFactory(RecordFactory):
    class Meta:
        model = models.ImportLine

    run = factory.SubFactory(ImportRunFactory)
    number = factory.Sequence(lambda number: number + 1)
    outcome = LineOutcome.NEW

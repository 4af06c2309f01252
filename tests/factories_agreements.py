"""What was agreed, in the smallest valid form. Tests take these from `tests.factories`."""

import datetime as dt
from typing import Any

import factory
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils import timezone

from agreements import models
from agreements.enums import Outcome, StepOwner
from casework.models.base import reserve_id
from tests.factories import CaseFactory, ContactFactory, FollowUpFactory, RecordFactory, UserFactory

__all__ = [
    "AgreementFactory",
    "AgreementHandoutFactory",
    "AgreementResourceFactory",
    "AgreementStepFactory",
    "LegalRegimeFactory",
    "ResourceFactory",
    "ResourceFieldFactory",
    "ResourceReviewFactory",
    "SheetWordingFactory",
    "SocialPlaceFactory",
    "SocialSpaceFactory",
    "StepOutcomeFactory",
    "StepReminderFactory",
    "WillStatementFactory",
    "first_step",
    "parts_taken_back",
    "supersede",
    "withdraw",
]

# --- reference data and the Sozialraum ---------------------------------------------------------------------


class ResourceFieldFactory(RecordFactory):
    class Meta:
        model = models.ResourceField

    text = factory.Sequence("Feld {}".format)


class SocialSpaceFactory(RecordFactory):
    class Meta:
        model = models.SocialSpace

    name = factory.Sequence("Gegend {}".format)


class SocialPlaceFactory(RecordFactory):
    class Meta:
        model = models.SocialPlace

    space = factory.SubFactory(SocialSpaceFactory)
    name = factory.Sequence("Repair-Café {}".format)
    added_by = factory.SubFactory(UserFactory)
    confirmed_by = factory.SelfAttribute("added_by")


class LegalRegimeFactory(RecordFactory):
    """A month of long ago: since 2005 every day has its regime already."""

    class Meta:
        model = models.LegalRegime

    during = factory.Sequence(lambda n: DateRange(dt.date(1900 + n // 12, n % 12 + 1, 1), _next_month(n)))
    benefit_name = "Fürsorge"
    plan_name = "Hilfeplan"


def _next_month(n: int) -> dt.date:
    return dt.date(1900 + (n + 1) // 12, (n + 1) % 12 + 1, 1)


class SheetWordingFactory(RecordFactory):
    class Meta:
        model = models.SheetWording

    language = factory.Sequence("x-probe{}".format)
    name = "Probesprache"
    title = "Unsere Vereinbarung"
    will = resources = goal = employment_link = mine = jobcenter = rhythm = next_date = "Überschrift"
    contact = rights = "Überschrift"
    other = "Das macht {name}"
    until = review = "bis {day}"
    page = "{number} von {total}"


# --- what a conversation brings ----------------------------------------------------------------------------


class BroughtFactory(RecordFactory):
    """What a conversation brought. `case=…` makes a conversation of its own, `contact=…` names the one."""

    class Meta:
        abstract = True

    case = factory.SubFactory(CaseFactory, step=None)
    contact = factory.SubFactory(ContactFactory, case=factory.SelfAttribute("..case"))
    at = factory.SelfAttribute("contact.recorded_at")
    by = factory.SelfAttribute("contact.author")

    @classmethod
    def _generate(cls, strategy: Any, params: Any) -> Any:
        if params.get("contact"):
            params = {"case": params["contact"].case, **params}
        return super()._generate(strategy, params)


class WillStatementFactory(BroughtFactory):
    class Meta:
        model = models.WillStatement

    text = "Ich will mit Holz arbeiten."
    own_activity = "Baut mit dem Onkel ein Regal."


class ResourceFactory(BroughtFactory):
    class Meta:
        model = models.Resource

    text = "Ein Onkel mit einer Werkstatt"


class ResourceReviewFactory(BroughtFactory):
    class Meta:
        model = models.ResourceReview


class AgreementFactory(BroughtFactory):
    """A concluded version with its conversation, whose next step is the review.

    `steps`: texts, or columns of a step; `resources`: what it draws on; `supersedes=earlier`: the next version.
    `step_count` and `resource_count` follow, unless a test says what is not so.
    """

    class Meta:
        model = models.Agreement

    id = factory.LazyFunction(lambda: reserve_id(models.Agreement))
    supersedes = None
    steps: Any = ("ruft die Tischlerei an",)
    resources: Any = ()
    number = factory.LazyAttribute(lambda new: _last_number(new.case) + 1)
    goal = "Einen Platz in einer Tischlerei finden."
    employment_link = "Ein Praktikum, aus dem Arbeit werden kann."
    review_follow_up = factory.SelfAttribute("contact.follow_up")
    step_count = factory.LazyAttribute(lambda new: len(new.steps))
    resource_count = factory.LazyAttribute(lambda new: len(new.resources))

    @classmethod
    def _generate(cls, strategy: Any, params: Any) -> Any:
        if params.get("supersedes"):
            params = {"case": params["supersedes"].case, **params}
        return super()._generate(strategy, params)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> models.Agreement:
        earlier, steps, resources = (fields.pop(name) for name in ("supersedes", "steps", "resources"))
        if earlier:
            supersede(earlier, fields["id"], fields["at"])
        agreement = super()._create(model_class, *args, **fields)
        for position, step in enumerate(steps, 1):
            columns = {"text": step} if isinstance(step, str) else step
            AgreementStepFactory(agreement=agreement, position=position, **columns)
        for resource in resources:
            AgreementResourceFactory(agreement=agreement, resource=resource)
        return agreement


def _last_number(case: Any) -> int:
    return models.Agreement.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0


def supersede(earlier: models.Agreement, new_id: int, at: dt.datetime) -> None:
    """Half of a new version; whoever calls it inserts the other half in the same transaction."""
    models.Agreement.objects.filter(pk=earlier.pk).update(superseded_at=at, superseded_by_id=new_id)
    earlier.superseded_at, earlier.superseded_by_id = at, new_id


# --- parts of an agreement, and what becomes of them -------------------------------------------------------


class AgreementStepFactory(RecordFactory):
    """Without an agreement it is the only step of a new one."""

    class Meta:
        model = models.AgreementStep

    class Params:
        by_other = factory.Trait(owner=StepOwner.OTHER, owner_name="der Onkel")

    agreement = factory.SubFactory(AgreementFactory, steps=(), step_count=1)
    case = factory.SelfAttribute("agreement.case")
    position = 1
    owner = StepOwner.CLIENT
    text = "ruft die Tischlerei an"


class AgreementResourceFactory(RecordFactory):
    """Without an agreement it is the only resource of a new one."""

    class Meta:
        model = models.AgreementResource

    agreement = factory.SubFactory(AgreementFactory, resource_count=1)
    case = factory.SelfAttribute("agreement.case")
    resource = factory.SubFactory(
        ResourceFactory, contact=factory.SelfAttribute("..agreement.contact"), case=factory.SelfAttribute("..case")
    )


def first_step(agreement: models.Agreement) -> models.AgreementStep:
    return models.AgreementStep.objects.select_related("agreement").get(agreement=agreement, position=1)


class StepReminderFactory(RecordFactory):
    """A step put before us in the conversation that agreed on it."""

    class Meta:
        model = models.StepReminder

    step = factory.LazyFunction(lambda: first_step(AgreementFactory()))
    case = factory.SelfAttribute("step.case")
    contact = factory.SelfAttribute("step.agreement.contact")
    follow_up = factory.SubFactory(
        FollowUpFactory, case=factory.SelfAttribute("..case"), contact_id=factory.SelfAttribute("..contact.id")
    )


class StepOutcomeFactory(RecordFactory):
    """Told later, outside of a conversation; `contact=…` in one."""

    class Meta:
        model = models.StepOutcome

    step = factory.LazyFunction(lambda: first_step(AgreementFactory()))
    case = factory.SelfAttribute("step.case")
    contact = None
    outcome = Outcome.DONE
    by = factory.SelfAttribute("step.agreement.by")


class AgreementHandoutFactory(RecordFactory):
    class Meta:
        model = models.AgreementHandout

    agreement = factory.SubFactory(AgreementFactory)
    case = factory.SelfAttribute("agreement.case")
    by = factory.SelfAttribute("agreement.by")


# --- "Falsche Akte" ----------------------------------------------------------------------------------------


def parts_taken_back(contact: Any) -> dict[str, Any]:
    """What goes out of the file with a conversation: name -> what does it. The order is one that the rules allow."""
    now = timezone.now()
    brought = models.Agreement.objects.filter(contact=contact)

    def predecessor_is_current_again() -> None:
        for agreement in brought.filter(superseded_at=None):
            before = models.Agreement.objects.filter(case=agreement.case_id, withdrawn_at=None).exclude(pk=agreement.pk)
            last = before.order_by("-number").values("pk")[:1]
            models.Agreement.objects.filter(pk__in=last).update(superseded_at=None, superseded_by=None)

    return {
        "will": lambda: models.WillStatement.objects.filter(contact=contact).update(
            text="", own_activity="", life_idea=""
        ),
        "resources": lambda: models.Resource.objects.filter(contact=contact).update(text=""),
        "ends of resources": lambda: models.Resource.objects.filter(ended_in=contact).update(
            ended_at=None, ended_by=None, ended_in=None
        ),
        "outcomes": lambda: models.StepOutcome.objects.filter(contact=contact).update(text=""),
        "agreement": lambda: brought.update(
            goal="", employment_link="", rhythm="", withdrawn_at=now, withdrawn_by=contact.author
        ),
        "steps": lambda: models.AgreementStep.objects.filter(agreement__contact=contact).update(text="", owner_name=""),
        "predecessor": predecessor_is_current_again,
    }


def withdraw(contact: Any, *, without: str = "") -> None:
    """Take a conversation out of the file, with what it brought; `without`: all but one part of it."""
    with transaction.atomic():
        type(contact).objects.filter(pk=contact.pk).update(
            text="", withdrawn_at=timezone.now(), withdrawn_by=contact.author, withdrawn_reason="Falsche Akte"
        )
        for name, take_back in parts_taken_back(contact).items():
            if name != without:
                take_back()

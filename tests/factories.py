"""The smallest valid things; traits name situations (house style 23). Each is made in one transaction."""

import datetime as dt
import uuid
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from casework import models
from casework.enums import (
    AccessKind,
    ClosingReason,
    ContactKind,
    CounsellorKind,
    DetailKind,
    DetailOrigin,
    DigestKind,
    DigestState,
    DraftForm,
    FollowUpKind,
    GrantKind,
    MissedHow,
    ParticipantRole,
    RoleName,
    SpecialistArea,
)
from casework.models.base import reserve_id
from jobcenter.platform.workdays import is_working_day, next_working_day

PASSWORD = "nur-fuer-tests-2026"


def ahead(days: int = 7) -> dt.date:
    """A working day of the coming days: the first one that lies at least so many days ahead."""
    return next_working_day(timezone.localdate() + dt.timedelta(days=days))


def back(days: int = 7) -> dt.date:
    """A working day in the past: the last one that lies at least so many days back."""
    day = timezone.localdate() - dt.timedelta(days=days)
    while not is_working_day(day):
        day -= dt.timedelta(days=1)
    return day


def at_ten(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)))


def ago(**amount: float) -> dt.datetime:
    """By the clock on the wall: 30 days ago lie 30 local days back, also where the clocks were changed between."""
    return timezone.localtime() - dt.timedelta(**amount)


def earlier_today(**amount: float) -> dt.datetime:
    """So long ago, but today: in the first hours of a day it is the day's beginning."""
    return max(ago(**amount), timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0))


def counsellor_of(person: Any) -> models.Counsellor:
    """Tests say `counsellor=kim`, the account; the case wants the function."""
    return person.counsellor if isinstance(person, models.User) else person


class RecordFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _generate(cls, strategy: Any, params: Any) -> Any:
        # Parts that need each other come into being together: deferred rules are looked at once, at the end.
        with transaction.atomic():
            return super()._generate(strategy, params)


# --- staff -------------------------------------------------------------------------------------------------


class OrganisationFactory(RecordFactory):
    class Meta:
        model = models.Organisation

    name = factory.Sequence("Organisation {}".format)


class TeamFactory(RecordFactory):
    class Meta:
        model = models.Team

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Team {}".format)


class UserFactory(RecordFactory):
    """An account without any role; its password is `PASSWORD`."""

    class Meta:
        model = models.User

    team = factory.SubFactory(TeamFactory)
    organisation = factory.SelfAttribute("team.organisation")
    username = factory.Sequence("person{}".format)
    first_name = "Mika"
    last_name = factory.Sequence("Muster{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


class RoleGrantFactory(RecordFactory):
    class Meta:
        model = models.RoleGrant

    user = factory.SubFactory(UserFactory)
    role = RoleName.COUNSELLOR


class CounsellorFactory(RecordFactory):
    """An IFK with account and role; general unless the trait `specialist` is given."""

    class Meta:
        model = models.Counsellor

    class Params:
        specialist = factory.Trait(kind=CounsellorKind.SPECIALIST, area=SpecialistArea.REHAB)

    user = factory.SubFactory(UserFactory)
    role = factory.RelatedFactory(RoleGrantFactory, user=factory.SelfAttribute("..user"))


# --- people and cases --------------------------------------------------------------------------------------


class ClientFactory(RecordFactory):
    class Meta:
        model = models.Client

    organisation = factory.SelfAttribute("created_by.organisation")
    family_name = factory.Sequence("Beispiel{}".format)
    given_name = "Deniz"
    birth_date = dt.date(1991, 3, 4)
    created_by = factory.SubFactory(UserFactory)


class ClientDetailFactory(RecordFactory):
    class Meta:
        model = models.ClientDetail

    client = factory.SubFactory(ClientFactory)
    kind = DetailKind.PHONE
    text = "0551 0000"
    origin = DetailOrigin.PERSON
    recorded_by = factory.SelfAttribute("client.created_by")


class CaseFactory(RecordFactory):
    """An open case with its responsible IFK and its first next step, a Wiedervorlage.

    `counsellor`: an account or its function. `step=None` leaves the step to the caller, in the same transaction;
    `step__…` goes to the step.
    """

    class Meta:
        model = models.Case

    counsellor = factory.SubFactory(CounsellorFactory)
    organisation = factory.LazyAttribute(lambda case: counsellor_of(case.counsellor).user.organisation)
    opened_by = factory.LazyAttribute(lambda case: counsellor_of(case.counsellor).user)
    client = factory.SubFactory(
        ClientFactory,
        organisation=factory.SelfAttribute("..organisation"),
        created_by=factory.SelfAttribute("..opened_by"),
    )
    opened_at = factory.LazyFunction(lambda: ago(days=30))
    step = factory.RelatedFactory(
        "tests.factories.FollowUpFactory", "case", created_at=factory.SelfAttribute("..opened_at")
    )

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> models.Case:
        counsellor = counsellor_of(fields.pop("counsellor"))
        case = super()._create(model_class, *args, **fields)
        models.CaseAssignment.objects.create(
            case=case, counsellor=counsellor, during=DateTimeTZRange(case.opened_at, None), by=case.opened_by
        )
        return case


class FollowUpFactory(RecordFactory):
    """An open Wiedervorlage in a week. Without a case it is the only step of a new one."""

    class Meta:
        model = models.FollowUp

    class Params:
        appointment = factory.Trait(
            kind=FollowUpKind.APPOINTMENT,
            starts_at=factory.LazyAttribute(lambda step: at_ten(step.due_on)),
            place="Zimmer 12",
        )
        overdue = factory.Trait(
            created_at=factory.LazyFunction(lambda: ago(days=25)), due_on=factory.LazyFunction(lambda: back(10))
        )
        # Ticked off: the successor is a new step.
        done = factory.Trait(
            ended_at=factory.LazyFunction(timezone.now),
            ended_by=factory.SelfAttribute("created_by"),
            outcome="Ist erledigt.",
            successor=factory.SubFactory(
                "tests.factories.FollowUpFactory",
                case=factory.SelfAttribute("..case"),
                created_by=factory.SelfAttribute("..created_by"),
            ),
        )

    case = factory.SubFactory(CaseFactory, step=None)
    kind = FollowUpKind.REMINDER
    due_on = factory.LazyFunction(ahead)
    subject = "Unterlagen gemeinsam durchsehen"
    created_at = factory.LazyFunction(lambda: ago(days=1))
    created_by = factory.SelfAttribute("case.opened_by")


class ContactChannelFactory(RecordFactory):
    class Meta:
        model = models.ContactChannel

    code = factory.Sequence("kanal-{}".format)
    text = factory.Sequence("Kanal {}".format)


def channel(code: str = "in_person") -> models.ContactChannel:
    """A channel of the reference data."""
    return models.ContactChannel.objects.get(code=code)


class ContactFactory(RecordFactory):
    """A conversation with a new Wiedervorlage as its next step; each names the other.

    `follow_up=step` confirms a step that stands, `follow_up=None, closure=…` ends the case.
    """

    class Meta:
        model = models.Contact

    class Params:
        missed = factory.Trait(kind=ContactKind.MISSED, missed_how=MissedHow.NO_SHOW, text="")

    id = factory.LazyFunction(lambda: reserve_id(models.Contact))
    case = factory.SubFactory(CaseFactory, step=None)
    channel = factory.LazyFunction(channel)
    at = factory.LazyFunction(lambda: earlier_today(hours=2))
    recorded_at = factory.LazyFunction(lambda: earlier_today(hours=1))
    author = factory.SelfAttribute("case.opened_by")
    text = "Wir haben über den Wunsch gesprochen, wieder in der Pflege zu arbeiten."
    submission_key = factory.LazyFunction(uuid.uuid4)
    submission_digest = "0" * 64
    follow_up = factory.SubFactory(
        FollowUpFactory,
        case=factory.SelfAttribute("..case"),
        contact_id=factory.SelfAttribute("..id"),
        created_by=factory.SelfAttribute("..author"),
        created_at=factory.SelfAttribute("..recorded_at"),
    )


class ContactParticipantFactory(RecordFactory):
    class Meta:
        model = models.ContactParticipant

    contact = factory.SubFactory(ContactFactory)
    case = factory.SelfAttribute("contact.case")
    role = ParticipantRole.INTERPRETER
    name = "Frau Demir"


class NoteAddendumFactory(RecordFactory):
    class Meta:
        model = models.NoteAddendum

    contact = factory.SubFactory(ContactFactory)
    case = factory.SelfAttribute("contact.case")
    text = "Das Praktikum beginnt eine Woche später."
    reason = "Anruf des Betriebs"
    by = factory.SelfAttribute("contact.author")


class FileNoteFactory(RecordFactory):
    class Meta:
        model = models.FileNote

    case = factory.SubFactory(CaseFactory)
    text = "Schreiben der Krankenkasse ist eingegangen."
    by = factory.SelfAttribute("case.opened_by")


class FollowUpChangeFactory(RecordFactory):
    class Meta:
        model = models.FollowUpChange

    follow_up = factory.SubFactory(FollowUpFactory)
    case = factory.SelfAttribute("follow_up.case")
    old_due_on = factory.SelfAttribute("follow_up.due_on")
    new_due_on = factory.LazyFunction(lambda: ahead(14))
    reason = "Die Unterlagen fehlen noch."
    by = factory.SelfAttribute("follow_up.created_by")


class EmploymentStartFactory(RecordFactory):
    class Meta:
        model = models.EmploymentStart

    case = factory.SubFactory(CaseFactory)
    started_on = factory.LazyFunction(back)
    recorded_by = factory.SelfAttribute("case.opened_by")


# --- responsibility, and the end ---------------------------------------------------------------------------


class CaseAssignmentFactory(RecordFactory):
    """A handover: the running responsibility ends at the moment at which this one begins.

    With `during` nothing else is touched: that is how rules are tried.
    """

    class Meta:
        model = models.CaseAssignment

    case = factory.SubFactory(CaseFactory)
    counsellor = factory.SubFactory(CounsellorFactory)
    by = factory.SelfAttribute("case.opened_by")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> models.CaseAssignment:
        fields["counsellor"] = counsellor_of(fields["counsellor"])
        if "during" not in fields:
            now = timezone.now()
            end_running(models.CaseAssignment, fields["case"], now)
            fields["during"] = DateTimeTZRange(now, None)
        return super()._create(model_class, *args, **fields)


class CaseParticipationFactory(RecordFactory):
    class Meta:
        model = models.CaseParticipation

    case = factory.SubFactory(CaseFactory)
    counsellor = factory.SubFactory(CounsellorFactory)
    during = factory.LazyFunction(lambda: DateTimeTZRange(ago(days=1), None))
    by = factory.SelfAttribute("case.opened_by")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> models.CaseParticipation:
        fields["counsellor"] = counsellor_of(fields["counsellor"])
        return super()._create(model_class, *args, **fields)


def end_running(model: Any, case: models.Case, at: dt.datetime) -> None:
    for row in model.objects.filter(case=case, during__upper_inf=True):
        model.objects.filter(pk=row.pk).update(during=DateTimeTZRange(row.during.lower, at))


class CaseClosureFactory(RecordFactory):
    """The end of an open case, with everything that ends with it."""

    class Meta:
        model = models.CaseClosure

    case = factory.SubFactory(CaseFactory)
    reason = ClosingReason.INDEPENDENT
    at = factory.LazyFunction(timezone.now)
    by = factory.SelfAttribute("case.opened_by")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> models.CaseClosure:
        closure = super()._create(model_class, *args, **fields)
        case, at = closure.case, closure.at
        models.FollowUp.objects.open().filter(case=case).update(
            ended_at=at, ended_by=closure.by, closure=closure, version=F("version") + 1
        )
        end_running(models.CaseAssignment, case, at)
        end_running(models.CaseParticipation, case, at)
        models.Case.objects.filter(pk=case.pk).update(closed_at=at)
        case.closed_at = at
        return closure


class ClosedCaseFactory(CaseFactory):
    """A case that has ended just now. `closed_at` is no parameter: an end in the past is written by SQL."""

    class Meta:
        model = models.Case

    end = factory.RelatedFactory(CaseClosureFactory, "case")


class AbsenceFactory(RecordFactory):
    """Away from yesterday for a fortnight."""

    class Meta:
        model = models.Absence

    user = factory.SubFactory(UserFactory)
    during = factory.LazyFunction(
        lambda: DateRange(timezone.localdate() - dt.timedelta(days=1), timezone.localdate() + dt.timedelta(days=14))
    )
    entered_by = factory.SelfAttribute("user")


class SubstitutionFactory(RecordFactory):
    """Somebody stands in for the whole of an absence. `absent_user=kim` makes the absence too."""

    class Meta:
        model = models.Substitution

    absent_user = factory.SubFactory(UserFactory)
    absence = factory.SubFactory(AbsenceFactory, user=factory.SelfAttribute("..absent_user"))
    substitute = factory.SubFactory(UserFactory)
    during = factory.SelfAttribute("absence.during")
    entered_by = factory.SelfAttribute("absent_user")


# --- drafts, access, reference data ------------------------------------------------------------------------


class DraftFactory(RecordFactory):
    class Meta:
        model = models.Draft

    case = factory.SubFactory(CaseFactory)
    author = factory.SelfAttribute("case.opened_by")
    form = DraftForm.CONVERSATION
    key = factory.LazyFunction(uuid.uuid4)
    payload = factory.LazyFunction(lambda: {"text": "Noch nicht fertig"})


class AccessGrantFactory(RecordFactory):
    """Read access until the end of today."""

    class Meta:
        model = models.AccessGrant

    user = factory.SubFactory(UserFactory)
    case = factory.SubFactory(CaseFactory)
    kind = GrantKind.READ
    reason = "Rückfrage am Telefon"
    during = factory.LazyFunction(
        lambda: DateTimeTZRange(timezone.now(), at_ten(timezone.localdate() + dt.timedelta(days=1)).replace(hour=0))
    )


class AccessEventFactory(RecordFactory):
    """The web role may insert and read nothing: the row made here has no id (design.md 8)."""

    class Meta:
        model = models.AccessEvent

    user_id = 1
    kind = AccessKind.FILE_OPENED
    case_id = None

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> models.AccessEvent:
        columns = ", ".join(fields)
        marks = ", ".join(["%s"] * len(fields))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO casework_accessevent ({columns}, ids) VALUES ({marks}, '{{}}')", list(fields.values())
            )
        return model_class(**fields)


class DigestRunFactory(RecordFactory):
    class Meta:
        model = models.DigestRun

    local_date = factory.Sequence(lambda number: timezone.localdate() + dt.timedelta(days=number))


class DigestMailFactory(RecordFactory):
    """A reminder mail that waits; traits say what became of it. A life begins with waiting, so they come second."""

    class Meta:
        model = models.DigestMail

    class Params:
        claimed = factory.Trait(
            state=DigestState.CLAIMED,
            attempts=1,
            lease_until=factory.LazyFunction(lambda: timezone.now() + dt.timedelta(minutes=4)),
        )
        ended = factory.Trait(state=DigestState.SENT, attempts=1, ended_at=factory.LazyFunction(timezone.now))

    recipient = factory.SubFactory(UserFactory)
    local_date = factory.LazyFunction(timezone.localdate)
    planned_on = factory.SelfAttribute("local_date")
    kind = DigestKind.OWN
    not_before = factory.LazyFunction(lambda: ago(minutes=1))

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> models.DigestMail:
        later = {name: fields.pop(name) for name in LATER & set(fields)}
        digest = super()._create(model_class, *args, **fields)
        if later:
            models.DigestMail.objects.filter(pk=digest.pk).update(**later)
            digest.refresh_from_db()
        return digest


LATER = {"state", "attempts", "lease_until", "ended_at", "answer"}


class LocalDayFactory(RecordFactory):
    class Meta:
        model = models.LocalDay

    date = factory.LazyFunction(lambda: ahead(30))
    text = "Betriebsausflug"


class RuleDocumentFactory(RecordFactory):
    class Meta:
        model = models.RuleDocument

    title = "Handreichung Erstgespräch"
    url = "https://intranet.example.org/handreichung"


class ReflectionGuideFactory(RecordFactory):
    class Meta:
        model = models.ReflectionGuide

    text = "Was habe ich verstanden?"


# --- further rooms: below, because they build on what stands above -------------------------------------------

from tests.factories_agreements import *  # noqa: E402, F403
from tests.factories_caseload import *  # noqa: E402, F403
from tests.factories_duties import *  # noqa: E402, F403
from tests.factories_offers import *  # noqa: E402, F403
from tests.factories_presence import *  # noqa: E402, F403
from tests.factories_protection import *  # noqa: E402, F403
from tests.factories_sign_in import *  # noqa: E402, F403

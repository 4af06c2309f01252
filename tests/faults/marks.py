"""Marks: strings that occur nowhere by chance, planted into every column that tells of a person, and looked for."""

import base64
import binascii
import random
import re
import string
import urllib.parse
from collections.abc import Iterable
from typing import Any

import psycopg
from django.apps import apps
from django.db import models
from django.utils import timezone
from psycopg.types.json import Jsonb

from casework import actions
from casework.models import Case, Contact, User
from tests import database as databases
from tests import factories
from tests.conftest import database_name

# Text that tells of nobody: codes, reference data of the house, what a program wrote.
NOT_PERSONAL = {
    ("ContactChannel", "code"),
    ("ContactChannel", "text"),
    ("Contact", "submission_digest"),
    ("User", "password"),
    ("User", "theme"),
    ("DigestMail", "answer"),
    ("RuleDocument", "title"),
    ("RuleDocument", "url"),
    ("ReflectionGuide", "text"),
    ("LegalBasis", "paragraph"),
    ("LegalBasis", "title"),
    ("LegalBasis", "source"),
    ("LegalNotice", "version"),
    ("LegalNotice", "text"),
    ("AgreementHandout", "language"),
    ("LegalRegime", "benefit_name"),
    ("LegalRegime", "plan_name"),
    ("LegalRegime", "source"),
    ("ResourceField", "text"),
    ("SocialSpace", "name"),
    ("SupportKind", "code"),
    ("SupportKind", "text"),
    ("FundingBody", "name"),
    ("OfferLegalBasis", "name"),
    ("DemandNote", "half_year"),
    ("CalendarFeed", "token_hash"),
    ("ImportRun", "digest"),
    ("ImportLine", "code"),
    ("OpenSession", "session_hash"),
    ("DirectoryIdentity", "provider"),
}
ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
ESCAPED = re.compile(r"\\x([0-9a-fA-F]{2})")


class Marks:
    """Names what was planted where, and finds it again."""

    def __init__(self) -> None:
        self.chance = random.Random()  # noqa: S311
        self.planted: dict[str, str] = {}

    def new(self, where: str) -> str:
        mark = "q" + "".join(self.chance.choices(string.ascii_lowercase, k=11))
        self.planted[where] = mark
        return mark

    def hits(self, text: str, allowed: Iterable[str] = ()) -> list[str]:
        """Which marks the text holds, as it stands or encoded in one of the usual ways."""
        seen = readable(text).lower()
        return [where for where, mark in self.planted.items() if mark in seen and where not in set(allowed)]


def readable(text: str) -> str:
    """The text, and what its escapes, percent signs and base64 runs say."""
    plain = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text.replace('\\"', '"'))
    pieces = [text, plain, urllib.parse.unquote_plus(text)]
    for run in set(ENCODED.findall(plain)):
        try:
            pieces.append(base64.b64decode(run + "=" * (-len(run) % 4), altchars=b"-_").decode(errors="replace"))
            pieces.append(base64.b64decode(run + "=" * (-len(run) % 4)).decode(errors="replace"))
        except (binascii.Error, ValueError):
            continue
    return "\n".join(pieces)


def text_columns() -> list[tuple[type[models.Model], Any]]:
    """Every column of the rooms that can hold words of or about a person."""
    return [
        (model, field)
        for app in apps.get_app_configs()
        if app.name in ("casework", "agreements", "offers")
        for model in app.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        and not isinstance(field, models.GeneratedField)
        and not field.choices
        and (model.__name__, field.name) not in NOT_PERSONAL
        and model.__name__ != "SheetWording"  # headings of a sheet, in several languages
    ]


def one_of_everything(kim: User) -> None:
    """At least one row with words in every table; a new table joins here."""
    case = factories.CaseFactory(
        counsellor=kim,
        client__preferred_name="x",
        client__external_ref="x",
        opened_at=factories.ago(days=60),
        step__due_on=factories.back(10),
        step__place="x",
    )
    contact = factories.ContactFactory(case=case)
    factories.ClientDetailFactory(client=case.client)
    factories.ContactParticipantFactory(contact=contact)
    factories.NoteAddendumFactory(contact=contact)
    factories.FileNoteFactory(case=case)
    factories.FollowUpChangeFactory(follow_up=contact.follow_up, old_subject="x", old_place="x")
    factories.FollowUpFactory(case=case, done=True)
    factories.EmploymentStartFactory(case=case, text="x")
    colleague = factories.CounsellorFactory(user__team=kim.team)
    factories.CaseAssignmentFactory(case=factories.CaseFactory(counsellor=kim), counsellor=colleague, note="x")
    factories.CaseClosureFactory(case=factories.CaseFactory(counsellor=kim), text="x")
    factories.DraftFactory(case=case)
    factories.AccessGrantFactory(case=case)
    factories.EmergencyAccessFactory(case=case)
    factories.LocalDayFactory()
    duty = factories.DutyToCooperateFactory(case=case)
    factories.DutyFactFactory(duty=duty, reason=True)
    actions.withdraw_duty(duty=duty, reason="x", by=kim)
    what_was_agreed(contact)
    what_was_chosen(case)
    what_a_team_plans(kim)
    what_signing_in_keeps(kim)
    actions.withdraw_contact(
        contact=factories.ContactFactory(case=case, author=kim, recorded_at=timezone.now()), reason="x", by=kim
    )
    actions.withdraw_file_note(note=factories.FileNoteFactory(case=case, by=kim), reason="x", by=kim)


def what_was_agreed(contact: Contact) -> None:
    """Will, resources, an agreement with its steps and what came of them, and the directory of places."""
    factories.WillStatementFactory(contact=contact, life_idea="x")
    factories.ResourceReviewFactory(contact=contact)
    resource = factories.ResourceFactory(contact=contact)
    agreement = factories.AgreementFactory(
        case=contact.case,
        rhythm="x",
        steps=[{"text": "x", "owner": "other", "owner_name": "x"}],
        resources=[resource],
    )
    factories.StepOutcomeFactory(step=factories.first_step(agreement), text="x")
    factories.AgreementHandoutFactory(agreement=agreement, language="tr")
    factories.SocialPlaceFactory(what="x", reach="x")


def what_was_chosen(case: Case) -> None:
    """Offers with everything that providers say of themselves, a choice with what came of it, a group, demands."""
    provider = factories.ProviderFactory(about="x", address="x", website="x", email="x", phone="x")
    contact = factories.ProviderContactFactory(provider=provider, role="x", email="x")
    offer = factories.published_offer(provider=provider, contact=contact, notice="x", review_note="x")
    factories.OfferEventFactory(offer=offer)
    factories.OfferRemarkFactory(offer=offer, answer="x")
    choice = factories.chosen_offer(case=case, offer=offer)
    factories.ParticipationFactory(choice=choice)
    factories.ParticipationOutcomeFactory(choice=choice, provider_words="x")
    factories.ConsentFactory(case=case)
    factories.GroupMemberFactory()
    factories.GroupDateFactory(recorded=True)
    factories.DemandReplyNoteFactory()


def what_signing_in_keeps(kim: User) -> None:
    """Where somebody is signed in, and who they are in a directory."""
    factories.OpenSessionFactory(user=kim)
    factories.DirectoryIdentityFactory(user=kim)


def what_a_team_plans(kim: User) -> None:
    """A handover with its note, somebody new, a letter, the address of a calendar, files of the leading system."""
    factories.CaseHandoverFactory(case=factories.CaseFactory(counsellor=kim), note="x")
    factories.IntakeFactory(
        client__organisation=kim.organisation,
        withdrawn_reason="x",
        withdrawn_at=timezone.now(),
        withdrawn_by=factories.UserFactory(team=kim.team),
    )
    factories.LetterFactory(case=factories.CaseFactory(counsellor=kim))
    factories.CalendarFeedFactory(user=kim)
    factories.WorkPatternFactory(user=kim)
    factories.StandingSubstituteFactory(user=kim)
    factories.ImportLineFactory(run__organisation=kim.organisation, column="x", external_ref="x", changes=["x"])


def plant(marks: Marks) -> None:
    """Replace every word in every such column by the mark of the column, past all rules that would word it."""
    with psycopg.connect(databases.admin_url(), dbname=database_name()) as connection:
        connection.execute("SET session_replication_role = replica")
        for model, field in text_columns():
            where = f"{model.__name__}.{field.name}"
            mark = marks.new(where)
            table, column = model._meta.db_table, f'"{field.column}"'
            value: object = mark
            expression = "%s"
            if isinstance(field, models.JSONField):
                value = Jsonb({"text": [mark]})
            elif isinstance(field, models.EmailField):
                expression = "%s || id || '@example.org'"
            elif is_unique(model, field):
                expression = "%s || id"
            elif where == "EmergencyAccess.reason":
                value = f"{mark} {mark}"  # at least twenty characters
            words = "true" if isinstance(field, models.JSONField) else f"btrim({column}) <> ''"
            done = connection.execute(f"UPDATE {table} SET {column} = {expression} WHERE {words}", [value])
            assert done.rowcount, f"{where} has no row with words: add one to one_of_everything"


def is_unique(model: type[models.Model], field: Any) -> bool:
    constraints = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    return field.unique or any(
        field.name in (*constraint.fields, *_inside(constraint.expressions)) for constraint in constraints
    )


def _inside(expressions: Iterable[Any]) -> list[str]:
    """Columns of expressions: `Lower("name")` is about the name."""
    sources = [source for expression in expressions for source in (expression, *_sources(expression))]
    return [source.name for source in sources if isinstance(source, models.F)]


def _sources(expression: Any) -> list[Any]:
    return [] if isinstance(expression, models.F) else expression.get_source_expressions()

"""One submit for several cases: a group date, a joint talk. A contact in each file, or in none (R3.3-3, R4.3-4).

What concerns all stands in one common text that names nobody; what concerns one person stands in the row of that
person and goes to that file alone (§ 35 SGB I). The number of statements does not grow with the number of cases.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, models, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from casework.actions.contacts import StepDecision, _check_contact, _check_decisions, digest_of
from casework.actions.errors import (
    AlreadySubmitted,
    CaseClosed,
    NotAllowed,
    Refused,
    RuleBroken,
    StaleVersion,
    rules,
)
from casework.actions.steps import NewStep, StandingStep, check_step, local_days, new_follow_up
from casework.enums import ContactKind, DraftForm, FollowUpKind, MissedHow, ParticipantRole
from casework.models import Case, Contact, ContactChannel, ContactParticipant, Draft, FollowUp, User
from casework.models.base import reserve_ids
from casework.models.clients import fold
from jobcenter.platform.statements import insert_together

MOST_CASES = 20
SHORTEST_NAME = 3  # what is shorter is more often a word than a name
RULE_OF_CASE = re.compile(r"^case ([0-9]+): ")
NOT_YOURS = "In dieser Akte können Sie nicht (mehr) eintragen."


@dataclass(frozen=True)
class TogetherRow:
    """What the talk means for one person. `done`: (id, version) of the steps that it ends.

    `text` goes to this file alone. Whoever was not there has a contact without the common text.
    """

    case: Case
    next_step: NewStep | StandingStep
    text: str = ""
    kind: ContactKind = ContactKind.TALK
    missed_how: MissedHow | None = None
    done: tuple[tuple[int, int], ...] = ()

    @property
    def decisions(self) -> list[StepDecision]:
        return [StepDecision(pk, version, "done") for pk, version in self.done]


def row_field(case: Case, field: str = "") -> str:
    """The name of a field in the row of a case: `rowF-26-00012_next_date`."""
    return f"row{case.number}_{field}" if field else f"row{case.number}"


@contextmanager
def in_row(case: Case) -> Iterator[None]:
    """What is refused in here is said beside the row of this case."""
    try:
        yield
    except Refused as refused:
        refused.field = row_field(case, refused.field)
        raise


@transaction.atomic
def conclude_together(
    *,
    rows: Sequence[TogetherRow],
    by: User,
    at: dt.datetime,
    channel: ContactChannel | None,
    text: str,
    key: uuid.UUID,
) -> list[Contact]:
    """Record one talk in the files of all who belong to it, each with a next step: all of them or none.

    The same key with the same content returns the contacts that stand; with another one it raises AlreadySubmitted.
    Raises NotAllowed, CaseClosed, StaleVersion and RuleBroken; `field` names the row.
    """
    rows = sorted(rows, key=lambda row: row.case.pk)
    if not 1 <= len(rows) <= MOST_CASES or len({row.case.pk for row in rows}) != len(rows):
        raise RuleBroken(f"Bitte wählen Sie höchstens {MOST_CASES} Fälle, jeden einmal.", field="rows")
    cases = _lock(rows, text=text, by=by)
    digests = _digests(rows, at=at, channel=channel, text=text)
    if standing := _standing(rows, digests, by=by, key=key):
        return standing
    now = timezone.now()
    for row in rows:
        if not cases[row.case.pk].is_open:
            raise CaseClosed(field=row_field(row.case))
    _check_names(text, cases)
    open_steps = _open_steps(rows)
    closed_days = _closed_days(rows, today=timezone.localdate(now))
    for row in rows:
        _check_row(
            row, cases[row.case.pk], at=at, channel=channel, text=text, now=now, steps=open_steps, closed=closed_days
        )
    new = sum(isinstance(row.next_step, NewStep) for row in rows)
    ids = reserve_ids(contact=(Contact, len(rows)), step=(FollowUp, new))
    contacts, others = _rows_to_write(
        rows, digests, open_steps, ids, at=at, channel=channel, text=text, key=key, by=by, now=now
    )
    with _rules_of_rows(cases):
        insert_together([*others, *contacts])
        _end_steps(rows, by=by, key=key, now=now)
        # A draft of this form alone: another talk that somebody has begun in one of the files goes on.
        Draft.objects.filter(author=by, key=key, form=DraftForm.CONVERSATION).delete()
    return contacts


def contact_text(row: TogetherRow, common: str) -> str:
    """The words that go to the file of this row: the common ones, and behind them those about this person."""
    parts = [common, row.text] if row.kind == ContactKind.TALK else [row.text]
    return "\n\n".join(part.strip() for part in parts if part.strip())


# --- under the lock ---


def _lock(rows: Sequence[TogetherRow], *, text: str, by: User) -> dict[int, Case]:
    """Lock all cases in one statement, in the order of their ids, with what the names are compared with."""
    found = (
        Case.objects.filter(pk__in=[row.case.pk for row in rows])
        .acted_on_by(by)
        .select_related("client")
        .annotate(common=fold(models.Value(text)), preferred=fold(F("client__preferred_name")))
        .locked()
    )
    cases = {case.pk: case for case in found}
    for row in rows:
        if row.case.pk not in cases:
            raise NotAllowed(NOT_YOURS, field=row_field(row.case))
    return cases


def _digests(
    rows: Sequence[TogetherRow], *, at: dt.datetime, channel: ContactChannel | None, text: str
) -> dict[int, str]:
    """Each file keeps a fingerprint of its own row, of what is common, and of whose files it went to."""
    together = [row.case.pk for row in rows]
    return {
        row.case.pk: digest_of(
            at, channel and channel.pk, text, together, row.text, row.kind, row.missed_how, row.next_step, row.done
        )
        for row in rows
    }


def _standing(rows: Sequence[TogetherRow], digests: dict[int, str], *, by: User, key: uuid.UUID) -> list[Contact]:
    """The contacts of an earlier submit with this key; empty when there was none."""
    earlier = list(Contact.objects.filter(submission_key=key, case__in=list(digests)).order_by("case_id"))
    same = len(earlier) == len(rows) and all(
        contact.submission_digest == digests[contact.case_id] and contact.author_id == by.pk for contact in earlier
    )
    if earlier and not same:
        raise AlreadySubmitted
    return earlier


def _open_steps(rows: Sequence[TogetherRow]) -> dict[int, dict[int, FollowUp]]:
    """Case -> id -> open step, in one statement."""
    steps: dict[int, dict[int, FollowUp]] = {row.case.pk: {} for row in rows}
    for step in FollowUp.objects.open().filter(case__in=list(steps)):
        steps[step.case_id][step.pk] = step
    return steps


def _closed_days(rows: Sequence[TogetherRow], *, today: dt.date) -> frozenset[dt.date]:
    days = [row.next_step.due_on for row in rows if isinstance(row.next_step, NewStep)]
    return local_days(today, min(max([today, *days]), dt.date(9000, 1, 1)) + dt.timedelta(days=14))


def _check_names(text: str, cases: dict[int, Case]) -> None:
    """The common text stands in the file of everybody: no name of anybody in it."""
    for case in cases.values():
        client = case.client
        names = {
            *client.search_family.split(),
            *client.search_given.split(),
            *case.preferred.split(),  # type: ignore[attr-defined]
        }
        found = names & set(case.common.split())  # type: ignore[attr-defined]
        if any(len(name) >= SHORTEST_NAME for name in found):
            raise RuleBroken(
                f"Der gemeinsame Text nennt den Namen von {client.full_name}; er steht in jeder Akte. "
                "Bitte schreiben Sie Persönliches in die Zeile der Person.",
                field="text",
            )


def _check_row(
    row: TogetherRow,
    case: Case,
    *,
    at: dt.datetime,
    channel: ContactChannel | None,
    text: str,
    now: dt.datetime,
    steps: dict[int, dict[int, FollowUp]],
    closed: frozenset[dt.date],
) -> None:
    """Every rule of a conversation, for this person (R4.3-4)."""
    if (row.kind == ContactKind.MISSED) != (row.missed_how is not None):
        raise RuleBroken("Bitte wählen Sie, wie es dazu kam.", field=row_field(row.case, "there"))
    with in_row(row.case):
        _check_contact(case, at=at, text=contact_text(row, text), kind=row.kind, channel=channel, now=now)
        _check_decisions(row.decisions, steps[row.case.pk], row.next_step, now=now, closed_days=closed)
        if isinstance(row.next_step, NewStep):
            check_step(row.next_step, now=now, closed_days=closed)


# --- writing ---


def _rows_to_write(
    rows: Sequence[TogetherRow],
    digests: dict[int, str],
    open_steps: dict[int, dict[int, FollowUp]],
    ids: dict[str, list[int]],
    *,
    at: dt.datetime,
    channel: ContactChannel | None,
    text: str,
    key: uuid.UUID,
    by: User,
    now: dt.datetime,
) -> tuple[list[Contact], list[models.Model]]:
    contacts: list[Contact] = []
    others: list[models.Model] = []
    step_ids = iter(ids["step"])
    for pk, row in zip(ids["contact"], rows, strict=True):
        if isinstance(row.next_step, NewStep):
            step = new_follow_up(row.next_step, case_id=row.case.pk, by=by, pk=next(step_ids), contact_id=pk)
            others.append(step)
            step_id = step.pk
        else:
            step_id = row.next_step.follow_up_id
        if row.kind == ContactKind.TALK:
            others.append(ContactParticipant(case=row.case, contact_id=pk, role=ParticipantRole.CLIENT))
        ended = [open_steps[row.case.pk][done] for done, _ in row.done]
        contacts.append(
            Contact(
                pk=pk,
                case=row.case,
                kind=row.kind,
                missed_how=row.missed_how,
                channel=channel,
                at=at,
                author=by,
                recorded_at=now,
                text=contact_text(row, text),
                submission_key=key,
                submission_digest=digests[row.case.pk],
                follow_up_id=step_id,
                appointment=next((step for step in ended if step.kind == FollowUpKind.APPOINTMENT), None),
            )
        )
    return contacts, others


def _end_steps(rows: Sequence[TogetherRow], *, by: User, key: uuid.UUID, now: dt.datetime) -> None:
    """End what the talk is done with, each step by the contact of its case; versions were compared under the lock."""
    done = [pk for row in rows for pk, _ in row.done]
    own = Contact.objects.filter(submission_key=key, case=OuterRef("case")).values("pk")
    changed = FollowUp.objects.filter(pk__in=done, ended_at=None).update(
        ended_at=now, ended_by=by, ended_by_contact_id=Subquery(own), version=F("version") + 1
    )
    if changed != len(done):
        raise StaleVersion


@contextmanager
def _rules_of_rows(cases: dict[int, Case]) -> Iterator[None]:
    """As `rules`; where the database says of which case it speaks, the row is named."""
    try:
        with rules():
            yield
    except Refused as refused:
        if isinstance(refused.__cause__, IntegrityError):
            said = RULE_OF_CASE.match(str(refused.__cause__))
            case = cases.get(int(said[1])) if said else None
            if case is not None:
                refused.field = row_field(case, refused.field)
        raise

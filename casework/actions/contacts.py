"""Conversations: one submit, one transaction (design.md 3). Afterwards only addenda, or "Falsche Akte"."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Model, Q
from django.utils import timezone

from casework.actions.cases import close_case
from casework.actions.errors import AlreadySubmitted, CaseClosed, NotAllowed, RuleBroken, StaleVersion, rules
from casework.actions.parts import TAKEN_BACK, ConversationPart, Talk
from casework.actions.steps import (
    EndOfCase,
    NewStep,
    StandingStep,
    check_step,
    end_step,
    local_days,
    lock_case,
    new_follow_up,
    write_change,
)
from casework.enums import ContactKind, DraftForm, FollowUpKind, MissedHow, ParticipantRole
from casework.models import (
    Case,
    CaseAssignment,
    CaseClosure,
    Contact,
    ContactChannel,
    ContactParticipant,
    Draft,
    FileNote,
    FollowUp,
    FollowUpChange,
    NoteAddendum,
    User,
)
from casework.models.base import reserve_ids
from casework.models.presence import Presence, read_presence_of_case
from casework.permissions import can_withdraw
from jobcenter.platform.context import Purpose, widened


@dataclass(frozen=True)
class Participant:
    role: ParticipantRole
    name: str = ""


@dataclass(frozen=True)
class StepDecision:
    """What a conversation means for a step that was open: it stays, is done with, or moves."""

    follow_up_id: int
    version: int
    decision: str  # keep | done | move
    due_on: dt.date | None = None
    starts_at: dt.datetime | None = None
    reason: str = ""
    saturday_confirmed: bool = False


def digest_of(*parts: object) -> str:
    """A fingerprint of what was submitted, so that one key never stands for two texts."""
    return hashlib.sha256(json.dumps(parts, default=str, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def conclude_conversation(
    *,
    case: Case,
    by: User,
    at: dt.datetime,
    channel: ContactChannel | None,
    text: str,
    next_step: NewStep | StandingStep | EndOfCase,
    key: uuid.UUID,
    participants: Sequence[Participant] = (),
    steps: Sequence[StepDecision] = (),
    kind: ContactKind = ContactKind.TALK,
    missed_how: MissedHow | None = None,
    replaces: Contact | None = None,
    parts: Sequence[ConversationPart] = (),
) -> Contact:
    """Record a contact with its next step, deal with the steps that were open, and drop the draft: all or nothing.

    `parts` is what the rooms above bring along (will, resources, agreement), written in the same transaction.

    The same key with the same content returns the contact that stands; with another one it raises AlreadySubmitted.
    Raises CaseClosed, StaleVersion and RuleBroken.
    """
    # The moment of a missed appointment is derived, not typed: it must not make one submit into two.
    moment = at if kind == ContactKind.TALK else None
    brought = [part.digest() for part in parts]
    digest = digest_of(moment, channel and channel.pk, text, participants, steps, kind, missed_how, next_step, *brought)
    locked = lock_case(case)
    if (earlier := Contact.objects.filter(submission_key=key, case=case).first()) is not None:
        if earlier.submission_digest == digest and earlier.author_id == by.pk:
            # A window that did not get the first answer may have saved its draft again.
            Draft.objects.filter(author=by, case=case, form=DraftForm.CONVERSATION, key=key).delete()
            return earlier
        raise AlreadySubmitted
    if not locked.is_open:
        raise CaseClosed
    now = timezone.now()
    _check_contact(locked, at=at, text=text, kind=kind, channel=channel, now=now)
    open_steps = {step.pk: step for step in FollowUp.objects.open().filter(case=case)}
    further_days = [day for part in parts for day in part.days()]
    closed_days = _closed_days(next_step, steps, further_days, today=timezone.localdate(now))
    _check_decisions(steps, open_steps, next_step, now=now, closed_days=closed_days)
    if isinstance(next_step, NewStep):
        check_step(next_step, now=now, closed_days=closed_days)

    ids = _reserve(next_step, parts)
    contact_id = ids["contact"][0]
    done = [decision for decision in steps if decision.decision == "done"]
    follow_up_id: int | None = None
    new_steps: list[FollowUp] = []
    if isinstance(next_step, NewStep):
        follow_up_id = ids["step"].pop(0)
        new_steps.append(new_follow_up(next_step, case_id=case.pk, by=by, pk=follow_up_id, contact_id=contact_id))
    elif isinstance(next_step, StandingStep):
        follow_up_id = next_step.follow_up_id
    talk = Talk(
        case=locked,
        by=by,
        now=now,
        contact_id=contact_id,
        open_steps=open_steps,
        ended_steps=frozenset(decision.follow_up_id for decision in done),
        moved_steps={d.follow_up_id: d.due_on for d in steps if d.decision == "move" and d.due_on},
        next_step_id=follow_up_id,
        closed_days=closed_days,
        ids=ids,
    )
    for part in parts:
        new_steps.extend(part.prepare(talk))
    appointment = next(
        (
            open_steps[decision.follow_up_id]
            for decision in done
            if open_steps[decision.follow_up_id].kind == FollowUpKind.APPOINTMENT
        ),
        None,
    )
    with _reach(next_step), rules():
        closure: CaseClosure | None = None
        if new_steps:
            FollowUp.objects.bulk_create(new_steps)
        for decision in done:
            end_step(
                open_steps[decision.follow_up_id],
                decision.version,
                by=by,
                now=now,
                ended_by_contact_id=contact_id,
            )
        for decision in steps:
            if decision.decision == "move":
                step = open_steps[decision.follow_up_id]
                assert decision.due_on is not None  # noqa: S101  (held by _check_decisions)
                write_change(
                    step,
                    decision.version,
                    decision.due_on,
                    decision.starts_at if step.kind == FollowUpKind.APPOINTMENT else None,
                    step.subject,
                    step.place,
                    decision.reason,
                    by,
                    contact_id=contact_id,
                )
        if isinstance(next_step, EndOfCase):
            closure = close_case(locked, reason=next_step.reason, text=next_step.text, by=by, now=now)
        contact = Contact(
            pk=contact_id,
            case=case,
            kind=kind,
            missed_how=missed_how,
            channel=channel,
            at=at,
            author=by,
            recorded_at=now,
            text=text.strip(),
            submission_key=key,
            submission_digest=digest,
            follow_up_id=follow_up_id,
            closure=closure,
            appointment=appointment,
            replaces=replaces,
        )
        Contact.objects.bulk_create([contact])
        if participants:
            ContactParticipant.objects.bulk_create(
                ContactParticipant(case=case, contact_id=contact_id, role=p.role, name=p.name.strip())
                for p in participants
            )
        for part in parts:
            part.write(talk)
        Draft.objects.filter(author=by, case=case, form=DraftForm.CONVERSATION).delete()
    return contact


def _reach(next_step: NewStep | StandingStep | EndOfCase) -> AbstractContextManager[None]:
    """The last conversation ends its author's part in the case, and is written after that."""
    return widened(Purpose.END_CASE) if isinstance(next_step, EndOfCase) else nullcontext()


def _reserve(next_step: NewStep | StandingStep | EndOfCase, parts: Sequence[ConversationPart]) -> dict[str, list[int]]:
    """The ids of everything that the conversation will write, in one statement."""
    wanted: dict[str, tuple[type[Model], int]] = {
        "contact": (Contact, 1),
        "step": (FollowUp, int(isinstance(next_step, NewStep))),
    }
    for part in parts:
        for name, (model, count) in part.needs().items():
            wanted[name] = (model, count + (wanted[name][1] if name in wanted else 0))
    return reserve_ids(**wanted)


def _check_contact(
    case: Case, *, at: dt.datetime, text: str, kind: ContactKind, channel: ContactChannel | None, now: dt.datetime
) -> None:
    if at > now:
        raise RuleBroken("Der Kontakt kann nicht in der Zukunft liegen.", field="at_date")
    if timezone.localdate(at) < timezone.localdate(case.opened_at):
        raise RuleBroken("An diesem Tag gab es den Fall noch nicht. Stimmt das Datum?", field="at_date")
    if kind == ContactKind.TALK and not text.strip():
        raise RuleBroken("Bitte schreiben Sie auf, was besprochen wurde.", field="text")
    if channel is None and kind == ContactKind.TALK:
        raise RuleBroken("Bitte wählen Sie, wie der Kontakt zustande kam.", field="channel")


def _closed_days(
    next_step: NewStep | StandingStep | EndOfCase,
    steps: Sequence[StepDecision],
    further_days: Sequence[dt.date],
    *,
    today: dt.date,
) -> frozenset[dt.date]:
    days = list(further_days)
    days += [decision.due_on for decision in steps if decision.decision == "move" and decision.due_on]
    if isinstance(next_step, NewStep):
        days.append(next_step.due_on)
    if not days:
        return frozenset()
    last = min(max(days), dt.date(9000, 1, 1))
    return local_days(today, last + dt.timedelta(days=14))


def _check_decisions(
    steps: Sequence[StepDecision],
    open_steps: dict[int, FollowUp],
    next_step: NewStep | StandingStep | EndOfCase,
    *,
    now: dt.datetime,
    closed_days: frozenset[dt.date],
) -> None:
    today = timezone.localdate(now)
    days = {pk: step.due_on for pk, step in open_steps.items()}
    for decision in steps:
        step = open_steps.get(decision.follow_up_id)
        field = f"step_{decision.follow_up_id}"
        if step is None or step.version != decision.version:
            raise StaleVersion(field=field)
        if decision.decision == "move":
            if decision.due_on is None:
                raise RuleBroken("Bitte nennen Sie den neuen Tag.", field=f"{field}_date")
            moved = NewStep(
                FollowUpKind(step.kind),
                decision.due_on,
                step.subject,
                decision.starts_at,
                step.place,
                decision.saturday_confirmed,
            )
            check_step(moved, now=now, closed_days=closed_days, prefix=field)
            days[step.pk] = decision.due_on
        elif decision.decision == "done":
            days.pop(step.pk, None)
    if isinstance(next_step, StandingStep):
        day = days.get(next_step.follow_up_id)
        if day is None:
            raise RuleBroken(
                "Dieser Schritt ist kein künftiger offener Schritt dieses Falls. Bitte wählen Sie einen anderen.",
                field="next",
            )
        if day < today:
            raise RuleBroken(
                "Dieser Schritt liegt in der Vergangenheit. Bitte verlegen Sie ihn oder setzen Sie einen neuen.",
                field="next",
            )


@transaction.atomic
def record_missed_appointment(
    *,
    follow_up: FollowUp,
    version: int,
    how: MissedHow,
    next_step: NewStep | StandingStep,
    by: User,
    key: uuid.UUID,
    text: str = "",
) -> Contact:
    """An appointment that did not take place: a contact of its own kind, without a need for text, with a next step."""
    if follow_up.kind != FollowUpKind.APPOINTMENT or follow_up.starts_at is None:
        raise RuleBroken("Nur ein Folgetermin kann ausfallen.")
    now = timezone.now()
    if how == MissedHow.NO_SHOW and follow_up.starts_at > now:
        raise RuleBroken("Der Termin hat noch nicht begonnen.", field="how")
    return conclude_conversation(
        case=follow_up.case,
        by=by,
        at=min(follow_up.starts_at, now),
        channel=None,
        text=text,
        next_step=next_step,
        key=key,
        steps=[StepDecision(follow_up.pk, version, "done")],
        kind=ContactKind.MISSED,
        missed_how=how,
    )


@transaction.atomic
def add_addendum(*, contact: Contact, text: str, reason: str, by: User) -> NoteAddendum:
    """A correction or addition; the original stays readable (§ 84 SGB X)."""
    lock_case(contact.case)
    if Contact.objects.filter(pk=contact.pk, withdrawn_at__isnull=False).exists():
        raise RuleBroken("Dieser Eintrag wurde zurückgenommen; ein Nachtrag ist nicht mehr möglich.")
    if not text.strip():
        raise RuleBroken("Bitte schreiben Sie den Nachtrag.", field="text")
    if not reason.strip():
        raise RuleBroken("Bitte nennen Sie den Anlass des Nachtrags.", field="reason")
    with rules():
        return NoteAddendum.objects.create(
            case_id=contact.case_id, contact=contact, text=text.strip(), reason=reason.strip(), by=by
        )


@transaction.atomic
def add_file_note(*, case: Case, text: str, by: User) -> FileNote:
    """Desk work without a contact, also on a closed case; needs no next step (design.md 7)."""
    if not text.strip():
        raise RuleBroken("Bitte schreiben Sie die Notiz.", field="text")
    with rules():
        return FileNote.objects.create(case=case, text=text.strip(), by=by)


WITHDRAWN_SUBJECT = "Bitte prüfen: Der Eintrag zu diesem Schritt wurde zurückgenommen."


@transaction.atomic
def withdraw_contact(*, contact: Contact, reason: str, by: User) -> Draft:
    """ "Falsche Akte": the text goes back to a draft of its author and leaves the file; a marker stays.

    Steps that the entry had ended come back as new ones, so that nothing of the right person is forgotten; what the
    entry had set keeps its date with a neutral wording. Returns the draft, which belongs to no case.
    """
    if not reason.strip():
        raise RuleBroken("Bitte nennen Sie den Grund.", field="reason")
    case = lock_case(contact.case)
    contact = Contact.objects.select_related("author").get(pk=contact.pk)
    if contact.withdrawn_at is not None:
        raise RuleBroken("Dieser Eintrag ist schon zurückgenommen.")
    if not can_withdraw(by, contact, contact.recorded_at, responsible_team_id(case)):
        raise NotAllowed(
            "Zurücknehmen kann am selben Tag, wer eingetragen hat, danach die Teamleitung der zuständigen IFK."
        )
    now = timezone.now()
    set_by_it = list(FollowUp.objects.filter(contact=contact))
    names = [
        {"role": role, "name": name}
        for role, name in ContactParticipant.objects.filter(contact=contact).values_list("role", "name")
    ]
    with rules():
        if case.is_open:
            _bring_back(case, contact, by=by, now=now)
            _move_back(contact, by=by)
        Contact.objects.filter(pk=contact.pk).update(
            text="",
            submission_digest="",
            withdrawn_at=now,
            withdrawn_by=by,
            withdrawn_reason=reason.strip(),
        )
        brought = {name: values for take in TAKEN_BACK for name, values in take(contact, by, now).items()}
        addenda = NoteAddendum.objects.filter(contact=contact).order_by("at", "id")
        draft = Draft.objects.create(
            author=contact.author,
            form=DraftForm.CONVERSATION,
            key=uuid.uuid4(),
            payload={
                "channel": [contact.channel.code if contact.channel else ""],
                "text": ["\n\n".join([contact.text, *(f"Nachtrag: {a.text} ({a.reason})" for a in addenda)])],
                "at_date": [f"{timezone.localtime(contact.at):%d.%m.%Y}"],
                "at_time": [f"{timezone.localtime(contact.at):%H:%M}"],
                "participant_role": [n["role"] for n in names],
                "participant_name": [n["name"] for n in names],
                "next_subject": [step.subject for step in set_by_it],
                "withdrawn": ["1"],
                **brought,
            },
        )
        ContactParticipant.objects.filter(contact=contact).update(name="")
        NoteAddendum.objects.filter(contact=contact).update(text="", reason="")
        FollowUp.objects.filter(contact=contact).update(
            subject=WITHDRAWN_SUBJECT, place="", outcome="", version=F("version") + 1
        )
        FollowUpChange.objects.filter(Q(follow_up__contact=contact) | Q(contact=contact)).update(
            old_subject="", old_place="", reason=""
        )
    return draft


def _move_back(contact: Contact, *, by: User) -> None:
    """Steps that the entry had moved return to their day, unless somebody has moved them again since."""
    for change in FollowUpChange.objects.filter(contact=contact).select_related("follow_up"):
        step = change.follow_up
        if step.ended_at is None and (step.due_on, step.starts_at) == (change.new_due_on, change.new_starts_at):
            write_change(
                step,
                step.version,
                change.old_due_on,
                change.old_starts_at,
                step.subject,
                step.place,
                "Der Eintrag dazu wurde zurückgenommen.",
                by,
            )


def _bring_back(case: Case, contact: Contact, *, by: User, now: dt.datetime) -> None:
    today = timezone.localdate(now)
    presence: Presence | None = None  # read once, and only where something is to be looked after
    for lost in FollowUp.objects.filter(ended_by_contact=contact):
        day = max(lost.due_on, today)
        starts_at = lost.starts_at
        if starts_at is not None and starts_at > now:
            kind = FollowUpKind.APPOINTMENT
        else:
            # The hour has passed: what is left of the appointment is to look after it.
            presence = presence or read_presence_of_case(case.pk, today)
            kind, starts_at, day = FollowUpKind.REMINDER, None, presence.next_day(day)
        FollowUp.objects.create(
            case=case,
            kind=kind,
            due_on=day,
            starts_at=starts_at,
            subject=lost.subject,
            place=lost.place,
            created_by=by,
        )


@transaction.atomic
def withdraw_file_note(*, note: FileNote, reason: str, by: User) -> Draft:
    """ "Falsche Akte" for a desk note: its text goes back to a draft of its author and leaves the file."""
    if not reason.strip():
        raise RuleBroken("Bitte nennen Sie den Grund.", field="reason")
    case = lock_case(note.case)
    if not can_withdraw(by, note, note.at, responsible_team_id(case)):
        raise NotAllowed(
            "Zurücknehmen kann am selben Tag, wer eingetragen hat, danach die Teamleitung der zuständigen IFK."
        )
    with rules():
        changed = FileNote.objects.filter(pk=note.pk, withdrawn_at=None).update(
            text="", withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason.strip()
        )
        if not changed:
            raise StaleVersion
        return Draft.objects.create(
            author_id=note.by_id,
            form=DraftForm.CONVERSATION,
            key=uuid.uuid4(),
            payload={"text": [note.text], "withdrawn": ["1"]},
        )


def responsible_team_id(case: Case) -> int | None:
    """The team of whoever is, or was last, responsible."""
    return (
        CaseAssignment.objects.filter(case=case)
        .order_by("-during")
        .values_list("counsellor__user__team_id", flat=True)
        .first()
    )

"""What a conversation brings to will, resources and agreement, written with it or not at all (design.md 3)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from agreements.actions.errors import AgreementMoved
from agreements.enums import Outcome, StepOwner
from agreements.models import (
    Agreement,
    AgreementResource,
    AgreementStep,
    Resource,
    ResourceReview,
    SocialPlace,
    StepOutcome,
    StepReminder,
    WillStatement,
)
from agreements.models.state import State, read_state
from casework.actions import NewStep, RuleBroken, StaleVersion, StandingStep, check_step
from casework.actions.parts import Talk
from casework.actions.steps import FURTHEST_AHEAD, end_step, new_follow_up
from casework.enums import FollowUpKind
from casework.models import FollowUp
from casework.models.presence import LONGEST_SEARCH, Presence, read_presence_of_case
from jobcenter.platform.statements import insert_together

SUBJECT_LENGTH = 300
FURTHEST_ASKED = FURTHEST_AHEAD + dt.timedelta(days=LONGEST_SEARCH)
REVIEW_SUBJECT = "Gemeinsam auf die Vereinbarung schauen"
OWNERS = {StepOwner.CLIENT: "die Person", StepOwner.JOBCENTER: "Jobcenter"}


@dataclass(frozen=True)
class NewWill:
    text: str
    own_activity: str = ""
    life_idea: str = ""


@dataclass(frozen=True)
class NewResource:
    """`row` names the fields of the form; a place is found by name, or added when its area is named."""

    text: str
    field_id: int | None = None
    place: str = ""
    space_id: int | None = None
    used: bool = False
    row: str = "res1"


@dataclass(frozen=True)
class NewAgreementStep:
    """`remind`: its day is put before us as a Wiedervorlage."""

    owner: StepOwner
    text: str
    owner_name: str = ""
    due_on: dt.date | None = None
    remind: bool = False
    row: str = "as1"


@dataclass(frozen=True)
class NewAgreement:
    """A new version. `base`: the version it goes on from, None for a first one; `review`: None is the next step."""

    goal: str
    employment_link: str
    steps: tuple[NewAgreementStep, ...]
    rhythm: str = ""
    review: NewStep | StandingStep | None = None
    resource_ids: tuple[int, ...] = ()
    base: int | None = None


@dataclass(frozen=True)
class NewOutcome:
    step_id: int
    outcome: Outcome
    text: str = ""


@dataclass
class Agreed:
    """The share of this room in a conversation; a part of `conclude_conversation`."""

    will: NewWill | None = None
    resources: tuple[NewResource, ...] = ()
    ended_resources: tuple[int, ...] = ()
    reviewed: bool = False
    agreement: NewAgreement | None = None
    outcomes: tuple[NewOutcome, ...] = ()
    reminders: tuple[int, ...] = ()  # steps of the agreement that stays
    _rows: list[models.Model] = field(default_factory=list, init=False)
    _state: State = field(default_factory=State, init=False)
    _presence: Presence | None = field(default=None, init=False)

    def digest(self) -> object:
        return {name: value for name, value in asdict(self).items() if not name.startswith("_")}

    def is_empty(self) -> bool:
        return self.digest() == Agreed().digest()

    def needs(self) -> dict[str, tuple[type[models.Model], int]]:
        steps = self.agreement.steps if self.agreement else ()
        return {
            "step": (FollowUp, sum(step.remind for step in steps) + len(self.reminders) + self._has_own_review()),
            "resource": (Resource, len(self.resources)),
            # Reserved, because what is chosen in the same talk names the look that came before it (R3.2-3).
            "review": (ResourceReview, int(self._looks_at_resources())),
            "place": (SocialPlace, sum(bool(resource.place.strip()) for resource in self.resources)),
            "agreement": (Agreement, int(self.agreement is not None)),
            "agreement_step": (AgreementStep, len(steps)),
        }

    def _looks_at_resources(self) -> bool:
        """Whoever names a resource, or says that one is no longer true, has looked at them."""
        return bool(self.reviewed or self.resources or self.ended_resources)

    def _has_own_review(self) -> bool:
        return self.agreement is not None and isinstance(self.agreement.review, NewStep)

    def days(self) -> Sequence[dt.date]:
        if self.agreement is None:
            # What stays is looked up under the lock; a step lies at most two years ahead.
            return [timezone.localdate() + dt.timedelta(days=730)] if self.reminders else []
        days = [step.due_on for step in self.agreement.steps if step.remind and step.due_on]
        if isinstance(self.agreement.review, NewStep):
            days.append(self.agreement.review.due_on)
        return days

    def prepare(self, talk: Talk) -> Sequence[FollowUp]:
        if self.is_empty():
            return []
        self._state = read_state(talk.case.pk)
        self._rows = []
        self._presence = None
        new_steps: list[FollowUp] = []
        if self.will:
            self._rows.append(self._will(talk, self.will))
        self._take_resources(talk)
        if self.agreement:
            new_steps += self._agree(talk, self.agreement)
        self._look_at_steps(talk)
        new_steps += self._remind_of_standing(talk)
        return new_steps

    def write(self, talk: Talk) -> None:
        if self.agreement:
            self._supersede(talk)
        insert_together(self._rows)
        if self.ended_resources:
            changed = Resource.objects.filter(case=talk.case, pk__in=self.ended_resources, ended_at=None).update(
                ended_at=talk.now, ended_by=talk.by, ended_in=talk.contact_id
            )
            if changed != len(self.ended_resources):
                raise StaleVersion(field="resources")

    # --- will and resources ---

    def _will(self, talk: Talk, will: NewWill) -> WillStatement:
        if not will.text.strip():
            raise RuleBroken("Bitte schreiben Sie den Willen in den Worten der Person auf.", field="will_text")
        return WillStatement(
            case=talk.case,
            contact_id=talk.contact_id,
            text=will.text.strip(),
            own_activity=will.own_activity.strip(),
            life_idea=will.life_idea.strip(),
            at=talk.now,
            by=talk.by,
        )

    def _take_resources(self, talk: Talk) -> None:
        standing = {row["id"] for row in self._state.resources}
        if set(self.ended_resources) - standing:
            raise StaleVersion(field="resources")
        places = self._places(talk)
        for pk, resource in zip(talk.ids["resource"], self.resources, strict=True):
            self._rows.append(
                Resource(
                    pk=pk,
                    case=talk.case,
                    contact_id=talk.contact_id,
                    text=resource.text.strip(),
                    field_id=resource.field_id,
                    place_id=places.get(resource.row),
                    at=talk.now,
                    by=talk.by,
                )
            )
        for pk in talk.ids["review"]:
            self._rows.append(
                ResourceReview(pk=pk, case=talk.case, contact_id=talk.contact_id, at=talk.now, by=talk.by)
            )

    def _places(self, talk: Talk) -> dict[str, int]:
        """Row -> place: one that the directory knows, or a new one when its area is named."""
        named = [resource for resource in self.resources if resource.place.strip()]
        if not named:
            return {}
        known: dict[str, list[tuple[int, int]]] = {}
        rows = SocialPlace.objects.filter(ended_at=None).annotate(key=models.functions.Lower("name"))
        for pk, key, space in rows.filter(key__in=[r.place.strip().lower() for r in named]).values_list(
            "pk", "key", "space_id"
        ):
            known.setdefault(key, []).append((pk, space))
        found: dict[str, int] = {}
        for resource in named:
            key = resource.place.strip().lower()
            hits = [pk for pk, space in known.get(key, []) if resource.space_id in (None, space)]
            if len(hits) > 1:
                raise RuleBroken(
                    "Diesen Ort gibt es in mehreren Sozialräumen. Bitte wählen Sie den richtigen.",
                    field=f"{resource.row}_space",
                )
            if not hits:
                if resource.space_id is None:
                    raise RuleBroken(
                        "Diesen Ort kennt das Verzeichnis noch nicht. Nennen Sie den Sozialraum, dann kommt er dazu.",
                        field=f"{resource.row}_space",
                    )
                place = self._new_place(talk, resource.place, resource.space_id)
                hits = [place.pk]
                known.setdefault(key, []).append((place.pk, place.space_id))
            found[resource.row] = hits[0]
        return found

    def _new_place(self, talk: Talk, name: str, space_id: int) -> SocialPlace:
        place = SocialPlace(
            pk=talk.ids["place"].pop(0),
            name=name.strip(),
            space_id=space_id,
            added_by=talk.by,
            confirmed_by=talk.by,
        )
        self._rows.append(place)
        return place

    # --- the agreement ---

    def _agree(self, talk: Talk, new: NewAgreement) -> list[FollowUp]:
        current = self._state.agreement
        if new.base != (current["id"] if current else None):
            raise AgreementMoved(field="agreement")
        if talk.next_step_id is None:
            raise RuleBroken(
                "Der Fall endet mit diesem Gespräch; eine neue Vereinbarung braucht einen Fall, der weitergeht.",
                field="agreement",
            )
        check_wording(new)
        resource_ids = self._used_resources(talk, new)
        agreement_id = talk.ids["agreement"][0]
        review_id, steps = self._review(talk, new)
        self._rows.append(
            Agreement(
                pk=agreement_id,
                case=talk.case,
                contact_id=talk.contact_id,
                number=self._state.last_number + 1,
                goal=new.goal.strip(),
                employment_link=new.employment_link.strip(),
                rhythm=new.rhythm.strip(),
                review_follow_up_id=review_id,
                step_count=len(new.steps),
                resource_count=len(resource_ids),
                at=talk.now,
                by=talk.by,
            )
        )
        for position, (pk, step) in enumerate(zip(talk.ids["agreement_step"], new.steps, strict=True), 1):
            self._rows.append(
                AgreementStep(
                    pk=pk,
                    case=talk.case,
                    agreement_id=agreement_id,
                    position=position,
                    owner=step.owner,
                    owner_name=step.owner_name.strip() if step.owner == StepOwner.OTHER else "",
                    text=step.text.strip(),
                    due_on=step.due_on,
                )
            )
            if step.remind and step.due_on:
                steps.append(self._remind(talk, pk, step.owner, step.owner_name, step.text, step.due_on))
        self._rows += [
            AgreementResource(case=talk.case, agreement_id=agreement_id, resource_id=pk) for pk in resource_ids
        ]
        return steps

    def _used_resources(self, talk: Talk, new: NewAgreement) -> list[int]:
        standing = {row["id"] for row in self._state.resources} - set(self.ended_resources)
        if set(new.resource_ids) - standing:
            raise RuleBroken(
                "Eine der genutzten Ressourcen stimmt nicht mehr. Bitte nehmen Sie sie aus der Vereinbarung.",
                field="ag_resources",
            )
        named = [pk for pk, resource in zip(talk.ids["resource"], self.resources, strict=True) if resource.used]
        return [*dict.fromkeys(new.resource_ids), *named]

    def _review(self, talk: Talk, new: NewAgreement) -> tuple[int, list[FollowUp]]:
        """Which step the review is: the conversation's next one, one that stands, or one of its own."""
        if new.review is None:
            assert talk.next_step_id is not None  # noqa: S101  (asked by _agree)
            return talk.next_step_id, []
        if isinstance(new.review, StandingStep):
            step = talk.open_steps.get(new.review.follow_up_id)
            if step is None or step.pk in talk.ended_steps:
                raise RuleBroken(
                    "Dieser Termin ist kein offener Schritt mehr. Bitte nennen Sie einen Tag für den Rückblick.",
                    field="ag_review",
                )
            if talk.moved_steps.get(step.pk, step.due_on) < timezone.localdate(talk.now):
                raise RuleBroken(
                    "Der bisherige Rückblick liegt in der Vergangenheit. Bitte nennen Sie einen neuen Tag.",
                    field="ag_review",
                )
            return step.pk, []
        check_step(new.review, now=talk.now, closed_days=talk.closed_days, prefix="ag_review")
        step = new_follow_up(
            new.review, case_id=talk.case.pk, by=talk.by, pk=talk.ids["step"].pop(0), contact_id=talk.contact_id
        )
        return int(step.pk), [step]

    def _supersede(self, talk: Talk) -> None:
        current = self._state.agreement
        if current is None:
            return
        changed = Agreement.objects.filter(pk=current["id"], superseded_at=None, withdrawn_at=None).update(
            superseded_at=talk.now, superseded_by=talk.ids["agreement"][0]
        )
        if not changed:
            raise AgreementMoved(field="agreement")
        # The new version takes over the review: what was set for the old one alone has done its work.
        old = talk.open_steps.get(current["review"] or 0)
        taken_over = {row.review_follow_up_id for row in self._rows if isinstance(row, Agreement)}
        if (
            old is not None
            and old.subject == REVIEW_SUBJECT
            and old.pk not in talk.ended_steps | {talk.next_step_id} | taken_over
        ):
            version = old.version + int(old.pk in talk.moved_steps)
            end_step(old, version, by=talk.by, now=talk.now, ended_by_contact_id=talk.contact_id)

    # --- steps: what came of them, and what is put before us ---

    def _look_at_steps(self, talk: Talk) -> None:
        known = {step["id"] for step in self._state.steps}
        for outcome in self.outcomes:
            if outcome.step_id not in known:
                raise StaleVersion(field=f"out_{outcome.step_id}")
            if outcome.outcome == Outcome.DIFFERENT and not outcome.text.strip():
                raise RuleBroken("Bitte schreiben Sie, wie es gekommen ist.", field=f"out_{outcome.step_id}_text")
            self._rows.append(
                StepOutcome(
                    case=talk.case,
                    step_id=outcome.step_id,
                    contact_id=talk.contact_id,
                    outcome=outcome.outcome,
                    text=outcome.text.strip(),
                    at=talk.now,
                    by=talk.by,
                )
            )

    def _remind_of_standing(self, talk: Talk) -> list[FollowUp]:
        steps = {step["id"]: step for step in self._state.steps}
        new_steps = []
        for step_id in self.reminders:
            step = steps.get(step_id)
            if step is None or not step["due_on"]:
                raise StaleVersion(field="agreement")
            due_on = dt.date.fromisoformat(step["due_on"])
            new_steps.append(self._remind(talk, step_id, step["owner"], step["owner_name"], step["text"], due_on))
        return new_steps

    def _remind(self, talk: Talk, step_id: int, owner: str, name: str, text: str, due_on: dt.date) -> FollowUp:
        if talk.next_step_id is None:
            raise RuleBroken("Der Fall endet; es gibt nichts mehr vorzulegen.", field="agreement")
        day = self._day_of_responsible(talk, due_on)
        who = OWNERS.get(StepOwner(owner), name.strip())
        subject = " ".join(f"{who}: {text}".split())
        if len(subject) > SUBJECT_LENGTH:
            subject = subject[: SUBJECT_LENGTH - 2] + " …"
        follow_up = new_follow_up(
            NewStep(FollowUpKind.REMINDER, day, subject),
            case_id=talk.case.pk,
            by=talk.by,
            pk=talk.ids["step"].pop(0),
            contact_id=talk.contact_id,
        )
        self._rows.append(
            StepReminder(case=talk.case, step_id=step_id, follow_up_id=follow_up.pk, contact_id=talk.contact_id)
        )
        return follow_up

    def _day_of_responsible(self, talk: Talk, due_on: dt.date) -> dt.date:
        """The day of a step as far as it has not passed, on which the IFK is there; read once for all reminders."""
        today = timezone.localdate(talk.now)
        self._presence = self._presence or read_presence_of_case(talk.case.pk, today, today + FURTHEST_ASKED)
        return self._presence.next_day(max(due_on, today))


def check_wording(new: NewAgreement) -> None:
    """Refuse what the database would refuse, beside the field (R4.3-1, R3.3-1, R2-4)."""
    if not new.goal.strip():
        raise RuleBroken("Bitte schreiben Sie das Ziel in den Worten der Person auf.", field="ag_goal")
    if not new.employment_link.strip():
        raise RuleBroken("Bitte schreiben Sie, was das mit Arbeit oder Ausbildung zu tun hat.", field="ag_link")
    if not new.steps:
        raise RuleBroken("Bitte nennen Sie mindestens einen Schritt: Wer macht was?", field="ag_steps")
    for step in new.steps:
        if not step.text.strip():
            raise RuleBroken("Bitte schreiben Sie, was getan wird.", field=f"{step.row}_text")
        if step.owner == StepOwner.OTHER and not step.owner_name.strip():
            raise RuleBroken("Bitte nennen Sie, wer den Schritt macht.", field=f"{step.row}_name")


def payload_of_step(number: int, step: AgreementStep) -> dict[str, list[Any]]:
    """A step as the form holds it."""
    return {
        f"as{number}_text": [step.text],
        f"as{number}_owner": [step.owner],
        f"as{number}_name": [step.owner_name],
        f"as{number}_due": [f"{step.due_on:%d.%m.%Y}" if step.due_on else ""],
    }

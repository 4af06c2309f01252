"""What the conversations of one case brought: will, resources, agreements, and what came of their steps.

It is laid over the conversations when the case has been told: by then it is known which step each of them set.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from agreements.enums import Outcome, SheetPart, StepOwner
from agreements.models import (
    Agreement,
    AgreementHandout,
    AgreementResource,
    AgreementStep,
    Resource,
    ResourceField,
    ResourceReview,
    StepOutcome,
    StepReminder,
    WillStatement,
)
from jobcenter.office.demo import wording_common as common
from jobcenter.office.demo.own_words import Doing, OwnWords
from jobcenter.office.demo.places import AREAS_OF, Places, add_places
from jobcenter.office.demo.plan import CasePlan
from jobcenter.office.demo.rows import Rows
from jobcenter.office.demo.sizes import CHANGEABLE, SHOWCASE, WorkCalendar
from jobcenter.office.demo.staff import Worker
from jobcenter.office.demo.voice import Thread, Voice

if TYPE_CHECKING:
    from jobcenter.office.demo.history import CaseHistory

NO_ACTIVITY, LIFE_IDEA, LOOKED, HANDED_OUT, ENDED = 0.2, 0.15, 0.3, 0.3, 0.12
SUBJECT_LENGTH = 300
OWNERS = {StepOwner.CLIENT: "die Person", StepOwner.JOBCENTER: "Jobcenter"}
LANGUAGES = ("",) * 12 + ("en", "tr", "uk", "ar")
LANGUAGE_OF = {1: "uk", 2: "ar"}


@dataclass(frozen=True)
class Directory:
    """Reference data: fields and places."""

    fields: dict[str, int]
    places: Places

    @classmethod
    def of(cls, seed: int, calendar: WorkCalendar, workers: list[Worker]) -> Self:
        fields = dict(ResourceField.objects.values_list("text", "id"))
        return cls(fields, add_places(seed, calendar, workers))


@dataclass(slots=True)
class Talk:
    """A conversation that took place, and the next step that it set."""

    contact_id: int
    index: int
    at: dt.datetime
    by: Worker
    step: dict[str, Any]
    thread: Thread
    second: dict[str, Any] | None = None


@dataclass(slots=True)
class Standing:
    """The current version while it is current."""

    row: dict[str, Any]
    goal: str
    link: str
    steps: list[tuple[int, Doing, dt.date | None]]
    open: set[int] = field(default_factory=set)  # steps of which nothing is known yet


class Agreed:
    def __init__(
        self,
        rows: Rows,
        calendar: WorkCalendar,
        plan: CasePlan,
        voice: Voice,
        directory: Directory,
        rng: random.Random,
    ) -> None:
        self.rows, self.calendar, self.plan, self.directory, self.rng = rows, calendar, plan, directory, rng
        self.case_id = plan.ids[1]
        self.words = OwnWords(rng, voice, calendar, plan.special_name)
        self.area = rng.choice(AREAS_OF[plan.worker.place])
        self.talks: list[Talk] = []
        self.standing: list[int] = []  # resources
        self.ends: dict[int, list[dict[str, Any]]] = defaultdict(list)  # resources by the talk that ends them
        self.current: Standing | None = None
        self.number = 0
        self.reviews: dict[int, int] = {}  # looks at resources by their talk
        self.standing_at: dict[int, int] = {}  # the agreement that stood at the end of each talk

    def heard(self, talk: Talk) -> None:
        self.talks.append(talk)

    def finish(self, history: "CaseHistory") -> None:
        if not self.talks:
            return
        self._find_second_steps(history)
        count = len(self.talks)
        versions = self._versions(count)
        wills = self._wills(count, versions)
        named = self._resources(count)
        for place, talk in enumerate(self.talks):
            self._take_resources(place, talk, named[place])
            if place in wills:
                self._will(talk, wills.index(place))
            self._look_at_steps(place, talk, place in versions)
            if place in versions:
                self._agree(talk)
            elif self.current:
                self._remind_of_standing(talk)
            if self.current:
                self.standing_at[place] = self.current.row["id"]
            self._between(place, talk, history)
        if self.current:
            self.rows.add(Agreement, **self.current.row)

    def look_at(self, place: int) -> int | None:
        """The last look at resources before or in that talk."""
        return next((self.reviews[one] for one in range(place, -1, -1) if one in self.reviews), None)

    def _find_second_steps(self, history: "CaseHistory") -> None:
        talks = {talk.contact_id: talk for talk in self.talks}
        for step in history.steps:
            talk = talks.get(step["contact_id"])
            if talk is not None and step is not talk.step:
                talk.second = step

    # What happens in which conversation

    def _versions(self, count: int) -> list[int]:
        """The first one comes with the first or the second conversation (R3.3-2)."""
        wanted = min(self.plan.agreements, count)
        if wanted == 0:
            return []
        if self.plan.shape is SHOWCASE:
            return sorted({0, count // 2, max(0, count - 2)})
        first = 1 if wanted < count and self.rng.random() < 0.35 else 0
        return [first, *sorted(self.rng.sample(range(first + 1, count), wanted - 1))]

    def _wills(self, count: int, versions: list[int]) -> list[int]:
        shape = self.plan.shape
        wanted = shape.wills if shape else self.rng.choice((1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3))
        if not versions and self.rng.random() < 0.3:
            return []
        places = [0 if not versions or versions[0] == 0 else self.rng.choice((0, versions[0]))]
        later = [place for place in versions if place > places[0]] or list(range(places[0] + 1, count))
        return [*places, *sorted(self.rng.sample(later, min(wanted - 1, len(later))))]

    def _resources(self, count: int) -> list[int]:
        """How many are named in which conversation: most in the first ones."""
        rng, shape = self.rng, self.plan.shape
        low, high = rng.choice(((0, 0), (1, 3), (1, 3), (1, 4), (2, 5), (3, 6), (4, 6), (4, 8), (7, 12)))
        named = [0] * count
        for _ in range(shape.resources if shape else rng.randint(low, high)):
            named[0 if rng.random() < 0.45 and shape is not CHANGEABLE else rng.randint(0, count - 1)] += 1
        return named

    def _base(self, talk: Talk) -> dict[str, Any]:
        return {"case_id": self.case_id, "contact_id": talk.contact_id, "at": talk.at, "by_id": talk.by.id}

    def _take_resources(self, place: int, talk: Talk, count: int) -> None:
        ended = self.ends.pop(place, [])
        for row in ended:
            self.standing.remove(row["id"])
        for _ in range(count):
            self._resource(place, talk)
        if count or ended or self.rng.random() < LOOKED:
            self.reviews[place] = self.rows.new_id(ResourceReview)
            self.rows.add(ResourceReview, id=self.reviews[place], **self._base(talk))

    def _resource(self, place: int, talk: Talk) -> None:
        shape = self.plan.shape
        named = self.words.resource(many=shape is CHANGEABLE, own_topic=shape is SHOWCASE)
        row = {
            **self._base(talk),
            "id": self.rows.new_id(Resource),
            "text": named.text,
            "field_id": self.directory.fields.get(named.field) if self.rng.random() < 0.7 else None,
            "place_id": self.directory.places.get((self.area, named.kind)),
        }
        self.standing.append(row["id"])
        later = len(self.talks) - place - 1
        if later and not shape and self.rng.random() < ENDED:
            end = place + self.rng.randint(1, later)
            talk = self.talks[end]
            row |= {"ended_at": talk.at, "ended_by_id": talk.by.id, "ended_in_id": talk.contact_id}
            self.ends[end].append(row)
        self.rows.add(Resource, **row)

    def _will(self, talk: Talk, number: int) -> None:
        shown = self.plan.shape is SHOWCASE
        has_activity = shown or self.rng.random() >= NO_ACTIVITY
        has_idea = shown or self.rng.random() < LIFE_IDEA
        self.rows.add(
            WillStatement,
            **self._base(talk),
            life_idea=self.words.life_idea() if has_idea else "",
            text=self.words.will(number),
            own_activity=self.words.own_activity() if has_activity else "",
        )

    # Versions

    def _agree(self, talk: Talk) -> None:
        before, words, rng = self.current, self.words, self.rng
        shown = self.plan.shape is SHOWCASE
        agreement_id = self.rows.new_id(Agreement)
        number = self.number if shown else None
        goal = before.goal if before and not shown and rng.random() < 0.35 else words.goal(talk.index, number)
        link = before.link if before and not shown and rng.random() < 0.5 else words.employment_link(number)
        if before:
            before.row |= {"superseded_at": talk.at, "superseded_by_id": agreement_id}
            self.rows.add(Agreement, **before.row)
        self.number += 1
        steps = list(self._steps(agreement_id, talk))
        used = rng.sample(self.standing, min(len(self.standing), rng.choice((0, 1, 1, 2, 2, 3))))
        for resource_id in used:
            self.rows.add(AgreementResource, case_id=self.case_id, agreement_id=agreement_id, resource_id=resource_id)
        row = {
            **self._base(talk),
            "id": agreement_id,
            "number": self.number,
            "goal": goal,
            "employment_link": link,
            "rhythm": words.rhythm(talk.index, self._gap(), regular=shown),
            "review_follow_up_id": self._review(talk, steps),
            "step_count": len(steps),
            "resource_count": len(used),
        }
        self.current = Standing(row, goal, link, steps, {pk for pk, _, _ in steps})
        self._hand_out(agreement_id, talk)

    def _gap(self) -> int:
        """Working days between two conversations, as they really are."""
        days = self.plan.contacts
        return max(5, (days[-1] - days[0]) // (len(days) - 1)) if len(days) > 1 else 35

    def _steps(self, agreement_id: int, talk: Talk) -> Iterator[tuple[int, Doing, dt.date | None]]:
        for position, doing in enumerate(self.words.steps(talk.thread), 1):
            due_on = self._due(talk, doing)
            if doing.thread and talk.second and self.rng.random() < 0.5:
                due_on = talk.second["said_on"]  # it is put before us as a Wiedervorlage
            pk = self.rows.new_id(AgreementStep)
            self.rows.add(
                AgreementStep,
                id=pk,
                case_id=self.case_id,
                agreement_id=agreement_id,
                position=position,
                owner=str(doing.owner),
                owner_name=doing.name[:120],
                text=doing.text,
                due_on=due_on,
            )
            yield pk, doing, due_on

    def _due(self, talk: Talk, doing: Doing) -> dt.date | None:
        """Before the next conversation most of the time; now and then no day is named."""
        if self.rng.random() < (0.08 if doing.thread else 0.35):
            return None
        latest = max(talk.index + 2, talk.step["target"])
        index = min(talk.index + self.rng.randint(2, 30), latest + self.rng.randint(-1, 10))
        return self.calendar.days[min(max(index, talk.index + 1), len(self.calendar.days) - 1)]

    def _review(self, talk: Talk, steps: list[tuple[int, Doing, dt.date | None]]) -> int:
        """The step that the conversation set, or one of its own; a second step may be put before us instead."""
        second = talk.second
        if second is None:
            return int(talk.step["id"])
        pk, doing, due_on = steps[0]
        if due_on == second["said_on"]:
            self._remind(talk, pk, doing)
            return int(talk.step["id"])
        second["subject"] = common.REVIEW
        return int(second["id"])

    def _remind(self, talk: Talk, step_id: int, doing: Doing) -> None:
        assert talk.second is not None  # noqa: S101  (for mypy)
        talk.second["subject"] = f"{OWNERS.get(doing.owner, doing.name)}: {doing.text}"[:SUBJECT_LENGTH]
        self.rows.add(
            StepReminder,
            case_id=self.case_id,
            step_id=step_id,
            follow_up_id=talk.second["id"],
            contact_id=talk.contact_id,
        )

    def _remind_of_standing(self, talk: Talk) -> None:
        """A step of the version that stays."""
        current = self.current
        if current is None or talk.second is None:
            return
        for pk, doing, due_on in current.steps:
            if pk in current.open and due_on is not None and due_on <= talk.second["said_on"]:
                self._remind(talk, pk, doing)
                return

    def _hand_out(self, agreement_id: int, talk: Talk) -> None:
        rng = self.rng
        if rng.random() >= HANDED_OUT and self.plan.shape is not SHOWCASE:
            return
        parts = [part.value for part in SheetPart if rng.random() < (0.9 if part == SheetPart.STEPS else 0.6)]
        special = self.plan.special_name
        self.rows.add(
            AgreementHandout,
            case_id=self.case_id,
            agreement_id=agreement_id,
            parts=parts,
            language=LANGUAGE_OF.get(special, "") if special is not None else rng.choice(LANGUAGES),
            at=talk.at + dt.timedelta(minutes=rng.randint(1, 4), seconds=rng.randint(0, 59)),
            by_id=talk.by.id,
        )

    # What came of the steps

    def _look_at_steps(self, place: int, talk: Talk, next_version: bool) -> None:
        """With a new version most is known of the old one; of one that stays, a part."""
        current = self.current
        if current is None:
            return
        share = 0.8 if next_version else 0.3
        is_last = place == len(self.talks) - 1
        for pk, doing, _ in current.steps:
            if pk not in current.open:
                continue
            if self.plan.shape is SHOWCASE:
                if doing.thread or not is_last:
                    kurz = doing.thread.kurz if doing.thread else ""
                    self._outcome(pk, talk.at, talk.by, talk.contact_id, Outcome.DONE, kurz)
                continue
            if self.rng.random() < share:
                self._outcome(pk, talk.at, talk.by, talk.contact_id, *self.words.outcome(doing))

    def _between(self, place: int, talk: Talk, history: "CaseHistory") -> None:
        """Now and then somebody calls in between and tells what came of a step."""
        current, rng = self.current, self.rng
        if not current or not current.open or self.plan.shape is SHOWCASE or rng.random() > 0.06:
            return
        is_last = place == len(self.talks) - 1
        until = (self.plan.closed or self.calendar.today) if is_last else self.talks[place + 1].index
        if until - talk.index < 4:
            return
        index = rng.randint(talk.index + 2, until - 1)
        pk, doing, _ = rng.choice([step for step in current.steps if step[0] in current.open])
        at = self.calendar.moment(index, rng.randint(8 * 60, 16 * 60), rng.randint(0, 59))
        self._outcome(pk, at, history.acting(index), None, *self.words.outcome(doing))

    def _outcome(
        self, step_id: int, at: dt.datetime, by: Worker, contact_id: int | None, outcome: Outcome, text: str
    ) -> None:
        assert self.current is not None  # noqa: S101  (for mypy)
        self.current.open.discard(step_id)
        text = self.words.say(text)
        self.rows.add(
            StepOutcome,
            case_id=self.case_id,
            step_id=step_id,
            contact_id=contact_id,
            outcome=str(outcome),
            text=text,
            at=at,
            by_id=by.id,
        )

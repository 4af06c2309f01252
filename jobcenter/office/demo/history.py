"""The history of one case: from its opening over contacts and next steps to today or to its end."""

import datetime as dt
import hashlib
import random
from dataclasses import dataclass
from typing import Any

from casework.enums import ContactKind, FollowUpKind, MissedHow
from casework.models import Case, CaseAssignment, CaseClosure, Contact, FollowUp, FollowUpChange
from jobcenter.office.demo import phrases
from jobcenter.office.demo.agreed import Agreed, Talk
from jobcenter.office.demo.margin import Margin
from jobcenter.office.demo.plan import CasePlan
from jobcenter.office.demo.rows import Rows, key
from jobcenter.office.demo.sizes import Size, WorkCalendar
from jobcenter.office.demo.staff import Worker
from jobcenter.office.demo.voice import Voice

EARLIEST, LATEST = 8 * 60, 15 * 60 + 45  # appointments begin in between, on the quarter hour
CONFIRMING, MISSED, CAME_LATER, LATE_ENTRY, POSTPONED, HANDED_OVER = 0.05, 0.07, 0.2, 0.03, 0.07, 0.07


@dataclass
class Office:
    """What every history needs."""

    rows: Rows
    calendar: WorkCalendar
    size: Size
    channels: dict[str, int]
    booked: set[tuple[int, int, int]]  # counsellor, day, minute of what is still to come

    def book(self, rng: random.Random, worker: Worker, index: int) -> int | None:
        """A quarter hour with half an hour free before and after it; what lies behind us may have been crowded."""
        for _ in range(12):
            minute = rng.randrange(EARLIEST, LATEST + 1, 15)
            if index < self.calendar.yesterday:
                return minute
            if all((worker.id, index, minute + near) not in self.booked for near in (-30, -15, 0, 15, 30)):
                self.booked.add((worker.id, index, minute))
                return minute
        return None


class CaseHistory:
    """Writes one case. Steps are kept as dictionaries until the case is told, since they end later."""

    def __init__(
        self,
        office: Office,
        plan: CasePlan,
        colleagues: list[Worker],
        rng: random.Random,
        voice: Voice,
        agreed: Agreed,
    ) -> None:
        self.office, self.plan, self.rng, self.voice = office, plan, rng, voice
        self.rows, self.calendar = office.rows, office.calendar
        self.client_id, self.case_id = plan.ids
        self.colleagues = colleagues
        self.steps: list[dict[str, Any]] = []
        self.running: list[dict[str, Any]] = []  # open steps, the main one first
        self.margin = Margin(self.rows, self.calendar, self.case_id, rng)
        self.agreed = agreed
        self.handed_over, self.former = self._handover()
        self.opened_at = self.moment(plan.opened, 8 * 60 + 10, 15 * 60 + 30)
        self.closed_at: dt.datetime | None = None

    def moment(self, index: int, earliest: int, latest: int) -> dt.datetime:
        return self.calendar.moment(index, self.rng.randint(earliest, latest), self.rng.randint(0, 59))

    def _handover(self) -> tuple[int, Worker | None]:
        """In some cases the responsible counsellor has changed, on a day between two contacts."""
        days = self.plan.contacts
        if len(days) < 3 or not self.colleagues or self.rng.random() > HANDED_OVER:
            return 0, None
        place = self.rng.randint(0, len(days) - 3)
        if days[place + 1] - days[place] < 4:
            return 0, None
        return days[place] + 2, self.rng.choice(self.colleagues)

    def responsible(self, index: int) -> Worker:
        if self.former is not None and index < self.handed_over:
            return self.former
        return self.plan.worker

    def acting(self, index: int) -> Worker:
        """Whoever does the work on the day: responsible, or standing in."""
        return self.responsible(index).acting(index)

    # The course of the case

    def write(self) -> None:
        plan, days = self.plan, self.plan.contacts
        opener = self.responsible(plan.opened)
        self._first_step(opener)
        for place, index in enumerate(days):
            if plan.closing_contact and place == len(days) - 1:
                self._closing_contact(index)
            else:
                self._contact(place, index)
        if plan.closed is not None and not plan.closing_contact:
            self._close(self.moment(plan.closed, 16 * 60 + 35, 17 * 60), self.acting(plan.closed), None)
        self.rows.add(
            Case,
            id=self.case_id,
            client_id=self.client_id,
            organisation_id=plan.worker.user.organisation_id,
            number=plan.number,
            opened_at=self.opened_at,
            opened_by_id=opener.id,
            closed_at=self.closed_at,
            previous_case_id=plan.previous.ids[1] if plan.previous else None,
            is_restricted=plan.is_restricted,
        )
        self._assign(opener)
        self.agreed.finish(self)
        for step in self.steps:
            self.rows.add(FollowUp, **step)
        self.margin.finish(self)

    def _assign(self, opener: Worker) -> None:
        begin, by, note = self.opened_at, opener.id, ""
        end = self.closed_at.isoformat() if self.closed_at else ""
        if self.former is not None:
            begin = self.calendar.moment(self.handed_over, 7 * 60 + 30)
            self.rows.add(
                CaseAssignment,
                case_id=self.case_id,
                counsellor_id=self.former.id,
                during=f"[{self.opened_at.isoformat()},{begin.isoformat()})",
                by_id=opener.id,
                note="",
            )
            by = int(self.plan.worker.lead.pk)
            note = self.rng.choice(phrases.HANDOVERS)
        self.rows.add(
            CaseAssignment,
            case_id=self.case_id,
            counsellor_id=self.plan.worker.id,
            during=f"[{begin.isoformat()},{end})",
            by_id=by,
            note=note,
        )

    # Next steps

    def _first_step(self, opener: Worker) -> None:
        """Work-First: with the opening the first talk is on its way (R3.3-2)."""
        days = self.plan.contacts
        followed = bool(days) or self.plan.closed is not None
        first = self._step(self.opened_at, self.plan.opened, opener, None, self._target(-1), taken_up=followed)
        self.running = [first]
        first["subject"] = phrases.FIRST_TALK if first["starts_at"] else phrases.ARRANGE_FIRST_TALK

    def _target(self, place: int) -> int:
        """The day on which the step will be taken up that is made at this contact."""
        days = self.plan.contacts
        if place + 1 < len(days):
            if place >= 0 and place + 2 < len(days) and self.rng.random() < CONFIRMING:
                return days[place + 2]  # the contact in between confirms it
            return days[place + 1]
        if self.plan.closed is None:
            return self.plan.due
        return min(self.plan.closed + self.rng.randint(0, 12), len(self.calendar.days) - 1)

    def _kind(self, target: int, ahead: bool) -> FollowUpKind:
        """A step still open is of the planned kind; an appointment that is long past has had its entry."""
        if ahead and self.plan.as_appointment is not None:
            chance = float(self.plan.as_appointment)
        elif ahead and target < self.calendar.yesterday:
            chance = 0.1
        else:
            chance = 0.35 if target > self.calendar.today + 60 else 0.55
        return FollowUpKind.APPOINTMENT if self.rng.random() < chance else FollowUpKind.REMINDER

    def _step(
        self,
        at: dt.datetime,
        index: int,
        by: Worker,
        contact_id: int | None,
        target: int,
        kind: FollowUpKind | None = None,
        taken_up: bool = True,
    ) -> dict[str, Any]:
        """Make a step; `taken_up` tells that a contact or the end of the case comes after it."""
        rng = self.rng
        ahead = not taken_up
        kind = (
            kind if kind is not None and (taken_up or self.plan.as_appointment is None) else self._kind(target, ahead)
        )
        minute = self.office.book(rng, by, target) if kind == FollowUpKind.APPOINTMENT else None
        if minute is None:
            kind = FollowUpKind.REMINDER
        due = target
        if kind == FollowUpKind.REMINDER and taken_up:
            due = max(min(index + 1, target), target - rng.choice((0, 0, 0, 1, 1, 2, 4)))
        place = ""
        if minute is not None:
            place = self.responsible(target).room if rng.random() < 0.75 else rng.choice(phrases.PLACES)
        step: dict[str, Any] = {
            "id": self.rows.new_id(FollowUp),
            "case_id": self.case_id,
            "contact_id": contact_id,
            "kind": str(kind),
            "due_on": self.calendar.days[due],
            "starts_at": None if minute is None else self.calendar.moment(target, minute),
            "place": place,
            "subject": self.voice.meeting() if minute is not None else self.voice.check(),
            "version": 1,
            "created_at": at,
            "created_by_id": by.id,
            "outcome": "",
            # Not a column: the day on which it is taken up.
            "target": target,
        }
        step["said_on"], step["said_at"] = step["due_on"], step["starts_at"]
        self.steps.append(step)
        if due - index >= 5 and rng.random() < POSTPONED:
            self._postponed(step, index, due)
        return step

    def _postponed(self, step: dict[str, Any], index: int, due: int) -> None:
        """It was due earlier and was moved, with or without a reason."""
        rng = self.rng
        before = rng.randint(index + 2, due - 2)
        end = self.calendar.today if self.plan.closed is None else self.plan.closed
        changed = min(before - rng.choice((1, 1, 2)), end - 1)
        if changed <= index:
            return
        by = self.acting(changed)
        old_starts_at = None
        if step["starts_at"] is not None:
            old_starts_at = self.calendar.moment(before, rng.randrange(EARLIEST, LATEST + 1, 15))
        self.rows.add(
            FollowUpChange,
            case_id=self.case_id,
            follow_up_id=step["id"],
            old_due_on=self.calendar.days[before],
            new_due_on=step["due_on"],
            old_starts_at=old_starts_at,
            new_starts_at=step["starts_at"],
            old_subject="",
            old_place="",
            reason=rng.choice(phrases.POSTPONED),
            at=self.moment(changed, 10 * 60 + 15, 16 * 60),
            by_id=by.id,
        )
        step["version"] = 2
        step["changed_on"] = changed
        step["said_on"], step["said_at"] = self.calendar.days[before], old_starts_at

    def _end(self, at: dt.datetime, by: int, *, contact_id: int | None = None, closure_id: int | None = None) -> None:
        for step in self.running:
            step.update(ended_at=at, ended_by_id=by, ended_by_contact_id=contact_id, closure_id=closure_id)
            step["version"] += 1
        self.running = []

    # Contacts

    def _contact(self, place: int, index: int) -> None:
        rng, main = self.rng, self.running[0]
        kept = main["starts_at"] is not None and main["target"] == index
        at = main["starts_at"] if kept else self.calendar.moment(index, rng.randrange(EARLIEST, 16 * 60 + 1, 5))
        recorded_at = at + dt.timedelta(minutes=rng.randint(5, 40), seconds=rng.randint(0, 59))
        if main["target"] > index:
            self._record(place, index, at, recorded_at, confirmed=main)
            return
        days = self.plan.contacts
        following = days[place + 1] if place + 1 < len(days) else min(self.calendar.today, self.plan.due or index + 9)
        if rng.random() < LATE_ENTRY and index + 1 < following:
            recorded_at = self.moment(index + 1, 7 * 60 + 45, 10 * 60)
        elif kept and rng.random() < MISSED:
            how = rng.choice((MissedHow.NO_SHOW, MissedHow.NO_SHOW, MissedHow.CANCELLED, MissedHow.CANCELLED_BY_US))
            came_later = how == MissedHow.NO_SHOW and at.hour < 12 and rng.random() < CAME_LATER
            missed = self._record(place, index, at, recorded_at, missed=how, only_until=index + 1 if came_later else 0)
            if came_later:
                later = recorded_at + dt.timedelta(minutes=rng.randint(20, 70))
                self._record(place, index, later, later + dt.timedelta(minutes=rng.randint(20, 40)), replaces=missed)
            return
        self._record(place, index, at, recorded_at)

    def _record(
        self,
        place: int,
        index: int,
        at: dt.datetime,
        recorded_at: dt.datetime,
        *,
        missed: MissedHow | None = None,
        replaces: int | None = None,
        confirmed: dict[str, Any] | None = None,
        only_until: int = 0,
    ) -> int:
        """One contact with its next step: a new one, or one that stands already and is confirmed."""
        author = self.acting(index)
        contact_id = self.rows.new_id(Contact)
        appointment = self._appointment_of(index, at)
        channel = self._channel(appointment)
        if confirmed is not None:
            step = confirmed
            text = self.voice.confirmation(channel, step, step.get("changed_on", index) < index)
        else:
            self._end(recorded_at, author.id, contact_id=contact_id)
            if missed is None:
                self.voice.advance()
            told = self.voice.moment()
            step = self._next_step(place, index, recorded_at, author, contact_id, only_until, again=missed is not None)
            text = self.voice.missed(missed) if missed else self.voice.later(channel, step, told)
            if missed is None:
                self.agreed.heard(Talk(contact_id, index, recorded_at, author, step, told[1]))
        self._add_contact(
            contact_id,
            index,
            at,
            recorded_at,
            author,
            text,
            channel,
            kind=ContactKind.MISSED if missed else ContactKind.TALK,
            missed_how=missed,
            follow_up_id=step["id"],
            appointment_id=appointment["id"] if appointment else None,
            replaces_id=replaces,
        )
        return contact_id

    def _appointment_of(self, index: int, at: dt.datetime) -> dict[str, Any] | None:
        main = self.running[0]
        return main if main["starts_at"] == at and main["target"] == index else None

    def _next_step(
        self,
        place: int,
        index: int,
        at: dt.datetime,
        author: Worker,
        contact_id: int,
        only_until: int,
        again: bool,
    ) -> dict[str, Any]:
        """The step that the contact sets; now and then it is ended by a successor, or stands beside a second one."""
        rng, further = self.rng, self.office.size.further_steps
        last = place == len(self.plan.contacts) - 1
        ahead = last and self.plan.closed is None
        if only_until:
            step = self._step(at, index, author, contact_id, only_until, FollowUpKind.REMINDER)
            step["subject"] = phrases.NEW_APPOINTMENT
            self.running = [step]
            return step
        target = self._target(place)
        begun = index if at.date() == self.calendar.days[index] else index + 1
        days = self.plan.contacts
        following = days[place + 1] if not last else self.plan.closed or target
        until = min(target, self.calendar.today, following)
        if until - begun >= 4 and rng.random() < 0.6 * further:
            ended = rng.randint(begun + 2, until - 1)
            step, following = self._succession(at, begun, author, contact_id, ended, target, not ahead)
            self.running = [following]
        else:
            step = self._step(at, begun, author, contact_id, target, taken_up=not ahead)
            self.running = [step]
        if again:
            step["subject"] = self.voice.again(step)
        if rng.random() < (0.12 if ahead else 0.4 * further):
            self.running.append(self._second(at, begun, author, contact_id, target, ahead))
        return step

    def _succession(
        self,
        at: dt.datetime,
        index: int,
        author: Worker,
        contact_id: int,
        ended: int,
        target: int,
        taken_up: bool,
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A Wiedervorlage is done at the desk, and the next one takes its place."""
        step = self._step(at, index, author, contact_id, ended, FollowUpKind.REMINDER)
        by = self.acting(ended)
        ended_at = self.moment(ended, 8 * 60, 16 * 60 + 20)
        step["outcome"] = self.voice.outcome()
        self.voice.advance()
        following = self._step(ended_at, ended, by, None, target, taken_up=taken_up)
        step.update(ended_at=ended_at, ended_by_id=by.id, successor_id=following["id"])
        step["version"] += 1
        return step, following

    def _second(
        self, at: dt.datetime, index: int, author: Worker, contact_id: int, target: int, ahead: bool
    ) -> dict[str, Any]:
        rng = self.rng
        # An open one stands beside the main one, further ahead.
        later = self.calendar.today + 10 + min(int(rng.expovariate(1 / 25)), 120)
        day = later if ahead else rng.randint(min(index + 1, target), target)
        step = self._step(at, index, author, contact_id, day, FollowUpKind.REMINDER, True)
        step["due_on"] = max(step["due_on"], self.calendar.days[index])
        step["subject"] = self.voice.other_check()
        return step

    def _channel(self, appointment: dict[str, Any] | None) -> str:
        chance = self.rng.random()
        if appointment is None and not self.voice.has_met:
            return "in_person" if chance < 0.6 else "phone"
        if appointment is not None:
            if appointment["place"] == "Telefon":
                return "phone"
            if appointment["place"] in phrases.OUTSIDE:
                return "outreach"
            return "in_person" if chance < 0.9 else "three_way" if chance < 0.96 else "digital"
        if self.plan.worker.area == "job_academy" and chance < 0.3:
            return "group"
        return "phone" if chance < 0.6 else "digital" if chance < 0.8 else "written" if chance < 0.9 else "in_person"

    def _add_contact(
        self,
        contact_id: int,
        index: int,
        at: dt.datetime,
        recorded_at: dt.datetime,
        author: Worker,
        text: str,
        channel: str,
        **more: Any,
    ) -> None:
        self.rows.add(
            Contact,
            id=contact_id,
            case_id=self.case_id,
            channel_id=self.office.channels[channel],
            at=at,
            recorded_at=recorded_at,
            author_id=author.id,
            text=text,
            submission_key=key(self.rng),
            submission_digest=hashlib.sha256(text.encode()).hexdigest(),
            **more,
        )
        self.margin.beside_contact(contact_id, index, recorded_at, author, channel, self.voice, **more)

    # The end

    def _closing_contact(self, index: int) -> None:
        """The last contact ends the case: no next step, and the closure of the same moment."""
        rng, author = self.rng, self.acting(index)
        main = self.running[0]
        kept = main["starts_at"] is not None and main["target"] == index
        at = main["starts_at"] if kept else self.calendar.moment(index, rng.randrange(EARLIEST, 16 * 60 + 1, 5))
        recorded_at = at + dt.timedelta(minutes=rng.randint(5, 40), seconds=rng.randint(0, 59))
        appointment = self._appointment_of(index, at)
        channel = self._channel(appointment)
        contact_id = self.rows.new_id(Contact)
        if kept:
            others = self.running[1:]
            self.running = [main]
            self._end(recorded_at, author.id, contact_id=contact_id)
            self.running = others
        closure_id = self._close(recorded_at, author, contact_id)
        self._add_contact(
            contact_id,
            index,
            at,
            recorded_at,
            author,
            self.voice.final(channel, self.plan.reason),
            channel,
            kind=ContactKind.TALK,
            closure_id=closure_id,
            appointment_id=appointment["id"] if appointment else None,
        )

    def _close(self, at: dt.datetime, by: Worker, contact_id: int | None) -> int:
        closure_id = self.rows.new_id(CaseClosure)
        self.closed_at = at
        self.rows.add(
            CaseClosure,
            id=closure_id,
            case_id=self.case_id,
            reason=str(self.plan.reason),
            text="" if contact_id else self.rng.choice(phrases.CLOSURES[self.plan.reason]),
            at=at,
            by_id=by.id,
        )
        self._end(at, by.id, closure_id=closure_id)
        return closure_id

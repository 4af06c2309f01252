"""What stands beside the contacts of a case: participants, addenda, notes, participations, facts."""

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

from casework.enums import ClosingReason, ContactKind, ParticipantRole
from casework.models import (
    CaseParticipation,
    ContactParticipant,
    EmploymentStart,
    FileNote,
    NoteAddendum,
)
from jobcenter.office.demo import phrases
from jobcenter.office.demo.names import person
from jobcenter.office.demo.rows import Rows
from jobcenter.office.demo.sizes import WorkCalendar
from jobcenter.office.demo.staff import Worker
from jobcenter.office.demo.voice import Voice

if TYPE_CHECKING:
    from jobcenter.office.demo.history import CaseHistory

ADDENDUM, FILE_NOTE, PARTICIPATION, WORK_BEGAN = 0.012, 0.12, 0.05, 0.05


class Margin:
    def __init__(self, rows: Rows, calendar: WorkCalendar, case_id: int, rng: random.Random) -> None:
        self.rows, self.calendar, self.case_id, self.rng = rows, calendar, case_id, rng
        self.talks: list[tuple[int, dt.datetime, Worker]] = []

    def beside_contact(
        self,
        contact_id: int,
        index: int,
        recorded_at: dt.datetime,
        author: Worker,
        channel: str,
        voice: Voice,
        **more: Any,
    ) -> None:
        rng = self.rng
        if more["kind"] == ContactKind.MISSED:
            return
        self.talks.append((index, recorded_at, author))
        self._participant(contact_id, ParticipantRole.CLIENT, "")
        if channel == "three_way":
            self._participant(contact_id, ParticipantRole.PROVIDER_STAFF, f"{' '.join(person(rng))}, {voice.provider}")
        chance = rng.random()
        if chance < 0.02:
            self._participant(contact_id, ParticipantRole.SUPPORT_PERSON, " ".join(person(rng)))
        elif chance < 0.05:
            self._participant(contact_id, ParticipantRole.INTERPRETER, "")
        elif chance < 0.06:
            self._participant(contact_id, ParticipantRole.COLLEAGUE, "")
        elif chance < 0.065:
            self._participant(contact_id, ParticipantRole.OTHER_BODY, "Schuldnerberatung der Gemeinde")
        if rng.random() < ADDENDUM and index < self.calendar.yesterday:
            reason, text = rng.choice(phrases.ADDENDA)
            self.rows.add(
                NoteAddendum,
                case_id=self.case_id,
                contact_id=contact_id,
                text=voice.aside(text),
                reason=reason,
                at=self._moment(index + 1, 10 * 60 + 5, 16 * 60),
                by_id=author.id,
            )

    def finish(self, history: "CaseHistory") -> None:
        """What belongs to the case as a whole."""
        rng, plan = self.rng, history.plan
        last = self.calendar.yesterday if plan.closed is None else plan.closed - 1
        first = min(plan.opened + 1, last)
        if rng.random() < FILE_NOTE:
            for _ in range(rng.choice((1, 1, 2))):
                day = rng.randint(first, last)
                self.rows.add(
                    FileNote,
                    case_id=self.case_id,
                    text=history.voice.aside(rng.choice(phrases.FILE_NOTES)),
                    at=max(self._moment(day, 8 * 60, 16 * 60), history.opened_at + dt.timedelta(minutes=9)),
                    by_id=history.acting(day).id,
                )
        if plan.closed is not None and plan.closed + 2 < self.calendar.today and rng.random() < 0.05:
            self.rows.add(
                FileNote,
                case_id=self.case_id,
                text=rng.choice(phrases.FILE_NOTES_AFTER),
                at=self._moment(plan.closed + 1, 8 * 60, 16 * 60),
                by_id=plan.worker.id,
            )
        self._work_began(history)
        self._participation(history, first, last)

    def _work_began(self, history: "CaseHistory") -> None:
        rng, plan = self.rng, history.plan
        if not self.talks or plan.reason == ClosingReason.DECEASED:
            return
        if rng.random() > (0.7 if plan.reason == ClosingReason.INDEPENDENT else WORK_BEGAN):
            return
        index, recorded_at, author = self.talks[-1]
        begin = index - 3 if plan.closed is not None else index + rng.randint(1, 10)
        self.rows.add(
            EmploymentStart,
            case_id=self.case_id,
            started_on=self.calendar.days[begin],
            text=history.voice.work,
            recorded_at=recorded_at,
            recorded_by_id=author.id,
        )

    def _participation(self, history: "CaseHistory", first: int, last: int) -> None:
        """Jobakademie, REHA, KiBiZ and Übergang Schule-Beruf take part; the responsible one stays responsible."""
        rng, plan = self.rng, history.plan
        specialists = [other for other in history.colleagues if other.is_specialist]
        if not specialists or plan.is_restricted or rng.random() > PARTICIPATION:
            return
        begin = rng.randint(first, last)
        until = history.closed_at.isoformat() if history.closed_at else ""
        if begin + 2 < last and rng.random() < 0.3:
            until = self._moment(rng.randint(begin + 1, last - 1), 12 * 60, 16 * 60).isoformat()
        begin_at = max(self._moment(begin, 8 * 60, 11 * 60), history.opened_at + dt.timedelta(minutes=5))
        self.rows.add(
            CaseParticipation,
            case_id=self.case_id,
            counsellor_id=rng.choice(specialists).id,
            during=f"[{begin_at.isoformat()},{until})",
            by_id=history.responsible(begin).id,
        )

    def _participant(self, contact_id: int, role: ParticipantRole, name: str) -> None:
        self.rows.add(ContactParticipant, case_id=self.case_id, contact_id=contact_id, role=str(role), name=name)

    def _moment(self, index: int, earliest: int, latest: int) -> dt.datetime:
        return self.calendar.moment(index, self.rng.randint(earliest, latest), self.rng.randint(0, 59))

"""What the people of one case chose, with which Absicht, and what came of it. Laid over its conversations."""

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jobcenter.office.demo import wording_offers_common as common
from jobcenter.office.demo.offers import Kind, OfferDirectory, Shown
from jobcenter.office.demo.plan import CasePlan
from jobcenter.office.demo.rows import Rows
from jobcenter.office.demo.sizes import SHOWCASE, WorkCalendar
from jobcenter.office.demo.voice import Voice
from offers.models import Consent, GroupMember, IntentVersion, OfferChoice, Participation, ParticipationOutcome

if TYPE_CHECKING:
    from jobcenter.office.demo.agreed import Agreed, Talk

WITHDRAWN, PLANNED, WORDED_ANEW, CONSENTED, REVOKED, JOINED = 0.12, 0.75, 0.15, 0.35, 0.08, 0.25
MOST_IN_GROUP = 12


class Chosen:
    def __init__(
        self,
        rows: Rows,
        calendar: WorkCalendar,
        plan: CasePlan,
        voice: Voice,
        directory: OfferDirectory,
        rng: random.Random,
    ) -> None:
        self.rows, self.calendar, self.plan, self.voice = rows, calendar, plan, voice
        self.directory, self.rng = directory, rng
        self.case_id = plan.ids[1]
        self.words = {**voice.words, "tag": "Freitag"}

    def lay_over(self, agreed: "Agreed") -> None:
        """Of each conversation it is known which agreement stood and which look at resources came before."""
        self.talks = agreed.talks
        places = [place for place in range(len(self.talks)) if agreed.standing_at.get(place) and agreed.look_at(place)]
        taken: set[int] = set()
        for place in sorted(self.rng.sample(places, min(len(places), self._how_many()))):
            index = self.talks[place].index
            offers = self.directory.could_choose(self.voice.topic.thema, index)
            offers = [shown for shown in offers if shown.id not in taken]
            near = [shown for shown in offers if shown.area == agreed.area] or offers
            if near:
                shown = self.rng.choice(near)
                taken.add(shown.id)
                self._choose(place, shown, agreed.standing_at[place], agreed.look_at(place))
        self._join()

    def _how_many(self) -> int:
        if self.plan.shape is SHOWCASE:
            return 2
        return int(self.directory.rate + self.rng.random())

    # A choice and its course

    def _choose(self, place: int, shown: Shown, agreement_id: int, review_id: int | None) -> None:
        talk, rng = self.talks[place], self.rng
        choice = self._row(talk, shown, agreement_id=agreement_id, review_id=review_id)
        later = self.talks[place + 1 :]
        if later and rng.random() < WITHDRAWN and self.plan.shape is not SHOWCASE:
            back = rng.choice(later[:3])
            choice |= {"withdrawn_at": back.at, "withdrawn_by_id": back.by.id}
        elif rng.random() < PLANNED or self.plan.shape is SHOWCASE:
            self._take_part(choice, shown, talk, later)
        self.rows.add(OfferChoice, **choice)
        self._intents(choice, shown.kind, talk, later)
        if rng.random() < CONSENTED:
            self._consent(shown, talk)

    def _row(self, talk: "Talk", shown: Shown, **more: Any) -> dict[str, Any]:
        return {
            "id": self.rows.new_id(OfferChoice),
            "case_id": self.case_id,
            "contact_id": talk.contact_id,
            "offer_id": shown.id,
            "immediate": False,
            "at": talk.at,
            "by_id": talk.by.id,
            **more,
        }

    def _take_part(self, choice: dict[str, Any], shown: Shown, talk: "Talk", later: Sequence["Talk"]) -> None:
        """Planned, begun, ended, as far as the case goes; the talk after the end tells what came of it."""
        rng, days = self.rng, self.calendar.days
        until = self.plan.closed if self.plan.closed is not None else self.calendar.today
        begin, end = talk.index + rng.randint(5, 25), 0
        length = rng.randint(30, 80)
        row: dict[str, Any] = {
            "case_id": self.case_id,
            "choice_id": choice["id"],
            "planned_from": days[min(begin, len(days) - 1)],
            "planned_until": days[min(begin + length, len(days) - 1)],
            "planned_at": talk.at,
            "planned_by_id": talk.by.id,
            "version": 1,
        }
        if begin < until:
            row |= self._happened("started", begin, talk.by.id)
            end = begin + rng.choice((length, length, length, length // 2))
            if end < until:
                row |= self._happened("ended", end, talk.by.id)
                choice |= {"ended_at": row["ended_at"], "ended_by_id": talk.by.id}
                self._outcome(choice, shown.kind, next((one for one in later if one.index > end), None))
            row["version"] = 2 + (end < until)
        self.rows.add(Participation, **row)

    def _happened(self, what: str, index: int, by: int) -> dict[str, Any]:
        at = self.calendar.moment(index, self.rng.randint(9 * 60, 16 * 60), self.rng.randint(0, 59))
        return {f"{what}_on": self.calendar.days[index], f"{what}_at": at, f"{what}_by_id": by}

    def _outcome(self, choice: dict[str, Any], kind: Kind, told: "Talk | None") -> None:
        if told is None:
            return
        self.rows.add(
            ParticipationOutcome,
            case_id=self.case_id,
            choice_id=choice["id"],
            contact_id=told.contact_id,
            own_words=self._say(self.rng.choice(kind.wurde)),
            provider_words=self.rng.choice(common.PROVIDER_WORDS),
            at=told.at,
            by_id=told.by.id,
        )

    def _intents(self, choice: dict[str, Any], kind: Kind, talk: "Talk", later: Sequence["Talk"]) -> None:
        """In own words; some word it anew while the choice stands, and the earlier wording stays."""
        self._intent(choice, 1, self._absicht(kind), talk)
        end = choice.get("withdrawn_at") or choice.get("ended_at")
        meanwhile = [one for one in later if end is None or one.at < end]
        if meanwhile and self.rng.random() < WORDED_ANEW:
            text = f"{self._say(self.rng.choice(kind.absicht))} {self.rng.choice(common.LATER)}"
            self._intent(choice, 2, text, self.rng.choice(meanwhile))

    def _absicht(self, kind: Kind) -> str:
        rng = self.rng
        parts = [rng.choice(kind.absicht), rng.choice(common.WHY), rng.choice(common.SIGNS)]
        if rng.random() < 0.25:
            parts.pop(1)
        return " ".join(self._say(part) for part in parts if part)

    def _intent(self, choice: dict[str, Any], number: int, text: str, talk: "Talk") -> None:
        self.rows.add(
            IntentVersion,
            case_id=self.case_id,
            choice_id=choice["id"],
            contact_id=talk.contact_id,
            number=number,
            text=text,
            at=talk.at,
            by_id=talk.by.id,
        )

    def _say(self, sentence: str) -> str:
        said = sentence.format(**self.words)
        return said[:1].upper() + said[1:]

    def _consent(self, shown: Shown, talk: "Talk") -> None:
        given = self.calendar.days[talk.index]
        row: dict[str, Any] = {
            "case_id": self.case_id,
            "provider_id": shown.provider_id,
            "with_whom": shown.with_whom,
            "purpose": self.rng.choice(common.CONSENT_PURPOSES),
            "given_on": given,
            "at": talk.at,
            "by_id": talk.by.id,
        }
        revoked = talk.index + self.rng.randint(10, 60)
        if self.rng.random() < REVOKED and revoked < (self.plan.closed or self.calendar.today):
            row |= self._happened("revoked", revoked, talk.by.id)
        self.rows.add(Consent, **row)

    # The group of the Jobakademie

    def _join(self) -> None:
        """From day one: without the look at resources; the agreement may follow (R3.3-3)."""
        group_id = self.directory.groups.get(self.plan.worker.id)
        if group_id is None or not self.plan.is_open or not self.talks or self.plan.shape:
            return
        talk = self.talks[-1]
        joined = self.directory.members.get(group_id, 0)
        if joined >= MOST_IN_GROUP or talk.index < self.calendar.today - 30 or self.rng.random() >= JOINED:
            return
        self.directory.members[group_id] = joined + 1
        academy = self.directory.academy
        choice = self._row(talk, academy, immediate=True)
        self.rows.add(OfferChoice, **choice)
        self._intent(choice, 1, self._absicht(academy.kind), talk)
        self.rows.add(
            GroupMember,
            case_id=self.case_id,
            group_id=group_id,
            choice_id=choice["id"],
            joined_at=talk.at,
            joined_by_id=talk.by.id,
        )

"""What a conversation brings about offers: choices with their Absicht, choices taken back, what came of them, a Bedarf.

Written with the conversation or not at all. Offered and not chosen leaves nothing here (R4.4-3).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F
from django.utils import timezone

from agreements.models import Agreement, ResourceReview
from casework.actions import RuleBroken, StaleVersion
from casework.actions.parts import Talk
from casework.models import FollowUp, User
from jobcenter.platform.statements import insert_together
from jobcenter.platform.words import says
from offers.actions.groups import stop_taking_part
from offers.actions.voices import check_demand, record_demand
from offers.models import GroupMember, IntentVersion, OfferChoice, Participation, ParticipationOutcome
from offers.models.state import Offering, read_offering

NO_LOOK = (
    "Vor einem Angebot steht der Blick auf die eigenen Ressourcen. Bitte schauen Sie sie gemeinsam an und kreuzen Sie "
    "das oben an."
)
NO_AGREEMENT = (
    "Ein Angebot wird für ein Ziel der Vereinbarung gewählt. Bitte halten Sie die Vereinbarung in diesem Gespräch fest."
)


@dataclass(frozen=True)
class NewChoice:
    """`row` names the fields of the form."""

    offer_id: int
    intent: str
    row: str = "of1"


@dataclass(frozen=True)
class NewResult:
    """What came of a choice: in the person's words, and the Träger's as told in the talk."""

    choice_id: int
    own_words: str
    provider_words: str = ""


@dataclass
class Offered:
    """The share of this room in a conversation; a part of `conclude_conversation`, behind the agreement's."""

    choices: tuple[NewChoice, ...] = ()
    withdrawn: tuple[int, ...] = ()
    results: tuple[NewResult, ...] = ()
    demand: str = ""
    _rows: list[models.Model] = field(default_factory=list, init=False)
    _names: tuple[str, ...] = field(default=(), init=False)

    def digest(self) -> object:
        """Without the Bedarf: not even a fingerprint of it goes with the contact (R4.4-7)."""
        return {"choices": self.choices, "withdrawn": self.withdrawn, "results": self.results}

    def needs(self) -> dict[str, tuple[type[models.Model], int]]:
        return {"offer_choice": (OfferChoice, len(self.choices))}

    def days(self) -> Sequence[dt.date]:
        return []

    def prepare(self, talk: Talk) -> Sequence[FollowUp]:
        self._rows = []
        if self.demand.strip():
            client = talk.case.client
            self._names = (client.family_name, client.given_name, client.preferred_name)
            check_demand(text=self.demand, names=self._names)
        if not (self.choices or self.withdrawn or self.results):
            return []
        state = read_offering(talk.case.pk, [choice.offer_id for choice in self.choices])
        self._choose(talk, state)
        self._look_back(talk, state)
        return []

    def write(self, talk: Talk) -> None:
        # First what is taken back: the same offer may be chosen anew in the same talk.
        if self.withdrawn:
            withdraw_choices(case_id=talk.case.pk, choice_ids=self.withdrawn, by=talk.by, now=talk.now)
        insert_together(self._rows)
        if self.demand.strip():
            record_demand(text=self.demand, today=timezone.localdate(talk.now), names=self._names)

    def _choose(self, talk: Talk, state: Offering) -> None:
        standing = {c["offer_id"] for c in state.choices if not c["ended_at"] and c["id"] not in self.withdrawn}
        review_id = next(iter(talk.ids.get("review", [])), state.review_id)
        agreement_id = next(iter(talk.ids.get("agreement", [])), state.agreement_id)
        for pk, choice in zip(talk.ids["offer_choice"], self.choices, strict=True):
            offer = state.asked.get(choice.offer_id)
            if offer is None or not offer["offered"]:
                raise RuleBroken("Dieses Angebot gibt es zurzeit nicht.", field=f"{choice.row}_id")
            if choice.offer_id in standing:
                raise RuleBroken("Dieses Angebot ist schon gewählt.", field=f"{choice.row}_id")
            standing.add(choice.offer_id)
            if talk.next_step_id is None:
                raise RuleBroken(
                    "Der Fall endet mit diesem Gespräch; ein Angebot kann die Person dann nicht mehr wählen.",
                    field=f"{choice.row}_id",
                )
            if not says(choice.intent):
                raise RuleBroken(NO_INTENT, field=f"{choice.row}_intent")
            if not offer["immediate"]:
                if review_id is None:
                    raise RuleBroken(NO_LOOK, field="offers")
                if agreement_id is None:
                    raise RuleBroken(NO_AGREEMENT, field="offers")
            self._rows.append(
                OfferChoice(
                    pk=pk,
                    case=talk.case,
                    contact_id=talk.contact_id,
                    offer_id=choice.offer_id,
                    immediate=offer["immediate"],
                    agreement=Agreement(pk=agreement_id) if agreement_id else None,
                    review=ResourceReview(pk=review_id) if review_id else None,
                    at=talk.now,
                    by=talk.by,
                )
            )
            self._rows.append(
                IntentVersion(
                    case=talk.case,
                    choice_id=pk,
                    contact_id=talk.contact_id,
                    number=1,
                    text=choice.intent.strip(),
                    at=talk.now,
                    by=talk.by,
                )
            )

    def _look_back(self, talk: Talk, state: Offering) -> None:
        known = {choice["id"] for choice in state.choices}
        if set(self.withdrawn) - {choice["id"] for choice in state.choices if not choice["ended_at"]}:
            raise StaleVersion(field="offers")
        for result in self.results:
            if result.choice_id not in known:
                raise StaleVersion(field="offers")
            if not says(result.own_words):
                raise RuleBroken(NO_OWN_WORDS, field=f"ofr_{result.choice_id}_own")
            self._rows.append(
                ParticipationOutcome(
                    case=talk.case,
                    choice_id=result.choice_id,
                    contact_id=talk.contact_id,
                    own_words=result.own_words.strip(),
                    provider_words=result.provider_words.strip(),
                    at=talk.now,
                    by=talk.by,
                )
            )


NO_INTENT = "Bitte schreiben Sie, mit welcher Absicht die Person dieses Angebot wählt."
NO_OWN_WORDS = "Bitte schreiben Sie zuerst, was die Person selbst dazu sagt."


def withdraw_choices(*, case_id: int, choice_ids: Sequence[int], by: User, now: dt.datetime) -> int:
    """Take choices back, without a reason: what runs ends today, what was planned never begins. The case is locked."""
    standing = OfferChoice.objects.filter(case=case_id, pk__in=choice_ids, withdrawn_at=None, ended_at=None)
    ids = list(standing.values_list("pk", flat=True))
    if len(ids) != len(set(choice_ids)):
        raise StaleVersion(field="offers")
    Participation.objects.filter(choice__in=ids, started_on__isnull=False, ended_on=None).update(
        ended_on=timezone.localdate(now), ended_at=now, ended_by=by, version=F("version") + 1
    )
    for member in GroupMember.objects.filter(choice__in=ids, left_at=None):
        stop_taking_part(member, now=now)
    GroupMember.objects.filter(choice__in=ids, left_at=None).update(left_at=now, left_by=by)
    return standing.update(withdrawn_at=now, withdrawn_by=by)

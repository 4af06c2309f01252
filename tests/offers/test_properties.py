"""What people choose, in any order, beside a journal: each deed is carried out or refused as the rules say (R4.4).

The journal is plain Python and knows nothing of the tables. It says beforehand whether a deed must be refused, and
afterwards what the pages have to read. `test_office_properties.py` has the whole office at work instead.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from agreements.actions.talks import Agreed, NewAgreement, NewAgreementStep
from agreements.enums import StepOwner
from agreements.models.state import read_state
from casework import actions
from casework.actions import EndOfCase, NewStep, Refused, TogetherRow
from casework.enums import ClosingReason, CounsellorKind, FollowUpKind, SpecialistArea
from casework.models import Case, CaseParticipation, Contact, FollowUp, User
from casework.models.invariants import find_violations
from offers.actions import choices as choosing
from offers.actions import curation, group_dates, groups
from offers.actions.talks import NewChoice, NewResult, Offered
from offers.models import (
    Consent,
    DemandNote,
    GroupDate,
    GroupMember,
    IntentVersion,
    Offer,
    OfferChoice,
    Participation,
    file,
    state,
)
from tests import factories
from tests.factories_offers import GroupDateFactory, GroupFactory, GroupTrainerFactory, published_offer

ANY = st.integers(0, 1000)  # the place in a list, taken modulo its length
WORDS = st.sampled_from(["Ich will es sehen.", "Хочу спробувати.", "أريد أن أرى", "Ü" * 300, " ", "\u00a0"])
GOOD_WORDS = st.one_of(st.just("Ich will sehen, ob mir das liegt."), WORDS)
DAYS = st.one_of(st.none(), st.none(), st.integers(-20, 20), st.integers(-60, 60))
LAST_DAYS = st.one_of(st.none(), st.integers(0, 90), st.integers(-60, 60))
PAST = st.one_of(st.integers(-20, 0), st.integers(-60, 3))
SELDOM = st.integers(0, 9).map(lambda drawn: drawn == 7)
STEPS = (NewAgreementStep(StepOwner.CLIENT, "ruft an"), NewAgreementStep(StepOwner.JOBCENTER, "klärt"))
GOAL = ("Eine Stelle finden.", "Arbeit in der Nähe.", STEPS)
PART_DAYS = ("planned_from", "planned_until", "started_on", "ended_on")
DAYS_OF = attrgetter(*PART_DAYS)
DEEDS = (
    "talk, choice, intent, taking back, plan, start, end, result, consent, revocation, joining, leaving, group date, "
    "together, postponing, falsche akte, end of case, withdrawn offer"
)

outcomes: Counter[str] = Counter()  # over all runs of a test


# --- the journal ---


@dataclass
class Talk:
    pk: int
    case: int
    looked: bool = False
    agreed: bool = False
    in_file: bool = True


@dataclass
class Choice:
    pk: int
    case: int
    offer: int
    talk: Talk
    intent: str
    back: bool = False
    over: bool = False
    member: bool = False
    version: int = 0  # of its participation
    days: dict[str, dt.date | None] = field(default_factory=dict)
    told: list[tuple[Talk, str]] = field(default_factory=list)

    @property
    def in_file(self) -> bool:
        return not self.back and self.talk.in_file

    @property
    def stands(self) -> bool:
        return self.in_file and not self.over

    @property
    def result(self) -> str:
        return next((words for talk, words in reversed(self.told) if talk.in_file), "")


class Choosing(RuleBasedStateMachine):
    """Three cases of one IFK, a group with its trainer, project management; all of it is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()

    def teardown(self) -> None:
        try:
            connection.check_constraints()
            assert find_violations() == []
            is_open = Case.objects.open().filter(pk__in=[case.pk for case in self.cases])
            assert set(is_open.values_list("pk", flat=True)) == self.open
            assert set(FollowUp.objects.open().filter(case__in=self.open).values_list("case", flat=True)) == self.open
            assert not IntentVersion.objects.filter(text__regex=r"^\s+$").exists()
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    @initialize()
    def house(self) -> None:
        team = factories.TeamFactory()
        self.kim: User = factories.CounsellorFactory(user__team=team).user
        self.trainer = factories.CounsellorFactory(
            kind=CounsellorKind.SPECIALIST, area=SpecialistArea.JOB_ACADEMY, user__team=team
        )
        self.cases: list[Case] = [factories.CaseFactory(counsellor=self.kim) for _ in range(3)]
        kinds = ({}, {"immediate": True}, {"possible": False}, {"valid_to": factories.back(3)})
        self.offers = [published_offer(**columns) for columns in kinds]
        self.offered = {offer.pk for offer in self.offers[:3]}
        self.immediate = self.offers[1].pk
        self.group = GroupFactory(organisation=team.organisation, offer=self.offers[1])
        GroupTrainerFactory(group=self.group, counsellor=self.trainer)
        GroupDateFactory(group=self.group)  # ahead: it becomes a Folgetermin of whoever joins
        self.channel = factories.channel()
        self.open = {case.pk for case in self.cases}
        self.talks: list[Talk] = []
        self.choices: list[Choice] = []
        self.consents: dict[int, tuple[int, dt.date, bool]] = {}  # of which case, since when, revoked
        self.demands = 0
        self.before = {model: model.objects.count() for model in (Contact, DemandNote)}
        for number in range(3):  # else half of the runs would choose nothing
            offers = [(number, "Ich will es sehen."), (1, "Hier im Haus.")][: 2 - number % 2]
            self.talk(number, offers, looked=True, agreed=True, back=[], told=[], demand=False, ends=False)

    # --- what the rules below share

    def done(self, what: str, allowed: bool | None, action: Callable[..., Any], **arguments: Any) -> Any:
        """Carried out where the journal says so, refused in a sentence where it says that; None leaves it open."""
        try:
            with transaction.atomic():
                result = action(**arguments)
        except Refused as refused:
            assert refused.message
            assert allowed is not True, f"{what} was refused: {refused.message}"
            outcomes[f"no {what}"] += 1
            return None
        assert allowed is not False, f"{what} had to be refused"
        outcomes[what] += 1
        return result or True

    def case(self, index: int) -> Case:
        return Case.objects.get(pk=self.cases[index % len(self.cases)].pk)

    def open_case(self, index: int) -> Case:
        """Mostly one that is open: else not much would happen for long."""
        is_open = [case for case in self.cases if case.pk in self.open]
        return self.case(index) if index % 8 == 5 or not is_open else is_open[index % len(is_open)]

    def choice(self, index: int) -> Choice | None:
        """Mostly one that stands."""
        standing = [choice for choice in self.choices if choice.stands]
        some = self.choices if index % 5 == 3 or not standing else standing
        return some[index % len(some)] if some else None

    def row(self, choice: Choice) -> OfferChoice:
        return OfferChoice.objects.select_related("case").get(pk=choice.pk)

    def reminder(self, days: int = 7) -> NewStep:
        return NewStep(FollowUpKind.REMINDER, factories.ahead(days), "Nachfragen")

    def take_back_in_journal(self, choice: Choice) -> None:
        choice.back, choice.member = True, False
        if choice.days.get("started_on") and not choice.days.get("ended_on"):
            choice.days["ended_on"], choice.version = timezone.localdate(), choice.version + 1

    # --- in a conversation

    def talk(self, case: int, offers: Any, looked: bool, agreed: bool, back: Any, told: Any, **more: bool) -> None:
        chosen, demand, ends = self.open_case(case), more["demand"], more["ends"]
        mine = [choice for choice in self.choices if choice.case == chosen.pk and choice.in_file]
        picked = [(self.offers[index % len(self.offers)].pk, intent) for index, intent in offers]
        withdrawn = list({c.pk: c for c in (mine[index % len(mine)] for index in back if mine)}.values())
        results = {mine[index % len(mine)].pk: words for index, words in told if mine}
        talk = Talk(0, chosen.pk, looked, agreed and not ends)
        allowed = (
            chosen.pk in self.open
            and self.may_choose(talk, picked, withdrawn)
            and not (picked and ends)
            and all(choice.stands for choice in withdrawn)
            and all(results[c.pk].strip() and not (c.over and c.result) for c in mine if c.pk in results)
        )
        base = (read_state(chosen.pk).agreement or {}).get("id")
        parts = [
            Agreed(reviewed=looked, agreement=NewAgreement(*GOAL, base=base) if talk.agreed else None),
            Offered(
                choices=tuple(NewChoice(pk, intent, f"of{n}") for n, (pk, intent) in enumerate(picked, 1)),
                withdrawn=tuple(choice.pk for choice in withdrawn),
                results=tuple(NewResult(pk, words) for pk, words in results.items()),
                demand="Es fehlt ein Kurs am Abend." if demand else "",
            ),
        ]
        if contact := self.done("talk", allowed, self.conclude, case=chosen, parts=parts, ends=ends):
            talk.pk, self.demands = contact.pk, self.demands + demand
            self.note_talk(talk, picked, withdrawn, results)
            self.open -= {chosen.pk} if ends else set()

    def may_choose(self, talk: Talk, picked: Sequence[tuple[int, str]], withdrawn: list[Choice]) -> bool:
        """R3.2-3, R3.3-3, R4.4-3, as a sentence about what was done."""
        talks = [talk, *(earlier for earlier in self.talks if earlier.case == talk.case and earlier.in_file)]
        prepared = any(each.looked for each in talks) and any(each.agreed for each in talks)
        standing = {choice.offer for choice in self.choices if choice.case == talk.case and choice.stands}
        standing -= {choice.offer for choice in withdrawn}
        offers = [pk for pk, _ in picked]
        return (
            len(set(offers)) == len(offers)
            and not standing & set(offers)
            and all(pk in self.offered for pk in offers)
            and all(intent.strip() for _, intent in picked)
            and all(pk == self.immediate or prepared for pk in offers)
        )

    def note_talk(self, talk: Talk, picked: Any, withdrawn: list[Choice], results: dict[int, str]) -> None:
        self.talks.append(talk)
        for choice in self.choices:
            if choice.pk in results:
                choice.told.append((talk, results[choice.pk].strip()))
                outcomes["result"] += 1
        for choice in withdrawn:
            self.take_back_in_journal(choice)
        rows = OfferChoice.objects.filter(contact=talk.pk).order_by("pk").values_list("pk", "offer")
        assert [offer for _, offer in rows] == [offer for offer, _ in picked]
        for (pk, offer), (_, intent) in zip(rows, picked, strict=True):
            self.choices.append(Choice(pk, talk.case, offer, talk, intent.strip()))
            outcomes["choice"] += 1

    def conclude(self, case: Case, parts: Sequence[Any], *, ends: bool) -> Contact:
        next_step = EndOfCase(ClosingReason.values[0], "Fertig.") if ends else self.reminder()
        common = {"by": self.kim, "at": timezone.now(), "channel": self.channel, "text": "Gesprochen."}
        return actions.conclude_conversation(case=case, next_step=next_step, parts=parts, key=uuid.uuid4(), **common)

    TALK = dict(  # noqa: C408, RUF012  (arguments, as `rule` takes them)
        case=ANY,
        offers=st.lists(st.tuples(ANY, GOOD_WORDS), max_size=2),
        looked=st.booleans(),
        agreed=st.booleans(),
        back=st.one_of(st.just([]), st.just([]), st.lists(ANY, max_size=2)),
        told=st.one_of(st.just([]), st.lists(st.tuples(ANY, GOOD_WORDS), max_size=2)),
        demand=st.booleans(),
        ends=SELDOM,
    )
    # Among a dozen rules one alone would not come up often enough.
    talk_1, talk_2, talk_3, talk_4, talk_5 = [rule(**arguments)(talk) for arguments, talk in [(TALK, talk)] * 5]

    @rule(index=ANY)
    def falsche_akte(self, index: int) -> None:
        if not self.talks or index % 4 != 1:
            return
        talk = self.talks[index % len(self.talks)]
        contact = Contact.objects.select_related("case", "author").get(pk=talk.pk)
        common = {"contact": contact, "reason": "Falsche Akte", "by": contact.author}
        if self.done("falsche akte", talk.in_file, actions.withdraw_contact, **common):
            for choice in self.choices:
                if choice.talk is talk and choice.stands:
                    self.take_back_in_journal(choice)
            talk.in_file = False

    # --- afterwards

    @rule(choice=ANY, text=GOOD_WORDS)
    def reword(self, choice: int, text: str) -> None:
        if chosen := self.choice(choice):
            allowed = chosen.stands and chosen.case in self.open and text.strip() not in ("", chosen.intent)
            common = {"choice": self.row(chosen), "text": text, "by": self.kim}
            if self.done("intent", allowed, choosing.change_intent, **common):
                chosen.intent = text.strip()

    @rule(choice=ANY)
    def take_back(self, choice: int) -> None:
        if choice % 3 != 1 or not (chosen := self.choice(choice)):
            return  # not each time: else no choice lives long
        if self.done("taking back", chosen.stands, choosing.withdraw_choice, choice=self.row(chosen), by=self.kim):
            self.take_back_in_journal(chosen)

    @rule(choice=ANY, what=st.sampled_from(["plan", "start", "end"]), first=DAYS, last=LAST_DAYS, stale=SELDOM)
    def take_part(self, choice: int, what: str, first: int | None, last: int | None, stale: bool) -> None:
        if not (chosen := self.choice(choice)):
            return
        today, started_on = timezone.localdate(), chosen.days.get("started_on")
        first_day = today + dt.timedelta(days=first or 0) if what != "plan" or first is not None else None
        last_day = None if last is None or what == "end" else today + dt.timedelta(days=last)
        allowed = chosen.stands and not stale and (what == "end" or chosen.case in self.open)
        allowed = allowed and in_order(first_day, last_day)
        if what == "plan":
            action, first_is = choosing.plan_participation, "planned_from"
            allowed = allowed and bool(first_day or last_day)
        elif what == "start":
            action, first_is = choosing.start_participation, "started_on"
            allowed = allowed and not started_on and self.has_been(chosen, first_day)
        else:
            action, first_is = choosing.end_participation, "ended_on"
            allowed = allowed and bool(started_on and started_on <= first_day <= today)
        days = {first_is: first_day} | ({} if what == "end" else {"planned_until": last_day})
        common = {"choice": self.row(chosen), "by": self.kim, "version": chosen.version + stale}
        if self.done(what, allowed, action, **common, **days):
            before = chosen.days.get("planned_from")
            if what == "start" and last_day and before and last_day < before:
                days["planned_from"] = first_day  # the plan was another one
            chosen.days, chosen.version = chosen.days | days, chosen.version + 1
            if what == "end":
                chosen.over, chosen.member = True, False

    def has_been(self, choice: Choice, day: dt.date) -> bool:
        opened = next(case.opened_at for case in self.cases if case.pk == choice.case)
        return timezone.localdate(opened) <= day <= timezone.localdate()

    @rule(choice=ANY, joins=st.booleans())
    def whole_way(self, choice: int, joins: bool) -> None:
        """Begun, perhaps in the group, and ended: by chance alone it would seldom come so far."""
        self.take_part(choice, "start", None, None, False)
        if joins:
            self.join(choice)
        self.take_part(choice, "end", None, None, False)

    @rule(case=ANY, whom=st.sampled_from(["Frau Brandt", "Werkhof", " "]), given=PAST)
    def consent(self, case: int, whom: str, given: int) -> None:
        chosen, day = self.open_case(case), timezone.localdate() + dt.timedelta(days=given)
        allowed = chosen.pk in self.open and bool(whom.strip()) and given <= 0
        common = {"case": chosen, "with_whom": whom, "purpose": "Gespräch", "given_on": day, "by": self.kim}
        if row := self.done("consent", allowed, choosing.record_consent, **common):
            self.consents[row.pk] = (chosen.pk, day, False)

    @rule(index=ANY, revoked=PAST)
    def revoke(self, index: int, revoked: int) -> None:
        if not self.consents:
            return
        row = Consent.objects.select_related("case").get(pk=list(self.consents)[index % len(self.consents)])
        case, since, is_over = self.consents[row.pk]
        day = timezone.localdate() + dt.timedelta(days=revoked)
        allowed = not is_over and since <= day <= timezone.localdate()
        if self.done("revocation", allowed, choosing.revoke_consent, consent=row, revoked_on=day, by=self.kim):
            self.consents[row.pk] = (case, since, True)

    # --- the group

    @rule(index=ANY)
    def join(self, index: int) -> None:
        of_group = [choice for choice in self.choices if choice.offer == self.immediate and choice.stands]
        if chosen := of_group[index % len(of_group)] if of_group and index % 6 else self.choice(index):
            allowed = chosen.stands and chosen.offer == self.immediate and chosen.case in self.open
            common = {"choice": self.row(chosen), "group": self.group, "by": self.kim}
            if self.done("joining", allowed and not chosen.member, groups.join_group, **common):
                chosen.member = True

    @rule(index=ANY)
    def leave(self, index: int) -> None:
        members = list(GroupMember.objects.select_related("case").order_by("pk"))
        if not members or index % 3 != 1:
            return
        member = members[index % len(members)]
        chosen = next(choice for choice in self.choices if choice.pk == member.choice_id)
        allowed = (chosen.member and member.left_at is None) if chosen.case in self.open else None
        common = {"member": member, "by": self.kim, "next_step": self.reminder()}
        if self.done("leaving", allowed, groups.leave_group, **common):
            chosen.member = False

    @rule(by_trainer=st.integers(0, 4), missing=SELDOM)
    def record_date(self, by_trainer: int, missing: bool) -> None:
        by = self.trainer.user if by_trainer else self.kim
        there = [case for case in self.cases if case.pk in self.members()]
        rows = [TogetherRow(case, self.reminder(), text="Persönliches.") for case in there[int(missing) :]]

        def record() -> list[Contact]:
            past = GroupDate.objects.filter(group=self.group).count()
            date = GroupDateFactory(group=self.group, starts_at=factories.earlier_today(minutes=1 + past))
            text = "Wir haben gelesen."
            return group_dates.record_group_date(group_date=date, text=text, rows=rows, by=by, key=uuid.uuid4())

        allowed = bool(there) and not missing and by is self.trainer.user
        self.note_together(self.done("group date", allowed, record), there)

    @rule(first=ANY, second=ANY)
    def together(self, first: int, second: int) -> None:
        cases = list({case.pk: case for case in (self.open_case(first), self.open_case(second))}.values())
        rows = [TogetherRow(case, self.reminder(9), text="Persönliches.") for case in cases]
        common = {"rows": rows, "by": self.kim, "at": timezone.now(), "channel": self.channel, "text": "Gemeinsam."}
        allowed = all(case.pk in self.open for case in cases)
        made = self.done("together", allowed, actions.conclude_together, **common, key=uuid.uuid4())
        self.note_together(made, cases)

    def note_together(self, contacts: list[Contact] | None, cases: list[Case]) -> None:
        if contacts:
            assert {contact.case_id for contact in contacts} == {case.pk for case in cases}
            self.talks += [Talk(contact.pk, contact.case_id) for contact in contacts]

    def members(self) -> set[int]:
        return {choice.case for choice in self.choices if choice.member and choice.case in self.open}

    # --- beside it

    @rule(index=ANY, days=st.integers(-3, 60), stale=SELDOM)
    def postpone(self, index: int, days: int, stale: bool) -> None:
        steps = list(FollowUp.objects.open().filter(case__in=self.cases).select_related("case").order_by("pk"))
        if not steps:
            return
        step, day = steps[index % len(steps)], timezone.localdate() + dt.timedelta(days=days)
        starts_at = factories.at_ten(day) if step.kind == FollowUpKind.APPOINTMENT else None
        common = {"follow_up": step, "version": step.version + stale, "due_on": day, "starts_at": starts_at}
        allowed = False if stale or days < 0 else None
        self.done("postponing", allowed, actions.change_follow_up, **common, subject="Anruf", place="", by=self.kim)

    @rule(case=ANY)
    def end_case(self, case: int) -> None:
        if case % 7 == 4:
            chosen, reason = self.case(case), ClosingReason.values[0]
            allowed = chosen.pk in self.open
            if self.done("end of case", allowed, actions.end_case, case=chosen, reason=reason, by=self.kim):
                self.open.discard(chosen.pk)

    @rule(index=ANY)
    def leaves_catalogue(self, index: int) -> None:
        if index % 6 == 5:
            offer = self.offers[index // 6 % len(self.offers)]
            allowed = Offer.objects.get(pk=offer.pk).withdrawn_at is None
            if self.done("withdrawn offer", allowed, curation.withdraw_offer, offer=offer, by=offer.created_by):
                self.offered.discard(offer.pk)

    # --- what must hold

    @invariant()
    def pages_read_the_journal(self) -> None:
        for case in self.cases:
            mine = [choice for choice in self.choices if choice.case == case.pk and choice.in_file]
            shown = {
                c.id: (c.offer_id, bool(c.ended_at), c.intent, c.own_words, *DAYS_OF(c))
                for c in file.read_choices(case.pk)
            }
            expected = {c.pk: (c.offer, c.over, c.intent, c.result, *map(c.days.get, PART_DAYS)) for c in mine}
            ended = {choice.pk for choice in mine if choice.over}
            assert len(ended & set(shown)) == min(len(ended), file.MOST_ENDED)
            assert shown == {pk: row for pk, row in expected.items() if pk in shown or pk not in ended}
            offering = state.read_offering(case.pk)
            waiting = {c.pk: c.intent for c in mine if not c.over or not c.result}
            assert {c["id"]: c["intent"] for c in offering.choices} == waiting
            standing = {pk for pk, (of, _, revoked) in self.consents.items() if of == case.pk and not revoked}
            assert {consent["id"] for consent in offering.consents} == standing

    @invariant()
    def nothing_is_left_behind(self) -> None:
        """As many rows as successful deeds: a refusal wrote nothing, and nothing was written twice."""
        assert Contact.objects.count() - self.before[Contact] == len(self.talks)
        assert DemandNote.objects.count() - self.before[DemandNote] == self.demands
        assert OfferChoice.objects.count() == len(self.choices)
        assert Consent.objects.count() == len(self.consents)
        versions = {choice.pk: choice.version for choice in self.choices if choice.version}
        assert dict(Participation.objects.values_list("choice", "version")) == versions
        # Trainers work with those who are in their group, and no longer.
        part = CaseParticipation.objects.filter(counsellor=self.trainer, during__upper_inf=True, case__in=self.open)
        assert set(part.values_list("case", flat=True)) == self.members()


def in_order(first: dt.date | None, last: dt.date | None) -> bool:
    return first is None or last is None or first <= last


def run(examples: int, steps: int, *, same_each_time: bool) -> None:
    outcomes.clear()
    run_state_machine_as_test(
        Choosing, settings=settings(max_examples=examples, stateful_step_count=steps, derandomize=same_each_time)
    )


def test_whatever_is_chosen_the_pages_read_the_journal(db):
    run(examples=8, steps=20, same_each_time=True)
    assert outcomes["talk"] > 8, outcomes
    assert outcomes["no talk"] > 2, outcomes


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_whatever_is_chosen_for_a_long_time_the_pages_read_the_journal(db):
    run(examples=200, steps=40, same_each_time=False)
    for what in DEEDS.split(", "):
        assert outcomes[what], (what, outcomes)

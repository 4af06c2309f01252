"""Choices, participations, consents and groups among everything else that people do: no rule is ever broken (R4.4).

What was carried out is written down beside the office in plain Python; afterwards the pages must read just that.
"""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from agreements.actions.talks import Agreed
from casework import actions
from casework.actions import StandingStep
from casework.actions.together import TogetherRow
from casework.enums import CounsellorKind, FollowUpKind, SpecialistArea
from casework.models import Case, Contact, FollowUp
from offers.actions.choices import (
    change_intent,
    end_participation,
    link_agreement,
    plan_participation,
    record_consent,
    revoke_consent,
    start_participation,
    withdraw_choice,
)
from offers.actions.group_dates import members_of_date, record_group_date
from offers.actions.groups import join_group, leave_group
from offers.actions.talks import NewChoice, NewResult, Offered
from offers.models import Consent, Group, GroupMember, IntentVersion, OfferChoice, Participation
from offers.models.file import read_choices
from offers.models.state import read_offering
from tests import factories
from tests.agreements.test_properties import AgreedOffice
from tests.casework.test_properties import ANY, good_steps, outcomes
from tests.factories_offers import GroupDateFactory, GroupFactory, GroupTrainerFactory, published_offer

INTENTS = st.sampled_from(["Ich will sehen, ob das etwas für mich ist.", "Хочу спробувати.", "Ü" * 300, "\u00a0 ", ""])
DAYS = st.integers(-40, 60)
GIVEN = dict(case=ANY, by=ANY, offer=ANY, intent=INTENTS, next_step=good_steps(), reviewed=st.booleans())  # noqa: C408


class OfferingOffice(AgreedOffice):
    """The office of all other rules, with four offers, a group and its trainer."""

    @initialize()
    def staff(self) -> None:
        AgreedOffice.staff(self)
        self.offers = [published_offer() for _ in range(2)] + [published_offer(immediate=True)]
        self.offers.append(published_offer(possible=False))
        organisation = self.cases[0].organisation
        self.group: Group = GroupFactory(organisation=organisation, offer=self.offers[2])
        self.trainer = factories.CounsellorFactory(
            kind=CounsellorKind.SPECIALIST, area=SpecialistArea.JOB_ACADEMY, user__team=self.people[0].team
        )
        GroupTrainerFactory(group=self.group, counsellor=self.trainer)
        self.people.append(self.trainer.user)
        GroupDateFactory(group=self.group)  # ahead: what joining makes a Folgetermin of
        self.said: dict[int, str] = {}  # choice -> the Absicht worded last
        self.over: set[int] = set()  # choices taken back or ended
        # One stands from the beginning: what chance draws is refused more often than not.
        step = actions.NewStep(FollowUpKind.REMINDER, factories.ahead(7), "Nachfragen")
        self.choose(case=1, by=0, offer=2, intent="Ich will sehen, ob das etwas ist.", next_step=step, reviewed=False)

    # --- in a conversation

    def choose(self, case: int, by: int, offer: int, intent: str, next_step: Any, reviewed: bool) -> None:
        chosen = self.open_case_of(case)
        part = Offered(choices=(NewChoice(self.offers[offer % len(self.offers)].pk, intent),))
        before = set(OfferChoice.objects.values_list("pk", flat=True))
        with self.tried():
            self.conclude(chosen, by, next_step, [Agreed(reviewed=reviewed), part])
        for choice in OfferChoice.objects.exclude(pk__in=before):
            self.said[choice.pk] = intent.strip()
            outcomes["choices"] += 1

    def open_case_of(self, index: int) -> Case:
        """Mostly one that is open: else nobody would choose anything for long."""
        standing = [case for case in self.cases if Case.objects.open().filter(pk=case.pk).exists()]
        return self.case(index) if index % 7 == 0 or not standing else standing[index % len(standing)]

    # Among three dozen rules one alone would hardly come up.
    choose_first = rule(**GIVEN)(choose)
    choose_again = rule(**GIVEN)(choose)
    choose_still = rule(**GIVEN)(choose)
    choose_anew = rule(**GIVEN)(choose)
    choose_once_more = rule(**GIVEN)(choose)

    @rule(case=ANY, by=ANY, next_step=good_steps(), told=st.lists(st.tuples(ANY, INTENTS), max_size=2), back=ANY)
    def look_at_choices(self, case: int, by: int, next_step: Any, told: Any, back: int) -> None:
        chosen = self.case(case)
        mine = list(OfferChoice.objects.filter(case=chosen).values_list("pk", flat=True)) or [999_999]
        withdrawn = (mine[back % len(mine)],) if back % 3 == 0 else ()
        results = {mine[i % len(mine)]: NewResult(mine[i % len(mine)], words) for i, words in told}
        done = outcomes["done"]
        with self.tried():
            part = Offered(withdrawn=withdrawn, results=tuple(results.values()), demand="Es fehlt ein Kurs am Abend.")
            self.conclude(chosen, by, next_step, [part])
        if outcomes["done"] > done:
            self.over.update(withdrawn)

    def conclude(self, chosen: Case, by: int, next_step: Any, parts: Any) -> None:
        actions.conclude_conversation(
            case=chosen,
            by=self.person(by),
            at=timezone.now(),
            channel=self.channel,
            text="Gesprochen.",
            next_step=next_step,
            key=uuid.uuid4(),
            parts=parts,
        )

    # --- afterwards

    def choice(self, index: int) -> OfferChoice | None:
        choices = list(OfferChoice.objects.select_related("case").order_by("-pk")[:8])
        return choices[index % len(choices)] if choices else None

    @rule(choice=ANY, by=ANY, text=INTENTS)
    def word_anew(self, choice: int, by: int, text: str) -> None:
        if (chosen := self.choice(choice)) is None:
            return
        done = outcomes["done"]
        with self.tried():
            change_intent(choice=chosen, text=text, by=self.person(by))
        if outcomes["done"] > done:
            self.said[chosen.pk] = text.strip()

    @rule(choice=ANY, by=ANY)
    def take_back(self, choice: int, by: int) -> None:
        if choice % 4 or (chosen := self.choice(choice)) is None:
            return  # not each time: else no choice lives long enough for a participation
        done = outcomes["done"]
        with self.tried():
            withdraw_choice(choice=chosen, by=self.person(by))
        if outcomes["done"] > done:
            self.over.add(chosen.pk)

    @rule(choice=ANY, by=ANY, what=st.sampled_from(["plan", "start", "end", "link"]), first=DAYS, last=DAYS)
    def take_part(self, choice: int, by: int, what: str, first: int, last: int) -> None:
        if (chosen := self.choice(choice)) is None:
            return
        today, person = timezone.localdate(), self.person(by)
        day, until = today + dt.timedelta(days=first), today + dt.timedelta(days=last)
        version = Participation.objects.filter(choice=chosen).values_list("version", flat=True).first() or 0
        done = outcomes["done"]
        with self.tried():
            if what == "plan":
                plan_participation(choice=chosen, planned_from=day, planned_until=until, by=person, version=version)
            elif what == "start":
                start_participation(choice=chosen, started_on=day, planned_until=until, by=person, version=version)
            elif what == "end":
                end_participation(choice=chosen, ended_on=day, by=person, version=version)
            else:
                link_agreement(choice=chosen, by=person)
        if what == "end" and outcomes["done"] > done:
            self.over.add(chosen.pk)
            outcomes["participations"] += 1

    @rule(case=ANY, by=ANY, whom=st.sampled_from(["Werkstatt, Frau Brandt", " "]), given=DAYS, revoked=DAYS)
    def consent(self, case: int, by: int, whom: str, given: int, revoked: int) -> None:
        today = timezone.localdate()
        with self.tried():
            record_consent(
                case=self.case(case),
                with_whom=whom,
                purpose="über den Verlauf sprechen",
                given_on=today + dt.timedelta(days=given),
                by=self.person(by),
            )
        standing = Consent.objects.select_related("case").order_by("-pk").first()
        if standing and revoked % 2:
            with self.tried():
                revoke_consent(consent=standing, revoked_on=today + dt.timedelta(days=revoked), by=self.person(by))

    # --- the group

    @rule(choice=ANY, by=ANY)
    def join(self, choice: int, by: int) -> None:
        if (chosen := self.choice(choice)) is None:
            return
        with self.tried():
            join_group(choice=chosen, group=self.group, by=self.person(by))

    @rule(member=ANY, by=ANY, next_step=st.one_of(st.none(), good_steps()))
    def leave(self, member: int, by: int, next_step: Any) -> None:
        members = list(GroupMember.objects.select_related("case").order_by("-pk")[:5])
        if not members or member % 3:
            return
        with self.tried():
            leave_group(member=members[member % len(members)], by=self.person(by), next_step=next_step)

    @rule(by=ANY, which=ANY, standing=st.booleans())
    def record_date(self, by: int, which: int, standing: bool) -> None:
        """A date that has just been: as many contacts as members, or none."""
        date = GroupDateFactory(group=self.group, starts_at=factories.ago(minutes=1 + which % 30))
        by_trainer = self.trainer.user if by % 3 else self.person(by)
        contacts = Contact.objects.count()
        try:
            members = members_of_date(date, by=by_trainer)
        except actions.Refused:
            return
        if not members:
            return
        rows = [
            TogetherRow(
                case=member.case,
                next_step=self.standing_of(member.case_id) if standing else self.new_step(number),
                text="" if number % 2 else "Sie hat ihren Lebenslauf vorgestellt.",
            )
            for number, member in enumerate(members)
        ]
        with self.tried():
            made = record_group_date(
                group_date=date, text="Wir haben gelesen.", rows=rows, by=by_trainer, key=uuid.uuid4()
            )
            assert len(made) == len(rows)
            assert Contact.objects.count() == contacts + len(rows)
            outcomes["group dates"] += 1

    def standing_of(self, case_id: int) -> StandingStep:
        step = FollowUp.objects.open().filter(case=case_id).order_by("-due_on").first()
        return StandingStep(step.pk if step else 999_999)

    def new_step(self, number: int) -> actions.NewStep:
        return actions.NewStep(FollowUpKind.REMINDER, factories.ahead(7 + number), "Nachfragen")

    # --- what must hold

    @invariant()
    def pages_read_what_was_done(self) -> None:
        connection.check_constraints()
        for case in Case.objects.filter(pk__in=[c.pk for c in self.cases]):
            rows = OfferChoice.objects.filter(case=case, withdrawn_at=None, contact__withdrawn_at=None)
            shown = {row.id: row for row in read_choices(case.pk)}
            running = {row.pk for row in rows if row.ended_at is None}
            assert {pk for pk, row in shown.items() if row.ended_at is None} == running
            assert running == {c["id"] for c in read_offering(case.pk).choices if not c["ended_at"]}
            for pk in running:
                assert pk not in self.over
                assert shown[pk].intent == self.said[pk]
                chosen = rows.get(pk=pk)
                assert chosen.immediate or (chosen.review_id and chosen.agreement_id)
        assert not IntentVersion.objects.filter(text__regex=r"^\s+$").exists()


def run(examples: int, steps: int, *, same_each_time: bool) -> None:
    outcomes.clear()
    run_state_machine_as_test(
        OfferingOffice,
        settings=settings(max_examples=examples, stateful_step_count=steps, derandomize=same_each_time),
    )
    assert outcomes["done"] > examples, outcomes
    assert outcomes["refused"] > examples, outcomes
    assert outcomes["choices"] >= examples, outcomes


def test_whatever_is_chosen_no_rule_is_broken(db):
    run(examples=6, steps=25, same_each_time=True)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_whatever_is_chosen_for_a_long_time_no_rule_is_broken(db):
    run(examples=200, steps=50, same_each_time=False)
    assert outcomes["choices"] > 2 * 200, outcomes
    assert outcomes["participations"], outcomes
    assert outcomes["group dates"], outcomes

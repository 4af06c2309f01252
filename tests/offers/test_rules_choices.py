"""Chosen for a stated reason, after a look at own resources; withdrawn without one; never changed (R4.4-1..4, 8, 9)."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from offers.models import Consent, IntentVersion, Offer, OfferChoice, OfferVersion, Participation, ParticipationOutcome
from tests import factories
from tests.factories import (
    AgreementFactory,
    ContactFactory,
    IntentVersionFactory,
    OfferChoiceFactory,
    ParticipationFactory,
    ParticipationOutcomeFactory,
    ResourceReviewFactory,
    ago,
    ahead,
    back,
    chosen_offer,
    published_offer,
)
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.django_db

# The last two hold blanks beyond ASCII.
BLANK = ["", "   ", "\n\t", "\u00a0", "\u00a0 \u2009\u3000", "\u200b", "\u2060\ufeff", "\u3164", "\u2800 \u00ad"]
HOUR = dt.timedelta(hours=1)

INSERT_CHOICE = """
INSERT INTO offers_offerchoice (case_id, contact_id, offer_id, immediate, agreement_id, review_id, by_id)
VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
"""


def rows(row):
    return type(row).objects.filter(pk=row.pk)


@pytest.fixture
def immediate():
    return published_offer(immediate=True)


# --- the Absicht -------------------------------------------------------------------------------------------


def test_a_choice_without_an_intent_is_refused(case):
    with refused("choice_has_an_intent"):
        OfferChoiceFactory(case=case, intent=None)


def test_a_choice_without_an_intent_is_refused_by_raw_sql_and_in_bulk(case, offer):
    contact = ContactFactory(case=case)
    agreement, review = AgreementFactory(contact=contact), ResourceReviewFactory(contact=contact)
    values = [case.pk, contact.pk, offer.pk, False, agreement.pk, review.pk, contact.author_id]

    with refused("choice_has_an_intent"):
        sql(INSERT_CHOICE, values)
    row = OfferChoice(
        case=case, contact=contact, offer=offer, agreement=agreement, review=review, by_id=contact.author_id
    )
    with refused("choice_has_an_intent"):
        OfferChoice.objects.bulk_create([row])


def test_a_second_wording_alone_is_no_intent(case):
    with refused("choice_has_an_intent"):
        OfferChoiceFactory(case=case, intent__number=2)


@pytest.mark.parametrize("blank", BLANK)
def test_an_intent_is_in_words(case, choice, blank):
    with refused("intent_not_blank"):
        OfferChoiceFactory(case=case, intent__text=blank)
    with refused("intent_not_blank"):
        IntentVersion.objects.bulk_create(
            [IntentVersion(case=choice.case, choice=choice, number=2, text=blank, by=choice.by)]
        )
    with refused("intent_not_blank"):
        sql(
            "INSERT INTO offers_intentversion (case_id, choice_id, number, text, by_id) VALUES (%s, %s, 2, %s, %s)",
            [choice.case_id, choice.pk, blank, choice.by_id],
        )


def test_an_intent_does_not_change(choice):
    for change in (
        lambda: IntentVersion.objects.update(text="Anders"),
        lambda: IntentVersion.objects.update(text=""),
        lambda: sql("UPDATE offers_intentversion SET text = 'Anders'"),
    ):
        with refused("record_is_final"):
            change()
    with denied():
        IntentVersion.objects.update(number=3)


def test_a_later_wording_keeps_the_earlier_one(choice):
    with accepted():
        IntentVersionFactory(choice=choice, text="Ich will danach in den Betrieb.", at=timezone.now())

    assert list(IntentVersion.objects.filter(choice=choice).order_by("number").values_list("number", flat=True)) == [
        1,
        2,
    ]


def test_wordings_count_from_one_and_have_a_number_of_their_own(choice):
    with refused("intent_number_once"):
        IntentVersionFactory(choice=choice, number=1)
    with refused("intent_counts_from_one"):
        IntentVersionFactory(choice=choice, number=0)


def test_of_a_choice_that_was_withdrawn_nothing_more_is_intended(choice):
    rows(choice).update(withdrawn_at=timezone.now(), withdrawn_by=choice.by)

    with refused("intent_of_standing_choice"):
        IntentVersionFactory(choice=choice, at=timezone.now() + dt.timedelta(seconds=5))


def test_an_intent_is_recorded_now(choice):
    with refused("what_was_agreed_is_recorded_now"):
        IntentVersionFactory(choice=choice, at=timezone.now() + HOUR)


# --- after a look at resources, for an agreement -----------------------------------------------------------


def test_a_choice_without_a_look_at_resources_is_refused(case, offer):
    with refused("choice_after_look_at_resources"):
        OfferChoiceFactory(case=case, offer=offer, review=None)


def test_a_choice_without_a_look_at_resources_is_refused_by_raw_sql_and_in_bulk(case, offer):
    contact = ContactFactory(case=case)
    agreement = AgreementFactory(contact=contact)

    with refused("choice_after_look_at_resources"):
        sql(INSERT_CHOICE, [case.pk, contact.pk, offer.pk, False, agreement.pk, None, contact.author_id])
    with refused("choice_after_look_at_resources"):
        OfferChoice.objects.bulk_create(
            [OfferChoice(case=case, contact=contact, offer=offer, agreement=agreement, by_id=contact.author_id)]
        )


def test_nobody_says_of_an_ordinary_offer_that_it_is_immediate(case, offer):
    with refused("choice_is_immediate_as_its_offer"):
        OfferChoiceFactory(case=case, offer=offer, immediate=True, review=None, agreement=None)


def test_a_look_of_an_earlier_conversation_is_enough(case, offer):
    earlier = ContactFactory(case=case, at=ago(days=4), recorded_at=ago(days=3))
    review = ResourceReviewFactory(contact=earlier)

    with accepted():
        OfferChoiceFactory(case=case, offer=offer, review=review)


def test_a_look_that_was_taken_out_of_the_file_or_came_later_is_none(case, offer):
    gone = ResourceReviewFactory(case=case)
    factories.withdraw(gone.contact)
    with refused("choice_after_standing_look"):
        OfferChoiceFactory(case=case, offer=offer, review=gone)

    late = ResourceReviewFactory(case=case, at=timezone.now())
    with refused("choice_after_standing_look"):
        OfferChoiceFactory(case=case, offer=offer, review=late, at=ago(days=2), intent__at=ago(days=2))


def test_a_choice_without_an_agreement_is_refused(case, offer):
    with refused("choice_serves_agreement"):
        OfferChoiceFactory(case=case, offer=offer, agreement=None)


def test_a_choice_does_not_serve_an_agreement_that_was_withdrawn(case, offer):
    agreement = AgreementFactory(case=case)
    factories.withdraw(agreement.contact)

    with refused("choice_serves_standing_agreement"):
        OfferChoiceFactory(case=case, offer=offer, agreement=agreement)


def test_an_immediate_offer_needs_neither_and_the_agreement_may_follow(case, immediate):
    with accepted():
        choice = OfferChoiceFactory(case=case, offer=immediate, agreement=None, review=None)
    agreement = AgreementFactory(case=case)
    with accepted():
        rows(choice).update(agreement=agreement)
    with refused("choice_is_final"):
        rows(choice).update(agreement=None)


def test_the_agreement_of_an_ordinary_choice_stays(choice):
    second = AgreementFactory(supersedes=choice.agreement)

    with refused("choice_is_final"):
        rows(choice).update(agreement=second)


# --- of what can be chosen ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        {"draft": True},
        {"submitted": True},
        {"valid_from": ahead(2), "valid_to": ahead(60)},
        {"valid_from": back(60), "valid_to": back(2)},
    ],
    ids=["draft", "submitted", "not yet", "expired"],
)
def test_what_is_not_published_or_not_valid_is_not_chosen(case, content):
    with refused("chosen_offer_is_published"):
        OfferChoiceFactory(case=case, offer=published_offer(**content))


def test_what_was_withdrawn_superseded_or_never_described_is_not_chosen(case, offer):
    Offer.objects.filter(pk=offer.pk).update(withdrawn_at=timezone.now(), withdrawn_by=offer.created_by)
    with refused("chosen_offer_is_published"):
        OfferChoiceFactory(case=case, offer=offer, at=timezone.now(), intent__at=timezone.now())
    with refused("chosen_offer_is_published"):
        OfferChoiceFactory(case=case, offer=factories.OfferFactory())
    old = published_offer()
    OfferVersion.objects.filter(offer=old).update(superseded_at=ago(days=2))
    with refused("chosen_offer_is_published"):
        OfferChoiceFactory(case=case, offer=old)


def test_what_was_valid_when_it_was_chosen_stays_chosen(case, offer):
    with accepted():
        choice = chosen_offer(case=case, offer=offer)
        OfferVersion.objects.filter(offer=offer).update(superseded_at=timezone.now())
        Offer.objects.filter(pk=offer.pk).update(withdrawn_at=timezone.now(), withdrawn_by=offer.created_by)

    assert OfferChoice.objects.filter(pk=choice.pk, withdrawn_at=None).exists()


def test_an_offer_is_chosen_once_at_a_time(choice):
    with refused("offer_chosen_once_at_a_time"):
        chosen_offer(case=choice.case, offer=choice.offer)
    rows(choice).update(withdrawn_at=timezone.now(), withdrawn_by=choice.by)
    with accepted():
        chosen_offer(case=choice.case, offer=choice.offer)


def test_a_choice_is_recorded_now_in_a_conversation_that_stands(case, offer):
    with refused("what_was_agreed_is_recorded_now"):
        OfferChoiceFactory(case=case, offer=offer, at=timezone.now() + HOUR, intent=None)
    contact = ContactFactory(case=case)
    review = ResourceReviewFactory(case=case)
    agreement = AgreementFactory(case=case)
    factories.withdraw(contact)
    with refused("record_is_final"):
        OfferChoiceFactory(contact=contact, offer=offer, review=review, agreement=agreement)


# --- its end -----------------------------------------------------------------------------------------------


def test_a_choice_is_withdrawn_once_and_without_a_word(choice):
    """There is no column for a reason (R4.4-3), and no second thought about the first withdrawal."""
    assert not {field.name for field in OfferChoice._meta.concrete_fields} & {"reason", "note", "text", "comment"}
    rows(choice).update(withdrawn_at=timezone.now(), withdrawn_by=choice.by)

    for changed in (
        {"withdrawn_at": None, "withdrawn_by": None},
        {"withdrawn_at": choice.at},
    ):
        with refused("choice_is_final"):
            rows(choice).update(**changed)


@pytest.mark.parametrize("moment", [lambda at: at - HOUR, lambda at: timezone.now() + HOUR], ids=["before", "ahead"])
def test_it_ends_neither_before_it_began_nor_ahead_of_us(choice, moment):
    for name in ("withdrawn", "ended"):
        with refused("choice_is_final"):
            rows(choice).update(**{f"{name}_at": moment(choice.at), f"{name}_by": choice.by})


@pytest.mark.parametrize(
    ("moment", "rule"),
    [
        ("withdrawn_at", "choice_withdrawal_paired"),
        ("ended_at", "choice_end_paired"),
        ("changes_seen_at", "choice_changes_seen_paired"),
    ],
)
def test_each_end_has_a_moment_and_a_person(choice, moment, rule):
    with refused(rule):
        rows(choice).update(**{moment: timezone.now()})
    with refused(rule):
        rows(choice).update(**{moment.removesuffix("_at") + "_by": choice.by})


def test_a_choice_ends_with_its_participation(choice):
    end = {"ended_at": timezone.now(), "ended_by": choice.by}
    with refused("choice_ends_with_its_participation"):
        rows(choice).update(**end)
    ParticipationFactory(choice=choice, ended=True)
    with accepted():
        rows(choice).update(**end)
    with refused("choice_is_final"):
        rows(choice).update(ended_at=None, ended_by=None)


def test_nothing_else_of_a_choice_changes_and_nothing_is_deleted(choice):
    for column in ("contact_id", "offer_id", "immediate", "review_id", "at", "by_id", "case_id"):
        with denied():
            sql(f"UPDATE offers_offerchoice SET {column} = {column}")
    for table in ("offerchoice", "intentversion", "participation", "participationoutcome", "consent"):
        with denied():
            sql(f"DELETE FROM offers_{table}")


# --- participation -----------------------------------------------------------------------------------------


def test_a_choice_has_one_participation(choice):
    ParticipationFactory(choice=choice)

    with refused("one_participation_per_choice"):
        ParticipationFactory(choice=choice)


def test_who_took_the_choice_back_does_not_take_part(choice):
    planned = ParticipationFactory(choice=choice)
    rows(choice).update(withdrawn_at=timezone.now(), withdrawn_by=choice.by)

    with refused("participation_of_standing_choice"):
        rows(planned).update(started_on=back(0), started_at=timezone.now(), started_by=choice.by, version=2)
    other = chosen_offer(case=choice.case)
    rows(other).update(withdrawn_at=timezone.now(), withdrawn_by=other.by)
    with refused("participation_of_standing_choice"):
        ParticipationFactory(choice=other, planned_at=timezone.now() + dt.timedelta(seconds=5))


def test_start_and_end_name_day_moment_and_person(choice):
    planned = ParticipationFactory(choice=choice)

    with refused("participation_start_complete"):
        rows(planned).update(started_on=back(0), version=2)
    with refused("participation_end_complete"):
        rows(planned).update(ended_at=timezone.now(), version=2)


def test_its_days_come_one_after_another(choice):
    planned = ParticipationFactory(choice=choice)
    begin = {"started_on": back(3), "started_at": timezone.now(), "started_by": choice.by}
    end = {"ended_at": timezone.now(), "ended_by": choice.by}

    with refused("participation_ends_after_its_start"):
        rows(planned).update(**begin, **end, ended_on=back(9), version=2)
    with refused("participation_ends_after_its_start"):
        rows(planned).update(**end, ended_on=back(9), version=2)
    with refused("participation_planned_in_order"):
        rows(planned).update(planned_until=back(9), version=2)


@pytest.mark.parametrize("day", ["current_date + 2", "'infinity'"])
def test_what_happened_does_not_lie_ahead_of_us(choice, day):
    planned = ParticipationFactory(choice=choice)

    with refused("participation_days_are_not_ahead"):
        sql(
            f"UPDATE offers_participation SET started_on = {day}, started_at = now(), started_by_id = %s, version = 2"
            " WHERE id = %s",
            [choice.by_id, planned.pk],
        )


def test_a_plan_lies_on_a_real_day(choice):
    planned = ParticipationFactory(choice=choice)

    with refused("participation_days_are_not_ahead"):
        sql("UPDATE offers_participation SET planned_until = 'infinity', version = 2 WHERE id = %s", [planned.pk])


def test_the_plan_may_move_but_what_happened_stays(choice):
    participation = ParticipationFactory(choice=choice)
    begin = {"started_on": back(3), "started_at": timezone.now(), "started_by": choice.by}
    with accepted():
        rows(participation).update(planned_until=ahead(60), version=2)
        rows(participation).update(**begin, version=3)
    with refused("participation_is_final"):
        rows(participation).update(planned_until=ahead(90), version=3)  # does not count up
    with refused("participation_is_final"):
        rows(participation).update(started_on=back(5), version=4)
    with accepted():
        rows(participation).update(ended_on=back(0), ended_at=timezone.now(), ended_by=choice.by, version=4)
    with refused("participation_is_final"):
        rows(participation).update(planned_until=ahead(90), version=5)
    with denied():
        Participation.objects.update(choice=choice)


# --- what came of it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", BLANK)
def test_what_came_of_it_is_in_own_words(choice, blank):
    with refused("participation_outcome_not_blank"):
        ParticipationOutcomeFactory(choice=choice, own_words=blank)


def test_a_conversation_tells_once_what_came_of_it_and_it_stays(choice):
    ParticipationOutcomeFactory(choice=choice)

    with refused("one_outcome_per_choice_and_conversation"):
        ParticipationOutcomeFactory(choice=choice)
    for changed in ({"own_words": "Anders"}, {"provider_words": "Anders"}, {"own_words": ""}):
        with refused("record_is_final"):
            ParticipationOutcome.objects.update(**changed)


# --- consents ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", BLANK[:3])
def test_a_consent_names_with_whom_and_for_what(case, blank):
    with refused("consent_names_with_whom"):
        factories.ConsentFactory(case=case, with_whom=blank)
    with refused("consent_names_purpose"):
        factories.ConsentFactory(case=case, purpose=blank)


def test_a_consent_is_revoked_once(case):
    consent = factories.ConsentFactory(case=case)
    now = timezone.now()

    with refused("consent_revocation_complete"):
        rows(consent).update(revoked_on=back(0))
    with refused("consent_revoked_after_given"):
        rows(consent).update(revoked_on=back(60), revoked_at=now, revoked_by=consent.by)
    rows(consent).update(revoked_on=back(0), revoked_at=now, revoked_by=consent.by)
    with refused("consent_is_final"):
        rows(consent).update(revoked_on=None, revoked_at=None, revoked_by=None)
    with denied():
        Consent.objects.update(purpose="Anders")


def test_a_consent_is_not_of_tomorrow(case):
    with refused("consent_days_are_not_ahead"):
        factories.ConsentFactory(case=case, given_on=ahead(2))
    consent = factories.ConsentFactory(case=case)
    with refused("consent_days_are_not_ahead"):
        rows(consent).update(revoked_on=ahead(2), revoked_at=timezone.now(), revoked_by=consent.by)


# --- "Falsche Akte" ----------------------------------------------------------------------------------------


def what_was_told(choice):
    now = timezone.now()
    return {
        "choice": lambda: rows(choice).update(withdrawn_at=now, withdrawn_by=choice.by),
        "intent": lambda: IntentVersion.objects.filter(choice=choice).update(text=""),
        "outcome": lambda: ParticipationOutcome.objects.filter(choice=choice).update(own_words="", provider_words=""),
    }


def withdraw(choice, *, without=""):
    with transaction.atomic():
        factories.withdraw(choice.contact)
        for name, take_back in what_was_told(choice).items():
            if name != without:
                take_back()


def test_what_was_chosen_goes_with_its_conversation(choice):
    ParticipationOutcomeFactory(choice=choice, provider_words="War da.")

    with accepted():
        withdraw(choice)

    assert set(IntentVersion.objects.filter(choice=choice).values_list("text", flat=True)) == {""}


@pytest.mark.parametrize("part", ["choice", "intent", "outcome"])
def test_no_part_of_it_stays_behind(choice, part):
    ParticipationOutcomeFactory(choice=choice)

    with refused("withdrawn_conversation_leaves_no_choice"):
        withdraw(choice, without=part)


def test_a_wording_told_later_goes_with_its_own_conversation(choice):
    later = ContactFactory(case=choice.case)
    IntentVersionFactory(choice=choice, contact=later, at=later.recorded_at)

    with refused("withdrawn_conversation_leaves_no_choice"):
        factories.withdraw(later)
    with accepted(), transaction.atomic():
        factories.withdraw(later)
        IntentVersion.objects.filter(contact=later).update(text="")

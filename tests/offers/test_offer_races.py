"""Two people do the same at once, past the actions: one of them wins, no rule breaks, nobody deadlocks."""

from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from offers.models import MOST_MEMBERS, GroupMember, IntentVersion, OfferChoice, OfferVersion
from tests import factories
from tests.casework.test_races import FEWER_PAIRS, PAIRS, at_once, held, kinds


@pytest.fixture
def person(committed_db, kim):
    return kim


def choosing(case, offer, agreement, review, contact):
    """A choice with its Absicht, as somebody would write it who takes no lock."""

    def run():
        with transaction.atomic():
            choice = OfferChoice.objects.create(
                case=case, contact=contact, offer=offer, agreement=agreement, review=review, by=contact.author
            )
            IntentVersion.objects.create(case=case, choice=choice, text="Ich will es ausprobieren.", by=contact.author)

    return run


@pytest.mark.parametrize("pairs", PAIRS)
def test_two_who_choose_the_same_offer_in_one_case(person, pairs):
    offer = factories.published_offer()
    outcomes = Counter()
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=person)
        contacts = [factories.ContactFactory(case=case) for _ in range(2)]
        agreement = factories.AgreementFactory(contact=contacts[0])
        review = factories.ResourceReviewFactory(contact=contacts[0])

        ways = [choosing(case, offer, agreement, review, contact) for contact in contacts]
        outcomes.update(kinds(at_once(*ways)))

        assert OfferChoice.objects.filter(case=case).count() == 1

    assert outcomes == {"done": pairs, "IntegrityError": pairs}


def joining(group, choice):
    return held(
        lambda: GroupMember.objects.create(
            case=choice.case, group=group, choice=choice, joined_at=timezone.now(), joined_by=choice.by
        )
    )


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_two_who_join_at_once_do_not_both_get_the_last_place(person, pairs):
    outcomes = Counter()
    group = factories.GroupFactory()
    for _ in range(MOST_MEMBERS - 1):
        factories.GroupMemberFactory(group=group)
    for _ in range(pairs):
        choices = [factories.chosen_offer(offer=group.offer, agreement=None, review=None) for _ in range(2)]

        outcomes.update(kinds(at_once(*[joining(group, choice) for choice in choices])))

        assert GroupMember.objects.filter(group=group, left_at=None).count() == MOST_MEMBERS
        last = GroupMember.objects.filter(group=group, choice__in=choices)
        last.update(left_at=timezone.now(), left_by=person)

    assert outcomes == {"done": pairs, "IntegrityError": pairs}


def publishing(offer, version):
    """What stands is superseded and the next one takes its place; each counts on its own."""

    def run():
        now = timezone.now()
        with transaction.atomic():
            OfferVersion.objects.filter(offer=offer, published_at__isnull=False, superseded_at=None).update(
                superseded_at=now
            )
            version(number=2, published_at=now)

    return run


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_two_who_publish_at_once(person, pairs):
    outcomes = Counter()
    for _ in range(pairs):
        offer = factories.published_offer(reviewed_at=factories.ago(minutes=5))

        def version(offer=offer, **more):
            return factories.OfferVersionFactory(offer=offer, **more)

        outcomes.update(kinds(at_once(*[publishing(offer, version) for _ in range(2)])))

        standing = OfferVersion.objects.filter(offer=offer, published_at__isnull=False, superseded_at=None)
        assert standing.count() == 1
        assert OfferVersion.objects.filter(offer=offer).count() == 2

    assert outcomes == {"done": pairs, "IntegrityError": pairs}


@pytest.mark.parametrize("pairs", FEWER_PAIRS)
def test_two_who_give_one_draft_out_of_their_hands(person, pairs):
    """One reviews while the other words it anew: what is published is what was reviewed."""
    for _ in range(pairs):
        version = factories.OfferVersionFactory(submitted=True)
        rows, second = OfferVersion.objects.filter(pk=version.pk), factories.offer_manager()

        def review(rows=rows, second=second):
            return rows.update(reviewed_at=timezone.now(), reviewed_by=second)

        def reword(rows=rows, version=version, second=second):
            return rows.update(
                submitted_at=None, submitted_by=None, name="Anders", reviewed_at=None, reviewed_by=None
            ) and rows.update(writers=[*version.writers, second.pk])

        answers = at_once(held(review), held(reword))

        row = rows.get()
        assert kinds(answers) in (["IntegrityError", "done"], ["done", "done"])
        assert (row.name == version.name) == (row.reviewed_at is not None)
        assert row.reviewed_by_id not in row.writers

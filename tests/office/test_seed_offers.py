"""Offers of the demonstration office, and what people chose: within all rules, concrete, individually worded."""

import datetime as dt
import re

import pytest
from django.db.models import Count, F, Q

from casework.models import User
from jobcenter.office.demo import builder, wording_offers, wording_offers_common
from jobcenter.office.demo.names import SHOWCASE_NAME
from jobcenter.office.demo.offers import ALL_KINDS
from jobcenter.office.demo.voice import ALL_TOPICS
from offers.models import (
    CONTENT,
    Consent,
    DemandNote,
    DemandReplyNote,
    Group,
    GroupDate,
    GroupMember,
    IntentVersion,
    Offer,
    OfferChoice,
    OfferRemark,
    OfferVersion,
    Participation,
    ParticipationOutcome,
    Provider,
)
from tests.office.test_seed_demo import DENIED

TUESDAY = dt.date(2026, 9, 15)
PUBLISHED = Q(published_at__isnull=False, superseded_at=None)


@pytest.fixture
def office(db: None) -> dict[str, int]:
    return builder.build("XS", 1, TUESDAY, lambda share: None)


def texts() -> list[str]:
    columns = [
        name for name in CONTENT if OfferVersion._meta.get_field(name).get_internal_type() in ("TextField", "CharField")
    ]
    found = [text for row in OfferVersion.objects.values_list(*columns) for text in row]
    for model, column in (
        (Provider, "name"),
        (Provider, "about"),
        (Offer, "notice"),
        (OfferRemark, "text"),
        (IntentVersion, "text"),
        (ParticipationOutcome, "own_words"),
        (ParticipationOutcome, "provider_words"),
        (Consent, "purpose"),
        (DemandNote, "text"),
        (GroupDate, "subject"),
    ):
        found += model.objects.values_list(column, flat=True)
    return found


def test_all_rules_hold(office):
    from casework.models.invariants import find_violations

    assert find_violations() == []


def test_volumes_are_those_of_the_size(office):
    assert Provider.objects.count() == 8
    assert OfferVersion.objects.filter(PUBLISHED).count() == 28
    assert OfferChoice.objects.filter(immediate=False).count() == pytest.approx(60, rel=0.35)
    assert office["Angebotswahlen"] == OfferChoice.objects.count()


def test_two_of_project_management_wrote_and_reviewed(office):
    managers = set(User.objects.filter(username__in=("pia.moeller", "jan.reuter")).values_list("pk", flat=True))
    pairs = set(OfferVersion.objects.filter(PUBLISHED).values_list("author", "reviewed_by"))

    assert pairs == {(a, b) for a in managers for b in managers if a != b}


def test_every_state_of_an_offer_is_there(office):
    published = OfferVersion.objects.filter(PUBLISHED)
    soon = TUESDAY + dt.timedelta(days=30)

    assert OfferVersion.objects.filter(submitted_at=None, discarded_at=None).count() == 3
    assert OfferVersion.objects.filter(submitted_at__isnull=False, reviewed_at=None).count() == 1
    assert published.filter(valid_to__range=(TUESDAY, soon), offer__withdrawn_at=None).exists()
    assert Offer.objects.exclude(withdrawn_at=None).count() == 1
    assert Offer.objects.filter(possible=False).exists()
    assert Offer.objects.filter(assured_on__lt=TUESDAY - dt.timedelta(days=200)).exists()
    assert OfferVersion.objects.exclude(superseded_at=None).exists()
    assert OfferRemark.objects.exists()


def test_offers_are_described_one_by_one(office):
    published = OfferVersion.objects.filter(PUBLISHED)
    names = list(published.values_list("name", flat=True))

    assert len(set(names)) == len(names)
    assert len(set(published.values_list("course", "place"))) == len(names)
    assert len(set(published.values_list("support", flat=True))) > 20
    assert {area for areas in published.values_list("areas", flat=True) for area in areas}


def test_every_topic_of_the_notes_has_its_offers():
    assert {topic.thema for topic in ALL_TOPICS} <= {topic for kind in ALL_KINDS for topic in kind.themen}
    assert all(len(kind.absicht) == 4 and len(kind.wurde) == 2 for kind in ALL_KINDS)


def test_no_text_sorts_people_names_a_price_or_shows_its_scaffold(office):
    assert [text for text in texts() if DENIED.search(text)] == []
    assert [text for text in texts() if re.search(r"€|\bEuro\b|[{}]|  |\.\.|None", text)] == []
    for source in (wording_offers, wording_offers_common):
        assert not DENIED.search(repr({name: value for name, value in vars(source).items() if name.isupper()}))


def test_intents_are_worded_one_by_one(office):
    intents = list(IntentVersion.objects.values_list("text", flat=True))

    assert len(set(intents)) > 0.95 * len(intents)
    assert IntentVersion.objects.filter(number=2).exists()


def test_choices_have_the_moment_and_the_author_of_their_conversation(office):
    elsewhere = ~Q(at=F("contact__recorded_at")) | ~Q(by=F("contact__author"))

    assert not OfferChoice.objects.filter(elsewhere).exists()
    assert not OfferChoice.objects.filter(immediate=False, review__at__gt=F("at")).exists()
    assert not OfferChoice.objects.filter(agreement__at__gt=F("at")).exists()


def test_participations_are_planned_running_and_ended(office):
    running = Participation.objects.filter(started_on__isnull=False, ended_on=None)

    assert running.exists()
    assert Participation.objects.filter(started_on=None).exists()
    assert Participation.objects.exclude(ended_on=None).exists()
    assert ParticipationOutcome.objects.exists()
    assert OfferChoice.objects.exclude(withdrawn_at=None).exists()
    assert Consent.objects.exists()


def test_the_showcase_has_chosen(office):
    given, family = SHOWCASE_NAME
    chosen = OfferChoice.objects.filter(case__client__given_name=given, case__client__family_name=family)

    assert chosen.count() == 2
    assert Participation.objects.filter(choice__in=chosen).exists()


def test_a_group_of_the_jobakademie_is_about_to_begin(office):
    group = Group.objects.get()
    weeks = GroupDate.objects.filter(group=group).values("starts_at__week").annotate(n=Count("id"))

    assert group.starts_on > TUESDAY
    assert 0 < GroupMember.objects.filter(group=group).count() <= 16
    assert group.trainers.get().counsellor.area == "job_academy"
    assert max(week["n"] for week in weeks) == 3
    assert not GroupDate.objects.exclude(recorded_at=None).exists()


def test_demands_name_nobody_and_some_are_answered(office):
    halves = set(DemandNote.objects.values_list("half_year", flat=True))

    assert max(halves) == "2026-2"
    assert DemandReplyNote.objects.exists()

"""What people have agreed on in the demonstration office: within all rules, coherent, many texts."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.db.models import Count, F, Q

from agreements.models import (
    Agreement,
    AgreementHandout,
    AgreementStep,
    Resource,
    ResourceReview,
    SheetWording,
    SocialPlace,
    StepOutcome,
    StepReminder,
    WillStatement,
)
from agreements.models.state import read_state
from casework.models import Case, DutyFact, DutyToCooperate, FollowUp
from jobcenter.office.demo import builder, duties, wording_common
from jobcenter.office.demo.names import LONG_NAME, SHOWCASE_NAME

TUESDAY = dt.date(2026, 9, 15)


@pytest.fixture
def office(db: None) -> dict[str, int]:
    return builder.build("XS", 1, TUESDAY, lambda share: None)


def case_of(given: str, family: str) -> Case:
    return Case.objects.open().get(client__given_name=given, client__family_name=family)


@pytest.mark.parametrize("model", [Agreement, WillStatement, Resource, ResourceReview])
def test_what_was_agreed_has_the_moment_and_the_author_of_its_conversation(office, model):
    at_another_time = ~Q(at=F("contact__recorded_at")) | ~Q(by=F("contact__author"))

    assert model.objects.exists()
    assert not model.objects.filter(at_another_time).exists()


def test_versions_follow_one_another(office):
    superseded = Agreement.objects.exclude(superseded_at=None)

    assert superseded.exists()
    assert not superseded.exclude(superseded_at=F("superseded_by__at")).exists()
    assert not superseded.exclude(superseded_by__number=F("number") + 1).exists()


def test_each_current_agreement_of_an_open_case_has_its_review_ahead(office):
    current = Agreement.objects.filter(superseded_at=None, case__closed_at=None)

    assert current.count() > 90
    assert [row.pk for row in current if read_state(row.case_id).review_id is None] == []


def test_a_tenth_has_not_agreed_on_anything_yet(office):
    agreed = Agreement.objects.values("case")

    assert Case.objects.open().exclude(pk__in=agreed).count() == pytest.approx(12, abs=3)


def test_both_sides_have_steps(office):
    sides = Agreement.objects.filter(
        pk__in=AgreementStep.objects.filter(owner="client").values("agreement"),
    ).filter(pk__in=AgreementStep.objects.filter(owner="jobcenter").values("agreement"))

    assert sides.count() == Agreement.objects.count()
    assert AgreementStep.objects.filter(owner="other").exists()


def test_texts_are_many_and_fit_the_notes(office):
    goals = list(Agreement.objects.values_list("goal", flat=True))
    first_wills = [
        (row.text, row.contact.text)
        for row in WillStatement.objects.select_related("contact")
        if not re.search("[Ѐ-ӿ\u0600-\u06ff]", row.text)
    ]

    assert len(set(goals)) > len(goals) / 2
    assert len(set(AgreementStep.objects.values_list("text", flat=True))) > 150
    assert len(set(Resource.objects.values_list("text", flat=True))) > 150
    assert sum(will in note for will, note in first_wills) > len(first_wills) / 4


def test_rhythms_are_of_all_kinds(office):
    rhythms = set(Agreement.objects.values_list("rhythm", flat=True))

    assert "" in rhythms
    assert [rhythm for rhythm in rhythms if re.fullmatch(r"am \d\d\.\d\d\. und \d\d\.\d\d\.", rhythm)]
    assert [rhythm for rhythm in rhythms if re.match(r"alle \d+ Wochen|alle 14 Tage|einmal im Monat", rhythm)]
    assert [rhythm for rhythm in rhythms if rhythm.startswith("nach dem")]


def test_will_resources_and_outcomes_have_something_of_everything(office):
    wills = WillStatement.objects.count()

    assert WillStatement.objects.filter(own_activity="").count() == pytest.approx(wills / 5, rel=0.5)
    assert WillStatement.objects.values("case").annotate(n=Count("id")).filter(n__gt=1).exists()
    assert Resource.objects.exclude(ended_at=None).exclude(ended_in=None).exists()
    assert Resource.objects.exclude(place=None).exists()
    assert Resource.objects.exclude(field=None).exists() and Resource.objects.filter(field=None).exists()
    assert set(StepOutcome.objects.values_list("outcome", flat=True)) == {"done", "different", "obsolete"}
    assert StepOutcome.objects.filter(contact=None).exists()
    assert StepOutcome.objects.filter(step__agreement__superseded_at=None).exists()
    ordinary = Resource.objects.values("case").annotate(n=Count("id")).filter(n__lt=300)
    assert max(row["n"] for row in ordinary) <= 12
    languages = set(AgreementHandout.objects.values_list("language", flat=True)) - {""}
    assert languages <= set(SheetWording.objects.values_list("language", flat=True))


def test_steps_put_before_us_and_own_reviews_are_next_steps_of_their_conversation(office):
    reminders = StepReminder.objects.select_related("step", "follow_up")
    reviews = FollowUp.objects.filter(subject=wording_common.REVIEW)

    assert reminders.exists()
    assert not reminders.exclude(follow_up__contact=F("contact")).exists()
    assert [r.pk for r in reminders if r.step.text[:80] not in r.follow_up.subject] == []
    assert Agreement.objects.filter(review_follow_up__in=reviews).count() == reviews.count() > 0


def test_the_showcase_has_a_fine_history(office):
    case = case_of(*SHOWCASE_NAME)
    state = read_state(case.pk)

    assert case.assignments.get(during__upper_inf=True).counsellor.user.username == "kim.ahrens"
    assert Agreement.objects.filter(case=case).count() == 3
    assert WillStatement.objects.filter(case=case).exclude(own_activity="").count() == 2
    assert len(state.resources) == len({row["text"] for row in state.resources}) == 6
    assert [row["space"] for row in state.resources if row["place"]] == ["Osterode"]
    assert [step["outcome"]["outcome"] for step in state.steps if step["outcome"]] == ["done"]
    review = FollowUp.objects.get(pk=state.review_id)
    assert dt.timedelta(0) < review.due_on - TUESDAY <= dt.timedelta(days=8)


def test_one_case_is_agreed_on_again_and_again(office):
    case = case_of(*LONG_NAME)

    assert Agreement.objects.filter(case=case).count() == 40
    assert len(read_state(case.pk).resources) == 300


def test_own_words_are_of_all_scripts(office):
    for pattern in (r"[А-я]", r"[\u0600-\u06ff]"):
        for model, column in ((Agreement, "goal"), (WillStatement, "text"), (Resource, "text")):
            assert model.objects.filter(**{f"{column}__regex": pattern}).exists(), (pattern, model)


def test_places_of_the_social_space(office):
    places = SocialPlace.objects.all()

    assert places.count() == 60
    assert places.values("space").distinct().count() == 5
    year_ago = dt.datetime.combine(TUESDAY - dt.timedelta(days=366), dt.time(), tzinfo=dt.UTC)
    assert 5 <= places.filter(confirmed_at__lt=year_ago).count() <= 20


def test_duties_are_few_and_rest_on_law_in_force(db, monkeypatch):
    monkeypatch.setattr(duties, "SHARE", 0.2)

    builder.build("XS", 1, TUESDAY, lambda share: None)
    connection.check_constraints()

    assert DutyToCooperate.objects.exists()
    assert set(DutyFact.objects.values_list("kind", flat=True)) >= {"posted", "appeared", "not_appeared", "reason"}
    from casework.models.invariants import find_violations

    assert find_violations() == []

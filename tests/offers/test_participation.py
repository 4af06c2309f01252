"""Participation: planned, begun, ended; the case goes on, and a next step before the end is proposed (R4.4-9)."""

import datetime as dt
import re

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agreements.models import Agreement
from casework import actions as casework_actions
from casework.enums import FollowUpKind
from casework.models import CaseAssignment, DutyToCooperate, FollowUp, WorkPattern
from casework.models.presence import Presence, read_presence
from jobcenter.platform.workdays import day_label, is_working_day, next_working_day
from offers.actions.choices import end_participation, plan_participation, start_participation, withdraw_choice
from offers.forms.choices import day_before_the_end, step_subject
from offers.models import OfferChoice, Participation
from tests.factories import (
    AbsenceFactory,
    CaseClosureFactory,
    CaseFactory,
    ParticipationFactory,
    ago,
    ahead,
    chosen_offer,
)

pytestmark = pytest.mark.django_db

NAME = "Holzwerkstatt am Weidenblick"


def url(choice):
    return f"/faelle/{choice.case.number}/angebote/{choice.pk}/teilnahme/"


def plan(**changed):
    return {"act": "plan", "version": "0", "planned_from": f"{ahead(7):%d.%m.%Y}", "planned_until": "", **changed}


def rest_of_the_case(case):
    return [
        list(model.objects.filter(case=case).order_by("pk").values())
        for model in (FollowUp, Agreement, CaseAssignment, DutyToCooperate)
    ]


@pytest.fixture
def old_case(kim):
    """Opened long enough ago for a participation to have begun."""
    return CaseFactory(counsellor=kim, opened_at=ago(days=60))


# --- planned -----------------------------------------------------------------------------------------------


def test_a_participation_is_planned(kim, kim_client, choice):
    response = kim_client.post(url(choice), plan(planned_until=f"{ahead(70):%d.%m.%Y}"))

    row = Participation.objects.get(choice=choice)
    assert response["Location"] == f"/faelle/{choice.case.number}/angebote/{choice.pk}/"
    assert (row.planned_from, row.planned_until, row.planned_by, row.version) == (ahead(7), ahead(70), kim, 1)
    assert row.started_on is None
    page = kim_client.get(response["Location"]).content.decode()
    assert "Teilnahme geplant ab" in page


def test_nothing_else_of_the_case_changes(kim, kim_client, choice):
    """Case, IFK, agreement and next steps stay as they are through all of it."""
    before = rest_of_the_case(choice.case)
    today = f"{timezone.localdate():%d.%m.%Y}"

    for data in (
        plan(),
        {"act": "start", "version": "1", "started_on": today},
        {"act": "until", "version": "2", "planned_until": f"{ahead(40):%d.%m.%Y}"},
        {"act": "end", "version": "3", "ended_on": today},
    ):
        assert kim_client.post(url(choice), data).status_code == 302

    row = Participation.objects.get(choice=choice)
    assert (row.version, row.planned_from, row.planned_until) == (4, ahead(7), ahead(40))
    assert rest_of_the_case(choice.case) == before
    choice.case.refresh_from_db()
    assert choice.case.is_open


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"planned_from": ""}, "Bitte ausfüllen."),
        ({"planned_from": "bald"}, "Bitte schreiben Sie den Tag so"),
        ({"planned_until": "01.01.2020"}, "Dieser Tag liegt vor dem geplanten Beginn."),
        ({"planned_until": "01.01.2099"}, "mehr als zwei Jahre voraus"),
    ],
)
def test_what_does_not_hold_comes_back_as_typed(kim_client, choice, changed, sentence):
    response = kim_client.post(url(choice), plan(**changed))
    page = response.content.decode()

    assert response.status_code == 422
    assert sentence in page
    assert all(f'value="{value}"' in page for value in changed.values() if value)
    assert not Participation.objects.filter(choice=choice).exists()


def test_the_plan_moves_by_the_version_that_was_read(kim, choice):
    row = ParticipationFactory(choice=choice)
    plan_participation(choice=choice, planned_from=ahead(9), planned_until=None, by=kim, version=row.version)

    for version in (row.version, 0):
        with pytest.raises(casework_actions.StaleVersion):
            plan_participation(choice=choice, planned_from=ahead(3), planned_until=None, by=kim, version=version)

    row.refresh_from_db()
    assert (row.planned_from, row.version) == (ahead(9), 2)


def test_who_was_second_reads_what_stands_there(kim_client, choice):
    ParticipationFactory(choice=choice, planned_from=ahead(9))

    response = kim_client.post(url(choice), plan())

    assert response.status_code == 409
    assert "Jemand anderes hat das inzwischen geändert." in response.content.decode()
    assert f"{ahead(9):%d.%m.%Y}" in response.content.decode()


# --- begun -------------------------------------------------------------------------------------------------


def test_it_begins_without_a_plan_too(kim, kim_client, choice):
    response = kim_client.post(url(choice), {"act": "start", "version": "0", "started_on": "heute"})

    row = Participation.objects.get(choice=choice)
    assert response.status_code == 302
    assert (row.started_on, row.started_by, row.planned_from) == (timezone.localdate(), kim, None)


def test_no_day_ahead_and_none_before_the_case(kim_client, choice):
    for day, sentence in ((f"{ahead(1):%d.%m.%Y}", "in der Zukunft"), ("01.02.2001", "gab es den Fall noch nicht")):
        response = kim_client.post(url(choice), {"act": "start", "version": "0", "started_on": day})
        assert response.status_code == 422
        assert sentence in response.content.decode()


def test_it_needs_a_standing_choice(kim, choice):
    withdraw_choice(choice=choice, by=kim)

    with pytest.raises(casework_actions.StaleVersion):
        plan_participation(choice=choice, planned_from=ahead(), planned_until=None, by=kim)
    with pytest.raises(casework_actions.StaleVersion):
        start_participation(choice=choice, started_on=timezone.localdate(), by=kim)


def test_a_choice_that_was_taken_back_has_no_form(kim, kim_client, choice):
    withdraw_choice(choice=choice, by=kim)

    assert 'name="act"' not in kim_client.get(url(choice)).content.decode()
    assert kim_client.post(url(choice), plan()).status_code == 409


def test_it_begins_once(kim, choice):
    row = ParticipationFactory(choice=choice, started=True)

    with pytest.raises(casework_actions.StaleVersion):
        start_participation(choice=choice, started_on=timezone.localdate(), by=kim, version=row.version)


def test_in_a_case_that_has_ended_nothing_begins(kim_client, choice):
    CaseClosureFactory(case=choice.case)

    response = kim_client.post(url(choice), {"act": "start", "version": "0", "started_on": "heute"})

    assert response.status_code == 409
    assert not Participation.objects.filter(choice=choice).exists()


def test_what_began_before_its_plan_and_ends_before_it_is_accepted(kim, choice):
    ParticipationFactory(choice=choice, planned_from=ahead(20))

    row = start_participation(
        choice=choice, started_on=timezone.localdate(), planned_until=ahead(10), by=kim, version=1
    )

    assert (row.planned_from, row.planned_until) == (timezone.localdate(), ahead(10))


# --- ended -------------------------------------------------------------------------------------------------


def test_it_ends_and_the_choice_with_it(kim, kim_client, choice):
    ParticipationFactory(choice=choice, started=True)

    response = kim_client.post(url(choice), {"act": "end", "version": "1", "ended_on": "heute"}, follow=True)

    row = Participation.objects.get(choice=choice)
    choice.refresh_from_db()
    assert (row.ended_on, row.ended_by, choice.ended_by) == (timezone.localdate(), kim, kim)
    assert choice.withdrawn_at is None
    assert "Teilnahme beendet am" in response.content.decode()


def test_it_does_not_end_before_it_began(kim, old_case):
    choice = chosen_offer(case=old_case)
    row = ParticipationFactory(choice=choice, started=True)
    day = timezone.localdate() - dt.timedelta(days=3)

    with pytest.raises(casework_actions.RuleBroken) as caught:
        end_participation(choice=choice, ended_on=day, by=kim, version=row.version)

    assert caught.value.field == "ended_on"


def test_it_ends_also_after_the_case(kim, choice):
    row = ParticipationFactory(choice=choice, started=True)
    CaseClosureFactory(case=choice.case)

    end_participation(choice=choice, ended_on=timezone.localdate(), by=kim, version=row.version)

    assert OfferChoice.objects.get(pk=choice.pk).ended_at is not None


def test_what_has_not_begun_does_not_end(kim, choice):
    ParticipationFactory(choice=choice)

    with pytest.raises(casework_actions.StaleVersion):
        end_participation(choice=choice, ended_on=timezone.localdate(), by=kim, version=1)


# --- the next step before the end --------------------------------------------------------------------------


def test_a_next_step_before_the_end_is_proposed(kim_client, choice):
    ParticipationFactory(choice=choice, planned_until=ahead(60))

    page = kim_client.get(url(choice)).content.decode()

    day = day_before_the_end(ahead(60))
    assert is_working_day(day)
    assert f'value="{day:%d.%m.%Y}"' in page
    assert f"Vor dem Ende von „{NAME}“: Wie geht es weiter?" in page
    assert all("checked" in box for box in re.findall(r'<input[^>]+name="step"[^>]*>', page))


def test_it_is_set_with_the_beginning(kim, kim_client, choice):
    ParticipationFactory(choice=choice, planned_until=ahead(60))
    day = day_before_the_end(ahead(60))
    before = set(FollowUp.objects.filter(case=choice.case).values_list("pk", flat=True))

    response = kim_client.post(
        url(choice),
        {
            "act": "start",
            "version": "1",
            "started_on": "heute",
            "planned_until": f"{ahead(60):%d.%m.%Y}",
            "step": "on",
            "next_date": f"{day:%d.%m.%Y}",
            "next_subject": step_subject(NAME),
        },
        follow=True,
    )

    step = FollowUp.objects.filter(case=choice.case).exclude(pk__in=before).get()
    assert (step.kind, step.due_on, step.subject) == (FollowUpKind.REMINDER, day, step_subject(NAME))
    assert step.created_by == kim
    assert "Wiedervorlage am" in response.content.decode()


def test_a_proposed_day_follows_the_end_that_was_changed(kim_client, choice):
    ParticipationFactory(choice=choice, planned_until=ahead(60))
    data = plan(version="1", planned_until=f"{ahead(90):%d.%m.%Y}", step="on", next_subject="Weiter?")

    kim_client.post(url(choice), data | {"next_date": f"{day_before_the_end(ahead(60)):%d.%m.%Y}"})

    assert FollowUp.objects.get(case=choice.case, subject="Weiter?").due_on == day_before_the_end(ahead(90))


def test_without_a_day_of_its_own_it_lies_a_week_before(kim_client, choice):
    kim_client.post(url(choice), plan(planned_until=f"{ahead(60):%d.%m.%Y}", step="on", next_subject="Weiter?"))

    assert FollowUp.objects.get(case=choice.case, subject="Weiter?").due_on == day_before_the_end(ahead(60))


def test_without_a_last_day_nothing_is_set(kim_client, choice):
    before = FollowUp.objects.filter(case=choice.case).count()

    assert kim_client.post(url(choice), plan(step="on", next_subject="Weiter?")).status_code == 302

    assert FollowUp.objects.filter(case=choice.case).count() == before


def test_left_out_it_is_not_set(kim_client, choice):
    before = FollowUp.objects.filter(case=choice.case).count()

    kim_client.post(url(choice), plan(planned_until=f"{ahead(60):%d.%m.%Y}", next_subject="Weiter?"))

    assert FollowUp.objects.filter(case=choice.case).count() == before


def test_when_one_stands_no_second_one_is_ticked(kim, kim_client, choice):
    ParticipationFactory(choice=choice, planned_until=ahead(60))
    step = casework_actions.NewStep(FollowUpKind.REMINDER, day_before_the_end(ahead(60)), step_subject(NAME))
    casework_actions.create_follow_up(case=choice.case, step=step, by=kim)

    page = kim_client.get(url(choice)).content.decode()

    assert not any("checked" in box for box in re.findall(r'<input[^>]+name="step"[^>]*>', page))


def test_a_day_that_is_no_working_day_is_refused_and_nothing_is_written(kim_client, choice):
    sunday = ahead(30)
    while sunday.weekday() != 6:
        sunday += dt.timedelta(days=1)
    data = plan(
        planned_until=f"{ahead(60):%d.%m.%Y}", step="on", next_date=f"{sunday:%d.%m.%Y}", next_subject="Weiter?"
    )

    response = kim_client.post(url(choice), data)

    assert response.status_code == 422
    assert "Nächster Arbeitstag:" in response.content.decode()
    assert not Participation.objects.filter(choice=choice).exists()
    assert not FollowUp.objects.filter(subject="Weiter?").exists()


def test_the_action_writes_both_or_nothing(kim, choice):
    step = casework_actions.NewStep(FollowUpKind.REMINDER, ahead(3), "   ")

    with pytest.raises(casework_actions.RuleBroken):
        plan_participation(choice=choice, planned_from=ahead(), planned_until=None, by=kim, next_step=step)

    assert not Participation.objects.filter(choice=choice).exists()


def test_the_day_before_the_end_is_a_working_day_of_the_house():
    until = ahead(60)
    day = day_before_the_end(until)

    closed = Presence((), (), frozenset({day}))
    assert day_before_the_end(until, closed) == next_working_day(day + dt.timedelta(days=1))
    assert day_before_the_end(None) is None
    assert day_before_the_end(timezone.localdate()) is None


def away(first, end, *, closed=()):
    return Presence(((first, end),), (), frozenset(closed))


def test_or_a_day_of_the_ifk_and_where_there_is_none_before_the_end_the_last_one_before_an_absence():
    """Nothing ends unseen because somebody is away in its last week."""
    until = ahead(60)
    day = day_before_the_end(until)
    week = dt.timedelta(days=7)

    first_two = away(day, day + dt.timedelta(days=2))
    assert day_before_the_end(until, first_two) == next_working_day(day + dt.timedelta(days=2))

    to_the_end = away(day - dt.timedelta(days=3), until + week)
    found = day_before_the_end(until, to_the_end)
    assert found < day - dt.timedelta(days=2)
    assert to_the_end.is_there(found)
    assert not any(to_the_end.is_there(found + dt.timedelta(days=n)) for n in range(1, (until - found).days + 1))

    assert day_before_the_end(until, away(timezone.localdate(), until + week)) == day
    assert day_before_the_end(until, away(timezone.localdate(), None)) == day


@pytest.mark.parametrize("until", [dt.date(9999, 12, 31), dt.date(2099, 12, 31)])
def test_an_end_beyond_every_plan_is_refused_and_not_a_fault(kim_client, kim, choice, until):
    AbsenceFactory(user=kim, during=DateRange(timezone.localdate(), None))
    data = plan(planned_until=f"{until:%d.%m.%Y}", step="on", next_subject="Weiter?")

    response = kim_client.post(url(choice), data)

    assert response.status_code == 422
    assert until.year == 9999 or "mehr als zwei Jahre" in response.content.decode()


def test_the_page_proposes_a_day_of_the_ifk_and_asks_about_the_typed_one(kim_client, kim, choice):
    ParticipationFactory(choice=choice, planned_until=ahead(60))
    plain = day_before_the_end(ahead(60))
    weekday = (plain.weekday() + 1) % 5
    WorkPattern.objects.create(user=kim, since=dt.date(2020, 1, 1), weekdays=1 << weekday, entered_by=kim)
    day = day_before_the_end(ahead(60), read_presence(kim.pk, timezone.localdate()))

    page = kim_client.get(url(choice)).content.decode()

    assert plain != day
    assert f'value="{day:%d.%m.%Y}"' in page
    fields = re.findall(r'<input[^>]+name="next_date"[^>]*>', page)
    asking = f'hx-get="/tag/?fall={choice.case.number}"'
    assert fields
    assert all(asking in field for field in fields)
    for key in re.findall(r'hx-target="#(id_[a-z]+_next_date_day)"', page):
        assert page.count(f'id="{key}"') == 1


def test_a_refused_day_comes_with_the_next_one_of_the_ifk(kim_client, kim, choice):
    sunday = ahead(30)
    while sunday.weekday() != 6:
        sunday += dt.timedelta(days=1)
    WorkPattern.objects.create(user=kim, since=dt.date(2020, 1, 1), weekdays=0b01000, entered_by=kim)
    day = read_presence(kim.pk, sunday).next_day(sunday)
    data = plan(
        planned_until=f"{ahead(60):%d.%m.%Y}", step="on", next_date=f"{sunday:%d.%m.%Y}", next_subject="Weiter?"
    )

    page = kim_client.post(url(choice), data).content.decode()

    assert f"Nächster Arbeitstag: {day_label(day)}." in page

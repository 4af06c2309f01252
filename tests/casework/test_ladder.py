"""The ladder of reminders: own mail, whoever stands in, team lead; each after its grace in working days (R4.3-4)."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from casework.enums import RoleName
from casework.models import DigestMail, LocalDay
from casework.models.ladder import Weekday, days_label, lead_day, read_rungs
from casework.models.reminders import count_own, count_team
from jobcenter.platform.workdays import add_working_days
from tests.casework.reminding import MONDAY, during, overdue_case, remind_on, told
from tests.conftest import signed_in
from tests.factories import (
    AbsenceFactory,
    CounsellorFactory,
    LocalDayFactory,
    RoleGrantFactory,
    SubstitutionFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories_presence import ReminderLadderFactory
from tests.rules import refused

pytestmark = pytest.mark.usefixtures("bells")

DAY = dt.timedelta(days=1)


def ladder(user, **rungs):
    return ReminderLadderFactory(organisation=user.organisation, **rungs)


def days_with_mail(first, last, recipient):
    """The days of a span on which somebody got a mail of the morning."""
    found = []
    day = first
    while day <= last:
        before = len(mail.outbox)
        remind_on(day)
        if any(recipient.email in message.to for message in mail.outbox[before:]):
            found.append(day)
        day += DAY
    return found


# --- each rung on its day --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "after", "first"),
    [
        (dt.date(2026, 11, 12), 0, dt.date(2026, 11, 13)),
        (dt.date(2026, 11, 13), 0, dt.date(2026, 11, 16)),  # a Friday: the weekend is no working day
        (dt.date(2026, 11, 13), 1, dt.date(2026, 11, 17)),
        (dt.date(2026, 11, 12), 3, dt.date(2026, 11, 18)),
        (dt.date(2026, 10, 30), 1, dt.date(2026, 11, 3)),  # Reformationstag is a Saturday
        (dt.date(2026, 12, 23), 1, dt.date(2026, 12, 28)),  # the 24th is a working day, Christmas is none
        (dt.date(2027, 3, 25), 1, dt.date(2027, 3, 31)),  # Good Friday and Easter Monday
        (dt.date(2028, 2, 28), 1, dt.date(2028, 3, 1)),  # the 29th is a working day
    ],
)
def test_own_mail_comes_after_its_grace_in_working_days(db, kim, due, after, first):
    ladder(kim, own_after=after)
    overdue_case(kim, due)

    assert days_with_mail(due, first, kim) == [first]


def test_a_day_of_the_house_is_no_working_day_of_the_grace(db, kim):
    ladder(kim, own_after=1)
    LocalDayFactory(date=dt.date(2026, 11, 13))
    overdue_case(kim, dt.date(2026, 11, 12))

    assert days_with_mail(dt.date(2026, 11, 12), dt.date(2026, 11, 17), kim) == [dt.date(2026, 11, 17)]


def test_whoever_stands_in_has_a_grace_of_their_own(db, kim, eva):
    ladder(kim, own_after=0, substitute_after=2)
    overdue_case(kim, dt.date(2026, 11, 12))
    overdue_case(eva, dt.date(2026, 11, 13))
    absence = AbsenceFactory(user=kim, during=during(dt.date(2026, 11, 12), dt.date(2026, 11, 30)))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)

    remind_on(MONDAY)
    assert told() == {"eva": "Fallarbeit: 1 überfällig"}
    mail.outbox.clear()
    remind_on(MONDAY + DAY)
    assert told() == {"eva": "Fallarbeit: 2 überfällig"}


def test_what_nobody_stands_in_for_goes_to_the_lead_at_once(db, kim, tom):
    ladder(kim, own_after=5, substitute_after=5)
    overdue_case(kim, dt.date(2026, 11, 13))
    AbsenceFactory(user=kim, during=during(dt.date(2026, 11, 12), dt.date(2026, 11, 30)))

    remind_on(MONDAY)

    assert list(told()) == ["tom"]


@pytest.mark.parametrize(
    ("after", "weekday", "first"),
    [
        (5, Weekday.MONDAY, dt.date(2026, 11, 20)),  # due on Thursday the 12th: more than five working days
        (5, Weekday.WEDNESDAY, dt.date(2026, 11, 20)),
        (1, Weekday.WEDNESDAY, dt.date(2026, 11, 18)),
        (1, Weekday.FRIDAY, dt.date(2026, 11, 20)),
        (10, Weekday.TUESDAY, dt.date(2026, 11, 27)),
    ],
)
def test_the_lead_is_told_after_the_last_rung_on_the_day_of_the_week(db, kim, tom, after, weekday, first):
    ladder(kim, lead_after=after, lead_weekday=weekday)
    overdue_case(kim, dt.date(2026, 11, 12))

    # The week is told from its weekday on; what becomes due for it later in the week is told the same week.
    assert days_with_mail(dt.date(2026, 11, 12), first, tom) == [first]
    assert "seit mehr als " + days_label(after) in mail.outbox[-1].body


@pytest.mark.parametrize(
    ("weekday", "monday", "expected"),
    [
        (Weekday.MONDAY, dt.date(2027, 3, 29), dt.date(2027, 3, 30)),  # Easter Monday
        (Weekday.FRIDAY, dt.date(2027, 3, 22), dt.date(2027, 3, 25)),  # Good Friday: nothing follows in that week
        (Weekday.FRIDAY, dt.date(2026, 12, 21), dt.date(2026, 12, 24)),
        (Weekday.WEDNESDAY, dt.date(2026, 11, 16), dt.date(2026, 11, 18)),
    ],
)
def test_a_weekday_on_which_the_house_is_closed_gives_way(weekday, monday, expected):
    assert {lead_day(monday + number * DAY, weekday, frozenset()) for number in range(7)} == {expected}


def test_two_organisations_have_two_ladders(db, kim, tom):
    stranger = CounsellorFactory(user__email="nora@example.org").user
    lead = UserFactory(team=stranger.team, email="lena@example.org")
    RoleGrantFactory(user=lead, role=RoleName.TEAM_LEAD, team=stranger.team)
    ladder(kim, own_after=5, lead_after=5)
    ladder(stranger, own_after=0, lead_after=1)
    for user in (kim, stranger):
        overdue_case(user, dt.date(2026, 11, 12))

    remind_on(MONDAY)

    assert set(told()) == {"nora", "lena"}


def test_without_a_row_the_defaults_hold(db, kim, tom):
    overdue_case(kim, dt.date(2026, 11, 13))
    overdue_case(kim, dt.date(2026, 11, 6))

    remind_on(MONDAY)

    assert told() == {"kim": "Fallarbeit: 2 überfällig", "tom": "Fallarbeit: 1 im Team länger überfällig"}
    assert "seit mehr als fünf Arbeitstagen" in next(m.body for m in mail.outbox if "tom@" in m.to[0])


@pytest.mark.parametrize("own", [0, 2, 10])
@pytest.mark.parametrize("lead", [10, 30])
@pytest.mark.parametrize("away", [False, True])
def test_nothing_is_dropped_whatever_the_ladder(db, kim, eva, tom, own, lead, away):
    """Grace postpones: after it each item is told, and the lead is told in the week of the last rung."""
    ladder(kim, own_after=own, substitute_after=own, lead_after=lead)
    due = dt.date(2026, 12, 17)
    overdue_case(kim, due)
    if away:
        absence = AbsenceFactory(user=kim, during=during(dt.date(2026, 12, 1), dt.date(2027, 4, 1)))
        SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    reader = eva if away else kim

    first = add_working_days(due, own + 1)
    assert count_own(recipient_id=reader.pk, day=first - DAY).overdue == 0
    assert count_own(recipient_id=reader.pk, day=first).overdue == 1
    last = add_working_days(due, lead + 1)
    assert count_team(recipient_id=tom.pk, day=last).team == 1
    assert count_team(recipient_id=tom.pk, day=add_working_days(due, lead)).team == 0


def test_nobody_is_written_to_on_a_day_off(db, kim, tom):
    ladder(kim, own_after=0, lead_after=1, lead_weekday=Weekday.FRIDAY)
    overdue_case(kim, dt.date(2027, 3, 12))

    for day in (dt.date(2027, 3, 26), dt.date(2027, 3, 27), dt.date(2027, 3, 28), dt.date(2027, 3, 29)):
        remind_on(day)  # Good Friday to Easter Monday
    assert mail.outbox == []
    assert not DigestMail.objects.exists()


def test_the_sender_counts_by_the_same_ladder(db, kim):
    """Between planning and sending the ladder is moved: the mail tells what holds when it goes out."""
    row = ladder(kim, own_after=0)
    overdue_case(kim, dt.date(2026, 11, 13))
    assert count_own(recipient_id=kim.pk, day=MONDAY).overdue == 1
    type(row).objects.filter(pk=row.pk).update(own_after=1)
    assert count_own(recipient_id=kim.pk, day=MONDAY).overdue == 0


def test_reading_the_ladders_takes_two_statements_however_many_there_are(db, django_assert_num_queries):
    for _ in range(5):
        ReminderLadderFactory(organisation=TeamFactory().organisation)
    with django_assert_num_queries(2):
        rungs = read_rungs(MONDAY)
    assert len({len(values) for values in rungs.values()}) == 1
    assert LocalDay.objects.count() == 0


# --- rules and pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "columns"),
    [
        ("ladder_grace_is_short", {"own_after": 11, "lead_after": 20}),
        ("ladder_grace_is_short", {"substitute_after": 11, "lead_after": 20}),
        ("ladder_reaches_the_lead", {"lead_after": 31}),
        ("ladder_reaches_the_lead", {"lead_after": 0}),
        ("ladder_climbs", {"own_after": 6}),
        ("ladder_climbs", {"substitute_after": 6}),
        ("ladder_weekday_known", {"lead_weekday": 5}),
    ],
)
def test_a_ladder_that_is_none_is_refused(db, kim, rule, columns):
    with refused(rule):
        ladder(kim, **columns)


def test_one_ladder_for_an_organisation(db, kim):
    ladder(kim)
    with refused("casework_reminderladder_organisation_id_key"):
        ladder(kim)


@pytest.fixture
def frida(db):
    user = UserFactory(username="frida.kuhn")
    RoleGrantFactory(user=user, role=RoleName.CONFIG_ADMIN)
    return user


def test_the_fachadministration_keeps_it_and_bad_input_gets_a_sentence(db, frida, kim):
    client = signed_in(frida)
    url = reverse("admin:casework_reminderladder_add")
    good = {"own_after": 1, "substitute_after": 2, "lead_after": 7, "lead_weekday": 2}
    good["organisation"] = kim.organisation_id

    answer = client.post(url, good | {"own_after": 9})
    assert answer.status_code == 200
    assert "Die Teamleitung erfährt nichts vor der IFK und ihrer Vertretung." in answer.content.decode()
    answer = client.post(url, good | {"lead_after": 31})
    assert "Bitte eine Zahl von 1 bis 30." in answer.content.decode()
    assert client.post(url, good).status_code == 302

    row = kim.organisation.reminder_ladder
    assert (row.own_after, row.substitute_after, row.lead_after, row.lead_weekday) == (1, 2, 7, Weekday.WEDNESDAY)


def test_an_ifk_does_not_keep_it(kim_client):
    assert kim_client.get(reverse("admin:casework_reminderladder_add")).status_code in (302, 403, 404)


def test_the_list_of_the_lead_counts_from_the_same_day(db, kim, tom, tom_client):
    ladder(kim, lead_after=2)
    overdue_case(kim, MONDAY)
    page = tom_client.get(reverse("casework:overdue_list")).content.decode()
    assert "Seit mehr als zwei Arbeitstagen überfällig" in page

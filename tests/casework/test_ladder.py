"""The ladder of reminders: own mail, whoever stands in, team lead; each after its grace in working days (R4.3-4)."""

import datetime as dt
import random
from collections import Counter

import pytest
from django.core import mail

from casework import actions
from casework.enums import RoleName
from casework.models import CaseAssignment, DigestMail, FollowUp, LocalDay, Organisation, User
from casework.models.ladder import Weekday, days_label, ladders_of_organisations, lead_day, read_rungs
from casework.models.reminders import count_own, count_team
from jobcenter.platform.workdays import add_working_days, working_days_between
from tests.casework.reminding import MONDAY, during, number_in, overdue_case, remind_on, told
from tests.casework.test_reminders import expected_recipient, random_office
from tests.factories import (
    AbsenceFactory,
    CounsellorFactory,
    LocalDayFactory,
    RoleGrantFactory,
    SubstitutionFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories_presence import ReminderLadderFactory, WorkPatternFactory
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


def test_a_free_weekday_is_no_rung_of_its_own_but_the_mail_waits(db, kim):
    """The grace runs by the days of the house; whoever is not there on its last day reads it on the next own one."""
    ladder(kim, own_after=1)
    WorkPatternFactory(user=kim, since=dt.date(2026, 1, 1), weekdays=4 + 8)  # Wednesday and Thursday
    overdue_case(kim, dt.date(2026, 11, 12))
    wednesday = MONDAY + 2 * DAY

    assert count_own(recipient_id=kim.pk, day=MONDAY).overdue == 0  # not there
    assert days_with_mail(dt.date(2026, 11, 12), wednesday, kim) == [wednesday]


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


@pytest.mark.parametrize(
    ("weekdays", "monday", "expected"),
    [
        (1 + 2 + 4, dt.date(2026, 11, 16), dt.date(2026, 11, 18)),  # Monday to Wednesday
        (31 - 16, dt.date(2026, 11, 16), dt.date(2026, 11, 19)),
        (8 + 16, dt.date(2027, 3, 22), dt.date(2027, 3, 25)),  # Good Friday
        (1, dt.date(2027, 4, 5), dt.date(2027, 4, 5)),
    ],
)
def test_a_lead_who_is_never_there_on_that_weekday_is_told_on_the_last_own_day_before(
    db, kim, tom, weekdays, monday, expected
):
    ladder(kim, lead_after=1, lead_weekday=Weekday.FRIDAY)
    WorkPatternFactory(user=tom, since=dt.date(2026, 1, 1), weekdays=weekdays)
    overdue_case(kim, dt.date(2026, 11, 2))

    assert days_with_mail(monday, monday + 6 * DAY, tom) == [expected]


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


@pytest.mark.parametrize("seed", range(6))
def test_with_any_ladder_each_item_reaches_its_person_and_within_a_week_more_the_lead(db, kim, tom, seed):
    """Day by day over Christmas: the first mails come where the ladder says, and none on a day off."""
    rng = random.Random(seed)  # noqa: S311  # invented ladders
    lead_after = rng.choice([1, 3, 5, 8])
    own = rng.randint(0, lead_after)
    ladder(kim, own_after=own, lead_after=lead_after, lead_weekday=rng.choice(Weekday.values))
    due = dt.date(2026, 12, 14) + rng.randint(0, 4) * DAY
    overdue_case(kim, due)
    span = (due, add_working_days(due, lead_after + 1) + 8 * DAY)

    days = {user: [] for user in (kim, tom)}
    day = span[0]
    while day <= span[1]:
        mail.outbox.clear()
        remind_on(day)
        for user, found in days.items():
            found += [day] * sum(user.email in message.to for message in mail.outbox)
        day += DAY

    reached, long = add_working_days(due, own + 1), add_working_days(due, lead_after + 1)
    assert days[kim] == [reached, *(add_working_days(reached, n) for n in range(1, len(days[kim])))]
    assert len(days[kim]) == working_days_between(reached, span[1]) + 1
    assert long <= days[tom][0] < long + 7 * DAY


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


def with_any_ladders(seed):
    """The same offices as in the tests of reminders; each organisation has a ladder, or none."""
    rng = random.Random(seed)  # noqa: S311  # invented ladders
    staff = random_office(seed)
    for organisation in Organisation.objects.order_by("pk"):
        lead_after = rng.choice([1, 2, 5, 9])
        graces = {"own_after": rng.randint(0, lead_after), "substitute_after": rng.randint(0, lead_after)}
        if rng.random() < 0.8:
            ReminderLadderFactory(organisation=organisation, lead_after=lead_after, **graces)
    return staff


def check_ladders(seed):
    """What planner and sender tell, against the rule in plain words: counted forward from the day of each item."""
    staff = with_any_ladders(seed)
    rungs = {pk: rungs for pk, _, rungs in ladders_of_organisations()}
    expected, team = Counter(), Counter()
    for person in staff:
        cases = CaseAssignment.objects.filter(counsellor=person.pk, during__upper_inf=True).values("case")
        recipient = expected_recipient(person, MONDAY)
        mine = rungs[person.organisation_id]
        for due in FollowUp.objects.overdue(MONDAY).filter(case__in=cases).values_list("due_on", flat=True):
            passed = working_days_between(due, MONDAY)
            team[person.team_id] += passed > mine.lead_after
            if isinstance(recipient, User):
                is_there = not person.absences.filter(during__contains=MONDAY).exists()
                stands_in = {"substitutions__substitute": recipient, "substitutions__during__contains": MONDAY}
                stood_in = person.absences.filter(during__contains=MONDAY, **stands_in).exists()
                grace = mine.own_after if is_there else mine.substitute_after if stood_in else 0
                expected[recipient.pk] += passed > grace

    remind_on(MONDAY)

    emails = dict(User.objects.values_list("email", "pk"))
    own = [message for message in mail.outbox if "im Team" not in message.subject]
    assert {emails[message.to[0]]: number_in(message) for message in own} == +expected
    planned = set(DigestMail.objects.filter(kind="own").values_list("recipient", flat=True))
    assert planned == set(+expected)  # the sender left nothing out: it counted what the planner counted
    for user in User.objects.all():
        told_now = count_own(recipient_id=user.pk, day=MONDAY)
        assert told_now.overdue + told_now.uncovered == expected[user.pk]
    for message in mail.outbox:
        if "im Team" in message.subject:
            assert number_in(message) == count_team(recipient_id=emails[message.to[0]], day=MONDAY).team
    told_teams = set(DigestMail.objects.filter(kind="team").values_list("recipient", flat=True))
    for lead in User.objects.filter(role_grants__role=RoleName.TEAM_LEAD):
        if expected_recipient(lead, MONDAY) == lead and team[lead.team_id]:
            assert lead.pk in told_teams


@pytest.mark.parametrize("seed", range(12))
def test_in_any_office_with_any_ladders_each_item_is_told_when_its_rung_is_reached(db, seed):
    check_ladders(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1_000, 1_200))
def test_in_two_hundred_offices_with_any_ladders_each_item_is_told_when_its_rung_is_reached(db, seed):
    check_ladders(seed)


def test_planning_takes_as_many_statements_however_many_ladders_there_are(db, kim, count_queries):
    overdue_case(kim, dt.date(2026, 11, 2))
    with count_queries() as few:
        assert actions.plan_reminders(day=dt.date(2026, 11, 12)) == 1
    for number in range(6):
        user = CounsellorFactory().user
        ladder(user, own_after=number % 3, lead_after=3 + number, lead_weekday=number % 5)
        overdue_case(user, dt.date(2026, 11, 2))

    with count_queries() as many:
        assert actions.plan_reminders(day=MONDAY) == 7

    assert many.count == few.count, many.explain()


def test_reading_the_ladders_takes_two_statements_however_many_there_are(db, django_assert_num_queries):
    for _ in range(5):
        ReminderLadderFactory(organisation=TeamFactory().organisation)
    with django_assert_num_queries(2):
        rungs = read_rungs(MONDAY)
    assert rungs.pop("later") == [MONDAY + number * DAY for number in range(1, 5)]
    assert len({len(values) for values in rungs.values()}) == 1
    assert LocalDay.objects.count() == 0


# --- rules ---------------------------------------------------------------------------------------------------------


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

"""Reminder mails: who is told of what, on which day, and never twice (issue: reminders; design.md 5)."""

import datetime as dt
import random
import re
import time
from collections import Counter
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail

from casework import tasks
from casework.enums import DigestState, RoleName
from casework.models import CaseAssignment, DigestMail, DigestRun, FollowUp, User
from casework.models.reminders import counsellors_without_recipient, count_own
from jobcenter.platform.workdays import is_working_day, working_day_before
from tests.casework.reminding import BERLIN, MONDAY, at, during, number_in, overdue_case, remind_on, told
from tests.factories import (
    AbsenceFactory,
    CounsellorFactory,
    LocalDayFactory,
    RoleGrantFactory,
    SubstitutionFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories_presence import WorkPatternFactory

pytestmark = pytest.mark.usefixtures("bells")


# --- what a mail says --------------------------------------------------------------------------------------


def test_a_mail_holds_a_count_and_a_link_and_nothing_else(db, kim, settings):
    settings.PUBLIC_URL = "https://fallarbeit.example.org/"
    overdue_case(kim, dt.date(2026, 11, 12), steps=3)

    remind_on(MONDAY)

    (message,) = mail.outbox
    assert message.to == ["kim@example.org"]
    assert message.subject == "Fallarbeit: 3 überfällig"
    assert "sind 3 Termine oder Wiedervorlagen überfällig.\n" in message.body
    assert "https://fallarbeit.example.org/\n" in message.body
    assert not re.search(r"Kim|Sander|Deniz|Beispiel|F-\d|Unterlagen", message.body)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_one_item_is_told_in_the_singular(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))

    remind_on(MONDAY)

    assert "ist 1 Termin oder 1 Wiedervorlage überfällig" in mail.outbox[0].body


def test_what_is_due_today_is_told_to_who_wants_it(db, kim, eva):
    User.objects.filter(pk=eva.pk).update(remind_of_today=True)
    for counsellor in (kim, eva):
        overdue_case(counsellor, MONDAY)

    remind_on(MONDAY)

    assert told() == {"eva": "Fallarbeit: 1 heute"}
    assert "heute steht 1 Termin oder 1 Wiedervorlage an." in mail.outbox[0].body


def test_who_wants_it_reads_both_numbers(db, kim):
    User.objects.filter(pk=kim.pk).update(remind_of_today=True)
    overdue_case(kim, MONDAY)
    overdue_case(kim, dt.date(2026, 11, 13))

    remind_on(MONDAY)

    assert told() == {"kim": "Fallarbeit: 1 überfällig"}
    assert "Heute steht 1 an." in mail.outbox[0].body


def test_nobody_is_written_to_without_a_reason(db, kim):
    overdue_case(kim, dt.date(2026, 11, 17))

    remind_on(MONDAY)

    assert mail.outbox == []
    assert DigestRun.objects.filter(local_date=MONDAY).exists()


def test_a_line_break_in_a_name_adds_no_header(db, kim):
    User.objects.filter(pk=kim.pk).update(first_name="Kim\r\nBcc: fremd@example.org")
    overdue_case(kim, dt.date(2026, 11, 12))

    remind_on(MONDAY)

    (message,) = mail.outbox
    assert message.recipients() == ["kim@example.org"]
    assert "fremd" not in message.message().as_string()


def test_a_line_break_in_an_address_fails_alone(db, kim, eva):
    User.objects.filter(pk=kim.pk).update(email="kim@example.org\r\nBcc: fremd@example.org")
    for counsellor in (kim, eva):
        overdue_case(counsellor, dt.date(2026, 11, 12))

    remind_on(MONDAY)

    assert told() == {"eva": "Fallarbeit: 1 überfällig"}
    assert DigestMail.objects.get(recipient=kim).state == DigestState.FAILED


# --- who is told -------------------------------------------------------------------------------------------


def test_the_substitute_is_told_and_the_absent_is_not(db, kim, eva):
    overdue_case(kim, dt.date(2026, 11, 12), steps=2)
    overdue_case(eva, dt.date(2026, 11, 12))
    absence = AbsenceFactory(user=kim, during=during(MONDAY, dt.date(2026, 11, 17)))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)

    remind_on(MONDAY)

    assert told() == {"eva": "Fallarbeit: 3 überfällig"}
    assert "davon 2 in Vertretung" in mail.outbox[0].body


def test_it_goes_back_on_the_day_of_return(db, kim, eva):
    overdue_case(kim, dt.date(2026, 11, 12))
    absence = AbsenceFactory(user=kim, during=during(MONDAY, MONDAY))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)

    remind_on(MONDAY)
    mail.outbox.clear()
    remind_on(dt.date(2026, 11, 17))

    assert set(told()) == {"kim"}


def test_without_a_substitute_the_lead_is_told(db, kim, tom):
    overdue_case(kim, dt.date(2026, 11, 13))
    AbsenceFactory(user=kim, during=during(MONDAY, MONDAY))

    remind_on(MONDAY)

    assert told() == {"tom": "Fallarbeit: 1 überfällig"}
    assert "/vertretungen/" in mail.outbox[0].body
    assert "Heute" not in mail.outbox[0].body


def test_whoever_stands_in_for_the_lead_is_led_where_a_substitute_is_entered(db, kim, eva, tom):
    overdue_case(kim, dt.date(2026, 11, 13))
    AbsenceFactory(user=kim, during=during(MONDAY, MONDAY))
    away = AbsenceFactory(user=tom, during=during(MONDAY, MONDAY))
    SubstitutionFactory(absence=away, absent_user=tom, substitute=eva)

    remind_on(MONDAY)

    assert set(told()) == {"eva"}
    assert "niemand steht dafür ein" in mail.outbox[0].body
    assert "/vertretungen/" in mail.outbox[0].body


def test_a_substitute_who_is_absent_too_is_not_told_the_lead_is(db, kim, eva, tom):
    overdue_case(kim, dt.date(2026, 11, 13))
    absence = AbsenceFactory(user=kim, during=during(MONDAY, MONDAY))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    AbsenceFactory(user=eva, during=during(MONDAY, MONDAY))

    remind_on(MONDAY)

    assert set(told()) == {"tom"}


def test_with_nobody_there_nobody_is_told_and_it_is_counted(db, kim, tom):
    overdue_case(kim, dt.date(2026, 11, 13))
    for user in (kim, tom):
        AbsenceFactory(user=user, during=during(MONDAY, MONDAY))

    remind_on(MONDAY)

    assert mail.outbox == []
    assert counsellors_without_recipient(MONDAY) == 1
    assert counsellors_without_recipient(dt.date(2026, 11, 17)) == 0


def test_of_two_leads_one_is_told_of_what_nobody_covers(db, kim, tom, osterode):
    second = UserFactory(team=osterode, username="second")
    RoleGrantFactory(user=second, role=RoleName.TEAM_LEAD, team=osterode)
    overdue_case(kim, dt.date(2026, 11, 13))
    AbsenceFactory(user=kim, during=during(MONDAY, MONDAY))

    remind_on(MONDAY)

    assert len(told()) == 1


# --- the team lead, once a week ----------------------------------------------------------------------------


def test_more_than_five_working_days_is_the_sixth(db, kim, tom):
    overdue_case(kim, dt.date(2026, 11, 9))  # on Monday the 16th five working days ago
    remind_on(MONDAY)
    assert set(told()) == {"kim"}
    mail.outbox.clear()

    remind_on(dt.date(2026, 11, 17))

    assert told() == {"kim": "Fallarbeit: 1 überfällig", "tom": "Fallarbeit: 1 im Team länger überfällig"}


def test_the_lead_is_told_once_a_week(db, kim, tom):
    overdue_case(kim, dt.date(2026, 11, 2))

    for number in range(7):
        remind_on(MONDAY + dt.timedelta(days=number))

    to_tom = [message for message in mail.outbox if message.to == ["tom@example.org"]]
    assert len(to_tom) == 1
    remind_on(dt.date(2026, 11, 23))
    assert len([message for message in mail.outbox if message.to == ["tom@example.org"]]) == 2


def test_after_a_holiday_the_week_begins_a_day_later(db, kim, tom):
    overdue_case(kim, dt.date(2026, 3, 2))
    easter_monday = dt.date(2026, 4, 6)

    remind_on(easter_monday)
    assert mail.outbox == []
    remind_on(easter_monday + dt.timedelta(days=1))

    assert set(told()) == {"kim", "tom"}
    assert DigestMail.objects.get(recipient=tom).local_date == easter_monday


def test_who_leads_another_team_is_not_told(db, kim, tom):
    other = UserFactory(username="fremd")
    RoleGrantFactory(user=other, role=RoleName.TEAM_LEAD, team=TeamFactory())
    overdue_case(kim, dt.date(2026, 11, 2))

    remind_on(MONDAY)

    assert set(told()) == {"kim", "tom"}


# --- days and clocks ---------------------------------------------------------------------------------------

PERIODS = {
    "Easter and the night of 29.03.": (dt.date(2026, 3, 26), dt.date(2026, 4, 8)),
    "the night of 25.10. and a Reformationstag on a Saturday": (dt.date(2026, 10, 22), dt.date(2026, 11, 3)),
    "a Reformationstag on a Friday": (dt.date(2025, 10, 29), dt.date(2025, 11, 4)),
    "Christmas": (dt.date(2026, 12, 22), dt.date(2026, 12, 30)),
    "a leap day": (dt.date(2028, 2, 24), dt.date(2028, 3, 3)),
}


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The clock zone of the machine: Django sets its own, and this takes even that away."""
    with monkeypatch.context() as context:
        context.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


@pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS.keys())
def test_each_working_day_each_item_is_told_to_one_person_and_nobody_on_a_day_off(
    db, kim, eva, tom, server_zone, period
):
    first, last = period
    overdue_case(kim, working_day_before(first, 20), steps=2)
    overdue_case(eva, working_day_before(first, 20))
    kim_away = during(first + dt.timedelta(days=1), first + dt.timedelta(days=5))
    SubstitutionFactory(absence=AbsenceFactory(user=kim, during=kim_away), absent_user=kim, substitute=eva)
    LocalDayFactory(date=dt.date(2026, 12, 24), text="Heiligabend")
    # Ida works on Monday, Tuesday and Thursday, and from the third day on the other way round.
    ida = CounsellorFactory(user__team=tom.team, user__username="ida").user
    overdue_case(ida, working_day_before(first, 20))
    turn = first + dt.timedelta(days=3)
    for since, weekdays in ((first - dt.timedelta(days=90), 1 + 2 + 8), (turn, 4 + 16)):
        WorkPatternFactory(user=ida, since=since, weekdays=weekdays)
    sent: dict[dt.date, dict[str, int]] = {}

    moment = at(first, 0)
    while moment < at(last + dt.timedelta(days=1), 0):
        mail.outbox.clear()
        with time_machine.travel(moment.astimezone(dt.UTC), tick=False):
            tasks.remind()
        for message in mail.outbox:
            if "im Team" not in message.subject:
                local = moment.astimezone(BERLIN)
                assert (local.hour, local.minute) == (6, 30)
                assert message.to[0] not in sent.setdefault(local.date(), {})
                sent[local.date()][message.to[0]] = number_in(message)
        moment = (moment.astimezone(dt.UTC) + dt.timedelta(minutes=30)).astimezone(BERLIN)

    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    working = [day for day in days if is_working_day(day, [dt.date(2026, 12, 24)])]
    assert list(sent) == working
    for day, mails in sent.items():
        away = day in kim_away
        expected = {"eva@example.org": 3} if away else {"kim@example.org": 2, "eva@example.org": 1}
        if day.weekday() in ((0, 1, 3) if day < turn else (2, 4)):
            expected["ida@example.org"] = 1
        assert mails == expected


@pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS.keys())
def test_each_due_item_stands_on_exactly_one_days_list(db, kim, kim_client, server_zone, period):
    first, last = period
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    working = [day for day in days if is_working_day(day)]
    for day in working:
        overdue_case(kim, day)
    WorkPatternFactory(user=kim, since=first, weekdays=1 + 8)  # free days hide nothing
    seen: Counter[dt.date] = Counter()

    for day in days:
        with time_machine.travel(at(day, 0, 1).astimezone(dt.UTC), tick=False):
            kim_client.force_login(kim)
            early = kim_client.get("/").context["due_today"]
        with time_machine.travel(at(day, 23, 59).astimezone(dt.UTC), tick=False):
            kim_client.force_login(kim)
            late = kim_client.get("/").context["due_today"]
        assert [row["id"] for row in early] == [row["id"] for row in late]
        assert {row["due_on"] for row in early} <= {day}
        seen[day] += len(early)

    assert {day: count for day, count in seen.items() if count} == dict.fromkeys(working, 1)


def test_a_clock_set_back_two_hours_tells_nothing_twice(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))

    for hour, minute in ((6, 30), (7, 0), (5, 0), (6, 29), (6, 30), (7, 0)):
        remind_on(MONDAY, hour, minute)

    assert len(mail.outbox) == 1


def test_a_clock_that_jumps_three_days_and_back_tells_once_for_each_day(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))
    real = [MONDAY + dt.timedelta(days=number) for number in range(5)]

    remind_on(real[0])
    remind_on(real[3])  # the clock runs ahead
    for day in real[1:]:
        remind_on(day)

    assert [mail_.local_date for mail_ in DigestMail.objects.order_by("local_date")] == real
    assert len(mail.outbox) == len(real)


def test_whoever_was_down_at_half_past_six_catches_up_until_the_evening(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))

    remind_on(MONDAY, 6, 29)
    assert mail.outbox == []
    remind_on(MONDAY, 18, 0)
    assert mail.outbox == []
    remind_on(MONDAY, 17, 59)

    assert len(mail.outbox) == 1


def test_what_comes_in_after_the_planning_waits_for_the_next_morning(db, kim, eva):
    overdue_case(kim, dt.date(2026, 11, 12))
    remind_on(MONDAY)
    overdue_case(eva, dt.date(2026, 11, 12))

    remind_on(MONDAY, 9)

    assert set(told()) == {"kim"}


# --- any office --------------------------------------------------------------------------------------------


TOMORROW = "on the next working day"


def expected_recipient(person: User, day: dt.date) -> User | str | None:
    """The rule in the plainest words: an oracle that shares no line with the planner."""

    def here(user: User) -> bool:
        return user.is_active and not user.absences.filter(during__contains=day).exists()

    def works(user: User) -> bool:
        pattern = user.work_patterns.filter(since__lte=day).order_by("-since").first()
        return pattern is None or bool(pattern.weekdays >> day.weekday() & 1)

    def stands_in(user: User) -> User | None:
        for absence in user.absences.filter(during__contains=day):
            for substitution in absence.substitutions.filter(during__contains=day):
                if here(substitution.substitute):
                    return substitution.substitute
        return None

    if here(person):
        return person if works(person) else TOMORROW
    if substitute := stands_in(person):
        return substitute if works(substitute) else TOMORROW
    leads = User.objects.filter(role_grants__role=RoleName.TEAM_LEAD, role_grants__team=person.team)
    candidates = [found for lead in leads if (found := lead if here(lead) else stands_in(lead))]
    working = [lead for lead in candidates if works(lead)]
    if candidates and not working:
        return TOMORROW
    return min(working, key=lambda lead: lead.pk, default=None)


def random_office(seed: int) -> list[User]:
    rng = random.Random(seed)  # noqa: S311  # invented offices
    teams = TeamFactory.create_batch(2)
    staff = [CounsellorFactory(user__team=rng.choice(teams)).user for _ in range(rng.randint(2, 6))]
    leads = [UserFactory(team=team) for team in teams for _ in range(rng.randint(0, 2))]
    for lead in leads:
        RoleGrantFactory(user=lead, role=RoleName.TEAM_LEAD, team=lead.team)
    for person in staff:
        for _ in range(rng.randint(0, 3)):
            overdue_case(person, MONDAY - dt.timedelta(days=rng.choice([0, 3, 4, 7, 14])), steps=rng.randint(1, 2))
    for person in rng.sample([*staff, *leads], k=rng.randint(0, len(staff))):
        WorkPatternFactory(user=person, since=MONDAY - dt.timedelta(days=9), weekdays=rng.choice([1, 2 + 4, 30, 31]))
    standing_in: set[User] = set()
    for person in rng.sample([*staff, *leads], k=rng.randint(0, len(staff))):
        absence = AbsenceFactory(user=person, during=during(MONDAY - dt.timedelta(days=2), MONDAY))
        others = [other for other in [*staff, *leads] if other is not person]
        if person not in standing_in and others and rng.random() < 0.7:
            substitute = rng.choice(others)
            with_own = substitute.pk in {s.pk for s in standing_in}
            if not with_own and not User.objects.filter(pk=substitute.pk, absences__substitutions__isnull=False):
                SubstitutionFactory(absence=absence, absent_user=person, substitute=substitute)
                standing_in.add(substitute)
    return staff


def check_office(seed: int) -> None:
    staff = random_office(seed)
    expected: Counter[str] = Counter()
    lost = 0
    for person in staff:
        cases = CaseAssignment.objects.filter(counsellor=person.pk, during__upper_inf=True).values("case")
        overdue = FollowUp.objects.overdue(MONDAY).filter(case__in=cases).count()
        recipient = expected_recipient(person, MONDAY)
        if isinstance(recipient, User) and overdue:
            expected[recipient.email] += overdue
        lost += bool(overdue and recipient is None)

    remind_on(MONDAY)
    remind_on(MONDAY)

    own = [message for message in mail.outbox if "im Team" not in message.subject]
    assert {message.to[0]: number_in(message) for message in own} == dict(expected)
    assert len(own) == len(expected)
    assert counsellors_without_recipient(MONDAY) == lost
    for person in staff:
        if not person.absences.exists() and expected_recipient(person, MONDAY) == person:
            # The counter in the navigation and the mail speak of the same items.
            told_now = count_own(recipient_id=person.pk, day=MONDAY)
            assert FollowUp.objects.due_count(person, MONDAY) == told_now.overdue + told_now.today


@pytest.mark.parametrize("seed", range(12))
def test_in_any_office_each_overdue_item_is_told_to_exactly_one_person(db, seed):
    check_office(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1_000, 1_300))
def test_in_three_hundred_offices_each_overdue_item_is_told_to_exactly_one_person(db, seed):
    check_office(seed)

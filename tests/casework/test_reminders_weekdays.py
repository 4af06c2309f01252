"""Nobody is written to on a free day of the week: what waits is told on the next working day, to the same person."""

import datetime as dt

import pytest
import time_machine
from django.core import mail

from casework import actions
from casework.enums import RoleName
from casework.models import DigestMail
from casework.models.reminders import counsellors_without_recipient
from tests.casework.reminding import MONDAY, at, during, overdue_case, remind_on, told
from tests.factories import AbsenceFactory, RoleGrantFactory, SubstitutionFactory, UserFactory
from tests.factories_presence import WorkPatternFactory

pytestmark = pytest.mark.usefixtures("bells")

TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + dt.timedelta(days=number) for number in (1, 2, 3))
NOT_ON = {MONDAY: 30, TUESDAY: 29, WEDNESDAY: 27}  # a week without this day


def test_who_has_a_free_day_is_told_on_the_next_working_day_and_nobody_instead(db, kim, eva, tom):
    overdue_case(kim, dt.date(2026, 11, 12))
    WorkPatternFactory(user=kim, since=MONDAY, weekdays=NOT_ON[MONDAY])

    remind_on(MONDAY)
    assert mail.outbox == []
    assert counsellors_without_recipient(MONDAY) == 0
    remind_on(TUESDAY)

    assert told() == {"kim": "Fallarbeit: 1 überfällig"}


def test_working_days_count_from_their_day_on(db, kim):
    overdue_case(kim, dt.date(2026, 11, 12))
    WorkPatternFactory(user=kim, since=dt.date(2026, 1, 1), weekdays=NOT_ON[MONDAY])
    WorkPatternFactory(user=kim, since=MONDAY, weekdays=31)
    WorkPatternFactory(user=kim, since=TUESDAY, weekdays=NOT_ON[TUESDAY])

    remind_on(MONDAY)
    remind_on(TUESDAY)

    assert len(mail.outbox) == 1


def test_a_substitute_with_a_free_day_is_told_on_the_next_working_day(db, kim, eva, tom):
    overdue_case(kim, dt.date(2026, 11, 12))
    absence = AbsenceFactory(user=kim, during=during(MONDAY, THURSDAY))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    WorkPatternFactory(user=eva, since=MONDAY, weekdays=NOT_ON[MONDAY])

    remind_on(MONDAY)
    assert mail.outbox == []
    remind_on(TUESDAY)

    assert told() == {"eva": "Fallarbeit: 1 überfällig"}


def test_what_nobody_covers_waits_for_the_leads_next_working_day(db, kim, tom):
    overdue_case(kim, dt.date(2026, 11, 13))
    AbsenceFactory(user=kim, during=during(MONDAY, THURSDAY))
    WorkPatternFactory(user=tom, since=MONDAY, weekdays=NOT_ON[MONDAY])

    remind_on(MONDAY)
    assert mail.outbox == []
    assert counsellors_without_recipient(MONDAY) == 0
    remind_on(TUESDAY)

    assert told() == {"tom": "Fallarbeit: 1 überfällig"}


def test_of_two_leads_the_one_who_works_that_day_is_told(db, kim, tom, osterode):
    second = UserFactory(team=osterode, username="second")
    RoleGrantFactory(user=second, role=RoleName.TEAM_LEAD, team=osterode)
    overdue_case(kim, dt.date(2026, 11, 13))
    AbsenceFactory(user=kim, during=during(MONDAY, THURSDAY))
    WorkPatternFactory(user=min(tom, second, key=lambda lead: lead.pk), since=MONDAY, weekdays=NOT_ON[MONDAY])

    remind_on(MONDAY)

    assert set(told()) == {max(tom, second, key=lambda lead: lead.pk).username}


def test_the_weekly_mail_waits_for_the_leads_working_day_in_the_same_week(db, kim, tom):
    overdue_case(kim, dt.date(2026, 11, 2))
    WorkPatternFactory(user=tom, since=MONDAY, weekdays=4 + 8)

    for number in range(7):
        remind_on(MONDAY + dt.timedelta(days=number))

    (digest,) = DigestMail.objects.filter(recipient=tom)
    assert (digest.kind, digest.local_date, digest.planned_on) == ("team", MONDAY, WEDNESDAY)
    assert [message.subject for message in mail.outbox if message.to == [tom.email]] == [
        "Fallarbeit: 1 im Team länger überfällig"
    ]


def test_a_weekly_mail_that_was_late_is_not_sent_on_a_free_day(db, kim, tom):
    overdue_case(kim, dt.date(2026, 11, 2))
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
    WorkPatternFactory(user=tom, since=TUESDAY, weekdays=NOT_ON[TUESDAY])

    remind_on(TUESDAY)
    assert [message for message in mail.outbox if message.to == [tom.email]] == []
    remind_on(WEDNESDAY)

    assert len([message for message in mail.outbox if message.to == [tom.email]]) == 1

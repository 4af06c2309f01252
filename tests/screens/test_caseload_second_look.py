"""A second look at the Fallbestand: what it says of who is there, and the alphabet (R4.4-6, domain.md 12.6, 12.22)."""

import datetime as dt
import re

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.enums import RoleName
from casework.models import User
from tests.casework.reminding import MONDAY, at, during
from tests.conftest import signed_in
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    CounsellorFactory,
    LocalDayFactory,
    RoleGrantFactory,
    SubstitutionFactory,
    TeamFactory,
)
from tests.factories_presence import WorkPatternFactory
from tests.screens.caseload_office import PAGE, shown_figures, shown_list


@pytest.fixture(autouse=True)
def monday(db):
    with time_machine.travel(at(MONDAY, 9), tick=False):
        yield MONDAY


def day(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def said_of(client, user: User) -> str:
    page = client.get(PAGE).content.decode()
    return re.search(rf"<bdi>{user.last_name}, {user.first_name}</bdi><small>([^<]*)</small>", page)[1]


def test_an_absence_entered_anew_day_by_day_is_one_absence(kim, tom_client):
    """Illness lasts longer than was written at first; the days after a gap are another absence."""
    for first, last in ((-3, 1), (2, 4), (5, 70), (72, 80)):
        AbsenceFactory(user=kim, during=during(day(first), day(last)))
    assert said_of(tom_client, kim) == "abwesend bis 25.01.2027, niemand vertritt"

    AbsenceFactory(user=kim, during=DateRange(day(81), None))
    AbsenceFactory(user=kim, during=during(day(71), day(71)))
    assert said_of(tom_client, kim) == "abwesend bis auf Weiteres, niemand vertritt"


def test_a_substitute_who_is_not_there_is_not_said_to_be(kim, eva, tom_client):
    absence = AbsenceFactory(user=kim, during=during(MONDAY, day(4)))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    assert said_of(tom_client, kim) == "abwesend bis 20.11.2026 → Eva Brandt"

    WorkPatternFactory(user=eva, weekdays=30)
    assert said_of(tom_client, kim).endswith("→ Eva Brandt, heute kein Arbeitstag")
    away = AbsenceFactory(user=eva, during=during(MONDAY, MONDAY))
    assert said_of(tom_client, kim).endswith("→ Eva Brandt, auch abwesend")
    assert away.user == eva
    User.objects.filter(pk=eva.pk).update(is_active=False)
    assert said_of(tom_client, kim).endswith("→ Eva Brandt, Konto nicht aktiv")


def test_nobody_is_said_to_be_there_on_a_day_off(kim, tom, tom_client):
    assert said_of(tom_client, kim) == "anwesend"
    LocalDayFactory(date=MONDAY)
    assert said_of(tom_client, kim) == "heute kein Arbeitstag"
    for closed in (dt.date(2026, 4, 3), dt.date(2025, 10, 31), dt.date(2026, 11, 21)):
        with time_machine.travel(at(closed, 9), tick=False):
            assert said_of(signed_in(tom), kim) == "heute kein Arbeitstag"


def test_people_and_teams_stand_by_the_german_alphabet(osterode, tom, tom_client):
    for name in ("van Dyk", "Groß", "Grosse", "Äcker", "Albers", "Zander", "Özcan"):
        CounsellorFactory(user__team=osterode, user__last_name=name, user__first_name="Mika")
    for name in ("Üfingen", "Zorge", "Ährenfeld"):
        RoleGrantFactory(user=tom, role=RoleName.TEAM_LEAD, team=TeamFactory(organisation=tom.organisation, name=name))
    page = tom_client.get(PAGE).content.decode().partition("<main")[2]
    people = re.findall(r"<bdi>([^<]+), Mika</bdi>", page.partition("</table>")[0])

    assert people == ["Äcker", "Albers", "Groß", "Grosse", "Özcan", "van Dyk", "Zander"]
    assert re.findall(r"<h2[^>]*><bdi>([^<]+)<", page) == ["Ährenfeld", "Osterode", "Üfingen", "Zorge"]


def test_eight_weeks_across_the_year_and_what_lies_beyond(kim, tom):
    """The week of New Year is one week; what lies beyond the eighth Sunday is in no bar and no less a plan."""
    today = dt.date(2026, 12, 2)
    with time_machine.travel(at(today, 9), tick=False):
        for due_on in ((2026, 12, 31), (2027, 1, 4), (2027, 1, 22), (2027, 1, 25)):
            CaseFactory(counsellor=kim, opened_at=at(dt.date(2026, 9, 1)), step__due_on=dt.date(*due_on))
        client = signed_in(tom)
        figures = shown_figures(client)
        weeks = [figures[f"wer={kim.pk}&was=woche&woche={week}"] for week in range(8)]

        assert weeks == [0, 0, 0, 0, 1, 1, 0, 1]
        assert figures[f"wer={kim.pk}&was=ohne-termin"] == 0
        for query, count in figures.items():
            assert shown_list(client, query) == (count, count), query

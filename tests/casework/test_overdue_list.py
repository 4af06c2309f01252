"""Überfällig im Team: what a lead's weekly mail counted, as a list, and nothing that ranks anybody."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.enums import RoleName
from casework.models import Case, User
from tests.casework.reminding import MONDAY, at, during, number_in, overdue_case, remind_on
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    CaseParticipationFactory,
    CounsellorFactory,
    RoleGrantFactory,
    SubstitutionFactory,
    TeamFactory,
    UserFactory,
)

URL = "/faelle/ueberfaellig/"
LONG_AGO = dt.date(2026, 11, 2)
LAST = dt.date(2026, 11, 6)  # the last day that is more than five working days before the Monday of the tests
JUST_NOT = dt.date(2026, 11, 9)


@pytest.fixture(autouse=True)
def monday(db, bells):
    with time_machine.travel(at(MONDAY, 9), tick=False):
        yield MONDAY


def stand_in(absent, substitute):
    """For the Monday of the tests."""
    absence = AbsenceFactory(user=absent, during=during(MONDAY, MONDAY))
    SubstitutionFactory(absence=absence, absent_user=absent, substitute=substitute)


def page_of(client, url=URL):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def main_of(client, url=URL):
    return page_of(client, url).partition("<main")[2].partition("</main>")[0]


def total_of(client):
    return int(re.search(r'überfällig <span class="num">(\d+)</span>', page_of(client))[1])


def test_anonymous_is_sent_to_sign_in(client):
    assert client.get(URL)["Location"].startswith("/anmelden/")


@pytest.mark.parametrize("who", ["kim_client", "paula_client", "admin_client"])
def test_only_a_lead_sees_the_list(request, who):
    client = request.getfixturevalue(who)

    assert client.get(URL).status_code == 403
    assert client.post(URL).status_code in (403, 405)


def test_a_lead_finds_it_beside_the_cases_and_the_absences(kim_client, tom_client):
    for page in ("/faelle/", "/vertretungen/"):
        assert f'href="{URL}"' in page_of(tom_client, page)
    assert f'href="{URL}"' not in page_of(kim_client, "/faelle/")


def test_the_total_is_the_number_in_the_mail(kim, eva, tom, tom_client):
    other = CounsellorFactory(user__team=TeamFactory(organisation=tom.organisation)).user
    overdue_case(kim, LONG_AGO, steps=3)
    overdue_case(eva, LAST, steps=2)
    overdue_case(eva, JUST_NOT, steps=4)
    overdue_case(other, LONG_AGO, steps=5)
    Case.objects.filter(follow_ups__due_on=LAST).update(is_restricted=True)
    AbsenceFactory(user=eva, during=during(MONDAY, MONDAY))

    remind_on(MONDAY)

    (message,) = [message for message in mail.outbox if "länger" in message.subject]
    assert message.to == [tom.email]
    # The protected case of Eva is neither counted nor listed for whom it is closed to.
    assert total_of(tom_client) == number_in(message) == 3


def test_two_led_teams_make_one_list(kim, tom, tom_client):
    second = TeamFactory(organisation=tom.organisation)
    RoleGrantFactory(user=tom, role=RoleName.TEAM_LEAD, team=second)
    overdue_case(kim, LONG_AGO)
    overdue_case(CounsellorFactory(user__team=second).user, LONG_AGO)

    remind_on(MONDAY)

    assert total_of(tom_client) == number_in(mail.outbox[-1]) == 2


def test_foreign_cases_are_absent_even_when_seen_elsewhere(kim, nora, tom, tom_client):
    """A lead who also counsels sees cases of others in the own lists; they are no matter of this team."""
    foreign = CaseFactory(counsellor=nora, opened_at=at(dt.date(2026, 9, 1)), step__due_on=LONG_AGO)
    CaseParticipationFactory(
        case=foreign,
        counsellor=CounsellorFactory(user=tom),
        during=DateTimeTZRange(at(dt.date(2026, 9, 2)), None),
    )
    overdue_case(nora, LONG_AGO)

    assert total_of(tom_client) == 0
    assert foreign.number not in page_of(tom_client)


def test_rows_stand_by_name_of_the_counsellor_and_then_by_day(osterode, tom_client):
    for last_name, due_on in (("Zander", LONG_AGO), ("Özcan", LAST), ("Özcan", LONG_AGO), ("albers", LAST)):
        user = User.objects.filter(last_name=last_name).first()
        overdue_case(user or CounsellorFactory(user__team=osterode, user__last_name=last_name).user, due_on)
    page = main_of(tom_client)
    order = re.findall(r"<bdi>(albers|Özcan|Zander), Mika</bdi>|<time datetime=\"([\d-]+)\"", page)

    assert ["".join(found) for found in order] == [
        "albers",
        "2026-11-06",
        "Özcan",
        "2026-11-02",
        "2026-11-06",
        "Zander",
        "2026-11-02",
    ]


def test_a_row_says_what_and_since_when_and_shows_nothing_of_the_file(kim, tom_client):
    case = CaseFactory(
        counsellor=kim,
        client__family_name="Yıldız",
        client__given_name="Deniz",
        opened_at=at(dt.date(2026, 9, 1)),
        step__due_on=LONG_AGO,
        step__subject="Schulden besprechen",
    )
    page = main_of(tom_client)

    assert f'<a href="/faelle/{case.number}/"><bdi>Yıldız, Deniz</bdi></a>' in page
    assert "Mo, 02.11.2026" in page and "seit 14 Tagen" in page and "Wiedervorlage" in page
    assert "Schulden" not in page
    assert tom_client.get(f"/faelle/{case.number}/")["Location"] == f"/faelle/{case.number}/lesen/"


def test_nobody_is_summed_up_or_ranked(kim, eva, tom_client):
    overdue_case(kim, LONG_AGO, steps=7)
    overdue_case(eva, LONG_AGO)
    page = main_of(tom_client)

    assert re.findall(r'class="num">(\d+)', page) == ["8"]
    assert "%" not in page
    assert page.index("Brandt, Eva") < page.index("Sander, Kim")


def test_who_is_absent_is_marked_in_words(kim, eva, osterode, tom_client):
    both = CounsellorFactory(user__team=osterode, user__last_name="Ott").user
    for user in (kim, eva, both):
        overdue_case(user, LONG_AGO)
    assert "abwesend, " not in main_of(tom_client)

    stand_in(kim, eva)
    AbsenceFactory(user=both, during=during(MONDAY, MONDAY))
    page = main_of(tom_client)

    assert "abwesend, Vertretung: Eva Brandt</span>" in page
    assert page.count('href="/vertretungen/">Vertretung eintragen') == 1
    assert "abwesend, keine Vertretung eingetragen" in page


def test_a_substitute_who_is_absent_too_helps_nobody(kim, eva, tom_client):
    overdue_case(kim, LONG_AGO)
    stand_in(kim, eva)
    AbsenceFactory(user=eva, during=during(MONDAY, MONDAY))
    page = main_of(tom_client)

    assert "abwesend, Vertretung: Eva Brandt, auch abwesend" in page
    assert "Vertretung eintragen" in page


def test_an_empty_list_says_so_kindly(kim, tom_client):
    overdue_case(kim, JUST_NOT)

    assert "In Ihrem Team ist nichts seit mehr als fünf Arbeitstagen überfällig." in page_of(tom_client)


def test_more_than_fifty_are_paged(kim, tom_client):
    overdue_case(kim, LONG_AGO, steps=51)
    first, last = main_of(tom_client), main_of(tom_client, f"{URL}?seite=2")

    assert first.count("data-row") == 50 and "1 bis 50 von 51" in first
    assert last.count("data-row") == 1 and "Sander, Kim" in last
    assert main_of(tom_client, f"{URL}?seite=99") == last
    assert main_of(tom_client, f"{URL}?seite=²") == first


def test_the_list_does_not_query_per_row(kim, eva, osterode, tom_client, count_queries):
    overdue_case(kim, LONG_AGO)
    with count_queries() as few:
        page_of(tom_client)
    for user in (kim, eva, CounsellorFactory(user__team=osterode).user):
        overdue_case(user, LONG_AGO, steps=4)
        AbsenceFactory(user=user, during=during(MONDAY, MONDAY))
    with count_queries() as many:
        page_of(tom_client)

    assert many.count == few.count, many.explain()


def test_the_address_is_for_reading(tom_client):
    assert tom_client.post(URL).status_code == 405


def test_whoever_stands_in_for_a_lead_has_the_list_for_that_time(kim, eva, tom, kim_client):
    overdue_case(eva, LONG_AGO)
    assert kim_client.get(URL).status_code == 403
    stand_in(tom, kim)
    page = main_of(kim_client)

    assert "Sie vertreten in der Teamleitung: Tom Albers" in page
    assert "Brandt, Eva" in page
    remind_on(MONDAY)
    (message,) = [message for message in mail.outbox if "länger" in message.subject]
    assert message.to == [kim.email]
    assert total_of(kim_client) == number_in(message) == 1
    with time_machine.travel(at(MONDAY + dt.timedelta(days=1), 9), tick=False):
        kim_client.force_login(User.objects.get(pk=kim.pk))
        assert kim_client.get(URL).status_code == 403


def test_a_lead_who_stands_in_for_another_sees_both_teams(kim, tom, tom_client):
    other = UserFactory(team=TeamFactory(organisation=tom.organisation))
    RoleGrantFactory(user=other, role=RoleName.TEAM_LEAD, team=other.team)
    overdue_case(kim, LONG_AGO)
    overdue_case(CounsellorFactory(user__team=other.team).user, LONG_AGO)
    assert total_of(tom_client) == 1
    stand_in(other, tom)

    assert total_of(tom_client) == 2
    assert "Sie vertreten in der Teamleitung" in page_of(tom_client)
    remind_on(MONDAY)
    assert number_in(next(message for message in mail.outbox if message.to == [tom.email])) == 2

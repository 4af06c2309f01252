"""Fallbestand: what a lead steers by, alphabetical, and never a measure of anybody (R4.3-3, R4.4-6)."""

import datetime as dt
import re

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.enums import RoleName
from casework.models import Case
from tests.casework.reminding import MONDAY, at, during
from tests.conftest import signed_in
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    CounsellorFactory,
    DraftFactory,
    FollowUpFactory,
    LocalDayFactory,
    RoleGrantFactory,
    SubstitutionFactory,
    TeamFactory,
    UserFactory,
)
from tests.screens.caseload_office import LIST, PAGE, agree, shown_figures, shown_list

NOTHING_WRONG = "Keine Vereinbarung ist kein Fehler, wenn der Wille noch erkundet wird."


@pytest.fixture(autouse=True)
def monday(db):
    with time_machine.travel(at(MONDAY, 9), tick=False):
        yield MONDAY


def case_of(user, due_on: dt.date, **values) -> Case:
    opened = at(dt.date(2026, 8, 3))
    return CaseFactory(counsellor=user, opened_at=opened, step__due_on=due_on, **values)


def day(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def main_of(client, url=PAGE) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def figure(client, user, name: str) -> int:
    return shown_figures(client)[f"wer={user.pk}&was={name}"]


def stand_in(absent, substitute, last: dt.date = MONDAY):
    absence = AbsenceFactory(user=absent, during=during(MONDAY, last))
    SubstitutionFactory(absence=absence, absent_user=absent, substitute=substitute)


# --- who sees what ---------------------------------------------------------------------------------------------------


def test_anonymous_is_sent_to_sign_in(client):
    for url in (PAGE, LIST, "/faelle/ohne-naechsten-termin/"):
        assert client.get(url)["Location"].startswith("/anmelden/")


@pytest.mark.parametrize("who", ["paula_client", "admin_client"])
@pytest.mark.parametrize("url", [PAGE, f"{LIST}?wer=1&was=faelle", "/faelle/ohne-naechsten-termin/"])
def test_who_has_no_business_with_cases_sees_nothing(request, who, url):
    assert request.getfixturevalue(who).get(url).status_code == 403


def test_the_addresses_are_for_reading(tom_client):
    for url in (PAGE, LIST, "/faelle/ohne-naechsten-termin/"):
        assert tom_client.post(url).status_code == 405


def test_a_lead_sees_the_team_and_nobody_else(kim, eva, nora, tom_client):
    page = main_of(tom_client)

    assert "Sander, Kim" in page and "Brandt, Eva" in page
    assert nora.last_name not in page


def test_an_ifk_sees_the_one_own_row_and_no_inbox(kim, eva, kim_client):
    page = main_of(kim_client)

    assert "Sander, Kim" in page and "Eigene Fälle" in page
    assert "Brandt" not in page
    assert "Posteingang" not in page


def test_who_stands_in_for_a_lead_leads_for_that_time(kim, eva, tom, kim_client):
    stand_in(tom, kim)

    assert "Brandt, Eva" in main_of(kim_client)
    assert kim_client.get(f"{LIST}?wer={eva.pk}&was=faelle").status_code == 200

    with time_machine.travel(at(day(1), 0, 0), tick=False):
        the_day_after = signed_in(kim)
        assert "Brandt, Eva" not in main_of(the_day_after)
        assert the_day_after.get(f"{LIST}?wer={eva.pk}&was=faelle").status_code == 404


def test_two_led_teams_stand_by_name_and_an_empty_one_says_so(kim, tom, tom_client):
    second = TeamFactory(organisation=tom.organisation, name="Duderstadt")
    RoleGrantFactory(user=tom, role=RoleName.TEAM_LEAD, team=second)
    page = main_of(tom_client)

    assert page.index("Duderstadt") < page.index("Osterode")
    assert "In diesem Team ist noch keine IFK eingetragen." in page
    assert shown_list(tom_client, f"team={second.pk}&was=posteingang") == (0, 0)


def test_a_lead_who_counsels_elsewhere_sees_the_own_row_too(kim, tom, stadt, tom_client):
    CounsellorFactory(user=tom)
    case_of(tom, day(3))
    assert figure(tom_client, tom, "faelle") == 1

    tom.team = TeamFactory(organisation=tom.organisation)
    tom.save(update_fields=["team"])

    page = main_of(tom_client)
    assert page.index("Sander, Kim") < page.index("Eigene Fälle") < page.index("Albers, Tom")
    assert figure(tom_client, tom, "faelle") == 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "wer={kim}",
        "wer={kim}&was=kontakte",
        "wer={kim}&was=woche",
        "wer={kim}&was=woche&woche=8",
        "wer={kim}&was=woche&woche=-1",
        "wer={kim}&was=woche3",
        "wer={kim}&was=posteingang",
        "wer=²&was=faelle",
        "wer=99999999&was=faelle",
        "wer={nora}&was=faelle",
        "wer={tom}&was=faelle",
        "team={nora_team}&was=posteingang",
        "team={team}&was=faelle",
    ],
)
def test_what_is_not_there_and_what_one_may_not_see_is_absent(query, kim, nora, tom, tom_client, owner_events):
    names = {"kim": kim.pk, "nora": nora.pk, "tom": tom.pk, "team": tom.team_id, "nora_team": nora.team_id}

    assert tom_client.get(f"{LIST}?{query.format(**names)}").status_code == 404
    assert owner_events()["access.refused"] == 1


def test_a_colleague_is_absent_for_an_ifk(kim, eva, kim_client):
    for name in ("faelle", "entwuerfe", "rueckblick"):
        assert kim_client.get(f"{LIST}?wer={eva.pk}&was={name}").status_code == 404
    assert kim_client.get(f"{LIST}?team={eva.team_id}&was=posteingang").status_code == 404
    assert kim_client.get(f"{LIST}?wer={kim.pk}&was=faelle").status_code == 200


# --- order, and what is not there ------------------------------------------------------------------------------------


def test_people_stand_by_name_with_umlauts_where_they_belong(osterode, tom_client):
    names = [
        ("Zander", "Mika"),
        ("Özcan", "Ali"),
        ("Oz", "Bea"),
        ("albers", "Mika"),
        ("Müller", "Zoe"),
        ("Mueller", "Ada"),
    ]
    for last, first in names:
        user = CounsellorFactory(user__team=osterode, user__last_name=last, user__first_name=first).user
        for _ in range(len(last)):
            case_of(user, day(-3))

    for sorting in ("", "?sortierung=faelle", "?sort=-faelle", "?o=2", "?order=ueberfaellig", "?reihenfolge=zahl"):
        table = main_of(tom_client, f"{PAGE}{sorting}").partition("<tbody>")[2].partition("</tbody>")[0]
        found = re.findall(r"<bdi>([^<]+)</bdi>", table)
        assert found == ["albers, Mika", "Mueller, Ada", "Müller, Zoe", "Oz, Bea", "Özcan, Ali", "Zander, Mika"]


def test_rows_of_a_list_stand_by_name_whatever_is_asked(kim, tom_client):
    for family in ("Zander", "Özcan", "albers"):
        case_of(kim, day(1), client__family_name=family)

    for sorting in ("", "&sortierung=termin", "&sort=-name"):
        rows = main_of(tom_client, f"{LIST}?wer={kim.pk}&was=faelle{sorting}").partition('<ul class="rows">')[2]
        assert re.findall(r"<bdi>([^,<]+),", rows) == ["albers", "Özcan", "Zander"]


def test_no_page_is_a_file_and_none_ranks_or_sums_up(kim, eva, tom_client):
    for user, number in ((kim, 4), (eva, 1)):
        for _ in range(number):
            case_of(user, day(-3))
    urls = [PAGE, *(f"{LIST}?{query}" for query in shown_figures(tom_client))]
    for url in urls:
        for further in ("", "&format=csv", "&export=1"):
            response = tom_client.get(url + (further if "?" in url else further.replace("&", "?")))
            assert response["Content-Type"].startswith("text/html")
            assert "Content-Disposition" not in response
            page = re.sub(
                r'(?<=name="csrfmiddlewaretoken" value=")\w+', "", response.content.decode().partition("<main")[2]
            )
            # No share, no sum, no rank, no file, no print, nothing to choose an order by.
            assert not re.search(
                r"%|Summe|gesamt|Durchschnitt|Rang|Platz|\bcsv\b|drucken|sortier|aria-sort|download|<select", page, re.I
            )
            assert not re.search(r"Kontakt|Gespräche|Angebot", page)
        assert "Accept" not in response.get("Vary", "")
    # The five cases of both stand nowhere as one number.
    assert ">5<" not in main_of(tom_client)


# --- figures ---------------------------------------------------------------------------------------------------------


def test_overdue_goes_by_working_days_of_niedersachsen_and_of_the_house(kim, tom, tom_client):
    """Reformationstag 2026 is a Saturday; a day of the house moves the borders by one day."""
    for number in (-3, -7, -10, -14, -21):
        case_of(kim, day(number))
    names = ("ueberfaellig-5", "ueberfaellig-10", "ueberfaellig-lang")
    assert [figure(tom_client, kim, name) for name in names] == [2, 2, 1]

    case_of(kim, day(-11))
    assert [figure(tom_client, kim, name) for name in names] == [2, 3, 1]
    with time_machine.travel(at(day(1), 9), tick=False):
        client = signed_in(tom)
        assert [figure(client, kim, name) for name in names] == [1, 3, 2]
        LocalDayFactory(date=day(-4))
        assert [figure(client, kim, name) for name in names] == [2, 3, 1]


def test_good_friday_and_easter_monday_are_no_working_days(kim, tom):
    with time_machine.travel(at(dt.date(2026, 4, 14), 9), tick=False):
        for due_on in (dt.date(2026, 4, 7), dt.date(2026, 4, 2), dt.date(2026, 3, 27)):
            CaseFactory(counsellor=kim, opened_at=at(dt.date(2026, 1, 5)), step__due_on=due_on)
        client = signed_in(tom)

        assert figure(client, kim, "ueberfaellig-5") == 1
        assert figure(client, kim, "ueberfaellig-10") == 2
        assert figure(client, kim, "ueberfaellig-lang") == 0


def test_weeks_begin_on_monday_and_the_running_one_today(kim, tom):
    with time_machine.travel(at(day(2), 9), tick=False):
        tom_client = signed_in(tom)
        for number in (1, 2, 4, 7, 11, 53, 56):
            case_of(kim, day(number))
        figures = shown_figures(tom_client)
        weeks = [figures[f"wer={kim.pk}&was=woche&woche={week}"] for week in range(8)]

        assert weeks == [2, 2, 0, 0, 0, 0, 0, 1]
        assert 'aria-label="je Woche: 2, 2, 0, 0, 0, 0, 0, 1"' in main_of(tom_client)
        listed = main_of(tom_client, f"{LIST}?wer={kim.pk}&was=woche&woche=1")
        assert "<h1>2 Termine und Wiedervorlagen, in der Woche vom 23.11. bis 29.11.</h1>" in listed


def test_all_charts_have_one_scale(kim, eva, tom_client):
    for user, number in ((kim, 4), (eva, 1)):
        for _ in range(number):
            case_of(user, day(7))
    page = main_of(tom_client)

    assert re.findall(r' d="([^"]*)"', page) == ["M13 30v-8h9v8z", "M13 30v-30h9v30z"]
    assert "der höchste steht für 4." in page


def test_without_an_agreement_is_no_fault(kim, tom_client):
    case_of(kim, day(3))
    agree(case_of(kim, day(3)))

    assert figure(tom_client, kim, "ohne-vereinbarung") == 1
    assert NOTHING_WRONG in main_of(tom_client)
    assert NOTHING_WRONG in main_of(tom_client, f"{LIST}?wer={kim.pk}&was=ohne-vereinbarung")


def test_agreements_past_their_review(kim, tom_client):
    agree(case_of(kim, day(3)))
    agree(case_of(kim, day(3)), overdue=True)

    assert figure(tom_client, kim, "rueckblick") == 1
    assert "1 Vereinbarung, auf die noch gemeinsam zu schauen ist" in main_of(
        tom_client, f"{LIST}?wer={kim.pk}&was=rueckblick"
    )


def test_appointments_without_an_entry_are_those_of_heute(kim, kim_client, tom_client):
    case_of(kim, day(-3), step__appointment=True)
    case_of(kim, day(3), step__appointment=True)
    case = case_of(kim, day(3))
    FollowUpFactory(case=case, due_on=MONDAY, kind="appointment", starts_at=at(MONDAY, 8, 30))
    FollowUpFactory(case=case, due_on=MONDAY, kind="appointment", starts_at=at(MONDAY, 9, 30))

    assert figure(tom_client, kim, "ohne-eintrag") == 2
    assert 'Termine noch ohne Eintrag <span class="num">2<' in kim_client.get("/").content.decode()


def test_what_is_overdue_is_no_plan(kim, tom_client):
    overdue = case_of(kim, day(-3))
    case_of(kim, MONDAY)
    case_of(kim, day(60))
    page = main_of(tom_client, f"{LIST}?wer={kim.pk}&was=ohne-termin")

    assert figure(tom_client, kim, "ohne-termin") == 1
    assert overdue.number in page and "seit 3 Tagen" in page


def test_drafts_count_for_their_author_and_tell_nothing(kim, eva, nora, tom_client, kim_client):
    own = case_of(kim, day(3), client__family_name="Yıldız")
    DraftFactory(author=kim, case=own, payload={"text": ["Geheimer Text"]})
    DraftFactory(author=kim, case=None)
    foreign = case_of(nora, day(3), client__family_name="Fremdname")
    DraftFactory(author=kim, case=foreign)
    url = f"{LIST}?wer={kim.pk}&was=entwuerfe"
    page, mine = main_of(tom_client, url), main_of(kim_client, url)

    assert figure(tom_client, kim, "entwuerfe") == 3
    assert page.count("data-row") == mine.count("data-row") == 3
    for shown in (page, mine):
        assert "Geheim" not in shown and "Fremdname" not in shown and foreign.number not in shown
        assert "Yıldız" in shown and shown.count("Angefangener Text ohne Akte") == 2
    assert "/entwuerfe/" not in page and mine.count("/entwuerfe/") == 2


def test_a_file_is_opened_from_the_list_with_a_reason_by_the_lead_alone(kim, kim_client, tom_client):
    case = case_of(kim, day(-3), step__subject="Schulden besprechen")
    url = f"{LIST}?wer={kim.pk}&was=ueberfaellig-5"
    for client in (kim_client, tom_client):
        page = main_of(client, url)
        assert f'href="/faelle/{case.number}/"' in page
        assert "Schulden" not in page

    assert kim_client.get(f"/faelle/{case.number}/").status_code == 200
    assert tom_client.get(f"/faelle/{case.number}/")["Location"] == f"/faelle/{case.number}/lesen/"
    assert "mit genanntem Anlass" in main_of(tom_client, url)
    assert "mit genanntem Anlass" not in main_of(kim_client, url)


def test_restricted_cases_are_in_no_figure_and_no_list_of_whom_they_are_closed_to(kim, tom_client):
    Case.objects.filter(pk=case_of(kim, day(3)).pk).update(is_restricted=True)

    assert figure(tom_client, kim, "faelle") == 0
    assert shown_list(tom_client, f"wer={kim.pk}&was=faelle") == (0, 0)


def test_lists_are_paged_by_fifty(kim, tom_client):
    case = case_of(kim, day(7))
    FollowUpFactory.create_batch(50, case=case, due_on=day(7))
    url = f"{LIST}?wer={kim.pk}&was=woche&woche=1"
    first, last = main_of(tom_client, url), main_of(tom_client, f"{url}&seite=2")

    assert first.count("data-row") == 50 and "1 bis 50 von 51" in first
    assert last.count("data-row") == 1 and "51 bis 51 von 51" in last
    assert "<h1>51 " in first and "<h1>51 " in last
    assert main_of(tom_client, f"{url}&seite=99") == last


# --- who is there ----------------------------------------------------------------------------------------------------


def test_presence_is_said_in_words(kim, eva, osterode, tom_client):
    assert main_of(tom_client).count("<small>anwesend</small>") == 2

    stand_in(kim, eva, last=dt.date(2026, 11, 27))
    alone = CounsellorFactory(user__team=osterode, user__last_name="Ott").user
    AbsenceFactory(user=alone, during=DateRange(MONDAY, None))
    page = main_of(tom_client)

    assert "abwesend bis 27.11.2026 → Eva Brandt<" in page
    assert "abwesend bis auf Weiteres, niemand vertritt" in page
    assert page.count("<small>anwesend</small>") == 1


def test_what_is_due_of_the_absent_for_whom_nobody_stands_in_is_the_inbox_of_the_team(kim, eva, tom, tom_client):
    case_of(kim, day(-3))
    case_of(kim, MONDAY)
    case_of(kim, day(1))
    case_of(eva, MONDAY)
    query = f"team={tom.team_id}&was=posteingang"
    assert shown_figures(tom_client)[query] == 0
    assert "Für alles, was fällig ist, ist heute jemand da." in main_of(tom_client)

    absence = AbsenceFactory(user=kim, during=during(MONDAY, day(4)))
    page = main_of(tom_client)
    assert shown_figures(tom_client)[query] == 2
    assert shown_list(tom_client, query) == (2, 2)
    assert page.index("Posteingang des Teams: 2") < page.index("<table")
    assert "niemand, der da ist, vertritt: <bdi>Kim Sander</bdi>" in page
    assert "zuständig: Kim Sander" in main_of(tom_client, f"{LIST}?{query}")

    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    assert shown_figures(tom_client)[query] == 0


def test_a_substitute_who_is_absent_too_leaves_it_in_the_inbox(kim, eva, tom, tom_client):
    case_of(kim, MONDAY)
    stand_in(kim, eva)
    AbsenceFactory(user=eva, during=during(MONDAY, MONDAY))

    assert shown_figures(tom_client)[f"team={tom.team_id}&was=posteingang"] == 1
    assert "→ Eva Brandt, auch abwesend" in main_of(tom_client)


# --- cost ------------------------------------------------------------------------------------------------------------


def test_the_same_few_statements_with_2_and_with_15_ifk(kim, eva, osterode, tom_client, count_queries):
    for user in (kim, eva):
        case_of(user, day(-3))
    with count_queries() as few:
        tom_client.get(PAGE)
    for number in range(13):
        user = CounsellorFactory(user__team=osterode, user__last_name=f"Mitarbeiterin-Beispiel{number}").user
        for _ in range(2):
            agree(case_of(user, day(-3)))
        AbsenceFactory(user=user)
    with count_queries() as many:
        response = tom_client.get(PAGE)

    categories = many.by_category()
    asked = sum(len(found) for name, found in categories.items() if name != "other")
    assert few.count == many.count <= 4, many.explain()
    assert asked <= 13
    assert sum("FULL JOIN" in sql for sql in categories["counted"]) == 1
    assert len(response.content) <= 40 * 1024


def test_a_list_asks_the_same_with_one_row_and_with_fifty(kim, tom_client, count_queries):
    case = case_of(kim, day(7))
    url = f"{LIST}?wer={kim.pk}&was=woche&woche=1"
    with count_queries() as few:
        tom_client.get(url)
    FollowUpFactory.create_batch(60, case=case, due_on=day(7))
    with count_queries() as many:
        tom_client.get(url)

    assert few.count == many.count <= 4, many.explain()


# --- Fälle ohne künftigen Termin oder Wiedervorlage ------------------------------------------------------------------


def test_a_counsellor_without_cases_sees_zeros_that_lead_to_empty_lists(kim):
    client = signed_in(kim)
    shown = shown_figures(client)

    assert set(shown.values()) == {0}
    for query in shown:
        assert "Hier steht gerade nichts." in main_of(client, f"{LIST}?{query}")


def test_who_leads_nothing_and_counsels_nobody_is_told_so(osterode):
    user = UserFactory(team=osterode)
    RoleGrantFactory(user=user, role=RoleName.COUNSELLOR)

    assert "sobald Sie als IFK eingetragen sind" in main_of(signed_in(user))

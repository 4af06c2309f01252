"""Fälle ohne künftigen Termin oder Wiedervorlage: the standing page, for oneself and for the teams that one leads."""

import pytest
import time_machine

from tests.casework.reminding import MONDAY, at
from tests.screens.caseload_office import shown_list
from tests.screens.test_caseload import case_of, day, main_of, stand_in

WITHOUT_NEXT = "/faelle/ohne-naechsten-termin/"


@pytest.fixture(autouse=True)
def monday(db):
    with time_machine.travel(at(MONDAY, 9), tick=False):
        yield MONDAY


def test_the_standing_page_has_own_cases_and_those_stood_in_for(kim, eva, nora, eva_client):
    own, stood_in_for, foreign = (case_of(user, day(-3)) for user in (eva, kim, nora))
    planned = case_of(eva, day(3))
    page = main_of(eva_client, WITHOUT_NEXT)
    assert own.number in page
    for case in (stood_in_for, foreign, planned):
        assert case.number not in page

    stand_in(kim, eva)
    page = main_of(eva_client, WITHOUT_NEXT)
    assert own.number in page and stood_in_for.number in page and "zuständig: Kim Sander" in page
    assert foreign.number not in page and planned.number not in page
    assert '<span class="num">2</span>' in page
    assert f"/faelle/{own.number}/schritte/neu/" in page


def test_the_standing_page_is_what_heute_and_the_figure_say(kim, kim_client, tom_client):
    for _ in range(3):
        case_of(kim, day(-3))
    heute = kim_client.get("/").content.decode()

    assert 'href="/faelle/ohne-naechsten-termin/"' in heute
    assert main_of(kim_client, WITHOUT_NEXT).count("data-row") == 3
    assert shown_list(tom_client, f"wer={kim.pk}&was=ohne-termin") == (3, 3)


def test_the_standing_page_is_empty_in_a_kind_way(kim, kim_client, tom_client):
    case_of(kim, day(3))

    assert "In jedem Fall ist etwas vorgelegt." in main_of(kim_client, WITHOUT_NEXT)
    assert kim.team.name in main_of(tom_client, WITHOUT_NEXT)


def test_a_lead_reads_the_cases_without_a_next_step_of_each_led_team(kim, tom_client):
    case = case_of(kim, day(-3))
    own = tom_client.get("/faelle/ohne-naechsten-termin/")
    (team,) = own.context["teams"]
    assert (own.context["total"], team["label"]) == (0, kim.team.name)

    page = tom_client.get(team["url"])

    assert [row["number"] for row in page.context["rows"]] == [case.number]
    assert page.context["rows"][0]["for_label"] == f"zuständig: {kim.full_name}"
    assert "Nächsten Schritt setzen" not in page.content.decode()
    assert page.context["teams"] == [{"label": "Eigene Fälle", "url": "/faelle/ohne-naechsten-termin/"}]


@pytest.mark.parametrize("team", ["0", "999999", "x", "²"])
def test_the_list_of_a_team_that_one_does_not_lead_is_absent(kim, kim_client, team):
    for asked in (team, str(kim.team_id)):
        assert kim_client.get(f"/faelle/ohne-naechsten-termin/?team={asked}").status_code == 404

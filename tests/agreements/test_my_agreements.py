"""Meine Vereinbarungen: the caseload by what was agreed, on one page and on paper (R4.3-3)."""

import re

import pytest
from django.utils import timezone

from agreements.actions.talks import NewAgreementStep
from agreements.enums import StepOwner
from casework.actions import NewStep
from casework.enums import FollowUpKind
from tests.agreements.talking import GOAL, agree, current, talk
from tests.factories import CaseFactory, ClosedCaseFactory, SubstitutionFactory, ahead, back

pytestmark = pytest.mark.django_db
URL = "/vereinbarungen/"
ONE_STEP = (NewAgreementStep(StepOwner.JOBCENTER, "klärt die Fahrtkosten"),)


def case_of(user, family_name, **fields):
    return CaseFactory(counsellor=user, client__family_name=family_name, client__given_name="Deniz", **fields)


def row(page, case):
    return next(part for part in page.split("<li ") if f"/faelle/{case.number}/" in part)


def test_each_case_shows_goal_rhythm_next_step_review_and_version(kim, kim_client):
    case = case_of(kim, "Yıldız", step__due_on=ahead(3))
    review = NewStep(FollowUpKind.REMINDER, ahead(40), "Gemeinsam schauen")
    agree(case, kim, rhythm="alle 3 Wochen", review=review)

    found = row(kim_client.get(URL).content.decode(), case)

    assert GOAL in found
    assert "Taktung: alle 3 Wochen" in found
    assert f"{ahead(3):%d.%m.%Y} Wiedervorlage" in found
    assert re.search(rf"Rückblick</span><br>\w\w, {ahead(40):%d.%m.%Y}", found)
    assert f"1. Fassung vom {timezone.localdate():%d.%m.%Y}" in found


def test_a_review_gone_by_is_said_without_reproach(kim, kim_client):
    case = case_of(kim, "Yıldız")
    agree(case, kim)
    page = kim_client.get(URL).content.decode()
    assert "noch offen" not in page

    from agreements.models.overview import read_overview
    from agreements.views.overview import review_label

    found = read_overview(kim.pk)[0]
    late = type(found)(*(getattr(found, name) if name != "review_on" else back(7) for name in found.__slots__))
    assert re.fullmatch(rf"war am \w\w, {back(7):%d.%m.%Y}, noch offen", review_label(late))


def test_the_review_passes_on_to_the_step_that_follows(kim, kim_client):
    """The review is the conversation's next step; ticked off, it goes on with its successor."""
    from casework.actions import complete_follow_up
    from casework.models import FollowUp

    case = case_of(kim, "Yıldız", step__due_on=ahead(3))
    agreement = agree(case, kim)
    step = FollowUp.objects.get(pk=agreement.review_follow_up_id)
    later = NewStep(FollowUpKind.REMINDER, ahead(70), "Noch einmal schauen")
    complete_follow_up(follow_up=step, version=step.version, outcome="", next_step=later, by=kim)

    found = row(kim_client.get(URL).content.decode(), case)

    assert f"{ahead(70):%d.%m.%Y}" in found.split("Rückblick")[1]


def test_without_an_agreement_there_is_a_hint_and_no_reproach(kim, kim_client):
    case = case_of(kim, "Yıldız")

    found = row(kim_client.get(URL).content.decode(), case)

    assert "Noch keine Vereinbarung; der Wille wird noch gemeinsam erkundet" in found
    assert "Nächster Schritt" in found
    assert "late" not in found


def test_the_current_version_counts_and_no_earlier_one(kim, kim_client):
    case = case_of(kim, "Yıldız")
    agree(case, kim, goal="Erst einmal ankommen.")
    agree(case, kim, goal="Jetzt eine Stelle.")

    page = kim_client.get(URL).content.decode()

    assert "Jetzt eine Stelle." in page
    assert "2. Fassung" in page
    assert "Erst einmal ankommen." not in page


def test_order_is_the_german_alphabet_and_nothing_else(kim, kim_client):
    names = ["Zander", "Öztürk", "Oster", "Ahrens", "Aßmann", "Yıldız"]
    for name in names:
        case_of(kim, name)

    page = kim_client.get(f"{URL}?sortierung=termin&q=x&seite=2").content.decode()
    found = re.findall(r"<bdi>(\w+), Deniz</bdi>", page)

    assert found == ["Ahrens", "Aßmann", "Oster", "Öztürk", "Yıldız", "Zander"]


def test_what_is_mine_is_for_which_i_am_responsible(kim, eva, kim_client, eva_client):
    case_of(kim, "Meine")
    case_of(eva, "Evas")
    ClosedCaseFactory(counsellor=kim, client__family_name="Beendet")

    page = kim_client.get(URL).content.decode()

    assert "Meine, Deniz" in page
    assert "Evas" not in page
    assert "Beendet" not in page


def test_whoever_stands_in_may_choose_the_other_list(kim, eva, tom, kim_client):
    case_of(kim, "Meine")
    case_of(eva, "Evas")
    assert "Evas" not in kim_client.get(f"{URL}?vertretung={eva.pk}").content.decode()

    SubstitutionFactory(absent_user=eva, substitute=kim, entered_by=tom)
    mine = kim_client.get(URL).content.decode()
    theirs = kim_client.get(f"{URL}?vertretung={eva.pk}").content.decode()

    assert "in Vertretung für Eva Brandt" in mine
    assert "Evas" not in mine
    assert "Evas, Deniz" in theirs
    assert "Meine, Deniz" not in theirs


@pytest.mark.parametrize("value", ["²", "x", "-1", "9" * 30, ""])
def test_a_strange_number_shows_the_own_list(kim, kim_client, value):
    case_of(kim, "Meine")

    assert "Meine, Deniz" in kim_client.get(URL, {"vertretung": value}).content.decode()


def test_no_sum_and_no_filter(kim, kim_client):
    for name in ("Ahrens", "Brandt", "Conrad"):
        agree(case_of(kim, name), kim)

    main = kim_client.get(URL).content.decode().split("<main")[1].split("</main>")[0]

    assert "<select" not in main
    assert "<form" not in main
    assert not re.search(r"\b3 (Fälle|Vereinbarungen)", main)


def test_a_long_goal_unfolds_and_stands_in_full_on_paper(kim, kim_client):
    goal = "Ich will nach der Elternzeit wieder in der Pflege arbeiten. " * 6
    agree(case_of(kim, "Yıldız"), kim, goal=goal)

    page = kim_client.get(URL).content.decode()
    paper = kim_client.get(f"{URL}drucken/").content.decode()

    assert goal.strip() in page
    assert '<summary>ganzes Ziel<span class="kern-sr-only"> Yıldız, Deniz</span></summary>' in page
    assert goal.strip() in paper
    assert "<summary" not in paper
    assert 'class="clip"' not in paper


def test_paper_says_who_printed_and_when(kim, kim_client, owner_events):
    agree(case_of(kim, "Yıldız"), kim)
    before = owner_events()

    paper = kim_client.get(f"{URL}drucken/").content.decode()

    assert f"Gedruckt von Kim Sander am {timezone.localdate():%d.%m.%Y}" in paper
    assert "<nav" not in paper
    assert owner_events() - before == {"file.printed": 1}


def test_the_look_is_on_record_once(kim, kim_client, owner_events):
    for name in ("Ahrens", "Brandt"):
        agree(case_of(kim, name), kim)
    before = owner_events()

    kim_client.get(URL)

    assert owner_events() - before == {"entry.opened": 1}


def test_one_page_of_many_cases_asks_no_more_than_one_of_few(kim, kim_client, count_queries):
    def measure():
        with count_queries() as queries:
            kim_client.get(URL)
        return queries

    agree(case_of(kim, "Ahrens"), kim)
    measure()
    few = measure().count
    for number in range(12):
        case = case_of(kim, f"Weber{number}")
        agree(case, kim, steps=ONE_STEP)
        talk(case, kim)
    many = measure()

    assert many.count == few, many.explain()
    categories = many.by_category()
    total = sum(len(found) for name, found in categories.items() if name != "other")
    assert total <= 11, many.explain()
    assert current(case) is not None


@pytest.mark.parametrize("path", [URL, f"{URL}drucken/"])
def test_who_may_not(client, paula_client, admin_client, path):
    assert client.get(path).status_code == 302
    assert client.get(path, headers={"HX-Request": "true"}).status_code == 401
    assert paula_client.get(path).status_code == 403
    assert admin_client.get(path).status_code == 403


def test_a_lead_without_cases_is_told_so(tom_client):
    response = tom_client.get(URL)

    assert response.status_code == 200
    assert "Hier ist zurzeit kein offener Fall zugeordnet." in response.content.decode()


def test_nothing_is_posted(kim_client):
    assert kim_client.post(URL).status_code == 405

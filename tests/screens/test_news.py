"""Neues: what others did in one's own caseload, and nothing of what a file says (R4.4-6)."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from casework import actions
from casework.actions import NewStep, handovers
from casework.actions.absences import enter_absence
from casework.enums import ClosingReason, FollowUpKind, RoleName
from casework.models import Case, FollowUp, LastVisit
from tests import factories
from tests.conftest import signed_in

URL = "/neues/"


@pytest.fixture
def case(db, kim):
    return factories.CaseFactory(counsellor=kim, opened_at=factories.ago(days=40))


def lines(client, url=URL):
    """The page's sentences with what stands below each."""
    page = client.get(url)
    assert page.status_code == 200
    return [
        (row["text"], row["number"], row["name"], row["who"]) for day in page.context["days"] for row in day["rows"]
    ]


def texts(client):
    return [line[0] for line in lines(client)]


def talk(case, by):
    return actions.conclude_conversation(
        case=case,
        by=by,
        at=timezone.now(),
        channel=factories.channel(),
        text="Sie sucht eine Ausbildung.",
        next_step=NewStep(FollowUpKind.REMINDER, factories.ahead(9), "Nachfragen"),
        participants=[],
        steps=[],
        key=uuid.uuid4(),
    )


@pytest.fixture
def standing_in(kim, eva):
    absence = factories.AbsenceFactory(user=kim)
    factories.SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)


@pytest.mark.usefixtures("standing_in")
def test_what_whoever_stands_in_has_done(kim, eva, kim_client, case):
    step = FollowUp.objects.open().get(case=case)
    talk(case, eva)
    actions.add_file_note(case=case, text="Rückruf erbeten.", by=eva)
    moved = factories.ahead(20)
    actions.change_follow_up(
        follow_up=step, version=step.version, due_on=moved, starts_at=None, subject=step.subject, place="", by=eva,
        reason="Urlaub", saturday_confirmed=False,
    )  # fmt: skip
    actions.create_follow_up(case=case, step=NewStep(FollowUpKind.REMINDER, factories.ahead(3), "Anrufen"), by=eva)

    found = lines(kim_client)

    name = f"{case.client.family_name}, {case.client.given_name}"
    assert {line[1:] for line in found if line[1]} == {(case.number, name, "Eva Brandt")}
    told = " | ".join(line[0] for line in found)
    for part in ("Gespräch vom", "Aktennotiz eingetragen", "verschoben", "Wiedervorlage am"):
        assert part in told
    page = kim_client.get(URL).content.decode()
    for word in ("Ausbildung", "Rückruf", "Nachfragen", "Urlaub", "Anrufen"):
        assert word not in page


def test_own_deeds_are_no_news(kim, kim_client, case):
    talk(case, kim)
    actions.add_file_note(case=case, text="Notiz.", by=kim)
    assert lines(kim_client) == []
    assert "niemand sonst" in kim_client.get(URL).content.decode()


@pytest.mark.usefixtures("standing_in")
def test_other_peoples_cases_are_no_news(kim, eva, case):
    talk(case, eva)
    stranger = factories.CounsellorFactory(user__team=kim.team).user
    assert lines(signed_in(stranger)) == []


def test_a_handover_is_news_on_both_sides(kim, eva, tom, case):
    kims, evas = signed_in(kim), signed_in(eva)
    plan = {"cases": [case], "giver": kim.counsellor, "to": eva.counsellor, "by": tom, "batch": uuid.uuid4()}
    handovers.plan_handovers(**plan, effective_on=factories.ahead(7))
    assert [line[0].split(" am ")[0] for line in lines(kims) + lines(evas)] == ["geht", "kommt"]
    assert all(line[2] == "" for line in lines(evas))  # not hers yet: the number alone

    handovers.withdraw_handovers(handovers=list(case.handovers.all()), by=tom)
    handovers.plan_handovers(**plan | {"batch": uuid.uuid4()}, effective_on=timezone.localdate())
    assert lines(kims) == [("jetzt bei Eva Brandt", case.number, "", tom.full_name)]
    name = f"{case.client.family_name}, {case.client.given_name}"
    assert lines(evas) == [("Sie sind jetzt zuständig", case.number, name, tom.full_name)]


@pytest.mark.usefixtures("standing_in")
def test_an_end_by_somebody_else(eva, kim_client, case):
    actions.end_case(case=case, reason=ClosingReason.MOVED, by=eva)
    assert ("Fall beendet", case.number, "", "Eva Brandt") in lines(kim_client)


def test_absences_that_the_lead_has_entered(kim, eva, tom):
    day = timezone.localdate()
    enter_absence(user=kim, first_day=day, last_day=None, substitute=eva, by=tom)
    assert {text.split(" ab ")[0] for text in texts(signed_in(kim))} == {"Ihre Abwesenheit", "Eva Brandt vertritt Sie"}
    assert [text.split(" ab ")[0] for text in texts(signed_in(eva))] == ["Sie vertreten Kim Sander"]
    assert lines(signed_in(tom)) == []


@pytest.mark.usefixtures("standing_in")
def test_what_is_filed_away_is_gone_and_what_came_after_the_page_stays(eva, kim, kim_client, case):
    actions.add_file_note(case=case, text="Eins.", by=eva)
    page = kim_client.get(URL)
    before = len(lines(kim_client))
    actions.add_file_note(case=case, text="Zwei.", by=eva)

    answer = kim_client.post(reverse("screens:news_read"), {"bis": page.context["until"]}, follow=True)

    assert "Als gelesen abgelegt." in answer.content.decode()
    assert before >= 1
    assert texts(kim_client) == ["Aktennotiz eingetragen"]
    assert "höchstens 14 Tage" not in answer.content.decode()


def test_looking_writes_nothing_and_time_never_runs_back(kim, kim_client, case):
    kim_client.get(URL)
    assert not LastVisit.objects.exists()
    now = timezone.now()
    for until in (now, now - dt.timedelta(days=3), now + dt.timedelta(days=3)):
        kim_client.post(reverse("screens:news_read"), {"bis": until.isoformat()})
    seen = LastVisit.objects.get(user=kim).seen_at
    assert now <= seen <= timezone.now()


@pytest.mark.parametrize(
    "until", ["", "gestern", "2026-11-23T10:00:00", "99999-01-01T00:00:00+00:00", "2026-13-45T00:00Z"]
)
def test_a_moment_that_is_none_gets_a_sentence(kim_client, until):
    answer = kim_client.post(reverse("screens:news_read"), {"bis": until}, follow=True)
    assert "Bitte laden Sie die Seite neu." in answer.content.decode()
    assert not LastVisit.objects.exists()


def test_only_for_who_works_on_cases(db):
    for role in (RoleName.OFFER_MANAGER, RoleName.CONFIG_ADMIN):
        user = factories.UserFactory()
        factories.RoleGrantFactory(user=user, role=role)
        assert signed_in(user).get(URL).status_code == 403


@pytest.mark.usefixtures("standing_in")
def test_statements_and_pages(eva, kim, kim_client, case, count_queries):
    with count_queries() as few:
        kim_client.get(URL)
    for number in range(45):
        actions.add_file_note(case=case, text=f"Notiz {number}.", by=eva)
    with count_queries() as many:
        first = lines(kim_client)
    assert many.count == few.count <= 8, many.explain()
    second = lines(kim_client, f"{URL}?seite=2")
    assert len(first) == 40
    assert len(second) >= 5
    assert Case.objects.count() == 1

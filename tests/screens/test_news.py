"""Neu seit Ihrem letzten Besuch: what others did in one's own caseload, and nothing of what a file says (R4.4-6)."""

import datetime as dt
import re
import uuid
from urllib.parse import quote

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from casework import actions
from casework.actions import NewStep, handovers
from casework.actions.absence_appointments import Settlement, Way, settle_appointments
from casework.actions.absences import enter_absence
from casework.actions.intakes import assign_intake
from casework.enums import ClosingReason, FollowUpKind, RoleName
from casework.models import Case, CaseHandover, FollowUp, LastVisit
from jobcenter.platform.workdays import day_label
from jobcenter.screens.news_events import read_news
from tests import factories
from tests.casework.importing import applied, checked, person, table
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

URL = "/neues/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def case(kim):
    return factories.CaseFactory(counsellor=kim, opened_at=factories.ago(days=40))


@pytest.fixture
def standing_in(kim, eva):
    """Since yesterday, entered by Kim before: nothing new but that it began."""
    absence = factories.AbsenceFactory(user=kim, entered_at=factories.ago(days=20))
    return factories.SubstitutionFactory(
        absence=absence, absent_user=kim, substitute=eva, entered_by=kim, entered_at=factories.ago(days=20)
    )


def lines(user, url=URL):
    """What stands on the page: sentence, case number, name, who."""
    page = signed_in(user).get(url)
    assert page.status_code == 200
    return [
        (row["text"], row["number"], row["name"], row["who"]) for day in page.context["days"] for row in day["rows"]
    ]


def in_files(user, url=URL):
    """The lines about cases."""
    return [line for line in lines(user, url) if line[1]]


def name_of(case):
    return f"{case.client.family_name}, {case.client.given_name}"


def talk(case, by, text="Sie sucht eine Ausbildung."):
    return actions.conclude_conversation(
        case=case,
        by=by,
        at=timezone.now(),
        channel=factories.channel(),
        text=text,
        next_step=NewStep(FollowUpKind.REMINDER, factories.ahead(9), "Nachfragen"),
        participants=[],
        steps=[],
        key=uuid.uuid4(),
    )


def reminder(days=3, subject="Anrufen"):
    return NewStep(FollowUpKind.REMINDER, factories.ahead(days), subject)


# --- in the files ------------------------------------------------------------------------------------------


def talked(case, step, eva):
    talk(case, eva)
    return f"Gespräch vom {day_label(timezone.localdate())} eingetragen, weiter am {day_label(factories.ahead(9))}"


def noted(case, step, eva):
    actions.add_file_note(case=case, text="Rückruf erbeten.", by=eva)
    return "Aktennotiz eingetragen"


def supplemented(case, step, eva):
    contact = factories.ContactFactory(
        case=case, recorded_at=factories.ago(days=20), at=factories.ago(days=21), author=case.opened_by
    )
    factories.NoteAddendumFactory(contact=contact, by=eva, text="Doch später.", reason="Anruf")
    return "Nachtrag zu einem Eintrag geschrieben"


def moved(case, step, eva):
    old = step.due_on
    actions.postpone_follow_up(
        follow_up=step, version=step.version, due_on=factories.ahead(20), by=eva, reason="Urlaub"
    )
    return f"Wiedervorlage vom {day_label(old)} auf {day_label(factories.ahead(20))} verschoben"


def reworded(case, step, eva):
    actions.change_follow_up(
        follow_up=step, version=step.version, due_on=step.due_on, starts_at=None, subject="Anrufen", place="", by=eva
    )
    return f"Wiedervorlage am {day_label(step.due_on)} anders benannt"


def set_anew(case, step, eva):
    actions.create_follow_up(case=case, step=reminder(), by=eva)
    return f"Wiedervorlage am {day_label(factories.ahead(3))} gesetzt"


def done(case, step, eva):
    actions.complete_follow_up(
        follow_up=step, version=step.version, outcome="Rückruf kam.", next_step=reminder(5), by=eva
    )
    return f"Wiedervorlage vom {day_label(step.due_on)} abgeschlossen, weiter am {day_label(factories.ahead(5))}"


def missed(case, step, eva):
    factories.ContactFactory(case=case, missed=True, author=eva, follow_up=step)
    return f"Eingetragen, dass der Termin am {day_label(timezone.localdate())} nicht stattfand"


def called_off(case, step, eva):
    factories.ContactFactory(case=case, missed=True, missed_how="cancelled_by_us", author=eva, follow_up=step)
    return f"Termin am {day_label(timezone.localdate())} von uns abgesagt"


def retimed(case, step, eva):
    step = factories.FollowUpFactory(case=case, appointment=True)
    actions.change_follow_up(
        follow_up=step, version=step.version, due_on=step.due_on, starts_at=step.starts_at + dt.timedelta(hours=1),
        subject=step.subject, place=step.place, by=eva,
    )  # fmt: skip
    return f"Uhrzeit am {day_label(step.due_on)} geändert (Folgetermin)"


DEEDS = [talked, noted, supplemented, moved, reworded, retimed, set_anew, done, missed, called_off]


@pytest.mark.usefixtures("standing_in")
@pytest.mark.parametrize("deed", DEEDS)
def test_what_whoever_stands_in_has_done_stands_there_once_with_their_name(deed, kim, eva, case):
    expected = deed(case, FollowUp.objects.open().get(case=case), eva)

    assert in_files(kim) == [(expected, case.number, name_of(case), "Eva Brandt")]
    assert in_files(eva) == []
    page = signed_in(kim).get(URL).content.decode()
    for word in ("Ausbildung", "Rückruf", "Nachfragen", "Urlaub", "Anrufen", "Doch später", "Unterlagen"):
        assert word not in page


@pytest.mark.parametrize("deed", DEEDS)
def test_own_deeds_are_no_news(deed, kim, case):
    deed(case, FollowUp.objects.open().get(case=case), kim)

    assert lines(kim) == []
    assert "niemand sonst" in signed_in(kim).get(URL).content.decode()


@pytest.mark.usefixtures("standing_in")
def test_other_peoples_cases_are_no_news(kim, eva, tom, nora, case):
    talk(case, eva)
    stranger = factories.CounsellorFactory(user__team=kim.team).user

    for user in (stranger, tom, nora):
        assert lines(user) == []


def test_an_appointment_that_the_lead_moved_or_called_off(kim, eva, tom, case):
    day = timezone.localdate()
    steps = [factories.FollowUpFactory(case=case, appointment=True, due_on=factories.ahead(n)) for n in (4, 6)]
    absence = factories.AbsenceFactory(user=kim, during=DateRange(day, day + 20 * DAY), entered_by=kim)
    later = factories.ahead(25)
    starts = factories.at_ten(later)

    settle_appointments(
        absence=absence,
        settlements=[
            Settlement(steps[0].pk, 1, Way.MOVE, later, starts),
            Settlement(steps[1].pk, 1, Way.CANCEL),
        ],
        by=tom,
    )

    assert len(in_files(kim)) == 2
    texts = " | ".join(line[0] for line in in_files(kim))
    assert f"Folgetermin vom {day_label(steps[0].due_on)} auf {day_label(later)} verschoben" in texts
    assert f"Folgetermin vom {day_label(steps[1].due_on)} abgeschlossen, weiter am" in texts
    assert {line[3] for line in in_files(kim)} == {"Tom Albers"}


# --- responsibility ----------------------------------------------------------------------------------------


def plan(cases, giver, to, by, days=7, **more):
    return handovers.plan_handovers(
        cases=cases,
        giver=giver.counsellor,
        to=to.counsellor,
        by=by,
        batch=uuid.uuid4(),
        effective_on=factories.ahead(days) if days else timezone.localdate(),
        **more,
    )


def test_a_handover_now_is_news_on_both_sides_and_names_the_person_to_who_has_the_case(kim, eva, tom, case):
    plan([case], kim, eva, tom, days=0, notes={case.pk: "Mag Anrufe am Vormittag."})

    assert lines(kim) == [("Jetzt bei Eva Brandt", case.number, "", "Tom Albers")]
    assert lines(eva) == [("Von Kim Sander übergeben: Sie sind zuständig", case.number, name_of(case), "Tom Albers")]
    page = signed_in(kim).get(URL).content.decode()
    assert case.client.family_name not in page
    assert f"/faelle/{case.number}/" not in page
    assert "Vormittag" not in signed_in(eva).get(URL).content.decode()


def test_a_plan_and_its_withdrawal_are_news_on_both_sides(kim, eva, tom, case):
    day = day_label(factories.ahead(7))
    plan([case], kim, eva, tom)
    assert lines(kim) == [(f"Übergabe an Eva Brandt geplant für {day}", case.number, name_of(case), "Tom Albers")]
    assert lines(eva) == [(f"Übergabe von Kim Sander geplant: kommt am {day} zu Ihnen", case.number, "", "Tom Albers")]

    handovers.withdraw_handovers(handovers=list(case.handovers.all()), by=tom)
    assert lines(kim)[0][0] == f"Übergabe an Eva Brandt zum {day} zurückgenommen"
    assert lines(eva)[0] == (f"Übergabe von Kim Sander zum {day} zurückgenommen", case.number, "", "Tom Albers")
    assert lines(tom) == []


def test_what_one_planned_oneself_is_news_when_the_day_carries_it_out(kim, eva, case):
    """By the system: nobody did it that day."""
    now = timezone.now()
    handover = factories.CaseHandoverFactory(case=case, to_counsellor=eva, planned_by=kim, planned_at=now - 3 * DAY,
                                             effective_on=timezone.localdate())  # fmt: skip
    assert lines(kim) == []

    handovers.carry_out_due(timezone.localdate())

    assert CaseHandover.objects.get(pk=handover.pk).carried_out_at
    assert lines(kim) == [("Jetzt bei Eva Brandt", case.number, "", "")]
    own = plan([factories.CaseFactory(counsellor=kim)], kim, eva, kim, days=0)
    assert len(own.carried_out) == 1
    assert len(lines(kim)) == 1


@pytest.mark.parametrize("accepts", [True, False])
def test_across_organisations_an_answer_is_news_for_who_gives_and_who_planned(accepts, kim, tom, nora, case):
    lead = factories.UserFactory(team=nora.team, first_name="Lea", last_name="Fuchs")
    factories.RoleGrantFactory(user=lead, role=RoleName.TEAM_LEAD, team=nora.team)
    factories.CaseHandoverFactory(
        case=case,
        to_counsellor=nora,
        planned_by=tom,
        planned_at=factories.ago(hours=30),
        effective_on=factories.ahead(7),
    )

    answer = handovers.accept_handovers if accepts else handovers.withdraw_handovers
    answer(handovers=list(case.handovers.all()), by=lead)

    word = "angenommen" if accepts else "nicht angenommen"
    expected = f"Übergabe an Nora Yılmaz zum {day_label(factories.ahead(7))} {word}"
    assert lines(kim)[0] == (expected, case.number, name_of(case), "Lea Fuchs")
    assert lines(tom) == [(expected, case.number, "", "Lea Fuchs")]
    assert lines(nora)[0][0] == expected.replace("an Nora Yılmaz", "von Kim Sander")
    assert name_of(case) not in str(lines(nora))
    assert lines(lead) == []


@pytest.mark.usefixtures("standing_in")
def test_an_end_by_somebody_else_is_named_since_an_ended_file_stays_open_to_who_led_it(kim, eva, case):
    actions.end_case(case=case, reason=ClosingReason.MOVED, by=eva)

    assert in_files(kim) == [("Fall beendet", case.number, name_of(case), "Eva Brandt")]
    assert Case.objects.readable_by(kim).filter(pk=case.pk).exists()


def test_who_got_a_case_hears_nothing_of_what_was_before(kim, eva, tom, case):
    talk(case, tom)
    plan([case], kim, eva, tom, days=0)

    assert [line[0] for line in lines(eva)] == ["Von Kim Sander übergeben: Sie sind zuständig"]
    actions.add_file_note(case=case, text="Noch von mir.", by=tom)
    assert [line[0] for line in lines(eva)][0] == "Aktennotiz eingetragen"


def test_the_former_counsellor_hears_nothing_of_what_comes_after(kim, eva, tom, case):
    plan([case], kim, eva, tom, days=0)
    talk(case, eva)
    actions.add_file_note(case=case, text="Notiz.", by=tom)

    assert [line[0] for line in lines(kim)] == ["Jetzt bei Eva Brandt"]


def test_a_case_from_the_list_of_new_people(kim, tom):
    intake = factories.IntakeFactory(client__created_by=tom)
    case = assign_intake(intake=intake, counsellor=kim.counsellor, first_step=reminder(1, "Kennenlernen"), by=tom)

    assert lines(kim) == [("Aus dem Zugang zugeordnet: Sie sind zuständig", case.number, name_of(case), "Tom Albers")]


def test_cases_taken_over_from_the_leading_system(kim, tom):
    applied(checked(table([person(1), person(2)]), tom), tom)

    assert {(text, who) for text, _, _, who in lines(kim)} == {
        ("Aus dem führenden Verfahren übernommen: Sie sind zuständig", "Tom Albers")
    }
    assert len(lines(kim)) == 2


def test_a_case_opened_by_somebody_else_and_one_of_ones_own(kim, tom):
    for by in (tom, kim):
        actions.open_case(
            client=actions.NewClient(
                family_name=f"Neu {by.username}", given_name="Ali", birth_date=dt.date(1990, 1, 2)
            ),
            counsellor=kim.counsellor,
            first_step=reminder(),
            by=by,
        )

    assert [(text, name, who) for text, _, name, who in lines(kim)] == [
        ("Für Sie eröffnet: Sie sind zuständig", "Neu tom, Ali", "Tom Albers")
    ]


# --- days --------------------------------------------------------------------------------------------------


def test_an_absence_and_a_substitution_that_the_lead_has_entered_are_told_once(kim, eva, tom):
    day = timezone.localdate()
    enter_absence(user=kim, first_day=day, last_day=None, substitute=eva, by=tom)

    span = f"ab {day_label(day)} bis auf Weiteres"
    assert sorted(lines(kim)) == [
        (f"Ihre Abwesenheit {span} eingetragen", "", "", "Tom Albers"),
        (f"Vertretung eingetragen: Eva Brandt vertritt Sie {span}", "", "", "Tom Albers"),
    ]
    assert lines(eva) == [(f"Vertretung eingetragen: Sie vertreten Kim Sander {span}", "", "", "Tom Albers")]
    assert lines(tom) == []


def test_a_substitution_that_begins_and_ends_by_itself(kim, eva):
    day = timezone.localdate()
    during = DateRange(day - 3 * DAY, day)
    entered = factories.ago(days=20)
    absence = factories.AbsenceFactory(user=kim, during=during, entered_at=entered)
    factories.SubstitutionFactory(
        absence=absence, absent_user=kim, substitute=eva, during=during, entered_by=kim, entered_at=entered
    )

    span = f"vom {day_label(day - 3 * DAY)} bis {day_label(day - DAY)}"
    assert lines(kim) == [
        (f"Vertretung ist zu Ende: Eva Brandt hat Sie vertreten ({span})", "", "", ""),
        (f"Vertretung hat begonnen: Eva Brandt vertritt Sie {span}", "", "", ""),
    ]
    assert [line[0].split(":")[0] for line in lines(eva)] == ["Vertretung ist zu Ende", "Vertretung hat begonnen"]


def test_one_that_is_still_to_come_or_still_running_is_not_over(kim, eva, tom):
    day = timezone.localdate()
    enter_absence(user=kim, first_day=day + 5 * DAY, last_day=day + 8 * DAY, substitute=eva, by=kim)

    assert lines(kim) == []
    assert [line[0].split(":")[0] for line in lines(eva)] == ["Vertretung eingetragen"]


# --- since when --------------------------------------------------------------------------------------------


def test_looking_writes_nothing(kim, case, count_queries):
    client = signed_in(kim)
    client.get(URL)
    with count_queries() as queries:
        client.get(URL)
        client.get("/")

    written = [
        query["sql"] for query in queries.captured_queries if re.match(r"(?i)\W*(INSERT|UPDATE|DELETE)", query["sql"])
    ]
    assert written == []
    assert not LastVisit.objects.exists()


@pytest.mark.usefixtures("standing_in")
def test_what_is_filed_away_is_gone_and_what_came_after_the_page_stays(eva, kim, case):
    actions.add_file_note(case=case, text="Eins.", by=eva)
    client = signed_in(kim)
    page = client.get(URL)
    actions.add_file_note(case=case, text="Zwei.", by=eva)
    talk(case, eva)

    answer = client.post(reverse("screens:news_read"), {"bis": page.context["until"]}, follow=True)

    assert "Als gelesen abgelegt." in answer.content.decode()
    assert len(lines(kim)) == 2
    assert LastVisit.objects.get().seen_at.isoformat() == page.context["until"]


@pytest.mark.usefixtures("standing_in")
@pytest.mark.parametrize("filed_days_ago", [None, 300, 13])
def test_the_last_fortnight_at_most(filed_days_ago, kim, eva, case):
    if filed_days_ago:
        factories.LastVisitFactory(user=kim, seen_at=factories.ago(days=filed_days_ago))
    for days in (15, 13.5, 1):
        factories.FileNoteFactory(case=case, by=eva, at=factories.ago(days=days))

    assert len(in_files(kim)) == (1 if filed_days_ago == 13 else 2)
    assert ("(14 Tage)" in signed_in(kim).get(URL).content.decode()) == (filed_days_ago != 13)


@pytest.mark.usefixtures("standing_in")
def test_the_same_number_of_statements_for_3_and_for_60_events(eva, kim, case, count_queries):
    client = signed_in(kim)
    counts = []
    for number in (3, 57):
        for _ in range(number):
            factories.FileNoteFactory(case=factories.CaseFactory(counsellor=kim), by=eva)
        with count_queries() as page:
            client.get(URL)
        with count_queries() as today:
            client.get("/")
        counts.append((page.count, today.count))
    assert counts[0] == counts[1]
    assert counts[1][0] <= 8, page.explain()
    assert counts[1][1] <= 8, today.explain()


@pytest.mark.usefixtures("standing_in")
def test_pages_hold_40_and_look_at_one_moment(eva, kim, case):
    for number in range(45):
        factories.FileNoteFactory(case=case, by=eva, at=factories.ago(hours=number + 1))
    client = signed_in(kim)
    first = client.get(URL)
    actions.add_file_note(case=case, text="Inzwischen.", by=eva)
    second = client.get(f"{URL}{first.context['older_url'].removeprefix(URL)}")

    rows = [row["iso"] for page in (first, second) for day in page.context["days"] for row in day["rows"]]
    total = len(read_news(kim.pk, timezone.now(), limit=100)[2])
    assert len(rows) == total - 1
    assert rows == sorted(rows, reverse=True)
    assert sum(len(day["rows"]) for day in first.context["days"]) == 40
    assert second.context["until"] == first.context["until"]
    assert second.context["older_url"] == ""
    assert "Alle Seiten" in second.content.decode()
    ahead = (timezone.now() + 3 * DAY).isoformat()
    assert client.get(f"{URL}?bis={quote(ahead)}").context["until"] < ahead


@pytest.mark.usefixtures("standing_in")
def test_every_link_leads_to_a_file_that_opens(eva, kim, tom, case):
    talk(case, eva)
    ended = factories.CaseFactory(counsellor=kim)
    actions.end_case(case=ended, reason=ClosingReason.MOVED, by=eva)
    plan([factories.CaseFactory(counsellor=kim)], kim, eva, tom, days=0)
    client = signed_in(kim)

    urls = {row["url"] for day in client.get(URL).context["days"] for row in day["rows"] if row["url"]}

    assert len(urls) == 2
    assert {client.get(url).status_code for url in urls} == {200}

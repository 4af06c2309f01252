"""What the Taktung proposes falls on a day on which the responsible IFK is there (R4.3-2, domain.md 12.22)."""

import datetime as dt
import re

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agreements.models import AgreementStep
from casework.models import Case, User, WorkPattern
from casework.models.presence import read_presence
from jobcenter.platform.workdays import day_label
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    CaseParticipationFactory,
    FollowUpFactory,
    LocalDayFactory,
    ahead,
)
from tests.factories_agreements import AgreementFactory
from tests.screens.forms import conversation

pytestmark = pytest.mark.django_db
RHYTHM = "alle 3 Wochen"


@pytest.fixture
def case(kim: User) -> Case:
    return CaseFactory(counsellor=kim)


def works_only_the_day_after(user: User, day: dt.date) -> dt.date:
    """A pattern of one weekday that is not the day's; returns the next day of the user."""
    WorkPattern.objects.create(
        user=user, since=dt.date(2020, 1, 1), weekdays=1 << (day.weekday() + 1) % 5, entered_by=user
    )
    found = read_presence(user.pk, day).next_day(day)
    assert found > day
    return found


def proposed(page: str) -> str:
    found = re.search(r"Vorschlag aus der Taktung „[^“]*“: (.{14})", page)
    assert found, page[:400]
    return found[1]


def worded(client, case, rhythm=RHYTHM, **data):
    return client.post(f"/faelle/{case.number}/gespraech/vorschlag/", {"ag_rhythm": rhythm, **data})


def test_of_a_counsellor_who_works_part_time(kim_client, kim, case):
    AgreementFactory(case=case, rhythm=RHYTHM)
    plain = ahead(21)
    assert proposed(worded(kim_client, case).content.decode()) == day_label(plain)

    day = works_only_the_day_after(kim, plain)

    for page in (worded(kim_client, case), kim_client.get(f"/faelle/{case.number}/gespraech/")):
        text = page.content.decode()
        assert proposed(text) == day_label(day)
        assert f'value="{day:%d.%m.%Y}"' in text
        assert f"{plain:%d.%m.%Y}" not in text


def test_of_a_counsellor_who_is_away_and_around_a_closed_day(kim_client, kim, case):
    back = ahead(35)
    AbsenceFactory(user=kim, during=DateRange(ahead(14), back))
    LocalDayFactory(date=back)

    assert proposed(worded(kim_client, case).content.decode()) == day_label(read_presence(kim.pk, back).next_day(back))
    assert read_presence(kim.pk, back).next_day(back) > back


def test_of_the_responsible_one_and_not_of_who_writes(eva_client, kim, eva, case):
    CaseParticipationFactory(case=case, counsellor=eva.counsellor)
    AbsenceFactory(user=eva, during=DateRange(timezone.localdate(), None))

    assert proposed(worded(eva_client, case).content.decode()) == day_label(ahead(21))


@pytest.mark.parametrize("what", ["erledigt", "nicht-stattgefunden"])
def test_of_a_step_that_is_ticked_off_or_did_not_take_place(kim_client, kim, case, what):
    AgreementFactory(case=case, rhythm=RHYTHM)
    step = FollowUpFactory(case=case, appointment=True)
    day = works_only_the_day_after(kim, ahead(21))

    text = kim_client.get(f"/faelle/{case.number}/schritte/{step.pk}/{what}/").content.decode()

    if "Vorschlag aus der Taktung" in text or what == "erledigt":
        assert proposed(text) == day_label(day)
        assert f'value="{day:%d.%m.%Y}"' in text


def test_no_wording_proposes_nothing_and_asks_nothing(kim_client, case, count_queries):
    with count_queries() as none:
        assert "Vorschlag" not in worded(kim_client, case, rhythm="").content.decode()
    with count_queries() as some:
        assert "Vorschlag" in worded(kim_client, case).content.decode()

    assert some.count - none.count == 2, some.explain()  # closed days, days of the responsible IFK


def test_the_conversation_asks_one_question_more_and_only_for_a_proposal(kim_client, kim, case, count_queries):
    path = f"/faelle/{case.number}/gespraech/"
    kim_client.get(path)
    with count_queries() as without:
        kim_client.get(path)
    AgreementFactory(case=case, rhythm=RHYTHM)
    WorkPattern.objects.create(user=kim, since=dt.date(2020, 1, 1), weekdays=1, entered_by=kim)
    with count_queries() as proposing:
        assert "Vorschlag" in kim_client.get(path).content.decode()

    assert proposing.count - without.count <= 2, proposing.explain()


def test_every_date_field_of_the_conversation_asks_about_this_case(kim_client, case):
    AgreementFactory(case=case, rhythm=RHYTHM)
    asking = f'hx-get="/tag/?fall={case.number}"'
    for path in ("gespraech/", "gespraech/?vereinbarung=neu"):
        text = kim_client.get(f"/faelle/{case.number}/{path}").content.decode()
        assert text.count(asking) == text.count('hx-get="/tag/') >= 2

    kim_client.post(f"/faelle/{case.number}/gemeinsam/", {"start": "1"})
    shared = kim_client.get(f"/faelle/{case.number}/gemeinsam/").content.decode()
    assert shared.count(asking) == shared.count('hx-get="/tag/') >= 1


def test_a_conversation_on_a_day_of_absence_is_concluded(kim_client, kim, case):
    AbsenceFactory(user=kim, during=DateRange(timezone.localdate() + dt.timedelta(days=1), None))

    response = kim_client.post(f"/faelle/{case.number}/gespraech/", conversation(case))

    assert response.status_code == 302


# --- "auf Wiedervorlage" for a step of the agreement: its day, on which the IFK is there --------------------


def agreed(case, **changed):
    return conversation(
        case,
        **{
            "will_text": "Ich will mit Holz arbeiten.",
            "agreement": "new",
            "ag_base": "",
            "ag_goal": "Einen Platz in einer Tischlerei finden.",
            "ag_link": "Ein Praktikum, aus dem Arbeit werden kann.",
            "as1_text": "ruft die Tischlerei an",
            "as1_owner": "client",
            "as1_due": f"{ahead(5):%d.%m.%Y}",
            "as1_remind": "on",
            "ag_review": "date",
            "ag_review_date": f"{ahead(40):%d.%m.%Y}",
            **changed,
        },
    )


def test_a_step_of_the_agreement_is_put_before_the_ifk_on_a_day_of_theirs(kim_client, kim, case):
    back = ahead(20)
    AbsenceFactory(user=kim, during=DateRange(ahead(5), back))
    LocalDayFactory(date=back)

    assert kim_client.post(f"/faelle/{case.number}/gespraech/", agreed(case)).status_code == 302

    reminder = case.follow_ups.get(subject="die Person: ruft die Tischlerei an")
    assert reminder.due_on == read_presence(kim.pk, back).next_day(back) > back


def test_and_so_is_one_of_the_agreement_that_stays(kim_client, kim, case):
    without = {"as1_remind": ""}
    assert kim_client.post(f"/faelle/{case.number}/gespraech/", agreed(case, **without)).status_code == 302
    step = AgreementStep.objects.get(case=case)
    day = works_only_the_day_after(kim, step.due_on)

    data = conversation(
        case, will_text="Ich will mit Holz arbeiten.", **{f"out_{step.pk}": "", f"out_{step.pk}_remind": "on"}
    )
    assert kim_client.post(f"/faelle/{case.number}/gespraech/", data).status_code == 302

    assert case.follow_ups.get(subject="die Person: ruft die Tischlerei an").due_on == day


def test_several_of_them_ask_one_question_more(kim_client, kim, case, count_queries):
    def posted(**changed):
        other = CaseFactory(counsellor=kim)
        data = agreed(other, **changed)
        with count_queries() as queries:
            assert kim_client.post(f"/faelle/{other.number}/gespraech/", data).status_code == 302
        return queries

    posted()
    more = {f"as{number}_{name}": value for number in (2, 3) for name, value in agreed_step().items()}
    without, one, three = posted(as1_remind=""), posted(), posted(**more)

    assert one.count == three.count, three.explain()
    assert one.count - without.count <= 1 + 1, one.explain()  # days of the IFK; the row of what reminds of what


def agreed_step():
    return {"text": "ruft an", "owner": "client", "due": f"{ahead(9):%d.%m.%Y}", "remind": "on"}

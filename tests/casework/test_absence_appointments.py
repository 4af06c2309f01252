"""Appointments inside an absence: taken over, moved, called off; by the person, the substitute and the lead."""

import datetime as dt
import re

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.actions import NotAllowed
from casework.actions.absence_appointments import Settlement, Way, settle_appointments
from casework.enums import FollowUpKind
from casework.models import FollowUp, FollowUpChange
from casework.models.presence import read_presence
from tests.factories import AbsenceFactory, CaseFactory, FollowUpFactory, SubstitutionFactory, ahead
from tests.factories_presence import WorkPatternFactory


@pytest.fixture
def absence(kim):
    """Kim is away for a fortnight from today."""
    today = timezone.localdate()
    return AbsenceFactory(user=kim, during=DateRange(today, today + dt.timedelta(days=14)))


@pytest.fixture
def appointment(kim):
    case = CaseFactory(counsellor=kim, client__family_name="Yıldız", step=None)
    return FollowUpFactory(case=case, appointment=True, due_on=ahead(3), subject="Wie war die erste Woche?")


def url_of(absence):
    return f"/vertretungen/{absence.pk}/termine/"


def row(step, way, **fields):
    values = {"way": way, "version": step.version, **fields}
    return {f"termin{step.pk}_{name}": value for name, value in values.items()}


def moved(step, to, time="11:00", **fields):
    return row(step, "move", date=f"{to:%d.%m.%Y}", time=time, **fields)


# --- what is listed ----------------------------------------------------------------------------------------


def test_open_appointments_inside_the_absence_are_listed_and_nothing_else(kim_client, kim, eva, absence, appointment):
    FollowUpFactory(case=appointment.case, appointment=True, due_on=ahead(20), subject="Danach")
    FollowUpFactory(case=appointment.case, due_on=ahead(3), subject="Eine Wiedervorlage")
    FollowUpFactory(case=CaseFactory(counsellor=eva), appointment=True, due_on=ahead(3), subject="Bei Eva")
    page = kim_client.get(url_of(absence)).content.decode()

    assert "Yıldız" in page and "Wie war die erste Woche?" in page
    assert not re.search("Danach|Eine Wiedervorlage|Bei Eva", page)


def test_an_absence_without_an_end_lists_whatever_comes(kim_client, kim, appointment):
    absence = AbsenceFactory(user=kim, during=DateRange(timezone.localdate(), None))
    FollowUpFactory(case=appointment.case, appointment=True, due_on=ahead(200), subject="In vielen Wochen")

    assert "In vielen Wochen" in kim_client.get(url_of(absence)).content.decode()


def test_without_appointments_the_page_says_so(kim_client, absence):
    page = kim_client.get(url_of(absence)).content.decode()

    assert "In dieser Zeit liegt kein Termin." in page
    assert 'type="submit"' not in page.partition("<main")[2].partition("</main>")[0]


def test_a_lead_sees_what_lists_show(tom_client, absence, appointment):
    page = tom_client.get(url_of(absence)).content.decode()

    assert "Yıldız" in page
    assert "Wie war die erste Woche?" not in page


def test_only_who_may_act_sees_the_page(client, eva_client, nora_client, paula_client, kim, eva, absence, appointment):
    assert client.get(url_of(absence)).status_code == 302
    assert paula_client.get(url_of(absence)).status_code == 403
    for stranger in (eva_client, nora_client):
        assert stranger.get(url_of(absence)).status_code == 404
        assert stranger.post(url_of(absence), row(appointment, "cancel")).status_code == 404
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    assert "Wie war die erste Woche?" in eva_client.get(url_of(absence)).content.decode()


def test_a_substitution_still_to_come_opens_nothing(eva_client, kim, eva):
    today = timezone.localdate()
    coming = AbsenceFactory(user=kim, during=DateRange(today + dt.timedelta(days=2), None))
    SubstitutionFactory(absence=coming, absent_user=kim, substitute=eva)

    assert eva_client.get(url_of(coming)).status_code == 404


def test_the_page_does_not_query_per_row(kim_client, kim, absence, appointment, count_queries):
    with count_queries() as few:
        kim_client.get(url_of(absence))
    for number in range(6):
        FollowUpFactory(case=CaseFactory(counsellor=kim, step=None), appointment=True, due_on=ahead(2 + number))
    with count_queries() as many:
        kim_client.get(url_of(absence))

    assert many.count == few.count, many.explain()


# --- the three ways ----------------------------------------------------------------------------------------


def test_who_stands_in_takes_an_appointment_over_and_nothing_changes(eva_client, kim, eva, absence, appointment):
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    page = eva_client.get(url_of(absence)).content.decode()
    assert "übernehmen: Eva Brandt" in page
    response = eva_client.post(url_of(absence), row(appointment, "keep"))

    assert response["Location"] == "/vertretungen/"
    assert FollowUp.objects.get(pk=appointment.pk).version == appointment.version
    assert not FollowUpChange.objects.exists()
    assert "Termine: 1 übernommen." in eva_client.get("/vertretungen/").content.decode()


def test_nobody_takes_over_on_a_day_on_which_nobody_is_there(kim_client, kim, eva, absence, appointment):
    assert "Für diesen Tag ist niemand eingetragen." in kim_client.get(url_of(absence)).content.decode()
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    free = 31 - (1 << appointment.due_on.weekday())
    WorkPatternFactory(user=eva, weekdays=free)
    page = kim_client.get(url_of(absence)).content.decode()

    assert "übernehmen" not in page
    assert "Eva Brandt ist an diesem Tag nicht da." in page


@pytest.mark.parametrize("who", ["kim", "eva", "tom"])
def test_an_appointment_is_moved_with_its_true_author_on_record(request, kim, eva, absence, appointment, who):
    if who == "eva":
        SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    client, person = request.getfixturevalue(f"{who}_client"), request.getfixturevalue(who)
    response = client.post(url_of(absence), moved(appointment, ahead(15)))

    assert response["Location"] == "/vertretungen/"
    step = FollowUp.objects.get(pk=appointment.pk)
    assert (step.due_on, f"{timezone.localtime(step.starts_at):%H:%M}") == (ahead(15), "11:00")
    change = FollowUpChange.objects.get()
    assert (change.by, change.reason, change.old_due_on) == (person, "Abwesenheit", appointment.due_on)


@pytest.mark.parametrize("who", ["kim", "tom"])
def test_a_cancelled_appointment_leaves_a_wiedervorlage_on_the_next_day_of_presence(
    request, kim, absence, appointment, who
):
    back = read_presence(kim.pk, absence.during.upper).next_day(absence.during.upper)
    client, person = request.getfixturevalue(f"{who}_client"), request.getfixturevalue(who)
    client.post(url_of(absence), row(appointment, "cancel"))

    step = FollowUp.objects.get(pk=appointment.pk)
    assert step.ended_by == person
    assert step.successor.kind == FollowUpKind.REMINDER
    assert (step.successor.due_on, step.successor.created_by) == (back, person)
    assert step.successor.subject == "Termin abgesagt: neuen Termin vereinbaren"


def test_the_free_weekdays_after_the_absence_count(kim_client, kim, absence, appointment):
    first = read_presence(kim.pk, absence.during.upper).next_day(absence.during.upper)
    WorkPatternFactory(user=kim, weekdays=31 - (1 << first.weekday()))
    kim_client.post(url_of(absence), row(appointment, "cancel"))

    due_on = FollowUp.objects.get(pk=appointment.pk).successor.due_on
    assert due_on > first
    assert due_on.weekday() != first.weekday()


def test_without_an_end_a_cancelled_appointment_is_due_on_its_own_day(kim_client, kim, appointment):
    absence = AbsenceFactory(user=kim, during=DateRange(timezone.localdate(), None))
    kim_client.post(url_of(absence), row(appointment, "cancel"))

    assert FollowUp.objects.get(pk=appointment.pk).successor.due_on == appointment.due_on


def test_what_is_left_for_later_stays_open(kim_client, absence, appointment):
    kim_client.post(url_of(absence), row(appointment, "later"))

    assert FollowUp.objects.get(pk=appointment.pk).ended_at is None
    assert "Termine: 1 noch offen." in kim_client.get("/vertretungen/").content.decode()


# --- one submit for all rows -------------------------------------------------------------------------------


def test_a_broken_row_keeps_everything_and_is_named(kim_client, kim, absence, appointment):
    other = FollowUpFactory(
        case=CaseFactory(counsellor=kim, client__family_name="Arslan", step=None), appointment=True, due_on=ahead(4)
    )
    sent = row(appointment, "cancel") | moved(other, ahead(5), time="mittags")
    response = kim_client.post(url_of(absence), sent)
    page = response.content.decode()

    assert response.status_code == 422
    assert "Arslan, Deniz: Bitte schreiben Sie die Uhrzeit so: 10:30." in page
    assert 'value="mittags"' in page
    assert f'value="{ahead(5):%d.%m.%Y}"' in page
    assert FollowUp.objects.get(pk=appointment.pk).ended_at is None


def test_a_row_refused_by_the_action_leaves_the_others_unwritten(kim_client, kim, absence, appointment):
    other = FollowUpFactory(
        case=CaseFactory(counsellor=kim, client__family_name="Arslan", step=None), appointment=True, due_on=ahead(4)
    )
    response = kim_client.post(url_of(absence), row(appointment, "cancel") | moved(other, ahead(5)))

    assert response.status_code == 422
    assert "Arslan, Deniz: Kim Sander ist am" in response.content.decode()
    assert FollowUp.objects.get(pk=appointment.pk).ended_at is None


def test_inside_the_absence_it_is_moved_where_somebody_stands_in(eva_client, kim, eva, absence, appointment):
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    eva_client.post(url_of(absence), moved(appointment, ahead(5)))

    assert FollowUp.objects.get(pk=appointment.pk).due_on == ahead(5)


def test_somebody_else_was_first(kim_client, absence, appointment):
    sent = moved(appointment, ahead(20))
    assert kim_client.post(url_of(absence), sent).status_code == 302
    FollowUp.objects.filter(pk=appointment.pk).update(
        due_on=appointment.due_on, starts_at=appointment.starts_at, version=3
    )
    response = kim_client.post(url_of(absence), row(appointment, "cancel"))

    assert response.status_code == 409
    assert "Jemand anderes hat das inzwischen geändert" in response.content.decode()


def test_a_row_that_the_page_did_not_show_is_left_alone(kim_client, absence, appointment):
    kim_client.post(url_of(absence), {})

    assert FollowUp.objects.get(pk=appointment.pk).version == appointment.version


@pytest.mark.parametrize("way", ["", "\x00", "shred"])
def test_what_is_no_way_changes_nothing(kim_client, absence, appointment, way):
    response = kim_client.post(url_of(absence), row(appointment, way))

    assert response.status_code == (422 if way == "shred" else 302)
    assert FollowUp.objects.get(pk=appointment.pk).version == appointment.version


def test_a_saturday_is_asked_back(kim_client, absence, appointment):
    saturday = absence.during.upper + dt.timedelta(days=1)
    while saturday.weekday() != 5:
        saturday += dt.timedelta(days=1)
    response = kim_client.post(url_of(absence), moved(appointment, saturday))
    assert response.status_code == 422
    assert f"termin{appointment.pk}_saturday_ok" in response.content.decode()
    kim_client.post(url_of(absence), moved(appointment, saturday, saturday_ok="1"))

    assert FollowUp.objects.get(pk=appointment.pk).due_on == saturday


def test_the_action_itself_knows_who_may_and_which_appointments(eva, kim, absence, appointment):
    cancel = Settlement(appointment.pk, appointment.version, Way.CANCEL)
    with pytest.raises(NotAllowed):
        settle_appointments(absence=absence, settlements=[cancel], by=eva)
    foreign = FollowUpFactory(case=CaseFactory(counsellor=eva), appointment=True, due_on=ahead(3))
    with pytest.raises(Exception, match="inzwischen geändert"):
        settle_appointments(absence=absence, settlements=[Settlement(foreign.pk, 1, Way.CANCEL)], by=kim)

"""The ladder of reminders where it is kept and where it is read: Verwaltung, Erinnerungen, Überfällig im Team."""

import datetime as dt

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.urls import reverse

from casework.enums import RoleName
from casework.models.ladder import Weekday, in_words, ladders_of_organisations
from casework.models.reminders import count_team
from tests.casework.reminding import MONDAY, at, number_in, overdue_case, remind_on
from tests.conftest import signed_in
from tests.factories import RoleGrantFactory, UserFactory
from tests.factories_presence import ReminderLadderFactory

pytestmark = pytest.mark.usefixtures("bells")


def ladder(user, **rungs):
    return ReminderLadderFactory(organisation=user.organisation, **rungs)


@pytest.fixture
def frida(db):
    user = UserFactory(username="frida.kuhn")
    RoleGrantFactory(user=user, role=RoleName.CONFIG_ADMIN)
    return user


def test_the_fachadministration_keeps_it_and_bad_input_gets_a_sentence(db, frida, kim):
    client = signed_in(frida)
    url = reverse("admin:casework_reminderladder_add")
    good = {"own_after": 1, "substitute_after": 2, "lead_after": 7, "lead_weekday": 2}
    good["organisation"] = kim.organisation_id

    answer = client.post(url, good | {"own_after": 9})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {
        "own_after": ["Bitte höchstens 7: Die Teamleitung erfährt nichts früher."]
    }
    assert "Bitte höchstens 7: Die Teamleitung" in answer.content.decode()
    answer = client.post(url, good | {"lead_after": 31})
    assert "Bitte eine Zahl von 1 bis 30." in answer.content.decode()
    assert client.post(url, good).status_code == 302

    row = kim.organisation.reminder_ladder
    assert (row.own_after, row.substitute_after, row.lead_after, row.lead_weekday) == (1, 2, 7, Weekday.WEDNESDAY)


def test_an_ifk_does_not_keep_it(kim_client):
    assert kim_client.get(reverse("admin:casework_reminderladder_add")).status_code in (302, 403, 404)


def test_what_was_changed_stands_in_the_history_and_without_a_row_the_defaults_hold_again(db, frida, kim):
    row = ladder(kim, lead_after=9)
    client = signed_in(frida)
    url = reverse("admin:casework_reminderladder_change", args=[row.pk])
    data = {"organisation": kim.organisation_id, "own_after": 1, "substitute_after": 0, "lead_after": 8}

    assert client.post(url, data | {"lead_weekday": 0}).status_code == 302
    assert "Teamleitung geändert" in LogEntry.objects.get(object_id=str(row.pk)).get_change_message()
    assert (
        client.post(reverse("admin:casework_reminderladder_delete", args=[row.pk]), {"post": "yes"}).status_code == 302
    )
    assert {rungs.lead_after for _, _, rungs in ladders_of_organisations()} == {5}


@pytest.fixture
def monday(db, bells):
    with time_machine.travel(at(MONDAY, 9), tick=False):
        yield MONDAY


def test_the_list_of_the_lead_counts_from_the_same_day(kim, tom, tom_client, monday):
    ladder(kim, lead_after=2)
    overdue_case(kim, dt.date(2026, 11, 11))  # Thursday, Friday, Monday: three
    overdue_case(kim, dt.date(2026, 11, 12))

    page = tom_client.get(reverse("casework:overdue_list")).content.decode()

    assert 'Seit mehr als zwei Arbeitstagen überfällig <span class="num">1</span>' in page
    assert "vor dem Do, 12.11.2026 an der Reihe war" in page
    assert count_team(recipient_id=tom.pk, day=MONDAY).team == 1


def test_a_lead_of_two_organisations_reads_each_team_by_its_own_ladder(kim, tom, nora, tom_client, monday):
    """List, mail and its words: what the mail counts is what the list shows."""
    RoleGrantFactory(user=tom, role=RoleName.TEAM_LEAD, team=nora.team)
    ladder(kim, lead_after=2)
    ladder(nora, lead_after=6)
    for user in (kim, nora):
        overdue_case(user, dt.date(2026, 11, 11))
    overdue_case(nora, dt.date(2026, 11, 4))

    page = tom_client.get(reverse("casework:overdue_list")).content.decode()
    remind_on(MONDAY)

    assert 'Seit mehr als zwei oder sechs Arbeitstagen überfällig <span class="num">2</span>' in page
    assert f"<h3>{kim.team.name}</h3>" in page and f"<h3>{nora.team.name}</h3>" in page
    (message,) = [message for message in mail.outbox if message.to == [tom.email]]
    assert number_in(message) == 2
    assert "seit mehr als zwei oder sechs Arbeitstagen" in message.body


def test_the_page_of_reminders_tells_the_ladder_in_force(admin_client, kim, nora, monday, count_queries):
    with count_queries() as few:
        page = admin_client.get(reverse("casework:reminder_list")).content.decode()
    assert "Was überfällig ist, erfährt die zuständige IFK am nächsten Arbeitstag." in page
    assert "seit mehr als fünf Arbeitstagen überfällig ist, zählt die Mail an die Teamleitung" in page
    assert reverse("admin:casework_reminderladder_changelist") in page
    assert f"<h3>{kim.organisation.name}</h3>" not in page  # one for all

    ladder(kim, own_after=1, substitute_after=3, lead_after=8, lead_weekday=Weekday.THURSDAY)
    ladder(nora, own_after=2)
    with count_queries() as many:
        page = admin_client.get(reverse("casework:reminder_list")).content.decode()

    for name in (kim.organisation.name, nora.organisation.name):
        assert f"<h3>{name}</h3>" in page
    assert "erfährt die zuständige IFK, wenn es seit mehr als einem Arbeitstag überfällig ist." in page
    assert "erfährt es ihre Vertretung, wenn es seit mehr als drei Arbeitstagen überfällig ist." in page
    assert "einmal in der Woche, ab Donnerstag." in page
    assert many.count == few.count, many.explain()


def test_a_ladder_in_words_has_a_sentence_for_each_step(db, kim):
    ladder(kim, own_after=10, substitute_after=1, lead_after=30)
    (rungs,) = [rungs for pk, _, rungs in ladders_of_organisations() if pk == kim.organisation_id]
    sentences = in_words(rungs)
    assert len(sentences) == 5
    assert all(sentence.endswith(".") for sentence in sentences)
    assert "seit mehr als 30 Arbeitstagen" in sentences[3]


def test_the_settings_tell_the_ladder_of_the_readers_team(kim, kim_client):
    ladder(kim, own_after=2)
    page = kim_client.get(reverse("casework:settings")).content.decode()
    assert "erfährt die zuständige IFK, wenn es seit mehr als zwei Arbeitstagen überfällig ist." in page

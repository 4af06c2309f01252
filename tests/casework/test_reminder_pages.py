"""Erinnerungen: what became of the mails of a day, for the Fachadministration; and the setting of who is reminded."""

import datetime as dt
import re

import pytest
import time_machine

from casework.enums import DigestKind, DigestState
from casework.models import DigestMail, DigestRun, User
from tests.casework.reminding import MONDAY, at, during, overdue_case, remind_on
from tests.factories import (
    AbsenceFactory,
    DigestMailFactory,
    DigestRunFactory,
    LocalDayFactory,
    UserFactory,
)

URL = "/erinnerungen/"
SEND = "/erinnerungen/schicken/"
FRIDAY = dt.date(2026, 11, 13)
SUNDAY = dt.date(2026, 11, 15)


@pytest.fixture
def monday(db, bells):
    """A Monday at nine in production, planned at half past six."""
    with time_machine.travel(at(MONDAY, 9), tick=False):
        DigestRunFactory(local_date=MONDAY, planned_at=at(MONDAY, 6, 30))
        yield MONDAY


def mail(recipient=None, day=MONDAY, **values):
    return DigestMailFactory(recipient=recipient or UserFactory(), local_date=day, **values)


def ended(state, answer, hour=6, minute=30):
    return {"state": state, "answer": answer, "attempts": 1, "ended_at": at(MONDAY, hour, minute)}


def page_of(client, url=URL):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# --- who sees it -------------------------------------------------------------------------------------------


def test_anonymous_is_sent_to_sign_in(client, db):
    assert client.get(URL)["Location"].startswith("/anmelden/")
    assert client.post(SEND)["Location"].startswith("/anmelden/")


@pytest.mark.parametrize("who", ["kim_client", "tom_client", "paula_client"])
def test_only_the_administration_sees_delivery(request, who):
    client = request.getfixturevalue(who)

    assert client.get(URL).status_code == 403
    assert client.post(SEND).status_code == 403
    assert 'href="/erinnerungen/"' not in client.get("/hilfe/").content.decode()


def test_the_administration_finds_it_in_the_navigation(admin_client):
    assert '<a href="/erinnerungen/" aria-current="page">Erinnerungen</a>' in page_of(admin_client)


def test_the_verwaltung_leads_to_it(admin_client):
    assert 'href="/erinnerungen/">Erinnerungen</a>' in page_of(admin_client, "/verwaltung/")


def test_accounts_of_both_employers_are_listed_as_in_the_verwaltung(admin_client, nora, monday):
    mail(nora)

    assert "Yılmaz, Nora" in page_of(admin_client)
    assert "Yılmaz" in admin_client.get("/verwaltung/casework/user/").content.decode()


# --- what it says ------------------------------------------------------------------------------------------

SOON = {"not_before": at(MONDAY, 9, 15)}
BEFORE = {"not_before": at(MONDAY, 8, 58)}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (BEFORE, "wartet und ist gleich an der Reihe"),
        (SOON, "wartet, verschickt wird um 9:15"),
        (
            SOON | {"attempts": 2, "answer": "451"},
            "Versuch um 9:15, bisher 2 Versuche (der Mailserver bat um",
        ),
        (SOON | {"attempts": 1, "answer": "connection"}, "bisher 1 Versuch (der Mailserver war nicht erreichbar)"),
        (SOON | {"answer": "connection"}, "wartet: der Mailserver war nicht erreichbar"),
        (SOON | {"answer": "tls"}, "wartet: die verschlüsselte Verbindung zum Mailserver kam nicht zustande"),
        (SOON | {"answer": "KeyError"}, "wartet: ein Fehler in der Anwendung, KeyError"),
        (SOON | {"attempts": 1, "answer": "garbled"}, "(der Mailserver antwortete unverständlich)"),
        (SOON | {"attempts": 1, "answer": "timeout"}, "(der Mailserver antwortete nicht)"),
        (SOON | {"attempts": 1, "answer": "535"}, "(der Mailserver ließ die Anwendung nicht herein, 535)"),
        (BEFORE | {"attempts": 3, "answer": "451"}, "wartet auf den nächsten Versuch gleich, bisher 3 Versuche"),
        ({"claimed": True}, "wird gerade übergeben"),
        (ended("sent", "250"), "verschickt um 6:30"),
        (ended("failed", "550"), "nicht zugestellt: Adresse abgelehnt (550)"),
        (ended("failed", "552"), "nicht zugestellt: Das Postfach ist voll (552)"),
        (ended("failed", "554"), "nicht zugestellt: vom Mailserver abgelehnt (554)"),
        (ended("failed", "address"), "nicht zugestellt: Die Adresse im Konto ist keine gültige Mailadresse"),
        (ended("failed", "too-late"), "nicht zugestellt: Der Tag ging zu Ende, bevor sie verschickt"),
        (
            ended("unclear", "connection"),
            "unklar: Die Verbindung brach ab, nachdem der Text übergeben war; sie wird nicht noch einmal geschickt",
        ),
        (ended("unclear", "timeout"), "unklar: Der Mailserver bestätigte nicht, dass er den Text hat"),
        (
            ended("unclear", "lease"),
            "unklar: Das Verschicken wurde mittendrin unterbrochen; sie wird nicht noch",
        ),
        (ended("dropped", "done"), "entfallen: es war nichts mehr mitzuteilen"),
        (ended("dropped", "away"), "entfallen: es war nichts mehr mitzuteilen"),
    ],
)
def test_every_state_is_told_in_words(admin_client, monday, values, sentence):
    mail(**values)

    assert sentence in page_of(admin_client)


def test_no_state_is_left_without_words(admin_client, monday):
    told = {
        DigestState.PLANNED: BEFORE,
        DigestState.CLAIMED: {"claimed": True},
        **{state: ended(state, "x") for state in ("sent", "failed", "unclear", "dropped")},
    }
    for values in told.values():
        mail(**values)
    page = page_of(admin_client)

    assert set(told) == set(DigestState)
    for state in DigestState:
        assert f'{state.label} <span class="num">1</span>' in page


def test_a_mail_of_another_day_names_its_day(admin_client, monday):
    mail(state="sent", attempts=1, ended_at=at(SUNDAY, 18, 39))

    assert "verschickt am So, 15.11.2026 um 18:39" in page_of(admin_client)


def test_what_did_not_arrive_stands_first_and_the_rest_is_in_order(admin_client, monday):
    for name in ("Zander", "Özdemir", "albers"):
        mail(UserFactory(last_name=name), **ended("sent", "250"))
    mail(UserFactory(last_name="Weber"), **ended("failed", "550"))
    mail(UserFactory(last_name="Busch"), **ended("unclear", "lease"))
    page = page_of(admin_client)
    places = [page.index(f"{name}, Mika") for name in ("Busch", "Weber", "albers", "Özdemir", "Zander")]

    assert places == sorted(places)


def test_the_way_to_the_account_whose_address_was_refused(admin_client, monday):
    refused = mail(**ended("failed", "550"))
    late = mail(**ended("failed", "too-late"))
    page = page_of(admin_client)

    assert f'href="/verwaltung/casework/user/{refused.recipient_id}/change/"' in page
    assert f"/user/{late.recipient_id}/" not in page
    assert admin_client.get(f"/verwaltung/casework/user/{refused.recipient_id}/change/").status_code == 200


def test_one_state_alone(admin_client, monday):
    mail(UserFactory(last_name="Weber"), **ended("failed", "550"))
    mail(UserFactory(last_name="Zander"), **ended("sent", "250"))

    failed = page_of(admin_client, f"{URL}?zustand=nicht-zugestellt")
    unclear = page_of(admin_client, f"{URL}?zustand=unklar")

    assert "Weber, Mika" in failed and "Zander, Mika" not in failed
    assert "In diesem Zustand ist keine Mail dieses Tages." in unclear
    assert "Zander, Mika" in page_of(admin_client, f"{URL}?zustand=gibt-es-nicht")


def test_what_kind_of_mail_it_is(admin_client, monday, tom):
    mail(tom, kind=DigestKind.OWN)
    mail(tom, kind=DigestKind.TEAM)
    page = page_of(admin_client)

    assert page.count("Albers, Tom") == 2
    assert "eigene Liste" in page and "Team, einmal in der Woche" in page


def test_nobodys_overdue_items_are_counted(admin_client, kim, bells):
    overdue_case(kim, dt.date(2026, 11, 12), steps=37)
    remind_on(MONDAY)
    with time_machine.travel(at(MONDAY, 9), tick=False):
        page = page_of(admin_client)

    assert "Sander, Kim" in page
    assert not re.search(r"\b37\b", re.sub(r"<[^>]+>", " ", page))
    assert "wird nach 14 Tagen gelöscht" in page


def test_many_mails_are_paged(admin_client, monday):
    for number in range(101):
        mail(UserFactory(last_name=f"Name{number:03}"), **ended("sent", "250"))

    first, second = page_of(admin_client), page_of(admin_client, f"{URL}?tag=2026-11-16&seite=2")

    assert "Name099" in first and "Name100" not in first
    assert "Name100" in second and "Seite 2 von 2" in second
    assert "Name100" in page_of(admin_client, f"{URL}?seite=77")


def test_the_page_asks_the_same_number_of_questions(admin_client, monday, count_queries):
    mail()
    with count_queries() as few:
        page_of(admin_client)
    for state, answer in (("sent", "250"), ("failed", "550"), ("unclear", "lease"), ("dropped", "done")):
        for _ in range(5):
            mail(**ended(state, answer))
    with count_queries() as many:
        page_of(admin_client)

    assert many.count == few.count, many.explain()


# --- which day ---------------------------------------------------------------------------------------------


def test_the_newest_day_is_shown_and_the_others_are_links(admin_client, monday):
    DigestRunFactory(local_date=dt.date(2026, 11, 11))
    newest = page_of(admin_client)
    friday = page_of(admin_client, f"{URL}?tag=2026-11-13")

    assert "Mo, 16.11.2026 · geplant um 6:30" in newest
    assert 'href="?tag=2026-11-13" rel="prev"' in newest  # a working day that was left out is to be seen
    assert "Fr, 13.11.2026 · wurde nicht geplant; an diesem Tag ging keine Erinnerung hinaus" in friday
    assert 'href="?tag=2026-11-12" rel="prev"' in friday
    assert 'href="?tag=2026-11-16" rel="next"' in friday


@pytest.mark.parametrize("tag", ["2026-11-01", "2025-11-16", "31.2.2026", "²", "heute", "9999-99-99", "%00", "1" * 500])
def test_a_day_that_is_not_there_falls_back_to_the_newest(admin_client, monday, tag):
    page = page_of(admin_client, f"{URL}?tag={tag}&seite={tag}")

    assert "Mo, 16.11.2026" in page
    assert "Diesen Tag gibt es hier nicht; gezeigt wird der neueste." in page


def test_a_day_that_was_planned_ahead_is_shown(admin_client, monday):
    DigestRunFactory(local_date=dt.date(2026, 11, 17), planned_at=at(MONDAY, 8))

    assert "Di, 17.11.2026 · geplant am Mo, 16.11.2026 um 8:00" in page_of(admin_client)


def test_the_first_day_of_all_says_what_will_come(admin_client):
    with time_machine.travel(at(MONDAY, 6), tick=False):
        page = page_of(admin_client)

    assert "Mo, 16.11.2026 · wird um 6:30 geplant" in page
    assert "Für diesen Tag ist keine Mail verzeichnet." in page
    assert "keine Erinnerungen geplant" not in page


# --- does the bell ring ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "clock", "told"),
    [
        (MONDAY, (6, 34), ""),
        (MONDAY, (6, 35), "Bis 18 Uhr wird es nachgeholt"),
        (MONDAY, (18, 0), "Nach 18 Uhr wird für heute nichts mehr geplant"),
        (SUNDAY, (9, 0), ""),
        (dt.date(2026, 5, 1), (9, 0), ""),
        (dt.date(2026, 11, 18), (9, 0), ""),  # the house is closed
    ],
)
def test_a_day_that_should_have_been_planned_by_now(admin_client, day, clock, told):
    LocalDayFactory(date=dt.date(2026, 11, 18))
    with time_machine.travel(at(day, *clock), tick=False):
        page = page_of(admin_client)

    assert ("Für heute sind keine Erinnerungen geplant" in page) == bool(told)
    assert ("rufen Sie den technischen Betrieb der Anwendung an" in page) == bool(told)
    assert told in page


def test_a_planned_day_raises_no_alarm(admin_client, monday):
    assert "keine Erinnerungen geplant" not in page_of(admin_client)


def test_mails_that_nobody_takes_are_an_alarm(admin_client, monday):
    mail(not_before=at(MONDAY, 8, 56))
    assert "Mails warten" not in page_of(admin_client)

    mail(not_before=at(MONDAY, 8, 54))

    assert "Mails warten, die schon verschickt sein müssten" in page_of(admin_client)


def test_a_mail_server_that_takes_nothing_is_an_alarm_of_its_own(admin_client, monday):
    mail(not_before=at(MONDAY, 8, 54))
    mail(not_before=at(MONDAY, 9, 1), answer="connection")
    page = page_of(admin_client)

    assert "Der Mailserver nimmt zurzeit nichts an" in page
    assert "Mails warten" not in page


@pytest.mark.parametrize(("day", "clock"), [(MONDAY, (18, 5)), (SUNDAY, (9, 0)), (MONDAY, (6, 31))])
def test_mails_wait_without_an_alarm_while_nobody_is_written_to(admin_client, bells, day, clock):
    with time_machine.travel(at(day, *clock), tick=False):
        DigestRunFactory(local_date=day)
        mail(day=day, not_before=at(FRIDAY, 17))

        assert "Mails warten" not in page_of(admin_client)


def test_it_says_when_nobody_can_be_told(admin_client, monday, kim, eva):
    overdue_case(kim, FRIDAY)
    overdue_case(eva, FRIDAY)
    assert "niemand erreichbar" not in page_of(admin_client)

    AbsenceFactory(user=kim, during=during(MONDAY, MONDAY))
    one = page_of(admin_client)
    AbsenceFactory(user=eva, during=during(MONDAY, MONDAY))

    assert "Für 1 IFK mit Überfälligem ist heute niemand erreichbar" in one
    assert "Die IFK ist abwesend" in one
    assert "Für 2 IFK mit Überfälligem ist heute niemand erreichbar" in page_of(admin_client)


# --- the demonstration -------------------------------------------------------------------------------------


@pytest.fixture
def any_time(bells, settings):
    """As in the demonstration; the bells that were rung."""
    settings.REMINDER_ANY_TIME = True
    return bells


def test_in_the_demonstration_the_next_working_day_can_be_sent(
    admin_client, kim, any_time, django_capture_on_commit_callbacks
):
    overdue_case(kim, FRIDAY)
    with time_machine.travel(at(SUNDAY, 18), tick=False):
        assert "Erinnerungen für Mo, 16.11.2026 jetzt schicken (nur in der Demonstration)" in page_of(admin_client)
        with django_capture_on_commit_callbacks(execute=True):
            response = admin_client.post(SEND)
        page = page_of(admin_client, response["Location"])

    assert response["Location"] == f"{URL}?tag=2026-11-16"
    assert "1 Erinnerung für Mo, 16.11.2026 geplant" in page
    assert "Sander, Kim" in page
    assert set(any_time) == {"casework.tasks.remind"}


def test_pressing_twice_sends_nothing_twice_and_says_so(admin_client, kim, any_time):
    overdue_case(kim, FRIDAY)
    with time_machine.travel(at(SUNDAY, 18), tick=False):
        admin_client.post(SEND)
        again = admin_client.post(SEND, follow=True).content.decode()

    assert "Die Erinnerungen für Mo, 16.11.2026 sind schon geplant. Es wird nichts zweimal geschickt." in again
    assert DigestMail.objects.count() == DigestRun.objects.count() == 1


def test_where_nothing_is_overdue_it_says_so(admin_client, any_time):
    with time_machine.travel(at(SUNDAY, 18), tick=False):
        page = admin_client.post(SEND, follow=True).content.decode()

    assert "Für Mo, 16.11.2026 ist niemand an etwas zu erinnern." in page


@pytest.mark.parametrize("name", ["DEMO", "REMINDER_ANY_TIME"])
def test_elsewhere_there_is_no_such_button(admin_client, settings, any_time, name):
    setattr(settings, name, False)

    assert "Demonstration" not in page_of(admin_client).partition("<main")[2].partition("</main")[0]
    assert admin_client.post(SEND).status_code == 404
    assert not DigestRun.objects.exists()


def test_a_look_sends_nothing(admin_client, db):
    assert admin_client.get(SEND).status_code == 405
    assert admin_client.post(URL).status_code == 405


# --- the setting -------------------------------------------------------------------------------------------

SETTINGS = "/einstellungen/"
CHECKBOX = 'name="remind_of_today"'


@pytest.mark.parametrize(("sent", "stored"), [({"remind_of_today": "on"}, True), ({}, False)])
def test_whoever_works_on_cases_chooses_what_to_be_reminded_of(kim, eva, kim_client, sent, stored):
    User.objects.filter(pk=kim.pk).update(remind_of_today=not stored)
    kim_client.post(SETTINGS, {"theme": "system", **sent})

    kim.refresh_from_db()
    eva.refresh_from_db()
    assert (kim.remind_of_today, eva.remind_of_today) == (stored, False)
    assert ("checked" in page_of(kim_client, SETTINGS).partition(CHECKBOX)[2].partition(">")[0]) == stored


def test_only_a_lead_reads_of_the_mail_about_the_team(kim_client, tom_client):
    assert "ab 6:30 Uhr kommt eine E-Mail" in page_of(kim_client, SETTINGS)
    assert "erfährt die Teamleitung" not in page_of(kim_client, SETTINGS)
    assert "erfährt die Teamleitung" in page_of(tom_client, SETTINGS)


@pytest.mark.parametrize("who", ["admin", "paula"])
def test_who_has_no_cases_is_asked_nothing(request, who):
    user, client = request.getfixturevalue(who), request.getfixturevalue(f"{who}_client")

    assert CHECKBOX not in page_of(client, SETTINGS)
    client.post(SETTINGS, {"theme": "dark", "remind_of_today": "on"})

    user.refresh_from_db()
    assert (user.theme, user.remind_of_today) == ("dark", False)


def test_who_has_no_business_with_cases_is_offered_no_search_for_them(admin_client, kim_client):
    assert 'role="search"' not in admin_client.get("/erinnerungen/").content.decode()
    assert 'role="search"' in kim_client.get("/").content.decode()

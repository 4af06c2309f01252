"""Project management is told before an offer becomes stale, once a week, by a count and a link (R4.4-5)."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from casework import actions
from casework.enums import DigestKind, DigestState, RoleName
from casework.models import DigestMail, DigestRun, RoleGrant, User
from casework.models.reminders import TOLD_WEEKLY
from offers.models import Offer, OfferVersion
from offers.models.stale import count_stale, stale_offers
from tests.casework.conftest import bells  # noqa: F401  (a fixture, lent)
from tests.casework.reminding import MONDAY, at, during, overdue_case, remind_on, told
from tests.factories import AbsenceFactory, DigestMailFactory, OfferVersionFactory, offer_manager, published_offer
from tests.rules import accepted, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bells")]

LATER = MONDAY + dt.timedelta(days=300)


def an_offer(**columns: Any) -> Offer:
    """Holds for long and was assured lately, unless the test says otherwise."""
    columns = {
        "name": "Holzwerkstatt",
        "valid_from": MONDAY - dt.timedelta(days=400),
        "valid_to": LATER,
        "assured_on": MONDAY,
    } | columns
    return published_offer(**columns)


@pytest.fixture
def stale(paula: User) -> Offer:
    return an_offer(valid_to=MONDAY + dt.timedelta(days=10), created_by=paula)


def curators() -> set[str]:
    return set(User.objects.filter(role_grants__role=RoleName.OFFER_MANAGER).values_list("email", flat=True))


# --- which offers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, None),
        ({"valid_to": MONDAY + dt.timedelta(days=31)}, None),
        ({"valid_to": MONDAY + dt.timedelta(days=30)}, (True, False)),
        ({"valid_to": MONDAY}, (True, False)),
        ({"valid_to": MONDAY - dt.timedelta(days=200)}, (True, False)),
        ({"assured_on": dt.date(2026, 6, 16)}, None),
        ({"assured_on": dt.date(2026, 6, 15)}, (False, True)),
        ({"assured_on": dt.date(2025, 1, 1)}, (False, True)),
        ({"assured_on": None}, (False, True)),
        ({"assured_on": None, "valid_to": MONDAY}, (True, True)),
    ],
)
def test_which_offers_become_stale(columns, expected):
    offer = an_offer(**columns)

    found = [(row.offer_id, (row.ends, row.unassured)) for row in stale_offers(MONDAY)]

    assert found == ([(offer.pk, expected)] if expected else [])
    assert count_stale(MONDAY) == len(found)


def test_months_are_counted_as_months_are():
    an_offer(assured_on=dt.date(2026, 9, 30))

    assert count_stale(dt.date(2027, 2, 28)) == 0
    assert count_stale(dt.date(2027, 3, 1)) == 1


def test_what_was_withdrawn_never_published_or_superseded_is_not_asked_for(paula):
    withdrawn = an_offer(valid_to=MONDAY)
    Offer.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now(), withdrawn_by=paula)
    OfferVersionFactory(draft=True, valid_to=MONDAY, offer__assured_on=MONDAY)
    renewed = an_offer(valid_to=MONDAY)
    OfferVersion.objects.filter(offer=renewed).update(superseded_at=timezone.now())
    OfferVersionFactory(offer=renewed, valid_from=MONDAY, valid_to=LATER)

    assert stale_offers(MONDAY) == []


# --- the mail ----------------------------------------------------------------------------------------------


def test_it_is_registered_for_project_management():
    weekly = TOLD_WEEKLY[DigestKind.OFFERS]

    assert weekly.role == RoleName.OFFER_MANAGER
    assert weekly.count is count_stale


def test_a_mail_holds_a_count_and_a_link_and_nothing_else(stale, paula, settings):
    settings.PUBLIC_URL = "https://fallarbeit.example.org/"
    an_offer(name="Nähstube", assured_on=None)

    remind_on(MONDAY)

    (message,) = [message for message in mail.outbox if message.to == [paula.email]]
    assert message.subject == "Fallarbeit: 2 Angebote veralten bald"
    assert "im Katalog veralten 2 Angebote bald oder sind schon veraltet" in message.body
    assert "https://fallarbeit.example.org/angebotspflege/\n" in message.body
    assert not re.search(r"Holz|Näh|Werkhof|Ayla|Brandt|Paula|Voss|\.2026|\d{4}", message.body)
    assert re.findall(r"https?://\S+", message.body) == ["https://fallarbeit.example.org/angebotspflege/"]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_one_offer_is_told_in_the_singular(stale, paula):
    remind_on(MONDAY)

    message = next(message for message in mail.outbox if message.to == [paula.email])
    assert message.subject == "Fallarbeit: 1 Angebot veraltet bald"
    assert "im Katalog veraltet 1 Angebot bald oder ist schon veraltet" in message.body


def test_nothing_is_sent_while_nothing_is_stale():
    an_offer()

    remind_on(MONDAY)

    assert mail.outbox == []
    assert DigestRun.objects.filter(local_date=MONDAY).exists()


def test_all_of_project_management_is_told_and_nobody_else(stale, kim, tom, admin):
    overdue_case(kim, MONDAY - dt.timedelta(days=3))
    inactive = offer_manager(is_active=False)

    remind_on(MONDAY)

    subjects = told()
    assert subjects.pop("kim") == "Fallarbeit: 1 überfällig"
    assert {f"{name}@example.org" for name in subjects} == curators() - {inactive.email}
    assert set(subjects.values()) == {"Fallarbeit: 1 Angebot veraltet bald"}


def test_the_planner_is_idempotent(stale):
    with time_machine.travel(at(MONDAY), tick=False):
        first = actions.plan_reminders(day=MONDAY)
        again = actions.plan_reminders(day=MONDAY)
        DigestRun.objects.all().delete()  # even without the row of the day
        without_memory = actions.plan_reminders(day=MONDAY)

    assert first == len(curators()) > 0
    assert (again, without_memory) == (0, 0)
    assert set(DigestMail.objects.values_list("kind", "local_date")) == {("offers", MONDAY)}


def test_it_is_told_once_a_week(stale, paula):
    for number in range(7):
        remind_on(MONDAY + dt.timedelta(days=number))
    assert [message.to for message in mail.outbox].count([paula.email]) == 1

    remind_on(MONDAY + dt.timedelta(days=7))

    assert [message.to for message in mail.outbox].count([paula.email]) == 2


def test_what_becomes_stale_on_a_wednesday_is_told_in_that_week(paula):
    an_offer(valid_to=MONDAY + dt.timedelta(days=32))

    remind_on(MONDAY)
    remind_on(MONDAY + dt.timedelta(days=1))
    assert mail.outbox == []
    remind_on(MONDAY + dt.timedelta(days=2))

    assert "paula" in told()
    assert DigestMail.objects.get(recipient=paula).local_date == MONDAY


def test_it_is_dropped_when_nothing_is_stale_any_more(stale):
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
        Offer.objects.filter(pk=stale.pk).update(withdrawn_at=timezone.now(), withdrawn_by=stale.created_by)
        actions.deliver_waiting()

    assert mail.outbox == []
    assert set(DigestMail.objects.values_list("state", "answer")) == {(DigestState.DROPPED, "done")}


def test_the_count_is_that_of_the_moment_of_sending(stale, paula):
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
        an_offer(assured_on=None, created_by=paula)
        actions.deliver_waiting()

    assert told()["paula"] == "Fallarbeit: 2 Angebote veralten bald"


def test_who_has_the_role_no_more_is_not_told(stale, paula):
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
        RoleGrant.objects.filter(user=paula).delete()
        actions.deliver_waiting()

    assert "paula" not in told()
    assert DigestMail.objects.get(recipient=paula).state == DigestState.DROPPED


def test_who_is_absent_is_told_on_the_day_of_return(stale, paula):
    AbsenceFactory(user=paula, during=during(MONDAY, MONDAY + dt.timedelta(days=1)))

    remind_on(MONDAY)
    remind_on(MONDAY + dt.timedelta(days=1))
    assert "paula" not in told()
    remind_on(MONDAY + dt.timedelta(days=2))

    assert "paula" in told()


def test_who_becomes_absent_after_the_planning_is_told_later_in_the_week(stale, paula):
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)
        AbsenceFactory(user=paula, during=during(MONDAY, MONDAY))
        actions.deliver_waiting()
    assert "paula" not in told()
    assert DigestMail.objects.get(recipient=paula).state == DigestState.PLANNED

    remind_on(MONDAY + dt.timedelta(days=1))

    assert "paula" in told()


def test_what_could_not_be_delivered_in_its_week_is_not_delivered_any_more(stale, paula):
    with time_machine.travel(at(MONDAY), tick=False):
        actions.plan_reminders(day=MONDAY)

    remind_on(MONDAY + dt.timedelta(days=7))

    assert DigestMail.objects.get(recipient=paula, local_date=MONDAY).answer == "too-late"
    assert "paula" in told()


# --- rules -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("local_date", "planned_on"),
    [
        (MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=1)),
        (MONDAY, MONDAY + dt.timedelta(days=7)),
        (MONDAY, MONDAY - dt.timedelta(days=1)),
    ],
)
def test_such_a_mail_is_of_a_week(local_date, planned_on):
    with refused("digest_day_fits_kind"):
        DigestMailFactory(kind=DigestKind.OFFERS, local_date=local_date, planned_on=planned_on)
    with accepted():
        DigestMailFactory(kind=DigestKind.OFFERS, local_date=MONDAY, planned_on=MONDAY + dt.timedelta(days=4))


def test_other_kinds_are_not_known():
    with refused("digest_kind_known"):
        DigestMailFactory(kind="use")

"""How often offers are chosen: per offer and half-year, small numbers never, and by nothing else (R4.4-6)."""

import datetime as dt
import inspect
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.actions import withdraw_contact
from casework.models import User
from offers.models import Offer, OfferChoice
from offers.models.use import USE, counted_until, read_use
from tests.conftest import signed_in
from tests.factories import CaseFactory, OfferVersionFactory, UserFactory, chosen_offer, published_offer

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = dt.date(2025, 8, 20)
URL = "/angebotspflege/offers/demandnote/nutzung/"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def offer_since(moment: str = "2024-12-10 09:00", **columns: Any) -> Offer:
    """Of the house, so that choices need nothing else; published at that moment."""
    columns.setdefault("immediate", True)
    first = at(moment)
    return published_offer(
        submitted_at=first, reviewed_at=first, published_at=first, valid_from=first.date(), **columns
    )


def choose(offer: Offer, moment: str, times: int = 1, **columns: Any) -> list[OfferChoice]:
    return [chosen_offer(offer=offer, at=at(moment), agreement=None, review=None, **columns) for _ in range(times)]


def figures(offer: Offer, today: dt.date = TODAY) -> dict[str, str]:
    return {row.half_year: row.figure for row in read_use(today) if row.offer_id == offer.pk}


@pytest.mark.parametrize(
    ("times", "figure"), [(0, "nicht gewählt"), (1, "unter 5"), (4, "unter 5"), (5, "5"), (6, "6")]
)
def test_small_numbers_are_not_told(times, figure):
    offer = offer_since()
    choose(offer, "2025-03-03 10:00", times)

    assert figures(offer)["2025-1"] == figure


def test_small_numbers_never_leave_the_database():
    """What the statement answers holds no number below 5, not even beside the words."""
    choose(offer_since(), "2025-03-03 10:00", 3)

    with CaptureQueriesContext(connection) as captured, connection.cursor() as cursor:
        cursor.execute(USE, {"first": "2023-01-01", "today": TODAY, "until": TODAY.replace(day=1), "small": 5})
        rows = cursor.fetchall()

    assert len(captured) == 1
    assert [row[3] for row in rows if row[2] == "2025-1"] == ["unter 5"]
    assert all(re.fullmatch(r"nicht gewählt|unter 5|noch keine Zahl|[1-9]\d+|[5-9]", row[3]) for row in rows)


def test_the_half_year_that_runs_is_counted_to_the_end_of_the_last_full_month():
    offer = offer_since()
    choose(offer, "2025-07-31 23:30", 5)
    choose(offer, "2025-08-01 00:30", 2)

    assert figures(offer) == {"2025-2": "5", "2025-1": "nicht gewählt", "2024-2": "nicht gewählt"}
    assert figures(offer, dt.date(2025, 8, 31))["2025-2"] == "5"
    assert figures(offer, dt.date(2025, 9, 1))["2025-2"] == "7"
    assert counted_until(TODAY) == dt.date(2025, 7, 31)
    assert counted_until(dt.date(2025, 1, 31)) == dt.date(2024, 12, 31)


def test_in_its_first_month_a_half_year_has_no_number():
    offer = offer_since()
    choose(offer, "2025-07-02 10:00", 7)

    assert figures(offer, dt.date(2025, 7, 31))["2025-2"] == "noch keine Zahl"
    assert figures(offer, dt.date(2025, 8, 1))["2025-2"] == "7"


def test_half_years_are_those_of_goettingen():
    offer = offer_since()
    choose(offer, "2025-01-01 00:30", 5)  # in UTC it is still the year before
    choose(offer, "2025-07-01 00:30", 6)  # and still June

    assert figures(offer) == {"2025-2": "6", "2025-1": "5", "2024-2": "nicht gewählt"}


def test_an_offer_has_half_years_from_its_first_publication_on_and_six_at_most():
    young, old = offer_since("2025-07-01 00:15"), offer_since("2020-02-02 10:00")

    assert list(figures(young)) == ["2025-2"]
    assert list(figures(old)) == ["2025-2", "2025-1", "2024-2", "2024-1", "2023-2", "2023-1"]


def test_choices_of_withdrawn_conversations_do_not_count():
    offer = offer_since()
    *_, last = choose(offer, "2025-03-03 10:00", 5)
    assert figures(offer)["2025-1"] == "5"

    withdraw_contact(contact=last.contact, reason="Falsche Akte", by=last.contact.author)

    assert figures(offer)["2025-1"] == "unter 5"


def test_a_choice_that_was_taken_back_was_chosen_and_no_withdrawal_shows():
    offer = offer_since()
    *_, last = choose(offer, "2025-03-03 10:00", 5)

    OfferChoice.objects.filter(pk=last.pk).update(withdrawn_at=at("2025-04-01 10:00"), withdrawn_by=last.by)

    assert figures(offer)["2025-1"] == "5"


def test_who_chose_twice_is_one_person():
    offer = offer_since()
    *_, last = choose(offer, "2025-03-03 10:00", 4)
    OfferChoice.objects.filter(pk=last.pk).update(withdrawn_at=at("2025-04-01 10:00"), withdrawn_by=last.by)
    choose(offer, "2025-05-05 10:00", case=last.case)

    assert figures(offer)["2025-1"] == "unter 5"


def test_the_name_is_the_one_published_last_and_a_draft_shows_nothing():
    offer = offer_since(name="Alter Name")
    version = offer.versions.get()
    type(version).objects.filter(pk=version.pk).update(superseded_at=at("2025-02-02 10:00"))
    OfferVersionFactory(offer=offer, name="Neuer Name")
    OfferVersionFactory(offer=offer, name="Noch nicht", draft=True)
    OfferVersionFactory(name="Nur entworfen", draft=True)

    assert {row.name for row in read_use(TODAY)} == {"Neuer Name"}


def test_nobody_can_ask_for_another_dimension():
    """No parameter beside the day, no column beside offer, half-year and figure."""
    assert list(inspect.signature(read_use).parameters) == ["today"]
    assert re.findall(r"%\((\w+)\)s", USE) and set(re.findall(r"%\((\w+)\)s", USE)) == {
        "first",
        "today",
        "until",
        "small",
    }
    assert not re.search(r"counsellor|team|assignment|organisation|area|by_id|author", USE)


def test_one_statement_for_any_number_of_offers(kim: User):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            read_use(TODAY)
        return len(captured)

    offer_since()
    one = statements()
    for _ in range(5):
        choose(offer_since(), "2025-03-03 10:00")

    assert statements() == one == 1


# --- the page ----------------------------------------------------------------------------------------------


def page_on(user: User, today: str = "2025-08-20 10:00") -> Any:
    with time_machine.travel(at(today), tick=False):
        client: Client = signed_in(user)
        return client.get(URL)


def test_project_management_reads_the_figures_and_until_when_they_count(paula):
    kim = CaseFactory().opened_by
    choose(offer_since(name="Holzwerkstatt"), "2025-03-03 10:00", 6, case__counsellor=kim)
    offer_since(name="Nähstube")

    page = page_on(paula).content.decode()
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())

    assert "Stand: 31.07.2025" in text
    assert "Angebot 2. Halbjahr 2025 1. Halbjahr 2025 2. Halbjahr 2024" in text
    assert "Holzwerkstatt nicht gewählt 6 nicht gewählt" in text
    assert "Nähstube nicht gewählt nicht gewählt nicht gewählt" in text
    for word in (kim.last_name, kim.username, kim.team.name):
        assert word not in page


@pytest.mark.parametrize("who", ["kim", "tom", "admin"])
def test_nobody_else_reads_them(request, who):
    offer_since(name="Holzwerkstatt")

    response = page_on(request.getfixturevalue(who))

    assert response.status_code in (302, 403)
    assert b"Holzwerkstatt" not in response.content


def test_nobody_without_an_account_reads_them(client):
    assert client.get(URL).status_code == 302
    assert UserFactory() and "Stand" not in client.get(URL).content.decode()


def test_the_page_takes_no_question(paula):
    """Nothing in the address narrows the figures, and there is nothing to post."""
    offer_since(name="Holzwerkstatt")

    with time_machine.travel(at("2025-08-20 10:00"), tick=False):
        client = signed_in(paula)
        plain = client.get(URL).content
        narrowed = client.get(f"{URL}?team=1&ifk=1&tag=2025-03-03&halbjahr=2025-1").content
        posted = client.post(URL, {"team": "1"})

    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub(b"", narrowed) == token.sub(b"", plain)
    assert posted.status_code == 405


def test_names_of_offers_are_shown_as_text(paula):
    offer_since(name="<script>alert(1)</script>\u202eab {{ 7|add:7 }}")

    page = page_on(paula).content.decode()

    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page and "{{ 7|add:7 }}" in page

"""Real Chromium: somebody new is entered, and the lead assigns by caseloads, with a first next step in time."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from casework.actions import NewClient
from casework.actions.intakes import days_of_first_step, enter_intake
from casework.models import Case, CaseAssignment, FollowUp, Intake, User, WorkPattern
from jobcenter.platform.workdays import day_label
from tests.browser.conftest import Faults, sign_in
from tests.browser.pages import NARROW, WIDE, Inspection
from tests.factories import AbsenceFactory, CaseFactory, CounsellorFactory, back

SHOTS = os.environ.get("SHOTS")
LONG_NAME = "Wołodyjowska-Hernández de la Fuente"


def look(page: Page, looker: Inspection, name: str) -> None:
    looker.look(page, name)
    page.emulate_media(color_scheme="light")
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"zugang-{name}-{width}.png", full_page=True, caret="initial")


@pytest.fixture
def waiting(tom: User, kim: User, eva: User) -> list[Intake]:
    """Three people who wait, one for longer than the house allows; Kim has a case, Eva is away from tomorrow on."""
    CaseFactory(counsellor=kim)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    AbsenceFactory(user=eva, during=DateRange(tomorrow, tomorrow + dt.timedelta(days=40)))
    people = [("Özdemir", "Çağla", 0), (LONG_NAME, "Maximiliane-Charlotte", 3), ("Adler", "Uwe", 21)]
    return [
        enter_intake(
            client=NewClient(family_name=family, given_name=given, birth_date=dt.date(1990, 1, 1)),
            arrived_on=back(days) if days else timezone.localdate(),
            by=tom,
            team=tom.team if days == 3 else None,
        )
        for family, given, days in people
    ]


def test_a_lead_assigns_somebody_new_and_the_field_knows_whose_days_they_are(
    context: BrowserContext, tom: User, kim: User, eva: User, waiting: list[Intake]
):
    first = days_of_first_step(timezone.localdate())[0]
    WorkPattern.objects.create(
        user=kim, since=dt.date(2020, 1, 1), weekdays=31 - (1 << first.weekday()), entered_by=tom
    )
    looker = Inspection()
    sign_in(context, tom)
    page = context.new_page()
    page.goto("/zugaenge/")
    names = page.locator("[data-row] a").all_inner_texts()
    assert names == ["Adler, Uwe", f"{LONG_NAME}, Maximiliane-Charlotte", "Özdemir, Çağla"]
    look(page, looker, "liste")

    page.get_by_role("link", name="Özdemir").click()
    expect(page.get_by_role("combobox", name="Zuständige IFK")).to_have_value(str(kim.pk))
    page.get_by_text("Fallbestände im Überblick").first.click()
    look(page, looker, "zuordnen")

    day = page.get_by_label("Wann?")
    assert day.input_value() != f"{first:%d.%m.%Y}"
    day.fill(f"{first:%d.%m.%Y}")
    answer = page.locator("#id_next_date_day")
    expect(answer).to_contain_text("Kim Sander arbeitet")
    offered = answer.get_by_role("button")
    label = offered.inner_text()
    look(page, looker, "tag")
    offered.click()
    assert label.endswith(f"{day.input_value()} nehmen")

    page.get_by_role("combobox", name="Zuständige IFK").select_option(label="Brandt, Eva")
    day.fill(f"{first:%d.%m.%Y} ")
    expect(answer).to_contain_text("Eva Brandt ist vom")
    day.fill("+60")
    page.get_by_role("button", name="Fall anlegen").click()
    expect(page.get_by_text("Der erste nächste Schritt liegt spätestens am").first).to_be_visible()
    look(page, looker, "zu-spaet")

    day.fill(f"{first:%d.%m.%Y}")
    page.get_by_role("button", name="Fall anlegen").click()
    expect(page.get_by_text(f"Am {day_label(first)} ist Eva Brandt nicht da")).to_be_visible()
    look(page, looker, "zugeordnet")
    case = Case.objects.get(client=waiting[0].client)
    assert CaseAssignment.objects.get(case=case).counsellor_id == eva.pk
    assert FollowUp.objects.get(case=case).due_on == first
    assert not looker.problems, "\n".join(looker.problems)


def test_entering_taking_off_the_list_and_an_empty_list(
    context: BrowserContext, tom: User, kim: User, waiting: list[Intake]
):
    looker = Inspection()
    sign_in(context, tom)
    page = context.new_page()
    page.goto("/zugaenge/neu/")
    look(page, looker, "neu")
    page.get_by_label("Familienname").fill("Adler")
    page.get_by_label("Vorname").fill("Uwe")
    page.get_by_label("Geburtsdatum").fill("01.01.1990")
    page.get_by_role("button", name="In die Liste eintragen").click()
    expect(page.get_by_text("Diese Person steht schon in der Liste.").first).to_be_visible()
    look(page, looker, "neu-schon-da")

    for intake in waiting:
        page.goto(f"/zugaenge/{intake.pk}/")
        page.get_by_role("link", name="Aus der Liste nehmen").click()
        page.get_by_label("Grund").fill("doppelt eingetragen")
        if intake is waiting[1]:
            look(page, looker, "weg")
        page.get_by_role("button", name="Aus der Liste nehmen").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Zugänge")
    expect(page.get_by_text("Es wartet niemand auf eine zuständige IFK.")).to_be_visible()
    look(page, looker, "leer")
    page.goto(f"/zugaenge/{waiting[0].pk}/")
    expect(page.get_by_text("Das ist schon erledigt.")).to_be_visible()
    look(page, looker, "erledigt")
    assert not looker.problems, "\n".join(looker.problems)


def test_two_leads_with_the_same_page_open(
    new_context: Callable[..., BrowserContext], faults: Faults, tom: User, kim: User, waiting: list[Intake]
):
    CounsellorFactory(user__team=tom.team)
    looker = Inspection()
    pages = []
    for _ in range(2):
        context = new_context()
        faults.watch(context)
        sign_in(context, tom)
        pages.append(context.new_page())
        pages[-1].goto(f"/zugaenge/{waiting[1].pk}/")
    for page in pages:
        page.get_by_role("button", name="Fall anlegen").click()
        page.wait_for_load_state("networkidle")

    expect(pages[1].get_by_text("Das ist inzwischen schon erledigt.").first).to_be_visible()
    look(pages[1], looker, "zu-spaet-gekommen")
    expect(pages[1].get_by_role("button", name="Fall anlegen")).to_have_count(0)
    expect(pages[1].get_by_role("link", name="Aus der Liste nehmen")).to_have_count(0)
    assert Case.objects.filter(client=waiting[1].client).count() == 1
    assert not looker.problems, "\n".join(looker.problems)

"""The date field knows who is there: by keyboard, in a real browser."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from casework.enums import FollowUpKind
from casework.models import Case, FollowUp, User, WorkPattern
from casework.models.presence import read_presence
from jobcenter.platform.workdays import WEEKDAYS, day_label, is_working_day
from tests.browser.conftest import Faults, sign_in
from tests.factories import AbsenceFactory, CaseFactory, FollowUpFactory, SubstitutionFactory, ahead, at_ten


@pytest.fixture
def case(kim: User) -> Case:
    return CaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")


def free_day(kim: User) -> tuple[dt.date, dt.date]:
    """A working day of the house on whose weekday Kim never works, and the next one on which Kim is there."""
    day = ahead(10)
    WorkPattern.objects.create(
        user=kim, since=dt.date(2020, 1, 1), weekdays=WorkPattern.ALL - (1 << day.weekday()), entered_by=kim
    )
    return day, read_presence(kim.pk, day).next_day(day)


def typed(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def picture(page: Page, name: str) -> None:
    """For whoever wants to look: PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [1280, 400])
def test_a_free_weekday_is_said_and_a_press_takes_the_next_day(kims_page: Page, kim: User, case: Case, width: int):
    page = kims_page
    day, better = free_day(kim)
    FollowUpFactory(case=case, due_on=better)
    FollowUpFactory(case=case, due_on=better, kind=FollowUpKind.APPOINTMENT, starts_at=at_ten(better))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/faelle/{case.number}/schritte/neu/")
    answer = page.locator("#id_next_date_day")

    page.get_by_label("Wann?").focus()
    page.keyboard.type(typed(day))

    expect(answer).to_contain_text(f"{day_label(day)}: Kim Sander arbeitet")
    expect(answer).to_contain_text(f"Nächster Arbeitstag: {day_label(better)}, an dem Tag 1 Termin, 1 Wiedervorlage.")
    picture(page, f"free-weekday-{width}")
    page.keyboard.press("Tab")
    expect(answer.get_by_role("button", name=f"{day_label(better)} nehmen")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_label("Wann?")).to_have_value(typed(better))
    expect(page.get_by_label("Wann?")).to_be_focused()
    expect(answer).to_contain_text("an dem Tag 1 Termin, 1 Wiedervorlage")
    expect(answer.get_by_role("button")).to_have_count(0)
    picture(page, f"there-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_enter_in_the_field_sends_the_form_and_never_presses_the_offer(kims_page: Page, kim: User, case: Case):
    page = kims_page
    day, _ = free_day(kim)
    page.goto(f"/faelle/{case.number}/schritte/neu/")
    page.get_by_label("Worum geht es dann?").fill("Rückruf gekommen?")
    page.get_by_label("Wann?").fill(typed(day))
    expect(page.locator("#id_next_date_day")).to_contain_text("arbeitet")

    page.get_by_label("Wann?").press("Enter")

    page.wait_for_url(f"**/faelle/{case.number}/")
    assert FollowUp.objects.get(case=case, subject="Rückruf gekommen?").due_on == day


@pytest.mark.parametrize("width", [1280, 400])
def test_an_absence_in_the_conversation_and_in_a_row_of_heute(
    kims_page: Page, kim: User, eva: User, case: Case, width: int
):
    page = kims_page
    first, last = ahead(10), ahead(20)
    absence = AbsenceFactory(user=kim, during=DateRange(first, last + dt.timedelta(days=1)))
    SubstitutionFactory(absent_user=kim, absence=absence, substitute=eva)
    better = read_presence(kim.pk, first).next_day(first)
    FollowUpFactory(case=case, overdue=True, subject="Zuerst")
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"/faelle/{case.number}/gespraech/")
    page.get_by_role("radio", name="Wiedervorlage für uns").check()
    page.get_by_label("Wann?").fill(typed(first))
    answer = page.locator("#id_next_date_day")
    expect(answer).to_contain_text(f"Kim Sander ist vom {typed(first)} bis {typed(last)} abwesend")
    expect(answer).to_contain_text(f"es vertritt Eva Brandt. Nächster Tag: {day_label(better)}")
    picture(page, f"absence-{width}")

    page.goto("/")
    page.locator("[data-row]", has_text="Zuerst").get_by_role("link", name="Verschieben").click()
    page.get_by_label("oder auf einen anderen Tag").fill(typed(first))
    offered = page.locator("[data-row]", has_text="Zuerst").get_by_role("button", name="nehmen")
    expect(offered).to_be_visible()
    picture(page, f"row-{width}")
    offered.press("Enter")
    expect(page.get_by_label("oder auf einen anderen Tag")).to_have_value(typed(better))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_who_types_the_moment_the_field_arrives_is_answered(kims_page: Page, kim: User, case: Case):
    """A field that is seen is listened to: htmx leaves no time in between (`defaultSettleDelay`)."""
    page = kims_page
    day, better = free_day(kim)
    FollowUpFactory(case=case, overdue=True, subject="Zuerst")
    page.goto("/")
    page.evaluate(TYPE_ON_ARRIVAL, typed(day))

    row = page.locator("[data-row]", has_text="Zuerst")
    row.get_by_role("link", name="Verschieben").click()

    expect(row.get_by_role("button", name=f"{day_label(better)} nehmen")).to_be_visible()


TYPE_ON_ARRIVAL = """
(day) => new MutationObserver((_, observer) => {
  const field = document.querySelector("[data-row] input[name='to']");
  if (!field) return;
  observer.disconnect();
  field.value = day;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document.body, { childList: true, subtree: true })
"""


def test_without_javascript_the_refusal_names_the_same_day(
    new_context: Callable[..., BrowserContext], faults: Faults, kim: User, case: Case
):
    sunday = timezone.localdate() + dt.timedelta(days=13 - timezone.localdate().weekday())
    following = sunday + dt.timedelta(days=1)
    while not is_working_day(following):
        following += dt.timedelta(days=1)
    weekdays = WorkPattern.ALL - (1 << following.weekday())
    WorkPattern.objects.create(user=kim, since=dt.date(2020, 1, 1), weekdays=weekdays, entered_by=kim)
    better = read_presence(kim.pk, sunday).next_day(sunday)
    context = new_context(java_script_enabled=False)
    faults.watch(context)
    sign_in(context, kim)
    page = context.new_page()
    page.goto(f"/faelle/{case.number}/schritte/neu/")
    page.get_by_label("Worum geht es dann?").fill("Rückruf gekommen?")
    page.get_by_label("Wann?").fill(typed(sunday))
    page.get_by_role("button", name="Eintragen").click()

    expect(page.get_by_label("Wann?")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_next_date_error")).to_contain_text(f"Nächster Arbeitstag: {day_label(better)}.")
    assert WEEKDAYS[better.weekday()] != WEEKDAYS[following.weekday()]

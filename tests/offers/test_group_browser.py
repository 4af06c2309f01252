"""Pages of a group and the talk of several in a real browser: accessible, and by plain load without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casework.models import Contact, User
from offers.models import GroupDate
from tests.browser.conftest import (  # noqa: F401  (fixtures, lent)
    Faults,
    context,
    faults,
    kims_page,
    new_context,
    sign_in_by_page,
)
from tests.browser.pages import Inspection
from tests.factories import CaseFactory
from tests.offers.grouping import TEXT, choice_of, group_of, join_people, later_date, todays_date


@pytest.fixture
def date(committed_db: None, kim: User) -> GroupDate:
    """Kim leads a group of four, today and in a week."""
    group = group_of(kim)
    join_people(group, kim, 4)
    later_date(group)
    return todays_date(group)


def test_every_page_of_a_group_is_accessible(kims_page: Page, date: GroupDate, kim: User):  # noqa: F811
    inspection = Inspection()
    group = f"/gruppen/{date.group_id}/"
    member = date.group.members.select_related("case").first()
    choice = choice_of(CaseFactory(counsellor=kim), date.group)
    number = member.case.number
    for address in (
        "/gruppen/",
        "/gruppen/neu/",
        group,
        f"{group}leitung/",
        f"{group}termine/neu/",
        f"{group}termine/{date.pk}/",
        f"/faelle/{choice.case.number}/angebote/{choice.pk}/gruppe/",
        f"/faelle/{number}/gruppen/{member.pk}/verlassen/",
        f"/gespraech-mehrere/?fall={number}&fall={choice.case.number}",
    ):
        inspection.look(kims_page, address, kims_page.goto(address))
    kims_page.goto(f"{group}termine/{date.pk}/")
    kims_page.get_by_role("button", name="In alle Akten eintragen").click()
    expect(kims_page.get_by_label("Gemeinsamer Text")).to_be_focused()
    inspection.look(kims_page, "422 of a date")

    assert not inspection.problems, "\n".join(dict.fromkeys(inspection.problems))


def test_a_date_is_recorded_by_keyboard(kims_page: Page, date: GroupDate):  # noqa: F811
    kims_page.goto(f"/gruppen/{date.group_id}/termine/{date.pk}/")
    kims_page.get_by_label("Gemeinsamer Text").fill(TEXT)
    kims_page.keyboard.press("Control+Enter")

    expect(kims_page.get_by_role("heading", name="Bisherige Termine")).to_be_visible()
    assert Contact.objects.filter(channel__code="group").count() == 4


def test_a_date_is_recorded_without_scripts(
    new_context: Callable[..., BrowserContext],  # noqa: F811
    faults: Faults,  # noqa: F811
    kim: User,
    date: GroupDate,
):
    context = new_context(java_script_enabled=False)  # noqa: F811
    faults.watch(context)
    page = context.new_page()
    page.goto(f"/gruppen/{date.group_id}/termine/{date.pk}/")
    sign_in_by_page(page, kim)
    page.get_by_role("button", name="In alle Akten eintragen").click()
    expect(page.get_by_text("Das fehlt noch oder passt nicht")).to_be_visible()
    page.get_by_label("Gemeinsamer Text").fill(TEXT)
    page.get_by_label("nicht erschienen").first.check()
    page.get_by_label("Nur in diese Akte").first.fill("Ruft morgen an.")
    page.get_by_role("button", name="In alle Akten eintragen").click()

    expect(page.get_by_role("heading", name="Bisherige Termine")).to_be_visible()
    assert Contact.objects.filter(channel__code="group", missed_how="no_show").get().text == "Ruft morgen an."

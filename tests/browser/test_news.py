"""Real Chromium: what is new is one link away from Heute, and is filed away by a button."""

import os
import uuid
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from casework.actions.handovers import plan_handovers
from casework.models import Case, LastVisit, User
from tests.browser.pages import NARROW, WIDE, Inspection
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    ContactFactory,
    FileNoteFactory,
    FollowUpChangeFactory,
    FollowUpFactory,
    SubstitutionFactory,
    ago,
)

SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def case(kim: User, eva: User, tom: User) -> Case:
    """Eva has stood in for Kim since yesterday, and Tom has handed cases over."""
    absence = AbsenceFactory(user=kim, entered_at=ago(days=20))
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva, entered_by=kim, entered_at=ago(days=20))
    case = CaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")
    ContactFactory(case=case, author=eva)
    FileNoteFactory(case=case, by=eva, at=ago(days=1))
    step = FollowUpFactory(case=case, appointment=True)
    FollowUpChangeFactory(follow_up=step, by=tom, at=ago(days=2))
    gone = CaseFactory(counsellor=kim, client__family_name="Weitergegeben")
    come = CaseFactory(counsellor=eva, client__family_name="الحسيني", client__given_name="فاطمة")
    for one, giver, to in ((gone, kim, eva), (come, eva, kim)):
        plan_handovers(
            cases=[one],
            giver=giver.counsellor,
            to=to.counsellor,
            effective_on=timezone.localdate(),
            by=tom,
            batch=uuid.uuid4(),
        )
    return case


def look(page: Page, looker: Inspection, name: str) -> None:
    looker.look(page, name)
    page.emulate_media(color_scheme="light")
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_from_heute_to_the_list_and_filed_away(kims_page: Page, case: Case) -> None:
    page, looker = kims_page, Inspection()
    page.goto("/")
    look(page, looker, "heute-neues")
    page.get_by_role("link", name="Neues").click()
    looker.read(page.request.get("/neues/").body(), "neues")
    look(page, looker, "neues")
    expect(page.get_by_role("heading", name="Neu seit Ihrem letzten Besuch")).to_be_visible()
    expect(page.get_by_text("Jetzt bei Eva Brandt")).to_be_visible()
    expect(page.get_by_text("Weitergegeben")).to_have_count(0)
    assert not LastVisit.objects.exists()
    page.get_by_role("link", name="Yıldız, Deniz").first.click()
    expect(page).to_have_url(f"{page.url.split('/faelle/')[0]}/faelle/{case.number}/")
    page.go_back()

    page.get_by_role("button", name="Als gelesen ablegen").click()

    expect(page.get_by_text("Als gelesen abgelegt.")).to_be_visible()
    look(page, looker, "neues-leer")
    expect(page.get_by_text("hat niemand sonst etwas getan")).to_be_visible()
    assert not looker.problems, "\n".join(looker.problems)

"""A lead enters an absence from today: at once the substitute has everything, and after its last day nothing (issue 6).

The clock is moved in the office itself: it is started anew with another day, as a machine whose clock was set.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from casework import actions
from casework.enums import DigestState
from casework.models import Absence, Case, DigestMail, FollowUp, FollowUpChange, User
from casework.models.reminders import count_own
from jobcenter.platform.workdays import next_working_day
from tests.browser.conftest import Faults, sign_in
from tests.browser.pages import Inspection
from tests.conftest import LiveOffice
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    DraftFactory,
    FollowUpFactory,
    SubstitutionFactory,
    ahead,
    at_ten,
)
from tests.factories_presence import StandingSubstituteFactory, WorkPatternFactory

MOVED_CLOCK = """
import os
import datetime as dt
import time_machine

if moment := os.environ.get("TEST_CLOCK"):
    time_machine.travel(dt.datetime.fromisoformat(moment), tick=True).start()
"""


@pytest.fixture
def move_clock(live_office: LiveOffice, tmp_path: Path) -> Iterator[Callable[[dt.datetime], None]]:
    """Start the office anew on another moment; afterwards it runs by the real clock again."""
    (tmp_path / "sitecustomize.py").write_text(MOVED_CLOCK)

    def move(moment: dt.datetime) -> None:
        live_office.kill()
        live_office.start(PYTHONPATH=str(tmp_path), TEST_CLOCK=moment.isoformat())

    yield move
    live_office.kill()


@pytest.fixture
def deniz(kim: User) -> Case:
    """An overdue Wiedervorlage and, soon, an appointment."""
    case = CaseFactory(
        counsellor=kim,
        client__family_name="Yıldız",
        step__overdue=True,
        step__subject="Praktikumsbetrieb: hat er angerufen?",
    )
    FollowUpFactory(case=case, appointment=True, due_on=ahead(2), subject="Wie war die erste Woche?")
    return case


def window_of(new_context: Callable[..., BrowserContext], faults: Faults, user: User) -> Page:
    context = new_context()
    faults.watch(context)
    sign_in(context, user)
    return context.new_page()


def overdue_told(user: User, moment: dt.datetime) -> int:
    """What the reminder mail of that morning tells: planned by the planner, counted as the sender counts."""
    day = timezone.localdate(moment)
    with time_machine.travel(moment, tick=False):
        actions.plan_reminders(day=day, now=moment)
        planned = DigestMail.objects.filter(recipient=user, local_date=day, state=DigestState.PLANNED).exists()
        told = count_own(recipient_id=user.pk, day=day)
    assert planned == bool(told.overdue)
    return told.overdue


def test_an_absence_moves_everything_to_the_substitute_at_once_and_back_after_its_last_day(
    new_context: Callable[..., BrowserContext],
    faults: Faults,
    move_clock: Callable[[dt.datetime], None],
    monkeypatch: pytest.MonkeyPatch,
    deniz: Case,
    kim: User,
    eva: User,
    tom: User,
):
    monkeypatch.setattr("casework.actions.reminders.current_app.send_task", lambda name, **_: None)
    last = ahead(7)
    file_url = f"/faelle/{deniz.number}/"
    evas = window_of(new_context, faults, eva)
    evas.goto("/")
    expect(evas.get_by_text("hat er angerufen?")).to_have_count(0)
    assert evas.goto(file_url).status == 404

    toms = window_of(new_context, faults, tom)
    toms.goto("/vertretungen/")
    toms.get_by_role("link", name="Abwesenheit eintragen").click()
    toms.get_by_label("Abwesend ist").select_option(label="Sander, Kim")
    toms.get_by_label("Erster Tag").fill("heute")
    toms.get_by_label("Letzter Tag").fill(f"{last:%d.%m.%Y}")
    toms.get_by_label("Vertretung").select_option(label="Brandt, Eva")
    toms.get_by_role("button", name="Eintragen").click()
    # The appointment inside is looked at; Eva takes it over.
    expect(toms.get_by_role("heading", level=1)).to_have_text("Termine während der Abwesenheit")
    expect(toms.get_by_role("radio", name="übernehmen: Eva Brandt")).to_be_checked()
    expect(toms.get_by_text("Wie war die erste Woche?")).to_have_count(0)
    toms.get_by_role("button", name="Speichern").click()
    expect(toms.get_by_text("Termine: 1 übernommen.")).to_be_visible()
    entered = timezone.now()

    evas.goto("/")
    row = evas.locator("[data-row]", has_text="hat er angerufen?")
    expect(row).to_contain_text("in Vertretung für Kim Sander")
    expect(evas.locator("#heute-zahl")).to_contain_text("1")
    expect(evas.locator("[data-row]", has_text="Wie war die erste Woche?")).to_have_count(1)
    assert evas.goto(file_url).status == 200
    assert timezone.now() - entered < dt.timedelta(minutes=1)
    morning = at_ten(next_working_day(timezone.localdate() + dt.timedelta(days=1))) - dt.timedelta(hours=3)
    assert timezone.localdate(morning) <= last
    assert overdue_told(eva, morning) >= 1
    assert overdue_told(kim, morning) == 0

    after = at_ten(next_working_day(last + dt.timedelta(days=1))) - dt.timedelta(hours=3)
    move_clock(after)
    with time_machine.travel(after, tick=True):
        later = window_of(new_context, faults, eva)
        kims = window_of(new_context, faults, kim)
        later.goto("/")
        expect(later.get_by_role("heading", level=1)).to_contain_text("Heute")
        expect(later.locator("[data-row]")).to_have_count(0)
        expect(later.locator("#heute-zahl")).to_be_hidden()
        assert later.goto(file_url).status == 404
        kims.goto("/")
        expect(kims.locator("[data-row]", has_text="hat er angerufen?")).to_have_count(1)
    assert overdue_told(eva, after) == 0
    assert overdue_told(kim, after) >= 1


def test_one_enters_an_absence_without_an_end_and_moves_an_appointment(
    new_context: Callable[..., BrowserContext], faults: Faults, deniz: Case, kim: User, live_office: LiveOffice
):
    """Without scripts, as on the counter's old machine: the same pages, the same outcome."""
    context = new_context(java_script_enabled=False)
    sign_in(context, kim)
    page = context.new_page()
    step = FollowUp.objects.get(case=deniz, kind="appointment")
    to = ahead(20)

    page.goto("/vertretungen/neu/")
    page.get_by_label("Erster Tag").fill("heute")
    page.get_by_label("Das Ende ist noch offen").check()
    page.get_by_role("button", name="Eintragen").click()
    expect(page.get_by_text("Es steht niemand ein.").first).to_be_visible()
    page.get_by_role("radio", name="verlegen").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Das fehlt noch oder passt nicht")).to_be_visible()
    page.get_by_label("Verlegen auf den Tag").fill(f"{to:%d.%m.%Y}")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Termine: 1 verlegt.")).to_be_visible()

    assert Absence.objects.get().during.upper is None
    assert FollowUp.objects.get(pk=step.pk).due_on == to
    assert FollowUpChange.objects.get().by == kim


def test_the_pages_hold_in_every_width(
    new_context: Callable[..., BrowserContext], faults: Faults, deniz: Case, kim: User, eva: User, tom: User
):
    """With everything that they can show: warnings, drafts, an open end, days that do not yet hold, a refused form."""
    today = timezone.localdate()
    absence = AbsenceFactory(user=kim)
    SubstitutionFactory(absence=absence, absent_user=kim, substitute=eva)
    AbsenceFactory(user=eva, during=DateRange(today + dt.timedelta(days=1), None))
    for since, weekdays in ((today, 7), (ahead(9), 31)):
        WorkPatternFactory(user=kim, since=since, weekdays=weekdays)
    StandingSubstituteFactory(user=kim, substitute=eva)
    draft = DraftFactory(case=deniz, author=kim, payload={"text": ["Über die Pflege gesprochen."]})
    inspection = Inspection()
    window = window_of(new_context, faults, tom)

    for url in (
        "/vertretungen/",
        "/vertretungen/neu/",
        f"/vertretungen/{absence.pk}/termine/",
        f"/vertretungen/{absence.pk}/vertretung/",
        f"/vertretungen/{absence.pk}/ende/",
        "/vertretungen/team/",
        f"/vertretungen/team/{kim.pk}/",
        "/faelle/ueberfaellig/",
        f"/entwuerfe/{draft.pk}/lesen/",
    ):
        answer = window.goto(url)
        assert answer.status == 200
        inspection.look(window, url, answer)
    window.get_by_label("Anlass").fill("Anruf der Person")
    window.get_by_role("button", name="Text lesen").click()
    expect(window.get_by_text("Über die Pflege gesprochen.")).to_be_visible()
    inspection.look(window, "a draft that is read")
    window.goto(f"/vertretungen/{absence.pk}/termine/")
    # What is asked stands below whose appointment it is, in every width.
    head, asked = (window.locator(f"[id^=termin-] {part}").first.bounding_box() for part in ("> legend", "> fieldset"))
    assert head["x"] == asked["x"] and head["y"] + head["height"] <= asked["y"]
    window.get_by_role("radio", name="verlegen").check()
    window.get_by_role("button", name="Speichern").click()
    expect(window.get_by_role("link", name="Bitte nennen Sie den Tag.")).to_be_visible()
    inspection.look(window, "a refused row")
    assert not inspection.problems, "\n".join(inspection.problems)

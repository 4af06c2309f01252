"""Every page that somebody can reach: accessible, strict, light, and it asks nobody else for anything."""

import re
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.template.loader import render_to_string
from django.urls import resolve
from playwright.sync_api import BrowserContext, Page, expect

from casework.enums import RoleName
from casework.models import ImportRun, Intake, Team, User
from tests import deny_list as deny
from tests.browser.addresses import CRAWLED
from tests.browser.conftest import Faults, note, sign_in, wait_for
from tests.browser.office import LONG_NOTE, LONG_WORD, Office, arrivals, busy_office, days_of_reminders
from tests.browser.pages import Inspection
from tests.conftest import LiveOffice
from tests.factories import EmergencyAccessFactory, RoleGrantFactory, UserFactory

# What ends the session, what is no page, and files to save.
NEVER = re.compile(
    r"/abmelden|/static/|^mailto:|^tel:|/austausch/(csv|hsds)/(\?|$)|\.ics$|/briefe/\d+/$|/uebernahme/\d+/bericht/"
)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def office(live_office: LiveOffice, kim: User, eva: User, tom: User) -> Office:
    return busy_office(kim, eva, tom)


@pytest.fixture(params=["", pytest.param("thorough", marks=pytest.mark.long)])
def inspection(request: pytest.FixtureRequest, record_figure: Callable[[str, object], None]) -> Iterator[Inspection]:
    """What a test looks at; at its end there must be nothing to object to."""
    inspection = Inspection(thorough=bool(request.param))
    yield inspection
    record_figure("inspection", inspection.summary)
    assert not inspection.problems, "\n".join(dict.fromkeys(inspection.problems))


def shape(url: str) -> str:
    """Which page it is, whatever the case: numbers are alike, and so are values of a query."""
    parts = urlsplit(url)
    if parts.path.startswith(("/verwaltung/", "/angebotspflege/")):
        parts = parts._replace(query="")  # sorting and the way back
    path = re.sub(r"F-\d\d-\d+", "<nummer>", parts.path)
    path = UUID.sub("<id>", re.sub(r"/\d+/", "/<id>/", path))
    return f"{path}?{'&'.join(sorted(parse_qs(parts.query)))}"


def crawl(page: Page, inspection: Inspection, *starts: str) -> set[str]:
    """Look at each of these addresses, then follow every link and look at each kind of page once.

    Answers with the kinds of pages, and with the name of each address that was shown.
    """
    seen: set[str] = set()
    waiting = list(starts)
    visited = 0
    while waiting:
        url = waiting.pop(0)
        chosen = visited < len(starts)
        visited += 1
        if not chosen and shape(url) in seen:
            continue
        response = page.goto(url)
        assert response is not None
        landed = shape(page.url)
        known = landed in seen
        seen |= {shape(url), landed}
        if response.status != 200:
            inspection.problems.append(f"{landed}: {response.status}")
        elif response.header_value("content-type") != "text/html; charset=utf-8":
            inspection.problems.append(f"{landed}: no page but {response.header_value('content-type')}")
        else:
            seen.add(resolve(urlsplit(page.url).path).view_name)
            sorts = deny.scan_template(landed, response.text())
            inspection.problems += [f"{landed}: sorts people: {found}" for found in sorts]
        if known and not chosen:
            continue
        inspection.look(page, f"{landed} {url}" if chosen else landed, response)
        for link in page.eval_on_selector_all("a[href]", "links => links.map((link) => link.href)"):
            target = link.split("#")[0]
            if urlsplit(target).netloc == urlsplit(page.url).netloc and not NEVER.search(target):
                waiting.append(target)
    return seen


def test_every_page_of_a_counsellor(kims_page: Page, kim: User, eva: User, office: Office, inspection: Inspection):
    seen = crawl(
        kims_page,
        inspection,
        "/",
        f"/faelle/{office.full.number}/",
        f"/faelle/{office.long.number}/",
        f"/faelle/{office.arabic.number}/",
        f"/faelle/{office.closed.number}/",
        f"/faelle/{office.agreed.number}/",
        f"/faelle/{office.agreed.number}/wille/",
        f"/faelle/{office.agreed.number}/ressourcen/",
        f"/faelle/{office.agreed.number}/vereinbarung/fassungen/",
        f"/faelle/{office.agreed.number}/vereinbarung/fassungen/3/",
        f"/faelle/{office.agreed.number}/vereinbarung/mitgeben/",
        f"/faelle/{office.full.number}/mitwirkung/",
        f"/faelle/{office.full.number}/mitwirkung/{office.full.duties.earliest('pk').pk}/",
        f"/faelle/{office.cyrillic.number}/mitwirkung/",
        f"/faelle/{office.elsewhere.number}/anlass/",
        f"/faelle/{office.missed.case.number}/kontakte/{office.missed.pk}/",
        f"/faelle/{office.full.number}/briefe/",
        f"/entwuerfe/{office.begun_elsewhere}/lesen/",
        f"/vertretungen/{office.away}/termine/",
        "/einstellungen/anwesenheit/",
        f"/uebergabe/vorschau/?von={kim.pk}&nach={eva.pk}&am=heute",
        "/gruppen/",
        f"/faelle/{office.member.case.number}/gruppen/{office.member.pk}/verlassen/",
        f"/faelle/{office.may_join.case.number}/angebote/{office.may_join.pk}/gruppe/",
        "/neues/",
    )

    assert seen >= CRAWLED["counsellor"]
    assert {"/faelle/<nummer>/gespraech/?schritt", "/gespraech-mehrere/?fall", "/faelle/<nummer>/?vor"} <= seen
    assert {"/kalender/?tag", "/kalender/?woche", "/fallbestand/liste/?was&wer", "/uebergabe/?von"} <= seen


def test_every_page_of_who_stands_in_and_reads_with_a_reason(
    context: BrowserContext, eva: User, office: Office, inspection: Inspection
):
    sign_in(context, eva)

    seen = crawl(
        context.new_page(),
        inspection,
        f"/faelle/{office.full.number}/",
        f"/faelle/{office.elsewhere.number}/lesen/",
    )

    assert "/faelle/<nummer>/lesen/?" in seen


def test_every_page_of_a_team_lead(
    context: BrowserContext, tom: User, kim: User, eva: User, office: Office, inspection: Inspection
):
    days_of_reminders(tom)
    arrivals(tom)
    sign_in(context, tom)

    seen = crawl(
        context.new_page(),
        inspection,
        "/",
        f"/faelle/{office.full.number}/",
        "/faelle/ueberfaellig/?seite=2",
        "/faelle/ohne-naechsten-termin/",
        *(f"/uebernahme/{run.pk}/" for run in ImportRun.objects.order_by("pk")),
        *(f"/zugaenge/{intake.pk}/" for intake in Intake.objects.order_by("pk")),
        f"/uebergabe/vorschau/?von={kim.pk}&nach={eva.pk}&am=heute",
    )

    assert seen >= CRAWLED["lead"]
    assert {"/fallbestand/liste/?team&was", "/fallbestand/liste/?was&wer&woche", "/uebernahme/<id>/?ergebnis"} <= seen


def test_what_is_long_overdue_in_a_team(context: BrowserContext, tom: User, inspection: Inspection):
    sign_in(context, tom)
    page = context.new_page()
    inspection.look(page, "nothing overdue", page.goto("/faelle/ueberfaellig/"))
    days_of_reminders(tom)

    inspection.look(page, "overdue", page.goto("/faelle/ueberfaellig/"))

    expect(page.get_by_text("abwesend, keine Vertretung eingetragen")).to_be_visible()


def test_every_page_of_the_administration(
    context: BrowserContext, admin: User, tom: User, office: Office, live_office: LiveOffice, inspection: Inspection
):
    sign_in(context, admin)
    page = context.new_page()
    inspection.look(page, "no reminders yet", page.goto("/erinnerungen/"))
    inspection.look(page, "no mail yet", page.goto("/entwicklung/post/"))
    days_of_reminders(tom)
    letters = live_office.folder / "post" / "new"
    letters.mkdir(parents=True)
    (letters / "1").write_text(f"To: {LONG_WORD}@example.org\nSubject: {LONG_WORD}\n\n{LONG_NOTE}\n\n{LONG_WORD * 2}\n")

    seen = crawl(page, inspection, "/", "/erinnerungen/", "/entwicklung/post/", "/uebernahme/")

    assert seen >= CRAWLED["administration"]
    assert {"/verwaltung/casework/legalbasis/add/?", "/verwaltung/casework/legalnotice/add/?"} <= seen
    assert {"/verwaltung/casework/user/add/?", "/erinnerungen/?tag&zustand"} <= seen
    shutil.rmtree(letters)


def test_every_page_of_the_data_protection_officer(
    context: BrowserContext, osterode: Team, office: Office, inspection: Inspection
):
    dora = UserFactory(team=osterode, username="dora")
    RoleGrantFactory(user=dora, role=RoleName.PRIVACY_OFFICER)
    EmergencyAccessFactory(case=office.full, user__team=osterode, reason=f"{LONG_WORD} {LONG_WORD}")
    sign_in(context, dora)

    seen = crawl(context.new_page(), inspection, "/", "/datenschutz/notzugriffe/", "/datenschutz/protokoll/")

    assert seen >= CRAWLED["privacy"]


def test_every_page_of_somebody_without_cases(
    context: BrowserContext, paula: User, office: Office, inspection: Inspection
):
    page = context.new_page()
    assert crawl(page, inspection, "/anmelden/", "/entwicklung/bausteine/") >= CRAWLED["anybody"]
    sign_in(context, paula)

    seen = crawl(page, inspection, "/", "/hilfe/", "/angebote/")

    assert {"/hilfe/?", "/angebote/<id>/?", "/angebotspflege/offers/offer/add/?"} <= seen
    assert {"/angebotspflege/offers/demandnote/nutzung/?", "/angebotspflege/austausch/csv/einlesen/?"} <= seen


def test_the_empty_office_of_a_first_day(kims_page: Page, inspection: Inspection):
    seen = crawl(kims_page, inspection, "/", "/faelle/")

    assert "/faelle/neu/?" in seen


# --- what is no ordinary page ------------------------------------------------------------------------------


def test_pages_of_what_goes_wrong(kims_page: Page, office: Office, inspection: Inspection, superuser_sql):
    page = kims_page

    def look(url: str, status: int) -> None:
        response = page.goto(url)
        assert response is not None and response.status == status
        expect(page.get_by_role("heading", level=1)).not_to_be_empty()
        inspection.look(page, f"{url} {status}", response)

    look("/verwaltung/", 403)
    look("/faelle/F-26-99999/", 404)
    look("/gibt-es-nicht/", 404)
    superuser_sql("REVOKE INSERT ON casework_accessevent FROM fallarbeit_web")
    try:
        look(f"/faelle/{office.full.number}/", 503)
    finally:
        superuser_sql("GRANT INSERT ON casework_accessevent TO fallarbeit_web")

    page.goto("/einstellungen/")
    page.context.clear_cookies(name="csrftoken")
    page.evaluate("document.querySelector('#formular').removeAttribute('hx-post')")
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('#formular'))")
    assert posted.value.status == 403
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sitzung")
    inspection.look(page, "session over", posted.value)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500, 503, "503_busy"])
def test_static_pages_of_failures(page: Page, inspection: Inspection, status: int | str):
    """Some of them cannot be had on demand: the office would have to break. Their files are shown as they are."""
    body = render_to_string(f"errors/{status}.html")
    code = int(str(status)[:3])
    page.route("**/fehler/", lambda route: route.fulfill(status=code, body=body, content_type="text/html"))

    response = page.goto("/fehler/")

    assert response is not None and response.status == code
    inspection.look(page, str(status), response)


def test_forms_that_were_refused(kims_page: Page, office: Office, inspection: Inspection):
    page = kims_page
    number = office.cyrillic.number
    step = office.full.follow_ups.open().first()
    for url, name in (
        (f"/faelle/{number}/gespraech/", "Gespräch abschließen"),
        ("/faelle/neu/", "Fall eröffnen"),
        ("/anlass/", "Weiter"),
        (f"/faelle/{office.closed.number}/wieder-aufnehmen/", "Wieder aufnehmen"),
        (f"/faelle/{office.full.number}/schritte/{step.pk}/erledigt/", "Erledigt"),
        (f"/faelle/{office.full.number}/schritte/{step.pk}/verschieben/", "Auf diesen Tag verschieben"),
        (f"/faelle/{office.full.number}/notizen/neu/", ""),
        (f"/faelle/{office.full.number}/mitwirkung/neu/", ""),
        (f"/faelle/{office.full.number}/mitwirkung/{office.full.duties.earliest('pk').pk}/", ""),
        ("/einstellungen/passwort/", ""),
    ):
        page.goto(url)
        with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
            button = page.get_by_role("main").get_by_role("button", name=name)
            (button if name else page.locator("main .kern-btn--primary")).click()
        assert posted.value.status == 422
        expect(page.locator("main [aria-invalid='true']").first).to_be_visible()
        inspection.look(page, f"422 {url}")


def test_what_opens_inside_a_page(context: BrowserContext, kims_page: Page, office: Office, inspection: Inspection):
    page = kims_page
    page.goto("/")
    first = page.locator("[data-row]").first
    first.get_by_role("link", name="Erledigt").click()
    expect(page.get_by_label("Was kam heraus?")).to_be_visible()
    inspection.look(page, "Heute, erledigt")
    first.get_by_role("link", name="Verschieben").click()
    expect(page.get_by_role("button", name="nächster Arbeitstag")).to_be_visible()
    inspection.look(page, "Heute, verschieben")
    page.get_by_role("button", name="nächster Arbeitstag").click()
    expect(page.get_by_role("button", name="Rückgängig")).to_be_visible()
    inspection.look(page, "Heute, Meldung")
    page.locator("summary", has_text="Kim").click()
    inspection.look(page, "Heute, Menü")
    page.locator("summary", has_text="Kim").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    inspection.look(page, "Heute, Tasten")

    page.goto(f"/faelle/{office.full.number}/gespraech/")
    other = context.new_page()
    other.goto(page.url)
    note(other).press_sequentially("Im anderen Fenster.")
    expect(other.locator("#draft-state")).to_contain_text("gespeichert ")
    for number in range(3):
        page.get_by_role("radio", name="verlegen").nth(number).check()
    page.get_by_role("radio", name="Folgetermin", exact=False).last.check()
    note(page).press_sequentially("Hier auch; der Arzt stellte eine Diagnose.")
    expect(page.locator("#draft-conflict")).to_contain_text("Im anderen Fenster.")
    expect(page.locator("#id_text_hinweis")).not_to_be_empty()
    inspection.look(page, "Gespräch, zwei Fassungen")
    Session.objects.all().delete()
    page.get_by_role("button", name="Meine Fassung behalten").click()
    expect(page.get_by_role("dialog", name="Sitzung abgelaufen")).to_be_visible()
    inspection.look(page, "Gespräch, Sitzung abgelaufen")


def test_the_inspection_finds_what_is_wrong(page: Page):
    """The proof above is worth as much as this: a page with one fault of each kind."""
    body = (
        "<!DOCTYPE html><html lang='de'><head><title>Fehler</title></head><body><main><h1>Fehler</h1><p>Hallo None"
        "<div style='width:900px'><img src='/static/img/icon.svg'></div></p></main></body></html>"
    )
    page.route("**/fehler/", lambda route: route.fulfill(body=body, content_type="text/html"))
    inspection = Inspection()

    inspection.look(page, "fault", page.goto("/fehler/"))

    found = "\n".join(inspection.problems)
    for fault in ("image-alt", "unexpected-end-tag", "Hallo None", "px wider than the window"):
        assert fault in found


def test_a_window_that_breaks_the_policy_is_noticed(page: Page, faults: Faults):
    page.goto("/barrierefreiheit/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'https://example.org/x.png'}))"
    )
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">rot</p>')")
    for kind in ("request to another host", "policy: img-src", "policy: style-src"):
        wait_for(page, lambda kind=kind: any(kind in fault for fault in faults.found))

    faults.found.clear()

"""A take-over in a real browser: with the bar that moves by itself, without scripts, at 400 px, and for axe."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casework.actions import imports
from casework.models import Case, ImportRun, User
from tests.browser.conftest import Faults, sign_in, sign_in_by_page
from tests.browser.pages import Inspection
from tests.casework.importing import checked, person, table

PICTURES = os.environ.get("PICTURES", "")


def a_file(folder: Path) -> Path:
    rows = [person(number) for number in range(1, 60)]
    rows += [person(3, Nachname="Noch einmal"), person(61, Geburtsdatum="kaputt"), person(62, Vorname="=1+1")]
    rows += [person(63, Nachname="أحمد", Vorname="Михаил"), person(64, IFK="niemand")]
    path = folder / "export.csv"
    path.write_text(table(rows), encoding="utf-8")
    return path


def look(page: Page, name: str, inspection: Inspection) -> None:
    inspection.look(page, name)
    if PICTURES:
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)


def take_over(page: Page, path: Path, inspection: Inspection, *, by_itself: bool) -> None:
    """The way of a lead from the file to the cases; a worker works when it is rung for."""
    page.goto("/uebernahme/")
    expect(page.get_by_text("Bisher ist keine Datei übernommen.")).to_be_visible()
    look(page, f"liste-{by_itself}", inspection)
    page.get_by_label("CSV-Datei").set_input_files(path)
    page.get_by_role("button", name="Datei ansehen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welche Spalte ist was?")
    expect(page.get_by_label("Nummer im führenden Verfahren")).to_have_value("0")
    look(page, f"spalten-{by_itself}", inspection)
    page.get_by_role("button", name="Prüfen, ohne zu übernehmen").click()
    wait_for_worker(page, "wird geprüft", inspection, by_itself=by_itself)

    expect(page.get_by_role("heading", level=1)).to_have_text("Personen und Fälle: geprüft")
    expect(page.get_by_text("Zuerst steht sie in Zeile 4.")).to_be_visible()
    expect(page.get_by_text("abgewiesen 3")).to_be_visible()
    assert not Case.objects.exists()
    look(page, f"bericht-{by_itself}", inspection)
    page.get_by_role("button", name="Alles übernehmen, was geht").click()
    wait_for_worker(page, "wird übernommen", inspection, by_itself=by_itself)

    expect(page.get_by_role("heading", level=1)).to_have_text("Personen und Fälle: übernommen")
    page.get_by_role("link", name="neu 61").click()
    expect(page.get_by_role("link", name="Müller-Beispiel1, Şule")).to_be_visible()
    look(page, f"ende-{by_itself}", inspection)
    assert Case.objects.count() == 61


def wait_for_worker(page: Page, words: str, inspection: Inspection, *, by_itself: bool) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    expect(page.get_by_role("progressbar")).to_be_visible()
    look(page, f"stand-{words}-{by_itself}", inspection)
    imports.work_on_import(ImportRun.objects.get().pk)
    if not by_itself:
        page.get_by_role("link", name="Stand neu laden").click()


def test_a_file_is_taken_over_and_the_page_follows(context: BrowserContext, kim: User, tom: User, tmp_path: Path):
    sign_in(context, tom)
    inspection = Inspection()
    take_over(context.new_page(), a_file(tmp_path), inspection, by_itself=True)

    assert inspection.problems == []


def test_without_scripts_it_works_by_reload(
    new_context: Callable[..., BrowserContext], faults: Faults, kim: User, tom: User, tmp_path: Path
):
    context = new_context(java_script_enabled=False)
    faults.watch(context)
    page = context.new_page()
    page.goto("/")
    sign_in_by_page(page, tom)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heute")
    take_over(page, a_file(tmp_path), NoLook(), by_itself=False)


class NoLook(Inspection):
    """axe is a script itself; the same pages are looked at above."""

    def look(self, page: Page, name: str, response: object = None) -> None:
        assert page.locator("h1").count() == 1


@pytest.mark.parametrize("state", ["failed", "given_up"])
def test_other_ends(context: BrowserContext, kim: User, tom: User, state: str):
    run = checked(table([person(1)]), tom)
    if state == "given_up":
        imports.give_up_import(run=run, by=tom)
    else:
        ImportRun.objects.filter(pk=run.pk).update(state=state)
    sign_in(context, tom)
    page, inspection = context.new_page(), Inspection()
    response = page.goto(f"/uebernahme/{run.pk}/")
    inspection.look(page, state, response)

    assert inspection.problems == []

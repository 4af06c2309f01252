"""Pages of a chosen offer in a real browser: accessible in both widths, and by plain load without scripts."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from casework.models import Case, FollowUp, User
from offers.forms.choices import day_before_the_end
from offers.models import OfferChoice, OfferEvent, Participation
from tests.browser.conftest import (  # noqa: F401  (fixtures, lent)
    Faults,
    context,
    faults,
    kims_page,
    new_context,
    sign_in_by_page,
)
from tests.browser.pages import Inspection
from tests.factories import (
    ConsentFactory,
    IntentVersionFactory,
    OfferEventFactory,
    ParticipationFactory,
    ParticipationOutcomeFactory,
    ahead,
    chosen_offer,
)


@pytest.fixture
def chosen(committed_db: None, case: Case) -> OfferChoice:
    """A choice about which everything is known that can be."""
    choice = chosen_offer(case=case)
    IntentVersionFactory(choice=choice, text="Ich will die Prüfung schaffen und dann im Betrieb bleiben.")
    ParticipationFactory(choice=choice, started=True, planned_until=ahead(60))
    ParticipationOutcomeFactory(choice=choice, provider_words="Sie kam jeden Tag.")
    OfferEventFactory(offer=choice.offer)
    ConsentFactory(case=case)
    ConsentFactory(case=case, revoked_on=timezone.localdate(), revoked_at=timezone.now(), revoked_by=choice.by)
    return choice


def test_every_page_of_a_choice_is_accessible(kims_page: Page, chosen: OfferChoice):  # noqa: F811
    inspection = Inspection()
    file = f"/faelle/{chosen.case.number}/"
    planned = chosen_offer(case=chosen.case)
    consent = ConsentFactory(case=chosen.case)
    addresses = [f"{file}angebote/{chosen.pk}/{rest}" for rest in ("", "absicht/", "teilnahme/")]
    addresses += [f"{file}angebote/{planned.pk}/teilnahme/", f"{file}einwilligungen/", file, f"{file}gemeinsam/"]
    for address in (*addresses, f"{file}einwilligungen/{consent.pk}/widerruf/"):
        inspection.look(kims_page, address, kims_page.goto(address))

    assert not inspection.problems, "\n".join(dict.fromkeys(inspection.problems))


def test_a_participation_from_plan_to_end_without_scripts(
    new_context: Callable[..., BrowserContext],  # noqa: F811
    faults: Faults,  # noqa: F811
    kim: User,
    chosen: OfferChoice,
):
    choice = chosen_offer(case=chosen.case)
    context = new_context(java_script_enabled=False)  # noqa: F811
    faults.watch(context)
    page = context.new_page()
    page.goto(f"/faelle/{choice.case.number}/angebote/{choice.pk}/")
    sign_in_by_page(page, kim)

    page.get_by_role("link", name="Teilnahme eintragen").click()
    page.get_by_label("Geplant ab").fill("bald")
    page.get_by_role("button", name="Planen").click()
    expect(page.get_by_label("Geplant ab")).to_have_value("bald")
    page.get_by_label("Geplant ab").fill(f"{ahead(7):%d.%m.%Y}")
    page.locator("#id_plan_planned_until").fill(f"{ahead(60):%d.%m.%Y}")
    page.get_by_role("button", name="Planen").click()
    expect(page.locator("main")).to_contain_text("Teilnahme geplant ab")
    assert FollowUp.objects.filter(case=choice.case, due_on=day_before_the_end(ahead(60))).count() == 1

    page.get_by_role("link", name="Teilnahme eintragen").click()
    page.get_by_label("Begonnen am").fill("heute")
    page.get_by_role("button", name="Beginn eintragen").click()
    page.get_by_role("link", name="Teilnahme eintragen").click()
    page.get_by_label("Beendet am").fill("heute")
    page.get_by_role("button", name="Ende eintragen").click()
    expect(page.locator("main")).to_contain_text("Teilnahme beendet am")
    assert Participation.objects.get(choice=choice).ended_on == timezone.localdate()


def test_what_was_typed_stays_and_a_click_takes_the_choice_back(kims_page: Page, chosen: OfferChoice):  # noqa: F811
    base = f"/faelle/{chosen.case.number}/angebote/{chosen.pk}/"
    kims_page.goto(f"{base}absicht/")
    kims_page.get_by_label("Mit welcher Absicht?").fill("   ")
    kims_page.get_by_role("button", name="Eintragen").click()
    expect(kims_page.locator("#id_text_error")).to_contain_text("Bitte ausfüllen.")

    kims_page.goto(base)
    kims_page.get_by_role("button", name="gesehen").click()
    expect(kims_page.locator("#geaendert")).to_have_count(0)
    kims_page.get_by_role("button", name="nimmt die Wahl zurück").click()

    expect(kims_page.locator("main")).to_contain_text("zurückgenommen am")
    assert OfferChoice.objects.get(pk=chosen.pk).withdrawn_at is not None
    assert OfferEvent.objects.filter(offer=chosen.offer).count() == 1

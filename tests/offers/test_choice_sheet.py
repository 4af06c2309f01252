"""The person's own copy: chosen offers with their Absicht stand on it when the person wants them there (R2-5)."""

import pytest

from agreements.handout.sheet import GERMAN, Printed
from offers.actions.choices import withdraw_choice
from offers.models import IntentVersion
from offers.models.sheet import BECAUSE, HEADING, SECOND, offer_groups
from tests.factories import IntentVersionFactory

pytestmark = pytest.mark.django_db


def url(choice):
    return f"/faelle/{choice.case.number}/vereinbarung/mitgeben/"


@pytest.fixture
def printed(monkeypatch):
    """What was handed to the typesetter, which answers at once."""
    sheets = []

    def render(sheet):
        sheets.append(sheet)
        return Printed(b"%PDF-1.7", ())

    monkeypatch.setattr("agreements.views.handouts.render", render)
    return sheets


def sent(choice, *parts, language=""):
    return {"agreement": choice.agreement_id, "parts": list(parts), "language": language}


def test_chosen_offers_are_printed_with_the_resources(kim_client, choice, printed):
    intent = IntentVersion.objects.get(choice=choice).text

    page = kim_client.get(url(choice)).content.decode()
    kim_client.post(url(choice), sent(choice, "resources"))

    assert "Diese Angebote nutze ich: Holzwerkstatt am Weidenblick" in page
    group = printed[0].extras[0]
    assert (group.heading, group.second) == (HEADING, "")
    assert group.steps[0].text == f"Holzwerkstatt am Weidenblick\n{BECAUSE} {intent}"


def test_only_when_the_person_wants_it(kim_client, choice, printed):
    kim_client.post(url(choice), sent(choice, "steps"))

    assert printed[0].extras == ()


def test_the_second_language_has_its_own_words(kim_client, choice, printed):
    kim_client.post(url(choice), sent(choice, "resources", language="uk"))

    group = printed[0].extras[0]
    assert (group.heading, group.second) == (HEADING, SECOND["uk"][0])
    assert SECOND["uk"][1] in group.steps[0].text.split("\n")


@pytest.mark.parametrize("language", ["", "ar", "tr"])
def test_it_is_set_in_type(kim_client, choice, language):
    response = kim_client.post(url(choice), sent(choice, "resources", "steps", language=language))

    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-")


def test_the_last_absicht_counts_and_what_was_taken_back_is_not_printed(kim, choice):
    IntentVersionFactory(choice=choice, text="Ich will die Prüfung schaffen.")
    group = offer_groups(choice.case_id, (GERMAN,))[0]
    assert "Ich will die Prüfung schaffen." in group.steps[0].text

    withdraw_choice(choice=choice, by=kim)

    assert offer_groups(choice.case_id, (GERMAN,)) == []

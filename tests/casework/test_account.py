import pytest

from casework.models import User
from tests.factories import PASSWORD, ReflectionGuideFactory, RuleDocumentFactory

URL = "/einstellungen/"


@pytest.mark.parametrize("url", [URL, f"{URL}passwort/", "/hilfe/", "/hilfe/tasten/"])
def test_anonymous_is_sent_to_sign_in(client, db, url):
    assert client.get(url)["Location"].startswith("/anmelden/")


@pytest.mark.parametrize("who", ["kim_client", "tom_client", "paula_client", "admin_client"])
@pytest.mark.parametrize("url", [URL, f"{URL}passwort/", "/hilfe/", "/hilfe/tasten/"])
def test_everybody_has_settings_and_help(request, who, url):
    assert request.getfixturevalue(who).get(url).status_code == 200


@pytest.mark.parametrize(("chosen", "stored"), [("dark", "dark"), ("light", "light"), ("system", "")])
def test_settings_are_ones_own(kim, eva, kim_client, chosen, stored):
    kim_client.post(URL, {"theme": chosen})

    kim.refresh_from_db()
    assert (kim.theme, kim.shortcuts_enabled) == (stored, False)
    assert User.objects.get(pk=eva.pk).shortcuts_enabled


def test_an_unknown_appearance_is_refused(kim, kim_client):
    response = kim_client.post(URL, {"theme": "pink", "shortcuts_enabled": "on"})

    kim.refresh_from_db()
    assert response.status_code == 422
    assert kim.theme == ""


def test_the_password_changes_with_the_old_one(kim, kim_client):
    new = "lang-genug-und-neu-2026"
    wrong = {"old_password": "falsch", "new_password1": new, "new_password2": new}
    assert kim_client.post(f"{URL}passwort/", wrong).status_code == 422

    response = kim_client.post(f"{URL}passwort/", wrong | {"old_password": PASSWORD})

    kim.refresh_from_db()
    assert response["Location"] == URL
    assert kim.check_password(new)


def test_help_names_the_concept_and_links_the_rules_of_the_house(kim_client):
    RuleDocumentFactory()
    ReflectionGuideFactory(text="Was ist mir heute aufgefallen?")
    page = kim_client.get("/hilfe/").content.decode()

    assert "Konzept vom 29.09.2022, Lfd. Nr. 1" in page
    assert 'href="https://intranet.example.org/handreichung"' in page
    assert "Was ist mir heute aufgefallen?" in page
    assert "Fassung vom" in page


def test_help_without_documents_says_who_enters_them(kim_client):
    assert "Die Fachadministration trägt sie in der Verwaltung ein." in kim_client.get("/hilfe/").content.decode()


def test_the_declaration_on_accessibility_is_public(client, db):
    response = client.get("/barrierefreiheit/")

    assert response.status_code == 200
    assert "§ 9b" in response.content.decode()

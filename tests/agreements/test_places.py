"""Das Verzeichnis des Sozialraums: kept by everybody who works on cases, without personal data (R1-2)."""

import datetime as dt

import pytest
from django.utils import timezone

from agreements.actions.places import change_place, confirm_place, end_place
from agreements.models import SocialPlace, SocialSpace
from casework.actions import StaleVersion

pytestmark = pytest.mark.django_db
URL = "/sozialraum/"


@pytest.fixture
def osterode_space(database):
    return SocialSpace.objects.get(name="Osterode")


@pytest.fixture
def place(kim, osterode_space):
    return make("Repair-Café am Markt", osterode_space, kim)


def make(name, space, by, *, years=0, **fields):
    at = timezone.now() - dt.timedelta(days=366 * years)
    return SocialPlace.objects.create(name=name, space=space, added_by=by, confirmed_by=by, confirmed_at=at, **fields)


def entry(space, **changed):
    return {"name": "Nachbarschaftshilfe Süd", "space": space.pk, "what": "", "reach": "", **changed}


def in_place():
    return {"HX-Request": "true"}


# --- reading -----------------------------------------------------------------------------------------------


def test_the_list_goes_by_area_and_name(kim, kim_client, osterode_space):
    stadt = SocialSpace.objects.get(name="Göttingen-Stadt")
    for name, space in (("Zur Werkbank", osterode_space), ("Ökomarkt", osterode_space), ("Bücherei", stadt)):
        make(name, space, kim)

    page = kim_client.get(URL).content.decode()

    assert page.index(">Göttingen-Stadt</h2>") < page.index("Bücherei")
    assert page.index("Bücherei") < page.index(">Osterode</h2>") < page.index("Ökomarkt") < page.index("Zur Werkbank")


@pytest.mark.parametrize("term", ["repair", "Café", "cafe", "REPAIR-CAFE", "Fahrräder", "fahrraeder"])
def test_search_finds_names_and_what_there_is(kim, kim_client, osterode_space, term):
    make("Repair-Café am Markt", osterode_space, kim, what="Fahrräder und Radios")
    make("Bücherei", osterode_space, kim)

    page = kim_client.get(URL, {"q": term}).content.decode()

    assert "Repair-Café am Markt" in page
    assert "Bücherei" not in page


@pytest.mark.parametrize("term", ["%", "_", "\x00", "'; --", "²" * 200])
def test_a_strange_term_is_no_failure(kim_client, place, term):
    assert kim_client.get(URL, {"q": term, "raum": term, "seite": term}).status_code == 200


def test_one_area_alone(kim, kim_client, place):
    stadt = SocialSpace.objects.get(name="Göttingen-Stadt")
    make("Bücherei", stadt, kim)

    page = kim_client.get(URL, {"raum": stadt.pk}).content.decode()

    assert "Bücherei" in page
    assert "Repair-Café" not in page
    assert f'<option value="{stadt.pk}" selected>' in page


def test_the_fragment_is_the_page_part(kim_client, place):
    page = kim_client.get(URL, {"q": "repair"}).content.decode()
    part = kim_client.get(URL, {"q": "repair"}, headers=in_place()).content.decode()

    assert part.strip().startswith('<section id="orte"')
    assert "<h1" not in part
    assert "Repair-Café am Markt" in part
    assert 'hx-push-url="true"' in page


def test_what_nobody_confirmed_for_a_year_is_marked(kim, kim_client, osterode_space):
    old = make("Alter Treff", osterode_space, kim, years=1)
    new = make("Neuer Treff", osterode_space, kim)

    page = kim_client.get(URL).content.decode()
    rows = {pk: page.split(f'id="ort-{pk}"')[1].split("</li>")[0] for pk in (old.pk, new.pk)}

    assert "seit über einem Jahr nicht bestätigt" in rows[old.pk]
    assert "stimmt noch" in rows[old.pk]
    assert "gibt es nicht mehr" in rows[old.pk]
    assert f"bestätigt am {timezone.localdate():%d.%m.%Y}" in rows[new.pk]
    assert "stimmt noch" not in rows[new.pk]


def test_pages_of_a_long_directory(kim, kim_client, osterode_space):
    for number in range(41):
        make(f"Treff {number:02}", osterode_space, kim)

    first = kim_client.get(URL).content.decode()
    second = kim_client.get(URL, {"seite": "2"}).content.decode()

    assert "Treff 39" in first
    assert "Treff 40" not in first
    assert "?seite=2" in first
    assert "Treff 40" in second


def test_the_list_asks_no_more_for_many(kim, kim_client, osterode_space, count_queries):
    def measure():
        with count_queries() as queries:
            kim_client.get(URL)
        return queries

    make("Eins", osterode_space, kim)
    measure()
    few = measure().count
    for number in range(9):
        make(f"Treff {number}", osterode_space, kim)

    assert measure().count == few


def test_an_empty_directory_says_how_it_grows(kim_client):
    assert "Das Verzeichnis ist noch leer." in kim_client.get(URL).content.decode()
    assert "Dazu steht nichts im Verzeichnis." in kim_client.get(URL, {"q": "Mars"}).content.decode()


def test_names_for_a_field_come_with_their_area(kim, kim_client, place):
    stadt = SocialSpace.objects.get(name="Göttingen-Stadt")
    make("Repair-Café Nord", stadt, kim)
    end_place(place=make("Repair-Café zu", stadt, kim), by=kim)

    found = " ".join(kim_client.post(f"{URL}suche/", {"q": "repair"}).content.decode().split())

    assert '<option value="Repair-Café am Markt" label="Osterode">' in found
    assert '<option value="Repair-Café Nord" label="Göttingen-Stadt">' in found
    assert "Repair-Café zu" not in found
    assert "<html" not in found


def test_at_most_twelve_names_and_none_for_one_letter(kim, kim_client, osterode_space):
    for number in range(15):
        make(f"Treff {number}", osterode_space, kim)

    assert kim_client.post(f"{URL}suche/", {"q": "treff"}).content.decode().count("<option") == 12
    assert kim_client.post(f"{URL}suche/", {"q": "t"}).content.decode().count("<option") == 0
    assert kim_client.post(f"{URL}suche/").status_code == 200


# --- adding ------------------------------------------------------------------------------------------------


def test_two_fields_are_enough(kim, kim_client, osterode_space):
    response = kim_client.post(f"{URL}neu/", entry(osterode_space))

    place = SocialPlace.objects.get()
    assert response["Location"] == URL
    assert (place.name, place.space, place.added_by, place.confirmed_by) == (
        "Nachbarschaftshilfe Süd",
        osterode_space,
        kim,
        kim,
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "Bitte ausfüllen."),
        ("space", "", "Bitte wählen."),
        ("space", "999999", "Bitte eine gültige Auswahl treffen"),
        ("name", "x" * 161, "160"),
    ],
)
def test_what_is_missing_comes_back_with_the_text(kim_client, osterode_space, field, value, sentence):
    response = kim_client.post(f"{URL}neu/", entry(osterode_space, what="Mittagstisch") | {field: value})
    page = response.content.decode()

    assert response.status_code == 422
    assert sentence in page
    assert "Mittagstisch" in page
    assert not SocialPlace.objects.exists()


def test_the_same_place_twice_is_refused_beside_the_name(kim_client, place, osterode_space):
    """The rule is social_place_once_in_its_space."""
    response = kim_client.post(f"{URL}neu/", entry(osterode_space, name="REPAIR-CAFÉ AM MARKT"))

    assert response.status_code == 422
    assert "Diesen Ort gibt es im Verzeichnis schon." in response.content.decode()
    assert SocialPlace.objects.count() == 1


def test_areas_that_are_no_longer_offered_are_not_chosen(kim_client, osterode_space):
    osterode_space.active = False
    osterode_space.save(update_fields=["active"])

    assert kim_client.post(f"{URL}neu/", entry(osterode_space)).status_code == 422


def test_the_form_warns_of_private_names(kim_client):
    page = kim_client.get(f"{URL}neu/").content.decode()

    assert "keine Namen von Privatpersonen" in page
    assert "keine Nummern von Privatpersonen" in page


# --- keeping -----------------------------------------------------------------------------------------------


def test_a_change_is_saved_and_confirms(kim, eva, eva_client, osterode_space):
    place = make("Treff", osterode_space, kim, years=2)
    page = eva_client.get(f"{URL}{place.pk}/").content.decode()
    assert 'value="Treff"' in page

    response = eva_client.post(f"{URL}{place.pk}/", entry(osterode_space, name="Treff Süd", reach="Bus 21", version=1))

    place.refresh_from_db()
    assert response["Location"] == URL
    assert (place.name, place.reach, place.version, place.confirmed_by) == ("Treff Süd", "Bus 21", 2, eva)
    assert place.confirmed_at > timezone.now() - dt.timedelta(minutes=1)


def test_no_change_of_another_is_overwritten(kim, eva, kim_client, place, osterode_space):
    """The rule is social_place_version_counts."""
    change_place(place=place, version=1, changes={"name": "Repair-Café am Brunnen"}, by=eva)
    mine = entry(osterode_space, name="Repair-Café am Tor", version=1)

    response = kim_client.post(f"{URL}{place.pk}/", mine)
    page = response.content.decode()

    assert response.status_code == 409
    assert "Repair-Café am Brunnen" in page
    assert 'value="Repair-Café am Tor"' in page
    assert 'name="version" value="2"' in page
    place.refresh_from_db()
    assert place.name == "Repair-Café am Brunnen"
    assert kim_client.post(f"{URL}{place.pk}/", mine | {"version": 2}).status_code == 302


def test_what_has_ended_meanwhile_is_not_brought_back(kim, eva, kim_client, place, osterode_space):
    end_place(place=place, by=eva)

    response = kim_client.post(f"{URL}{place.pk}/", entry(osterode_space, name="Repair-Café am Tor", version=1))

    assert response.status_code == 409
    assert "Diesen Ort gibt es im Verzeichnis nicht mehr." in response.content.decode()
    assert kim_client.get(f"{URL}{place.pk}/")["Location"] == URL


def test_one_press_confirms(kim, eva, eva_client, osterode_space):
    place = make("Treff", osterode_space, kim, years=1)

    response = eva_client.post(f"{URL}{place.pk}/stimmt/", follow=True)

    place.refresh_from_db()
    assert "Bestätigt: Treff." in response.content.decode()
    assert place.confirmed_by == eva
    assert "nicht bestätigt" not in response.content.decode()


def test_in_place_the_row_answers(kim, kim_client, osterode_space):
    place = make("Treff", osterode_space, kim, years=1)

    row = kim_client.post(f"{URL}{place.pk}/stimmt/", headers=in_place())
    gone = kim_client.post(f"{URL}{place.pk}/ende/", headers=in_place())

    assert row.content.decode().strip().startswith("<li")
    assert f"bestätigt am {timezone.localdate():%d.%m.%Y}" in row.content.decode()
    assert gone.status_code == 200
    assert "Treff steht nicht mehr im Verzeichnis." in gone.content.decode()
    assert f'id="ort-{place.pk}"' in gone.content.decode()
    assert "announce" in gone["HX-Trigger"]


def test_what_is_gone_leaves_the_directory_for_good(kim, kim_client, place, osterode_space):
    """The rule is ended_place_is_final."""
    kim_client.post(f"{URL}{place.pk}/ende/")

    place.refresh_from_db()
    assert place.ended_by == kim
    assert "Repair-Café am Markt</a>" not in kim_client.get(URL).content.decode()
    for action in (confirm_place, end_place):
        with pytest.raises(StaleVersion):
            action(place=place, by=kim)
    told = kim_client.post(f"{URL}{place.pk}/stimmt/", follow=True).content.decode()
    assert "gibt es im Verzeichnis nicht mehr" in told
    assert kim_client.post(f"{URL}neu/", entry(osterode_space, name=place.name)).status_code == 302


# --- who ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "neu/", "1/"])
def test_who_may_not(client, paula_client, admin_client, path):
    assert client.get(URL + path).status_code == 302
    assert paula_client.get(URL + path).status_code == 403
    assert admin_client.get(URL + path).status_code == 403


def test_whoever_works_on_cases_keeps_it(tom_client, nora_client, place):
    for client in (tom_client, nora_client):
        assert client.get(URL).status_code == 200
        assert client.post(f"{URL}{place.pk}/stimmt/").status_code == 302


@pytest.mark.parametrize("path", ["999999/", "99999999999999999999/"])
def test_what_is_not_there(kim_client, path):
    assert kim_client.get(URL + path).status_code == 404


@pytest.mark.parametrize("path", ["stimmt/", "ende/"])
def test_a_link_changes_nothing(kim_client, place, path):
    assert kim_client.get(f"{URL}{place.pk}/{path}").status_code == 405

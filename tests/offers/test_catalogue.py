"""Der Katalog: what is published and valid, found in German however it is spelt (R4.4-4)."""

import datetime as dt

import pytest
from django.utils import timezone

from agreements.models import SocialSpace
from offers.models import OfferRemark
from offers.models.search import read_offers
from tests.factories import ahead, back
from tests.factories_offers import (
    DemandReplyFactory,
    OfferFactory,
    OfferRemarkFactory,
    OfferVersionFactory,
    ProviderFactory,
    chosen_offer,
    offer_manager,
    published_offer,
)

pytestmark = pytest.mark.django_db
URL = "/angebote/"
# Nothing by which a test could find an offer unmeant.
SILENT = {
    "support": "Unterstützung",
    "purpose": "Zweck",
    "course": "Ablauf",
    "place": "Ort",
    "joining": "Anruf",
    "duration": "ein Monat",
    "start": "",
    "supports": ["gesund"],
    "languages": ["de"],
}


def make(name, **content):
    return published_offer(**{**SILENT, "name": name, **content})


def names(term="", **filters):
    return [hit.name for hit in read_offers(term, **filters).hits]


@pytest.fixture
def house(database):
    """A small catalogue with what German does to words."""
    make("Bewerbung schreiben", support="Wir schreiben Ihren Lebenslauf und üben das Gespräch.")
    make("Holzwerkstatt", support="Sie bauen ein eigenes Stück aus Holz.")
    make("Nähwerkstatt", support="Gemeinsam nähen, ändern und flicken.")
    make("Küche und Service", support="Kochen für dreißig Gäste, bedienen und planen.")
    make("Gartenbau", support="Beete anlegen, Häuser begrünen, Sträucher schneiden.", place="Nähe Bahnhof")
    make("Staplerschein", support="Führerschein für Gabelstapler mit Prüfung.")
    make("Deutsch am Abend", support="Sprechen und schreiben im Alltag.", languages=["de", "tr"])


# --- search ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "first"),
    [
        # compounds and beginnings
        ("werkstatt", "Holzwerkstatt"),
        ("Holz", "Holzwerkstatt"),
        ("stapler", "Staplerschein"),
        ("bewerb", "Bewerbung schreiben"),
        # stems
        ("Bewerbungen", "Bewerbung schreiben"),
        ("Gespräche", "Bewerbung schreiben"),
        ("Gärten", "Gartenbau"),
        ("Haus", "Gartenbau"),
        ("kochte", "Küche und Service"),
        # umlauts and their spellings
        ("Küche", "Küche und Service"),
        ("Kueche", "Küche und Service"),
        ("kuche", "Küche und Service"),
        ("dreissig", "Küche und Service"),
        ("Prüfungen", "Staplerschein"),
        ("naehen", "Nähwerkstatt"),
        # several words, anywhere, in any order
        ("schreiben Lebenslauf", "Bewerbung schreiben"),
        ("Holz für mich und mein Stück", ""),
        ("Stück aus Holz", "Holzwerkstatt"),
        ("kein solches Wort", ""),
        # misspelt
        ("Bewrbung", "Bewerbung schreiben"),
        ("Bewerbnug", "Bewerbung schreiben"),
        ("Holzwekstatt", "Holzwerkstatt"),
        ("Holtswerkstatt", "Holzwerkstatt"),
        ("Nehen", "Nähwerkstatt"),
        ("Gabelstabler", "Staplerschein"),
        ("Gartn", "Gartenbau"),
        ("Kuchse", "Küche und Service"),
        ("Bewrbung schreiben", "Bewerbung schreiben"),
    ],
)
def test_it_is_found_however_it_is_spelt(house, term, first):
    found = names(term)

    assert (found[:1] or [""]) == [first]


def test_what_is_spelt_alike_is_offered_only_when_nothing_is_spelt_so(house):
    exact, alike = read_offers("werkstatt"), read_offers("werkstadt")

    assert (exact.alike, {hit.name for hit in exact.hits}) == (False, {"Holzwerkstatt", "Nähwerkstatt"})
    assert (alike.alike, {hit.name for hit in alike.hits}) == (True, {"Holzwerkstatt", "Nähwerkstatt"})


def test_the_name_counts_more_than_the_text(house):
    make("Alltag", support="Auch eine Holzwerkstatt gehört dazu.")

    assert names("holzwerkstatt") == ["Holzwerkstatt", "Alltag"]


def test_the_provider_is_found_as_well_misspelt_or_not(house):
    make("Malerarbeiten", provider=ProviderFactory(name="Kolping Südharz"))

    assert names("kolping") == names("Suedharz") == names("Kolpink") == ["Malerarbeiten"]


def test_words_of_the_filters_are_words_of_the_search(house):
    space = SocialSpace.objects.get(name="Osterode")
    make("Erste Schritte", areas=[space.pk])
    make("Zweite Schritte", supports=["selbststaendig"])

    assert "Erste Schritte" in names("Osterode")
    assert names("selbstständig") == ["Zweite Schritte"]
    assert names("Türkisch") == ["Deutsch am Abend"]


def test_a_blank_term_lists_all_by_name(house):
    found = names()

    assert found == names("   ") == names("?!")
    assert found[:3] == ["Bewerbung schreiben", "Deutsch am Abend", "Gartenbau"]
    assert len(found) == 7


@pytest.mark.parametrize("term", ["%", "_", "\x00", "'; --", "²" * 200, "a & !b | (", ":*", "\\", "e" * 80, "w " * 40])
def test_a_strange_term_is_no_failure(kim_client, house, term):
    query = {"q": term, "seite": term, "art": term, "raum": term, "beginn": term, "sprache": term}

    assert kim_client.get(URL, query).status_code == 200


# --- what is in the list -----------------------------------------------------------------------------------


def test_only_published_and_valid_offers_are_listed(kim_client, kim):
    today = timezone.localdate()
    make("Steht drin", valid_from=today, valid_to=today)
    make("Abgelaufen", valid_to=today - dt.timedelta(days=1))
    make("Noch nicht gültig", valid_from=today + dt.timedelta(days=1))
    make("Zurückgezogen", withdrawn_at=timezone.now(), withdrawn_by=offer_manager())
    OfferVersionFactory(name="Nur ein Entwurf", draft=True)
    OfferVersionFactory(name="In Prüfung", submitted=True)
    changed = make("Alte Fassung", superseded_at=timezone.now())
    OfferVersionFactory(offer=changed, name="Neue Fassung")

    assert names() == ["Neue Fassung", "Steht drin"]
    assert names("Fassung") == ["Neue Fassung"]
    assert "Abgelaufen" not in kim_client.get(URL).content.decode()


def test_filters_narrow_together(house):
    osterode = SocialSpace.objects.get(name="Osterode")
    later = ahead(21)
    make("Kurs", areas=[osterode.pk], supports=["digital"], languages=["ar"], any_time=False, start_dates=[later])

    assert names(supports=["digital"]) == names(areas=[osterode.pk]) == names(language="ar") == ["Kurs"]
    assert names(areas=[osterode.pk], language="tr") == []
    assert "Kurs" in names(start="4")
    assert "Kurs" not in names(start="jederzeit")
    assert len(names(start="jederzeit")) == 7
    assert "Kurs" not in [
        hit.name for hit in read_offers(start="4", today=later + dt.timedelta(days=1)).hits
    ]  # that day is over
    assert names("kurs", supports=["digital"], areas=[osterode.pk], start="12", language="ar") == ["Kurs"]


def test_the_page_filters_by_what_its_address_says(kim_client, house):
    page = kim_client.get(URL, {"sprache": "tr", "art": "gesund"}).content.decode()

    assert "Deutsch am Abend" in page
    assert "Gartenbau" not in page
    assert '<option value="tr" selected>Türkisch</option>' in page
    assert '<option value="gesund" selected>' in page
    assert "1 Treffer" in page


def test_the_fragment_is_the_page_part(kim_client, house):
    part = kim_client.get(URL, {"q": "holz"}, headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<section id="angebote"')
    assert "<h1" not in part
    assert "Holzwerkstatt" in part


def test_an_empty_answer_says_what_one_can_do(kim_client):
    assert "Der Katalog ist noch leer." in kim_client.get(URL).content.decode()
    assert "Dazu steht nichts im Katalog." in kim_client.get(URL, {"q": "Mars"}).content.decode()


def test_pages_of_a_long_catalogue(kim_client):
    for number in range(31):
        make(f"Angebot {number:02}")

    first = kim_client.get(URL).content.decode()
    second = kim_client.get(URL, {"seite": "2"}).content.decode()

    assert "1 bis 30 von 31" in first
    assert ">Angebot 29<" in first
    assert ">Angebot 30<" not in first
    assert ">Angebot 30<" in second


@pytest.mark.parametrize("term", ["", "werkstatt", "wekstat"])
def test_three_or_sixty_offers_ask_the_same(kim_client, count_queries, term):
    def measure():
        with count_queries() as queries:
            kim_client.get(URL, {"q": term})
        return queries

    for number in range(3):
        make(f"Werkstatt {number}")
    measure()
    few = measure()
    for number in range(57):
        make(f"Werkstatt {number}")
    many = measure()

    assert sum(map(len, many.by_category().values())) == sum(map(len, few.by_category().values()))
    asked = [sql for category, found in many.by_category().items() for sql in found if "SAVEPOINT" not in sql]
    assert len(asked) <= 9, asked


@pytest.mark.parametrize("who", ["kim_client", "tom_client", "paula_client", "admin_client", "nora_client"])
def test_everybody_signed_in_may_read_it(request, who, house):
    client = request.getfixturevalue(who)
    pk = read_offers("holz").hits[0].offer_id

    answers = [client.get(url).status_code for url in (URL, f"{URL}{pk}/", f"{URL}{pk}/drucken/", f"{URL}bedarfe/")]

    assert answers == [200] * 4


def test_nobody_else_may(client, house):
    for url in (URL, f"{URL}1/", f"{URL}bedarfe/"):
        assert client.get(url)["Location"].startswith("/anmelden/")


# --- one offer ---------------------------------------------------------------------------------------------


def test_an_offer_says_what_it_is(kim_client):
    offer = make("Holzwerkstatt", support="Ein Stück aus Holz.", possible=False, notice="Im August zu.")

    page = kim_client.get(f"{URL}{offer.pk}/").content.decode()

    for words in ("zurzeit nicht möglich", "Im August zu.", "Ein Stück aus Holz.", "Ayla Brandt", "0551 0000"):
        assert words in page
    for words in ("Wer entscheidet und zahlt?", "zuletzt zugesichert am", "20 Stunden in der Woche", "Deutsch"):
        assert words in page
    assert f'href="{URL}{offer.pk}/drucken/"' in page


def test_no_page_speaks_of_places_or_of_use(kim_client, kim, case):
    offer = make("Holzwerkstatt")
    chosen_offer(case=case, offer=offer)
    pages = [kim_client.get(url).content.decode().lower() for url in (URL, f"{URL}{offer.pk}/", f"{URL}bedarfe/")]

    for page in pages:
        for word in ("plätze", "platz frei", "gewählt von", "mal gewählt", "auslastung", "empfohlen", "zielgruppe"):
            assert word not in page
        assert case.number not in page


def test_an_offer_that_has_ended_says_so_and_is_not_printed(kim_client):
    withdrawn = make("Weg", withdrawn_at=timezone.now(), withdrawn_by=offer_manager())
    expired = make("Vorbei", valid_to=back(3))
    draft = OfferVersionFactory(draft=True).offer

    assert "zurückgezogen" in kim_client.get(f"{URL}{withdrawn.pk}/").content.decode()
    assert "Dieses Angebot galt bis" in kim_client.get(f"{URL}{expired.pk}/").content.decode()
    for pk in (withdrawn.pk, expired.pk, draft.pk, 999_999_999):
        assert kim_client.get(f"{URL}{pk}/drucken/").status_code == 404
    for pk in (draft.pk, OfferFactory().pk, 999_999_999):
        assert kim_client.get(f"{URL}{pk}/").status_code == 404


def test_a_new_draft_changes_nothing_of_what_is_read(kim_client):
    offer = make("Holzwerkstatt")
    OfferVersionFactory(offer=offer, name="Noch geheim", draft=True)

    assert "Noch geheim" not in kim_client.get(f"{URL}{offer.pk}/").content.decode()
    assert names("geheim") == []


def test_the_sheet_speaks_to_the_person(kim_client):
    offer = make("Holzwerkstatt", requirements="Sie bekommen Geld vom Jobcenter.")

    page = kim_client.get(f"{URL}{offer.pk}/drucken/").content.decode()

    assert "Sie können es wählen. Sie müssen nicht." in page
    assert "<h2>Was bringe ich mit?</h2>" in page
    assert page.index("Was ist das?") < page.index("Was verlangt das Gesetz?")
    assert "Gedruckt von Kim Sander" in page


# --- remarks -----------------------------------------------------------------------------------------------


def test_a_remark_reaches_project_management(kim, kim_client):
    offer = make("Holzwerkstatt")

    response = kim_client.post(f"{URL}{offer.pk}/hinweis/", {"text": " Die Nummer stimmt nicht mehr. "})

    left = OfferRemark.objects.get()
    assert response["Location"] == f"{URL}{offer.pk}/"
    assert (left.offer, left.text, left.by, left.done_at) == (offer, "Die Nummer stimmt nicht mehr.", kim, None)


@pytest.mark.parametrize(("text", "sentence"), [("  ", "Bitte ausfüllen."), ("x" * 601, "600")])
def test_a_remark_that_does_not_do_comes_back_with_its_text(kim_client, text, sentence):
    offer = make("Holzwerkstatt")

    response = kim_client.post(f"{URL}{offer.pk}/hinweis/", {"text": text})
    page = response.content.decode()

    assert response.status_code == 422
    assert sentence in page
    assert text.strip() in page
    assert not OfferRemark.objects.exists()


def test_nobody_but_who_counsels_leaves_a_remark(paula_client, admin_client, kim):
    offer = make("Holzwerkstatt")
    OfferRemarkFactory(offer=offer, text="Von Kim, nicht für alle", by=kim)

    for client in (paula_client, admin_client):
        assert client.post(f"{URL}{offer.pk}/hinweis/", {"text": "Hallo"}).status_code == 403
        page = client.get(f"{URL}{offer.pk}/").content.decode()
        assert "Hinweis zum Angebot" not in page
        assert "Von Kim" not in page
    assert OfferRemark.objects.count() == 1


# --- what came of demands ----------------------------------------------------------------------------------


def test_what_came_of_demands_newest_first(kim_client):
    offer = make("Abendkurs")
    DemandReplyFactory(need="Deutsch am Abend", at=timezone.now() - dt.timedelta(days=9), offer=offer)
    DemandReplyFactory(need="Ein Bus zum Werkhof", at=timezone.now())
    DemandReplyFactory(need="Doch nicht", withdrawn_at=timezone.now(), withdrawn_by=offer_manager())

    page = kim_client.get(f"{URL}bedarfe/").content.decode()

    assert page.index("Ein Bus zum Werkhof") < page.index("Deutsch am Abend")
    assert f'<a href="{URL}{offer.pk}/"><bdi>Abendkurs</bdi></a>' in page
    assert "Doch nicht" not in page
    assert "Was aus Bedarfen wurde" in kim_client.get(URL).content.decode()


# --- text of providers is text -----------------------------------------------------------------------------

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(1)><svg onload="alert(1)">'
    '<a hx-get="/faelle/" hx-trigger="load">'
    "{{ settings.SECRET_KEY }}{% include 'base.html' %} javascript:alert(1) \u202egnp.exe\u202c \u2066x\u2069 &amp; \"'"
)


def test_hostile_text_is_shown_as_text(kim_client):
    provider = ProviderFactory(name=f"Träger {HOSTILE[:150]}", website="javascript:alert(1)", about=HOSTILE)
    texts = dict.fromkeys(("support", "purpose", "course", "place", "bring", "joining", "accessibility"), HOSTILE)
    offer = make("<b>Name</b>\u202e", provider=provider, notice=HOSTILE, **texts)

    for url in (URL, f"{URL}{offer.pk}/", f"{URL}{offer.pk}/drucken/"):
        page = kim_client.get(url).content.decode()
        assert "&lt;b&gt;Name&lt;/b&gt;" in page
        for tag in ("<script>alert", "<img", "<svg", "<a hx-get", 'href="javascript', "\u202e", "\u2066"):
            assert tag not in page
    assert "{{ settings.SECRET_KEY }}" in kim_client.get(f"{URL}{offer.pk}/").content.decode()


@pytest.mark.parametrize(
    ("website", "is_link"),
    [
        ("https://werkhof.example/kurse?a=1", True),
        ("http://werkhof.example", True),
        ("javascript:alert(1)", False),
        (" JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//werkhof.example", False),
        ("www.werkhof.example", False),
        ("https://jobcenter.example@boese.example/", False),
        ("https://a.example/ onmouseover=alert(1)", False),
        ("https://[::1", False),
        ("https://", False),
    ],
)
def test_only_addresses_of_the_web_are_links(kim_client, website, is_link):
    offer = make("Holzwerkstatt", provider=ProviderFactory(website=website))

    page = kim_client.get(f"{URL}{offer.pk}/").content.decode()

    assert ('rel="noopener noreferrer nofollow"' in page) is is_link


def test_a_hundred_kilobytes_do_not_make_the_page_long(kim_client):
    offer = make("Lang", support="Wort " * 20_000, purpose="x" * 100_000)

    page = kim_client.get(f"{URL}{offer.pk}/").content

    assert page.count(b"<summary>mehr</summary>") == 2
    assert len(page) < 40_000
    assert len(kim_client.get(URL).content) < 20_000
    assert len(kim_client.get(f"{URL}{offer.pk}/drucken/").content) < 20_000

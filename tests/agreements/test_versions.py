"""Fassungen, Wille und Ressourcen: what stood at any time stays readable (R4.3-1, R3.1-1, R3.2-2)."""

import re

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agreements.actions.steps import tell_outcome
from agreements.actions.talks import NewAgreementStep, NewResource
from agreements.comparison import DROPPED, NEW, SAME, compare, compare_lists
from agreements.enums import Outcome, StepOwner
from agreements.models import Resource, ResourceField, SocialSpace
from casework.actions import withdraw_contact
from tests.agreements.talking import STEPS, WILL, WISH, agree, step_of, talk
from tests.factories import AccessGrantFactory, CaseFactory, ahead

pages = pytest.mark.django_db
TODAY = f"{timezone.localdate():%d.%m.%Y}"


def url(case, rest="vereinbarung/fassungen/"):
    return f"/faelle/{case.number}/{rest}"


def words(pieces, *kinds):
    return [piece.text for piece in pieces if piece.kind in kinds]


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- comparing ---------------------------------------------------------------------------------------------


def test_words_that_changed_are_marked_on_their_side():
    pair = compare("ruft die Tischlerei Weber an", "ruft den Tischler Weber heute an")

    assert words(pair.old, DROPPED) == ["die Tischlerei"]
    assert words(pair.new, NEW) == ["den Tischler", "heute "]
    assert not pair.is_same


def test_what_has_hardly_a_word_in_common_is_replaced_whole():
    pair = compare("Mein Lebenslauf ist bis Ende Januar neu.", "Ich war bis zum Sommer zur Probe da.")

    assert [piece.kind for piece in (*pair.old, *pair.new)] == [DROPPED, NEW]


def test_the_same_text_is_the_same():
    assert compare("alle 3 Wochen", "alle 3 Wochen").is_same
    assert compare("", "").is_same
    assert compare("", "alle 3 Wochen").old == ()
    assert compare("alle 3 Wochen", "").new == ()


def test_entries_find_their_partners_whatever_the_order():
    pairs = compare_lists(
        ["Jobcenter: klärt die Fahrtkosten", "Deniz: ruft am Montag an", "Onkel: zeigt die Werkstatt"],
        ["Deniz: ruft am Dienstag an", "Jobcenter: klärt die Fahrtkosten", "Deniz: schreibt eine Bewerbung"],
    )

    assert [bool(pair.old) for pair in pairs] == [True, True, False, True]
    assert [bool(pair.new) for pair in pairs] == [True, True, True, False]
    assert words(pairs[0].old, DROPPED) == ["Montag"]
    assert pairs[1].is_same
    assert words(pairs[3].old, DROPPED) == ["Onkel: zeigt die Werkstatt"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_letter_is_lost_or_invented(old, new):
    pair = compare(old, new)

    assert "".join(words(pair.old, SAME, DROPPED)) == old
    assert "".join(words(pair.new, SAME, NEW)) == new


@given(st.lists(st.text(min_size=1, max_size=20), max_size=6), st.lists(st.text(min_size=1, max_size=20), max_size=6))
def test_no_entry_is_lost_or_invented(old, new):
    pairs = compare_lists(old, new)

    assert sorted("".join(words(pair.old, SAME, DROPPED)) for pair in pairs if pair.old) == sorted(old)
    assert ["".join(words(pair.new, SAME, NEW)) for pair in pairs if pair.new] == new


def test_very_long_texts_are_compared_without_waiting():
    assert compare("lang " * 5000, "länger " * 5000).new[0].kind == NEW


# --- versions ----------------------------------------------------------------------------------------------


@pages
def test_all_versions_stand_newest_first_with_their_period(kim, eva, kim_client, case):
    agree(case, kim)
    agree(case, kim, goal="Eine Stelle finden.")

    page = kim_client.get(url(case)).content.decode()
    listed = page.split("Alle Fassungen")[1]

    assert listed.index("2. Fassung") < listed.index("1. Fassung")
    assert f"seit {TODAY} · Kim Sander" in listed
    assert f"{TODAY} bis {TODAY} · Kim Sander" in listed


@pages
def test_the_last_two_stand_side_by_side_with_marks(kim, kim_client, case):
    agree(case, kim, rhythm="alle 3 Wochen")
    steps = (
        NewAgreementStep(StepOwner.CLIENT, "ruft die Tischlerei Weber an", due_on=ahead(5)),
        NewAgreementStep(StepOwner.JOBCENTER, "klärt die Fahrtkosten"),
    )
    agree(case, kim, goal="Einen Platz in einer Werkstatt finden.", rhythm="alle 3 Wochen", steps=steps)

    page = kim_client.get(url(case)).content.decode()

    assert "1. Fassung und 2. Fassung nebeneinander" in page
    assert '<del><span class="kern-sr-only">entfallen: </span>Tischlerei</del>' in page
    assert '<ins><span class="kern-sr-only">neu: </span>Werkstatt</ins>' in page
    assert re.search(r'<ins><span class="kern-sr-only">neu: </span>\s*Weber\s*</ins>', page)
    assert "der Onkel: zeigt die Werkstatt</del>" in page
    rhythm = page.split(">Taktung")[1].split("</div>")[0]
    assert "unverändert" in rhythm
    assert rhythm.count("alle 3 Wochen") == 1


@pages
def test_any_two_are_compared_in_their_order(kim, kim_client, case):
    for goal in ("Erstens etwas.", "Zweitens etwas.", "Drittens etwas."):
        agree(case, kim, goal=goal)

    page = kim_client.get(url(case), {"a": "3", "b": "1"}).content.decode()

    assert "1. Fassung und 3. Fassung nebeneinander" in page
    assert '<option value="1" selected>' in page
    assert "Zweitens" not in page


@pages
@pytest.mark.parametrize("query", [{"a": "9", "b": "1"}, {"a": "²", "b": "x"}, {"a": "1", "b": "1"}, {"a": "9" * 40}])
def test_strange_numbers_show_the_last_two(kim, kim_client, case, query):
    agree(case, kim, goal="Erstens etwas.")
    agree(case, kim, goal="Zweitens etwas.")

    assert "1. Fassung und 2. Fassung nebeneinander" in kim_client.get(url(case), query).content.decode()


@pages
def test_one_version_and_none(kim, kim_client, case):
    assert "Noch keine Vereinbarung." in kim_client.get(url(case)).content.decode()

    agree(case, kim)
    page = kim_client.get(url(case)).content.decode()

    assert "sobald es zwei gibt" in page
    assert "nebeneinander</h2>" not in page


@pages
def test_a_superseded_version_stays_readable_with_what_came_of_its_steps(kim, eva, kim_client, case):
    first = agree(case, kim, rhythm="alle 3 Wochen", resources=(NewResource("Onkel mit Werkstatt", used=True),))
    tell_outcome(step=step_of(first), outcome=Outcome.DONE, text="Termin steht.", by=kim)
    tell_outcome(step=step_of(first), outcome=Outcome.DIFFERENT, text="Hat abgesagt.", by=eva)
    agree(case, kim, goal="Eine Stelle finden.")

    page = text_of(kim_client.get(url(case, "vereinbarung/fassungen/1/")).content.decode())

    for text in (
        "1. Fassung der Vereinbarung",
        "Einen Platz in einer Tischlerei finden.",
        "Ein Praktikum, aus dem Arbeit werden kann.",
        "Deniz Yıldız ruft die Tischlerei an",
        "Jobcenter klärt die Fahrtkosten",
        "der Onkel zeigt die Werkstatt",
        "alle 3 Wochen",
        "Onkel mit Werkstatt",
        "anders gekommen: Hat abgesagt. · Eva Brandt",
        "erledigt: Termin steht. · Kim Sander",
    ):
        assert text in page
    assert page.index("Hat abgesagt.") < page.index("zuvor:") < page.index("Termin steht.")
    assert "Eine Stelle finden." not in page


@pages
def test_of_a_withdrawn_version_the_fact_alone_is_left(kim, kim_client, case):
    agree(case, kim)
    second = agree(case, kim, goal="Aus einer anderen Akte.")
    third = agree(case, kim, goal="Eine Stelle finden.")
    withdraw_contact(contact=third.contact, reason="Falsche Akte", by=kim)
    withdraw_contact(contact=second.contact, reason="Falsche Akte", by=kim)

    page = kim_client.get(url(case)).content.decode()
    detail = kim_client.get(url(case, "vereinbarung/fassungen/2/")).content.decode()

    for html in (page, detail):
        assert f"zurückgenommen am {TODAY} durch Kim Sander" in html
        assert "Aus einer anderen Akte." not in html
    assert "nebeneinander</h2>" not in page
    assert "Schritte" not in detail


@pages
def test_a_version_that_is_not_there(kim, kim_client, case):
    agree(case, kim)

    for number in ("2", "0", "99999999999999999999"):
        assert kim_client.get(url(case, f"vereinbarung/fassungen/{number}/")).status_code == 404


@pages
def test_the_number_of_statements_does_not_grow(kim, kim_client, case, count_queries):
    def measure():
        with count_queries() as queries:
            kim_client.get(url(case))
        return queries

    agree(case, kim)
    agree(case, kim)
    measure()
    few = measure().count
    for _ in range(4):
        agree(case, kim)

    assert measure().count == few


# --- will --------------------------------------------------------------------------------------------------


@pages
def test_the_will_shows_how_it_developed(kim, kim_client, case):
    talk(case, kim, will=WISH)
    talk(case, kim, will=WILL)

    page = kim_client.get(url(case, "wille/")).content.decode()
    newer, older = page.split('class="entry"')[1:]

    assert "<h2>Wille</h2>" in newer
    assert "Ich will mit Holz arbeiten." in newer
    assert "Baut mit dem Onkel ein Regal." in newer
    assert "Kim Sander" in newer
    assert TODAY in newer
    assert "<h2>wird gemeinsam erkundet</h2>" in older
    assert "Etwas mit Tieren." in older
    assert ">Wille<" not in older.split("</article>")[0]


@pages
def test_without_a_will_nothing_is_reproached(kim_client, case):
    assert "Der Wille wird noch gemeinsam erkundet." in kim_client.get(url(case, "wille/")).content.decode()


@pages
def test_a_will_that_left_the_file_is_gone(kim, kim_client, case):
    withdraw_contact(contact=talk(case, kim, will=WILL), reason="Falsche Akte", by=kim)

    assert "Ich will mit Holz arbeiten." not in kim_client.get(url(case, "wille/")).content.decode()


# --- resources ---------------------------------------------------------------------------------------------


@pages
def test_resources_stand_by_field_then_what_holds_no_more(kim, kim_client, case):
    social = ResourceField.objects.get(text="sozial")
    space = SocialSpace.objects.get(name="Osterode")
    talk(
        case,
        kim,
        resources=(
            NewResource("kann gut zuhören", row="res1"),
            NewResource("Onkel mit Werkstatt", field_id=social.pk, row="res2"),
            NewResource("repariert Räder", place="Repair-Café am Markt", space_id=space.pk, row="res3"),
            NewResource("Auto der Schwester", row="res4"),
        ),
    )
    talk(case, kim, ended_resources=(Resource.objects.get(text="Auto der Schwester").pk,))

    page = kim_client.get(url(case, "ressourcen/")).content.decode()
    order = [page.index(text) for text in (">sozial</h2>", "Onkel mit", ">ohne Feld</h2>", "kann gut", "Nicht mehr")]

    assert order == sorted(order)
    assert "Repair-Café am Markt · Osterode" in page
    ended = page.split("Nicht mehr</h2>")[1].split("</section>")[0]
    assert "Auto der Schwester" in ended
    assert f"{TODAY} bis {TODAY} · Kim Sander" in ended
    assert page.split("Eigene Ressourcen angeschaut")[1].count(TODAY) == 3  # the last one, and all two


@pages
def test_no_resources_yet(kim_client, case):
    assert "Noch nichts genannt." in kim_client.get(url(case, "ressourcen/")).content.decode()


@pages
def test_a_look_that_left_the_file_is_gone(kim, kim_client, case):
    contact = talk(case, kim, resources=(NewResource("aus einer anderen Akte"),))
    withdraw_contact(contact=contact, reason="Falsche Akte", by=kim)

    page = kim_client.get(url(case, "ressourcen/")).content.decode()

    assert "aus einer anderen Akte" not in page
    assert "angeschaut" not in page


# --- who ---------------------------------------------------------------------------------------------------

PATHS = ["vereinbarung/fassungen/", "vereinbarung/fassungen/1/", "wille/", "ressourcen/"]


@pages
@pytest.mark.parametrize("path", PATHS)
def test_who_may_not(kim, client, nora_client, paula_client, tom_client, case, path):
    agree(case, kim)

    assert client.get(url(case, path)).status_code == 302
    assert nora_client.get(url(case, path)).status_code == 404
    assert paula_client.get(url(case, path)).status_code == 403
    assert tom_client.get(url(case, path))["Location"].endswith("/lesen/")


@pages
@pytest.mark.parametrize("path", PATHS)
def test_whoever_reads_with_a_reason_reads_this_and_it_is_on_record(kim, eva, eva_client, case, path, owner_events):
    agree(case, kim)
    AccessGrantFactory(user=eva, case=case, kind="read")
    before = owner_events()

    assert eva_client.get(url(case, path)).status_code == 200
    assert owner_events() - before == {"file.opened": 1}


@pages
def test_versions_of_another_case_are_not_there(kim, kim_client, case):
    agree(case, kim)
    other = CaseFactory(counsellor=kim)

    assert kim_client.get(url(other, "vereinbarung/fassungen/1/")).status_code == 404
    assert STEPS[0].text not in kim_client.get(url(other)).content.decode()

"""A table of offers: read without trust, judged line by line, taken in whole or not at all, written harmless."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.models import SocialSpace
from casework.actions.errors import RuleBroken
from offers.exchange import cells
from offers.exchange.columns import COLUMNS
from offers.exchange.csv_export import export_csv
from offers.exchange.csv_import import (
    MOST_BYTES,
    Unreadable,
    check_rows,
    guess_mapping,
    import_offers,
    read_table,
)
from offers.exchange.known import Known
from offers.exchange.selection import Mode
from offers.models import Offer, OfferEvent, OfferVersion, Provider, ProviderContact, SupportKind
from tests.factories import ago
from tests.factories_offers import (
    FundingBodyFactory,
    OfferFactory,
    OfferLegalBasisFactory,
    OfferVersionFactory,
    ProviderFactory,
    published_offer,
)

HEADERS = [
    "Träger",
    "Name des Angebots",
    "Arten der Unterstützung",
    "Sozialräume",
    "Sprachen",
    "Starttermine",
    "Stunden in der Woche",
    "gilt ab",
    "gilt bis",
    "Kostenträger",
    "Rechtsgrundlage",
    "Ansprechperson",
]


def line(number: int, **changed: str) -> list[str]:
    """A line in which everything is right."""
    row = dict.fromkeys(HEADERS, "") | {
        "Träger": f"Werkhof {number % 7}",
        "Name des Angebots": f"Werkstatt {number}",
        "Arten der Unterstützung": "Handwerk und Werkstatt | deutsch lernen",
        "Sprachen": "Deutsch; Arabisch",
        "Starttermine": "01.03.2027 | 2027-09-01",
        "Stunden in der Woche": "12,5",
        "gilt ab": "01.01.2027",
        "gilt bis": "2027-12-31",
        "Rechtsgrundlage": "§ 16f SGB II, freie Förderung",
        "Ansprechperson": f"Person {number % 3}",
    }
    return list((row | changed).values())


def table_of(rows: list[list[str]], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    page = io.StringIO()
    csv.writer(page, delimiter=delimiter).writerows([HEADERS, *rows])
    return page.getvalue().encode(encoding)


def checked(data: bytes, known: Known | None = None):
    table = read_table(data)
    return check_rows(table, guess_mapping(table.headers), known)


BREAKS = [
    ("Träger", "", "Der Träger fehlt"),
    ("Name des Angebots", " ", "Der Name des Angebots fehlt"),
    ("Name des Angebots", "x" * 201, "höchstens 200"),
    ("Arten der Unterstützung", "Zaubern", "Zaubern"),
    ("Sozialräume", "Atlantis", "Atlantis"),
    ("Sprachen", "Deutsch | Klingonisch", "Klingonisch"),
    ("Starttermine", "bald", "kein Datum"),
    ("Starttermine", "01.03.2027 | 31.02.2027", "31.02.2027"),
    ("Stunden in der Woche", "viele", "Stunden"),
    ("Stunden in der Woche", "61", "Stunden"),
    ("Stunden in der Woche", "12,55", "Stunden"),
    ("gilt ab", "heute", "kein Datum"),
    ("gilt bis", "30.11.", "kein Datum"),
    ("gilt bis", "2026-01-01", "liegt vor"),
    ("Kostenträger", "Onkel Dagobert", "Onkel Dagobert"),
    ("Rechtsgrundlage", "§ 0", "Bekannt sind"),
    ("Name des Angebots", "eins\0zwei", "Nullzeichen"),
    ("Ansprechperson", "x" * 161, "höchstens 160"),
    ("Name des Angebots", "Werkstatt 0", "steht schon in Zeile 2"),
    ("Stunden in der Woche", "-3", "Stunden"),
]


def six_hundred() -> bytes:
    """600 lines; each thirtieth is broken in its own way. All of one Träger where a name is used twice."""
    rows = [line(number) for number in range(600)]
    for place, (header, cell, _) in enumerate(BREAKS):
        number = 30 * place + 28
        rows[number] = line(number, **{"Träger": "Werkhof 0"} | {header: cell})
    return table_of(rows)


# --- 600 lines, 20 of them broken ---------------------------------------------------------------------------


def test_the_dry_run_names_each_broken_line_and_writes_nothing(paula):
    rows = checked(six_hundred())

    broken = [row for row in rows if row.errors]
    assert [row.line for row in broken] == [30 * place + 30 for place in range(20)]
    for row, (header, _, words) in zip(broken, BREAKS, strict=True):
        (sentence,) = row.errors
        assert sentence.startswith(f"Zeile {row.line}, Spalte „{header}“: ")
        assert words in sentence
    assert sum(row.is_new for row in rows) == 580
    assert not Offer.objects.exists()


def test_the_import_takes_580_or_nothing(paula):
    rows = checked(six_hundred())
    assert import_offers(rows=rows, by=paula, only_valid=False) == 0
    assert not Offer.objects.exists()
    assert not Provider.objects.exists()

    assert import_offers(rows=rows, by=paula, only_valid=True) == 580
    assert Offer.objects.count() == OfferVersion.objects.count() == 580
    assert Provider.objects.count() == 7
    assert ProviderContact.objects.count() == 21
    assert OfferEvent.objects.filter(kind="drafted", by=paula, text="eingelesen aus CSV").count() == 580
    version = OfferVersion.objects.get(name="Werkstatt 1")
    assert (version.author, version.writers, version.number) == (paula, [paula.pk], 1)
    assert version.submitted_at is None and version.published_at is None
    assert version.hours_per_week == Decimal("12.5")
    assert version.supports == ["handwerk", "deutsch"]
    assert version.languages == ["de", "ar"]
    assert [day.isoformat() for day in version.start_dates] == ["2027-03-01", "2027-09-01"]
    assert version.valid_to.isoformat() == "2027-12-31"


def test_the_number_of_statements_does_not_grow_with_the_lines(paula, count_queries):
    counts = []
    for size in (2, 200):
        with count_queries() as queries:
            rows = checked(table_of([line(size * 1000 + number) for number in range(size)]))
            assert import_offers(rows=rows, by=paula, only_valid=False) == size
        counts.append(queries.count)

    assert counts[0] == counts[1] <= 20, queries.explain()


def test_what_the_database_refuses_leaves_nothing_behind(paula):
    rows = checked(table_of([line(0), line(1)]))
    rows[1].data.content["supports"] = ["gibtesnicht"]

    with pytest.raises(RuleBroken):
        import_offers(rows=rows, by=paula, only_valid=True)
    assert not Offer.objects.exists()
    assert not Provider.objects.exists()


# --- offers that are there ----------------------------------------------------------------------------------


def known_line(offer: Offer, **cells: str) -> bytes:
    page = io.StringIO()
    csv.writer(page, delimiter=";").writerows([["Kennung", *cells], [str(offer.uid), *cells.values()]])
    return page.getvalue().encode()


def test_an_offer_found_by_its_uid_gets_a_draft_and_keeps_what_the_file_does_not_name(paula):
    offer = published_offer()
    before = OfferVersion.objects.get(offer=offer)
    (row,) = checked(known_line(offer, Dauer="sechs Monate"))

    assert import_offers(rows=[row], by=paula, only_valid=False) == 1
    draft = OfferVersion.objects.get(offer=offer, number=2)
    assert draft.duration == "sechs Monate"
    assert (draft.support, draft.name, draft.areas) == (before.support, before.name, before.areas)
    assert draft.published_at is None and draft.writers == [paula.pk]
    before.refresh_from_db()
    assert before.superseded_at is None


def test_an_open_draft_a_withdrawn_offer_and_a_foreign_provider_are_errors(paula):
    offer, withdrawn, foreign = published_offer(), published_offer(), published_offer()
    OfferVersionFactory(offer=offer, draft=True)
    Offer.objects.filter(pk=withdrawn.pk).update(withdrawn_at=ago(days=1), withdrawn_by=paula)

    assert "offenen Entwurf" in checked(known_line(offer, Dauer="x"))[0].errors[0]
    assert "zurückgezogen" in checked(known_line(withdrawn, Dauer="x"))[0].errors[0]
    assert "gehört zum Träger" in checked(known_line(foreign, Träger="Andere", Dauer="x"))[0].errors[0]


def test_what_is_kept_at_the_offer_is_not_changed_by_a_file(paula):
    offer = published_offer(notice="Im August zu")
    (row,) = checked(known_line(offer, Dauer="x", Hinweis="nie", Ansprechperson="Wer Anders"))

    assert not row.errors
    assert "„Aktueller Hinweis“, „Ansprechperson“" in row.notes[0]
    import_offers(rows=[row], by=paula, only_valid=False)
    offer.refresh_from_db()
    assert offer.notice == "Im August zu"


def test_the_same_offer_twice_or_one_that_exists_is_an_error(db):
    offer = published_offer(name="Holz  Werkstatt")
    name = offer.provider.name.upper()
    rows = checked(table_of([
        line(1, **{"Träger": name, "Name des Angebots": "holz werkstatt"}),
        line(2), line(2),
    ]))  # fmt: skip

    assert str(offer.uid) in rows[0].errors[0]
    assert not rows[1].errors
    assert "steht schon in Zeile 3" in rows[2].errors[0]


# --- files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters(db, encoding, delimiter):
    (row,) = checked(table_of([line(1, **{"Name des Angebots": "Größe „ß“; ja, nein"})], delimiter, encoding))

    assert not row.errors
    assert row.data.content["name"] == "Größe „ß“; ja, nein"
    assert row.data.provider.name == "Werkhof 1"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "leer"),
        (b"\xef\xbb\xbf", "leer"),
        (b"x" * (MOST_BYTES + 1), "größer als 5 MB"),
        (b"PK\x03\x04rest", "Arbeitsmappe"),
        ("Träger;Name\n".encode("utf-16"), "UTF-16"),
        (b"a;b\n\x81\x8d", "weder UTF-8 noch"),
        (b"nur eine\nzeile", "nur eine Spalte"),
        (b"a;b\n", "keine Zeile"),
        (b"a;b\n;\n \n", "keine Zeile"),
        (b'a;b\n"offen;b\nc;d\n', "Ab Zeile 2"),
        (b";".join([b"a"] * 101) + b"\nb", "101 Spalten"),
        (b"a;b\n" + b"c;d\n" * 5001, "5.000 Zeilen"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(data, words):
    with pytest.raises(Unreadable, match=words):
        read_table(data)


def test_lines_count_as_in_a_spreadsheet(db):
    data = 'Träger;Name\n"A";"zwei\nZeilen"\n\n;fehlt\n'.encode()

    rows = checked(data)
    assert [row.line for row in rows] == [2, 4]
    assert rows[0].data.content["name"] == "zwei Zeilen"
    assert rows[1].errors == ["Zeile 4, Spalte „Träger“: Der Träger fehlt."]


def test_headers_are_understood_in_many_spellings_and_each_column_once():
    mapping = guess_mapping(["ANBIETER", "Titel", "gueltig bis", "gilt bis", "Wochenstunden", "Was soll das?", "id"])

    assert mapping == {"provider": 0, "name": 1, "valid_to": 3, "hours_per_week": 4, "uid": 6}
    assert guess_mapping([column.label for column in COLUMNS]) == {c.key: n for n, c in enumerate(COLUMNS)}


def test_without_columns_for_provider_and_name_nothing_is_judged(db):
    table = read_table(b"eins;zwei\n1;2\n")
    with pytest.raises(Unreadable, match="Träger"):
        check_rows(table, {})


def test_a_word_with_a_separator_in_itself_is_known(db):
    SocialSpace.objects.create(name="Nord; Süd | Mitte")
    (row,) = checked(table_of([line(1, **{"Sozialräume": "Nord; Süd | Mitte"})]))

    assert len(row.data.content["areas"]) == 1


FORMULAS = [
    "=cmd|'/c calc'!A1", "+49 551", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "\u200b=1", "\ufeff@x", "＝1", " ＋1",
    "－1", "＠x",
]  # fmt: skip
HOSTILE = [
    *FORMULAS, "'=1", "''=1", "<script>alert(1)</script>", "{{ settings.SECRET_KEY }}{% load x %}", "\u202egnp.exe",
    "x" * 100_000, "javascript:alert(1)", '"><svg onload=alert(1)>', "%0A%0D", "'", "", "normal", "it's", "≠1", "﹦1",
]  # fmt: skip


def test_hostile_cells_are_read_as_plain_text(db, paula):
    rows = checked(table_of([line(n, **{"Name des Angebots": f"A {n}"}) for n in range(3)]))
    table = read_table(six_hundred().replace(b"Werkstatt 5", b"\x00\x01\x02"))
    assert check_rows(table, guess_mapping(table.headers))
    for text in filter(None, HOSTILE):
        (row,) = checked(table_of([[text] * len(HEADERS)]))
        assert row.errors  # no such date, no such word
        assert all(error.startswith("Zeile 2") and len(error) < 2000 for error in row.errors)
    assert all(row.is_new for row in rows)


# --- out, and in again --------------------------------------------------------------------------------------


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.sampled_from(HOSTILE))
def test_no_cell_starts_as_a_formula_and_the_apostrophe_goes_away_again(text):
    cell = cells.guarded(text)

    assert not cells.starts_a_formula(cell)
    assert cell[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert cell.strip()[:1] not in set("=+-@＝＋－＠") or not cell.strip()
    assert cells.unguarded(cell) == text


@pytest.mark.parametrize("text", FORMULAS)
def test_what_is_a_formula(text):
    assert cells.starts_a_formula(text)
    assert cells.guarded(text) == "'" + text


def exported(mode: Mode = Mode.ALL) -> list[dict[str, str]]:
    data = export_csv(mode)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_every_cell_of_the_export_is_harmless(db):
    for text in HOSTILE:
        if text.strip() and len(text) < 200:
            content = dict.fromkeys(("support", "purpose", "course", "place", "duration", "bring", "joining"), text)
            published_offer(name=text, notice=text, provider=ProviderFactory(name=f"{text} "), **content)

    rows = exported()
    assert len(rows) > 20
    for row in rows:
        for cell in row.values():
            assert not cells.starts_a_formula(cell)
    assert {cells.unguarded(row["Name des Angebots"]) for row in rows} >= {"=cmd|'/c calc'!A1", "＝1", "'=1"}


def test_the_export_holds_what_was_asked_for(db, paula):
    offer = published_offer(name="Öffentlich")
    OfferVersionFactory(offer=OfferFactory(), draft=True, name="Entwurf")
    OfferVersionFactory(offer=offer, draft=True, name="Neu, aber nicht heraus")
    gone = published_offer(name="Zurückgezogen")
    Offer.objects.filter(pk=gone.pk).update(withdrawn_at=ago(days=1), withdrawn_by=paula)
    published_offer(name="Abgelaufen", valid_from=ago(days=90).date(), valid_to=ago(days=2).date())

    assert [row["Name des Angebots"] for row in exported(Mode.PUBLISHED)] == ["Öffentlich"]
    assert {row["Name des Angebots"] for row in exported()} == {"Öffentlich", "Entwurf", "Abgelaufen"}


def test_an_exported_table_is_read_back_and_changes_nothing(db, paula):
    for number in range(3):
        published_offer(
            support=f"=eins {number}\r\nzwei; drei", bring="'=x", notice="-nichts", hours_per_week=Decimal("7.5")
        )

    rows = checked(export_csv(Mode.ALL))
    assert [row.errors for row in rows] == [[], [], []]
    assert all(row.unchanged for row in rows), [row.notes for row in rows]
    assert import_offers(rows=rows, by=paula, only_valid=False) == 0


def test_an_exported_table_fills_another_office_with_the_same(db, paula):
    with transaction.atomic():
        published_offer(name="Eins", immediate=True, support="=1+1")
        published_offer(name="Zwei", possible=False, notice="'=2", any_time=False, start_dates=[ago(days=3).date()])
        first = export_csv(Mode.ALL)
        bodies = list(OfferVersion.objects.values_list("funding_body__name", "legal_basis__name"))
        transaction.set_rollback(True)
    assert not Offer.objects.exists()
    for body, basis in bodies:
        FundingBodyFactory(name=body)
        OfferLegalBasisFactory(name=basis)

    assert import_offers(rows=checked(first), by=paula, only_valid=False) == 2
    assert export_csv(Mode.ALL) == first


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_any_bytes_are_read_or_refused(data):
    try:
        read_table(data)
    except Unreadable as fault:
        assert str(fault)


def test_the_words_of_the_house_are_named(db):
    SupportKind.objects.create(code="neu", text="Ganz neu")
    (row,) = checked(table_of([line(1, **{"Arten der Unterstützung": "Alt"})]))

    assert "Ganz neu" in row.errors[0] and "Deutsch lernen" in row.errors[0]

"""Files of others: encodings, separators, quotes, what is no CSV; which column is which; the database's own rules."""

import pytest

from casework.enums import ImportKind, ImportState, LineOutcome
from casework.exchange.cells import guarded, read_day, starts_a_formula
from casework.exchange.columns import guess_mapping, mapping_error
from casework.exchange.files import MOST_BYTES, MOST_LINES, Unreadable, read_table
from casework.models import ImportLine, ImportRun
from tests.casework.importing import HEADERS, STAFF_HEADERS, person, table
from tests.factories_caseload import ImportLineFactory, ImportRunFactory
from tests.rules import refused

LINE = person(1, Nachname="Öztürk-Žižka", Betreff='Er sagte: "ja";\nund kam')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_separators_quotes_and_line_breaks(encoding, separator):
    line = LINE if encoding != "cp1252" else [cell.replace("Şule", "Sule") for cell in LINE]
    found = read_table(table([line], separator=separator).encode(encoding))

    assert found.headers == HEADERS
    assert found.rows == [(2, line)]


def test_empty_lines_are_counted_and_left_out_and_numbers_stay():
    found = read_table(b"Nr;Name\r\n1;A\r\n\r\n;\r\n2;B\r\n\r\n")

    assert [number for number, _ in found.rows] == [2, 5]
    assert found.empty == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "leer"),
        (b"x" * (MOST_BYTES + 1), "größer als 10 MB"),
        (b"PK\x03\x04rest", "Arbeitsmappe"),
        ("Nr;Name\n1;A".encode("utf-16"), "UTF-16"),
        ("Nr;Name\n1;A".encode("utf-16-le"), "UTF-16"),
        (b"Nr;Name\n1;\x81\x8d", "weder UTF-8 noch Windows-1252"),
        (b"Name\nA", "nur eine Spalte"),
        (b"\n\n1;2", "keine Überschriften"),
        (b"Nr;Name\n", "keine Zeile"),
        (b'Nr;Name\n1;"A\n2;B', "Anführungszeichen"),
        (b'Nr;Name\n1;"A"B\n', "Anführungszeichen"),
        (b"Nr;Name\n" + b"1;A\n" * (MOST_LINES + 1), "mehr als 20.000 Zeilen"),
        (b";".join(b"x" for _ in range(101)) + b"\n1", "101 Spalten"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(data, words):
    with pytest.raises(Unreadable, match=words):
        read_table(data)


def test_columns_are_known_by_their_names():
    assert guess_mapping(ImportKind.PEOPLE, HEADERS) == {
        "external_ref": 0,
        "family_name": 1,
        "given_name": 2,
        "birth_date": 3,
        "counsellor": 4,
        "next_date": 5,
        "next_subject": 6,
    }
    assert len(guess_mapping(ImportKind.STAFF, STAFF_HEADERS)) == len(STAFF_HEADERS)
    assert guess_mapping(ImportKind.PEOPLE, ["familienname", "NAME", "Geb. am"]) == {"family_name": 0, "birth_date": 2}


def test_a_mapping_is_complete_and_each_column_serves_once():
    whole = guess_mapping(ImportKind.PEOPLE, HEADERS)

    assert mapping_error(ImportKind.PEOPLE, whole, 7) == ""
    assert "passt nicht" in mapping_error(ImportKind.PEOPLE, whole, 3)
    assert "nur eines" in mapping_error(ImportKind.PEOPLE, whole | {"counsellor": 0}, 7)
    assert "Geburtsdatum" in mapping_error(ImportKind.PEOPLE, {"external_ref": 0}, 7)


def test_dates_have_their_whole_year():
    assert str(read_day(" 4. 3.1991 ")) == str(read_day("1991-03-04")) == "1991-03-04"
    assert [read_day(text) for text in ("04.03.91", "heute", "+7", "31.02.1991", "04.03.", "1.1.0001")] == [None] * 6


def test_no_cell_of_the_report_is_computed_by_a_spreadsheet():
    for text in ("=1", " +1", "-1", "@x", "\t=1", "＝1", "\u200b=1"):
        assert starts_a_formula(text) and guarded(text).startswith("'")
    assert guarded("F-26") == "F-26"


# --- what the database holds -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_run_has_a_known_kind_and_state():
    run = ImportRunFactory()
    runs = ImportRun.objects.filter(pk=run.pk)
    with refused("import_state_known"):
        runs.update(state="anders")
    with refused("import_kind_known"):
        ImportRunFactory(kind="anders")


@pytest.mark.django_db
def test_whoever_applied_it_stands_with_the_day():
    run = ImportRunFactory()
    runs = ImportRun.objects.filter(pk=run.pk)
    with refused("import_application_paired"):
        runs.update(state=ImportState.APPLIED, content=None, applied_at=run.created_at)
    with refused("import_applied_if_and_only_if_dated"):
        runs.update(state=ImportState.APPLIED, content=None)
    with refused("import_applied_if_and_only_if_dated"):
        runs.update(applied_at=run.created_at, applied_by=run.created_by)


@pytest.mark.parametrize("end", [ImportState.APPLIED, ImportState.GIVEN_UP])
@pytest.mark.django_db
def test_at_its_end_the_file_is_gone(end):
    run = ImportRunFactory()
    fields = {"applied_at": run.created_at, "applied_by": run.created_by} if end == ImportState.APPLIED else {}
    with refused("import_keeps_no_file_at_its_end"):
        ImportRun.objects.filter(pk=run.pk).update(state=end, **fields)


@pytest.mark.django_db
def test_a_line_stands_once_with_a_known_outcome():
    line = ImportLineFactory()
    with refused("import_line_once"):
        ImportLineFactory(run=line.run, number=line.number)
    with refused("import_outcome_known"):
        ImportLine.objects.bulk_create([ImportLine(run=line.run, number=77, outcome="anders")])
    assert set(LineOutcome.values) == {"new", "changed", "same", "refused", "missing"}

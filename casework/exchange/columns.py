"""The columns that are understood: what they are called here, and how they are called in files of others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.enums import ImportKind

MARKS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Column:
    """One column. `most`: how many characters have room."""

    key: str
    label: str
    names: tuple[str, ...]
    most: int
    needed: bool = False


PEOPLE = (
    Column(
        "external_ref",
        "Nummer im führenden Verfahren",
        ("Kundennummer", "BG-Nummer", "Aktenzeichen", "Nummer", "Personennummer", "Personen-ID", "Kennung", "ID"),
        40,
        needed=True,
    ),
    Column("family_name", "Familienname", ("Nachname", "Name", "Zuname"), 120, needed=True),
    Column("given_name", "Vorname", ("Vornamen", "Rufname"), 120, needed=True),
    Column("birth_date", "Geburtsdatum", ("geboren am", "geb. am", "Geburtstag", "geboren"), 40, needed=True),
    Column(
        "counsellor",
        "Zuständige IFK",
        ("IFK", "Integrationsfachkraft", "zuständig", "Fachkraft", "Sachbearbeitung", "Sachbearbeiter", "pAp"),
        250,
    ),
    Column(
        "next_date",
        "Datum des nächsten Schritts",
        ("nächster Termin", "nächstes Datum", "Wiedervorlage", "Wiedervorlage am", "Termin", "WV"),
        40,
    ),
    Column(
        "next_subject",
        "Text des nächsten Schritts",
        ("Worum geht es", "Betreff", "Text", "Anlass", "Wiedervorlagetext", "Wiedervorlage Text"),
        300,
    ),
)
STAFF = (
    Column("username", "Anmeldename", ("Benutzername", "Login", "Benutzer", "Kennung", "User"), 60, needed=True),
    Column("last_name", "Nachname", ("Familienname", "Name"), 80, needed=True),
    Column("first_name", "Vorname", ("Vornamen", "Rufname"), 80, needed=True),
    Column("email", "dienstliche E-Mail", ("E-Mail", "Mail", "E-Mail-Adresse", "Mailadresse"), 254, needed=True),
    Column("team", "Team", ("Teamname", "Standort", "Abteilung"), 120),
    Column("roles", "Rollen", ("Rolle", "Funktion", "Funktionen"), 250),
    Column("kind", "Art der IFK", ("IFK-Art", "Art", "IFK"), 40),
    Column("area", "Bereich der Spezial-IFK", ("Bereich", "Spezialbereich"), 60),
)
COLUMNS: dict[str, tuple[Column, ...]] = {ImportKind.PEOPLE: PEOPLE, ImportKind.STAFF: STAFF}
LABELS = {column.key: column.label for columns in COLUMNS.values() for column in columns}


def plain(header: str) -> str:
    """A header without case, marks and signs."""
    return re.sub(r"[^a-z0-9]", "", header.casefold().translate(MARKS))


def guess_mapping(kind: str, headers: Sequence[str]) -> dict[str, int]:
    """Which column is which, by its name; each column of the file serves once. Own names go before those of others."""
    places: dict[str, int] = {}
    for index, header in enumerate(headers):
        places.setdefault(plain(header), index)
    mapping: dict[str, int] = {}
    for own in (True, False):
        for column in COLUMNS[kind]:
            names = (column.label, column.key) if own else column.names
            free = [
                places[plain(name)]
                for name in names
                if plain(name) in places and places[plain(name)] not in mapping.values()
            ]
            if column.key not in mapping and free:
                mapping[column.key] = free[0]
    return mapping


def mapping_error(kind: str, mapping: Mapping[str, int], width: int) -> str:
    """What speaks against reading a file so wide with these columns, or ""."""
    known = {column.key for column in COLUMNS[kind]}
    if any(key not in known or not 0 <= index < width for key, index in mapping.items()):
        return "Die Zuordnung passt nicht zu dieser Datei."
    if len(set(mapping.values())) < len(mapping):
        return "Eine Spalte der Datei kann nur eines sein."
    missing = [column.label for column in COLUMNS[kind] if column.needed and column.key not in mapping]
    if missing:
        return f"Bitte sagen Sie, welche Spalte das enthält: {', '.join(missing)}."
    return ""

"""The sentences of a report: a line keeps a code and a column, never what stood there."""

import csv
import io
from collections.abc import Iterable

from casework.enums import LineOutcome
from casework.exchange.cells import guarded
from casework.exchange.columns import LABELS

SENTENCES = {
    # Refused.
    "too_many_cells": "Die Zeile hat mehr Zellen als die Kopfzeile. Vielleicht fehlen Anführungszeichen.",
    "unstorable": "Die Zelle enthält ein Zeichen, das nicht gespeichert werden kann.",
    "too_long": "Der Text ist zu lang.",
    "missing_cell": "Die Zelle ist leer.",
    "duplicate": "Diese Nummer steht schon weiter oben in der Datei; die erste Zeile gilt.",
    "no_date": "Das ist kein Datum. Erwartet wird zum Beispiel 30.11.2026.",
    "birth_ahead": "Das Geburtsdatum liegt in der Zukunft.",
    "date_far": "Das Datum liegt mehr als zwei Jahre voraus. Stimmt das Jahr?",
    "counsellor_missing": "Es ist keine IFK genannt. Ein Fall ohne zuständige IFK wird nicht angelegt.",
    "counsellor_unknown": "Eine solche IFK mit aktivem Konto gibt es in Ihrer Organisation nicht.",
    "counsellor_ambiguous": "So heißen mehrere IFK. Bitte nennen Sie Anmeldename oder E-Mail.",
    "known_without_number": (
        "Eine Person mit diesem Namen und Geburtsdatum ist hier schon eingetragen, ohne diese Nummer. Ist sie es, "
        "tragen Sie die Nummer bitte in ihren Stammdaten ein."
    ),
    "known_other_number": (
        "Eine Person mit diesem Namen und Geburtsdatum ist hier schon mit einer anderen Nummer eingetragen. Vielleicht "
        "hat eine Tabelle die Nummern verändert (führende Nullen). Ist es jemand anderes, eröffnen Sie den Fall bitte "
        "von Hand."
    ),
    "ref_ambiguous": (
        "Mehrere Personen haben diese Nummer, bis auf Groß- und Kleinschreibung oder Leerzeichen. Bitte schreiben Sie "
        "sie so, wie sie hier eingetragen ist."
    ),
    "duplicate_account": "Dieser Anmeldename steht schon weiter oben in der Datei; die erste Zeile gilt.",
    "bad_username": "Ein Anmeldename besteht aus einfachen Buchstaben, Ziffern und den Zeichen @ . + - _.",
    "bad_email": "Das ist keine E-Mail-Adresse.",
    "email_taken": "Diese E-Mail-Adresse gehört schon zu einem anderen Konto. Heißt die Person jetzt anders?",
    "own_role": "Dem eigenen Konto gibt man mit einer Datei keine Rolle.",
    "account_elsewhere": "Diesen Anmeldenamen gibt es schon in einer anderen Organisation.",
    "team_unknown": "Ein solches Team gibt es in Ihrer Organisation nicht. Bitte legen Sie es zuerst an.",
    "role_unknown": "Diese Rolle gibt es nicht.",
    "role_by_hand": "Fachadministration und Datenschutz werden nur von Hand vergeben, nie mit einer Datei.",
    "lead_without_team": "Eine Teamleitung braucht ein Team.",
    "function_without_role": "Art und Bereich gehören zur Rolle Integrationsfachkraft.",
    "kind_unknown": "Erwartet wird Regel-IFK oder Spezial-IFK.",
    "area_unknown": "Diesen Bereich gibt es nicht.",
    "area_if_specialist": "Ein Bereich gehört genau dann dazu, wenn es eine Spezial-IFK ist.",
    # Taken in, with something to know.
    "formula": "Der Text beginnt wie eine Formel. Er wird als Text übernommen und nie berechnet.",
    "date_past": "Dieser Tag ist vorbei. Der erste Schritt bekommt einen Tag in den gewählten Wochen.",
    "date_moved": "An diesem Tag ist die IFK nicht da. Der erste Schritt liegt am nächsten Tag, an dem sie da ist.",
    "date_chosen": "Ohne Datum. Der erste Schritt bekommt einen Tag in den gewählten Wochen.",
    "waiting": "Diese Person steht unter den Zugängen und wartet auf ihre IFK. Ein Fall wird hier nicht angelegt.",
    "back": "Wieder da: Der Fall dieser Person ist beendet. Er wird nicht von selbst wieder aufgenommen.",
    "other_counsellor": "In der Datei steht eine andere IFK. Die Zuständigkeit bleibt, wie sie ist.",
    "account_off": "Dieses Konto ist abgeschaltet und bleibt es.",
    # Not in the file.
    "missing": "Nicht mehr in der Datei. Der Fall bleibt offen; bitte sehen Sie nach.",
    "account_missing": "Nicht in der Datei. Das Konto bleibt, wie es ist.",
}
CHANGES = {
    "family_name": "Familienname",
    "given_name": "Vorname",
    "birth_date": "Geburtsdatum",
    "first_name": "Vorname",
    "last_name": "Nachname",
    "email": "E-Mail",
    "team": "Team",
    "roles": "Rollen",
    "kind": "Art der IFK",
}


def sentence(outcome: str, code: str, column: str, changes: Iterable[str]) -> str:
    """What the page says of a line."""
    parts = []
    if names := ", ".join(CHANGES.get(name, name) for name in changes):
        parts.append(f"Es ändert sich: {names}.")
    if code:
        place = f"Spalte „{LABELS[column]}“: " if column in LABELS else ""
        parts.append(place + SENTENCES.get(code, code))
    if not parts and outcome == LineOutcome.NEW:
        parts.append("Wird neu angelegt.")
    return " ".join(parts)


def as_csv(lines: Iterable[tuple[int, str, str, str, str, list[str]]]) -> bytes:
    """The report as a table: number, outcome and sentence of each line; no name and no date of a person."""
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["Zeile", "Ergebnis", "Nummer", "Hinweis"])
    labels = dict(LineOutcome.choices)
    for number, outcome, code, column, external_ref, changes in lines:
        place = "" if outcome == LineOutcome.MISSING else str(number)
        words = sentence(outcome, code, column, changes)
        writer.writerow([place, str(labels[LineOutcome(outcome)]), guarded(external_ref), guarded(words)])
    return page.getvalue().encode("utf-8-sig")

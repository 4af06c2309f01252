"""Files of the leading system for the tests of the take-over: all people in them are made up."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence

from casework.actions import imports
from casework.enums import ImportKind
from casework.exchange.columns import guess_mapping
from casework.exchange.files import read_table
from casework.models import ImportLine, ImportRun, User

HEADERS = ["Kundennummer", "Nachname", "Vorname", "Geburtsdatum", "IFK", "Wiedervorlage am", "Betreff"]
STAFF_HEADERS = ["Anmeldename", "Nachname", "Vorname", "E-Mail", "Team", "Rollen", "Art der IFK", "Bereich"]


def person(number: int, **changes: str) -> list[str]:
    """A line about one person; changes by header."""
    line = {
        "Kundennummer": f"241D{number:06}",
        "Nachname": f"Müller-Beispiel{number}",
        "Vorname": "Şule",
        "Geburtsdatum": f"{dt.date(1970, 1, 1) + dt.timedelta(days=number % 18_000):%d.%m.%Y}",
        "IFK": "kim",
        "Wiedervorlage am": "",
        "Betreff": "",
    }
    return list((line | changes).values())


def table(rows: Iterable[Sequence[str]], headers: Sequence[str] = HEADERS, *, separator: str = ";") -> str:
    page = io.StringIO()
    writer = csv.writer(page, delimiter=separator, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return page.getvalue()


def checked(data: bytes | str, by: User, kind: ImportKind = ImportKind.PEOPLE, **weeks: int) -> ImportRun:
    """A file after its dry run, with the columns as they are proposed."""
    content = data.encode() if isinstance(data, str) else data
    run = imports.start_import(kind=kind, content=content, by=by)
    mapping = guess_mapping(kind, read_table(content).headers)
    imports.choose_columns(run=run, mapping=mapping, by=by, **weeks)
    return worked_on(run)


def worked_on(run: ImportRun) -> ImportRun:
    imports.work_on_import(run.pk)
    run.refresh_from_db()
    return run


def applied(run: ImportRun, by: User, *, only_if_faultless: bool = False) -> ImportRun:
    imports.apply_import(run=run, only_if_faultless=only_if_faultless, by=by)
    return worked_on(run)


def lines_of(run: ImportRun) -> list[tuple[int, str, str, str]]:
    """Number, outcome, code and column of each line."""
    rows = ImportLine.objects.filter(run=run).order_by("number")
    return list(rows.values_list("number", "outcome", "code", "column"))

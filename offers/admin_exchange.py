"""Pages for reading and writing files of offers, inside the admin of project management (R4.4-7).

No file is kept on the server: between the steps it travels in the page itself, packed and signed for the person who
uploaded it. So everything works without scripts, and nothing is left behind when somebody stops half-way.
"""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from casework.actions.errors import Refused
from casework.views.common import require, user_of
from jobcenter.platform.numbers import read_number
from offers.exchange import csv_import, hsds_import
from offers.exchange.cells import shown
from offers.exchange.columns import BY_KEY, COLUMNS
from offers.exchange.csv_export import export_csv
from offers.exchange.hsds import export_hsds
from offers.exchange.rows import RowResult, Unreadable, import_offers, one_import_at_a_time
from offers.exchange.selection import Mode
from offers.permissions import can_curate

HOUR = 60 * 60
MOST_SHOWN = 1000  # lines on one page; of more the broken ones stand there
STALE = "Diese Seite ist zu alt oder gehört zu einer anderen Anmeldung. Bitte wählen Sie die Datei noch einmal."


class _Bytes:
    """The file as it is: it is packed by `sign_object`, and turning it into JSON first would double it."""

    def dumps(self, obj: bytes) -> bytes:
        return obj

    def loads(self, data: bytes) -> bytes:
        return data


def _signer(request: HttpRequest, kind: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"offers.exchange.{kind}.{user_of(request).pk}")


def _packed(request: HttpRequest, kind: str, data: bytes) -> str:
    """The file as text for a hidden field. Raises Unreadable when the next form would be too large to be accepted."""
    packed = _signer(request, kind).sign_object(data, serializer=_Bytes, compress=True)
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if most is not None and len(packed) > most - 200_000:
        raise Unreadable("Die Datei enthält zu viel Text für einen Durchgang. Bitte teilen Sie sie.")
    return packed


def _file(request: HttpRequest, kind: str, most: int) -> bytes:
    """The file of this request: just chosen, or carried along from the step before."""
    if packed := request.POST.get("content"):
        try:
            return bytes(_signer(request, kind).unsign_object(packed, serializer=_Bytes, max_age=HOUR))
        except signing.BadSignature as error:
            raise Unreadable(STALE) from error
    upload = request.FILES.get("file")
    if upload is None:
        raise Unreadable("Bitte wählen Sie eine Datei.")
    return bytes(upload.read(most + 1))


def _page(request: HttpRequest, name: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    from offers.admin_site import offers_site  # the site lists these addresses, so it comes after them

    request.current_app = offers_site.name  # type: ignore[attr-defined]
    around = offers_site.each_context(request)
    return render(request, f"offers/exchange/{name}.html", {**around, "title": title, **context}, status=status)


def curators_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """For project management alone, however the page was reached."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        require(request, can_curate(user_of(request)))
        return view(request)

    return guarded


# --- CSV ---------------------------------------------------------------------------------------------------


@curators_only
@require_http_methods(["GET", "POST"])
def csv_import_view(request: HttpRequest) -> HttpResponse:
    """Choose a file, say which column is which, see each line judged, take it in: four pages of one address."""
    if request.method == "GET":
        return _csv_upload(request)
    try:
        data = _file(request, "csv", csv_import.MOST_BYTES)
        table = csv_import.read_table(data)
        content = _packed(request, "csv", data)
    except Unreadable as fault:
        return _csv_upload(request, str(fault))
    step = request.POST.get("step", "")
    if step not in ("check", "import"):
        return _csv_mapping(request, table, content, csv_import.guess_mapping(table.headers))
    mapping, errors = _read_mapping(request, table)
    errors += csv_import.mapping_errors(mapping, table.headers)
    if errors:
        return _csv_mapping(request, table, content, mapping, errors)
    if step == "import":
        one_import_at_a_time()
    rows = csv_import.check_rows(table, mapping)
    if step == "check":
        return _csv_report(request, content, mapping, rows)
    return _csv_take(request, content, mapping, rows)


def _csv_upload(request: HttpRequest, error: str = "") -> HttpResponse:
    labels = [column.label for column in COLUMNS]
    return _page(request, "csv_upload", "Angebote aus CSV einlesen", 422 if error else 200, error=error, labels=labels)


def _read_mapping(request: HttpRequest, table: csv_import.Table) -> tuple[dict[str, int], list[str]]:
    """Each column of the file says what it is; two cannot be the same."""
    mapping: dict[str, int] = {}
    errors: list[str] = []
    for index in range(len(table.headers)):
        key = request.POST.get(f"column-{index}", "")
        if key not in BY_KEY:
            continue
        if key in mapping:
            errors.append(f"„{BY_KEY[key].label}“ ist zwei Spalten zugeordnet. Bitte wählen Sie eine davon.")
        mapping.setdefault(key, index)
    return mapping, errors


def _csv_mapping(
    request: HttpRequest, table: csv_import.Table, content: str, mapping: dict[str, int], errors: Sequence[str] = ()
) -> HttpResponse:
    chosen = {index: key for key, index in mapping.items()}
    first = table.rows[0][1]
    columns = [
        {
            "index": index,
            "header": shown(header) or f"Spalte {index + 1}",
            "example": shown(first[index]) if index < len(first) else "",
            "options": [
                {"key": column.key, "label": column.label, "chosen": chosen.get(index) == column.key}
                for column in COLUMNS
            ],
        }
        for index, header in enumerate(table.headers)
    ]
    title = "Welche Spalte ist was?"
    status = 422 if errors else 200
    return _page(
        request, "csv_mapping", title, status, columns=columns, content=content, errors=errors, lines=len(table.rows)
    )


def _csv_report(
    request: HttpRequest,
    content: str,
    mapping: dict[str, int],
    rows: list[RowResult],
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    return _page(
        request,
        "csv_report",
        "Was in der Datei steht",
        status,
        content=content,
        mapping=[{"name": f"column-{index}", "key": key} for key, index in mapping.items()],
        problem=problem,
        **_report(rows),
    )


def _report(rows: Sequence[RowResult], broken_before: int = 0) -> dict[str, Any]:
    """All lines with what was found, and how many of which kind."""
    broken = [row for row in rows if row.errors]
    new = sum(row.is_new for row in rows)
    listed = rows if len(rows) <= MOST_SHOWN else broken[:MOST_SHOWN]
    return {
        "rows": [
            {"line": r.line, "title": r.title, "errors": r.few_errors(), "notes": r.notes, "is_new": r.is_new}
            for r in listed
        ],
        "is_short": len(listed) < len(rows),
        "total": len(rows),
        "new": new,
        "broken": len(broken),
        "unchanged": len(rows) - new - len(broken),
        "all_well": not broken and not broken_before,
    }


def _csv_take(request: HttpRequest, content: str, mapping: dict[str, int], rows: list[RowResult]) -> HttpResponse:
    problem = _moved(request, rows)
    if not problem:
        try:
            written = import_offers(rows=rows, by=user_of(request), only_valid=request.POST.get("take") == "valid")
        except Refused as refusal:
            problem = refusal.message
        else:
            return _done(request, written, "offers_admin:csv_import")
    return _csv_report(request, content, mapping, rows, problem, 409)


def _moved(request: HttpRequest, rows: Sequence[RowResult]) -> str:
    """Between the report and the click the house may have changed; then nobody gets another number than was shown."""
    new, broken = sum(row.is_new for row in rows), sum(bool(row.errors) for row in rows)
    if read_number(request.POST.get("expected")) != new:
        return f"Inzwischen hat sich etwas geändert: Jetzt sind {new} Angebote einzulesen. Es wurde nichts eingelesen."
    if request.POST.get("take") != "valid" and broken:
        return f"{broken} Zeilen sind nicht in Ordnung. Es wurde nichts eingelesen."
    return ""


def _done(request: HttpRequest, written: int, to: str) -> HttpResponse:
    what = "1 Angebot wurde" if written == 1 else f"{written} Angebote wurden"
    messages.success(request, f"{what} eingelesen. Veröffentlicht wird erst, was eine zweite Person geprüft hat.")
    return redirect(to)


@curators_only
@require_GET
def csv_export_view(request: HttpRequest) -> HttpResponse:
    """The table: what is published, or with `?alle=1` also what is being worked on."""
    mode = _mode(request)
    return _download(export_csv(mode), "text/csv; charset=utf-8", f"angebote-{_stamp(mode)}.csv")


# --- HSDS --------------------------------------------------------------------------------------------------


@curators_only
@require_http_methods(["GET", "POST"])
def hsds_import_view(request: HttpRequest) -> HttpResponse:
    """Choose a file, see each offer judged, take it in."""
    if request.method == "GET":
        return _page(request, "hsds_upload", "Angebote aus HSDS einlesen", error="")
    take = request.POST.get("step") == "import"
    if take:
        one_import_at_a_time()
    try:
        data = _file(request, "hsds", hsds_import.MOST_BYTES)
        plan = hsds_import.check_hsds(hsds_import.read_document(data))
        content = _packed(request, "hsds", data)
    except Unreadable as fault:
        return _page(request, "hsds_upload", "Angebote aus HSDS einlesen", 422, error=str(fault))
    problem = _moved(request, plan.rows) if take else ""
    if take and not problem:
        try:
            written = hsds_import.import_plan(
                plan=plan, by=user_of(request), only_valid=request.POST.get("take") == "valid"
            )
        except Refused as refusal:
            problem = refusal.message
        else:
            return _done(request, written, "offers_admin:hsds_import")
    return _page(
        request,
        "hsds_report",
        "Was in der Datei steht",
        409 if problem else 200,
        content=content,
        problem=problem,
        errors=plan.errors,
        words=[{"kind": kind, "texts": ", ".join(map(shown, texts))} for kind, texts in plan.new_words().items()],
        providers=[shown(provider.name) for provider in plan.providers],
        **_report(plan.rows, len(plan.errors)),
    )


@curators_only
@require_GET
def hsds_export_view(request: HttpRequest) -> HttpResponse:
    """The document of HSDS 3: what is published, or with `?alle=1` also what is being worked on."""
    mode = _mode(request)
    text = json.dumps(export_hsds(mode), ensure_ascii=False, indent=1)
    return _download(text.encode(), "application/json", f"angebote-{_stamp(mode)}.hsds.json")


def _mode(request: HttpRequest) -> Mode:
    return Mode.ALL if request.GET.get("alle") == "1" else Mode.PUBLISHED


def _stamp(mode: Mode) -> str:
    return f"{'alle' if mode is Mode.ALL else 'veroeffentlicht'}-{timezone.localdate().isoformat()}"


def _download(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


EXCHANGE_URLS = [
    path("austausch/csv/einlesen/", csv_import_view, name="csv_import"),
    path("austausch/csv/", csv_export_view, name="csv_export"),
    path("austausch/hsds/einlesen/", hsds_import_view, name="hsds_import"),
    path("austausch/hsds/", hsds_export_view, name="hsds_export"),
]

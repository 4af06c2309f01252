"""Take-over from the leading system: choose a file, say what its columns are, look at the report, apply it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from casework.actions import Refused, imports
from casework.enums import ImportKind, ImportState, LineOutcome
from casework.exchange.cells import read_day
from casework.exchange.columns import COLUMNS as COLUMNS_OF
from casework.exchange.columns import LABELS, guess_mapping
from casework.exchange.files import read_table
from casework.exchange.plan import read_lines
from casework.exchange.report import as_csv, sentence
from casework.forms.imports import ColumnForm, FileForm
from casework.models import Case, Client, ImportLine, ImportRun, User
from casework.views.common import absent, refusals_into, require, user_of
from jobcenter.platform.numbers import read_number

PER_PAGE = 50
LISTED = 20
# In addresses; the report shows first what somebody has to look at.
OUTCOMES = {
    "abgewiesen": LineOutcome.REFUSED,
    "geaendert": LineOutcome.CHANGED,
    "fehlt": LineOutcome.MISSING,
    "neu": LineOutcome.NEW,
    "unveraendert": LineOutcome.SAME,
}
SHOWN_FIELDS = ("family_name", "given_name", "birth_date", "first_name", "last_name", "email")
COLUMNS = ("number", "outcome", "code", "column", "external_ref", "changes")


def kinds_of(user: User) -> list[ImportKind]:
    return [kind for kind in ImportKind if imports.may_import(user, kind)]


@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """The files so far, and a new one. A fault of the file as a whole is said here."""
    user = user_of(request)
    kinds = kinds_of(user)
    require(request, bool(kinds))
    forms = {kind: FileForm(kind=kind) for kind in kinds}
    status = 200
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        require(request, kind in kinds)
        forms[ImportKind(kind)] = form = FileForm(request.POST, request.FILES, kind=kind)
        if form.is_valid():
            with refusals_into(form):
                run = imports.start_import(kind=ImportKind(kind), content=form.content(), by=user)
                return redirect("casework:import_detail", pk=run.pk)
        status = 422
    runs = ImportRun.objects.filter(organisation=user.organisation_id, kind__in=kinds).defer("content")
    context = {
        "forms": [{"form": form, "kind": kind.value, "label": kind.label} for kind, form in forms.items()],
        "runs": [_run_line(run) for run in runs.select_related("created_by").order_by("-pk")[:LISTED]],
    }
    return render(request, "casework/import_list.html", context, status=status)


def _run_line(run: ImportRun) -> dict[str, Any]:
    waits_for_columns = run.state == ImportState.CHECKING and not run.mapping
    return {
        "pk": run.pk,
        "kind": ImportKind(run.kind).label,
        "state": "Spalten sind noch zuzuordnen" if waits_for_columns else ImportState(run.state).label,
        "lines": run.lines,
        "created_at": run.created_at,
        "created_by": run.created_by.full_name,
    }


@require_http_methods(["GET", "POST"])
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One take-over in the state in which it is: columns, progress, report, or its end."""
    run = _load(request, pk)
    if run.state == ImportState.CHECKING and not run.mapping:
        return _columns(request, run)
    if request.method == "POST":
        return _moved_on(request, run, imports.MOVED_ON)
    if run.state in imports.AT_WORK:
        return render(request, "casework/import_progress.html", {"run": run})
    return _report(request, run)


def _columns(request: HttpRequest, run: ImportRun) -> HttpResponse:
    table = read_table(bytes(run.content or b""))
    proposal = run.options.get("before") or guess_mapping(run.kind, table.headers)
    form = ColumnForm(request.POST or None, kind=run.kind, table=table, proposal=proposal)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            imports.choose_columns(run=run, mapping=form.mapping(), by=user_of(request), **form.weeks())
            return redirect("casework:import_detail", pk=run.pk)
    earlier = ImportRun.objects.filter(
        organisation=run.organisation_id, kind=run.kind, digest=run.digest, state=ImportState.APPLIED
    )
    context = {
        "run": run,
        "form": form,
        "empty": table.empty,
        "applied_before": earlier.order_by("applied_at").values_list("applied_at", flat=True).last(),
    }
    status = 409 if getattr(form, "conflict", False) else 422 if form.is_bound and form.errors else 200
    return render(request, "casework/import_columns.html", context, status=status)


@require_GET
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is: a fragment, asked for every other second; at the end the page is called anew."""
    run = _load(request, pk)
    here = reverse("casework:import_detail", kwargs={"pk": run.pk})
    if run.state not in imports.AT_WORK or not request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(here) if request.htmx else redirect(here)  # type: ignore[attr-defined]
    return render(request, "casework/import_progress_bar.html", {"run": run})


@require_POST
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over: everything that can be, or only when no line is refused."""
    run = _load(request, pk)
    only_if_faultless = request.POST.get("take") != "possible"
    try:
        imports.apply_import(run=run, only_if_faultless=only_if_faultless, by=user_of(request))
    except Refused as refused:
        return _moved_on(request, run, refused.message)
    return redirect("casework:import_detail", pk=run.pk)


@require_POST
def import_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Check once more, from the columns on."""
    run = _load(request, pk)
    try:
        imports.check_again(run=run, by=user_of(request))
    except Refused as refused:
        return _moved_on(request, run, refused.message)
    return redirect("casework:import_detail", pk=run.pk)


@require_POST
def import_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """The file goes, the office stays as it is."""
    run = _load(request, pk)
    try:
        imports.give_up_import(run=run, by=user_of(request))
    except Refused as refused:
        return _moved_on(request, run, refused.message)
    messages.success(request, "Die Datei ist verworfen. Es wurde nichts übernommen.")
    return redirect("casework:import_list")


@require_GET
def import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a table: numbers and sentences, no name and no date of a person."""
    run = _load(request, pk)
    rows = ImportLine.objects.filter(run=run).order_by("number").values_list(*COLUMNS)
    response = HttpResponse(as_csv(rows.iterator()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="uebernahme-{run.pk}.csv"'
    return response


def _load(request: HttpRequest, pk: int) -> ImportRun:
    """A take-over of the own organisation that the user may see; anything else answers as if it were not there."""
    user = user_of(request)
    require(request, bool(kinds_of(user)))
    run = (
        ImportRun.objects.filter(pk=pk, organisation=user.organisation_id, kind__in=kinds_of(user))
        .select_related("created_by", "applied_by")
        .first()
    )
    if run is None:
        raise absent(request)
    return run


def _moved_on(request: HttpRequest, run: ImportRun, problem: str) -> HttpResponse:
    """Somebody was first, or a rule speaks against it: the page as it is now, with the sentence on top."""
    now = _load(request, run.pk)
    if now.state in imports.AT_WORK:
        messages.info(request, problem)
        return redirect("casework:import_detail", pk=run.pk)
    return _report(request, now, problem)


# --- the report --------------------------------------------------------------------------------------------


def _report(request: HttpRequest, run: ImportRun, problem: str = "") -> HttpResponse:
    lines = ImportLine.objects.filter(run=run)
    counts: dict[str, int] = dict(lines.order_by("outcome").values_list("outcome").annotate(Count("pk")))
    wanted = request.GET.get("ergebnis", "")
    outcome = OUTCOMES.get(wanted) or next((one for one in OUTCOMES.values() if counts.get(one)), LineOutcome.NEW)
    word = next(name for name, one in OUTCOMES.items() if one == outcome)
    pages = max(1, -(-counts.get(outcome, 0) // PER_PAGE))
    page = min(max(1, read_number(request.GET.get("seite"), biggest=9999) or 1), pages)
    rows = list(
        lines.filter(outcome=outcome).order_by("number").values_list(*COLUMNS)[(page - 1) * PER_PAGE : page * PER_PAGE]
    )
    keep = f"?ergebnis={word}&seite="
    context = {
        "run": run,
        "kind": ImportKind(run.kind).label,
        "state": ImportState(run.state).label,
        "problem": problem,
        "moved": bool(run.options.get(imports.MOVED)),
        "empty": run.options.get("empty", 0),
        "applied_by": run.applied_by.full_name if run.applied_by else "",
        "filters": [
            {"label": one.label, "count": counts.get(one, 0), "url": f"?ergebnis={name}", "current": one == outcome}
            for name, one in OUTCOMES.items()
        ],
        "rows": _rows(request, run, rows),
        "refused": counts.get(LineOutcome.REFUSED, 0),
        "ready": counts.get(LineOutcome.NEW, 0) + counts.get(LineOutcome.CHANGED, 0),
        "pager": {
            "newer_url": f"{keep}{page - 1}" if page > 1 else "",
            "older_url": f"{keep}{page + 1}" if page < pages else "",
            "text": f"Seite {page} von {pages}" if pages > 1 else "",
        },
    }
    return render(request, "casework/import_report.html", context, status=409 if problem else 200)


def _rows(request: HttpRequest, run: ImportRun, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Lines with their sentences; the name only of whom the user sees in lists anyway."""
    refs = [row[4] for row in rows if row[4]]
    cases = _cases(request, run, refs) if run.kind == ImportKind.PEOPLE else {}
    accounts = _accounts(run, refs) if run.kind == ImportKind.STAFF else {}
    first = _first_lines(run, [row[4] for row in rows if row[2] == "duplicate"])
    known = {ref: case.client for ref, case in cases.items()} | accounts
    differences = _differences(run, {row[0]: known[row[4]] for row in rows if row[5] and row[4] in known})
    return [
        {
            "number": "" if outcome == LineOutcome.MISSING else number,
            "ref": ref if run.kind == ImportKind.PEOPLE else "",
            "case": cases.get(ref),
            "account": accounts.get(ref),
            "sentence": sentence(outcome, code, column, changes),
            "differences": differences.get(number, []),
            "first_line": first.get(ref) if code == "duplicate" else None,
        }
        for number, outcome, code, column, ref, changes in rows
    ]


def _cases(request: HttpRequest, run: ImportRun, refs: list[str]) -> dict[str, Case]:
    found = (
        Case.objects.visible_to(user_of(request))
        .filter(client__organisation=run.organisation_id, client__external_ref__in=refs, closed_at=None)
        .select_related("client")
    )
    return {str(case.client.external_ref): case for case in found}


def _accounts(run: ImportRun, refs: list[str]) -> dict[str, User]:
    ids = [int(ref[1:]) for ref in refs if ref[1:].isdigit()]
    accounts = User.objects.filter(pk__in=ids, organisation=run.organisation_id)
    return {f"K{user.pk}": user for user in accounts}


def _differences(run: ImportRun, known: Mapping[int, Client | User]) -> dict[int, list[dict[str, str]]]:
    """What stands in the office and what the file says, read from the file while it is there; kept nowhere."""
    if run.state != ImportState.CHECKED or not known:
        return {}
    table = read_table(bytes(run.content or b""))
    table.rows = [row for row in table.rows if row[0] in known]
    found: dict[int, list[dict[str, str]]] = {}
    for line in read_lines(table, run.mapping, COLUMNS_OF[run.kind]):
        for name, text in line.values.items():
            old = getattr(known[line.number], name, None) if name in SHOWN_FIELDS else None
            new = read_day(text) if isinstance(old, dt.date) else text
            if old is not None and new is not None and old != new:
                found.setdefault(line.number, []).append(
                    {"label": LABELS[name], "old": _written(old), "new": _written(new)}
                )
    return found


def _written(value: Any) -> str:
    return f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else str(value)


def _first_lines(run: ImportRun, refs: list[str]) -> Mapping[str, int]:
    """Where a number stands for the first time."""
    if not refs:
        return {}
    rows = ImportLine.objects.filter(run=run, external_ref__in=refs).order_by("external_ref")
    return dict(rows.values_list("external_ref").annotate(Min("number")))

"""Taking a file over: read, judged, shown, and only then applied; all of it in one transaction or nothing.

A run is worked on by whoever is rung for (casework.tasks). The lock that keeps a second worker away ends with the
worker's transaction, so that a dead one leaves no lock; that it had begun is noted beside the transaction, so that its
run is found abandoned and not begun anew without end.
"""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from celery import current_app
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from casework.actions.errors import Conflict, NotAllowed, RuleBroken
from casework.actions.import_people import write_people
from casework.actions.import_staff import write_staff
from casework.enums import ImportKind, ImportState, LineOutcome
from casework.exchange.columns import mapping_error
from casework.exchange.files import Table, Unreadable, read_table
from casework.exchange.people import Weeks, check_people
from casework.exchange.plan import Judged
from casework.exchange.rows import insert_rows
from casework.exchange.spread import MOST_WEEKS, weeks_ahead
from casework.exchange.staff import check_staff
from casework.models import ImportLine, ImportRun, User
from casework.permissions import CONFIGURE, LEAD_TEAM, has_permission

KEPT = dt.timedelta(days=14)  # a file that nobody applies is personal data without a purpose
BEGUN = "begun"
MOVED = "moved"
AT_WORK = (ImportState.CHECKING, ImportState.APPLYING)
MOVED_ON = "Diese Übernahme ist inzwischen in einem anderen Stand. Bitte sehen Sie sich ihn an."
logger = logging.getLogger(__name__)


class Superseded(Exception):
    """Somebody gave the run up while it was worked on: nothing of the work stays."""


def may_import(user: User, kind: str) -> bool:
    """Team leads take people over, the Fachadministration accounts; she sees no case, not even in a report."""
    return has_permission(user, CONFIGURE if kind == ImportKind.STAFF else LEAD_TEAM)


# --- what people do ----------------------------------------------------------------------------------------


@transaction.atomic
def start_import(*, kind: ImportKind, content: bytes, by: User) -> ImportRun:
    """Keep a file that can be read. Nothing is judged before its columns are known."""
    if not may_import(by, kind):
        raise NotAllowed
    try:
        table = read_table(content)
    except Unreadable as fault:
        raise RuleBroken(str(fault), field="file") from fault
    return ImportRun.objects.create(
        organisation_id=by.organisation_id,
        kind=kind,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        lines=len(table.rows),
        options={"empty": table.empty},
        created_by=by,
    )


@transaction.atomic
def choose_columns(
    *, run: ImportRun, mapping: Mapping[str, int], by: User, first_week: int = 1, last_week: int = 8
) -> None:
    """Say which column is which and over which weeks missing days are spread; the dry run begins."""
    locked = _lock(run, by)
    if locked.state != ImportState.CHECKING or locked.mapping:
        raise Conflict(MOVED_ON)
    table = _table_of(locked)
    if error := mapping_error(locked.kind, mapping, len(table.headers)):
        raise RuleBroken(error)
    if not 0 <= first_week <= last_week <= MOST_WEEKS:
        raise RuleBroken(f"Bitte wählen Sie Wochen von 0 bis {MOST_WEEKS}, die erste vor der letzten.", field="last")
    first, last = weeks_ahead(timezone.localdate(), first_week, last_week)
    if last <= timezone.localdate():
        raise RuleBroken("In diesen Wochen liegt kein Tag mehr. Bitte wählen Sie spätere.", field="last")
    options = {"empty": table.empty, "first": first.isoformat(), "last": last.isoformat()}
    ImportRun.objects.filter(pk=locked.pk).update(mapping=dict(mapping), options=options, done=0)
    _ring(locked.pk)


@transaction.atomic
def apply_import(*, run: ImportRun, only_if_faultless: bool, by: User) -> None:
    """Let what was shown be taken over. Of two clicks exactly one wins."""
    locked = _lock(run, by)
    if locked.state != ImportState.CHECKED:
        raise Conflict(MOVED_ON)
    refused = ImportLine.objects.filter(run=locked, outcome=LineOutcome.REFUSED).count()
    if only_if_faultless and refused:
        lines = "1 Zeile ist" if refused == 1 else f"{refused} Zeilen sind"
        raise RuleBroken(f"{lines} abgewiesen. Es wurde nichts übernommen.")
    if locked.kind == ImportKind.PEOPLE and _weeks(locked).last <= timezone.localdate():
        raise RuleBroken("Die gewählten Wochen sind vorbei. Bitte prüfen Sie die Datei noch einmal.")
    options = {name: value for name, value in locked.options.items() if name not in (BEGUN, MOVED)}
    ImportRun.objects.filter(pk=locked.pk).update(state=ImportState.APPLYING, done=0, options=options | {"by": by.pk})
    _ring(locked.pk)


@transaction.atomic
def check_again(*, run: ImportRun, by: User) -> None:
    """Begin with the columns again: after an abort, or because the report is to be seen anew."""
    locked = _lock(run, by)
    if locked.state not in (ImportState.FAILED, ImportState.CHECKED):
        raise Conflict(MOVED_ON)
    ImportLine.objects.filter(run=locked).delete()
    ImportRun.objects.filter(pk=locked.pk).update(
        state=ImportState.CHECKING, mapping={}, options={"before": locked.mapping}, done=0
    )


@transaction.atomic
def give_up_import(*, run: ImportRun, by: User) -> None:
    """The file goes; the office stays as it is."""
    locked = _lock(run, by)
    if locked.state in (ImportState.APPLYING, ImportState.APPLIED, ImportState.GIVEN_UP):
        raise Conflict(MOVED_ON)
    _give_up(locked.pk)


def _give_up(run_id: int) -> None:
    ImportLine.objects.filter(run=run_id).delete()
    ImportRun.objects.filter(pk=run_id).update(state=ImportState.GIVEN_UP, content=None)


@transaction.atomic
def give_up_old_imports(*, now: dt.datetime | None = None) -> int:
    """Files that nobody has applied within a fortnight go; nightly."""
    before = (now or timezone.now()) - KEPT
    waiting = (ImportState.CHECKING, ImportState.CHECKED, ImportState.FAILED)
    old = ImportRun.objects.filter(created_at__lt=before, state__in=waiting).select_for_update(no_key=True)
    ids = list(old.values_list("pk", flat=True))
    for pk in ids:
        _give_up(pk)
    return len(ids)


def _lock(run: ImportRun, by: User) -> ImportRun:
    """The run as it is now, held until the transaction ends; only for who may import into its organisation."""
    locked = ImportRun.objects.filter(pk=run.pk).select_for_update(no_key=True).get()
    if locked.organisation_id != by.organisation_id or not may_import(by, locked.kind):
        raise NotAllowed
    return locked


def _ring(run_id: int) -> None:
    """Ask a worker after the commit. A lost bell loses nothing: `work_on_imports` finds what waits."""

    def ask() -> None:  # a function with a name: Django's log of a failed bell asks for it and would fail itself
        current_app.send_task("casework.tasks.work_on_import", args=[run_id], ignore_result=True)

    transaction.on_commit(ask, robust=True)


# --- what a worker does ------------------------------------------------------------------------------------


def waiting_imports() -> list[int]:
    """Runs that are to be worked on, or that somebody began and did not finish."""
    found = ImportRun.objects.filter(state__in=AT_WORK).exclude(mapping={}).order_by("pk")
    return list(found.values_list("pk", flat=True))


def work_on_import(run_id: int) -> None:
    """Judge or apply a run. Whatever goes wrong, the office stays as it was and the run says so."""
    with Beside(run_id) as beside:
        try:
            with transaction.atomic():
                abandoned = _work(run_id, beside)
        except Superseded:
            return
        except Exception:
            # By type and place alone: what the database says quotes the row that it refused.
            logger.exception("import %s: broken off, nothing taken over", run_id)
            abandoned = True
        if abandoned:
            ImportRun.objects.filter(pk=run_id, state__in=AT_WORK).update(state=ImportState.FAILED)


def _work(run_id: int, beside: "Beside") -> bool:
    """True when somebody began this before and died over it."""
    if not _take_lock(f"casework.import.{run_id}", wait=False):
        return False
    run = ImportRun.objects.filter(pk=run_id, state__in=AT_WORK).exclude(mapping={}).first()
    if run is None:
        return False
    if run.options.get(BEGUN):
        return True
    beside.begin()
    if run.state == ImportState.CHECKING:
        _show(run, _plan(run), beside.tell)
    else:
        _apply(run, beside.tell)
    return False


def _plan(run: ImportRun) -> list[Judged]:
    table = _table_of(run)
    if run.kind == ImportKind.STAFF:
        by = {run.created_by_id, run.options.get("by")} - {None}
        return check_staff(table, run.mapping, organisation_id=run.organisation_id, by=by)
    return check_people(
        table, run.mapping, organisation_id=run.organisation_id, weeks=_weeks(run), today=timezone.localdate()
    )


def _show(run: ImportRun, lines: list[Judged], tell: Callable[[int], None], **options: Any) -> None:
    """Put the report in the place of an earlier one; the office is not touched."""
    ImportLine.objects.filter(run=run).delete()
    columns = ("run_id", "number", "outcome", "code", "column", "external_ref", "changes")
    tell(run.lines // 2)
    insert_rows(
        ImportLine,
        columns,
        ((run.pk, *facts[:-1], json.dumps(facts[-1])) for facts in (line.facts() for line in lines)),
    )
    _leave(run, state=ImportState.CHECKED, options=run.options | options, done=run.lines)


def _apply(run: ImportRun, tell: Callable[[int], None]) -> None:
    """Take over exactly what was shown; has the office changed meanwhile, the new report is shown instead."""
    _take_lock(f"casework.import.office.{run.organisation_id}", wait=True)
    _plan_for_full_tables()
    lines = _plan(run)
    if [line.facts() for line in lines] != _shown(run):
        _show(run, lines, tell, **{MOVED: True})
        return
    now = timezone.now()
    by_id = run.options["by"]
    if run.kind == ImportKind.STAFF:
        write_staff(lines, organisation_id=run.organisation_id, tell=tell)
    else:
        write_people(lines, organisation_id=run.organisation_id, by_id=by_id, now=now, tell=tell)
    _leave(run, state=ImportState.APPLIED, applied_at=now, applied_by_id=by_id, content=None, done=run.lines)


def _plan_for_full_tables() -> None:
    """The first take-over fills an empty office: rules planned for empty tables would read all of them for each row."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = off")


def _shown(run: ImportRun) -> list[tuple[Any, ...]]:
    rows = ImportLine.objects.filter(run=run).order_by("number")
    columns = ("number", "outcome", "code", "column", "external_ref", "changes")
    return [(*facts, tuple(changes)) for *facts, changes in rows.values_list(*columns)]


def _leave(run: ImportRun, **fields: Any) -> None:
    """The end of the work, in its transaction; unless the run was given up meanwhile."""
    if not ImportRun.objects.filter(pk=run.pk, state=run.state).update(**fields):
        raise Superseded


def _table_of(run: ImportRun) -> Table:
    return read_table(bytes(run.content or b""))


def _weeks(run: ImportRun) -> Weeks:
    return Weeks(dt.date.fromisoformat(run.options["first"]), dt.date.fromisoformat(run.options["last"]))


def _take_lock(name: str, *, wait: bool) -> bool:
    """A lock of this transaction; it ends with it, however it ends."""
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
        return wait or bool(cursor.fetchone()[0])


class Beside:
    """A second connection: how far the work is, seen by the page while the transaction of the work still runs."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self.connection = connection.copy()

    def __enter__(self) -> "Beside":
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    def begin(self) -> None:
        """Whoever finds this note and no lock knows that the work was broken off. Without it there is no work."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE casework_importrun SET options = options || '{\"begun\": true}', done = 0 WHERE id = %s",
                [self.run_id],
            )

    def tell(self, done: int) -> None:
        """It lags behind and decides nothing: where it cannot be told, the work goes on."""
        try:
            with self.connection.cursor() as cursor:
                cursor.execute("UPDATE casework_importrun SET done = %s WHERE id = %s", [done, self.run_id])
        except DatabaseError:
            logger.warning("import %s: progress not told", self.run_id)

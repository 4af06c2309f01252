"""Take-over from the leading system: a file, what it would do line by line, and what it did."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import ImportKind, ImportState, LineOutcome
from casework.models.base import Record
from casework.models.people import Organisation, User
from jobcenter.platform.constraints import both_or_neither, one_of


class ImportRun(Record):
    """One file. Its bytes are kept until it has been applied or given up, and blanked then."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField("Inhalt", max_length=10, choices=ImportKind.choices)
    state = models.CharField("Zustand", max_length=10, choices=ImportState.choices, default=ImportState.CHECKING)
    content = models.BinaryField("Datei", null=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the file: the same file again is recognised
    mapping = models.JSONField("Zuordnung der Spalten", default=dict)
    options = models.JSONField("Vorgaben", default=dict)  # over which weeks missing dates are spread
    lines = models.PositiveIntegerField("Zeilen", default=0)
    done = models.PositiveIntegerField("davon bearbeitet", default=0)  # progress; lags behind, decides nothing
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Übernahme"
        verbose_name_plural = "Übernahmen"
        constraints = [
            one_of("kind", ImportKind.values, "import_kind_known"),
            one_of("state", ImportState.values, "import_state_known"),
            CheckConstraint(condition=both_or_neither("applied_at", "applied_by"), name="import_application_paired"),
            CheckConstraint(
                condition=Q(state=ImportState.APPLIED, applied_at__isnull=False)
                | (~Q(state=ImportState.APPLIED) & Q(applied_at=None)),
                name="import_applied_if_and_only_if_dated",
            ),
            CheckConstraint(
                condition=~Q(state__in=[ImportState.APPLIED, ImportState.GIVEN_UP]) | Q(content=None),
                name="import_keeps_no_file_at_its_end",
            ),
        ]


class ImportLine(Record):
    """What became of one line: a code, the column, the person's number in the leading system; no text of the line."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="report")
    number = models.PositiveIntegerField("Zeile")
    outcome = models.CharField("Ergebnis", max_length=12, choices=LineOutcome.choices)
    code = models.CharField(max_length=40, blank=True, default="")  # which sentence the page shows
    column = models.CharField(max_length=40, blank=True, default="")
    external_ref = models.CharField(max_length=40, blank=True, default="")
    changes = models.JSONField(default=list)  # names of the fields that differ, shown before they are applied

    class Meta:
        verbose_name = "Zeile einer Übernahme"
        verbose_name_plural = "Zeilen von Übernahmen"
        constraints = [
            UniqueConstraint(fields=["run", "number"], name="import_line_once"),
            one_of("outcome", LineOutcome.values, "import_outcome_known"),
        ]

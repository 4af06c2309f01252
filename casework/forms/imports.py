"""Take-over: a file, which column is which, and over which weeks missing days are spread."""

from collections.abc import Sequence
from typing import Any

from django import forms

from casework.enums import ImportKind
from casework.exchange.cells import shown
from casework.exchange.columns import COLUMNS
from casework.exchange.files import MOST_BYTES, MOST_LINES, Table
from casework.exchange.spread import MOST_WEEKS
from casework.forms.base import PoliteForm

HINT = f"CSV, Überschriften in der ersten Zeile. Höchstens {MOST_BYTES // 1024**2} MB, {MOST_LINES // 1000}.000 Zeilen."


class FileForm(PoliteForm):
    """The file of one kind."""

    file = forms.FileField(
        label="CSV-Datei",
        help_text=HINT,
        allow_empty_file=True,  # that it is empty says the reader, in the same words as for every other fault
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv", "class": "kern-form-input__input"}),
    )
    kind = forms.ChoiceField(choices=ImportKind.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{kind}_%s", **kwargs)
        self.initial["kind"] = kind
        self.fields["file"].error_messages["required"] = "Bitte wählen Sie eine Datei."

    def content(self) -> bytes:
        """As many bytes as may be read, and one more, so that too large a file is told from a full one."""
        return bytes(self.cleaned_data["file"].read(MOST_BYTES + 1))


class ColumnForm(PoliteForm):
    """For each column that is understood the column of the file; proposed from the headers and changeable."""

    def __init__(self, *args: Any, kind: str, table: Table, proposal: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        choices = [("", "nicht in der Datei"), *self._choices(table)]
        for column in COLUMNS[kind]:
            self.fields[f"column_{column.key}"] = forms.ChoiceField(
                label=column.label,
                choices=choices,
                required=column.needed,
                initial=str(proposal.get(column.key, "")),
                error_messages={"required": "Bitte wählen."},
            )
        if kind == ImportKind.PEOPLE:
            for name, label, week in (("first", "von Woche", 1), ("last", "bis Woche", 8)):
                self.fields[name] = forms.IntegerField(
                    label=label,
                    min_value=0,
                    max_value=MOST_WEEKS,
                    initial=week,
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                    error_messages={
                        "invalid": "Bitte eine Zahl eintragen.",
                        "min_value": f"Bitte eine Zahl von 0 bis {MOST_WEEKS}.",
                        "max_value": f"Bitte eine Zahl von 0 bis {MOST_WEEKS}.",
                        "required": "Bitte ausfüllen.",
                    },
                )

    @staticmethod
    def _choices(table: Table) -> list[tuple[str, str]]:
        example: Sequence[str] = table.rows[0][1]
        found = []
        for index, header in enumerate(table.headers):
            first = shown(example[index], 30) if index < len(example) else ""
            name = shown(header, 40) or f"Spalte {index + 1}"
            found.append((str(index), f"{name} – zum Beispiel: {first}" if first else name))
        return found

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{column.key}"] for column in COLUMNS[self.kind]]

    @property
    def has_weeks(self) -> bool:
        return "first" in self.fields

    def mapping(self) -> dict[str, int]:
        chosen = {column.key: self.cleaned_data[f"column_{column.key}"] for column in COLUMNS[self.kind]}
        return {key: int(index) for key, index in chosen.items() if index}

    def weeks(self) -> dict[str, int]:
        if not self.has_weeks:
            return {}
        return {"first_week": self.cleaned_data["first"], "last_week": self.cleaned_data["last"]}

"""One form about all appointments inside an absence: a row for each, nothing typed is ever lost."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from casework.actions import Refused
from casework.actions.absence_appointments import Settlement, Way, row_of_appointment
from casework.enums import FollowUpKind
from casework.forms.fields import at_local
from casework.forms.steps import NO_TIME, PlainForm, clean, read_day
from casework.models import FollowUp
from jobcenter.platform.german import parse_time
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label

LATER = "later"
FIELDS = ("way", "date", "time", "saturday_ok", "version")
OF_ROW = re.compile(r"^termin(\d+)_(.*)$")


@dataclass
class AppointmentRow:
    """What is asked about one appointment."""

    step: FollowUp
    form: PlainForm
    taker: str = ""  # who stands in on that day and is there
    note: str = ""  # why nobody takes it over as it stands

    @property
    def prefix(self) -> str:
        return row_of_appointment(self.step.pk)

    @property
    def name(self) -> str:
        client: str = self.step.case.client.list_name
        return client

    def read(self) -> Settlement | None:
        """None where the row is left for later, or with sentences beside its fields when it does not hold."""
        values = self.form.values
        if values["way"] in ("", LATER):
            return None
        if values["way"] not in list(Way):
            self.form.error("way", "Bitte wählen Sie, was mit dem Termin wird.")
            return None
        way = Way(values["way"])
        version = read_number(values["version"]) or 0
        if way is not Way.MOVE:
            return Settlement(self.step.pk, version, way)
        day = read_day(self.form, "date", FollowUpKind.APPOINTMENT)
        time = parse_time(values["time"])
        if time is None:
            self.form.error("time", NO_TIME)
        if day is None or time is None:
            return None
        starts_at = at_local(day, time)
        return Settlement(self.step.pk, version, way, day, starts_at, bool(values["saturday_ok"]))

    def context(self, *, shows_subject: bool) -> dict[str, Any]:
        """What `casework/parts/absence_appointment.html` shows; of the file only what lists show."""
        start = timezone.localtime(self.step.starts_at) if self.step.starts_at else None
        ways = [{"value": Way.KEEP.value, "label": f"übernehmen: {self.taker}"}] if self.taker else []
        ways += [
            {"value": Way.MOVE.value, "label": "verlegen"},
            {"value": Way.CANCEL.value, "label": "absagen"},
            {"value": LATER, "label": "später entscheiden"},
        ]
        return {
            "id": self.step.pk,
            "number": self.step.case.number,
            "name": self.name,
            "day_label": day_label(self.step.due_on) + (f" {start:%H:%M}" if start else ""),
            "subject": self.step.subject if shows_subject else "",
            "note": self.note,
            "ways": ways,
            "names": {name: f"{self.prefix}{name}" for name in FIELDS},
            "ids": {name: f"id_{self.prefix}{name}" for name in FIELDS},
            "values": self.form.values,
            "errors": self.form.errors,
            "ask_saturday": self.form.ask_saturday or bool(self.form.values["saturday_ok"]),
        }


@dataclass
class AppointmentsForm:
    rows: list[AppointmentRow]
    common: PlainForm = field(default_factory=lambda: PlainForm({}))

    def read(self) -> list[Settlement] | None:
        """All rows that are decided, each looked at; None when one of them does not hold."""
        found = [row.read() for row in self.rows]
        return None if any(row.form.errors for row in self.rows) else [row for row in found if row is not None]

    def refuse(self, refused: Refused) -> None:
        """Put what the action refused into the row that it names."""
        match = OF_ROW.match(refused.field)
        row = next((row for row in self.rows if match and str(row.step.pk) == match[1]), None)
        if match is None or row is None:
            refused.field = ""
            self.common.refuse(refused)
            return
        refused.field = match[2]
        row.form.refuse(refused)

    @property
    def status(self) -> int:
        return max(form.status for form in (self.common, *(row.form for row in self.rows)))

    def summary(self) -> list[dict[str, str]]:
        """All sentences with the element to jump to; those of a row name the person."""
        found = self.common.summary()
        for row in self.rows:
            found += [
                {"id": error["id"], "text": f"{row.name}: {error['text']}"} for error in row.form.summary(row.prefix)
            ]
        return found


def fresh_values(step: FollowUp, taker: str) -> dict[str, str]:
    """As the form opens: whoever stands in takes it over, else nothing is decided yet."""
    start = timezone.localtime(step.starts_at) if step.starts_at else None
    return {
        "way": Way.KEEP.value if taker else LATER,
        "date": "",
        "time": f"{start:%H:%M}" if start else "",
        "saturday_ok": "",
        "version": str(step.version),
    }


def build_form(steps: Iterable[FollowUp], takers: dict[dt.date, tuple[str, str]], data: QueryDict | None) -> Any:
    """The rows as they open, or as they were sent; `takers`: day -> (who takes it over, or why nobody does)."""
    rows = []
    for step in steps:
        taker, note = takers.get(step.due_on, ("", ""))
        values = fresh_values(step, taker)
        if data is not None:
            prefix = row_of_appointment(step.pk)
            sent = {name: clean(data.get(f"{prefix}{name}")) for name in FIELDS if f"{prefix}{name}" in data}
            # A row that was not on the page that was sent is left for later.
            values = {**values, "way": LATER, "saturday_ok": "", **sent}
        rows.append(AppointmentRow(step, PlainForm(values), taker, note))
    return AppointmentsForm(rows)

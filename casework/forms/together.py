"""One form about several people: what is common, and a row for each (`conclude_together`).

Fields of a row are named after its case: rowF-26-00012_text, rowF-26-00012_next_date. Nothing typed is ever lost.
"""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from casework.actions import NewStep, Refused, StandingStep, TogetherRow
from casework.enums import ContactKind, MissedHow
from casework.forms.fields import at_local
from casework.forms.steps import (
    NEXT_FIELDS,
    NO_DAY,
    NO_TIME,
    PlainForm,
    clean,
    read_next_step,
    standing_choices,
    step_label,
)
from casework.models import Case, FollowUp
from jobcenter.platform.german import parse_day, parse_time
from jobcenter.platform.numbers import read_number

ROW_FIELDS = ("there", "text", *(name for name in NEXT_FIELDS if name != "closing_reason"))
ROW_NAMES = (*ROW_FIELDS, "done")
OF_ALL = ("at_date", "at_time", "channel")  # asked once, for everybody
OF_ROW = re.compile(r"^row([^_]+)(?:_(.*))?$")
THERE = "there"
THERE_CHOICES = [
    {"value": THERE, "label": "war dabei"},
    {"value": MissedHow.NO_SHOW.value, "label": MissedHow.NO_SHOW.label},
    {"value": MissedHow.CANCELLED.value, "label": MissedHow.CANCELLED.label},
]
# A date that the form proposes to everybody, by the value of its radio button: (label, step).
Offered = Mapping[str, tuple[str, NewStep]]


@dataclass
class RowForm:
    """What is asked about one person."""

    case: Case
    form: PlainForm
    steps: list[FollowUp]
    done: list[str] = field(default_factory=list)  # "id-version" of the steps that end with this

    @property
    def prefix(self) -> str:
        return f"row{self.case.number}_"

    def read(self, offered: Offered) -> TogetherRow | None:
        """The row as the action wants it; None with sentences beside its fields when it does not hold."""
        values = self.form.values
        if values["there"] not in [choice["value"] for choice in THERE_CHOICES]:
            self.form.error("there", "Bitte wählen Sie, ob die Person dabei war.")
        step = self._next_step(offered)
        done = [read_done(text) for text in self.done]
        if step is None or None in done or self.form.errors:
            return None
        missed = values["there"] != THERE
        return TogetherRow(
            case=self.case,
            next_step=step,
            text=values["text"],
            kind=ContactKind.MISSED if missed else ContactKind.TALK,
            missed_how=MissedHow(values["there"]) if missed else None,
            done=tuple(pair for pair in done if pair is not None),
        )

    def _next_step(self, offered: Offered) -> NewStep | StandingStep | None:
        chosen = self.form.values["next"]
        if chosen in offered:
            return offered[chosen][1]
        if chosen.startswith("date-"):
            self.form.error("next", "Dieser Termin findet inzwischen nicht mehr statt. Bitte wählen Sie neu.")
            return None
        step = read_next_step(self.form)
        assert step is None or isinstance(step, NewStep | StandingStep)  # noqa: S101  (no end of a case in here)
        return step

    def context(self, offered: Offered, *, names_steps: bool) -> dict[str, Any]:
        """What `casework/parts/together_row.html` shows."""
        chosen = set(self.done)
        done = [
            {"value": f"{step.pk}-{step.version}", "label": step_label(step), "id": f"id_{self.prefix}done_{step.pk}"}
            for step in self.steps
        ]
        return {
            "number": self.case.number,
            "name": self.case.client.list_name,
            "id": f"id_row{self.case.number}",
            "names": {name: f"{self.prefix}{name}" for name in ROW_NAMES},
            "ids": {name: f"id_{self.prefix}{name}" for name in ROW_NAMES},
            "values": self.form.values,
            "errors": self.form.errors,
            "there": THERE_CHOICES,
            "offered": [{"value": value, "label": label} for value, (label, _) in offered.items()],
            "standing": standing_choices([step for step in self.steps if f"{step.pk}-{step.version}" not in chosen]),
            "ask_saturday": self.form.ask_saturday or bool(self.form.values["saturday_ok"]),
            "steps": [{**row, "checked": row["value"] in chosen} for row in done] if names_steps else [],
            "hidden": [] if names_steps else sorted(chosen),
        }


@dataclass
class TogetherForm:
    """The common part and its rows."""

    common: PlainForm
    rows: list[RowForm] = field(default_factory=list)

    def read(self, offered: Offered) -> list[TogetherRow] | None:
        """All rows, each looked at so that every sentence is said at once; None when one of them does not hold."""
        found = [row.read(offered) for row in self.rows]
        rows = [row for row in found if row is not None]
        return rows if len(rows) == len(found) and not self.common.errors else None

    def refuse(self, refused: Refused) -> None:
        """Put what the action refused into the row that it names."""
        match = OF_ROW.match(refused.field)
        row = next((row for row in self.rows if match and row.case.number == match[1]), None)
        if match is None or row is None:
            self.common.refuse(refused)
            return
        name = match[2] or ""
        refused.field = "done" if name.startswith("step_") else name
        if name in OF_ALL:
            refused.message = f"{row.case.client.full_name}: {refused.message}"
            self.common.refuse(refused)
        else:
            row.form.refuse(refused)
            if "non_field" in row.form.errors:
                row.form.errors["there"] = row.form.errors.pop("non_field")

    @property
    def status(self) -> int:
        return max(form.status for form in (self.common, *(row.form for row in self.rows)))

    def summary(self) -> list[dict[str, str]]:
        """All sentences with the element to jump to; those of a row name the person."""
        found = self.common.summary()
        for row in self.rows:
            found += [
                {"id": error["id"], "text": f"{row.case.client.list_name}: {error['text']}"}
                for error in row.form.summary(row.prefix)
            ]
        return found


def read_done(text: str) -> tuple[int, int] | None:
    """`12-3`: a step and the version that the form showed."""
    pk, _, version = text.partition("-")
    numbers = read_number(pk), read_number(version, biggest=10**9)
    return (numbers[0], numbers[1]) if numbers[0] is not None and numbers[1] is not None else None


def open_steps_of(cases: Sequence[Case]) -> dict[int, list[FollowUp]]:
    """Case -> its open steps by date, in one statement."""
    steps: dict[int, list[FollowUp]] = {case.pk: [] for case in cases}
    for step in FollowUp.objects.open().filter(case__in=list(steps)).in_order():
        steps[step.case_id].append(step)
    return steps


def fresh_rows(cases: Sequence[Case], first: Mapping[str, str] | None = None) -> list[RowForm]:
    """Rows as the form opens; `first`: what each of them shows then."""
    steps = open_steps_of(cases)
    values = dict.fromkeys(ROW_FIELDS, "") | {"there": THERE} | dict(first or {})
    return [RowForm(case, PlainForm(dict(values), case_id=case.pk), steps[case.pk]) for case in cases]


def posted_rows(data: QueryDict, cases: Sequence[Case]) -> list[RowForm]:
    """Rows as they were sent."""
    steps = open_steps_of(cases)
    rows = []
    for case in cases:
        prefix = f"row{case.number}_"
        values = {name: clean(data.get(f"{prefix}{name}")) for name in ROW_FIELDS}
        rows.append(
            RowForm(
                case,
                PlainForm(values, case_id=case.pk),
                steps[case.pk],
                [clean(text) for text in data.getlist(f"{prefix}done")],
            )
        )
    return rows


def read_key(data: QueryDict) -> uuid.UUID:
    """The key of this form; one that nobody can have made up counts as a new one."""
    try:
        return uuid.UUID(clean(data.get("key")))
    except ValueError:
        return uuid.uuid4()


def read_moment(form: PlainForm) -> dt.datetime | None:
    """When it took place; whether each case was open then is asked of the row."""
    day = parse_day(form.values["at_date"], today=timezone.localdate(), past=True)
    time = parse_time(form.values["at_time"])
    if day is None:
        form.error("at_date", NO_DAY)
    if time is None:
        form.error("at_time", NO_TIME)
    if day is None or time is None:
        return None
    at = at_local(day, time)
    if at > timezone.now():
        form.error("at_date", "Der Kontakt kann nicht in der Zukunft liegen.")
    return at

"""Handover: whose cases, to whom, from which day on, and the rows of the preview."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from casework.actions.handovers import ClashDecision, step_field
from casework.forms.base import PoliteForm
from casework.forms.fields import DayField, at_local
from casework.models import Counsellor
from casework.models.handing_over import Clash
from jobcenter.platform.german import parse_day, parse_time
from jobcenter.platform.numbers import read_number


class PeopleField(forms.ModelChoiceField):
    """IFK by name alone, in alphabetical order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Counsellor.objects.none(), empty_label="Bitte wählen", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.last_name}, {obj.user.first_name}"


class ReceiverField(PeopleField):
    """Every active IFK of both organisations, the own one without a word beside the name (R4.2-2)."""

    organisation_id = 0

    def label_from_instance(self, obj: Any) -> str:
        name = super().label_from_instance(obj)
        return name if obj.user.organisation_id == self.organisation_id else f"{name} ({obj.user.organisation.name})"


class SelectionForm(PoliteForm):
    """Cases are chosen by alphabet, day or place of the next step, by nothing that describes a person (R3.2-1)."""

    von = PeopleField(label="Von")
    nach = ReceiverField(label="An")
    am = DayField(label="Wirksam am", help_text="heute, 30.11., +7", initial="heute")
    ab = forms.CharField(label="Nachname von", required=False, max_length=1, widget=forms.TextInput)
    bis = forms.CharField(label="bis", required=False, max_length=1, widget=forms.TextInput)
    schritt_ab = DayField(label="Nächster Schritt vom", required=False)
    schritt_bis = DayField(label="bis zum", required=False)
    ort = forms.CharField(
        label="Ort des nächsten Termins",
        required=False,
        max_length=160,
        help_text="Ein Teil genügt: der Standort oder das Zimmer.",
        widget=forms.TextInput,
    )

    def __init__(self, *args: Any, givers: QuerySet[Counsellor], organisation_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        giver, receiver = self.fields["von"], self.fields["nach"]
        assert isinstance(giver, PeopleField)  # noqa: S101  (narrows the type)
        assert isinstance(receiver, ReceiverField)  # noqa: S101
        giver.queryset = givers
        receiver.organisation_id = organisation_id
        receiver.queryset = (
            Counsellor.objects.filter(user__is_active=True, user__role_grants__role="counsellor")
            .select_related("user__organisation")
            .order_by("user__last_name", "user__first_name", "pk")
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("von") and data.get("von") == data.get("nach"):
            self.add_error("nach", "Diese IFK ist schon zuständig.")
        return data


@dataclass
class ClashRow:
    """An appointment that clashes, with what was typed about it."""

    clash: Clash
    day: str
    time: str
    stays: bool
    error: str = ""

    @property
    def decision(self) -> ClashDecision:
        """A day and time that differ from those of the appointment move it."""
        today = timezone.localdate()
        day, time = parse_day(self.day, today=today), parse_time(self.time)
        moved = at_local(day, time) if day and time else None
        if moved == self.clash.starts_at:
            moved = None
        return ClashDecision(self.clash.step_id, self.clash.version, stays=self.stays, starts_at=moved)

    @property
    def is_readable(self) -> bool:
        today = timezone.localdate()
        return parse_day(self.day, today=today) is not None and parse_time(self.time) is not None


def clash_rows(clashes: Iterable[Clash], data: Mapping[str, Any]) -> list[ClashRow]:
    """The rows of the preview: as typed, else as the appointment stands."""
    rows = []
    for clash in clashes:
        start = timezone.localtime(clash.starts_at)
        field = step_field(clash.step_id)
        rows.append(
            ClashRow(
                clash,
                day=str(data.get(f"{field}_date", f"{start:%d.%m.%Y}")),
                time=str(data.get(f"{field}_time", f"{start:%H:%M}")),
                stays=bool(data.get(f"{field}_stays")),
            )
        )
    return rows


@dataclass(frozen=True)
class Submitted:
    """What the preview sends beside the selection."""

    batch: uuid.UUID
    cases: frozenset[int]
    common: str
    notes: dict[int, str]

    def note_of(self, case_id: int) -> str:
        """The common note, and behind it what concerns this case."""
        return "\n\n".join(part.strip() for part in (self.common, self.notes.get(case_id, "")) if part.strip())


def read_submitted(data: Any) -> Submitted:
    chosen = {read_number(value) for value in data.getlist("fall")} - {None}
    try:
        batch = uuid.UUID(str(data.get("vorgang", "")))
    except ValueError:
        batch = uuid.uuid4()
    notes = {pk: str(data.get(f"notiz{pk}", "")) for pk in chosen}
    return Submitted(batch, frozenset(pk for pk in chosen if pk), str(data.get("notiz", "")), notes)  # type: ignore[arg-type]


def week_label(monday: dt.date) -> str:
    return f"{monday:%d.%m.}"

"""Working days of the week and the standing substitute, on one's own page and on the lead's."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from casework.forms.absences import StaffField
from casework.forms.base import PoliteForm
from casework.forms.fields import DayField
from casework.models import User, WorkPattern

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag")
SHORT = ("Mo", "Di", "Mi", "Do", "Fr")


def weekdays_of(total: int) -> list[int]:
    """The days (0: Monday) of a WorkPattern's sum."""
    return [number for number in range(len(WEEKDAYS)) if total >> number & 1]


def pattern_label(total: int) -> str:
    """`Mo, Di, Do` or `Montag bis Freitag`."""
    if total == WorkPattern.ALL:
        return "Montag bis Freitag"
    return ", ".join(SHORT[number] for number in weekdays_of(total))


class StandingSubstituteForm(PoliteForm):
    substitute = StaffField(label="Ständige Vertretung", empty_label="niemand", required=False)

    def __init__(self, *args: Any, substitutes: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["substitute"]
        assert isinstance(field, StaffField)  # noqa: S101  (narrows the type)
        field.queryset = substitutes


class WorkPatternForm(PoliteForm):
    weekdays = forms.TypedMultipleChoiceField(
        label="Arbeitstage",
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    since = DayField(label="Gilt ab", help_text="heute, 01.12.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekdays"].error_messages["required"] = (
            "Bitte wählen Sie mindestens einen Tag. Wer gar nicht arbeitet, ist abwesend."
        )

    @staticmethod
    def initial_of(total: int, day: dt.date | None = None) -> dict[str, Any]:
        return {"weekdays": [str(number) for number in weekdays_of(total)], "since": day or timezone.localdate()}

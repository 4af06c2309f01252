"""Form fields that read dates and times as counsellors type them."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from jobcenter.platform.german import parse_day, parse_time


class DayField(forms.Field):
    """A day as text: `30.11.`, `+7`, `heute`. With `past`, a day without a year lies behind us."""

    widget = forms.TextInput

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        self.past = past
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return value or None
        day = parse_day(str(value), today=timezone.localdate(), past=self.past)
        if day is None:
            raise forms.ValidationError("Bitte schreiben Sie den Tag so: 30.11.2026.")
        return day

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else value


class ClockField(forms.Field):
    """A time of day as text: `10:30`, `1030`."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> dt.time | None:
        if value in self.empty_values or isinstance(value, dt.time):
            return value or None
        time = parse_time(str(value))
        if time is None:
            raise forms.ValidationError("Bitte schreiben Sie die Uhrzeit so: 10:30.")
        return time

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value


def at_local(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment of a local day and time in Göttingen."""
    return timezone.make_aware(dt.datetime.combine(day, time))

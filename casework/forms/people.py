"""What is known of a person beside name and birth date: all of it optional (R3.3-2)."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from casework.actions import NewDetail
from casework.enums import DetailKind, DetailOrigin
from casework.forms.base import PoliteForm
from casework.forms.fields import DayField
from casework.models import Client
from casework.models.search import parse_birth_date

EARLIEST_BIRTH = dt.date(1900, 1, 1)


class BirthDateField(DayField):
    """A birth date with its whole year; `4.3.91` is asked back and not guessed."""

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return value or None
        day = parse_birth_date(str(value))
        if day is None or day < EARLIEST_BIRTH:
            raise forms.ValidationError("Bitte schreiben Sie das Geburtsdatum so: 04.03.1991.")
        if day > timezone.localdate():
            raise forms.ValidationError("Das Geburtsdatum liegt in der Zukunft.")
        return day


def plain_input(max_length: int, **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "maxlength": max_length, **attrs})


class PersonFields(PoliteForm):
    """Name and birth date, as the opening of a case and the master data ask for them."""

    family_name = forms.CharField(label="Familienname", max_length=120, widget=plain_input(120))
    given_name = forms.CharField(label="Vorname", max_length=120, widget=plain_input(120))
    birth_date = BirthDateField(label="Geburtsdatum", help_text="so: 04.03.1991")
    preferred_name = forms.CharField(
        label="Möchte genannt werden", max_length=120, required=False, widget=plain_input(120)
    )
    external_ref = forms.CharField(
        label="Nummer im führenden Fachverfahren", max_length=40, required=False, widget=plain_input(40)
    )


class ClientForm(PersonFields):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def changes(self, client: Client) -> dict[str, object]:
        """The columns that differ from what stands."""
        wanted = {name: self.cleaned_data[name] for name in PersonFields.base_fields}
        wanted["external_ref"] = wanted["external_ref"] or None
        return {name: value for name, value in wanted.items() if getattr(client, name) != value}


class DetailForm(PoliteForm):
    kind = forms.ChoiceField(label="Angabe", choices=[("", "Bitte wählen"), *DetailKind.choices])
    text = forms.CharField(label="Inhalt", max_length=300, widget=plain_input(300))
    origin = forms.ChoiceField(label="Herkunft", choices=DetailOrigin.choices)

    def detail(self) -> NewDetail:
        data = self.cleaned_data
        return NewDetail(DetailKind(data["kind"]), data["text"], DetailOrigin(data["origin"]))


class EmploymentForm(PoliteForm):
    started_on = DayField(label="Beginn", help_text="so: 01.12.2026; auch ein künftiger Tag")
    text = forms.CharField(
        label="Tätigkeit oder Ausbildung",
        max_length=300,
        required=False,
        help_text="ein paar Worte",
        widget=plain_input(300),
    )

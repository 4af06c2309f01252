""" "Zugriff mit Anlass": what is asked before, and what is typed for a colleague's case."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from casework.forms.base import PoliteForm
from casework.forms.fields import ClockField, DayField, at_local
from casework.forms.people import BirthDateField, plain_input
from casework.models import Case, ContactChannel

INCOMPLETE = "Bitte geben Sie die Fallnummer an oder Familienname, Vorname und Geburtsdatum."


class ReasonForm(PoliteForm):
    reason = forms.CharField(
        label="Anlass",
        max_length=300,
        help_text="in eigenen Worten; die zuständige IFK sieht ihn",
        widget=plain_input(300),
    )


class LookupForm(PoliteForm):
    number = forms.CharField(
        label="Fallnummer", max_length=20, required=False, help_text="so: F-26-00418", widget=plain_input(20)
    )
    family_name = forms.CharField(label="Familienname", max_length=120, required=False, widget=plain_input(120))
    given_name = forms.CharField(label="Vorname", max_length=120, required=False, widget=plain_input(120))
    birth_date = BirthDateField(label="Geburtsdatum", required=False, help_text="so: 04.03.1991")
    reason = forms.CharField(
        label="Anlass",
        max_length=300,
        help_text="in eigenen Worten, zum Beispiel: steht am Empfang; ruft an. Die zuständige IFK sieht ihn.",
        widget=plain_input(300),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named = data.get("family_name") and data.get("given_name") and data.get("birth_date")
        if not data.get("number") and not named and "birth_date" not in self.errors:
            raise forms.ValidationError(INCOMPLETE)
        return data


class VisitForm(PoliteForm):
    """A contact for a colleague's case: how, when, what. The next step stands beside it."""

    channel = forms.ModelChoiceField(
        ContactChannel.objects.none(), label="Kanal", empty_label=None, widget=forms.RadioSelect
    )
    at_date = DayField(label="Tag", past=True, help_text="heute, 20.11., 20.11.2026")
    at_time = ClockField(label="Uhrzeit", help_text="10:30")
    with_client = forms.BooleanField(label="Die Person selbst war dabei oder am Telefon", required=False, initial=True)
    text = forms.CharField(label="Besprochenes", widget=forms.Textarea(attrs={"rows": 6}))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = self.fields["channel"]
        assert isinstance(channels, forms.ModelChoiceField)  # noqa: S101  (narrows the type)
        channels.queryset = ContactChannel.objects.offered()
        now = timezone.localtime()
        self.initial.setdefault("at_date", now.date())
        self.initial.setdefault("at_time", now.time())
        self.initial.setdefault("key", uuid.uuid4())

    @property
    def at(self) -> dt.datetime:
        return at_local(self.cleaned_data["at_date"], self.cleaned_data["at_time"])


class CaseField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Case.objects.none(), empty_label="Bitte wählen", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.client.list_name} · {obj.number}"


class AdoptForm(PoliteForm):
    case = CaseField(label="Richtige Akte")

    def __init__(self, *args: Any, cases: QuerySet[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["case"]
        assert isinstance(choice, CaseField)  # noqa: S101  (narrows the type)
        choice.queryset = cases

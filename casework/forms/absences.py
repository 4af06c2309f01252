"""Absences as a team lead enters them: who, from when until when, who stands in. No reason (domain.md 12.11)."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from casework.forms.base import PoliteForm
from casework.forms.fields import DayField
from casework.models import User


class StaffField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.last_name}, {obj.first_name}"


class AbsenceForm(PoliteForm):
    user = StaffField(label="Abwesend ist", empty_label="Bitte wählen")
    first_day = DayField(label="Erster Tag", help_text="heute, 30.11.")
    last_day = DayField(label="Letzter Tag", help_text="30.11., +14")
    substitute = StaffField(label="Vertretung", empty_label="noch niemand", required=False)

    def __init__(self, *args: Any, team: QuerySet[User], substitutes: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, people in (("user", team), ("substitute", substitutes)):
            field = self.fields[name]
            assert isinstance(field, StaffField)  # noqa: S101  (narrows the type)
            field.queryset = people


class AbsenceEndForm(PoliteForm):
    last_day = DayField(label="Letzter Tag der Abwesenheit", help_text="heute, 30.11.")

"""Absences: who, from when until when, who stands in. No reason is asked (domain.md 12.11)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from casework.forms.base import PoliteForm
from casework.forms.fields import DayField
from casework.models import User

NOBODY = "nobody"


def substitutes_for(user: User) -> QuerySet[User]:
    """Whoever may stand in: each IFK and each lead of the organisation whose account is active."""
    return User.objects.may_stand_in(user.organisation_id).with_names()


class StaffField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.last_name}, {obj.first_name}"


class SubstituteField(forms.ChoiceField):
    """Somebody, the standing substitute, or on purpose nobody."""

    def offer(self, people: Iterable[User], standing: str) -> None:
        self.people = {str(person.pk): person for person in people}
        self.choices = [
            ("", standing),
            *((pk, f"{person.last_name}, {person.first_name}") for pk, person in self.people.items()),
            (NOBODY, "niemand"),
        ]


class AbsenceForm(PoliteForm):
    """`user` is asked where there is a choice: the lead enters for the team, everybody else for themselves."""

    user = StaffField(label="Abwesend ist", empty_label="Bitte wählen")
    first_day = DayField(label="Erster Tag", help_text="heute, 30.11.")
    last_day = DayField(label="Letzter Tag", help_text="30.11., +14")
    open_end = forms.BooleanField(label="Das Ende ist noch offen: bis auf Weiteres", required=False)
    substitute = SubstituteField(label="Vertretung", required=False)

    def __init__(
        self,
        *args: Any,
        people: QuerySet[User],
        substitutes: QuerySet[User],
        alone: bool,
        standing: User | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        who, substitute = self.fields["user"], self.fields["substitute"]
        assert isinstance(who, StaffField)  # noqa: S101  (narrows the type)
        assert isinstance(substitute, SubstituteField)  # noqa: S101  (narrows the type)
        who.queryset = people
        if alone:
            del self.fields["user"]
        if standing is not None:
            first = f"ständige Vertretung: {standing.full_name}"
        else:
            first = "noch niemand" if alone else "ständige Vertretung, wenn eine eingetragen ist"
        substitute.offer(substitutes, first)
        if self.data.get("open_end"):
            self.fields["last_day"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.pop("open_end", False) and data.get("last_day"):
            self.add_error("last_day", "Bitte entweder den letzten Tag nennen oder das Ende offen lassen.")
        chosen = data.get("substitute", "")
        field = self.fields["substitute"]
        assert isinstance(field, SubstituteField)  # noqa: S101  (narrows the type)
        return {**data, "substitute": field.people.get(chosen), "nobody": chosen == NOBODY}


class AbsenceEndForm(PoliteForm):
    last_day = DayField(label="Letzter Tag der Abwesenheit", help_text="heute, 30.11.")


class NameSubstituteForm(PoliteForm):
    substitute = StaffField(label="Vertretung", empty_label="Bitte wählen")

    def __init__(self, *args: Any, substitutes: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["substitute"]
        assert isinstance(field, StaffField)  # noqa: S101  (narrows the type)
        field.queryset = substitutes

"""Opening a case and taking one up again: a person, who is responsible, the first next step; nothing else is asked."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from casework.actions import NewClient, NewDetail
from casework.enums import ClosingReason, DetailKind, DetailOrigin
from casework.forms.base import PoliteForm
from casework.forms.people import PersonFields, plain_input
from casework.forms.steps import NEXT_FIELDS, PlainForm, values_of
from casework.models import Counsellor, User


class CounsellorField(forms.ModelChoiceField):
    """Every active IFK of the organisation, of either kind, by name alone (R4.2-2, R4.2-3)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Counsellor.objects.none(), empty_label="Bitte wählen", **kwargs)

    def offer_those_of(self, organisation_id: int) -> None:
        self.queryset = Counsellor.objects.available_in(organisation_id)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.last_name}, {obj.user.first_name}"


def first_step_of(data: Mapping[str, Any]) -> PlainForm:
    """The part "Wie geht es weiter?" of a form that begins a case; nothing in it is filled in for anybody."""
    return PlainForm(values_of(data, (*NEXT_FIELDS, "next_place")))


class OpeningForm(PersonFields):
    counsellor = CounsellorField(label="Zuständige IFK")
    other_person = forms.BooleanField(label="Es ist eine andere Person", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counsellors = self.fields["counsellor"]
        assert isinstance(counsellors, CounsellorField)  # noqa: S101  (narrows the type)
        counsellors.offer_those_of(user.organisation_id)
        self.initial.setdefault("key", uuid.uuid4())
        self.initial.setdefault("revision", 0)
        self.initial.setdefault("counsellor", user.pk)  # chosen when the user is an IFK; else nothing fits
        for kind in DetailKind:
            self.fields[f"detail_{kind}"] = forms.CharField(
                label=kind.label, max_length=300, required=False, widget=plain_input(300)
            )
            self.fields[f"origin_{kind}"] = forms.ChoiceField(
                label=f"Herkunft: {kind.label}", choices=DetailOrigin.choices, required=False
            )

    @property
    def detail_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"detail_{kind}"], self[f"origin_{kind}"]) for kind in DetailKind]

    @property
    def details_open(self) -> bool:
        """Something is written in the folded part, or is to be mended there."""
        folded = [self["preferred_name"], self["external_ref"], *(text for text, _ in self.detail_pairs)]
        return any(field.value() or field.errors for field in folded)

    def renew_key(self) -> None:
        """Let the next submit stand for itself."""
        self.data = {**dict(self.data.items()), "key": str(uuid.uuid4())}

    def person(self) -> NewClient:
        data = self.cleaned_data
        return NewClient(
            family_name=data["family_name"],
            given_name=data["given_name"],
            birth_date=data["birth_date"],
            preferred_name=data["preferred_name"],
            external_ref=data["external_ref"] or None,
            details=tuple(
                NewDetail(kind, text, DetailOrigin(data[f"origin_{kind}"] or DetailOrigin.PERSON))
                for kind in DetailKind
                if (text := data[f"detail_{kind}"])
            ),
        )


class ParticipationForm(PoliteForm):
    """A further IFK; nobody is suggested."""

    counsellor = CounsellorField(label="Weitere IFK")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counsellors = self.fields["counsellor"]
        assert isinstance(counsellors, CounsellorField)  # noqa: S101  (narrows the type)
        counsellors.offer_those_of(user.organisation_id)


class AssignmentForm(ParticipationForm):
    """Who is responsible from now on; nobody is suggested."""

    counsellor = CounsellorField(label="Zuständige IFK")
    note = forms.CharField(
        label="Übergabenotiz",
        required=False,
        help_text="Was die neue zuständige IFK zuerst wissen muss. Die Notiz steht im Verlauf.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ResumeForm(ParticipationForm):
    counsellor = CounsellorField(label="Zuständige IFK")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.initial.setdefault("counsellor", user.pk)  # chosen when the user is an IFK; else nothing fits


class EndForm(PoliteForm):
    reason = forms.ChoiceField(
        label="Grund",
        choices=ClosingReason.choices,
        widget=forms.RadioSelect,
        help_text="Bei „verstorben“ gehen keine Schreiben mehr hinaus.",
    )
    text = forms.CharField(label="Anmerkung", required=False, widget=forms.Textarea(attrs={"rows": 3}))

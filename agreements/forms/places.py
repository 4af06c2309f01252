"""An entry in the directory of the Sozialraum: two fields are enough."""

from typing import Any

from django import forms

from agreements.models import SocialPlace, SocialSpace
from casework.forms.base import PoliteForm
from casework.forms.people import plain_input

FIELDS = ("name", "space", "what", "reach")


class PlaceForm(PoliteForm):
    name = forms.CharField(
        label="Name",
        max_length=160,
        help_text="wie der Ort oder Verein sich nennt; keine Namen von Privatpersonen",
        widget=plain_input(160),
    )
    space = forms.ModelChoiceField(SocialSpace.objects.none(), label="Sozialraum", empty_label="Bitte wählen")
    what = forms.CharField(
        label="Was gibt es dort?",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 600}),
    )
    reach = forms.CharField(
        label="Wie kommt man hin, wen erreicht man?",
        max_length=600,
        required=False,
        help_text="Adresse, Haltestelle, Öffnungszeiten, Nummer der Stelle; keine Nummern von Privatpersonen",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 600}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, place: SocialPlace | None = None, **kwargs: Any) -> None:
        if place is not None:
            kwargs.setdefault("initial", {**values_of(place), "version": place.version})
        super().__init__(*args, **kwargs)
        spaces = SocialSpace.objects.filter(active=True)
        if place is not None:
            spaces = spaces | SocialSpace.objects.filter(pk=place.space_id)
        field = self.fields["space"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (narrows the type)
        field.queryset = spaces

    def entry(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    def changes(self, place: SocialPlace) -> dict[str, Any]:
        """The columns that differ from what stands."""
        return {name: value for name, value in self.entry().items() if getattr(place, name) != value}


def values_of(place: SocialPlace) -> dict[str, Any]:
    return {"name": place.name, "space": place.space_id, "what": place.what, "reach": place.reach}

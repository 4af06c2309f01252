"""What the person chooses to have printed. Will and own resources are theirs: nothing of it is preselected."""

from collections.abc import Mapping
from typing import Any

from django import forms

from agreements.enums import SheetPart
from agreements.models import SheetWording
from casework.forms.base import PoliteForm


class HandoutForm(PoliteForm):
    """`offered`: what could be printed, in a few words."""

    parts = forms.MultipleChoiceField(
        label="Was soll auf dem Blatt stehen?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Das Ziel, die Taktung und der Rückblick stehen immer darauf. Die Person entscheidet, was dazukommt.",
    )
    language = forms.ChoiceField(label="Überschriften in einer zweiten Sprache", required=False)
    agreement = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: Mapping[SheetPart, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = SheetWording.objects.filter(active=True).exclude(language="de").values_list("language", "name")
        for name, choices in (
            ("parts", [(part.value, f"{PART_LABELS[part]}: {content}") for part, content in offered.items()]),
            ("language", [("", "nur Deutsch"), *languages]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (narrows the type)
            field.choices = choices


PART_LABELS = {
    SheetPart.WILL: "der eigene Wille",
    SheetPart.RESOURCES: "die eigenen Ressourcen und gewählte Angebote",
    SheetPart.STEPS: "die Schritte",
}

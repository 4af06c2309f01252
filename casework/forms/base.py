"""What the forms of this app share: a short sentence where something is missing."""

from typing import Any

from django import forms


class PoliteForm(forms.Form):
    """Asks for what is missing instead of calling it mandatory."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField)
            field.error_messages["required"] = "Bitte wählen." if chosen else "Bitte ausfüllen."

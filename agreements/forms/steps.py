"""What came of a step: one of three, and own words where they are needed."""

from typing import Any

from django import forms

from agreements.enums import Outcome
from casework.forms.base import PoliteForm


class OutcomeForm(PoliteForm):
    outcome = forms.ChoiceField(
        label="Was wurde daraus?", choices=Outcome.choices, widget=forms.RadioSelect(attrs={"data-focus": True})
    )
    text = forms.CharField(
        label="In eigenen Worten",
        max_length=1000,
        required=False,
        help_text="nötig bei „anders gekommen“: Wie kam es, und was heißt das für die nächsten Schritte?",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == Outcome.DIFFERENT and not data.get("text") and "text" not in self.errors:
            self.add_error("text", "Bitte schreiben Sie, wie es gekommen ist.")
        return data

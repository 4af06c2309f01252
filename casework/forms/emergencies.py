"""What is asked before a file is read in an emergency."""

from typing import Any

from django import forms

from casework.enums import EmergencyReason
from casework.forms.base import PoliteForm
from casework.forms.people import plain_input
from casework.models import EmergencyAccess, User

WRONG_PASSWORD = "Das Passwort stimmt nicht."  # noqa: S105  (a sentence)


class EmergencyForm(PoliteForm):
    """Case, occasion, a worded reason, and the own password once more."""

    number = forms.CharField(label="Fallnummer", max_length=20, help_text="so: F-26-00418", widget=plain_input(20))
    reason_class = forms.ChoiceField(label="Anlass", choices=EmergencyReason.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Begründung",
        max_length=500,
        help_text="mindestens 20 Zeichen; der Datenschutz liest sie",
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
    )
    password = forms.CharField(
        label="Ihr Passwort",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"]).strip()
        if len(reason) < EmergencyAccess.SHORTEST_REASON:
            raise forms.ValidationError(
                f"Bitte begründen Sie den Notzugriff mit mindestens {EmergencyAccess.SHORTEST_REASON} Zeichen; "
                f"es {'ist' if len(reason) == 1 else 'sind'} {len(reason)}."
            )
        return reason

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError(WRONG_PASSWORD, code="wrong")
        return password

    @property
    def has_wrong_password(self) -> bool:
        return self.has_error("password", "wrong")

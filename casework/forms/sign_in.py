"""Codes as people type them."""

from typing import Any

from django import forms

from casework.forms.base import PoliteForm


class CodeForm(PoliteForm):
    """A code of the app, or a recovery code; spaces and dashes mean nothing."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "data-focus": ""}),
    )

    def __init__(self, *args: Any, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = help_text


class AppForm(CodeForm):
    """Set up an app: the sealed secret that the page has shown, and a code that proves the app knows it."""

    sealed = forms.CharField(max_length=1000, widget=forms.HiddenInput)

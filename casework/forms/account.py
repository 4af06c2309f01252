"""What everybody sets for themselves."""

from django import forms

from casework.forms.base import PoliteForm


class SettingsForm(PoliteForm):
    theme = forms.ChoiceField(
        label="Darstellung",
        choices=[("system", "wie im System eingestellt"), ("light", "hell"), ("dark", "dunkel")],
        widget=forms.RadioSelect,
    )
    shortcuts_enabled = forms.BooleanField(
        label="Tastenkürzel verwenden",
        required=False,
        help_text="Einzelne Tasten wie g oder j. Ohne sie bleibt alles mit der Tabulatortaste erreichbar.",
    )

"""What everybody sets for themselves."""

from typing import Any

from django import forms

from casework.forms.base import PoliteForm

REMINDERS = (
    "An Arbeitstagen ab 6:30 Uhr kommt eine E-Mail an Ihre dienstliche Adresse, solange bei Ihnen oder in Vertretung "
    "etwas überfällig ist: nur die Anzahl und ein Link, keine Namen. Mit dem Haken nennt sie auch, wie viel heute "
    "ansteht, und kommt auch dann, wenn nichts überfällig ist. Sind Sie als abwesend eingetragen, bekommt Ihre "
    "Vertretung sie."
)
REMINDERS_OF_THE_TEAM = (
    " Was im Team länger überfällig ist, erfährt die Teamleitung einmal in der Woche, auch das nur als Anzahl."
)


class SettingsForm(PoliteForm):
    """Reminders only for who works on cases: nobody else gets any."""

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
    remind_of_today = forms.BooleanField(
        label="Morgens auch an das erinnern, was heute ansteht", required=False, help_text=REMINDERS
    )

    def __init__(self, *args: Any, is_reminded: bool, leads: bool, ladder: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_reminded:
            del self.fields["remind_of_today"]
        else:
            told = REMINDERS + REMINDERS_OF_THE_TEAM if leads else REMINDERS
            self.fields["remind_of_today"].help_text = " ".join([told, *ladder])

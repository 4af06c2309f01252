"""Texts that are added to a file, and the reason for taking one out."""

from django import forms

from casework.forms.base import PoliteForm
from casework.forms.people import plain_input


class AddendumForm(PoliteForm):
    text = forms.CharField(label="Nachtrag", widget=forms.Textarea(attrs={"rows": 5}))
    reason = forms.CharField(
        label="Anlass des Nachtrags",
        max_length=300,
        help_text="zum Beispiel: Berichtigung auf Wunsch der Person",
        widget=plain_input(300),
    )


class FileNoteForm(PoliteForm):
    text = forms.CharField(
        label="Notiz",
        help_text="Ein Schreiben kam, ein Anruf wurde nicht angenommen, etwas wurde erledigt. "
        "Was mit der Person besprochen wurde, gehört in ein Gespräch.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class WithdrawForm(PoliteForm):
    reason = forms.CharField(
        label="Grund",
        max_length=300,
        help_text="steht beim Vermerk in dieser Akte; bitte nichts über die andere Person",
        widget=plain_input(300),
    )

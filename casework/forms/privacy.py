"""What the data protection officer looks for."""

from django import forms

from casework.forms.base import PoliteForm
from casework.forms.people import plain_input


class CaseNumberForm(PoliteForm):
    number = forms.CharField(label="Fallnummer", max_length=20, help_text="so: F-26-00418", widget=plain_input(20))

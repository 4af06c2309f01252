"""New people: who they are and since when; to whom they are assigned, and the first next step."""

from typing import Any

from django import forms
from django.utils import timezone

from casework.actions import NewClient
from casework.forms.base import PoliteForm
from casework.forms.fields import DayField
from casework.forms.opening import CounsellorField
from casework.forms.people import PersonFields
from casework.models import Team, User


class IntakeForm(PersonFields):
    """Name, birth date and the day of arrival; nothing else is asked before the first talk (R3.3-2)."""

    arrived_on = DayField(label="Da seit", past=True, help_text="heute, gestern, 20.11.")
    team = forms.ModelChoiceField(Team.objects.none(), label="Für das Team", required=False, empty_label="noch offen")
    other_person = forms.BooleanField(label="Es ist eine andere Person", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = self.fields["team"]
        assert isinstance(teams, forms.ModelChoiceField)  # noqa: S101  (narrows the type)
        teams.queryset = Team.objects.filter(organisation=user.organisation_id).order_by("name")
        self.initial.setdefault("arrived_on", timezone.localdate())
        self.initial.setdefault("team", user.team_id)

    def person(self) -> NewClient:
        data = self.cleaned_data
        return NewClient(
            family_name=data["family_name"],
            given_name=data["given_name"],
            birth_date=data["birth_date"],
            preferred_name=data["preferred_name"],
            external_ref=data["external_ref"] or None,
        )


class IntakeAssignForm(PoliteForm):
    counsellor = CounsellorField(label="Zuständige IFK")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counsellors = self.fields["counsellor"]
        assert isinstance(counsellors, CounsellorField)  # noqa: S101  (narrows the type)
        counsellors.offer_those_of(user.organisation_id)


class IntakeWithdrawForm(PoliteForm):
    reason = forms.CharField(
        label="Grund",
        max_length=200,
        help_text="Zum Beispiel: doppelt eingetragen, kommt nicht. Ohne Angaben über die Person.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 200}),
    )

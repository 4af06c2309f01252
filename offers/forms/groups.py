"""Forms about groups of the Jobakademie. What is said of each person is read by `casework.forms.together`."""

from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from casework.forms.base import PoliteForm
from casework.forms.fields import ClockField, DayField
from casework.models import Counsellor, User
from jobcenter.platform.workdays import day_label
from offers.actions.groups import Pattern, trainers_of_the_house
from offers.models import Group, Offer, OfferVersion

WEEKDAYS = [("0", "Montag"), ("1", "Dienstag"), ("2", "Mittwoch"), ("3", "Donnerstag"), ("4", "Freitag")]


class TrainersField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.last_name}, {obj.user.first_name}"


class TrainerField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.last_name}, {obj.user.first_name}"


class OfferField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.current_name)


class GroupField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {day_label(obj.starts_on)} bis {day_label(obj.ends_on)}"


def immediate_offers() -> QuerySet[Offer]:
    """Offers of the house that are open from day one and can be chosen today."""
    today = timezone.localdate()
    names = OfferVersion.objects.filter(
        offer=OuterRef("pk"),
        published_at__isnull=False,
        superseded_at=None,
        valid_from__lte=today,
        valid_to__gte=today,
    ).values("name")[:1]
    return (
        Offer.objects.filter(immediate=True, withdrawn_at=None)
        .annotate(current_name=Subquery(names))
        .filter(current_name__isnull=False)
        .order_by("current_name")
    )


class GroupForm(PoliteForm):
    """A group with its pattern of dates; single dates follow on its page."""

    name = forms.CharField(label="Name der Gruppe", max_length=120)
    offer = OfferField(label="Angebot", queryset=Offer.objects.none(), empty_label="Bitte wählen")
    place = forms.CharField(label="Ort", max_length=160, required=False)
    starts_on = DayField(label="Beginnt am", help_text="heute, 30.11.")
    ends_on = DayField(label="Endet am", help_text="30.11., +8w")
    weekdays = forms.MultipleChoiceField(
        label="An welchen Tagen?",
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Feiertage und Tage, an denen das Haus geschlossen ist, fallen aus.",
    )
    time = ClockField(label="Um wie viel Uhr?", help_text="9:00", required=False)
    trainers = TrainersField(
        label="Wer leitet die Gruppe?", queryset=Counsellor.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"].queryset = immediate_offers()  # type: ignore[attr-defined]
        self.fields["trainers"].queryset = trainers_of_the_house(user.organisation_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("weekdays") and not data.get("time") and "time" not in self.errors:
            self.add_error("time", "Bitte nennen Sie die Uhrzeit der Termine.")
        return data

    def pattern(self) -> Pattern | None:
        days = frozenset(int(day) for day in self.cleaned_data["weekdays"])
        return Pattern(days, self.cleaned_data["time"]) if days else None


class DateForm(PoliteForm):
    """A single date beside the pattern."""

    date_day = DayField(label="Tag", help_text="30.11., +7")
    date_time = ClockField(label="Uhrzeit", help_text="9:00")
    subject = forms.CharField(label="Thema", max_length=200, required=False)
    place = forms.CharField(label="Ort", max_length=160, required=False, help_text="sonst der Ort der Gruppe")
    saturday_ok = forms.BooleanField(label="Der Termin soll an einem Samstag sein.", required=False)


class TrainerForm(PoliteForm):
    trainers = TrainerField(label="Wer kommt dazu?", queryset=Counsellor.objects.none(), empty_label="Bitte wählen")

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = trainers_of_the_house(group.organisation_id)
        leading = group.trainers.values("counsellor")
        self.fields["trainers"].queryset = possible.exclude(pk__in=leading)  # type: ignore[attr-defined]


class JoinForm(PoliteForm):
    group = GroupField(label="Gruppe", queryset=Group.objects.none(), empty_label=None, widget=forms.RadioSelect)

    def __init__(self, *args: Any, groups: QuerySet[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]

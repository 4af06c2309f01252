"""Forms of a chosen offer. Taking a choice back has none: there is no place for a reason (R4.4-3)."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from casework.actions import NewStep, RuleBroken, check_day
from casework.actions.steps import FURTHEST_AHEAD
from casework.enums import FollowUpKind
from casework.forms.base import PoliteForm
from casework.forms.fields import DayField
from casework.forms.people import plain_input
from casework.models import FollowUp
from casework.models.presence import Presence
from jobcenter.platform.workdays import day_label
from offers.models import Provider
from offers.models.description import cut, plain

DAY_HINT = "30.11., +14"
BEFORE_THE_END = dt.timedelta(days=7)
EVERY_DAY = Presence((), (), frozenset())
STEP_FIELDS = ("step", "next_date", "next_subject")


class IntentForm(PoliteForm):
    """The Absicht in own words: empty, without a proposal and without a list to pick from (R4.4-8)."""

    text = forms.CharField(
        label="Mit welcher Absicht?",
        max_length=2000,
        help_text="Was soll dieses Angebot jetzt für das Ziel der Person leisten? In eigenen Worten.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )


def step_subject(name: str) -> str:
    return f"Vor dem Ende von „{cut(name, 200)}“: Wie geht es weiter?"


def day_before_the_end(until: dt.date | None, presence: Presence = EVERY_DAY) -> dt.date | None:
    """About a week before the last day, on a day of the IFK ahead of us; None where no such day is left (R4.4-9).

    Where the IFK is not there from then on until the end, the last day before that; where neither, a working day of
    the house, for who stands in: nothing ends unseen.
    """
    if until is None:
        return None
    today = timezone.localdate()
    week_before = max(until - BEFORE_THE_END, today + dt.timedelta(days=1))
    if week_before > until:
        return None
    if week_before - today > FURTHEST_AHEAD:  # no plan: `check_day` says so
        return week_before
    day = presence.next_day(week_before)
    if day <= until:
        return day
    house = Presence((), (), presence.closed_days).next_day(week_before)
    return presence.last_day(week_before, after=today) or (house if house <= until else None)


class BeforeTheEndForm(PoliteForm):
    """The last planned day, and the Wiedervorlage before it: proposed from the dates alone, left out at will."""

    planned_until = DayField(label="Geplant bis", required=False, help_text=DAY_HINT)
    step = forms.BooleanField(
        label="Vor dem Ende auf Wiedervorlage legen",
        required=False,
        help_text="Ohne eigenen Tag etwa eine Woche vor dem letzten. Ist der letzte Tag offen, wird nichts vorgelegt.",
    )
    next_date = DayField(label="Wiedervorlage am", required=False, help_text=DAY_HINT)
    next_subject = forms.CharField(label="Worum geht es?", required=False, max_length=300, widget=plain_input(300))

    def __init__(
        self, *args: Any, name: str, presence: Presence, until: dt.date | None, is_set: bool, **kwargs: Any
    ) -> None:
        """`presence`: the days of the responsible IFK; `until`: the last day known so far; `is_set`: a Wiedervorlage
        before the end stands already."""
        self.presence = presence
        self.proposed = day_before_the_end(until, presence)
        kwargs["initial"] = {
            "planned_until": until,
            "step": not is_set,
            "next_date": self.proposed,
            "next_subject": step_subject(name),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """A day that was left as proposed follows the last day where that was changed."""
        data = super().clean() or {}
        if not data.get("step") or "planned_until" in self.errors or "next_date" in self.errors:
            return data
        day = data.get("next_date")
        if day is None or day == self.proposed:
            data["next_date"] = day_before_the_end(data.get("planned_until"), self.presence)
        if data["next_date"]:
            self.check_step(data["next_date"], str(data.get("next_subject") or ""))
        return data

    def check_step(self, day: dt.date, subject: str) -> None:
        """Say beside the fields what does not hold, with the next working day; the action asks again."""
        try:
            check_day(FollowUpKind.REMINDER, day, today=timezone.localdate(), closed_days=self.presence.closed_days)
        except RuleBroken as refused:
            offered = refused.suggestion and self.presence.next_day(refused.suggestion)
            instead = f" Nächster Arbeitstag: {day_label(offered)}." if offered else ""
            self.add_error("next_date", f"{refused.message}{instead}")
        if not subject and "next_subject" not in self.errors:
            self.add_error("next_subject", "Bitte schreiben Sie, worum es geht.")

    @property
    def next_step(self) -> NewStep | None:
        data = self.cleaned_data
        if not data["step"] or not data["next_date"]:
            return None
        return NewStep(FollowUpKind.REMINDER, data["next_date"], data["next_subject"])


class PlanForm(BeforeTheEndForm):
    planned_from = DayField(label="Geplant ab", help_text=DAY_HINT)
    field_order = ("planned_from", "planned_until", *STEP_FIELDS)


class StartForm(BeforeTheEndForm):
    started_on = DayField(label="Begonnen am", past=True, help_text="heute, 20.11.")
    field_order = ("started_on", "planned_until", *STEP_FIELDS)


class UntilForm(BeforeTheEndForm):
    """While it runs, the planned end alone moves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["planned_until"].required = True


class EndForm(PoliteForm):
    ended_on = DayField(label="Beendet am", past=True, help_text="heute, 20.11.")


def step_is_set(case_id: int, name: str) -> bool:
    """Whether a Wiedervorlage before the end of this offer stands in the case."""
    return FollowUp.objects.open().filter(case=case_id, subject=step_subject(name)).exists()


class ProviderField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return plain(obj.name)


class ConsentForm(PoliteForm):
    """With whom we may talk, for what, since when."""

    with_whom = forms.CharField(
        label="Mit wem?",
        max_length=200,
        help_text="Name und Stelle, zum Beispiel: Ayla Brandt, Werkhof Beispiel",
        widget=plain_input(200),
    )
    purpose = forms.CharField(
        label="Wofür?",
        max_length=600,
        help_text="Worüber gesprochen werden darf. Nichts über Gesundheit oder Diagnosen.",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 600}),
    )
    given_on = DayField(label="Seit", past=True, help_text="heute, 20.11., 20.11.2026")
    provider = ProviderField(
        Provider.objects.none(), label="Träger", required=False, empty_label="kein Träger von Angeboten"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["provider"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (narrows the type)
        field.queryset = Provider.objects.filter(ended_at=None)


class RevokeForm(PoliteForm):
    revoked_on = DayField(label="Widerrufen am", past=True, help_text="heute, 20.11.")

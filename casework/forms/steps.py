"""The part "Wie geht es weiter?" that every form shares which may end with a new next step.

Field names are those of the conversation: next, next_date, next_time, next_place, next_subject, saturday_ok,
closing_reason. The values and errors feed `templates/casework/parts/next_step.html`.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from casework.actions import EndOfCase, NewStep, Refused, RuleBroken, StandingStep, check_day
from casework.enums import ClosingReason, FollowUpKind
from casework.forms.fields import at_local
from casework.models import FollowUp
from casework.models.presence import read_presence, read_presence_of_case
from jobcenter.platform.german import parse_day, parse_time
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label, distance_label

NO_DAY = "Bitte schreiben Sie den Tag so: 30.11.2026."
NO_TIME = "Bitte schreiben Sie die Uhrzeit so: 10:30."
# A room above proposes the next date of a case: {date, text} or None. Filled when the apps are ready.
PROPOSERS: list[Callable[[int], dict[str, Any] | None]] = []
NEXT_FIELDS = ("next", "next_date", "next_time", "next_place", "next_subject", "saturday_ok", "closing_reason")


@dataclass
class PlainForm:
    """Values as typed and sentences beside the fields; nothing typed is ever lost."""

    values: dict[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)
    conflict: str = ""
    ask_saturday: bool = False
    suggestion: dt.date | None = None
    day: str = ""
    key: str = ""
    version: str = ""
    revision: int = 0
    participants: list[dict[str, str]] = field(default_factory=list)
    saved_at: dt.datetime | None = None
    draft_id: int | None = None
    data: dict[str, list[str]] = field(default_factory=dict)  # the whole form, for the rooms above
    standing: Any = None  # what holds in the case, read once
    case_id: int = 0  # a refused day is refused with the next one on which the IFK of this case is there
    counsellor_id: int = 0  # the same, for a case that does not stand yet

    def error(self, name: str, sentence: str) -> None:
        self.errors.setdefault(name or "non_field", []).append(sentence)

    def refuse(self, refused: Refused) -> None:
        """Put what an action refused beside its field."""
        if isinstance(refused, RuleBroken):
            self.suggest(refused)
            if refused.field == "saturday_ok":
                self.ask_saturday = True
        else:
            self.conflict = refused.message
        self.error(refused.field, refused.message)

    def suggest(self, refused: RuleBroken) -> None:
        if refused.suggestion is not None:
            day = refused.suggestion
            if self.case_id:
                day = read_presence_of_case(self.case_id, day).next_day(day)
            elif self.counsellor_id:
                day = read_presence(self.counsellor_id, day).next_day(day)
            self.suggestion = day
            refused.message += f" Nächster Arbeitstag: {day_label(day)}."

    @property
    def status(self) -> int:
        """200 as it came, 422 for what the form can mend, 409 when somebody else was first."""
        if self.conflict:
            return 409
        return 422 if self.errors else 200

    def summary(self, prefix: str = "") -> list[dict[str, str]]:
        """All sentences with the element to jump to."""
        return [
            {"id": f"id_{prefix}{name}" if name != "non_field" else "", "text": sentence}
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]


def clean(text: object) -> str:
    """Text as PostgreSQL can hold it: without NUL, which no keyboard types."""
    return str(text or "").replace("\x00", "")


def values_of(data: QueryDict | Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    """The typed text of each field; a missing one is empty."""
    return {name: clean(data.get(name)) for name in names}


def read_next_step(
    form: PlainForm, *, allow_standing: bool = True, may_close: bool = False
) -> NewStep | StandingStep | EndOfCase | None:
    """Read the next step from the form's values; None and sentences in `form.errors` when it does not hold."""
    values = form.values
    choice = values["next"]
    if choice.startswith("standing-") and allow_standing:
        number = read_number(choice.removeprefix("standing-"))
        if number is not None:
            return StandingStep(number)
        form.error("next", "Dieser Schritt gehört nicht zu diesem Fall.")
        return None
    if choice == "close" and may_close:
        if values["closing_reason"] not in ClosingReason.values:
            form.error("closing_reason", "Bitte nennen Sie den Grund.")
            return None
        return EndOfCase(ClosingReason(values["closing_reason"]))
    if choice not in ("appointment", "reminder"):
        form.error(
            "next",
            "Bitte vereinbaren Sie einen Folgetermin oder setzen Sie eine Wiedervorlage: "
            "Ohne nächsten Schritt wird nichts eingetragen.",
        )
        return None
    kind = FollowUpKind.APPOINTMENT if choice == "appointment" else FollowUpKind.REMINDER
    day = read_day(form, "next_date", kind)
    starts_at = None
    if kind == FollowUpKind.APPOINTMENT:
        time = parse_time(values["next_time"])
        if time is None:
            form.error("next_time", NO_TIME if values["next_time"].strip() else "Ein Folgetermin braucht eine Uhrzeit.")
        elif day is not None:
            starts_at = at_local(day, time)
            if starts_at <= timezone.now():
                form.error("next_time", "Diese Uhrzeit ist schon vorbei.")
    if not values["next_subject"].strip():
        form.error("next_subject", "Bitte schreiben Sie, worum es geht.")
    check_length(form, "next_subject", 300)
    check_length(form, "next_place", 160)
    if day is None or form.errors.keys() & set(NEXT_FIELDS):
        return None
    return NewStep(
        kind=kind,
        due_on=day,
        subject=values["next_subject"],
        starts_at=starts_at,
        place=values.get("next_place", ""),
        saturday_confirmed=bool(values.get("saturday_ok")),
    )


def check_length(form: PlainForm, name: str, limit: int) -> None:
    """Say how long a text may be, instead of cutting what somebody wrote."""
    if len(form.values.get(name, "")) > limit:
        form.error(name, f"Bitte kürzer fassen: höchstens {limit} Zeichen.")


def read_day(form: PlainForm, name: str, kind: str, *, saturday: str = "saturday_ok") -> dt.date | None:
    """Read a day for a step and say at once why it does not do; days closed locally are the action's matter."""
    text = form.values[name]
    today = timezone.localdate()
    if not text.strip():
        form.error(name, "Bitte nennen Sie den Tag.")
        return None
    day = parse_day(text, today=today)
    if day is None:
        form.error(name, NO_DAY)
        return None
    try:
        check_day(
            kind,
            day,
            today=today,
            saturday_confirmed=bool(form.values.get(saturday)),
            field=name,
        )
    except RuleBroken as refused:
        form.refuse(refused)
        return None
    return day


def proposal_for(case_id: int) -> dict[str, Any] | None:
    """What an agreement proposes as the next date; nothing else ever does (R4.3-2)."""
    return next((found for propose in PROPOSERS if (found := propose(case_id))), None)


def step_label(step: FollowUp) -> str:
    """`Mo, 30.11.2026 10:30 Folgetermin: Rückruf gekommen?`"""
    time = f" {timezone.localtime(step.starts_at):%H:%M}" if step.starts_at else ""
    return f"{day_label(step.due_on)}{time} {step.get_kind_display()}: {step.subject}"


def standing_choices(steps: Sequence[FollowUp], *, but: int | None = None) -> list[dict[str, Any]]:
    """Future open steps that can be confirmed as the next one."""
    today = timezone.localdate()
    return [
        {"id": step.pk, "value": f"standing-{step.pk}", "label": f"{step.get_kind_display()} {when_label(step, today)}"}
        for step in steps
        if step.due_on >= today and step.pk != but
    ]


def when_label(step: FollowUp, today: dt.date) -> str:
    """`Mo, 30.11.2026 10:30 (in 8 Tagen)`"""
    time = f" {timezone.localtime(step.starts_at):%H:%M}" if step.starts_at else ""
    return f"{day_label(step.due_on)}{time} ({distance_label(step.due_on, today)})"

"""What the date field of a next step is told: who is there on the day, the next one, and how full it already is.

It concerns the responsible IFK of the case. Only days that are none for a next step at all are refused when the form
is sent (`actions.check_day`); on a free weekday or in an absence another day is offered and the typed one may stay,
because whoever stands in will have it (domain.md 8, 12.22).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils import timezone

from casework import actions
from casework.actions import RuleBroken
from casework.actions.steps import FURTHEST_AHEAD
from casework.enums import FollowUpKind
from casework.forms.steps import clean, proposal_for
from casework.models import Case, Counsellor, Substitution, User
from casework.models.presence import Load, Presence, read_load, read_presence, read_presence_of_case
from casework.permissions import can_assign_intakes
from jobcenter.platform.german import parse_day
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label, distance_label

ON_WEEKDAYS = ("montags", "dienstags", "mittwochs", "donnerstags", "freitags")


def day_url(case: Case) -> str:
    """Where the date fields of a form about one case ask."""
    return f"{reverse('casework:day_check')}?fall={case.number}"


def day_url_of(counsellor_id: int) -> str:
    """Where a date field asks about the days of an IFK to whom a case is only about to come."""
    return f"{reverse('casework:day_check')}?counsellor={counsellor_id}"


@dataclass(frozen=True)
class Responsible:
    """Whose days they are, and whether it is who asks."""

    user_id: int
    name: str
    asks: bool


def responsible_of(user: User, number: str) -> Responsible | None:
    """The responsible IFK of a case that the user may open; of any other nothing is said, as if none were named."""
    if not number:
        return None
    row = (
        Case.objects.readable_by(user)
        .filter(number=clean(number), assignments__during__upper_inf=True)
        .values_list(
            "assignments__counsellor_id",
            "assignments__counsellor__user__first_name",
            "assignments__counsellor__user__last_name",
        )
        .first()
    )
    return Responsible(row[0], f"{row[1]} {row[2]}", row[0] == user.pk) if row else None


def chosen_by(user: User, number: str) -> Responsible | None:
    """The IFK chosen for a case that does not stand yet: oneself, or for a lead anybody of the organisation.

    Of a colleague others are told nothing here: how full somebody's days are is the lead's business (R4.4-6).
    """
    pk = read_number(number)
    if pk is None or (pk != user.pk and not can_assign_intakes(user)):
        return None
    found = Counsellor.objects.available_in(user.organisation_id).filter(pk=pk).first()
    return Responsible(found.pk, found.user.full_name, found.pk == user.pk) if found else None


def chosen_id(user: User, form: Form) -> int:
    """Whose days a refused day is refused with, where the responsible IFK is chosen in the same form; 0: the house."""
    form.is_valid()
    chosen = form.cleaned_data.get("counsellor")
    return chosen.pk if chosen and (chosen.pk == user.pk or can_assign_intakes(user)) else 0


def absence_label(user_id: int, name: str, day: dt.date) -> str:
    """What somebody is told who has just set a step for an IFK who is away on its day; empty when nobody is."""
    if not read_presence(user_id, day, day).is_away(day):
        return ""
    substitute = substitute_on(Responsible(user_id, name, asks=False), day)
    who = f"; es vertritt {substitute}." if substitute else ", und niemand ist als Vertretung eingetragen."
    return f"Am {day_label(day)} ist {name} nicht da{who}"


def day_answer(user: User, text: str, number: str, counsellor: str = "") -> dict[str, Any]:
    """The context of `components/day.html` for what was typed; at most four statements, and none for no date.

    `number` names a case, `counsellor` the IFK who is chosen for one that does not stand yet.
    """
    today = timezone.localdate()
    day = parse_day(text, today=today)
    if day is None:
        return {"text": ""}
    if day - today > FURTHEST_AHEAD:  # a slip of the year: nothing is asked of such a day
        return {"text": why_refused(day, today, frozenset()).message}  # type: ignore[union-attr]
    person = responsible_of(user, number) or chosen_by(user, counsellor)
    presence = presence_of(person, max(day, today))
    refused = why_refused(day, today, presence.closed_days)
    if refused is not None:
        offered = refused.suggestion and presence.next_day(refused.suggestion)
        answer = offer(person, refused.message, "Nächster Arbeitstag", offered)
        return {**answer, "ask_saturday": refused.field == "saturday_ok"}
    if person is not None and not presence.is_there(day):
        return offer_instead(person, presence, day)
    return {"text": f"{day_label(day)} ({distance_label(day, today)}){load_on(person, day, before=': ')}"}


def presence_of(person: Responsible | None, first: dt.date) -> Presence:
    """The days of the responsible IFK, or those of the house."""
    if person is not None:
        return read_presence(person.user_id, first)
    return Presence((), (), actions.local_days(first, first + dt.timedelta(days=30)))


def why_refused(day: dt.date, today: dt.date, closed_days: frozenset[dt.date]) -> RuleBroken | None:
    try:
        actions.check_day(FollowUpKind.APPOINTMENT, day, today=today, closed_days=closed_days)
    except RuleBroken as refused:
        return refused
    return None


def offer_instead(person: Responsible, presence: Presence, day: dt.date) -> dict[str, Any]:
    """A working day of the house on which the responsible IFK is not there: said, another one offered."""
    offered = presence.next_day(day)
    absence = presence.absence_on(day)
    if absence is None:
        why = f"{person.name} arbeitet {ON_WEEKDAYS[day.weekday()]} nicht."
        return offer(person, f"{day_label(day)}: {why}", "Nächster Arbeitstag", offered)
    substitute = substitute_on(person, day)
    stands_in = f"es vertritt {substitute}" if substitute else "für den Tag ist keine Vertretung eingetragen"
    why = f"{person.name} ist {away_label(*absence)} abwesend; {stands_in}."
    return offer(person, f"{day_label(day)}: {why}", "Nächster Tag", offered if offered > day else None)


def away_label(first: dt.date, end: dt.date | None) -> str:
    """`vom 01.12.2026 bis 11.12.2026`: with the last day, not with the first one after it."""
    if end is None:
        return f"ab {first:%d.%m.%Y} bis auf Weiteres"
    last = end - dt.timedelta(days=1)
    return f"am {first:%d.%m.%Y}" if last == first else f"vom {first:%d.%m.%Y} bis {last:%d.%m.%Y}"


def substitute_on(person: Responsible, day: dt.date) -> str:
    names = Substitution.objects.in_force(day).filter(absent_user_id=person.user_id)
    row = names.values_list("substitute__first_name", "substitute__last_name").first()
    return f"{row[0]} {row[1]}" if row else ""


def offer(person: Responsible | None, sentence: str, what: str, day: dt.date | None) -> dict[str, Any]:
    """The sentence and, where there is one, the day that a button puts into the field."""
    if day is None:
        return {"text": sentence}
    return {
        "text": f"{sentence} {what}: {day_label(day)}{load_on(person, day, before=', ')}.",
        "offer": {"value": f"{day:%d.%m.%Y}", "label": f"{day_label(day)} nehmen"},
    }


def load_on(person: Responsible | None, day: dt.date, *, before: str) -> str:
    """How full the day is for the responsible IFK: numbers that help to choose, no limit and no colour."""
    if person is None:
        return ""
    load = read_load(person.user_id, day, day).get(day, Load())
    whose = "" if person.asks else f" bei {person.name}"
    return f"{before}an dem Tag{whose} {load_label(load)}"


def load_label(load: Load) -> str:
    """`3 Termine, 1 Wiedervorlage`."""
    parts = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (load.appointments, "Termin", "Termine"),
            (load.reminders, "Wiedervorlage", "Wiedervorlagen"),
        )
        if count
    ]
    return ", ".join(parts) or "noch nichts"


# --- dates that the system proposes ---


def quick_days(case: Case, today: dt.date) -> list[dict[str, str]]:
    """Whereto a step is moved by one press: days on which the responsible IFK is there."""
    presence = read_presence_of_case(case.pk, today)
    tomorrow = presence.next_day(today + dt.timedelta(days=1))
    week = presence.next_day(today + dt.timedelta(days=7))
    days = [(tomorrow, "nächster Arbeitstag")]
    if week != tomorrow:  # one day once, when nobody is there before it
        weeks = (week - today).days // 7  # more than one when nobody is there in between
        days.append((week, "in einer Woche" if weeks == 1 else f"in {weeks} Wochen"))
    return [{"value": f"{day:%d.%m.%Y}", "label": f"{label} ({day_label(day)[:-4]})"} for day, label in days]


def proposal_there(proposal: dict[str, Any] | None, case_id: int) -> dict[str, Any] | None:
    """The date that a Taktung proposes, on a day on which the responsible IFK is there; a statement only if any."""
    if proposal is None:
        return None
    day = dt.datetime.strptime(proposal["date"], "%d.%m.%Y").date()  # noqa: DTZ007  (a date, written by ourselves)
    there = read_presence_of_case(case_id, day).next_day(day)
    return {
        **proposal,
        "date": f"{there:%d.%m.%Y}",
        "text": proposal["text"].removesuffix(day_label(day)) + day_label(there),
    }


def proposal_of_case(case: Case) -> dict[str, Any] | None:
    """What an agreement proposes as the next date of a case, for forms that know the case alone."""
    return proposal_there(proposal_for(case.pk), case.pk)

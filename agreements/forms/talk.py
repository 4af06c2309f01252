"""The sections Wille, Ressourcen, Vereinbarung of a conversation: read from the form, and shown in it again.

Field names: will_life, will_text, will_activity · res<n>_text|field|place|space|used, resource_end, resources_seen ·
agreement (keep, new), ag_base, ag_goal, ag_link, as<n>_text|owner|name|due|remind|from|was, ag_rhythm, ag_review
(next, stay, date), ag_review_date, ag_review_time, ag_resource · out_<step>, out_<step>_text, out_<step>_remind.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from agreements.actions.talks import (
    REVIEW_SUBJECT,
    Agreed,
    NewAgreement,
    NewAgreementStep,
    NewOutcome,
    NewResource,
    NewWill,
)
from agreements.enums import Outcome, StepOwner
from agreements.models.state import State
from casework.actions import NewStep, StandingStep
from casework.enums import FollowUpKind
from casework.forms.fields import at_local
from casework.forms.steps import NO_DAY, NO_TIME, PlainForm
from jobcenter.platform.german import parse_day, parse_time
from jobcenter.platform.numbers import read_number

Payload = Mapping[str, list[str]]

WILL_FIELDS = ("will_life", "will_text", "will_activity")
AGREEMENT_FIELDS = ("ag_goal", "ag_link", "ag_rhythm", "ag_review", "ag_review_date", "ag_review_time", "ag_base")
LENGTHS = {
    "will_life": 2000,
    "will_text": 2000,
    "will_activity": 2000,
    "ag_goal": 4000,
    "ag_link": 2000,
    "ag_rhythm": 200,
}
ROW = re.compile(r"^(res|as)([0-9]{1,2})_text$")
OUTCOME = re.compile(r"^out_([0-9]{1,17})$")
MOST_ROWS = 40


def first(data: Payload, name: str) -> str:
    """The text of a field, without NUL; a missing one is empty."""
    values = data.get(name) or [""]
    return str(values[0] or "").replace("\x00", "")


def rows_of(data: Payload, prefix: str) -> list[int]:
    """The numbers of the rows that the form held."""
    found = {int(match[2]) for name in data if (match := ROW.match(name)) and match[1] == prefix}
    return sorted(found)[:MOST_ROWS]


def too_long(form: PlainForm, name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        form.error(name, f"Bitte kürzer fassen: höchstens {limit} Zeichen.")


# --- reading ---


def read_agreed(form: PlainForm, data: Payload, *, today: dt.date) -> Agreed:
    """What the sections hold; what does not hold stands as a sentence in `form.errors`."""
    for name, limit in LENGTHS.items():
        too_long(form, name, first(data, name), limit)
    outcomes = read_outcomes(form, data)
    renewed = first(data, "agreement") == "new"
    return Agreed(
        will=read_will(form, data),
        resources=read_resources(form, data),
        ended_resources=tuple(ids_of(data, "resource_end")),
        reviewed=bool(first(data, "resources_seen")),
        agreement=read_agreement(form, data, {o.step_id for o in outcomes}, today=today) if renewed else None,
        outcomes=tuple(outcomes),
        reminders=() if renewed else tuple(reminded(data)),
    )


def ids_of(data: Payload, name: str) -> list[int]:
    """The chosen ids of a list of boxes."""
    numbers = (read_number(value) for value in data.get(name, []))
    return list(dict.fromkeys(number for number in numbers if number is not None))


def read_will(form: PlainForm, data: Payload) -> NewWill | None:
    life, text, activity = (first(data, name) for name in WILL_FIELDS)
    if not (life + text + activity).strip():
        return None
    if not text.strip():
        form.error("will_text", "Bitte schreiben Sie auch auf, was die Person in Richtung Arbeit oder Ausbildung will.")
        return None
    return NewWill(text, activity, life)


def read_resources(form: PlainForm, data: Payload) -> tuple[NewResource, ...]:
    found = []
    for number in rows_of(data, "res"):
        row = f"res{number}"
        place = first(data, f"{row}_place")
        text = first(data, f"{row}_text").strip() or place.strip()
        if not text:
            continue
        too_long(form, f"{row}_text", text, 300)
        too_long(form, f"{row}_place", place, 160)
        found.append(
            NewResource(
                text=text,
                field_id=read_number(first(data, f"{row}_field")),
                place=place,
                space_id=read_number(first(data, f"{row}_space")),
                used=bool(first(data, f"{row}_used")),
                row=row,
            )
        )
    return tuple(found)


def read_outcomes(form: PlainForm, data: Payload) -> list[NewOutcome]:
    found = []
    for name in data:
        if not (match := OUTCOME.match(name)):
            continue
        outcome, text = first(data, name), first(data, f"{name}_text")
        too_long(form, f"{name}_text", text, 2000)
        if outcome in Outcome.values:
            found.append(NewOutcome(int(match[1]), Outcome(outcome), text))
        elif text.strip():
            form.error(name, "Bitte wählen Sie, was daraus wurde.")
    return found


def reminded(data: Payload) -> list[int]:
    """Steps of the agreement that stays, to be put before us."""
    return [int(m[1]) for name in data if (m := OUTCOME.match(name)) and first(data, f"{name}_remind")]


def read_agreement(form: PlainForm, data: Payload, settled: set[int], *, today: dt.date) -> NewAgreement:
    if not first(data, "ag_goal").strip():
        form.error("ag_goal", "Bitte schreiben Sie das Ziel in den Worten der Person auf.")
    if not first(data, "ag_link").strip():
        form.error("ag_link", "Bitte schreiben Sie, was das mit Arbeit oder Ausbildung zu tun hat.")
    steps = [
        step
        for number in rows_of(data, "as")
        if (step := read_step(form, data, f"as{number}", settled, today=today)) is not None
    ]
    if not steps and not any(name.startswith("as") for name in form.errors):
        form.error("ag_steps", "Bitte nennen Sie mindestens einen Schritt: Wer macht was?")
    return NewAgreement(
        goal=first(data, "ag_goal"),
        employment_link=first(data, "ag_link"),
        steps=tuple(steps),
        rhythm=first(data, "ag_rhythm"),
        review=read_review(form, data, today=today),
        resource_ids=tuple(pk for pk in ids_of(data, "ag_resource") if pk not in ids_of(data, "resource_end")),
        base=read_number(first(data, "ag_base")),
    )


def read_step(
    form: PlainForm, data: Payload, row: str, settled: set[int], *, today: dt.date
) -> NewAgreementStep | None:
    text, name, due = (first(data, f"{row}_{part}") for part in ("text", "name", "due"))
    if not (text + name + due).strip():
        return None
    # A step of the last version of which this form says what came of it does not go on, unless it was reworded.
    if read_number(first(data, f"{row}_from")) in settled and text.strip() == first(data, f"{row}_was").strip():
        return None
    owner = first(data, f"{row}_owner")
    if not text.strip():
        form.error(f"{row}_text", "Bitte schreiben Sie, was getan wird, oder leeren Sie die Zeile.")
    if owner not in StepOwner.values:
        form.error(f"{row}_owner", "Bitte wählen Sie, wer den Schritt macht.")
        owner = StepOwner.CLIENT
    if owner == StepOwner.OTHER and not name.strip():
        form.error(f"{row}_name", "Bitte nennen Sie, wer den Schritt macht.")
    too_long(form, f"{row}_text", text, 1000)
    too_long(form, f"{row}_name", name, 120)
    due_on = parse_day(due, today=today) if due.strip() else None
    if due.strip() and due_on is None:
        form.error(f"{row}_due", NO_DAY)
    remind = bool(first(data, f"{row}_remind"))
    if remind and not due.strip():
        form.error(f"{row}_due", "Vorlegen braucht einen Tag. Bitte nennen Sie ihn.")
    return NewAgreementStep(StepOwner(owner), text, name, due_on, remind and due_on is not None, row)


def read_review(form: PlainForm, data: Payload, *, today: dt.date) -> NewStep | StandingStep | None:
    """None: the review is the conversation's next step."""
    choice = first(data, "ag_review")
    if choice.startswith("stay-"):
        number = read_number(choice.removeprefix("stay-"))
        return StandingStep(number) if number is not None else None
    if choice != "date":
        return None
    typed, time_typed = first(data, "ag_review_date"), first(data, "ag_review_time")
    day = parse_day(typed, today=today) if typed.strip() else None
    time = parse_time(time_typed) if time_typed.strip() else None
    if day is None:
        form.error("ag_review_date", NO_DAY if typed.strip() else "Bitte nennen Sie den Tag des Rückblicks.")
    if time is None and time_typed.strip():
        form.error("ag_review_time", NO_TIME)
    if day is None:
        return None
    if time is None:
        return NewStep(FollowUpKind.REMINDER, day, REVIEW_SUBJECT)
    return NewStep(
        FollowUpKind.APPOINTMENT, day, REVIEW_SUBJECT, at_local(day, time), saturday_confirmed=day.weekday() == 5
    )


# --- showing ---


def prefill(state: State) -> dict[str, list[str]]:
    """Fortschreiben starts from the current version; a first agreement starts empty."""
    agreement = state.agreement
    if agreement is None:
        return {"agreement": ["keep"], "ag_base": [""]}
    data = {
        "agreement": ["keep"],
        "ag_base": [str(agreement["id"])],
        "ag_goal": [agreement["goal"]],
        "ag_link": [agreement["employment_link"]],
        "ag_rhythm": [agreement["rhythm"]],
        "ag_review": [f"stay-{state.review_id}" if state.review_id else "next"],
        "ag_resource": [str(row["id"]) for row in state.resources if row["used"]],
    }
    for number, step in enumerate(state.open_steps, 1):
        due = dt.date.fromisoformat(step["due_on"]) if step["due_on"] else None
        data |= {
            f"as{number}_text": [step["text"]],
            f"as{number}_owner": [step["owner"]],
            f"as{number}_name": [step["owner_name"]],
            f"as{number}_due": [f"{due:%d.%m.%Y}" if due else ""],
            f"as{number}_from": [str(step["id"])],
            f"as{number}_was": [step["text"]],
        }
    return data


def step_rows(form: PlainForm, data: Payload) -> list[dict[str, Any]]:
    """The rows of steps, and one more to write in."""
    numbers = rows_of(data, "as")
    filled = [n for n in numbers if "".join(first(data, f"as{n}_{part}") for part in ("text", "name", "due")).strip()]
    last = max(filled, default=0)
    rows = list(range(1, last + 1))
    if not rows:
        rows, last = [1], 1
    if len(rows) < MOST_ROWS:
        rows.append(last + 1)
    return [step_row(form, data, number) for number in rows]


def step_row(form: PlainForm, data: Payload, number: int) -> dict[str, Any]:
    row = f"as{number}"
    names = ("text", "owner", "name", "due", "remind", "from", "was")
    values = {name: first(data, f"{row}_{name}") for name in names}
    # The first line is the person's, the second ours: both sides do something (R2-1).
    values["owner"] = values["owner"] or (StepOwner.JOBCENTER if number == 2 else StepOwner.CLIENT)
    errors = {name: form.errors.get(f"{row}_{name}", []) for name in ("text", "owner", "name", "due")}
    return {"n": number, "values": values, "errors": errors}


def resource_rows(form: PlainForm, data: Payload) -> list[dict[str, Any]]:
    """The rows of resources, and one more to write in."""
    parts = ("text", "field", "place", "space", "used")
    filled = [n for n in rows_of(data, "res") if (first(data, f"res{n}_text") + first(data, f"res{n}_place")).strip()]
    last = max(filled, default=0)
    return [
        {
            "n": n,
            "values": {name: first(data, f"res{n}_{name}") for name in parts},
            "errors": {name: form.errors.get(f"res{n}_{name}", []) for name in ("text", "place", "space")},
        }
        for n in range(1, min(last + 1, MOST_ROWS) + 1)
    ]

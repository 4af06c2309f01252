"""The sections Wille, Ressourcen, Vereinbarung on the conversation screen, filled from the form and from what holds."""

from typing import Any

from django.utils import timezone

from agreements.enums import Outcome, StepOwner
from agreements.forms.proposals import propose_from
from agreements.forms.talk import (
    AGREEMENT_FIELDS,
    WILL_FIELDS,
    Payload,
    first,
    ids_of,
    resource_rows,
    step_rows,
)
from agreements.models.state import State
from agreements.views.wording import due_label, local_day, owner_label
from casework.forms.steps import PlainForm
from casework.models import Case, FollowUp
from casework.views.days import proposal_there
from jobcenter.platform.german import parse_day
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import day_label

LISTS = """
SELECT 'field', id, text, position FROM agreements_resourcefield WHERE active
UNION ALL
SELECT 'space', id, name, position FROM agreements_socialspace WHERE active
 ORDER BY 4, 3
"""
OUTCOMES = [{"value": outcome.value, "label": outcome.label} for outcome in Outcome]
OWNER_CHOICES = [{"value": owner.value, "label": owner.label} for owner in StepOwner]


def agreement_head(state: State) -> dict[str, Any] | None:
    """The current agreement beside the form."""
    if state.agreement is None:
        return None
    return {
        "title": f"Vereinbarung ({state.agreement['number']}. Fassung, seit {local_day(state.agreement['at'])})",
        "goal": state.agreement["goal"],
        "rhythm": state.agreement["rhythm"],
        "steps": [
            {
                "who": owner_label(step["owner"], step["owner_name"]),
                "text": step["text"],
                "due": due_label(step["due_on"]),
                "outcome": Outcome(step["outcome"]["outcome"]).label if step["outcome"] else "",
            }
            for step in state.steps
        ],
    }


def sections(form: PlainForm, data: Payload, state: State, steps: list[FollowUp], case: Case) -> dict[str, Any]:
    """The context of the three sections."""
    lists: dict[str, list[dict[str, str]]] = {"field": [], "space": []}
    for kind, pk, text, _ in read(LISTS, {}):
        lists[kind].append({"value": str(pk), "label": text})
    rows = resource_rows(form, data)
    return {
        "will": will_section(form, data, state),
        "resources": resources_section(form, data, state, rows, lists),
        "agreement": agreement_section(form, data, state, rows, steps),
        "current_agreement": agreement_head(state),
        "proposal": proposal_there(proposal(data, state), case.pk),
    }


def errors_in(form: PlainForm, *prefixes: str) -> bool:
    return any(name.startswith(prefixes) for name in form.errors)


def will_section(form: PlainForm, data: Payload, state: State) -> dict[str, Any]:
    values = {name: first(data, name) for name in WILL_FIELDS}
    current = None
    if state.will:
        own = state.will["own_activity"]
        current = {
            "title": "Wille" if own else "wird gemeinsam erkundet",
            "text": state.will["text"],
            "activity": own,
            "since": local_day(state.will["at"]),
        }
    return {
        "values": values,
        "errors": form.errors,
        "current": current,
        "open": any(values.values()) or errors_in(form, "will_"),
    }


def resources_section(
    form: PlainForm, data: Payload, state: State, rows: list[dict[str, Any]], lists: dict[str, Any]
) -> dict[str, Any]:
    ended = set(ids_of(data, "resource_end"))
    standing = [
        {
            "id": row["id"],
            "text": row["text"],
            "where": " · ".join(part for part in (row["field"], row["place"], row["space"]) if part),
            "ended": row["id"] in ended,
        }
        for row in state.resources
    ]
    for row in rows:
        row["fields"], row["spaces"] = lists["field"], lists["space"]
    seen = bool(first(data, "resources_seen"))
    return {
        "standing": standing,
        "rows": rows,
        "seen": seen,
        "errors": form.errors.get("resources", []),
        "open": seen or bool(ended) or len(rows) > 1 or errors_in(form, "res"),
    }


def agreement_section(
    form: PlainForm, data: Payload, state: State, rows: list[dict[str, Any]], steps: list[FollowUp]
) -> dict[str, Any]:
    chosen = set(ids_of(data, "ag_resource"))
    renewed = first(data, "agreement") == "new"
    review = next((step for step in steps if step.pk == state.review_id), None)
    options = [{"value": "next", "label": "zugleich beim nächsten Schritt, der unten vereinbart wird"}]
    if review is not None:
        label = f"wie bisher: {day_label(review.due_on)}, {review.subject}"
        options.insert(0, {"value": f"stay-{review.pk}", "label": label})
    options.append({"value": "date", "label": "an einem eigenen Tag"})
    values = {name: first(data, name) for name in AGREEMENT_FIELDS}
    values["ag_review"] = values["ag_review"] or options[0]["value"]
    looked_at = outcome_rows(form, data, state)
    told = any(row["outcome"] or row["remind"] for row in looked_at)
    return {
        "current": state.agreement is not None,
        "choices": [
            {"value": "keep", "label": "bleibt, wie sie ist" if state.agreement else "heute noch keine"},
            {"value": "new", "label": "fortschreiben" if state.agreement else "eine Vereinbarung schließen"},
        ],
        "choice": "new" if renewed else "keep",
        "values": values,
        "errors": form.errors,
        "rows": step_rows(form, data),
        "owners": OWNER_CHOICES,
        "reviews": options,
        "resources": [{"id": row["id"], "text": row["text"], "chosen": row["id"] in chosen} for row in state.resources],
        "new_resources": [row for row in rows if row["values"]["text"].strip()],
        "outcomes": OUTCOMES,
        "looked_at": looked_at,
        "open": renewed or told or errors_in(form, "ag", "as", "out_"),
    }


def outcome_rows(form: PlainForm, data: Payload, state: State) -> list[dict[str, Any]]:
    """The steps of the current agreement of which nothing is known yet."""
    return [
        {
            "id": step["id"],
            "label": " ".join(
                part
                for part in (
                    owner_label(step["owner"], step["owner_name"]) + ":",
                    step["text"],
                    due_label(step["due_on"]),
                )
                if part
            ),
            "outcome": first(data, f"out_{step['id']}"),
            "text": first(data, f"out_{step['id']}_text"),
            "remind": bool(first(data, f"out_{step['id']}_remind")),
            "may_remind": bool(step["due_on"]) and not step["reminded"],
            "due": due_label(step["due_on"]),
            "errors": {
                "outcome": form.errors.get(f"out_{step['id']}", []),
                "text": form.errors.get(f"out_{step['id']}_text", []),
            },
        }
        for step in state.open_steps
    ]


def proposal(data: Payload, state: State) -> dict[str, Any] | None:
    """From the wording that will hold after this talk: the new one while it is being written, else the current one."""
    if first(data, "agreement") == "new":
        rhythm = first(data, "ag_rhythm")
    else:
        rhythm = state.agreement["rhythm"] if state.agreement else ""
    return propose_from(rhythm, after=parse_day(first(data, "at_date"), today=timezone.localdate(), past=True))

"""The section Angebote of a conversation: read from the form, and shown in it again.

Field names: of<n>_id, of<n>_intent (a choice) · ofx_<choice> (taken back) · ofr_<choice>_own, ofr_<choice>_told (what
came of it) · offer_search (never kept) · demand. Buttons: find_offers, choose_offer, drop_offer.
"""

import re
from collections.abc import Mapping
from typing import Any

from casework.forms.steps import PlainForm
from jobcenter.platform.numbers import read_number
from offers.actions.talks import NO_INTENT, NO_OWN_WORDS, NewChoice, NewResult, Offered

Payload = Mapping[str, list[str]]

ROW = re.compile(r"^of([0-9]{1,2})_id$")
BACK = re.compile(r"^ofx_([0-9]{1,17})$")
RESULT = re.compile(r"^ofr_([0-9]{1,17})_(?:own|told)$")
MOST_ROWS = 12
# What was looked for says something about the person who did not choose it: it goes into no draft (R4.4-3).
NEVER_KEPT = ("offer_search", "find_offers", "choose_offer", "drop_offer")


def first(data: Payload, name: str) -> str:
    """The text of a field, without NUL; a missing one is empty."""
    values = data.get(name) or [""]
    return str(values[0] or "").replace("\x00", "")


def rows_of(data: Payload) -> list[tuple[int, int]]:
    """(row, offer) of each choice in the form."""
    found = []
    for name in data:
        if match := ROW.match(name):
            offer = read_number(first(data, name))
            if offer is not None:
                found.append((int(match[1]), offer))
    return sorted(found)[:MOST_ROWS]


def read_offered(form: PlainForm, data: Payload) -> Offered:
    """What the section holds; what does not hold stands as a sentence in `form.errors`."""
    choices = []
    for number, offer in rows_of(data):
        intent = first(data, f"of{number}_intent")
        if not intent.strip():
            form.error(f"of{number}_intent", NO_INTENT)
        too_long(form, f"of{number}_intent", intent, 2000)
        choices.append(NewChoice(offer, intent, f"of{number}"))
    results = []
    for pk in dict.fromkeys(int(match[1]) for name in data if (match := RESULT.match(name))):
        own, told = first(data, f"ofr_{pk}_own"), first(data, f"ofr_{pk}_told")
        too_long(form, f"ofr_{pk}_own", own, 4000)
        too_long(form, f"ofr_{pk}_told", told, 4000)
        if not (own + told).strip():
            continue
        if not own.strip():
            form.error(f"ofr_{pk}_own", NO_OWN_WORDS)
        results.append(NewResult(pk, own, told))
    demand = first(data, "demand")
    too_long(form, "demand", demand, 300)
    withdrawn = tuple(int(m[1]) for name in data if (m := BACK.match(name)) and first(data, name))
    return Offered(tuple(choices), withdrawn, tuple(results), demand)


def too_long(form: PlainForm, name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        form.error(name, f"Bitte kürzer fassen: höchstens {limit} Zeichen.")


def with_choice(data: Payload) -> dict[str, list[str]]:
    """The form after "wählen" or "doch nicht" beside an offer."""
    changed = {name: list(values) for name, values in data.items()}
    if (offer := read_number(first(data, "choose_offer"))) is not None:
        rows = rows_of(data)
        if offer not in {pk for _, pk in rows} and len(rows) < MOST_ROWS:
            number = max((row for row, _ in rows), default=0) + 1
            changed |= {f"of{number}_id": [str(offer)], f"of{number}_intent": [""]}
            changed["offer_search"] = [""]
    if (dropped := read_number(first(data, "drop_offer"))) is not None:
        for part in ("id", "intent"):
            changed.pop(f"of{dropped}_{part}", None)
    return changed


def choice_rows(form: PlainForm, data: Payload, names: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The chosen offers with what was typed."""
    rows = rows_of(data)
    newest = rows[-1][0] if rows else 0
    return [
        {
            "n": number,
            "intent_name": f"of{number}_intent",
            "offer_id": offer,
            "name": names[offer]["name"] if offer in names else "Dieses Angebot gibt es nicht mehr",
            "provider": names[offer]["provider"] if offer in names else "",
            "intent": first(data, f"of{number}_intent"),
            "errors": {
                "id": form.errors.get(f"of{number}_id", []),
                "intent": form.errors.get(f"of{number}_intent", []),
            },
            "focus": bool(first(data, "choose_offer")) and number == newest,
        }
        for number, offer in rows
    ]

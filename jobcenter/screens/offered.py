"""The section Angebote on the conversation screen: below the resources, and only after a look at them (R3.2-3)."""

import datetime as dt
from typing import Any

from casework.forms.steps import PlainForm
from jobcenter.platform.workdays import day_label
from offers.forms.talk import Payload, choice_rows, first, rows_of
from offers.models.search import read_offers
from offers.models.state import Offering

MOST_HITS = 6


def offers_section(form: PlainForm, data: Payload, state: Offering, *, looked: bool) -> dict[str, Any]:
    """The context of the section; `looked`: this form says that the resources were looked at."""
    rows = choice_rows(form, data, state.asked)
    standing = [standing_row(form, data, choice) for choice in state.choices]
    own = [name for name in form.errors if name.startswith(("of", "demand"))]
    searched = first(data, "offer_search").strip()
    return {
        "rows": rows,
        "standing": standing,
        "search": searched,
        "hits": hits(searched, {offer for _, offer in rows_of(data)}),
        "searched": bool(searched),
        "looked": looked or state.review_id is not None,
        "demand": first(data, "demand"),
        "demand_open": bool(first(data, "demand")) or "demand" in form.errors,
        "errors": form.errors,
        "open": bool(rows or searched or own or any(row["open"] for row in standing)),
    }


def hits(term: str, chosen: set[int]) -> list[dict[str, Any]]:
    """What the catalogue finds for the words typed, as it would for anybody: nothing of the person is asked."""
    if len(term) < 2:
        return []
    found = read_offers(term, limit=MOST_HITS)
    return [
        {"id": hit.offer_id, "name": hit.name, "provider": hit.provider, "possible": hit.possible}
        for hit in found.hits
        if hit.offer_id not in chosen
    ]


def standing_row(form: PlainForm, data: Payload, choice: dict[str, Any]) -> dict[str, Any]:
    pk = choice["id"]
    own, told = first(data, f"ofr_{pk}_own"), first(data, f"ofr_{pk}_told")
    errors = {name: form.errors.get(f"ofr_{pk}_{name}", []) for name in ("own", "told")}
    return {
        "id": pk,
        "key": str(pk),
        "name": choice["name"],
        "intent": choice["intent"],
        "state": participation_label(choice),
        "may_withdraw": not choice["ended_at"],
        "back": bool(first(data, f"ofx_{pk}")),
        "own": own,
        "told": told,
        "errors": errors,
        "open": bool(own or told or errors["own"] or errors["told"]),
    }


def participation_label(choice: dict[str, Any]) -> str:
    """`nimmt teil seit Mo, 02.11.2026`; empty while nothing is planned."""
    for column, words in (
        ("ended_on", "beendet am"),
        ("started_on", "nimmt teil seit"),
        ("planned_from", "geplant ab"),
    ):
        if choice[column]:
            return f"{words} {day_label(dt.date.fromisoformat(choice[column]))}"
    return ""


def consent_rows(state: Offering) -> list[dict[str, str]]:
    """With whom we may talk, beside every talk with a third party."""
    return [
        {
            "with_whom": consent["with_whom"],
            "purpose": consent["purpose"],
            "since": day_label(dt.date.fromisoformat(consent["given_on"])),
        }
        for consent in state.consents
    ]

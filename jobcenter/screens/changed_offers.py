"""Heute: offers that people have chosen and that have changed since, one row a choice."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jobcenter.platform.workdays import day_label
from offers.enums import OfferEventKind
from offers.models.changes import read_changes
from offers.models.description import cut, plain

WORDS = {
    OfferEventKind.PUBLISHED: "neu beschrieben",
    OfferEventKind.WITHDRAWN: "zurückgezogen",
    OfferEventKind.NOTICE: "Hinweis geändert",
    OfferEventKind.POSSIBLE: "zurzeit wieder möglich",
    OfferEventKind.NOT_POSSIBLE: "zurzeit nicht möglich",
    OfferEventKind.CONTACT: "Ansprechperson geändert",
}
ENTRIES = 4  # of one choice; the offer itself says the rest
LONGEST_NOTICE = 160


def changed_offers(user_id: int, now: dt.datetime) -> list[dict[str, Any]]:
    """One row a choice: whose, which offer, what changed and when."""
    rows: dict[int, dict[str, Any]] = {}
    for change in read_changes(user_id, now):
        if change.choice_id not in rows:
            rows[change.choice_id] = {
                "name": f"{change.family_name}, {change.given_name}",
                "number": change.case_number,
                "file_url": f"/faelle/{change.case_number}/",
                "offer": plain(change.offer_name),
                "offer_url": reverse("offers:offer", args=[change.offer_id]),
                "seen_url": reverse("offers:choice_seen", args=[change.case_number, change.choice_id]),
                "entries": {},
            }
        entries = rows[change.choice_id]["entries"]
        if change.kind not in entries and len(entries) < ENTRIES:
            entries[change.kind] = _entry(change.kind, change.at, change.notice)
    return [{**row, "entries": list(row["entries"].values())} for row in rows.values()]


def _entry(kind: str, at: dt.datetime, notice: str) -> str:
    """`Mo, 23.11.2026: zurzeit nicht möglich`."""
    what = WORDS[OfferEventKind(kind)]
    if kind == OfferEventKind.NOTICE and notice:
        what = f"Hinweis: {cut(notice, LONGEST_NOTICE)}"
    return f"{day_label(timezone.localtime(at).date())}: {what}"

"""The Verlauf folds a series: three group dates a week would push everything else out of sight (R3.3-3)."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.utils import timezone

from casework.models.timeline import Entry

SHORTEST = 2


def fold_series(entries: Sequence[Entry], lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of the Verlauf in blocks: `label` is empty, or names a series of group dates that follow each other.

    A block stands open when it holds the entry that was made just now.
    """
    blocks: list[dict[str, Any]] = []
    for is_series, pairs in groupby(zip(entries, lines, strict=True), key=lambda pair: pair[0].in_series):
        run = list(pairs)
        shown = [line for _, line in run]
        label = series_label([entry for entry, _ in run]) if is_series and len(run) >= SHORTEST else ""
        blocks.append({"label": label, "open": any(line["new"] for line in shown), "lines": shown})
    return blocks


def series_label(entries: Sequence[Entry]) -> str:
    """`Gruppentermine (12), 03.11.–28.11.2026`; entries come newest first."""
    first, last = timezone.localdate(entries[-1].at), timezone.localdate(entries[0].at)
    begin = f"{first:%d.%m.}" if first.year == last.year else f"{first:%d.%m.%Y}"
    return f"Gruppentermine ({len(entries)}), {begin}–{last:%d.%m.%Y}"

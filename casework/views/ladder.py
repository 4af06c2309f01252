"""The ladder of reminders in words: the same panel for who keeps it and for the leads whom it tells (R4.3-4)."""

from collections.abc import Iterable
from typing import Any

from casework.models.ladder import Rungs, in_words


def ladder_panels(ladders: Iterable[tuple[int, str, Rungs]]) -> list[dict[str, Any]]:
    """A panel for each ladder that differs, with whom it holds for; without names where one holds for everybody."""
    names: dict[Rungs, list[str]] = {}
    for _, name, rungs in ladders:
        names.setdefault(rungs, []).append(name)
    return [
        {"names": ", ".join(found) if len(names) > 1 else "", "sentences": in_words(rungs)}
        for rungs, found in names.items()
    ]

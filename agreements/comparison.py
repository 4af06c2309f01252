"""Two texts and two lists side by side: what is new, what was dropped, word by word. Knows no database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

SAME, NEW, DROPPED = "same", "new", "dropped"
TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
WORDS = re.compile(r"\w+")
# Below it nothing of the old sentence is left to read; single words in common would only confuse.
READABLE = 0.4
MOST_WORDS = 3000  # comparing takes time by the square


@dataclass(frozen=True)
class Piece:
    """A stretch of text: the same on both sides, new, or dropped."""

    kind: str
    text: str


@dataclass(frozen=True)
class Pair:
    """One field on both sides; an empty side did not have it."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        return self.old == self.new


def compare(old: str, new: str) -> Pair:
    """The old text with what was dropped, and the new one with what is new in it."""
    if old == new:
        pieces = (Piece(SAME, old),) if old else ()
        return Pair(pieces, pieces)
    if likeness(old, new) < READABLE:
        return Pair(_whole(DROPPED, old), _whole(NEW, new))
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        kinds = (SAME, SAME) if tag == "equal" else (DROPPED, NEW)
        left += _whole(kinds[0], "".join(before[a:b]))
        right += _whole(kinds[1], "".join(after[c:d]))
    return Pair(_joined(left), _joined(right))


def _whole(kind: str, text: str) -> tuple[Piece, ...]:
    return (Piece(kind, text),) if text else ()


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Changed words with nothing but a space between them are one change."""
    kinds = [piece.kind for piece in pieces]
    for at in range(1, len(pieces) - 1):
        between = pieces[at].kind == SAME and not pieces[at].text.strip()
        if between and kinds[at - 1] == kinds[at + 1] != SAME:
            kinds[at] = kinds[at - 1]
    found = []
    for kind, run in groupby(zip(kinds, pieces, strict=True), key=lambda item: item[0]):
        found.append(Piece(kind, "".join(piece.text for _, piece in run)))
    return tuple(found)


def compare_lists(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Entries paired by likeness, in the order of the new list; what was dropped follows at its end."""
    partners = _partners(old, new)
    pairs = [compare(old[partners[at]] if at in partners else "", text) for at, text in enumerate(new)]
    kept = set(partners.values())
    return pairs + [compare(text, "") for at, text in enumerate(old) if at not in kept]


def _partners(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """New entry -> the old one it goes on from; the likest find each other first."""
    scores = sorted(
        (
            (found, -at, -was)
            for at, text in enumerate(new)
            for was, before in enumerate(old)
            if (found := likeness(before, text)) >= READABLE
        ),
        reverse=True,
    )
    partners: dict[int, int] = {}
    for _, at, was in scores:
        if -at not in partners and -was not in partners.values():
            partners[-at] = -was
    return partners


def likeness(old: str, new: str) -> float:
    """How much of the words is the same, from 0 to 1, whatever lies between them; 2 for the very same text."""
    if old == new:
        return 2.0
    before, after = WORDS.findall(old), WORDS.findall(new)
    if not before or not after or len(before) + len(after) > MOST_WORDS:
        return 0.0
    return SequenceMatcher(None, before, after, autojunk=False).ratio()

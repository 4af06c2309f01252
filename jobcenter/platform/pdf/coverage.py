"""Which characters have a glyph, read from the fonts themselves.

The fonts in `fonts/` come first. Hebrew and the symbols that people type come from the fonts inside the typst package;
a test prints every character that is named here.
"""

import functools
import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

# Roman numerals, arrows, mathematics, circled numbers, boxes, ticks and pictures of one colour, all without accents.
BUILT_IN = {
    "hebrew": ((0x0591, 0x05C7), (0x05D0, 0x05EA)),
    "symbols": (
        (0x2160, 0x2182), (0x2190, 0x2211), (0x2213, 0x2219), (0x221B, 0x22ED), (0x2460, 0x25CB), (0x25CD, 0x262F),
        (0x2638, 0x268B), (0x2690, 0x269C), (0x26A0, 0x26A7), (0x2701, 0x2704), (0x2706, 0x2709), (0x270C, 0x2727),
        (0x2729, 0x274B), (0x2761, 0x277F), (0x2794, 0x2794), (0x2798, 0x27AF), (0x2B00, 0x2B73),
    ),
}  # fmt: skip


def families_of(sign: str) -> frozenset[str]:
    """The families that have this character in every weight; none for the empty text."""
    return families().get(sign, frozenset())


@functools.cache
def families() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, codes in [*_vendored(), *_built_in()]:
        for sign in map(chr, codes):
            if unicodedata.category(sign) not in ("Cc", "Cn", "Co", "Cs"):
                found.setdefault(sign, set()).add(name)
    return {sign: frozenset(names) for sign, names in found.items()}


def _vendored() -> Iterator[tuple[str, set[int]]]:
    for folder in FONTS.iterdir():
        yield folder.name, set.intersection(*[set(code_points(path.read_bytes())) for path in folder.glob("*.ttf")])


def _built_in() -> Iterator[tuple[str, set[int]]]:
    for name, ranges in BUILT_IN.items():
        yield name, {code for first, last in ranges for code in range(first, last + 1)}


def code_points(font: bytes) -> Iterator[int]:
    """What a TrueType file maps to a glyph: its table `cmap`, formats 4 and 12 (OpenType specification)."""
    records = [struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(struct.unpack_from(">H", font, 4)[0])]
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    for at in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        offset = cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * at)[0]
        kind = struct.unpack_from(">H", font, offset)[0]
        yield from {4: _segments, 12: _groups}.get(kind, _nothing)(font, offset)


def _nothing(font: bytes, table: int) -> Iterator[int]:
    return iter(())


def _groups(font: bytes, table: int) -> Iterator[int]:
    for at in range(struct.unpack_from(">I", font, table + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", font, table + 16 + 12 * at)
        yield from range(first if glyph else first + 1, last + 1)


def _segments(font: bytes, table: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends, _, starts, deltas, offsets = (
        struct.unpack_from(f">{size}H", font, table + 14 + 2 * before)
        for size, before in ((count, 0), (1, count), (count, count + 1), (count, 2 * count + 1), (count, 3 * count + 1))
    )
    for at, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        place = table + 14 + 2 * (3 * count + 1 + at) + offset
        for code in range(first, last + 1):
            glyph = struct.unpack_from(">H", font, place + 2 * (code - first))[0] if offset else code
            if (glyph or not offset) and (glyph + delta) % 0x10000:
                yield code

"""What becomes of text before it is printed: what somebody typed never makes a print fail and never harms the rest."""

import re
import unicodedata
from collections.abc import Iterator

from jobcenter.platform.pdf.coverage import families_of

REPLACEMENT = "□"
LONGEST_WORD = 30  # so many capitals fit on a line; a longer word may be broken after so many characters

LINE_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Joiners shape Persian and Devanagari; the marks of direction are single signs. Embeddings and overrides, which turn
# round whatever follows them, are not kept, nor is anything else that cannot be seen.
JOINER = "\u200d"
KEPT_INVISIBLE = frozenset(f"\u00ad\u061c\u200b\u200c{JOINER}\u200e\u200f")
# More than four accents on one letter run over the lines above.
TOWER = re.compile("([\u0300-\u036f\u0483-\u0489\u064b-\u065f]{4})[\u0300-\u036f\u0483-\u0489\u064b-\u065f]+")
DRESS = "\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"  # variants, colours and flags of pictures
CLUSTER = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|.[{DRESS}]*(?:{JOINER}.[{DRESS}]*)*", re.DOTALL)
UNDRESSED = re.compile(f"(?<=.)[{DRESS}]", re.DOTALL)


def readable(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as it can be printed, and the characters for which a box stands in it, each once."""
    text = unicodedata.normalize("NFC", LINE_BREAK.sub("\n", text).replace("\t", " "))
    replaced: dict[str, None] = {}
    signs = [sign for cluster in CLUSTER.findall(TOWER.sub(r"\1", text)) for sign in _picked(cluster)]
    return "".join(_printable(signs, replaced)), tuple(replaced)


def _picked(cluster: str) -> list[str]:
    """The signs of one character; a picture made of several that no font has stays whole, to get one box."""
    signs = [sign for sign in UNDRESSED.sub("", cluster) if sign in KEPT_INVISIBLE or not _invisible(sign)]
    seen = [sign for sign in signs if sign not in KEPT_INVISIBLE]
    return signs if not seen or any(map(families_of, seen)) else [cluster]


def _printable(signs: list[str], replaced: dict[str, None]) -> Iterator[str]:
    """Each sign, or a box. An accent needs a letter before it and a font that has both; a joiner too, on both sides."""
    fonts: frozenset[str] = frozenset()
    for sign, following in zip(signs, [*signs[1:], ""], strict=False):
        if sign == "\n":
            fonts = frozenset()
            yield sign
        elif sign in KEPT_INVISIBLE:
            if sign != JOINER or following not in KEPT_INVISIBLE and families_of(following) & fonts:
                yield sign
        else:
            fonts = families_of(sign) & fonts if _is_accent(sign) else families_of(sign)
            if not fonts:
                replaced[sign] = None
            yield sign if fonts else REPLACEMENT
            fonts = frozenset() if sign.isspace() else fonts


def _invisible(sign: str) -> bool:
    """Control and format characters, and variation selectors."""
    return sign != "\n" and (unicodedata.category(sign) in ("Cc", "Cf") or "\ufe00" <= sign <= "\ufe0f")


def _is_accent(sign: str) -> bool:
    return unicodedata.category(sign[0]).startswith("M")


def shows(text: str) -> bool:
    """Whether there is anything to see: a heading of joiners and spaces alone is none."""
    return any(not sign.isspace() and sign not in KEPT_INVISIBLE for sign in text)


def breakable(text: str) -> str:
    """Long words get places at which a line may end (zero-width spaces), so that they do not run off the paper."""
    return re.sub(rf"\S{{{LONGEST_WORD + 1},}}", lambda match: "".join(_with_breaks(match[0])), text)


def _with_breaks(word: str) -> Iterator[str]:
    since = 0
    for before, sign in zip(" " + word, word, strict=False):
        if since >= LONGEST_WORD and not _is_accent(sign) and JOINER not in (before, sign):
            yield "\u200b"
            since = 0
        yield sign
        since += 1


def first_letter(text: str) -> str:
    """The first character that has a direction of its own, or nothing."""
    return next((sign for sign in text if unicodedata.bidirectional(sign) in ("L", "R", "AL")), "")


def runs_right_to_left(text: str) -> bool:
    letter = first_letter(text)
    return bool(letter) and unicodedata.bidirectional(letter) != "L"


def script(text: str) -> str:
    """The script in which the text begins, as Unicode names it: `LATIN`, `ARABIC`; nothing where no letter is."""
    letter = first_letter(text)
    return unicodedata.name(letter, "").split(" ")[0] if letter else ""

"""Whether a text says anything: white space and characters that show nothing do not (domain.md 1, R4.4-1)."""

import re

# White space, soft hyphen, joiners, direction marks, variation selectors and fillers that print as nothing. The same
# class stands in the rules of the database (agreements 0006, offers 0008); PostgreSQL and Python read it alike.
SHOWS_NOTHING = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0"
)
SAYS = re.compile(f"[^{SHOWS_NOTHING}]")


def says(text: str) -> bool:
    """At least one character of the text can be seen."""
    return SAYS.search(text) is not None

"""Chosen offers on the sheet "Unsere Vereinbarung": the person's own copy, with the Absicht (R2-5, R4.4-8)."""

from collections.abc import Sequence

from agreements.handout.sheet import Group, SheetStep, Wording
from offers.models.description import plain
from offers.models.file import read_choices

HEADING = "Diese Angebote nutze ich"
BECAUSE = "Ich habe es gewählt, weil:"
# Heading and lead-in of a second language; a language that is missing here has the German ones.
SECOND = {
    "en": ("Offers that I use", "I chose it because:"),
    "tr": ("Yararlandığım destek teklifleri", "Bunu seçtim, çünkü:"),
    "uk": ("Пропозиції, якими я користуюся", "Чому я це обираю:"),
    "ar": ("العروض التي أستفيد منها", "اخترت ذلك لأن:"),
}


def offer_groups(case_id: int, wordings: Sequence[Wording]) -> list[Group]:
    """The standing choices under their heading, in the languages of the sheet; nothing where nothing is chosen."""
    standing = [choice for choice in read_choices(case_id) if choice.ended_at is None]
    if not standing:
        return []
    second = next((SECOND[w.language] for w in wordings[1:2] if w.language in SECOND), ("", ""))
    steps = tuple(SheetStep(told(plain(choice.name), choice.intent, second[1])) for choice in standing)
    return [Group(HEADING, steps, second[0])]


def told(name: str, intent: str, because: str) -> str:
    """The offer and why it was chosen; the lead-in of another language stands on a line of its own."""
    if not because:
        return f"{name}\n{BECAUSE} {intent}"
    return "\n".join((name, BECAUSE, because, intent))

"""What is missing in a description before it can be published: one sentence for each gap (R4.4-5, R4.4-7).

A description is concrete when a person can picture an ordinary week. What only points elsewhere ("siehe Flyer") or
says nothing yet ("folgt") is a gap like an empty field.
"""

import re
from collections.abc import Iterator

from django.utils import timezone

from jobcenter.platform.workdays import day_label
from offers.models import Offer, OfferVersion

# Field -> (heading as the form has it, fewest letters that can be concrete, what to write instead).
TEXTS: dict[str, tuple[str, int, str]] = {
    "support": ("Welche Unterstützung gibt es?", 40, "Bitte schreiben Sie in ganzen Sätzen, was die Person dort tut."),
    "purpose": ("Wofür kann sie gut sein?", 30, "Bitte schreiben Sie, was die Person davon haben kann."),
    "course": ("Wie läuft es ab?", 60, "Bitte beschreiben Sie eine gewöhnliche Woche."),
    "place": ("Wo findet es statt?", 8, "Bitte nennen Sie Straße und Ort."),
    "duration": ("Wie lange dauert es?", 3, "Bitte nennen Sie Wochen oder Monate."),
    "accessibility": ("Barrierefreiheit", 15, "Bitte nennen Sie Stufen, Aufzug, Toilette oder was sonst wichtig ist."),
    "bring": ("Was ist mitzubringen?", 3, "Bitte schreiben Sie „nichts“, wenn nichts gebraucht wird."),
    "requirements": ("Was verlangt das Gesetz?", 3, "Bitte schreiben Sie „nichts“, wenn das Gesetz nichts verlangt."),
    "joining": ("Wie kommt man hinein?", 20, "Bitte schreiben Sie, was der erste Schritt ist und wer ihn macht."),
}
# These stand for a description wherever they are found.
POINTS_ELSEWHERE = re.compile(
    r"\b(?:siehe|s\.)\s*(?:auch\s+)?(?:den\s+|unseren?\s+|die\s+)?"
    r"(?:flyer|faltblatt|prospekt|homepage|website|webseite|internet\w*|anlage|anhang|konzept|oben|unten)\b"
    r"|\bn\.\s?n\.|\bt\.?b\.?[acd]\b\.?|\blorem ipsum\b"
    r"|\b(?:wird|werden)\s+(?:noch\s+)?(?:nachgereicht|ergänzt|bekannt\s?gegeben|mitgeteilt)\b"
    r"|\b(?:text|angaben?|näheres|weiteres|details?)\s+folg(?:t|en)\b",
    re.IGNORECASE,
)
# These say nothing where a sentence holds nothing else.
HOLLOW = re.compile(
    r"\b(?:folgt|folgen|individuell\w*|auf\s+(?:an|nach)frage|nach\s+(?:absprache|vereinbarung|bedarf)|flexibel"
    r"|unterschiedlich\w*|verschieden\w*|variabel|variiert|diverse\w*|je\s+nach|k\.\s?a\.|s\.\s?o\.|keine\s+angaben?"
    r"|noch\s+(?:offen|unklar|nicht\s+bekannt)|offen|unbekannt|x{2,}"
    r"|und|oder|ist|sind|wird|werden|erfolgt|noch|dies|das|alles|genaues|details?|infos?|informationen|termine?"
    r"|zeiten|inhalte?|dauer|beginn|ort)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.!?;:]+(?:\s|$)|\n+")
LETTER = re.compile(r"\w")
DAY_OR_HOUR = re.compile(
    r"\b(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend)(?:s|e|en)?\b"
    r"|\b(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)(?:vor|nach)?mittags?\b|\b(?:mo|di|mi|do|fr|sa|so)\b\.?"
    r"|\b(?:werk|wochen)tags?\b|\bwochenende\b|\btäglich\b|\bjeden\s+tag\b|\bvon\s+tag\s+zu\s+tag\b"
    r"|\b\d{1,2}(?:[.:]\d{2})?\s*(?:uhr|h)\b|\b\d{1,2}:\d{2}\b",
    re.IGNORECASE,
)


def gaps(version: OfferVersion) -> list[str]:
    """What has to be said before this version can be published; empty when it can be."""
    return [*content_gaps(version), *offer_gaps(version.offer)]


def content_gaps(version: OfferVersion) -> list[str]:
    """What is missing in the text that a second person reviews."""
    texts = (sentence for field in TEXTS if (sentence := text_gap(field, getattr(version, field))))
    return [*texts, *_week_gap(version), *_list_gaps(version), *_start_gap(version), *_law_gaps(version)]


def offer_gaps(offer: Offer) -> list[str]:
    """What is missing beside the text, and can be put right without another review."""
    found = [*_contact_gap(offer)]
    if offer.assured_on is None or not offer.assured_by.strip():
        found.append("Der Träger hat noch nicht zugesichert, dass alles stimmt: Bitte tragen Sie ein, wer wann.")
    if offer.provider.ended_at is not None:
        found.append("Der Träger ist nicht mehr tätig.")
    return found


def text_gap(field: str, text: str) -> str:
    """What is wrong with one text; empty when nothing is."""
    heading, fewest, advice = TEXTS[field]
    text = text.strip()
    if not LETTER.search(text):
        return f"„{heading}“ ist noch leer: {advice}"
    if phrase := empty_phrase(text):
        return f"„{heading}“ sagt an einer Stelle nur „{phrase}“: {advice}"
    if len(text) < fewest:
        return f"„{heading}“ ist noch zu kurz, um konkret zu sein: {advice}"
    return ""


def empty_phrase(text: str) -> str:
    """The first words that only point elsewhere, or the first sentence that says nothing."""
    if found := POINTS_ELSEWHERE.search(text):
        return found.group()
    for sentence in SENTENCE_END.split(text):
        hollow = sentence.strip()
        if LETTER.search(hollow) and not LETTER.search(HOLLOW.sub("", hollow)):
            return hollow[:60]
    return ""


def _week_gap(version: OfferVersion) -> Iterator[str]:
    if not text_gap("course", version.course) and not DAY_OR_HOUR.search(version.course):
        yield "„Wie läuft es ab?“ nennt weder einen Tag noch eine Uhrzeit: Bitte schreiben Sie, wann."


def _list_gaps(version: OfferVersion) -> Iterator[str]:
    if not version.supports:
        yield "Es ist noch keine Art der Unterstützung ausgewählt."
    if not version.areas:
        yield "Es ist noch kein Sozialraum ausgewählt: Bitte wählen Sie, wo es das Angebot gibt."
    if not version.languages:
        yield "Es ist noch keine Sprache ausgewählt."
    if version.hours_per_week is None:
        yield "Es fehlt, wie viele Stunden es in der Woche sind."


def _start_gap(version: OfferVersion) -> Iterator[str]:
    if version.any_time:
        return
    if not version.start.strip() and not version.start_dates:
        yield "„Wann beginnt es?“ ist noch leer: Bitte nennen Sie Starttermine, oder dass man jederzeit beginnen kann."
    elif phrase := empty_phrase(version.start):
        yield f"„Wann beginnt es?“ sagt an einer Stelle nur „{phrase}“: Bitte nennen Sie Starttermine."
    elif not version.start.strip() and max(version.start_dates) < timezone.localdate():
        yield "Alle genannten Starttermine sind vorbei: Bitte nennen Sie einen, der noch kommt."


def _law_gaps(version: OfferVersion) -> Iterator[str]:
    today = timezone.localdate()
    if version.funding_body is None:
        yield "Es fehlt, wer über das Angebot entscheidet und es bezahlt."
    if version.legal_basis is None:
        yield "Es fehlt die Rechtsgrundlage."
    elif version.legal_basis.valid_to is not None and version.legal_basis.valid_to < today:
        yield f"Die Rechtsgrundlage galt nur bis {day_label(version.legal_basis.valid_to)}."
    if version.valid_from is None:
        yield "Es fehlt, ab wann die Beschreibung gilt."
    if version.valid_to is None:
        yield "Es fehlt, bis wann die Beschreibung gilt."
    elif version.valid_to < today:
        yield f"Die Beschreibung gilt nur bis {day_label(version.valid_to)}: Bitte nennen Sie ein späteres Ende."


def _contact_gap(offer: Offer) -> Iterator[str]:
    contact = offer.contact
    if contact is None:
        yield "Es fehlt die Ansprechperson."
    elif not contact.active:
        yield f"{contact.name} ist nicht mehr erreichbar: Bitte wählen Sie eine andere Ansprechperson."
    elif not contact.phone.strip() and not contact.email.strip():
        yield f"Bei {contact.name} fehlt, wie man sie oder ihn erreicht: Bitte nennen Sie Telefon oder E-Mail."

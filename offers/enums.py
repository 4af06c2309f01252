"""Closed lists of offers. None of them says anything about a person."""

from django.db import models


class Language(models.TextChoices):
    """In which languages an offer can be taken up; ISO 639, as exchange formats write it."""

    GERMAN = "de", "Deutsch"
    ALBANIAN = "sq", "Albanisch"
    ARABIC = "ar", "Arabisch"
    BULGARIAN = "bg", "Bulgarisch"
    DARI = "prs", "Dari"
    SIGN_LANGUAGE = "gsg", "Deutsche Gebärdensprache"
    ENGLISH = "en", "Englisch"
    FARSI = "fa", "Farsi"
    FRENCH = "fr", "Französisch"
    KURMANJI = "kmr", "Kurmandschi"
    POLISH = "pl", "Polnisch"
    ROMANIAN = "ro", "Rumänisch"
    RUSSIAN = "ru", "Russisch"
    SERBIAN = "sr", "Serbisch"
    SPANISH = "es", "Spanisch"
    TIGRINYA = "ti", "Tigrinya"
    TURKISH = "tr", "Türkisch"
    UKRAINIAN = "uk", "Ukrainisch"
    VIETNAMESE = "vi", "Vietnamesisch"


class OfferEventKind(models.TextChoices):
    """What happened to an offer; who works with it is told of some of them (`TOLD`)."""

    DRAFTED = "drafted", "Fassung begonnen"
    CHANGED = "changed", "Fassung geändert"
    SUBMITTED = "submitted", "zur Prüfung gegeben"
    RETURNED = "returned", "zurückgegeben"
    REVIEWED = "reviewed", "geprüft"
    PUBLISHED = "published", "veröffentlicht"
    DISCARDED = "discarded", "Fassung verworfen"
    WITHDRAWN = "withdrawn", "zurückgezogen"
    NOTICE = "notice", "Hinweis geändert"
    POSSIBLE = "possible", "zurzeit möglich"
    NOT_POSSIBLE = "not_possible", "zurzeit nicht möglich"
    CONTACT = "contact", "Ansprechperson geändert"
    ASSURED = "assured", "vom Träger zugesichert"


TOLD = (
    OfferEventKind.PUBLISHED,
    OfferEventKind.WITHDRAWN,
    OfferEventKind.NOTICE,
    OfferEventKind.POSSIBLE,
    OfferEventKind.NOT_POSSIBLE,
    OfferEventKind.CONTACT,
)

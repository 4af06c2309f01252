"""Places of the Sozialraum: twelve kinds in each of the five areas of the reference data, under invented names."""

import datetime as dt
import random
from collections.abc import Iterator

from agreements.models import SocialPlace, SocialSpace
from jobcenter.office.demo.rows import chance
from jobcenter.office.demo.sizes import WorkCalendar
from jobcenter.office.demo.staff import Worker

# kind: how such a place is called, what there is, how it is reached
KINDS = {
    "treff": (
        "Stadtteiltreff",
        "Frühstück am Dienstag, Kochen am Mittwoch, ein freier Raum.",
        "Einfach hingehen, werktags ab 9 Uhr.",
    ),
    "mgh": (
        "Mehrgenerationenhaus",
        "Freitags Hilfe bei Formularen, mittwochs Rechnen und Lesen.",
        "Bus bis Marktplatz, dann drei Minuten zu Fuß.",
    ),
    "buecherei": (
        "Bücherei",
        "Rechner, Drucker, ruhige Plätze; dienstags ein Kurs am Rechner.",
        "Ohne Anmeldung, der Ausweis ist kostenlos.",
    ),
    "werkstatt": (
        "Offene Werkstatt",
        "Holz und Metall, Werkzeug wird gestellt, Einweisung inbegriffen.",
        "Dienstag und Donnerstag ab 18 Uhr, Eingang im Hof.",
    ),
    "repcafe": (
        "Reparaturcafé",
        "Geräte und Fahrräder gemeinsam reparieren.",
        "Jeden ersten Samstag im Monat, 10 bis 14 Uhr.",
    ),
    "sozialkaufhaus": (
        "Sozialkaufhaus",
        "Gebrauchtes günstig; Mitarbeit im Lager und an der Kasse ist möglich.",
        "Nach der Leitung im Wareneingang fragen.",
    ),
    "sport": (
        "Sportverein",
        "Viele Gruppen, Übungsleiterschein, Fahrten der Jugend.",
        "Geschäftszimmer mittwochs ab 17 Uhr.",
    ),
    "sprachcafe": (
        "Sprachcafé",
        "Deutsch sprechen bei Tee, Lernpartnerschaften.",
        "Donnerstags 16 bis 18 Uhr, Kinder sind willkommen.",
    ),
    "nachbar": (
        "Nachbarschaftshilfe",
        "Besuchsdienst, Einkaufshilfe, Mitfahrten; auch zum Mitmachen.",
        "Rückruf am selben Tag, wenn man auf das Band spricht.",
    ),
    "familie": (
        "Familienzentrum",
        "Mittagstisch, Spielzimmer, Elterngruppe, Tauschregal.",
        "Offene Tür montags und mittwochs am Vormittag.",
    ),
    "garten": (
        "Kleingartenverein",
        "Gemeinschaftsgarten, Häcksler, freie Parzellen.",
        "Samstags ist immer jemand am Vereinshaus.",
    ),
    "beratung": (
        "Beratungsstelle",
        "Unabhängige Beratung zu Arbeit, Geld und Behördenbriefen.",
        "Offene Sprechstunde freitags 10 bis 12 Uhr.",
    ),
}
# Which area a place of the staff lies in, and what the houses there are called.
AREAS = {
    "Göttingen-Stadt": ("Weidenblick", "Lindenbogen", "Am Wall", "Sternwiese", "Ostertor", "Leinebogen"),
    "Göttingen-Land": ("Kirschberg", "Auetal", "Hollerhof", "Feldmark", "Dreiquellen", "Rapsfeld"),
    "Hann. Münden": ("Drei Flüsse", "Fährhaus", "Tannengrund", "Alte Mühle", "Brückenkopf", "Weserkiesel"),
    "Duderstadt": ("Goldene Mark", "Apfelring", "Westertor", "Ziegelhof", "Rotdorn", "Seeblick"),
    "Osterode": ("Harzrand", "Kornspeicher", "Sösegrund", "Gipsberg", "Fichtenhof", "Marienwiese"),
}
AREAS_OF = {
    "Osterode": ("Osterode",),
    "Duderstadt": ("Duderstadt",),
    "Münden": ("Hann. Münden",),
    "Göttingen": ("Göttingen-Stadt", "Göttingen-Land"),
}
NOT_CONFIRMED, ENDED = 0.18, 0.04  # shares: for more than a year, for good

Places = dict[tuple[str, str], int]  # area and kind


def add_places(seed: int, calendar: WorkCalendar, workers: list[Worker]) -> Places:
    """Fill the directory; the place of each area and kind that there still is."""
    rng = chance(seed, "places")
    spaces = dict(SocialSpace.objects.values_list("name", "id"))
    names, rows = [], []
    for area, kind, row in _rows(rng, calendar, workers, spaces):
        names.append((area, kind))
        rows.append(row)
    SocialPlace.objects.bulk_create(rows)
    return {name: row.pk for name, row in zip(names, rows, strict=True) if row.ended_at is None}


def _rows(
    rng: random.Random, calendar: WorkCalendar, workers: list[Worker], spaces: dict[str, int]
) -> Iterator[tuple[str, str, SocialPlace]]:
    for area, houses in AREAS.items():
        for number, (kind, (title, what, reach)) in enumerate(KINDS.items()):
            added = rng.randint(5, 60)
            confirmed = calendar.today - 1 - rng.randint(0, 180)
            if rng.random() < NOT_CONFIRMED:
                confirmed = calendar.today - rng.randint(280, 430)
            is_over = rng.random() < ENDED
            keeper = rng.choice(workers).user
            yield (
                area,
                kind,
                SocialPlace(
                    space_id=spaces[area],
                    name=f"{title} {houses[number % len(houses)]}",
                    what=what,
                    reach=reach,
                    added_at=_moment(rng, calendar, added),
                    added_by=rng.choice(workers).user,
                    confirmed_at=_moment(rng, calendar, max(confirmed, added)),
                    confirmed_by=keeper,
                    ended_at=_moment(rng, calendar, calendar.yesterday) if is_over else None,
                    ended_by=keeper if is_over else None,
                    version=2 + is_over,
                ),
            )


def _moment(rng: random.Random, calendar: WorkCalendar, index: int) -> dt.datetime:
    return calendar.moment(index, rng.randint(8 * 60, 16 * 60))

"""The next date comes from the words of the agreement alone (R4.3-2)."""

import datetime as dt
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agreements.rhythm import FURTHEST, propose
from jobcenter.office.demo.wording_common import RHYTHMS, RHYTHMS_BY_EVENT
from jobcenter.platform.workdays import is_working_day

TUESDAY = dt.date(2026, 11, 24)


def day(text):
    return dt.datetime.strptime(text, "%d.%m.%Y").date()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # weeks and days
        ("alle 3 Wochen", "15.12.2026"),
        ("ALLE  DREI WOCHEN!", "15.12.2026"),
        ("alle 3 Wo.", "15.12.2026"),
        ("Gespräch alle 3 Wochen, gern vormittags", "15.12.2026"),
        ("in der Regel alle drei Wochen (telefonisch)", "15.12.2026"),
        ("im Abstand von 3 Wochen", "15.12.2026"),
        ("im 3-Wochen-Rhythmus", "15.12.2026"),
        ("dreiwöchentlich", "15.12.2026"),
        ("alle fünf Wochen", "29.12.2026"),
        ("alle fuenf Wochen", "29.12.2026"),
        ("alle fu\u0308nf Wochen", "29.12.2026"),
        ("alle 14 Tage", "08.12.2026"),
        ("14-tägig", "08.12.2026"),
        ("vierzehntägig", "08.12.2026"),
        ("im 14-tägigen Rhythmus", "08.12.2026"),
        ("2-wöchig", "08.12.2026"),
        ("zweiwöchentlich", "08.12.2026"),
        ("jede zweite Woche", "08.12.2026"),
        ("jede 2. Woche", "08.12.2026"),
        ("wöchentlich", "01.12.2026"),
        ("jede Woche", "01.12.2026"),
        ("1x pro Woche", "01.12.2026"),
        ("einmal die Woche am Telefon", "01.12.2026"),
        ("alle 10 Tage", "04.12.2026"),
        ("alle 10 Arbeitstage", "08.12.2026"),
        ("täglich", "25.11.2026"),
        # months and longer
        ("monatlich", "24.12.2026"),
        ("einmal im Monat", "24.12.2026"),
        ("1x im Monat", "24.12.2026"),
        ("1 x / Monat", "24.12.2026"),
        ("jeden Monat", "24.12.2026"),
        ("zweimal im Monat", "08.12.2026"),
        ("alle zwei Monate, dazwischen eine E-Mail", "25.01.2027"),
        ("vierteljährlich", "24.02.2027"),
        ("einmal im Quartal", "24.02.2027"),
        ("alle drei Monate", "24.02.2027"),
        ("dreimal im Jahr", "24.03.2027"),
        ("halbjährlich", "24.05.2027"),
        ("jedes halbe Jahr", "24.05.2027"),
        # of a span the longer end
        ("alle 2 bis 3 Wochen", "15.12.2026"),
        ("alle 2–3 Wochen", "15.12.2026"),
        ("alle zwei oder drei Wochen", "15.12.2026"),
        ("ein- bis zweimal im Monat", "24.12.2026"),
        # weekdays
        ("jeden Montag", "30.11.2026"),
        ("montags", "30.11.2026"),
        ("jeden Dienstag", "01.12.2026"),
        ("immer am Donnerstag um 10:30 Uhr", "26.11.2026"),
        ("montags und donnerstags", "26.11.2026"),
        ("jeden zweiten Dienstag", "08.12.2026"),
        ("jeden zweiten Freitag", "11.12.2026"),
        ("alle 3 Wochen dienstags", "15.12.2026"),
        ("alle 3 Wochen am Freitagvormittag", "18.12.2026"),
        ("jeden ersten Mittwoch im Monat", "02.12.2026"),
        ("am letzten Freitag im Monat", "27.11.2026"),
        ("am 15. jeden Monats", "15.12.2026"),
        ("am 31. des Monats", "30.11.2026"),
        # dates
        ("am 11.12. und am 15.01.2027", "11.12.2026"),
        ("am 11.12. und 15.01., jeweils 10 Uhr", "11.12.2026"),
        ("Fr, 11.12.26", "11.12.2026"),
        ("am 11. Dezember", "11.12.2026"),
        ("2026-12-11", "11.12.2026"),
    ],
)
def test_a_worded_rhythm_proposes_its_next_date(text, expected):
    assert propose(text, after=TUESDAY) == day(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        # an event is no interval
        "nach dem Praktikum",
        "2 Wochen nach dem Praktikum",
        "nach Absprache",
        "bei Bedarf",
        "wenn er sich meldet",
        "sobald die Antwort da ist, spätestens nach 6 Wochen",
        # an interval that an event begins or ends is not without doubt
        "alle 3 Wochen, nach dem Praktikum neu",
        "nach dem Kursbeginn, dann einmal im Monat",
        "alle drei Wochen oder nach Bedarf",
        "alle 3 Wochen bis Weihnachten",
        "ab Januar monatlich",
        "erst wöchentlich",
        # more than one, or none
        "wöchentlich telefonisch, monatlich persönlich",
        "am 11.12., danach alle 3 Wochen",
        "am 11.12. und jeden ersten Montag im Monat",
        "nicht jeden Monat",
        "alle 3 Wochen?",
        "am Dienstag",
        "jeden ersten Montag",
        "zweimal pro Woche",
        "3 Wochen",
        "in 3 Wochen",
        # nonsense
        "0 Wochen",
        "alle 0 Wochen",
        "alle 0 bis 3 Wochen",
        "alle 500 Wochen",
        "alle 999 Monate",
        "alle 1,5 Monate",
        "am 31.02.2027",
        "am 32. des Monats",
        "am 11.12.2099",
        "11.12.-15.12.",
        "tägig",
        "alle ² Wochen",
        "alle ٣ Wochen",
        "so wie immer",
        "alle 3 Wochen " * 40,
    ],
)
def test_what_is_no_rhythm_without_doubt_proposes_nothing(text):
    assert propose(text, after=TUESDAY) is None


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("monatlich", "31.01.2027", "01.03.2027"),  # 28.02. is a Sunday
        ("monatlich", "31.03.2027", "30.04.2027"),
        ("alle 3 Monate", "30.11.2027", "29.02.2028"),
        ("alle 3 Wochen", "11.12.2026", "04.01.2027"),  # New Year's Day is a Friday
        ("jeden Samstag", "24.11.2026", "30.11.2026"),
        ("jeden Montag", "22.03.2027", "30.03.2027"),  # Easter Monday
        ("alle 2 Wochen montags", "27.11.2026", "07.12.2026"),  # the Monday of that week, though 10 days on
        ("am 11.12. und am 15.01.2027", "11.12.2026", "15.01.2027"),
        ("am 11.12. und am 15.01.2027", "15.01.2027", None),
        ("am 11.12. und am 15.01.2027", "01.07.2027", None),  # the year stands for the day before it, too
        ("am 11.12. und am 15.01.", "11.12.2026", "15.01.2027"),
        ("am 11.12. und am 15.01.", "16.01.2027", None),  # both have passed, they do not come back after a year
        ("am 12.12.2026", "24.11.2026", "14.12.2026"),
    ],
)
def test_the_date_is_a_working_day_after_the_talk(text, after, expected):
    assert propose(text, after=day(after)) == (expected and day(expected))


def test_days_on_which_the_house_is_closed_are_left_out():
    closed = {dt.date(2026, 12, 15), dt.date(2026, 12, 16)}

    assert propose("alle 3 Wochen", after=TUESDAY, local_days=closed) == dt.date(2026, 12, 17)


def test_two_wordings_propose_two_dates():
    assert propose("alle 3 Wochen", after=TUESDAY) != propose("einmal im Monat", after=TUESDAY)


@pytest.mark.parametrize("text", [text for texts in RHYTHMS.values() for text in texts])
def test_the_intervals_of_the_demonstration_office_are_understood(text):
    assert propose(text, after=TUESDAY)


@pytest.mark.parametrize("text", RHYTHMS_BY_EVENT)
def test_its_events_propose_nothing(text):
    assert propose(text.format(betrieb="Holzwerk", betrieb2="Hofladen"), after=TUESDAY) is None


# --- whatever is written ---------------------------------------------------------------------------------------

PIECES = re.findall(
    r"\S+",
    """
alle jede jeden jedes 0 1 2 3 14 31 99 999 2027 zwei drei vierzehn zweite zweiten letzten 2. 11.12. 15.01.2027 29.02.
31. Tage Tag Woche Wochen Monat Monate Monats Quartal Jahr halbe Jahre Arbeitstage wöchentlich 14-tägig monatlich
jährlich einmal zweimal 1x 3x im pro des am um bis und oder nach - / , . 10 10:30 Uhr Montag dienstags Freitagvormittag
Sonntag ersten Mittwoch Dezember Mai 3-Wochen-Rhythmus Abstand von Praktikum nicht gern
""",
)
WORDINGS = st.one_of(
    st.text(),
    st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


@hypothesis_settings(max_examples=1500)
@given(text=WORDINGS, after=DAYS, closed=st.sets(st.integers(1, 40), max_size=5))
def test_any_text_on_any_day_proposes_nothing_or_a_working_day_ahead(text, after, closed):
    local_days = {after + dt.timedelta(days=days) for days in closed}

    proposed = propose(text, after=after, local_days=local_days)

    if proposed is not None:
        assert after < proposed <= after + FURTHEST + dt.timedelta(days=14)
        assert is_working_day(proposed, local_days)


@hypothesis_settings(max_examples=300)
@given(count=st.integers(1, 104), after=DAYS)
def test_an_interval_leads_to_its_day_or_the_working_day_behind_it(count, after):
    proposed = propose(f"alle {count} Wochen", after=after)

    exact = after + dt.timedelta(weeks=count)
    assert proposed is not None and exact <= proposed <= exact + dt.timedelta(days=6)
    assert not any(is_working_day(exact + dt.timedelta(days=on)) for on in range((proposed - exact).days))


# --- no frequency beside the agreements --------------------------------------------------------------------------

FREQUENCY = re.compile(
    r"frequen|interval|densit|cadence|periodicity|rhythm|taktung|turnus|dichte|haeufigkeit|häufigkeit|mindestkontakt"
    r"|(?:contact|kontakt|meeting|visit|talk|gespraech)s?_?(?:every|per|each|days|weeks|months|min|max|target|goal|count)"
    r"|(?:min|max|target|days|weeks|months)_?(?:between_?)?(?:contact|kontakt|meeting|visit|talk|gespraech)"
    r"|(?:days|weeks|months)_?between"
)
# Where the words of one agreement stand, to be read and to be printed.
RHYTHM_OF_ONE_AGREEMENT = {"Agreement.rhythm", "SheetWording.rhythm"}


def frequencies(names):
    """Those of the names that sound like a contact frequency."""
    return {name for name in names if FREQUENCY.search(name.rpartition(".")[2].lower())}


def own_models():
    labels = [label for label in ("casework", "agreements", "offers") if apps.is_installed(label)]
    return [model for label in labels for model in apps.get_app_config(label).get_models(include_auto_created=True)]


def names_of_settings():
    """Those of the application, from its one file; what comes from Django's defaults is not ours."""
    text = (settings.BASE_DIR / "jobcenter" / "settings.py").read_text()
    example = (settings.BASE_DIR / ".env.example").read_text()
    names = {name for name in dir(settings) if re.search(rf"\b{name}\b", text)}
    return names | set(re.findall(r"^#?\s*([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))


def names_of_fields():
    return {f"{model.__name__}.{field.name}" for model in own_models() for field in model._meta.get_fields()}


def names_in_the_admin():
    return {
        f"{type(shown).__name__}.{name}"
        for site in admin.sites.all_sites
        for model, shown in site._registry.items()
        if model._meta.app_label in ("casework", "agreements", "offers")
        for name in (
            *(str(column) for column in shown.list_display),
            *shown.form.base_fields,
            *getattr(shown.form, "declared_fields", ()),
        )
    }


def test_no_setting_gives_a_contact_frequency():
    names = names_of_settings()

    assert {"REMINDER_BELL", "SESSION_COOKIE_AGE"} <= names
    assert frequencies(names) == set()


def test_no_field_gives_a_contact_frequency():
    names = names_of_fields()

    assert "Agreement.rhythm" in names and "Team.name" in names
    assert frequencies(names) - RHYTHM_OF_ONE_AGREEMENT == set()


def test_no_field_of_the_admin_gives_a_contact_frequency():
    names = names_in_the_admin()

    assert "TeamAdmin.organisation" in names
    # The heading above the Taktung on the printed sheet, in each language.
    assert frequencies(names) - {"SheetWordingAdmin.rhythm"} == set()


@pytest.mark.parametrize(
    "name",
    [
        "CONTACT_INTERVAL_DAYS",
        "KONTAKTDICHTE",
        "Team.contact_interval",
        "Team.mindestkontakte",
        "Counsellor.contacts_per_month",
        "Case.contact_frequency",
        "Case.max_days_between",
        "Organisation.contact_every",
        "Team.kontakt_haeufigkeit",
        "TeamAdmin.density",
        "DEFAULT_RHYTHM",
    ],
)
def test_the_look_for_frequencies_finds_them(name):
    assert frequencies({name, "Team.name"}) == {name}

"""Who is there on which day: what the date field answers, and what it never says."""

import datetime as dt

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from casework.enums import FollowUpKind
from casework.models import User
from casework.models.presence import LONGEST_SEARCH, Presence, read_presence, read_presence_of_case
from jobcenter.platform.workdays import is_working_day
from tests.casework.days_office import MONDAY, WITHOUT_WEDNESDAY, asked, away, case_of, clock, works
from tests.conftest import signed_in
from tests.factories import (
    CaseFactory,
    CaseParticipationFactory,
    ClosedCaseFactory,
    FollowUpFactory,
    LocalDayFactory,
    ahead,
)

# --- of one person, without a database ---------------------------------------------------------------------

DAY = st.dates(dt.date(2026, 1, 1), dt.date(2030, 12, 31))


@st.composite
def absences(draw: st.DrawFn) -> tuple[tuple[dt.date, dt.date | None], ...]:
    spans = draw(st.lists(st.tuples(DAY, st.integers(1, 500)), max_size=4))
    found: list[tuple[dt.date, dt.date | None]] = [(day, day + dt.timedelta(days=count)) for day, count in spans]
    if draw(st.booleans()):
        found.append((draw(DAY), None))
    return tuple(found)


presences = st.builds(
    Presence,
    away=absences(),
    patterns=st.lists(st.tuples(DAY, st.integers(1, 31)), max_size=3).map(lambda rows: tuple(sorted(rows))),
    closed_days=st.frozensets(DAY, max_size=30),
)


@given(presences, DAY)
def test_the_next_day_is_the_first_on_which_somebody_is_there(presence: Presence, day: dt.date) -> None:
    found = presence.next_day(day)

    assert found >= day
    assert is_working_day(found, presence.closed_days)
    span = [day + dt.timedelta(days=number) for number in range(LONGEST_SEARCH)]
    if there := [candidate for candidate in span if presence.is_there(candidate)]:
        assert found == there[0]
    else:  # nobody for so long: a day of the house, for whoever stands in
        assert not any(
            is_working_day(day + dt.timedelta(days=number), presence.closed_days)
            for number in range((found - day).days)
        )


@given(presences, DAY)
def test_who_is_there_is_neither_away_nor_off_on_a_holiday_or_a_closed_day(presence: Presence, day: dt.date) -> None:
    if presence.is_there(day):
        assert is_working_day(day, presence.closed_days)
        assert presence.absence_on(day) is None
        pattern = [weekdays for since, weekdays in presence.patterns if since <= day][-1:] or [31]
        assert pattern[0] & (1 << day.weekday())


# --- as the database holds it ------------------------------------------------------------------------------


@pytest.mark.django_db
class TestPresence:
    def test_a_pattern_holds_from_its_day_on(self, kim):
        works(kim, WITHOUT_WEDNESDAY, dt.date(2026, 1, 1))
        works(kim, 0b00011, dt.date(2026, 12, 7))

        presence = read_presence(kim.pk, MONDAY)

        assert presence.next_day(dt.date(2026, 11, 25)) == dt.date(2026, 11, 26)
        assert presence.next_day(dt.date(2026, 12, 3)) == dt.date(2026, 12, 3)
        assert presence.next_day(dt.date(2026, 12, 9)) == dt.date(2026, 12, 14)

    def test_of_a_case_it_is_the_responsible_counsellors(self, kim, eva, ones_case):
        works(kim, WITHOUT_WEDNESDAY)
        away(kim, dt.date(2026, 12, 1), dt.date(2026, 12, 5))
        away(eva, MONDAY, None)
        LocalDayFactory(date=dt.date(2026, 12, 7))

        presence = read_presence_of_case(ones_case.pk, MONDAY)

        assert presence == read_presence(kim.pk, MONDAY)
        assert presence.next_day(dt.date(2026, 12, 1)) == dt.date(2026, 12, 8)

    def test_of_an_ended_case_it_is_the_houses(self, kim):
        away(kim, MONDAY, None)
        LocalDayFactory(date=MONDAY)
        ended = ClosedCaseFactory(counsellor=kim)

        assert read_presence_of_case(ended.pk, MONDAY) == Presence((), (), frozenset([MONDAY]))

    @pytest.mark.parametrize("end", [None, MONDAY + dt.timedelta(days=LONGEST_SEARCH + 20)])
    def test_whoever_is_away_for_longer_than_400_days_leaves_the_day_to_the_substitute(self, kim, end):
        away(kim, MONDAY, end)
        LocalDayFactory(date=dt.date(2026, 12, 7))

        assert read_presence(kim.pk, MONDAY).next_day(dt.date(2026, 12, 5)) == dt.date(2026, 12, 8)


# --- the answer below the field ----------------------------------------------------------------------------


@pytest.mark.django_db
class TestAnswer:
    def test_a_day_shows_how_full_it_is(self, kim_client, kim, ones_case):
        day = dt.date(2026, 11, 30)
        for number in range(3):
            FollowUpFactory(case=ones_case, kind=FollowUpKind.APPOINTMENT, due_on=day, starts_at=clock(day, 9 + number))
        for _ in range(5):
            FollowUpFactory(case=case_of(kim, step__due_on=day + dt.timedelta(days=1)), due_on=day)

        answer = asked(kim_client, "30.11.2026", ones_case)

        assert "Mo, 30.11.2026 (in 7 Tagen): an dem Tag 3 Termine, 5 Wiedervorlagen" in answer
        assert "<button" not in answer
        assert "class=" not in answer  # a full day is a number, no colour

    def test_an_empty_day_and_one_of_each(self, kim_client, ones_case):
        assert "an dem Tag noch nichts" in asked(kim_client, "01.12.", ones_case)
        day = dt.date(2026, 12, 1)
        FollowUpFactory(case=ones_case, due_on=day)
        FollowUpFactory(case=ones_case, kind=FollowUpKind.APPOINTMENT, due_on=day, starts_at=clock(day, 10))

        assert "an dem Tag 1 Termin, 1 Wiedervorlage" in asked(kim_client, "01.12.", ones_case)

    def test_other_peoples_steps_do_not_count(self, kim_client, kim, eva, ones_case):
        others = case_of(eva, step__due_on=dt.date(2026, 12, 1))
        CaseParticipationFactory(case=others, counsellor=kim.counsellor)

        assert "an dem Tag noch nichts" in asked(kim_client, "01.12.", ones_case)
        assert "an dem Tag bei Eva Brandt 1 Wiedervorlage" in asked(kim_client, "01.12.", others)

    def test_nor_do_ended_ones(self, kim_client, kim):
        day = ahead(30)
        case = CaseFactory(counsellor=kim)
        FollowUpFactory(case=case, due_on=day, done=True)

        assert "an dem Tag noch nichts" in asked(kim_client, f"{day:%d.%m.%Y}", case)

    def test_a_free_weekday_offers_the_next_working_day_and_how_full_it_is(self, kim_client, kim, ones_case):
        works(kim, WITHOUT_WEDNESDAY)
        FollowUpFactory(case=ones_case, due_on=dt.date(2026, 12, 3))

        answer = asked(kim_client, "02.12.2026", ones_case)

        assert (
            "Mi, 02.12.2026: Kim Sander arbeitet mittwochs nicht. "
            "Nächster Arbeitstag: Do, 03.12.2026, an dem Tag 1 Wiedervorlage." in answer
        )
        assert 'value="03.12.2026" data-fill="id_next_date">Do, 03.12.2026 nehmen</button>' in answer

    def test_an_absence_names_who_stands_in_and_offers_the_day_after_it(self, kim_client, kim, eva, ones_case):
        away(kim, dt.date(2026, 12, 1), dt.date(2026, 12, 12), substitute=eva)

        answer = asked(kim_client, "02.12.2026", ones_case)

        assert (
            "Mi, 02.12.2026: Kim Sander ist vom 01.12.2026 bis 11.12.2026 abwesend; es vertritt Eva Brandt. "
            "Nächster Tag: Mo, 14.12.2026" in answer
        )
        assert 'value="14.12.2026"' in answer

    def test_an_absence_of_a_day_and_a_free_weekday_after_it(self, kim_client, kim, ones_case):
        works(kim, WITHOUT_WEDNESDAY)
        away(kim, dt.date(2026, 12, 1), dt.date(2026, 12, 2))

        answer = asked(kim_client, "01.12.2026", ones_case)

        assert "ist am 01.12.2026 abwesend; für den Tag ist keine Vertretung eingetragen." in answer
        assert "Nächster Tag: Do, 03.12.2026" in answer

    def test_an_absence_without_an_end_offers_nothing(self, kim_client, kim, eva, ones_case):
        away(kim, MONDAY, None, substitute=eva)

        answer = asked(kim_client, "02.12.2026", ones_case)

        assert "Kim Sander ist ab 23.11.2026 bis auf Weiteres abwesend; es vertritt Eva Brandt." in answer
        assert "Nächster Tag" not in answer
        assert "<button" not in answer

    def test_nor_does_one_of_more_than_400_days(self, kim_client, kim, ones_case):
        away(kim, MONDAY, MONDAY + dt.timedelta(days=LONGEST_SEARCH + 60))

        answer = asked(kim_client, "02.12.2026", ones_case)

        assert "abwesend" in answer
        assert "<button" not in answer

    def test_the_substitute_and_a_participant_read_the_same(self, eva_client, kim, eva, ones_case):
        works(kim, WITHOUT_WEDNESDAY)
        away(kim, MONDAY, dt.date(2026, 11, 28), substitute=eva)

        assert "Kim Sander arbeitet mittwochs nicht." in asked(eva_client, "02.12.2026", ones_case)

    def test_whoever_may_not_read_the_case_is_answered_as_without_one(self, eva_client, tom_client, kim, ones_case):
        works(kim, WITHOUT_WEDNESDAY)
        away(kim, dt.date(2026, 12, 7), None)
        for text in ("02.12.2026", "07.12.2026", "08.12.2026", "06.12.2026", "", "morgen"):
            for client in (eva_client, tom_client):
                assert asked(client, text, ones_case) == asked(client, text)
        assert "Mi, 02.12.2026 (in 9 Tagen)" in asked(eva_client, "02.12.2026", ones_case)

    @pytest.mark.parametrize("number", ["F-26-99999", "\x00", "' OR 1=1 --", "x" * 3000, "٣"])
    def test_a_number_that_is_none_is_no_case(self, kim_client, ones_case, number):
        answer = kim_client.get("/tag/", {"next_date": "02.12.2026", "fall": number})

        assert answer.status_code == 200
        assert "Mi, 02.12.2026 (in 9 Tagen)</span>" in answer.content.decode()

    @pytest.mark.parametrize("text", ["31.12.9999", "01.01.0001", "24.11.2028", "+999w"])
    def test_a_year_that_is_a_slip_gets_its_sentence(self, kim_client, ones_case, text):
        assert "<button" not in asked(kim_client, text, ones_case) or "Vergangenheit" in asked(
            kim_client, text, ones_case
        )

    def test_at_most_four_statements_and_none_for_no_date(self, kim_client, kim, eva, ones_case, count_queries):
        away(kim, dt.date(2026, 12, 1), dt.date(2026, 12, 12), substitute=eva)
        with count_queries() as none:
            asked(kim_client, "ir", ones_case)
        with count_queries() as there:
            asked(kim_client, "30.11.2026", ones_case)
        with count_queries() as absent:
            asked(kim_client, "02.12.2026", ones_case)
        with count_queries() as houses:
            asked(kim_client, "30.11.2026")

        assert there.count - none.count == 3, there.explain()
        assert absent.count - none.count == 4, absent.explain()
        assert houses.count - none.count == 1, houses.explain()


# --- days that are none, and the nights in which the clocks change -----------------------------------------

NAMED_DAYS: dict[str, tuple[dt.date, str, str, str]] = {
    "Good Friday": (dt.date(2027, 3, 22), "26.03.2027", "Karfreitag", "Di, 30.03.2027"),
    "Reformationstag": (dt.date(2028, 10, 26), "31.10.2028", "Reformationstag", "Mi, 01.11.2028"),
    "a Sunday": (MONDAY, "29.11.2026", "ist ein Sonntag", "Mo, 30.11.2026"),
    "a Saturday": (MONDAY, "28.11.2026", "ist ein Samstag", "Mo, 30.11.2026"),
    "Christmas Eve": (MONDAY, "24.12.2026", "ist das Haus geschlossen", "Mo, 28.12.2026"),
    "yesterday": (MONDAY, "22.11.2026", "liegt in der Vergangenheit", "Di, 24.11.2026"),
}


@pytest.mark.django_db
class TestDays:
    @pytest.mark.parametrize("name", NAMED_DAYS)
    def test_a_day_off_offers_the_next_working_day(self, kim, name):
        today, typed, sentence, offered = NAMED_DAYS[name]
        LocalDayFactory(date=dt.date(2026, 12, 24), text="Heiligabend")
        with time_machine.travel(clock(today), tick=False):
            case = case_of(kim)
            client = signed_in(kim)
            answers = (asked(client, typed), asked(client, typed, case))

        for answer in answers:
            assert sentence in answer
            assert f"Nächster Arbeitstag: {offered}" in answer
            assert f">{offered} nehmen</button>" in answer

    @pytest.mark.parametrize(
        ("name", "weekdays", "offered"),
        [
            ("Good Friday", 0b10000, "Fr, 02.04.2027"),
            ("Reformationstag", 0b00010, "Di, 07.11.2028"),
            ("Christmas Eve", 0b10100, "Mi, 30.12.2026"),
            ("a Saturday", 0b11110, "Di, 01.12.2026"),
            ("yesterday", 0b01001, "Do, 26.11.2026"),
        ],
    )
    def test_or_the_next_one_of_whoever_works_part_time(self, kim, name, weekdays, offered):
        today, typed, sentence, _ = NAMED_DAYS[name]
        LocalDayFactory(date=dt.date(2026, 12, 24), text="Heiligabend")
        works(kim, weekdays)
        with time_machine.travel(clock(today), tick=False):
            answer = asked(signed_in(kim), typed, case_of(kim))

        assert sentence in answer
        assert f"Nächster Arbeitstag: {offered}, an dem Tag " in answer

    def test_the_29th_of_february(self, kim):
        with time_machine.travel(clock(dt.date(2028, 2, 28)), tick=False):
            client, case = signed_in(kim), case_of(kim)
            assert "Di, 29.02.2028 (morgen)" in asked(client, "29.02.", case)
            works(kim, 0b10001)
            answer = asked(client, "29.02.2028", case)
            assert "Kim Sander arbeitet dienstags nicht. Nächster Arbeitstag: Fr, 03.03.2028" in answer

    def test_of_a_year_without_it_is_no_day(self, kim_client, ones_case):
        assert asked(kim_client, "29.02.2027", ones_case) == "<span></span>"

    @pytest.mark.parametrize(
        ("moment", "typed", "answer"),
        [
            (clock(dt.date(2026, 3, 28), 23, 59), "+2", "Mo, 30.03.2026 (in 2 Tagen)"),
            (clock(dt.date(2026, 3, 29), 0, 0), "+1", "Mo, 30.03.2026 (morgen)"),
            (clock(dt.date(2026, 3, 29), 3, 0), "+1", "Mo, 30.03.2026 (morgen)"),
            (clock(dt.date(2026, 3, 29), 23, 59), "+1", "Mo, 30.03.2026 (morgen)"),
            (clock(dt.date(2026, 10, 24), 23, 59), "+2", "Mo, 26.10.2026 (in 2 Tagen)"),
            (clock(dt.date(2026, 10, 25), 2, 30), "+1", "Mo, 26.10.2026 (morgen)"),
            (clock(dt.date(2026, 10, 25), 2, 30).replace(fold=1), "+1", "Mo, 26.10.2026 (morgen)"),
            (clock(dt.date(2026, 10, 25), 23, 59), "+1", "Mo, 26.10.2026 (morgen)"),
            (clock(dt.date(2026, 10, 26), 0, 0), "+0", "Mo, 26.10.2026 (heute)"),
        ],
    )
    def test_the_nights_in_which_the_clocks_change(
        self, kim: User, moment: dt.datetime, typed: str, answer: str
    ) -> None:
        with time_machine.travel(moment, tick=False):
            assert answer in asked(signed_in(kim), typed, case_of(kim))

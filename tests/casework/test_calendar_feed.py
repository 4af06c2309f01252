"""The calendar feed: RFC 5545 to the octet, initials and case number only, and no appointment twice."""

import datetime as dt
import re

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casework.actions import NewStep
from casework.actions.calendar import create_calendar_address
from casework.actions.steps import complete_follow_up, postpone_follow_up
from casework.enums import FollowUpKind
from casework.exchange.ics import escaped, folded, initial, write_calendar
from casework.models.calendar import FeedEntry
from tests.factories import (
    AbsenceFactory,
    CaseAssignmentFactory,
    CaseClosureFactory,
    FollowUpFactory,
    SubstitutionFactory,
    ahead,
    at_ten,
)

LINE = re.compile(r"^(?P<name>[A-Z-]+)(?P<params>(?:;[A-Z-]+=[^:;]+)*):(?P<value>.*)$", re.DOTALL)
NEEDED = {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "SUMMARY", "STATUS"}


def parse(content: bytes) -> list[dict[str, str]]:
    """A strict reader of its own: it knows nothing of the writer and forgives nothing."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert all(line.decode() for line in lines)  # every line is UTF-8 of its own: no character is torn
    unfolded: list[str] = []
    for line in lines:
        if line.startswith(b" "):
            unfolded[-1] += line[1:].decode()
        else:
            unfolded.append(line.decode())
    assert unfolded[0] == "BEGIN:VCALENDAR" and unfolded[-1] == "END:VCALENDAR"
    events: list[dict[str, str]] = []
    inside = False
    for line in unfolded[1:-1]:
        match = LINE.match(line)
        assert match, line
        name, value = match["name"], match["value"]
        if name == "BEGIN":
            assert value == "VEVENT" and not inside
            events.append({})
            inside = True
        elif name == "END":
            assert value == "VEVENT" and inside
            inside = False
        elif inside:
            assert name not in events[-1], f"{name} twice"
            events[-1][name] = unescape(value) if name == "SUMMARY" else value
    for event in events:
        assert event.keys() >= NEEDED
        assert all(re.fullmatch(r"\d{8}T\d{6}Z", event[name]) for name in ("DTSTAMP", "DTSTART"))
    assert len({event["UID"] for event in events}) == len(events)
    return events


def unescape(text: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", text)
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "N": "\n"}.get(match[1], match[1]), text)


@pytest.fixture
def kims(kim):
    """Read Kim's calendar anew, without a session: UID -> event."""
    token = create_calendar_address(by=kim).token
    return lambda: read(token)


def read(token: str) -> dict[str, dict[str, str]]:
    response = Client().get(f"/kalender/{token}.ics")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    return {event["UID"]: event for event in parse(response.content)}


def uid(step) -> str:
    return f"termin-{step.pk}@fallarbeit"


def moment(when: dt.datetime) -> str:
    return f"{when.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


@pytest.mark.usefixtures("db")
class TestFeed:
    def test_initials_and_case_number_and_nothing_else_leave_the_house(self, kims, case):
        step = FollowUpFactory(case=case, appointment=True, subject="Schuldnerberatung", place="bei Familie Kaya")

        event = kims()[uid(step)]

        assert event["SUMMARY"] == f"D. Y. {case.number}"
        assert (event["DTSTART"], event["STATUS"]) == (moment(step.starts_at), "CONFIRMED")
        assert event["SEQUENCE"] == "1"
        assert set(event) == NEEDED | {"TRANSP", "CLASS"}
        said = " ".join(event.values())
        assert not any(word in said for word in ("Yıldız", "Deniz", "Schuldner", "Kaya"))

    def test_a_wiedervorlage_and_a_foreign_case_are_not_in_it(self, kims, case):
        FollowUpFactory(appointment=True)

        assert kims() == {}

    def test_moved_keeps_its_uid_and_counts_on(self, kims, kim, case):
        step = FollowUpFactory(case=case, appointment=True)
        day = ahead(14)
        postpone_follow_up(
            follow_up=step, version=1, due_on=day, starts_at=at_ten(day), reason="", saturday_confirmed=False, by=kim
        )

        events = kims()

        assert set(events) == {uid(step)}
        assert (events[uid(step)]["DTSTART"], events[uid(step)]["SEQUENCE"]) == (moment(at_ten(day)), "2")

    def test_called_off_says_so_and_counts_on(self, kims, kim, case):
        step = FollowUpFactory(case=case, appointment=True)
        complete_follow_up(
            follow_up=step,
            version=1,
            outcome="Abgesagt",
            next_step=NewStep(FollowUpKind.REMINDER, ahead(), "Neuen Termin vereinbaren"),
            by=kim,
        )

        event = kims()[uid(step)]

        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", "2")

    def test_a_closed_case_calls_its_appointments_off(self, kims, case):
        step = FollowUpFactory(case=case, appointment=True)
        CaseClosureFactory(case=case)

        assert kims()[uid(step)]["STATUS"] == "CANCELLED"

    def test_after_sixty_days_it_is_gone(self, kims, case, monkeypatch):
        step = FollowUpFactory(case=case, appointment=True, done=True)
        assert kims()[uid(step)]["STATUS"] == "CANCELLED"
        monkeypatch.setattr("casework.models.calendar.REMEMBERED", dt.timedelta())

        assert kims() == {}

    def test_a_case_that_passes_takes_its_appointment_along(self, kims, eva, case):
        step = FollowUpFactory(case=case, appointment=True)
        CaseAssignmentFactory(case=case, counsellor=eva)
        later = FollowUpFactory(case=case, appointment=True, created_at=timezone.now())
        evas = read(create_calendar_address(by=eva).token)

        former = kims()

        assert set(former) == {uid(step)}  # what the successor agreed on is not told
        assert (former[uid(step)]["STATUS"], former[uid(step)]["SEQUENCE"]) == ("CANCELLED", "2")
        assert {evas[uid(step)]["STATUS"], evas[uid(later)]["STATUS"]} == {"CONFIRMED"}

    def test_a_case_that_comes_back_is_there_again_and_newer(self, kims, kim, eva, case):
        step = FollowUpFactory(case=case, appointment=True)
        CaseAssignmentFactory(case=case, counsellor=eva)
        CaseAssignmentFactory(case=case, counsellor=kim)

        event = kims()[uid(step)]

        assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", "3")

    def test_who_stands_in_has_the_appointments_of_those_days(self, kim, eva, case):
        step = FollowUpFactory(case=case, appointment=True)
        FollowUpFactory(case=case, appointment=True, due_on=ahead(40))
        today = timezone.localdate()
        absence = AbsenceFactory(user=kim, during=DateRange(today, today + dt.timedelta(days=30)))
        SubstitutionFactory(absent_user=kim, absence=absence, substitute=eva)

        assert set(read(create_calendar_address(by=eva).token)) == {uid(step)}


class TestWriter:
    @given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=200))
    def test_whatever_stands_in_a_value_comes_back(self, text):
        line = folded(f"SUMMARY:{escaped(text)}")

        parts = line.removesuffix(b"\r\n").split(b"\r\n")
        assert all(len(part) <= 75 for part in parts)
        whole = parts[0].decode() + "".join(part.decode()[1:] for part in parts[1:])
        assert unescape(whole.removeprefix("SUMMARY:")) == text

    @pytest.mark.parametrize(
        "name, letter",
        [("Deniz", "D."), ("Çağla", "Ç."), ("’t Hooft", "t."), ("محمد", "م."), ("A\u0301gnes", "Á."), ("-", "–")],
    )
    def test_initials(self, name, letter):
        assert initial(name) == letter

    def test_times_are_utc_in_both_nights_of_the_changed_clock(self):
        nights = [dt.datetime(2026, 3, 29, 9), dt.datetime(2026, 10, 25, 9)]
        starts = [timezone.make_aware(night) for night in nights]
        entries = [FeedEntry(number, at, "F-26-1", "Y", "D", False, 1) for number, at in enumerate(starts)]

        events = parse(write_calendar(entries, starts[0]))

        assert [event["DTSTART"] for event in events] == ["20260329T070000Z", "20261025T080000Z"]

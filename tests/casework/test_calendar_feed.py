"""The calendar feed as a second program reads it: initials and case number only, and no appointment twice."""

import datetime as dt
import uuid
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casework.actions import NewStep
from casework.actions.absences import end_absence, enter_absence, name_substitute
from casework.actions.calendar import create_calendar_address, new_token, revoke_calendar_address
from casework.actions.handovers import plan_handovers
from casework.actions.steps import complete_follow_up, create_follow_up, postpone_follow_up
from casework.enums import FollowUpKind
from casework.exchange.ics import initial, write_calendar
from casework.models import CalendarFeed, FollowUp, Substitution, User
from casework.models.calendar import FeedEntry
from tests.casework.calendar_program import CalendarProgram, check_octets, read_events
from tests.factories import (
    AbsenceFactory,
    CaseAssignmentFactory,
    CaseClosureFactory,
    CaseFactory,
    CounsellorFactory,
    FollowUpFactory,
    SubstitutionFactory,
    ahead,
    at_ten,
)

DAY = dt.timedelta(days=1)


def subscribe(user: User) -> CalendarProgram:
    """A program on the person's telephone; it has no session."""
    token = create_calendar_address(by=user).token

    def fetch() -> bytes:
        response = Client().get(f"/kalender/{token}.ics")
        assert response.status_code == 200
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies
        return response.content

    return CalendarProgram(fetch)


def uid(step: FollowUp) -> str:
    return f"termin-{step.pk}@fallarbeit"


def agree(case, day=None, by=None) -> FollowUp:
    day = day or ahead()
    step = NewStep(FollowUpKind.APPOINTMENT, day, "Schuldnerberatung", starts_at=at_ten(day), place="bei Familie Kaya")
    return create_follow_up(case=case, step=step, by=by or case.opened_by)


def move(step: FollowUp, day: dt.date, by: User) -> None:
    version = FollowUp.objects.get(pk=step.pk).version
    postpone_follow_up(
        follow_up=step, version=version, due_on=day, starts_at=at_ten(day), reason="", saturday_confirmed=False, by=by
    )


def call_off(step: FollowUp, by: User) -> None:
    complete_follow_up(
        follow_up=step,
        version=FollowUp.objects.get(pk=step.pk).version,
        outcome="Abgesagt",
        next_step=NewStep(FollowUpKind.REMINDER, ahead(), "Neuen Termin vereinbaren"),
        by=by,
    )


def hand_over(case, giver: User, to: User) -> None:
    plan_handovers(
        cases=[case],
        giver=giver.counsellor,
        to=to.counsellor,
        effective_on=timezone.localdate(),
        by=giver,
        batch=uuid.uuid4(),
    )


@pytest.fixture
def kims(kim) -> CalendarProgram:
    return subscribe(kim)


@pytest.fixture
def evas(eva) -> CalendarProgram:
    return subscribe(eva)


@pytest.mark.usefixtures("db")
class TestOneCalendar:
    def test_initials_and_case_number_and_nothing_else_leave_the_house(self, kims, case):
        step = agree(case)

        event = kims.refresh()[uid(step)]

        assert event.name == f"D. Y. {case.number}"
        assert (event.begin, event.status, event.sequence) == (step.starts_at, "CONFIRMED", 1)
        said = kims.fetch().decode()
        assert not any(word in said for word in ("Yıldız", "Deniz", "Schuldner", "Kaya", "Sander"))

    def test_a_wiedervorlage_and_a_foreign_case_are_not_in_it(self, kims, case):
        FollowUpFactory(appointment=True)

        assert kims.refresh() == {}

    def test_new_moved_and_called_off_arrive_without_duplicates(self, kims, kim, case):
        step, other = agree(case), agree(case, ahead(9))
        assert kims.refresh().keys() == {uid(step), uid(other)}

        move(step, ahead(14), kim)

        assert kims.refresh().keys() == {uid(step), uid(other)}
        assert kims.shown[uid(step)].begin == at_ten(ahead(14))
        assert kims.shown[uid(step)].sequence == 2

        move(step, ahead(21), kim)
        call_off(step, kim)

        assert kims.refresh().keys() == {uid(other)}
        assert (kims.entries[uid(step)].status, kims.entries[uid(step)].sequence) == ("CANCELLED", 4)

    def test_a_closed_case_calls_its_appointments_off(self, kims, case):
        step = agree(case)
        assert uid(step) in kims.refresh()
        CaseClosureFactory(case=case)

        assert kims.refresh() == {}

    def test_after_sixty_days_it_is_gone(self, kims, case, monkeypatch):
        FollowUpFactory(case=case, appointment=True, done=True)
        assert len(read_events(kims.fetch())) == 1
        monkeypatch.setattr("casework.models.calendar.REMEMBERED", dt.timedelta())

        assert read_events(kims.fetch()) == {}

    def test_the_number_of_statements_does_not_grow(self, kims, kim, case, django_assert_max_num_queries):
        for _ in range(12):
            agree(CaseFactory(counsellor=kim))
        with django_assert_max_num_queries(16):
            kims.fetch()
        assert len(kims.refresh()) == 12


@pytest.mark.usefixtures("db")
class TestHandover:
    def test_a_case_that_passes_takes_its_appointment_along(self, kims, evas, kim, eva, case):
        step = agree(case)
        kims.refresh()
        hand_over(case, kim, eva)
        later = agree(case, ahead(9), by=eva)

        assert kims.refresh() == {}
        assert uid(later) not in kims.entries  # what the successor agreed on is not told
        assert evas.refresh().keys() == {uid(step), uid(later)}

    def test_a_case_that_comes_back_is_there_again_and_newer(self, kims, evas, kim, eva, case):
        step = agree(case)
        kims.refresh()
        hand_over(case, kim, eva)
        kims.refresh(), evas.refresh()
        CaseAssignmentFactory(case=case, counsellor=kim)

        assert uid(step) in kims.refresh()
        assert evas.refresh() == {}


@pytest.mark.usefixtures("db")
class TestSubstitution:
    """Eva stands in for Kim from today on, for thirty days unless a test says otherwise."""

    @pytest.fixture
    def absence(self, kim, eva):
        today = timezone.localdate()
        return enter_absence(user=kim, first_day=today, last_day=today + 30 * DAY, substitute=eva, by=kim)

    def test_who_stands_in_has_the_appointments_of_those_days(self, evas, case, absence):
        step, later = agree(case), agree(case, ahead(40))

        assert evas.refresh().keys() == {uid(step)}
        assert uid(later) not in evas.entries

    def test_before_it_begins_nothing_is_told(self, kim, eva, evas, case):
        agree(case)
        absence = AbsenceFactory(user=kim, during=DateRange(timezone.localdate() + DAY, ahead(20)))
        SubstitutionFactory(absent_user=kim, absence=absence, substitute=eva)

        assert evas.refresh() == {}

    def test_back_early_calls_off_what_is_left(self, kims, evas, kim, case, absence):
        step = agree(case)
        kims.refresh(), evas.refresh()

        end_absence(absence=absence, last_day=timezone.localdate(), by=kim)

        assert evas.refresh() == {}
        assert evas.entries[uid(step)].status == "CANCELLED"
        assert kims.refresh().keys() == {uid(step)}

    def test_what_is_agreed_on_afterwards_is_not_told(self, evas, kim, case, absence):
        evas.refresh()
        end_absence(absence=absence, last_day=timezone.localdate(), by=kim)
        with time_machine.travel(timezone.now() + 2 * DAY):
            FollowUpFactory(case=case, appointment=True, created_at=timezone.now())
            evas.refresh()

        assert evas.entries == {}

    def test_at_its_end_nothing_of_the_future_is_left(self, evas, case, absence):
        step, later = agree(case), agree(case, ahead(40))
        evas.refresh()
        with time_machine.travel(timezone.now() + 35 * DAY):
            evas.refresh(timezone.now())

        assert evas.entries.keys() == {uid(step)}
        assert uid(later) not in evas.entries
        assert evas.entries[uid(step)].status == "CONFIRMED"  # it took place while Eva stood in

    def test_moved_out_of_those_days_is_off(self, evas, kim, case, absence):
        step = agree(case)
        evas.refresh()

        move(step, ahead(40), kim)

        assert evas.refresh() == {}
        move(step, ahead(5), kim)
        assert evas.refresh().keys() == {uid(step)}

    def test_called_off_is_off_for_both(self, kims, evas, kim, case, absence):
        step = agree(case)
        kims.refresh(), evas.refresh()

        call_off(step, kim)

        assert (kims.refresh(), evas.refresh()) == ({}, {})

    def test_another_substitute_takes_over(self, kim, eva, evas, osterode, case, absence):
        step = agree(case)
        ida = CounsellorFactory(user__team=osterode).user
        idas = subscribe(ida)
        with time_machine.travel(timezone.now() + 2 * DAY):
            evas.refresh(timezone.now())
            name_substitute(absence=absence, substitute=ida, by=kim)

            assert evas.refresh(timezone.now()) == {}
            assert idas.refresh(timezone.now()).keys() == {uid(step)}

    def test_a_second_substitution_brings_it_back(self, evas, kim, eva, case, absence):
        step = agree(case)
        evas.refresh()
        end_absence(absence=absence, last_day=timezone.localdate(), by=kim)
        evas.refresh()
        with time_machine.travel(timezone.now() + DAY):
            today = timezone.localdate()
            enter_absence(user=kim, first_day=today, last_day=None, substitute=eva, by=kim)

            assert evas.refresh(timezone.now()).keys() == {uid(step)}

    def test_a_case_that_passes_meanwhile_is_off_for_who_stands_in(self, evas, kim, osterode, case, absence):
        step = agree(case)
        evas.refresh()
        ida = CounsellorFactory(user__team=osterode).user

        hand_over(case, kim, ida)

        assert evas.refresh() == {}
        assert subscribe(ida).refresh().keys() == {uid(step)}

    def test_a_case_that_ends_meanwhile_is_off_for_who_stands_in(self, evas, case, absence):
        agree(case)
        evas.refresh()
        CaseClosureFactory(case=case)

        assert evas.refresh() == {}

    def test_the_one_who_stood_in_becomes_responsible(self, evas, kim, eva, case, absence):
        step = agree(case)
        evas.refresh()

        hand_over(case, kim, eva)
        end_absence(absence=absence, last_day=timezone.localdate(), by=kim)

        assert evas.refresh().keys() == {uid(step)}


@pytest.mark.usefixtures("db")
class TestMemoryOfASubstitution:
    def test_the_database_keeps_how_far_it_once_reached(self, kim, eva):
        today = timezone.localdate()
        absence = enter_absence(user=kim, first_day=today, last_day=None, substitute=eva, by=kim)
        for day in (9, 5):
            end_absence(absence=absence, last_day=today + day * DAY, by=kim)
            absence.refresh_from_db()

        row = Substitution.objects.get()
        assert (row.widest, row.revision) == (DateRange(today, None), 2)
        assert row.narrowed is not None

    def test_before_its_first_day_nobody_was_told(self, kim, eva):
        first = timezone.localdate() + 3 * DAY
        absence = enter_absence(user=kim, first_day=first, last_day=None, substitute=eva, by=kim)
        end_absence(absence=absence, last_day=first + DAY, by=kim)

        row = Substitution.objects.get()
        assert (row.widest, row.revision, row.narrowed) == (DateRange(first, first + 2 * DAY), 0, None)

    def test_nobody_says_otherwise(self, kim, eva):
        substitution = SubstitutionFactory(absent_user=kim, substitute=eva, revision=7, narrowed=timezone.now())
        substitution.refresh_from_db()

        assert (substitution.revision, substitution.narrowed) == (0, None)


@pytest.mark.usefixtures("committed_db")
def test_over_the_wire_from_gunicorn_and_nothing_of_the_token_is_kept(live_office, kim, eva):
    """From the database through the server to the program; afterwards the address is revoked."""
    case = CaseFactory(counsellor=kim, client__family_name="Yıldız", client__given_name="Deniz")
    token = create_calendar_address(by=kim).token
    program = CalendarProgram(lambda: over_the_wire(live_office, token)[1])

    step = agree(case)
    assert program.refresh().keys() == {uid(step)}
    move(step, ahead(14), kim)
    assert program.refresh()[uid(step)].begin == at_ten(ahead(14))
    call_off(step, kim)
    assert program.refresh() == {}

    revoke_calendar_address(by=kim)
    revoked, unknown = over_the_wire(live_office, token), over_the_wire(live_office, new_token())
    assert revoked[0] == unknown[0] == 404
    assert revoked[1:] == unknown[1:]
    inactive = create_calendar_address(by=eva).token
    User.objects.filter(pk=eva.pk).update(is_active=False)
    assert over_the_wire(live_office, inactive) == unknown

    assert "/kalender/*" in live_office.log
    assert token not in live_office.log and inactive not in live_office.log
    kept = str(list(CalendarFeed.objects.values()))
    assert token not in kept and inactive not in kept


def over_the_wire(office, token: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers but the date and the number of the request."""
    try:
        with urlopen(f"{office.url}/kalender/{token}.ics", timeout=20) as answer:  # noqa: S310
            found = answer.status, answer.read(), answer.headers
    except HTTPError as error:
        with error:
            found = error.code, error.read(), error.headers
    status, body, headers = found
    moving = {"date", "x-request-id"}
    return status, body, sorted((name, value) for name, value in headers.items() if name.lower() not in moving)


class TestWriter:
    @given(st.text(max_size=120), st.text(max_size=120))
    def test_whatever_somebody_is_called_the_program_reads_it(self, given_name, family_name):
        at = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
        content = write_calendar([FeedEntry(1, at, "F-26-00418", family_name, given_name, False, 1)], at)

        check_octets(content)
        [event] = read_events(content).values()
        assert event.name == f"{initial(given_name)} {initial(family_name)} F-26-00418"

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
        content = write_calendar(entries, starts[0])

        assert b"DTSTART:20260329T070000Z" in content and b"DTSTART:20261025T080000Z" in content
        assert sorted(event.begin for event in read_events(content).values()) == starts

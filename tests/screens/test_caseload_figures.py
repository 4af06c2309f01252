"""Each figure of the Fallbestand is the length of the list behind it: on random offices, and while somebody writes."""

import random
import threading
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from hypothesis import Phase, given, settings

from casework.models import User
from tests import factories
from tests.conftest import signed_in
from tests.screens.caseload_office import OFFICES, Office, build, counted_in_python, shown_figures, shown_list

# An office is small as it is, and building it takes long: no search for a smaller one.
PHASES = (Phase.explicit, Phase.generate)


def figures_are_lists(plan) -> None:
    with transaction.atomic():
        office = build(plan)
        shown = shown_figures(office.client)
        assert shown == counted_in_python(office)
        for query, count in shown.items():
            assert shown_list(office.client, query) == (count, count), query
        # What an IFK sees of the own row is what the lead sees of it, and the protected cases.
        person = office.people[0]
        own = shown_figures(signed_in(person))
        counted = counted_in_python(office, by_lead=False)
        assert own == {query: count for query, count in counted.items() if query.startswith(f"wer={person.pk}&")}
        transaction.set_rollback(True)


@settings(max_examples=6, derandomize=True, phases=PHASES)
@given(plan=OFFICES)
def test_each_figure_is_the_length_of_its_list(db, plan):
    figures_are_lists(plan)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=50, phases=PHASES)
@given(plan=OFFICES)
def test_each_figure_is_the_length_of_its_list_in_fifty_offices(db, plan):
    figures_are_lists(plan)


class Writer(threading.Thread):
    """Sets further steps in a caseload, one after the other, until it is told to end."""

    def __init__(self, cases) -> None:
        super().__init__()
        self.cases = cases
        self.enough = threading.Event()
        self.written = 0
        self.trouble: Exception | None = None

    def run(self) -> None:
        dice = random.Random(1)  # noqa: S311
        try:
            while not self.enough.is_set():
                case = dice.choice(self.cases)
                factories.FollowUpFactory(case=case, overdue=dice.random() < 0.7, created_by=case.opened_by)
                self.written += 1
        except Exception as error:  # noqa: BLE001  (told by the test)
            self.trouble = error
        finally:
            connection.close()


def while_somebody_writes(kim: User, tom: User, *, looks: int) -> None:
    cases = [factories.CaseFactory(counsellor=kim) for _ in range(3)]
    client = signed_in(tom)
    queries = [urlencode({"wer": kim.pk, "was": name}) for name in ("ueberfaellig-10", "ueberfaellig-lang", "faelle")]
    queries += [urlencode({"wer": kim.pk, "was": "woche", "woche": week}) for week in (1, 2)]
    writer = Writer(cases)
    writer.start()
    try:
        seen = set()
        for number in range(looks):
            # The first page alone: rows and number are of one moment.
            query = queries[number % len(queries)]
            content = client.get(f"/fallbestand/liste/?{query}").content.decode()
            count = int(content.partition("<h1>")[2].partition(" ")[0])
            assert content.count("data-row") == min(count, 50), query
            seen.add((query, count))
            figures = shown_figures(client)
            # All steps of Kim's are counted once in each of these, in whatever moment: cases are not written.
            assert figures[urlencode({"wer": kim.pk, "was": "faelle"})] == 3
    finally:
        writer.enough.set()
        writer.join()
    assert writer.trouble is None
    assert writer.written > 5
    assert len(seen) > len(queries)  # numbers did change meanwhile
    shown = shown_figures(client)
    assert shown == counted_in_python(Office(tom, [kim]))
    for query, count in shown.items():
        assert shown_list(client, query) == (count, count), query


def test_number_and_rows_are_of_one_moment_while_somebody_writes(committed_db, kim, tom):
    while_somebody_writes(kim, tom, looks=25)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_number_and_rows_are_of_one_moment_for_a_long_time(committed_db, kim, tom):
    while_somebody_writes(kim, tom, looks=400)

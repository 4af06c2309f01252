"""Two people conclude a version at once, past the actions: exactly one is current afterwards, nobody deadlocks."""

from collections import Counter

import pytest
from django.db import connection, transaction

from agreements.models import Agreement
from casework.models.base import reserve_id
from tests import factories
from tests.casework.test_races import PAIRS, at_once, kinds

SUPERSEDE = """
UPDATE agreements_agreement SET superseded_at = clock_timestamp(), superseded_by_id = %(new)s
 WHERE id = %(standing)s AND superseded_at IS NULL
"""
INSERT = """
INSERT INTO agreements_agreement (id, case_id, contact_id, number, goal, employment_link, rhythm, review_follow_up_id,
                                  step_count, resource_count, at, by_id)
OVERRIDING SYSTEM VALUE
VALUES (%(new)s, %(case)s, %(contact)s, %(number)s, 'Ziel', 'Arbeit', '', %(review)s, 1, 0, clock_timestamp(), %(by)s)
"""
STEP = """
INSERT INTO agreements_agreementstep (case_id, agreement_id, position, owner, owner_name, text)
VALUES (%(case)s, %(new)s, 1, 'client', '', 'Anrufen')
"""


def new_version(standing, number, contact):
    """The next version in raw SQL, as somebody would write it who takes no lock; `standing` may be None."""
    values = {
        "new": reserve_id(Agreement),
        "standing": standing and standing.pk,
        "case": contact.case_id,
        "contact": contact.pk,
        "number": number,
        "review": contact.follow_up_id,
        "by": contact.author_id,
    }

    def run():
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in (SUPERSEDE, INSERT, STEP):
                cursor.execute(statement, values)

    return run


@pytest.fixture
def person(committed_db, kim):
    return kim


def current(case):
    return Agreement.objects.filter(case=case, superseded_at=None, withdrawn_at=None).count()


# Two who count on their own come to the same number; with different numbers the partial index must hold.
@pytest.mark.parametrize("numbers", [(2, 2), (2, 3)], ids=["same number", "own numbers"])
@pytest.mark.parametrize("pairs", PAIRS)
def test_two_who_supersede_the_same_version(person, pairs, numbers):
    outcomes = Counter()
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=person)
        first = factories.AgreementFactory(case=case)
        contacts = [factories.ContactFactory(case=case) for _ in numbers]

        ways = [new_version(first, number, contact) for number, contact in zip(numbers, contacts, strict=True)]
        outcomes.update(kinds(at_once(*ways)))

        assert current(case) == 1
        assert Agreement.objects.filter(case=case).count() == 2

    assert outcomes == {"done": pairs, "IntegrityError": pairs}


@pytest.mark.parametrize("pairs", PAIRS)
def test_two_who_conclude_the_first_version(person, pairs):
    outcomes = Counter()
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=person)
        contacts = [factories.ContactFactory(case=case) for _ in range(2)]

        ways = [new_version(None, number, contact) for number, contact in enumerate(contacts, 1)]
        outcomes.update(kinds(at_once(*ways)))

        assert current(case) == 1

    assert outcomes == {"done": pairs, "IntegrityError": pairs}


def test_two_cases_do_not_wait_for_each_other(person):
    pairs = [factories.CaseFactory(counsellor=person) for _ in range(2)]
    contacts = [factories.ContactFactory(case=case) for case in pairs]

    assert kinds(at_once(*[new_version(None, 1, contact) for contact in contacts])) == ["done", "done"]

"""Two people agree on something in one case at the same moment: one version wins, and the other one is told.

What the rows alone hold, past the actions and their locks, is tried in `test_races`.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from agreements.actions.talks import NewAgreement, NewAgreementStep
from agreements.enums import StepOwner
from agreements.models import Agreement, AgreementStep
from casework.actions import withdraw_contact
from casework.models import Case, Contact, User
from casework.models.invariants import find_violations
from tests import factories
from tests.agreements.talking import agree, current, talk
from tests.casework.test_races import at_once, kinds

PAIRS = [
    pytest.param(10, id="10 pairs"),
    pytest.param(300, id="300 pairs", marks=[pytest.mark.long, pytest.mark.timeout(900)]),
]
STEPS = (NewAgreementStep(StepOwner.CLIENT, "ruft an"), NewAgreementStep(StepOwner.JOBCENTER, "klärt"))


@pytest.fixture
def people(committed_db, kim, eva):
    return kim, eva


def go_on(case: Case, by: User, base: int | None, **brought: object) -> Callable[[], Contact]:
    """A conversation that goes on from the version `base`, as its form was opened."""
    new = NewAgreement(goal=f"Ziel von {by.first_name}", employment_link="Arbeit.", steps=STEPS, base=base)
    return lambda: talk(case, by, agreement=new, **brought)


def assert_last_one_stands(case: Case, count: int) -> None:
    """As many versions as were concluded, each with its steps; the last one alone is current."""
    versions = Agreement.objects.filter(case=case).order_by("number")

    assert [version.number for version in versions] == list(range(1, count + 1))
    assert [version.superseded_at is None for version in versions] == [False] * (count - 1) + [True]
    assert AgreementStep.objects.filter(case=case).count() == count * len(STEPS)


@pytest.mark.parametrize("pairs", PAIRS)
@pytest.mark.parametrize("stands", [True, False], ids=["next version", "first version"])
def test_two_people_who_conclude_a_version_at_once(people, stands, pairs):
    kim, eva = people
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=kim)
        base = agree(case, kim, steps=STEPS).pk if stands else None
        talks = Contact.objects.filter(case=case).count()

        answers = at_once(go_on(case, kim, base), go_on(case, eva, base))

        outcomes.update(kinds(answers))
        (won,) = [answer for answer in answers if isinstance(answer, Contact)]
        assert current(case).contact_id == won.pk
        assert_last_one_stands(case, 1 + stands)
        # Whoever comes second leaves no half of a conversation.
        assert Contact.objects.filter(case=case).count() == talks + 1

    assert outcomes == {"done": pairs, "AgreementMoved": pairs}
    assert find_violations() == []


@pytest.mark.parametrize("pairs", PAIRS)
def test_a_version_goes_on_from_one_that_is_just_taken_out_of_the_file(people, pairs):
    kim, eva = people
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=kim)
        before, wrong = agree(case, kim, steps=STEPS), agree(case, kim, steps=STEPS)

        answers = at_once(
            go_on(case, eva, wrong.pk),
            lambda wrong=wrong: withdraw_contact(contact=wrong.contact, reason="Falsche Akte", by=kim),
        )

        # Whoever goes on from what is gone is told; else the new version stands, whatever becomes of the one before.
        assert kinds(answers) in (["AgreementMoved", "done"], ["done", "done"])
        went_on = isinstance(answers[0], Contact)
        assert current(case).number == (3 if went_on else before.number)

    assert find_violations() == []


@pytest.mark.parametrize("pairs", PAIRS)
def test_a_resource_is_drawn_on_while_it_is_said_to_be_true_no_longer(people, pairs):
    kim, eva = people
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=kim)
        resource = factories.ResourceFactory(case=case)
        new = NewAgreement("Ziel", "Arbeit.", STEPS, resource_ids=(resource.pk,))

        answers = at_once(
            lambda case=case, new=new: talk(case, kim, agreement=new),
            lambda case=case, resource=resource: talk(case, eva, ended_resources=(resource.pk,)),
        )

        assert kinds(answers) in (["RuleBroken", "done"], ["done", "done"])

    assert find_violations() == []


@pytest.mark.parametrize("pairs", PAIRS)
def test_two_people_who_say_that_a_resource_is_true_no_longer(people, pairs):
    outcomes: Counter[str] = Counter()
    for _ in range(pairs):
        case = factories.CaseFactory(counsellor=people[0])
        resource = factories.ResourceFactory(case=case)

        def fade(by: User, case: Case = case, pk: int = resource.pk) -> Callable[[], Contact]:
            return lambda: talk(case, by, ended_resources=(pk,))

        outcomes.update(kinds(at_once(*(fade(person) for person in people))))

    assert outcomes == {"done": pairs, "StaleVersion": pairs}
    assert find_violations() == []

"""The file shows what the person wants and the one current agreement first, however long their history (R4.3-1)."""

import uuid

import pytest
from django.utils import timezone

from agreements.actions.talks import Agreed, NewAgreement, NewAgreementStep, NewOutcome, NewResource, NewWill
from agreements.enums import Outcome, StepOwner
from agreements.models import Agreement, AgreementStep, LegalRegime, Resource
from casework import actions
from casework.actions import NewStep
from casework.enums import FollowUpKind
from casework.models import Case, ContactChannel, User
from tests.factories import CaseFactory, ahead

pytestmark = pytest.mark.django_db


def talk(case: Case, by: User, **brought) -> None:
    """A conversation that brings what is named."""
    actions.conclude_conversation(
        case=case,
        by=by,
        at=timezone.now(),
        channel=ContactChannel.objects.get(code="in_person"),
        text="Gesprochen.",
        next_step=NewStep(FollowUpKind.REMINDER, ahead(7), "Wie geht es weiter?"),
        key=uuid.uuid4(),
        parts=[Agreed(**brought)],
    )


def agreed(goal: str = "Eine Stelle finden.", base: int | None = None, **changed) -> NewAgreement:
    step = NewAgreementStep(StepOwner.CLIENT, "fragt nach")
    return NewAgreement(goal=goal, employment_link="Arbeit.", steps=(step,), base=base, **changed)


def versions(case: Case, by: User, count: int) -> None:
    for number in range(1, count + 1):
        current = Agreement.objects.filter(case=case, superseded_at=None).first()
        talk(case, by, agreement=agreed(f"Fassung {number}.", current.pk if current else None))


@pytest.fixture
def case(kim: User) -> Case:
    return CaseFactory(counsellor=kim)


def test_will_and_agreement_stand_before_the_history(kim_client, kim, case):
    talk(
        case,
        kim,
        will=NewWill("Ich will mit Holz arbeiten.", "Baut ein Regal."),
        resources=(NewResource("Onkel mit Werkstatt"),),
        agreement=agreed(rhythm="alle 3 Wochen"),
    )

    page = kim_client.get(f"/faelle/{case.number}/").content.decode()

    places = [page.index(text) for text in ("Ich will mit Holz arbeiten.", "Eine Stelle finden.", "Verlauf</h2>")]
    assert places == sorted(places)
    assert page.index("Onkel mit Werkstatt") < page.index("Verlauf</h2>")
    assert "erkennbar an: Baut ein Regal." in page
    assert "Taktung: alle 3 Wochen" in page


def test_without_own_activity_nothing_is_called_a_will(kim_client, kim, case):
    talk(case, kim, will=NewWill("Ich würde gern etwas mit Tieren machen."))

    page = kim_client.get(f"/faelle/{case.number}/").content.decode()

    assert '<h2 id="wille-titel">wird gemeinsam erkundet</h2>' in page
    assert '<h2 id="wille-titel">Wille</h2>' not in page


def test_forty_versions_and_three_hundred_resources_ask_no_more(kim_client, kim, case, count_queries):
    small = CaseFactory(counsellor=kim)
    versions(small, kim, 1)
    talk(small, kim, resources=tuple(NewResource(f"Ressource {n}", row=f"res{n}") for n in range(3)))
    versions(case, kim, 40)
    for part in range(10):
        named = tuple(NewResource(f"Ressource {part}-{n}", row=f"res{n}") for n in range(30))
        talk(case, kim, resources=named)
    assert Resource.objects.filter(case=case).count() == 300

    with count_queries() as few:
        kim_client.get(f"/faelle/{small.number}/")
    with count_queries() as many:
        kim_client.get(f"/faelle/{case.number}/")

    assert many.count == few.count, many.explain()
    page = kim_client.get(f"/faelle/{case.number}/").content.decode()
    assert "Fassung 40." in page
    assert "und 288 weitere" in page


def test_what_came_of_a_step_stands_beside_it(kim_client, kim, case):
    talk(case, kim, agreement=agreed())
    step = AgreementStep.objects.get(case=case)
    talk(case, kim, outcomes=(NewOutcome(step.pk, Outcome.DIFFERENT, "Der Betrieb hat selbst angerufen."),))

    page = kim_client.get(f"/faelle/{case.number}/").content.decode()

    assert "anders gekommen" in page
    assert "Der Betrieb hat selbst angerufen." in page


def test_the_plan_is_named_only_where_the_house_says_so_and_by_the_law_of_the_day(kim_client, kim, case):
    talk(case, kim, agreement=agreed())
    url = f"/faelle/{case.number}/"
    assert "Kooperationsplan" not in kim_client.get(url).content.decode()

    LegalRegime.objects.on(timezone.localdate()).update(agreement_is_plan=True, plan_name="Arbeitsplan")

    assert "Sie ist zugleich der Arbeitsplan." in kim_client.get(url).content.decode()


def test_a_first_agreement_is_offered_where_none_stands(kim_client, case):
    page = kim_client.get(f"/faelle/{case.number}/").content.decode()

    assert "Noch keine." in page
    assert f"/faelle/{case.number}/gespraech/?vereinbarung=neu" in page


def test_the_review_passes_on_to_the_next_step_when_its_own_is_done(kim_client, kim, case):
    talk(case, kim, agreement=agreed())
    review = Agreement.objects.get(case=case).review_follow_up_id

    actions.complete_follow_up(
        follow_up=case.follow_ups.get(pk=review),
        version=1,
        outcome="Angeschaut.",
        next_step=NewStep(FollowUpKind.REMINDER, ahead(30), "Wieder anschauen"),
        by=kim,
    )

    page = kim_client.get(f"/faelle/{case.number}/").content.decode()
    assert f"wir schauen darauf am {ahead(30):%d.%m.%Y}"[-10:] in page.split("wir schauen darauf am")[1][:40]

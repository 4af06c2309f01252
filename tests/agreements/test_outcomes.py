"""What came of a step, told outside a conversation: on a page of its own and in place in the Fallakte."""

import pytest
from django.utils import timezone

from agreements.actions.steps import tell_outcome
from agreements.actions.talks import NewOutcome
from agreements.enums import Outcome
from agreements.models import StepOutcome
from casework.actions import RuleBroken, withdraw_contact
from tests.agreements.talking import agree, step_of, talk
from tests.factories import AccessGrantFactory, CaseClosureFactory, CaseFactory

pytestmark = pytest.mark.django_db
IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def step(case, kim):
    return step_of(agree(case, kim))


def url(step):
    return f"/faelle/{step.case.number}/vereinbarung/schritte/{step.pk}/"


def test_done_needs_no_words(kim, kim_client, step):
    page = kim_client.get(url(step)).content.decode()
    assert "ruft die Tischlerei an" in page
    assert "Deniz Yıldız" in page

    response = kim_client.post(url(step), {"page": "1", "outcome": "done", "text": ""})

    told = StepOutcome.objects.get()
    assert response["Location"] == f"/faelle/{step.case.number}/"
    assert (told.step, told.outcome, told.text, told.by, told.contact) == (step, Outcome.DONE, "", kim, None)


def test_came_differently_asks_for_own_words_and_keeps_what_was_typed(kim_client, step):
    response = kim_client.post(url(step), {"page": "1", "outcome": "different", "text": "  "})
    page = response.content.decode()

    assert response.status_code == 422
    assert "Bitte schreiben Sie, wie es gekommen ist." in page
    assert 'value="different" ' in page.split(" checked")[0].rsplit("<input", 1)[1] + " "
    assert not StepOutcome.objects.exists()


def test_the_action_asks_as_well(kim, step):
    with pytest.raises(RuleBroken, match="wie es gekommen ist"):
        tell_outcome(step=step, outcome=Outcome.DIFFERENT, text=" ", by=kim)


@pytest.mark.parametrize("outcome", ["", "later", "DONE"])
def test_one_of_three(kim_client, step, outcome):
    response = kim_client.post(url(step), {"page": "1", "outcome": outcome, "text": "Der Anruf war gut."})

    assert response.status_code == 422
    assert "Der Anruf war gut." in response.content.decode()


def test_a_later_one_replaces_and_the_earlier_stays_readable(kim, kim_client, step):
    kim_client.post(url(step), {"page": "1", "outcome": "done", "text": "Termin steht."})
    kim_client.post(url(step), {"page": "1", "outcome": "different", "text": "Der Betrieb hat abgesagt."})

    page = kim_client.get(url(step)).content.decode()
    file = kim_client.get(f"/faelle/{step.case.number}/").content.decode()
    in_file = file.split(f'id="step-{step.pk}"')[1].split("</li>")[0]

    assert page.index("Der Betrieb hat abgesagt.") < page.index("Termin steht.")
    assert "anders gekommen: Der Betrieb hat abgesagt." in in_file
    assert "Termin steht." not in in_file
    assert StepOutcome.objects.count() == 2


def test_the_same_press_twice_is_one(kim, step):
    first = tell_outcome(step=step, outcome=Outcome.DONE, by=kim)

    assert tell_outcome(step=step, outcome=Outcome.DONE, by=kim) == first
    assert tell_outcome(step=step, outcome=Outcome.DONE, text="Gut gelaufen.", by=kim) != first


def test_in_place_the_form_opens_and_the_step_answers(kim_client, step):
    form = kim_client.get(url(step), headers=IN_PLACE).content.decode()
    assert form.strip().startswith("<form")
    assert "<h1" not in form
    assert f'hx-target="#step-{step.pk}"' in form

    refused = kim_client.post(url(step), {"outcome": "different"}, headers=IN_PLACE)
    assert refused.status_code == 422
    assert refused.content.decode().strip().startswith("<form")

    answer = kim_client.post(url(step), {"outcome": "obsolete", "text": "Umgezogen."}, headers=IN_PLACE)
    row = answer.content.decode()
    assert answer.status_code == 200
    assert row.strip().startswith(f'<li class="astep" id="step-{step.pk}"')
    assert f"{timezone.localdate():%d.%m.%Y} passt nicht mehr: Umgezogen." in row
    assert "announce" in answer["HX-Trigger"]


def test_the_row_answered_is_the_row_of_the_file(kim_client, step):
    answer = kim_client.post(url(step), {"outcome": "done"}, headers=IN_PLACE).content.decode()
    file = kim_client.get(f"/faelle/{step.case.number}/").content.decode()

    assert " ".join(answer.split()) in " ".join(file.split())


def test_no_step_is_ever_red(kim_client, step):
    file = kim_client.get(f"/faelle/{step.case.number}/").content.decode()
    row = file.split(f'id="step-{step.pk}"')[1].split("</li>")[0]

    assert "late" not in row
    assert "danger" not in row


def test_steps_of_others_are_named(kim, kim_client, case):
    agreement = agree(case, kim)

    for position, who in ((1, "Deniz Yıldız"), (2, "Jobcenter"), (3, "der Onkel")):
        assert who in kim_client.get(url(step_of(agreement, position))).content.decode()


def test_also_of_a_superseded_version_and_after_the_end_of_the_case(kim, kim_client, case, step):
    agree(case, kim, goal="Neu gefasst.")
    assert kim_client.post(url(step), {"page": "1", "outcome": "done"}).status_code == 302

    CaseClosureFactory(case=case, by=kim)
    assert kim_client.post(url(step), {"page": "1", "outcome": "obsolete"}).status_code == 302
    assert StepOutcome.objects.count() == 2


def test_what_stood_in_a_withdrawn_conversation_counts_no_more(kim, kim_client, case, step):
    outcome = NewOutcome(step.pk, Outcome.DIFFERENT, "Die andere Person war gemeint.")
    contact = talk(case, kim, outcomes=(outcome,))
    assert "Die andere Person war gemeint." in kim_client.get(url(step)).content.decode()

    withdraw_contact(contact=contact, reason="Falsche Akte", by=kim)
    page = kim_client.get(url(step)).content.decode()

    assert "Die andere Person war gemeint." not in page
    assert "Bisher" not in page


def test_a_step_of_a_withdrawn_version_is_not_there(kim, kim_client, case, step):
    """The rule is outcome_of_standing_agreement."""
    withdraw_contact(contact=step.agreement.contact, reason="Falsche Akte", by=kim)

    assert kim_client.get(url(step)).status_code == 404


def test_a_step_of_another_case_is_not_there(kim, kim_client, step):
    other = CaseFactory(counsellor=kim)

    assert kim_client.get(f"/faelle/{other.number}/vereinbarung/schritte/{step.pk}/").status_code == 404
    assert kim_client.get(f"/faelle/{other.number}/vereinbarung/schritte/999999/").status_code == 404


def test_who_may_not(client, eva, eva_client, nora_client, paula_client, step):
    assert client.get(url(step)).status_code == 302
    assert nora_client.get(url(step)).status_code == 404
    assert paula_client.get(url(step)).status_code == 403
    AccessGrantFactory(user=eva, case=step.case, kind="read")
    assert eva_client.get(url(step)).status_code == 403
    assert eva_client.post(url(step), {"outcome": "done"}).status_code == 403
    assert not StepOutcome.objects.exists()


def test_the_look_is_on_record(kim_client, step, owner_events):
    before = owner_events()

    kim_client.get(url(step))

    assert owner_events() - before == {"entry.opened": 1}

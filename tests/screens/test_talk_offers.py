"""The section Angebote of a conversation: chosen with a worded Absicht, after a look at resources, or not at all."""

import json
import re

import pytest
from django.db import connection
from django.utils import timezone

from casework.actions import withdraw_contact
from casework.models import Contact, Draft
from offers.models import DemandNote, IntentVersion, OfferChoice, Participation, ParticipationOutcome
from tests.factories import (
    CaseFactory,
    ConsentFactory,
    ParticipationFactory,
    chosen_offer,
    published_offer,
)
from tests.screens.forms import conversation

pytestmark = pytest.mark.django_db

AGREED = {
    "agreement": "new",
    "ag_base": "",
    "ag_goal": "Einen Platz in einer Tischlerei finden.",
    "ag_link": "Ein Praktikum, aus dem Arbeit werden kann.",
    "as1_text": "ruft die Tischlerei an",
    "as1_owner": "client",
    "ag_review": "next",
}
INTENT = "Ich will sehen, ob ich einen ganzen Tag an der Werkbank durchhalte."


@pytest.fixture
def case(client):
    case = CaseFactory()
    client.force_login(case.opened_by)
    return case


def submit(client, case, **changed):
    return client.post(f"/faelle/{case.number}/gespraech/", conversation(case, **changed))


def stored():
    return [model.objects.count() for model in (Contact, OfferChoice, IntentVersion, ParticipationOutcome, DemandNote)]


def test_a_choice_with_its_intent_comes_with_the_conversation(client, case):
    offer = published_offer(name="Holzwerkstatt")

    response = submit(client, case, **AGREED, resources_seen="on", of1_id=str(offer.pk), of1_intent=f"  {INTENT} ")

    assert response.status_code == 302
    choice = OfferChoice.objects.get()
    assert (choice.case_id, choice.offer_id, choice.immediate) == (case.pk, offer.pk, False)
    assert choice.contact.case_id == case.pk
    assert choice.agreement.goal == AGREED["ag_goal"]
    assert choice.review.contact_id == choice.contact_id
    assert IntentVersion.objects.get().text == INTENT


@pytest.mark.parametrize("intent", ["", "   ", "\n\t", "\u00a0"])
def test_a_choice_without_an_intent_is_refused_beside_the_field(client, case, intent):
    offer = published_offer()
    before = stored()

    response = submit(client, case, **AGREED, resources_seen="on", of1_id=str(offer.pk), of1_intent=intent)

    page = response.content.decode()
    assert response.status_code == 422
    assert "mit welcher Absicht die Person dieses Angebot wählt" in page
    assert re.search(r'id="id_of1_intent"[^>]*aria-invalid="true"', page)
    assert AGREED["ag_goal"] in page
    assert stored() == before


def test_the_form_proposes_no_intent(client, case):
    offer = published_offer(name="Holzwerkstatt", purpose="Herausfinden, ob Holz etwas für Sie ist.")

    page = client.post(
        f"/faelle/{case.number}/gespraech/angebote/", conversation(case, choose_offer=str(offer.pk))
    ).content.decode()

    area = re.search(r"<textarea[^>]*id=\"id_of1_intent\"[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert area and area[1].strip() == ""
    assert "Herausfinden, ob Holz" not in page


def test_a_choice_without_a_look_at_resources_is_refused(client, case):
    offer = published_offer()
    before = stored()

    response = submit(client, case, **AGREED, of1_id=str(offer.pk), of1_intent=INTENT)

    assert response.status_code == 422
    assert "Vor einem Angebot steht der Blick auf die eigenen Ressourcen" in response.content.decode()
    assert INTENT in response.content.decode()
    assert stored() == before


def test_a_look_in_an_earlier_conversation_is_enough(client, case):
    offer = published_offer()
    submit(client, case, **AGREED, resources_seen="on")

    response = submit(client, case, of1_id=str(offer.pk), of1_intent=INTENT)

    assert response.status_code == 302
    choice = OfferChoice.objects.get()
    assert choice.review.contact_id != choice.contact_id
    assert choice.agreement is not None


def test_a_choice_serves_an_agreement(client, case):
    response = submit(client, case, resources_seen="on", of1_id=str(published_offer().pk), of1_intent=INTENT)

    assert response.status_code == 422
    assert "für ein Ziel der Vereinbarung gewählt" in response.content.decode()


def test_the_jobakademie_asks_for_neither(client, case):
    offer = published_offer(immediate=True)

    response = submit(client, case, of1_id=str(offer.pk), of1_intent=INTENT)

    assert response.status_code == 302
    choice = OfferChoice.objects.get()
    assert (choice.immediate, choice.agreement_id, choice.review_id) == (True, None, None)


def test_what_is_no_longer_offered_cannot_be_chosen(client, case):
    gone = published_offer(withdrawn_at=timezone.now(), withdrawn_by=case.opened_by)

    for pk in (gone.pk, 10**9):
        response = submit(client, case, **AGREED, resources_seen="on", of1_id=str(pk), of1_intent=INTENT)

        assert response.status_code == 422
        assert "Dieses Angebot gibt es zurzeit nicht." in response.content.decode()


def test_the_same_offer_is_chosen_once_at_a_time(client, case):
    choice = chosen_offer(case=case)

    response = submit(client, case, of1_id=str(choice.offer_id), of1_intent=INTENT)

    assert response.status_code == 422
    assert "Dieses Angebot ist schon gewählt." in response.content.decode()


def test_a_choice_is_taken_back_without_a_reason(client, case):
    choice = chosen_offer(case=case)
    ParticipationFactory(choice=choice, started=True)

    response = submit(client, case, **{f"ofx_{choice.pk}": "on"})

    choice.refresh_from_db()
    assert response.status_code == 302
    assert choice.withdrawn_by_id == case.opened_by_id
    assert Participation.objects.get().ended_on == timezone.localdate()
    assert not [field for field in OfferChoice._meta.concrete_fields if "reason" in field.name]


def test_what_came_of_it_is_told_in_the_words_of_the_person(client, case):
    choice = chosen_offer(case=case)

    refused = submit(client, case, **{f"ofr_{choice.pk}_told": "Kam pünktlich."})
    response = submit(
        client,
        case,
        **{f"ofr_{choice.pk}_own": "Ich kann früh aufstehen.", f"ofr_{choice.pk}_told": "Arbeitet sorgfältig."},
    )

    assert refused.status_code == 422
    assert "was die Person selbst dazu sagt" in refused.content.decode()
    assert response.status_code == 302
    told = ParticipationOutcome.objects.get()
    assert (told.own_words, told.provider_words) == ("Ich kann früh aufstehen.", "Arbeitet sorgfältig.")


def test_a_demand_is_stored_without_any_reference(client, case):
    response = submit(client, case, demand="Ein Nähkurs am Abend mit Kinderbetreuung.")

    note = DemandNote.objects.get()
    contact = Contact.objects.order_by("-pk")[0]
    today = timezone.localdate()
    assert response.status_code == 302
    assert {field.column for field in DemandNote._meta.concrete_fields} == {"uuid", "half_year", "text"}
    assert note.half_year == f"{today.year}-{1 if today.month <= 6 else 2}"
    assert "Nähkurs" not in contact.text
    again = submit(client, case, demand="Ein anderer Kurs.", key=str(contact.submission_key))
    assert again.status_code in (302, 409, 422)


def test_a_demand_names_nobody(client, case):
    response = submit(client, case, demand=f"{case.client.given_name} braucht einen Nähkurs.")

    assert response.status_code == 422
    assert "Bitte ohne Namen" in response.content.decode()
    assert stored()[-1] == 0


def test_searching_stores_nothing(client, case):
    offer = published_offer(name="Holzwerkstatt am Leinebogen")
    form = conversation(case, offer_search="Holzwekstat")

    response = client.post(f"/faelle/{case.number}/gespraech/angebote/", form)
    client.post(f"/faelle/{case.number}/gespraech/entwurf/", form)
    draft = Draft.objects.get()

    assert response.status_code == 200
    assert "Holzwerkstatt am Leinebogen" in response.content.decode()
    assert f'value="{offer.pk}"' in response.content.decode()
    assert "Holzwekstat" not in json.dumps(draft.payload)
    assert stored()[1:] == [0, 0, 0, 0]


def test_a_decline_leaves_no_row_that_names_the_person(client, case):
    """Offered, looked at, dropped: the contact and its next step are all that the conversation leaves (R4.4-3)."""
    offer = published_offer(name="Holzwerkstatt")
    before = rows_naming(case.pk)
    form = conversation(case, offer_search="Holz")
    client.post(f"/faelle/{case.number}/gespraech/angebote/", form)
    client.post(f"/faelle/{case.number}/gespraech/angebote/", form | {"choose_offer": str(offer.pk)})
    client.post(
        f"/faelle/{case.number}/gespraech/angebote/",
        form | {"of1_id": str(offer.pk), "of1_intent": "", "drop_offer": "1"},
    )

    assert client.post(f"/faelle/{case.number}/gespraech/", form).status_code == 302

    changed = {table for table, count in rows_naming(case.pk).items() if count != before.get(table)}
    assert changed == {"casework_contact", "casework_contactparticipant", "casework_followup"}


def rows_naming(case_id):
    """Rows of the case in every table that carries one, but for the evidence of access."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'case_id'"
            " AND table_name <> 'casework_accessevent'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE case_id = %s", [case_id])  # noqa: S608
            counts[table] = cursor.fetchone()[0]
    return counts


def test_choosing_and_dropping_works_without_a_script(client, case):
    offer = published_offer(name="Holzwerkstatt")
    url = f"/faelle/{case.number}/gespraech/"

    found = client.post(url, conversation(case, offer_search="Holz", find_offers="1"))
    chosen = client.post(url, conversation(case, choose_offer=str(offer.pk)))
    dropped = client.post(url, conversation(case, of1_id=str(offer.pk), of1_intent=INTENT, drop_offer="1"))

    assert [page.status_code for page in (found, chosen, dropped)] == [200, 200, 200]
    assert f'name="choose_offer"\n value="{offer.pk}"' in found.content.decode()
    assert 'name="of1_intent"' in chosen.content.decode()
    assert "Über das Praktikum gesprochen." in chosen.content.decode()
    assert 'name="of1_intent"' not in dropped.content.decode()


def test_wrong_file_takes_the_choice_along_and_gives_the_words_back(client, case):
    offer = published_offer()
    submit(client, case, **AGREED, resources_seen="on", of1_id=str(offer.pk), of1_intent=INTENT)
    contact = OfferChoice.objects.get().contact

    draft = withdraw_contact(contact=contact, reason="falsche Akte", by=case.opened_by)

    assert OfferChoice.objects.get().withdrawn_at is not None
    assert IntentVersion.objects.get().text == ""
    assert draft.payload["of1_intent"] == [INTENT]
    assert draft.payload["of1_id"] == [str(offer.pk)]


def test_a_three_way_talk_names_the_person_of_the_provider(client, case):
    without = submit(client, case, channel="three_way")
    named = submit(
        client, case, channel="three_way", participant_role=["provider_staff"], participant_name=["Ayla Brandt"]
    )

    assert without.status_code == 422
    assert "mit wem vom Träger" in without.content.decode()
    assert named.status_code == 302


def test_consents_stand_beside_every_talk(client, case):
    ConsentFactory(case=case, with_whom="Werkhof Beispiel", purpose="Gespräch zu dritt")
    ConsentFactory(
        case=case,
        with_whom="Praxis Muster",
        revoked_on=timezone.localdate(),
        revoked_at=timezone.now(),
        revoked_by=case.opened_by,
    )

    page = client.get(f"/faelle/{case.number}/gespraech/").content.decode()

    assert "Werkhof Beispiel" in page
    assert "Praxis Muster" not in page


def test_another_case_s_choice_cannot_be_touched(client, case):
    foreign = chosen_offer()

    for name in (f"ofx_{foreign.pk}", f"ofr_{foreign.pk}_own"):
        response = submit(client, case, **{name: "on"})

        assert response.status_code == 409
    foreign.refresh_from_db()
    assert foreign.withdrawn_at is None

"""What not even the owner of the tables changes: the history of offers, and everything about a choice."""

import psycopg
import pytest

from tests import factories
from tests.factories import chosen_offer, published_offer

# statement -> the rule that refuses it
STATEMENTS = {
    "UPDATE offers_offer SET immediate = true": "offer_immediate_is_fixed",
    "UPDATE offers_offer SET uid = gen_random_uuid()": "offer_immediate_is_fixed",
    "DELETE FROM offers_offer": "offer_history_stays",
    "UPDATE offers_offerevent SET text = 'Anders'": "offer_history_stays",
    "DELETE FROM offers_offerevent": "offer_history_stays",
    "UPDATE offers_demandnote SET text = 'Anders'": "offer_history_stays",
    "DELETE FROM offers_demandnote": "offer_history_stays",
    "UPDATE offers_offerversion SET number = number + 1": "offer_version_is_final",
    "UPDATE offers_offerversion SET name = 'Anders'": "offer_version_is_final",
    "DELETE FROM offers_offerversion": "offer_version_is_final",
    "UPDATE offers_offerchoice SET at = at - interval '1 day'": "choice_is_final",
    "UPDATE offers_offerchoice SET review_id = NULL": "choice_is_final",
    "DELETE FROM offers_offerchoice": "choice_is_final",
    "UPDATE offers_intentversion SET text = 'Anders'": "record_is_final",
    "UPDATE offers_intentversion SET text = ''": "record_is_final",
    "DELETE FROM offers_intentversion": "record_is_final",
    "UPDATE offers_participation SET planned_at = now(), version = version + 1": "participation_is_final",
    "DELETE FROM offers_participation": "participation_is_final",
    "UPDATE offers_participationoutcome SET own_words = 'Anders'": "record_is_final",
    "DELETE FROM offers_participationoutcome": "record_is_final",
    "UPDATE offers_consent SET with_whom = 'Andere'": "consent_is_final",
    "DELETE FROM offers_consent": "consent_is_final",
    "UPDATE offers_groupmember SET joined_at = now()": "member_leaves_once",
    "DELETE FROM offers_groupmember": "member_leaves_once",
    "UPDATE offers_groupdate SET text = 'Anders'": "group_date_is_recorded_once",
    "DELETE FROM offers_groupdate": "group_date_is_recorded_once",
    "UPDATE offers_attendance SET attended = false": "record_is_final",
    "DELETE FROM offers_attendance": "record_is_final",
}


def one_of_each():
    choice = chosen_offer(offer=published_offer())
    factories.OfferEventFactory(offer=choice.offer)
    factories.DemandNoteFactory()
    factories.ParticipationFactory(choice=choice)
    factories.ParticipationOutcomeFactory(choice=choice)
    factories.ConsentFactory(case=choice.case)
    factories.AttendanceFactory()


def test_not_even_the_owner_changes_or_deletes_anything(committed_db, owner_sql):
    one_of_each()

    found = {}
    for statement in STATEMENTS:
        with pytest.raises(psycopg.errors.CheckViolation) as caught:
            owner_sql(statement)
        found[statement] = caught.value.diag.constraint_name

    assert found == STATEMENTS

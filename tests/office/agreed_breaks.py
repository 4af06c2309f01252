"""What was agreed in the office of test_check_invariants, in a case of its own, and how each of its rules is broken."""

from agreements.models import AgreementStep, SocialPlace
from tests import factories

AGREED_BREAKS = {
    "agreed_rows_of_same_case": "UPDATE agreements_willstatement SET case_id = {closed}",
    "one_current_agreement_per_case": "UPDATE agreements_agreement SET superseded_at = NULL, superseded_by_id = NULL"
    " WHERE id = {first}",
    "last_agreement_is_current": "UPDATE agreements_agreement SET superseded_at = now(), superseded_by_id = {first}"
    " WHERE id = {second}",
    "agreement_number_once": "UPDATE agreements_agreement SET number = 1",
    "agreement_is_complete": "DELETE FROM agreements_agreementstep WHERE agreement_id = {second}",
    "agreement_wording_not_blank": "UPDATE agreements_agreement SET goal = E' \\n' WHERE id = {second}",
    "review_of_agreement_is_ahead": "UPDATE casework_followup SET ended_at = '2020-01-01'"
    " WHERE id = (SELECT review_follow_up_id FROM agreements_agreement WHERE id = {second})",
    "current_agreement_has_a_review": "UPDATE casework_followup SET ended_at = now() + interval '1 second',"
    " ended_by_contact_id = NULL, successor_id = NULL"
    " WHERE id = (SELECT review_follow_up_id FROM agreements_agreement WHERE id = {second})",
    "withdrawn_conversation_leaves_nothing": "UPDATE casework_contact SET withdrawn_at = now(),"
    " withdrawn_by_id = author_id, withdrawn_reason = 'Falsche Akte', text = '' WHERE id = {talk}",
    "agreement_is_withdrawn_with_its_conversation": "UPDATE agreements_agreement SET withdrawn_at = now(),"
    " withdrawn_by_id = by_id WHERE id = {second}",
    "will_not_blank": "UPDATE agreements_willstatement SET text = ' '",
    "resource_not_blank": "UPDATE agreements_resource SET text = ''",
    "resource_end_is_complete": "UPDATE agreements_resource SET ended_at = now() WHERE id = {resource}",
    "agreement_draws_on_standing_resource": "UPDATE agreements_resource SET ended_at = '2020-01-01',"
    " ended_by_id = by_id, ended_in_id = contact_id WHERE id = {resource}",
    "different_outcome_in_own_words": "UPDATE agreements_stepoutcome SET outcome = 'different', text = ' '",
    "one_of_its_kind_per_conversation": "INSERT INTO agreements_resourcereview (case_id, contact_id, at, by_id)"
    " SELECT case_id, contact_id, at, by_id FROM agreements_resourcereview",
    "what_was_agreed_is_recorded_now": "UPDATE agreements_willstatement SET at = now() + interval '1 day'",
    "agreed_lists_are_closed": "UPDATE agreements_agreementstep SET owner = 'somebody'",
    "social_place_once_in_its_space": "INSERT INTO agreements_socialplace"
    " (space_id, name, what, reach, added_at, added_by_id, confirmed_at, confirmed_by_id, version)"
    " SELECT space_id, upper(name), what, reach, added_at, added_by_id, confirmed_at, confirmed_by_id, version"
    " FROM agreements_socialplace WHERE id = {place}",
    "one_legal_regime_at_a_time": "UPDATE agreements_legalregime SET during = daterange('2005-01-01', NULL)",
}


def what_was_agreed() -> dict[str, int]:
    """Two versions, the second drawing on a resource, a step of which something came, and a place."""
    case = factories.CaseFactory()
    talk = factories.ContactFactory(case=case)
    factories.WillStatementFactory(contact=talk)
    factories.ResourceReviewFactory(contact=talk)
    resource = factories.ResourceFactory(contact=talk)
    first = factories.AgreementFactory(case=case)
    second = factories.AgreementFactory(supersedes=first, resources=[resource])
    factories.StepOutcomeFactory(step=AgreementStep.objects.get(agreement=second))
    factories.AgreementHandoutFactory(agreement=second)
    factories.SocialPlaceFactory()
    return {
        "talk": talk.pk,
        "first": first.pk,
        "second": second.pk,
        "resource": resource.pk,
        "place": SocialPlace.objects.get().pk,
    }

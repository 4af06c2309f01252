"""What was agreed in the office of test_check_invariants, in a case of its own, and how each of its rules is broken."""

from agreements.models import AgreementStep, SocialPlace
from tests import factories

AGREED_BREAKS = {
    "agreed_rows_of_same_case": "UPDATE agreements_willstatement SET case_id = {closed}",
    "one_current_agreement_per_case": "UPDATE agreements_agreement SET superseded_at = NULL, superseded_by_id = NULL"
    " WHERE id = {first}",
    "last_agreement_is_current": "UPDATE agreements_agreement SET superseded_at = now(), superseded_by_id = {first}"
    " WHERE id = {second}",
    "agreement_end_is_paired": "UPDATE agreements_agreement SET superseded_at = at - interval '1 day'"
    " WHERE id = {first}",
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
    "outcome_of_standing_agreement": "UPDATE agreements_agreement SET withdrawn_at = at - interval '1 day'",
    "step_day_is_finite": "UPDATE agreements_agreementstep SET due_on = 'infinity'",
    "agreed_stands_only_once": "INSERT INTO agreements_agreementresource (case_id, agreement_id, resource_id)"
    " SELECT case_id, agreement_id, resource_id FROM agreements_agreementresource",
    "agreed_entry_not_blank": "UPDATE agreements_sheetwording SET title = ' ' WHERE language = 'de'",
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

# A further way to break a rule -> the rule.
AGREED_PARTS = {
    # Whatever is wrong with the steps: the question comes to an end.
    "UPDATE casework_followup SET ended_at = now() + interval '1 second', successor_id = id"
    " WHERE id = (SELECT review_follow_up_id FROM agreements_agreement WHERE id = {second})": (
        "current_agreement_has_a_review"
    ),
    "UPDATE casework_followup AS f SET ended_by_contact_id = a.contact_id, ended_at = a.at + interval '1 second'"
    " FROM agreements_agreement AS a WHERE a.id = {second} AND a.review_follow_up_id = f.id": (
        "review_of_agreement_is_ahead"
    ),
    "UPDATE agreements_agreement SET superseded_by_id = NULL WHERE id = {first}": "agreement_end_is_paired",
    "UPDATE agreements_agreement SET superseded_by_id = id WHERE id = {first}": "last_agreement_is_current",
    "UPDATE agreements_agreement SET number = 0 WHERE id = {first}": "agreement_number_once",
    "UPDATE agreements_agreement SET resource_count = 0 WHERE id = {second}": "agreement_is_complete",
    "UPDATE agreements_agreement SET step_count = 2 WHERE id = {first}": "agreement_is_complete",
    "UPDATE agreements_agreement SET review_follow_up_id = {foreign_step} WHERE id = {second}": (
        "agreed_rows_of_same_case"
    ),
    "UPDATE agreements_stepreminder SET follow_up_id = {foreign_step}": "agreed_rows_of_same_case",
    "UPDATE agreements_agreementhandout SET case_id = {closed}": "agreed_rows_of_same_case",
    "UPDATE agreements_agreementstep SET text = E'\t' WHERE agreement_id = {second}": "agreement_wording_not_blank",
    "UPDATE agreements_agreementstep SET owner = 'other' WHERE agreement_id = {first}": "agreement_wording_not_blank",
    "UPDATE agreements_agreementstep SET owner_name = 'Tante' WHERE agreement_id = {first}": (
        "agreement_wording_not_blank"
    ),
    "UPDATE agreements_resource SET ended_at = at - interval '1 day', ended_by_id = by_id, ended_in_id = contact_id": (
        "resource_end_is_complete"
    ),
    "UPDATE agreements_stepoutcome SET outcome = 'failed'": "agreed_lists_are_closed",
    "UPDATE agreements_agreementhandout SET parts = ARRAY['profile']": "agreed_lists_are_closed",
    "UPDATE agreements_willstatement SET at = '-infinity'": "what_was_agreed_is_recorded_now",
    "UPDATE agreements_agreement SET superseded_at = 'infinity' WHERE id = {first}": "what_was_agreed_is_recorded_now",
    "UPDATE agreements_agreementstep SET agreement_id = {second}": "agreed_stands_only_once",
    "INSERT INTO agreements_stepreminder (case_id, step_id, follow_up_id, contact_id)"
    " SELECT case_id, step_id, follow_up_id, contact_id FROM agreements_stepreminder": "agreed_stands_only_once",
    "UPDATE agreements_legalregime SET plan_name = ''": "agreed_entry_not_blank",
    "UPDATE agreements_legalregime SET during = 'empty'": "one_legal_regime_at_a_time",
    "UPDATE agreements_socialplace SET ended_at = now()": "social_place_once_in_its_space",
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
    step = AgreementStep.objects.get(agreement=second)
    factories.StepOutcomeFactory(step=step)
    factories.StepReminderFactory(step=step)
    factories.AgreementHandoutFactory(agreement=second)
    factories.SocialPlaceFactory()
    return {
        "talk": talk.pk,
        "first": first.pk,
        "second": second.pk,
        "resource": resource.pk,
        "place": SocialPlace.objects.get().pk,
    }

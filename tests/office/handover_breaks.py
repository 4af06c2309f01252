"""How each rule of handovers is broken past every trigger and constraint (test_check_invariants)."""

from tests import factories

# Rule -> what the superuser does to the rows of `what_was_handed_over`.
HANDOVER_BREAKS = {
    "handover_made_an_assignment": "UPDATE casework_casehandover SET carried_out_at = now() WHERE id = {planned}",
    "handover_from_who_was_responsible": "UPDATE casework_casehandover SET from_counsellor_id = {tom}"
    " WHERE id = {handed}",
    "handover_not_before_its_day": "UPDATE casework_casehandover SET effective_on = current_date + 30"
    " WHERE id = {handed}",
    "handover_to_somebody_else": "UPDATE casework_casehandover SET to_counsellor_id = from_counsellor_id"
    " WHERE id = {planned}",
    "handover_ends_in_one_way": "UPDATE casework_casehandover SET withdrawn_at = now(), withdrawn_by_id = {kim}"
    " WHERE id = {handed}",
    "one_planned_handover_per_case": "INSERT INTO casework_casehandover"
    " (case_id, from_counsellor_id, to_counsellor_id, effective_on, note, batch, planned_by_id)"
    " SELECT case_id, from_counsellor_id, to_counsellor_id, effective_on, note, gen_random_uuid(), planned_by_id"
    " FROM casework_casehandover WHERE id = {planned}",
    "closed_case_has_no_planned_handover": "UPDATE casework_casehandover SET case_id = {closed} WHERE id = {planned}",
    "former_reading_follows_responsibility": "UPDATE casework_accessgrant SET user_id = {tom} WHERE kind = 'former'",
    "handover_told_by_its_own_letter": "UPDATE casework_casehandover SET letter_id = {foreign_letter}"
    " WHERE id = {handed}",
    "user_with_participations_stays_active": "UPDATE casework_user SET is_active = false WHERE id = {helper}",
}


def what_was_handed_over() -> dict[str, int]:
    """A plan, and a handover that was carried out."""
    # Late, because the actions need the models.
    from casework import actions
    from casework.models import CaseHandover

    team = factories.TeamFactory()
    giver, successor = (factories.CounsellorFactory(user__team=team) for _ in range(2))
    case = factories.CaseFactory(counsellor=giver)
    actions.reassign_case(case=case, counsellor=successor, by=giver.user, note="Bitte bald anrufen.")
    handed = CaseHandover.objects.get(case=case)
    planned = factories.CaseHandoverFactory(case=factories.CaseFactory(counsellor=giver), to_counsellor=successor)
    helper = factories.CaseParticipationFactory(case=planned.case).counsellor_id
    letter = factories.LetterFactory(case=planned.case, created_by=giver.user)
    return {"handed": handed.pk, "planned": planned.pk, "helper": helper, "foreign_letter": letter.pk}

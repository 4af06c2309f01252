"""What was offered and chosen in the office of test_check_invariants, and how each of its rules is broken."""

from tests import factories

OFFER_BREAKS = {
    "offer_version_second_person": "UPDATE offers_offerversion SET reviewed_by_id = author_id WHERE id = {version}",
    "published_offer_is_complete": "UPDATE offers_offerversion SET bring = E' \\n' WHERE id = {version}",
    "offer_version_stands_once": "UPDATE offers_offerversion SET offer_id = {other_offer} WHERE id = {version}",
    "offer_life_in_order": "UPDATE offers_offerversion SET submitted_at = NULL WHERE id = {version}",
    "offer_version_knows_its_words": "UPDATE offers_offerversion SET supports = ARRAY['nirgends'] WHERE id = {version}",
    "offer_period_real": "UPDATE offers_offerversion SET valid_from = valid_to + 1 WHERE id = {version}",
    "withdrawn_offer_is_not_published": "UPDATE offers_offer SET withdrawn_at = '2001-01-02',"
    " withdrawn_by_id = created_by_id WHERE id = {offer}",
    "offered_entry_not_blank": "UPDATE offers_provider SET name = E'\t'",
    "offered_stands_only_once": "UPDATE offers_provider SET name = 'Werkhof'",
    "offered_end_has_time_and_person": "UPDATE offers_offerremark SET done_at = now()",
    "offer_event_kind_known": "UPDATE offers_offerevent SET kind = 'liked'",
    "demand_is_a_sentence_of_a_half_year": "UPDATE offers_demandnote SET half_year = '2026-3'",
    "offered_rows_of_same_case": "UPDATE offers_intentversion SET case_id = {closed}",
    "choice_after_look_at_resources": "UPDATE offers_offerchoice SET review_id = NULL WHERE id = {choice}",
    "choice_serves_agreement": "UPDATE offers_offerchoice SET agreement_id = NULL WHERE id = {choice}",
    "choice_is_immediate_as_its_offer": "UPDATE offers_offerchoice SET immediate = true WHERE id = {choice}",
    "choice_has_an_intent": "DELETE FROM offers_intentversion WHERE choice_id = {choice}",
    "intent_not_blank": "UPDATE offers_intentversion SET text = E' \\n'",
    "intent_number_once": "UPDATE offers_intentversion SET number = 0 WHERE choice_id = {choice}",
    "intent_of_standing_choice": "UPDATE offers_offerchoice SET withdrawn_at = at - interval '30 seconds',"
    " withdrawn_by_id = by_id WHERE id = {choice}",
    "chosen_offer_is_published": "UPDATE offers_offerversion SET superseded_at = '2001-01-02' WHERE id = {version}",
    "offer_chosen_once_at_a_time": "INSERT INTO offers_offerchoice"
    " (case_id, contact_id, offer_id, immediate, agreement_id, review_id, at, by_id)"
    " SELECT case_id, contact_id, offer_id, immediate, agreement_id, review_id, at, by_id FROM offers_offerchoice"
    " WHERE id = {choice}",
    "choice_end_is_complete": "UPDATE offers_offerchoice SET withdrawn_at = now() WHERE id = {choice}",
    "choice_ends_with_its_participation": "UPDATE offers_offerchoice SET ended_at = now(), ended_by_id = by_id"
    " WHERE id = {choice}",
    "participation_in_its_time": "UPDATE offers_participation SET started_on = current_date + 3,"
    " started_at = now(), started_by_id = planned_by_id",
    "one_participation_per_choice": "INSERT INTO offers_participation"
    " (case_id, choice_id, planned_at, planned_by_id, version)"
    " SELECT case_id, choice_id, planned_at, planned_by_id, 1 FROM offers_participation",
    "participation_of_standing_choice": "UPDATE offers_offerchoice SET withdrawn_at = at - interval '1 second',"
    " withdrawn_by_id = by_id WHERE id = {choice}",
    "participation_outcome_not_blank": "UPDATE offers_participationoutcome SET own_words = ''",
    "withdrawn_conversation_leaves_no_choice": "UPDATE casework_contact SET withdrawn_at = now(),"
    " withdrawn_by_id = author_id, withdrawn_reason = 'Falsche Akte', text = ''"
    " WHERE id = (SELECT contact_id FROM offers_offerchoice WHERE id = {choice})",
    "consent_is_complete": "UPDATE offers_consent SET revoked_on = current_date",
    "what_was_chosen_is_recorded_now": "UPDATE offers_offerchoice SET at = now() + interval '1 hour'",
    "group_is_of_an_immediate_offer": "UPDATE offers_group SET offer_id = {offer}",
    "group_has_sixteen_places": "INSERT INTO offers_groupmember (case_id, group_id, choice_id, joined_at, joined_by_id)"
    " SELECT case_id, group_id, choice_id, joined_at, joined_by_id FROM offers_groupmember, generate_series(1, 16)",
    "member_chose_the_group": "UPDATE offers_groupmember SET choice_id = {choice}, case_id = {case}",
    "member_once_in_group_at_a_time": "INSERT INTO offers_groupmember"
    " (case_id, group_id, choice_id, joined_at, joined_by_id)"
    " SELECT case_id, group_id, choice_id, joined_at, joined_by_id FROM offers_groupmember",
    "member_leaves_once": "UPDATE offers_groupmember SET left_at = joined_at - interval '1 day',"
    " left_by_id = joined_by_id",
    "group_date_is_recorded_once": "UPDATE offers_groupdate SET text = ' '",
    "group_meets_once_at_a_time": "INSERT INTO offers_groupdate"
    " (group_id, starts_at, place, subject, text, created_by_id)"
    " SELECT group_id, starts_at, place, subject, '', created_by_id FROM offers_groupdate",
    "attendance_at_a_date_of_the_group": "UPDATE offers_attendance SET group_date_id = 0",
    "attendance_once_per_date": "INSERT INTO offers_attendance"
    " (case_id, group_date_id, member_id, contact_id, attended)"
    " SELECT case_id, group_date_id, member_id, contact_id, attended FROM offers_attendance",
}

# A further way to break a rule -> the rule.
OFFER_PARTS = {
    "UPDATE offers_offerversion SET writers = '{{}}' WHERE id = {version}": "offer_version_second_person",
    "UPDATE offers_offerversion SET areas = '{{}}' WHERE id = {version}": "published_offer_is_complete",
    "UPDATE offers_offerversion SET funding_body_id = NULL WHERE id = {version}": "published_offer_is_complete",
    "UPDATE offers_offerversion SET valid_to = 'infinity' WHERE id = {version}": "published_offer_is_complete",
    "UPDATE offers_offerversion SET any_time = false, start = ' ' WHERE id = {version}": "published_offer_is_complete",
    "UPDATE offers_offerversion SET published_by_id = NULL WHERE id = {version}": "offer_life_in_order",
    "UPDATE offers_offerversion SET discarded_at = now(), discarded_by_id = author_id WHERE id = {version}": (
        "offer_life_in_order"
    ),
    "UPDATE offers_offerversion SET areas = ARRAY[0] WHERE id = {version}": "offer_version_knows_its_words",
    "UPDATE offers_offerversion SET languages = ARRAY['xx'] WHERE id = {version}": "offer_version_knows_its_words",
    "UPDATE offers_offerversion SET hours_per_week = 61 WHERE id = {version}": "offer_period_real",
    "UPDATE offers_offerversion SET valid_to = '2001-01-02' WHERE id = {version}": "chosen_offer_is_published",
    "UPDATE offers_offer SET withdrawn_at = now() WHERE id = {offer}": "withdrawn_offer_is_not_published",
    "UPDATE offers_supportkind SET text = 'Deutsch'": "offered_stands_only_once",
    "UPDATE offers_demandreply SET need = ''": "offered_entry_not_blank",
    "UPDATE offers_demandnote SET text = ' '": "demand_is_a_sentence_of_a_half_year",
    "UPDATE offers_consent SET case_id = 0": "offered_rows_of_same_case",
    "UPDATE offers_participationoutcome SET contact_id = (SELECT max(id) FROM casework_contact"
    " WHERE case_id <> {case})": "offered_rows_of_same_case",
    "UPDATE agreements_resourcereview SET at = at + interval '5 minutes'"
    " WHERE id = (SELECT review_id FROM offers_offerchoice WHERE id = {choice})": "choice_after_look_at_resources",
    "UPDATE offers_offerchoice SET offer_id = 0 WHERE id = {choice}": "choice_is_immediate_as_its_offer",
    "UPDATE offers_intentversion SET number = 2 WHERE choice_id = {choice}": "choice_has_an_intent",
    "UPDATE offers_offerchoice SET changes_seen_at = now() WHERE id = {choice}": "choice_end_is_complete",
    "UPDATE offers_offerchoice SET withdrawn_at = 'infinity', withdrawn_by_id = by_id WHERE id = {choice}": (
        "choice_end_is_complete"
    ),
    "UPDATE offers_participation SET planned_until = planned_from - 1": "participation_in_its_time",
    "UPDATE offers_participation SET ended_on = current_date, ended_at = now(), ended_by_id = planned_by_id": (
        "participation_in_its_time"
    ),
    "UPDATE offers_participation SET started_on = current_date": "participation_in_its_time",
    "UPDATE offers_consent SET purpose = ''": "consent_is_complete",
    "UPDATE offers_consent SET given_on = current_date + 3": "consent_is_complete",
    "UPDATE offers_intentversion SET at = '-infinity'": "what_was_chosen_is_recorded_now",
    "UPDATE offers_group SET ends_on = starts_on - 1": "group_is_of_an_immediate_offer",
    "INSERT INTO offers_grouptrainer (group_id, counsellor_id, at, by_id)"
    " SELECT group_id, counsellor_id, at, by_id FROM offers_grouptrainer": "member_once_in_group_at_a_time",
    "UPDATE offers_groupdate SET recorded_at = NULL": "group_date_is_recorded_once",
    "UPDATE offers_groupdate SET recorded_at = starts_at - interval '1 hour'": "group_date_is_recorded_once",
}


def what_was_chosen() -> dict[str, int]:
    """A choice with everything that came of it, and a group whose date one attended."""
    offer, other = factories.published_offer(), factories.published_offer()
    factories.OfferEventFactory(offer=offer)
    factories.OfferRemarkFactory(offer=offer)
    choice = factories.chosen_offer(offer=offer)
    factories.ParticipationFactory(choice=choice)
    factories.ParticipationOutcomeFactory(choice=choice)
    factories.ConsentFactory(case=choice.case)
    attendance = factories.AttendanceFactory()
    factories.GroupTrainerFactory(group=attendance.group_date.group)
    factories.DemandReplyNoteFactory()
    return {
        "offer": offer.pk,
        "version": offer.versions.get().pk,
        "other_offer": other.pk,
        "choice": choice.pk,
        "case": choice.case_id,
    }

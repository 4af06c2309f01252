"""Every trigger, constraint, unique index and required column that the migrations made: are they all there and on?

`manage.py check_invariants --catalogue` prints the list as the database has it; a test compares it with a freshly
migrated one. Names alone: how PostgreSQL writes a definition down differs between its versions.
"""

from collections.abc import Iterable, Iterator

from django.db import DEFAULT_DB_ALIAS, connections

KINDS = ("trigger", "constraint", "index", "required")
WIDTH = 116

# One row a rule: "table kind name". Tables of Django's own are Django's business.
# Partitions have the rules of their table.
_TABLES = "c.relnamespace = 'public'::regnamespace AND c.relname !~ '^(django|auth)_' AND NOT c.relispartition"
_NAME = "c.relname || ' {} ' || {}"
# 17 has no constraint that is not enforced, and no column for it.
_NOT_ENFORCED = "to_jsonb(k) ->> 'conenforced' = 'false'"

IN_FORCE = f"""
SELECT {_NAME.format("trigger", "t.tgname")} FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
 WHERE {_TABLES} AND NOT t.tgisinternal
UNION ALL
SELECT {_NAME.format("constraint", "k.conname")} FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
 WHERE {_TABLES} AND k.contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL
SELECT {_NAME.format("index", "i.relname")} FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid
  JOIN pg_class AS i ON i.oid = x.indexrelid
 WHERE {_TABLES} AND x.indisunique AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = x.indexrelid)
UNION ALL
SELECT {_NAME.format("required", "a.attname")} FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
 WHERE {_TABLES} AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
"""  # noqa: S608  # names of this module alone

# The triggers behind a foreign key bear no name of ours, and can be switched off as well.
OUT_OF_FORCE = f"""
SELECT {_NAME.format("trigger", "coalesce(k.conname, t.tgname)")}
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
  LEFT JOIN pg_constraint AS k ON k.oid = t.tgconstraint
 WHERE {_TABLES} AND t.tgenabled IN ('D', 'R')
UNION ALL
SELECT {_NAME.format("constraint", "k.conname")} FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
 WHERE {_TABLES} AND (NOT k.convalidated OR {_NOT_ENFORCED})
UNION ALL
SELECT {_NAME.format("index", "i.relname")} FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid
  JOIN pg_class AS i ON i.oid = x.indexrelid
 WHERE {_TABLES} AND x.indisunique AND NOT (x.indisvalid AND x.indisready)
"""  # noqa: S608

MISSED = f"(SELECT unnest(%s::text[]) EXCEPT ({IN_FORCE})) UNION ALL {OUT_OF_FORCE}"  # noqa: S608


def standing_rules(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """The rules that the database has, whether they are on or off."""
    with connections[using].cursor() as cursor:
        cursor.execute(IN_FORCE)
        return {rule for (rule,) in cursor.fetchall()}


def read(text: str) -> Iterator[str]:
    """The rules of a list: a table in the first column, below it its rules by kind."""
    table = kind = ""
    for line in text.splitlines():
        first, *names = line.split() or [""]
        if first and not line.startswith(" "):
            table = first
        elif first in KINDS:
            kind = first
        else:
            names = [first, *names]
        yield from (f"{table} {kind} {name}" for name in names if name)


def write(rules: Iterable[str]) -> str:
    """The list of some rules."""
    tables: dict[str, dict[str, list[str]]] = {}
    for table, kind, name in sorted(map(str.split, rules)):
        tables.setdefault(table, {}).setdefault(kind, []).append(name)
    lines = []
    for table, kinds in tables.items():
        lines.append(table)
        for kind in KINDS:
            line = f"  {kind}" if kind in kinds else ""
            for name in kinds.get(kind, ()):
                if len(line) + len(name) >= WIDTH:
                    lines.append(line)
                    line = "   "
                line += f" {name}"
            lines += [line] if line else []
    return "\n".join(lines) + "\n"


# Rooms above add theirs when the apps are ready.
RULES = list(
    read("""
casework_absence
  trigger absence_covers_substitutions noted_delete noted_insert noted_update
  constraint absence_period_real casework_absence_entered_by_id_43a574f3_fk_casework_user_id casework_absence_pkey
    casework_absence_user_id_29976d12_fk_casework_user_id one_absence_at_a_time
  required during entered_at entered_by_id id user_id
casework_accessevent
  trigger evidence_stays
  constraint access_kind_known casework_accessevent_pkey
  required at epoch id ids kind user_id xid
casework_accessgrant
  trigger casework_accessgrant_forget_cases emergency_grant_was_asked_for grant_is_final noted_delete noted_insert
    noted_update
  constraint casework_accessgrant_case_id_1f22aa57_fk_casework_case_id casework_accessgrant_pkey
    casework_accessgrant_user_id_1a4106e1_fk_casework_user_id grant_ends_the_same_day grant_kind_known
    grant_period_real grant_reason_not_blank one_grant_at_a_time
  required case_id during granted_at id kind reason user_id
casework_accountevent
  trigger account_event_is_final
  constraint account_event_kind_known casework_accountevent_pkey
  required at id kind
casework_accountnotice
  constraint account_notice_claimed_after_made casework_accountnotice_pkey
    casework_accountnotice_user_id_2b4583cc_fk_casework_user_id
  required id made_at user_id
casework_calendarfeed
  trigger feed_stays
  constraint casework_calendarfee_revoked_by_id_81baa2cd_fk_casework_ casework_calendarfeed_pkey
    casework_calendarfeed_token_hash_key casework_calendarfeed_user_id_a3ab1e85_fk_casework_user_id
    feed_keeps_a_hash feed_revocation_paired feed_revoked_after_it_began
  index one_calendar_feed_in_force
  required created_at id token_hash user_id
casework_case
  trigger case_consistent_on_case case_is_guarded casework_case_forget_cases closed_case_has_no_planned_handover
    noted_delete noted_insert noted_update previous_case_fits responsible_is_listed
  constraint case_ends_after_it_began case_not_its_own_predecessor case_taken_up_again_once
    casework_case_client_id_f81ed2a9_fk_casework_client_id casework_case_number_key
    casework_case_opened_by_id_2b376d18_fk_casework_user_id casework_case_opening_key_key
    casework_case_organisation_id_566db4dd_fk_casework_ casework_case_pkey
    casework_case_previous_case_id_a83e4400_fk_casework_case_id
  index one_open_case_per_client
  required client_id id is_restricted number opened_at opened_by_id organisation_id
casework_caseassignment
  trigger assignment_only_ends case_consistent_on_assignment casework_caseassignment_forget_cases noted_delete
    noted_insert noted_update responsible_counsellor_is_active responsible_is_on_the_list responsible_until_now
  constraint assignment_period_real case_assignment_key casework_caseassignm_counsellor_id_39542b77_fk_casework_
    casework_caseassignment_by_id_fca57b63_fk_casework_user_id
    casework_caseassignment_case_id_54f77242_fk_casework_case_id casework_caseassignment_pkey
    one_responsible_counsellor_at_a_time
  required by_id case_id counsellor_id during id note
casework_caseclosure
  trigger case_consistent_on_closure closure_is_final noted_delete noted_insert noted_update
  constraint case_closure_key casework_caseclosure_by_id_3570749b_fk_casework_user_id
    casework_caseclosure_case_id_136a4bb4_fk_casework_case_id casework_caseclosure_case_id_key
    casework_caseclosure_pkey closing_reason_known
  required at by_id case_id id reason text
casework_casehandover
  trigger handover_fits noted_delete noted_insert noted_update
  constraint case_once_in_a_batch casehandover_assignment_of_same_case casehandover_letter_of_same_case
    casework_casehandove_accepted_by_id_205f07ee_fk_casework_
    casework_casehandove_from_counsellor_id_0fe3db5a_fk_casework_
    casework_casehandove_planned_by_id_d19ec40b_fk_casework_
    casework_casehandove_to_counsellor_id_5976391a_fk_casework_
    casework_casehandove_withdrawn_by_id_c95a8f77_fk_casework_
    casework_casehandover_case_id_a1090c0d_fk_casework_case_id casework_casehandover_pkey
    casework_casehandover_seen_by_id_e08e9c21_fk_casework_user_id handover_acceptance_paired
    handover_ends_in_one_way handover_look_paired handover_made_an_assignment handover_to_somebody_else
    handover_withdrawal_paired
  index one_planned_handover_per_case
  required batch case_id effective_on from_counsellor_id id note planned_at planned_by_id to_counsellor_id
casework_caseparticipation
  trigger casework_caseparticipation_forget_cases noted_delete noted_insert noted_update
    participating_counsellor_is_active participation_only_ends
  constraint casework_casepartici_counsellor_id_4d1afea0_fk_casework_
    casework_caseparticipation_by_id_f80ff68d_fk_casework_user_id
    casework_caseparticipation_case_id_27604310_fk_casework_case_id casework_caseparticipation_pkey
    one_participation_at_a_time participation_period_real
  required by_id case_id counsellor_id during id
casework_changeevent
  trigger evidence_stays
  constraint casework_changeevent_pkey change_operation_known
  required at epoch fields id operation purpose relation request_id row_id xid
casework_client
  trigger noted_delete noted_insert noted_update
  constraint casework_client_created_by_id_3a5705bd_fk_casework_user_id
    casework_client_organisation_id_f0ff7740_fk_casework_ casework_client_pkey casework_client_version_check
    client_external_ref_once client_family_name_not_blank client_given_name_not_blank
  required birth_date created_at created_by_id family_name given_name id organisation_id preferred_name version
casework_clientdetail
  trigger client_detail_is_final noted_delete noted_insert noted_update
  constraint casework_clientdetai_recorded_by_id_6a8d1544_fk_casework_
    casework_clientdetail_client_id_a744f5ad_fk_casework_client_id
    casework_clientdetail_ended_by_id_c9f1a31a_fk_casework_user_id casework_clientdetail_pkey
    client_detail_end_paired client_detail_kind_known client_detail_not_blank client_detail_origin_known
  required client_id id kind origin recorded_at recorded_by_id text
casework_contact
  trigger contact_is_final contact_recorded_now next_step_of_contact_is_ahead noted_delete noted_insert noted_update
  constraint casework_contact_author_id_2ac7625d_fk_casework_user_id
    casework_contact_case_id_20a47487_fk_casework_case_id casework_contact_channel_id_5aca91ed_fk_casework_
    casework_contact_pkey casework_contact_withdrawn_by_id_50c53744_fk_casework_user_id
    contact_appointment_of_same_case contact_closure_of_same_case contact_follow_up_of_same_case
    contact_has_next_step_or_ends_case contact_key contact_kind_known contact_not_in_the_future
    contact_replaces_of_same_case contact_text_not_blank contact_withdrawal_complete
    contact_withdrawal_reason_not_blank missed_contact_replaced_once missed_how_if_and_only_if_missed
    missed_how_known one_contact_ends_a_case one_contact_per_submission talk_has_a_channel
    withdrawn_contact_holds_no_text
  required at author_id case_id id kind recorded_at submission_digest submission_key text
casework_contactchannel
  constraint casework_contactchannel_code_key casework_contactchannel_pkey casework_contactchannel_position_check
    channel_named
  required active code id position text
casework_contactparticipant
  trigger noted_delete noted_insert noted_update participant_is_final participant_of_standing_contact
  constraint casework_contactpart_case_id_a4b3c3b4_fk_casework_ casework_contactparticipant_pkey
    contactparticipant_contact_of_same_case participant_role_known
  required case_id contact_id id name role
casework_counsellor
  trigger noted_delete noted_insert noted_update
  constraint casework_counsellor_pkey casework_counsellor_user_id_b98b69cf_fk_casework_user_id
    counsellor_area_if_and_only_if_specialist counsellor_area_known counsellor_kind_known
  required kind since user_id
casework_digestmail
  trigger digest_begins_with_waiting digest_ends_once
  constraint casework_digestmail_attempts_check casework_digestmail_pkey
    casework_digestmail_recipient_id_92875ae3_fk_casework_user_id digest_day_fits_kind
    digest_end_if_and_only_if_ended digest_kind_known digest_lease_if_and_only_if_claimed digest_moments_finite
    digest_once digest_state_known
  required answer attempts id kind local_date not_before planned_on recipient_id state
casework_digestrun
  constraint casework_digestrun_local_date_key casework_digestrun_pkey
  required id local_date planned_at
casework_directoryidentity
  constraint casework_directoryidentity_pkey casework_directoryidentity_user_id_a3a9ee52_fk_casework_user_id
    directory_identity_names_one_account directory_subject_not_blank one_identity_per_directory
  required id provider subject user_id
casework_draft
  trigger noted_delete noted_insert noted_update
  constraint casework_draft_author_id_3c3297fd_fk_casework_user_id
    casework_draft_case_id_1e600544_fk_casework_case_id casework_draft_key_key casework_draft_pkey
    casework_draft_revision_check draft_form_known
  index one_draft_per_case
  required author_id created_at form id key payload revision updated_at
casework_dutyfact
  trigger duty_fact_fits duty_fact_is_final noted_delete noted_insert noted_update
  constraint casework_dutyfact_case_id_22de763d_fk_casework_case_id casework_dutyfact_pkey
    casework_dutyfact_recorded_by_id_8cdf882d_fk_casework_user_id
    casework_dutyfact_withdrawn_by_id_43b1cfc2_fk_casework_user_id duty_fact_kind_known duty_fact_not_in_the_future
    duty_fact_text_if_and_only_if_reason duty_fact_withdrawal_paired duty_fact_withdrawn_after_it_was_recorded
    dutyfact_duty_of_same_case
  index duty_fact_once_a_day
  required case_id duty_id happened_on id kind recorded_at recorded_by_id text
casework_dutytocooperate
  trigger duty_is_final duty_rests_on_law noted_delete noted_insert noted_update
  constraint casework_dutytocoope_legal_basis_id_0f08de41_fk_casework_
    casework_dutytocoope_notice_id_2f404f5f_fk_casework_ casework_dutytocoope_recorded_by_id_c5e7e1b2_fk_casework_
    casework_dutytocoope_withdrawn_by_id_6f2f4bc1_fk_casework_
    casework_dutytocooperate_case_id_6aee3ee8_fk_casework_case_id casework_dutytocooperate_pkey duty_day_is_finite
    duty_demand_not_blank duty_key duty_withdrawal_complete duty_withdrawal_reason_not_blank
    duty_withdrawn_after_it_was_recorded
  required case_id demand id legal_basis_id recorded_at recorded_by_id
casework_emergencyaccess
  trigger emergency_begins emergency_stays noted_delete noted_insert noted_update
  constraint casework_emergencyac_allowed_by_id_d016ecef_fk_casework_
    casework_emergencyac_grant_id_db4a922d_fk_casework_ casework_emergencyac_refused_by_id_775f582a_fk_casework_
    casework_emergencyac_seen_by_id_c481ad5e_fk_casework_
    casework_emergencyaccess_case_id_abdb6a47_fk_casework_case_id casework_emergencyaccess_grant_id_key
    casework_emergencyaccess_pkey casework_emergencyaccess_user_id_f85af6d5_fk_casework_user_id
    emergency_allowed_by_another emergency_needs_a_second_person emergency_reason_known emergency_reason_worded
  required asked_at case_id id needs_second reason reason_class user_id
casework_employmentstart
  trigger employment_start_is_final noted_delete noted_insert noted_update
  constraint casework_employments_recorded_by_id_6d9ff59b_fk_casework_
    casework_employments_withdrawn_by_id_5e83bcd6_fk_casework_
    casework_employmentstart_case_id_5bac3c0f_fk_casework_case_id casework_employmentstart_pkey
    employment_start_withdrawal_paired
  required case_id id recorded_at recorded_by_id started_on text
casework_filenote
  trigger file_note_is_final noted_delete noted_insert noted_update
  constraint casework_filenote_by_id_292b5f9b_fk_casework_user_id
    casework_filenote_case_id_a8a548c7_fk_casework_case_id casework_filenote_pkey
    casework_filenote_withdrawn_by_id_3d358369_fk_casework_user_id file_note_not_blank file_note_withdrawal_complete
    file_note_withdrawal_reason_not_blank withdrawn_file_note_holds_no_text
  required at by_id case_id id text
casework_followup
  trigger case_consistent_on_ended_step case_consistent_on_lost_step case_consistent_on_new_step
    follow_up_is_guarded follow_up_not_in_the_past_when_moved follow_up_not_in_the_past_when_new noted_delete
    noted_insert noted_update successor_is_ahead
  constraint casework_followup_case_id_4d9c9b81_fk_casework_case_id
    casework_followup_created_by_id_9362f304_fk_casework_user_id
    casework_followup_ended_by_id_7931562d_fk_casework_user_id casework_followup_pkey
    casework_followup_version_check follow_up_day_is_finite follow_up_end_paired follow_up_ends_after_it_began
    follow_up_ends_in_exactly_one_way follow_up_key follow_up_kind_known follow_up_not_its_own_successor
    follow_up_on_a_working_weekday follow_up_subject_not_blank follow_up_time_if_and_only_if_appointment
    followup_closure_of_same_case followup_contact_of_same_case followup_ended_by_contact_of_same_case
    followup_successor_of_same_case
  required case_id created_at created_by_id due_on id kind outcome place subject version
casework_followupchange
  trigger change_is_final noted_delete noted_insert noted_update
  constraint casework_followupchange_by_id_69975010_fk_casework_user_id
    casework_followupchange_case_id_504325ac_fk_casework_case_id casework_followupchange_pkey
    followupchange_contact_of_same_case followupchange_follow_up_of_same_case
  required at by_id case_id follow_up_id id new_due_on old_due_on old_place old_subject reason
casework_guesscount
  constraint casework_guesscount_failures_check casework_guesscount_pkey casework_guesscount_slot_check
    guess_kind_known guesses_take_bounded_room one_count_of_guesses_each
  required failed_at failures id kind slot
casework_importline
  constraint casework_importline_number_check casework_importline_pkey
    casework_importline_run_id_4f28b396_fk_casework_importrun_id import_line_once import_outcome_known
  required changes code column external_ref id number outcome run_id
casework_importrun
  constraint casework_importrun_applied_by_id_95929043_fk_casework_user_id
    casework_importrun_created_by_id_ef0cb264_fk_casework_user_id casework_importrun_done_check
    casework_importrun_lines_check casework_importrun_organisation_id_ad252fee_fk_casework_ casework_importrun_pkey
    import_application_paired import_applied_if_and_only_if_dated import_keeps_no_file_at_its_end import_kind_known
    import_state_known
  required created_at created_by_id digest done id kind lines mapping options organisation_id state
casework_intake
  trigger intake_fits noted_delete noted_insert noted_update
  constraint casework_intake_assigned_by_id_74ddf3d8_fk_casework_user_id
    casework_intake_case_id_81504a03_fk_casework_case_id casework_intake_case_id_key
    casework_intake_client_id_ce9b39b4_fk_casework_client_id
    casework_intake_entered_by_id_54e50c95_fk_casework_user_id casework_intake_organisation_id_ce822e0b_fk_casework_
    casework_intake_pkey casework_intake_team_id_6011e57f_fk_casework_team_id
    casework_intake_withdrawn_by_id_9717f6b8_fk_casework_user_id intake_assignment_makes_a_case
    intake_ends_in_one_way intake_withdrawal_paired intake_withdrawn_for_a_reason
  index one_open_intake_per_client
  required arrived_on client_id entered_at entered_by_id id organisation_id withdrawn_reason
casework_lastvisit
  constraint casework_lastvisit_pkey casework_lastvisit_user_id_9cd93071_fk_casework_user_id
  required seen_at user_id
casework_legalbasis
  trigger legal_basis_stays
  constraint casework_legalbasis_pkey legal_basis_named legal_basis_period_real legal_basis_titled
    one_wording_of_a_legal_basis_at_a_time
  required during id paragraph source title
casework_legalnotice
  trigger legal_notice_stays
  constraint casework_legalnotice_legal_basis_id_8088bc63_fk_casework_ casework_legalnotice_pkey legal_notice_named
    legal_notice_not_blank legal_notice_period_real legal_notice_version_once
  required during id legal_basis_id text version
casework_letter
  trigger letter_stays noted_delete noted_insert noted_update
  constraint casework_letter_case_id_099cea22_fk_casework_case_id
    casework_letter_created_by_id_5412b5cc_fk_casework_user_id casework_letter_pkey
    casework_letter_sent_by_id_a0e5ae76_fk_casework_user_id
    casework_letter_withdrawn_by_id_e339430e_fk_casework_user_id letter_ends_in_one_way
    letter_follow_up_of_same_case letter_key letter_kind_known letter_of_an_appointment_names_it
    letter_sending_paired letter_withdrawal_paired
  required case_id created_at created_by_id id kind pdf
casework_localday
  constraint casework_localday_date_key casework_localday_pkey local_day_named
  required date id text
casework_noteaddendum
  trigger addendum_is_final addendum_not_blank noted_delete noted_insert noted_update
  constraint casework_noteaddendum_by_id_ef803067_fk_casework_user_id
    casework_noteaddendum_case_id_c0f4947e_fk_casework_case_id casework_noteaddendum_pkey
    noteaddendum_contact_of_same_case
  required at by_id case_id contact_id id reason text
casework_opensession
  constraint casework_opensession_pkey casework_opensession_session_hash_key
    casework_opensession_user_id_11edfea9_fk_casework_user_id open_session_keeps_a_hash
    open_session_seen_after_it_began
  required id last_seen_at network program session_hash signed_in_at user_id
casework_organisation
  constraint casework_organisation_name_key casework_organisation_pkey
  required id name
casework_protectedreader
  trigger casework_protectedreader_forget_cases list_of_readers_stays noted_delete noted_insert noted_update
  constraint casework_protectedre_ended_by_id_6d597214_fk_casework_
    casework_protectedreader_by_id_b9138749_fk_casework_user_id
    casework_protectedreader_case_id_72225342_fk_casework_case_id casework_protectedreader_pkey
    casework_protectedreader_user_id_acf55438_fk_casework_user_id reader_end_paired
  index on_the_list_once
  required case_id id since user_id
casework_protection
  trigger noted_delete noted_insert noted_update
  constraint casework_protection_by_id_c3daf5d1_fk_casework_user_id
    casework_protection_case_id_6719b2c1_fk_casework_case_id
    casework_protection_ended_by_id_faef7aaa_fk_casework_user_id casework_protection_pkey protection_end_paired
    protection_reason_known
  index one_protection_at_a_time
  required by_id case_id id reason since
casework_reflectionguide
  constraint casework_reflectionguide_pkey reflection_guide_not_blank
  required id published_at text
casework_reminderladder
  constraint casework_reminderlad_organisation_id_90210b70_fk_casework_ casework_reminderladder_lead_after_check
    casework_reminderladder_lead_weekday_check casework_reminderladder_organisation_id_key
    casework_reminderladder_own_after_check casework_reminderladder_pkey
    casework_reminderladder_substitute_after_check ladder_climbs ladder_grace_is_short ladder_reaches_the_lead
    ladder_weekday_known
  required id lead_after lead_weekday organisation_id own_after substitute_after
casework_rolegrant
  trigger casework_rolegrant_forget_cases counsellor_with_cases_keeps_role noted_delete noted_insert noted_update
  constraint casework_rolegrant_pkey casework_rolegrant_team_id_1c2babd8_fk_casework_team_id
    casework_rolegrant_user_id_d8c4e2b4_fk_casework_user_id role_granted_once role_known
    role_team_if_and_only_if_lead
  required id role user_id
casework_ruledocument
  constraint casework_ruledocument_pkey casework_ruledocument_position_check rule_document_titled
  required id position title url
casework_standingsubstitute
  constraint casework_standingsub_entered_by_id_57dc59eb_fk_casework_
    casework_standingsub_substitute_id_aa9dcdd1_fk_casework_ casework_standingsub_user_id_a77b64bf_fk_casework_
    casework_standingsubstitute_pkey standing_substitute_is_somebody_else
  required entered_at entered_by_id substitute_id user_id
casework_substitution
  trigger casework_substitution_forget_cases noted_delete noted_insert noted_update substitution_fits
    substitution_remembers
  constraint casework_substitutio_absence_id_2d7345e1_fk_casework_
    casework_substitutio_absent_user_id_2c7fd47b_fk_casework_
    casework_substitutio_entered_by_id_ee04f782_fk_casework_
    casework_substitutio_substitute_id_83575eeb_fk_casework_ casework_substitution_pkey
    casework_substitution_revision_check one_substitute_at_a_time substitute_is_somebody_else
    substitution_period_real
  required absence_id absent_user_id during entered_at entered_by_id id revision substitute_id
casework_team
  constraint casework_team_organisation_id_7b0292c5_fk_casework_ casework_team_pkey team_name_once
  required id name organisation_id
casework_user
  trigger noted_delete noted_insert noted_update user_with_cases_keeps_organisation user_with_cases_stays_active
    user_with_handovers_stays_active user_with_participations_stays_active
  constraint casework_user_organisation_id_15952d46_fk_casework_ casework_user_pkey
    casework_user_team_id_2a2733bc_fk_casework_team_id casework_user_username_key user_theme_known
  required email first_name id is_active last_name organisation_id password remind_of_today shortcuts_enabled theme
    username
casework_workpattern
  constraint casework_workpattern_entered_by_id_9e3205ba_fk_casework_user_id casework_workpattern_pkey
    casework_workpattern_user_id_a29328a1_fk_casework_user_id casework_workpattern_weekdays_check
    one_work_pattern_from_a_day_on work_pattern_has_days
  required entered_at entered_by_id id since user_id weekdays
mfa_authenticator
  constraint mfa_authenticator_pkey mfa_authenticator_user_id_0c3a50c0_fk_casework_user_id
  index unique_authenticator_type
  required created_at data id type user_id
""")
)

# ruff: noqa: S608
# Every statement here is put together from names in this module alone; nothing comes from outside.
"""The rules of handovers as questions to the stored rows; joined to the others in `invariants.py`."""

from casework.models.questions import Invariant

PLAN = "h.carried_out_at IS NULL AND h.withdrawn_at IS NULL"

HANDOVERS = (
    Invariant(
        "handover_made_an_assignment",
        "Übergabe, die ausgeführt heißt, ohne dass die neue Zuständigkeit in diesem Moment begann, oder umgekehrt.",
        "Übergabe",
        "SELECT h.id FROM casework_casehandover AS h LEFT JOIN casework_caseassignment AS a ON a.id = h.assignment_id"
        " AND a.case_id = h.case_id AND a.counsellor_id = h.to_counsellor_id AND lower(a.during) = h.carried_out_at"
        " WHERE num_nonnulls(h.carried_out_at, h.assignment_id) = 1 OR (h.carried_out_at IS NOT NULL AND a.id IS NULL)",
    ),
    Invariant(
        "handover_from_who_was_responsible",
        "Ausgeführte Übergabe von jemandem, dessen Zuständigkeit in diesem Moment nicht endete.",
        "Übergabe",
        "SELECT h.id FROM casework_casehandover AS h LEFT JOIN casework_caseassignment AS a ON a.case_id = h.case_id"
        " AND a.counsellor_id = h.from_counsellor_id AND upper(a.during) = h.carried_out_at"
        " WHERE h.carried_out_at IS NOT NULL AND a.id IS NULL",
    ),
    Invariant(
        "handover_not_before_its_day",
        "Übergabe, die vor ihrem Tag ausgeführt ist.",
        "Übergabe",
        "SELECT id FROM casework_casehandover WHERE effective_on > (carried_out_at AT TIME ZONE 'Europe/Berlin')::date",
    ),
    Invariant(
        "handover_to_somebody_else",
        "Übergabe an dieselbe Person, oder an jemanden, dessen Konto nicht mehr aktiv ist.",
        "Übergabe",
        "SELECT h.id FROM casework_casehandover AS h JOIN casework_user AS u ON u.id = h.to_counsellor_id"
        f" WHERE h.from_counsellor_id = h.to_counsellor_id OR ({PLAN} AND NOT u.is_active)",
    ),
    Invariant(
        "handover_ends_in_one_way",
        "Übergabe, die ausgeführt und zurückgenommen ist, gelesen ohne ausgeführt zu sein, oder ohne Person dazu.",
        "Übergabe",
        "SELECT id FROM casework_casehandover WHERE num_nonnulls(carried_out_at, withdrawn_at) = 2"
        " OR (seen_at IS NOT NULL AND carried_out_at IS NULL) OR num_nonnulls(accepted_at, accepted_by_id) = 1"
        " OR num_nonnulls(withdrawn_at, withdrawn_by_id) = 1 OR num_nonnulls(seen_at, seen_by_id) = 1",
    ),
    Invariant(
        "one_planned_handover_per_case",
        "Für einen Fall sind zwei Übergaben geplant, oder ein Fall steht zweimal in einem Vorgang.",
        "Übergabe",
        f"SELECT h.id FROM casework_casehandover AS h WHERE {PLAN} AND (SELECT count(*) FROM casework_casehandover AS o"
        " WHERE o.case_id = h.case_id AND o.carried_out_at IS NULL AND o.withdrawn_at IS NULL) > 1 UNION ALL"
        " SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY case_id, batch) AS rows FROM casework_casehandover)"
        " AS r WHERE r.rows > 1",
    ),
    Invariant(
        "closed_case_has_no_planned_handover",
        "Geplante Übergabe eines beendeten Falls.",
        "Übergabe",
        "SELECT h.id FROM casework_casehandover AS h JOIN casework_case AS c ON c.id = h.case_id"
        f" WHERE {PLAN} AND c.closed_at IS NOT NULL",
    ),
    Invariant(
        "former_reading_follows_responsibility",
        "Leserecht einer früher zuständigen Person, die für diesen Fall nie zuständig war.",
        "Zugriff",
        "SELECT g.id FROM casework_accessgrant AS g WHERE g.kind = 'former' AND NOT EXISTS"
        " (SELECT 1 FROM casework_caseassignment AS a WHERE a.case_id = g.case_id AND a.counsellor_id = g.user_id"
        " AND upper(a.during) <= lower(g.during))",
    ),
    Invariant(
        "handover_told_by_its_own_letter",
        "Übergabe, zu der ein Brief eines anderen Falls oder keiner über den Wechsel der Zuständigkeit gehört.",
        "Übergabe",
        "SELECT h.id FROM casework_casehandover AS h LEFT JOIN casework_letter AS l ON l.id = h.letter_id"
        " AND l.case_id = h.case_id AND l.kind = 'new_counsellor' WHERE h.letter_id IS NOT NULL AND l.id IS NULL",
    ),
    Invariant(
        "user_with_participations_stays_active",
        "Laufende Mitwirkung von jemandem, dessen Konto nicht mehr aktiv ist.",
        "Mitwirkung",
        "SELECT p.id FROM casework_caseparticipation AS p JOIN casework_user AS u ON u.id = p.counsellor_id"
        " WHERE upper_inf(p.during) AND NOT u.is_active",
    ),
)

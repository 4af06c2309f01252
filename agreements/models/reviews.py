"""Which open step is the review (Überprüfung) of an agreement now.

The agreement names the step with which it was concluded. When that step is done with, its review passes on: to the
successor, or to the next step of the conversation that ended it. So while the case is open the review of a current
agreement is never lost, and nobody has to remember it (R4.3-5). Derived, no column.
"""

# A CTE `review(agreement_id, case_id, step_id)` for the agreements that `{which}` selects (id, case_id,
# review_follow_up_id); its rows are open steps. To be put behind WITH RECURSIVE.
REVIEW = """
review_chain(agreement_id, case_id, step_id) AS (
    SELECT a.id, a.case_id, a.review_follow_up_id FROM ({which}) AS a
    UNION ALL
    SELECT r.agreement_id, r.case_id, coalesce(f.successor_id, c.follow_up_id)
      FROM review_chain AS r
      JOIN casework_followup AS f ON f.id = r.step_id AND f.ended_at IS NOT NULL
      LEFT JOIN casework_contact AS c ON c.id = f.ended_by_contact_id
     WHERE coalesce(f.successor_id, c.follow_up_id) IS NOT NULL
),
review AS (
    SELECT r.agreement_id, r.case_id, r.step_id
      FROM review_chain AS r JOIN casework_followup AS f ON f.id = r.step_id AND f.ended_at IS NULL
)"""

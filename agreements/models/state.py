"""What holds in a case now: the current agreement with its open steps and its review, and the resources that stand.

One statement, read under the lock of the case when a conversation is concluded, and for the form that shows it.
"""

from dataclasses import dataclass, field
from typing import Any

from agreements.models.reviews import REVIEW
from jobcenter.platform.statements import read

_STATE = """
WITH RECURSIVE {review}
SELECT
  (SELECT coalesce(max(number), 0) FROM agreements_agreement WHERE case_id = %(case)s),
  (SELECT row_to_json(a) FROM (
      SELECT id, number, goal, employment_link, rhythm, at, (SELECT step_id FROM review LIMIT 1) AS review,
             (SELECT plan_name FROM agreements_legalregime
               WHERE agreement_is_plan AND during @> (at AT TIME ZONE 'Europe/Berlin')::date) AS plan
        FROM agreements_agreement
       WHERE case_id = %(case)s AND superseded_at IS NULL AND withdrawn_at IS NULL) AS a),
  (SELECT json_agg(s ORDER BY s.position) FROM (
      SELECT s.id, s.position, s.owner, s.owner_name, s.text, s.due_on,
             (SELECT json_build_object('outcome', o.outcome, 'text', o.text, 'at', o.at)
                FROM agreements_stepoutcome AS o
                LEFT JOIN casework_contact AS c ON c.id = o.contact_id
               WHERE o.step_id = s.id AND c.withdrawn_at IS NULL ORDER BY o.id DESC LIMIT 1) AS outcome,
             EXISTS (SELECT 1 FROM agreements_stepreminder AS m JOIN casework_followup AS f ON f.id = m.follow_up_id
                      WHERE m.step_id = s.id AND f.ended_at IS NULL) AS reminded
        FROM agreements_agreementstep AS s
        JOIN agreements_agreement AS a ON a.id = s.agreement_id
       WHERE a.case_id = %(case)s AND a.superseded_at IS NULL AND a.withdrawn_at IS NULL) AS s),
  (SELECT json_agg(r ORDER BY r.at, r.id) FROM (
      SELECT r.id, r.at, r.text, f.text AS field, p.name AS place, d.name AS space,
             EXISTS (SELECT 1 FROM agreements_agreementresource AS u JOIN agreements_agreement AS a
                       ON a.id = u.agreement_id AND a.superseded_at IS NULL AND a.withdrawn_at IS NULL
                      WHERE u.resource_id = r.id) AS used
        FROM agreements_resource AS r
        LEFT JOIN agreements_resourcefield AS f ON f.id = r.field_id
        LEFT JOIN agreements_socialplace AS p ON p.id = r.place_id
        LEFT JOIN agreements_socialspace AS d ON d.id = p.space_id
       WHERE r.case_id = %(case)s AND r.ended_at IS NULL AND r.text <> ''
       ORDER BY r.at DESC, r.id DESC LIMIT %(most)s) AS r),
  (SELECT count(*) FROM agreements_resource WHERE case_id = %(case)s AND ended_at IS NULL AND text <> ''),
  (SELECT row_to_json(w) FROM (
      SELECT id, text, own_activity, at FROM agreements_willstatement
       WHERE case_id = %(case)s AND text <> '' ORDER BY at DESC, id DESC LIMIT 1) AS w)
"""
STATE = _STATE.format(
    review=REVIEW.format(
        which="SELECT id, case_id, review_follow_up_id FROM agreements_agreement"
        " WHERE case_id = %(case)s AND superseded_at IS NULL AND withdrawn_at IS NULL"
    )
)


@dataclass(frozen=True)
class State:
    """Flat, as the database gives it; days and moments are ISO text."""

    last_number: int = 0
    agreement: dict[str, Any] | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    resources: list[dict[str, Any]] = field(default_factory=list)
    resource_count: int = 0
    will: dict[str, Any] | None = None

    @property
    def open_steps(self) -> list[dict[str, Any]]:
        """Steps of the current agreement of which nothing is known yet."""
        return [step for step in self.steps if not step["outcome"]]

    @property
    def review_id(self) -> int | None:
        """The open step at which the current agreement is looked at."""
        return self.agreement["review"] if self.agreement else None


def read_state(case_id: int, *, most_resources: int | None = None) -> State:
    """What holds now in the case; of the resources all, or the newest ones."""
    row = read(STATE, {"case": case_id, "most": most_resources})[0]
    number, agreement, steps, resources, count, will = row
    return State(number, agreement, steps or [], resources or [], count, will)

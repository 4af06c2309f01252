"""What holds in a case about offers, in one statement: standing choices, consents, and what a choice would rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jobcenter.platform.statements import read

# The description that holds, else the last one that did.
NAME = """
(SELECT v.name FROM offers_offerversion AS v WHERE v.offer_id = {offer} AND v.published_at IS NOT NULL
  ORDER BY v.superseded_at DESC NULLS FIRST LIMIT 1)"""
_STATE = """
SELECT
  (SELECT r.id FROM agreements_resourcereview AS r JOIN casework_contact AS k ON k.id = r.contact_id
    WHERE r.case_id = %(case)s AND k.withdrawn_at IS NULL ORDER BY r.at DESC, r.id DESC LIMIT 1),
  (SELECT id FROM agreements_agreement WHERE case_id = %(case)s AND superseded_at IS NULL AND withdrawn_at IS NULL),
  (SELECT json_agg(c ORDER BY c.at, c.id) FROM (
      SELECT c.id, c.offer_id, c.immediate, c.at, c.ended_at, {of_choice} AS name,
             (SELECT i.text FROM offers_intentversion AS i WHERE i.choice_id = c.id AND i.text <> ''
               ORDER BY i.number DESC LIMIT 1) AS intent,
             p.planned_from, p.planned_until, p.started_on, p.ended_on
        FROM offers_offerchoice AS c JOIN casework_contact AS k ON k.id = c.contact_id AND k.withdrawn_at IS NULL
        LEFT JOIN offers_participation AS p ON p.choice_id = c.id
       WHERE c.case_id = %(case)s AND c.withdrawn_at IS NULL
         AND (c.ended_at IS NULL
              OR NOT EXISTS (SELECT 1 FROM offers_participationoutcome AS o
                              WHERE o.choice_id = c.id AND o.own_words <> ''))) AS c),
  (SELECT json_agg(e ORDER BY e.given_on, e.id) FROM (
      SELECT id, with_whom, purpose, given_on FROM offers_consent
       WHERE case_id = %(case)s AND revoked_on IS NULL) AS e),
  (SELECT json_agg(o) FROM (
      SELECT o.id, o.immediate, {of_offer} AS name, p.name AS provider,
             o.withdrawn_at IS NULL AND EXISTS (
                 SELECT 1 FROM offers_offerversion AS v
                  WHERE v.offer_id = o.id AND v.published_at IS NOT NULL AND v.superseded_at IS NULL
                    AND offers_local_today() BETWEEN v.valid_from AND v.valid_to) AS offered
        FROM offers_offer AS o JOIN offers_provider AS p ON p.id = o.provider_id
       WHERE o.id = ANY(%(offers)s)) AS o)
"""
STATE = _STATE.format(of_choice=NAME.format(offer="c.offer_id"), of_offer=NAME.format(offer="o.id"))


@dataclass(frozen=True)
class Offering:
    """Flat, as the database gives it; days and moments are ISO text."""

    review_id: int | None = None
    agreement_id: int | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)
    consents: list[dict[str, Any]] = field(default_factory=list)
    asked: dict[int, dict[str, Any]] = field(default_factory=dict)  # offers that a form names


def read_offering(case_id: int, offers: Sequence[int] = ()) -> Offering:
    """What holds now in the case; `offers` are looked up beside it."""
    row = read(STATE, {"case": case_id, "offers": list(offers)})[0]
    review, agreement, choices, consents, asked = row
    return Offering(review, agreement, choices or [], consents or [], {offer["id"]: offer for offer in asked or []})

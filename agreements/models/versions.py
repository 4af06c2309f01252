"""What an agreement, a will and the resources were at any time: histories of one case, each in one statement."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from jobcenter.platform.statements import read

# Outcomes told in a conversation that was taken out of the file count no more.
VERSIONS = """
SELECT a.number, a.at, u.first_name || ' ' || u.last_name, a.superseded_at,
       a.withdrawn_at, coalesce(w.first_name || ' ' || w.last_name, ''),
       a.goal, a.employment_link, a.rhythm, f.due_on,
       (SELECT json_agg(s ORDER BY s.position) FROM (
           SELECT s.position, s.owner, s.owner_name, s.text, s.due_on,
                  (SELECT json_agg(json_build_object('outcome', o.outcome, 'text', o.text, 'at', o.at,
                                                     'who', p.first_name || ' ' || p.last_name) ORDER BY o.id DESC)
                     FROM agreements_stepoutcome AS o
                     JOIN casework_user AS p ON p.id = o.by_id
                     LEFT JOIN casework_contact AS c ON c.id = o.contact_id
                    WHERE o.step_id = s.id AND c.withdrawn_at IS NULL) AS outcomes
             FROM agreements_agreementstep AS s WHERE s.agreement_id = a.id) AS s),
       (SELECT json_agg(r.text ORDER BY r.id) FROM agreements_agreementresource AS x
          JOIN agreements_resource AS r ON r.id = x.resource_id
         WHERE x.agreement_id = a.id AND r.text <> '')
  FROM agreements_agreement AS a
  JOIN casework_user AS u ON u.id = a.by_id
  LEFT JOIN casework_user AS w ON w.id = a.withdrawn_by_id
  LEFT JOIN casework_followup AS f ON f.id = a.review_follow_up_id
 WHERE a.case_id = %(case)s AND a.number = ANY(%(numbers)s)
 ORDER BY a.number DESC
"""
LINES = """
SELECT a.number, a.at, u.first_name || ' ' || u.last_name, a.superseded_at, a.withdrawn_at,
       coalesce(w.first_name || ' ' || w.last_name, '')
  FROM agreements_agreement AS a
  JOIN casework_user AS u ON u.id = a.by_id
  LEFT JOIN casework_user AS w ON w.id = a.withdrawn_by_id
 WHERE a.case_id = %(case)s ORDER BY a.number DESC
"""
WILLS = """
SELECT w.at, u.first_name || ' ' || u.last_name, w.text, w.own_activity, w.life_idea
  FROM agreements_willstatement AS w JOIN casework_user AS u ON u.id = w.by_id
 WHERE w.case_id = %(case)s AND w.text <> '' ORDER BY w.at DESC, w.id DESC
"""
RESOURCES = """
SELECT r.text, coalesce(f.text, ''), coalesce(p.name, ''), coalesce(d.name, ''),
       r.at, u.first_name || ' ' || u.last_name, r.ended_at, coalesce(e.first_name || ' ' || e.last_name, '')
  FROM agreements_resource AS r
  JOIN casework_user AS u ON u.id = r.by_id
  LEFT JOIN casework_user AS e ON e.id = r.ended_by_id
  LEFT JOIN agreements_resourcefield AS f ON f.id = r.field_id
  LEFT JOIN agreements_socialplace AS p ON p.id = r.place_id
  LEFT JOIN agreements_socialspace AS d ON d.id = p.space_id
 WHERE r.case_id = %(case)s AND r.text <> ''
 ORDER BY r.ended_at DESC NULLS FIRST, f.position NULLS LAST, f.text, r.at, r.id
"""
LOOKS = """
SELECT v.at, u.first_name || ' ' || u.last_name
  FROM agreements_resourcereview AS v
  JOIN casework_user AS u ON u.id = v.by_id
  JOIN casework_contact AS c ON c.id = v.contact_id AND c.withdrawn_at IS NULL
 WHERE v.case_id = %(case)s ORDER BY v.at DESC, v.id DESC
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A version as a list names it."""

    number: int
    at: dt.datetime
    who: str
    superseded_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    withdrawn_by: str


@dataclass(frozen=True, slots=True)
class Version(Line):
    """A version in full; of one that was withdrawn only the fact is left."""

    goal: str
    employment_link: str
    rhythm: str
    review_on: dt.date | None
    steps: list[dict[str, Any]]
    resources: list[str]


@dataclass(frozen=True, slots=True)
class Will:
    at: dt.datetime
    who: str
    text: str
    own_activity: str
    life_idea: str


@dataclass(frozen=True, slots=True)
class NamedResource:
    text: str
    field: str
    place: str
    space: str
    at: dt.datetime
    who: str
    ended_at: dt.datetime | None
    ended_by: str


def read_lines(case_id: int) -> list[Line]:
    """All versions of a case, newest first."""
    return [Line(*row) for row in read(LINES, {"case": case_id})]


def read_versions(case_id: int, *numbers: int) -> dict[int, Version]:
    """The named versions in full, by number."""
    rows = read(VERSIONS, {"case": case_id, "numbers": list(numbers)})
    versions = [Version(*[*row[:-2], row[-2] or [], row[-1] or []]) for row in rows]
    return {version.number: version for version in versions}


def read_wills(case_id: int) -> list[Will]:
    """The will as it developed, newest first (R3.1-1)."""
    return [Will(*row) for row in read(WILLS, {"case": case_id})]


def read_resources(case_id: int) -> list[NamedResource]:
    """What the person named: what holds by field, then what holds no more, the latest end first."""
    return [NamedResource(*row) for row in read(RESOURCES, {"case": case_id})]


def read_looks(case_id: int) -> list[tuple[dt.datetime, str]]:
    """When somebody looked at the own resources with the person (R3.2-3)."""
    return [(at, str(who)) for at, who in read(LOOKS, {"case": case_id})]

"""What hangs on an account, so that it is not switched off before somebody else has it (domain.md 8).

The rooms above add theirs when the apps are ready, as with `actions.parts.TAKEN_BACK`. Numbers alone: whoever keeps
accounts sees no case.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jobcenter.platform.statements import read

OPEN_CASE = "offener Fall"
COUNTS = """
SELECT (SELECT count(*) FROM casework_caseassignment AS a WHERE a.counsellor_id = %(user)s AND upper_inf(a.during)),
       (SELECT count(*) FROM casework_caseassignment AS a
          JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL
         WHERE a.counsellor_id = %(user)s AND upper_inf(a.during)),
       (SELECT count(*) FROM casework_casehandover AS h
         WHERE h.to_counsellor_id = %(user)s AND h.carried_out_at IS NULL AND h.withdrawn_at IS NULL),
       (SELECT count(*) FROM casework_caseparticipation AS p WHERE p.counsellor_id = %(user)s AND upper_inf(p.during))
"""


@dataclass(frozen=True)
class Hanging:
    """So many of something; `what` for one, `many` for more; `url` leads to where it is handed over or ended."""

    count: int
    what: str
    many: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.count} {self.what if self.count == 1 else self.many}"


HangsOn = Callable[[int], list[Hanging]]


def _casework(user_id: int) -> list[Hanging]:
    cases, steps, plans, participations = read(COUNTS, {"user": user_id})[0]
    url = f"/uebergabe/?von={user_id}"
    return [
        Hanging(cases, OPEN_CASE, "offene Fälle", url),
        Hanging(steps, "offener nächster Schritt darin", "offene nächste Schritte darin", url),
        Hanging(plans, "geplante Übernahme", "geplante Übernahmen", url),
        Hanging(participations, "Mitwirkung", "Mitwirkungen", url),
    ]


HANGS_ON: list[HangsOn] = [_casework]


def what_hangs_on(user_id: int) -> list[Hanging]:
    """Everything that hangs on an account; empty when it may be switched off."""
    return [found for ask in HANGS_ON for found in ask(user_id) if found.count]

"""The Verlauf of a case: everything that happened, newest first, one statement however long the history.

Each branch reads at most one page from its index and stops; the union of the branches is cut again (design.md 8).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from jobcenter.platform.numbers import read_number
from jobcenter.platform.statements import read

PAGE = 15
TEXT_LENGTH = 600
SERIES = "group:"  # in front of the title of a group date


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the Verlauf, flat, as the screen needs it."""

    at: dt.datetime
    kind: str  # contact | note | done | moved | assignment | opened | closed | employment | duty | duty_fact
    pk: int
    author_id: int | None
    author: str
    title: str
    text: str
    withdrawn: bool
    recorded_at: dt.datetime
    next_kind: str
    next_on: dt.date | None
    next_at: dt.datetime | None
    next_subject: str

    @property
    def in_series(self) -> bool:
        """A group date: three a week for two months (R3.3-3), which the file folds."""
        return self.kind == "contact" and (self.title or "").startswith(SERIES)

    @property
    def cursor(self) -> str:
        return f"{int(self.at.timestamp() * 1_000_000)}-{self.pk}"


# Every branch gives the same columns: at, kind, pk, author_id, title, text, withdrawn, recorded_at, next_…
BRANCHES = {
    "contact": """
        SELECT c.at, 'contact' AS kind, c.id AS pk, c.author_id,
               CASE ch.code WHEN 'group' THEN 'group:' ELSE '' END
                 || CASE c.kind WHEN 'missed' THEN 'missed:' || c.missed_how ELSE ch.text END AS title,
               left(c.text, {length}) AS text, c.withdrawn_at IS NOT NULL AS withdrawn, c.recorded_at,
               coalesce(f.kind, '') AS next_kind, f.due_on AS next_on, f.starts_at AS next_at,
               coalesce(f.subject, '') AS next_subject
          FROM (SELECT * FROM casework_contact
                 WHERE case_id = %(case)s AND (at, id) < (%(at)s, %(pk)s)
                 ORDER BY at DESC, id DESC LIMIT %(limit)s) AS c
          LEFT JOIN casework_contactchannel AS ch ON ch.id = c.channel_id
          LEFT JOIN casework_followup AS f ON f.id = c.follow_up_id""",
    "note": """
        (SELECT at, 'note', id, by_id, '', left(text, {length}), withdrawn_at IS NOT NULL, at, '', NULL, NULL, ''
          FROM casework_filenote
         WHERE case_id = %(case)s AND (at, id) < (%(at)s, %(pk)s) ORDER BY at DESC, id DESC LIMIT %(limit)s)""",
    "done": """
        (SELECT d.ended_at, 'done', d.id, d.ended_by_id, d.subject, d.outcome, false, d.ended_at,
                s.kind, s.due_on, s.starts_at, s.subject
          FROM casework_followup AS d JOIN casework_followup AS s ON s.id = d.successor_id
         WHERE d.case_id = %(case)s AND (d.ended_at, d.id) < (%(at)s, %(pk)s)
         ORDER BY d.ended_at DESC, d.id DESC LIMIT %(limit)s)""",
    "moved": """
        (SELECT m.at, 'moved', m.id, m.by_id, f.subject,
                m.old_due_on::text || '|' || m.new_due_on::text || '|' || m.reason, false, m.at, '', NULL, NULL,
                m.old_subject
          FROM casework_followupchange AS m JOIN casework_followup AS f ON f.id = m.follow_up_id
         WHERE m.case_id = %(case)s AND (m.at, m.id) < (%(at)s, %(pk)s)
         ORDER BY m.at DESC, m.id DESC LIMIT %(limit)s)""",
    "assignment": """
        SELECT lower(a.during), 'assignment', a.id, a.by_id, u.first_name || ' ' || u.last_name, a.note, false,
               lower(a.during), '', NULL, NULL, ''
          FROM casework_caseassignment AS a
          JOIN casework_case AS k ON k.id = a.case_id AND lower(a.during) > k.opened_at
          JOIN casework_user AS u ON u.id = a.counsellor_id
         WHERE a.case_id = %(case)s AND (lower(a.during), a.id) < (%(at)s, %(pk)s)""",
    "opened": """
        SELECT opened_at, 'opened', id, opened_by_id, CASE WHEN previous_case_id IS NULL THEN '' ELSE 'again' END, '',
               false, opened_at, '', NULL, NULL, ''
          FROM casework_case WHERE id = %(case)s AND (opened_at, id) < (%(at)s, %(pk)s)""",
    "closed": """
        SELECT at, 'closed', id, by_id, reason, text, false, at, '', NULL, NULL, ''
          FROM casework_caseclosure WHERE case_id = %(case)s AND (at, id) < (%(at)s, %(pk)s)""",
    "employment": """
        SELECT recorded_at, 'employment', id, recorded_by_id, started_on::text, text, withdrawn_at IS NOT NULL,
               recorded_at, '', NULL, NULL, ''
          FROM casework_employmentstart WHERE case_id = %(case)s AND (recorded_at, id) < (%(at)s, %(pk)s)""",
    # Facts of the law, told as everything else is; what they carry beside the text stands in next_subject.
    "duty": """
        (SELECT d.recorded_at, 'duty', d.id, d.recorded_by_id, b.title || ', ' || b.paragraph, d.demand,
                d.withdrawn_at IS NOT NULL, d.recorded_at, '', NULL, NULL,
                coalesce(d.due_on::text, '') || '|' || coalesce(n.version, '')
          FROM casework_dutytocooperate AS d JOIN casework_legalbasis AS b ON b.id = d.legal_basis_id
          LEFT JOIN casework_legalnotice AS n ON n.id = d.notice_id
         WHERE d.case_id = %(case)s AND (d.recorded_at, d.id) < (%(at)s, %(pk)s)
         ORDER BY d.recorded_at DESC, d.id DESC LIMIT %(limit)s)""",
    "duty_fact": """
        (SELECT f.recorded_at, 'duty_fact', f.id, f.recorded_by_id,
                f.kind || '|' || f.happened_on::text || '|' || b.paragraph, f.text, f.withdrawn_at IS NOT NULL,
                f.recorded_at, '', NULL, NULL, d.demand
          FROM casework_dutyfact AS f JOIN casework_dutytocooperate AS d ON d.id = f.duty_id
          JOIN casework_legalbasis AS b ON b.id = d.legal_basis_id
         WHERE f.case_id = %(case)s AND (f.recorded_at, f.id) < (%(at)s, %(pk)s)
         ORDER BY f.recorded_at DESC, f.id DESC LIMIT %(limit)s)""",
}

SQL = """
SELECT e.at, e.kind, e.pk, e.author_id, u.first_name || ' ' || u.last_name, e.title, e.text, e.withdrawn,
       e.recorded_at, e.next_kind, e.next_on, e.next_at, e.next_subject
  FROM ({branches}) AS e
  LEFT JOIN casework_user AS u ON u.id = e.author_id
 ORDER BY e.at DESC, e.pk DESC LIMIT %(limit)s
"""

FAR = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def read_cursor(text: str) -> tuple[dt.datetime, int] | None:
    """Where a page begins; None for anything that is no cursor."""
    moment, _, pk = text.partition("-")
    micros, number = read_number(moment, biggest=10**17), read_number(pk)
    if micros is None or number is None:
        return None
    return dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=micros), number


def read_timeline(case_id: int, *, before: str = "", limit: int = PAGE, text_length: int = TEXT_LENGTH) -> list[Entry]:
    """A page of the Verlauf, newest first, plus one entry that tells whether there is more."""
    at, pk = read_cursor(before) or (FAR, 2**62)
    branches = " UNION ALL ".join(BRANCHES.values()).replace("{length}", str(text_length + 1))
    params: dict[str, Any] = {"case": case_id, "at": at, "pk": pk, "limit": limit + 1}
    return [Entry(*row) for row in read(SQL.format(branches=branches), params)]

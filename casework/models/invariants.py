# ruff: noqa: S608
# Every statement here is put together from names in this module alone; nothing comes from outside.
"""Every rule of the field as a question to the stored rows: which of them break it? (design.md 4)

The database refuses what these questions look for. They are asked after every test that commits, after a restore and
by `manage.py check_invariants`, because a trigger may have been off while rows came in.
"""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections

SHOWN_IDS = 20
SKEW = "interval '1 minute'"  # clocks of two machines differ


@dataclass(frozen=True)
class Invariant:
    """A rule: its name, its sentence, what the ids are ids of, and the SQL that finds the rows that break it."""

    name: str
    sentence: str
    subject: str
    sql: str


@dataclass(frozen=True)
class Violation:
    """A broken rule with the rows that break it."""

    name: str
    sentence: str
    subject: str
    ids: tuple[int, ...]

    def __str__(self) -> str:
        shown = ", ".join(str(pk) for pk in self.ids[:SHOWN_IDS])
        more = f" und {len(self.ids) - SHOWN_IDS} weitere" if len(self.ids) > SHOWN_IDS else ""
        return f"{self.name}: {self.sentence} ({self.subject} {shown}{more})"


def _foreign_keys(table: str, *keys: tuple[str, str]) -> str:
    """Rows of a table whose keys name no row of the same case."""
    return " UNION ".join(
        f"SELECT r.id FROM {table} AS r LEFT JOIN {target} AS t ON t.id = r.{column} AND t.case_id = r.case_id"
        f" WHERE r.{column} IS NOT NULL AND t.id IS NULL"
        for column, target in keys
    )


def _unreal_periods(table: str, *, open_ended: bool) -> str:
    end = "" if open_ended else " OR upper(during) IS NULL"
    return f"SELECT id FROM {table} WHERE isempty(during) OR lower(during) IS NULL{end}"


def _overlapping(table: str, *same: str) -> str:
    equal = " AND ".join(f"a.{column} = b.{column}" for column in same)
    return f"SELECT a.id FROM {table} AS a JOIN {table} AS b ON a.id <> b.id AND {equal} AND a.during && b.during"


CONTACTS = (
    Invariant(
        "contact_has_next_step_or_ends_case",
        "Kontakt ohne Wiedervorlage oder Folgetermin, oder mit beidem: nächstem Schritt und Ende des Falls.",
        "Kontakt",
        "SELECT id FROM casework_contact WHERE num_nonnulls(follow_up_id, closure_id) <> 1",
    ),
    Invariant(
        "contact_names_rows_of_same_case",
        "Kontakt nennt einen Schritt, einen Abschluss oder einen Kontakt, den es in seinem Fall nicht gibt.",
        "Kontakt",
        _foreign_keys(
            "casework_contact",
            ("follow_up_id", "casework_followup"),
            ("appointment_id", "casework_followup"),
            ("closure_id", "casework_caseclosure"),
            ("replaces_id", "casework_contact"),
        ),
    ),
    Invariant(
        "next_step_of_contact_is_ahead",
        "Der nächste Schritt eines Kontakts war schon beendet, als der Kontakt eingetragen wurde.",
        "Kontakt",
        "SELECT c.id FROM casework_contact AS c JOIN casework_followup AS f ON f.id = c.follow_up_id"
        " WHERE f.ended_at <= c.recorded_at OR f.ended_by_contact_id = c.id",
    ),
    Invariant(
        "contact_ends_running_case",
        "Kontakt beruft sich auf ein Ende des Falls, das schon vor ihm lag.",
        "Kontakt",
        "SELECT c.id FROM casework_contact AS c JOIN casework_caseclosure AS e ON e.id = c.closure_id"
        f" WHERE e.at < c.recorded_at - {SKEW}",
    ),
    Invariant(
        "contact_not_in_the_future",
        "Kontakt liegt in der Zukunft.",
        "Kontakt",
        f"SELECT id FROM casework_contact WHERE at > recorded_at OR recorded_at > statement_timestamp() + {SKEW}",
    ),
    Invariant(
        "one_contact_per_submission",
        "Ein Absenden hat in einem Fall mehr als einen Kontakt erzeugt.",
        "Kontakt",
        "SELECT a.id FROM casework_contact AS a JOIN casework_contact AS b"
        " ON b.submission_key = a.submission_key AND b.case_id = a.case_id AND b.id <> a.id",
    ),
    Invariant(
        "contact_text_not_blank",
        "Gespräch ohne Text.",
        "Kontakt",
        r"SELECT id FROM casework_contact WHERE kind = 'talk' AND withdrawn_at IS NULL AND text !~ '\S'",
    ),
    Invariant(
        "missed_how_if_and_only_if_missed",
        "Ausgefallener Termin ohne Angabe, wie er ausfiel, oder umgekehrt.",
        "Kontakt",
        "SELECT id FROM casework_contact WHERE (kind = 'missed') <> (missed_how IS NOT NULL)",
    ),
    Invariant(
        "withdrawal_is_complete",
        "Zurückgenommener Eintrag mit Text, ohne Grund, Zeit oder Person.",
        "Kontakt oder Aktennotiz",
        " UNION ALL ".join(
            f"SELECT id FROM {table} WHERE num_nonnulls(withdrawn_at, withdrawn_by_id, withdrawn_reason)"
            rf" NOT IN (0, 3) OR (withdrawn_at IS NOT NULL AND (text <> '' OR withdrawn_reason !~ '\S'))"
            for table in ("casework_contact", "casework_filenote")
        ),
    ),
    Invariant(
        "part_of_contact_of_same_case",
        "Beteiligte Person oder Nachtrag gehört zu einem Kontakt eines anderen Falls.",
        "Zeile",
        _foreign_keys("casework_contactparticipant", ("contact_id", "casework_contact"))
        + " UNION ALL "
        + _foreign_keys("casework_noteaddendum", ("contact_id", "casework_contact")),
    ),
    Invariant(
        "note_not_blank",
        "Aktennotiz oder Nachtrag ohne Text oder Anlass.",
        "Zeile",
        r"SELECT id FROM casework_filenote WHERE withdrawn_at IS NULL AND text !~ '\S' UNION ALL"
        r" SELECT n.id FROM casework_noteaddendum AS n JOIN casework_contact AS c ON c.id = n.contact_id"
        r" WHERE c.withdrawn_at IS NULL AND (n.text !~ '\S' OR n.reason !~ '\S')",
    ),
)

CASES = (
    Invariant(
        "open_case_has_next_step",
        "Offener Fall ohne nächsten Schritt.",
        "Fall",
        "SELECT c.id FROM casework_case AS c WHERE c.closed_at IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM casework_followup AS f WHERE f.case_id = c.id AND f.ended_at IS NULL)",
    ),
    Invariant(
        "closed_case_has_no_next_step",
        "Beendeter Fall mit offenem Schritt.",
        "Fall",
        "SELECT c.id FROM casework_case AS c JOIN casework_followup AS f ON f.case_id = c.id"
        " WHERE c.closed_at IS NOT NULL AND f.ended_at IS NULL",
    ),
    Invariant(
        "case_has_responsible_counsellor_throughout",
        "Fall, in dem nicht vom Beginn bis zum Ende (oder heute) jemand zuständig ist.",
        "Fall",
        "SELECT c.id FROM casework_case AS c LEFT JOIN casework_caseassignment AS a ON a.case_id = c.id"
        " GROUP BY c.id, c.opened_at, c.closed_at"
        " HAVING range_agg(a.during) IS DISTINCT FROM tstzmultirange(CASE WHEN c.closed_at < c.opened_at"
        " THEN 'empty'::tstzrange ELSE tstzrange(c.opened_at, c.closed_at) END)",
    ),
    Invariant(
        "one_responsible_counsellor_at_a_time",
        "Zwei IFK sind zur selben Zeit für einen Fall zuständig.",
        "Zuständigkeit",
        _overlapping("casework_caseassignment", "case_id"),
    ),
    Invariant(
        "period_real",
        "Zeitraum, der leer ist oder keinen Anfang (oder kein Ende) hat.",
        "Zeile",
        " UNION ALL ".join(
            (
                _unreal_periods("casework_caseassignment", open_ended=True),
                _unreal_periods("casework_caseparticipation", open_ended=True),
                _unreal_periods("casework_absence", open_ended=True),
                _unreal_periods("casework_substitution", open_ended=False),
                _unreal_periods("casework_accessgrant", open_ended=False),
            )
        ),
    ),
    Invariant(
        "responsible_counsellor_is_active",
        "Zuständig ist ein Konto, das nicht aktiv ist.",
        "Zuständigkeit",
        "SELECT a.id FROM casework_caseassignment AS a JOIN casework_user AS u ON u.id = a.counsellor_id"
        " WHERE NOT u.is_active AND a.during && tstzrange(statement_timestamp(), NULL)",
    ),
    Invariant(
        "one_participation_at_a_time",
        "Eine IFK wirkt zur selben Zeit zweimal an einem Fall mit.",
        "Mitwirkung",
        _overlapping("casework_caseparticipation", "case_id", "counsellor_id"),
    ),
    Invariant(
        "closed_case_has_closure",
        "Beendeter Fall ohne Abschluss zur selben Zeit, oder Abschluss in einem offenen Fall.",
        "Fall",
        "SELECT c.id FROM casework_case AS c LEFT JOIN casework_caseclosure AS e ON e.case_id = c.id"
        " WHERE e.at IS DISTINCT FROM c.closed_at",
    ),
    Invariant(
        "case_ends_after_it_began",
        "Fall, der vor seinem Beginn oder in der Zukunft endet, oder in der Zukunft beginnt.",
        "Fall",
        "SELECT id FROM casework_case WHERE closed_at <= opened_at"
        f" OR greatest(opened_at, closed_at) > statement_timestamp() + {SKEW} OR NOT isfinite(opened_at)",
    ),
    Invariant(
        "one_open_case_per_client",
        "Zwei offene Fälle für eine Person.",
        "Fall",
        "SELECT a.id FROM casework_case AS a JOIN casework_case AS b ON b.client_id = a.client_id AND b.id <> a.id"
        " WHERE a.closed_at IS NULL AND b.closed_at IS NULL",
    ),
    Invariant(
        "previous_case_is_closed_and_of_same_client",
        "Wieder aufgenommener Fall, dessen voriger Fall offen, späterer oder der einer anderen Person ist.",
        "Fall",
        "SELECT c.id FROM casework_case AS c JOIN casework_case AS p ON p.id = c.previous_case_id"
        " WHERE p.client_id <> c.client_id OR p.closed_at IS NULL OR p.closed_at > c.opened_at",
    ),
    Invariant(
        "case_taken_up_again_once",
        "Ein beendeter Fall wurde zweimal wieder aufgenommen.",
        "Fall",
        "SELECT a.id FROM casework_case AS a JOIN casework_case AS b"
        " ON b.previous_case_id = a.previous_case_id AND b.id <> a.id",
    ),
)

STEPS = (
    Invariant(
        "follow_up_ends_in_exactly_one_way",
        "Schritt, der nicht durch genau eines von Kontakt, Nachfolger und Abschluss endet.",
        "Schritt",
        "SELECT id FROM casework_followup WHERE num_nonnulls(ended_by_contact_id, successor_id, closure_id)"
        " <> (ended_at IS NOT NULL)::int OR (ended_at IS NULL) <> (ended_by_id IS NULL)",
    ),
    Invariant(
        "follow_up_names_rows_of_same_case",
        "Schritt nennt einen Kontakt, Nachfolger oder Abschluss, den es in seinem Fall nicht gibt.",
        "Schritt",
        _foreign_keys(
            "casework_followup",
            ("contact_id", "casework_contact"),
            ("ended_by_contact_id", "casework_contact"),
            ("successor_id", "casework_followup"),
            ("closure_id", "casework_caseclosure"),
        )
        + " UNION ALL "
        + _foreign_keys("casework_followupchange", ("follow_up_id", "casework_followup")),
    ),
    Invariant(
        "successor_is_ahead",
        "Der Nachfolger eines Schritts war schon beendet, als der Schritt endete.",
        "Schritt",
        "SELECT f.id FROM casework_followup AS f JOIN casework_followup AS s ON s.id = f.successor_id"
        " WHERE s.ended_at <= f.ended_at OR s.id = f.id",
    ),
    Invariant(
        "follow_up_ends_in_its_time",
        "Schritt, der vor seiner Entstehung oder in der Zukunft endet.",
        "Schritt",
        f"SELECT id FROM casework_followup WHERE ended_at < created_at - {SKEW}"
        f" OR ended_at > statement_timestamp() + {SKEW}",
    ),
    Invariant(
        "follow_up_subject_not_blank",
        "Schritt ohne Angabe, worum es geht.",
        "Schritt",
        r"SELECT id FROM casework_followup WHERE subject !~ '\S'",
    ),
    Invariant(
        "follow_up_time_on_its_day",
        "Folgetermin ohne Uhrzeit oder mit einer Uhrzeit an einem anderen Tag, oder Wiedervorlage mit Uhrzeit.",
        "Schritt",
        "SELECT id FROM casework_followup WHERE (kind = 'appointment') <> (starts_at IS NOT NULL)"
        " OR (starts_at AT TIME ZONE 'Europe/Berlin')::date <> due_on",
    ),
    Invariant(
        "follow_up_on_a_working_weekday",
        "Schritt an einem Sonntag, Wiedervorlage an einem Samstag, oder Schritt an keinem wirklichen Tag.",
        "Schritt",
        "SELECT id FROM casework_followup WHERE NOT isfinite(due_on) OR extract(isodow FROM due_on) = 7"
        " OR (extract(isodow FROM due_on) = 6 AND kind <> 'appointment')",
    ),
    Invariant(
        "follow_up_not_in_the_past_when_made",
        "Schritt, dessen Tag schon vorbei war, als er gesetzt wurde.",
        "Schritt",
        "SELECT id FROM casework_followup WHERE due_on < (created_at AT TIME ZONE 'Europe/Berlin')::date",
    ),
)

PEOPLE = (
    Invariant(
        "counsellor_area_if_and_only_if_specialist",
        "Spezial-IFK ohne einen der vier Bereiche, oder Regel-IFK mit einem.",
        "Konto",
        "SELECT user_id FROM casework_counsellor WHERE (kind = 'specialist') <> (area IS NOT NULL)"
        " OR area NOT IN ('job_academy', 'school_to_work', 'rehab', 'kibiz')",
    ),
    Invariant(
        "no_substitute_of_a_substitute",
        "Wer vertritt, wird zur selben Zeit selbst vertreten, oder jemand vertritt sich selbst.",
        "Vertretung",
        "SELECT a.id FROM casework_substitution AS a JOIN casework_substitution AS b"
        " ON b.during && a.during AND (b.absent_user_id = a.substitute_id OR b.substitute_id = a.absent_user_id)",
    ),
    Invariant(
        "substitution_inside_absence",
        "Vertretung außerhalb der Abwesenheit, zu der sie gehört.",
        "Vertretung",
        "SELECT s.id FROM casework_substitution AS s JOIN casework_absence AS a ON a.id = s.absence_id"
        " WHERE a.user_id <> s.absent_user_id OR NOT s.during <@ a.during",
    ),
    Invariant(
        "one_absence_and_substitute_at_a_time",
        "Zwei Abwesenheiten oder zwei Vertretungen einer Person überschneiden sich.",
        "Zeile",
        _overlapping("casework_absence", "user_id")
        + " UNION ALL "
        + _overlapping("casework_substitution", "absent_user_id"),
    ),
    Invariant(
        "grant_ends_the_same_day",
        "Zugriff mit Anlass ohne Anlass oder über den Tag hinaus.",
        "Zugriff",
        "SELECT id FROM casework_accessgrant WHERE upper(during) > (date_trunc('day', lower(during)"
        " AT TIME ZONE 'Europe/Berlin') + interval '1 day') AT TIME ZONE 'Europe/Berlin'"
        r" OR reason !~ '\S'",
    ),
    Invariant(
        "client_has_name",
        "Person ohne Namen.",
        "eLb",
        r"SELECT id FROM casework_client WHERE family_name !~ '\S' OR given_name !~ '\S'",
    ),
)

DATABASE = (
    Invariant(
        "rules_in_force",
        "Ein Trigger ist ausgeschaltet, oder eine Bedingung gilt nicht für alle Zeilen.",
        "pg_class",
        "SELECT tgrelid::bigint FROM pg_trigger JOIN pg_class AS t ON t.oid = tgrelid"
        " WHERE tgenabled IN ('D', 'R') AND t.relnamespace = 'public'::regnamespace UNION"
        " SELECT conrelid::bigint FROM pg_constraint"
        " WHERE NOT convalidated AND connamespace = 'public'::regnamespace",
    ),
)

INVARIANTS = (*CASES, *CONTACTS, *STEPS, *PEOPLE, *DATABASE)


def find_violations(using: str = DEFAULT_DB_ALIAS) -> list[Violation]:
    """All broken rules, asked in one statement: one snapshot, inside a transaction or outside of one."""
    questions = " UNION ALL ".join(
        f"SELECT {number}, ARRAY(SELECT DISTINCT v.id FROM ({invariant.sql}) AS v(id) ORDER BY v.id)"
        for number, invariant in enumerate(INVARIANTS)
    )
    with connections[using].cursor() as cursor:
        cursor.execute(questions)
        answers = {number: tuple(ids) for number, ids in cursor.fetchall()}
    return [
        Violation(invariant.name, invariant.sentence, invariant.subject, answers[number])
        for number, invariant in enumerate(INVARIANTS)
        if answers[number]
    ]

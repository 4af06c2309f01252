# ruff: noqa: S608
# Every statement here is put together from names in this module alone; nothing comes from outside.
"""Every rule of the field as a question to the stored rows: which of them break it? (design.md 4)

The database refuses what these questions look for. They are asked after every test that commits, after a restore and
by `manage.py check_invariants`, because a trigger may have been off while rows came in. Rules about changes (what is on
record stays) leave no trace in rows; that they are in force is what `rules_in_force` asks.
"""

from django.db import DEFAULT_DB_ALIAS, connections

from casework.enums import (
    ClosingReason,
    ContactKind,
    CounsellorKind,
    DetailKind,
    DetailOrigin,
    DigestKind,
    DigestState,
    DraftForm,
    DutyFactKind,
    FollowUpKind,
    GrantKind,
    MissedHow,
    ParticipantRole,
    RoleName,
    SpecialistArea,
)
from casework.models.catalogue import MISSED, RULES
from casework.models.invariants_duties import DUTIES
from casework.models.invariants_handovers import HANDOVERS
from casework.models.questions import (
    Invariant,
    Violation,
    foreign_keys,
    overlapping,
    twice,
    unknown,
    unreal_periods,
    without_case,
)

SKEW = "interval '1 minute'"  # clocks of two machines differ

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
        foreign_keys(
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
        "contact_not_before_its_case",
        "Kontakt liegt vor dem Tag, an dem sein Fall begann.",
        "Kontakt",
        "SELECT k.id FROM casework_contact AS k JOIN casework_case AS c ON c.id = k.case_id WHERE NOT isfinite(k.at)"
        " OR (k.at AT TIME ZONE 'Europe/Berlin')::date < (c.opened_at AT TIME ZONE 'Europe/Berlin')::date",
    ),
    Invariant(
        "one_contact_per_submission",
        "Ein Absenden hat in einem Fall mehr als einen Kontakt erzeugt.",
        "Kontakt",
        twice("casework_contact", "submission_key", "case_id"),
    ),
    Invariant(
        "one_contact_ends_a_case",
        "Zwei Kontakte berufen sich auf dasselbe Ende eines Falls.",
        "Kontakt",
        twice("casework_contact", "closure_id"),
    ),
    Invariant(
        "talk_has_a_channel",
        "Gespräch ohne Kanal.",
        "Kontakt",
        "SELECT id FROM casework_contact WHERE kind <> 'missed' AND channel_id IS NULL",
    ),
    Invariant(
        "only_missed_contact_of_same_day_is_replaced",
        "Kontakt ersetzt einen, der kein ausgefallener Termin desselben Tages ist, oder den schon ein anderer ersetzt.",
        "Kontakt",
        "SELECT k.id FROM casework_contact AS k JOIN casework_contact AS m ON m.id = k.replaces_id"
        " WHERE m.kind <> 'missed' OR k.kind <> 'talk' OR (m.recorded_at AT TIME ZONE 'Europe/Berlin')::date"
        " <> (k.at AT TIME ZONE 'Europe/Berlin')::date UNION ALL " + twice("casework_contact", "replaces_id"),
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
        "withdrawn_contact_holds_no_text",
        "Name oder Nachtrag, der an einem zurückgenommenen Eintrag hängt.",
        "Zeile",
        "SELECT p.id FROM casework_contactparticipant AS p JOIN casework_contact AS c ON c.id = p.contact_id"
        " WHERE c.withdrawn_at IS NOT NULL AND p.name <> '' UNION ALL"
        " SELECT n.id FROM casework_noteaddendum AS n JOIN casework_contact AS c ON c.id = n.contact_id"
        " WHERE c.withdrawn_at IS NOT NULL AND (n.text <> '' OR n.reason <> '' OR n.at > c.withdrawn_at)",
    ),
    Invariant(
        "part_of_contact_of_same_case",
        "Beteiligte Person oder Nachtrag gehört zu einem Kontakt eines anderen Falls.",
        "Zeile",
        foreign_keys("casework_contactparticipant", ("contact_id", "casework_contact"))
        + " UNION ALL "
        + foreign_keys("casework_noteaddendum", ("contact_id", "casework_contact")),
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
        overlapping("casework_caseassignment", "case_id"),
    ),
    Invariant(
        "period_real",
        "Zeitraum, der leer ist oder keinen Anfang (oder kein Ende) hat.",
        "Zeile",
        " UNION ALL ".join(
            (
                unreal_periods("casework_caseassignment", open_ended=True),
                unreal_periods("casework_caseparticipation", open_ended=True),
                unreal_periods("casework_absence", open_ended=True),
                unreal_periods("casework_substitution", open_ended=True),
                unreal_periods("casework_accessgrant", open_ended=False),
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
        "period_ends_now",
        "Zuständigkeit, die erst in der Zukunft endet.",
        "Zuständigkeit",
        f"SELECT id FROM casework_caseassignment WHERE upper(during) > statement_timestamp() + {SKEW}",
    ),
    Invariant(
        "user_with_cases_keeps_organisation",
        "Zuständig ist ein Konto einer anderen Organisation.",
        "Zuständigkeit",
        "SELECT a.id FROM casework_caseassignment AS a JOIN casework_case AS c ON c.id = a.case_id"
        " JOIN casework_user AS u ON u.id = a.counsellor_id"
        " WHERE upper_inf(a.during) AND u.organisation_id <> c.organisation_id",
    ),
    Invariant(
        "counsellor_with_cases_keeps_role",
        "Zuständig ist ein Konto ohne die Rolle Integrationsfachkraft.",
        "Zuständigkeit",
        "SELECT a.id FROM casework_caseassignment AS a WHERE upper_inf(a.during) AND NOT EXISTS"
        " (SELECT 1 FROM casework_rolegrant AS r WHERE r.user_id = a.counsellor_id AND r.role = 'counsellor')",
    ),
    Invariant(
        "one_participation_at_a_time",
        "Eine IFK wirkt zur selben Zeit zweimal an einem Fall mit.",
        "Mitwirkung",
        overlapping("casework_caseparticipation", "case_id", "counsellor_id"),
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
        twice("casework_case", "previous_case_id"),
    ),
    Invariant(
        "row_of_a_case_that_exists",
        "Zeile eines Falls, den es nicht gibt, oder Fall einer Person, die es nicht gibt.",
        "Zeile",
        without_case(
            "casework_contact",
            "casework_followup",
            "casework_followupchange",
            "casework_contactparticipant",
            "casework_noteaddendum",
            "casework_filenote",
            "casework_caseclosure",
            "casework_caseassignment",
            "casework_caseparticipation",
            "casework_employmentstart",
            "casework_accessgrant",
            "casework_draft",
            "casework_dutytocooperate",
            "casework_dutyfact",
        )
        + " UNION ALL SELECT c.id FROM casework_case AS c LEFT JOIN casework_client AS p ON p.id = c.client_id"
        " WHERE p.id IS NULL",
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
        foreign_keys(
            "casework_followup",
            ("contact_id", "casework_contact"),
            ("ended_by_contact_id", "casework_contact"),
            ("successor_id", "casework_followup"),
            ("closure_id", "casework_caseclosure"),
        )
        + " UNION ALL "
        + foreign_keys("casework_followupchange", ("follow_up_id", "casework_followup")),
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
        overlapping("casework_absence", "user_id")
        + " UNION ALL "
        + overlapping("casework_substitution", "absent_user_id"),
    ),
    Invariant(
        "grant_ends_the_same_day",
        "Zugriff mit Anlass ohne Anlass oder über den Tag hinaus.",
        "Zugriff",
        "SELECT id FROM casework_accessgrant"
        " WHERE (kind <> 'former' AND upper(during) > (date_trunc('day', lower(during)"
        " AT TIME ZONE 'Europe/Berlin') + interval '1 day') AT TIME ZONE 'Europe/Berlin')"
        r" OR reason !~ '\S'",
    ),
    Invariant(
        "one_grant_at_a_time",
        "Zwei Zugriffe mit Anlass derselben Person auf denselben Fall überschneiden sich.",
        "Zugriff",
        overlapping("casework_accessgrant", "user_id", "case_id", "kind"),
    ),
    Invariant(
        "client_has_name",
        "Person ohne Namen.",
        "eLb",
        r"SELECT id FROM casework_client WHERE family_name !~ '\S' OR given_name !~ '\S'",
    ),
    Invariant(
        "entry_not_blank",
        "Angabe, Kanal, arbeitsfreier Tag, Regelung oder Orientierungsschema ohne Text.",
        "Zeile",
        " UNION ALL ".join(
            rf"SELECT id FROM {table} WHERE {column} !~ '\S'"
            for table, column in (
                ("casework_clientdetail", "text"),
                ("casework_contactchannel", "text"),
                ("casework_localday", "text"),
                ("casework_ruledocument", "title"),
                ("casework_reflectionguide", "text"),
            )
        ),
    ),
    Invariant(
        "end_has_time_and_person",
        "Angabe oder Arbeitsaufnahme, deren Ende oder Rücknahme nur eine Zeit oder nur eine Person hat.",
        "Zeile",
        "SELECT id FROM casework_clientdetail WHERE num_nonnulls(ended_at, ended_by_id) = 1 UNION ALL"
        " SELECT id FROM casework_employmentstart WHERE num_nonnulls(withdrawn_at, withdrawn_by_id) = 1",
    ),
    Invariant(
        "role_team_if_and_only_if_lead",
        "Teamleitung ohne Team, andere Rolle mit einem, oder dieselbe Rolle zweimal.",
        "Rolle",
        "SELECT id FROM casework_rolegrant WHERE (role = 'team_lead') <> (team_id IS NOT NULL) UNION ALL"
        " SELECT a.id FROM casework_rolegrant AS a JOIN casework_rolegrant AS b ON b.id <> a.id"
        " AND (b.user_id, b.role) = (a.user_id, a.role) AND b.team_id IS NOT DISTINCT FROM a.team_id",
    ),
    Invariant(
        "stands_only_once",
        "Fallnummer, Formular, Nummer im führenden Verfahren, Entwurf oder Erinnerung, die es nur einmal geben darf.",
        "Zeile",
        " UNION ALL ".join(
            twice(table, *same)
            for table, same in (
                ("casework_case", ("number",)),
                ("casework_case", ("opening_key",)),
                ("casework_client", ("organisation_id", "external_ref")),
                ("casework_draft", ("key",)),
                ("casework_draft", ("author_id", "case_id", "form")),
                ("casework_digestmail", ("recipient_id", "local_date", "kind")),
            )
        ),
    ),
    Invariant(
        "digest_end_if_and_only_if_ended",
        "Erinnerungsmail, deren Ende oder Übergabe nicht zu ihrem Zustand passt.",
        "Erinnerungsmail",
        "SELECT id FROM casework_digestmail WHERE (state IN ('planned', 'claimed')) <> (ended_at IS NULL)"
        " OR (state = 'claimed') <> (lease_until IS NOT NULL)",
    ),
    Invariant(
        "digest_day_fits_kind",
        "Erinnerungsmail eines anderen Tages als dem, für den sie geplant ist, oder ohne wirklichen Zeitpunkt.",
        "Erinnerungsmail",
        "SELECT id FROM casework_digestmail WHERE (kind = 'own' AND local_date <> planned_on)"
        " OR (kind IN ('team', 'offers')"
        " AND (extract(isodow FROM local_date) <> 1 OR planned_on - local_date NOT BETWEEN 0 AND 6))"
        " OR NOT (isfinite(local_date) AND isfinite(planned_on) AND isfinite(not_before)"
        " AND isfinite(coalesce(lease_until, not_before)))",
    ),
    Invariant(
        "value_known",
        "Wert, den die Liste der möglichen Werte nicht kennt.",
        "Zeile",
        " UNION ALL ".join(
            (
                unknown("casework_contact", "kind", ContactKind.values),
                unknown("casework_contact", "missed_how", MissedHow.values),
                unknown("casework_contactparticipant", "role", ParticipantRole.values),
                unknown("casework_followup", "kind", FollowUpKind.values),
                unknown("casework_caseclosure", "reason", ClosingReason.values),
                unknown("casework_clientdetail", "kind", DetailKind.values),
                unknown("casework_clientdetail", "origin", DetailOrigin.values),
                unknown("casework_counsellor", "kind", CounsellorKind.values, "user_id"),
                unknown("casework_counsellor", "area", SpecialistArea.values, "user_id"),
                unknown("casework_rolegrant", "role", RoleName.values),
                unknown("casework_accessgrant", "kind", GrantKind.values),
                unknown("casework_draft", "form", DraftForm.values),
                unknown("casework_dutyfact", "kind", DutyFactKind.values),
                unknown("casework_digestmail", "kind", DigestKind.values),
                unknown("casework_digestmail", "state", DigestState.values),
            )
        ),
    ),
)

DATABASE = (
    Invariant(
        "rules_in_force",
        "Eine Regel der Datenbank fehlt, ist ausgeschaltet oder gilt nicht für alle Zeilen.",
        "Regel",
        MISSED,
    ),
)

# Rooms above add theirs when the apps are ready.
INVARIANTS: list[Invariant] = [*CASES, *CONTACTS, *STEPS, *PEOPLE, *DUTIES, *HANDOVERS, *DATABASE]


def find_violations(using: str = DEFAULT_DB_ALIAS) -> list[Violation]:
    """All broken rules, asked in one statement: one snapshot, inside a transaction or outside of one."""
    questions = " UNION ALL ".join(
        f"SELECT {number}, ARRAY(SELECT DISTINCT v.id FROM ({invariant.sql}) AS v(id) ORDER BY v.id)::text[]"
        for number, invariant in enumerate(INVARIANTS)
    )
    with connections[using].cursor() as cursor:
        cursor.execute(questions, [list(RULES)])
        answers = {number: tuple(ids) for number, ids in cursor.fetchall()}
    return [
        Violation(invariant.name, invariant.sentence, invariant.subject, answers[number])
        for number, invariant in enumerate(INVARIANTS)
        if answers[number]
    ]

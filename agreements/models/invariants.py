# ruff: noqa: S608
# Every statement here is put together from names in this module alone; nothing comes from outside.
"""Every rule of what was agreed as a question to the stored rows (design.md 4); asked with those of casework.

What was taken out of the file with its conversation holds no text; the questions about texts leave it out.
"""

from agreements.enums import Outcome, SheetPart, StepOwner
from casework.models.questions import Invariant, foreign_keys, twice, unknown

SKEW = "interval '1 minute'"
STANDING = "a.withdrawn_at IS NULL"
LATER = f"> statement_timestamp() + {SKEW}"
RECORDED = (
    "agreements_willstatement",
    "agreements_resource",
    "agreements_resourcereview",
    "agreements_agreement",
    "agreements_stepoutcome",
    "agreements_agreementhandout",
)
CURRENT = (
    "SELECT a.id, a.review_follow_up_id FROM agreements_agreement AS a JOIN casework_case AS k"
    " ON k.id = a.case_id AND k.closed_at IS NULL WHERE a.superseded_at IS NULL AND a.withdrawn_at IS NULL"
)
# The chain of reviews.py for a whole office. LIMIT has each step looked up by its key; joined, each of fifty rounds
# would read all steps and contacts. Broken rows may lead in a circle: without ALL, a step met before ends the search.
NOT_REVIEWED = f"""
WITH RECURSIVE current AS ({CURRENT}), chain(agreement_id, step_id) AS (
    SELECT id, review_follow_up_id FROM current
    UNION
    SELECT r.agreement_id, n.step_id
      FROM chain AS r CROSS JOIN LATERAL (
           SELECT coalesce(f.successor_id, c.follow_up_id) AS step_id
             FROM casework_followup AS f LEFT JOIN casework_contact AS c ON c.id = f.ended_by_contact_id
            WHERE f.id = r.step_id AND f.ended_at IS NOT NULL LIMIT 1) AS n
     WHERE n.step_id IS NOT NULL
)
SELECT id FROM current
EXCEPT
SELECT r.agreement_id FROM chain AS r JOIN casework_followup AS f ON f.id = r.step_id AND f.ended_at IS NULL
"""
PARTS = ", ".join(f"'{part}'" for part in SheetPart.values)

AGREED = (
    Invariant(
        "agreed_rows_of_same_case",
        "Zeile einer Vereinbarung, eines Willens oder einer Ressource nennt etwas, das es in ihrem Fall nicht gibt.",
        "Zeile",
        " UNION ALL ".join(
            foreign_keys(table, *keys)
            for table, keys in {
                "agreements_willstatement": (("contact_id", "casework_contact"),),
                "agreements_resource": (("contact_id", "casework_contact"), ("ended_in_id", "casework_contact")),
                "agreements_resourcereview": (("contact_id", "casework_contact"),),
                "agreements_agreement": (
                    ("contact_id", "casework_contact"),
                    ("review_follow_up_id", "casework_followup"),
                    ("superseded_by_id", "agreements_agreement"),
                ),
                "agreements_agreementstep": (("agreement_id", "agreements_agreement"),),
                "agreements_agreementresource": (
                    ("agreement_id", "agreements_agreement"),
                    ("resource_id", "agreements_resource"),
                ),
                "agreements_stepreminder": (
                    ("step_id", "agreements_agreementstep"),
                    ("follow_up_id", "casework_followup"),
                    ("contact_id", "casework_contact"),
                ),
                "agreements_stepoutcome": (
                    ("step_id", "agreements_agreementstep"),
                    ("contact_id", "casework_contact"),
                ),
                "agreements_agreementhandout": (("agreement_id", "agreements_agreement"),),
            }.items()
        ),
    ),
    Invariant(
        "one_current_agreement_per_case",
        "Zwei Vereinbarungen eines Falls sind zugleich aktuell.",
        "Vereinbarung",
        "SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY case_id) AS rows FROM agreements_agreement"
        " WHERE superseded_at IS NULL AND withdrawn_at IS NULL) AS r WHERE r.rows > 1",
    ),
    Invariant(
        "last_agreement_is_current",
        "Aktuell ist nicht die letzte Fassung, oder eine Fassung ist durch keine spätere abgelöst.",
        "Vereinbarung",
        "SELECT a.id FROM (SELECT *, max(number) OVER (PARTITION BY case_id) AS last FROM agreements_agreement"
        " WHERE withdrawn_at IS NULL) AS a LEFT JOIN agreements_agreement AS b ON b.id = a.superseded_by_id"
        " WHERE (a.superseded_at IS NULL) <> (a.number = a.last) OR b.number <= a.number",
    ),
    Invariant(
        "agreement_end_is_paired",
        "Abgelöste Vereinbarung ohne die Fassung, die sie ablöst, oder abgelöst vor ihrem Abschluss.",
        "Vereinbarung",
        "SELECT id FROM agreements_agreement WHERE num_nonnulls(superseded_at, superseded_by_id) = 1"
        " OR superseded_at < at",
    ),
    Invariant(
        "agreement_number_once",
        "Zwei Fassungen eines Falls haben dieselbe Nummer, oder eine Nummer ist keine.",
        "Vereinbarung",
        twice("agreements_agreement", "case_id", "number")
        + " UNION ALL SELECT id FROM agreements_agreement WHERE number < 1",
    ),
    Invariant(
        "agreement_is_complete",
        "Vereinbarung mit anderen Schritten oder Ressourcen als bei ihrem Abschluss, oder ohne Schritt.",
        "Vereinbarung",
        "SELECT a.id FROM agreements_agreement AS a"
        " LEFT JOIN (SELECT agreement_id, count(*) AS n FROM agreements_agreementstep GROUP BY 1) AS s"
        " ON s.agreement_id = a.id"
        " LEFT JOIN (SELECT agreement_id, count(*) AS n FROM agreements_agreementresource GROUP BY 1) AS r"
        " ON r.agreement_id = a.id"
        " WHERE a.step_count < 1 OR a.step_count <> coalesce(s.n, 0) OR a.resource_count <> coalesce(r.n, 0)",
    ),
    Invariant(
        "agreement_wording_not_blank",
        "Vereinbarung ohne Ziel, ohne Bezug zu Arbeit oder Ausbildung, oder mit leerem Schritt.",
        "Vereinbarung",
        rf"SELECT a.id FROM agreements_agreement AS a WHERE {STANDING}"
        r" AND (a.goal !~ '\S' OR a.employment_link !~ '\S') UNION ALL"
        r" SELECT a.id FROM agreements_agreement AS a JOIN agreements_agreementstep AS s ON s.agreement_id = a.id"
        rf" WHERE {STANDING} AND (s.text !~ '\S' OR (s.owner = 'other') <> (s.owner_name ~ '\S'))",
    ),
    Invariant(
        "review_of_agreement_is_ahead",
        "Der Rückblick einer Vereinbarung war schon beendet, als sie abgeschlossen wurde.",
        "Vereinbarung",
        "SELECT a.id FROM agreements_agreement AS a JOIN casework_followup AS f ON f.id = a.review_follow_up_id"
        " WHERE f.ended_at <= a.at OR f.ended_by_contact_id = a.contact_id",
    ),
    Invariant(
        "current_agreement_has_a_review",
        "Aktuelle Vereinbarung eines offenen Falls, auf die niemand mehr schaut.",
        "Vereinbarung",
        NOT_REVIEWED,
    ),
    Invariant(
        "withdrawn_conversation_leaves_nothing",
        "Zurückgenommenes Gespräch, von dem noch Wille, Ressource, Vereinbarung oder deren Worte dastehen.",
        "Kontakt",
        "SELECT c.id FROM casework_contact AS c WHERE c.withdrawn_at IS NOT NULL AND ("
        "EXISTS (SELECT 1 FROM agreements_willstatement AS w WHERE w.contact_id = c.id"
        " AND (w.text <> '' OR w.own_activity <> '' OR w.life_idea <> ''))"
        " OR EXISTS (SELECT 1 FROM agreements_resource AS r WHERE r.contact_id = c.id AND r.text <> '')"
        " OR EXISTS (SELECT 1 FROM agreements_resource AS r WHERE r.ended_in_id = c.id)"
        " OR EXISTS (SELECT 1 FROM agreements_stepoutcome AS o WHERE o.contact_id = c.id AND o.text <> '')"
        " OR EXISTS (SELECT 1 FROM agreements_agreement AS a LEFT JOIN agreements_agreementstep AS s"
        " ON s.agreement_id = a.id LEFT JOIN agreements_stepoutcome AS o ON o.step_id = s.id WHERE a.contact_id = c.id"
        " AND (a.withdrawn_at IS NULL OR a.goal <> '' OR a.employment_link <> '' OR a.rhythm <> ''"
        " OR s.text <> '' OR s.owner_name <> '' OR o.text <> '')))",
    ),
    Invariant(
        "agreement_is_withdrawn_with_its_conversation",
        "Vereinbarung, die ohne ihr Gespräch zurückgenommen wurde oder nur halb.",
        "Vereinbarung",
        "SELECT a.id FROM agreements_agreement AS a JOIN casework_contact AS c ON c.id = a.contact_id"
        " WHERE num_nonnulls(a.withdrawn_at, a.withdrawn_by_id) = 1"
        " OR (a.withdrawn_at IS NOT NULL AND c.withdrawn_at IS NULL)",
    ),
    Invariant(
        "will_not_blank",
        "Wille ohne Worte, obwohl sein Gespräch in der Akte steht.",
        "Wille",
        r"SELECT w.id FROM agreements_willstatement AS w JOIN casework_contact AS c ON c.id = w.contact_id"
        r" WHERE c.withdrawn_at IS NULL AND w.text !~ '\S'",
    ),
    Invariant(
        "resource_not_blank",
        "Ressource ohne Worte, obwohl ihr Gespräch in der Akte steht.",
        "Ressource",
        r"SELECT r.id FROM agreements_resource AS r JOIN casework_contact AS c ON c.id = r.contact_id"
        r" WHERE c.withdrawn_at IS NULL AND r.text !~ '\S'",
    ),
    Invariant(
        "resource_end_is_complete",
        "Ressource, deren Ende halb eingetragen ist, vor ihrem Anfang oder in der Zukunft liegt.",
        "Ressource",
        "SELECT id FROM agreements_resource WHERE num_nonnulls(ended_at, ended_by_id, ended_in_id) NOT IN (0, 3)"
        f" OR ended_at {LATER} OR ended_at < at - {SKEW}",
    ),
    Invariant(
        "agreement_draws_on_standing_resource",
        "Vereinbarung, die sich auf eine Ressource stützt, die damals schon nicht mehr stimmte.",
        "Vereinbarung",
        "SELECT a.id FROM agreements_agreement AS a JOIN agreements_agreementresource AS u ON u.agreement_id = a.id"
        " JOIN agreements_resource AS r ON r.id = u.resource_id WHERE r.ended_at <= a.at",
    ),
    Invariant(
        "different_outcome_in_own_words",
        "Schritt, der anders kam, ohne ein Wort dazu.",
        "Ergebnis eines Schritts",
        r"SELECT o.id FROM agreements_stepoutcome AS o JOIN agreements_agreementstep AS s ON s.id = o.step_id"
        r" JOIN agreements_agreement AS a ON a.id = s.agreement_id"
        r" LEFT JOIN casework_contact AS c ON c.id = o.contact_id"
        rf" WHERE {STANDING} AND c.withdrawn_at IS NULL AND o.outcome = 'different' AND o.text !~ '\S'",
    ),
    Invariant(
        "outcome_of_standing_agreement",
        "Zu einem Schritt wurde etwas erzählt, als seine Vereinbarung schon zurückgenommen war.",
        "Ergebnis eines Schritts",
        "SELECT o.id FROM agreements_stepoutcome AS o JOIN agreements_agreementstep AS s ON s.id = o.step_id"
        f" JOIN agreements_agreement AS a ON a.id = s.agreement_id WHERE o.at > a.withdrawn_at + {SKEW}",
    ),
    Invariant(
        "step_day_is_finite",
        "Schritt bis zu keinem wirklichen Tag.",
        "Schritt einer Vereinbarung",
        "SELECT id FROM agreements_agreementstep WHERE NOT isfinite(due_on)",
    ),
    Invariant(
        "agreed_stands_only_once",
        "Zwei Schritte auf einem Platz, dieselbe Ressource zweimal, oder eine Wiedervorlage für zwei Schritte.",
        "Zeile",
        " UNION ALL ".join(
            twice(table, *same)
            for table, same in (
                ("agreements_agreementstep", ("agreement_id", "position")),
                ("agreements_agreementresource", ("agreement_id", "resource_id")),
                ("agreements_stepreminder", ("follow_up_id",)),
                ("agreements_resourcefield", ("text",)),
                ("agreements_socialspace", ("name",)),
                ("agreements_sheetwording", ("language",)),
            )
        ),
    ),
    Invariant(
        "agreed_entry_not_blank",
        "Ressourcenfeld, Sozialraum, Rechtsstand oder Sprache des Blatts ohne Namen.",
        "Zeile",
        " UNION ALL ".join(
            rf"SELECT id FROM {table} WHERE {column} !~ '\S'"
            for table, column in (
                ("agreements_resourcefield", "text"),
                ("agreements_socialspace", "name"),
                ("agreements_legalregime", "plan_name"),
                ("agreements_legalregime", "benefit_name"),
                ("agreements_sheetwording", "title"),
            )
        ),
    ),
    Invariant(
        "one_of_its_kind_per_conversation",
        "Ein Gespräch hat mehr als einen Willen, einen Blick auf die Ressourcen oder eine Vereinbarung erzeugt.",
        "Zeile",
        " UNION ALL ".join(
            twice(table, "contact_id")
            for table in ("agreements_willstatement", "agreements_resourcereview", "agreements_agreement")
        ),
    ),
    Invariant(
        "what_was_agreed_is_recorded_now",
        "Etwas wurde in der Zukunft vereinbart, abgelöst, genannt oder mitgegeben.",
        "Zeile",
        " UNION ALL ".join(f"SELECT id FROM {table} WHERE at {LATER} OR NOT isfinite(at)" for table in RECORDED)
        + f" UNION ALL SELECT id FROM agreements_agreement WHERE superseded_at {LATER}",
    ),
    Invariant(
        "agreed_lists_are_closed",
        "Wert, den es in der Liste nicht gibt.",
        "Zeile",
        " UNION ALL ".join(
            (
                unknown("agreements_agreementstep", "owner", StepOwner.values),
                unknown("agreements_stepoutcome", "outcome", Outcome.values),
                f"SELECT id FROM agreements_agreementhandout WHERE NOT parts <@ ARRAY[{PARTS}]::varchar[]",
            )
        ),
    ),
    Invariant(
        "social_place_once_in_its_space",
        "Derselbe Ort steht zweimal im Verzeichnis, hat keinen Namen oder endet nur halb.",
        "Ort",
        "SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY lower(name), space_id) AS rows"
        " FROM agreements_socialplace WHERE ended_at IS NULL) AS p WHERE p.rows > 1 UNION ALL"
        r" SELECT id FROM agreements_socialplace WHERE name !~ '\S' OR num_nonnulls(ended_at, ended_by_id) = 1",
    ),
    Invariant(
        "one_legal_regime_at_a_time",
        "Zwei Rechtsstände gelten zugleich, oder einer gilt nie.",
        "Rechtsstand",
        "SELECT a.id FROM agreements_legalregime AS a JOIN agreements_legalregime AS b"
        " ON b.id <> a.id AND a.during && b.during UNION ALL"
        " SELECT id FROM agreements_legalregime WHERE isempty(during)",
    ),
)

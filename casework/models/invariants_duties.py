# ruff: noqa: S608
# Every statement here is put together from names in this module alone; nothing comes from outside.
"""The rules of Mitwirkungspflichten as questions to the stored rows; joined to the others in `invariants.py`."""

from casework.models.questions import Invariant, foreign_keys, overlapping, twice, unreal_periods

SKEW = "interval '1 minute'"
RECORDED_ON = "(d.recorded_at AT TIME ZONE 'Europe/Berlin')::date"

DUTIES = (
    Invariant(
        "duty_rests_on_law_in_force",
        "Mitwirkungspflicht ohne Rechtsgrundlage, die am Tag der Eintragung galt.",
        "Mitwirkungspflicht",
        "SELECT d.id FROM casework_dutytocooperate AS d LEFT JOIN casework_legalbasis AS b"
        f" ON b.id = d.legal_basis_id AND b.during @> {RECORDED_ON} WHERE b.id IS NULL",
    ),
    Invariant(
        "duty_notice_fits",
        "Mitwirkungspflicht mit einer Rechtsfolgenbelehrung, die nicht galt oder zu einer anderen Grundlage gehört.",
        "Mitwirkungspflicht",
        "SELECT d.id FROM casework_dutytocooperate AS d LEFT JOIN casework_legalnotice AS n ON n.id = d.notice_id"
        f" AND n.legal_basis_id = d.legal_basis_id AND n.during @> {RECORDED_ON}"
        " WHERE d.notice_id IS NOT NULL AND n.id IS NULL",
    ),
    Invariant(
        "duty_demand_not_blank",
        "Mitwirkungspflicht, die nichts fordert.",
        "Mitwirkungspflicht",
        r"SELECT id FROM casework_dutytocooperate WHERE demand !~ '\S'",
    ),
    Invariant(
        "duty_recorded_in_its_case",
        "Mitwirkungspflicht, die außerhalb der Zeit ihres Falls oder in der Zukunft eingetragen ist.",
        "Mitwirkungspflicht",
        "SELECT d.id FROM casework_dutytocooperate AS d JOIN casework_case AS c ON c.id = d.case_id"
        f" WHERE d.recorded_at < c.opened_at - {SKEW} OR d.recorded_at > c.closed_at + {SKEW}"
        f" OR d.recorded_at > statement_timestamp() + {SKEW} OR NOT isfinite(d.recorded_at) OR NOT isfinite(d.due_on)",
    ),
    Invariant(
        "duty_fact_of_same_case",
        "Angabe zu einer Mitwirkungspflicht, die es in ihrem Fall nicht gibt.",
        "Angabe",
        foreign_keys("casework_dutyfact", ("duty_id", "casework_dutytocooperate")),
    ),
    Invariant(
        "duty_fact_in_its_time",
        "Angabe über einen Tag in der Zukunft oder vor dem Fall, oder nach der Rücknahme der Mitwirkungspflicht.",
        "Angabe",
        "SELECT f.id FROM casework_dutyfact AS f JOIN casework_case AS c ON c.id = f.case_id"
        " LEFT JOIN casework_dutytocooperate AS d ON d.id = f.duty_id"
        " WHERE f.happened_on > (f.recorded_at AT TIME ZONE 'Europe/Berlin')::date"
        " OR f.happened_on < (c.opened_at AT TIME ZONE 'Europe/Berlin')::date"
        f" OR f.recorded_at > statement_timestamp() + {SKEW} OR f.recorded_at > d.withdrawn_at + {SKEW}",
    ),
    Invariant(
        "duty_fact_text_if_and_only_if_reason",
        "Genannter Grund ohne Text, oder Text bei einer anderen Angabe.",
        "Angabe",
        r"SELECT id FROM casework_dutyfact WHERE (kind = 'reason') <> (text ~ '\S')"
        " OR (kind <> 'reason' AND text <> '')",
    ),
    Invariant(
        "duty_fact_once_a_day",
        "Dieselbe Angabe zur selben Mitwirkungspflicht steht für einen Tag zweimal da.",
        "Angabe",
        "SELECT a.id FROM casework_dutyfact AS a JOIN casework_dutyfact AS b ON b.id <> a.id"
        " AND (b.duty_id, b.kind, b.happened_on) = (a.duty_id, a.kind, a.happened_on)"
        " WHERE a.kind <> 'reason' AND a.withdrawn_at IS NULL AND b.withdrawn_at IS NULL",
    ),
    Invariant(
        "duty_withdrawal_is_complete",
        "Rücknahme ohne Zeit, Person oder Grund, oder vor der Eintragung.",
        "Zeile",
        "SELECT id FROM casework_dutytocooperate WHERE num_nonnulls(withdrawn_at, withdrawn_by_id, withdrawn_reason)"
        rf" NOT IN (0, 3) OR withdrawn_reason !~ '\S' OR withdrawn_at < recorded_at - {SKEW} UNION ALL"
        " SELECT id FROM casework_dutyfact WHERE num_nonnulls(withdrawn_at, withdrawn_by_id) = 1"
        f" OR withdrawn_at < recorded_at - {SKEW}",
    ),
    Invariant(
        "legal_text_real",
        "Rechtsgrundlage oder Rechtsfolgenbelehrung ohne Namen, Wortlaut oder wirklichen Zeitraum, oder doppelt.",
        "Zeile",
        " UNION ALL ".join(
            (
                r"SELECT id FROM casework_legalbasis WHERE paragraph !~ '\S' OR title !~ '\S'",
                r"SELECT id FROM casework_legalnotice WHERE version !~ '\S' OR text !~ '\S'",
                unreal_periods("casework_legalbasis", open_ended=True),
                unreal_periods("casework_legalnotice", open_ended=True),
                overlapping("casework_legalbasis", "paragraph"),
                twice("casework_legalnotice", "legal_basis_id", "version"),
            )
        ),
    ),
)

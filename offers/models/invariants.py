# ruff: noqa: S608
# Every statement here is put together from names in this module alone; nothing comes from outside.
"""Every rule of offers, choices and groups as a question to the stored rows (design.md 4); asked with the others.

What was taken out of the file with its conversation holds no words; the questions about words leave it out. Whether a
trainer is still a Spezial-IFK of the Jobakademie is asked when they begin, not of the past.
"""

from casework.models.questions import Invariant, foreign_keys, twice, unknown, without_case
from offers.enums import Language, OfferEventKind
from offers.models.groups import MOST_MEMBERS

SKEW = "interval '1 minute'"
LATER = f"> statement_timestamp() + {SKEW}"
DAY_AHEAD = f"> ((statement_timestamp() + {SKEW}) AT TIME ZONE 'Europe/Berlin')::date"
LANGUAGES = ", ".join(f"'{code}'" for code in Language.values)
TEXTS = ("support", "purpose", "course", "place", "duration", "accessibility", "bring", "requirements", "joining")
NO_TEXT = " OR ".join(rf"v.{column} !~ '\S'" for column in TEXTS)
# A choice with the conversation that made it.
CHOICES = "offers_offerchoice AS c JOIN casework_contact AS k ON k.id = c.contact_id"


def half(table: str, *pairs: tuple[str, ...]) -> str:
    """Rows in which only some of what belongs together is there."""
    return " UNION ALL ".join(
        f"SELECT id FROM {table} WHERE num_nonnulls({', '.join(columns)}) NOT IN (0, {len(columns)})"
        for columns in pairs
    )


def blank(*columns: tuple[str, str]) -> str:
    return " UNION ALL ".join(rf"SELECT id FROM {table} WHERE {column} !~ '\S'" for table, column in columns)


OFFERS = (
    Invariant(
        "offer_version_second_person",
        "Fassung eines Angebots, die jemand geprüft hat, der sie mitgeschrieben hat, oder ohne die, die sie begann.",
        "Fassung",
        "SELECT id FROM offers_offerversion WHERE reviewed_by_id = ANY (writers) OR NOT author_id = ANY (writers)",
    ),
    Invariant(
        "published_offer_is_complete",
        "Veröffentlichtes Angebot, dem eine Angabe fehlt.",
        "Fassung",
        f"SELECT v.id FROM offers_offerversion AS v WHERE v.published_at IS NOT NULL AND ({NO_TEXT}"
        " OR cardinality(v.supports) = 0 OR cardinality(v.areas) = 0 OR cardinality(v.languages) = 0"
        r" OR (v.start !~ '\S' AND NOT v.any_time AND cardinality(v.start_dates) = 0)"
        " OR num_nulls(v.hours_per_week, v.funding_body_id, v.legal_basis_id, v.valid_from, v.valid_to) > 0"
        " OR NOT isfinite(v.valid_from) OR NOT isfinite(v.valid_to))",
    ),
    Invariant(
        "offer_version_stands_once",
        "Zwei veröffentlichte Fassungen, zwei Entwürfe oder zwei gleiche Nummern eines Angebots.",
        "Fassung",
        twice("offers_offerversion", "offer_id", "number") + " UNION ALL SELECT id FROM ("
        "SELECT id, count(*) OVER (PARTITION BY offer_id, published_at IS NULL) AS rows FROM offers_offerversion"
        " WHERE (published_at IS NOT NULL AND superseded_at IS NULL) OR (published_at IS NULL AND discarded_at IS NULL)"
        ") AS r WHERE r.rows > 1",
    ),
    Invariant(
        "offer_life_in_order",
        "Fassung, die veröffentlicht wurde, ehe sie geprüft war, oder deren Weg nur halb eingetragen ist.",
        "Fassung",
        half(
            "offers_offerversion",
            ("submitted_at", "submitted_by_id"),
            ("reviewed_at", "reviewed_by_id"),
            ("published_at", "published_by_id"),
            ("discarded_at", "discarded_by_id"),
        )
        + " UNION ALL SELECT id FROM offers_offerversion WHERE (reviewed_at IS NOT NULL AND submitted_at IS NULL)"
        " OR (published_at IS NOT NULL AND reviewed_at IS NULL) OR (superseded_at IS NOT NULL AND published_at IS NULL)"
        " OR (discarded_at IS NOT NULL AND published_at IS NOT NULL)",
    ),
    Invariant(
        "offer_version_knows_its_words",
        "Fassung mit einer Art, einem Sozialraum oder einer Sprache, die es nicht gibt.",
        "Fassung",
        "SELECT id FROM offers_offerversion WHERE EXISTS (SELECT unnest(supports) EXCEPT SELECT code FROM"
        " offers_supportkind) OR EXISTS (SELECT unnest(areas) EXCEPT SELECT id FROM agreements_socialspace)"
        f" OR NOT languages <@ ARRAY[{LANGUAGES}]::varchar[]",
    ),
    Invariant(
        "offer_period_real",
        "Angebot oder Rechtsgrundlage, die endet, ehe sie beginnt, oder Stunden, die keine Woche hat.",
        "Zeile",
        "SELECT id FROM offers_offerversion WHERE valid_to < valid_from OR hours_per_week <= 0 OR hours_per_week > 60"
        " UNION ALL SELECT id FROM offers_offerlegalbasis WHERE valid_to < valid_from",
    ),
    Invariant(
        "withdrawn_offer_is_not_published",
        "Angebot, das nach seiner Zurückziehung veröffentlicht oder nur halb zurückgezogen wurde.",
        "Angebot",
        "SELECT o.id FROM offers_offer AS o LEFT JOIN offers_offerversion AS v ON v.offer_id = o.id"
        " WHERE v.published_at >= o.withdrawn_at OR num_nonnulls(o.withdrawn_at, o.withdrawn_by_id) = 1",
    ),
    Invariant(
        "offered_entry_not_blank",
        "Träger, Ansprechperson, Angebot, Hinweis, Art, Kostenträger, Rechtsgrundlage oder Gruppe ohne Worte.",
        "Zeile",
        blank(
            ("offers_provider", "name"),
            ("offers_providercontact", "name"),
            ("offers_supportkind", "code"),
            ("offers_supportkind", "text"),
            ("offers_fundingbody", "name"),
            ("offers_offerlegalbasis", "name"),
            ("offers_offerversion", "name"),
            ("offers_offerremark", "text"),
            ("offers_demandreply", "need"),
            ("offers_demandreply", "text"),
            ("offers_group", "name"),
        ),
    ),
    Invariant(
        "offered_stands_only_once",
        "Derselbe Träger, dieselbe Art oder dieselbe Antwort auf einen Bedarf steht zweimal da.",
        "Zeile",
        "SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY lower(name)) AS rows FROM offers_provider"
        " WHERE ended_at IS NULL) AS r WHERE r.rows > 1 UNION ALL "
        + " UNION ALL ".join(
            twice(table, *same)
            for table, same in (
                ("offers_provider", ("uid",)),
                ("offers_providercontact", ("uid",)),
                ("offers_offer", ("uid",)),
                ("offers_supportkind", ("code",)),
                ("offers_supportkind", ("text",)),
                ("offers_fundingbody", ("name",)),
                ("offers_offerlegalbasis", ("name",)),
                ("offers_demandreplynote", ("reply_id", "note_id")),
            )
        ),
    ),
    Invariant(
        "offered_end_has_time_and_person",
        "Träger, Hinweis, Antwort oder Gruppe, deren Ende nur eine Zeit oder nur eine Person hat.",
        "Zeile",
        half("offers_provider", ("ended_at", "ended_by_id"))
        + " UNION ALL "
        + half("offers_offerremark", ("done_at", "done_by_id"))
        + " UNION ALL "
        + half("offers_demandreply", ("withdrawn_at", "withdrawn_by_id"))
        + " UNION ALL "
        + half("offers_group", ("ended_at", "ended_by_id")),
    ),
    Invariant(
        "offer_event_kind_known",
        "Ereignis eines Angebots, das es in der Liste nicht gibt.",
        "Ereignis",
        unknown("offers_offerevent", "kind", OfferEventKind.values),
    ),
    Invariant(
        "demand_is_a_sentence_of_a_half_year",
        "Bedarf ohne Worte oder ohne wirkliches Halbjahr.",
        "Bedarf",
        r"SELECT uuid FROM offers_demandnote WHERE text !~ '\S' OR half_year !~ '^[0-9]{4}-[12]$'",
    ),
)

CHOSEN = (
    Invariant(
        "offered_rows_of_same_case",
        "Zeile einer Wahl, Absicht, Teilnahme oder Gruppe nennt etwas, das es in ihrem Fall nicht gibt.",
        "Zeile",
        " UNION ALL ".join(
            [
                *(
                    foreign_keys(table, *keys)
                    for table, keys in {
                        "offers_offerchoice": (
                            ("contact_id", "casework_contact"),
                            ("agreement_id", "agreements_agreement"),
                            ("review_id", "agreements_resourcereview"),
                        ),
                        "offers_intentversion": (
                            ("choice_id", "offers_offerchoice"),
                            ("contact_id", "casework_contact"),
                        ),
                        "offers_participation": (("choice_id", "offers_offerchoice"),),
                        "offers_participationoutcome": (
                            ("choice_id", "offers_offerchoice"),
                            ("contact_id", "casework_contact"),
                        ),
                        "offers_groupmember": (("choice_id", "offers_offerchoice"),),
                        "offers_attendance": (
                            ("member_id", "offers_groupmember"),
                            ("contact_id", "casework_contact"),
                        ),
                    }.items()
                ),
                without_case("offers_consent"),
            ]
        ),
    ),
    Invariant(
        "choice_after_look_at_resources",
        "Wahl ohne vorherigen Blick auf die eigenen Ressourcen.",
        "Angebotswahl",
        "SELECT c.id FROM offers_offerchoice AS c LEFT JOIN agreements_resourcereview AS r ON r.id = c.review_id"
        f" WHERE (c.review_id IS NULL AND NOT c.immediate) OR r.at > c.at + {SKEW}",
    ),
    Invariant(
        "choice_serves_agreement",
        "Wahl, die keiner Vereinbarung dient.",
        "Angebotswahl",
        "SELECT id FROM offers_offerchoice WHERE agreement_id IS NULL AND NOT immediate",
    ),
    Invariant(
        "choice_is_immediate_as_its_offer",
        "Wahl eines Sofortangebots, das keines ist, oder eines Angebots, das es nicht gibt.",
        "Angebotswahl",
        "SELECT c.id FROM offers_offerchoice AS c LEFT JOIN offers_offer AS o"
        " ON o.id = c.offer_id AND o.immediate = c.immediate WHERE o.id IS NULL",
    ),
    Invariant(
        "choice_has_an_intent",
        "Wahl ohne Absicht.",
        "Angebotswahl",
        "SELECT c.id FROM offers_offerchoice AS c LEFT JOIN offers_intentversion AS i"
        " ON i.choice_id = c.id AND i.number = 1 WHERE i.id IS NULL",
    ),
    Invariant(
        "intent_not_blank",
        "Absicht ohne Worte, obwohl ihr Gespräch in der Akte steht.",
        "Absicht",
        f"SELECT i.id FROM {CHOICES} JOIN offers_intentversion AS i ON i.choice_id = c.id"
        " LEFT JOIN casework_contact AS t ON t.id = i.contact_id"
        r" WHERE k.withdrawn_at IS NULL AND t.withdrawn_at IS NULL AND i.text !~ '\S'",
    ),
    Invariant(
        "intent_number_once",
        "Zwei Absichten einer Wahl haben dieselbe Nummer, oder eine Nummer ist keine.",
        "Absicht",
        twice("offers_intentversion", "choice_id", "number")
        + " UNION ALL SELECT id FROM offers_intentversion WHERE number < 1",
    ),
    Invariant(
        "intent_of_standing_choice",
        "Absicht zu einer Wahl, die damals schon zurückgenommen oder abgeschlossen war.",
        "Absicht",
        "SELECT i.id FROM offers_intentversion AS i JOIN offers_offerchoice AS c ON c.id = i.choice_id"
        " WHERE c.withdrawn_at < i.at OR c.ended_at < i.at",
    ),
    Invariant(
        "chosen_offer_is_published",
        "Wahl eines Angebots, das damals nicht veröffentlicht, nicht gültig oder zurückgezogen war.",
        "Angebotswahl",
        "SELECT c.id FROM offers_offerchoice AS c WHERE NOT EXISTS (SELECT 1 FROM offers_offer AS o"
        " JOIN offers_offerversion AS v ON v.offer_id = o.id WHERE o.id = c.offer_id"
        " AND (o.withdrawn_at IS NULL OR o.withdrawn_at > c.at)"
        f" AND v.published_at <= c.at + {SKEW} AND (v.superseded_at IS NULL OR v.superseded_at > c.at)"
        " AND (c.at AT TIME ZONE 'Europe/Berlin')::date BETWEEN v.valid_from AND v.valid_to)",
    ),
    Invariant(
        "offer_chosen_once_at_a_time",
        "Dasselbe Angebot ist in einem Fall zweimal zugleich gewählt.",
        "Angebotswahl",
        "SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY case_id, offer_id) AS rows FROM offers_offerchoice"
        " WHERE withdrawn_at IS NULL AND ended_at IS NULL) AS r WHERE r.rows > 1",
    ),
    Invariant(
        "choice_end_is_complete",
        "Wahl, deren Ende halb eingetragen ist, vor ihrem Anfang oder in der Zukunft liegt.",
        "Angebotswahl",
        half(
            "offers_offerchoice",
            ("withdrawn_at", "withdrawn_by_id"),
            ("ended_at", "ended_by_id"),
            ("changes_seen_at", "changes_seen_by_id"),
        )
        + f" UNION ALL SELECT id FROM offers_offerchoice WHERE withdrawn_at {LATER} OR ended_at {LATER}"
        f" OR withdrawn_at < at - {SKEW} OR ended_at < at - {SKEW}",
    ),
    Invariant(
        "choice_ends_with_its_participation",
        "Abgeschlossene Wahl, deren Teilnahme nicht beendet ist.",
        "Angebotswahl",
        "SELECT c.id FROM offers_offerchoice AS c LEFT JOIN offers_participation AS p"
        " ON p.choice_id = c.id AND p.ended_on IS NOT NULL WHERE c.ended_at IS NOT NULL AND p.id IS NULL",
    ),
    Invariant(
        "participation_in_its_time",
        "Teilnahme, deren Beginn oder Ende halb eingetragen ist, in der Zukunft oder in falscher Reihenfolge liegt.",
        "Teilnahme",
        half(
            "offers_participation",
            ("started_on", "started_at", "started_by_id"),
            ("ended_on", "ended_at", "ended_by_id"),
        )
        + f" UNION ALL SELECT id FROM offers_participation WHERE started_on {DAY_AHEAD} OR ended_on {DAY_AHEAD}"
        " OR (ended_on IS NOT NULL AND started_on IS NULL) OR ended_on < started_on OR planned_until < planned_from"
        " OR NOT isfinite(planned_from) OR NOT isfinite(planned_until)",
    ),
    Invariant(
        "one_participation_per_choice",
        "Zwei Teilnahmen einer Wahl, oder zweimal dieselbe Erzählung aus einem Gespräch.",
        "Zeile",
        twice("offers_participation", "choice_id")
        + " UNION ALL "
        + twice("offers_participationoutcome", "choice_id", "contact_id"),
    ),
    Invariant(
        "participation_of_standing_choice",
        "Teilnahme, die geplant oder begonnen wurde, als die Wahl schon zurückgenommen war.",
        "Teilnahme",
        "SELECT p.id FROM offers_participation AS p JOIN offers_offerchoice AS c ON c.id = p.choice_id"
        f" WHERE c.withdrawn_at < p.planned_at OR p.started_at > c.withdrawn_at + {SKEW}",
    ),
    Invariant(
        "participation_outcome_not_blank",
        "Was aus einer Teilnahme wurde, ohne Worte, obwohl das Gespräch in der Akte steht.",
        "Erzählung",
        f"SELECT o.id FROM {CHOICES} JOIN offers_participationoutcome AS o ON o.choice_id = c.id"
        " JOIN casework_contact AS t ON t.id = o.contact_id"
        r" WHERE k.withdrawn_at IS NULL AND t.withdrawn_at IS NULL AND o.own_words !~ '\S'",
    ),
    Invariant(
        "withdrawn_conversation_leaves_no_choice",
        "Zurückgenommenes Gespräch, von dem noch eine Wahl oder deren Worte dastehen.",
        "Kontakt",
        f"SELECT k.id FROM {CHOICES} WHERE k.withdrawn_at IS NOT NULL"
        " AND c.withdrawn_at IS NULL AND c.ended_at IS NULL"
        " UNION ALL SELECT k.id FROM casework_contact AS k JOIN offers_intentversion AS i ON i.contact_id = k.id"
        " WHERE k.withdrawn_at IS NOT NULL AND i.text <> ''"
        f" UNION ALL SELECT k.id FROM {CHOICES} JOIN offers_intentversion AS i ON i.choice_id = c.id"
        " WHERE k.withdrawn_at IS NOT NULL AND i.text <> ''"
        " UNION ALL SELECT k.id FROM casework_contact AS k JOIN offers_participationoutcome AS o ON o.contact_id = k.id"
        " WHERE k.withdrawn_at IS NOT NULL AND (o.own_words <> '' OR o.provider_words <> '')"
        f" UNION ALL SELECT k.id FROM {CHOICES} JOIN offers_participationoutcome AS o ON o.choice_id = c.id"
        " WHERE k.withdrawn_at IS NOT NULL AND (o.own_words <> '' OR o.provider_words <> '')",
    ),
    Invariant(
        "consent_is_complete",
        "Einwilligung ohne mit wem oder wofür, von morgen, oder deren Widerruf nur halb eingetragen ist.",
        "Einwilligung",
        half("offers_consent", ("revoked_on", "revoked_at", "revoked_by_id"))
        + r" UNION ALL SELECT id FROM offers_consent WHERE with_whom !~ '\S' OR purpose !~ '\S'"
        f" OR given_on {DAY_AHEAD} OR revoked_on {DAY_AHEAD} OR revoked_on < given_on OR NOT isfinite(given_on)",
    ),
    Invariant(
        "what_was_chosen_is_recorded_now",
        "Etwas wurde in der Zukunft gewählt, gewollt oder erzählt.",
        "Zeile",
        " UNION ALL ".join(
            f"SELECT id FROM {table} WHERE at {LATER} OR NOT isfinite(at)"
            for table in ("offers_offerchoice", "offers_intentversion", "offers_participationoutcome")
        ),
    ),
)

GROUPS = (
    Invariant(
        "group_is_of_an_immediate_offer",
        "Gruppe zu einem Angebot, das kein Sofortangebot des Hauses ist, oder die endet, ehe sie beginnt.",
        "Gruppe",
        "SELECT g.id FROM offers_group AS g LEFT JOIN offers_offer AS o ON o.id = g.offer_id AND o.immediate"
        " WHERE o.id IS NULL OR g.ends_on < g.starts_on",
    ),
    Invariant(
        "group_has_sixteen_places",
        "Gruppe mit mehr als sechzehn Menschen zugleich.",
        "Gruppe",
        "SELECT group_id FROM offers_groupmember WHERE left_at IS NULL GROUP BY group_id"
        f" HAVING count(*) > {MOST_MEMBERS}",
    ),
    Invariant(
        "member_chose_the_group",
        "Teilnahme an einer Gruppe, deren Angebot nicht gewählt war.",
        "Teilnahme an einer Gruppe",
        "SELECT m.id FROM offers_groupmember AS m JOIN offers_group AS g ON g.id = m.group_id"
        " LEFT JOIN offers_offerchoice AS c ON c.id = m.choice_id AND c.offer_id = g.offer_id"
        " WHERE c.id IS NULL OR c.withdrawn_at <= m.joined_at",
    ),
    Invariant(
        "member_once_in_group_at_a_time",
        "Jemand ist zweimal zugleich in einer Gruppe, oder leitet sie zweimal.",
        "Zeile",
        "SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY group_id, case_id) AS rows FROM offers_groupmember"
        " WHERE left_at IS NULL) AS r WHERE r.rows > 1 UNION ALL "
        + twice("offers_grouptrainer", "group_id", "counsellor_id"),
    ),
    Invariant(
        "member_leaves_once",
        "Wer aus einer Gruppe ging, ging vor dem Anfang, in der Zukunft oder nur halb.",
        "Teilnahme an einer Gruppe",
        half("offers_groupmember", ("left_at", "left_by_id"))
        + f" UNION ALL SELECT id FROM offers_groupmember WHERE left_at < joined_at OR left_at {LATER}",
    ),
    Invariant(
        "group_date_is_recorded_once",
        "Gruppentermin, der nur halb eingetragen oder abgesagt ist, ohne Text eingetragen oder mit Text noch nicht.",
        "Gruppentermin",
        half("offers_groupdate", ("recorded_at", "recorded_by_id"), ("cancelled_at", "cancelled_by_id"))
        + " UNION ALL SELECT id FROM offers_groupdate WHERE num_nonnulls(recorded_at, cancelled_at) = 2"
        r" OR (recorded_at IS NOT NULL AND text !~ '\S') OR (recorded_at IS NULL AND text <> '')"
        " OR recorded_at < starts_at OR NOT isfinite(starts_at)",
    ),
    Invariant(
        "group_meets_once_at_a_time",
        "Zwei Termine einer Gruppe zur selben Zeit.",
        "Gruppentermin",
        "SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY group_id, starts_at) AS rows FROM offers_groupdate"
        " WHERE cancelled_at IS NULL) AS r WHERE r.rows > 1",
    ),
    Invariant(
        "attendance_at_a_date_of_the_group",
        "Anwesenheit bei einem Termin, der nicht eingetragen oder nicht einer dieser Gruppe ist.",
        "Anwesenheit",
        "SELECT a.id FROM offers_attendance AS a JOIN offers_groupmember AS m ON m.id = a.member_id"
        " LEFT JOIN offers_groupdate AS d ON d.id = a.group_date_id AND d.group_id = m.group_id"
        " WHERE d.recorded_at IS NULL",
    ),
    Invariant(
        "attendance_once_per_date",
        "Zweimal dieselbe Anwesenheit, oder zwei mit einem Kontakt.",
        "Anwesenheit",
        twice("offers_attendance", "group_date_id", "member_id")
        + " UNION ALL "
        + twice("offers_attendance", "contact_id"),
    ),
)

OFFERED = (*OFFERS, *CHOSEN, *GROUPS)

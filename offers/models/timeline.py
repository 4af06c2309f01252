# ruff: noqa: S608
# Every statement here is put together from names of this room alone; nothing comes from outside.
"""What this room adds to the Verlauf beside conversations: an Absicht worded anew, a choice taken back, a participation
that began or ended, a consent given or revoked.

A choice itself, and what came of it, stand in the entry of the conversation that brought them. A choice taken back
shows day and author and nothing else (R4.4-3). What a withdrawn conversation chose is not shown.
"""

from offers.models.state import NAME

TITLES = {
    "intent": "Absicht neu formuliert: {0}",
    "choice_withdrawn": "Wahl zurückgenommen: {0}",
    "participation_started": "Teilnahme begonnen: {0}",
    "participation_ended": "Teilnahme beendet: {0}",
    "consent": "Einwilligung: {0}",
    "consent_revoked": "Einwilligung widerrufen: {0}",
}

# A Träger's words are never trusted: without what hides or turns the line they stand in, as `description.plain` does.
UNSEEN = r"[\u0001-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
OFFER = f"regexp_replace({NAME.format(offer='c.offer_id')}, '{UNSEEN}', '', 'g')"
STANDING = "JOIN casework_contact AS k ON k.id = c.contact_id AND k.withdrawn_at IS NULL"


def day(column: str, words: str) -> str:
    return f"'{words} ' || to_char({column}, 'DD.MM.YYYY')"


# The columns are those of casework.models.timeline.
BRANCHES = {
    "intent": f"""
        (SELECT i.at, 'intent', i.id, i.by_id, {OFFER}, left(i.text, {{length}}), false, i.at, '', NULL, NULL, ''
          FROM offers_intentversion AS i JOIN offers_offerchoice AS c ON c.id = i.choice_id {STANDING}
         WHERE i.case_id = %(case)s AND i.contact_id IS NULL AND i.text <> '' AND (i.at, i.id) < (%(at)s, %(pk)s)
         ORDER BY i.at DESC, i.id DESC LIMIT %(limit)s)""",
    "choice_withdrawn": f"""
        (SELECT c.withdrawn_at, 'choice_withdrawn', c.id, c.withdrawn_by_id, {OFFER}, '', false, c.withdrawn_at,
                '', NULL, NULL, ''
          FROM offers_offerchoice AS c {STANDING}
         WHERE c.case_id = %(case)s AND (c.withdrawn_at, c.id) < (%(at)s, %(pk)s)
         ORDER BY c.withdrawn_at DESC, c.id DESC LIMIT %(limit)s)""",
    "participation_started": f"""
        (SELECT p.started_at, 'participation_started', p.id, p.started_by_id, {OFFER}, {day("p.started_on", "am")},
                false, p.started_at, '', NULL, NULL, ''
          FROM offers_participation AS p JOIN offers_offerchoice AS c ON c.id = p.choice_id {STANDING}
         WHERE p.case_id = %(case)s AND (p.started_at, p.id) < (%(at)s, %(pk)s)
         ORDER BY p.started_at DESC, p.id DESC LIMIT %(limit)s)""",
    "participation_ended": f"""
        (SELECT p.ended_at, 'participation_ended', p.id, p.ended_by_id, {OFFER}, {day("p.ended_on", "am")},
                false, p.ended_at, '', NULL, NULL, ''
          FROM offers_participation AS p
          JOIN offers_offerchoice AS c ON c.id = p.choice_id AND c.withdrawn_at IS NULL {STANDING}
         WHERE p.case_id = %(case)s AND (p.ended_at, p.id) < (%(at)s, %(pk)s)
         ORDER BY p.ended_at DESC, p.id DESC LIMIT %(limit)s)""",
    "consent": f"""
        (SELECT e.at, 'consent', e.id, e.by_id, e.with_whom, left(e.purpose || E'\\n' || {day("e.given_on", "seit")},
                {{length}}), false, e.at, '', NULL, NULL, ''
          FROM offers_consent AS e
         WHERE e.case_id = %(case)s AND (e.at, e.id) < (%(at)s, %(pk)s)
         ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s)""",
    "consent_revoked": f"""
        (SELECT e.revoked_at, 'consent_revoked', e.id, e.revoked_by_id, e.with_whom, {day("e.revoked_on", "am")},
                false, e.revoked_at, '', NULL, NULL, ''
          FROM offers_consent AS e
         WHERE e.case_id = %(case)s AND (e.revoked_at, e.id) < (%(at)s, %(pk)s)
         ORDER BY e.revoked_at DESC, e.id DESC LIMIT %(limit)s)""",
}

"""What an action may refuse, in the words of the person who reads it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction


class Refused(Exception):
    """An action that was not carried out; nothing of it is written."""

    field = ""
    message = ""

    def __init__(self, message: str = "", *, field: str = "") -> None:
        self.message = message or self.message
        self.field = field or self.field
        super().__init__(self.message)


class RuleBroken(Refused):
    """A rule of the field speaks against it: the form comes back as 422, with the sentence beside the field."""

    def __init__(self, message: str = "", *, field: str = "", suggestion: dt.date | None = None) -> None:
        super().__init__(message, field=field)
        self.suggestion = suggestion


class Conflict(Refused):
    """Somebody else was first: answered as 409, with what stands there now."""


class StaleVersion(Conflict):
    message = "Jemand anderes hat das inzwischen geändert. Bitte sehen Sie sich den jetzigen Stand an."


class CaseClosed(Conflict):
    message = "Dieser Fall wurde inzwischen beendet. Ihr Text steht noch hier; es wurde nichts eingetragen."


class CaseGone(Conflict):
    message = (
        "Dieser Fall wurde inzwischen beendet oder gehört nicht mehr zu Ihren Fällen. "
        "Ihr Text steht noch hier; es wurde nichts eingetragen."
    )


class AlreadySubmitted(Conflict):
    message = (
        "Dieses Gespräch ist schon mit einem anderen Text abgeschlossen worden. "
        "Bitte öffnen Sie die Akte; Änderungen sind dort als Nachtrag möglich."
    )


class NotAllowed(Refused):
    message = "Dafür fehlt Ihnen die Berechtigung."


# Constraint -> (field, sentence). Whatever is met here was let through by the form, mostly because somebody else
# was faster; the database has the last word.
SENTENCES: dict[str, tuple[str, str]] = {
    "open_case_has_next_step": (
        "next",
        "Ohne nächsten Schritt geht es nicht: Bitte setzen Sie eine Wiedervorlage oder vereinbaren Sie einen "
        "Folgetermin.",
    ),
    "contact_has_next_step_or_ends_case": (
        "next",
        "Bitte vereinbaren Sie einen Folgetermin, setzen Sie eine Wiedervorlage oder beenden Sie den Fall.",
    ),
    "next_step_of_contact_is_ahead": (
        "next",
        "Dieser Schritt ist schon beendet. Bitte wählen Sie einen anderen.",
    ),
    "successor_is_ahead": ("next", "Dieser Schritt ist schon beendet. Bitte wählen Sie einen anderen."),
    "contact_follow_up_of_same_case": ("next", "Dieser Schritt gehört nicht zu diesem Fall."),
    "followup_successor_of_same_case": ("next", "Dieser Schritt gehört nicht zu diesem Fall."),
    "contact_text_not_blank": ("text", "Bitte schreiben Sie auf, was besprochen wurde."),
    "contact_not_in_the_future": ("at_date", "Der Kontakt kann nicht in der Zukunft liegen."),
    "follow_up_subject_not_blank": ("next_subject", "Bitte schreiben Sie, worum es geht."),
    "follow_up_not_in_the_past": ("next_date", "Das Datum liegt in der Vergangenheit."),
    "follow_up_on_a_working_weekday": ("next_date", "An diesem Wochentag ist kein Termin möglich."),
    "follow_up_time_on_its_day": ("next_time", "Uhrzeit und Tag passen nicht zusammen."),
    "client_external_ref_once": ("external_ref", "Diese Nummer ist in Ihrer Organisation schon eingetragen."),
    "one_open_case_per_client": ("", "Für diese Person ist schon ein Fall offen."),
    "case_taken_up_again_once": ("", "Dieser Fall wurde schon wieder aufgenommen."),
    "responsible_counsellor_is_active": (
        "counsellor",
        "Dieses Konto ist nicht mehr aktiv. Bitte wählen Sie eine andere IFK.",
    ),
    "user_with_cases_stays_active": (
        "is_active",
        "Dieses Konto ist noch für Fälle zuständig. Bitte erst übergeben.",
    ),
    "one_participation_at_a_time": ("counsellor", "Diese IFK wirkt schon mit."),
    "no_substitute_of_a_substitute": (
        "substitute",
        "Eine Vertretung hat keine Vertretung: Entweder wird diese Person in der Zeit selbst vertreten, oder wer "
        "abwesend ist, vertritt selbst jemanden. Bitte nennen Sie dort zuerst eine andere Vertretung.",
    ),
    "one_absence_at_a_time": ("first_day", "Für diese Tage ist schon eine Abwesenheit eingetragen."),
    "one_substitute_at_a_time": ("substitute", "Für diese Tage ist schon eine Vertretung eingetragen."),
    "standing_substitute_is_somebody_else": ("substitute", "Niemand kann sich selbst vertreten."),
    "work_pattern_has_days": ("weekdays", "Bitte wählen Sie mindestens einen Tag."),
    "substitute_is_somebody_else": ("substitute", "Niemand kann sich selbst vertreten."),
    "user_with_cases_keeps_organisation": (
        "organisation",
        "Dieses Konto ist noch für Fälle zuständig. Bitte erst übergeben, dann die Organisation wechseln.",
    ),
    "counsellor_with_cases_keeps_role": (
        "",
        "Dieses Konto ist noch für Fälle zuständig. Bitte erst übergeben, dann die Rolle entziehen.",
    ),
    "withdrawn_contact_takes_no_addendum": (
        "text",
        "Dieser Eintrag wurde inzwischen zurückgenommen; ein Nachtrag ist nicht mehr möglich.",
    ),
    "contact_not_before_its_case": ("at_date", "An diesem Tag gab es den Fall noch nicht. Stimmt das Datum?"),
    "substitution_inside_absence": ("substitute", "Die Vertretung liegt nicht in der Zeit der Abwesenheit."),
    "only_missed_contact_of_same_day_is_replaced": (
        "",
        "„Später erschienen“ geht nur am selben Tag und nur für einen Termin, der nicht stattfand.",
    ),
    "missed_contact_replaced_once": (
        "",
        "Für diesen Termin ist schon eingetragen, dass die Person später kam.",
    ),
    "duty_has_legal_basis": (
        "legal_basis",
        "Bitte nennen Sie die Rechtsgrundlage; ohne sie kann nichts gefordert werden.",
    ),
    "duty_rests_on_law_in_force": ("legal_basis", "Diese Rechtsgrundlage gilt heute nicht. Bitte wählen Sie neu."),
    "duty_notice_of_its_basis": (
        "notice",
        "Diese Rechtsfolgenbelehrung gehört zu einer anderen Rechtsgrundlage. Eine falsche ist schlechter als keine.",
    ),
    "duty_notice_in_force": ("notice", "Diese Rechtsfolgenbelehrung gilt heute nicht. Bitte wählen Sie neu."),
    "duty_demand_not_blank": ("demand", "Bitte schreiben Sie, was gefordert wird."),
    "duty_fact_not_in_the_future": ("happened_on", "Dieser Tag liegt in der Zukunft."),
    "duty_fact_not_before_its_case": ("happened_on", "An diesem Tag gab es den Fall noch nicht. Stimmt das Datum?"),
    "duty_fact_once_a_day": ("happened_on", "Das ist für diesen Tag schon eingetragen."),
    "duty_fact_text_if_and_only_if_reason": ("text", "Ein Text gehört zu „Grund genannt“ und nur dazu."),
    "withdrawn_duty_takes_no_fact": (
        "",
        "Diese Mitwirkungspflicht wurde inzwischen zurückgenommen; es kommt nichts mehr dazu.",
    ),
    "one_wording_of_a_legal_basis_at_a_time": ("during", "Diese Rechtsgrundlage ist für diese Zeit schon eingetragen."),
    "legal_text_covers_its_duties": (
        "during",
        "In der Zeit, die wegfiele, wurde darauf schon eine Forderung gestützt. Bitte wählen Sie ein späteres Ende.",
    ),
}

CONFLICTS = {
    "closed_case_has_no_next_step": CaseClosed,
    "ended_follow_up_is_final": StaleVersion,
    "follow_up_version_counts": StaleVersion,
    "duty_in_open_case": CaseClosed,
}


def constraint_of(error: IntegrityError) -> str:
    """The name of the rule that PostgreSQL reports."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", "") or "")


@contextmanager
def rules() -> Iterator[None]:
    """One action: all or nothing, with the deferred rules forced before it ends, never met at COMMIT."""
    try:
        with transaction.atomic():
            yield
            force_rules()
    except IntegrityError as error:
        name = constraint_of(error)
        if conflict := CONFLICTS.get(name):
            raise conflict() from error
        field, sentence = SENTENCES.get(name, ("", ""))
        if not sentence:
            raise
        raise RuleBroken(sentence, field=field) from error


def force_rules() -> None:
    """Check every deferred rule now, in one round trip, and defer again for whatever follows."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

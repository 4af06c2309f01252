"""Closed lists of the field. Each is closed in the database too, by a CHECK (house style 5)."""

from django.db.models import TextChoices


class RoleName(TextChoices):
    """What a person is allowed to do in the application; described in `casework.permissions.ROLES`."""

    COUNSELLOR = "counsellor", "Integrationsfachkraft"
    TEAM_LEAD = "team_lead", "Teamleitung"
    OFFER_MANAGER = "offer_manager", "Projektmanagement"
    CONFIG_ADMIN = "config_admin", "Fachadministration"
    PRIVACY_OFFICER = "privacy_officer", "Datenschutz"


class CounsellorKind(TextChoices):
    """R4.2-2, R4.2-4: Regel-IFK have a broad responsibility and are the default."""

    GENERAL = "general", "Regel-IFK"
    SPECIALIST = "specialist", "Spezial-IFK"


class SpecialistArea(TextChoices):
    """R4.2-3: the four areas, closed. A property of the counsellor's function, never of a person counselled."""

    JOB_ACADEMY = "job_academy", "Jobakademie"
    SCHOOL_TO_WORK = "school_to_work", "Übergang Schule-Beruf"
    REHAB = "rehab", "REHA"
    KIBIZ = "kibiz", "KiBiZ"


class DetailKind(TextChoices):
    """What may be known of a person beside name and birth date; all optional, each with its origin."""

    ADDRESS = "address", "Anschrift"
    PHONE = "phone", "Telefon"
    EMAIL = "email", "E-Mail"
    AUTHORISED_PERSON = "authorised_person", "Bevollmächtigte Person"
    LEGAL_GUARDIAN = "legal_guardian", "Rechtliche Betreuung"
    CUSTODIAN = "custodian", "Sorgeberechtigte Person"
    APPOINTMENT_NEEDS = "appointment_needs", "Für Termine zu beachten"


class DetailOrigin(TextChoices):
    """Where a detail comes from (domain.md 12.23)."""

    PERSON = "person", "von der Person selbst"
    LEADING_SYSTEM = "leading_system", "aus dem führenden Fachverfahren"
    THIRD_PARTY = "third_party", "von einer anderen Stelle mitgeteilt"


class ClosingReason(TextChoices):
    """Neutral reasons for the end of a case (R2-3)."""

    INDEPENDENT = "independent", "unabhängig vom Leistungsbezug"
    MOVED = "moved", "Umzug"
    DECEASED = "deceased", "verstorben"
    OTHER = "other", "anderer Grund"


class ContactKind(TextChoices):
    """A missed appointment is a contact too, and needs a next step (design.md 7)."""

    TALK = "talk", "Gespräch"
    MISSED = "missed", "Termin fand nicht statt"


class MissedHow(TextChoices):
    NO_SHOW = "no_show", "nicht erschienen"
    CANCELLED = "cancelled", "abgesagt"
    CANCELLED_BY_US = "cancelled_by_us", "von uns abgesagt"


class ParticipantRole(TextChoices):
    CLIENT = "client", "die Person selbst"
    SUPPORT_PERSON = "support_person", "Beistand"
    INTERPRETER = "interpreter", "Sprachmittlung"
    REPRESENTATIVE = "representative", "Bevollmächtigte, Betreuung oder Sorgeberechtigte"
    PROVIDER_STAFF = "provider_staff", "Mitarbeitende eines Trägers"
    COLLEAGUE = "colleague", "Kollegin oder Kollege"
    OTHER_BODY = "other_body", "andere Stelle"


class FollowUpKind(TextChoices):
    """R4.3-4: a Wiedervorlage is internal, a Folgetermin is agreed with the person."""

    REMINDER = "reminder", "Wiedervorlage"
    APPOINTMENT = "appointment", "Folgetermin"


class DutyFactKind(TextChoices):
    """Facts about what the law demands, neutral and in the order in which they happen (domain.md 5.5)."""

    POSTED = "posted", "abgesandt"
    APPEARED = "appeared", "erschienen oder nachgekommen"
    NOT_APPEARED = "not_appeared", "nicht erschienen"
    REASON = "reason", "Grund genannt"


class GrantKind(TextChoices):
    """Access with a reason outside the own caseload ("Zugriff mit Anlass")."""

    RECORD = "record", "Kontakt eintragen"
    READ = "read", "Akte lesen"
    FORMER = "former", "früher zuständig"
    EMERGENCY = "emergency", "Notzugriff"


class ProtectionReason(TextChoices):
    """Why a case is open to named people alone (§ 35 SGB I, § 51 BMG): a class, never a text."""

    STAFF = "staff", "Person arbeitet im Haus"
    RELATIVE = "relative", "Angehörige einer Person aus dem Haus"
    BLOCK = "block", "Auskunftssperre"
    OTHER = "other", "anderer Grund"


class EmergencyReason(TextChoices):
    """Why something cannot wait for whoever works on the case."""

    PERSON_HERE = "person_here", "Die Person ist hier und braucht sofort Hilfe"
    DANGER = "danger", "Gefahr für Leib oder Leben"
    COURT = "court", "Frist eines Gerichts oder einer Behörde"
    OTHER = "other", "anderer Anlass"


class DraftForm(TextChoices):
    CONVERSATION = "conversation", "Gespräch"
    CASE_OPENING = "case_opening", "Fall eröffnen"


class AccessKind(TextChoices):
    """What an access event tells; ids and codes only (house style 10)."""

    FILE_OPENED = "file.opened", "Akte geöffnet"
    ENTRY_OPENED = "entry.opened", "Eintrag geöffnet"
    PRINTED = "file.printed", "gedruckt"
    SEARCHED = "case.searched", "gesucht"
    LOOKED_UP = "case.looked_up", "mit Anlass gesucht"
    REFUSED = "access.refused", "Zugriff verweigert"
    GRANT_TAKEN = "grant.taken", "Zugriff mit Anlass"
    EXPORTED = "file.exported", "ausgegeben"
    HISTORY_OPENED = "history.opened", "Fassungen angesehen"
    EVIDENCE_READ = "evidence.read", "Protokoll gelesen"
    EVIDENCE_ASKED = "evidence.asked", "Protokoll einer Person beantragt"
    EVIDENCE_ALLOWED = "evidence.allowed", "Protokoll einer Person freigegeben"
    RESTRICTED = "case.restricted", "Fall geschützt"
    RELEASED = "case.released", "Schutz aufgehoben"
    EMERGENCY_TAKEN = "emergency.taken", "Notzugriff"
    EMERGENCY_ALLOWED = "emergency.allowed", "Notzugriff freigegeben"
    DISCLOSED = "person.disclosed", "Auskunft erteilt"
    EXTRACTED = "person.extracted", "Aktenauszug erstellt"
    ERASED = "person.erased", "gelöscht"


class DigestKind(TextChoices):
    """Who is told what by mail: the own list each working day, what lasts once a week."""

    OWN = "own", "eigene Liste"
    TEAM = "team", "Team, einmal in der Woche"
    OFFERS = "offers", "Angebote, die bald veralten"


WEEKLY_DIGESTS = (DigestKind.TEAM, DigestKind.OFFERS)


class DigestState(TextChoices):
    """What became of a mail. An expired claim is unclear: it may have gone out, and is not sent again (design.md 5)."""

    PLANNED = "planned", "wartet"
    CLAIMED = "claimed", "wird übergeben"
    SENT = "sent", "verschickt"
    FAILED = "failed", "nicht zugestellt"
    UNCLEAR = "unclear", "unklar"
    DROPPED = "dropped", "entfallen"


DIGEST_ENDS = (DigestState.SENT, DigestState.FAILED, DigestState.UNCLEAR, DigestState.DROPPED)


class LetterKind(TextChoices):
    """Friendly letters; none of them carries a legal consequence (domain.md 8)."""

    APPOINTMENT = "appointment", "Terminbestätigung"
    NEW_COUNSELLOR = "new_counsellor", "Wechsel der Zuständigkeit"


class ImportKind(TextChoices):
    PEOPLE = "people", "Personen und Fälle"
    STAFF = "staff", "Konten"


class ImportState(TextChoices):
    """Nothing changes in the office before somebody has seen what would."""

    CHECKING = "checking", "wird geprüft"
    CHECKED = "checked", "geprüft"
    APPLYING = "applying", "wird übernommen"
    APPLIED = "applied", "übernommen"
    FAILED = "failed", "abgebrochen, nichts übernommen"
    GIVEN_UP = "given_up", "verworfen"


class LineOutcome(TextChoices):
    NEW = "new", "neu"
    CHANGED = "changed", "geändert"
    SAME = "same", "unverändert"
    REFUSED = "refused", "abgewiesen"
    MISSING = "missing", "nicht mehr in der Datei"


class SecondFactor(TextChoices):
    """By what somebody has shown, beside the password, that it is them; kept in the session."""

    TOTP = "totp", "Code aus der App"
    KEY = "webauthn", "Sicherheitsschlüssel"
    RECOVERY = "recovery_codes", "Wiederherstellungscode"
    DIRECTORY = "directory", "Anmeldung der Organisation"


class GuessKind(TextChoices):
    """What is counted when somebody is wrong: where from about whom, where from at all, on which known device."""

    PAIR = "pair", "Konto und Netz"
    NETWORK = "network", "Netz"
    DEVICE = "device", "bekanntes Gerät"
    FACTOR = "factor", "zweiter Faktor"


class AccountEventKind(TextChoices):
    """What an account event tells; ids and codes only (house style 10)."""

    SIGNED_IN = "sign_in.succeeded", "angemeldet"
    SIGN_IN_FAILED = "sign_in.failed", "Anmeldung misslungen"
    SIGN_IN_SLOWED = "sign_in.slowed", "Anmeldung gebremst"
    DIRECTORY_REFUSED = "directory.refused", "Anmeldung der Organisation abgewiesen"
    FACTOR_GIVEN = "factor.given", "zweiter Faktor gegeben"
    FACTOR_FAILED = "factor.failed", "zweiter Faktor falsch"
    FACTOR_SLOWED = "factor.slowed", "zweiter Faktor gebremst"
    FACTOR_ADDED = "factor.added", "zweiter Faktor eingerichtet"
    FACTOR_REMOVED = "factor.removed", "zweiter Faktor entfernt"
    FACTOR_RESET = "factor.reset", "zweite Faktoren zurückgesetzt"
    RECOVERY_CODES_MADE = "recovery_codes.made", "Wiederherstellungscodes erzeugt"
    SESSIONS_ENDED = "sessions.ended", "Sitzungen beendet"
    PASSWORD_CHANGED = "password.changed", "Passwort geändert"  # noqa: S105  (the name of an event)
    DIRECTORY_CHANGED = "directory.changed", "Kennung im Verzeichnis geändert"

"""Who may do what: roles as described lists of permissions, and pure functions of user and object (house style 11).

Which cases a user may see at all is a question of rows and stands in `CaseQuerySet.visible_to` and `readable_by`.
`docs/roles.md` is rendered from ROLES (`manage.py render_roles`).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from casework.enums import RoleName
from casework.models import Case, Contact, Counsellor, FileNote, User
from casework.models.people import load_account
from jobcenter.platform.statements import read


@dataclass(frozen=True)
class Permission:
    """One thing that a role may do; the sentence is what staff councils and auditors read."""

    name: str
    sentence: str


RECORD_CONTACTS = Permission(
    "record_contacts",
    "in Fällen, in denen man mitarbeitet, Gespräche, Notizen, nächste Schritte und Mitwirkungspflichten eintragen und "
    "den Fall beenden",
)
OPEN_CASES = Permission("open_cases", "Fälle eröffnen und wieder aufnehmen")
ACCESS_FOR_REASON = Permission(
    "access_for_reason", "mit genanntem Anlass für die zuständige IFK eintragen oder eine Akte lesen"
)
LEAD_TEAM = Permission(
    "lead_team",
    "Fälle des Teams in Listen sehen, Akten mit genanntem Anlass öffnen und Personen und Fälle der eigenen "
    "Organisation aus dem führenden Verfahren übernehmen",
)
ASSIGN_CASES = Permission(
    "assign_cases", "Zuständigkeit und Mitwirkung in Fällen des Teams ändern, Fälle übergeben und Zugänge zuordnen"
)
ENTER_ABSENCES = Permission(
    "enter_absences", "Abwesenheiten und Vertretungen im Team eintragen und Termine Abwesender verlegen oder absagen"
)
CURATE_OFFERS = Permission("curate_offers", "Träger und Angebote pflegen; kein Zugang zu Fällen")
CONFIGURE = Permission(
    "configure",
    "Konten (auch aus einer Datei) mit ihrer Kennung im Verzeichnis und dem Zurücksetzen des zweiten Faktors, "
    "Teams, Kanäle, freie Tage, Rechtsgrundlagen, Rechtsfolgenbelehrungen, "
    "Rechtsstände, Sozialräume, Ressourcenfelder, die Sprachen des Blatts „Unsere Vereinbarung“, "
    "Regelungsdokumente, das Orientierungsschema und die Stufen der Erinnerung pflegen und sehen, ob "
    "Erinnerungsmails zugestellt werden",
)
READ_EVIDENCE = Permission(
    "read_evidence",
    "das Zugriffsprotokoll zu einem Fall lesen, zu einer Person aus dem Haus nur mit Grund und einer zweiten Person; "
    "kein Zugang zu Fallinhalten",
)
PROTECT_CASES = Permission(
    "protect_cases",
    "Fälle von Beschäftigten und ihren Angehörigen und Fälle mit Auskunftssperre schützen und bestimmen, wem sie offen "
    "stehen (§ 35 SGB I); kein Zugang zu Fallinhalten",
)
ALLOW_EMERGENCIES = Permission(
    "allow_emergencies", "jeden Notzugriff sehen und den auf einen geschützten Fall als zweite Person freigeben"
)
TAKE_EMERGENCIES = Permission(
    "take_emergencies",
    "im Notfall eine fremde Akte der eigenen Organisation lesen: mit Begründung und Passwort, eine Stunde lang, unter "
    "den Augen des Datenschutzes",
)


@dataclass(frozen=True)
class Role:
    name: RoleName
    description: str
    permissions: tuple[Permission, ...]


ROLES: dict[str, Role] = {
    role.name.value: role
    for role in (
        Role(
            RoleName.COUNSELLOR,
            "Integrationsfachkraft (IFK), Regel oder Spezial: berät und führt Fälle. Beide haben dieselben Rechte.",
            (RECORD_CONTACTS, OPEN_CASES, ACCESS_FOR_REASON, TAKE_EMERGENCIES),
        ),
        Role(
            RoleName.TEAM_LEAD,
            "Teamleitung: steuert den Fallbestand eines Teams.",
            (LEAD_TEAM, ASSIGN_CASES, ENTER_ABSENCES, OPEN_CASES, RECORD_CONTACTS, TAKE_EMERGENCIES),
        ),
        Role(
            RoleName.OFFER_MANAGER,
            "Projektmanagement: beschreibt und veröffentlicht Angebote der Träger.",
            (CURATE_OFFERS,),
        ),
        Role(
            RoleName.CONFIG_ADMIN,
            "Fachadministration: pflegt Einstellungen und Konten, sieht keine Fälle.",
            (CONFIGURE,),
        ),
        Role(
            RoleName.PRIVACY_OFFICER,
            "Datenschutz: prüft, wer auf welchen Fall zugegriffen hat.",
            (READ_EVIDENCE, PROTECT_CASES, ALLOW_EMERGENCIES),
        ),
    )
}

# What the Fachadministration may do in the Django admin. No case model is registered there at all. Rooms above add
# their reference data as "app.model".
ADMIN_RIGHTS: dict[str, frozenset[str]] = {
    "organisation": frozenset({"view", "add", "change"}),
    "team": frozenset({"view", "add", "change"}),
    "user": frozenset({"view", "add", "change"}),
    "rolegrant": frozenset({"view", "add", "change", "delete"}),
    "counsellor": frozenset({"view", "add", "change"}),
    "directoryidentity": frozenset({"view", "add", "change", "delete"}),
    "contactchannel": frozenset({"view", "add", "change"}),
    "legalbasis": frozenset({"view", "add", "change"}),
    "legalnotice": frozenset({"view", "add", "change"}),
    "localday": frozenset({"view", "add", "change", "delete"}),
    "reminderladder": frozenset({"view", "add", "change", "delete"}),
    "ruledocument": frozenset({"view", "add", "change", "delete"}),
    "reflectionguide": frozenset({"view", "add"}),
}

# What project management may do in the Django admin of its own (offers.admin_site). Nothing is deleted there, and no
# model of a case is registered there either.
CURATION_RIGHTS: dict[str, frozenset[str]] = {
    "offers.provider": frozenset({"view", "add", "change"}),
    "offers.providercontact": frozenset({"view", "add", "change"}),
    "offers.supportkind": frozenset({"view", "add", "change"}),
    "offers.fundingbody": frozenset({"view", "add", "change"}),
    "offers.offerlegalbasis": frozenset({"view", "add", "change"}),
    "offers.offer": frozenset({"view", "add", "change"}),
    "offers.offerversion": frozenset({"view", "change"}),
}


LED_TEAMS = "SELECT casework_led_teams(%(user)s, %(at)s)"


def has_permission(user: User, permission: Permission) -> bool:
    """Whether one of the user's roles holds the permission."""
    return user.is_active and any(permission in ROLES[name].permissions for name in user.role_names)


class RoleBackend(ModelBackend):
    """Passwords as Django checks them; permissions of the admin from the table of roles."""

    def get_user(self, user_id: int) -> User | None:
        """The signed-in account with its organisation and roles, which every page asks for: one statement for all."""
        user = load_account(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        app, _, codename = perm.partition(".")
        action, _, model = codename.partition("_")
        key = model if app == "casework" else f"{app}.{model}"
        return any(
            action in rights.get(key, frozenset()) and has_permission(user_obj, permission)
            for rights, permission in ((ADMIN_RIGHTS, CONFIGURE), (CURATION_RIGHTS, CURATE_OFFERS))
        )


def can_work_on_cases(user: User) -> bool:
    """Counsellors and team leads; everybody else has no business with a case (§ 35 SGB I)."""
    return has_permission(user, RECORD_CONTACTS)


def can_open_case(user: User) -> bool:
    """Whoever counsels or leads may open a case; nothing is asked before the first talk (R3.3-2)."""
    return has_permission(user, OPEN_CASES)


def can_access_for_reason(user: User) -> bool:
    """The counter and the telephone: whoever stands there is served (design.md 7)."""
    return has_permission(user, ACCESS_FOR_REASON) or has_permission(user, LEAD_TEAM)


def can_read_evidence(user: User) -> bool:
    """The data protection officer; whoever works on cases reads no evidence of them."""
    return has_permission(user, READ_EVIDENCE)


def can_protect_cases(user: User) -> bool:
    """§ 35 SGB I: who decides about it takes no part in counselling."""
    return has_permission(user, PROTECT_CASES)


def can_allow_emergencies(user: User) -> bool:
    """The second person of an emergency on a protected case."""
    return has_permission(user, ALLOW_EMERGENCIES)


def can_take_emergencies(user: User) -> bool:
    """Whoever counsels or leads; for reading alone."""
    return has_permission(user, TAKE_EMERGENCIES)


def can_enter_absences(user: User) -> bool:
    """Leads enter absences and substitutions of their team; everybody enters their own."""
    return has_permission(user, ENTER_ABSENCES)


def can_see_delivery(user: User) -> bool:
    """The Fachadministration sees whether reminder mails go out; of what they tell, it sees nothing."""
    return has_permission(user, CONFIGURE)


def can_see_team_lists(user: User) -> bool:
    """Team leads see what is long overdue in the teams that they lead (design.md 7)."""
    return has_permission(user, LEAD_TEAM)


def can_assign_intakes(user: User) -> bool:
    """Team leads see who is new and assign them; whoever opens cases may enter somebody (Work-First)."""
    return has_permission(user, LEAD_TEAM)


def led_teams(user: User, at: dt.datetime | None = None) -> list[int]:
    """The teams that the user leads now: own ones, and those of a lead for whom the user stands in (domain.md 8)."""
    return [team_id for (team_id,) in read(LED_TEAMS, {"user": user.pk, "at": at or timezone.now()})]


def leads_team(user: User, team_id: int | None) -> bool:
    """The user leads this team, or stands in for who leads it."""
    return team_id is not None and team_id in led_teams(user)


def can_assign(user: User, responsible: Counsellor | None) -> bool:
    """The responsible IFK, or the lead of that IFK's team, changes responsibility and names who takes part."""
    if responsible is None:
        return False
    return responsible.pk == user.pk or leads_team(user, responsible.user.team_id)


def can_be_responsible(counsellor: Counsellor, case: Case) -> bool:
    """Any active IFK of the organisation, Regel or Spezial, may take any of its cases (R4.2-2)."""
    return counsellor.user.is_active and counsellor.user.organisation_id == case.organisation_id


def can_withdraw(user: User, entry: Contact | FileNote, recorded_at: dt.datetime, team_id: int | None) -> bool:
    """ "Falsche Akte": the author on the same day, later the lead of the responsible IFK's team."""
    author_id = entry.author_id if isinstance(entry, Contact) else entry.by_id
    same_day = timezone.localdate(recorded_at) == timezone.localdate()
    return (author_id == user.pk and same_day) or leads_team(user, team_id)

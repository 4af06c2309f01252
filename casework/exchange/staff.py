"""Accounts of staff: what each line would do. No account is switched off or on, and none gets rights over settings.

The roles of Fachadministration and Datenschutz are granted by hand alone, and nobody grants themselves a role. Of an
account that stands, roles are added and never taken away.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from casework.enums import CounsellorKind, LineOutcome, RoleName, SpecialistArea
from casework.exchange.cells import fold
from casework.exchange.columns import STAFF
from casework.exchange.files import Table
from casework.exchange.plan import Judged, note_formulas, read_lines
from jobcenter.platform.statements import read

USERNAME = re.compile(r"^[\w.@+-]+$")
BY_HAND_ALONE = {RoleName.CONFIG_ADMIN, RoleName.PRIVACY_OFFICER}
ROLE_WORDS = {
    **{fold(label): RoleName(value) for value, label in RoleName.choices},
    **{fold(value): RoleName(value) for value in RoleName.values},
    "ifk": RoleName.COUNSELLOR,
    "teamleiter": RoleName.TEAM_LEAD,
    "teamleiterin": RoleName.TEAM_LEAD,
}
KIND_WORDS = {
    **{fold(label): CounsellorKind(value) for value, label in CounsellorKind.choices},
    **{fold(value): CounsellorKind(value) for value in CounsellorKind.values},
    "regel": CounsellorKind.GENERAL,
    "spezial": CounsellorKind.SPECIALIST,
}
AREA_WORDS = {
    **{fold(label): SpecialistArea(value) for value, label in SpecialistArea.choices},
    **{fold(value): SpecialistArea(value) for value in SpecialistArea.values},
}
ACCOUNTS = """
SELECT u.id, u.username, u.first_name, u.last_name, u.email, u.team_id, u.is_active, u.organisation_id, k.kind, k.area,
       ARRAY(SELECT r.role || ':' || coalesce(r.team_id::text, '')
               FROM casework_rolegrant AS r WHERE r.user_id = u.id ORDER BY 1)
  FROM casework_user AS u LEFT JOIN casework_counsellor AS k ON k.user_id = u.id
"""
TEAMS = "SELECT t.id, t.name FROM casework_team AS t WHERE t.organisation_id = %(organisation)s"
OWN_FIELDS = ("first_name", "last_name", "email")


@dataclass(frozen=True, slots=True)
class Account:
    pk: int
    username: str
    first_name: str
    last_name: str
    email: str
    team_id: int | None
    is_active: bool
    organisation_id: int
    kind: str | None
    area: str | None
    grants: list[str]


@dataclass
class House:
    """Accounts and teams, read once."""

    organisation_id: int
    accounts: dict[str, Account]
    teams: dict[str, int]
    by: Collection[int] = ()
    addresses: dict[str, set[str]] = field(default_factory=dict)  # whose they are: an account is found by its mail too

    @classmethod
    def of(cls, organisation_id: int, by: Collection[int]) -> "House":
        accounts = {fold(row[1]): Account(*row) for row in read(ACCOUNTS, {})}
        teams = {fold(name): pk for pk, name in read(TEAMS, {"organisation": organisation_id})}
        house = cls(organisation_id, accounts, teams, by)
        for username, account in accounts.items():
            house.addresses.setdefault(fold(account.email), set()).add(username)
        return house


def check_staff(table: Table, mapping: Mapping[str, int], *, organisation_id: int, by: Collection[int]) -> list[Judged]:
    """All lines judged, and after them the active accounts of the organisation that the file does not name.

    `by`: who brought the file and who applies it.
    """
    house = House.of(organisation_id, by)
    seen: set[str] = set()
    lines = []
    for line in read_lines(table, mapping, STAFF):
        username = fold(line.values["username"])
        if not line.is_refused and username in seen:
            line.refuse("duplicate_account", "username")
        seen.add(username)
        if not line.is_refused:
            _judge(line, house)
        lines.append(line)
    return lines + _missing(house, seen, table)


def _judge(line: Judged, house: House) -> None:
    values = line.values
    username = values["username"]
    # Signing in compares names in their plain form, so that one in full width would be a second „kim“.
    if not USERNAME.match(username) or unicodedata.normalize("NFKC", username) != username:
        line.refuse("bad_username", "username")
    try:
        validate_email(values["email"])
    except ValidationError:
        line.refuse("bad_email", "email")
    account = house.accounts.get(fold(username))
    if account is not None and account.organisation_id != house.organisation_id:
        line.refuse("account_elsewhere", "username")
    if _has_address_of_another(values, account, house):
        line.refuse("email_taken", "email")
    values["team_id"] = _team(line, house)
    values["grants"] = _grants(line, values["team_id"] or (account.team_id if account else None))
    values["function"] = _function(line, account)
    if account is not None and account.pk in house.by and new_grants(values, account):
        line.refuse("own_role", "roles")
    if line.is_refused:
        return
    house.addresses.setdefault(fold(values["email"]), set()).add(fold(username))
    line.standing = account
    note_formulas(line, OWN_FIELDS)
    if account is None:
        line.outcome = LineOutcome.NEW
        return
    line.external_ref = f"K{account.pk}"
    line.changes = _differences(values, account)
    line.outcome = LineOutcome.CHANGED if line.changes else LineOutcome.SAME
    if not account.is_active:
        line.note("account_off")


def _has_address_of_another(values: Mapping[str, Any], account: Account | None, house: House) -> bool:
    """A new account or address that somebody else has: the same person under a new name would be there twice."""
    address = fold(values["email"])
    if account is not None and fold(account.email) == address:
        return False
    return bool(house.addresses.get(address, set()) - {fold(values["username"])})


def _team(line: Judged, house: House) -> int | None:
    name = line.values.get("team") or ""
    if name and fold(name) not in house.teams:
        line.refuse("team_unknown", "team")
    return house.teams.get(fold(name))


def _grants(line: Judged, team_id: int | None) -> list[tuple[str, int | None]]:
    """The roles that the line names; a lead leads the team of the line."""
    grants: list[tuple[str, int | None]] = []
    for word in filter(None, (part.strip() for part in re.split(r"[,;|/]", line.values.get("roles") or ""))):
        role = ROLE_WORDS.get(fold(word))
        if role is None:
            line.refuse("role_unknown", "roles")
        elif role in BY_HAND_ALONE:
            line.refuse("role_by_hand", "roles")
        elif role == RoleName.TEAM_LEAD and team_id is None:
            line.refuse("lead_without_team", "team")
        else:
            grants.append((role.value, team_id if role == RoleName.TEAM_LEAD else None))
    return list(dict.fromkeys(grants))


def _function(line: Judged, account: Account | None) -> tuple[str, str | None] | None:
    """The kind of an IFK and its area; None when the line makes nobody one."""
    is_counsellor = (RoleName.COUNSELLOR.value, None) in line.values["grants"]
    kind_word, area_word = fold(line.values.get("kind") or ""), fold(line.values.get("area") or "")
    if not is_counsellor and not (account and account.kind):
        if kind_word or area_word:
            line.refuse("function_without_role", "kind")
        return None
    if not kind_word and not area_word:
        return (account.kind, account.area) if account and account.kind else (CounsellorKind.GENERAL.value, None)
    area = AREA_WORDS.get(area_word)
    if area_word and area is None:
        line.refuse("area_unknown", "area")
    kind = KIND_WORDS.get(kind_word) if kind_word else CounsellorKind.SPECIALIST
    if kind is None:
        line.refuse("kind_unknown", "kind")
        return None
    if (kind == CounsellorKind.SPECIALIST) != (area is not None):
        line.refuse("area_if_specialist", "area")
    return kind.value, area.value if area else None


def _differences(values: Mapping[str, Any], account: Account) -> tuple[str, ...]:
    changes = [name for name in OWN_FIELDS if values[name] != getattr(account, name)]
    if fold(values["email"]) == fold(account.email) and "email" in changes:
        changes.remove("email")
    if values["team_id"] is not None and values["team_id"] != account.team_id:
        changes.append("team")
    if new_grants(values, account):
        changes.append("roles")
    if values["function"] is not None and values["function"] != (account.kind, account.area):
        changes.append("kind")
    return tuple(changes)


def new_grants(values: Mapping[str, Any], account: Account | None) -> list[tuple[str, int | None]]:
    """The roles that are not there yet."""
    standing = set(account.grants) if account else set()
    return [(role, team) for role, team in values["grants"] if f"{role}:{team or ''}" not in standing]


def _missing(house: House, seen: set[str], table: Table) -> list[Judged]:
    last = max(number for number, _ in table.rows)
    gone = sorted(
        account.pk
        for name, account in house.accounts.items()
        if account.is_active and account.organisation_id == house.organisation_id and name not in seen
    )
    return [
        Judged(last + place, LineOutcome.MISSING, "account_missing", external_ref=f"K{pk}")
        for place, pk in enumerate(gone, 1)
    ]

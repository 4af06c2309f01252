"""Writing what a file about accounts says: in the caller's transaction. Nobody can sign in with a new account yet."""

from collections.abc import Callable, Sequence

from django.contrib.auth.hashers import make_password

from casework.actions.errors import force_rules
from casework.enums import LineOutcome
from casework.exchange.plan import Judged
from casework.exchange.rows import in_chunks
from casework.exchange.staff import OWN_FIELDS, new_grants
from casework.models import Counsellor, RoleGrant, User

CHUNK = 200


def write_staff(lines: Sequence[Judged], *, organisation_id: int, tell: Callable[[int], None]) -> None:
    """Create accounts without a password; of those that stand, correct names and team and add roles."""
    changed = [line for line in lines if line.outcome == LineOutcome.CHANGED]
    new = [line for line in lines if line.outcome == LineOutcome.NEW]
    settled = len(lines) - len(changed) - len(new)
    for chunk in in_chunks(changed, CHUNK):
        _correct(chunk)
        force_rules()
        settled += len(chunk)
        tell(settled)
    for chunk in in_chunks(new, CHUNK):
        _create(chunk, organisation_id)
        force_rules()
        settled += len(chunk)
        tell(settled)


def _create(lines: Sequence[Judged], organisation_id: int) -> None:
    accounts = User.objects.bulk_create(
        User(
            username=line.values["username"],
            organisation_id=organisation_id,
            team_id=line.values["team_id"],
            password=make_password(None),
            **{name: line.values[name] for name in OWN_FIELDS},
        )
        for line in lines
    )
    pairs = list(zip(accounts, lines, strict=True))
    RoleGrant.objects.bulk_create(
        RoleGrant(user=account, role=role, team_id=team) for account, line in pairs for role, team in _grants(line)
    )
    Counsellor.objects.bulk_create(
        Counsellor(user=account, kind=function[0], area=function[1])
        for account, line in pairs
        if (function := line.values["function"])
    )


def _correct(lines: Sequence[Judged]) -> None:
    for line in lines:
        fields = {name: line.values[name] for name in OWN_FIELDS}
        if line.values["team_id"] is not None:
            fields["team_id"] = line.values["team_id"]
        User.objects.filter(pk=line.standing.pk).update(**fields)
        RoleGrant.objects.bulk_create(
            RoleGrant(user_id=line.standing.pk, role=role, team_id=team) for role, team in _grants(line)
        )
        if "kind" in line.changes:
            kind, area = line.values["function"]
            if not Counsellor.objects.filter(pk=line.standing.pk).update(kind=kind, area=area):
                Counsellor.objects.create(user_id=line.standing.pk, kind=kind, area=area)


def _grants(line: Judged) -> list[tuple[str, int | None]]:
    return new_grants(line.values, line.standing)

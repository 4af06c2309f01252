"""What the law demanded, in about one open case of a hundred: by hand, with its legal basis, apart from all (R2-2).

Nothing here looks at an agreement or at an offer, and nothing follows from it (domain.md 5.5).
"""

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from casework.enums import DutyFactKind
from casework.models import DutyFact, DutyToCooperate, LegalBasis
from jobcenter.office.demo.rows import Rows

if TYPE_CHECKING:
    from jobcenter.office.demo.history import CaseHistory

SHARE = 0.01  # of the open cases
DEMANDS = (
    "Meldung im {room} am {day:%d.%m.%Y} um {hour} Uhr. Anlass: Gespräch über den Stand der Bewerbungen.",
    "Meldung im {room} am {day:%d.%m.%Y} um {hour} Uhr. Anlass: Besprechung der Unterlagen für die Anmeldung.",
    "Meldung im {room} am {day:%d.%m.%Y} um {hour} Uhr. Anlass: Angaben zum Beginn der Arbeit.",
)
REASONS = (
    "Der Bus fiel aus, eine Bestätigung liegt bei.",
    "Vorstellungsgespräch zur selben Zeit, die Einladung liegt vor.",
    "Das Schreiben kam erst nach dem Termin an.",
)


@dataclass(frozen=True)
class Law:
    """The legal basis of a summons, and since when it is held to be in force."""

    basis_id: int
    since: dt.date

    @classmethod
    def of(cls) -> Self | None:
        basis = LegalBasis.objects.filter(during__upper_inf=True).order_by("during", "paragraph").first()
        return cls(int(basis.pk), basis.during.lower) if basis else None


def add_duty(history: "CaseHistory", law: Law | None, rng: random.Random) -> None:
    """A summons of the past year, posted, and what happened on its day."""
    plan, calendar, rows = history.plan, history.calendar, history.rows
    latest = calendar.yesterday - 15
    earliest = max(plan.opened + 2, latest - 200)
    if law is None or plan.closed is not None or rng.random() >= SHARE or earliest >= latest:
        return
    index = rng.randint(earliest, latest)
    if calendar.days[index] < law.since:
        return
    due = index + rng.randint(8, 12)
    day, by = calendar.days[due], history.acting(index)
    duty_id = rows.new_id(DutyToCooperate)
    rows.add(
        DutyToCooperate,
        id=duty_id,
        case_id=history.case_id,
        legal_basis_id=law.basis_id,
        demand=rng.choice(DEMANDS).format(room=by.room, day=day, hour=rng.randint(9, 14)),
        due_on=day,
        recorded_at=history.moment(index, 8 * 60, 12 * 60),
        recorded_by_id=by.id,
    )
    appeared = rng.random() < 0.7
    _fact(rows, history, duty_id, index, DutyFactKind.POSTED, "")
    _fact(rows, history, duty_id, due, DutyFactKind.APPEARED if appeared else DutyFactKind.NOT_APPEARED, "")
    if not appeared:
        _fact(rows, history, duty_id, due + 1, DutyFactKind.REASON, rng.choice(REASONS))


def _fact(rows: Rows, history: "CaseHistory", duty_id: int, index: int, kind: DutyFactKind, text: str) -> None:
    rows.add(
        DutyFact,
        case_id=history.case_id,
        duty_id=duty_id,
        kind=str(kind),
        happened_on=history.calendar.days[index],
        text=text,
        recorded_at=history.moment(index, 13 * 60, 16 * 60),
        recorded_by_id=history.acting(index).id,
    )

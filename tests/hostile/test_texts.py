"""Hostile inputs: whatever is put into whichever field, nothing breaks, and what is stored is what was sent.

The forms are found by walking through the pages as each role sees them, so a new field is attacked from its first day.
`make test` takes a sample that is another one each day (HOSTILE_SEED repeats one); `make test-long` takes everything.
"""

import datetime as dt
import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from casework.models import Case, ImportRun, Intake, User
from offers.models import Offer
from tests.browser.office import Office, arrivals, busy_office, days_of_reminders
from tests.hostile.forms import Answer, Form, as_told, crawl, filled, new_mark, send, stored_by
from tests.hostile.kinds import KINDS, PLAIN, Kind

SEED = int(os.environ.get("HOSTILE_SEED") or dt.date.today().toordinal())
SAMPLE = 60
MOST_PROBLEMS = 100
# Fewer would mean that the walk no longer finds the forms, or no longer fills them: it proves nothing then.
FEWEST = {"counsellor": (55, 30), "lead": (9, 4), "offers": (15, 10), "administration": (8, 4)}


@dataclass
class Count:
    forms: int = 0
    fields: int = 0
    storing: int = 0
    sent: int = 0
    stored: int = 0
    refused: int = 0
    passed: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.forms} forms, {self.fields} fields ({self.storing} of them stored), {len(KINDS)} kinds; "
            f"{self.sent} sent: {self.stored} stored as sent, {self.refused} refused, {self.passed} not kept"
        )


@pytest.fixture
def office(db: None, kim: User, eva: User, tom: User) -> Office:
    return busy_office(kim, eva, tom)


def starts(role: str, office: Office, users: dict[str, User]) -> list[str]:
    full, agreed = office.full.number, office.agreed.number
    duty = office.full.duties.earliest("pk").pk
    step = office.full.follow_ups.open().first()
    assert step is not None
    match role:
        case "counsellor":
            return [
                "/",
                f"/faelle/{full}/",
                f"/faelle/{agreed}/",
                f"/faelle/{office.closed.number}/",
                f"/faelle/{office.closed.number}/wieder-aufnehmen/",
                f"/faelle/{agreed}/wille/",
                f"/faelle/{agreed}/ressourcen/",
                f"/faelle/{agreed}/vereinbarung/mitgeben/",
                f"/faelle/{full}/mitwirkung/",
                f"/faelle/{full}/mitwirkung/{duty}/",
                f"/faelle/{full}/stammdaten/",
                f"/faelle/{full}/mitwirkende/",
                f"/faelle/{full}/schritte/{step.pk}/verschieben/",
                f"/faelle/{full}/schritte/{step.pk}/erledigt/",
                f"/faelle/{office.elsewhere.number}/anlass/",
                f"/entwuerfe/{office.begun_elsewhere}/lesen/",
                f"/vertretungen/{office.away}/termine/",
                "/anlass/",
                "/einstellungen/",
                "/einstellungen/anwesenheit/",
                "/einstellungen/passwort/",
                f"/uebergabe/vorschau/?von={users['kim'].pk}&nach={users['eva'].pk}&am=heute",
                "/gruppen/",
                f"/faelle/{office.member.case.number}/gruppen/{office.member.pk}/verlassen/",
                f"/faelle/{office.may_join.case.number}/angebote/{office.may_join.pk}/gruppe/",
            ]
        case "lead":
            days_of_reminders(users["tom"])
            arrivals(users["tom"])
            return [
                "/",
                f"/faelle/{full}/",
                "/zugaenge/neu/",
                "/gruppen/neu/",
                *(f"/uebernahme/{run.pk}/" for run in ImportRun.objects.order_by("pk")),
                *(f"/zugaenge/{intake.pk}/" for intake in Intake.objects.order_by("pk")),
            ]
        case "offers":
            return ["/", "/angebotspflege/", "/angebote/", f"/angebote/{Offer.objects.earliest('pk').pk}/"]
        case _:
            return ["/", "/erinnerungen/", "/verwaltung/", "/anmelden/"]


def attack(client: Client, forms: list[Form], kinds: Callable[[str], list[Kind]], sample: int, count: Count) -> None:
    """Send each of the chosen kinds in each field of each form; `sample` is how many at most, 0 all."""
    plan: list[tuple[Form, tuple[str, str, str], str, bool, Kind]] = []
    chosen = random.Random(SEED)  # noqa: S311  (which ones is no secret)
    if sample:
        forms = chosen.sample(forms, min(len(forms), max(3, sample // 6)))
    attacked: set[tuple[str, str]] = set()
    for form in forms:
        # The rows of a form are alike, and so are the two pages on which it stands.
        names = {(form.address, re.sub(r"\d+", "0", name)): name for name in form.texts}
        if not (new := {key: name for key, name in names.items() if key not in attacked}):
            continue
        attacked |= set(new)
        good, button, _ = filled(client, form)
        count.forms += 1
        for name in new.values():
            is_stored, answer = stored_by(client, good, button, name)
            count.fields += 1
            count.storing += is_stored
            judge(form, name, PLAIN, answer, is_stored, "", count)
            plan += [(good, button, name, is_stored, kind) for kind in kinds(name)]
    if sample:
        plan = chosen.sample(plan, min(len(plan), sample))
    for form, button, name, is_stored, kind in plan:
        mark = new_mark()
        # Where an answer leads is looked at for one in ten: the page behind it is the same.
        answer = send(client, form, button, {name: kind.sent(mark)}, mark, follow=chosen.random() < 0.1)  # noqa: S311
        judge(form, name, kind, answer, is_stored and mark in kind.value(mark), mark, count)
        if len(count.problems) >= MOST_PROBLEMS:
            return


def judge(form: Form, name: str, kind: Kind, answer: Answer, must_be_stored: bool, mark: str, count: Count) -> None:
    where = f"{form.method} {form.action} [{name}] {kind.name}: "
    count.sent += 1
    if answer.status >= 500 or answer.followed >= 500:
        count.problems.append(f"{where}{answer.status} {answer.followed}")
    elif not answer.accepted:
        count.refused += 1
        # A script that asked for JSON has its sentence itself; 401 and 403 to a script are without a body by design.
        if len(answer.body) < 20 and "html" in answer.content_type and answer.status not in (401, 403):
            count.problems.append(f"{where}{answer.status} without a word")
    elif must_be_stored and mark:
        # Beside the text itself there may be what is derived from it: a column to search in holds its plain letters.
        right = any(as_told(kind, mark, text) for text in answer.stored)
        count.stored += right
        if not answer.stored:
            count.problems.append(f"{where}accepted ({answer.status}) and not stored")
        elif not right:
            count.problems.append(f"{where}stored as {answer.stored[0][:120]!r}")
    else:
        count.passed += 1


ROLES = ["counsellor", "lead", "offers", "administration"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("share", ["sample", pytest.param("all", marks=pytest.mark.long)])
def test_no_text_breaks_anything(
    share: str,
    role: str,
    office: Office,
    kim: User,
    tom: User,
    paula: User,
    admin: User,
    eva: User,
    request: pytest.FixtureRequest,
):
    users = {"counsellor": kim, "lead": tom, "offers": paula, "administration": admin}
    client = Client(raise_request_exception=False)
    client.force_login(users[role])
    count = Count()

    forms = crawl(client, *starts(role, office, {"kim": kim, "eva": eva, "tom": tom}))
    attack(client, forms, lambda name: KINDS[1:], SAMPLE if share == "sample" else 0, count)

    request.node.user_properties.append(("hostile", f"{role}: {count} (seed {SEED})"))
    assert not count.problems, f"seed {SEED}\n" + "\n".join(count.problems)
    if share == "all":
        fields, storing = FEWEST[role]
        assert count.fields >= fields and count.storing >= storing, str(count)
        assert Case.objects.exists() and Group.objects.count() == 0


def test_there_are_enough_kinds():
    assert len(KINDS) >= 60
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert len({tuple(kind.sent("m")) for kind in KINDS}) == len(KINDS)

"""Friendly letters: written once, archived as they were printed, sent or not sent (domain.md 8).

Nothing in them names a consequence. What the law demands is a DutyToCooperate and never goes through here.
"""

import datetime as dt
import re
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.actions.errors import NotAllowed, RuleBroken, StaleVersion, rules
from casework.actions.steps import lock_open_case
from casework.enums import DetailKind, FollowUpKind, LetterKind
from casework.models import Case, CaseAssignment, CaseHandover, ClientDetail, Counsellor, FollowUp, Letter, User
from casework.paper.letter import LetterContent, render_letter
from casework.permissions import can_work_on_cases

# The place is the one thing in a letter that somebody has typed.
CONSEQUENCE = re.compile(r"§|rechtsfolge|minder|sanktion|kürzung|gekürzt|pflicht|müssen|versäum", re.IGNORECASE)
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


@transaction.atomic
def write_appointment_letter(*, follow_up: FollowUp, by: User) -> Letter:
    """A letter that confirms an open appointment still to come; it takes the place of one not yet sent."""
    case = lock_open_case(follow_up.case)
    if not _acts_on(case, by):
        raise NotAllowed
    step = FollowUp.objects.get(pk=follow_up.pk)
    if step.kind != FollowUpKind.APPOINTMENT or step.starts_at is None:
        raise RuleBroken("Nur ein Folgetermin kann bestätigt werden.")
    if step.ended_at is not None:
        raise StaleVersion("Dieser Termin ist inzwischen beendet; ein Brief dafür wurde nicht geschrieben.")
    if step.starts_at < timezone.now():
        raise RuleBroken("Dieser Termin ist schon vorbei.")
    if CONSEQUENCE.search(step.place):
        raise RuleBroken("Ein freundlicher Brief nennt keine Rechtsfolgen. Bitte ändern Sie den Ort des Termins.")
    _withdraw(Letter.objects.filter(case=case, follow_up=step), by)
    counsellor = _responsible(case)
    start = timezone.localtime(step.starts_at)
    content = _content(
        case,
        counsellor.user,
        title="Ihr Termin im Jobcenter",
        facts=(
            ("Tag", day_in_words(start.date())),
            ("Uhrzeit", f"{start:%H:%M} Uhr"),
            ("Ort", step.place),
            ("Gespräch mit", counsellor.user.full_name),
        ),
        paragraphs=(
            "wir haben einen Termin verabredet:",
            "Sie können gern jemanden mitbringen, der Sie begleitet.",
            "Passt Ihnen der Termin doch nicht? Dann melden Sie sich bitte. Wir finden gemeinsam einen anderen.",
        ),
    )
    return _archive(case, LetterKind.APPOINTMENT, content, by, follow_up=step)


@transaction.atomic
def write_new_counsellor_letter(*, case: Case, counsellor: Counsellor, by: User) -> Letter:
    """A letter that tells the person who is there for them from now on, or from the day of a planned handover."""
    locked = lock_open_case(case)
    plan = CaseHandover.objects.planned().filter(case=locked, to_counsellor=counsellor).first()
    if not _may_tell(locked, counsellor, by):
        raise NotAllowed
    since = plan.effective_on if plan else None
    if plan is None and _responsible(locked).pk != counsellor.pk:
        raise RuleBroken("Diese IFK ist für den Fall nicht zuständig.")
    name = counsellor.user.full_name
    when = f"ab {day_in_words(since)}" if since and since > timezone.localdate() else "ab jetzt"
    _withdraw(Letter.objects.filter(case=locked, kind=LetterKind.NEW_COUNSELLOR), by)
    content = _content(
        locked,
        counsellor.user,
        title="Ihre Ansprechperson im Jobcenter",
        paragraphs=(
            f"{when} ist {name} für Sie da und begleitet Sie weiter.",
            "Was Sie mit uns vereinbart haben, gilt weiter. Auch verabredete Termine bleiben bestehen; "
            "wenn sich einer ändert, sagen wir es Ihnen.",
            "Sie brauchen dafür nichts zu tun. Wenn Sie Fragen haben, melden Sie sich gern.",
        ),
    )
    letter = _archive(locked, LetterKind.NEW_COUNSELLOR, content, by)
    # What is planned, and what has passed without a word so far, is told by this one.
    told = CaseHandover.objects.filter(case=locked, to_counsellor=counsellor, withdrawn_at=None)
    told.filter(Q(carried_out_at=None) | Q(letter=None)).update(letter=letter)
    return letter


@transaction.atomic
def mark_letters_sent(*, letters: Collection[Letter], by: User) -> int:
    """They have left the house; what has left it stays so. Letters already ended are passed over."""
    return _own_open(letters, by).update(sent_at=timezone.now(), sent_by=by)


@transaction.atomic
def withdraw_letters(*, letters: Collection[Letter], by: User) -> int:
    """They were not sent and will not be. The archive keeps them with this."""
    return _withdraw(_own_open(letters, by), by)


def day_in_words(day: dt.date) -> str:
    """`Montag, 30.11.2026`."""
    return f"{WEEKDAYS[day.weekday()]}, {day:%d.%m.%Y}"


def _own_open(letters: Collection[Letter], by: User) -> QuerySet[Letter]:
    mine = Letter.objects.filter(pk__in=[letter.pk for letter in letters], created_by=by)
    return mine.filter(sent_at=None, withdrawn_at=None)


def _withdraw(letters: QuerySet[Letter], by: User) -> int:
    waiting = letters.filter(sent_at=None, withdrawn_at=None)
    return waiting.update(withdrawn_at=timezone.now(), withdrawn_by=by)


def _acts_on(case: Case, by: User) -> bool:
    return can_work_on_cases(by) and Case.objects.acted_on_by(by).filter(pk=case.pk).exists()


def _may_tell(case: Case, counsellor: Counsellor, by: User) -> bool:
    """Whoever sees the case in lists, and whoever handed it over to this IFK and may see it no more."""
    if not can_work_on_cases(by):
        return False
    if Case.objects.visible_to(by).filter(pk=case.pk).exists():
        return True
    return CaseHandover.objects.filter(case=case, to_counsellor=counsellor, planned_by=by, withdrawn_at=None).exists()


def _responsible(case: Case) -> Counsellor:
    running = CaseAssignment.objects.filter(case=case, during__upper_inf=True)
    return running.select_related("counsellor__user__organisation").get().counsellor


def _content(
    case: Case,
    sender: User,
    *,
    title: str,
    paragraphs: tuple[str, ...],
    facts: tuple[tuple[str, str], ...] = (),
) -> LetterContent:
    return LetterContent(
        title=title,
        house=f"{sender.organisation.name} · Jobcenter",
        person=case.client.full_name,
        address=_address_of(case),
        paragraphs=paragraphs,
        facts=facts,
        sender=sender.full_name,
        reach=sender.email,
        day=f"{timezone.localdate():%d.%m.%Y}",
    )


def _address_of(case: Case) -> tuple[str, ...]:
    """The newest address in force, line by line; without one the letter is handed over."""
    found = ClientDetail.objects.filter(client=case.client_id, kind=DetailKind.ADDRESS, ended_at=None)
    text = found.order_by("-recorded_at", "-pk").values_list("text", flat=True).first() or ""
    return tuple(line.strip() for part in text.splitlines() for line in part.split(",") if line.strip())


def _archive(
    case: Case, kind: LetterKind, content: LetterContent, by: User, follow_up: FollowUp | None = None
) -> Letter:
    with rules():
        return Letter.objects.create(
            case=case, kind=kind, follow_up=follow_up, pdf=render_letter(content), created_by=by
        )

"""Handover: planned for one case or many, accepted across organisations, carried out on its day (domain.md 8).

Responsibility has no future, so a plan is a row of its own; what it means happens in one moment, for a whole batch in
a number of statements that does not grow with it. Open next steps hang on the case and pass with it.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Func
from django.utils import timezone

from casework.actions.errors import (
    CONFLICTS,
    SENTENCES,
    CaseClosed,
    Conflict,
    NotAllowed,
    Refused,
    RuleBroken,
    StaleVersion,
    rules,
)
from casework.actions.handover_letters import ring_for_letters, withdraw_announcements
from casework.actions.steps import FURTHEST_AHEAD, change_follow_up, local_days
from casework.models import Case, CaseHandover, CaseParticipation, Counsellor, FollowUp, User
from casework.models.handing_over import read_clashes
from casework.permissions import can_assign, led_teams
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import day_label, is_working_day

MOST_CASES = 1000
log = logging.getLogger(__name__)

SENTENCES.update(
    {
        "handover_to_who_is_active": ("to", "Dieses Konto ist nicht mehr aktiv. Bitte wählen Sie eine andere IFK."),
        "handover_to_somebody_else": ("to", "Diese IFK ist schon zuständig."),
        "one_planned_handover_per_case": ("", "Für einen dieser Fälle ist schon eine Übergabe geplant."),
        "handover_across_is_accepted": ("", "Die Teamleitung der anderen Organisation muss erst annehmen."),
        "handover_not_before_its_day": ("effective_on", "Diese Übergabe ist erst für einen späteren Tag geplant."),
        "user_with_handovers_stays_active": (
            "is_active",
            "An dieses Konto sollen noch Fälle übergehen. Bitte erst die geplanten Übergaben zurücknehmen.",
        ),
        "user_with_participations_stays_active": (
            "is_active",
            "Diese Person wirkt noch in Fällen mit. Bitte erst die Mitwirkung beenden.",
        ),
    }
)
CONFLICTS.update(
    {
        "handover_of_an_open_case": CaseClosed,
        "handover_from_who_is_responsible": StaleVersion,
        "handover_stays": StaleVersion,
        "case_once_in_a_batch": StaleVersion,
    }
)

CHANGED = "inzwischen ist jemand anderes zuständig"
CLOSED = "der Fall ist inzwischen beendet"
PLANNED = "für diesen Fall ist schon eine Übergabe geplant"

STANDING = """
SELECT k.id, k.closed_at IS NOT NULL, a.counsellor_id,
       EXISTS (SELECT FROM casework_casehandover AS h
                WHERE h.case_id = k.id AND h.carried_out_at IS NULL AND h.withdrawn_at IS NULL)
  FROM casework_case AS k
  LEFT JOIN casework_caseassignment AS a ON a.case_id = k.id AND upper_inf(a.during)
 WHERE k.id = ANY(%(cases)s)
"""


@dataclass(frozen=True)
class ClashDecision:
    """What is decided about an appointment that clashes: it stays on purpose, or it moves to another moment."""

    step_id: int
    version: int
    stays: bool = False
    starts_at: dt.datetime | None = None


@dataclass(frozen=True)
class Handed:
    """What became of a batch. `left_out`: (case number, why) of what was not planned or not carried out."""

    batch: uuid.UUID
    planned: tuple[int, ...] = ()  # cases
    carried_out: tuple[int, ...] = ()  # cases
    left_out: tuple[tuple[str, str], ...] = field(default=())


def step_field(step_id: int, name: str = "") -> str:
    """The name of a field about an appointment: `step12_date`."""
    return f"step{step_id}_{name}" if name else f"step{step_id}"


# --- planning ---


@widened(Purpose.ASSIGN)
def plan_handovers(
    *,
    cases: Sequence[Case],
    giver: Counsellor,
    to: Counsellor,
    effective_on: dt.date,
    by: User,
    batch: uuid.UUID,
    notes: Mapping[int, str] | None = None,
    decisions: Sequence[ClashDecision] = (),
) -> Handed:
    """Hand cases of one IFK over to another from a day on; today means now.

    Any active IFK may take any case (R4.2-2). What is no longer the giver's is left out and named, the rest goes on.
    The same batch again answers with what stands. Raises NotAllowed, Conflict and RuleBroken.
    """
    now = timezone.now()
    teams = led_teams(by, now)
    _check_people(giver, to, by=by)
    _check_effective(effective_on, timezone.localdate(now))
    locked = _lock([case.pk for case in cases])
    if standing := CaseHandover.objects.filter(batch=batch).first():
        return _standing(standing, giver, to, by=by)
    left_out = _left_out(locked, giver)
    chosen = [pk for pk in locked if pk not in left_out]
    named = tuple((locked[pk].number, why) for pk, why in left_out.items())
    if not chosen:
        raise Conflict(_nothing_left(named))
    _solve_clashes(chosen, to, effective_on, decisions, by=by)
    across = giver.user.organisation_id != to.user.organisation_id
    accepted = now if across and to.user.team_id in teams else None
    with rules():
        CaseHandover.objects.bulk_create(
            CaseHandover(
                case_id=pk,
                from_counsellor=giver,
                to_counsellor=to,
                effective_on=effective_on,
                note=(notes or {}).get(pk, "").strip(),
                batch=batch,
                planned_by=by,
                accepted_at=accepted,
                accepted_by=by if accepted else None,
            )
            for pk in chosen
        )
        done, lost = _carry_out(batch, chosen)
    return Handed(batch, tuple(chosen), done, (*named, *_named(locked, lost)))


def _check_people(giver: Counsellor, to: Counsellor, *, by: User) -> None:
    if not can_assign(by, giver):
        raise NotAllowed
    if giver.pk == to.pk:
        raise RuleBroken("Diese IFK ist schon zuständig.", field="to")
    if not to.user.is_active:
        raise RuleBroken("Dieses Konto ist nicht mehr aktiv. Bitte wählen Sie eine andere IFK.", field="to")


def _check_effective(day: dt.date, today: dt.date) -> None:
    """Today, whatever day it is; else a working day ahead."""
    if day == today:
        return
    if day < today:
        raise RuleBroken(f"{day_label(day)} liegt in der Vergangenheit.", field="effective_on")
    if day - today > FURTHEST_AHEAD:
        raise RuleBroken("Das Datum liegt mehr als zwei Jahre voraus. Stimmt das Jahr?", field="effective_on")
    if not is_working_day(day, local_days(day, day)):
        raise RuleBroken(
            f"{day_label(day)} ist kein Arbeitstag. Bitte wählen Sie einen anderen Tag.", field="effective_on"
        )


def _lock(case_ids: Iterable[int]) -> dict[int, Case]:
    """Lock all cases in one statement, in the order of their ids: two batches wait for each other, and never cross."""
    ids = set(case_ids)
    if not 1 <= len(ids) <= MOST_CASES:
        raise RuleBroken(f"Bitte wählen Sie mindestens einen und höchstens {MOST_CASES} Fälle.", field="cases")
    return {case.pk: case for case in Case.objects.filter(pk__in=ids).locked()}


def _left_out(locked: Mapping[int, Case], giver: Counsellor) -> dict[int, str]:
    """Case -> why it is not handed over, asked after the lock."""
    reasons: dict[int, str] = {}
    for pk, closed, responsible, planned in read(STANDING, {"cases": list(locked)}):
        if closed:
            reasons[pk] = CLOSED
        elif responsible != giver.pk:
            reasons[pk] = CHANGED
        elif planned:
            reasons[pk] = PLANNED
    return reasons


def _nothing_left(named: Sequence[tuple[str, str]]) -> str:
    shown = "; ".join(f"{number}: {why}" for number, why in named[:3])
    more = f" und {len(named) - 3} weitere" if len(named) > 3 else ""
    return f"Es wurde nichts übergeben. {shown}{more}."


def _named(locked: Mapping[int, Case], lost: Iterable[int]) -> tuple[tuple[str, str], ...]:
    return tuple((locked[pk].number, CHANGED if locked[pk].is_open else CLOSED) for pk in lost if pk in locked)


def _standing(plan: CaseHandover, giver: Counsellor, to: Counsellor, *, by: User) -> Handed:
    """The answer to a submit that came twice."""
    if (plan.planned_by_id, plan.from_counsellor_id, plan.to_counsellor_id) != (by.pk, giver.pk, to.pk):
        raise Conflict("Mit diesem Formular ist schon etwas anderes übergeben. Bitte beginnen Sie neu.")
    rows = CaseHandover.objects.filter(batch=plan.batch).values_list("case_id", "carried_out_at")
    return Handed(plan.batch, tuple(pk for pk, _ in rows), tuple(pk for pk, at in rows if at))


def _solve_clashes(
    case_ids: Sequence[int], to: Counsellor, day: dt.date, decisions: Sequence[ClashDecision], *, by: User
) -> None:
    """Move what is to be moved; refuse while an appointment clashes that nobody has decided about."""
    moved = {decision.step_id: decision for decision in decisions if decision.starts_at and not decision.stays}
    for step in FollowUp.objects.open().filter(pk__in=list(moved), case__in=case_ids).select_related("case"):
        decision = moved[step.pk]
        assert decision.starts_at is not None  # noqa: S101  (narrows the type)
        change_follow_up(
            follow_up=step,
            version=decision.version,
            due_on=timezone.localdate(decision.starts_at),
            starts_at=decision.starts_at,
            subject=step.subject,
            place=step.place,
            reason="Wechsel der Zuständigkeit",
            by=by,
            prefix=step_field(step.pk),
        )
    kept = {decision.step_id for decision in decisions if decision.stays}
    for clash in read_clashes(case_ids, to.pk, day, timezone.now()):
        if clash.step_id not in kept:
            why = "ist die neue IFK abwesend" if clash.away else "hat die neue IFK schon einen Termin"
            raise RuleBroken(
                f"Am {day_label(timezone.localdate(clash.starts_at))} um {timezone.localtime(clash.starts_at):%H:%M} "
                f"{why} ({clash.number}). Bitte verlegen Sie den Termin, oder kreuzen Sie an, dass er so bleibt.",
                field=step_field(clash.step_id),
            )


# --- what is done with a plan ---


@widened(Purpose.ASSIGN)
def accept_handovers(*, handovers: Sequence[CaseHandover], by: User) -> Handed:
    """The lead of the receiving IFK accepts cases of the other organisation; what is due is carried out at once."""
    plans = _lock_plans(handovers)
    teams = led_teams(by)
    if any(plan.to_counsellor.user.team_id not in teams for plan in plans):
        raise NotAllowed
    with rules():
        CaseHandover.objects.planned().filter(pk__in=[plan.pk for plan in plans], accepted_at=None).update(
            accepted_at=timezone.now(), accepted_by=by
        )
        done: list[int] = []
        lost: list[int] = []
        for batch in sorted({plan.batch for plan in plans}):
            carried, withdrawn = _carry_out(batch, [plan.case_id for plan in plans if plan.batch == batch])
            done += carried
            lost += withdrawn
    cases = {plan.case_id: plan.case for plan in plans}
    return Handed(plans[0].batch, tuple(cases), tuple(done), _named(cases, lost))


@widened(Purpose.ASSIGN)
def withdraw_handovers(*, handovers: Sequence[CaseHandover], by: User) -> int:
    """Take plans back: who gives, the lead of the giving side, or the lead who does not accept."""
    plans = _lock_plans(handovers)
    teams = led_teams(by)
    for plan in plans:
        sides = (plan.from_counsellor.user.team_id, plan.to_counsellor.user.team_id)
        if by.pk != plan.from_counsellor_id and not any(team in teams for team in sides):
            raise NotAllowed
    with rules():
        standing = CaseHandover.objects.planned().filter(pk__in=[plan.pk for plan in plans])
        count = standing.update(withdrawn_at=timezone.now(), withdrawn_by=by)
        withdraw_announcements([plan.case_id for plan in plans])
        return count


def _lock_plans(handovers: Sequence[CaseHandover]) -> list[CaseHandover]:
    """The plans that still are plans, with their cases locked; raises StaleVersion when none is left."""
    _lock(handover.case_id for handover in handovers)
    plans = list(
        CaseHandover.objects.planned()
        .filter(pk__in=[handover.pk for handover in handovers])
        .select_related("case", "from_counsellor__user", "to_counsellor__user")
        .order_by("case_id")
    )
    if not plans:
        raise StaleVersion
    return plans


@widened(Purpose.ASSIGN)
def end_participations(*, counsellor: Counsellor, by: User) -> int:
    """Whoever leaves takes part in no case any longer; who is responsible stays so. Ends all of them at once."""
    if not can_assign(by, counsellor):
        raise NotAllowed
    running = CaseParticipation.objects.filter(counsellor=counsellor, during__upper_inf=True)
    # In the order of their ids, as everybody does.
    list(Case.objects.filter(pk__in=list(running.values_list("case_id", flat=True))).locked())
    with rules():
        now = timezone.now()
        return running.update(during=Func(Func(F("during"), function="lower"), now, function="tstzrange"))


@widened(Purpose.ASSIGN)
def mark_seen(*, handovers: Sequence[CaseHandover], by: User) -> int:
    """ "Gelesen": what was taken over leaves the successor's Heute."""
    return CaseHandover.objects.filter(
        pk__in=[handover.pk for handover in handovers],
        to_counsellor_id=by.pk,
        carried_out_at__isnull=False,
        seen_at=None,
    ).update(seen_at=timezone.now(), seen_by=by)


# --- carrying out ---


@widened(Purpose.ASSIGN)
def carry_out(*, handover: CaseHandover) -> Handed:
    """Carry one plan out, if it is due and accepted; twice changes nothing more."""
    locked = _lock([handover.case_id])
    with rules():
        done, lost = _carry_out(handover.batch, list(locked))
    return Handed(handover.batch, (handover.case_id,), done, _named(locked, lost))


def carry_out_due(day: dt.date) -> int:
    """Carry out every plan that is due on a day, a batch at a time; the number of cases that passed.

    A batch that is refused is left as it was and told to the log; the others go on. Safe to run twice and side by side.
    """
    passed = 0
    for batch in [row[0] for row in read(DUE_BATCHES, {"day": day})]:
        try:
            with transaction.atomic():
                cases = list(CaseHandover.objects.planned().filter(batch=batch).values_list("case_id", flat=True))
                if not cases:
                    continue
                _lock(cases)
                with rules():
                    done, lost = _carry_out(batch, cases)
        except (Refused, IntegrityError):
            log.exception("handover batch refused", extra={"batch": str(batch)})
            continue
        passed += len(done)
        if lost:
            log.warning("planned handovers withdrawn", extra={"batch": str(batch), "count": len(lost)})
    return passed


# One case alone, from the file: the same moment, the same history.
def hand_over_now(*, case: Case, giver_id: int, to: Counsellor, note: str, by: User) -> None:
    """Plan and carry out for a case that is locked already, in the caller's transaction and under its `rules`."""
    if CaseHandover.objects.planned().filter(case=case).exists():
        raise RuleBroken(f"Das geht so nicht: {PLANNED}. Bitte nehmen Sie sie zuerst zurück.", field="counsellor")
    plan = CaseHandover.objects.create(
        case=case,
        from_counsellor_id=giver_id,
        to_counsellor=to,
        effective_on=timezone.localdate(),
        note=note.strip(),
        batch=uuid.uuid4(),
        planned_by=by,
    )
    done, _ = _carry_out(plan.batch, [case.pk])
    if not done:
        raise RuleBroken("Diese IFK arbeitet nicht (mehr) in dieser Organisation.", field="counsellor")


ACCEPTED = """
(h.accepted_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM casework_user AS f, casework_user AS t
     WHERE f.id = h.from_counsellor_id AND t.id = h.to_counsellor_id AND f.organisation_id <> t.organisation_id))
"""
PLAN = "h.carried_out_at IS NULL AND h.withdrawn_at IS NULL"
DUE_BATCHES = f"""
SELECT h.batch FROM casework_casehandover AS h WHERE {PLAN} AND h.effective_on <= %(day)s AND {ACCEPTED}
 GROUP BY h.batch ORDER BY min(h.id)
"""  # noqa: S608  (parts of this module)

# What was planned of somebody who is no longer responsible, of an ended case, or for who is no IFK any more.
WITHDRAW = f"""
UPDATE casework_casehandover AS h SET withdrawn_at = %(now)s, withdrawn_by_id = h.planned_by_id
 WHERE h.batch = %(batch)s AND h.case_id = ANY(%(cases)s) AND {PLAN} AND h.effective_on <= %(day)s
   AND NOT (EXISTS (SELECT FROM casework_caseassignment AS a
                     WHERE a.case_id = h.case_id AND a.counsellor_id = h.from_counsellor_id AND upper_inf(a.during))
            AND EXISTS (SELECT FROM casework_rolegrant AS r JOIN casework_user AS u ON u.id = r.user_id AND u.is_active
                         WHERE r.user_id = h.to_counsellor_id AND r.role = 'counsellor'))
RETURNING h.case_id
"""  # noqa: S608
DUE = f"""
SELECT h.id, h.case_id FROM casework_casehandover AS h
 WHERE h.batch = %(batch)s AND h.case_id = ANY(%(cases)s) AND {PLAN} AND h.effective_on <= %(day)s AND {ACCEPTED}
 ORDER BY h.case_id
"""  # noqa: S608
CARRYING = (
    # Responsibility ends and begins at one moment.
    """UPDATE casework_caseassignment AS a SET during = tstzrange(lower(a.during), %(now)s)
         FROM casework_casehandover AS h
        WHERE h.id = ANY(%(plans)s) AND a.case_id = h.case_id AND upper_inf(a.during)""",
    """WITH begun AS (
           INSERT INTO casework_caseassignment (case_id, counsellor_id, during, by_id, note)
           SELECT h.case_id, h.to_counsellor_id, tstzrange(%(now)s, NULL), h.planned_by_id, h.note
             FROM casework_casehandover AS h WHERE h.id = ANY(%(plans)s) ORDER BY h.case_id
           RETURNING id, case_id)
       UPDATE casework_casehandover AS h SET carried_out_at = %(now)s, assignment_id = begun.id,
              letter_id = (SELECT l.id FROM casework_letter AS l WHERE l.id = h.letter_id AND l.withdrawn_at IS NULL)
         FROM begun WHERE h.id = ANY(%(plans)s) AND h.case_id = begun.case_id""",
    # Whoever took part and is responsible now takes part no longer.
    """UPDATE casework_caseparticipation AS p SET during = tstzrange(lower(p.during), %(now)s)
         FROM casework_casehandover AS h
        WHERE h.id = ANY(%(plans)s) AND p.case_id = h.case_id AND p.counsellor_id = h.to_counsellor_id
          AND upper_inf(p.during) AND lower(p.during) < %(now)s""",
    # The former IFK reads for a while; where such a time is running, only what is missing of it is added.
    """INSERT INTO casework_accessgrant (user_id, case_id, kind, reason, during)
       SELECT found.* FROM (
           SELECT h.from_counsellor_id, h.case_id, 'former', 'war bis zur Übergabe zuständig',
                  tstzrange(greatest(%(now)s, max(upper(g.during))),
                            greatest(%(until)s, max(upper(g.during)))) AS during
             FROM casework_casehandover AS h
             LEFT JOIN casework_accessgrant AS g ON g.user_id = h.from_counsellor_id AND g.case_id = h.case_id
              AND g.kind = 'former' AND upper(g.during) > %(now)s
            WHERE h.id = ANY(%(plans)s) AND %(until)s > %(now)s
            GROUP BY h.id, h.from_counsellor_id, h.case_id) AS found
        WHERE NOT isempty(found.during)""",
    # Across organisations the case goes along, and the person with it, so that the counter there finds them.
    """UPDATE casework_case AS k SET organisation_id = u.organisation_id
         FROM casework_casehandover AS h JOIN casework_user AS u ON u.id = h.to_counsellor_id
        WHERE h.id = ANY(%(plans)s) AND k.id = h.case_id AND k.organisation_id <> u.organisation_id""",
    """UPDATE casework_client AS c SET organisation_id = k.organisation_id
         FROM casework_casehandover AS h JOIN casework_case AS k ON k.id = h.case_id
        WHERE h.id = ANY(%(plans)s) AND c.id = k.client_id AND c.organisation_id <> k.organisation_id
          AND NOT EXISTS (SELECT FROM casework_client AS o
                           WHERE o.organisation_id = k.organisation_id AND o.external_ref = c.external_ref)""",
)


def _carry_out(batch: uuid.UUID, case_ids: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Let pass what is due of a batch, with its cases locked: (cases that passed, cases whose plan was withdrawn)."""
    now = timezone.now()
    params: dict[str, Any] = {
        "batch": batch,
        "cases": list(case_ids),
        "day": timezone.localdate(now),
        "now": now,
        "until": _reads_until(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW, params)
        lost = tuple(row[0] for row in cursor.fetchall())
        cursor.execute(DUE, params)
        due = cursor.fetchall()
        if due:
            params["plans"] = [plan for plan, _ in due]
            for statement in CARRYING:
                cursor.execute(statement, params)
    if lost:
        withdraw_announcements(lost)
    if due:
        ring_for_letters()
    return tuple(case for _, case in due), lost


def _reads_until(now: dt.datetime) -> dt.datetime:
    """The midnight that ends the last day of reading; none at all with a setting of 0."""
    if settings.FORMER_READING_DAYS <= 0:
        return now
    last = timezone.localdate(now) + dt.timedelta(days=settings.FORMER_READING_DAYS + 1)
    return timezone.make_aware(dt.datetime.combine(last, dt.time()))

"""A chosen offer in the file: its Absicht, taking it back, the participation, and consents (R4.4-3, R4.4-8 to 10).

Case, responsibility, agreement and next steps stay as they are; a Wiedervorlage before the end is set only where the
person at the desk wants one. Nothing here leads to what the law demands (R2-2).
"""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from agreements.models import Agreement
from casework.actions.errors import CONFLICTS, SENTENCES, RuleBroken, StaleVersion, rules
from casework.actions.steps import FURTHEST_AHEAD, NewStep, create_follow_up, lock_case, lock_open_case
from casework.models import Case, User
from jobcenter.platform.words import says
from offers.actions.groups import stop_taking_part
from offers.actions.talks import withdraw_choices
from offers.models import Consent, GroupMember, IntentVersion, OfferChoice, Participation, Provider

AHEAD = "Dieser Tag liegt in der Zukunft."
TOO_FAR = "Der Tag liegt mehr als zwei Jahre voraus. Stimmt das Jahr?"
NO_CASE_YET = "An diesem Tag gab es den Fall noch nicht. Stimmt das Datum?"

SENTENCES.update(
    {
        "intent_not_blank": ("text", "Bitte schreiben Sie, mit welcher Absicht die Person dieses Angebot wählt."),
        "participation_ends_after_its_start": ("ended_on", "Dieser Tag liegt vor dem Beginn der Teilnahme."),
        "participation_planned_in_order": ("planned_until", "Dieser Tag liegt vor dem geplanten Beginn."),
        "consent_names_with_whom": ("with_whom", "Bitte nennen Sie, mit wem gesprochen werden darf."),
        "consent_names_purpose": ("purpose", "Bitte schreiben Sie, wofür."),
        "consent_revoked_after_given": ("revoked_on", "Dieser Tag liegt vor dem Beginn der Einwilligung."),
    }
)
CONFLICTS.update(
    {
        "intent_number_once": StaleVersion,
        "intent_of_standing_choice": StaleVersion,
        "choice_is_final": StaleVersion,
        "participation_is_final": StaleVersion,
        "participation_of_standing_choice": StaleVersion,
        "one_participation_per_choice": StaleVersion,
        "consent_is_final": StaleVersion,
    }
)


@transaction.atomic
def change_intent(*, choice: OfferChoice, text: str, by: User) -> IntentVersion:
    """Word the Absicht anew; what stood before stays as history. Raises StaleVersion when the choice has ended."""
    if not says(text):
        raise RuleBroken(SENTENCES["intent_not_blank"][1], field="text")
    case = lock_open_case(choice.case)
    if not standing(choice).exists():
        raise StaleVersion
    last = IntentVersion.objects.filter(choice=choice).order_by("-number").first()
    if last is not None and last.text == text.strip():
        raise RuleBroken("So steht die Absicht schon da.", field="text")
    number = last.number + 1 if last else 1
    with rules():
        return IntentVersion.objects.create(case=case, choice=choice, number=number, text=text.strip(), by=by)


@transaction.atomic
def withdraw_choice(*, choice: OfferChoice, by: User) -> None:
    """ "nimmt die Wahl zurück", at any time: no reason is asked for and there is no place for one (R4.4-3)."""
    case = lock_case(choice.case)
    with rules():
        withdraw_choices(case_id=case.pk, choice_ids=[choice.pk], by=by, now=timezone.now())


@transaction.atomic
def plan_participation(
    *,
    choice: OfferChoice,
    planned_from: dt.date | None,
    planned_until: dt.date | None,
    by: User,
    version: int = 0,
    next_step: NewStep | None = None,
) -> Participation:
    """Plan a participation or move the plan, also its end while it runs. `version` 0: none is known so far."""
    if planned_from is None and planned_until is None:
        raise RuleBroken("Bitte nennen Sie einen Tag.", field="planned_from")
    if planned_from and planned_until and planned_until < planned_from:
        raise RuleBroken(SENTENCES["participation_planned_in_order"][1], field="planned_until")
    for field, day in (("planned_from", planned_from), ("planned_until", planned_until)):
        check_planned(day, field)
    case = lock_open_case(choice.case)
    with rules():
        plan = {"planned_from": planned_from, "planned_until": planned_until}
        row = write_participation(choice, case, version, by=by, **plan)
        step_before_the_end(case, next_step, by)
    return row


@transaction.atomic
def start_participation(
    *,
    choice: OfferChoice,
    started_on: dt.date,
    by: User,
    version: int = 0,
    planned_until: dt.date | None = None,
    next_step: NewStep | None = None,
) -> Participation:
    """The participation has begun, planned or not; the case goes on as before (R4.4-9)."""
    check_past(started_on, "started_on", choice.case)
    check_planned(planned_until, "planned_until")
    if planned_until and planned_until < started_on:
        raise RuleBroken("Dieser Tag liegt vor dem Beginn der Teilnahme.", field="planned_until")
    case = lock_open_case(choice.case)
    with rules():
        current = Participation.objects.filter(choice=choice).first()
        if current is not None and current.started_on is not None:
            raise StaleVersion
        planned_from = current.planned_from if current else None
        if planned_from and planned_until and planned_until < planned_from:
            planned_from = started_on  # it began before its plan and ends before it: the plan was another one
        row = write_participation(
            choice,
            case,
            version,
            by=by,
            planned_from=planned_from,
            planned_until=planned_until,
            started_on=started_on,
            started_at=timezone.now(),
            started_by=by,
        )
        step_before_the_end(case, next_step, by)
    return row


@transaction.atomic
def end_participation(*, choice: OfferChoice, ended_on: dt.date, by: User, version: int = 0) -> Participation:
    """The participation is over, and the choice with it; what came of it is told in a conversation."""
    check_past(ended_on, "ended_on", choice.case)
    case = lock_case(choice.case)  # it may end after the case has
    row = Participation.objects.filter(choice=choice).first()
    if row is None or row.started_on is None or not standing(choice).exists():
        raise StaleVersion
    if ended_on < row.started_on:
        raise RuleBroken(SENTENCES["participation_ends_after_its_start"][1], field="ended_on")
    now = timezone.now()
    with rules():
        row = write_participation(choice, case, version, by=by, ended_on=ended_on, ended_at=now, ended_by=by)
        for member in GroupMember.objects.filter(choice=choice, left_at=None):
            stop_taking_part(member, now=now)
        GroupMember.objects.filter(choice=choice, left_at=None).update(left_at=now, left_by=by)
        standing(choice).update(ended_at=now, ended_by=by)
    return row


@transaction.atomic
def link_agreement(*, choice: OfferChoice, by: User) -> Agreement:
    """The agreement of an immediate choice may follow (R3.3-3): the current one, once."""
    case = lock_open_case(choice.case)
    current = Agreement.objects.filter(case=case, superseded_at=None, withdrawn_at=None).first()
    if current is None:
        raise RuleBroken("Es gibt noch keine Vereinbarung. Sie entsteht im Gespräch; danach lässt sie sich verknüpfen.")
    with rules():
        waiting = OfferChoice.objects.filter(pk=choice.pk, immediate=True, agreement=None, withdrawn_at=None)
        if not waiting.update(agreement=current):
            raise StaleVersion
    return current


@transaction.atomic
def mark_changes_seen(*, choice: OfferChoice, by: User) -> None:
    """What changed about the offer has been seen up to now; it leaves Heute."""
    lock_case(choice.case)
    with rules():
        OfferChoice.objects.filter(pk=choice.pk).update(changes_seen_at=timezone.now(), changes_seen_by=by)


@transaction.atomic
def record_consent(
    *, case: Case, with_whom: str, purpose: str, given_on: dt.date, by: User, provider: Provider | None = None
) -> Consent:
    """Put on record with whom we may talk, for what, since when. Raises CaseClosed."""
    if not says(with_whom):
        raise RuleBroken(SENTENCES["consent_names_with_whom"][1], field="with_whom")
    if not says(purpose):
        raise RuleBroken(SENTENCES["consent_names_purpose"][1], field="purpose")
    if given_on > timezone.localdate():
        raise RuleBroken(AHEAD, field="given_on")
    case = lock_open_case(case)
    with rules():
        return Consent.objects.create(
            case=case,
            with_whom=with_whom.strip(),
            purpose=purpose.strip(),
            given_on=given_on,
            provider=provider,
            by=by,
        )


@transaction.atomic
def revoke_consent(*, consent: Consent, revoked_on: dt.date, by: User) -> None:
    """Revoked at any time, without a reason, also after the end of the case; what it was stays readable."""
    if revoked_on > timezone.localdate():
        raise RuleBroken(AHEAD, field="revoked_on")
    if revoked_on < consent.given_on:
        raise RuleBroken(SENTENCES["consent_revoked_after_given"][1], field="revoked_on")
    lock_case(consent.case)
    with rules():
        changed = Consent.objects.filter(pk=consent.pk, revoked_on=None).update(
            revoked_on=revoked_on, revoked_at=timezone.now(), revoked_by=by
        )
        if not changed:
            raise StaleVersion


def standing(choice: OfferChoice) -> QuerySet[OfferChoice]:
    """The choice, as long as it is neither taken back nor over."""
    return OfferChoice.objects.filter(pk=choice.pk, withdrawn_at=None, ended_at=None)


def write_participation(choice: OfferChoice, case: Case, version: int, *, by: User, **columns: object) -> Participation:
    """The one row of a choice: made with version 1, changed where the version is the one that was read."""
    if not standing(choice).exists():
        raise StaleVersion
    found = Participation.objects.filter(choice=choice)
    if not version:
        if found.exists():
            raise StaleVersion
        return Participation.objects.create(case=case, choice=choice, planned_by=by, **columns)
    if not found.filter(version=version, ended_on=None).update(**columns, version=version + 1):
        raise StaleVersion
    return found.get()


def step_before_the_end(case: Case, step: NewStep | None, by: User) -> None:
    """A Wiedervorlage of its own beside the other next steps; it goes with the plan or not at all."""
    if step is not None:
        create_follow_up(case=case, step=step, by=by)


def check_past(day: dt.date, field: str, case: Case) -> None:
    """Refuse a day on which it cannot have happened."""
    if day > timezone.localdate():
        raise RuleBroken(AHEAD, field=field)
    if day < timezone.localdate(case.opened_at):
        raise RuleBroken(NO_CASE_YET, field=field)


def check_planned(day: dt.date | None, field: str) -> None:
    if day is not None and day - timezone.localdate() > FURTHEST_AHEAD:
        raise RuleBroken(TOO_FAR, field=field)

"""Drafts: kept while somebody types. Half texts never become records (design.md 3)."""

import datetime as dt
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from casework.actions.access import record_access, take_access
from casework.actions.errors import Conflict, NotAllowed
from casework.enums import AccessKind, DraftForm, GrantKind
from casework.models import Absence, AccessGrant, Case, CaseAssignment, Draft, Substitution, User
from casework.permissions import leads_team


class DraftConflict(Conflict):
    """Another window of the same author has saved meanwhile; both texts are shown, nothing is lost."""

    def __init__(self, standing: Draft | None) -> None:
        super().__init__("In einem anderen Fenster geändert.")
        self.standing = standing


def save_draft(
    *,
    form: DraftForm,
    case: Case | None,
    key: uuid.UUID,
    revision: int,
    payload: dict[str, Any],
    by: User,
) -> int:
    """Save the whole form, however incomplete, and return its new revision.

    `revision` is what the window last saw (0: nothing saved yet). Raises DraftConflict when another window was
    faster. Takes two statements at most.
    """
    if revision == 0:
        try:
            with transaction.atomic():
                Draft.objects.create(author=by, form=form, case=case, key=key, payload=payload)
            return 1
        except IntegrityError:
            return _same_window(form, case, key, payload, by)
    changed = (
        _drafts(form, case, key, by)
        .filter(revision=revision)
        .update(revision=revision + 1, key=key, payload=payload, updated_at=Now())
    )
    return revision + 1 if changed else _same_window(form, case, key, payload, by)


def _drafts(form: DraftForm, case: Case | None, key: uuid.UUID, by: User) -> QuerySet[Draft]:
    """The one draft of this author for a case; without a case, the one of this key."""
    drafts = Draft.objects.filter(author=by, form=form, case=case)
    return drafts if case is not None else drafts.filter(key=key)


def _same_window(form: DraftForm, case: Case | None, key: uuid.UUID, payload: dict[str, Any], by: User) -> int:
    """The answer to an earlier save of this very window was lost on the way: go on from there. Else a conflict."""
    standing = _drafts(form, case, key, by).first()
    if standing is None or not payload.get("window") or standing.payload.get("window") != payload["window"]:
        raise DraftConflict(standing)
    revision: int = standing.revision + 1
    changed = Draft.objects.filter(pk=standing.pk, revision=standing.revision).update(
        revision=revision, key=key, payload=payload, updated_at=Now()
    )
    if not changed:
        raise DraftConflict(standing)
    return revision


@transaction.atomic
def adopt_draft(*, draft: Draft, case: Case, by: User) -> None:
    """Put a text that was taken out of a wrong file into the right one, as the draft of a conversation there."""
    if Draft.objects.filter(author=by, case=case, form=DraftForm.CONVERSATION).exists():
        raise Conflict("In dieser Akte haben Sie schon einen Entwurf. Bitte schließen Sie ihn zuerst ab.")
    Draft.objects.filter(pk=draft.pk, author=by).update(case=case, key=uuid.uuid4())


def keep_without_case(*, key: uuid.UUID, payload: dict[str, Any], by: User) -> int:
    """Keep a text whose case ended or went to somebody else while it was typed: as a draft without a case.

    Works alike for a case that was never there, so that the answer gives nothing away.
    """
    changed = Draft.objects.filter(author=by, key=key).update(
        case=None, payload=payload, revision=F("revision") + 1, updated_at=Now()
    )
    if not changed:
        Draft.objects.create(author=by, form=DraftForm.CONVERSATION, case=None, key=key, payload=payload)
        return 1
    revision: int = Draft.objects.values_list("revision", flat=True).get(author=by, key=key)
    return revision


def discard_draft(*, draft: Draft, by: User) -> None:
    """Throw a draft of one's own away."""
    Draft.objects.filter(pk=draft.pk, author=by).delete()


# --- drafts of somebody who is absent ----------------------------------------------------------------------


def is_away(user: User, day: dt.date) -> bool:
    """Absent on the day, or gone for good."""
    return not user.is_active or Absence.objects.filter(user=user, during__contains=day).exists()


def may_read_draft(draft: Draft, *, by: User, day: dt.date) -> bool:
    """A begun conversation of an absent author: for who stands in today, who has the case now, and the lead.

    The case must be one that the reader sees; a text without a case is its author's alone.
    """
    author = draft.author
    if author.pk == by.pk or draft.form != DraftForm.CONVERSATION or draft.case_id is None:
        return False
    if not Case.objects.visible_to(by).open().filter(pk=draft.case_id).exists():
        return False
    if Substitution.objects.in_force(day).of_substitute(by.pk).filter(absent_user=author).exists():
        return True
    away = is_away(author, day)
    if away and leads_team(by, author.team_id):
        return True
    is_successor = CaseAssignment.objects.filter(case=draft.case_id, counsellor=by.pk, during__upper_inf=True).exists()
    return is_successor and (away or not Case.objects.acted_on_by(author).filter(pk=draft.case_id).exists())


def drafts_of_absent(author: User, *, by: User, day: dt.date) -> QuerySet[Draft]:
    """Begun conversations of somebody who is absent, as lists show them: in which case, and since when; no text."""
    stands_in = Substitution.objects.in_force(day).of_substitute(by.pk).filter(absent_user=author).exists()
    if not (stands_in or (author.pk != by.pk and is_away(author, day) and leads_team(by, author.team_id))):
        return Draft.objects.none()
    visible = Case.objects.visible_to(by).open()
    drafts = Draft.objects.filter(author=author, form=DraftForm.CONVERSATION, case__in=visible)
    return drafts.select_related("case__client").defer("payload").order_by("-updated_at")


def has_reason_to_read(draft: Draft, *, by: User) -> bool:
    """A reason was worded today already, for this draft or to read the file that it belongs to."""
    grants = AccessGrant.objects.filter(user=by, case=draft.case_id, kind=GrantKind.READ)
    return grants.filter(during__contains=timezone.now()).exists()


@transaction.atomic
def word_reason_to_read(*, draft: Draft, reason: str, by: User, request_id: uuid.UUID | None = None) -> None:
    """Take access with a worded reason until the end of the day; author and responsible IFK see it in the file."""
    if draft.case is None or not may_read_draft(draft, by=by, day=timezone.localdate()):
        raise NotAllowed
    take_access(case=draft.case, kind=GrantKind.READ, reason=reason, by=by, request_id=request_id)


def record_draft_read(*, draft: Draft, by: User, request_id: uuid.UUID | None = None) -> None:
    """Each look goes on record, with the draft's id beside the case."""
    record_access(AccessKind.ENTRY_OPENED, user_id=by.pk, case_id=draft.case_id, ids=[draft.pk], request_id=request_id)

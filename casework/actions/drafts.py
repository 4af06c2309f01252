"""Drafts: kept while somebody types. Half texts never become records (design.md 3)."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from casework.actions.errors import Conflict
from casework.enums import DraftForm
from casework.models import Case, Draft, User


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

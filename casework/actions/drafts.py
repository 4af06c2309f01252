"""Drafts: kept while somebody types. Half texts never become records (design.md 3)."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction
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
        except IntegrityError as error:
            standing = Draft.objects.filter(author=by, form=form, case=case).first()
            if standing is not None and standing.key == key and standing.payload == payload:
                return standing.revision  # the answer to the first save was lost on the way
            raise DraftConflict(standing) from error
    changed = Draft.objects.filter(author=by, form=form, case=case, key=key, revision=revision).update(
        revision=revision + 1, payload=payload, updated_at=Now()
    )
    if not changed:
        standing = Draft.objects.filter(author=by, form=form, case=case).first()
        if standing is not None and standing.key == key and standing.payload == payload:
            return standing.revision
        raise DraftConflict(standing)
    return revision + 1


@transaction.atomic
def adopt_draft(*, draft: Draft, case: Case, by: User) -> None:
    """Put a text that was taken out of a wrong file into the right one, as the draft of a conversation there."""
    if Draft.objects.filter(author=by, case=case, form=DraftForm.CONVERSATION).exists():
        raise Conflict("In dieser Akte haben Sie schon einen Entwurf. Bitte schließen Sie ihn zuerst ab.")
    Draft.objects.filter(pk=draft.pk, author=by, case=None).update(case=case, key=uuid.uuid4())


def discard_draft(*, draft: Draft, by: User) -> None:
    """Throw a draft of one's own away."""
    Draft.objects.filter(pk=draft.pk, author=by).delete()

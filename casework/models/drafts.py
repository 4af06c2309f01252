"""Half-written forms: kept on the server while somebody types, never a record."""

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import DraftForm
from casework.models.base import Record
from casework.models.cases import Case
from casework.models.people import User
from jobcenter.platform.constraints import one_of


class Draft(Record):
    """The whole form as it stands, however incomplete. Seen by its author alone."""

    author = models.ForeignKey(User, models.PROTECT, related_name="drafts")
    form = models.CharField(max_length=20, choices=DraftForm.choices)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    key = models.UUIDField(unique=True)
    revision = models.PositiveIntegerField(default=1)
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "Entwurf"
        verbose_name_plural = "Entwürfe"
        constraints = [
            one_of("form", DraftForm.values, "draft_form_known"),
            # Drafts without a case (opening one, or taken out of a wrong file) may stand side by side.
            UniqueConstraint(
                fields=["author", "case", "form"], condition=Q(case__isnull=False), name="one_draft_per_case"
            ),
        ]

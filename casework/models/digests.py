"""Reminder mails and what became of them: the memory behind the doorbell (design.md 5).

A row says to whom which mail of which day was planned and whether it went out. It holds no count, no case and no
text: what is told is counted at the moment of sending, and a history of counts per person is kept nowhere (R4.4-6).
"""

import datetime as dt

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import DIGEST_ENDS, DigestKind, DigestState
from casework.models.base import Record
from casework.models.people import User
from jobcenter.platform.constraints import one_of


class DigestRun(Record):
    """A day has been planned; a second planner finds the row and does nothing."""

    local_date = models.DateField("Tag", unique=True)
    planned_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "Planung der Erinnerungen"
        verbose_name_plural = "Planungen der Erinnerungen"


class DigestMailQuerySet(models.QuerySet["DigestMail"]):
    def of_day(self, day: dt.date) -> "DigestMailQuerySet":
        """The mails that were planned for a day; those of the week stand at the day on which they were planned."""
        return self.filter(planned_on=day)

    def waiting(self, now: dt.datetime) -> "DigestMailQuerySet":
        return self.filter(state=DigestState.PLANNED, not_before__lte=now)

    def expired_claims(self, now: dt.datetime) -> "DigestMailQuerySet":
        """Claimed by somebody who has not come back in time: nobody knows whether the mail went out."""
        return self.filter(state=DigestState.CLAIMED, lease_until__lt=now)


class DigestMail(Record):
    """One reminder mail to one recipient: at most one per local date and kind, whatever runs twice.

    `local_date` is the day in Europe/Berlin; for the weekly kinds the Monday of the week. States end: what was sent,
    failed, unclear or dropped never becomes anything else (rule `digest_ends_once`), so nothing is sent again.
    """

    recipient = models.ForeignKey(User, models.PROTECT, related_name="+")
    local_date = models.DateField("Tag")
    planned_on = models.DateField("geplant am")
    kind = models.CharField("Art", max_length=10, choices=DigestKind.choices)
    state = models.CharField("Zustand", max_length=10, choices=DigestState.choices, default=DigestState.PLANNED)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    not_before = models.DateTimeField("nicht vor", db_default=Now())
    lease_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The code of the mail server or a word of ours, never the server's own sentence: that quotes the address.
    answer = models.CharField("Antwort", max_length=20, blank=True, default="")

    objects = DigestMailQuerySet.as_manager()

    class Meta:
        verbose_name = "Erinnerungsmail"
        verbose_name_plural = "Erinnerungsmails"
        constraints = [
            UniqueConstraint(fields=["recipient", "local_date", "kind"], name="digest_once"),
            one_of("kind", DigestKind.values, "digest_kind_known"),
            one_of("state", DigestState.values, "digest_state_known"),
            CheckConstraint(
                condition=Q(state=DigestState.CLAIMED, lease_until__isnull=False)
                | (~Q(state=DigestState.CLAIMED) & Q(lease_until__isnull=True)),
                name="digest_lease_if_and_only_if_claimed",
            ),
            CheckConstraint(
                condition=Q(state__in=DIGEST_ENDS, ended_at__isnull=False)
                | (~Q(state__in=DIGEST_ENDS) & Q(ended_at__isnull=True)),
                name="digest_end_if_and_only_if_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=[DigestState.PLANNED, DigestState.CLAIMED]),
                name="digest_under_way",
            ),
            models.Index(fields=["planned_on"], name="digest_by_day"),
        ]

"""Letters to the person, archived as they were printed; friendly ones only.

A letter with legal consequences is made from a duty to cooperate (DutyToCooperate) and never from here: the two are
strictly apart (domain.md 8).
"""

import datetime as dt

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import LetterKind
from casework.models.base import Record
from casework.models.cases import Case
from casework.models.follow_ups import FollowUp
from casework.models.people import User
from jobcenter.platform.constraints import both_or_neither, one_of


class Letter(Record):
    """The bytes that were printed stay as they were; a letter is marked as sent once."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    kind = models.CharField("Art", max_length=20, choices=LetterKind.choices)
    follow_up = models.ForeignKey(FollowUp, models.PROTECT, null=True, related_name="+", db_constraint=False)
    pdf = models.BinaryField("Brief")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("verschickt", null=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField("nicht verschickt", null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Brief"
        verbose_name_plural = "Briefe"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="letter_key"),
            one_of("kind", LetterKind.values, "letter_kind_known"),
            CheckConstraint(condition=both_or_neither("sent_at", "sent_by"), name="letter_sending_paired"),
            CheckConstraint(condition=both_or_neither("withdrawn_at", "withdrawn_by"), name="letter_withdrawal_paired"),
            CheckConstraint(condition=Q(withdrawn_at=None) | Q(sent_at=None), name="letter_ends_in_one_way"),
            CheckConstraint(
                condition=Q(kind=LetterKind.APPOINTMENT, follow_up__isnull=False)
                | (~Q(kind=LetterKind.APPOINTMENT) & Q(follow_up__isnull=True)),
                name="letter_of_an_appointment_names_it",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-created_at"], name="letter_of_case"),
            models.Index(fields=["created_by"], condition=Q(sent_at=None, withdrawn_at=None), name="letter_to_send"),
        ]


class CalendarFeed(Record):
    """The address of somebody's calendar. The token itself is shown once and kept nowhere; its hash finds the feed."""

    user = models.ForeignKey(User, models.PROTECT, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Kalenderadresse"
        verbose_name_plural = "Kalenderadressen"
        constraints = [
            UniqueConstraint(fields=["user"], condition=Q(revoked_at=None), name="one_calendar_feed_in_force"),
            CheckConstraint(condition=both_or_neither("revoked_at", "revoked_by"), name="feed_revocation_paired"),
            CheckConstraint(condition=Q(("token_hash__regex", r"^[0-9a-f]{64}$")), name="feed_keeps_a_hash"),
            CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")), name="feed_revoked_after_it_began"
            ),
        ]


class LastVisit(Record):
    """The moment up to which somebody has filed away what is new ("Als gelesen ablegen"); one row per account.

    What counts is the moment of the page that was read, not of the button: what came between the two is still new.
    Opening a page writes nothing here. Without a row, and where the row is older, the last fortnight is new: whoever
    comes back from a long absence finds what is older in the files.
    """

    LONGEST = dt.timedelta(days=14)

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="last_visit")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = "letzter Blick auf das Neue"
        verbose_name_plural = "letzte Blicke auf das Neue"

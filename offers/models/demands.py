"""Bedarf: what no offer meets, in one sentence, without any reference to anybody (R4.4-7)."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now

from casework.models import User
from casework.models.base import Record
from jobcenter.platform.constraints import both_or_neither, not_blank
from offers.models.offers import Offer


class DemandNote(Record):
    """ "Dazu fehlt ein Angebot": a random key, the half-year, the sentence, and nothing else; in no history."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    half_year = models.CharField("Halbjahr", max_length=6)  # 2026-2
    text = models.CharField("Dazu fehlt ein Angebot", max_length=300)

    class Meta:
        verbose_name = "Bedarf"
        verbose_name_plural = "Bedarfe"
        constraints = [
            CheckConstraint(condition=Q(half_year__regex=r"^[0-9]{4}-[12]$"), name="demand_half_year_real"),
            not_blank("text", "demand_not_blank"),
        ]


class DemandReply(Record):
    """What came of demands, told to everyone ("Was aus Bedarfen wurde")."""

    need = models.CharField("Welcher Bedarf?", max_length=300)
    text = models.TextField("Was daraus wurde")
    offer = models.ForeignKey(
        Offer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Angebot, das daraus entstand"
    )
    at = models.DateTimeField("am", db_default=Now(), editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    withdrawn_at = models.DateTimeField("zurückgezogen", null=True, editable=False)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "Antwort auf Bedarfe"
        verbose_name_plural = "Was aus Bedarfen wurde"
        constraints = [
            not_blank("need", "demand_reply_names_need"),
            not_blank("text", "demand_reply_not_blank"),
            CheckConstraint(
                condition=both_or_neither("withdrawn_at", "withdrawn_by"), name="demand_reply_withdrawal_paired"
            ),
        ]


class DemandReplyNote(Record):
    """Which sentences a reply answers."""

    reply = models.ForeignKey(DemandReply, models.PROTECT, related_name="notes")
    note = models.ForeignKey(DemandNote, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Beantworteter Bedarf"
        verbose_name_plural = "Beantwortete Bedarfe"
        constraints = [models.UniqueConstraint(fields=["reply", "note"], name="demand_answered_once_by_reply")]

"""Wille: what the person does something for on their own, in their own words; it develops, so versions stay."""

from django.db import models
from django.db.models import UniqueConstraint
from django.db.models.functions import Now

from casework.models import Case, Contact, User
from casework.models.base import Record


class WillStatement(Record):
    """A dated version of the will (R3.1-1). Without own activity it is shown as "wird gemeinsam erkundet" (R3.1-2)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    life_idea = models.TextField("Vorstellung vom eigenen Leben", blank=True, default="")
    text = models.TextField("Wille in Richtung Arbeit oder Ausbildung")
    own_activity = models.TextField("Was tut die Person dafür schon von sich aus?", blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = "Wille"
        verbose_name_plural = "Wille (Fassungen)"
        constraints = [UniqueConstraint(fields=["contact"], name="one_will_per_conversation")]
        indexes = [models.Index(fields=["case", "-at"], name="will_of_case")]

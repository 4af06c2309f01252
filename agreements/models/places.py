"""The Sozialraum: places, clubs, neighbours' help, advice centres by area, kept by the counsellors themselves (R1-2).

No personal data: a place is what anybody can go to.
"""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower, Now

from casework.models import User
from casework.models.base import Record
from jobcenter.platform.constraints import both_or_neither, not_blank


class SocialSpace(Record):
    """An area of life in the county: a reference list, where something is."""

    name = models.CharField("Name", max_length=80, unique=True)
    active = models.BooleanField("wird angeboten", default=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=100)

    class Meta:
        verbose_name = "Sozialraum"
        verbose_name_plural = "Sozialräume"
        ordering = ["position", "name"]
        constraints = [not_blank("name", "social_space_named")]

    def __str__(self) -> str:
        return self.name


class SocialPlace(Record):
    """A place, club, neighbours' help or advice centre. Not confirmed for a year, it is marked."""

    space = models.ForeignKey(SocialSpace, models.PROTECT, related_name="places", verbose_name="Sozialraum")
    name = models.CharField("Name", max_length=160)
    what = models.TextField("Was gibt es dort?", blank=True, default="")
    reach = models.TextField("Wie kommt man hin, wen erreicht man?", blank=True, default="")
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField("bestätigt", db_default=Now())
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField("gibt es nicht mehr seit", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "Ort im Sozialraum"
        verbose_name_plural = "Orte im Sozialraum"
        constraints = [
            UniqueConstraint(Lower("name"), "space", condition=Q(ended_at=None), name="social_place_once_in_its_space"),
            not_blank("name", "social_place_named", "Bitte nennen Sie den Ort."),
            CheckConstraint(condition=both_or_neither("ended_at", "ended_by"), name="social_place_end_paired"),
        ]

"""The person counselled (eLb), and what is known of them beside their name."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Func, Q, UniqueConstraint, Value
from django.db.models.functions import Now

from casework.enums import DetailKind, DetailOrigin
from casework.models.base import Record
from casework.models.people import Organisation, User
from jobcenter.platform.constraints import both_or_neither, not_blank, one_of


def fold(expression: Any) -> Func:
    """Fold case, accents and German spellings, so that Mueller, Müller and MULLER meet (SQL function)."""
    return Func(expression, function="casework_fold", output_field=models.TextField())


class ClientQuerySet(models.QuerySet["Client"]):
    def named_exactly(self, *, family_name: str, given_name: str, birth_date: dt.date) -> "ClientQuerySet":
        """Exact name and birth date, as "Zugriff mit Anlass" and the warning of a duplicate need it."""
        return self.filter(birth_date=birth_date).filter(
            Q(search_family=fold(Value(family_name))), Q(search_given=fold(Value(given_name)))
        )


class Client(Record):
    """An erwerbsfähige leistungsberechtigte Person. No gender, no group, no mark of any kind (R0-2, R4.2-1)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="Organisation")
    family_name = models.CharField("Familienname", max_length=120)
    given_name = models.CharField("Vorname", max_length=120)
    preferred_name = models.CharField("möchte genannt werden", max_length=120, blank=True, default="")
    birth_date = models.DateField("Geburtsdatum")
    external_ref = models.CharField("Nummer im führenden Verfahren", max_length=40, null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    search_family = models.GeneratedField(
        expression=fold(F("family_name")), output_field=models.TextField(), db_persist=True
    )
    search_given = models.GeneratedField(
        expression=fold(F("given_name")), output_field=models.TextField(), db_persist=True
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = "eLb"
        verbose_name_plural = "eLb"
        constraints = [
            UniqueConstraint(fields=["organisation", "external_ref"], name="client_external_ref_once"),
            not_blank("family_name", "client_family_name_not_blank"),
            not_blank("given_name", "client_given_name_not_blank"),
        ]

    @property
    def list_name(self) -> str:
        """`Yıldız, Deniz`: as lists sort it."""
        return f"{self.family_name}, {self.given_name}"

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class ClientDetail(Record):
    """One optional fact about a person, with its origin; what is no longer true ends and stays as history."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="details")
    kind = models.CharField("Angabe", max_length=20, choices=DetailKind.choices)
    text = models.CharField("Inhalt", max_length=300)
    origin = models.CharField("Herkunft", max_length=20, choices=DetailOrigin.choices)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Angabe"
        verbose_name_plural = "Angaben"
        constraints = [
            one_of("kind", DetailKind.values, "client_detail_kind_known"),
            one_of("origin", DetailOrigin.values, "client_detail_origin_known"),
            not_blank("text", "client_detail_not_blank"),
            CheckConstraint(condition=both_or_neither("ended_at", "ended_by"), name="client_detail_end_paired"),
        ]

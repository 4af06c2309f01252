"""Jobakademie: a group, its dates and who was there. Each date is a contact of each person (R3.3-3, R4.3-4)."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.models import Case, Contact, Counsellor, Organisation, User
from casework.models.base import Record
from jobcenter.platform.constraints import both_or_neither, not_blank
from offers.models.choices import OfferChoice
from offers.models.offers import Offer

MOST_MEMBERS = 16  # R3.3-3 and domain.md 4


class Group(Record):
    """A group of the Jobakademie: up to 16 people at a time, about two months, three dates a week."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+", verbose_name="Angebot")
    name = models.CharField("Name der Gruppe", max_length=120)
    place = models.CharField("Ort", max_length=160, blank=True, default="")
    starts_on = models.DateField("beginnt am")
    ends_on = models.DateField("endet am")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField("beendet", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Gruppe"
        verbose_name_plural = "Gruppen"
        constraints = [
            not_blank("name", "group_named", "Bitte geben Sie der Gruppe einen Namen."),
            CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="group_period_real",
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
            CheckConstraint(condition=both_or_neither("ended_at", "ended_by"), name="group_end_paired"),
        ]


class GroupTrainer(Record):
    """A Spezial-IFK of the Jobakademie who leads the group and takes part in the cases of its members."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="trainers")
    counsellor = models.ForeignKey(Counsellor, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Leitung einer Gruppe"
        verbose_name_plural = "Leitungen von Gruppen"
        constraints = [UniqueConstraint(fields=["group", "counsellor"], name="trainer_once_in_group")]


class GroupMember(Record):
    """Who takes part in the group, from–to, by a choice of its offer."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, related_name="members")
    choice = models.ForeignKey(OfferChoice, models.DO_NOTHING, related_name="+", db_constraint=False)
    joined_at = models.DateTimeField("dabei seit", db_default=Now())
    joined_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    left_at = models.DateTimeField("dabei bis", null=True)
    left_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Teilnahme an einer Gruppe"
        verbose_name_plural = "Teilnahmen an Gruppen"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="group_member_key"),
            UniqueConstraint(
                fields=["group", "case"], condition=Q(left_at=None), name="member_once_in_group_at_a_time"
            ),
            CheckConstraint(condition=both_or_neither("left_at", "left_by"), name="member_leaving_paired"),
            CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")), name="member_leaves_after_joining"
            ),
        ]


class GroupDate(Record):
    """A date of the group. Recorded once, with one common text that names nobody; cancelled ones stay."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="dates")
    starts_at = models.DateTimeField("am")
    place = models.CharField("Ort", max_length=160, blank=True, default="")
    subject = models.CharField("Thema", max_length=200, blank=True, default="")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField("Gemeinsamer Text", blank=True, default="")
    recorded_at = models.DateTimeField("eingetragen", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField("abgesagt", null=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Gruppentermin"
        verbose_name_plural = "Gruppentermine"
        constraints = [
            UniqueConstraint(
                fields=["group", "starts_at"], condition=Q(cancelled_at=None), name="group_meets_once_at_a_time"
            ),
            CheckConstraint(condition=both_or_neither("recorded_at", "recorded_by"), name="group_date_record_paired"),
            CheckConstraint(
                condition=both_or_neither("cancelled_at", "cancelled_by"), name="group_date_cancellation_paired"
            ),
            CheckConstraint(
                condition=Q(recorded_at=None) | Q(cancelled_at=None), name="cancelled_group_date_is_not_recorded"
            ),
            CheckConstraint(condition=Q(recorded_at=None) | Q(text__regex=r"\S"), name="group_date_recorded_with_text"),
        ]


class Attendance(Record):
    """Whether a member was there, with the contact that says so; each obeys R4.3-4."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    group_date = models.ForeignKey(GroupDate, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(GroupMember, models.DO_NOTHING, related_name="+", db_constraint=False)
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="+", db_constraint=False)
    attended = models.BooleanField("war dabei")

    class Meta:
        verbose_name = "Anwesenheit"
        verbose_name_plural = "Anwesenheiten"
        constraints = [
            UniqueConstraint(fields=["group_date", "member"], name="attendance_once_per_date"),
            UniqueConstraint(fields=["contact"], name="one_attendance_per_contact"),
        ]

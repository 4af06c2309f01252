"""The next step of a case: Wiedervorlage or Folgetermin, one table (design.md 2)."""

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import CheckConstraint, F, OuterRef, Q, Subquery, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import FollowUpKind
from casework.models.absences import Substitution
from casework.models.base import Record
from casework.models.cases import Case, CaseAssignment, CaseClosure
from casework.models.contacts import Contact
from casework.models.people import User
from jobcenter.platform.constraints import both_or_neither, not_blank, one_of


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def open(self) -> "FollowUpQuerySet":
        return self.filter(ended_at=None)

    def due_by(self, day: dt.date) -> "FollowUpQuerySet":
        return self.filter(due_on__lte=day)

    def overdue(self, day: dt.date) -> "FollowUpQuerySet":
        """Open, and its day has passed. A property of the step, never of a person (R4.3-6)."""
        return self.open().filter(due_on__lt=day)

    def of_counsellors(self, counsellor_ids: Iterable[int]) -> "FollowUpQuerySet":
        """Steps in cases for which one of these IFK is responsible now: who must act is derived, never stored."""
        return self.filter(
            case__assignments__counsellor__in=list(counsellor_ids), case__assignments__during__upper_inf=True
        )

    def of_teams(self, team_ids: Iterable[int]) -> "FollowUpQuerySet":
        """Steps in cases for which somebody in these teams is responsible now."""
        return self.filter(
            case__assignments__counsellor__user__team__in=list(team_ids), case__assignments__during__upper_inf=True
        )

    def due_count(self, user: User, day: dt.date) -> int:
        """How many steps the user must act on today or should have: own cases, and those stood in for."""
        acting = Substitution.objects.in_force(day).of_substitute(user.pk).values("absent_user")
        responsible = CaseAssignment.objects.filter(during__upper_inf=True).filter(
            Q(counsellor=user.pk) | Q(counsellor__in=acting)
        )
        return self.open().due_by(day).filter(case__in=responsible.values("case")).count()

    def with_origin(self) -> "FollowUpQuerySet":
        """Add `origin_at`: when the contact took place that set the step; empty when it was set by hand."""
        origin = Contact.objects.filter(pk=OuterRef("contact_id")).values("at")[:1]
        return self.annotate(origin_at=Subquery(origin))

    def in_order(self) -> "FollowUpQuerySet":
        return self.order_by("due_on", "starts_at", "id")


class FollowUp(Record):
    """A Wiedervorlage (internal) or a Folgetermin (agreed with the person).

    Never deleted. It ends by a contact, by a successor, or with the case, and by exactly one of the three.
    Who must act on it is derived from assignment and substitution and stands in no column.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups")
    contact = models.ForeignKey(Contact, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    kind = models.CharField("Art", max_length=12, choices=FollowUpKind.choices)
    due_on = models.DateField("am")
    starts_at = models.DateTimeField("um", null=True)
    place = models.CharField("Ort", max_length=160, blank=True, default="")
    subject = models.CharField("Worum geht es?", max_length=300)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_by_contact = models.ForeignKey(Contact, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    successor = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    closure = models.ForeignKey(CaseClosure, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    outcome = models.TextField("Was kam heraus?", blank=True, default="")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "Termin oder Wiedervorlage"
        verbose_name_plural = "Termine und Wiedervorlagen"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="follow_up_key"),
            one_of("kind", FollowUpKind.values, "follow_up_kind_known"),
            not_blank("subject", "follow_up_subject_not_blank", "Bitte schreiben Sie, worum es geht."),
            CheckConstraint(
                condition=Q(kind=FollowUpKind.APPOINTMENT, starts_at__isnull=False)
                | Q(kind=FollowUpKind.REMINDER, starts_at__isnull=True),
                name="follow_up_time_if_and_only_if_appointment",
                violation_error_message="Ein Folgetermin braucht eine Uhrzeit, eine Wiedervorlage hat keine.",
            ),
            # The trigger of the heart locks and counts; this one says how a step may end.
            CheckConstraint(
                condition=Q(
                    ended_at__isnull=True,
                    ended_by_contact__isnull=True,
                    successor__isnull=True,
                    closure__isnull=True,
                )
                | Q(
                    ended_at__isnull=False,
                    ended_by_contact__isnull=False,
                    successor__isnull=True,
                    closure__isnull=True,
                )
                | Q(
                    ended_at__isnull=False,
                    ended_by_contact__isnull=True,
                    successor__isnull=False,
                    closure__isnull=True,
                )
                | Q(
                    ended_at__isnull=False,
                    ended_by_contact__isnull=True,
                    successor__isnull=True,
                    closure__isnull=False,
                ),
                name="follow_up_ends_in_exactly_one_way",
            ),
            CheckConstraint(condition=both_or_neither("ended_at", "ended_by"), name="follow_up_end_paired"),
            CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="follow_up_not_its_own_successor",
            ),
            # Appointments on a Saturday are possible, Sundays are not; reminders lie on Monday to Friday.
            CheckConstraint(
                condition=Q(due_on__iso_week_day__lte=5) | Q(kind=FollowUpKind.APPOINTMENT, due_on__iso_week_day=6),
                name="follow_up_on_a_working_weekday",
                violation_error_message="An diesem Wochentag ist kein Termin möglich.",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "due_on"], condition=Q(ended_at=None), name="follow_up_open_of_case"),
            models.Index(fields=["due_on"], condition=Q(ended_at=None), name="follow_up_open_by_day"),
            models.Index(fields=["case", "-ended_at"], name="follow_up_ended_of_case"),
            models.Index(fields=["contact"], name="follow_up_by_contact"),
            models.Index(fields=["ended_by_contact"], name="follow_up_by_end"),
            models.Index(fields=["successor"], name="follow_up_by_successor"),
        ]


class FollowUpChange(Record):
    """What was postponed or reworded, with the reason where one was given. Kept as history."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    follow_up = models.ForeignKey(FollowUp, models.DO_NOTHING, related_name="changes", db_constraint=False)
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    old_starts_at = models.DateTimeField(null=True)
    new_starts_at = models.DateTimeField(null=True)
    old_subject = models.CharField(max_length=300, blank=True, default="")
    old_place = models.CharField(max_length=160, blank=True, default="")
    # The conversation that moved it; taken out of the file, its reason goes with it.
    contact = models.ForeignKey(Contact, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    reason = models.CharField("Grund", max_length=300, blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Änderung eines Termins"
        verbose_name_plural = "Änderungen von Terminen"
        indexes = [models.Index(fields=["follow_up", "-at"], name="change_of_follow_up")]

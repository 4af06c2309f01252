"""The case: from its opening to its end, who is responsible, and who takes part."""

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import CheckConstraint, Deferrable, F, Func, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import ClosingReason
from casework.models.base import Record
from casework.models.clients import Client
from casework.models.people import Counsellor, Organisation, User
from jobcenter.platform.constraints import both_or_neither, one_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: "User | AnonymousUser", at: dt.datetime | None = None) -> "CaseQuerySet":
        """Cases that the user may see in lists: own, taking part, standing in now, and the led team's."""
        return self.filter(id__visible_to=(user.pk or 0, at))

    def readable_by(self, user: "User | AnonymousUser", at: dt.datetime | None = None) -> "CaseQuerySet":
        """Whose file the user may open now; a team lead needs a reason first (design.md 7). Asked of named cases."""
        return self.filter(id__readable_by=(user.pk or 0, at))

    def acted_on_by(self, user: "User | AnonymousUser", at: dt.datetime | None = None) -> "CaseQuerySet":
        """Cases in which the user may write; reading with a reason is not enough. Asked of named cases."""
        return self.filter(id__acted_on_by=(user.pk or 0, at))

    def open(self) -> "CaseQuerySet":
        return self.filter(closed_at=None)

    def closed(self) -> "CaseQuerySet":
        return self.filter(closed_at__isnull=False)

    def led_by(self, counsellor_id: int) -> "CaseQuerySet":
        """Open cases for which this IFK is responsible now: the caseload."""
        return self.open().filter(assignments__counsellor_id=counsellor_id, assignments__during__upper_inf=True)

    def matching(self, term: str) -> "CaseQuerySet":
        """Cases whose name, number or birth date answers the search term; tolerant of spelling.

        Annotates `why` with the ground of the hit and `rank` (higher is nearer).
        """
        from casework.models.search import annotate_hits

        return annotate_hits(self, term)

    def locked(self) -> "CaseQuerySet":
        """Lock the case rows for writing. FOR NO KEY UPDATE: foreign key checks of others do not wait."""
        return self.order_by("pk").select_for_update(no_key=True, of=("self",))


class Case(Record):
    """The counselling relation of one eLb: open or ended. Taking up again makes a new case."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="cases")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.CharField(
        "Fallnummer",
        max_length=20,
        unique=True,
        db_default=Func(function="casework_next_case_number", output_field=models.TextField()),
    )
    opened_at = models.DateTimeField("eröffnet", db_default=Now())
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opening_key = models.UUIDField(null=True, unique=True, editable=False)  # one submit, one case
    closed_at = models.DateTimeField("beendet", null=True)
    previous_case = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="voriger Fall")
    is_restricted = models.BooleanField("geschützter Fall", default=False)  # § 35 SGB I; no lookup finds it

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "Fall"
        verbose_name_plural = "Fälle"
        constraints = [
            UniqueConstraint(
                fields=["client"],
                condition=Q(closed_at=None),
                name="one_open_case_per_client",
                violation_error_message="Für diese Person ist schon ein Fall offen.",
            ),
            UniqueConstraint(fields=["previous_case"], name="case_taken_up_again_once"),
            CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gt=F("opened_at")), name="case_ends_after_it_began"
            ),
            CheckConstraint(condition=~Q(previous_case=F("id")), name="case_not_its_own_predecessor"),
        ]
        indexes = [models.Index(fields=["client", "-opened_at"], name="case_of_client")]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class CaseClosure(Record):
    """The end of a case: when, why, by whom."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="closure")
    reason = models.CharField("Grund", max_length=20, choices=ClosingReason.choices)
    text = models.TextField("Anmerkung", blank=True, default="")
    at = models.DateTimeField("am")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Abschluss des Falls"
        verbose_name_plural = "Abschlüsse"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="case_closure_key"),
            one_of("reason", ClosingReason.values, "closing_reason_known"),
        ]


class CaseAssignment(Record):
    """Who is responsible, from when until when: exactly one at any moment of an open case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    counsellor = models.ForeignKey(Counsellor, models.PROTECT, related_name="assignments")
    during = DateTimeRangeField("während")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.TextField("Übergabenotiz", blank=True, default="")

    class Meta:
        verbose_name = "Fallzuständigkeit"
        verbose_name_plural = "Fallzuständigkeiten"
        constraints = [
            ExclusionConstraint(
                name="one_responsible_counsellor_at_a_time",
                expressions=[("case", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                deferrable=Deferrable.DEFERRED,
                violation_error_message="Zu dieser Zeit ist schon eine andere IFK zuständig.",
            ),
            CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__startswith__isnull=False),
                name="assignment_period_real",
            ),
            UniqueConstraint(fields=["case", "id"], name="case_assignment_key"),
        ]
        indexes = [
            models.Index(
                fields=["counsellor", "case"],
                condition=Q(during__upper_inf=True),
                name="assignment_current",
            ),
            models.Index(Func(F("during"), function="upper"), F("case"), name="assignment_ended"),
        ]


class CaseParticipation(Record):
    """A further IFK takes part in the work from–to; the responsible one stays responsible (domain.md 2.1)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="participations")
    counsellor = models.ForeignKey(Counsellor, models.PROTECT, related_name="participations")
    during = DateTimeRangeField("während")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Mitwirkung"
        verbose_name_plural = "Mitwirkungen"
        constraints = [
            ExclusionConstraint(
                name="one_participation_at_a_time",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("counsellor", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message="Diese IFK wirkt zu dieser Zeit schon mit.",
            ),
            CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__startswith__isnull=False),
                name="participation_period_real",
            ),
        ]


class EmploymentStart(Record):
    """ "Arbeit oder Ausbildung aufgenommen ab …": a dated fact. It closes nothing and is counted for nobody."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="employment_starts")
    started_on = models.DateField("ab")
    text = models.CharField("Was", max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "Aufnahme von Arbeit oder Ausbildung"
        verbose_name_plural = "Aufnahmen von Arbeit oder Ausbildung"
        constraints = [
            CheckConstraint(
                condition=both_or_neither("withdrawn_at", "withdrawn_by"),
                name="employment_start_withdrawal_paired",
            ),
        ]

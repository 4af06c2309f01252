"""What was said and noted: contacts, their participants and addenda, and notes without a contact."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import ContactKind, MissedHow, ParticipantRole
from casework.models.base import Record
from casework.models.cases import Case, CaseClosure
from casework.models.people import User
from jobcenter.platform.constraints import both_or_neither, not_blank, one_of


class ContactChannelQuerySet(models.QuerySet["ContactChannel"]):
    def offered(self) -> "ContactChannelQuerySet":
        return self.filter(active=True).order_by("position", "id")


class ContactChannel(Record):
    """How a contact came about; a configurable list (domain.md 5.3). A new one obeys every rule at once."""

    code = models.SlugField("Kürzel", max_length=30, unique=True)
    text = models.CharField("Bezeichnung", max_length=60)
    active = models.BooleanField("wird angeboten", default=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=100)

    objects = ContactChannelQuerySet.as_manager()

    class Meta:
        verbose_name = "Kanal"
        verbose_name_plural = "Kanäle"
        constraints = [not_blank("text", "channel_named")]

    def __str__(self) -> str:
        return self.text


class Contact(Record):
    """A contact with the person or about them. It has a next step, or it ends the case (R4.3-4).

    Never changed after its conclusion; the one way out is "Falsche Akte", which blanks its text and leaves a marker.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    kind = models.CharField("Art", max_length=10, choices=ContactKind.choices, default=ContactKind.TALK)
    missed_how = models.CharField(max_length=20, choices=MissedHow.choices, null=True)
    channel = models.ForeignKey(ContactChannel, models.PROTECT, null=True, verbose_name="Kanal")
    at = models.DateTimeField("am")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    text = models.TextField("Besprochenes", blank=True, default="")
    submission_key = models.UUIDField()
    submission_digest = models.CharField(max_length=64)
    # The real keys are composite with the case, deferrable, by hand-written SQL (design.md 4 and 8).
    follow_up = models.ForeignKey(
        "casework.FollowUp", models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    closure = models.ForeignKey(CaseClosure, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    appointment = models.ForeignKey(
        "casework.FollowUp", models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    replaces = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.TextField(null=True)

    class Meta:
        verbose_name = "Kontakt"
        verbose_name_plural = "Kontakte"
        constraints = [
            UniqueConstraint(fields=["case", "id"], name="contact_key"),
            UniqueConstraint(fields=["submission_key", "case"], name="one_contact_per_submission"),
            UniqueConstraint(fields=["replaces"], name="missed_contact_replaced_once"),
            UniqueConstraint(fields=["closure"], name="one_contact_ends_a_case"),
            CheckConstraint(
                condition=Q(follow_up__isnull=False, closure__isnull=True)
                | Q(follow_up__isnull=True, closure__isnull=False),
                name="contact_has_next_step_or_ends_case",
                violation_error_message=(
                    "Bitte vereinbaren Sie einen Folgetermin, setzen Sie eine Wiedervorlage oder beenden Sie den Fall."
                ),
            ),
            one_of("kind", ContactKind.values, "contact_kind_known"),
            one_of("missed_how", MissedHow.values, "missed_how_known"),
            CheckConstraint(
                condition=Q(kind=ContactKind.MISSED, missed_how__isnull=False)
                | Q(kind=ContactKind.TALK, missed_how__isnull=True),
                name="missed_how_if_and_only_if_missed",
            ),
            CheckConstraint(condition=Q(kind=ContactKind.MISSED) | Q(channel__isnull=False), name="talk_has_a_channel"),
            CheckConstraint(
                condition=Q(text__regex=r"\S") | Q(kind=ContactKind.MISSED) | Q(withdrawn_at__isnull=False),
                name="contact_text_not_blank",
                violation_error_message="Bitte schreiben Sie auf, was besprochen wurde.",
            ),
            CheckConstraint(
                condition=Q(at__lte=F("recorded_at")),
                name="contact_not_in_the_future",
                violation_error_message="Der Kontakt kann nicht in der Zukunft liegen.",
            ),
            CheckConstraint(
                condition=both_or_neither("withdrawn_at", "withdrawn_by", "withdrawn_reason"),
                name="contact_withdrawal_complete",
            ),
            CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(text=""), name="withdrawn_contact_holds_no_text"
            ),
            CheckConstraint(
                condition=Q(withdrawn_reason__isnull=True) | Q(withdrawn_reason__regex=r"\S"),
                name="contact_withdrawal_reason_not_blank",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-at", "-id"], name="contact_of_case"),
            models.Index(fields=["follow_up"], name="contact_by_follow_up"),
        ]


class ContactParticipant(Record):
    """Who took part, by role; a name where it helps (domain.md 7)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="participants", db_constraint=False)
    role = models.CharField("Rolle", max_length=20, choices=ParticipantRole.choices)
    name = models.CharField("Name", max_length=160, blank=True, default="")

    class Meta:
        verbose_name = "beteiligte Person"
        verbose_name_plural = "Beteiligte"
        constraints = [one_of("role", ParticipantRole.values, "participant_role_known")]
        indexes = [models.Index(fields=["contact"], name="participant_of_contact")]


class NoteAddendum(Record):
    """A correction or addition with its author and reason; the original stays readable (§ 84 SGB X)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.DO_NOTHING, related_name="addenda", db_constraint=False)
    text = models.TextField("Nachtrag")
    reason = models.CharField("Anlass", max_length=300)
    at = models.DateTimeField("am", db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Nachtrag"
        verbose_name_plural = "Nachträge"
        indexes = [models.Index(fields=["contact", "at"], name="addendum_of_contact")]


class FileNote(Record):
    """Desk work without a contact: a letter came, a call was not answered. Needs no next step (design.md 7)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="file_notes")
    text = models.TextField("Notiz")
    at = models.DateTimeField("am", db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.TextField(null=True)

    class Meta:
        verbose_name = "Aktennotiz"
        verbose_name_plural = "Aktennotizen"
        constraints = [
            CheckConstraint(condition=Q(text__regex=r"\S") | Q(withdrawn_at__isnull=False), name="file_note_not_blank"),
            CheckConstraint(
                condition=both_or_neither("withdrawn_at", "withdrawn_by", "withdrawn_reason"),
                name="file_note_withdrawal_complete",
            ),
            CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(text=""), name="withdrawn_file_note_holds_no_text"
            ),
        ]
        indexes = [models.Index(fields=["case", "-at", "-id"], name="file_note_of_case")]

"""What is kept about signing in: open sessions, how often somebody was wrong, who is who in a directory, what happened.

The second factors themselves are rows of allauth (`allauth.mfa.models.Authenticator`), their secrets sealed.
"""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now

from casework.enums import AccountEventKind, GuessKind
from casework.models.base import Record
from casework.models.people import User
from jobcenter.platform.constraints import not_blank, one_of

SLOTS = 2**18  # of counts of guesses


class OpenSession(Record):
    """A session of somebody signed in, beside Django's own row: for its end by time and for its owner's list.

    Of the session's key only a hash is kept, of address and browser only what its owner recognises them by.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="open_sessions")
    session_hash = models.CharField(max_length=64, unique=True, editable=False)
    signed_in_at = models.DateTimeField(db_default=Now())
    last_seen_at = models.DateTimeField(db_default=Now())
    network = models.CharField("Netz", max_length=60)
    program = models.CharField("Programm", max_length=60)

    class Meta:
        verbose_name = "Sitzung"
        verbose_name_plural = "Sitzungen"
        constraints = [
            CheckConstraint(condition=Q(session_hash__regex=r"^[0-9a-f]{64}$"), name="open_session_keeps_a_hash"),
            CheckConstraint(condition=Q(last_seen_at__gte=F("signed_in_at")), name="open_session_seen_after_it_began"),
        ]
        indexes = [models.Index(fields=["last_seen_at"], name="open_session_by_use")]


class GuessCount(Record):
    """How often somebody was wrong lately. The key is a slot of a keyed hash: there are never more rows than slots."""

    kind = models.CharField(max_length=8, choices=GuessKind.choices)
    slot = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()
    failed_at = models.DateTimeField()

    class Meta:
        verbose_name = "Fehlversuche"
        verbose_name_plural = "Fehlversuche"
        constraints = [
            UniqueConstraint(fields=["kind", "slot"], name="one_count_of_guesses_each"),
            one_of("kind", GuessKind.values, "guess_kind_known"),
            CheckConstraint(condition=Q(slot__lt=SLOTS), name="guesses_take_bounded_room"),
        ]
        indexes = [models.Index(fields=["failed_at"], name="guesses_by_time")]


class DirectoryIdentity(Record):
    """Who somebody is in the directory of the house. Set by the Fachadministration; nothing is taken over by itself."""

    user = models.ForeignKey(User, models.CASCADE, related_name="directory_identities", verbose_name="Konto")
    provider = models.SlugField("Verzeichnis", max_length=40)
    subject = models.CharField("Kennung im Verzeichnis", max_length=255)

    class Meta:
        verbose_name = "Kennung im Verzeichnis"
        verbose_name_plural = "Kennungen im Verzeichnis"
        constraints = [
            UniqueConstraint(
                fields=["provider", "subject"],
                name="directory_identity_names_one_account",
                violation_error_message="Diese Kennung gehört schon zu einem anderen Konto.",
            ),
            UniqueConstraint(
                fields=["user", "provider"],
                name="one_identity_per_directory",
                violation_error_message="Für dieses Verzeichnis ist schon eine Kennung eingetragen.",
            ),
            not_blank("subject", "directory_subject_not_blank", "Bitte nennen Sie die Kennung."),
        ]


class AccountEvent(Record):
    """Something that happened to an account. Ids and codes only; no foreign keys; the web role inserts, nothing else.

    `user_id` is empty where nobody has the name that was typed; the name itself is not kept, it may be a password.
    """

    at = models.DateTimeField(db_default=Now())
    user_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=30, choices=AccountEventKind.choices)
    by_user_id = models.BigIntegerField(null=True)
    request_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = "Kontoereignis"
        verbose_name_plural = "Kontoereignisse"
        constraints = [one_of("kind", AccountEventKind.values, "account_event_kind_known")]
        indexes = [
            models.Index(fields=["user_id", "at"], name="account_event_of_user"),
            models.Index(fields=["at"], name="account_event_by_time"),
        ]


class AccountNotice(Record):
    """A mail that tells somebody that their second factor was changed; without a word about whose, by whom or what."""

    user = models.ForeignKey(User, models.CASCADE, related_name="account_notices")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    # Handed over to the mail server, or about to be; whatever is claimed is not handed over by anybody else.
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Kontonachricht"
        verbose_name_plural = "Kontonachrichten"
        constraints = [
            CheckConstraint(
                condition=Q(claimed_at=None) | Q(claimed_at__gte=F("made_at")), name="account_notice_claimed_after_made"
            ),
        ]
        indexes = [models.Index(fields=["made_at"], condition=Q(claimed_at=None), name="account_notice_waiting")]

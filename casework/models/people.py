"""Staff: organisations, teams, users, their roles, and the function of a counsellor."""

from typing import Any

from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import CheckConstraint, F, Func, Q, UniqueConstraint
from django.utils import timezone
from django.utils.functional import cached_property

from casework.enums import CounsellorKind, RoleName, SpecialistArea
from casework.models.base import Record
from jobcenter.platform.constraints import one_of
from jobcenter.platform.statements import read


class Organisation(Record):
    """An employer: Landkreis or Stadt (R0-1). Two of them work after one concept."""

    name = models.CharField("Name", max_length=120, unique=True)

    class Meta:
        verbose_name = "Organisation"
        verbose_name_plural = "Organisationen"

    def __str__(self) -> str:
        return self.name


class Team(Record):
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="Organisation")
    name = models.CharField("Name", max_length=120)

    class Meta:
        verbose_name = "Team"
        verbose_name_plural = "Teams"
        constraints = [UniqueConstraint(fields=["organisation", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def may_stand_in(self, organisation_id: int) -> "UserQuerySet":
        """Each IFK and each lead of the organisation whose account is active (design.md 4)."""
        fits = Q(counsellor__isnull=False) | Q(role_grants__role=RoleName.TEAM_LEAD)
        return self.active().filter(fits, organisation=organisation_id).distinct()

    def with_names(self) -> "UserQuerySet":
        """By the alphabet: umlauts and small letters where a German reader looks for them."""
        return self.order_by(*(Func(F(name), function="casework_fold") for name in ("last_name", "first_name")), "pk")


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password nobody can sign in with it."""
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db, force_insert=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(username=username)
        return user


class User(AbstractBaseUser):
    """An account of a member of staff. What it may do follows from its roles alone."""

    username = models.CharField("Anmeldename", max_length=60, unique=True)
    first_name = models.CharField("Vorname", max_length=80)
    last_name = models.CharField("Nachname", max_length=80)
    email = models.EmailField("dienstliche E-Mail")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="Organisation")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, verbose_name="Team")
    is_active = models.BooleanField("aktiv", default=True)
    shortcuts_enabled = models.BooleanField("Tastenkürzel", default=True)  # WCAG 2.1.4: can be switched off
    # Reminder mails tell of what is overdue; what is due today is told to who wants it.
    remind_of_today = models.BooleanField(
        "morgens auch an das erinnern, was heute ansteht", default=False, db_default=False
    )
    theme = models.CharField("Darstellung", max_length=5, blank=True, default="")

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        constraints = [one_of("theme", ["", "light", "dark"], "user_theme_known")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The roles of this user today, read once per loaded user: own ones, and that of a lead stood in for."""
        return frozenset(role for (role,) in read(ROLES, {"user": self.pk, "day": timezone.localdate()}))

    def has_role(self, role: RoleName) -> bool:
        return role.value in self.role_names

    # What the Django admin asks; the answers come from `casework.permissions`.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.has_role(RoleName.CONFIG_ADMIN)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and any(
            backend.has_perm(self, perm, obj) for backend in auth.get_backends() if hasattr(backend, "has_perm")
        )

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff and app_label == "casework"


def load_account(user_id: int) -> User | None:
    """An account with its organisation and its roles, in one prepared statement."""
    own = [field.attname for field in User._meta.concrete_fields]
    house = [field.attname for field in Organisation._meta.concrete_fields]
    columns = [f"u.{field.column}" for field in User._meta.concrete_fields]
    columns += [f"o.{field.column}" for field in Organisation._meta.concrete_fields]
    rows = read(ACCOUNT.format(columns=", ".join(columns)), {"user": user_id, "day": timezone.localdate()})
    if not rows:
        return None
    *values, roles = rows[0]
    user = User.from_db(DEFAULT_DB_ALIAS, own, values[: len(own)])
    user.organisation = Organisation.from_db(DEFAULT_DB_ALIAS, house, values[len(own) :])
    user.__dict__["role_names"] = frozenset(roles)
    return user


# Whoever stands in for a team lead leads for exactly that time (domain.md 8); no other role is stood in for.
ROLES = """
SELECT r.role FROM casework_rolegrant AS r WHERE r.user_id = %(user)s
UNION
SELECT r.role FROM casework_substitution AS s
  JOIN casework_rolegrant AS r ON r.user_id = s.absent_user_id AND r.role = 'team_lead'
 WHERE s.substitute_id = %(user)s AND s.during @> %(day)s::date
"""
ACCOUNT = f"""
SELECT {{columns}}, ARRAY({ROLES})
  FROM casework_user AS u JOIN casework_organisation AS o ON o.id = u.organisation_id WHERE u.id = %(user)s
"""  # noqa: S608  (put together from the parts above)


class RoleGrant(Record):
    """A role of a user. A team lead leads the team named here."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants", verbose_name="Konto")
    role = models.CharField("Rolle", max_length=20, choices=RoleName.choices)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, verbose_name="Team")

    class Meta:
        verbose_name = "Rolle"
        verbose_name_plural = "Rollen"
        constraints = [
            UniqueConstraint(fields=["user", "role", "team"], name="role_granted_once", nulls_distinct=False),
            one_of("role", RoleName.values, "role_known"),
            CheckConstraint(
                condition=Q(role=RoleName.TEAM_LEAD, team__isnull=False)
                | (~Q(role=RoleName.TEAM_LEAD) & Q(team__isnull=True)),
                name="role_team_if_and_only_if_lead",
                violation_error_message="Eine Teamleitung braucht ein Team, andere Rollen haben keines.",
            ),
        ]


class CounsellorQuerySet(models.QuerySet["Counsellor"]):
    def available_in(self, organisation_id: int) -> "CounsellorQuerySet":
        """Whoever can be made responsible in an organisation: every active IFK, of either kind (R4.2-2)."""
        return (
            self.filter(user__is_active=True, user__organisation_id=organisation_id)
            .select_related("user")
            .order_by("user__last_name", "user__first_name")
        )


class Counsellor(Record):
    """The function of an IFK. Shares its key with the account."""

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, verbose_name="Konto")
    kind = models.CharField("Art", max_length=12, choices=CounsellorKind.choices, default=CounsellorKind.GENERAL)
    area = models.CharField("Bereich", max_length=20, choices=SpecialistArea.choices, null=True, blank=True)
    since = models.DateField("seit", default=timezone.localdate)

    objects = CounsellorQuerySet.as_manager()

    class Meta:
        verbose_name = "Integrationsfachkraft"
        verbose_name_plural = "Integrationsfachkräfte"
        constraints = [
            one_of("kind", CounsellorKind.values, "counsellor_kind_known"),
            one_of("area", SpecialistArea.values, "counsellor_area_known"),
            CheckConstraint(
                condition=Q(kind=CounsellorKind.SPECIALIST, area__isnull=False)
                | Q(kind=CounsellorKind.GENERAL, area__isnull=True),
                name="counsellor_area_if_and_only_if_specialist",
                violation_error_message="Ein Bereich gehört genau dann dazu, wenn es eine Spezial-IFK ist.",
            ),
        ]

"""The Verwaltung: reference data and accounts. No site here carries a case or a person counselled (house style 20)."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.forms import RangeWidget
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from casework.actions import Refused
from casework.actions.account_events import record_account_event
from casework.actions.errors import SENTENCES, constraint_of, rules
from casework.actions.second_factors import reset_factors
from casework.actions.sessions import end_sessions
from casework.enums import AccountEventKind
from casework.models import (
    ContactChannel,
    Counsellor,
    DirectoryIdentity,
    LegalBasis,
    LegalNotice,
    LocalDay,
    Organisation,
    ReflectionGuide,
    ReminderLadder,
    RoleGrant,
    RuleDocument,
    Team,
    User,
)
from casework.models.hangs_on import OPEN_CASE, Hanging, what_hangs_on
from casework.views.common import user_of
from jobcenter.platform.context import Purpose, widened


class RuleAwareAdmin(admin.ModelAdmin):
    """What the database refuses because somebody else was faster comes back as a sentence, not as a failure."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            _, sentence = SENTENCES.get(constraint_of(error), ("", ""))
            if not sentence:
                raise
            messages.error(request, sentence)
            return redirect(request.get_full_path())


@admin.register(Organisation)
class OrganisationAdmin(RuleAwareAdmin):
    list_display = ["name"]


@admin.register(Team)
class TeamAdmin(RuleAwareAdmin):
    list_display = ["name", "organisation"]
    list_select_related = ["organisation"]


class AccountForm(forms.ModelForm):
    new_password = forms.CharField(
        label="Neues Passwort",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Leer lassen, wenn es bleiben soll. Mindestens 12 Zeichen.",
    )

    reset_factors = forms.BooleanField(
        label="Zweiten Faktor zurücksetzen",
        required=False,
        help_text="Nach dem Verlust von Gerät und Codes, wenn Sie sich vergewissert haben, wer darum bittet: Alle "
        "Faktoren und Codes verfallen, alle Sitzungen enden, und die Person wird per E-Mail benachrichtigt.",
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "organisation", "team", "is_active"]

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        elif self.instance.pk is None:
            raise forms.ValidationError("Ein neues Konto braucht ein Passwort.")
        return password

    def clean_team(self) -> Team | None:
        team: Team | None = self.cleaned_data["team"]
        organisation = self.cleaned_data.get("organisation")
        if team is not None and organisation is not None and team.organisation_id != organisation.pk:
            raise forms.ValidationError("Dieses Team gehört zu einer anderen Organisation.")
        return team

    def clean_is_active(self) -> bool:
        """Say what still hangs on the account; whoever was faster than this look is met by the database."""
        active: bool = self.cleaned_data["is_active"]
        if self.instance.pk and self.instance.is_active and not active:
            with widened(Purpose.ACCOUNT):
                hanging = what_hangs_on(self.instance.pk)
            if hanging:
                raise forms.ValidationError(hanging_sentence(self.instance, hanging))
            attempt = transaction.savepoint()
            try:
                with rules():
                    User.objects.filter(pk=self.instance.pk).update(is_active=False)
            except Refused as refused:
                raise forms.ValidationError(refused.message) from refused
            finally:
                transaction.savepoint_rollback(attempt)
        return active


def hanging_sentence(user: User, hanging: list[Hanging]) -> SafeString:
    """What hangs on an account, each with the page on which it is handed over; numbers alone, no case."""
    items = format_html_join(
        ", ", '<a href="{}">{}</a>', ((found.url or reverse("casework:handover_list"), str(found)) for found in hanging)
    )
    _, responsible = SENTENCES["user_with_cases_stays_active"]
    has_cases = any(found.what == OPEN_CASE for found in hanging)
    return format_html(
        '{} Daran hängt: {}. {} selbst oder die Teamleitung übergibt es <a href="{}?von={}">unter „Übergabe“</a>.',
        responsible if has_cases else "Dieses Konto wird noch gebraucht.",
        items,
        user.full_name,
        reverse("casework:handover_list"),
        user.pk,
    )


class RoleGrantInline(admin.StackedInline):
    model = RoleGrant
    extra = 0


class CounsellorInline(admin.StackedInline):
    model = Counsellor
    extra = 0


class IdentityForm(forms.ModelForm):
    """The directories are those that the environment names; their identifiers come from the organisation's IT."""

    provider = forms.ChoiceField(label="Verzeichnis")

    class Meta:
        model = DirectoryIdentity
        fields = ["provider", "subject"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {slug: provider.name for slug, provider in settings.OIDC_PROVIDERS.items()}
        if self.instance.pk:
            names.setdefault(self.instance.provider, self.instance.provider)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)  # noqa: S101  (narrows the type for mypy)
        provider.choices = [("", "---------"), *names.items()]


class IdentityInline(admin.StackedInline):
    model = DirectoryIdentity
    form = IdentityForm
    extra = 0


@admin.register(User)
class UserAdmin(RuleAwareAdmin):
    """Accounts: never deleted, switched off when nobody works with them any more."""

    form = AccountForm
    inlines = [RoleGrantInline, CounsellorInline, IdentityInline]
    list_display = ["last_name", "first_name", "username", "organisation", "team", "is_active"]
    list_display_links = ["last_name", "first_name", "username"]
    list_select_related = ["organisation", "team"]
    search_fields = ["last_name", "first_name", "username"]
    ordering = ["last_name", "first_name"]

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        """Identities of directories only where the house has a directory."""
        inlines = super().get_inlines(request, obj)
        return inlines if settings.OIDC_PROVIDERS else [one for one in inlines if one is not IdentityInline]

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """A new account has no second factor to be reset."""
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name != "reset_factors"]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        password = form.cleaned_data["new_password"]
        if password:
            obj.set_password(password)
        if not change:
            obj.save(force_insert=True)
            return
        changed = [name for name in form.changed_data if name not in ("new_password", "reset_factors")]
        obj.save(update_fields=[*changed, *(["password"] if password else [])])
        ids: dict[str, Any] = {
            "user_id": obj.pk,
            "by_id": user_of(request).pk,
            "request_id": getattr(request, "id", None),
        }
        if password:
            record_account_event(AccountEventKind.PASSWORD_CHANGED, **ids)
        if form.cleaned_data.get("reset_factors"):
            reset_factors(user=obj, by=user_of(request), request_id=ids["request_id"])
        elif password or "is_active" in changed:
            end_sessions(**ids)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is DirectoryIdentity and formset.has_changed():
            record_account_event(
                AccountEventKind.DIRECTORY_CHANGED,
                user_id=form.instance.pk,
                by_id=user_of(request).pk,
                request_id=getattr(request, "id", None),
            )


@admin.register(ContactChannel)
class ContactChannelAdmin(RuleAwareAdmin):
    list_display = ["text", "code", "active", "position"]
    ordering = ["position", "text"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"] if obj else []


@admin.register(LocalDay)
class LocalDayAdmin(RuleAwareAdmin):
    list_display = ["date", "text"]
    ordering = ["-date"]


class LadderForm(forms.ModelForm):
    class Meta:
        model = ReminderLadder
        fields = ["organisation", "own_after", "substitute_after", "lead_after", "lead_weekday"]

    def clean(self) -> dict[str, Any] | None:
        """The ladder climbs (`ladder_climbs`); the sentence stands beside the step that is too high."""
        data = super().clean() or self.cleaned_data
        lead_after = data.get("lead_after")
        for name in ("own_after", "substitute_after"):
            if lead_after is not None and (data.get(name) or 0) > lead_after:
                self.add_error(name, f"Bitte höchstens {lead_after}: Die Teamleitung erfährt nichts früher.")
        return data


@admin.register(ReminderLadder)
class ReminderLadderAdmin(RuleAwareAdmin):
    """Own mail, whoever stands in, team lead: after how many working days each is told (R4.3-4)."""

    form = LadderForm
    list_display = ["organisation", "own_after", "substitute_after", "lead_after", "lead_weekday"]
    list_select_related = ["organisation"]


@admin.register(RuleDocument)
class RuleDocumentAdmin(RuleAwareAdmin):
    list_display = ["title", "url", "position"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(ReflectionGuide)
class ReflectionGuideAdmin(RuleAwareAdmin):
    """Each saving is a new version; an earlier one stays readable and is never changed."""

    list_display = ["published_at"]
    readonly_fields = ["published_at"]


class PeriodWidget(RangeWidget):
    """Two days side by side, each with a name of its own for who does not see them."""

    def __init__(self) -> None:
        names = ("gilt ab", "gilt nicht mehr ab; leer: bis auf Weiteres")
        forms.MultiWidget.__init__(self, [forms.DateInput(attrs={"aria-label": name}) for name in names])


class LegalTextAdmin(RuleAwareAdmin):
    """Law and texts that demands rest on: their wording stays for good, their period is kept up to date (R1-3)."""

    formfield_overrides = {DateRangeField: {"widget": PeriodWidget}}
    changeable: tuple[str, ...] = ("during",)

    @admin.display(description="gilt", ordering="during")
    def period(self, obj: LegalBasis | LegalNotice) -> str:
        first, end = obj.during.lower, obj.during.upper
        return f"{first:%d.%m.%Y} bis {end - dt.timedelta(days=1):%d.%m.%Y}" if end else f"ab {first:%d.%m.%Y}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.fields if field.name not in ("id", *self.changeable)] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            obj.save(force_insert=True)


@admin.register(LegalBasis)
class LegalBasisAdmin(LegalTextAdmin):
    list_display = ["paragraph", "title", "period", "source"]
    ordering = ["paragraph", "during"]
    changeable = ("during", "source")


@admin.register(LegalNotice)
class LegalNoticeAdmin(LegalTextAdmin):
    list_display = ["version", "legal_basis", "period"]
    list_select_related = ["legal_basis"]
    ordering = ["legal_basis__paragraph", "version"]

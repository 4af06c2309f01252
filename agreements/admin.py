"""The Verwaltung of this room: reference data alone, no case and no agreement (house style 20)."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpRequest

import agreements.actions.errors  # noqa: F401  (the sentences of this room)
from agreements.models import LegalRegime, ResourceField, SheetWording, SocialSpace
from casework.admin import RuleAwareAdmin
from casework.permissions import ADMIN_RIGHTS

KEPT = frozenset({"view", "add", "change"})  # what was used stays: nothing here is deleted
ADMIN_RIGHTS.update(
    {
        "agreements.resourcefield": KEPT,
        "agreements.socialspace": KEPT,
        "agreements.sheetwording": KEPT,
        "agreements.legalregime": KEPT,
    }
)

PLACEHOLDER = re.compile(r"\{[^{}]*\}?|\}")
# Which of them each heading needs; no other heading has any.
PLACEHOLDERS = {"other": ["{name}"], "until": ["{day}"], "review": ["{day}"], "page": ["{number}", "{total}"]}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
GERMAN = "de"
EARLIEST, LATEST = 1900, 2100


class ReferenceAdmin(RuleAwareAdmin):
    """Lists that the house keeps itself: what was used stays, and is taken out of the offer instead of deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description="wird angeboten", ordering="active")
    def offered(self, obj: Any) -> str:
        return yes_or_no(obj.active)


def yes_or_no(value: bool) -> str:
    """In words: a picture of a tick says less, and its text is English."""
    return "ja" if value else "nein"


@admin.register(ResourceField)
class ResourceFieldAdmin(ReferenceAdmin):
    list_display = ["text", "offered", "position"]


@admin.register(SocialSpace)
class SocialSpaceAdmin(ReferenceAdmin):
    list_display = ["name", "offered", "position"]


class SheetWordingForm(forms.ModelForm):
    class Meta:
        model = SheetWording
        fields = [field.name for field in SheetWording._meta.fields if field.name != "id"]

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"].strip()
        if not LANGUAGE.fullmatch(language):
            raise forms.ValidationError("Bitte als Sprachkürzel nach BCP 47: en, uk, pt-BR.")
        return language

    def clean_active(self) -> bool:
        active: bool = self.cleaned_data["active"]
        if not active and self.instance.language == GERMAN:
            raise forms.ValidationError("Deutsch steht immer auf dem Blatt.")
        return active

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, text in list(data.items()):
            if isinstance(text, str) and (sentence := misplaced(text, PLACEHOLDERS.get(name, []))):
                self.add_error(name, sentence)
        return data


def misplaced(text: str, needed: list[str]) -> str:
    """What is wrong with the placeholders of a heading; empty when nothing is."""
    found = PLACEHOLDER.findall(text)
    if missing := [name for name in needed if name not in found]:
        return f"Bitte {' und '.join(missing)} einsetzen; dort steht später der Inhalt."
    if unknown := [name for name in found if name not in needed]:
        return f"{unknown[0]} kennt diese Überschrift nicht."
    return ""


@admin.register(SheetWording)
class SheetWordingAdmin(ReferenceAdmin):
    """The headings of the sheet; the language of a row never becomes another one."""

    form = SheetWordingForm
    list_display = ["name", "language", "offered"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["language"] if obj else []


class LegalRegimeForm(forms.ModelForm):
    """The period as two days, both included, as a law is read."""

    first_day = forms.DateField(label="gilt ab")
    last_day = forms.DateField(label="gilt bis einschließlich", required=False, help_text="Leer: bis auf Weiteres.")

    class Meta:
        model = LegalRegime
        fields = ["first_day", "last_day", "benefit_name", "plan_name", "agreement_is_plan", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["first_day"] = self.instance.during.lower
            self.initial["last_day"] = last_day(self.instance)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first is None or self.errors:
            return data
        for name, day in (("first_day", first), ("last_day", last)):
            if day is not None and not EARLIEST <= day.year <= LATEST:
                self.add_error(name, "Stimmt das Jahr? Ohne Ende gilt er bis auf Weiteres.")
        if last is not None and last < first:
            self.add_error("last_day", "Dieser Tag liegt vor dem ersten.")
        if self.errors:
            return data
        self.instance.during = DateRange(first, last + dt.timedelta(days=1) if last else None)
        other = LegalRegime.objects.filter(during__overlap=self.instance.during).exclude(pk=self.instance.pk).first()
        if other is not None:
            sentence = f"Für diese Zeit ist schon ein Rechtsstand eingetragen: {other.plan_name}, {period_of(other)}."
            self.add_error("first_day", sentence)
        return data


def last_day(regime: LegalRegime) -> dt.date | None:
    """The last day on which it holds; the range itself ends with the day after."""
    return regime.during.upper - dt.timedelta(days=1) if regime.during.upper else None


def period_of(regime: LegalRegime) -> str:
    first, last = regime.during.lower, last_day(regime)
    return f"{first:%d.%m.%Y} bis {last:%d.%m.%Y}" if last else f"ab {first:%d.%m.%Y}"


@admin.register(LegalRegime)
class LegalRegimeAdmin(ReferenceAdmin):
    form = LegalRegimeForm
    list_display = ["plan_name", "benefit_name", "period", "is_plan", "source"]
    list_display_links = ["plan_name", "period"]

    @admin.display(description="gilt", ordering="during")
    def period(self, obj: LegalRegime) -> str:
        return period_of(obj)

    @admin.display(description="die Vereinbarung ist der Plan", ordering="agreement_is_plan")
    def is_plan(self, obj: LegalRegime) -> str:
        return yes_or_no(obj.agreement_is_plan)

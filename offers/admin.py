"""The curation of offers: for project management alone, on a site of its own, without any case (R4.4-7).

Saving calls the actions; nothing is deleted. Text of providers is plain text and is never trusted.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern

import offers.actions.errors  # noqa: F401  (the sentences of this room)
from agreements.admin import ReferenceAdmin, yes_or_no
from casework.actions.errors import Refused, rules
from casework.views.common import user_of
from jobcenter.platform.workdays import day_label
from offers import admin_pages as pages
from offers.actions import curation
from offers.admin_filters import FILTERS, by_name, state_label
from offers.admin_forms import NewOfferForm, OfferForm, RefusedForm, VersionForm
from offers.admin_site import offers_site
from offers.models import FundingBody, Offer, OfferLegalBasis, OfferVersion, Provider, ProviderContact, SupportKind
from offers.models.description import languages_label, period_label, plain, read_words

SHEET = (
    ("Was es ist", ("name", "support", "supports", "purpose")),
    ("Wie es läuft", ("course", "place", "areas", "duration", "hours_per_week")),
    ("Wann es beginnt", ("any_time", "start_dates", "start")),
    ("Wie man hineinkommt", ("joining", "languages", "accessibility", "bring")),
    ("Was das Gesetz sagt", ("requirements", "funding_body", "legal_basis")),
    ("Wie lange die Beschreibung gilt", ("valid_from", "valid_to")),
)
# Read instead of written: codes and dates in words.
IN_WORDS = {name: f"{name}_in_words" for name in ("supports", "areas", "languages", "start_dates", "any_time")}


class CurationAdmin(ReferenceAdmin):
    """What an action refuses stands in the form; lookups are those of the filters alone."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            request.refused = refused  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return saying(super().get_form(request, obj, change, **kwargs), request)

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Whoever sends keys that are none is shown the list again."""
        try:
            return super().response_action(request, queryset, *args, **kwargs)
        except (ValueError, ValidationError):
            return redirect(request.get_full_path())

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in {getattr(entry, "parameter_name", entry) for entry in self.get_list_filter(request)}

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return super().history_view(request, object_id, {"title": "Was hier geändert wurde", **(extra_context or {})})


def saying(form: type[ModelForm], request: HttpRequest) -> type[ModelForm]:
    """The form, with what an action refused."""
    return type(form.__name__, (form,), {"refused": getattr(request, "refused", None)})


# --- Träger and the lists of the house ---------------------------------------------------------------------


class ListForm(RefusedForm):
    """A row of a list; saved as it is."""


class ListAdmin(CurationAdmin):
    """Lists that describe offers; what was used stays."""

    form = ListForm
    fixed: tuple[str, ...] = ()  # never changed once it is there

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fixed if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with rules():
            if change:
                obj.save(update_fields=form.changed_data)
            else:
                obj.save(force_insert=True)


@admin.register(SupportKind, site=offers_site)
class SupportKindAdmin(ListAdmin):
    list_display = ["text", "code", "offered", "position"]
    fixed = ("code",)


@admin.register(FundingBody, site=offers_site)
class FundingBodyAdmin(ListAdmin):
    list_display = ["name", "offered", "position"]


@admin.register(OfferLegalBasis, site=offers_site)
class OfferLegalBasisAdmin(ListAdmin):
    list_display = ["name", "period", "offered"]

    @admin.display(description="gilt")
    def period(self, obj: OfferLegalBasis) -> str:
        return period_label(obj.valid_from, obj.valid_to).removeprefix("gilt ") or "bis auf Weiteres"


class ContactInline(admin.StackedInline):
    model = ProviderContact
    form = ListForm
    fields = ("name", "role", "phone", "email", "active")
    extra = 0


@admin.register(Provider, site=offers_site)
class ProviderAdmin(ListAdmin):
    """A Träger with the people to ask there. One that is no longer active stays readable."""

    inlines = (ContactInline,)
    list_display = ["shown_name", "standing"]
    search_fields = ["name", "contacts__name"]
    actions = ("end",)
    fields = ("name", "about", "address", "website", "email", "phone")

    @admin.display(description="Name", ordering="name")
    def shown_name(self, obj: Provider) -> str:
        return plain(obj.name)

    @admin.display(description="tätig", ordering="ended_at")
    def standing(self, obj: Provider) -> str:
        return yes_or_no(obj.ended_at is None)

    def has_change_permission(self, request: HttpRequest, obj: Provider | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.ended_at is None)

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = user_of(request)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for contact in formset.new_objects:
            contact.save(force_insert=True)
        for contact, names in formset.changed_objects:
            changes = {name: getattr(contact, name) for name in names}
            curation.change_contact_person(contact=contact, changes=changes, by=user_of(request))

    @admin.action(description="nicht mehr tätig", permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        for provider in queryset.order_by("pk"):
            try:
                curation.end_provider(provider=provider, by=user_of(request))
                messages.success(request, f"{plain(provider.name)} ist nicht mehr tätig.")
            except Refused as refused:
                messages.error(request, refused.message)


# --- offers ------------------------------------------------------------------------------------------------


@admin.register(Offer, site=offers_site)
class OfferAdmin(CurationAdmin):
    """An offer: made together with its first version; later what needs no second review."""

    list_display = ["shown_name", "maker", "state", "is_possible", "until", "assured"]
    list_filter = FILTERS
    list_per_page = 50
    search_fields = ["versions__name", "versions__support", "provider__name"]
    change_form_template = "offers/admin/offer_change.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        return by_name(super().get_queryset(request))

    @admin.display(description="Angebot", ordering="shown_name")
    def shown_name(self, obj: Any) -> str:
        return plain(obj.shown_name) or "ohne Namen"

    @admin.display(description="Träger", ordering="provider__name")
    def maker(self, obj: Offer) -> str:
        return plain(obj.provider.name)

    @admin.display(description="Stand")
    def state(self, obj: Offer) -> str:
        return state_label(obj)

    @admin.display(description="zurzeit möglich", ordering="possible")
    def is_possible(self, obj: Offer) -> str:
        return yes_or_no(obj.possible)

    @admin.display(description="gilt bis", ordering="last_day")
    def until(self, obj: Any) -> str:
        return day_label(obj.last_day) if obj.last_day else "–"

    @admin.display(description="zugesichert am", ordering="assured_on")
    def assured(self, obj: Offer) -> str:
        return day_label(obj.assured_on) if obj.assured_on else "–"

    @admin.display(description="Sofortangebot des Hauses")
    def is_immediate(self, obj: Offer) -> str:
        return yes_or_no(obj.immediate)

    def has_change_permission(self, request: HttpRequest, obj: Offer | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.withdrawn_at is None)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return saying(OfferForm if obj else NewOfferForm, request)

    def get_fieldsets(self, request: HttpRequest, obj: Offer | None = None) -> Any:
        if obj is None:
            first = ("provider", "contact", "immediate")
            return [("Wer es anbietet", {"fields": first}), *((title, {"fields": names}) for title, names in SHEET)]
        possible = "possible" if self.has_change_permission(request, obj) else "is_possible"
        now = (possible, "notice", "contact", "assured_on", "assured_by")
        return [
            ("Gilt sofort, ohne zweite Prüfung", {"fields": now}),
            ("Steht fest", {"fields": ("maker", "is_immediate")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Offer | None = None) -> tuple[str, ...]:
        return ("maker", "is_immediate") if obj else ()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context: dict[str, Any] = {"title": "Neues Angebot"}
        if object_id is not None:
            offer = pages.offer_of(object_id, lock=request.method == "POST")
            context = pages.about_offer(offer)
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Offer, form: Any, change: bool) -> None:
        by, data = user_of(request), form.cleaned_data
        if not change:
            first = {name: data[name] for name in ("provider", "immediate", "contact")}
            version = curation.create_offer(content=form.content(), by=by, **first)
            obj.pk, obj.provider = version.offer_id, data["provider"]
            return
        changed = set(form.changed_data)
        if "possible" in changed:
            curation.set_possible(offer=obj, possible=data["possible"], by=by)
        if "notice" in changed:
            curation.set_notice(offer=obj, notice=data["notice"], by=by)
        if "contact" in changed:
            curation.set_contact(offer=obj, contact=data["contact"], by=by)
        if changed & {"assured_on", "assured_by"} and data["assured_on"]:
            curation.assure_offer(offer=obj, on=data["assured_on"], assured_by=data["assured_by"], by=by)

    def response_add(self, request: HttpRequest, obj: Offer, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, "Das Angebot ist angelegt. Diese Fassung ist ein Entwurf.")
        return pages.to_version(obj.versions.get())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return redirect("offers_admin:offer_versions", object_id)

    def get_urls(self) -> list[URLPattern]:
        return [*pages.routes(self.admin_site, pages.OFFER_PAGES), *super().get_urls()]


@admin.register(OfferVersion, site=offers_site)
class OfferVersionAdmin(CurationAdmin):
    """One description: written while it is a draft, read ever after."""

    change_form_template = "offers/admin/version_change.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # reached from its offer

    def has_change_permission(self, request: HttpRequest, obj: OfferVersion | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or pages.is_draft(obj))

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfferVersion]:
        return super().get_queryset(request).select_related("offer__provider", "offer__contact", "funding_body")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("offers_admin:offers_offer_changelist")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return redirect("offers_admin:offer_versions", pages.version_of(object_id).offer_id)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return saying(VersionForm, request)

    def get_fieldsets(self, request: HttpRequest, obj: OfferVersion | None = None) -> Any:
        if self.has_change_permission(request, obj):
            return [(title, {"fields": names}) for title, names in SHEET]
        return [(title, {"fields": [IN_WORDS.get(name, name) for name in names]}) for title, names in SHEET]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        version = pages.version_of(object_id or "", lock=request.method == "POST")
        if request.method == "POST" and not pages.is_draft(version):
            messages.error(request, "Diese Fassung ist kein Entwurf mehr. Es wurde nichts geändert.")
            return pages.to_version(version)
        context = {**pages.about_version(version, user_of(request)), **(extra_context or {})}
        return super().changeform_view(request, str(version.pk), form_url, context)

    def save_model(self, request: HttpRequest, obj: OfferVersion, form: Any, change: bool) -> None:
        by = user_of(request)
        curation.write_version(version=obj, content=form.content(), by=by)
        if "_submit" in request.POST:
            curation.submit_version(version=obj, by=by)

    def response_change(self, request: HttpRequest, obj: OfferVersion) -> HttpResponse:
        submitted = "_submit" in request.POST
        messages.success(request, "Die Fassung liegt jetzt zur Prüfung." if submitted else "Gespeichert.")
        return pages.to_version(obj)

    def get_urls(self) -> list[URLPattern]:
        return [*pages.routes(self.admin_site, pages.VERSION_PAGES), *super().get_urls()]

    @admin.display(description="Arten der Unterstützung")
    def supports_in_words(self, obj: OfferVersion) -> str:
        words = read_words().supports
        return ", ".join(plain(words.get(code, code)) for code in obj.supports) or "–"

    @admin.display(description="Sozialräume")
    def areas_in_words(self, obj: OfferVersion) -> str:
        words = read_words().areas
        return ", ".join(plain(words.get(area, area)) for area in obj.areas) or "–"

    @admin.display(description="Sprachen")
    def languages_in_words(self, obj: OfferVersion) -> str:
        return languages_label(obj.languages) or "–"

    @admin.display(description="Starttermine")
    def start_dates_in_words(self, obj: OfferVersion) -> str:
        return ", ".join(day_label(day) for day in obj.start_dates) or "–"

    @admin.display(description="Einstieg jederzeit möglich")
    def any_time_in_words(self, obj: OfferVersion) -> str:
        return yes_or_no(obj.any_time)


import offers.admin_voices  # noqa: E402, F401  (remarks and demands, on the same site)

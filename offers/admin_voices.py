"""Remarks, demands and figures of use on the site of the curation: about offers, without any case (R4.4-6, R4.4-7).

None of it is written into Django's log: a Bedarf stands in no history, and what was answered says by whom and when
itself.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.actions.errors import Refused
from casework.models.clients import fold
from casework.permissions import CURATION_RIGHTS
from casework.views.common import user_of
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.workdays import day_label
from offers import admin_pages as pages
from offers.actions import voices
from offers.admin import CurationAdmin
from offers.admin_forms import RefusedForm
from offers.admin_site import offers_site
from offers.models import DemandNote, DemandReply, DemandReplyNote, Offer, OfferRemark, OfferVersion
from offers.models.description import plain
from offers.models.use import Use, counted_until, read_use

CURATION_RIGHTS.update(
    {
        "offers.offerremark": frozenset({"view", "change"}),
        "offers.demandnote": frozenset({"view"}),
        "offers.demandreply": frozenset({"view", "add", "change"}),
    }
)
MOST_NOTES = 300  # sentences that a form offers at once; the list of demands leads to any other
ANSWERED = DemandReplyNote.objects.filter(note=OuterRef("pk"), reply__withdrawn_at=None)
NAMES = OfferVersion.objects.filter(offer=OuterRef("offer")).order_by(
    F("published_at").desc(nulls_last=True), "-number"
)


class VoiceAdmin(CurationAdmin):
    """Nothing is deleted, and nothing is written into Django's log."""

    change_list_template = "offers/voices/change_list.html"
    show_facets = admin.ShowFacets.NEVER
    over = ""  # the sentence for whoever saves what is closed by now

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Somebody else may have closed it since the form was opened."""
        if request.method == "POST" and object_id is not None:
            obj = self.get_object(request, object_id)
            if (
                obj is not None
                and super().has_change_permission(request)
                and not self.has_change_permission(request, obj)
            ):
                messages.error(request, self.over)
                return redirect(f"offers_admin:offers_{self.opts.model_name}_change", obj.pk)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    def get_urls(self) -> list[URLPattern]:
        return [url for url in super().get_urls() if not (url.name or "").endswith("_history")]


def half_year_label(half_year: str) -> str:
    """ "2. Halbjahr 2026" """
    year, _, half = half_year.partition("-")
    return f"{half}. Halbjahr {year}"


class StateFilter(admin.SimpleListFilter):
    """A filter that shows at first what is to be done, and all of it when asked."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }


# --- remarks -----------------------------------------------------------------------------------------------


class RemarkState(StateFilter):
    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("offen", "offen"), ("bearbeitet", "bearbeitet"), ("alle", "alle")]

    def value(self) -> str:
        return super().value() or "offen"

    def queryset(self, request: HttpRequest, queryset: QuerySet[OfferRemark]) -> QuerySet[OfferRemark]:
        if self.value() == "alle":
            return queryset
        return queryset.filter(done_at__isnull=self.value() == "offen")


class RemarkForm(RefusedForm):
    answer = forms.CharField(
        label="Was daraus wurde",
        required=False,
        max_length=voices.LONGEST_ANSWER,
        widget=forms.Textarea,
        help_text="Darf leer bleiben. Mit dem Speichern ist der Hinweis bearbeitet.",
    )

    class Meta:
        model = OfferRemark
        fields = ["answer"]


@admin.register(OfferRemark, site=offers_site)
class OfferRemarkAdmin(VoiceAdmin):
    """ "Hinweis zum Angebot": what colleagues noticed about an offer; answered once, never changed."""

    form = RemarkForm
    list_display = ["shown_text", "offer_name", "written", "author", "done"]
    list_filter = (RemarkState,)
    search_fields = ["text", "offer__versions__name"]
    actions = ("mark_done",)
    over = voices.ANSWERED
    fields = ("offer_name", "shown_text", "written", "author", "answer", "done")
    readonly_fields = ("offer_name", "shown_text", "written", "author", "done")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfferRemark]:
        named = (
            super()
            .get_queryset(request)
            .annotate(found_name=Subquery(NAMES.values("name")[:1], output_field=CharField()))
        )
        return named.select_related("by", "done_by").order_by("-at", "-pk")

    def has_change_permission(self, request: HttpRequest, obj: OfferRemark | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.done_at is None)

    @admin.display(description="Hinweis", ordering="text")
    def shown_text(self, obj: OfferRemark) -> str:
        return plain(obj.text)

    @admin.display(description="Angebot", ordering="found_name")
    def offer_name(self, obj: Any) -> str:
        return plain(obj.found_name) or "ohne Namen"

    @admin.display(description="vom", ordering="at")
    def written(self, obj: OfferRemark) -> str:
        return day_label(timezone.localtime(obj.at).date())

    @admin.display(description="von")
    def author(self, obj: OfferRemark) -> str:
        return obj.by.full_name

    @admin.display(description="bearbeitet", ordering="done_at")
    def done(self, obj: OfferRemark) -> str:
        if obj.done_at is None or obj.done_by is None:
            return "offen"
        return f"{day_label(timezone.localtime(obj.done_at).date())}, {obj.done_by.full_name}"

    def save_model(self, request: HttpRequest, obj: OfferRemark, form: Any, change: bool) -> None:
        voices.answer_remark(remark=obj, answer=form.cleaned_data["answer"], by=user_of(request))

    @admin.action(description="bearbeitet, ohne Antwort", permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[OfferRemark]) -> None:
        count = 0
        for remark in queryset.filter(done_at=None).order_by("pk"):
            try:
                voices.answer_remark(remark=remark, by=user_of(request))
                count += 1
            except Refused as refused:
                messages.error(request, refused.message)
        if count:
            messages.success(
                request, "1 Hinweis ist bearbeitet." if count == 1 else f"{count} Hinweise sind bearbeitet."
            )


# --- demands -----------------------------------------------------------------------------------------------


class HalfYear(admin.SimpleListFilter):
    title = "Halbjahr"
    parameter_name = "halbjahr"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        found = DemandNote.objects.order_by("-half_year").values_list("half_year", flat=True).distinct()
        return [(half_year, half_year_label(half_year)) for half_year in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DemandNote]) -> QuerySet[DemandNote]:
        return queryset.filter(half_year=self.value()) if self.value() else queryset


class IsAnswered(admin.SimpleListFilter):
    title = "Antwort"
    parameter_name = "antwort"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("ohne", "ohne Antwort"), ("mit", "mit Antwort")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DemandNote]) -> QuerySet[DemandNote]:
        if self.value() not in ("ohne", "mit"):
            return queryset
        return queryset.filter(Exists(ANSWERED) if self.value() == "mit" else ~Exists(ANSWERED))


@admin.register(DemandNote, site=offers_site)
class DemandNoteAdmin(VoiceAdmin):
    """ "Dazu fehlt ein Angebot": read, never written here. By half-year and alphabet; no order tells of time."""

    list_display = ["shown_text", "in_half_year", "answered"]
    list_display_links = None
    list_filter = (HalfYear, IsAnswered)
    search_fields = ["text"]
    actions = ("reply",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DemandNote]:
        return in_no_order_of_time(super().get_queryset(request))

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("-half_year", fold(F("text")), "pk")

    @admin.display(description="Dazu fehlt ein Angebot", ordering=fold(F("text")))
    def shown_text(self, obj: DemandNote) -> str:
        return plain(obj.text)

    @admin.display(description="Halbjahr", ordering="half_year")
    def in_half_year(self, obj: DemandNote) -> str:
        return half_year_label(obj.half_year)

    @admin.display(description="Antwort", ordering="is_answered")
    def answered(self, obj: Any) -> str:
        return "mit Antwort" if obj.is_answered else "ohne Antwort"

    @admin.action(description="beantworten", permissions=["view"])
    def reply(self, request: HttpRequest, queryset: QuerySet[DemandNote]) -> HttpResponse:
        """On to a new reply in which these sentences are ticked."""
        query = QueryDict(mutable=True)
        query.setlist("bedarf", [str(pk) for pk in queryset.values_list("pk", flat=True)[:MOST_NOTES]])
        return redirect(f"{reverse('offers_admin:offers_demandreply_add')}?{query.urlencode()}")

    def get_urls(self) -> list[URLPattern]:
        """The list alone: a sentence has no page of its own. Beside it, the figures of use."""
        listed = [url for url in super().get_urls() if (url.name or "").endswith("_changelist")]
        return [*pages.routes(self.admin_site, [path("nutzung/", use, name="use")]), *listed]


def in_no_order_of_time(notes: QuerySet[DemandNote]) -> QuerySet[DemandNote]:
    return notes.annotate(is_answered=Exists(ANSWERED)).order_by("-half_year", fold(F("text")), "pk")


# --- what came of demands ----------------------------------------------------------------------------------


class OfferChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return plain(obj.found_name) or "ohne Namen"


class NotesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{plain(obj.text)} ({half_year_label(obj.half_year)})"


class ReplyForm(RefusedForm):
    """The words for everyone; beside them, for project management alone, the sentences that are answered."""

    offer = OfferChoiceField(
        label="Angebot, das daraus entstand", queryset=Offer.objects.none(), required=False, empty_label="keines"
    )
    notes = NotesField(
        label="Welche Sätze sind beantwortet?",
        queryset=DemandNote.objects.all(),
        required=False,
        help_text="Die Sätze selbst sieht nur das Projektmanagement. Bitte fassen Sie oben zusammen, worum es ging.",
    )

    class Meta:
        model = DemandReply
        fields = ["need", "text", "offer"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [note.note_id for note in self.instance.notes.all()] if self.instance.pk else []
        ticked = {*mine, *self.initial.setdefault("notes", mine)}
        if self.is_bound:
            sent: Any = self.data
            ticked.update(known_notes(sent.getlist("notes")).values_list("pk", flat=True))
        if "offer" in self.fields:
            self.fields["offer"].queryset = offers_by_name()  # type: ignore[attr-defined]
        if "notes" in self.fields:
            field: Any = self.fields["notes"]
            field.choices = [(str(note.pk), field.label_from_instance(note)) for note in notes_to_choose(ticked)]


def notes_to_choose(ticked: Collection[Any]) -> list[DemandNote]:
    """What is ticked, all of it, so that no saving drops a sentence; then what has no answer yet."""
    notes = in_no_order_of_time(DemandNote.objects.all())
    return [*notes.filter(pk__in=ticked), *notes.exclude(pk__in=ticked).exclude(Exists(ANSWERED))[:MOST_NOTES]]


def offers_by_name() -> QuerySet[Offer]:
    published = OfferVersion.objects.filter(offer=OuterRef("pk"), published_at__isnull=False).order_by("-number")
    named = Offer.objects.annotate(found_name=Subquery(published.values("name")[:1], output_field=CharField()))
    return named.filter(found_name__isnull=False).order_by(fold(F("found_name")), "pk")


class ReplyState(StateFilter):
    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("gilt", "steht auf der Seite"), ("zurueckgezogen", "zurückgezogen"), ("alle", "alle")]

    def value(self) -> str:
        return super().value() or "gilt"

    def queryset(self, request: HttpRequest, queryset: QuerySet[DemandReply]) -> QuerySet[DemandReply]:
        if self.value() == "alle":
            return queryset
        return queryset.filter(withdrawn_at__isnull=self.value() == "gilt")


@admin.register(DemandReply, site=offers_site)
class DemandReplyAdmin(VoiceAdmin):
    """ "Was aus Bedarfen wurde": seen by everyone from the saving on; withdrawn when it holds no more."""

    form = ReplyForm
    list_display = ["shown_need", "offer_name", "said", "standing"]
    list_filter = (ReplyState,)
    search_fields = ["need", "text"]
    actions = ("withdraw",)
    over = voices.WITHDRAWN
    fields = ("need", "text", "offer", "notes")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DemandReply]:
        named = (
            super()
            .get_queryset(request)
            .annotate(found_name=Subquery(NAMES.values("name")[:1], output_field=CharField()))
        )
        return named.order_by("-at", "-pk")

    def has_change_permission(self, request: HttpRequest, obj: DemandReply | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.withdrawn_at is None)

    def get_fields(self, request: HttpRequest, obj: DemandReply | None = None) -> tuple[str, ...]:
        if obj is None or self.has_change_permission(request, obj):
            return self.fields
        return ("need", "text", "offer_name", "answered_notes", "standing")

    def get_readonly_fields(self, request: HttpRequest, obj: DemandReply | None = None) -> tuple[str, ...]:
        if obj is None or self.has_change_permission(request, obj):
            return ()
        return ("offer_name", "answered_notes", "standing")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The sentences that were ticked in the list of demands; nothing else comes in by the address."""
        return {"notes": [note.pk for note in known_notes(request.GET.getlist("bedarf"))]}

    @admin.display(description="Welcher Bedarf?", ordering="need")
    def shown_need(self, obj: DemandReply) -> str:
        return plain(obj.need)

    @admin.display(description="Angebot, das daraus entstand")
    def offer_name(self, obj: Any) -> str:
        return plain(obj.found_name) if obj.offer_id else "–"

    @admin.display(description="vom", ordering="at")
    def said(self, obj: DemandReply) -> str:
        return day_label(timezone.localtime(obj.at).date())

    @admin.display(description="Stand", ordering="withdrawn_at")
    def standing(self, obj: DemandReply) -> str:
        if obj.withdrawn_at is None:
            return "steht auf der Seite"
        return f"zurückgezogen am {day_label(timezone.localtime(obj.withdrawn_at).date())}"

    @admin.display(description="Beantwortete Sätze")
    def answered_notes(self, obj: DemandReply) -> str:
        notes = in_no_order_of_time(DemandNote.objects.filter(pk__in=obj.notes.values("note")))
        return " · ".join(plain(note.text) for note in notes) or "–"

    def save_model(self, request: HttpRequest, obj: DemandReply, form: Any, change: bool) -> None:
        by, data = user_of(request), form.cleaned_data
        said = {name: data[name] for name in ("need", "text", "offer", "notes")}
        if change:
            voices.reword_reply(reply=obj, by=by, **said)
        else:
            obj.pk = voices.reply_to_demands(by=by, **said).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Everything is saved by the action."""

    @admin.action(description="zurückziehen", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[DemandReply]) -> None:
        for reply in queryset.filter(withdrawn_at=None).order_by("pk"):
            try:
                voices.withdraw_reply(reply=reply, by=user_of(request))
                messages.success(request, f"„{plain(reply.need)}“ ist zurückgezogen.")
            except Refused as refused:
                messages.error(request, refused.message)


def known_notes(keys: Sequence[str]) -> QuerySet[DemandNote]:
    field = DemandNote._meta.pk
    found = []
    for key in keys[:MOST_NOTES]:
        try:
            found.append(field.to_python(key))
        except forms.ValidationError:
            continue
    return DemandNote.objects.filter(pk__in=found)


# --- use ---------------------------------------------------------------------------------------------------


class UseRow(NamedTuple):
    name: str
    figures: list[str]  # one for each half-year; "" before there was the offer


@require_GET
def use(request: HttpRequest) -> HttpResponse:
    """How often offers were chosen: by offer and half-year, and by nothing else (R4.4-6)."""
    today = timezone.localdate()
    with widened(Purpose.CURATE):
        found = read_use(today)
    half_years = sorted({row.half_year for row in found}, reverse=True)
    context = {
        "title": "Nutzung der Angebote",
        "half_years": [half_year_label(half_year) for half_year in half_years],
        "until": f"{counted_until(today):%d.%m.%Y}",
        "rows": use_rows(found, half_years),
    }
    request.current_app = offers_site.name  # type: ignore[attr-defined]
    return render(request, "offers/voices/use.html", {**offers_site.each_context(request), **context})


def use_rows(found: Sequence[Use], half_years: Sequence[str]) -> list[UseRow]:
    """One row for each offer, in the order of their names."""
    figures: dict[int, dict[str, str]] = {}
    names: dict[int, str] = {}
    for row in found:
        figures.setdefault(row.offer_id, {})[row.half_year] = row.figure
        names[row.offer_id] = plain(row.name)
    return [UseRow(names[pk], [of.get(half_year, "") for half_year in half_years]) for pk, of in figures.items()]

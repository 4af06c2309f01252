"""Forms of the curation: what is typed becomes columns of an offer; what it may say, the actions and rules decide."""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone

from agreements.models import SocialSpace
from casework.actions.errors import Refused
from offers.enums import Language
from offers.models import (
    CONTENT,
    FundingBody,
    Offer,
    OfferLegalBasis,
    OfferVersion,
    Provider,
    ProviderContact,
    SupportKind,
)
from offers.models.description import plain

MOVED = (
    "Jemand anderes hat das inzwischen geändert. Ihr Text steht noch hier; bitte sehen Sie sich den jetzigen Stand in "
    "einem zweiten Fenster an. Wenn Sie noch einmal speichern, gilt Ihr Text."
)
HELP = {
    "support": "In ganzen Sätzen: Was tut man dort, wer hilft dabei?",
    "purpose": "Was kann jemand davon haben? Ohne zu sagen, für wen es gedacht ist.",
    "course": "An welchen Tagen, um welche Uhrzeit, was geschieht dann?",
    "start_dates": "Ein Tag oder mehrere, mit Komma: 01.02.2027, 01.03.2027.",
    "bring": "„nichts“, wenn nichts gebraucht wird.",
    "requirements": "Was das Gesetz verlangt, als Text. „nichts“, wenn es nichts verlangt.",
    "hours_per_week": "Zum Beispiel 20 oder 12,5.",
}
# No field to say how many places are free, what it costs or for whom it is (domain.md 12.8, R4.2-1).


class DaysField(forms.CharField):
    """Days as they are written here, with commas between them."""

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else ", ".join(f"{day:%d.%m.%Y}" for day in value or [])

    def clean(self, value: str) -> list[dt.date]:
        found = set()
        for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", super().clean(value)))):
            try:
                found.add(forms.DateField().clean(part))
            except ValidationError as error:
                raise ValidationError(f"„{part[:40]}“ ist kein Tag. Bitte schreiben Sie: 01.02.2027.") from error
        return sorted(found)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != self.prepare_value(data))


class ChoicesField(forms.MultipleChoiceField):
    """Boxes for a list of the house. The values are those of the column, in the order of the list."""

    def __init__(self, *, coerce: type = str, **kwargs: Any) -> None:
        boxes = forms.CheckboxSelectMultiple(attrs={"class": "radiolist inline"})
        super().__init__(required=False, widget=boxes, **kwargs)
        self.coerce_to = coerce

    def clean(self, value: Any) -> list[Any]:
        chosen = {str(one) for one in super().clean(value)}
        offered: Any = self.choices
        return [self.coerce_to(key) for key, _ in offered if str(key) in chosen]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return {str(one) for one in initial or []} != {str(one) for one in data or []}


class PlainChoiceField(forms.ModelChoiceField):
    """Names come from providers: what hides or turns them is taken out."""

    def label_from_instance(self, obj: models.Model) -> str:
        if isinstance(obj, ProviderContact):
            return f"{plain(obj.name)} ({plain(obj.provider.name)})"
        return plain(str(obj))


def day_field(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(format="%d.%m.%Y"))


def dress(name: str, field: forms.Field) -> None:
    """As Django's admin shows its own fields."""
    field.help_text = field.help_text or HELP.get(name, "")
    if isinstance(field.widget, forms.Textarea):
        field.widget.attrs |= {"class": "vLargeTextField", "rows": 4}
    elif isinstance(field.widget, forms.DateInput | forms.NumberInput):
        field.widget.attrs["class"] = "vDateField"
    elif isinstance(field.widget, forms.TextInput):
        field.widget.attrs["class"] = "vTextField"


class RefusedForm(forms.ModelForm):
    """A form whose saving may be refused by an action: the sentence stands in the form, and nothing typed is lost."""

    refused: ClassVar[Refused | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            dress(name, field)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.refused is not None:
            self.add_error(self.refused.field if self.refused.field in self.fields else None, self.refused.message)
        return data


class CuratedForm(RefusedForm):
    """A form whose saving is an action.

    `stand` is what the form was made from. When that is no longer what is stored, it says so before it overwrites.
    """

    watched: ClassVar[Sequence[str]] = ()
    stand = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = stand_of(self.instance, self.watched)
        self.initial["stand"] = self.known
        self.sent = str(self.data.get("stand", ""))
        if self.is_bound:
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["stand"] = self.known  # the next press knows what this answer shows
            self.data = data

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != "stand"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.known != self.sent:
            self.add_error(None, MOVED)
        return data

    def _post_clean(self) -> None:
        """Nothing is put on the row here: the action does, behind its lock."""


def stand_of(row: models.Model, names: Sequence[str]) -> str:
    """A mark of what is stored; empty for a row that is new."""
    values = [getattr(row, row._meta.get_field(name).attname) for name in names]  # type: ignore[union-attr]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16] if row.pk else ""


class ContentForm(CuratedForm):
    """What an offer says of itself."""

    supports = ChoicesField(label="Arten der Unterstützung")
    areas = ChoicesField(label="Sozialräume", coerce=int)
    languages = ChoicesField(label="Sprachen", choices=Language.choices)
    start_dates = DaysField(label="Starttermine", required=False, help_text=HELP["start_dates"])
    hours_per_week = forms.DecimalField(
        label="Stunden in der Woche", max_digits=4, decimal_places=1, required=False, localize=True
    )
    funding_body = PlainChoiceField(FundingBody.objects.none(), label="Wer entscheidet und zahlt?", required=False)
    legal_basis = PlainChoiceField(OfferLegalBasis.objects.none(), label="Rechtsgrundlage", required=False)
    valid_from = day_field("gilt ab")
    valid_to = day_field("gilt bis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance if isinstance(self.instance, OfferVersion) else OfferVersion()
        supports = SupportKind.objects.filter(models.Q(active=True) | models.Q(code__in=row.supports))
        areas = SocialSpace.objects.filter(models.Q(active=True) | models.Q(pk__in=row.areas)).order_by("name")
        bodies = FundingBody.objects.filter(models.Q(active=True) | models.Q(pk=row.funding_body_id))
        bases = OfferLegalBasis.objects.filter(models.Q(active=True) | models.Q(pk=row.legal_basis_id))
        self.fields["supports"].choices = [(kind.code, kind.text) for kind in supports]  # type: ignore[attr-defined]
        self.fields["areas"].choices = [(area.pk, area.name) for area in areas]  # type: ignore[attr-defined]
        self.fields["funding_body"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["legal_basis"].queryset = bases  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CONTENT}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            self._ask_rules()
        return data

    def _ask_rules(self) -> None:
        """The rules of a version, also while the form makes an offer with it."""
        others = {field.name for field in OfferVersion._meta.fields} - set(CONTENT)
        try:
            OfferVersion(**self.content()).validate_constraints(exclude=others)
        except ValidationError as error:
            for sentence in error.message_dict.get(NON_FIELD_ERRORS, []):
                self.add_error(None, sentence)


class VersionForm(ContentForm):
    watched = CONTENT

    class Meta:
        model = OfferVersion
        fields = CONTENT


class NewOfferForm(ContentForm):
    """A new offer and its first description on one page."""

    provider = PlainChoiceField(Provider.objects.filter(ended_at=None), label="Träger")
    contact = PlainChoiceField(
        ProviderContact.objects.filter(active=True, provider__ended_at=None).select_related("provider"),
        label="Ansprechperson",
        required=False,
        help_text="Angelegt werden Ansprechpersonen beim Träger.",
    )
    immediate = forms.BooleanField(
        label="Sofortangebot des Hauses (Jobakademie)",
        required=False,
        help_text="Steht vom ersten Tag an offen. Das lässt sich später nicht ändern.",
    )

    class Meta:
        model = Offer
        fields = ("provider", "immediate", "contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = forms.fields_for_model(OfferVersion, [name for name in CONTENT if name not in self.fields])
        for name, field in written.items():
            dress(name, field)
            self.fields[name] = field


class OfferForm(CuratedForm):
    """What changes without a second review: a number that is wrong helps nobody."""

    watched = ("contact", "possible", "notice", "assured_on", "assured_by")
    contact = PlainChoiceField(ProviderContact.objects.none(), label="Ansprechperson", required=False)
    assured_on = day_field("zuletzt zugesichert am")

    class Meta:
        model = Offer
        fields = ("contact", "possible", "notice", "assured_on", "assured_by")
        widgets: ClassVar[dict[str, forms.Widget]] = {"notice": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = ProviderContact.objects.select_related("provider").filter(provider=self.instance.provider_id)
        chosen = own.filter(models.Q(active=True) | models.Q(pk=self.instance.contact_id))
        self.fields["contact"].queryset = chosen  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        on, by = data.get("assured_on"), (data.get("assured_by") or "").strip()
        if "assured_on" in self.errors:
            return data
        if on is not None and on > timezone.localdate():
            self.add_error("assured_on", "Dieser Tag liegt in der Zukunft.")
        if on is None and (by or self.instance.assured_on is not None):
            self.add_error("assured_on", "Bitte nennen Sie den Tag, an dem es zugesichert wurde.")
        if on is not None and not by:
            self.add_error("assured_by", "Bitte nennen Sie, wer es zugesichert hat.")
        return data

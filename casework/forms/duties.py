"""What the law demands, typed by hand: no field is filled in from an agreement, an offer or an earlier entry (R2-2)."""

from typing import Any

from django import forms
from django.utils import timezone

from casework.enums import DutyFactKind
from casework.forms.base import PoliteForm
from casework.forms.fields import DayField
from casework.forms.people import plain_input
from casework.models import LegalBasis, LegalNotice


class BasisField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.paragraph} · {obj.title}"


class NoticeField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.legal_basis.paragraph}: {obj.version}"


class DutyForm(PoliteForm):
    """A demand with its legal basis. What may be chosen is what is in force today; the database asks again."""

    legal_basis = BasisField(LegalBasis.objects.none(), label="Rechtsgrundlage", empty_label="Bitte wählen")
    demand = forms.CharField(
        label="Was wird gefordert?",
        max_length=600,
        help_text="in eigenen Worten, so dass die Person weiß, was sie tun muss",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 600}),
    )
    due_on = DayField(label="Bis wann", required=False, help_text="30.11., +14")
    notice = NoticeField(
        LegalNotice.objects.none(),
        label="Rechtsfolgenbelehrung",
        required=False,
        empty_label="ohne Rechtsfolgenbelehrung",
        help_text="die Fassung, die mitgegeben wird; sie muss zur Rechtsgrundlage gehören",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        for name, rows in (
            ("legal_basis", LegalBasis.objects.in_force(today)),
            ("notice", LegalNotice.objects.in_force(today).select_related("legal_basis")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (narrows the type)
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        basis, notice = data.get("legal_basis"), data.get("notice")
        if basis and notice and notice.legal_basis_id != basis.pk:
            self.add_error("notice", "Diese Rechtsfolgenbelehrung gehört zu einer anderen Rechtsgrundlage.")
        return data


class DutyFactForm(PoliteForm):
    kind = forms.ChoiceField(label="Was", choices=DutyFactKind.choices, widget=forms.RadioSelect)
    happened_on = DayField(label="Tag", past=True, help_text="heute, 20.11., 20.11.2026")
    text = forms.CharField(
        label="Genannter Grund",
        max_length=300,
        required=False,
        help_text="nur bei „Grund genannt“ und nur, was für diese Forderung zählt. Nichts über Gesundheit, Diagnosen "
        "oder andere Menschen; Nachweise gehören ins führende Fachverfahren.",
        widget=plain_input(300, **{"data-hints": "id_text_hinweis"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        has_text, is_reason = bool(data.get("text")), data.get("kind") == DutyFactKind.REASON
        if is_reason and not has_text and "text" not in self.errors:
            self.add_error("text", "Bitte schreiben Sie den genannten Grund auf, in wenigen Worten.")
        if data.get("kind") and has_text and not is_reason:
            self.add_error("text", "Ein Text gehört zu „Grund genannt“ und nur dazu.")
        return data


class DutyWithdrawForm(PoliteForm):
    reason = forms.CharField(
        label="Warum war der Eintrag ein Irrtum?",
        max_length=300,
        help_text="steht danach beim Eintrag",
        widget=plain_input(300),
    )

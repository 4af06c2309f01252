"""What was handed over on paper, when, in which version; and the headings of the sheet in the languages of a house."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now

from agreements.enums import SheetPart
from agreements.models.agreements import Agreement
from casework.models import Case, User
from casework.models.base import Record
from jobcenter.platform.constraints import not_blank


class AgreementHandout(Record):
    """A copy for the person (R2-5). No signature is asked for."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey(Agreement, models.DO_NOTHING, related_name="+", db_constraint=False)
    parts = ArrayField(models.CharField(max_length=10), verbose_name="Inhalt", default=list)
    language = models.CharField("Zweite Sprache", max_length=12, blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = "Mitgegebene Vereinbarung"
        verbose_name_plural = "Mitgegebene Vereinbarungen"
        constraints = [
            CheckConstraint(condition=Q(parts__contained_by=SheetPart.values), name="handout_parts_known"),
        ]
        indexes = [models.Index(fields=["case", "-at"], name="handout_of_case")]


class SheetWording(Record):
    """The headings of the sheet in one language; the person's own words stay as they are, in any script."""

    language = models.CharField(
        "Sprachkürzel", max_length=12, unique=True, help_text="Nach BCP 47: de, en, tr, uk, ar. Deutsch steht immer da."
    )
    name = models.CharField("Name der Sprache", max_length=40, help_text="In der Sprache selbst: Türkçe, Українська.")
    rtl = models.BooleanField("wird von rechts nach links geschrieben", default=False)
    active = models.BooleanField("wird angeboten", default=True)
    title = models.CharField("Überschrift", max_length=120)
    will = models.CharField("Das will ich", max_length=120)
    resources = models.CharField("Das hilft mir dabei", max_length=120)
    goal = models.CharField("Ziel", max_length=120)
    employment_link = models.CharField("Arbeit oder Ausbildung", max_length=120)
    mine = models.CharField("Das mache ich", max_length=120)
    jobcenter = models.CharField("Das macht das Jobcenter", max_length=120)
    other = models.CharField("Das macht …", max_length=120, help_text="{name} steht für den Namen.")
    until = models.CharField("bis …", max_length=120, help_text="{day} steht für den Tag.")
    rhythm = models.CharField("So oft sprechen wir", max_length=120)
    next_date = models.CharField("Nächster Termin", max_length=120)
    review = models.CharField("Rückblick", max_length=120, help_text="{day} steht für den Tag.")
    contact = models.CharField("Ansprechperson", max_length=120)
    rights = models.CharField("Auskunft", max_length=200)
    page = models.CharField("Seite", max_length=60, help_text="{number} und {total} stehen für die Zahlen.")

    class Meta:
        verbose_name = "Sprache des Blatts „Unsere Vereinbarung“"
        verbose_name_plural = "Sprachen des Blatts „Unsere Vereinbarung“"
        ordering = ["name"]
        constraints = [not_blank("title", "sheet_wording_titled")]

    def __str__(self) -> str:
        return self.name

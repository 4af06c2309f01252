"""What helps to work: local rule documents and the Orientierungsschema. Kept in the admin, linked from the help."""

from django.db import models
from django.db.models.functions import Now

from casework.models.base import Record
from jobcenter.platform.constraints import not_blank


class RuleDocument(Record):
    """A further concept or rule document of the house, as a link (R1-1)."""

    title = models.CharField("Titel", max_length=200)
    url = models.URLField("Adresse im Intranet", max_length=400)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=100)

    class Meta:
        verbose_name = "Regelungsdokument"
        verbose_name_plural = "Regelungsdokumente"
        ordering = ["position", "title"]
        constraints = [not_blank("title", "rule_document_titled")]

    def __str__(self) -> str:
        return self.title


class ReflectionGuide(Record):
    """A version of the Orientierungsschema: questions to reflect on. Nothing chosen there is stored (R4.3-8)."""

    text = models.TextField(
        "Text",
        help_text=(
            "Die erste Zeile eines Abschnitts ist seine Überschrift, danach eine Frage je Zeile. "
            "Leerzeile trennt Abschnitte."
        ),
    )
    published_at = models.DateTimeField("Fassung vom", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "Fassung des Orientierungsschemas"
        verbose_name_plural = "Orientierungsschema (Fassungen)"
        ordering = ["-published_at", "-id"]
        constraints = [not_blank("text", "reflection_guide_not_blank")]

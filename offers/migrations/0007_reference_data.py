"""What a house starts with and then keeps itself: kinds of support, Kostenträger, legal bases (domain.md 5.2)."""

from django.db import migrations

SUPPORTS = [
    ("bewerbung", "Bewerbung und Arbeitssuche"),
    ("erproben", "Arbeit ausprobieren"),
    ("handwerk", "Handwerk und Werkstatt"),
    ("kenntnisse", "Berufliche Kenntnisse"),
    ("deutsch", "Deutsch lernen"),
    ("digital", "Computer und Internet"),
    ("abschluss", "Abschlüsse nachholen oder anerkennen lassen"),
    ("begleitung", "Begleitung im Alltag und bei Behörden"),
    ("familie", "Arbeit und Familie vereinbaren"),
    ("gesund", "Gesund arbeiten"),
    ("selbststaendig", "Sich selbstständig machen"),
    ("gruppe", "Gruppencoaching"),
]
BODIES = [
    "Jobcenter Landkreis Göttingen",
    "Jobcenter Stadt Göttingen",
    "Agentur für Arbeit Göttingen",
    "Deutsche Rentenversicherung",
    "Land Niedersachsen",
    "Europäischer Sozialfonds Plus",
]
BASES = [
    "§ 16 Abs. 1 SGB II in Verbindung mit § 45 SGB III",
    "§ 16a SGB II, kommunale Eingliederungsleistungen",
    "§ 16d SGB II, Arbeitsgelegenheiten",
    "§ 16f SGB II, freie Förderung",
    "§ 16h SGB II, Förderung schwer zu erreichender junger Menschen",
    "§ 16k SGB II, ganzheitliche Betreuung",
    "§ 81 SGB III, berufliche Weiterbildung (Agentur für Arbeit)",
    "§ 14 SGB II, Beratung durch das Jobcenter selbst",
]


def load(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("offers", "SupportKind").objects.using(alias).bulk_create(
        apps.get_model("offers", "SupportKind")(code=code, text=text, position=10 * number)
        for number, (code, text) in enumerate(SUPPORTS, 1)
    )
    apps.get_model("offers", "FundingBody").objects.using(alias).bulk_create(
        apps.get_model("offers", "FundingBody")(name=name, position=10 * number)
        for number, name in enumerate(BODIES, 1)
    )
    apps.get_model("offers", "OfferLegalBasis").objects.using(alias).bulk_create(
        apps.get_model("offers", "OfferLegalBasis")(name=name) for name in BASES
    )


class Migration(migrations.Migration):
    dependencies = [("offers", "0006_rights_of_the_web_role")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
